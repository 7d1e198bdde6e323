//! Upstreams that lie about where their answers end (T18): what a client gets of it, and that no lie reaches whoever asks next.

use std::sync::Arc;
use std::time::Duration;

use hyper::Method;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::support::World;
use crate::support::raw::{Raw, Step};

const OPEN: &str = "answer_within = \"1s\"\n[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";
const FINE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine";
const EVIL: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";

/// Puts the app `wiki` at this address.
fn move_to(world: &World, address: &str) {
    let path = world.folder.path().join("sekisho.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("upstream = [\"").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    std::fs::write(&path, format!("{before}upstream = [\"{address}\"{after}")).unwrap();
    world.server.reload(&path).unwrap();
}

/// An upstream whose first connection says these things, one for each request, and whose others are sound.
async fn lying(world: &World, said: &[&[u8]]) -> Raw {
    let first: Vec<Step> = said.iter().map(|said| Step::Say(said.to_vec().leak())).collect();
    let scripts: Vec<&'static [Step]> = vec![first.leak(), &[Step::Say(FINE), Step::Say(FINE), Step::Say(FINE)]];
    let upstream = Raw::start(scripts.leak()).await;
    move_to(world, &upstream.address);
    upstream
}

async fn ask(world: &World, method: Method) -> (u16, String) {
    let mut program = world.browser().with_header("accept", "application/json");
    let answer = program.send(method, &world.url("wiki", "/"), None).await;
    let body = if answer.status < 400 { answer.body } else { answer.code() };
    (answer.status, body)
}

/// Everything that a client gets who closes behind its request.
async fn heard(world: &World, method: &str) -> String {
    let mut stream = world.browser().connect(&world.url("wiki", "/").parse().unwrap()).await;
    let head =
        format!("{method} / HTTP/1.1\r\nHost: wiki.test:{}\r\nAccept: application/json\r\nConnection: close\r\n\r\n", world.port);
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.expect("it stays open");
    String::from_utf8_lossy(&answer).into_owned()
}

/// The next request gets its own answer, over a connection of its own.
async fn next_is_fine(world: &World, upstream: &Raw, lie: &str) {
    assert_eq!(ask(world, Method::GET).await, (200, "fine".to_owned()), "{lie:?}");
    assert_eq!(upstream.connections(), 2, "{lie:?}");
}

fn shown(lie: &[u8]) -> String {
    lie.get(..lie.len().min(120)).unwrap().escape_ascii().to_string()
}

#[tokio::test]
async fn a_head_that_says_two_things_is_502_and_its_connection_closed_t18() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let many = "A: b\r\n".repeat(101);
    let long = format!("A: {}\r\n", "x".repeat(256 * 1024));
    for fields in [
        "Content-Length: 4\r\nContent-Length: 8\r\n",
        "Content-Length: 4\r\nContent-Length: 4\r\n",
        "Content-Length: 4, 4\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: 9999999999999999999\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Content-Length: 4\r\nA: b\r\n folded\r\n",
        "Content-Length: 4\r\nA: b\0c\r\n",
        "Content-Length: 4\r\nA: b\rc\r\n",
        "Content-Length : 4\r\n",
        "nonsense\r\nContent-Length: 4\r\n",
        &many,
        &long,
    ] {
        let lie = [b"HTTP/1.1 200 OK\r\n", fields.as_bytes(), b"\r\n4\r\nevil\r\n0\r\n\r\n"].concat();
        let upstream = lying(&world, &[&lie, EVIL]).await;
        assert_eq!(ask(&world, Method::GET).await, (502, "upstream_broken".to_owned()), "{}", shown(&lie));
        assert_eq!(upstream.requests(), 1, "what was answered is not asked again: {}", shown(&lie));
        next_is_fine(&world, &upstream, &shown(&lie)).await;
    }
    for lie in [
        &b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n"[..],
        b"HTTP/2.0 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        b"HTTP/1.1 099 Low\r\nContent-Length: 4\r\n\r\nevil",
        b"HTTP/1.1 2000 High\r\nContent-Length: 4\r\n\r\nevil",
        b"evil",
    ] {
        let upstream = lying(&world, &[lie, EVIL]).await;
        assert_eq!(ask(&world, Method::GET).await, (502, "upstream_broken".to_owned()), "{}", shown(lie));
        next_is_fine(&world, &upstream, &shown(lie)).await;
    }
}

