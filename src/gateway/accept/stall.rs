//! Peers that do not read what they are sent (T22): a socket that accepts no byte for a while is an error, and an HTTP/2
//! connection none of whose streams moves is closed. Waiting for an upstream is not the client's fault, and does not count.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use crate::gateway::body::{Body, BodyError};

/// A connection whose writes fail after standing still for `stall`.
#[derive(Debug)]
pub(in crate::gateway) struct Patient<IO> {
    io: IO,
    stall: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<IO> Patient<IO> {
    pub(in crate::gateway) const fn new(io: IO, stall: Duration) -> Self {
        Self { io, stall, deadline: None }
    }

    fn wrote(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        let stall = self.stall;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        deadline.as_mut().poll(context).map(|()| Err(io::Error::new(io::ErrorKind::TimedOut, "the peer does not read")))
    }
}

impl<IO: AsyncRead + Unpin> AsyncRead for Patient<IO> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_read(context, out)
    }
}

impl<IO: AsyncWrite + Unpin> AsyncWrite for Patient<IO> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.io).poll_write(context, bytes);
        this.wrote(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.io).poll_write_vectored(context, slices);
        this.wrote(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(context)
    }
}

/// The activity on an HTTP/2 connection.
#[derive(Debug, Default)]
pub(in crate::gateway) struct Activity {
    /// Requests begun, and frames of answers taken, since the connection began.
    steps: AtomicU32,
    /// Requests whose answer has not begun.
    at_work: AtomicU32,
    /// Answers that have not ended.
    open: AtomicU32,
    /// Those of them that wait for their source.
    waiting: AtomicU32,
}

/// The state of an HTTP/2 connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Pulse {
    /// There is something to do.
    Busy,
    /// Nothing was asked, and nothing is under way.
    Quiet,
    /// The client does not read its answers.
    Stuck,
}

/// A request at work; dropped when its answer began.
#[derive(Debug)]
pub(in crate::gateway) struct AtWork(Arc<Activity>);

impl Activity {
    /// A request begins.
    pub(in crate::gateway) fn begin(self: &Arc<Self>) -> AtWork {
        self.steps.fetch_add(1, Ordering::Relaxed);
        self.at_work.fetch_add(1, Ordering::Relaxed);
        AtWork(Arc::clone(self))
    }

    /// What happened since `before`, the steps of the last look.
    pub(in crate::gateway) fn pulse(&self, before: &mut u32) -> Pulse {
        let steps = self.steps.load(Ordering::Relaxed);
        if std::mem::replace(before, steps) != steps || self.at_work.load(Ordering::Relaxed) > 0 {
            return Pulse::Busy;
        }
        match self.open.load(Ordering::Relaxed) {
            0 => Pulse::Quiet,
            open if open > self.waiting.load(Ordering::Relaxed) => Pulse::Stuck,
            _ => Pulse::Busy,
        }
    }
}

impl AtWork {
    /// The answer begins.
    pub(in crate::gateway) fn answer(self, body: Body) -> Paced {
        self.0.open.fetch_add(1, Ordering::Relaxed);
        Paced { body, waiting: false, activity: Arc::clone(&self.0) }
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.at_work.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An answer's body whose progress is counted.
#[derive(Debug)]
pub(in crate::gateway) struct Paced {
    body: Body,
    waiting: bool,
    activity: Arc<Activity>,
}

impl Paced {
    fn wait(&mut self, waits: bool) {
        if waits != self.waiting {
            self.waiting = waits;
            if waits {
                self.activity.waiting.fetch_add(1, Ordering::Relaxed);
            } else {
                self.activity.waiting.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }
}

impl http_body::Body for Paced {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.body).poll_frame(context);
        this.wait(frame.is_pending());
        if frame.is_ready() {
            this.activity.steps.fetch_add(1, Ordering::Relaxed);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        self.wait(false);
        self.activity.open.fetch_sub(1, Ordering::Relaxed);
    }
}
