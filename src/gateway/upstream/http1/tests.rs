//! What an upstream may say, what it may not, and that how its bytes are cut makes no difference.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use http_body::Frame;
use http_body_util::{Full, StreamBody};
use proptest::prelude::*;
use tokio::io::{AsyncRead, ReadBuf};

use super::super::request_head::{FieldSink, RequestHead};
use super::exchange::AwaitedHead;
use super::*;

mod connections;

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

/// The head that these pieces begin with, what came behind it, and what is still to come.
fn head_of(pieces: &[&[u8]], method: &Method) -> Result<(AnswerHead, Bytes, Pieces), AnswerFault> {
    let mut peer = Pieces(pieces.iter().filter(|piece| !piece.is_empty()).map(|piece| piece.to_vec()).collect());
    let mut context = Context::from_waker(Waker::noop());
    match AwaitedHead::default().poll(&mut context, &mut peer, method) {
        Poll::Ready(read) => read.map(|(head, rest)| (head, rest, peer)),
        Poll::Pending => panic!("it never waits"),
    }
}

/// The framing of an answer to a GET, and whether its connection may be used again.
fn framed(head: &str) -> Result<(AnswerFraming, bool), AnswerFault> {
    head_of(&[head.as_bytes()], &Method::GET).map(|(head, ..)| (head.framing, head.keeps))
}

fn answer(fields: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{fields}\r\n")
}

