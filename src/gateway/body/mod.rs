//! One body for both directions: what streams through from a peer, what the gateway says itself, and what the portal
//! answers. Nothing is gathered on the way; the reader's pace is the writer's.
//! What a client still sends when its answer is there already is read on for a while and thrown away, so that the answer
//! is not lost with it (RFC 9112 §9.6, RFC 9113 §8.1).
//! Invariant: a body that breaks off ends in an error, never in a clean end, so that nobody takes half for the whole.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tokio_util::task::TaskTracker;

use super::load::{Load, Weight};
use super::upstream::Lease;
use super::watch::Ended;
use crate::telemetry::strangers;

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
    /// More than the requests of its connection may take up together.
    #[error("read a body: the requests of its connection take up too much already")]
    TooMuch,
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
        Streamed { source: Source, watch: Option<Box<Watch>>, lease: Option<Lease>, progress: Option<Arc<Progress>>, trailers: bool },
        Portal { #[pin] body: axum::body::Body },
    }
}

/// Where a streamed body comes from.
struct Source {
    /// There until it is dropped.
    incoming: Option<Incoming>,
    /// What is to know of one that a client sends.
    upload: Option<Box<Upload>>,
}

struct Upload {
    /// How it is read on once nobody wants it any more; `None` where it is not.
    lingers: Option<Lingering>,
    /// What the connection's requests take up, where that is counted.
    load: Option<Arc<Load>>,
    /// What is counted of this one, where somebody gathers it.
    gathered: Option<Arc<Gathered>>,
}

/// Where bodies are read on that nobody wants any more.
#[derive(Clone, Debug)]
pub(super) struct Lingering {
    /// Where that runs.
    pub(super) tasks: TaskTracker,
    /// Cancelled when nothing is waited for any more.
    pub(super) drain: CancellationToken,
}

/// What is gathered of a body counts among the requests of its connection, until this is dropped.
#[derive(Debug)]
pub(super) struct Gathered(std::sync::Mutex<Weight>);

/// Whose body it is, for the line that tells of its being cut off.
#[derive(Clone, Debug)]
pub(super) struct Whose {
    /// `request_body_cut` or `answer_body_cut`.
    pub(super) side: Side,
    /// The client.
    pub(super) remote_ip: IpAddr,
    /// The app; `None` at the portal.
    pub(super) app: Option<Arc<str>>,
    /// By which request.
    pub(super) request_id: Arc<str>,
    /// Whether somebody who is signed in sent it: such lines are always written.
    pub(super) is_known: bool,
}

/// Which way a body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// From the client.
    Request,
    /// From the upstream.
    Answer,
}

/// What is watched while a body streams: its pace, and whether its session still lives.
struct Watch {
    whose: Option<Whose>,
    stall: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    /// Since when we wait for more.
    waiting: Option<Instant>,
    /// Where the body may not drip: how long we waited for it until now, and how much came.
    pace: Option<(Duration, u64)>,
    ended: Option<Ending>,
}

/// When a stream may not go on, and what watches that as long as it is kept.
struct Ending {
    at: Pin<Box<WaitForCancellationFutureOwned>>,
    _watched: Ended,
}

/// A request's body comes at least this fast, bytes a second of waiting for it (T22) …
const SLOWEST: u32 = 240;
/// … after this much waiting, which nobody counts.
const GRACE: Duration = Duration::from_secs(5);

