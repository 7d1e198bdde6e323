//! Sessions: ended at once everywhere, kept over a restart, known by their owner.

use std::time::Duration;

use hyper::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{Browser, PASSWORD_AND_TOTP, World};

/// A socket at an app of the world, which echoes.
pub async fn socket(browser: &Browser, world: &World) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
    let url: url::Url = world.url("wiki", "/socket").parse().unwrap();
    let mut stream = browser.connect(&url).await;
    let head = format!(
        "GET /socket HTTP/1.1\r\nHost: wiki.test:{0}\r\nOrigin: https://wiki.test:{0}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nCookie: __Host-sekisho={1}\r\n\r\n",
        world.port,
        browser.cookie("wiki.test", "__Host-sekisho").unwrap()
    );
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
    stream
}

/// The stream of events of an app, once its first event is there. Nothing in the request says that it will be one.
pub async fn events(browser: &Browser, world: &World, app: &str) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
    events_as(browser, world, app, "*/*").await
}

/// The same, by this `Accept`: a browser's `EventSource` says `text/event-stream`.
pub async fn events_as(
    browser: &Browser,
    world: &World,
    app: &str,
    accept: &str,
) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
    let url: url::Url = world.url(app, "/events").parse().unwrap();
    let host = url.host_str().unwrap();
    let mut stream = browser.connect(&url).await;
    let cookie = browser.cookie(host, "__Host-sekisho").map(|cookie| format!("Cookie: __Host-sekisho={cookie}\r\n"));
    let head =
        format!("GET /events HTTP/1.1\r\nHost: {host}:{}\r\nAccept: {accept}\r\n{}\r\n", world.port, cookie.unwrap_or_default());
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let first = async {
        while !answer.ends_with(b"data: 1\n\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(5), first).await.expect("the event is kept back");
    stream
}

/// Resolves when the peer closed, in less than a second.
pub async fn closes(mut stream: tokio_rustls::client::TlsStream<tokio::net::TcpStream>) {
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(1), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the socket still lives a second later");
}

#[tokio::test]
async fn revoking_a_session_closes_its_socket_within_a_second_t25() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let stream = socket(&browser, &world).await;
    let core = world.server.core();
    let session = core.sessions().of_user(&alice.user).pop().unwrap();
    core.sessions().revoke(session.id()).await.unwrap();
    closes(stream).await;
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 303);
}

#[tokio::test]
async fn disabling_a_user_closes_everything_at_once() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let stream = socket(&browser, &world).await;
    world.server.core().users().set_enabled(&alice.user, false).await.unwrap();
    closes(stream).await;
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 303);
}

#[tokio::test]
async fn a_socket_from_another_sites_page_is_refused_t25() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let mut foreign = browser.clone();
    for (name, value) in
        [("connection", "Upgrade"), ("upgrade", "websocket"), ("origin", "https://evil.example"), ("accept", "*/*")]
    {
        foreign.headers.push((name.to_owned(), value.to_owned()));
    }
    let answer = foreign.send(Method::GET, &world.url("wiki", "/socket"), None).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "websocket_origin"));
}

#[tokio::test]
async fn a_restart_loses_no_session() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let world = world.restart().await;
    let page = browser.send(Method::GET, &world.url("wiki", "/after"), None).await;
    assert_eq!((page.status, page.body.as_str()), (200, "GET /after\n"));
}

#[tokio::test]
async fn signing_out_of_one_app_leaves_the_other_and_everywhere_leaves_none() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP), ("tracker", PASSWORD_AND_TOTP)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    browser.get(&world.url("tracker", "/")).await;
    let page = browser.post(&world.url("wiki", "/.sekisho/sign-out"), &[]).await;
    assert!(page.url.contains("auth.test") && page.status == 200, "{page:?}");
    assert!(browser.cookie("wiki.test", "__Host-sekisho").is_none());
    assert_eq!(browser.send(Method::GET, &world.url("tracker", "/"), None).await.status, 200);
    browser.post(&world.url("auth", "/sign-out"), &[("scope", "everywhere")]).await;
    assert_eq!(browser.send(Method::GET, &world.url("tracker", "/"), None).await.status, 303);
    assert!(world.server.core().sessions().of_user(&alice.user).is_empty());
}

#[tokio::test]
async fn a_session_made_with_one_certificate_is_dead_with_another_or_none_a_28() {
    let demands = "[app.demands.client_certificate]\ntrust = [\"world\"]\n[app.demands.primary_factor]\n";
    let world = World::with(&[("ledger", demands)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser_with_certificate("alice");
    let page = browser.sign_in(&world.url("ledger", "/"), &alice).await;
    assert_eq!(page.body, "GET /\n", "{page:?}");
    let cookie = browser.cookie("ledger.test", "__Host-sekisho").unwrap().to_owned();
    for (mut other, code) in
        [(world.browser(), "certificate_missing"), (world.browser_with_certificate("alice"), "certificate_changed")]
    {
        other.headers =
            vec![("cookie".to_owned(), format!("__Host-sekisho={cookie}")), ("accept".to_owned(), "application/json".to_owned())];
        let answer = other.send(Method::GET, &world.url("ledger", "/"), None).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, code));
    }
}