#[test]
fn each_answer_has_one_end_t18() {
    use AnswerFraming::{Chunks, Length, Nothing, Switched, ToTheEnd};
    for (head, expected) in [
        (answer("Content-Length: 3\r\n"), (Length(3), true)),
        (answer("content-length:  003 \r\n"), (Length(3), true)),
        (answer("Content-Length: 0\r\n"), (Nothing, true)),
        (answer("Content-Length: 3\r\nConnection: close\r\n"), (Length(3), false)),
        (answer("Content-Length: 3\r\nConnection: x, CLOSE\r\n"), (Length(3), false)),
        (answer("Content-Length: 3\r\nConnection: keep-alive\r\nConnection: close\r\n"), (Length(3), false)),
        (answer("Transfer-Encoding: chunked\r\n"), (Chunks, true)),
        (answer("Transfer-Encoding: Chunked\r\n"), (Chunks, true)),
        (answer(""), (ToTheEnd, false)),
        (answer("Connection: keep-alive\r\n"), (ToTheEnd, false)),
        ("HTTP/1.1 204 No Content\r\n\r\n".to_owned(), (Nothing, true)),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n".to_owned(), (Nothing, true)),
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n".to_owned(), (Switched, false)),
        ("HTTP/1.1 200\r\nContent-Length: 3\r\n\r\n".to_owned(), (Length(3), true)),
        // An old server: what it says of keeping is not believed.
        ("HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n".to_owned(), (Length(3), false)),
        ("HTTP/1.0 200 OK\r\n\r\n".to_owned(), (ToTheEnd, false)),
        // Not by the letter: read, and never used again.
        ("HTTP/1.1 200 OK\nContent-Length: 3\n\n".to_owned(), (Length(3), false)),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\n\r\n".to_owned(), (Length(3), false)),
        ("\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n".to_owned(), (Length(3), false)),
        // Interim answers are none.
        (format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n{}", answer("")), (ToTheEnd, false)),
    ] {
        assert_eq!(framed(&head).unwrap(), expected, "{head:?}");
    }
    let to_head = |fields: &str| head_of(&[answer(fields).as_bytes()], &Method::HEAD).unwrap().0.framing;
    for fields in ["Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n", "", "Content-Length: 9\r\nTransfer-Encoding: x\r\n"]
    {
        assert_eq!(to_head(fields), Nothing, "{fields:?}");
    }
}

/// Heads that say two things, or nothing that can be read.
fn lies() -> Vec<String> {
    let lines = |fields: &str| answer(&format!("{fields}\r\n"));
    let mut lies: Vec<String> = [
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: 3\r\nContent-Length: 3",
        "Content-Length: 3, 3",
        "Content-Length: +3",
        "Content-Length: -1",
        "Content-Length: 0x3",
        "Content-Length: 3 0",
        "Content-Length:",
        "Content-Length: 9999999999999999999",
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Transfer-Encoding: chunked\r\nContent-Length: 0",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding:",
        "A: b\r\n c",
        "A: b\r\n\tContent-Length: 3",
        "A : b",
        "Content-Length : 3",
        ": b",
        "nonsense",
        "A(b): c",
        "A: b\0c",
        "A: b\rc",
        "A: b\u{b}c",
    ]
    .map(lines)
    .into();
    lies.extend(
        [
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/2.0 200 OK\r\n\r\n",
            "HTTP/1.2 200 OK\r\n\r\n",
            "http/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 abc OK\r\n\r\n",
            "HTTP/1.1 20 OK\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1 099 Low\r\n\r\n",
            "HTTP/1.1  200 OK\r\n\r\n",
            "HTTP/1.1 200 O\0K\r\n\r\n",
            "200 OK\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n",
            "\0",
        ]
        .map(str::to_owned),
    );
    lies.push(answer(&"A: b\r\n".repeat(101)));
    lies.push(answer(&format!("A: {}\r\n", "x".repeat(256 * 1024))));
    lies
}

#[test]
fn what_says_two_things_is_no_answer_t18() {
    for lie in lies() {
        let shown = lie.get(..80).unwrap_or(&lie);
        assert!(matches!(framed(&lie), Err(AnswerFault::Malformed(_))), "{shown:?}");
    }
    assert!(head_of(&[answer("").as_bytes()], &Method::CONNECT).is_err());
    for ended in ["", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nA: b\r\n", "HTTP/1.1 100 Continue\r\n\r\n"] {
        assert!(framed(ended).unwrap_err().is_loss(), "{ended:?}");
    }
}

#[test]
fn a_reason_of_its_own_goes_on_and_fields_are_as_they_were() {
    let (head, ..) = head_of(&[b"HTTP/1.1 200 Fine\r\nSet-Cookie: a\r\nX: \xe9\r\nSet-Cookie: b\r\n\r\n"], &Method::GET).unwrap();
    assert_eq!(head.response.extensions().get::<hyper::ext::ReasonPhrase>().unwrap().as_bytes(), b"Fine");
    let headers = head.response.headers();
    assert_eq!(headers.get_all("set-cookie").iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(headers["x"].as_bytes(), b"\xe9");
    let (head, ..) = head_of(&[answer("").as_bytes()], &Method::GET).unwrap();
    assert!(head.response.extensions().is_empty());
}

/// What a chunked body gives: data, trailers, how many bytes stand behind it; `None` where it is not whole.
type Unchunked = Result<Option<(Vec<u8>, Option<HeaderMap>, usize)>, ()>;

fn unchunked(pieces: &[&[u8]]) -> (Unchunked, bool) {
    let mut reader = ChunkReader::default();
    let (mut data, mut behind) = (Vec::new(), 0);
    for piece in pieces {
        let mut bytes = Bytes::copy_from_slice(piece);
        while !bytes.is_empty() && !reader.is_done() {
            if reader.advance(&mut bytes).is_err() {
                return (Err(()), false);
            }
            data.extend(reader.data(&mut bytes).unwrap_or_default());
        }
        behind += bytes.len();
    }
    let by_the_letter = reader.is_by_the_letter();
    (Ok(reader.is_done().then(|| (data, reader.take_trailers(), behind))), by_the_letter)
}

#[test]
fn chunks_are_read_and_broken_ones_are_not() {
    let whole = |text: &str| unchunked(&[text.as_bytes()]);
    let read = |data: &str, behind: usize| Ok(Some((data.as_bytes().to_vec(), None, behind)));
    assert_eq!(whole("0\r\n\r\n"), (read("", 0), true));
    assert_eq!(whole("1\r\na\r\n0A;name=\"x\"\r\n0123456789\r\n000\r\n\r\nHTTP"), (read("a0123456789", 4), true));
    assert_eq!(whole("1 \t\r\na\r\n0\r\n\r\n"), (read("a", 0), false), "white space behind a size, as old servers write it");
    let (trailers, _) = whole("1\r\na\r\n0\r\nGrpc-Status: 0\r\nA: b\r\n\r\n");
    let trailers = trailers.unwrap().unwrap().1.unwrap();
    assert_eq!((trailers["grpc-status"].as_bytes(), trailers["a"].as_bytes()), (&b"0"[..], &b"b"[..]));
    for broken in [
        "\r\n",
        ";x\r\na\r\n0\r\n\r\n",
        " 1\r\na\r\n0\r\n\r\n",
        "0x1\r\na\r\n0\r\n\r\n",
        "+1\r\na\r\n0\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n",
        "1_0\r\na\r\n0\r\n\r\n",
        "g\r\na\r\n0\r\n\r\n",
        "1 1\r\na\r\n0\r\n\r\n",
        "00000000000000001\r\na\r\n0\r\n\r\n",
        "fffffffffffffffff\r\n",
        "1\na\r\n0\r\n\r\n",
        "1\r\na\n0\r\n\r\n",
        "1\r\naX0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "1;x\ny\r\na\r\n0\r\n\r\n",
        "1;x\0\r\na\r\n0\r\n\r\n",
        "1\r\na\r\n0\n\r\n",
        "1\r\na\r\n0\r\n\n",
        "0\r\n folded\r\n\r\n",
        "0\r\n: x\r\n\r\n",
        "0\r\nA: b\n\r\n",
        "0\r\nnonsense\r\n\r\n",
        "0\r\nA : b\r\n\r\n",
    ] {
        assert_eq!(whole(broken).0, Err(()), "{broken:?}");
    }
    assert_eq!(whole(&format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(2000))).0, Err(()));
    assert_eq!(whole(&format!("0\r\nA: {}\r\n\r\n", "x".repeat(20_000))).0, Err(()));
    for cut in ["", "1", "1\r\n", "1\r\na", "1\r\na\r\n0\r\n", "1\r\na\r\n0\r\n\r"] {
        assert_eq!(whole(cut).0, Ok(None), "{cut:?}");
    }
}

/// Bytes in pieces that end at these places, taken by turns of the length.
fn cut<'b>(bytes: &'b [u8], places: &[usize]) -> Vec<&'b [u8]> {
    let mut places: Vec<usize> = places.iter().map(|place| place % (bytes.len() + 1)).chain([0, bytes.len()]).collect();
    places.sort_unstable();
    places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

