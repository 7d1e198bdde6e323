//! Requests that each need an approval: which they are, who approves, by what, and what the approver sees.
//! Compiled once at load; which one holds is decided by its most specific path, as a rule's is, and must be the same in
//! every reading of the request's path.
//! Invariant: data only. Holding a request, asking approvers and reading fields happens elsewhere.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, Method};

use super::SourceLine;
use super::pattern::Pattern;
use super::places::Placed;
use crate::principal::user::GroupName;
use crate::principal::words::Words;

/// A kind of request that is held until it is approved.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// The app's name.
    pub app: Arc<str>,
    /// Its own, unique in the app.
    pub name: Arc<str>,
    /// What people call it.
    pub title: Words,
    /// A sentence below that; may say nothing.
    pub sentence: Words,
    /// What is shown of it, in this order.
    pub show: Box<[ShownField]>,
    /// How it is approved.
    pub by: By,
    /// Whether the transaction password comes first.
    pub password: bool,
    /// Whether a number is carried from the browser to the phone.
    pub number: bool,
    /// Who approves.
    pub approvers: ApproverRule,
    /// How long it waits.
    pub waits: Duration,
    /// How long one approval covers others of its kind.
    pub covers: Option<Duration>,
    /// Where the config says so.
    pub source: SourceLine,
}

/// How a transaction is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// On phones.
    Push,
    /// By a code that the requester types.
    Code,
}

/// Who approves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApproverRule {
    /// The requester.
    Requester,
    /// So many members of these groups.
    Groups {
        /// Which.
        groups: Box<[GroupName]>,
        /// How many.
        count: usize,
        /// Whether the requester may be one of them.
        requester: bool,
    },
}

impl ApproverRule {
    /// How many must say yes.
    pub const fn count(&self) -> usize {
        match self {
            Self::Requester => 1,
            Self::Groups { count, .. } => *count,
        }
    }

    /// Whether the approval of `approver` counts for a request of `requester`.
    pub fn include(
        &self,
        approver: &crate::principal::user::UserStanding,
        requester: Option<&crate::principal::user::UserId>,
    ) -> bool {
        let is_requester = requester == Some(&approver.user);
        approver.enabled
            && match self {
                Self::Requester => is_requester,
                Self::Groups { groups, requester, .. } => {
                    (*requester || !is_requester) && groups.iter().any(|group| approver.is_in(group))
                }
            }
    }
}

/// Something that is shown.
#[derive(Clone, Debug)]
pub struct ShownField {
    /// What it is called.
    pub label: Words,
    /// Where it is read.
    pub source: FieldSource,
    /// How it is written.
    pub format: Format,
    /// Whether it may be missing.
    pub optional: bool,
}

/// Where something is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldSource {
    /// A segment of the path, the first is 1.
    Path(usize),
    /// A parameter of the query.
    Query(String),
    /// A field of a posted form (`application/x-www-form-urlencoded`).
    Form(String),
    /// A field of a posted form (`multipart/form-data`).
    Multipart(String),
    /// A value of a JSON body, by its pointer (RFC 6901), split at the slashes and unescaped.
    Json(Box<[String]>),
    /// A field of the head.
    Header(HeaderName),
}

/// Why a text names no place of a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The text names no known kind.
    #[error("it begins with none of `path:`, `query:`, `form:`, `multipart:`, `json:`, `header:`")]
    Kind,
    /// A segment is counted from 1.
    #[error("a segment of the path is a number from 1 to 64")]
    Segment,
    /// Nothing is named.
    #[error("it names nothing")]
    Nothing,
    /// The text is not a JSON pointer.
    #[error("a JSON pointer begins with `/` (RFC 6901), and `~` in it is followed by `0` or `1`")]
    Pointer,
    /// The text is not a header name.
    #[error("it is not a header name")]
    Header,
}

