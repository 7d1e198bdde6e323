//! How a directory stands, for operators: what the last conversation with it came to, and what each of its servers said.

use parking_lot::Mutex;
use secrecy::SecretString;

use super::Directory;
use super::error::DirectoryError;
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema::DirectoryKind;

/// How a directory stood when it was asked last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryHealth {
    /// When that was; `None` if it was not asked since the start.
    pub asked_at: Option<Timestamp>,
    /// What was wrong then; `None` if it answered as it should.
    pub trouble: Option<String>,
    /// Each of its servers, in the order of the config: its address, and what was wrong the last time.
    pub servers: Vec<(String, Option<String>)>,
}

/// What is noted of conversations.
#[derive(Debug, Default)]
pub(super) struct HealthNote(Mutex<Option<(Timestamp, Option<String>)>>);

impl HealthNote {
    /// Notes what a conversation came to. A refusal of a person is an answer as it should be.
    pub(super) fn note<T>(&self, said: &Result<T, DirectoryError>, clock: &SharedClock) {
        let trouble = match said {
            Ok(_) | Err(DirectoryError::Refused(_)) => None,
            Err(DirectoryError::Unreachable(why) | DirectoryError::Misconfigured(why)) => Some(why.clone()),
            // Nothing was asked of it.
            Err(DirectoryError::Busy(_) | DirectoryError::Database(_)) => return,
        };
        *self.0.lock() = Some((clock.now(), trouble));
    }
}

impl Directory {
    /// How it stands.
    pub fn health(&self) -> DirectoryHealth {
        let noted = self.health.0.lock().clone();
        let (asked_at, trouble) = noted.map_or((None, None), |(at, trouble)| (Some(at), trouble));
        DirectoryHealth { asked_at, trouble, servers: self.servers.standing() }
    }

    /// What it is, in the word of the config.
    pub const fn kind_word(&self) -> &'static str {
        match self.kind {
            DirectoryKind::ActiveDirectory => "active_directory",
            DirectoryKind::Openldap => "openldap",
            DirectoryKind::Ds389 => "389ds",
            DirectoryKind::Ldap => "ldap",
        }
    }

    /// Whether it has an account of ours.
    pub const fn has_account(&self) -> bool {
        self.service.is_some()
    }

    /// Connects to each of its servers, and holds a conversation with the first that can be reached: as the account of ours, or
    /// as nobody with a password that was drawn. What came of it is what [`Self::health`] says.
    pub async fn test(&self, drawn: &SecretString, clock: &SharedClock) {
        self.servers.try_each(self, clock).await;
        match &self.service {
            Some(service) => self.health.note(&service.reader(self, clock, true).await, clock),
            // It notes by itself.
            None => drop(self.pretend(drawn, clock).await),
        }
    }
}
