//! A connection's life over real sockets: what is malformed, slow, pipelined, upgraded, drained.

use std::error::Error as _;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::task::TaskTracker;

use super::ConnectionLimits;
use crate::gateway::head_guard::tests::{broken_chunks, malformed};
use crate::gateway::testing::{LIMITS, TestGateway, client, until_the_end};

const GET: &str = "GET /good HTTP/1.1\r\nHost: wiki.example.com\r\n\r\n";

/// Well within every limit, and long enough for a busy machine.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn every_malformed_head_is_answered_refused_and_the_connection_closed_t18() {
    let gateway = TestGateway::open();
    for (bytes, reason) in malformed() {
        // What would be smuggled behind it must not be read.
        let answer = gateway.say(&[&bytes, GET.as_bytes()].concat()).await;
        let answered = format!("{}: {answer}", bytes.escape_ascii());
        assert!(answer.starts_with(&format!("HTTP/1.1 {} ", reason.status().as_u16())), "{answered}");
        assert!(answer.contains(reason.code()) && answer.contains("connection: close"), "{answered}");
        assert_eq!(answer.lines().filter(|line| line.starts_with("HTTP/1.1 ")).count(), 1, "{answered}");
    }
    assert_eq!(gateway.mirror.paths(), Vec::<String>::new());
}

#[tokio::test]
async fn broken_chunks_end_in_400_and_a_closed_connection_t18() {
    let gateway = TestGateway::open();
    for chunks in broken_chunks() {
        let head = "POST /body HTTP/1.1\r\nHost: wiki.example.com\r\nTransfer-Encoding: chunked\r\n\r\n";
        let answer = gateway.say([head, chunks, GET].concat().as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{}: {answer}", chunks.escape_debug());
        assert!(answer.to_ascii_lowercase().contains("connection: close"), "{}: {answer}", chunks.escape_debug());
    }
    assert!(gateway.mirror.paths().iter().all(|path| path == "/body"));
}

#[tokio::test]
async fn requests_before_a_malformed_one_are_answered_first() {
    let gateway = TestGateway::open();
    let post = "POST /body HTTP/1.1\r\nHost: wiki.example.com\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let answer = gateway.say([GET, post, "GET / HTTP/1.1\nHost: a\n\n"].concat().as_bytes()).await;
    let order: Vec<_> = ["/good", "abc", "bare_line_feed"].iter().map(|part| answer.find(part)).collect();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{answer}");
    assert_eq!(gateway.mirror.paths(), ["/good", "/body"]);
}

#[tokio::test]
async fn a_large_body_that_nobody_reads_does_not_swallow_the_refusal() {
    let gateway = TestGateway::open();
    let body = "x".repeat(60_000);
    let bytes = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
    let answer = gateway.say(bytes.as_bytes()).await;
    assert!(answer.contains("content_length_and_transfer_encoding"), "{answer}");
}

#[tokio::test]
async fn whoever_does_not_finish_a_handshake_is_let_go_t22() {
    let gateway = TestGateway::open();
    for sent in [b"".as_slice(), b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n\r\n"] {
        let mut stream = gateway.dial().await;
        stream.write_all(sent).await.unwrap();
        let mut answer = Vec::new();
        // A reset is as good an end as any.
        let _ended = tokio::time::timeout(SOON, stream.read_to_end(&mut answer)).await.expect("still connected");
        assert!(!answer.starts_with(b"HTTP"), "{}", answer.escape_ascii());
    }
}

#[tokio::test]
async fn a_head_that_drips_is_answered_408_and_an_idle_connection_closed_t22() {
    let gateway = TestGateway::open();
    let answer = gateway.say(b"GET / HTTP/1.1\r\nHost: wi").await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("head_too_slow"), "{answer}");
    let answer = gateway.say(GET.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("/good"), "kept alive, then closed: {answer}");
}

