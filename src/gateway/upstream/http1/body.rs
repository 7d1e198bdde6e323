//! The body of an answer, read from its connection when somebody wants more of it.
//! Invariant: its clean end is the end that its framing says; a connection that ends before that is an error, but for a body
//! that its connection's end delimits.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, ReadHalf};
use tokio::sync::oneshot;
use tokio_util::io::poll_read_buf;

use super::super::lease::Lease;
use super::chunks::ChunkReader;
use super::connection::{UpstreamConnection, UpstreamStream};
use super::decode::AnswerFraming;
use super::exchange::ROOM;
use super::fault::AnswerFault;

/// The most that one read takes, bytes.
const MOST: usize = 256 * 1024;

/// The body of an answer that did not come whole with its head.
pub(in crate::gateway) struct AnswerBody(Box<Reading>);

/// Where a body is read from.
#[derive(Debug)]
pub(in crate::gateway::upstream) enum AnswerSource {
    /// A connection of its own; with the lease it is used again after a clean end.
    Whole(UpstreamConnection, Option<Lease>),
    /// A connection whose other half still sends the request, which is told of the end.
    Half(ReadHalf<UpstreamStream>, AnswerEnd),
    /// Nothing more is read.
    Closed,
}

/// Tells the task that still sends the request that the answer ended cleanly; where it is dropped, the answer did not.
pub(in crate::gateway::upstream) type AnswerEnd = oneshot::Sender<()>;

struct Reading {
    source: AnswerSource,
    left: Left,
    /// What came and was not handed on.
    bytes: Bytes,
    /// Where the next read goes.
    space: BytesMut,
    /// How much the next read may take.
    room: usize,
    /// What came before a failure had a turn to be written.
    was_written: bool,
}

/// What is still to come.
#[derive(Debug)]
enum Left {
    Length(u64),
    Chunks(ChunkReader),
    ToTheEnd,
    Nothing,
    /// It was found out in advance how it goes on.
    Failed(AnswerFault),
}

impl AnswerSource {
    /// The answer ended as its framing says: the connection goes back, unless it may not or `is_certain` says that something
    /// of the answer is in doubt.
    pub(in crate::gateway::upstream) fn end(self, is_certain: bool) {
        match self {
            Self::Whole(connection, Some(lease)) if is_certain => lease.give_back(connection),
            Self::Half(_, end) => {
                let _nobody_waits = end.send(());
            }
            Self::Whole(..) | Self::Closed => {}
        }
    }
}

impl AnswerBody {
    /// What follows a head, with the bytes that came behind it.
    pub(in crate::gateway::upstream) fn new(framing: AnswerFraming, bytes: Bytes, source: AnswerSource) -> Self {
        let left = match framing {
            AnswerFraming::Length(length) => Left::Length(length),
            AnswerFraming::Chunks => Left::Chunks(ChunkReader::default()),
            AnswerFraming::ToTheEnd => Left::ToTheEnd,
            AnswerFraming::Nothing | AnswerFraming::Switched => Left::Nothing,
        };
        Self(Box::new(Reading { source, left, bytes, space: BytesMut::new(), room: ROOM, was_written: false }))
    }

    /// Closes the connection: nobody wants the rest.
    pub(in crate::gateway) fn close(&mut self) {
        self.0.source = AnswerSource::Closed;
    }
}

impl Reading {
    /// The clean end: the connection goes back where it may.
    fn end(&mut self) {
        let by_the_letter = match &self.left {
            Left::Chunks(chunks) => chunks.is_by_the_letter(),
            _ => true,
        };
        let source = mem::replace(&mut self.source, AnswerSource::Closed);
        source.end(by_the_letter && self.bytes.is_empty());
        (self.bytes, self.space) = (Bytes::new(), BytesMut::new());
    }

