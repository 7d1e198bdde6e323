//! What is watched while a body streams: its pace (T22), and the end of its session (T25).

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep};
use tokio_util::sync::WaitForCancellationFutureOwned;

use super::cut::BodyOrigin;
use super::error::BodyError;
use crate::gateway::stream_end::StreamEnd;

/// What is watched while a body streams: its pace, and whether its session still lives.
pub(super) struct StreamWatch {
    origin: Option<BodyOrigin>,
    stall: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    /// The begin of the present wait for more.
    waiting: Option<Instant>,
    /// Where a least pace is demanded: how long we waited for the body until now, and how many bytes came.
    pace: Option<(Duration, u64)>,
    ended: Option<SessionEnd>,
}

/// When a stream must end, and the watch over that, which ends when this is dropped.
struct SessionEnd {
    at: Pin<Box<WaitForCancellationFutureOwned>>,
    _watched: StreamEnd,
}

/// A request's body comes at least this fast, bytes a second of waiting for it (T22) …
const SLOWEST: u32 = 240;

/// … after this much waiting, which nobody counts.
const GRACE: Duration = Duration::from_secs(5);

/// How far a body came, for the code that sends it: while an upload moves, the upstream cannot be expected to answer.
#[derive(Debug, Default)]
pub(in crate::gateway) struct UploadProgress {
    frames: AtomicU32,
    broken: AtomicBool,
}

impl UploadProgress {
    /// Something came.
    pub(super) fn moved(&self) {
        self.frames.fetch_add(1, Ordering::Relaxed);
    }

    /// The body broke off at its source.
    pub(super) fn broke_off(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }

    /// Changes whenever something moved.
    pub(in crate::gateway) fn frames(&self) -> u32 {
        self.frames.load(Ordering::Relaxed)
    }

    /// Whether it broke off at its source.
    pub(in crate::gateway) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }
}

impl StreamWatch {
    /// Without a demand on the pace; an end of the session that was watched `before` stays watched.
    pub(super) fn new(stall: Duration, before: Option<Box<Self>>) -> Self {
        let ended = before.and_then(|before| before.ended);
        Self { origin: None, stall, deadline: None, waiting: None, pace: None, ended }
    }

    pub(super) fn report_as(&mut self, origin: BodyOrigin) {
        self.origin = Some(origin);
    }

    pub(super) const fn demand_pace(&mut self) {
        self.pace = Some((Duration::ZERO, 0));
    }

    pub(super) fn end_with(&mut self, end: StreamEnd) {
        self.ended = Some(SessionEnd { at: Box::pin(end.token.clone().cancelled_owned()), _watched: end });
    }

    pub(super) fn cut(&self, error: &BodyError) {
        if let Some(origin) = &self.origin {
            origin.cut(error);
        }
    }

    pub(super) const fn stalled(&self) -> BodyError {
        BodyError::Stalled(self.stall)
    }

    pub(super) fn has_ended(&mut self, context: &mut Context<'_>) -> bool {
        self.ended.as_mut().is_some_and(|ended| ended.at.as_mut().poll(context).is_ready())
    }

    /// Whether the wait for more lasts too long. It counts only while the reader waits: a pause of the reader delays nothing.
    pub(super) fn has_stalled(&mut self, context: &mut Context<'_>) -> bool {
        if self.stall == Duration::MAX {
            return false;
        }
        let (stall, pace) = (self.stall, self.pace);
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        if self.waiting.is_none() {
            let now = Instant::now();
            deadline.as_mut().reset(now + patience(stall, pace));
            self.waiting = Some(now);
        }
        deadline.as_mut().poll(context).is_ready()
    }

    /// So many bytes came.
    pub(super) fn moved(&mut self, length: usize) {
        let waited = self.waiting.take().map_or(Duration::ZERO, |since| since.elapsed());
        if let Some((before, came)) = &mut self.pace {
            *before += waited;
            *came += length as u64;
        }
    }
}

/// How long to wait for more of a body: at most `stall`, and no longer than its pace leaves.
fn patience(stall: Duration, pace: Option<(Duration, u64)>) -> Duration {
    let Some((waited, came)) = pace else { return stall };
    let allowed = GRACE.saturating_add(Duration::from_millis(came.saturating_mul(1000) / u64::from(SLOWEST)));
    stall.min(allowed.saturating_sub(waited))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of waiting until a body is cut off of which `bytes` come each second, a minute at most.
    fn lives(bytes: u64) -> u64 {
        let late = |second: &u64| patience(Duration::MAX, Some((Duration::from_secs(*second), second * bytes))) < SECOND;
        (0..60).find(late).unwrap_or(60)
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_body_that_drips_is_cut_off_and_a_slow_one_is_not_t22() {
        assert_eq!((lives(0), lives(1), lives(120), lives(240)), (5, 5, 9, 60));
        // What stands still is cut off sooner where that is allowed less, and where nobody counts bytes.
        assert_eq!(patience(SECOND, Some((Duration::ZERO, 1 << 40))), SECOND);
        assert_eq!(patience(SECOND, None), SECOND);
        assert_eq!(patience(Duration::MAX, Some((SECOND * 6, 0))), Duration::ZERO);
    }
}
