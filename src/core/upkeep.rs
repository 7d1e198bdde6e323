//! What runs in the background: memory is written down, what has ended is forgotten, mail is sent. Each group sweeps what is
//! its own. A failure is logged and counted, and the step runs again at the next turn; nothing waits for it.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::Core;
use crate::store::database::DatabaseError;
use crate::telemetry::strangers;

/// How long a noted event may wait for the disk.
const NOTES: Duration = Duration::from_secs(1);
/// How often sessions are swept and mail is sent.
const SWEEP: Duration = Duration::from_secs(30);
/// How often it is looked whether a certificate of the gateway is due.
const OWN_CERTIFICATES: Duration = Duration::from_secs(2);
/// How often rows that have ended are removed.
const TIDY: Duration = Duration::from_secs(3600);
/// How long it is remembered which user presented a certificate.
const SIGHTINGS: Duration = Duration::from_secs(400 * 24 * 3600);
/// How long it is remembered that a certificate was presented that belongs to no user.
const OF_STRANGERS: Duration = Duration::from_secs(30 * 24 * 3600);

impl Core {
    /// Runs until `shutdown`, then writes down what is left. Spawn it once, on a tracker that a shutdown waits for.
    pub async fn upkeep(&self, shutdown: CancellationToken) {
        // Providers and authorities take their own time: nothing of ours waits for them.
        tokio::join!(
            self.own_upkeep(&shutdown),
            self.idp_upkeep(&shutdown),
            self.certificate_upkeep(&shutdown),
            self.list_upkeep(&shutdown)
        );
        strangers::tell_of_all();
        report("shutdown", self.write_down().await);
    }

    async fn own_upkeep(&self, shutdown: &CancellationToken) {
        let [mut notes, mut sweep, mut tidy] = [NOTES, SWEEP, TIDY].map(interval);
        for turn in [&mut notes, &mut sweep, &mut tidy] {
            turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        loop {
            tokio::select! {
                () = shutdown.cancelled() => break,
                _ = notes.tick() => {
                    report("audit", self.audit().flush().await);
                    report("announcements", self.follow().await.map(drop));
                }
                _ = sweep.tick() => self.sweep(shutdown).await,
                _ = tidy.tick() => self.tidy().await,
            }
        }
    }

    /// Authorities are asked for certificates as long as somebody listens who can answer their challenges.
    async fn certificate_upkeep(&self, shutdown: &CancellationToken) {
        let [mut turn, mut watch] = [OWN_CERTIFICATES, OWN_CERTIFICATES].map(interval);
        for turn in [&mut turn, &mut watch] {
            turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        let watching = async {
            loop {
                watch.tick().await;
                self.watch_own_certificates().await;
            }
        };
        shutdown.run_until_cancelled(async { tokio::join!(self.own_certificates.look_after(turn), watching) }).await;
    }

    /// Keeps the revocation lists of other authorities current.
    async fn list_upkeep(&self, shutdown: &CancellationToken) {
        let mut turn = interval(SWEEP);
        turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while shutdown.run_until_cancelled(turn.tick()).await.is_some() {
            let Some(refreshed) = shutdown.run_until_cancelled(self.certificates().refresh_lists()).await else { break };
            report("revocation lists", refreshed);
        }
    }

    /// One turn of what happens every half minute.
    pub async fn sweep(&self, shutdown: &CancellationToken) {
        strangers::tell_of_the_past();
        self.base.memory.sweep();
        self.identity.sweep();
        self.transaction_engine().sweep().await;
        self.sign_ins.sweep().await;
        report("certificates", self.certificates.sightings().flush().await);
        report("results of certificates", self.certificates.results().flush().await);
        tokio::select! {
            () = shutdown.cancelled() => {}
            sent = self.outbox().deliver() => report("mail", sent.map(drop)),
        }
    }

    /// One turn of what happens every hour.
    pub async fn tidy(&self) {
        self.identity.tidy().await;
        self.sign_ins.tidy(self.users()).await;
        self.accounts.tidy().await;
        let ago = |length: Duration| {
            let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
            crate::clock::Timestamp::from_millis(self.clock().now().millis().saturating_sub(length))
        };
        report("certificates", self.certificates.sightings().forget(ago(SIGHTINGS), ago(OF_STRANGERS)).await);
        report("results of certificates", self.certificates.results().forget(ago(SIGHTINGS)).await);
        self.publish_authority().await;
        report("reminders of certificates", self.remind_of_certificates().await.map(drop));
    }

    /// Writes down what only memory knows.
    pub(super) async fn write_down(&self) -> Result<(), DatabaseError> {
        let written = [
            self.audit().flush().await,
            self.transactions().write_again().await,
            self.sign_ins.flush().await,
            self.certificates().sightings().flush().await,
            self.certificates().results().flush().await,
            self.accounts.flush().await,
        ];
        written.into_iter().collect()
    }
}

/// Logs and counts a step of the upkeep that failed.
pub(super) fn report<E: std::fmt::Display>(what: &'static str, done: Result<(), E>) {
    if let Err(error) = done {
        tracing::error!(what, %error, "upkeep failed and is tried again");
        metrics::counter!("sekisho_upkeep_failed_total", "what" => what).increment(1);
    }
}
