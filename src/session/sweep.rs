//! Frees sessions that have ended and writes down when the others were last used.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::sessions::Sessions;
use super::{Session, records};
use crate::store::database::DatabaseError;

impl Sessions {
    /// Frees what has ended and writes down when the others were last used: now and then, and at shutdown.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sweep(&self) -> Result<(), DatabaseError> {
        let now = self.clock.now();
        self.revoke_all(self.index.matching(|session| !self.is_alive(session, now))).await?;
        self.index.sweep_devices();
        let leftover = std::mem::take(&mut *self.leftover.lock());
        for some in leftover.chunks(500) {
            records::remove_all(&self.database, some.iter().copied()).await?;
        }
        // A twentieth of the idle time is all that a crash may take from a session's life.
        let grain = i64::try_from(self.limits.load().idle.as_millis() / 20).unwrap_or(i64::MAX);
        let used = self
            .index
            .matching(|session| session.last_seen.load(Ordering::Relaxed) - session.written.load(Ordering::Relaxed) >= grain);
        self.write_last_seen(&used).await
    }

    /// Writes down when every session was last used: the end of a shutdown.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn flush(&self) -> Result<(), DatabaseError> {
        let used =
            self.index.matching(|session| session.last_seen.load(Ordering::Relaxed) > session.written.load(Ordering::Relaxed));
        self.write_last_seen(&used).await
    }

    async fn write_last_seen(&self, used: &[Arc<Session>]) -> Result<(), DatabaseError> {
        for some in used.chunks(1000) {
            let moments: Vec<_> = some.iter().map(|session| (session.id, session.last_seen())).collect();
            records::write_last_seen(&self.database, &moments).await?;
            for (session, (_, moment)) in some.iter().zip(moments) {
                session.written.store(moment.millis(), Ordering::Relaxed);
            }
        }
        Ok(())
    }
}
