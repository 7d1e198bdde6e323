//! Upstreams that sign in a connection, as NTLM and Negotiate do: what goes over it next is that person's, so it is nobody
//! else's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

use crate::support::{PASSWORD_AND_TOTP, World};

const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";

/// An upstream that knows whom a connection belongs to: `Authorization: NTLM hello` is challenged, `NTLM name` after it, on
/// the same connection, signs that name in, and from then on every request of the connection is that name's.
struct Signing {
    address: String,
    connections: Arc<AtomicUsize>,
}

impl Signing {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(converse(stream));
            }
        });
        Self { address, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn converse(stream: TcpStream) {
    let mut stream = BufReader::new(stream);
    let (mut challenged, mut name) = (false, String::new());
    loop {
        let (mut line, mut said) = (String::new(), None);
        loop {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            let field = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
            said = field.and_then(|(_, value)| value.trim().split_once(' ')).map(|(_, said)| said.to_owned()).or(said);
        }
        let (status, challenge) = match said.as_deref() {
            Some("hello") => {
                challenged = true;
                ("401 Unauthorized", "WWW-Authenticate: NTLM challenge\r\n")
            }
            Some(said) if challenged => {
                said.clone_into(&mut name);
                ("200 OK", "")
            }
            Some(_) => ("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\", NTLM\r\n"),
            None if name.is_empty() => ("401 Unauthorized", "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n"),
            None => ("200 OK", ""),
        };
        let body = format!("you are {name}");
        let answer = format!("HTTP/1.1 {status}\r\n{challenge}Content-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

/// A world whose wiki is that upstream.
async fn world(demands: &str, more: &str) -> (World, Signing) {
    let world = World::with(&[("wiki", demands)], more).await;
    let upstream = Signing::start().await;
    let path = world.folder.path().join("sekisho.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let own = format!("http://{}", world.upstream.address());
    assert!(text.contains(&own));
    std::fs::write(&path, text.replace(&own, &upstream.address)).unwrap();
    world.server.reload(&path).unwrap();
    (world, upstream)
}

/// One connection of a client, kept.
struct Client {
    sender: SendRequest<Empty<Bytes>>,
    host: String,
    headers: Vec<(&'static str, String)>,
}

impl Client {
    async fn come(world: &World) -> Self {
        let stream = world.browser().connect(&world.url("wiki", "/").parse().unwrap()).await;
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self { sender, host: format!("wiki.test:{}", world.port), headers: Vec::new() }
    }

    /// Asks, with credentials or none: the status and whom the upstream takes it for.
    async fn ask(&mut self, credentials: Option<&str>) -> (u16, String) {
        let mut request = Request::get("/").header("host", &self.host).header("accept", "*/*");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(credentials) = credentials {
            request = request.header("authorization", credentials);
        }
        self.sender.ready().await.unwrap();
        read(self.sender.send_request(request.body(Empty::new()).unwrap()).await.unwrap()).await
    }

    async fn signs_in(&mut self, name: &str) {
        assert_eq!(self.ask(None).await.0, 401);
        assert_eq!(self.ask(Some("NTLM hello")).await, (401, "you are ".to_owned()));
        assert_eq!(self.ask(Some(&format!("NTLM {name}"))).await, (200, format!("you are {name}")));
    }
}

async fn read(answer: Response<hyper::body::Incoming>) -> (u16, String) {
    let status = answer.status().as_u16();
    (status, String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

#[tokio::test]
async fn an_upstream_connection_that_a_client_signed_in_is_that_clients_alone() {
    let (world, upstream) = world(OPEN, "").await;
    let mut alice = Client::come(&world).await;
    alice.signs_in("alice").await;
    // It stays hers, without another word of who she is.
    assert_eq!(alice.ask(None).await, (200, "you are alice".to_owned()));
    let before = upstream.connections();
    for _ in 0..3 {
        let mut bob = Client::come(&world).await;
        assert_eq!(bob.ask(None).await, (401, "you are ".to_owned()), "bob got somebody else's answer");
        bob.signs_in("bob").await;
        assert_eq!(bob.ask(None).await, (200, "you are bob".to_owned()));
        assert_eq!(alice.ask(None).await, (200, "you are alice".to_owned()));
    }
    assert!(upstream.connections() > before);
    drop(alice);
    // Nor when she has left.
    for _ in 0..3 {
        assert_eq!(Client::come(&world).await.ask(None).await.0, 401);
    }
}

#[tokio::test]
async fn it_is_not_the_next_sessions_of_the_same_connection_either() {
    let (world, _upstream) = world(PASSWORD_AND_TOTP, "").await;
    let cookie = async |name: &str| {
        let person = world.person(name).await;
        let mut browser = world.browser();
        browser.sign_in(&world.url("wiki", "/"), &person).await;
        format!("__Host-sekisho={}", browser.cookie("wiki.test", "__Host-sekisho").unwrap())
    };
    let (alice, bob) = (cookie("alice").await, cookie("bob").await);
    let mut client = Client::come(&world).await;
    client.headers = vec![("cookie", alice)];
    client.signs_in("alice").await;
    assert_eq!(client.ask(None).await, (200, "you are alice".to_owned()));
    client.headers = vec![("cookie", bob)];
    assert_eq!(client.ask(None).await, (401, "you are ".to_owned()), "bob signed in on the connection of alice");
}

#[tokio::test]
async fn behind_a_listed_peer_no_connection_is_anybodys() {
    let (world, _upstream) = world(OPEN, "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n").await;
    let mut many = Client::come(&world).await;
    many.headers = vec![("x-forwarded-for", "127.0.0.7".to_owned())];
    assert_eq!(many.ask(Some("NTLM hello")).await.0, 401);
    // The second step comes over another connection to the upstream, where nothing was challenged.
    assert_eq!(many.ask(Some("NTLM alice")).await, (401, "you are ".to_owned()));
    many.headers = vec![("x-forwarded-for", "127.0.0.8".to_owned())];
    assert_eq!(many.ask(None).await, (401, "you are ".to_owned()));
}

#[tokio::test]
async fn over_http2_a_client_is_sent_back_for_a_connection_of_its_own() {
    let (world, upstream) = world(OPEN, "").await;
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
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut ask = async |credentials: Option<&str>| {
        let mut request = Request::get(world.url("wiki", "/")).header("accept", "*/*");
        if let Some(credentials) = credentials {
            request = request.header("authorization", credentials);
        }
        sender.send_request(request.body(Empty::new()).unwrap()).await
    };
    // The challenge is passed on; the answer to it has to come by HTTP/1.1 (RFC 9113 §7).
    assert_eq!(ask(None).await.unwrap().status(), 401);
    let before = upstream.connections();
    for credentials in ["NTLM hello", "Negotiate abc"] {
        let error = ask(Some(credentials)).await.unwrap_err();
        let why =
            std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<h2::Error>()).and_then(h2::Error::reason);
        assert_eq!(why, Some(h2::Reason::HTTP_1_1_REQUIRED), "{error:?}");
    }
    assert_eq!(upstream.connections(), before, "nothing of it reached the upstream");
    assert_eq!(ask(Some("Basic YTpi")).await.unwrap().status(), 401, "other credentials are the request's own");
}
