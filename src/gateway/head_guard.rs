//! A guard in front of hyper's HTTP/1 reader: what hyper would mend (two lengths, odd transfer codings, bare line feeds),
//! it refuses, since another server may mend it otherwise (T18, T19). Heads go on only when they are whole and sound;
//! bodies go through untouched, followed only as far as to know where the next head begins.
//! A refused head is replaced by a request that names the reason, so that the answer comes in its turn, after those of
//! requests before it; nothing behind it is read.
//! A target with characters that its client did not encode is encoded here, byte for byte, since hyper takes none.
//! Invariant: hyper never sees a byte of a head that was refused, nor of a broken chunk.

mod chunks;
mod head;
mod limits;
mod malformed;

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::header::{ALLOW, CONNECTION, HeaderValue};
use http::{Request, Response};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use self::chunks::Chunks;
use self::head::{Follows, HeadReader};
pub use self::limits::HeadLimits;
pub use self::malformed::Malformed;
use super::body::Body;
use crate::facts::problem::ProblemDocument;

/// A connection whose request heads are looked at before hyper reads them.
pub struct HeadGuard<IO> {
    io: IO,
    watch: MessageWatch,
    /// Bytes kept back; what is ready goes on next, the rest is a head that is not whole.
    held: Vec<u8>,
    ready: usize,
    slow: Option<Pin<Box<Sleep>>>,
    end: ReadEnd,
    tunnel: Tunnel,
}

/// Opens the guard: after a 101, the client no longer sends HTTP.
#[derive(Clone, Debug, Default)]
pub struct Tunnel(Arc<AtomicBool>);

