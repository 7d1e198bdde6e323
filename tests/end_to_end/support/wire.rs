//! One request as it is written here, field by field, over HTTP/1.1 or HTTP/2: what no browser and no library would send.

use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::World;

/// How it travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    H1,
    H2,
}

/// Both.
pub const BOTH: [Over; 2] = [Over::H1, Over::H2];

/// A request.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    pub method: &'a str,
    pub target: &'a str,
    /// `Host` or `:authority`.
    pub authority: String,
    pub fields: Vec<(&'a str, &'a str)>,
    pub body: &'a str,
    /// Whose certificate of the world's authority is shown.
    pub certificate: Option<&'a str>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Heard {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Heard {
    /// The `code` of a problem document; empty where it is none.
    pub fn code(&self) -> String {
        let document: Option<serde_json::Value> = serde_json::from_str(&self.body).ok();
        document.and_then(|document| Some(document["code"].as_str()?.to_owned())).unwrap_or_default()
    }
}

impl<'a> Said<'a> {
    /// To an app of the world, as a program.
    pub fn to(world: &World, app: &str, method: &'a str, target: &'a str) -> Self {
        let fields = vec![("accept", "application/json")];
        Self { method, target, authority: format!("{app}.test:{}", world.port), fields, body: "", certificate: None }
    }

    pub fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.fields.push((name, value));
        self
    }

    pub fn and(mut self, fields: &[(&'a str, &'a str)]) -> Self {
        self.fields.extend_from_slice(fields);
        self
    }

    /// With a body, whose type stands among the fields or nowhere.
    pub fn body(mut self, body: &'a str) -> Self {
        self.body = body;
        self
    }

    pub fn authority(mut self, authority: &str) -> Self {
        self.authority = authority.to_owned();
        self
    }

    pub fn shown_by(mut self, name: &'a str) -> Self {
        self.certificate = Some(name);
        self
    }

    /// Says it under a name of TLS, and hears all of the answer; of an upgrade its head.
    pub async fn say(&self, world: &World, name: &str, over: Over) -> Heard {
        match over {
            Over::H1 => {
                let browser = self.certificate.map_or_else(|| world.browser(), |name| world.browser_with_certificate(name));
                self.say_on(browser.connect(&address(world, name)).await).await
            }
            Over::H2 => self.say_h2(world, name).await,
        }
    }

    /// The same over HTTP/1.1 on a connection that is there.
    pub async fn say_on(&self, mut stream: TlsStream<TcpStream>) -> Heard {
        let mut text = format!("{} {} HTTP/1.1\r\nHost: {}\r\n", self.method, self.target, self.authority);
        if !self.fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("connection")) {
            text.push_str("Connection: close\r\n");
        }
        for (name, value) in &self.fields {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        stream.write_all(format!("{text}\r\n{}", self.body).as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap_or_else(|error| panic!("{error} behind {}", head.escape_ascii())));
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        stream.read_exact(&mut body).await.unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Heard { status, head, body: String::from_utf8(body).unwrap() }
    }

    async fn say_h2(&self, world: &World, name: &str) -> Heard {
        let mut roots = RootCertStore::empty();
        roots.add(world.authority.der()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match self.certificate.map(|name| world.authority.client(name)) {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).unwrap(),
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stream = TcpStream::connect(("127.0.0.1", world.port)).await.unwrap();
        let stream =
            TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(name.to_owned()).unwrap(), stream).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let uri = format!("https://{}{}", self.authority, self.target);
        let mut request = Request::builder().method(Method::from_bytes(self.method.as_bytes()).unwrap()).uri(uri);
        for (name, value) in &self.fields {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::<Bytes>::from(self.body.to_owned())).unwrap();
        let response = sender.send_request(request).await.unwrap();
        let status = response.status().as_u16();
        let head: String = response
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Heard { status, head: head.to_ascii_lowercase(), body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

/// Where a name of the world is on this machine.
pub fn address(world: &World, name: &str) -> url::Url {
    format!("https://{name}:{}/", world.port).parse().unwrap()
}
