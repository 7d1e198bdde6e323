//! One request and the head of its answer over one connection, both directions in one future: the request goes out while the
//! answer is awaited, and an answer that begins before the request is whole is an answer.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::Method;
use http::header::HeaderValue;
use tokio::io::AsyncRead;
use tokio_util::io::poll_read_buf;

use super::super::request_head::RequestHead;
use super::connection::UpstreamConnection;
use super::decode::{AnswerFraming, AnswerHead, HeadReading, read_head};
use super::encode::UploadFraming;
use super::fault::AnswerFault;
use super::upload::{Upload, UploadFault};

/// Room for a head and a small body, bytes: one read takes most answers whole.
pub(super) const ROOM: usize = 8 * 1024;

/// The head of the answer, and the state of the connection behind it.
#[derive(Debug)]
pub(in crate::gateway::upstream) struct HeadReceived {
    pub(in crate::gateway::upstream) head: AnswerHead,
    /// What came behind the head.
    pub(in crate::gateway::upstream) rest: Bytes,
    /// The request, where it is not out yet.
    pub(in crate::gateway::upstream) upload: Option<Upload>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(in crate::gateway::upstream) enum ExchangeFault {
    /// No byte of the request left, and it is whole.
    Unsent(io::Error),
    /// The request's own body failed.
    Body,
    /// The answer, or the connection.
    Answer(AnswerFault),
}

/// Sends a request and reads the head of its answer. Interim answers are dropped, as they always were.
pub(in crate::gateway::upstream) async fn exchange<B: http_body::Body<Data = Bytes> + Unpin>(
    connection: &mut UpstreamConnection,
    head: &impl RequestHead,
    host: &HeaderValue,
    body: &mut B,
) -> Result<HeadReceived, ExchangeFault> {
    let stream = &mut connection.stream;
    let mut upload = Some(Upload::new(UploadFraming::of(head.method(), body)));
    let (mut begun, mut keeps) = (false, true);
    let mut answer = AwaitedHead::default();
    let (mut head_read, rest) = poll_fn(|context| {
        if let Some(sending) = &mut upload {
            let sent = if begun {
                sending.poll(context, stream, body)
            } else {
                begun = true;
                match sending.begin(context, stream, (head, host), body) {
                    Ok(()) => sending.poll(context, stream, body),
                    Err(fault) => Poll::Ready(Err(fault)),
                }
            };
            match sent {
                Poll::Pending => {}
                Poll::Ready(Ok(())) => upload = None,
                Poll::Ready(Err(UploadFault::Body)) => return Poll::Ready(Err(ExchangeFault::Body)),
                Poll::Ready(Err(UploadFault::Connection(error))) => {
                    if sending.is_untouched() {
                        return Poll::Ready(Err(ExchangeFault::Unsent(error)));
                    }
                    // An upstream that takes no more of the request may have said why.
                    upload = None;
                    keeps = false;
                }
            }
        }
        answer.poll(context, stream, head.method()).map_err(ExchangeFault::Answer)
    })
    .await?;
    head_read.keeps &= keeps && upload.is_none();
    if head_read.framing == AnswerFraming::Switched && (upload.is_some() || !keeps) {
        return Err(ExchangeFault::Answer(AnswerFault::Malformed("it switched protocols before the request was whole")));
    }
    Ok(HeadReceived { head: head_read, rest, upload })
}

/// A head that is awaited, as far as it came.
#[derive(Debug, Default)]
pub(super) struct AwaitedHead {
    bytes: BytesMut,
    /// Up to where there is no empty line.
    searched: usize,
    /// How much must be there until it is read again without one.
    next: usize,
}

impl AwaitedHead {
    /// The head and what came behind it, as soon as they are there.
    pub(super) fn poll(
        &mut self,
        context: &mut Context<'_>,
        stream: &mut (impl AsyncRead + Unpin),
        method: &Method,
    ) -> Poll<Result<(AnswerHead, Bytes), AnswerFault>> {
        loop {
            if self.is_worth_reading() {
                match read_head(&mut self.bytes, method)? {
                    HeadReading::Head(head, rest) => return Poll::Ready(Ok((head, rest))),
                    HeadReading::Interim => {
                        (self.searched, self.next) = (0, 0);
                        continue;
                    }
                    // Again when it is twice as long, or whole: what is no answer is known soon, and a head that drips
                    // is not read once for each byte.
                    HeadReading::Partial => self.next = self.bytes.len() * 2,
                }
            }
            self.bytes.reserve(ROOM);
            if ready!(poll_read_buf(Pin::new(&mut *stream), context, &mut self.bytes))? == 0 {
                let whole = if self.bytes.is_empty() { Ok(HeadReading::Partial) } else { read_head(&mut self.bytes, method) };
                return Poll::Ready(Err(whole.err().unwrap_or(AnswerFault::Ended)));
            }
        }
    }

    fn is_worth_reading(&mut self) -> bool {
        if self.bytes.is_empty() {
            return false;
        }
        let from = self.searched.saturating_sub(2);
        let unseen = self.bytes.get(from..).unwrap_or_default();
        let is_empty_line = |at: usize| {
            let behind = unseen.get(at + 1..).unwrap_or_default();
            behind.starts_with(b"\n") || behind.starts_with(b"\r\n")
        };
        let ends = self.next > 0 && memchr::memchr_iter(b'\n', unseen).any(is_empty_line);
        self.searched = self.bytes.len();
        ends || self.bytes.len() >= self.next
    }
}