/// An answer that is nearly sound: pieces of sound ones and of lies.
fn answers() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just("HTTP/1.1 200 OK\r\n"),
        Just("HTTP/1.1 100 Continue\r\n\r\n"),
        Just("HTTP/1.0 200 OK\r\n"),
        Just("Content-Length: 3\r\n"),
        Just("Content-Length: 0\r\n"),
        Just("Transfer-Encoding: chunked\r\n"),
        Just("Connection: close\r\n"),
        Just("A: b\r\n"),
        Just("A: b\n"),
        Just(" folded\r\n"),
        Just("\r\n"),
        Just("\n"),
        Just("\0"),
        Just("abc"),
        Just("3\r\nabc\r\n"),
        Just("3 \r\nabc\r\n"),
        Just("0\r\n\r\n"),
    ];
    let lines = proptest::collection::vec(line, 0..10).prop_map(|lines| lines.concat().into_bytes());
    prop_oneof![lines.clone(), lines.prop_map(|rest| [b"HTTP/1.1 200 OK\r\n", rest.as_slice()].concat())]
}

proptest! {
    #[test]
    fn how_a_head_is_cut_makes_no_difference(bytes in answers(), places in proptest::collection::vec(any::<usize>(), 0..12)) {
        let told = |pieces: &[&[u8]]| {
            head_of(pieces, &Method::GET)
                .map(|(head, rest, Pieces(more))| {
                    let behind = [rest.to_vec(), Vec::from(more).concat()].concat();
                    (head.response.status(), head.response.headers().clone(), head.framing, head.keeps, behind)
                })
                .map_err(|fault| fault.to_string())
        };
        prop_assert_eq!(told(&[&bytes]), told(&cut(&bytes, &places)));
    }

    #[test]
    fn how_chunks_are_cut_makes_no_difference(
        texts in proptest::collection::vec("[0-3a][ ;\t]{0,1}(\r\n|\n|)|abc\r\n|0\r\n\r\n|A: b\r\n|.{0,3}", 0..8),
        places in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        let bytes = texts.concat().into_bytes();
        prop_assert_eq!(unchunked(&[&bytes]), unchunked(&cut(&bytes, &places)));
    }

    #[test]
    fn what_was_sent_in_chunks_comes_out_of_them(
        data in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..6),
        places in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        let body = StreamBody::new(futures_util::stream::iter(
            data.clone().into_iter().map(|data| Ok::<_, Infallible>(Frame::data(Bytes::from(data)))),
        ));
        let written = written(&Plain(Method::POST), body);
        let start = written.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        prop_assert!(written[..start].ends_with(b"transfer-encoding: chunked\r\n\r\n"));
        let (read, by_the_letter) = unchunked(&cut(&written[start..], &places));
        prop_assert_eq!(read, Ok(Some((data.concat(), None, 0))));
        prop_assert!(by_the_letter);
    }
}

