//! Where a streamed body comes from. What a client still sends when its answer is complete is read for a while and thrown
//! away, so that the answer is not lost with the connection (RFC 9112 §9.6, RFC 9113 §8.1).

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio_util::task::TaskTracker;

use super::error::BodyError;
use crate::gateway::drain::Drain;
use crate::gateway::load::{Load, Weight};
use crate::gateway::upstream::http1::AnswerBody;

/// After its answer a request's body is read on for so many bytes …
const READ_ON: u64 = 64 << 20;

/// … and for so long in all …
const READ_ON_WITHIN: Duration = Duration::from_secs(30);

/// … as long as it goes on coming.
const READ_ON_GAP: Duration = Duration::from_secs(5);

/// The source of a streamed body.
pub(super) struct StreamSource {
    peer: PeerBody,
    /// Only for a body that a client sends.
    upload: Option<Box<Upload>>,
}

/// The reader of a peer's body.
enum PeerBody {
    /// hyper's: of a client, or of an upstream over HTTP/2.
    Incoming(Incoming),
    /// Of an upstream over HTTP/1.1.
    Answer(AnswerBody),
    /// Only after the drop.
    Taken,
}

struct Upload {
    /// How its rest is read once nothing reads the body; `None` where the rest is not read.
    lingers: Option<Lingering>,
    /// The memory that the requests of the connection take up, where that is counted.
    load: Option<Arc<Load>>,
    /// The part of it that this body takes up, where it is gathered.
    gathered: Option<Arc<GatheredBytes>>,
}

/// How the rest of a body is read that nothing reads any more.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Lingering {
    /// The tasks that it runs on.
    pub(in crate::gateway) tasks: TaskTracker,
    /// The server's.
    pub(in crate::gateway) drain: Drain,
}

/// The gathered bytes of a body: counted among the requests of its connection until this is dropped.
#[derive(Debug)]
pub(in crate::gateway) struct GatheredBytes(parking_lot::Mutex<Weight>);

impl StreamSource {
    /// What an upstream sends over HTTP/2.
    pub(super) const fn new(incoming: Incoming) -> Self {
        Self { peer: PeerBody::Incoming(incoming), upload: None }
    }

    /// What an upstream sends over HTTP/1.1.
    pub(super) const fn answered(answer: AnswerBody) -> Self {
        Self { peer: PeerBody::Answer(answer), upload: None }
    }

    /// What a client sends.
    pub(super) fn received(incoming: Incoming, lingering: Option<&Lingering>, load: Option<&Arc<Load>>) -> Self {
        // The common case: nothing comes.
        let upload = (!incoming.is_end_stream())
            .then(|| Box::new(Upload { lingers: lingering.cloned(), load: load.cloned(), gathered: None }));
        Self { peer: PeerBody::Incoming(incoming), upload }
    }

    /// Counts from now on what comes; `None` where nothing comes or nothing is counted.
    pub(super) fn count_gathered(&mut self) -> Option<Arc<GatheredBytes>> {
        let upload = self.upload.as_mut()?;
        let gathered = Arc::new(GatheredBytes(upload.load.as_ref()?.take(0)?.into()));
        upload.gathered = Some(Arc::clone(&gathered));
        Some(gathered)
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        match &self.peer {
            PeerBody::Incoming(incoming) => incoming.size_hint(),
            PeerBody::Answer(answer) => answer.size_hint(),
            PeerBody::Taken => SizeHint::with_exact(0),
        }
    }

    pub(super) fn is_end_stream(&self) -> bool {
        match &self.peer {
            PeerBody::Incoming(incoming) => incoming.is_end_stream(),
            PeerBody::Answer(answer) => answer.is_end_stream(),
            PeerBody::Taken => true,
        }
    }

    pub(super) fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let incoming = match &mut self.peer {
            PeerBody::Incoming(incoming) => incoming,
            PeerBody::Answer(answer) => return Pin::new(answer).poll_frame(context).map_err(Into::into),
            PeerBody::Taken => return Poll::Ready(None),
        };
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

    /// The body broke off, comes too slowly, or may not go on: its rest is not read, and an upstream's connection is closed.
    pub(super) fn give_up(&mut self) {
        if let PeerBody::Answer(answer) = &mut self.peer {
            answer.close();
        }
        if let Some(upload) = &mut self.upload {
            upload.lingers = None;
        }
    }
}

impl Drop for StreamSource {
    fn drop(&mut self) {
        let Some(upload) = self.upload.take() else { return };
        let PeerBody::Incoming(incoming) = std::mem::replace(&mut self.peer, PeerBody::Taken) else { return };
        if let Some(Lingering { tasks, drain }) = upload.lingers
            && !incoming.is_end_stream()
            // Without a runtime everything ends.
            && let Ok(here) = tokio::runtime::Handle::try_current()
        {
            tasks.spawn_on(
                async move {
                    tokio::select! {
                        () = drain.begun() => {}
                        _late = tokio::time::timeout(READ_ON_WITHIN, read_on(incoming)) => {}
                    }
                },
                &here,
            );
        }
    }
}

/// Reads what a client still sends, and throws it away. More than [`READ_ON`] is left to the connection, which then stands
/// still: over HTTP/2 the stream is reset when this function ends, and the answer must arrive before that.
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

impl GatheredBytes {
    fn holds(&self, bytes: usize) -> bool {
        self.0.lock().grow(bytes as u64)
    }
}
