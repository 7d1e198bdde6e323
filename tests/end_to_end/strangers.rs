//! What somebody unknown can make the gateway keep, by the smallest loads that would be too much: each is bounded, by number
//! and by network, and nobody else is kept out by it (docs/limits.md).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::client::conn::http2::SendRequest;
use hyper::{Method, Request};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use sekisho::certificate::sighting::SightingQuery;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::support::raw::{Raw, Step};
use crate::support::{Answer, PASSWORD_AND_TOTP, World};

const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";
/// Room for eight small requests of one network, and for 64 in all.
const SMALL: &str = "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n[limits]\nheld_body = \"64KiB\"\nheld_bodies = \"1MiB\"\n";

/// Posts a form of the wiki's own page from an address, with a field of so many bytes.
async fn post(world: &World, from: &str, field: usize, body: &str) -> Answer {
    let mut browser = world.browser().with_header("x-forwarded-for", from);
    if field > 0 {
        browser = browser.with_header("x-long", &"x".repeat(field));
    }
    browser.send(Method::POST, &world.url("wiki", "/save"), Some(body)).await
}

#[tokio::test]
async fn what_strangers_post_is_held_within_the_part_of_their_network() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], SMALL).await;
    // Each counts as 16 KiB at least, and one network has the larger of an eighth of the whole and one longest body.
    let mut kept = 0;
    while post(&world, "198.51.100.1", 0, "").await.status == 303 {
        kept += 1;
        assert!(kept < 20, "nothing bounds empty posts");
    }
    assert_eq!(kept, 8);
    let full = post(&world, "198.51.100.1", 0, "").await;
    assert!(full.status == 401 && full.body.contains("<form") | full.body.contains("<a "), "a page says so: {full:?}");
    // A neighbour of the same /24 still has room, so has somebody elsewhere, and everybody after half an hour.
    assert_eq!(post(&world, "198.51.100.2", 0, "a=1").await.status, 303);
    assert_eq!(post(&world, "203.0.113.1", 0, "a=1").await.status, 303);
    world.advance(30 * 60);
    assert_eq!(post(&world, "198.51.100.1", 0, "a=1").await.status, 303);
}

#[tokio::test]
async fn the_head_of_a_held_request_is_bounded_and_its_cookies_are_not_kept() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], SMALL).await;
    assert_eq!(post(&world, "198.51.100.1", 54_000, "").await.status, 401, "a head of 54 KiB is not held");
    let mut browser = world.browser().with_header("cookie", &format!("theirs={}", "x".repeat(54_000)));
    browser = browser.with_header("x-forwarded-for", "198.51.100.1");
    assert_eq!(browser.send(Method::POST, &world.url("wiki", "/save"), Some("a=1")).await.status, 303);
}

#[tokio::test]
async fn a_held_request_comes_through_with_its_fields_after_the_sign_in() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], SMALL).await;
    let alice = world.person("alice").await;
    let mut browser = world.browser().with_header("x-own", "kept");
    let page = browser.post(&world.url("wiki", "/save?x=1"), &[("text", "what was written")]).await;
    browser.headers.clear();
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", crate::support::PASSWORD)]).await;
    let done = browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!(done.body, "POST /save?x=1\ntext=what+was+written");
    let seen = world.upstream.last();
    assert_eq!((seen.all("x-own"), seen.all("content-length")), (vec!["kept"], vec!["21"]), "{seen:?}");
}

/// An HTTP/2 connection to an app.
async fn h2(world: &World) -> SendRequest<Empty<Bytes>> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(world.authority.der()).unwrap();
    let mut config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = TcpStream::connect(("127.0.0.1", world.port)).await.unwrap();
    let name = ServerName::try_from("wiki.test").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let (sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

fn with_fields(world: &World, name: &str, count: usize) -> Request<Empty<Bytes>> {
    let mut request = Request::get(world.url("wiki", "/")).header("accept", "application/json");
    for number in 0..count {
        let name = if name == "cookie" { name.to_owned() } else { format!("{name}{number}") };
        request = request.header(name, format!("c{number}=x"));
    }
    request.body(Empty::new()).unwrap()
}

#[tokio::test]
async fn over_http2_fields_and_cookies_are_counted_as_they_come() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let mut sender = h2(&world).await;
    for (name, count) in [("x", 1500), ("cookie", 1400), ("cookie", 130)] {
        let answer = sender.send_request(with_fields(&world, name, count)).await.unwrap();
        assert_eq!(answer.status(), 431, "{count} of {name}");
    }
    assert!(world.upstream.seen().is_empty());
    let answer = sender.send_request(with_fields(&world, "cookie", 100)).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(world.upstream.last().all("cookie").len(), 1, "joined for the app");
}

