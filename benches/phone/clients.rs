//! Browsers and phones, each on one kept connection; what they compute is done before a stretch is timed.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use sekisho::approval::key::PublicKey;
use sekisho::clock::{Clock as _, SystemClock};
use sekisho::random::{OsRandom, Random as _, base64url};
use serde_json::{Value, json};
use tokio::net::TcpSocket;

/// A connection of its own to the portal.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: String,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr, authority: &CertificateDer<'static>) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone()).unwrap();
        let tls = Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth());
        let stream = TcpSocket::new_v4().unwrap().connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let name = ServerName::try_from("auth.test").unwrap();
        let stream = tokio_rustls::TlsConnector::from(tls).connect(name, stream).await.unwrap();
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        #[expect(clippy::disallowed_methods, reason = "the driver of a benchmark's own connection ends with it")]
        tokio::spawn(connection);
        Self { sender, host: format!("auth.test:{}", address.port()) }
    }

    async fn send(&mut self, request: http::request::Builder, body: String) -> Answer {
        let request = request.header(header::HOST, &self.host).body(Full::from(body)).unwrap();
        self.sender.ready().await.unwrap();
        let answer = self.sender.send_request(request).await.unwrap();
        let text = |name| answer.headers().get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned());
        let cookies = answer.headers().get_all(header::SET_COOKIE);
        let cookies = cookies.iter().map(|one| one.to_str().unwrap().split(';').next().unwrap().to_owned()).collect();
        let (status, location) = (answer.status(), text(header::LOCATION));
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Answer { status, location, cookies, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

/// A browser with its cookies.
pub(crate) struct Browser {
    pub(crate) connection: Connection,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) const fn on(connection: Connection) -> Self {
        Self { connection, cookies: BTreeMap::new() }
    }

    /// Another browser on the same connection.
    pub(crate) fn forget(&mut self) {
        self.cookies.clear();
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.cookies.contains_key("__Host-sekisho")
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let origin = format!("https://{}", self.connection.host);
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded").header("origin", origin);
        self.send(request, form).await
    }

    async fn send(&mut self, request: http::request::Builder, body: String) -> Answer {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = self.connection.send(request.header("cookie", jar.join("; ")), body).await;
        for cookie in &answer.cookies {
            let (name, value) = cookie.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

/// A phone: a key and whom it serves.
pub(crate) struct Phone {
    pair: EcdsaKeyPair,
    pub(crate) key: PublicKey,
    pub(crate) user: String,
    portal: String,
}

/// A request of a phone, signed and ready to be sent.
pub(crate) struct Ready {
    method: &'static str,
    path: String,
    proof: String,
    body: String,
}

impl Phone {
    pub(crate) fn new(user: &str, portal: String) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let key = PublicKey::from_point(pair.public_key().as_ref()).unwrap();
        Self { pair, key, user: user.to_owned(), portal }
    }

    fn sign(&self, header: &Value, mut claims: Value) -> String {
        claims["iat"] = json!(SystemClock::new().now().seconds());
        claims["jti"] = json!(base64url(&OsRandom::new().id()));
        let text = |value: &Value| base64url(value.to_string().as_bytes());
        let signed = format!("{}.{}", text(header), text(&claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", base64url(signature.as_ref()))
    }

    fn ready(&self, method: &'static str, path: String, body: String) -> Ready {
        let claims = json!({ "htm": method, "htu": format!("{}{path}", self.portal) });
        let proof = self.sign(&json!({ "alg": "ES256", "typ": "dpop+jwt", "jwk": self.key }), claims);
        Ready { method, path, proof, body }
    }

    /// What is asked of its user, and the numbers offered.
    pub(crate) async fn sees(&self, connection: &mut Connection) -> Value {
        let (status, seen) = connection.call(self.ready("GET", "/approver/api/slots".to_owned(), String::new())).await;
        assert_eq!(status, StatusCode::OK, "{seen}");
        seen
    }

    /// The approval of what is asked, with the number that the browser shows.
    pub(crate) fn approval(&self, asked: &Value, number: Option<&str>) -> Ready {
        let (id, shown) = (asked["id"].as_str().unwrap(), asked["shown"].as_str().unwrap());
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, shown.as_bytes());
        let mut claims =
            json!({ "approval": id, "decision": "approve", "shown": base64url(digest.as_ref()), "aud": self.portal });
        if let Some(number) = number {
            claims["number"] = json!(number);
        }
        let answer = self.sign(&json!({ "alg": "ES256", "typ": "sekisho-answer+jwt" }), claims);
        self.ready("POST", format!("/approver/api/approvals/{id}"), json!({ "answer": answer }).to_string())
    }

    /// The release of a login form.
    pub(crate) fn release(&self, service: &str) -> Ready {
        let claims = json!({ "user": self.user, "service": service, "aud": self.portal });
        let release = self.sign(&json!({ "alg": "ES256", "typ": "sekisho-release+jwt" }), claims);
        self.ready("POST", "/approver/api/windows".to_owned(), json!({ "release": release }).to_string())
    }
}

impl Connection {
    /// Sends a phone's request.
    pub(crate) async fn call(&mut self, ready: Ready) -> (StatusCode, Value) {
        let request = Request::builder().method(ready.method).uri(ready.path).header("dpop", ready.proof);
        let answer = self.send(request.header("content-type", "application/json"), ready.body).await;
        (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
    }
}
