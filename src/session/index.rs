//! Where sessions lie in memory: by cookie, by id, by user. Sized for a million of them.
//! Invariant: what is dropped here is ended first, so that every task that still holds it sees that it is dead.

use std::sync::Arc;

use dashmap::DashMap;

use super::{ScopeCookie, Session, SessionId, Word};
use crate::device::DeviceId;
use crate::principal::user::UserId;
use crate::seal::TokenHash;

/// The sessions of this process.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By the first eight bytes of the hash of a cookie; the whole hash is compared with the session's own list.
    by_cookie: DashMap<u64, Arc<Session>>,
    by_id: DashMap<SessionId, Arc<Session>>,
    by_user: DashMap<UserId, Box<[SessionId]>>,
    /// By the devices that cookies are bound to. An entry may be of a cookie that is gone: the session's own list says.
    by_device: DashMap<DeviceId, Arc<Session>>,
    /// Names of agents and scopes, each kept once.
    words: DashMap<Box<str>, Word>,
    /// How many sessions were looked at one by one.
    #[cfg(test)]
    pub(super) looked_at: std::sync::atomic::AtomicU64,
}

impl Index {
    /// The session that may have this cookie.
    pub(super) fn by_cookie(&self, token: &TokenHash) -> Option<Arc<Session>> {
        self.by_cookie.get(&short(token)).map(|session| Arc::clone(&session))
    }

    /// The session that has a cookie bound to a device, or had one.
    pub(super) fn by_device(&self, device: DeviceId) -> Option<Arc<Session>> {
        self.by_device.get(&device).map(|session| Arc::clone(&session))
    }

    pub(super) fn by_id(&self, id: SessionId) -> Option<Arc<Session>> {
        self.by_id.get(&id).map(|session| Arc::clone(&session))
    }

    /// All of a user's, dead ones included, in the order they were made.
    pub(super) fn of_user(&self, user: &UserId) -> Vec<Arc<Session>> {
        let ids = self.by_user.get(user).map(|ids| ids.to_vec()).unwrap_or_default();
        ids.into_iter().filter_map(|id| self.by_id(id)).collect()
    }

    pub(super) fn matching(&self, which: impl Fn(&Session) -> bool) -> Vec<Arc<Session>> {
        #[cfg(test)]
        self.looked_at.fetch_add(self.by_id.len() as u64, std::sync::atomic::Ordering::Relaxed);
        self.by_id.iter().filter(|session| which(session)).map(|session| Arc::clone(&session)).collect()
    }

    /// Up to `limit` behind `after` that `which` picks, in the order of their ids.
    pub(super) fn page(&self, after: Option<SessionId>, limit: usize, which: impl Fn(&Session) -> bool) -> Vec<Arc<Session>> {
        let mut found = std::collections::BTreeMap::new();
        for session in &self.by_id {
            if after.is_none_or(|after| *session.key() > after) && which(&session) {
                found.insert(*session.key(), Arc::clone(&session));
                if found.len() > limit {
                    found.pop_last();
                }
            }
        }
        found.into_values().collect()
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn hold(&self, session: &Arc<Session>) {
        for cookie in session.cookies().iter() {
            self.add_cookie(cookie, session);
        }
        self.by_id.insert(session.id, Arc::clone(session));
        let mut ids = self.by_user.entry(session.user.id().clone()).or_default();
        *ids = ids.iter().copied().chain([session.id]).collect();
    }

    pub(super) fn add_cookie(&self, cookie: &ScopeCookie, session: &Arc<Session>) {
        if let Some(device) = &cookie.device {
            self.add_device(device.id(), session);
        }
        self.by_cookie.insert(short(&cookie.token), Arc::clone(session));
    }

    pub(super) fn add_device(&self, device: DeviceId, session: &Arc<Session>) {
        self.by_device.insert(device, Arc::clone(session));
    }

    /// Forgets devices that no cookie is bound to any more.
    pub(super) fn sweep_devices(&self) {
        self.by_device.retain(|id, session| {
            session.cookies().iter().any(|cookie| cookie.device.as_ref().is_some_and(|one| one.id() == *id))
        });
    }

    pub(super) fn drop_cookie(&self, token: &TokenHash) {
        self.by_cookie.remove(&short(token));
    }

    /// Ends a session and drops it.
    pub(super) fn drop(&self, session: &Arc<Session>) {
        session.end();
        for cookie in session.cookies().iter() {
            self.drop_cookie(&cookie.token);
            if let Some(device) = &cookie.device {
                // The browser may have begun another session with it.
                self.by_device.remove_if(&device.id(), |_, holder| holder.id == session.id);
            }
        }
        self.by_id.remove(&session.id);
        if let Some(mut ids) = self.by_user.get_mut(session.user.id()) {
            *ids = ids.iter().copied().filter(|id| *id != session.id).collect();
        }
        self.by_user.remove_if(session.user.id(), |_, ids| ids.is_empty());
    }

    /// The one copy of a word.
    pub(super) fn word(&self, word: &str) -> Word {
        if let Some(known) = self.words.get(word) {
            return Arc::clone(&known);
        }
        let copy: Word = Arc::new(word.into());
        // Agents are a client's words: a bound, beyond which each session keeps its own.
        if self.words.len() > 10_000 {
            return copy;
        }
        Arc::clone(&self.words.entry(word.into()).or_insert(copy))
    }
}

fn short(token: &TokenHash) -> u64 {
    u64::from_be_bytes(token.as_bytes().first_chunk().copied().unwrap_or_default())
}
