//! Parts of an app that demand something else: path patterns, and the one matcher that chooses between them.
//! Rules see the normalised path without query; letters match exactly, capitals apart.
//! Invariant: which rule holds depends on what the rules say alone, never on their order in the file (T11, T12).

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use http::Method;

use super::transaction::{Transaction, TransactionPath, is_among};
use super::{Policy, SourceLine};
use crate::certificate::TrustSet;
use crate::facts::target::Target;

/// What an app demands: by itself, and in its parts.
#[derive(Debug)]
pub struct AppPolicy {
    own: Policy,
    /// The most specific first.
    rules: Box<[PathRule]>,
    /// The most specific first.
    transactions: Box<[TransactionPath]>,
    /// Every method of any of them: for all others, which are most requests, no path is looked at.
    held_methods: Box<[Method]>,
}

/// What one request must meet: a policy, and a yes of its own where it is a transaction.
#[derive(Clone, Copy, Debug)]
pub struct Selected<'p> {
    pub(in crate::chain) policy: &'p Policy,
    pub(in crate::chain) transaction: Option<&'p Arc<Transaction>>,
}

impl<'p> Selected<'p> {
    /// The policy.
    pub const fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The transaction, where it is one.
    pub const fn transaction(&self) -> Option<&'p Arc<Transaction>> {
        self.transaction
    }
}

impl<'p> From<&'p Policy> for Selected<'p> {
    /// Where no request is meant: a page of the portal, a sign-in, an app as a whole.
    fn from(policy: &'p Policy) -> Self {
        Self { policy, transaction: None }
    }
}

impl AppPolicy {
    pub(super) fn new(own: Policy, mut rules: Vec<PathRule>, mut transactions: Vec<TransactionPath>) -> Self {
        rules.sort_by(PathRule::by_specificity);
        transactions.sort_by(TransactionPath::by_specificity);
        let mut held_methods: Vec<Method> = transactions.iter().flat_map(|path| path.methods().iter().cloned()).collect();
        held_methods.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        held_methods.dedup();
        Self { own, rules: rules.into(), transactions: transactions.into(), held_methods: held_methods.into() }
    }

    /// What one request must meet: the policy of the most specific rule that holds, or else the app's own; and the most
    /// specific transaction, if one holds.
    pub fn select(&self, target: &Target) -> Selected<'_> {
        let (method, path) = (&target.method, target.path.as_str());
        let transaction = is_among(method, &self.held_methods)
            .then(|| self.transactions.iter().find(|held| held.holds(method, path)))
            .flatten()
            .map(TransactionPath::transaction);
        Selected { policy: self.select_path(method, path), transaction }
    }

    /// The transactions, the most specific first.
    pub fn transactions(&self) -> &[TransactionPath] {
        &self.transactions
    }

    /// One, by its name.
    pub fn transaction(&self, name: &str) -> Option<&Arc<Transaction>> {
        self.transactions.iter().map(TransactionPath::transaction).find(|transaction| *transaction.name == *name)
    }

    /// [`Self::select`] for a path that is normal already.
    pub(crate) fn select_path(&self, method: &Method, path: &str) -> &Policy {
        self.rules.iter().find(|rule| rule.holds(method, path)).map_or(&self.own, |rule| &rule.policy)
    }

    /// What the app demands where no rule holds.
    pub const fn own(&self) -> &Policy {
        &self.own
    }

    /// The rules, the most specific first.
    pub fn rules(&self) -> &[PathRule] {
        &self.rules
    }

    /// Every authority that some part of the app accepts: whether, and for whom, TLS asks for a certificate here.
    pub fn trust(&self) -> TrustSet {
        let policies = self.rules.iter().map(|rule| &*rule.policy).chain([&self.own]);
        let demands = policies
            .flat_map(|policy| std::iter::once(&policy.base).chain(policy.additions.iter().map(|addition| &addition.demands)));
        TrustSet(demands.fold(0, |bits, demands| bits | demands.client_certificate.trust.0))
    }
}