impl FieldSource {
    /// Reads `form:payee` and the like.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let (kind, name) = text.split_once(':').ok_or(SourceError::Kind)?;
        let named = || if name.is_empty() { Err(SourceError::Nothing) } else { Ok(name.to_owned()) };
        match kind {
            "path" => name.parse().ok().filter(|place| (1..=64).contains(place)).map(Self::Path).ok_or(SourceError::Segment),
            "query" => named().map(Self::Query),
            "form" => named().map(Self::Form),
            "multipart" => named().map(Self::Multipart),
            "json" => pointer(name).map(Self::Json),
            "header" => HeaderName::try_from(name).map(Self::Header).map_err(|_| SourceError::Header),
            _ => Err(SourceError::Kind),
        }
    }
}

/// RFC 6901 §3.
fn pointer(text: &str) -> Result<Box<[String]>, SourceError> {
    let inner = text.strip_prefix('/').ok_or(SourceError::Pointer)?;
    let unescaped = |token: &str| {
        let mut parts = token.split('~');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (escaped, rest) = match (part.strip_prefix('0'), part.strip_prefix('1')) {
                (Some(rest), _) => ('~', rest),
                (_, Some(rest)) => ('/', rest),
                _ => return Err(SourceError::Pointer),
            };
            out.push(escaped);
            out.push_str(rest);
        }
        Ok(out)
    };
    inner.split('/').map(unescaped).collect()
}

/// How something is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// As it came.
    Text,
    /// A decimal number in groups of three.
    Number,
    /// The same, with this currency.
    Currency(Box<str>),
}

/// One path of a transaction.
#[derive(Clone, Debug)]
pub struct TransactionPath {
    pattern: Pattern,
    methods: Arc<[Method]>,
    transaction: Arc<Transaction>,
}

/// Whether a method is one of these; `GET` includes `HEAD`.
pub(super) fn is_among(method: &Method, methods: &[Method]) -> bool {
    methods.iter().any(|held| held == method || (*method == Method::HEAD && *held == Method::GET))
}

impl Placed for TransactionPath {
    fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    fn is_for(&self, method: &Method) -> bool {
        is_among(method, &self.methods)
    }
}

impl TransactionPath {
    /// A transaction at the paths of a pattern, for these methods.
    pub const fn new(pattern: Pattern, methods: Arc<[Method]>, transaction: Arc<Transaction>) -> Self {
        Self { pattern, methods, transaction }
    }

    /// Whether some request is as specifically this one's as the other's.
    pub fn clashes_with(&self, other: &Self) -> bool {
        self.pattern == other.pattern && self.methods.iter().any(|method| other.methods.contains(method))
    }

    pub(super) fn by_specificity(one: &Self, other: &Self) -> Ordering {
        one.pattern.compare(&other.pattern)
    }

    /// The paths.
    pub const fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The methods.
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// What is held.
    pub const fn transaction(&self) -> &Arc<Transaction> {
        &self.transaction
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_of_a_request_is_named_or_refused() {
        for (text, read) in [
            ("path:2", Ok(FieldSource::Path(2))),
            ("query:to", Ok(FieldSource::Query("to".to_owned()))),
            ("form:payee[name]", Ok(FieldSource::Form("payee[name]".to_owned()))),
            ("json:/to/iban", Ok(FieldSource::Json(["to".to_owned(), "iban".to_owned()].into()))),
            ("json:/a~1b/~0", Ok(FieldSource::Json(["a/b".to_owned(), "~".to_owned()].into()))),
            ("header:X-Amount", Ok(FieldSource::Header(HeaderName::from_static("x-amount")))),
            ("path:0", Err(SourceError::Segment)),
            ("path:two", Err(SourceError::Segment)),
            ("form:", Err(SourceError::Nothing)),
            ("json:amount", Err(SourceError::Pointer)),
            ("json:/a~2", Err(SourceError::Pointer)),
            ("header:x y", Err(SourceError::Header)),
            ("body", Err(SourceError::Kind)),
            ("cookie:x", Err(SourceError::Kind)),
        ] {
            assert_eq!(FieldSource::parse(text), read, "{text}");
        }
    }
}
