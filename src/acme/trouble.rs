//! Why there is no new certificate yet: in words for people, with a code that never changes, and when the authority may be asked
//! again.

use std::time::Duration;

use instant_acme::{Error, Problem};

use super::wire::Notes;
use crate::seal::SealError;
use crate::store::database::DatabaseError;

/// What an authority, or a client on its way, may put into a message of ours.
const LONGEST: usize = 400;

/// Why an attempt at an authority failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{words}")]
pub(super) struct AcmeTrouble {
    pub(super) kind: TroubleKind,
    pub(super) words: String,
    /// How long the authority wants to be left alone.
    pub(super) after: Option<Duration>,
}

/// Its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum TroubleKind {
    /// The authority does not answer, or not as one.
    Unreachable,
    /// Our own listener does not answer as a validator would need it. No authority was asked.
    SelfCheck,
    /// It limits how often it is asked.
    RateLimited,
    /// It could not see that the names are ours.
    ChallengeFailed,
    /// It refuses the account.
    AccountRefused,
    /// It refuses the order.
    OrderRefused,
    /// It takes longer than we wait at once. The order is gone on with.
    Slow,
    /// A request was lost on the way. The order is gone on with.
    Passing,
    /// It issued something else than was ordered.
    WrongCertificate,
    /// Our own state.
    State,
}

impl TroubleKind {
    /// The code of logs and metrics.
    pub(super) fn code(self) -> &'static str {
        self.into()
    }

    /// Whether nothing went wrong yet: the same order is gone on with, soon.
    pub(super) const fn is_passing(self) -> bool {
        matches!(self, Self::Passing | Self::Slow)
    }
}

/// The type of a problem document, without the name space.
pub(super) fn type_of(problem: &Problem) -> &str {
    problem.r#type.as_deref().unwrap_or_default().rsplit(':').next().unwrap_or_default()
}

/// The type of the problem behind an error; nothing where there is none.
pub(super) fn type_of_error(error: &Error) -> &str {
    if let Error::Api(problem) = error { type_of(problem) } else { "" }
}

/// Whether an authority refused what it was asked for good: not for now, not because of the request's wrapping, and not where it failed
/// itself.
pub(super) fn is_refusal(problem: &Problem, notes: &Notes) -> bool {
    const PASSING: [&str; 7] = [
        "badNonce",
        "rateLimited",
        "serverInternal",
        "userActionRequired",
        "accountDoesNotExist",
        "badSignatureAlgorithm",
        "orderNotReady",
    ];
    let status = problem.status.or_else(|| notes.status());
    !PASSING.contains(&type_of(problem)) && status.is_none_or(|status| status < 500 && !matches!(status, 408 | 425 | 429))
}

/// What others said, in one line of at most some hundred characters, without controls.
pub(super) fn quoted(text: &str) -> String {
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut line: String = line.take(LONGEST + 1).collect();
    if line.chars().count() > LONGEST {
        line.pop();
        line.push('…');
    }
    line
}

impl AcmeTrouble {
    pub(super) fn new(kind: TroubleKind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into(), after: None }
    }

    /// What went wrong while `doing` something, with what the last answer said of waiting.
    pub(super) fn of(error: &Error, notes: &Notes, doing: &str) -> Self {
        let (status, after) = (notes.status(), notes.after());
        let (kind, said) = match error {
            Error::Api(problem) => {
                let kind = match type_of(problem) {
                    "rateLimited" => TroubleKind::RateLimited,
                    "badNonce" | "orderNotReady" => TroubleKind::Passing,
                    "connection" | "dns" | "tls" | "unauthorized" | "incorrectResponse" | "caa" => TroubleKind::ChallengeFailed,
                    "serverInternal" => TroubleKind::Unreachable,
                    _ => TroubleKind::OrderRefused,
                };
                (kind, said(problem))
            }
            Error::Other(inner) => (TroubleKind::Unreachable, inner.to_string()),
            error => {
                let status = status.map(|status| format!(" (status {status})")).unwrap_or_default();
                (TroubleKind::Unreachable, format!("{error}{status}"))
            }
        };
        // An authority that wants to be left alone limits how often it is asked, whatever else it says.
        let kind = if kind == TroubleKind::Unreachable && status == Some(429) { TroubleKind::RateLimited } else { kind };
        Self { kind, words: format!("{doing}: {}", quoted(&said)), after }
    }

    /// The same, of another kind.
    pub(super) fn of_kind(mut self, kind: TroubleKind) -> Self {
        if !self.kind.is_passing() && !matches!(self.kind, TroubleKind::Unreachable | TroubleKind::RateLimited) {
            self.kind = kind;
        }
        self
    }
}

fn said(problem: &Problem) -> String {
    let mut text = problem.detail.clone().unwrap_or_else(|| "no reason given".to_owned());
    for part in &problem.subproblems {
        text = format!("{text}; {}", part.detail.as_deref().unwrap_or_default());
    }
    format!("{text} ({})", if type_of(problem).is_empty() { "no type" } else { type_of(problem) })
}

impl From<DatabaseError> for AcmeTrouble {
    fn from(error: DatabaseError) -> Self {
        Self::new(TroubleKind::State, error.to_string())
    }
}

impl From<SealError> for AcmeTrouble {
    fn from(error: SealError) -> Self {
        Self::new(TroubleKind::State, error.to_string())
    }
}
