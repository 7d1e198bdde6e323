//! One user's registration of one browser, and the ways in which it was made: what one way proves, no other takes back.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::device::Device;
use crate::facts::client_address::ClientAddress;
use crate::principal::method::{CredentialId, Method, Methods};
use crate::principal::user::UserId;

/// One user's registration of one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Its id, which evidence of check 5 carries.
    pub id: CredentialId,
    /// The user.
    pub user: UserId,
    /// How it was registered, each way once, the latest last. One that has ended counts no more.
    pub ways: Arc<[RegisteredWay]>,
    /// The browser, in a few words.
    pub agent: String,
    /// Where it was registered from.
    pub address: ClientAddress,
    /// When it was last registered.
    pub registered_at: Timestamp,
    /// When it was last used to sign in.
    pub last_seen: Timestamp,
    /// Until when any of its ways counts.
    pub expires_at: Timestamp,
    /// The key of the browser, where it has one: as soon as that binds, the registration counts only beside it.
    pub device: Option<Arc<Device>>,
}

/// One way in which a browser was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredWay {
    /// One of `Method::BrowserBy…`.
    pub way: Method,
    /// With which credential: what ends with that one. `None` where that was not kept.
    pub with: Option<(Method, CredentialId)>,
    /// When.
    pub registered_at: Timestamp,
    /// Until when it counts: another way does not make it longer.
    pub expires_at: Timestamp,
}

impl Registration {
    /// Whether a copy of its cookie is worth nothing.
    pub fn is_bound(&self) -> bool {
        self.device.as_ref().is_some_and(|device| device.binds())
    }

    /// Whether it counts for a browser that shows this key, or none.
    pub(super) fn counts_beside(&self, device: Option<&Arc<Device>>) -> bool {
        !self.is_bound() || self.device.as_ref() == device
    }

    /// The ways that count at `now`.
    pub fn ways_at(&self, now: Timestamp) -> Methods {
        let counting = self.ways.iter().filter(|one| one.expires_at > now);
        counting.fold(Methods::NONE, |ways, one| ways.with(one.way))
    }

    /// The latest of the ways that count at `now` and are among `accepted`.
    pub fn way_among(&self, accepted: Methods, now: Timestamp) -> Option<Method> {
        let mut counting = self.ways.iter().rev().filter(|one| one.expires_at > now);
        counting.find(|one| accepted.contains(one.way)).map(|one| one.way)
    }

    /// What is said of it in one word: that an administrator let it in, where one did, else the latest way.
    pub fn foremost(&self, now: Timestamp) -> Method {
        let found = self.way_among(Methods::DESIGNATED, now).or_else(|| self.way_among(Methods::ANY, now));
        found.or(self.ways.last().map(|one| one.way)).unwrap_or(Method::BrowserByOtp)
    }

    /// The ways and one more, which takes the place of an earlier one of its kind.
    pub(super) fn ways_with(before: Option<&Self>, new: &RegisteredWay, now: Timestamp) -> Arc<[RegisteredWay]> {
        let others = before.iter().flat_map(|one| one.ways.iter());
        others.filter(|one| one.way != new.way && one.expires_at > now).cloned().chain([new.clone()]).collect()
    }

    /// The registration without the ways that `is_gone` names; `None` where none is left.
    pub(super) fn without(&self, is_gone: impl Fn(&RegisteredWay) -> bool) -> Option<Self> {
        let ways: Arc<[RegisteredWay]> = self.ways.iter().filter(|one| !is_gone(one)).cloned().collect();
        let expires_at = ways.iter().map(|one| one.expires_at).max()?;
        Some(Self { ways, expires_at, ..self.clone() })
    }
}
