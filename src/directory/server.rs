//! One server of a directory. What one person's sign-in meets never makes it rest: it takes two people in a row whom it did
//! not answer.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use url::Url;

use super::Directory;
use super::connection::{self, DirectoryConnection};
use super::error::DirectoryError;
use crate::clock::SharedClock;

/// How long a server that could not be reached is left alone.
pub(super) const REST: Duration = Duration::from_secs(2);

/// A server.
pub(super) struct DirectoryServer {
    pub(super) url: Url,
    host: Box<str>,
    port: u16,
    /// Where it is, where DNS said so with its name; none where its host is looked up at each connection.
    addresses: Box<[SocketAddr]>,
    rests_until: AtomicU64,
    /// Who was not answered last, since somebody was.
    unanswered: Mutex<Option<String>>,
    /// Why it could not be reached the last time; `None` if it could, or was not tried.
    trouble: Mutex<Option<String>>,
}

impl DirectoryServer {
    /// The server of an address of the config, or of a name that DNS gave with these addresses; `None` for no address.
    pub(super) fn parse(text: &str, addresses: &[SocketAddr]) -> Option<Self> {
        let url: Url = text.parse().ok()?;
        let port = url.port().unwrap_or(if url.scheme() == "ldaps" { 636 } else { 389 });
        let host = url.host_str()?.into();
        let addresses = addresses.into();
        let (unanswered, trouble) = (Mutex::new(None), Mutex::new(None));
        Some(Self { url, host, port, addresses, rests_until: AtomicU64::new(0), unanswered, trouble })
    }

    /// Whether this is the server with this address at these places.
    pub(super) fn is(&self, text: &str, addresses: &[SocketAddr]) -> bool {
        self.url.as_str() == text && *self.addresses == *addresses
    }

    /// A connection over TLS.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn connect(&self, directory: &Directory) -> Result<DirectoryConnection, String> {
        let place = (&*self.host, self.port, &*self.addresses);
        let connected = connection::connect(&self.url, place, &directory.tls, directory.connect_within).await;
        *self.trouble.lock() = connected.as_ref().err().cloned();
        connected
    }

    /// Why it could not be reached the last time.
    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble.lock().clone()
    }

    pub(super) fn rests_no_more(&self) {
        self.rests_until.store(0, Ordering::Relaxed);
    }

    pub(super) fn rests(&self, clock: &SharedClock) -> bool {
        u128::from(self.rests_until.load(Ordering::Relaxed)) > clock.monotonic().as_millis()
    }

    pub(super) fn lost(&self, directory: &Directory, why: &str, clock: &SharedClock) {
        let until = clock.monotonic() + REST;
        self.rests_until.store(u64::try_from(until.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        *self.trouble.lock() = Some(why.to_owned());
        self.tell(directory, why);
    }

    fn tell(&self, directory: &Directory, why: &str) {
        metrics::counter!("sekisho_directory_unreachable_total", "directory" => directory.name.to_string()).increment(1);
        tracing::error!(directory = %directory.name, server = %self.url, reason = %why, "directory_unreachable");
    }

    /// What a conversation about `whom` came to.
    pub(super) fn heard<T>(&self, directory: &Directory, whom: &str, said: &Result<T, DirectoryError>, clock: &SharedClock) {
        match said {
            Err(DirectoryError::Unreachable(why)) => {
                let before = self.unanswered.lock().replace(whom.to_owned());
                match before.is_some_and(|before| before != whom) {
                    true => self.lost(directory, why, clock),
                    false => self.tell(directory, why),
                }
            }
            Err(DirectoryError::Misconfigured(why)) => {
                metrics::counter!("sekisho_directory_misconfigured_total", "directory" => directory.name.to_string())
                    .increment(1);
                tracing::error!(directory = %directory.name, server = %self.url, reason = %why, "directory_misconfigured");
            }
            Ok(_) | Err(DirectoryError::Refused(_) | DirectoryError::Busy(_) | DirectoryError::Database(_)) => {
                *self.unanswered.lock() = None
            }
        }
    }
}