#[tokio::test]
async fn heads_before_a_slow_open_app_are_bounded_for_each_http2_connection() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let slow = Raw::start(&[&[Step::Wait]]).await;
    let path = world.folder.path().join("sekisho.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let own = format!("http://{}", world.upstream.address());
    assert!(text.contains(&own));
    std::fs::write(&path, text.replace(&own, &slow.address)).unwrap();
    world.server.reload(&path).unwrap();
    let sender = h2(&world).await;
    let refused = Arc::new(AtomicUsize::new(0));
    let asked: Vec<_> = (0..100)
        .map(|_| {
            let (mut sender, refused) = (sender.clone(), Arc::clone(&refused));
            let request = with_fields(&world, "x", 120);
            tokio::spawn(async move {
                sender.send_request(request).await.expect_err("a stream is refused, not answered");
                refused.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    let all = async {
        while slow.requests() + refused.load(Ordering::SeqCst) < 100 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all).await.expect("not all were refused or taken");
    // 1 MiB of about 18 KiB each, whatever their fields took on the wire; what is allowed goes on.
    assert!((50..60).contains(&slow.requests()), "{} wait", slow.requests());
    for one in asked {
        one.abort();
    }
    // Another connection has its own, and this one's is free again.
    let mut fresh = h2(&world).await;
    let asked = fresh.send_request(with_fields(&world, "x", 120));
    assert!(tokio::time::timeout(Duration::from_millis(100), asked).await.is_err(), "it waits for the app, too");
}

#[tokio::test]
async fn a_head_over_http1_has_as_many_fields_as_are_allowed() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    // The upstream takes a hundred.
    for (count, status) in [(80, "200"), (130, "431")] {
        let mut stream = world.browser().connect(&world.url("wiki", "/").parse().unwrap()).await;
        let fields: String = (0..count).map(|number| format!("x{number}: x\r\n")).collect();
        let head = format!("GET / HTTP/1.1\r\nHost: wiki.test:{}\r\nConnection: close\r\n{fields}\r\n", world.port);
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ended = stream.read_to_end(&mut answer).await;
        assert!(answer.starts_with(format!("HTTP/1.1 {status}").as_bytes()), "{}", String::from_utf8_lossy(&answer));
        assert_eq!(status == "431", String::from_utf8_lossy(&answer).contains("too_many_fields"));
    }
}

/// A host where a certificate is asked for, and whose front page wants none.
const SHOWN: &str = "[app.demands.primary_factor]\n[app.demands.otp]\n[[app.rule]]\npaths = [\"/staff\", \"/staff/*\"]\n\
                     demands.client_certificate = { trust = [\"world\"] }\n";

#[tokio::test]
async fn of_certificates_that_strangers_show_few_rows_and_no_chain_are_kept() {
    let world = World::with(&[("wiki", SHOWN)], "").await;
    let alice = world.person("alice").await;
    let core = world.server.core();
    let mut known = world.browser_with_certificate("alice");
    assert_eq!(known.send(Method::GET, &world.url("wiki", "/"), None).await.status, 303);
    let (before, strangers) = (core.shared_entries(), crate::support::Authority::new());
    for number in 0..30 {
        let shown = strangers.client(&format!("stranger {number}"));
        let mut browser = crate::support::Browser::new(world.authority.der(), Some(shown));
        assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 303);
    }
    assert_eq!(core.shared_entries(), before, "the chains of strangers are kept");
    let rows = core.certificates().sightings().list(&SightingQuery { limit: 1000, ..SightingQuery::default() }).await.unwrap();
    let of_strangers = rows.iter().filter(|row| row.subject.contains("stranger")).count();
    assert_eq!((of_strangers, rows.len()), (10, 11), "of one network ten, and the one that is known");
    // A certificate that nobody knows stands in nobody's way, and one that is known is judged at the portal as it was shown.
    for shown in [Some(strangers.client("stranger")), None, Some(world.authority.client("alice"))] {
        let mut browser = crate::support::Browser::new(world.authority.der(), shown);
        let page = browser.sign_in(&world.url("wiki", "/page"), &alice).await;
        assert_eq!(page.body, "GET /page\n", "{page:?}");
    }
}
