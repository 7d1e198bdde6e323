//! Upstreams that are down, slow, broken or rude: what a client learns of it, and what is never done twice.

use std::time::Duration;

use hyper::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::World;
use crate::support::raw::{Raw, Step};

const OPEN: &str = "answer_within = \"400ms\"\n[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";
const FINE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine";

/// A world whose app is at these addresses.
async fn world_towards(addresses: &[&str]) -> World {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let path = world.folder.path().join("sekisho.toml");
    let own = format!("[\"http://{}\"]", world.upstream.address());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(&own));
    std::fs::write(&path, text.replace(&own, &format!("{addresses:?}"))).unwrap();
    world.server.reload(&path).unwrap();
    world
}

async fn ask(world: &World, method: Method, body: Option<&str>) -> (u16, String) {
    let mut program = world.browser().with_header("accept", "application/json");
    let answer = program.send(method, &world.url("wiki", "/"), body).await;
    let body = if answer.status == 200 { answer.body } else { answer.code() };
    (answer.status, body)
}

/// Says `request` over TLS and reads until the gateway closes.
async fn say(world: &World, request: &[&[u8]], pause: Duration) -> String {
    let url: url::Url = world.url("wiki", "/").parse().unwrap();
    let mut stream = world.browser().connect(&url).await;
    for piece in request {
        stream.write_all(piece).await.unwrap();
        stream.flush().await.unwrap();
        tokio::time::sleep(pause).await;
    }
    let mut answer = Vec::new();
    let _ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.expect("it stays open");
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(world: &World, line: &str, fields: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: wiki.test:{}\r\nAccept: application/json\r\n{fields}\r\n", world.port)
}

#[tokio::test]
async fn what_is_no_http_is_502() {
    for garbage in [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"]
    {
        let script: &'static [Step] = vec![Step::Say(garbage)].leak();
        let upstream = Raw::start(vec![script].leak()).await;
        let world = world_towards(&[&upstream.address]).await;
        assert_eq!(ask(&world, Method::GET, None).await, (502, "upstream_broken".to_owned()), "{garbage:?}");
        assert_eq!(upstream.requests(), 1, "what was answered is not asked again");
    }
}

#[tokio::test]
async fn an_upstream_that_keeps_silent_is_504() {
    let upstream = Raw::start(&[&[Step::Wait]]).await;
    let world = world_towards(&[&upstream.address]).await;
    assert_eq!(ask(&world, Method::GET, None).await, (504, "upstream_timed_out".to_owned()));
    assert_eq!(upstream.requests(), 1);
}

#[tokio::test]
async fn a_protocol_switch_that_nobody_asked_for_is_502_t18_cve_2026_2833() {
    let upstream =
        Raw::start(&[&[Step::Say(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nHTTP/1.1 200")]])
            .await;
    let world = world_towards(&[&upstream.address]).await;
    assert_eq!(ask(&world, Method::GET, None).await, (502, "upstream_broken".to_owned()));
}

#[tokio::test]
async fn the_next_address_answers_where_one_is_down() {
    let upstream = Raw::start(&[&[Step::Say(FINE), Step::Say(FINE), Step::Say(FINE), Step::Say(FINE)]]).await;
    let world = world_towards(&["http://127.0.0.1:1", &upstream.address]).await;
    for (method, body) in [(Method::GET, None), (Method::POST, Some("a=b")), (Method::GET, None), (Method::POST, Some("a=b"))] {
        assert_eq!(ask(&world, method, body).await, (200, "fine".to_owned()));
    }
    assert_eq!(upstream.requests(), 4);
}

#[tokio::test]
async fn a_dead_kept_connection_is_replaced_once_for_idempotent_requests() {
    let upstream = Raw::start(&[&[Step::Say(FINE), Step::Close], &[Step::Say(FINE)]]).await;
    let world = world_towards(&[&upstream.address]).await;
    assert_eq!(ask(&world, Method::GET, None).await.0, 200);
    assert_eq!(ask(&world, Method::GET, None).await, (200, "fine".to_owned()));
    assert_eq!((upstream.connections(), upstream.requests()), (2, 3));
}

#[tokio::test]
async fn what_was_posted_is_never_sent_twice() {
    let upstream = Raw::start(&[&[Step::Say(FINE), Step::Close], &[Step::Say(FINE)]]).await;
    let world = world_towards(&[&upstream.address]).await;
    assert_eq!(ask(&world, Method::GET, None).await.0, 200);
    assert_eq!(ask(&world, Method::POST, Some("pay=100")).await, (502, "upstream_broken".to_owned()));
    assert_eq!((upstream.connections(), upstream.requests()), (1, 2));
}

#[tokio::test]
async fn an_answer_that_breaks_off_never_ends_cleanly() {
    let cut = Raw::start(&[&[Step::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]]).await;
    let world = world_towards(&[&cut.address]).await;
    let answer = say(&world, &[head(&world, "GET /", "Connection: close\r\n").as_bytes()], Duration::ZERO).await;
    assert!(answer.contains("content-length: 100") && answer.ends_with("half"), "{answer}");
    let cut = Raw::start(&[&[Step::Say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]]).await;
    let world = world_towards(&[&cut.address]).await;
    let answer = say(&world, &[head(&world, "GET /", "Connection: close\r\n").as_bytes()], Duration::ZERO).await;
    assert!(answer.contains("half") && !answer.contains("\r\n0\r\n"), "the last chunk would say that this is all: {answer}");
}

#[tokio::test]
async fn an_upload_that_moves_is_no_upstream_that_is_late() {
    let upstream = Raw::start(&[&[Step::Say(FINE)]]).await;
    let world = world_towards(&[&upstream.address]).await;
    let head = head(&world, "POST /", "Content-Length: 12\r\nConnection: close\r\n");
    let mut pieces: Vec<&[u8]> = vec![head.as_bytes()];
    pieces.extend([&b"aa"[..]; 6]);
    // Seven pauses of a third of what the answer may take.
    let answer = say(&world, &pieces, Duration::from_millis(150)).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_broken_body_is_the_clients_fault_and_ends_its_connection_t18() {
    for rest in ["5\r\nhello\r\nzz\r\n", "5\r\nhelloXX0\r\n\r\n", "-1\r\n\r\n"] {
        let upstream = Raw::start(&[&[Step::Say(FINE)]]).await;
        let world = world_towards(&[&upstream.address]).await;
        let head = head(&world, "POST /", "Transfer-Encoding: chunked\r\n");
        let smuggled = format!("{rest}GET /smuggled HTTP/1.1\r\nHost: wiki.test:{}\r\n\r\n", world.port);
        let answer = say(&world, &[head.as_bytes(), smuggled.as_bytes()], Duration::ZERO).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{rest:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{rest:?}: {answer}");
        assert_eq!(upstream.requests(), 0, "{rest:?}");
    }
}
