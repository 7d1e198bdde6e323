//! One body for both directions: what streams through from a peer, what the gateway says itself, and what the portal
//! answers. Nothing is gathered on the way; the reader's pace is the writer's.
//! Invariant: a body that breaks off ends in an error, never in a clean end, so that nobody takes half for the whole.

mod cut;
mod error;
mod source;
mod watch;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use pin_project_lite::pin_project;

pub(super) use self::cut::{BodyOrigin, BodySide};
pub use self::error::BodyError;
use self::source::StreamSource;
pub(super) use self::source::{GatheredBytes, Lingering};
use self::watch::StreamWatch;
pub(super) use self::watch::UploadProgress;
use super::load::Load;
use super::stream_end::StreamEnd;
use super::upstream::http1::AnswerBody;

pin_project! {
    /// A body on its way.
    pub struct Body {
        #[pin]
        kind: BodyKind,
    }
}

pin_project! {
    #[project = BodyKindProjection]
    enum BodyKind {
        Full { data: Option<Bytes> },
        Streamed { source: StreamSource, watch: Option<Box<StreamWatch>>, progress: Option<Arc<UploadProgress>>, trailers: bool },
        Portal { #[pin] body: axum::body::Body },
    }
}

impl Body {
    /// Nothing.
    pub const fn empty() -> Self {
        Self { kind: BodyKind::Full { data: None } }
    }

    /// These bytes.
    pub fn full(data: impl Into<Bytes>) -> Self {
        let data = data.into();
        Self { kind: BodyKind::Full { data: (!data.is_empty()).then_some(data) } }
    }

    /// What an upstream answers over HTTP/1.1, with its trailers. Its connection is used again after a clean end, and closed
    /// after any other (T18: nothing is reused whose answer was not read to its end).
    pub(super) const fn answered(answer: AnswerBody) -> Self {
        let source = StreamSource::answered(answer);
        Self { kind: BodyKind::Streamed { source, watch: None, progress: None, trailers: true } }
    }

    /// Whether it comes from a peer, and is not all here.
    pub(super) const fn is_streamed(&self) -> bool {
        matches!(self.kind, BodyKind::Streamed { .. })
    }

    /// What a peer sends, as it comes; trailers are dropped unless asked for (T4).
    pub const fn streamed(incoming: Incoming) -> Self {
        Self::from(StreamSource::new(incoming))
    }

    const fn from(source: StreamSource) -> Self {
        Self { kind: BodyKind::Streamed { source, watch: None, progress: None, trailers: false } }
    }

    /// As [`Self::streamed`], for what a client sends: its rest is read where `lingering` says so, and what is gathered of it
    /// counts in `load`.
    pub(super) fn received(incoming: Incoming, lingering: Option<&Lingering>, load: Option<&Arc<Load>>) -> Self {
        Self::from(StreamSource::received(incoming, lingering, load))
    }

    /// Counts what comes among what the requests of its connection take up, as long as the answer is held.
    pub(super) fn count_gathered(&mut self) -> Option<Arc<GatheredBytes>> {
        match &mut self.kind {
            BodyKind::Streamed { source, .. } => source.count_gathered(),
            BodyKind::Full { .. } | BodyKind::Portal { .. } => None,
        }
    }

    /// What the portal answers.
    pub const fn portal(body: axum::body::Body) -> Self {
        Self { kind: BodyKind::Portal { body } }
    }

    /// Lets trailers through: towards a client, never towards an upstream.
    #[must_use]
    pub fn with_trailers(mut self) -> Self {
        if let BodyKind::Streamed { trailers, .. } = &mut self.kind {
            *trailers = true;
        }
        self
    }

    /// Breaks off when nothing moves for `stall`.
    #[must_use]
    pub fn watched(mut self, stall: Duration) -> Self {
        if let BodyKind::Streamed { watch, .. } = &mut self.kind {
            *watch = Some(Box::new(StreamWatch::new(stall, watch.take())));
        }
        self
    }

    /// Names its origin in the log line about its being cut off. After [`Self::watched`].
    #[must_use]
    pub(super) fn of(mut self, origin: BodyOrigin) -> Self {
        if let BodyKind::Streamed { watch: Some(watch), .. } = &mut self.kind {
            watch.report_as(origin);
        }
        self
    }

    /// Also breaks off when it comes too slowly: for bodies that a client sends and that are not a conversation. After
    /// [`Self::watched`].
    #[must_use]
    pub(super) fn with_least_pace(mut self) -> Self {
        if let BodyKind::Streamed { watch: Some(watch), .. } = &mut self.kind {
            watch.demand_pace();
        }
        self
    }

    /// Breaks off when `end` is reached: an event stream ends with its session (T25).
    #[must_use]
    pub(super) fn until(mut self, end: StreamEnd) -> Self {
        if let BodyKind::Streamed { watch, .. } = &mut self.kind {
            watch.get_or_insert_with(|| Box::new(StreamWatch::new(Duration::MAX, None))).end_with(end);
        }
        self
    }

    /// How far it comes, while it comes; `None` where nothing is left to come.
    pub(super) fn followed(&mut self) -> Option<Arc<UploadProgress>> {
        match &mut self.kind {
            BodyKind::Streamed { source, progress, .. } if !source.is_end_stream() => {
                Some(Arc::clone(progress.get_or_insert_default()))
            }
            BodyKind::Streamed { .. } | BodyKind::Full { .. } | BodyKind::Portal { .. } => None,
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.project().kind.project() {
            BodyKindProjection::Full { data } => Poll::Ready(data.take().map(|data| Ok(Frame::data(data)))),
            BodyKindProjection::Portal { body } => http_body::Body::poll_frame(body, context).map_err(BodyError::Portal),
            BodyKindProjection::Streamed { source, watch, progress, trailers } => loop {
                // First: a stream that always has something to say must end, too.
                if watch.as_mut().is_some_and(|watch| watch.has_ended(context)) {
                    source.give_up();
                    return Poll::Ready(Some(Err(BodyError::SessionEnded)));
                }
                let error = match source.poll_frame(context) {
                    Poll::Ready(Some(Ok(frame))) => {
                        if let Some(watch) = watch {
                            watch.moved(frame.data_ref().map_or(0, Bytes::len));
                        }
                        if let Some(progress) = progress {
                            progress.moved();
                        }
                        if frame.is_trailers() && !*trailers {
                            continue;
                        }
                        return Poll::Ready(Some(Ok(frame)));
                    }
                    Poll::Ready(Some(Err(error))) => error,
                    Poll::Ready(None) => return Poll::Ready(None),
                    Poll::Pending => {
                        let Some(watch) = watch else { return Poll::Pending };
                        if !watch.has_stalled(context) {
                            return Poll::Pending;
                        }
                        source.give_up();
                        watch.stalled()
                    }
                };
                if let Some(progress) = progress {
                    progress.broke_off();
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
            BodyKind::Full { data } => data.is_none(),
            BodyKind::Streamed { source, .. } => source.is_end_stream(),
            BodyKind::Portal { body } => http_body::Body::is_end_stream(body),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            BodyKind::Full { data } => SizeHint::with_exact(data.as_ref().map_or(0, |data| data.len() as u64)),
            BodyKind::Streamed { source, .. } => source.size_hint(),
            BodyKind::Portal { body } => http_body::Body::size_hint(body),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match &self.kind {
            BodyKind::Full { .. } => "Body(full)",
            BodyKind::Streamed { .. } => "Body(streamed)",
            BodyKind::Portal { .. } => "Body(portal)",
        })
    }
}

/// Reads a whole body of at most `limit` bytes.
///
/// # Errors
/// [`BodyError::TooLong`] as soon as more arrives, or what broke it off.
#[cfg(test)]
pub(crate) async fn whole(body: Body, limit: u64) -> Result<Bytes, BodyError> {
    use http_body::Body as _;

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