/// A request with one field.
struct Plain(Method);

impl RequestHead for Plain {
    fn method(&self) -> &Method {
        &self.0
    }

    fn target(&self) -> &'static str {
        "/a?b=c"
    }

    fn says_empty(&self) -> bool {
        self.0 == Method::PUT
    }

    fn switches(&self) -> bool {
        false
    }

    fn signs_in(&self) -> bool {
        false
    }

    fn fields(&self, host: &HeaderValue, sink: &mut impl FieldSink) {
        sink.field(&http::header::HOST, host);
        sink.parts(&HeaderName::from_static("x-parts"), &[b"one", b"-", b"two"]);
    }
}

const HOST: HeaderValue = HeaderValue::from_static("app:80");

/// What a request is on the wire.
fn written<B: http_body::Body<Data = Bytes> + Unpin>(head: &Plain, mut body: B) -> Vec<u8> {
    let mut upload = Upload::new(super::encode::UploadFraming::of(&head.0, &body));
    let (mut context, mut out) = (Context::from_waker(Waker::noop()), Vec::new());
    upload.begin(&mut context, &mut out, (head, &HOST), &mut body).unwrap();
    assert!(matches!(upload.poll(&mut context, &mut out, &mut body), Poll::Ready(Ok(()))));
    out
}

#[test]
fn a_request_is_written_with_one_length() {
    const HEAD: &str = "/a?b=c HTTP/1.1\r\nhost: app:80\r\nx-parts: one-two\r\n";
    let wire = |method, body: &'static str| String::from_utf8(written(&Plain(method), Full::new(Bytes::from(body)))).unwrap();
    assert_eq!(wire(Method::GET, ""), format!("GET {HEAD}\r\n"));
    assert_eq!(wire(Method::POST, ""), format!("POST {HEAD}\r\n"));
    assert_eq!(wire(Method::PUT, ""), format!("PUT {HEAD}content-length: 0\r\n\r\n"));
    assert_eq!(wire(Method::POST, "0123456789"), format!("POST {HEAD}content-length: 10\r\n\r\n0123456789"));
    assert_eq!(wire(Method::GET, "abc"), format!("GET {HEAD}content-length: 3\r\n\r\nabc"));
}

#[test]
fn a_body_that_is_not_as_long_as_it_said_never_ends_cleanly() {
    struct Says(u64, Option<&'static [u8]>);
    impl http_body::Body for Says {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.1.take().map(|data| Ok(Frame::data(Bytes::from_static(data)))))
        }

        fn size_hint(&self) -> http_body::SizeHint {
            http_body::SizeHint::with_exact(self.0)
        }
    }
    for (says, sends) in [(4, &b"abc"[..]), (2, b"abc"), (1, b"")] {
        let mut body = Says(says, Some(sends));
        let mut upload = Upload::new(super::encode::UploadFraming::of(&Method::POST, &body));
        let (mut context, mut out) = (Context::from_waker(Waker::noop()), Vec::new());
        let begun = upload.begin(&mut context, &mut out, (&Plain(Method::POST), &HOST), &mut body);
        let ended = begun.and_then(|()| match upload.poll(&mut context, &mut out, &mut body) {
            Poll::Ready(ended) => ended,
            Poll::Pending => Ok(()),
        });
        assert!(ended.is_err(), "{says} {sends:?}");
        assert!(!out.ends_with(b"abc") || says == 4, "{}", out.escape_ascii());
    }
}