#[tokio::test]
async fn what_stands_behind_an_answer_answers_nobody_t18() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    for (method, head, status) in [
        (Method::GET, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue", 200),
        (Method::GET, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
        (Method::GET, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntrue\r\n0\r\n\r\n", 200),
        (Method::GET, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n", 200),
        (Method::GET, "HTTP/1.1 204 No Content\r\n\r\n", 204),
        (Method::GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 37\r\n\r\n", 304),
        (Method::HEAD, "HTTP/1.1 200 OK\r\nContent-Length: 37\r\n\r\n", 200),
        (Method::HEAD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200),
    ] {
        let lie = [head.as_bytes(), EVIL].concat();
        let upstream = lying(&world, &[&lie, EVIL]).await;
        let (answered, body) = ask(&world, method).await;
        assert_eq!(answered, status, "{head:?}");
        assert!(!body.contains("evil"), "{head:?}: {body:?}");
        next_is_fine(&world, &upstream, head).await;
    }
}

#[tokio::test]
async fn what_comes_later_over_an_idle_connection_answers_nobody_t18() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    move_to(&world, &format!("http://{}", listener.local_addr().unwrap()));
    let (asked, (mut first, _)) = tokio::join!(ask(&world, Method::GET), async {
        let (mut stream, peer) = listener.accept().await.unwrap();
        head_on(&mut stream).await;
        stream.write_all(FINE).await.unwrap();
        (stream, peer)
    });
    assert_eq!(asked, (200, "fine".to_owned()));
    // Nobody asked for this; it is there before the next request.
    first.write_all(EVIL).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (asked, ()) = tokio::join!(ask(&world, Method::GET), async {
        let (mut stream, _) = listener.accept().await.unwrap();
        head_on(&mut stream).await;
        stream.write_all(FINE).await.unwrap();
    });
    assert_eq!(asked, (200, "fine".to_owned()));
    let mut rest = Vec::new();
    let _reset = first.read_to_end(&mut rest).await;
    assert!(rest.is_empty(), "the next request went over it: {}", shown(&rest));
}

/// Reads a request's head.
async fn head_on(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        read.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(read).unwrap()
}

#[tokio::test]
async fn broken_chunks_never_end_an_answer_cleanly_t18() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    for chunks in [
        "4\r\ntrue\r\n-1\r\nevil\r\n0\r\n\r\n",
        "4\r\ntrue\r\n0x4\r\nevil\r\n0\r\n\r\n",
        "4\r\ntrue\r\n+4\r\nevil\r\n0\r\n\r\n",
        "4\r\ntrue\r\n 4\r\nevil\r\n0\r\n\r\n",
        "4\r\ntrue\r\n00000000000000004\r\nevil\r\n0\r\n\r\n",
        "4\r\ntrue\r\n4\nevil\r\n0\r\n\r\n",
        "4\r\ntrue\n4\r\nevil\r\n0\r\n\r\n",
        "4\r\ntrueX0\r\n\r\n",
        "4\r\ntrue\r\n4;a\nb\r\nevil\r\n0\r\n\r\n",
        "4\r\ntrue\r\n0\r\n folded\r\n\r\n",
        "4\r\ntrue\r\n0\r\nA: b\n\r\n",
        "4\r\ntrue\r\n0\r\nnonsense\r\n\r\n",
    ] {
        let lie = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunks.as_bytes()].concat();
        let upstream = lying(&world, &[&lie, EVIL]).await;
        let answer = heard(&world, "GET").await;
        // What was fine of it may be lost with the connection; what is not never comes, and nothing says that this is all.
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 200"), "{chunks:?}: {answer}");
        assert!(!answer.contains("evil") && !answer.ends_with("0\r\n\r\n"), "{chunks:?}: {answer}");
        next_is_fine(&world, &upstream, chunks).await;
    }
}

#[tokio::test]
async fn what_is_not_by_the_letter_is_read_and_its_connection_closed() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    for said in [
        "HTTP/1.1 200 OK\nContent-Length: 4\n\nfine",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\n\r\nfine",
        "\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4  \r\nfine\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\nfine",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: keep-alive, close\r\n\r\nfine",
    ] {
        let upstream = lying(&world, &[said.as_bytes(), EVIL]).await;
        assert_eq!(ask(&world, Method::GET).await, (200, "fine".to_owned()), "{said:?}");
        next_is_fine(&world, &upstream, said).await;
    }
}

#[tokio::test]
async fn a_connection_whose_answers_end_cleanly_is_used_again() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let sound: [&[u8]; 7] = [
        FINE,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nfine\r\n0\r\nA: b\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        FINE,
    ];
    let upstream = lying(&world, &sound).await;
    for (expected, said) in [(200, "fine"), (200, "fine"), (200, "fine"), (204, ""), (304, ""), (200, ""), (200, "fine")] {
        assert_eq!(ask(&world, Method::GET).await, (expected, said.to_owned()));
    }
    assert_eq!((upstream.connections(), upstream.requests()), (1, 7));
    let upstream = lying(&world, &[b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", FINE]).await;
    assert_eq!(ask(&world, Method::HEAD).await, (200, String::new()));
    assert_eq!(ask(&world, Method::GET).await, (200, "fine".to_owned()));
    assert_eq!(upstream.connections(), 1);
}

#[tokio::test]
async fn an_upstream_that_only_ever_says_wait_is_504() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    move_to(&world, &format!("http://{}", listener.local_addr().unwrap()));
    let upstream = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        head_on(&mut stream).await;
        while stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.is_ok() {
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(ask(&world, Method::GET).await, (504, "upstream_timed_out".to_owned()));
    tokio::time::timeout(Duration::from_secs(5), upstream).await.expect("its connection is closed").unwrap();
}

/// An upstream that answers as soon as it has read a head and a first piece of the body.
async fn hasty(world: &World, answer: &'static [u8]) -> tokio::task::JoinHandle<(String, usize)> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    move_to(world, &format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        head_on(&mut stream).await;
        stream.write_all(answer).await.unwrap();
        let mut rest = Vec::new();
        let _reset = stream.read_to_end(&mut rest).await;
        // Whoever comes next comes over another connection.
        let other = tokio::time::timeout(Duration::from_secs(5), async {
            let (mut stream, _) = listener.accept().await.unwrap();
            head_on(&mut stream).await;
            stream.write_all(FINE).await.unwrap();
        });
        let others = usize::from(other.await.is_ok());
        (String::from_utf8_lossy(&rest).into_owned(), others)
    })
}

