//! Parts of an app that demand something else: rules for paths, and the one matcher that chooses between them. Rules see
//! every reading of the path, without its query, each by itself ([`super::selection`]).
//! Invariant: which rule holds depends on what the rules say alone, never on their order in the file (T11, T12).

use std::cmp::Ordering;
use std::sync::Arc;

use http::Method;

use super::ambiguous::{Ambiguous, Reading};
pub use super::pattern::{Pattern, PatternError};
use super::places::{PlaceMatch, Placed, Places};
use super::selection::{Gathering, Selected, agree, readings};
use super::transaction::{Transaction, TransactionPath, is_among};
use super::{Policy, SourceLine};
use crate::facts::methods::also_done_by;
use crate::facts::target::Target;
use crate::principal::certificate::TrustSet;

/// What an app demands: by itself, and in its parts.
#[derive(Debug)]
pub struct AppPolicy {
    own: Policy,
    rules: Places<PathRule>,
    transactions: Places<TransactionPath>,
    /// Every method of any of them: for all others, which are most requests, no path is looked at.
    held_methods: Box<[Method]>,
    /// Whether no pattern can be taken otherwise than as it is written.
    is_plain: bool,
}

/// What one reading of a path comes to.
#[derive(Clone, Debug)]
pub struct ReadAs<'p> {
    /// The reading.
    pub reading: Reading,
    /// What is demanded there.
    pub policy: &'p Policy,
}

impl AppPolicy {
    /// With these rules and transactions, in whatever order.
    pub fn new(own: Policy, mut rules: Vec<PathRule>, mut transactions: Vec<TransactionPath>) -> Self {
        rules.sort_by(PathRule::by_specificity);
        transactions.sort_by(TransactionPath::by_specificity);
        let mut held_methods: Vec<Method> = transactions.iter().flat_map(|path| path.methods().iter().cloned()).collect();
        held_methods.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        held_methods.dedup();
        let (rules, transactions) = (Places::new(rules), Places::new(transactions));
        let is_plain = rules.never_vary() && transactions.never_vary();
        Self { own, rules, transactions, held_methods: held_methods.into(), is_plain }
    }

    /// What one request must meet: for every reading of its path the policy of the most specific rule that holds, or else
    /// the app's own; and the most specific transaction, if one holds. What its method does under another name (a `MOVE`
    /// deletes) is judged by that as well.
    ///
    /// # Errors
    /// [`Ambiguous`], where its readings cannot be judged together.
    pub fn select(&self, target: &Target<'_>) -> Result<Selected<'_>, Ambiguous> {
        let mut selected = self.select_by_name(target)?;
        for method in also_done_by(target.method) {
            let there = self.select_by_name(&Target { method, path: target.path })?;
            if let Some(held) = there.transaction().filter(|held| !selected.is_held_as(held)) {
                return Err(Ambiguous::DoneAs { method, transaction: Arc::clone(&held.name) });
            }
            selected = selected.and(&there)?;
        }
        Ok(selected)
    }

    /// The same for what is called so, whatever it does under another name.
    ///
    /// # Errors
    /// As [`Self::select`].
    pub fn select_by_name(&self, target: &Target<'_>) -> Result<Selected<'_>, Ambiguous> {
        let held = is_among(target.method, &self.held_methods);
        if self.rules.all.is_empty() && !held {
            return Ok(Selected::from(&self.own));
        }
        let has_one_spelling = self.is_plain && target.path.is_without_dot() && !target.path.has_upper();
        if let Some(path) = target.path.plain().filter(|path| has_one_spelling && ends_plainly(path)) {
            let transaction = held.then(|| self.transactions.exactly(target.method, path)).flatten();
            let policy = self.rules.exactly(target.method, path).map_or(&self.own, |rule| &rule.policy);
            return Ok(Selected::of(policy, transaction.map(TransactionPath::transaction)));
        }
        let mut gathering = Gathering::default();
        self.each_rule(target, |found| gathering.add(found.place.map_or(&self.own, |rule| &rule.policy)))?;
        let transaction = if held { self.transaction_of(target)? } else { None };
        Ok(gathering.or(&self.own, transaction))
    }

    /// The same for what acts on all that is below a path: what is demanded anywhere there of what is called so is demanded, too.
    ///
    /// # Errors
    /// [`Ambiguous`]; also where another transaction holds somewhere below, which no approval of the whole could show.
    pub fn with_all_below<'p>(&'p self, mut selected: Selected<'p>, target: &Target<'_>) -> Result<Selected<'p>, Ambiguous> {
        for reading in readings(target.path)?.iter() {
            let slashes = reading.iter().rev().take_while(|byte| **byte == b'/').count();
            let folder = reading.get(..reading.len() - slashes).unwrap_or_default();
            for rule in self.rules.below(target.method, folder) {
                selected = selected.and(&Selected::from(&*rule.policy))?;
            }
            let mut held = self.transactions.below(target.method, folder).map(TransactionPath::transaction);
            if let Some(held) = held.find(|held| !selected.is_held_as(held)) {
                return Err(Ambiguous::Below(Arc::clone(&held.name)));
            }
        }
        Ok(selected)
    }

