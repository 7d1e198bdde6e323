//! One body for both directions: what streams through from a peer, what the gateway says itself, and what the portal
//! answers. Nothing is gathered on the way; the reader's pace is the writer's.
//! Invariant: a body that breaks off ends in an error, never in a clean end, so that nobody takes half for the whole.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::upstream::Lease;

/// Why a body broke off.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The peer's connection or its framing broke.
    #[error("read a body: {0}")]
    Broken(#[from] hyper::Error),
    /// Nothing moved for the time allowed.
    #[error("read a body: nothing moved for {0:?}")]
    Stalled(Duration),
    /// More than allowed.
    #[error("read a body: it is longer than {0} bytes")]
    TooLong(u64),
    /// The session behind it ended.
    #[error("stream a body: its session ended")]
    SessionEnded,
    /// The portal's own body failed.
    #[error("answer a body: {0}")]
    Portal(axum::Error),
}

pin_project! {
    /// A body on its way.
    pub struct Body {
        #[pin]
        kind: Kind,
    }
}

pin_project! {
    #[project = KindProjection]
    enum Kind {
        Full { data: Option<Bytes> },
        Streamed { #[pin] incoming: Incoming, watch: Option<Box<Watch>>, lease: Option<Lease>, progress: Option<Arc<Progress>>, trailers: bool },
        Portal { #[pin] body: axum::body::Body },
    }
}

/// What is watched while a body streams: its pace, and whether its session still lives.
struct Watch {
    stall: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    /// Since when we wait for more.
    waiting: Option<Instant>,
    /// Where the body may not drip: how long we waited for it until now, and how much came.
    pace: Option<(Duration, u64)>,
    ended: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
}

/// A request's body comes at least this fast, bytes a second of waiting for it (T22) …
const SLOWEST: u32 = 240;
/// … after this much waiting, which nobody counts.
const GRACE: Duration = Duration::from_secs(5);

/// How far a body came, for whoever sent it off: an upload that moves is no upstream that keeps silent.
#[derive(Debug, Default)]
pub(super) struct Progress {
    frames: AtomicU32,
    broken: AtomicBool,
}

impl Progress {
    /// Changes whenever something moved.
    pub(super) fn frames(&self) -> u32 {
        self.frames.load(Ordering::Relaxed)
    }

    /// Whether it broke off at its source.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }
}

impl Body {
    /// Nothing.
    pub const fn empty() -> Self {
        Self { kind: Kind::Full { data: None } }
    }

    /// These bytes.
    pub fn full(data: impl Into<Bytes>) -> Self {
        let data = data.into();
        Self { kind: Kind::Full { data: (!data.is_empty()).then_some(data) } }
    }

    /// What a peer sends, as it comes; trailers are dropped unless asked for (T4).
    pub const fn streamed(incoming: Incoming) -> Self {
        Self { kind: Kind::Streamed { incoming, watch: None, lease: None, progress: None, trailers: false } }
    }

    /// What the portal answers.
    pub const fn portal(body: axum::body::Body) -> Self {
        Self { kind: Kind::Portal { body } }
    }

    /// Lets trailers through: towards a client, never towards an upstream.
    #[must_use]
    pub fn with_trailers(mut self) -> Self {
        if let Kind::Streamed { trailers, .. } = &mut self.kind {
            *trailers = true;
        }
        self
    }

    /// Breaks off when nothing moves for `stall`.
    #[must_use]
    pub fn watched(mut self, stall: Duration) -> Self {
        if let Kind::Streamed { watch, .. } = &mut self.kind {
            let ended = watch.take().and_then(|watch| watch.ended);
            *watch = Some(Box::new(Watch { stall, deadline: None, waiting: None, pace: None, ended }));
        }
        self
    }

    /// Breaks off, too, when it drips: for bodies that a client sends, and that are no conversation. After [`Self::watched`].
    #[must_use]
    pub(super) fn in_haste(mut self) -> Self {
        if let Kind::Streamed { watch: Some(watch), .. } = &mut self.kind {
            watch.pace = Some((Duration::ZERO, 0));
        }
        self
    }

    /// Breaks off when `ended` is cancelled: an event stream ends with its session (T25).
    #[must_use]
    pub fn until(mut self, ended: CancellationToken) -> Self {
        if let Kind::Streamed { watch, .. } = &mut self.kind {
            let ended = Some(Box::pin(ended.cancelled_owned()));
            match watch {
                Some(watch) => watch.ended = ended,
                None => *watch = Some(Box::new(Watch { stall: Duration::MAX, deadline: None, waiting: None, pace: None, ended })),
            }
        }
        self
    }

    /// Tells how far it comes; `None` where nothing is left to come.
    pub(super) fn followed(&mut self) -> Option<Arc<Progress>> {
        match &mut self.kind {
            Kind::Streamed { incoming, progress, .. } if !incoming.is_end_stream() => {
                Some(Arc::clone(progress.get_or_insert_default()))
            }
            Kind::Streamed { .. } | Kind::Full { .. } | Kind::Portal { .. } => None,
        }
    }

    /// Keeps the upstream connection it comes from until it ends: a clean end gives the connection back to its pool, any
    /// other closes it (T18: nothing is reused whose answer was not read to its end).
    #[must_use]
    pub(super) fn leased(mut self, from: Lease) -> Self {
        match &mut self.kind {
            Kind::Streamed { incoming, lease, .. } if !incoming.is_end_stream() => *lease = Some(from),
            Kind::Streamed { .. } | Kind::Full { .. } | Kind::Portal { .. } => from.give_back(),
        }
        self
    }
}

impl Watch {
    fn has_ended(&mut self, context: &mut Context<'_>) -> bool {
        self.ended.as_mut().is_some_and(|ended| ended.as_mut().poll(context).is_ready())
    }

    /// Counts from when we began to wait: while the reader pauses, nobody is late.
    fn has_stalled(&mut self, context: &mut Context<'_>) -> bool {
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

    /// Something came, of this length.
    fn moved(&mut self, length: usize) {
        let waited = self.waiting.take().map_or(Duration::ZERO, |since| since.elapsed());
        if let Some((before, came)) = &mut self.pace {
            *before += waited;
            *came += length as u64;
        }
    }
}

/// How long may be waited for more of a body: what may stand still at most, and what its pace leaves.
fn patience(stall: Duration, pace: Option<(Duration, u64)>) -> Duration {
    let Some((waited, came)) = pace else { return stall };
    let allowed = GRACE.saturating_add(Duration::from_millis(came.saturating_mul(1000) / u64::from(SLOWEST)));
    stall.min(allowed.saturating_sub(waited))
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.project().kind.project() {
            KindProjection::Full { data } => Poll::Ready(data.take().map(|data| Ok(Frame::data(data)))),
            KindProjection::Portal { body } => body.poll_frame(context).map_err(BodyError::Portal),
            KindProjection::Streamed { mut incoming, watch, lease, progress, trailers } => loop {
                // First: a stream that always has something to say must end, too.
                if watch.as_mut().is_some_and(|watch| watch.has_ended(context)) {
                    *lease = None;
                    return Poll::Ready(Some(Err(BodyError::SessionEnded)));
                }
                return match incoming.as_mut().poll_frame(context) {
                    Poll::Ready(Some(Ok(frame))) => {
                        if let Some(watch) = watch {
                            watch.moved(frame.data_ref().map_or(0, Bytes::len));
                        }
                        if let Some(progress) = progress {
                            progress.frames.fetch_add(1, Ordering::Relaxed);
                        }
                        // A writer that knows the length asks for no more: this was the clean end.
                        if incoming.is_end_stream()
                            && let Some(lease) = lease.take()
                        {
                            lease.give_back();
                        }
                        if frame.is_trailers() && !*trailers {
                            continue;
                        }
                        Poll::Ready(Some(Ok(frame)))
                    }
                    Poll::Ready(Some(Err(error))) => {
                        *lease = None;
                        if let Some(progress) = progress {
                            progress.broken.store(true, Ordering::Relaxed);
                        }
                        Poll::Ready(Some(Err(error.into())))
                    }
                    Poll::Ready(None) => {
                        if let Some(lease) = lease.take() {
                            lease.give_back();
                        }
                        Poll::Ready(None)
                    }
                    Poll::Pending => {
                        let Some(watch) = watch else { return Poll::Pending };
                        if !watch.has_stalled(context) {
                            return Poll::Pending;
                        }
                        *lease = None;
                        if let Some(progress) = progress {
                            progress.broken.store(true, Ordering::Relaxed);
                        }
                        Poll::Ready(Some(Err(BodyError::Stalled(watch.stall))))
                    }
                };
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Full { data } => data.is_none(),
            Kind::Streamed { incoming, .. } => incoming.is_end_stream(),
            Kind::Portal { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Full { data } => SizeHint::with_exact(data.as_ref().map_or(0, |data| data.len() as u64)),
            Kind::Streamed { incoming, .. } => incoming.size_hint(),
            Kind::Portal { body } => body.size_hint(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match &self.kind {
            Kind::Full { .. } => "Body(full)",
            Kind::Streamed { .. } => "Body(streamed)",
            Kind::Portal { .. } => "Body(portal)",
        })
    }
}

/// Reads a whole body of at most `limit` bytes.
///
/// # Errors
/// [`BodyError::TooLong`] as soon as more arrives, or what broke it off.
pub async fn whole(body: Body, limit: u64) -> Result<Bytes, BodyError> {
    if body.size_hint().lower() > limit {
        return Err(BodyError::TooLong(limit));
    }
    let mut body = std::pin::pin!(body);
    let mut gathered = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        if let Ok(data) = frame?.into_data() {
            if gathered.len() as u64 + data.len() as u64 > limit {
                return Err(BodyError::TooLong(limit));
            }
            gathered.extend_from_slice(&data);
        }
    }
    Ok(gathered.into())
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
