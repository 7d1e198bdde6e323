//! What has been proved so far, kept by a session or a sign-in: at most one piece for each check.
//! Invariant: evidence is made by `Turn::earn` alone, or restored from a row that a session wrote.

use serde::{Deserialize, Serialize};

use super::Check;
use crate::clock::Timestamp;
use crate::factor::Successor;
use crate::principal::method::{CredentialId, Method};
use crate::principal::service::Mark;
use crate::principal::user::UserId;

/// That one check was passed: how, with what, when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub(super) check: Check,
    pub(super) method: Method,
    pub(super) credential: CredentialId,
    pub(super) at: Timestamp,
    pub(super) services: Mark,
    pub(super) by_passkey: bool,
}

impl Evidence {
    /// Which check it passes.
    pub const fn check(&self) -> Check {
        self.check
    }

    /// How it was proved.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// With which credential.
    pub const fn credential(&self) -> CredentialId {
        self.credential
    }

    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Which login-protect windows stood open for it.
    pub const fn services(&self) -> Mark {
        self.services
    }

    /// As a row or an entry of the shared state keeps it.
    pub const fn record(&self) -> EvidenceRecord {
        EvidenceRecord {
            check: self.check,
            method: self.method,
            credential: self.credential,
            at: self.at.millis(),
            services: self.services,
            by_passkey: self.by_passkey,
        }
    }

    /// The one exception: evidence that this program itself stored is restored. clippy.toml forbids every call
    /// but those of `session/records.rs` and `sign_in/progress.rs`.
    pub(crate) const fn restore(record: &EvidenceRecord) -> Self {
        Self {
            check: record.check,
            method: record.method,
            credential: record.credential,
            at: Timestamp::from_millis(record.at),
            services: record.services,
            by_passkey: record.by_passkey,
        }
    }
}

/// [`Evidence`] written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRecord {
    check: Check,
    method: Method,
    credential: CredentialId,
    at: i64,
    #[serde(default)]
    services: Mark,
    /// Whether a passkey gave this approval.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_passkey: bool,
}

/// The evidence of one user: at most one piece for each check, in the order of the checks. Millions of sessions keep
/// one of these each, so it uses memory for what was proved, not for what could be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    user: Option<UserId>,
    pieces: Vec<Evidence>,
}

impl Gathered {
    /// None yet.
    pub const fn none() -> Self {
        Self { user: None, pieces: Vec::new() }
    }

    /// Whose evidence it is; `None` until the first piece.
    pub const fn user(&self) -> Option<&UserId> {
        self.user.as_ref()
    }

    /// The piece for `check`.
    pub fn of(&self, check: Check) -> Option<&Evidence> {
        self.pieces.iter().find(|piece| piece.check == check)
    }

    /// The piece for `check`, where something was proved: a grace proves nothing.
    pub fn proved(&self, check: Check) -> Option<&Evidence> {
        self.of(check).filter(|piece| piece.method != Method::Grace)
    }

    /// The piece for `check` alone.
    #[must_use]
    pub fn only(&self, check: Check) -> Self {
        let pieces: Vec<_> = self.of(check).copied().into_iter().collect();
        if pieces.is_empty() { Self::none() } else { Self { user: self.user.clone(), pieces } }
    }

    /// One by one, in the order of the checks.
    pub fn iter(&self) -> impl Iterator<Item = &Evidence> {
        self.pieces.iter()
    }

    /// Adds what was earned; a newer piece takes the place of an older one. Evidence of another user takes the place
    /// of everything: two users' evidence never lies side by side.
    pub fn add(&mut self, user: &UserId, earned: &Earned) {
        if self.user.as_ref() != Some(user) {
            *self = Self { user: Some(user.clone()), pieces: Vec::new() };
        }
        let older = self.pieces.iter().filter(|piece| earned.iter().all(|newer| newer.check != piece.check));
        let mut pieces: Vec<_> = older.chain(earned.iter()).copied().collect();
        pieces.sort_unstable_by_key(|piece| piece.check);
        pieces.shrink_to_fit();
        self.pieces = pieces;
    }

    /// Adds all that another gathering of the same user holds; one of another user's changes nothing.
    pub fn add_all(&mut self, other: &Self) {
        let Some(user) = other.user().cloned() else { return };
        if self.user.as_ref().is_some_and(|own| *own != user) {
            return;
        }
        for evidence in other.iter() {
            self.add(&user, &Earned { first: *evidence, second: None });
        }
    }

    /// The same, where what was proved with a credential that its user replaced stands for the present one; no younger and no
    /// stronger than it was. `None` where nothing was proved with the former one.
    pub fn following(&self, successor: &Successor) -> Option<Self> {
        if self.user.as_ref() != Some(successor.user()) {
            return None;
        }
        let mut after = self.clone();
        let mut follows = false;
        for piece in &mut after.pieces {
            if let Some(present) = successor.of(piece.method, piece.credential) {
                piece.credential = present;
                follows = true;
            }
        }
        follows.then_some(after)
    }

    /// Puts back what was written down; see [`Evidence::restore`].
    pub(crate) fn put_back(&mut self, user: &UserId, evidence: Evidence) {
        self.add(user, &Earned { first: evidence, second: None });
    }
}

/// What one proof earned: the evidence of its check and, where one code registered a browser, that of check 6 too
/// (the same code would otherwise be asked for twice, and each is accepted once).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    pub(super) first: Evidence,
    pub(super) second: Option<Evidence>,
}

impl Earned {
    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Evidence> {
        [Some(&self.first), self.second.as_ref()].into_iter().flatten()
    }
}
