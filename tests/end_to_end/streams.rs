//! What streams: events as they happen, sockets through TLS that would rather speak HTTP/2, calls that end in trailers.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::sessions::events;
use crate::support::raw::{Raw, Step};
use crate::support::{PASSWORD_AND_TOTP, World};

const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";

/// Puts the app `wiki` of a world somewhere else; `more` stands beside its address.
fn move_to(world: &World, address: &str, more: &str) {
    let path = world.folder.path().join("sekisho.toml");
    let own = format!("[\"http://{}\"]", world.upstream.address());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(&own));
    std::fs::write(&path, text.replace(&own, &format!("[{address:?}]{more}"))).unwrap();
    world.server.reload(&path).unwrap();
}

#[tokio::test]
async fn an_event_arrives_at_once_and_the_stream_ends_with_the_session_t25() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let upstream = Raw::start(&[&[
        Step::Say(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n",
        ),
        Step::Wait,
    ]])
    .await;
    move_to(&world, &upstream.address, "");
    // Nothing in the request says that it will be a stream.
    let mut stream = events(&browser, &world, "wiki").await;
    let core = world.server.core();
    let session = core.sessions().of_user(&alice.user).pop().unwrap();
    core.sessions().revoke(session.id()).await.unwrap();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(1), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the stream still lives a second later");
    assert!(rest.is_empty(), "a stream that was cut does not end cleanly: {rest:?}");
}

/// An upstream with TLS that offers HTTP/2 first, and switches protocols where HTTP/1.1 was agreed.
async fn eager_for_h2(world: &World) -> u16 {
    let (chain, key) = world.authority.server(&["localhost"]);
    let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(chain.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let stream = acceptor.accept(stream).await.unwrap();
                let h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                let service = service_fn(move |mut request: Request<Incoming>| async move {
                    if h2 || !request.headers().contains_key("upgrade") {
                        return Ok::<_, Infallible>(Response::new(if h2 { "over h2" } else { "over http/1.1" }.to_owned()));
                    }
                    let upgrade = hyper::upgrade::on(&mut request);
                    tokio::spawn(async move {
                        let (mut from, mut to) = tokio::io::split(TokioIo::new(upgrade.await.unwrap()));
                        let _until_the_end = tokio::io::copy(&mut from, &mut to).await;
                    });
                    let response = Response::builder().status(101).header("connection", "upgrade").header("upgrade", "websocket");
                    Ok(response.body(String::new()).unwrap())
                });
                let io = TokioIo::new(stream);
                let _ended = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new())
                    .serve_connection_with_upgrades(io, service)
                    .await;
            });
        }
    });
    port
}

#[tokio::test]
async fn a_socket_opens_to_an_upstream_that_otherwise_speaks_h2() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let port = eager_for_h2(&world).await;
    move_to(&world, &format!("https://localhost:{port}"), "\nupstream_tls = { authority = \"authority.pem\" }");
    let mut browser = world.browser();
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.body, "over h2");
    let mut stream = browser.connect(&world.url("wiki", "/").parse().unwrap()).await;
    let head =
        format!("GET /socket HTTP/1.1\r\nHost: wiki.test:{}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", world.port);
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
    stream.write_all(b"hello").await.unwrap();
    let mut echo = [0; 5];
    stream.read_exact(&mut echo).await.unwrap();
    assert_eq!(&echo, b"hello");
}

/// An h2c upstream that answers each message of a call by itself, and ends with a status in trailers.
async fn calls() -> (u16, mpsc::UnboundedReceiver<HeaderMap>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let sender = sender.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                sender.send(request.headers().clone()).unwrap();
                async move {
                    let (answer, answers) = mpsc::unbounded_channel::<Result<Frame<Bytes>, Infallible>>();
                    tokio::spawn(async move {
                        let mut body = request.into_body();
                        let mut trailers = "none".to_owned();
                        while let Some(Ok(frame)) = body.frame().await {
                            match frame.into_data() {
                                Ok(data) => answer.send(Ok(Frame::data(data))).unwrap(),
                                Err(frame) => trailers = format!("{frame:?}"),
                            }
                        }
                        let mut ending = HeaderMap::new();
                        ending.insert("grpc-status", "0".parse().unwrap());
                        ending.insert("x-request-trailers", trailers.parse().unwrap());
                        answer.send(Ok(Frame::trailers(ending))).unwrap();
                    });
                    let stream = futures_util::stream::unfold(answers, |mut answers| async move {
                        answers.recv().await.map(|frame| (frame, answers))
                    });
                    let response = Response::builder().header("content-type", "application/grpc");
                    Ok::<_, Infallible>(response.body(StreamBody::new(stream)).unwrap())
                }
            });
            tokio::spawn(async move {
                let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                let _ended = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    (port, receiver)
}

#[tokio::test]
async fn a_call_streams_both_ways_and_ends_in_the_upstreams_trailers_t4() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let (port, mut seen) = calls().await;
    move_to(&world, &format!("h2c://127.0.0.1:{port}"), "");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(world.authority.der()).unwrap();
    let mut config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = TcpStream::connect(("127.0.0.1", world.port)).await.unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("wiki.test").unwrap(), stream).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let (say, messages) = mpsc::unbounded_channel::<Result<Frame<Bytes>, Infallible>>();
    let messages =
        futures_util::stream::unfold(
            messages,
            |mut messages| async move { messages.recv().await.map(|frame| (frame, messages)) },
        );
    let request = Request::builder()
        .method(Method::POST)
        .uri(world.url("wiki", "/greeter/Hello"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(StreamBody::new(messages).boxed_unsync())
        .unwrap();
    say.send(Ok(Frame::data(Bytes::from_static(b"one")))).unwrap();
    let mut response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut frame = response.body_mut().frame().await.unwrap().unwrap();
    assert_eq!(frame.data_mut().unwrap().as_ref(), b"one", "before the second was said");
    say.send(Ok(Frame::data(Bytes::from_static(b"two")))).unwrap();
    let mut frame = response.body_mut().frame().await.unwrap().unwrap();
    assert_eq!(frame.data_mut().unwrap().as_ref(), b"two");
    let mut evil = HeaderMap::new();
    evil.insert("remote-user", "root".parse().unwrap());
    say.send(Ok(Frame::trailers(evil))).unwrap();
    drop(say);
    let trailers = response.body_mut().frame().await.unwrap().unwrap().into_trailers().unwrap();
    assert_eq!((trailers["grpc-status"].as_bytes(), trailers["x-request-trailers"].as_bytes()), (&b"0"[..], &b"none"[..]));
    let fields = seen.recv().await.unwrap();
    assert_eq!(fields["te"], "trailers");
    assert!(!fields.contains_key("connection") && !fields.contains_key("remote-user"));
}