/// One path of one rule.
#[derive(Clone, Debug)]
pub struct PathRule {
    /// Where it holds.
    pub pattern: Pattern,
    /// For which methods; all if empty. `GET` includes `HEAD`.
    pub methods: Arc<[Method]>,
    /// What is demanded there.
    pub policy: Arc<Policy>,
    /// Where the config says so.
    pub source: SourceLine,
}

impl PathRule {
    fn holds(&self, method: &Method, path: &str) -> bool {
        (self.methods.is_empty() || is_among(method, &self.methods)) && self.pattern.matches(path)
    }

    /// Whether some request is as specifically this rule's as the other's.
    pub(super) fn clashes_with(&self, other: &Self) -> bool {
        let shared = self.methods.iter().any(|method| other.methods.contains(method));
        self.pattern == other.pattern && (shared || (self.methods.is_empty() && other.methods.is_empty()))
    }

    /// The more specific path first; of two rules for one path the one that names methods.
    fn by_specificity(one: &Self, other: &Self) -> Ordering {
        let methods = one.methods.is_empty().cmp(&other.methods.is_empty());
        one.pattern.compare(&other.pattern).then(methods)
    }
}

/// Which paths: `/status` (exactly), `/files/*/raw` (any one segment), `/admin/**` (`/admin` itself and all below).
#[derive(Clone, PartialEq, Eq)]
pub struct Pattern {
    segments: Box<[Segment]>,
    and_all_below: bool,
}

#[derive(Clone, PartialEq, Eq)]
enum Segment {
    Literal(Box<str>),
    Any,
}

