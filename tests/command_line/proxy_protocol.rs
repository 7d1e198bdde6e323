//! A proxy in front that says whose connection it carries: believed of a listed peer alone, before TLS, by policies, by the
//! access log and by the upstream alike.

use std::sync::Arc;

use hyper::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::support::process::{PATIENCE, until};
use crate::support::{Browser, OPEN, World};

/// One app for everybody, one for the network of the documentation alone.
const APPS: &[(&str, &str)] =
    &[("wiki", OPEN), ("near", "[app.demands.ip_restriction]\nallow = [\"198.51.100.0/24\", \"2001:db8::/32\"]\n")];
const V1: &[u8] = b"PROXY TCP4 198.51.100.7 192.0.2.1 4711 443\r\n";
const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// Version 2: command and family, then addresses, ports and what else is in the header.
fn v2(kind: [u8; 2], rest: &[u8]) -> Vec<u8> {
    [SIGNATURE, &kind, &u16::try_from(rest.len()).unwrap().to_be_bytes(), rest].concat()
}

fn v2_ipv4(got: [u8; 4]) -> Vec<u8> {
    v2([0x21, 0x11], &[&got[..], &[192, 0, 2, 1], &4711_u16.to_be_bytes(), &443_u16.to_be_bytes()].concat())
}

async fn world(trusted: &str, mode: &str) -> World {
    let mut world = World::with(APPS, "").await;
    world.server = format!("trusted_proxies = [\"{trusted}\"]\nproxy_protocol = \"{mode}\"");
    world.configure(APPS, "");
    world
}

fn behind(world: &World, preamble: &[u8]) -> Browser {
    let mut program = world.program();
    program.preamble = preamble.to_vec();
    program
}

/// Whether the gateway ends a connection that begins so, with no TLS said to it.
async fn is_turned_away(world: &World, bytes: &[u8]) -> bool {
    let mut stream = TcpStream::connect(("127.0.0.1", world.port)).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let ended = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("it is kept open");
    // A TLS alert may be said before the end; a handshake may not.
    ended.is_err() || answer.first().is_none_or(|kind| *kind == 0x15)
}

#[tokio::test]
async fn a_listed_peer_names_the_client_in_both_versions() {
    let world = world("127.0.0.1", "required").await;
    let gateway = world.start().await;
    let long = [v2_ipv4([198, 51, 100, 8])[16..].to_vec(), vec![0x04, 0x00, 0x40], vec![0; 64]].concat();
    let six = [&[0x20, 1, 0x0d, 0xb8][..], &[0; 11], &[9], &[0; 16], &4711_u16.to_be_bytes(), &443_u16.to_be_bytes()].concat();
    let got: [(Vec<u8>, &str); 5] = [
        (V1.to_vec(), "198.51.100.7"),
        (b"PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\n".to_vec(), "2001:db8::7"),
        (v2_ipv4([198, 51, 100, 9]), "198.51.100.9"),
        (v2([0x21, 0x11], &long), "198.51.100.8"),
        (v2([0x21, 0x21], &six), "2001:db8::9"),
    ];
    for (preamble, address) in got {
        let mut program = behind(&world, &preamble);
        // What the client itself says of its address counts for nothing.
        program = program.with_header("x-forwarded-for", "203.0.113.5");
        let answer = program.send(Method::GET, &world.url("near", &format!("/{}", address.replace(':', "-"))), None).await;
        assert_eq!(answer.status, 200, "{address}: {answer:?}");
        let seen = world.upstream.last();
        assert_eq!(seen.all("x-forwarded-for"), [address], "{seen:?}");
        gateway.says(&format!("remote_ip={address} ")).await;
    }
    // An address in the header that is not in the network is refused by check 1, and named in the log.
    let refused = behind(&world, &v2_ipv4([203, 0, 113, 1])).send(Method::GET, &world.url("near", "/"), None).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "address_not_allowed"));
    gateway.says("remote_ip=203.0.113.1 ").await;
    // A peer that speaks for itself (its health checks) is judged by its own address.
    for preamble in [v2([0x20, 0x00], &[]), b"PROXY UNKNOWN\r\n".to_vec()] {
        let own = behind(&world, &preamble).send(Method::GET, &world.url("near", "/"), None).await;
        assert_eq!(own.code(), "address_not_allowed");
        assert_eq!(behind(&world, &preamble).send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
        assert_eq!(world.upstream.last().all("x-forwarded-for"), ["127.0.0.1"]);
    }
}

#[tokio::test]
async fn where_a_header_is_required_a_connection_without_one_is_closed() {
    let world = world("127.0.0.1", "required").await;
    let gateway = world.start().await;
    for bytes in
        [&b"\x16\x03\x01\x00\x05hello world"[..], b"GET / HTTP/1.1\r\n\r\n", b"PROXY nonsense\r\n", b"PROXY TCP4 1 2\r\n"]
    {
        assert!(is_turned_away(&world, bytes).await, "{bytes:?}");
    }
    gateway.says("proxy_header_refused").await;
    assert!(world.upstream.seen().is_empty());
    // A peer that is not listed may not come at all, header or none.
    let world = self::world("192.0.2.1", "required").await;
    let _gateway = world.start().await;
    assert!(is_turned_away(&world, V1).await);
    assert!(is_turned_away(&world, b"\x16\x03\x01\x00\x05hello world").await);
}

