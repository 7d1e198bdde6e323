//! The same over real sockets: answers in pieces, early ones, what idle connections say.

use std::convert::Infallible;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method};
use http_body::{Body as _, Frame};
use http_body_util::{BodyExt as _, Full, StreamBody};
use proptest::prelude::*;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ClientConfig, ServerConfig, ServerConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::super::connection::UpstreamStream;
use super::super::*;
use super::{HOST, Plain, answers, cut};

/// Two ends of a connection.
async fn connected() -> (UpstreamConnection, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    let (ours, theirs) = tokio::join!(socket.connect(listener.local_addr().unwrap()), listener.accept());
    let theirs = theirs.unwrap().0;
    theirs.set_nodelay(true).unwrap();
    (UpstreamConnection::new(UpstreamStream::Plain(ours.unwrap()), 0), theirs)
}

/// A whole answer, sent in these pieces: its data and trailers, or why it broke off.
async fn read_in_pieces(pieces: &[&[u8]]) -> Result<(Vec<u8>, Option<HeaderMap>), bool> {
    let (mut connection, mut upstream) = connected().await;
    let (mut request, mut nothing) = ([0; 1024], Full::new(Bytes::new()));
    let pieces: Vec<Vec<u8>> = pieces.iter().map(|piece| piece.to_vec()).collect();
    let saying = async move {
        assert!(upstream.read(&mut request).await.unwrap() > 0);
        for piece in pieces {
            let _closed_by_who_had_enough = upstream.write_all(&piece).await;
            tokio::task::yield_now().await;
        }
    };
    let reading = async move {
        let got = exchange(&mut connection, &Plain(Method::GET), &HOST, &mut nothing).await;
        let HeadReceived { head, rest, .. } = match got {
            Ok(received) => received,
            Err(ExchangeFault::Answer(fault)) => return Err(fault.is_malformed()),
            Err(other) => panic!("{other:?}"),
        };
        let body = AnswerBody::new(head.framing, rest, AnswerSource::Whole(connection, None));
        let whole = body.collect().await.map_err(|fault| fault.is_malformed())?;
        let trailers = whole.trailers().cloned();
        Ok((whole.to_bytes().to_vec(), trailers))
    };
    tokio::join!(saying, reading).1
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn how_an_answer_is_cut_on_its_way_makes_no_difference(
        bytes in answers(),
        places in proptest::collection::vec(any::<usize>(), 0..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let pieces = cut(&bytes, &places);
        let (whole, cut) = runtime.block_on(async { (read_in_pieces(&[&bytes]).await, read_in_pieces(&pieces).await) });
        prop_assert_eq!(whole, cut);
    }
}

#[tokio::test]
async fn an_answer_that_begins_early_is_read_and_its_request_goes_on() {
    let (mut connection, mut upstream) = connected().await;
    let (more, coming) = tokio::sync::mpsc::unbounded_channel::<Result<Frame<Bytes>, Infallible>>();
    let coming = futures_util::stream::unfold(coming, |mut coming| async move { coming.recv().await.map(|next| (next, coming)) });
    let mut body = Box::pin(StreamBody::new(coming));
    more.send(Ok(Frame::data(Bytes::from_static(b"one")))).unwrap();
    let saying = async {
        let mut seen = Vec::new();
        while !seen.ends_with(b"3\r\none") {
            assert!(upstream.read_buf(&mut seen).await.unwrap() > 0);
        }
        upstream.write_all(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        upstream
    };
    let (head, host) = (Plain(Method::POST), HOST);
    let (mut upstream, received) = tokio::join!(saying, exchange(&mut connection, &head, &host, &mut body));
    let HeadReceived { head, upload, .. } = received.unwrap();
    assert_eq!((head.response.status().as_u16(), head.keeps), (413, false), "half a request is never followed by another");
    more.send(Ok(Frame::data(Bytes::from_static(b"two")))).unwrap();
    drop(more);
    upload.unwrap().finish(connection.stream, body).await;
    let mut rest = String::new();
    upstream.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "\r\n3\r\ntwo\r\n0\r\n\r\n");
}

#[tokio::test]
async fn what_an_idle_connection_says_or_its_end_is_noticed() {
    let (mut connection, mut upstream) = connected().await;
    assert!(connection.is_quiet());
    // Without a turn of the runtime: it is asked of the socket.
    upstream.write_all(b"HTTP/1.1 408 Request Timeout\r\n\r\n").await.unwrap();
    assert!(!connection.is_quiet());
    let (mut connection, upstream) = connected().await;
    drop(upstream);
    assert!(!connection.is_quiet());
}

/// Two ends of a connection by TLS; theirs with what TLS knows of it.
async fn connected_by_tls() -> (UpstreamConnection, TcpStream, ServerConnection) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (made.cert.der().clone(), PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let client = builder.with_root_certificates(roots).with_no_client_auth();
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let server = builder.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let (ours, theirs) = connected().await;
    let UpstreamStream::Plain(ours) = ours.stream else { panic!("it is plain") };
    let connector = TlsConnector::from(Arc::new(client));
    let ours = connector.connect("localhost".try_into().unwrap(), RecordSocket::new(ours));
    let (ours, theirs) = tokio::join!(ours, TlsAcceptor::from(Arc::new(server)).accept(theirs));
    let (theirs, session) = theirs.unwrap().into_inner();
    (UpstreamConnection::new(UpstreamStream::Secured(Box::new(ours.unwrap())), 0), theirs, session)
}

/// What TLS has to say.
fn records(session: &mut ServerConnection) -> Vec<u8> {
    let mut out = Vec::new();
    while session.wants_write() {
        session.write_tls(&mut out).unwrap();
    }
    out
}

#[tokio::test]
async fn tickets_and_new_keys_leave_a_connection_by_tls_as_good_as_it_was() {
    let (mut connection, mut upstream, mut session) = connected_by_tls().await;
    assert!(connection.is_quiet(), "tickets come behind the handshake");
    for _ in 0..3 {
        session.refresh_traffic_keys().unwrap();
        // Without a turn of the runtime.
        upstream.write_all(&records(&mut session)).await.unwrap();
        assert!(connection.is_quiet());
    }
    session.writer().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
    let answer = records(&mut session);
    let (head, host, mut nothing) = (Plain(Method::GET), HOST, Full::new(Bytes::new()));
    let (answered, ()) = tokio::join!(exchange(&mut connection, &head, &host, &mut nothing), async {
        upstream.write_all(&answer).await.unwrap();
    });
    assert_eq!(answered.unwrap().head.response.status(), 200);
    assert!(connection.is_quiet());
}

#[tokio::test]
async fn what_is_not_silent_by_tls_is_noticed_wherever_it_waits_t18() {
    // In the socket.
    let (mut connection, mut upstream, mut session) = connected_by_tls().await;
    session.writer().write_all(b"unasked").unwrap();
    upstream.write_all(&records(&mut session)).await.unwrap();
    assert!(!connection.is_quiet());
    assert!(!connection.is_quiet(), "it is not forgotten");
    // In what TLS has read already.
    let (mut connection, mut upstream, mut session) = connected_by_tls().await;
    session.writer().write_all(b"an answer and what is unasked").unwrap();
    upstream.write_all(&records(&mut session)).await.unwrap();
    assert_eq!(connection.stream.read(&mut [0; 9]).await.unwrap(), 9);
    assert!(!connection.is_quiet());
    // The begin of a record, of which any byte may be the last that came; the same where TLS read it with the answer.
    for part in [1, 4, 5, 6, 20] {
        for answer in [&b""[..], b"an answer"] {
            let (mut connection, mut upstream, mut session) = connected_by_tls().await;
            session.writer().write_all(answer).unwrap();
            let mut said = records(&mut session);
            session.writer().write_all(b"unasked").unwrap();
            said.extend_from_slice(&records(&mut session)[..part]);
            upstream.write_all(&said).await.unwrap();
            if !answer.is_empty() {
                connection.stream.read_exact(&mut [0; 9]).await.unwrap();
            }
            assert!(!connection.is_quiet(), "{part} bytes");
        }
    }
    // A farewell, and an end without one.
    let (mut connection, mut upstream, mut session) = connected_by_tls().await;
    session.send_close_notify();
    upstream.write_all(&records(&mut session)).await.unwrap();
    assert!(!connection.is_quiet());
    let (mut connection, upstream, _) = connected_by_tls().await;
    drop(upstream);
    assert!(!connection.is_quiet());
    // What is no record at all.
    let (mut connection, mut upstream, _) = connected_by_tls().await;
    upstream.write_all(b"HTTP/1.1 408 Request Timeout\r\n\r\n").await.unwrap();
    assert!(!connection.is_quiet());
}

#[test]
fn a_body_knows_its_end_as_soon_as_it_is_here() {
    let mut context = Context::from_waker(Waker::noop());
    let mut of = |framing, bytes: &'static [u8]| {
        let mut body = AnswerBody::new(framing, Bytes::from_static(bytes), AnswerSource::Closed);
        let frame = Pin::new(&mut body).poll_frame(&mut context);
        let Poll::Ready(Some(Ok(frame))) = frame else { panic!("{frame:?}") };
        (frame.into_data().unwrap(), body.is_end_stream(), body.size_hint().exact())
    };
    let abc = Bytes::from_static(b"abc");
    assert_eq!(of(AnswerFraming::Length(3), b"abc"), (abc.clone(), true, Some(0)));
    assert_eq!(of(AnswerFraming::Length(4), b"abc"), (abc.clone(), false, Some(1)));
    assert_eq!(of(AnswerFraming::Chunks, b"3\r\nabc\r\n0\r\n\r\n"), (abc.clone(), true, None));
    assert_eq!(of(AnswerFraming::Chunks, b"3\r\nabc\r\n0\r\n"), (abc.clone(), false, None));
    assert_eq!(of(AnswerFraming::Chunks, b"3\r\nabc\r\n0\r\nA: b\r\n\r\n"), (abc.clone(), false, None));
    assert_eq!(of(AnswerFraming::Chunks, b"3\r\nabcX"), (abc.clone(), false, None), "and then it breaks off");
    assert_eq!(of(AnswerFraming::ToTheEnd, b"abc"), (abc, false, None));
    let mut read = BytesMut::from(&b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"[..]);
    assert!(matches!(read_head(&mut read, &Method::GET), Ok(HeadReading::Interim)));
    assert!(matches!(read_head(&mut read, &Method::GET), Ok(HeadReading::Partial)));
    assert_eq!(read, b"HTTP/1.1 200"[..]);
}
