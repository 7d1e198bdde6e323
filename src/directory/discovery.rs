//! Servers that DNS names: asked for when they are needed and the last answer is over, one question at a time. A DNS that does
//! not answer changes nothing: the last servers are asked on, and DNS a little later. A domain that says that it has no such
//! service has answered: its servers are asked no more.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::dns::{DnsAnswer, SrvRecord};
use super::error::DirectoryError;
use super::server::DirectoryServer;
use crate::clock::SharedClock;
use crate::random::SharedRandom;

/// When DNS is asked again that gave no answer.
const AGAIN: Duration = Duration::from_secs(5);

/// The servers of a record.
pub(super) struct Discovery {
    record: SrvRecord,
    /// How long a question may take.
    within: Duration,
    random: SharedRandom,
    known: Mutex<KnownServers>,
    asking: tokio::sync::Mutex<()>,
}

/// What the last answer was.
#[derive(Clone, Default)]
struct KnownServers {
    servers: Arc<[RankedServer]>,
    /// When DNS is asked again, by the monotonic clock.
    ask_at: Duration,
    /// Why the last question had no answer.
    why: String,
    /// Whether the domain says that it has no such service.
    offers_none: bool,
}

/// A server with its place in the order.
#[derive(Clone)]
struct RankedServer {
    priority: u16,
    weight: u16,
    server: Arc<DirectoryServer>,
}

impl Discovery {
    pub(super) fn new(record: SrvRecord, within: Duration, random: SharedRandom) -> Self {
        Self { record, within, random, known: Mutex::default(), asking: tokio::sync::Mutex::default() }
    }

    /// The record that is asked for.
    pub(super) fn record(&self) -> &str {
        self.record.name()
    }

    /// Keeps the servers of the same record from before; DNS is asked at the next need.
    pub(super) fn follow(&mut self, before: &Self) {
        if self.record == before.record {
            let servers = Arc::clone(&before.known.lock().servers);
            *self.known.get_mut() = KnownServers { servers, ..KnownServers::default() };
        }
    }

    /// The servers of the last answer.
    pub(super) fn known(&self) -> Vec<Arc<DirectoryServer>> {
        self.known.lock().servers.iter().map(|one| Arc::clone(&one.server)).collect()
    }

    /// The servers, ordered for one connection.
    ///
    /// # Errors
    /// [`DirectoryError::Unreachable`] if DNS never named one; [`DirectoryError::Misconfigured`] while the domain says that it has
    /// no such service.
    pub(super) async fn servers(
        &self,
        directory: &str,
        clock: &SharedClock,
    ) -> Result<Vec<Arc<DirectoryServer>>, DirectoryError> {
        let (is_over, is_empty) = {
            let known = self.known.lock();
            (clock.monotonic() >= known.ask_at, known.servers.is_empty())
        };
        if is_over {
            // Where there are servers of the last answer, nobody waits for somebody else's question.
            let turn = match is_empty {
                true => Some(self.asking.lock().await),
                false => self.asking.try_lock().ok(),
            };
            if turn.is_some() && clock.monotonic() >= self.known.lock().ask_at {
                self.ask(directory, clock).await;
            }
        }
        let known = self.known.lock().clone();
        match known.servers.is_empty() {
            true if known.offers_none => Err(DirectoryError::Misconfigured(known.why)),
            true => Err(DirectoryError::Unreachable(known.why)),
            false => {
                let ranked = known.servers.iter().map(|one| (one.priority, one.weight, Arc::clone(&one.server))).collect();
                Ok(in_order(ranked, |most| self.drawn(most)))
            }
        }
    }

    async fn ask(&self, directory: &str, clock: &SharedClock) {
        let said = self.record.ask(self.within).await;
        let mut known = self.known.lock();
        match said {
            Ok(answer) => {
                for why in &answer.left_out {
                    tracing::warn!(directory, record = self.record.name(), reason = %why, "directory_server_left_out");
                }
                let why = if answer.offers_none { self.not_offered() } else { String::new() };
                if answer.offers_none {
                    tracing::error!(directory, record = self.record.name(), "directory_not_offered");
                }
                let servers = known.taken_over(&answer);
                let listed = |servers: &[RankedServer]| servers.iter().map(|one| one.server.url.to_string()).collect::<Vec<_>>();
                if listed(&servers) != listed(&known.servers) {
                    let found = listed(&servers).join(" ");
                    tracing::info!(directory, record = self.record.name(), servers = %found, "directory_servers_found");
                }
                let ask_at = clock.monotonic() + answer.holds;
                *known = KnownServers { servers, ask_at, why, offers_none: answer.offers_none };
            }
            Err(why) => {
                metrics::counter!("sekisho_directory_srv_failed_total", "directory" => directory.to_owned()).increment(1);
                let kept = known.servers.len();
                tracing::error!(directory, record = self.record.name(), reason = %why, kept, "directory_srv_failed");
                (known.ask_at, known.why) = (clock.monotonic() + AGAIN, why);
            }
        }
    }

    fn not_offered(&self) -> String {
        let record = self.record.name();
        format!(
            "the domain says by the target `.` of `{record}` that it has no such service; mend the record, or name the servers in `urls`"
        )
    }

    /// A number from 0 to `most`, each as likely.
    fn drawn(&self, most: u32) -> u32 {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        u32::try_from(u64::from_le_bytes(bytes) % (u64::from(most) + 1)).unwrap_or(0)
    }
}

impl KnownServers {
    /// The servers of an answer; one that was there before stays the same, with its rest.
    fn taken_over(&self, answer: &DnsAnswer) -> Arc<[RankedServer]> {
        let servers = answer.hosts.iter().filter_map(|host| {
            let before = self.servers.iter().map(|one| &one.server).find(|server| server.is(&host.url, &host.addresses));
            let server = match before {
                Some(server) => Arc::clone(server),
                None => Arc::new(DirectoryServer::parse(&host.url, &host.addresses)?),
            };
            Some(RankedServer { priority: host.priority, weight: host.weight, server })
        });
        servers.collect()
    }
}

/// RFC 2782: the lowest priority first; among equals each next one is drawn by weight. `drawn` gives a number from 0 to its
/// argument.
fn in_order<T>(mut ranked: Vec<(u16, u16, T)>, mut drawn: impl FnMut(u32) -> u32) -> Vec<T> {
    // Weight 0 first: it is drawn only by the number 0.
    ranked.sort_by_key(|(priority, weight, _)| (*priority, *weight));
    let mut ordered = Vec::with_capacity(ranked.len());
    while let Some((lowest, _, _)) = ranked.first() {
        let lowest = *lowest;
        let equals = || ranked.iter().take_while(|(priority, _, _)| *priority == lowest);
        let number = drawn(equals().map(|(_, weight, _)| u32::from(*weight)).sum());
        let mut sum = 0;
        let next = equals().position(|(_, weight, _)| {
            sum += u32::from(*weight);
            sum >= number
        });
        ordered.push(ranked.remove(next.unwrap_or(0)).2);
    }
    ordered
}

#[cfg(test)]
mod tests;
