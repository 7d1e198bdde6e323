//! A connection's life over real sockets: what is malformed, slow, pipelined, upgraded, drained.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::task::TaskTracker;

use super::ConnectionLimits;
use crate::gateway::head_guard::tests::{broken_chunks, malformed};
use crate::gateway::testing::{Door, LIMITS, client, until_the_end};

const GET: &str = "GET /good HTTP/1.1\r\nHost: wiki.example.com\r\n\r\n";

/// Well within every limit, and long enough for a busy machine.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn every_malformed_head_is_answered_refused_and_the_connection_closed_t18() {
    let door = Door::open();
    for (bytes, reason) in malformed() {
        // What would be smuggled behind it must not be read.
        let answer = door.say(&[&bytes, GET.as_bytes()].concat()).await;
        let told = format!("{}: {answer}", bytes.escape_ascii());
        assert!(answer.starts_with(&format!("HTTP/1.1 {} ", reason.status().as_u16())), "{told}");
        assert!(answer.contains(reason.code()) && answer.contains("connection: close"), "{told}");
        assert_eq!(answer.lines().filter(|line| line.starts_with("HTTP/1.1 ")).count(), 1, "{told}");
    }
    assert_eq!(door.road.paths(), Vec::<String>::new());
}

#[tokio::test]
async fn broken_chunks_end_in_400_and_a_closed_connection_t18() {
    let door = Door::open();
    for chunks in broken_chunks() {
        let head = "POST /body HTTP/1.1\r\nHost: wiki.example.com\r\nTransfer-Encoding: chunked\r\n\r\n";
        let answer = door.say([head, chunks, GET].concat().as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{}: {answer}", chunks.escape_debug());
        assert!(answer.to_ascii_lowercase().contains("connection: close"), "{}: {answer}", chunks.escape_debug());
    }
    assert!(door.road.paths().iter().all(|path| path == "/body"));
}

#[tokio::test]
async fn requests_before_a_malformed_one_are_answered_first() {
    let door = Door::open();
    let post = "POST /body HTTP/1.1\r\nHost: wiki.example.com\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let answer = door.say([GET, post, "GET / HTTP/1.1\nHost: a\n\n"].concat().as_bytes()).await;
    let order: Vec<_> = ["/good", "abc", "bare_line_feed"].iter().map(|part| answer.find(part)).collect();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{answer}");
    assert_eq!(door.road.paths(), ["/good", "/body"]);
}

#[tokio::test]
async fn a_large_body_that_nobody_reads_does_not_swallow_the_refusal() {
    let door = Door::open();
    let body = "x".repeat(60_000);
    let bytes = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
    let answer = door.say(bytes.as_bytes()).await;
    assert!(answer.contains("content_length_and_transfer_encoding"), "{answer}");
}

#[tokio::test]
async fn whoever_does_not_finish_a_handshake_is_let_go_t22() {
    let door = Door::open();
    for sent in [b"".as_slice(), b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n\r\n"] {
        let mut stream = door.dial().await;
        stream.write_all(sent).await.unwrap();
        let mut answer = Vec::new();
        // A reset is as good an end as any.
        let _ended = tokio::time::timeout(SOON, stream.read_to_end(&mut answer)).await.expect("still connected");
        assert!(!answer.starts_with(b"HTTP"), "{}", answer.escape_ascii());
    }
}

#[tokio::test]
async fn a_head_that_drips_is_answered_408_and_an_idle_connection_closed_t22() {
    let door = Door::open();
    let answer = door.say(b"GET / HTTP/1.1\r\nHost: wi").await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("head_too_slow"), "{answer}");
    let answer = door.say(GET.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("/good"), "kept alive, then closed: {answer}");
}

#[tokio::test]
async fn an_upgrade_passes_whatever_it_likes() {
    let door = Door::open();
    let mut io = door.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
    io.write_all(b"GET /upgrade HTTP/1.1\r\nHost: wiki.example.com\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        assert_ne!(tokio::time::timeout(SOON, io.read_buf(&mut answer)).await.unwrap().unwrap(), 0);
    }
    assert!(answer.starts_with(b"HTTP/1.1 101 "), "{}", answer.escape_ascii());
    io.write_all(b"\n\0\r\r no head at all").await.unwrap();
    let mut echo = [0; 19];
    tokio::time::timeout(SOON, io.read_exact(&mut echo)).await.unwrap().unwrap();
    assert_eq!(&echo, b"\n\0\r\r no head at all");
}

