//! The request on its way out: its head, then its body as it comes.
//! Invariant: a body that breaks off or does not have the length that its head says is never ended cleanly.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use http::header::HeaderValue;
use http_body::Frame;
use tokio::io::AsyncWrite;

use super::super::request_head::RequestHead;
use super::encode::{UploadFraming, write_head, write_number};

/// A buffer that grew beyond this is not kept.
const KEPT: usize = 32 * 1024;

/// Why it did not go out whole.
#[derive(Debug)]
pub(super) enum UploadFault {
    /// The body itself: it broke off, or is not as long as it was said to be.
    Body,
    /// The connection.
    Connection(io::Error),
}

/// A request that is being written.
#[derive(Debug)]
pub(in crate::gateway::upstream) struct Upload {
    framing: UploadFraming,
    /// What is written before `data`.
    out: Bytes,
    data: Bytes,
    /// What is written behind `data`.
    tail: &'static [u8],
    /// All of the body was taken.
    ended: bool,
    unflushed: bool,
    /// A byte of the request left.
    has_left: bool,
    /// Something of the body was taken.
    took: bool,
}

thread_local! {
    /// Where heads are written, one after the other.
    static HEAD: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Upload {
    pub(super) fn new(framing: UploadFraming) -> Self {
        let ended = framing == UploadFraming::Nothing;
        let (out, data, tail) = (Bytes::new(), Bytes::new(), &[][..]);
        Self { framing, out, data, tail, ended, unflushed: false, has_left: false, took: false }
    }

    /// Whether the request is whole: no byte of it left, and nothing of its body was taken. Below TLS a part of its head may
    /// have left where the connection broke in the midst of it: a head without an end asks for nothing.
    pub(super) const fn is_untouched(&self) -> bool {
        !self.has_left && !self.took
    }

    /// Writes the head, with what there is of the body. Once, before [`Self::poll`].
    pub(super) fn begin<B: http_body::Body<Data = Bytes> + Unpin>(
        &mut self,
        context: &mut Context<'_>,
        stream: &mut (impl AsyncWrite + Unpin),
        (head, host): (&impl RequestHead, &HeaderValue),
        body: &mut B,
    ) -> Result<(), UploadFault> {
        let framing = self.framing;
        let first = (framing != UploadFraming::Nothing).then(|| Pin::new(&mut *body).poll_frame(context));
        HEAD.with_borrow_mut(|out| {
            out.clear();
            write_head(head, host, framing, out);
            if let Some(Poll::Ready(frame)) = first {
                self.take(frame, body, out)?;
            }
            let slices = [IoSlice::new(out), IoSlice::new(&self.data), IoSlice::new(self.tail)];
            let written = match Pin::new(stream).poll_write_vectored(context, &slices) {
                Poll::Ready(written) => written.map_err(UploadFault::Connection)?,
                Poll::Pending => 0,
            };
            self.out = out.get(written.min(out.len())..).map_or_else(Bytes::new, Bytes::copy_from_slice);
            self.left(written.saturating_sub(out.len()), written > 0);
            if out.capacity() > KEPT {
                *out = Vec::new();
            }
            Ok(())
        })
    }

    /// Writes on, until all of it left.
    pub(super) fn poll<B: http_body::Body<Data = Bytes> + Unpin>(
        &mut self,
        context: &mut Context<'_>,
        stream: &mut (impl AsyncWrite + Unpin),
        body: &mut B,
    ) -> Poll<Result<(), UploadFault>> {
        loop {
            while !self.out.is_empty() || !self.data.is_empty() || !self.tail.is_empty() {
                let slices = [IoSlice::new(&self.out), IoSlice::new(&self.data), IoSlice::new(self.tail)];
                let written = ready!(Pin::new(&mut *stream).poll_write_vectored(context, &slices));
                let mut written = written.map_err(UploadFault::Connection)?;
                if written == 0 {
                    return Poll::Ready(Err(UploadFault::Connection(io::ErrorKind::WriteZero.into())));
                }
                let of_out = written.min(self.out.len());
                self.out.advance(of_out);
                written -= of_out;
                self.left(written, true);
            }
            if self.ended {
                return Pin::new(stream).poll_flush(context).map_err(UploadFault::Connection);
            }
            let Poll::Ready(frame) = Pin::new(&mut *body).poll_frame(context) else {
                if self.unflushed
                    && let Poll::Ready(flushed) = Pin::new(stream).poll_flush(context)
                {
                    flushed.map_err(UploadFault::Connection)?;
                    self.unflushed = false;
                }
                return Poll::Pending;
            };
            let mut out = Vec::new();
            self.take(frame, body, &mut out)?;
            self.out = out.into();
        }
    }

    /// Writes to the end.
    pub(in crate::gateway::upstream) async fn finish<B: http_body::Body<Data = Bytes> + Unpin>(
        mut self,
        mut stream: impl AsyncWrite + Unpin,
        mut body: B,
    ) {
        // The answer is there already: how this ends is nobody's concern but the body's own.
        let _ended = poll_fn(|context| self.poll(context, &mut stream, &mut body)).await;
    }

    /// So much of what stands behind `out` was written.
    fn left(&mut self, mut written: usize, any: bool) {
        self.has_left |= any;
        self.unflushed |= any;
        let of_data = written.min(self.data.len());
        self.data.advance(of_data);
        written -= of_data;
        self.tail = self.tail.get(written..).unwrap_or_default();
    }

    /// Takes what the body gave; the chunk's size goes to `out`.
    fn take<B: http_body::Body<Data = Bytes>>(
        &mut self,
        frame: Option<Result<Frame<Bytes>, B::Error>>,
        body: &B,
        out: &mut Vec<u8>,
    ) -> Result<(), UploadFault> {
        self.took = true;
        let data = match frame {
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            Some(Err(_error)) => return Err(UploadFault::Body),
            None => return self.end(out),
        };
        if data.is_empty() {
            return Ok(());
        }
        match &mut self.framing {
            UploadFraming::Nothing => return Err(UploadFault::Body),
            UploadFraming::Length(left) => {
                *left = left.checked_sub(data.len() as u64).ok_or(UploadFault::Body)?;
                self.ended = *left == 0;
            }
            UploadFraming::Chunks { begun } => {
                if mem::replace(begun, true) {
                    out.extend_from_slice(b"\r\n");
                }
                write_number(data.len() as u64, 16, out);
                out.extend_from_slice(b"\r\n");
                if body.is_end_stream() {
                    self.tail = b"\r\n0\r\n\r\n";
                    self.ended = true;
                }
            }
        }
        self.data = data;
        Ok(())
    }

    /// The body ended.
    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), UploadFault> {
        match self.framing {
            UploadFraming::Length(1..) => return Err(UploadFault::Body),
            UploadFraming::Nothing | UploadFraming::Length(0) => {}
            UploadFraming::Chunks { begun } => {
                out.extend_from_slice(if begun { b"\r\n0\r\n\r\n" } else { b"0\r\n\r\n" });
            }
        }
        self.ended = true;
        Ok(())
    }
}
