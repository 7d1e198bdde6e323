//! A connection to an upstream: TCP, or TLS over it.

use std::fmt;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf as _, Bytes};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::records::{self, RecordSocket};

/// A connection over which one request goes at a time.
pub(in crate::gateway) struct UpstreamConnection {
    pub(in crate::gateway::upstream) stream: UpstreamStream,
    /// The worker that opened it, whose runtime wakes whoever waits for it.
    pub(in crate::gateway::upstream) home: usize,
}

/// The bytes of a connection.
#[derive(Debug)]
pub(in crate::gateway::upstream) enum UpstreamStream {
    Plain(TcpStream),
    Secured(Box<TlsStream<RecordSocket>>),
}

/// A connection that switched protocols, with what the upstream said since.
pub(in crate::gateway) struct SwitchedStream {
    stream: UpstreamStream,
    said: Bytes,
}

impl UpstreamConnection {
    pub(in crate::gateway::upstream) const fn new(stream: UpstreamStream, home: usize) -> Self {
        Self { stream, home }
    }

    /// Whether an idle connection is open and silent: what an upstream says unasked belongs to no request.
    pub(in crate::gateway::upstream) fn is_quiet(&mut self) -> bool {
        match &mut self.stream {
            UpstreamStream::Plain(stream) => is_silent(stream),
            UpstreamStream::Secured(stream) => records::is_silent(stream),
        }
    }

    /// Hands it over after the upstream's own 101, with what came behind that.
    pub(in crate::gateway::upstream) fn switched(self, said: Bytes) -> SwitchedStream {
        SwitchedStream { stream: self.stream, said }
    }
}

/// Whether nothing waits in a socket that is open. The system is asked: what the runtime knows of it may be a turn old.
fn is_silent(stream: &TcpStream) -> bool {
    let mut byte = [MaybeUninit::uninit()];
    SockRef::from(stream).peek(&mut byte).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

impl fmt::Debug for UpstreamConnection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "UpstreamConnection(home {})", self.home)
    }
}

impl fmt::Debug for SwitchedStream {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SwitchedStream({} bytes read)", self.said.len())
    }
}

impl AsyncRead for UpstreamStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, out),
            Self::Secured(stream) => Pin::new(stream).poll_read(context, out),
        }
    }
}

impl AsyncWrite for UpstreamStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Secured(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(context, slices),
            Self::Secured(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Secured(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(_) => Poll::Ready(Ok(())),
            Self::Secured(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Secured(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

impl AsyncRead for SwitchedStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.said.is_empty() {
            return Pin::new(&mut this.stream).poll_read(context, out);
        }
        let now = this.said.len().min(out.remaining());
        out.put_slice(this.said.get(..now).unwrap_or_default());
        this.said.advance(now);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for SwitchedStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
