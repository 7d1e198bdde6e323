//! Transactions whose other side breaks off: the upstream after it has read the request, the client while it sends it or
//! while it waits for the answer. What may have happened is never reported as undone, and never done twice (R-453).

use std::time::Duration;

use hyper::Method;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::raw::{Raw, Step};
use crate::support::{Browser, PASSWORD_AND_TOTP, Phone, World};

const ORDERS: &str = r#"
[[app.transaction]]
name = "order"
paths = ["/orders"]
title = { en = "Order" }
show = [{ label = { en = "Amount" }, from = "json:/amount", format = "number" }]
"#;
const ORDER: &str = r#"{"amount":7}"#;

/// Alice's programs, signed in; her phone; an upstream that treats what it reads as the test demands.
struct Scene {
    world: World,
    phone: Phone,
    program: Browser,
    upstream: Raw,
}

impl Scene {
    async fn with(script: &'static [&'static [Step]], limits: &str) -> Self {
        let world = World::with(&[("shop", &format!("{PASSWORD_AND_TOTP}{ORDERS}"))], limits).await;
        let alice = world.person("alice").await;
        let phone = Phone::of(&world, &["alice"]).await;
        let mut browser = world.browser();
        browser.sign_in(&world.url("shop", "/"), &alice).await;
        let upstream = Raw::start(script).await;
        let path = world.folder.path().join("sekisho.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let own = format!("http://{}", world.upstream.address());
        assert!(text.contains(&own));
        std::fs::write(&path, text.replace(&own, &upstream.address)).unwrap();
        world.server.reload(&path).unwrap();
        let program = browser.with_header("accept", "application/json").with_header("content-type", "application/json");
        Self { world, phone, program, upstream }
    }

    fn url(&self, path: &str) -> String {
        self.world.url("shop", path)
    }

    /// One that is held and approved: where it stands, and where its result is.
    async fn approved(&mut self) -> (String, String) {
        let held = self.program.send(Method::POST, &self.url("/orders"), Some(ORDER)).await;
        assert_eq!(held.status, 202, "{held:?}");
        self.phone.answer(&self.world, "approve", None).await;
        let document = held.json();
        (self.url(document["status"].as_str().unwrap()), self.url(document["result"].as_str().unwrap()))
    }

    async fn state(&mut self, status: &str) -> String {
        let url = status.to_owned();
        self.program.send(Method::GET, &url, None).await.json()["state"].as_str().unwrap().to_owned()
    }

    /// Says the head of an order of `length` octets, then pieces of it; the connection.
    async fn sends(&self, length: usize, body: &[&str]) -> impl AsyncRead + Unpin + use<> {
        let url: url::Url = self.url("/orders").parse().unwrap();
        let mut stream = self.program.connect(&url).await;
        let session = self.program.cookie("shop.test", "__Host-sekisho").unwrap();
        let head = format!(
            "POST /orders HTTP/1.1\r\nHost: shop.test:{}\r\nAccept: application/json\r\nCookie: __Host-sekisho={session}\r\n\
             Origin: {}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
            self.world.port,
            url.origin().ascii_serialization()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        for piece in body {
            stream.write_all(piece.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
        }
        stream
    }
}

#[tokio::test]
async fn an_upstream_that_breaks_off_is_not_asked_again_r_453() {
    let mut at = Scene::with(&[&[Step::Close]], "").await;
    let (status, result) = at.approved().await;
    let answer = at.program.send(Method::GET, &result, None).await;
    assert_eq!((answer.status, answer.code().as_str()), (502, "transaction_unknown"), "{answer:?}");
    assert_eq!(at.state(&status).await, "unknown");
    let again = at.program.send(Method::GET, &result, None).await;
    assert_eq!((again.status, again.code().as_str()), (502, "transaction_unknown"));
    assert_eq!(at.upstream.requests(), 1);
}

#[tokio::test]
async fn a_client_that_leaves_during_forwarding_is_not_sent_again_r_453() {
    let mut at = Scene::with(&[&[Step::Wait]], "").await;
    let (status, result) = at.approved().await;
    let mut leaving = at.program.clone();
    tokio::select! {
        answer = leaving.send(Method::GET, &result, None) => panic!("the upstream says nothing: {answer:?}"),
        () = async {
            while at.upstream.requests() == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        } => {}
    }
    // Its connection goes with it; the gateway learns of that a moment later.
    let ended = tokio::time::timeout(Duration::from_secs(20), async {
        while at.state(&status).await == "forwarding" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    ended.await.expect("it never ends");
    assert_eq!(at.state(&status).await, "unknown");
    let again = at.program.send(Method::GET, &result, None).await;
    assert_eq!(again.code(), "transaction_unknown");
    assert_eq!(at.upstream.requests(), 1);
}

#[tokio::test]
async fn a_late_body_is_not_held_and_nobody_is_asked_t18_t22() {
    let at = Scene::with(&[&[Step::Close]], "[limits]\ntransaction_within = \"1s\"\n").await;
    let mut slow = at.sends(ORDER.len(), &["{\"amou"]).await;
    let mut answer = Vec::new();
    tokio::time::timeout(Duration::from_secs(10), slow.read_to_end(&mut answer)).await.expect("it stays open").unwrap();
    let answer = String::from_utf8_lossy(&answer).to_ascii_lowercase();
    assert!(answer.starts_with("http/1.1 408 ") && answer.contains("transaction_body_too_slow"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert!(at.phone.asked(&at.world).await.is_empty());
    assert_eq!(at.upstream.requests(), 0);
}

#[tokio::test]
async fn a_client_that_breaks_off_while_it_sends_leaves_nothing_held() {
    let mut at = Scene::with(&[&[Step::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")]], "").await;
    drop(at.sends(ORDER.len(), &["{\"amou"]).await);
    // The next one is held by itself: one question, of the whole order.
    let (_, result) = at.approved().await;
    assert!(at.phone.asked(&at.world).await.is_empty(), "one was asked, and is answered");
    let answer = at.program.send(Method::GET, &result, None).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "fine"));
    assert_eq!(at.upstream.requests(), 1);
}