impl Tunnel {
    /// From now on everything passes.
    pub fn open(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_open(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Whether and how reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadEnd {
    Not,
    /// A head was refused: its stand-in is the last that hyper reads.
    Refused,
    /// A chunked body broke: hyper reads an error in its place.
    Broken,
    /// As before, and our side of the connection is shut.
    Shut {
        drained: usize,
    },
}

/// After a refusal at most so many bytes are read and thrown away, so that the answer is not lost to a reset
/// (RFC 9112 §9.6).
const DRAINED: usize = 64 * 1024;
/// And for at most so long.
const LINGER: Duration = Duration::from_secs(1);

impl<IO> HeadGuard<IO> {
    /// Guards a connection from its first byte.
    pub fn new(io: IO, limits: HeadLimits) -> Self {
        Self {
            io,
            watch: MessageWatch { limits, place: MessagePart::Head(HeadReader::default()) },
            held: Vec::new(),
            ready: 0,
            slow: None,
            end: ReadEnd::Not,
            tunnel: Tunnel::default(),
        }
    }

    /// The switch that opens it.
    pub fn tunnel(&self) -> Tunnel {
        self.tunnel.clone()
    }

    /// Puts the stand-in behind what is ready; what is held beyond that is the refused head.
    fn refuse(&mut self, reason: Malformed) {
        self.held.truncate(self.ready);
        for part in [head::STAND_IN, " /", reason.code(), " HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n"] {
            self.held.extend_from_slice(part.as_bytes());
        }
        self.ready = self.held.len();
        self.slow = None;
        self.end = ReadEnd::Refused;
    }

    fn obey(&mut self, verdict: HeadVerdict) {
        match verdict {
            HeadVerdict::Sound | HeadVerdict::Raw(_) => {}
            HeadVerdict::BadHead(reason) => self.refuse(reason),
            HeadVerdict::BadBody => {
                self.held.truncate(self.ready);
                self.end = ReadEnd::Broken;
            }
        }
    }

    /// Judges what is held, in which heads with a raw target are written anew; `raw` is one that it begins with.
    fn judge_held(&mut self, mut raw: Option<RawHead>) {
        let mut passed = 0;
        loop {
            if let Some(head) = raw.take() {
                passed += self.watch.write_anew(&mut self.held, passed, head);
            }
            let (more, verdict) = self.watch.judge(self.held.get(passed..).unwrap_or_default());
            passed += more;
            if let HeadVerdict::Raw(head) = verdict {
                raw = Some(head);
                continue;
            }
            if passed > 0 {
                self.slow = None;
            }
            self.ready = passed;
            self.obey(verdict);
            return;
        }
    }

    fn deliver(&mut self, out: &mut ReadBuf<'_>) {
        let now = self.ready.min(out.remaining());
        out.put_slice(self.held.get(..now).unwrap_or_default());
        self.ready -= now;
        if self.held.len() == now {
            // An idle connection keeps no buffer.
            self.held = Vec::new();
        } else {
            self.held.drain(..now);
        }
    }
}

impl<IO: AsyncRead + Unpin> HeadGuard<IO> {
    /// Reads into `out` and judges what came; what may not go on yet is taken back out of it.
    fn read(&mut self, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<ReadOutcome>> {
        let before = out.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(context, out))?;
        let fresh = out.filled().get(before..).unwrap_or_default();
        if fresh.is_empty() {
            return Poll::Ready(Ok(ReadOutcome::Something));
        }
        if self.held.is_empty() {
            let (passed, verdict) = self.watch.judge(fresh);
            if matches!(verdict, HeadVerdict::Sound | HeadVerdict::Raw(_)) {
                self.held.extend_from_slice(fresh.get(passed..).unwrap_or_default());
            }
            out.set_filled(before + passed);
            if let HeadVerdict::Raw(head) = verdict {
                self.judge_held(Some(head));
            } else {
                self.obey(verdict);
            }
            return Poll::Ready(Ok(if passed > 0 { ReadOutcome::Something } else { ReadOutcome::Nothing }));
        }
        self.held.extend_from_slice(fresh);
        out.set_filled(before);
        self.judge_held(None);
        Poll::Ready(Ok(ReadOutcome::Nothing))
    }

    /// Whether a head that was begun takes too long.
    fn is_slow(&mut self, context: &mut Context<'_>) -> bool {
        if self.held.is_empty() || !self.watch.head_has_begun() {
            return false;
        }
        let within = self.watch.limits.within;
        let slow = self.slow.get_or_insert_with(|| Box::pin(tokio::time::sleep(within)));
        slow.as_mut().poll(context).is_ready()
    }
}

/// What a read left in the reader's buffer.
enum ReadOutcome {
    /// Bytes that were passed, or the end of the stream.
    Something,
    /// Nothing that may go on yet: look at what is held, or read again.
    Nothing,
}

impl<IO: AsyncRead + Unpin> AsyncRead for HeadGuard<IO> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            let is_open = this.end == ReadEnd::Not && this.tunnel.is_open();
            if is_open {
                this.ready = this.held.len();
            }
            if this.ready > 0 {
                this.deliver(out);
                return Poll::Ready(Ok(()));
            }
            if is_open {
                return Pin::new(&mut this.io).poll_read(context, out);
            }
            match this.end {
                ReadEnd::Not => {}
                // Nothing more will come; hyper answers what it has and closes.
                ReadEnd::Refused | ReadEnd::Shut { .. } => return Poll::Pending,
                ReadEnd::Broken => {
                    return Poll::Ready(Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "the framing of a chunked body is broken",
                    )));
                }
            }
            match this.read(context, out) {
                Poll::Ready(Ok(ReadOutcome::Something)) => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(ReadOutcome::Nothing)) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending if this.is_slow(context) => this.refuse(Malformed::TooSlow),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> AsyncWrite for HeadGuard<IO> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(context)
    }

    /// Shuts our side; after a refusal, reads what still comes for a moment, and throws it away.
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let mut drained = match this.end {
            ReadEnd::Not => return Pin::new(&mut this.io).poll_shutdown(context),
            ReadEnd::Refused | ReadEnd::Broken => {
                ready!(Pin::new(&mut this.io).poll_shutdown(context))?;
                this.slow = Some(Box::pin(tokio::time::sleep(LINGER)));
                0
            }
            ReadEnd::Shut { drained } => drained,
        };
        let mut space = [0; 2048];
        while drained < DRAINED {
            this.end = ReadEnd::Shut { drained };
            let mut thrown_away = ReadBuf::new(&mut space);
            match Pin::new(&mut this.io).poll_read(context, &mut thrown_away) {
                Poll::Ready(Ok(())) if !thrown_away.filled().is_empty() => drained += thrown_away.filled().len(),
                Poll::Ready(_ended) => break,
                Poll::Pending => match &mut this.slow {
                    Some(slow) => {
                        ready!(slow.as_mut().poll(context));
                        break;
                    }
                    None => break,
                },
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<IO> fmt::Debug for HeadGuard<IO> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("HeadGuard").field("watch", &self.watch).field("held", &self.held.len()).finish_non_exhaustive()
    }
}

