//! The log itself: events are written at once, or wait in memory for the next flush.

use super::event::{Event, EventOutcome};
use super::records::{self, AuditRecord, Filter};
use super::refusals::{NoteDecision, Refusals};
use crate::clock::{SharedClock, Timestamp};
use crate::store::database::{Database, DatabaseError};

/// Events that wait for [`Audit::flush`] at most; beyond it the newest are counted and dropped.
const WAITING: usize = 10_000;

/// The log.
#[derive(Debug)]
pub struct Audit {
    database: Database,
    clock: SharedClock,
    waiting: parking_lot::Mutex<Vec<QueuedEvent>>,
    flushing: tokio::sync::Mutex<()>,
    refusals: parking_lot::Mutex<Refusals>,
}

#[derive(Clone, Debug)]
struct QueuedEvent {
    at: Timestamp,
    event: Event,
}

impl Audit {
    /// In this directory.
    pub fn new(database: Database, clock: SharedClock) -> Self {
        Self {
            database,
            clock,
            waiting: parking_lot::Mutex::default(),
            flushing: tokio::sync::Mutex::default(),
            refusals: parking_lot::Mutex::default(),
        }
    }

    /// Writes an event; durable when this resolves. For every act and every sign-in.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn record(&self, event: Event) -> Result<(), DatabaseError> {
        self.write(&[QueuedEvent { at: self.clock.now(), event }]).await
    }

    /// Writes events that belong together, all of them or none; durable when this resolves.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn record_all(&self, events: Vec<Event>) -> Result<(), DatabaseError> {
        let at = self.clock.now();
        let entries: Vec<QueuedEvent> = events.into_iter().map(|event| QueuedEvent { at, event }).collect();
        self.write(&entries).await
    }

    /// Lets an event wait for the next [`Self::flush`]: for what happens on the hot path, where nobody may wait for a
    /// disk. A crash may lose it; a flood of them is counted in `sekisho_audit_dropped_total` and cut: of refusals, a
    /// thousand of one network within an hour are noted, the last with the detail `further = "left out"`.
    pub fn note(&self, mut event: Event) {
        if event.outcome == EventOutcome::Refused
            && let Some(address) = event.address
        {
            let mut refusals = self.refusals.lock();
            match refusals.one_more(address, self.clock.monotonic()) {
                NoteDecision::Yes => {}
                NoteDecision::Last => event = event.detail("further", "left out"),
                NoteDecision::No => {
                    metrics::counter!("sekisho_audit_dropped_total").increment(1);
                    return;
                }
            }
        }
        let mut waiting = self.waiting.lock();
        if waiting.len() < WAITING {
            waiting.push(QueuedEvent { at: self.clock.now(), event });
        } else {
            metrics::counter!("sekisho_audit_dropped_total").increment(1);
        }
    }

    /// Writes what waits: when this resolves, everything that was noted before it was called can be read, also what another
    /// flush was about to write. What waits is let go of only when it is written, so that an error, or a caller who goes away
    /// in the middle, loses nothing.
    ///
    /// # Errors
    /// [`DatabaseError`]: events that waited keep waiting, up to the limit.
    pub async fn flush(&self) -> Result<(), DatabaseError> {
        let _alone = self.flushing.lock().await;
        let waiting = self.waiting.lock().clone();
        if waiting.is_empty() {
            return Ok(());
        }
        self.write(&waiting).await?;
        // Others only add behind these.
        self.waiting.lock().drain(..waiting.len());
        Ok(())
    }

    async fn write(&self, entries: &[QueuedEvent]) -> Result<(), DatabaseError> {
        // Ids rise in the order of the commits, so that a reader who pages by id misses nothing: the transaction has the
        // database for itself from its beginning on.
        let mut transaction = self.database.begin().await?;
        let last = transaction.row("SELECT MAX(id) AS last FROM audit", &[]).await?;
        let mut id = last.map(|row| row.optional_integer("last")).transpose()?.flatten().unwrap_or(0);
        for entry in entries {
            id += 1;
            records::insert(&mut transaction, id, entry.at, &entry.event).await?;
        }
        transaction.commit().await
    }

    /// A page of rows, newest first: up to `limit` (at most 1,000) with ids below `before`.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn query(&self, filter: &Filter, before: Option<i64>, limit: u32) -> Result<Vec<AuditRecord>, DatabaseError> {
        let mut row = filter.parameters();
        row.push(before.unwrap_or(i64::MAX).into());
        row.push(i64::from(limit.min(1000)).into());
        let rows = self.database.rows(records::PAGE_DOWN, &row).await?;
        rows.iter().map(records::record).collect()
    }

    /// All rows that match, oldest first, as JSON lines; `each` gets some lines at a time, each ended by a line feed.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn export(&self, filter: &Filter, mut each: impl FnMut(&str)) -> Result<(), DatabaseError> {
        let mut after = 0;
        loop {
            let mut row = filter.parameters();
            row.push(after.into());
            row.push(1000i64.into());
            let rows = self.database.rows(records::PAGE_UP, &row).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut lines = String::new();
            for row in &rows {
                let record = records::record(row)?;
                after = record.id;
                lines.push_str(&record.json_line());
                lines.push('\n');
            }
            each(&lines);
        }
    }
}