#[tokio::test]
async fn an_answer_that_begins_before_the_request_is_whole_arrives_and_ends_the_connection() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    for (answer, expected) in [
        (&b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nfull"[..], "full"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfull\r\n0\r\n\r\n", "full"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "403 Forbidden"),
    ] {
        let upstream = hasty(&world, answer).await;
        let mut stream = world.browser().connect(&world.url("wiki", "/").parse().unwrap()).await;
        let head =
            format!("POST / HTTP/1.1\r\nHost: wiki.test:{}\r\nContent-Length: 12\r\nConnection: close\r\n\r\nfirst-", world.port);
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        while !String::from_utf8_lossy(&heard).contains(expected) {
            assert!(stream.read_buf(&mut heard).await.unwrap() > 0, "{}", shown(&heard));
        }
        // The answer is here while half of the request is not.
        stream.write_all(b"second").await.unwrap();
        let _ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut heard)).await.expect("it stays open");
        assert_eq!(ask(&world, Method::GET).await, (200, "fine".to_owned()));
        let (seen, others) = upstream.await.unwrap();
        assert!(seen.is_empty() || "first-second".starts_with(&seen), "{seen:?}");
        assert_eq!(others, 1);
    }
}

#[tokio::test]
async fn a_switch_of_protocols_hands_on_what_came_with_it() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    move_to(&world, &format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(head_on(&mut stream).await.contains("\r\nupgrade: websocket\r\n"));
        let said = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nalready";
        stream.write_all(said).await.unwrap();
        let mut echo = [0; 5];
        stream.read_exact(&mut echo).await.unwrap();
        stream.write_all(&echo).await.unwrap();
    });
    let mut stream = world.browser().connect(&world.url("wiki", "/").parse().unwrap()).await;
    let head = format!("GET / HTTP/1.1\r\nHost: wiki.test:{}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", world.port);
    stream.write_all(head.as_bytes()).await.unwrap();
    assert!({
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        answer.starts_with(b"HTTP/1.1 101")
    });
    let mut said = [0; 7];
    stream.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"already");
    stream.write_all(b"hello").await.unwrap();
    let mut echo = [0; 5];
    stream.read_exact(&mut echo).await.unwrap();
    assert_eq!(&echo, b"hello");
}

#[tokio::test]
async fn a_connection_by_tls_is_used_again_and_what_it_says_unasked_answers_nobody_t18() {
    let world = World::with(&[("wiki", OPEN)], "").await;
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
    // Tickets come after the handshake: they are no answer to anything.
    config.send_tls13_tickets = 4;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    move_to(&world, &format!("https://localhost:{}", listener.local_addr().unwrap().port()));
    let path = world.folder.path().join("sekisho.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replacen("upstream = [", "upstream_tls = { authority = \"authority.pem\" }\nupstream = [", 1);
    std::fs::write(&path, text).unwrap();
    world.server.reload(&path).unwrap();
    let large: &'static str = "x".repeat(100_000).leak();
    let upstream = tokio::spawn(async move {
        let mut connections = 0;
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // What it says unasked arrives before the next request, and not with its acknowledgement.
            stream.set_nodelay(true).unwrap();
            let mut stream = acceptor.accept(stream).await.unwrap();
            connections += 1;
            for said in [large, "fine", "last"] {
                let mut read = Vec::new();
                while !read.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => read.push(byte),
                        Err(_closed) => break,
                    }
                }
                if read.is_empty() {
                    break;
                }
                let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{said}", said.len());
                stream.write_all(answer.as_bytes()).await.unwrap();
                if said == "last" {
                    stream.write_all(EVIL).await.unwrap();
                }
                stream.flush().await.unwrap();
            }
            if connections == 2 {
                return;
            }
            // Kept open: it is the gateway that closes it.
            assert_eq!(stream.read(&mut [0; 1]).await.unwrap_or(0), 0);
        }
    });
    for expected in [large, "fine", "last", large] {
        assert_eq!(ask(&world, Method::GET).await, (200, expected.to_owned()));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(upstream);
}
