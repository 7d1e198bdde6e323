//! One user: what the chain judges by and what people read, held in memory as long as anything refers to it.
//! A session keeps an `Arc<User>`, so that a user who is switched off or removed is so for every request at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption, Guard};
use tokio_util::sync::CancellationToken;

use super::network_list::NetworkList;
use crate::clock::Timestamp;
use crate::principal::networks::AddressList;
use crate::principal::user::{UserId, UserStanding};

/// What people and upstreams read of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whose.
    pub user: UserId,
    /// The name that people use; at most 128 characters.
    pub display_name: Option<String>,
    /// The mail address; at most 254 characters, one `@`.
    pub email: Option<String>,
    /// The language chosen, as a BCP 47 tag.
    pub language: Option<String>,
    /// Since when the user is known.
    pub created_at: Timestamp,
}

/// One user, as long as anything refers to them.
#[derive(Debug)]
pub struct User {
    pub(super) id: UserId,
    pub(super) standing: ArcSwap<UserStanding>,
    pub(super) profile: ArcSwap<Profile>,
    pub(super) epoch: AtomicU32,
    pub(super) removed: AtomicBool,
    pub(super) presence: ArcSwap<CancellationToken>,
    /// The list of networks, where a line of it is a name of the config: what that stands for may change.
    pub(super) named: ArcSwapOption<NetworkList>,
}

impl User {
    pub(super) fn new(standing: UserStanding, profile: Profile, epoch: u32) -> Self {
        Self {
            id: standing.user.clone(),
            standing: ArcSwap::from_pointee(standing),
            profile: ArcSwap::from_pointee(profile),
            epoch: AtomicU32::new(epoch),
            removed: AtomicBool::new(false),
            presence: ArcSwap::from_pointee(CancellationToken::new()),
            named: ArcSwapOption::empty(),
        }
    }

    /// Keeps the list of networks, if a name of the config is in it.
    pub(super) fn keep_named(&self, list: &NetworkList) {
        self.named.store(list.names().next().is_some().then(|| Arc::new(list.clone())));
    }

    /// Takes over what a list of networks stands for.
    pub(super) fn set_networks(&self, compiled: &AddressList) {
        self.standing.rcu(|standing| UserStanding {
            allowed_networks: compiled.allowed.clone(),
            denied_networks: compiled.denied.clone(),
            ..UserStanding::clone(standing)
        });
    }

    /// The name.
    pub const fn id(&self) -> &UserId {
        &self.id
    }

    /// What the chain judges by, as it is now.
    pub fn standing(&self) -> Guard<Arc<UserStanding>> {
        self.standing.load()
    }

    /// What people read, as it is now.
    pub fn profile(&self) -> Guard<Arc<Profile>> {
        self.profile.load()
    }

    /// Raised whenever the user is switched off: a session of an older epoch is dead.
    pub fn epoch(&self) -> u32 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Whether a session made under `epoch` may still be used.
    pub fn honours(&self, epoch: u32) -> bool {
        !self.is_removed() && self.epoch() == epoch && self.standing.load().enabled
    }

    /// Whether the user is gone for good; another one may bear the name by now.
    pub fn is_removed(&self) -> bool {
        self.removed.load(Ordering::Acquire)
    }

    /// Cancelled when the user is switched off or removed; what hangs on a session of theirs hangs on a child of it.
    pub fn presence(&self) -> CancellationToken {
        self.presence.load().as_ref().clone()
    }

    pub(super) fn become_like(&self, new: &Self) {
        let ended = new.epoch() != self.epoch() || !new.standing().enabled;
        self.epoch.store(new.epoch(), Ordering::Release);
        self.standing.store(Arc::clone(&new.standing()));
        self.profile.store(Arc::clone(&new.profile()));
        self.named.store(new.named.load_full());
        if ended {
            self.end_presence();
        }
    }

    pub(super) fn end_presence(&self) {
        self.presence.swap(Arc::new(CancellationToken::new())).cancel();
    }
}
