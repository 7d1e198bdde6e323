//! The PROXY protocol (HAProxy, versions 1 and 2): a listed peer says before anything else whose connection it carries.
//! Parsed by `ppp`; read byte-exactly, so that nothing of the TLS handshake behind it is lost.

use std::io;
use std::net::SocketAddr;

use ppp::{HeaderResult, PartialResult as _, v1, v2};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// The longest header read: version 1 has at most 107 bytes, version 2 carries addresses and a few TLVs.
const LONGEST: usize = 2048;

/// Why no header was read.
#[derive(Debug, thiserror::Error)]
pub enum ProxyProtocolError {
    /// The connection ended or broke.
    #[error("read a PROXY protocol header: {0}")]
    Io(#[from] io::Error),
    /// The peer sent something else.
    #[error("read a PROXY protocol header: the connection does not begin with one")]
    NotAHeader,
    /// Longer than any real one.
    #[error("read a PROXY protocol header: it is longer than {LONGEST} bytes")]
    TooLong,
}

/// Reads a header if one is there. `Ok(None)`: there is none (and nothing was taken from the stream), or it says that the
/// peer speaks for itself (`LOCAL`, `UNKNOWN`), or the peer has ended the connection and said nothing at all, as a probe does:
/// nothing can follow, whatever is required, and the handshake ends there.
///
/// # Errors
/// [`ProxyProtocolError`]; with `required`, a connection without a header is [`ProxyProtocolError::NotAHeader`].
pub async fn read(stream: &mut TcpStream, required: bool) -> Result<Option<SocketAddr>, ProxyProtocolError> {
    let mut first = [0u8; 12];
    let seen = peek(stream, &mut first).await?;
    if seen == 0 {
        return Ok(None);
    }
    let start = first.get(..seen).unwrap_or_default();
    let is_v1 = start.starts_with(b"PROXY");
    let is_v2 = start == b"\r\n\r\n\0\r\nQUIT\n";
    if !is_v1 && !is_v2 {
        return if required { Err(ProxyProtocolError::NotAHeader) } else { Ok(None) };
    }
    let mut header = Vec::with_capacity(128);
    loop {
        // Byte by byte up to the length: the header is short and its end is known only when it is there.
        let wanted = if is_v2 { v2_length(&header) } else { None };
        let step = wanted.map_or(1, |length| length.saturating_sub(header.len()).max(1));
        let mut piece = vec![0u8; step.min(LONGEST)];
        stream.read_exact(&mut piece).await?;
        header.extend_from_slice(&piece);
        let done =
            if is_v1 { header.ends_with(b"\r\n") } else { v2_length(&header).is_some_and(|length| header.len() >= length) };
        if done {
            return address(&header);
        }
        if header.len() > LONGEST || (is_v1 && header.len() > 107) {
            return Err(ProxyProtocolError::TooLong);
        }
    }
}

/// Looks at the first bytes without taking them, until it is clear whether they begin a header; 0 where the peer ended before
/// the first.
async fn peek(stream: &TcpStream, first: &mut [u8; 12]) -> io::Result<usize> {
    loop {
        let seen = match stream.peek(first).await {
            // Many probes end by a reset, which takes back all that was sent.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => 0,
            seen => seen?,
        };
        if seen == 0 {
            return Ok(0);
        }
        let start = first.get(..seen).unwrap_or_default();
        let may_be = |signature: &[u8]| signature.starts_with(start.get(..signature.len().min(seen)).unwrap_or_default());
        if seen >= 12 || !(may_be(b"PROXY") || may_be(b"\r\n\r\n\0\r\nQUIT\n")) || start.starts_with(b"PROXY") {
            return Ok(seen);
        }
        tokio::task::yield_now().await;
        stream.readable().await?;
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

fn v2_length(header: &[u8]) -> Option<usize> {
    let length: [u8; 2] = header.get(14..16)?.try_into().ok()?;
    Some(16 + usize::from(u16::from_be_bytes(length)))
}

/// The source address that a whole header names; `None` where the peer speaks for itself.
///
/// # Errors
/// [`ProxyProtocolError::NotAHeader`].
pub fn address(header: &[u8]) -> Result<Option<SocketAddr>, ProxyProtocolError> {
    let parsed = HeaderResult::parse(header);
    if parsed.is_incomplete() {
        return Err(ProxyProtocolError::NotAHeader);
    }
    match parsed {
        HeaderResult::V1(Ok(header)) => Ok(match header.addresses {
            v1::Addresses::Tcp4(tcp) => Some(SocketAddr::from((tcp.source_address, tcp.source_port))),
            v1::Addresses::Tcp6(tcp) => Some(SocketAddr::from((tcp.source_address, tcp.source_port))),
            v1::Addresses::Unknown => None,
        }),
        HeaderResult::V2(Ok(header)) if header.command == v2::Command::Local => Ok(None),
        HeaderResult::V2(Ok(header)) => Ok(match header.addresses {
            v2::Addresses::IPv4(ip) => Some(SocketAddr::from((ip.source_address, ip.source_port))),
            v2::Addresses::IPv6(ip) => Some(SocketAddr::from((ip.source_address, ip.source_port))),
            v2::Addresses::Unspecified | v2::Addresses::Unix(_) => None,
        }),
        HeaderResult::V1(Err(_)) | HeaderResult::V2(Err(_)) => Err(ProxyProtocolError::NotAHeader),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    #[expect(clippy::disallowed_methods, reason = "the test's own client")]
    async fn sent(bytes: &[u8], required: bool) -> (Result<Option<SocketAddr>, ProxyProtocolError>, Vec<u8>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        client.write_all(bytes).await.unwrap();
        client.shutdown().await.unwrap();
        let read = read(&mut server, required).await;
        let mut rest = Vec::new();
        if read.is_ok() {
            server.read_to_end(&mut rest).await.unwrap();
        }
        (read, rest)
    }

    #[tokio::test]
    async fn version_1_and_2_name_the_client_and_leave_the_rest() {
        let (read, rest) = sent(b"PROXY TCP4 198.51.100.7 192.0.2.1 4711 443\r\nhello", true).await;
        assert_eq!((read.unwrap(), rest.as_slice()), (Some("198.51.100.7:4711".parse().unwrap()), b"hello".as_slice()));
        let mut v2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c".to_vec();
        v2.extend_from_slice(&[198, 51, 100, 8, 192, 0, 2, 1, 0x12, 0x34, 0x01, 0xbb]);
        v2.extend_from_slice(b"hello");
        let (read, rest) = sent(&v2, true).await;
        assert_eq!((read.unwrap(), rest.as_slice()), (Some("198.51.100.8:4660".parse().unwrap()), b"hello".as_slice()));
    }

    #[tokio::test]
    async fn without_a_header_nothing_is_taken_unless_one_is_required() {
        let (read, rest) = sent(b"\x16\x03\x01hello world", false).await;
        assert_eq!((read.unwrap(), rest.as_slice()), (None, b"\x16\x03\x01hello world".as_slice()));
        assert!(matches!(sent(b"\x16\x03\x01hello world", true).await.0, Err(ProxyProtocolError::NotAHeader)));
        assert!(matches!(
            sent(&[b"PROXY TCP4 ".as_slice(), &[b'1'; 200]].concat(), true).await.0,
            Err(ProxyProtocolError::TooLong)
        ));
        assert!(matches!(sent(b"PROXY nonsense\r\n", true).await.0, Err(ProxyProtocolError::NotAHeader)));
    }

    #[tokio::test]
    async fn a_peer_that_ends_before_its_first_byte_is_no_wrong_header() {
        for required in [true, false] {
            let (read, rest) = sent(b"", required).await;
            assert_eq!((read.unwrap(), rest.len()), (None, 0), "nothing can follow");
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the test's own client")]
    #[tokio::test]
    async fn a_probe_that_ends_by_a_reset_is_none_either() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        // What was never read makes the end a reset.
        server.write_all(b"unread").await.unwrap();
        client.readable().await.unwrap();
        drop(client);
        assert_eq!(read(&mut server, true).await.unwrap(), None);
        let mut rest = Vec::new();
        let ended = server.read_to_end(&mut rest).await;
        assert!(rest.is_empty() && ended.map_or(true, |length| length == 0), "nothing can follow");
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64), v2 in any::<bool>()) {
            let mut header = if v2 { b"\r\n\r\n\0\r\nQUIT\n".to_vec() } else { b"PROXY ".to_vec() };
            header.extend_from_slice(&bytes);
            let _parsed = address(&header);
        }
    }
}
