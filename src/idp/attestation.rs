//! What a provider said of a person, verified.

use secrecy::SecretString;

use super::failure::IdpFailure;
use crate::clock::Timestamp;

/// What a provider said of a person, verified: the right to prove check 4 by `idp` once. Made in `redemption` alone.
#[derive(Debug)]
#[must_use]
pub struct Attestation {
    pub(super) provider: String,
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) signed_in_at: Option<Timestamp>,
    pub(super) person: PersonClaims,
    pub(super) groups: Option<Vec<String>>,
    pub(super) session: Option<String>,
    pub(super) tokens: IdpTokens,
}

/// What people read of a person.
#[derive(Clone, Debug, Default)]
pub(super) struct PersonClaims {
    pub(super) user_name: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) mail: Option<String>,
    pub(super) mail_is_verified: bool,
}

/// What is kept of a sign-in for later: a refresh token, and the ID token as a hint for a sign-out.
#[derive(Debug)]
pub struct IdpTokens {
    pub(super) refresh: Option<SecretString>,
    pub(super) id_token: SecretString,
    /// The nonce of the sign-in, which a later ID token may repeat.
    pub(super) nonce: String,
}

impl Attestation {
    /// The provider, by its name here.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Who it is, for this issuer and for ever.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// When the person signed in there; `None` where the provider does not say.
    pub const fn signed_in_at(&self) -> Option<Timestamp> {
        self.signed_in_at
    }

    /// What the person is called there.
    pub fn user_name(&self) -> Option<&str> {
        self.person.user_name.as_deref()
    }

    /// The name that people use.
    pub fn display_name(&self) -> Option<&str> {
        self.person.display_name.as_deref()
    }

    /// The mail address.
    pub fn mail(&self) -> Option<&str> {
        self.person.mail.as_deref()
    }

    /// The mail address, if the provider verified it.
    pub fn verified_mail(&self) -> Option<&str> {
        self.person.mail.as_deref().filter(|_| self.person.mail_is_verified)
    }

    /// The groups that the provider gives, in its own words; `None` where none are asked of it.
    pub fn groups(&self) -> Option<&[String]> {
        self.groups.as_deref()
    }

    /// The id of the session there.
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// What is kept for later.
    pub const fn tokens(&self) -> &IdpTokens {
        &self.tokens
    }
}

/// What a re-check came to.
#[derive(Debug)]
pub(super) enum Rechecked {
    /// The session there is good; what changed.
    Good { tokens: Box<IdpTokens>, groups: Option<Vec<String>> },
    /// It is over.
    Over(IdpFailure),
    /// It cannot be said now.
    Unknown(IdpFailure),
}