#[tokio::test]
async fn the_probes_of_a_balancer_are_no_warnings() {
    let world = world("127.0.0.1", "required").await;
    let gateway = world.start().await;
    // A balancer opens the port and closes it; another first says that it speaks for itself.
    for preamble in [&b""[..], &v2([0x20, 0x00], &[]), b"PROXY UNKNOWN\r\n"] {
        for _ in 0..3 {
            let mut stream = TcpStream::connect(("127.0.0.1", world.port)).await.unwrap();
            stream.write_all(preamble).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut answer = Vec::new();
            timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("it is kept open").unwrap();
            assert!(answer.is_empty(), "nothing is said to a probe: {answer:?}");
        }
    }
    let silent = "sekisho_handshakes_failed_total{reason=\"said_nothing\"}";
    until("all nine are counted", async || world.metric(silent).await >= 9.0).await;
    assert!(world.metric("sekisho_proxy_headers_refused_total").await < 1.0);
    let words = gateway.words();
    assert!(!words.contains("proxy_header_refused") && !words.contains("handshake_failed"), "{words}");
    // What is no header and no probe is a warning still.
    assert!(is_turned_away(&world, b"GET / HTTP/1.1\r\n\r\n").await);
    gateway.says("proxy_header_refused").await;
}

#[tokio::test]
async fn where_a_header_is_optional_only_a_listed_peer_may_send_one() {
    let world = world("127.0.0.1", "optional").await;
    let _gateway = world.start().await;
    for (preamble, address) in [(V1, "198.51.100.7"), (b"", "127.0.0.1")] {
        assert_eq!(behind(&world, preamble).send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
        assert_eq!(world.upstream.last().all("x-forwarded-for"), [address]);
    }
    // Unlisted, a header is read as broken TLS; without one the connection is anybody's.
    for mode in ["optional", "off"] {
        let world = self::world(if mode == "off" { "127.0.0.1" } else { "192.0.2.1" }, mode).await;
        let _gateway = world.start().await;
        assert!(is_turned_away(&world, V1).await, "{mode}");
        assert!(is_turned_away(&world, &v2_ipv4([198, 51, 100, 9])).await, "{mode}");
        assert_eq!(world.program().send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
        assert_eq!(world.upstream.last().all("x-forwarded-for"), ["127.0.0.1"]);
    }
}

/// TLS through a header, or nothing where the connection was turned away.
async fn comes(world: &World, preamble: &[u8]) -> Option<TlsStream<TcpStream>> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(world.authority.der()).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut stream = TcpStream::connect(("127.0.0.1", world.port)).await.unwrap();
    stream.write_all(preamble).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("wiki.test").unwrap();
    timeout(PATIENCE, TlsConnector::from(Arc::new(config)).connect(name, stream)).await.expect("it is kept open").ok()
}

#[tokio::test]
async fn connections_are_counted_by_the_named_client_and_ipv6_by_network() {
    let world = world("127.0.0.1", "required").await;
    world.configure(APPS, "[limits]\nconnections_per_peer = 2\nconnections = 40\n");
    let gateway = world.start().await;
    let v4 = |last: u8| v2_ipv4([198, 51, 100, last]);
    let v6 = |network: u8, last: u8| {
        let got = [&[0x20, 1, 0x0d, 0xb8, 0, 0, 0, network][..], &[0; 7], &[last]].concat();
        v2([0x21, 0x21], &[&got[..], &[0; 16], &4711_u16.to_be_bytes(), &443_u16.to_be_bytes()].concat())
    };
    let mut held = Vec::new();
    for client in 1..=5 {
        for _ in 0..2 {
            held.push(comes(&world, &v4(client)).await.expect("the balancer itself is bounded by the whole alone"));
        }
        assert!(comes(&world, &v4(client)).await.is_none(), "the third of one client");
    }
    held.push(comes(&world, &v6(1, 1)).await.unwrap());
    held.push(comes(&world, &v6(1, 2)).await.unwrap());
    assert!(comes(&world, &v6(1, 3)).await.is_none(), "the third of one /64");
    held.push(comes(&world, &v6(2, 1)).await.expect("another network"));
    until("six are counted", async || world.metric("sekisho_connections_refused_total").await >= 6.0).await;
    // Who leaves makes room.
    drop(held);
    until("there is room again", async || comes(&world, &v4(1)).await.is_some()).await;
    drop(gateway);
}

#[tokio::test]
async fn what_a_balancer_is_trusted_with_its_clients_are_not() {
    let world = world("127.0.0.1", "required").await;
    let _gateway = world.start().await;
    let of_client = |preamble: &[u8]| behind(&world, preamble).with_header("x-request-id", "chosen-by-the-client-0001");
    assert_eq!(of_client(V1).send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    assert_ne!(world.upstream.last().all("x-request-id"), ["chosen-by-the-client-0001"]);
    // Nor does it judge requests in the name of others.
    let mut asks = behind(&world, V1);
    for (name, value) in [("x-original-uri", "/"), ("x-original-method", "GET")] {
        asks = asks.with_header(name, value);
    }
    let refused = asks.send(Method::GET, &world.url("wiki", "/.sekisho/forward-auth"), None).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "proxy_not_listed"));
    // A listed peer that speaks for itself is believed as before.
    let own = v2([0x20, 0x00], &[]);
    assert_eq!(of_client(&own).send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    assert_eq!(world.upstream.last().all("x-request-id"), ["chosen-by-the-client-0001"]);
}