    /// What each reading of a path comes to: for every policy the first reading that it holds for.
    ///
    /// # Errors
    /// [`Ambiguous`], as [`Self::select`].
    pub fn read(&self, target: &Target<'_>) -> Result<Vec<ReadAs<'_>>, Ambiguous> {
        let mut all: Vec<ReadAs<'_>> = Vec::new();
        self.each_rule(target, |found| {
            let policy = found.place.map_or(&self.own, |rule| &*rule.policy);
            if !all.iter().any(|there| std::ptr::eq(there.policy, policy)) {
                all.push(ReadAs { reading: found.reading(), policy });
            }
            Ok(())
        })?;
        Ok(all)
    }

    fn each_rule<'p>(
        &'p self,
        target: &Target<'_>,
        mut found: impl FnMut(PlaceMatch<'_, 'p, PathRule>) -> Result<(), Ambiguous>,
    ) -> Result<(), Ambiguous> {
        let readings = readings(target.path)?;
        // Where a rule names the path letter by letter, it means this spelling, and others have rules of their own.
        if let Some(path) = readings.only().filter(|path| self.rules.name(target.method, path)) {
            return found(PlaceMatch::exact(path, self.rules.exactly(target.method, path)));
        }
        readings.iter().try_for_each(|path| self.rules.each(target.method, target.path.has_upper(), path, &mut found))
    }

    fn transaction_of(&self, target: &Target<'_>) -> Result<Option<&Arc<Transaction>>, Ambiguous> {
        let readings = readings(target.path)?;
        let names = |path: &&[u8]| self.rules.name(target.method, path) || self.transactions.name(target.method, path);
        if let Some(path) = readings.only().filter(names) {
            return Ok(self.transactions.exactly(target.method, path).map(TransactionPath::transaction));
        }
        let mut first = None;
        for path in readings.iter() {
            self.transactions.each(target.method, target.path.has_upper(), path, &mut |found| {
                agree(&found, &mut first, TransactionPath::transaction)
            })?;
        }
        Ok(first.flatten().map(TransactionPath::transaction))
    }

    /// The transactions, the most specific first.
    pub fn transactions(&self) -> &[TransactionPath] {
        &self.transactions.all
    }

    /// One, by its name.
    pub fn transaction(&self, name: &str) -> Option<&Arc<Transaction>> {
        self.transactions().iter().map(TransactionPath::transaction).find(|transaction| *transaction.name == *name)
    }

    /// What the app demands where no rule holds.
    pub const fn own(&self) -> &Policy {
        &self.own
    }

    /// The rules, the most specific first.
    pub fn rules(&self) -> &[PathRule] {
        &self.rules.all
    }

    /// Whether path or method change anything: there are rules or transactions. Then no field may name another one.
    pub fn has_parts(&self) -> bool {
        !self.rules.all.is_empty() || !self.transactions.all.is_empty()
    }

    /// Every authority that some part of the app accepts: whether, and for whom, TLS asks for a certificate here.
    pub fn trust(&self) -> TrustSet {
        let policies = self.rules().iter().map(|rule| &*rule.policy).chain([&self.own]);
        let demands = policies
            .flat_map(|policy| std::iter::once(&policy.base).chain(policy.additions.iter().map(|addition| &addition.demands)));
        TrustSet(demands.fold(0, |bits, demands| bits | demands.client_certificate.trust.0))
    }
}

