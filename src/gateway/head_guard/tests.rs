//! What the guard refuses, what it lets pass unchanged, and that how the bytes are cut makes no difference.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

const LIMITS: HeadLimits = HeadLimits { head: 4096, request_line: 1024, fields: 16, within: Duration::from_secs(10) };

/// What comes out behind the guard when `pieces` go in, and how it ends.
fn through(pieces: &[&[u8]]) -> (Vec<u8>, Result<(), Malformed>, bool) {
    let mut guard = HeadGuard::new(Pieces(pieces.iter().map(|piece| piece.to_vec()).collect()), LIMITS);
    let mut context = Context::from_waker(std::task::Waker::noop());
    let mut out = Vec::new();
    loop {
        let mut space = [0; 300];
        let mut buffer = ReadBuf::new(&mut space);
        match Pin::new(&mut guard).poll_read(&mut context, &mut buffer) {
            Poll::Ready(Ok(())) if buffer.filled().is_empty() => return (out, Ok(()), false),
            Poll::Ready(Ok(())) => out.extend_from_slice(buffer.filled()),
            Poll::Ready(Err(_)) => return (out, Ok(()), true),
            Poll::Pending => {
                let at = out.windows(9).rposition(|window| window == b"REFUSED /").unwrap();
                let code = String::from_utf8(out.split_off(at)).unwrap();
                let code = code.strip_prefix("REFUSED /").unwrap().split(' ').next().unwrap().to_owned();
                return (out, Err(Malformed::of_code(&code).unwrap()), false);
            }
        }
    }
}

/// A peer that sends these pieces and ends.
struct Pieces(VecDeque<Vec<u8>>);

impl AsyncRead for Pieces {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Some(mut piece) = self.0.pop_front() {
            let rest = piece.split_off(piece.len().min(out.remaining()));
            out.put_slice(&piece);
            if !rest.is_empty() {
                self.0.push_front(rest);
            }
        }
        Poll::Ready(Ok(()))
    }
}

fn head(rest: &str) -> Vec<u8> {
    format!("POST / HTTP/1.1\r\nHost: a.example\r\n{rest}\r\n").into_bytes()
}