/// How specific a place of a pattern is; a smaller one wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Literal,
    Any,
    End,
    AllBelow,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It does not begin with `/`.
    #[error("a path begins with `/`")]
    NoSlash,
    /// `**` stands elsewhere than at the end.
    #[error("`**` stands alone, at the end: `/admin/**`")]
    DeepInside,
    /// `*` is only a part of a segment.
    #[error("`*` stands for a whole segment: `/files/*/raw`")]
    PartOfSegment,
    /// A segment that no normalised path has.
    #[error("no request has this path once it is normalised: it has an empty segment, `.` or `..`")]
    NeverThere,
    /// A character that no normalised path has.
    #[error("{0:?} does not occur in a path that rules see; write the path decoded, without query and parameters")]
    Character(char),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`], which says what is wrong.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let inner = text.strip_prefix('/').ok_or(PatternError::NoSlash)?;
        if let Some(wrong) = text.chars().find(|c| c.is_control() || matches!(c, '%' | '?' | '#' | ';' | '\\')) {
            return Err(PatternError::Character(wrong));
        }
        let (inner, and_all_below) = match inner.strip_suffix("**") {
            Some("") => return Ok(Self { segments: Box::default(), and_all_below: true }),
            Some(before) => (before.strip_suffix('/').ok_or(PatternError::DeepInside)?, true),
            None => (inner, false),
        };
        let count = inner.split('/').count();
        let segments = inner.split('/').enumerate().map(|(place, segment)| match segment {
            "*" => Ok(Segment::Any),
            "**" => Err(PatternError::DeepInside),
            "." | ".." => Err(PatternError::NeverThere),
            // `/` and `/folder/` end in an empty segment; elsewhere there is none.
            "" if place + 1 < count || and_all_below => Err(PatternError::NeverThere),
            part if part.contains('*') => Err(PatternError::PartOfSegment),
            literal => Ok(Segment::Literal(literal.into())),
        });
        Ok(Self { segments: segments.collect::<Result<_, _>>()?, and_all_below })
    }

    /// Whether a normalised path is among those meant. Parameters (`/admin;v=1/users`) are not looked at: some upstreams
    /// take them off before they choose a resource, and a rule must not be walked around that way (T11).
    pub fn matches(&self, path: &str) -> bool {
        // Nearly every pattern is left at its first literal: nothing is split that need not be.
        let mut rest = Some(path).filter(|path| path.starts_with('/'));
        let is_path = rest.is_some();
        for segment in &self.segments {
            let Some(inner) = rest.and_then(|rest| rest.strip_prefix('/')) else { return false };
            let ends = |text: &str| text.is_empty() || text.starts_with(['/', ';']);
            let behind = match segment {
                Segment::Literal(literal) => inner.strip_prefix(&**literal).filter(|behind| ends(behind)),
                Segment::Any => Some(inner).filter(|inner| !ends(inner)),
            };
            let Some(behind) = behind else { return false };
            rest = behind.find('/').and_then(|at| behind.get(at..));
        }
        is_path && (self.and_all_below || rest.is_none())
    }

    /// The more specific one first.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        self.ranks().cmp(other.ranks())
    }

    fn ranks(&self) -> impl Iterator<Item = Rank> {
        let end = if self.and_all_below { Rank::AllBelow } else { Rank::End };
        let rank = |segment: &Segment| match segment {
            Segment::Literal(_) => Rank::Literal,
            Segment::Any => Rank::Any,
        };
        self.segments.iter().map(rank).chain([end])
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::Literal(literal) => write!(out, "/{literal}")?,
                Segment::Any => out.write_str("/*")?,
            }
        }
        out.write_str(if self.and_all_below { "/**" } else { "" })
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Pattern({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn policy(name: &str) -> Policy {
        Policy { name: name.into(), ..Policy::default() }
    }

    fn rule(pattern: &str, methods: &[Method]) -> PathRule {
        PathRule {
            pattern: Pattern::parse(pattern).unwrap(),
            methods: methods.into(),
            policy: Arc::new(policy(&format!("{pattern} {methods:?}"))),
            source: SourceLine::default(),
        }
    }

    fn app(patterns: &[&str]) -> AppPolicy {
        AppPolicy::new(policy("own"), patterns.iter().map(|pattern| rule(pattern, &[])).collect(), Vec::new())
    }

    #[test]
    fn the_most_specific_rule_wins_and_what_matches_none_is_the_apps_own_t11() {
        let app = app(&["/admin/**", "/admin/users", "/admin/*/log", "/admin/public/**", "/status", "/files/*/raw", "/"]);
        for (path, expected) in [
            ("/", "/"),
            ("/admin", "/admin/**"),
            ("/admin/", "/admin/**"),
            ("/admin/x/y/z", "/admin/**"),
            ("/admin/users", "/admin/users"),
            ("/admin/users/", "/admin/**"),
            ("/admin/x/log", "/admin/*/log"),
            ("/admin/public/log", "/admin/public/**"),
            ("/administrator", "own"),
            ("/Admin", "own"),
            ("/status", "/status"),
            ("/status/", "own"),
            ("/files/a/raw", "/files/*/raw"),
            ("/admin;v=1/users;x", "/admin/users"),
            ("/files/;x/raw", "own"),
            ("/files//raw", "own"),
            ("/files/a/b/raw", "own"),
            ("", "own"),
            ("*", "own"),
        ] {
            let name = &app.select_path(&Method::GET, path).name;
            assert_eq!(name.split(' ').next().unwrap(), expected, "{path}");
        }
    }

    #[test]
    fn methods_part_a_path_and_get_includes_head() {
        let rules = vec![rule("/api/**", &[]), rule("/api/**", &[Method::GET]), rule("/api/users", &[Method::POST])];
        let app = AppPolicy::new(policy("own"), rules, Vec::new());
        for (method, path, expected) in [
            (Method::GET, "/api/users", "/api/** [GET]"),
            (Method::HEAD, "/api/users", "/api/** [GET]"),
            (Method::POST, "/api/users", "/api/users [POST]"),
            (Method::DELETE, "/api/users", "/api/** []"),
        ] {
            assert_eq!(&*app.select_path(&method, path).name, expected, "{method} {path}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_the_reason() {
        for (text, error) in [
            ("admin", PatternError::NoSlash),
            ("", PatternError::NoSlash),
            ("/a/**/b", PatternError::DeepInside),
            ("/a**", PatternError::DeepInside),
            ("/a*b", PatternError::PartOfSegment),
            ("/a//b", PatternError::NeverThere),
            ("//**", PatternError::NeverThere),
            ("/a/../b", PatternError::NeverThere),
            ("/a%2fb", PatternError::Character('%')),
            ("/a?b=c", PatternError::Character('?')),
            ("/a\nb", PatternError::Character('\n')),
        ] {
            assert_eq!(Pattern::parse(text), Err(error), "{text}");
        }
        for text in ["/", "/a/", "/**", "/a/**", "/*/b", "/日本/*"] {
            assert_eq!(Pattern::parse(text).unwrap().to_string(), text);
        }
    }

    fn pattern() -> impl Strategy<Value = String> {
        let segment = prop::sample::select(vec!["a", "b", "*"]);
        (prop::collection::vec(segment, 0..4), prop::sample::select(vec!["", "/**", "/"])).prop_map(|(segments, end)| {
            let start: String = segments.iter().map(|segment| format!("/{segment}")).collect();
            if start.is_empty() && end.is_empty() { "/".to_owned() } else { start + end }
        })
    }

    proptest! {
        #[test]
        fn one_matcher_whatever_the_order_and_number_of_rules_t12(
            patterns in prop::collection::hash_set(pattern(), 1..40),
            path in prop::collection::vec(prop::sample::select(vec!["a", "b", "c", ""]), 1..5),
        ) {
            let path: String = path.iter().map(|part| format!("/{part}")).collect();
            let mut patterns: Vec<_> = patterns.iter().map(String::as_str).collect();
            patterns.sort_unstable();
            let one = app(&patterns).select_path(&Method::GET, &path).name.clone();
            patterns.reverse();
            let other = app(&patterns).select_path(&Method::GET, &path).name.clone();
            prop_assert_eq!(&one, &other);
            // The rule that is chosen matches, and no rule that matches is chosen against if it covers less.
            let matching: Vec<_> = patterns.iter().filter(|text| Pattern::parse(text).unwrap().matches(&path)).collect();
            prop_assert_eq!(matching.is_empty(), &*one == "own");
            if let Some(exact) = matching.iter().find(|pattern| ***pattern == path) {
                prop_assert_eq!(one.split(' ').next().unwrap(), **exact);
            }
        }

        #[test]
        fn a_pattern_matches_segment_by_segment_without_parameters_t11(
            pattern in pattern(),
            path in prop::collection::vec(prop::sample::select(vec!["a", "b", "ab", "", "a;x", ";x", "b;a;", "*"]), 0..6),
        ) {
            let path: String = path.iter().map(|part| format!("/{part}")).collect();
            // Said once more, in the plainest way.
            let parts: Vec<&str> = path.split('/').skip(1).map(|part| part.split(';').next().unwrap()).collect();
            let (wanted, below) = match pattern.strip_suffix("/**") {
                Some(before) => (before, true),
                None => (pattern.as_str(), false),
            };
            let wanted: Vec<&str> = wanted.split('/').skip(1).collect();
            let fits = wanted.iter().zip(&parts).all(|(wanted, part)| wanted == part || (*wanted == "*" && !part.is_empty()));
            let long = if below { parts.len() >= wanted.len() } else { parts.len() == wanted.len() };
            let expected = path.starts_with('/') && long && fits;
            prop_assert_eq!(Pattern::parse(&pattern).unwrap().matches(&path), expected, "{} {}", pattern, path);
        }

        #[test]
        fn reading_a_pattern_never_panics(text in any::<String>(), path in any::<String>()) {
            if let Ok(pattern) = Pattern::parse(&text) {
                let _ = pattern.matches(&path);
                prop_assert_eq!(Pattern::parse(&pattern.to_string()), Ok(pattern));
            }
        }
    }
}
