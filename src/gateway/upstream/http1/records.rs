//! The socket below TLS. It follows the records that are read from it (RFC 8446 §5.1), so that an idle connection knows whether
//! a part of one has come: rustls keeps that to itself.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use rustls::ClientConnection;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// How often an idle connection is read from; what still comes then is more than tickets.
const READS: usize = 8;

/// A socket that TLS is spoken over.
#[derive(Debug)]
pub(in crate::gateway::upstream) struct RecordSocket {
    socket: TcpStream,
    place: RecordPlace,
}

/// Where in the stream of records what was read ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordPlace {
    /// So many of the bytes before a record's length: its type and its version.
    Start(u8),
    /// Behind the first byte of its length.
    Length(u8),
    /// So many bytes of it are still to come.
    Data(u16),
}

impl RecordSocket {
    pub(in crate::gateway::upstream) const fn new(socket: TcpStream) -> Self {
        Self { socket, place: RecordPlace::Start(0) }
    }

    /// Follows what was read.
    fn follow(&mut self, mut bytes: &[u8]) {
        while let [byte, rest @ ..] = bytes {
            (self.place, bytes) = match self.place {
                RecordPlace::Start(before @ 0..3) => (RecordPlace::Start(before + 1), rest),
                RecordPlace::Start(_) => (RecordPlace::Length(*byte), rest),
                RecordPlace::Length(high) => match u16::from_be_bytes([high, *byte]) {
                    0 => (RecordPlace::Start(0), rest),
                    length => (RecordPlace::Data(length), rest),
                },
                RecordPlace::Data(left) => match u16::try_from(bytes.len()) {
                    Ok(here) if here < left => (RecordPlace::Data(left - here), &[][..]),
                    _ => (RecordPlace::Start(0), bytes.get(usize::from(left)..).unwrap_or_default()),
                },
            };
        }
    }
}

/// Whether an idle connection is open, and nothing waits in it: neither in the socket nor in what TLS has read of it. A ticket
/// for the next handshake and a change of keys are for TLS alone, and are taken.
pub(super) fn is_silent(stream: &mut TlsStream<RecordSocket>) -> bool {
    let (socket, session) = stream.get_mut();
    for _ in 0..READS {
        if !has_nothing_to_say(session) {
            return false;
        }
        match session.read_tls(socket) {
            Ok(1..) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return socket.place == RecordPlace::Start(0),
            Ok(_) | Err(_) => return false,
        }
    }
    false
}

fn has_nothing_to_say(session: &mut ClientConnection) -> bool {
    session.process_new_packets().is_ok_and(|state| state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed())
}

/// Asks the system without waiting: what the runtime knows of the socket may be a turn old.
impl Read for RecordSocket {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = (&*SockRef::from(&self.socket)).read(out)?;
        self.follow(out.get(..read).unwrap_or_default());
        Ok(read)
    }
}

impl AsyncRead for RecordSocket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let (this, before) = (self.get_mut(), out.filled().len());
        let read = Pin::new(&mut this.socket).poll_read(context, out);
        this.follow(out.filled().get(before..).unwrap_or_default());
        read
    }
}

impl AsyncWrite for RecordSocket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().socket).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().socket).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_record_is_followed_however_it_is_cut() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        let mut socket = RecordSocket::new(socket.connect(listener.local_addr().unwrap()).await.unwrap());
        let long = [&[23, 3, 3, 1, 2][..], &[7; 258]].concat();
        let bytes = [&[22, 3, 3, 0, 2, 9, 9][..], &[20, 3, 3, 0, 0], &long, &[21, 3, 3, 0, 1, 5]].concat();
        let ends = [7, 12, 12 + long.len(), bytes.len()];
        for size in [1, 2, 3, 5, 7, 64, 4096] {
            let mut read = 0;
            for piece in bytes.chunks(size) {
                socket.follow(piece);
                read += piece.len();
                assert_eq!(socket.place == RecordPlace::Start(0), ends.contains(&read), "{read} bytes, {size} at a time");
            }
        }
    }
}