/// Requests that must be refused, and why.
pub(crate) fn malformed() -> Vec<(Vec<u8>, Malformed)> {
    use Malformed as M;
    let raw = |text: &str| text.as_bytes().to_vec();
    vec![
        (raw("GET\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET / HTTP/1.1 \r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET / a HTTP/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET /\tHTTP/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET http://é/ HTTP/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET /a\u{7f} HTTP/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw(&format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "é".repeat(200))), M::RequestLineTooLong),
        (raw("G(T / HTTP/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET / http/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET /\r\n\r\n"), M::RequestLine),
        (raw("REFUSED /x HTTP/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), M::RequestLine),
        (raw("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), M::Version),
        (raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), M::Version),
        (raw("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"), M::Connect),
        (raw(&format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(1024))), M::RequestLineTooLong),
        (raw(&format!("GET /{}", "x".repeat(1100))), M::RequestLineTooLong),
        (head(&"A: b\r\n".repeat(16)), M::TooManyFields),
        (head(&format!("A: {}\r\n", "x".repeat(4096))), M::TooLarge),
        (head(&format!("A: {}", "x".repeat(5000))), M::TooLarge),
        (raw("GET / HTTP/1.1\nHost: a\r\n\r\n"), M::BareLf),
        (raw("GET / HTTP/1.1\r\nHost: a\n\r\n"), M::BareLf),
        (raw("GET / HTTP/1.1\r\nHost: a\r\n\n"), M::BareLf),
        (raw("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), M::BareLf),
        (head("A: b\rc\r\n"), M::BareCr),
        (head("A: b\r\r\n"), M::BareCr),
        (head("A: b\0c\r\n"), M::Nul),
        (head("A: b\r\n c\r\n"), M::Folded),
        (head("A: b\r\n\tContent-Length: 3\r\n"), M::Folded),
        (raw("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), M::Folded),
        (head("A : b\r\n"), M::FieldName),
        (head(": b\r\n"), M::FieldName),
        (head("nonsense\r\n"), M::FieldName),
        (head("A(b): c\r\n"), M::FieldName),
        (head("Content-Length : 3\r\n"), M::FieldName),
        (head("Content-Length\u{b}: 3\r\n"), M::FieldName),
        (head("Content-Length: 3\r\nContent-Length: 3\r\n"), M::ContentLengthRepeated),
        (head("Content-Length: 3\r\ncontent-length: 4\r\n"), M::ContentLengthRepeated),
        (head("Content-Length: +3\r\n"), M::ContentLength),
        (head("Content-Length: -3\r\n"), M::ContentLength),
        (head("Content-Length: 3, 3\r\n"), M::ContentLength),
        (head("Content-Length: 0x3\r\n"), M::ContentLength),
        (head("Content-Length: 3_0\r\n"), M::ContentLength),
        (head("Content-Length: 3 0\r\n"), M::ContentLength),
        (head("Content-Length: 3\u{b}\r\n"), M::ContentLength),
        (head("Content-Length: 3.0\r\n"), M::ContentLength),
        (head("Content-Length: \"3\"\r\n"), M::ContentLength),
        (head("Content-Length:\r\n"), M::ContentLength),
        (head("Content-Length: 99999999999999999999\r\n"), M::ContentLength),
        (head("Transfer-Encoding: gzip, chunked\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding: chunked, chunked\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding: identity\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding: xchunked\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding: chunked;q=1\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding: \"chunked\"\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding: chunked,\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding: \u{b}chunked\r\n"), M::TransferEncoding),
        (head("Transfer-Encoding:\r\n"), M::TransferEncoding),
        (raw("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), M::TransferEncoding),
        (head("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), M::BothLengths),
        (head("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), M::BothLengths),
        (head("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), M::BothLengths),
        (raw("GET / HTTP/1.1\r\n\r\n"), M::HostMissing),
        (raw("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), M::HostRepeated),
    ]
}

/// Bodies whose chunks are broken, behind a sound head.
pub(crate) fn broken_chunks() -> Vec<&'static str> {
    vec![
        "\r\n",
        ";x\r\na\r\n0\r\n\r\n",
        " 1\r\na\r\n0\r\n\r\n",
        "1 \r\na\r\n0\r\n\r\n",
        "0x1\r\na\r\n0\r\n\r\n",
        "+1\r\na\r\n0\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n",
        "1_0\r\na\r\n0\r\n\r\n",
        "g\r\na\r\n0\r\n\r\n",
        "1\na\r\n0\r\n\r\n",
        "1;x\na\r\n0\r\n\r\n",
        "1;\r\r\na\r\n0\r\n\r\n",
        "1\r\na\n0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "00000000000000001\r\na\r\n0\r\n\r\n",
        "0\r\n\n",
        "0\r\nA: b\n\r\n",
        "0\r\n A: b\r\n\r\n",
        "0\r\nA: b\0\r\n\r\n",
        "0\r\nA: b\r\n\rx",
    ]
}

#[test]
fn a_head_that_two_readers_could_read_otherwise_is_refused_t18_t19() {
    for (bytes, reason) in malformed() {
        let (passed, end, _) = through(&[&bytes]);
        assert_eq!((passed.as_slice(), end), (b"".as_slice(), Err(reason)), "{}", bytes.escape_ascii());
    }
}

#[test]
fn broken_chunks_end_in_an_error_and_never_in_a_request_t18() {
    let head = head("Transfer-Encoding: chunked\r\n");
    for chunks in broken_chunks() {
        let all = [&head, chunks.as_bytes(), b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"].concat();
        let (passed, _, broken) = through(&[&all]);
        assert!(broken, "{}", chunks.escape_debug());
        assert!(!passed.windows(8).any(|window| window == b"smuggled"), "{}", chunks.escape_debug());
    }
}

#[test]
fn sound_requests_pass_unchanged_one_behind_the_other() {
    let all = [
        "GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET http://a/ HTTP/1.1\r\nhOST:a\r\nX: \u{e9}\r\nEmpty:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\t12 \r\n\r\nGET / HTTP\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n",
        "5;name=\"value\"\r\n\r\n\0\r\n\r\n0a\r\n0123456789\r\n000\r\nTrailer: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    ]
    .concat();
    assert_eq!(through(&[all.as_bytes()]), (all.clone().into_bytes(), Ok(()), false));
    let bytes: Vec<&[u8]> = all.as_bytes().chunks(1).collect();
    assert_eq!(through(&bytes), (all.clone().into_bytes(), Ok(()), false), "byte by byte");
}

#[test]
fn what_a_client_did_not_encode_in_a_target_is_encoded_and_nothing_else_changes() {
    let plain: &[u8] = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    let cases: [(&[u8], &str); 6] = [
        (b"/\xe9\x96\xa2?q=\xe9", "/%E9%96%A2?q=%E9"),
        // Shift_JIS: the second byte of a character may be one of ASCII, which stays as it is.
        (b"/\x95\x5c\x83\x7c", "/%95\\%83|"),
        (b"/a<b>`c?<d>`\"e\"", "/a%3Cb%3E%60c?%3Cd%3E%60%22e%22"),
        (b"/%e9/\xe9", "/%e9/%E9"),
        (b"/..\xaf/\xc0\xaf", "/..%AF/%C0%AF"),
        (b"/{a|b}\"^", "/{a|b}\"^"),
    ];
    for (target, expected) in cases {
        let one = [&b"\r\nPOST "[..], target, b" HTTP/1.1\r\nHost: a\r\nX: <\xe9>\r\nContent-Length: 3\r\n\r\nabc"].concat();
        let anew = [&b"\r\nPOST "[..], expected.as_bytes(), b" HTTP/1.1\r\nHost: a\r\nX: <\xe9>\r\nContent-Length: 3\r\n\r\nabc"]
            .concat();
        let (all, expected_all) = ([plain, &one[..], &one, plain].concat(), [plain, &anew[..], &anew, plain].concat());
        assert_eq!(through(&[&all]), (expected_all.clone(), Ok(()), false), "{expected}");
        let bytes: Vec<&[u8]> = all.chunks(1).collect();
        assert_eq!(through(&bytes), (expected_all, Ok(()), false), "byte by byte: {expected}");
        assert!(expected.parse::<http::Uri>().is_ok(), "{expected}");
    }
    // A refusal behind one comes in its turn.
    let all = [&b"GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n"[..], b"GET / HTTP/1.1\r\n\r\n"].concat();
    assert_eq!(through(&[&all]), (b"GET /%E9 HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(), Err(Malformed::HostMissing), false));
}

#[test]
fn a_refusal_comes_after_the_requests_before_it() {
    let good = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    let all = [good, good, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", good].concat();
    assert_eq!(through(&[all.as_bytes()]), (good.repeat(2).into_bytes(), Err(Malformed::HostRepeated), false));
}

#[test]
fn each_reason_is_found_by_its_code() {
    for (_, reason) in malformed() {
        assert_eq!(Malformed::of_code(reason.code()), Some(reason));
        assert!(reason.status().is_client_error() || reason == Malformed::Version);
    }
}

#[tokio::test]
async fn a_head_that_drips_is_refused_in_time_and_an_idle_connection_is_not_t22() {
    let within = Duration::from_millis(60);
    let (mut client, server) = tokio::io::duplex(1024);
    let mut guard = HeadGuard::new(server, HeadLimits { within, ..LIMITS });
    let mut seen = Vec::new();
    assert!(tokio::time::timeout(within * 3, guard.read_buf(&mut seen)).await.is_err(), "idle");
    client.write_all(b"\r\n").await.unwrap();
    assert!(tokio::time::timeout(within * 3, guard.read_buf(&mut seen)).await.is_err(), "as good as idle");
    client.write_all(b"GET").await.unwrap();
    assert!(tokio::time::timeout(within / 6, guard.read_buf(&mut seen)).await.is_err(), "begun");
    client.write_all(b" /").await.unwrap();
    guard.read_buf(&mut seen).await.unwrap();
    assert!(seen.starts_with(b"REFUSED /head_too_slow "), "{}", seen.escape_ascii());
}

#[tokio::test]
async fn behind_a_101_everything_passes() {
    let (mut client, server) = tokio::io::duplex(1024);
    let mut guard = HeadGuard::new(server, LIMITS);
    guard.tunnel().open();
    client.write_all(b"\x81\x85\n\0\r\r\0").await.unwrap();
    let mut seen = [0; 7];
    guard.read_exact(&mut seen).await.unwrap();
    assert_eq!(&seen, b"\x81\x85\n\0\r\r\0");
}

/// Pieces of requests, sound and unsound, as they meet each other in practice.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = proptest::sample::select(vec![
        "GET / HTTP/1.1\r\n",
        "POST /a HTTP/1.1\r\n",
        "GET / HTTP/1.0\r\n",
        "Host: a\r\n",
        "Content-Length: 3\r\n",
        "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "X: y\r\n",
        "\r\n",
        "\r\n",
        "abc",
        "3\r\nabc\r\n",
        "0\r\n\r\n",
        "\n",
        "\r",
        "\0",
        " ",
        ":",
        "5;x\r\n",
    ]);
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

/// What escapes stand for, and everything else as it is.
fn decoded(text: &[u8]) -> Vec<u8> {
    let (mut decoded, mut rest) = (Vec::new(), text);
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    decoded
}

proptest! {
    #[test]
    fn a_target_of_any_bytes_is_refused_or_becomes_one_that_hyper_takes(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let target: Vec<u8> = bytes.into_iter().filter(|byte| !matches!(byte, 0..=b' ' | 0x7f)).collect();
        let all = [&b"GET /"[..], &target, b" HTTP/1.1\r\nHost: a\r\n\r\n"].concat();
        let (out, ended, _) = through(&[&all]);
        prop_assert_eq!(ended.is_err(), target.contains(&b'#'));
        if ended.is_ok() {
            let text = String::from_utf8(out).unwrap();
            let written = text.strip_prefix("GET ").unwrap().split(' ').next().unwrap();
            prop_assert!(written.parse::<http::Uri>().is_ok(), "{}", written);
            prop_assert_eq!(decoded(written.as_bytes()), decoded(&[&b"/"[..], &target].concat()));
        }
    }

    #[test]
    fn how_the_bytes_are_cut_makes_no_difference(bytes in stream(), cuts in proptest::collection::vec(1usize..40, 1..20)) {
        let mut pieces: Vec<&[u8]> = Vec::new();
        let mut rest = bytes.as_slice();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        prop_assert_eq!(through(&pieces), through(&[&bytes]));
    }

    #[test]
    fn a_head_that_passes_ends_where_httparse_sees_its_end(bytes in stream()) {
        let mut watch = MessageWatch { limits: LIMITS, place: MessagePart::Head(HeadReader::default()) };
        let mut head = HeadReader::default();
        if let Ok(Some((length, _))) = head.read(&bytes, &LIMITS) {
            let mut fields = [httparse::EMPTY_HEADER; 64];
            let mut request = httparse::Request::new(&mut fields);
            prop_assert_eq!(request.parse(&bytes), Ok(httparse::Status::Complete(length)));
        }
        let (passed, _) = watch.judge(&bytes);
        prop_assert!(passed <= bytes.len());
    }

    #[test]
    fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _end = through(&[&bytes]);
        let all = [head("Transfer-Encoding: chunked\r\n").as_slice(), &bytes].concat();
        let _end = through(&[&all]);
    }
}