/// Follows the bytes of a connection from head to body to head.
#[derive(Debug)]
struct MessageWatch {
    limits: HeadLimits,
    place: MessagePart,
}

#[derive(Debug)]
enum MessagePart {
    Head(HeadReader),
    Length(u64),
    Chunks(Chunks),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HeadVerdict {
    /// As far as was read.
    Sound,
    /// A sound head begins where the bytes end that may go on: its target is to be encoded first.
    Raw(RawHead),
    BadHead(Malformed),
    BadBody,
}

/// A sound head whose target has bytes that are to be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RawHead {
    /// From where to where its target stands, from its beginning.
    target: (usize, usize),
    length: usize,
    follows: Follows,
}

impl MessagePart {
    /// What comes behind a head.
    fn behind(follows: Follows) -> Self {
        match follows {
            Follows::Nothing => Self::Head(HeadReader::default()),
            Follows::Length(length) => Self::Length(length),
            Follows::Chunks => Self::Chunks(Chunks::new()),
        }
    }
}

impl MessageWatch {
    /// Encodes the target of a head that stands at `at`; the head's length then.
    fn write_anew(&mut self, held: &mut Vec<u8>, at: usize, head: RawHead) -> usize {
        let target = at + head.target.0..at + head.target.1;
        let encoded = head::encoded(held.get(target.clone()).unwrap_or_default());
        let length = head.length - target.len() + encoded.len();
        drop(held.splice(target, encoded));
        self.place = MessagePart::behind(head.follows);
        length
    }

    /// How many of the bytes may go on. Those that may not begin with a head, which is not whole or not sound, and are
    /// where the bytes of the next call begin.
    fn judge(&mut self, bytes: &[u8]) -> (usize, HeadVerdict) {
        let mut passed = 0;
        loop {
            let rest = bytes.get(passed..).unwrap_or_default();
            if rest.is_empty() {
                return (passed, HeadVerdict::Sound);
            }
            match &mut self.place {
                MessagePart::Head(head) => match head.read(rest, &self.limits) {
                    Ok(None) => return (passed, HeadVerdict::Sound),
                    Ok(Some((length, follows))) => {
                        if let Some(target) = head.raw_target() {
                            return (passed, HeadVerdict::Raw(RawHead { target, length, follows }));
                        }
                        passed += length;
                        self.place = MessagePart::behind(follows);
                    }
                    Err(reason) => return (passed, HeadVerdict::BadHead(reason)),
                },
                MessagePart::Length(left) => {
                    let taken = (rest.len() as u64).min(*left);
                    *left -= taken;
                    if *left == 0 {
                        self.place = MessagePart::Head(HeadReader::default());
                    }
                    // At most what is here, so it fits.
                    passed += usize::try_from(taken).unwrap_or(rest.len());
                }
                MessagePart::Chunks(chunks) => match chunks.read(rest) {
                    Ok(taken) => {
                        passed += taken;
                        if *chunks == Chunks::Done {
                            self.place = MessagePart::Head(HeadReader::default());
                        }
                    }
                    Err((sound, _broken)) => return (passed + sound, HeadVerdict::BadBody),
                },
            }
        }
    }

    fn head_has_begun(&self) -> bool {
        matches!(&self.place, MessagePart::Head(head) if head.has_begun())
    }
}

/// Why a request was refused, if it is the stand-in of one that was. Only for requests that came through a guard.
pub fn refusal<B>(request: &Request<B>) -> Option<Malformed> {
    if request.method().as_str() != head::STAND_IN {
        return None;
    }
    Some(request.uri().path().strip_prefix('/').and_then(Malformed::of_code).unwrap_or(Malformed::RequestLine))
}

/// The answer to a malformed request (RFC 9457); the connection closes behind it.
pub fn answer(reason: Malformed) -> Response<Body> {
    let document = ProblemDocument::new(reason.status(), reason.code()).with("detail", reason.detail());
    let mut response = document.respond(Body::full);
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    if reason == Malformed::Connect {
        headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    }
    response
}

#[cfg(test)]
pub(crate) mod tests;