#[tokio::test]
async fn a_drain_lets_requests_end_and_takes_no_new_ones() {
    let door = Door::with(ConnectionLimits { idle: Duration::from_secs(60), ..LIMITS }, "");
    let mut busy = door.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
    busy.write_all(GET.replace("/good", "/wait").as_bytes()).await.unwrap();
    let mut idle = door.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
    while door.road.paths().is_empty() {
        tokio::task::yield_now().await;
    }
    door.shutdown.cancel();
    door.drain.cancel();
    door.tasks.close();
    assert_eq!(until_the_end(&mut idle).await, "");
    door.road.go.notify_one();
    let answer = until_the_end(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close"), "{answer}");
    tokio::time::timeout(SOON, door.tasks.wait()).await.expect("a connection outlived the drain");
}

#[tokio::test]
async fn http2_is_spoken_where_the_handshake_agreed_on_it() {
    let door = Door::open();
    let io = door.connect(&client(&[b"h2", b"http/1.1"]), "wiki.example.com").await.unwrap();
    assert_eq!(io.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
    let connection = TaskTracker::new().spawn(connection);
    let request = Request::post("https://wiki.example.com/body").body(Full::new(Bytes::from_static(b"abc"))).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "abc");
    assert!(door.road.last().is_h2);
    let long = format!("https://wiki.example.com/{}", "x".repeat(1100));
    let response = sender.send_request(Request::get(long).body(Full::default()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 414);
    assert_eq!(door.road.paths(), ["/body"]);
    // Then it is idle, and is told to go.
    let ended = tokio::time::timeout(SOON, connection).await.expect("an idle connection is held").unwrap();
    assert!(ended.is_ok(), "{ended:?}");
}

#[tokio::test]
async fn http2_answers_many_requests_at_once() {
    let door = Door::open();
    let io = door.connect(&client(&[b"h2"]), "wiki.example.com").await.unwrap();
    let (sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
    let _connection = TaskTracker::new().spawn(connection);
    let asked = (0..80).map(|number| {
        let mut sender = sender.clone();
        async move {
            let request = Request::get(format!("https://wiki.example.com/{number}")).body(Empty::new()).unwrap();
            sender.send_request(request).await.unwrap().status()
        }
    });
    let answered = futures_util::future::join_all(asked).await;
    assert!(answered.iter().all(|status| *status == 200));
    assert_eq!(door.road.paths().len(), 80);
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_let_go_t22() {
    let door = Door::open();
    let mut http1 = door.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
    http1.write_all(GET.replace("/good", "/large").as_bytes()).await.unwrap();
    let io = door.connect(&client(&[b"h2"]), "wiki.example.com").await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(1000)
        .handshake::<_, Empty<Bytes>>(TokioIo::new(io))
        .await
        .unwrap();
    let connection = TaskTracker::new().spawn(connection);
    let request = Request::get("https://wiki.example.com/large").body(Empty::new()).unwrap();
    let unread = sender.send_request(request).await.unwrap();
    let _ended = tokio::time::timeout(SOON, connection).await.expect("HTTP/2 waits for ever").unwrap();
    door.shutdown.cancel();
    door.tasks.close();
    tokio::time::timeout(SOON, door.tasks.wait()).await.expect("HTTP/1.1 waits for ever");
    drop((http1, unread));
}

#[tokio::test]
async fn an_answer_that_takes_its_time_is_no_idle_connection() {
    let door = Door::open();
    let io = door.connect(&client(&[b"h2"]), "wiki.example.com").await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
    let _connection = TaskTracker::new().spawn(connection);
    let request = Request::get("https://wiki.example.com/wait").body(Empty::new()).unwrap();
    let answer = sender.send_request(request);
    tokio::time::sleep(LIMITS.idle * 3).await;
    door.road.go.notify_one();
    assert_eq!(answer.await.unwrap().status(), 200);
}

#[test]
fn an_idle_connection_keeps_no_state_of_requests() {
    fn size<A, B, C, D, T>(_: impl Fn(A, B, C, D) -> T) -> usize {
        std::mem::size_of::<T>()
    }
    // What a handshake and a request need is boxed, and gone when they are done.
    let kept = size(super::Doorway::<crate::gateway::request::Gateway>::serve);
    assert!(kept <= 512, "{kept} bytes");
}
