//! What can go wrong with an identity provider: one word for the audit log and the page, and the reason for operators.

/// What went wrong, in a word: what a person can do depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdpFault {
    /// It does not answer, or not in time, or not with what can be read.
    Unavailable,
    /// It let nobody in: the person cancelled, or may not use this gateway.
    Denied,
    /// This gateway and the provider do not fit together: client, secret, issuer, addresses.
    SetUp,
    /// What it says cannot be verified.
    NotBelieved,
    /// The person signed in there in a weaker way than is asked for: `acr`, `amr` or another claim.
    NotEnough,
    /// A fresh sign-in was asked for, and the provider does not say when the person signed in.
    TimeUnknown,
    /// A fresh sign-in was asked for, and the person did not sign in again.
    NotFresh,
}

impl IdpFault {
    /// The word in logs, in the audit log and on the page.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unavailable => "idp_unavailable",
            Self::Denied => "idp_denied",
            Self::SetUp => "idp_set_up",
            Self::NotBelieved => "idp_not_believed",
            Self::NotEnough => "idp_not_enough",
            Self::TimeUnknown => "idp_time_unknown",
            Self::NotFresh => "idp_not_fresh",
        }
    }
}

/// Why a person is not signed in by a provider. The text fits "failed to …" and holds no secret.
#[derive(Clone, Debug, thiserror::Error)]
#[error("sign in at {provider}: {reason}")]
pub struct IdpFailure {
    /// What kind of thing went wrong.
    pub fault: IdpFault,
    /// The provider, by its name here.
    pub provider: Box<str>,
    /// What exactly, for operators.
    pub reason: String,
    /// The provider's own word for it, if it sent one.
    pub word: Option<String>,
}

/// The reason without the provider's name; [`super::IdentityProvider`] adds that.
#[derive(Clone, Debug)]
pub(super) struct IdpReason {
    pub(super) fault: IdpFault,
    pub(super) text: String,
    pub(super) word: Option<String>,
}

impl IdpReason {
    pub(super) fn of(fault: IdpFault, text: impl Into<String>) -> Self {
        Self { fault, text: text.into(), word: None }
    }

    pub(super) fn unavailable(text: impl Into<String>) -> Self {
        Self::of(IdpFault::Unavailable, text)
    }

    pub(super) fn set_up(text: impl Into<String>) -> Self {
        Self::of(IdpFault::SetUp, text)
    }

    pub(super) fn not_believed(text: impl Into<String>) -> Self {
        Self::of(IdpFault::NotBelieved, text)
    }

    pub(super) fn with_word(self, word: &str) -> Self {
        Self { word: Some(legible(word, 64)), ..self }
    }

    pub(super) fn at(self, provider: &str) -> IdpFailure {
        IdpFailure { fault: self.fault, provider: provider.into(), reason: self.text, word: self.word }
    }
}

/// What others wrote, fit for a log line: printable ASCII, cut.
pub(super) fn legible(text: &str, longest: usize) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).take(longest).collect()
}
