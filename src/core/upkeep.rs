//! What goes on in the background: what memory learnt is written down, what has ended is forgotten, mail goes out.
//! Trouble here is logged and counted, and tried again at the next turn; nothing waits for it.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::Core;
use crate::store::database::DatabaseError;
use crate::telemetry::strangers;

/// How long a noted event may wait for the disk.
const NOTES: Duration = Duration::from_secs(1);
/// How often sessions are swept and mail goes out.
const SWEEP: Duration = Duration::from_secs(30);
/// How often rows that have ended are removed.
const TIDY: Duration = Duration::from_secs(3600);
/// How long it is remembered who presented a certificate.
const SIGHTINGS: Duration = Duration::from_secs(400 * 24 * 3600);
/// And that somebody presented one that nobody knows.
const OF_STRANGERS: Duration = Duration::from_secs(30 * 24 * 3600);

impl Core {
    /// Runs until `shutdown`, then writes down what is left. Spawn it once, on a tracker that a shutdown waits for.
    pub async fn upkeep(&self, shutdown: CancellationToken) {
        let [mut notes, mut sweep, mut tidy] = [NOTES, SWEEP, TIDY].map(interval);
        for turn in [&mut notes, &mut sweep, &mut tidy] {
            turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        loop {
            tokio::select! {
                () = shutdown.cancelled() => break,
                _ = notes.tick() => {
                    told("audit", self.audit().flush().await);
                    told("announcements", self.follow().await.map(drop));
                }
                _ = sweep.tick() => self.sweep(&shutdown).await,
                _ = tidy.tick() => self.tidy().await,
            }
        }
        strangers::tell_of_all();
        told("shutdown", self.write_down().await);
    }

    /// One turn of what happens every half minute.
    pub async fn sweep(&self, shutdown: &CancellationToken) {
        strangers::tell_of_the_past();
        self.base.memory.sweep();
        self.assertions().sweep();
        self.transaction_engine().sweep().await;
        told("sessions", self.sessions().sweep().await);
        told("certificates", self.certificates().sightings().flush().await);
        tokio::select! {
            () = shutdown.cancelled() => {}
            sent = self.outbox().deliver() => told("mail", sent.map(drop)),
        }
    }

    /// One turn of what happens every hour.
    pub async fn tidy(&self) {
        told("signing keys", self.signing_keys().rotate().await);
        told("browsers", self.browsers().sweep(|user| self.users().find(user).is_some()).await);
        told("links", self.links().sweep().await);
        told("tokens", self.tokens().sweep().await);
        told("outbox", self.outbox().sweep().await);
        let ago = |length: Duration| {
            let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
            crate::clock::Timestamp::from_millis(self.clock().now().millis().saturating_sub(length))
        };
        told("certificates", self.certificates().sightings().forget(ago(SIGHTINGS), ago(OF_STRANGERS)).await);
    }

    /// Writes down what only memory knows.
    pub(super) async fn write_down(&self) -> Result<(), DatabaseError> {
        let written = [
            self.audit().flush().await,
            self.transactions().write_again().await,
            self.sessions().flush().await,
            self.certificates().sightings().flush().await,
            self.tokens().sweep().await,
        ];
        written.into_iter().collect()
    }
}

fn told<E: std::fmt::Display>(what: &'static str, done: Result<(), E>) {
    if let Err(error) = done {
        tracing::error!(what, %error, "upkeep failed and is tried again");
        metrics::counter!("sekisho_upkeep_failed_total", "what" => what).increment(1);
    }
}