/// After its answer a request's body is read on for so many bytes …
const READ_ON: u64 = 64 << 20;
/// … and for so long in all …
const READ_ON_WITHIN: Duration = Duration::from_secs(30);
/// … as long as it goes on coming.
const READ_ON_GAP: Duration = Duration::from_secs(5);

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
        Self::from(Source { incoming: Some(incoming), upload: None })
    }

    const fn from(source: Source) -> Self {
        Self { kind: Kind::Streamed { source, watch: None, lease: None, progress: None, trailers: false } }
    }

    /// As [`Self::streamed`], what a client sends: read on where `lingering` says so, counted in `load` where it is gathered.
    pub(super) fn received(incoming: Incoming, lingering: Option<&Lingering>, load: Option<&Arc<Load>>) -> Self {
        // The common case: nothing comes.
        let upload = (!incoming.is_end_stream())
            .then(|| Box::new(Upload { lingers: lingering.cloned(), load: load.cloned(), gathered: None }));
        Self::from(Source { incoming: Some(incoming), upload })
    }

    /// Counts what comes among what the requests of its connection take up, as long as the answer is held.
    pub(super) fn gathered(&mut self) -> Option<Arc<Gathered>> {
        let Kind::Streamed { source: Source { upload: Some(upload), .. }, .. } = &mut self.kind else { return None };
        let gathered = Arc::new(Gathered(upload.load.as_ref()?.take(0)?.into()));
        upload.gathered = Some(Arc::clone(&gathered));
        Some(gathered)
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
            *watch = Some(Box::new(Watch { whose: None, stall, deadline: None, waiting: None, pace: None, ended }));
        }
        self
    }

    /// Tells the log whose it is when it is cut off. After [`Self::watched`].
    #[must_use]
    pub(super) fn of(mut self, whose: Whose) -> Self {
        if let Kind::Streamed { watch: Some(watch), .. } = &mut self.kind {
            watch.whose = Some(whose);
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
    pub fn until(mut self, ended: Ended) -> Self {
        if let Kind::Streamed { watch, .. } = &mut self.kind {
            let ended = Some(Ending { at: Box::pin(ended.token.clone().cancelled_owned()), _watched: ended });
            match watch {
                Some(watch) => watch.ended = ended,
                None => {
                    let watching = Watch { whose: None, stall: Duration::MAX, deadline: None, waiting: None, pace: None, ended };
                    *watch = Some(Box::new(watching));
                }
            }
        }
        self
    }

    /// Tells how far it comes; `None` where nothing is left to come.
    pub(super) fn followed(&mut self) -> Option<Arc<Progress>> {
        match &mut self.kind {
            Kind::Streamed { source, progress, .. } if !source.is_end_stream() => {
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
            Kind::Streamed { source, lease, .. } if !source.is_end_stream() => *lease = Some(from),
            Kind::Streamed { .. } | Kind::Full { .. } | Kind::Portal { .. } => from.give_back(),
        }
        self
    }
}

impl Source {
    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let Some(incoming) = &mut self.incoming else { return Poll::Ready(None) };
        let frame = std::task::ready!(Pin::new(incoming).poll_frame(context));
        let Some(upload) = &mut self.upload else { return Poll::Ready(frame.map(|frame| frame.map_err(Into::into))) };
        Poll::Ready(match frame {
            Some(Ok(frame)) => match &upload.gathered {
                Some(gathered) if !gathered.holds(frame.data_ref().map_or(0, Bytes::len)) => Some(Err(BodyError::TooMuch)),
                _ => Some(Ok(frame)),
            },
            Some(Err(error)) => {
                upload.lingers = None;
                Some(Err(error.into()))
            }
            None => None,
        })
    }

    /// It broke off or drips: there is nothing to be read on for.
    fn give_up(&mut self) {
        if let Some(upload) = &mut self.upload {
            upload.lingers = None;
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let (Some(incoming), Some(upload)) = (self.incoming.take(), self.upload.take()) else { return };
        if let Some(Lingering { tasks, drain }) = upload.lingers
            && !incoming.is_end_stream()
            // Without a runtime everything ends.
            && let Ok(here) = tokio::runtime::Handle::try_current()
        {
            tasks.spawn_on(
                async move {
                    tokio::select! {
                        () = drain.cancelled() => {}
                        _late = tokio::time::timeout(READ_ON_WITHIN, read_on(incoming)) => {}
                    }
                },
                &here,
            );
        }
    }
}

/// Reads what a client still sends, and throws it away. What is more than that is left to the connection, which then stands
/// still: over HTTP/2 the stream is reset when this ends, and the answer is to be there before that.
async fn read_on(mut incoming: Incoming) {
    let mut read = 0;
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(READ_ON_GAP, incoming.frame()).await {
        read += frame.data_ref().map_or(0, |data| data.len() as u64);
        if read > READ_ON {
            tokio::time::sleep(READ_ON_GAP).await;
            return;
        }
    }
}

impl Gathered {
    fn holds(&self, bytes: usize) -> bool {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).grow(bytes as u64)
    }
}

impl Whose {
    /// Tells the log and the metrics that it was cut off. That a session ended is no fault of anybody.
    fn cut(&self, error: &BodyError) {
        let reason = match error {
            BodyError::Stalled(_) => "stalled",
            BodyError::Broken(error) if error.is_timeout() => "stalled",
            BodyError::Broken(error) if ended_early(error) => "ended_early",
            BodyError::Broken(_) => "malformed",
            BodyError::TooLong(_) | BodyError::TooMuch => "too_long",
            BodyError::SessionEnded | BodyError::Portal(_) => return,
        };
        let app = self.app.as_deref().unwrap_or("-");
        let Self { remote_ip, request_id, .. } = self;
        let may_write = |kind| self.is_known || strangers::may_write(kind, *remote_ip);
        match self.side {
            Side::Request => {
                metrics::counter!("sekisho_request_bodies_cut_total", "reason" => reason).increment(1);
                if may_write(strangers::Kind::RequestBodyCut) {
                    tracing::info!(%remote_ip, %app, reason, %error, %request_id, "request_body_cut");
                }
            }
            Side::Answer => {
                metrics::counter!("sekisho_answer_bodies_cut_total", "reason" => reason).increment(1);
                if may_write(strangers::Kind::AnswerBodyCut) {
                    tracing::warn!(%remote_ip, %app, reason, %error, %request_id, "answer_body_cut");
                }
            }
        }
    }
}

/// Whether the other side left, or took its stream back (RFC 9113 §6.4): not so where what it sent makes no sense.
fn ended_early(error: &hyper::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(found) = cause {
        if let Some(io) = found.downcast_ref::<io::Error>() {
            return io.kind() != io::ErrorKind::InvalidData && io.kind() != io::ErrorKind::InvalidInput;
        }
        if let Some(h2) = found.downcast_ref::<h2::Error>() {
            return h2.is_remote() || h2.is_io();
        }
        cause = found.source();
    }
    error.is_incomplete_message() || error.is_closed()
}

impl Watch {
    fn cut(&self, error: &BodyError) {
        if let Some(whose) = &self.whose {
            whose.cut(error);
        }
    }

    fn has_ended(&mut self, context: &mut Context<'_>) -> bool {
        self.ended.as_mut().is_some_and(|ended| ended.at.as_mut().poll(context).is_ready())
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
            KindProjection::Streamed { source, watch, lease, progress, trailers } => loop {
                // First: a stream that always has something to say must end, too.
                if watch.as_mut().is_some_and(|watch| watch.has_ended(context)) {
                    *lease = None;
                    return Poll::Ready(Some(Err(BodyError::SessionEnded)));
                }
                let error = match source.poll_frame(context) {
                    Poll::Ready(Some(Ok(frame))) => {
                        if let Some(watch) = watch {
                            watch.moved(frame.data_ref().map_or(0, Bytes::len));
                        }
                        if let Some(progress) = progress {
                            progress.frames.fetch_add(1, Ordering::Relaxed);
                        }
                        // A writer that knows the length asks for no more: this was the clean end.
                        if source.is_end_stream()
                            && let Some(lease) = lease.take()
                        {
                            lease.give_back();
                        }
                        if frame.is_trailers() && !*trailers {
                            continue;
                        }
                        return Poll::Ready(Some(Ok(frame)));
                    }
                    Poll::Ready(Some(Err(error))) => error,
                    Poll::Ready(None) => {
                        if let Some(lease) = lease.take() {
                            lease.give_back();
                        }
                        return Poll::Ready(None);
                    }
                    Poll::Pending => {
                        let Some(watch) = watch else { return Poll::Pending };
                        if !watch.has_stalled(context) {
                            return Poll::Pending;
                        }
                        source.give_up();
                        BodyError::Stalled(watch.stall)
                    }
                };
                *lease = None;
                if let Some(progress) = progress {
                    progress.broken.store(true, Ordering::Relaxed);
                }
                if let Some(watch) = watch {
                    watch.cut(&error);
                }
                return Poll::Ready(Some(Err(error)));
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Full { data } => data.is_none(),
            Kind::Streamed { source, .. } => source.is_end_stream(),
            Kind::Portal { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Full { data } => SizeHint::with_exact(data.as_ref().map_or(0, |data| data.len() as u64)),
            Kind::Streamed { source, .. } => {
                source.incoming.as_ref().map_or_else(|| SizeHint::with_exact(0), Incoming::size_hint)
            }
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
#[cfg(test)]
pub(crate) async fn whole(body: Body, limit: u64) -> Result<Bytes, BodyError> {
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