/// Whether a path without a dot ends in a segment that has one ending: no final slash, no index page.
fn ends_plainly(path: &[u8]) -> bool {
    let last = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    (!last.is_empty() || path.len() == 1) && !super::pattern::is_index(last)
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

impl Placed for PathRule {
    fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    fn is_for(&self, method: &Method) -> bool {
        self.methods.is_empty() || is_among(method, &self.methods)
    }
}

impl PathRule {
    /// Whether some request is as specifically this rule's as the other's.
    pub fn clashes_with(&self, other: &Self) -> bool {
        let shared = self.methods.iter().any(|method| other.methods.contains(method));
        self.pattern == other.pattern && (shared || (self.methods.is_empty() && other.methods.is_empty()))
    }

    /// The more specific path first; of two rules for one path the one that names methods.
    fn by_specificity(one: &Self, other: &Self) -> Ordering {
        let methods = one.methods.is_empty().cmp(&other.methods.is_empty());
        one.pattern.compare(&other.pattern).then(methods)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::facts::path::RequestPath;

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

    /// What a path is judged by, as it is written.
    fn exactly<'a>(app: &'a AppPolicy, method: &Method, path: &str) -> &'a str {
        let policy = app.rules.exactly(method, path.as_bytes()).map_or(app.own(), |rule| &rule.policy);
        policy.name.split(' ').next().unwrap()
    }

    /// What a path is judged by, in all its readings.
    fn judged(app: &AppPolicy, path: &str) -> Vec<String> {
        let target = Target { method: &Method::GET, path: RequestPath::parse(path).unwrap() };
        let mut names: Vec<String> =
            app.select(&target).unwrap().policies().map(|policy| policy.name.replace(" []", "")).collect();
        names.sort();
        names
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
            ("/files//raw", "own"),
            ("/files/a/b/raw", "own"),
        ] {
            assert_eq!(exactly(&app, &Method::GET, path), expected, "{path}");
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
            let target = Target { method: &method, path: RequestPath::parse(path).unwrap() };
            let selected = app.select(&target).unwrap();
            assert_eq!(selected.policies().map(|policy| &*policy.name).collect::<Vec<_>>(), [expected], "{method} {path}");
        }
    }

    #[test]
    fn every_reading_has_its_rule_and_a_path_named_literally_only_its_own_t11() {
        let app = app(&["/admin/**", "/healthz", "/a", "/a/", "/Mixed", "/robots.txt", "/public/**", "/index.php/open/**"]);
        for (path, expected) in [
            ("/healthz", &["/healthz"][..]),
            ("/healthz/", &["/healthz", "own"]),
            ("/healthz;a=b", &["/healthz", "own"]),
            ("/healthz%3Bx", &["/healthz", "own"]),
            ("/HEALTHZ", &["/healthz", "own"]),
            ("/healthz.txt", &["/healthz", "own"]),
            ("/healthz%20", &["/healthz", "own"]),
            ("/%68ealthz", &["/healthz", "own"]),
            ("/a", &["/a"]),
            ("/a/", &["/a/"]),
            ("/A", &["/a", "/a/", "own"]),
            ("/Mixed", &["/Mixed"]),
            ("/mixed", &["/Mixed", "own"]),
            ("/robots.txt", &["/robots.txt"]),
            ("/robots", &["/robots.txt", "own"]),
            ("/admin/x.html", &["/admin/**"]),
            ("/admin.json", &["/admin/**", "own"]),
            ("/Admin/", &["/admin/**", "own"]),
            ("//admin/.", &["/admin/**", "own"]),
            ("/public/App.3f2a.js", &["/public/**"]),
            ("/public/a%2Fb//c;d", &["/public/**"]),
            ("/public/%2e%2e/admin", &["/admin/**", "/public/**"]),
            ("/public/..%2Fother", &["/public/**", "own"]),
            ("/index.php/admin/x", &["/admin/**", "own"]),
            ("/index.php/open/x", &["/index.php/open/**"]),
            ("/x/y", &["own"]),
        ] {
            assert_eq!(judged(&app, path), expected, "{path}");
        }
    }

    #[test]
    fn too_many_rules_at_once_are_an_error() {
        // Nine rules that are one to an app without regard to letters' case.
        let spellings = ["/abcd", "/Abcd", "/aBcd", "/abCd", "/abcD", "/ABcd", "/AbCd", "/AbcD", "/aBCd"];
        let target = Target { method: &Method::GET, path: RequestPath::parse("/ABCD").unwrap() };
        assert_eq!(app(&spellings).select(&target).unwrap_err(), Ambiguous::TooMuch);
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
            let one = exactly(&app(&patterns), &Method::GET, &path).to_owned();
            patterns.reverse();
            let other = exactly(&app(&patterns), &Method::GET, &path).to_owned();
            prop_assert_eq!(&one, &other);
            // The rule that is chosen matches, and no rule that matches is chosen against if it covers less.
            let matching: Vec<_> = patterns.iter().filter(|text| Pattern::parse(text).unwrap().matches(path.as_bytes())).collect();
            prop_assert_eq!(matching.is_empty(), one == "own");
            if let Some(exact) = matching.iter().find(|pattern| ***pattern == path) {
                prop_assert_eq!(one.as_str(), **exact);
            }
        }

        #[test]
        fn a_pattern_matches_segment_by_segment_t11(
            pattern in pattern(),
            path in prop::collection::vec(prop::sample::select(vec!["a", "b", "ab", "", "a;x", "*"]), 1..6),
        ) {
            let path: String = path.iter().map(|part| format!("/{part}")).collect();
            // Said once more, in the plainest way.
            let parts: Vec<&str> = path.split('/').skip(1).collect();
            let (wanted, below) = match pattern.strip_suffix("/**") {
                Some(before) => (before, true),
                None => (pattern.as_str(), false),
            };
            let wanted: Vec<&str> = wanted.split('/').skip(1).collect();
            let fits = wanted.iter().zip(&parts).all(|(wanted, part)| wanted == part || (*wanted == "*" && !part.is_empty()));
            let long = if below { parts.len() >= wanted.len() } else { parts.len() == wanted.len() };
            prop_assert_eq!(Pattern::parse(&pattern).unwrap().matches(path.as_bytes()), long && fits, "{} {}", pattern, path);
        }

        #[test]
        fn reading_a_pattern_never_panics(text in any::<String>(), path in any::<String>()) {
            if let Ok(pattern) = Pattern::parse(&text) {
                let _ = pattern.matches(path.as_bytes());
                prop_assert_eq!(Pattern::parse(&pattern.to_string()), Ok(pattern));
            }
        }
    }
}
