//! One body for both directions: what streams through from a peer, what the gateway says itself, and what the portal
//! answers. Nothing is gathered on the way; the reader's pace is the writer's.
//! Invariant: a body that breaks off ends in an error, never in a clean end, so that nobody takes half for the whole.

use std::fmt;
use std::pin::Pin;
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
        Streamed { #[pin] incoming: Incoming, watch: Option<Box<Watch>>, lease: Option<Lease>, trailers: bool },
        Portal { #[pin] body: axum::body::Body },
    }
}

/// What is watched while a body streams: its pace, and whether its session still lives.
struct Watch {
    stall: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    ended: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
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
        Self { kind: Kind::Streamed { incoming, watch: None, lease: None, trailers: false } }
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
            *watch = Some(Box::new(Watch { stall, deadline: None, ended }));
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
                None => *watch = Some(Box::new(Watch { stall: Duration::MAX, deadline: None, ended })),
            }
        }
        self
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
    fn poll(&mut self, context: &mut Context<'_>) -> Option<BodyError> {
        if let Some(ended) = &mut self.ended
            && ended.as_mut().poll(context).is_ready()
        {
            return Some(BodyError::SessionEnded);
        }
        if self.stall == Duration::MAX {
            return None;
        }
        let stall = self.stall;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        deadline.as_mut().poll(context).is_ready().then_some(BodyError::Stalled(stall))
    }

    fn moved(&mut self) {
        if let Some(deadline) = &mut self.deadline {
            deadline.as_mut().reset(Instant::now() + self.stall);
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.project().kind.project() {
            KindProjection::Full { data } => Poll::Ready(data.take().map(|data| Ok(Frame::data(data)))),
            KindProjection::Portal { body } => body.poll_frame(context).map_err(BodyError::Portal),
            KindProjection::Streamed { mut incoming, watch, lease, trailers } => loop {
                return match incoming.as_mut().poll_frame(context) {
                    Poll::Ready(Some(Ok(frame))) => {
                        if let Some(watch) = watch {
                            watch.moved();
                        }
                        // Whoever sends it on may stop at the last frame, and never ask for the end behind it.
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
                        let Some(error) = watch.poll(context) else { return Poll::Pending };
                        *lease = None;
                        Poll::Ready(Some(Err(error)))
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