    /// Reads more; `false` where the connection has ended.
    fn more(&mut self, context: &mut Context<'_>) -> Poll<Result<bool, AnswerFault>> {
        let most = match self.left {
            Left::Length(left) => usize::try_from(left).unwrap_or(usize::MAX).min(self.room),
            _ => self.room,
        };
        if self.space.capacity() == 0 {
            self.space.reserve(most);
        }
        let there = self.space.capacity();
        let read = match &mut self.source {
            AnswerSource::Whole(connection, _) => read(&mut connection.stream, context, &mut self.space),
            AnswerSource::Half(half, _) => read(half, context, &mut self.space),
            AnswerSource::Closed => Poll::Ready(Err(AnswerFault::Ended)),
        };
        let read = ready!(read)?;
        self.room = if read == there {
            (self.room * 2).min(MOST)
        } else if read < self.room / 4 {
            (self.room / 2).max(ROOM)
        } else {
            self.room
        };
        self.bytes = mem::take(&mut self.space).freeze();
        Poll::Ready(Ok(read > 0))
    }

    fn next(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Frame<Bytes>>, AnswerFault>> {
        loop {
            match &mut self.left {
                Left::Nothing => return Poll::Ready(Ok(None)),
                Left::Failed(_) => {
                    let Left::Failed(fault) = mem::replace(&mut self.left, Left::Nothing) else { continue };
                    return Poll::Ready(Err(fault));
                }
                Left::Length(left) if !self.bytes.is_empty() => {
                    // At most what is here, so it fits.
                    let here = usize::try_from(*left).unwrap_or(usize::MAX).min(self.bytes.len());
                    *left -= here as u64;
                    let (data, is_last) = (self.bytes.split_to(here), *left == 0);
                    if is_last {
                        self.end();
                        self.left = Left::Nothing;
                    }
                    return Poll::Ready(Ok(Some(Frame::data(data))));
                }
                Left::Chunks(chunks) if chunks.is_done() => {
                    let trailers = chunks.take_trailers();
                    self.left = Left::Nothing;
                    return Poll::Ready(Ok(trailers.map(Frame::trailers)));
                }
                Left::Chunks(chunks) if !self.bytes.is_empty() => {
                    chunks.advance(&mut self.bytes)?;
                    let data = chunks.data(&mut self.bytes);
                    // A look ahead: who knows that this was all writes the end with it.
                    let ahead = chunks.advance(&mut self.bytes);
                    let is_done = chunks.is_done();
                    if let Err(fault) = ahead {
                        self.left = Left::Failed(fault);
                    } else if is_done {
                        self.end();
                    }
                    if let Some(data) = data {
                        return Poll::Ready(Ok(Some(Frame::data(data))));
                    }
                }
                Left::ToTheEnd if !self.bytes.is_empty() => {
                    return Poll::Ready(Ok(Some(Frame::data(mem::take(&mut self.bytes)))));
                }
                Left::Length(_) | Left::Chunks(_) | Left::ToTheEnd => {
                    if !ready!(self.more(context))? {
                        if !matches!(self.left, Left::ToTheEnd) {
                            return Poll::Ready(Err(AnswerFault::Ended));
                        }
                        self.end();
                        self.left = Left::Nothing;
                    }
                }
            }
        }
    }
}

fn read(
    stream: &mut (impl AsyncRead + Unpin),
    context: &mut Context<'_>,
    space: &mut BytesMut,
) -> Poll<Result<usize, AnswerFault>> {
    poll_read_buf(Pin::new(stream), context, space).map_err(Into::into)
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = AnswerFault;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, AnswerFault>>> {
        let reading = &mut *self.get_mut().0;
        let next = match ready!(reading.next(context)) {
            // Who writes the answer drops what it has not written when it hears of this: first it writes.
            Err(fault) if !mem::replace(&mut reading.was_written, true) => {
                (reading.source, reading.left) = (AnswerSource::Closed, Left::Failed(fault));
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            next => next,
        };
        if next.is_err() {
            reading.source = AnswerSource::Closed;
            reading.left = Left::Nothing;
        }
        Poll::Ready(next.transpose())
    }

    fn is_end_stream(&self) -> bool {
        match &self.0.left {
            Left::Nothing => true,
            Left::Chunks(chunks) => chunks.is_done() && !chunks.has_trailers(),
            Left::Length(_) | Left::ToTheEnd | Left::Failed(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0.left {
            Left::Length(left) => SizeHint::with_exact(*left),
            Left::Nothing => SizeHint::with_exact(0),
            Left::Chunks(_) | Left::ToTheEnd | Left::Failed(_) => SizeHint::default(),
        }
    }
}

impl fmt::Debug for AnswerBody {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AnswerBody({:?} left)", self.0.left)
    }
}