#[tokio::test]
async fn an_upgrade_passes_whatever_it_likes() {
    let gateway = TestGateway::open();
    let mut io = gateway.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
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
    let gateway = TestGateway::with(ConnectionLimits { idle: Duration::from_secs(60), ..LIMITS }, "");
    let mut busy = gateway.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
    busy.write_all(GET.replace("/good", "/wait").as_bytes()).await.unwrap();
    let mut idle = gateway.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
    while gateway.mirror.paths().is_empty() {
        tokio::task::yield_now().await;
    }
    gateway.shutdown.cancel();
    gateway.drain.begin();
    gateway.tasks.close();
    assert_eq!(until_the_end(&mut idle).await, "");
    gateway.mirror.go.notify_one();
    let answer = until_the_end(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close"), "{answer}");
    tokio::time::timeout(SOON, gateway.tasks.wait()).await.expect("a connection outlived the drain");
}

#[tokio::test]
async fn http2_is_spoken_where_the_handshake_agreed_on_it() {
    let gateway = TestGateway::open();
    let io = gateway.connect(&client(&[b"h2", b"http/1.1"]), "wiki.example.com").await.unwrap();
    assert_eq!(io.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
    let connection = TaskTracker::new().spawn(connection);
    let request = Request::post("https://wiki.example.com/body").body(Full::new(Bytes::from_static(b"abc"))).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "abc");
    assert!(gateway.mirror.last().is_h2);
    let long = format!("https://wiki.example.com/{}", "x".repeat(1100));
    let response = sender.send_request(Request::get(long).body(Full::default()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 414);
    assert_eq!(gateway.mirror.paths(), ["/body"]);
    // Then it is idle, and is asked to close.
    let ended = tokio::time::timeout(SOON, connection).await.expect("an idle connection is held").unwrap();
    assert!(ended.is_ok(), "{ended:?}");
}

#[tokio::test]
async fn http2_counts_fields_and_cookies_before_they_are_joined() {
    let gateway = TestGateway::open();
    let io = gateway.connect(&client(&[b"h2"]), "wiki.example.com").await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
    let _connection = TaskTracker::new().spawn(connection);
    for (name, count, status) in [("x-own", 16, 200), ("x-own", 17, 431), ("cookie", 17, 431), ("cookie", 60, 431)] {
        let mut request = Request::get(format!("https://wiki.example.com/{count}"));
        for number in 0..count {
            let name = if name == "cookie" { name.to_owned() } else { format!("{name}-{number}") };
            request = request.header(name, format!("c{number}=x"));
        }
        let answer = sender.send_request(request.body(Empty::new()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), status, "{count} of {name}");
        let answered = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(status == 431, answered.windows(15).any(|part| part == b"too_many_fields"), "{answered:?}");
    }
    assert_eq!(gateway.mirror.paths(), ["/16"]);
}

#[tokio::test]
async fn requests_under_way_on_an_http2_connection_are_bounded_together() {
    let gateway = TestGateway::open();
    let io = gateway.connect(&client(&[b"h2"]), "wiki.example.com").await.unwrap();
    let (sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
    let tasks = TaskTracker::new();
    let _connection = tasks.spawn(connection);
    let refused = Arc::new(AtomicUsize::new(0));
    let ask = || {
        let request =
            Request::get("https://wiki.example.com/wait").header("x-fill", "x".repeat(3000)).body(Empty::new()).unwrap();
        let (mut sender, refused) = (sender.clone(), Arc::clone(&refused));
        async move {
            match sender.send_request(request).await {
                Ok(answer) => assert_eq!(answer.status(), 200),
                Err(error) => {
                    // To be asked again, on this connection or another (RFC 9113 §8.7).
                    let why = error.source().and_then(|cause| cause.downcast_ref::<h2::Error>()).and_then(h2::Error::reason);
                    assert_eq!(why, Some(h2::Reason::REFUSED_STREAM), "{error:?}");
                    refused.fetch_add(1, Ordering::SeqCst);
                }
            }
        }
    };
    let asked: Vec<_> = (0..90).map(|_| tasks.spawn(ask())).collect();
    let all = async {
        while gateway.mirror.paths().len() + refused.load(Ordering::SeqCst) < 90 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(SOON, all).await.expect("not all were answered or taken");
    // 512 KiB of about 7 each.
    assert_eq!((gateway.mirror.paths().len(), refused.load(Ordering::SeqCst)), (72, 18));
    gateway.mirror.go.notify_waiters();
    for one in asked {
        one.await.unwrap();
    }
    // What was counted is given back.
    let again = tasks.spawn(ask());
    while gateway.mirror.paths().len() < 73 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    gateway.mirror.go.notify_waiters();
    again.await.unwrap();
    assert_eq!(refused.load(Ordering::SeqCst), 18);
}

#[tokio::test]
async fn what_still_comes_after_an_answer_is_read_on_over_http2() {
    let gateway = TestGateway::open();
    let io = gateway.connect(&client(&[b"h2"]), "wiki.example.com").await.unwrap();
    let (mut sender, connection) = h2::client::handshake(io).await.unwrap();
    let _connection = TaskTracker::new().spawn(connection);
    let request = Request::post("https://wiki.example.com/unread").body(()).unwrap();
    let (answer, mut body) = sender.send_request(request, false).unwrap();
    body.send_data(Bytes::from_static(b"more will come"), false).unwrap();
    let mut answer = answer.await.unwrap().into_body();
    assert_eq!(answer.data().await.unwrap().unwrap(), "/unread");
    assert!(answer.data().await.is_none() && answer.is_end_stream(), "it ended");
    // More than a window holds: it is taken, and the stream ends as its sender ends it.
    let sending = async {
        for _ in 0..64 {
            body.reserve_capacity(16 << 10);
            while body.capacity() < 16 << 10 {
                poll_fn(|context| body.poll_capacity(context)).await.expect("the stream was reset").unwrap();
            }
            body.send_data(vec![0; 16 << 10].into(), false).unwrap();
        }
    };
    tokio::time::timeout(SOON, sending).await.expect("nobody reads it");
    body.send_data(Bytes::new(), true).unwrap();
    let reset = tokio::time::timeout(Duration::from_millis(50), poll_fn(|context| body.poll_reset(context))).await;
    assert!(!matches!(reset, Ok(Ok(_))), "the stream was reset: {reset:?}");
}

#[tokio::test]
async fn what_still_comes_after_an_answer_is_read_on_over_http1() {
    // A busy machine may pause for longer within 24 MiB than the other tests wait.
    let patient = ConnectionLimits { handshake: SOON, head_within: SOON, idle: Duration::from_secs(3), ..LIMITS };
    let gateway = TestGateway::with(patient, "");
    let mut io = gateway.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
    // Sent whole before the answer is looked at; more than the sockets between hold.
    io.write_all(b"POST /unread HTTP/1.1\r\nHost: wiki.example.com\r\nContent-Length: 25165824\r\n\r\n").await.unwrap();
    for _ in 0..24 {
        io.write_all(&[b'x'; 1 << 20]).await.expect("the connection was closed");
    }
    io.write_all(GET.as_bytes()).await.unwrap();
    let answers = until_the_end(&mut io).await;
    assert!(answers.contains("/unread") && answers.ends_with("/good"), "{answers}");
    assert_eq!(gateway.mirror.paths(), ["/unread", "/good"]);
}

#[tokio::test]
async fn a_body_that_waits_to_be_asked_for_is_not_asked_for_in_order_to_be_thrown_away() {
    let gateway = TestGateway::open();
    let head = "POST /unread HTTP/1.1\r\nHost: wiki.example.com\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n";
    let answer = gateway.say(head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn http2_answers_many_requests_at_once() {
    let gateway = TestGateway::open();
    let io = gateway.connect(&client(&[b"h2"]), "wiki.example.com").await.unwrap();
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
    assert_eq!(gateway.mirror.paths().len(), 80);
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_let_go_t22() {
    let gateway = TestGateway::open();
    let mut http1 = gateway.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
    http1.write_all(GET.replace("/good", "/large").as_bytes()).await.unwrap();
    let io = gateway.connect(&client(&[b"h2"]), "wiki.example.com").await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(1000)
        .handshake::<_, Empty<Bytes>>(TokioIo::new(io))
        .await
        .unwrap();
    let connection = TaskTracker::new().spawn(connection);
    let request = Request::get("https://wiki.example.com/large").body(Empty::new()).unwrap();
    let unread = sender.send_request(request).await.unwrap();
    let _ended = tokio::time::timeout(SOON, connection).await.expect("HTTP/2 waits for ever").unwrap();
    gateway.shutdown.cancel();
    gateway.tasks.close();
    tokio::time::timeout(SOON, gateway.tasks.wait()).await.expect("HTTP/1.1 waits for ever");
    drop((http1, unread));
}

#[tokio::test]
async fn an_answer_that_takes_its_time_is_no_idle_connection() {
    let gateway = TestGateway::open();
    let io = gateway.connect(&client(&[b"h2"]), "wiki.example.com").await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
    let _connection = TaskTracker::new().spawn(connection);
    let request = Request::get("https://wiki.example.com/wait").body(Empty::new()).unwrap();
    let answer = sender.send_request(request);
    tokio::time::sleep(LIMITS.idle * 3).await;
    gateway.mirror.go.notify_one();
    assert_eq!(answer.await.unwrap().status(), 200);
}

#[test]
fn an_idle_connection_keeps_no_state_of_requests() {
    fn size<A, B, C, D, E, T>(_: impl Fn(A, B, C, D, E) -> T) -> usize {
        std::mem::size_of::<T>()
    }
    // What a handshake and a request need is boxed, and gone when they are done.
    let kept = size(super::ConnectionService::<crate::gateway::exchange::Gateway>::serve);
    assert!(kept <= 512, "{kept} bytes");
}
