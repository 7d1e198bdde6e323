//! An approver in a hundred lines, by docs/approver-protocol.md: it registers with a link, polls for questions, shows each with
//! its numbers, and signs the answer. `cargo run --example approver -- LINK AUTHORITY.pem`; the example `embed` prints both.
//!
//! Its key lives as long as the process. An approver for daily use stores it, shows all of `shown`, and listens to `events`.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio_rustls::TlsConnector;

/// Whatever goes wrong.
pub type Failure = Box<dyn Error + Send + Sync>;

/// A key, and the portal that it speaks to.
pub struct Approver {
    key: EcdsaKeyPair,
    portal: String,
    tls: TlsConnector,
}

impl Approver {
    /// Makes a key and registers it by a link: `https://PORTAL/approver/#add=SECRET`.
    ///
    /// # Errors
    /// What went wrong first. So for the others.
    pub async fn register(link: &str, authority: &Path) -> Result<Self, Failure> {
        let (portal, secret) = link.split_once("/approver/#add=").ok_or("this is not the link of an approver")?;
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority)?)?;
        let tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let approver = Self { key, portal: portal.to_owned(), tls: TlsConnector::from(Arc::new(tls)) };
        approver.call("POST", "register", json!({ "link": secret, "name": "example" })).await?;
        Ok(approver)
    }

    /// The questions that wait for an answer.
    ///
    /// # Errors
    /// As [`Self::register`].
    pub async fn questions(&self) -> Result<Vec<Value>, Failure> {
        let seen = self.call("GET", "slots", Value::Null).await?;
        let slots = seen["slots"].as_array().cloned().unwrap_or_default();
        Ok(slots.iter().flat_map(|slot| slot["approvals"].as_array().cloned().unwrap_or_default()).collect())
    }

    /// Signs `approve` or `deny` about exactly the text that was shown, and sends it. Answers the state of the question.
    ///
    /// # Errors
    /// As [`Self::register`].
    pub async fn answer(&self, question: &Value, decision: &str, number: Option<&str>) -> Result<Value, Failure> {
        let (id, shown) = (question["id"].as_str().unwrap_or_default(), question["shown"].as_str().unwrap_or_default());
        let mut claims = json!({
            "approval": id, "decision": decision, "aud": self.portal,
            "shown": URL_SAFE_NO_PAD.encode(digest(&SHA256, shown.as_bytes())),
        });
        if let Some(number) = number {
            claims["number"] = json!(number);
        }
        let answer = self.sign(json!({ "alg": "ES256", "typ": "sekisho-answer+jwt" }), claims)?;
        self.call("POST", &format!("approvals/{id}"), json!({ "answer": answer })).await
    }

    /// A JWS (RFC 7515), with the time and an id that is used once.
    fn sign(&self, header: Value, mut claims: Value) -> Result<String, Failure> {
        let mut id = [0; 16];
        rand::fill(&mut id)?;
        claims["jti"] = json!(URL_SAFE_NO_PAD.encode(id));
        claims["iat"] = json!(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs());
        let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encoded(header), encoded(claims));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes())?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// One request, on a connection of its own, with the proof of the key (RFC 9449).
    async fn call(&self, method: &str, path: &str, body: Value) -> Result<Value, Failure> {
        let address = format!("{}/approver/api/{path}", self.portal);
        // A point without compression: one byte, then x and y of 32 bytes each.
        let point = self.key.public_key().as_ref();
        let (x, y) = point.get(1..).and_then(|rest| rest.split_at_checked(32)).ok_or("this is not a key on P-256")?;
        let key = json!({ "kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y) });
        let proof =
            self.sign(json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": key }), json!({ "htm": method, "htu": address }))?;

        let uri: hyper::Uri = address.parse()?;
        let (host, port) = (uri.host().unwrap_or_default().to_owned(), uri.port_u16().unwrap_or(443));
        // RFC 6761: names below `localhost` are this machine, also where the resolver does not know it.
        let at = if host.ends_with(".localhost") { "127.0.0.1" } else { &host };
        let stream = tokio::net::TcpStream::connect((at, port)).await?;
        let stream = self.tls.connect(ServerName::try_from(host)?, stream).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let request = Request::builder()
            .method(method)
            .uri(uri.path())
            .header("host", uri.authority().map_or("", |authority| authority.as_str()))
            .header("content-type", "application/json")
            .header("dpop", proof)
            .body(Full::new(Bytes::from(text)))?;
        let (parts, body) = sender.send_request(request).await?.into_parts();
        let answer: Value = serde_json::from_slice(&body.collect().await?.to_bytes())?;
        if parts.status.is_success() { Ok(answer) } else { Err(format!("{}: {answer}", parts.status).into()) }
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [link, authority] = arguments.as_slice() else { return Err("usage: approver LINK AUTHORITY.pem".into()) };
    let approver = Approver::register(link, Path::new(authority)).await?;
    let mut out = io::stdout();
    writeln!(out, "registered; waiting for questions")?;
    loop {
        for question in approver.questions().await? {
            writeln!(out, "{}", question["shown"].as_str().unwrap_or_default())?;
            writeln!(out, "The number (of {}), `yes` where there is none, or `no`: ", question["offered"])?;
            let mut line = String::new();
            io::stdin().read_line(&mut line)?;
            let (decision, number) = match line.trim() {
                "yes" => ("approve", None),
                "no" | "" => ("deny", None),
                number => ("approve", Some(number)),
            };
            writeln!(out, "{}", approver.answer(&question, decision, number).await?["state"])?;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
