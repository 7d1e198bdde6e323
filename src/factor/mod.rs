//! Verifying: each file takes what a person submitted and gives a [`Proof`], or says why not.
//! A proof can be made only in this folder; turning it into evidence needs the chain's `Turn`, so that a factor
//! proved out of order is worth nothing.
//! Invariant: nothing here knows of the chain, of sessions or of the sign-in that asks.

pub mod ad_password;
pub mod browser;
pub mod grace;
pub mod hybrid;
pub mod idp;
pub mod passkey;
pub mod kerberos;
pub mod last_factor;
pub mod matrix;
pub mod password;
pub mod push;
pub mod recovery_code;
pub mod token_matrix;
pub mod totp;
pub mod transaction_password;

use crate::clock::Timestamp;
use crate::principal::method::{CredentialId, Method};
use crate::principal::service::Mark;
use crate::principal::user::UserId;

/// That a factor was verified: by which method, for whom, with what, when. Made only by a verifier in this folder,
/// used up by `Turn::earn`.
#[derive(Debug)]
#[must_use]
pub struct Proof {
    method: Method,
    user: UserId,
    credential: CredentialId,
    at: Timestamp,
    services: Mark,
    by_passkey: bool,
}

impl Proof {
    /// For this folder's verifiers alone.
    fn new(method: Method, user: UserId, credential: CredentialId, at: Timestamp) -> Self {
        Self { method, user, credential, at, services: Mark::NONE, by_passkey: false }
    }

    /// Approved with a passkey, which the credential names.
    const fn with_passkey(mut self) -> Self {
        self.by_passkey = true;
        self
    }

    /// By a password that these windows admitted.
    const fn admitted(mut self, services: Mark) -> Self {
        self.services = services;
        self
    }

    /// Which login-protect windows stood open for it.
    pub const fn services(&self) -> Mark {
        self.services
    }

    /// Whether it is an approval that a passkey gave.
    pub const fn is_by_passkey(&self) -> bool {
        self.by_passkey
    }

    /// By which method.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// For whom.
    pub const fn user(&self) -> &UserId {
        &self.user
    }

    /// With which credential.
    pub const fn credential(&self) -> CredentialId {
        self.credential
    }

    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

/// That a user replaced a credential, and that one of these was proved to do it: what was proved with the former one stands for
/// the present one. Made only by a verifier in this folder.
#[derive(Debug)]
#[must_use]
pub struct Successor {
    method: Method,
    user: UserId,
    former: CredentialId,
    present: CredentialId,
}

impl Successor {
    /// For this folder's verifiers alone.
    const fn new(method: Method, user: UserId, former: CredentialId, present: CredentialId) -> Self {
        Self { method, user, former, present }
    }

    /// Whose it is.
    pub const fn user(&self) -> &UserId {
        &self.user
    }

    /// The present credential, if `credential` of this method is the one that it replaced.
    pub fn of(&self, method: Method, credential: CredentialId) -> Option<CredentialId> {
        (self.method == method && self.former == credential).then_some(self.present)
    }
}

/// For the chain's own tests, which need proofs without a verifier.
#[cfg(test)]
pub(crate) fn proof_for_tests(method: Method, user: &str, at: Timestamp) -> Proof {
    Proof::new(method, UserId::parse(user).unwrap(), CredentialId([1; 16]), at)
}
