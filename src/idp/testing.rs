//! A small provider for tests: real HTTP over real TLS on loopback, and tokens with a real signature, which say what a test
//! wants. Real providers are in `tests/idp`.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{CertifiedKey, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

use crate::random::base64url;

/// What it does at present.
#[derive(Default)]
struct Manners {
    /// By code or refresh token: the ID token that is given.
    tokens: HashMap<String, String>,
    /// Gives this refresh token with each.
    refresh: Option<String>,
    /// Answers every request with this status.
    down: bool,
    asked: Vec<String>,
}

/// It, as long as this is held.
pub(crate) struct TestProvider {
    port: u16,
    authority: String,
    key: EncodingKey,
    manners: Arc<Mutex<Manners>>,
}

impl TestProvider {
    pub(crate) async fn start() -> Self {
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let tls = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], private);
        let acceptor = TlsAcceptor::from(Arc::new(tls.unwrap()));
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let key = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).unwrap();
        let point = pair.public_key_raw();
        let jwk = json!({ "kty": "EC", "crv": "P-256", "kid": "k", "x": base64url(&point[1..33]), "y": base64url(&point[33..]) });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let provider = Self { port: listener.local_addr().unwrap().port(), authority: cert.pem(), key, manners: Arc::default() };
        let (manners, issuer) = (Arc::clone(&provider.manners), provider.issuer());
        let tasks = TaskTracker::new();
        drop(tasks.clone().spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, manners, issuer, jwk) = (acceptor.clone(), Arc::clone(&manners), issuer.clone(), jwk.clone());
                drop(tasks.spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = service_fn(move |request| answer(request, Arc::clone(&manners), issuer.clone(), jwk.clone()));
                    let _ended = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                }));
            }
        }));
        provider
    }

    pub(crate) fn issuer(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The table of the config; `more` are further keys.
    pub(crate) fn table(&self, folder: &Path, more: &str) -> String {
        use std::os::unix::fs::PermissionsExt as _;
        let (secret, authority) = (folder.join("idp.secret"), folder.join("idp.pem"));
        std::fs::write(&secret, "a secret\n").unwrap();
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&authority, &self.authority).unwrap();
        format!(
            "[[idp]]\nname = \"corp\"\ntitle = \"Contoso\"\nissuer = \"{}\"\nclient_id = \"sekisho\"\nclient_secret_file = {secret:?}\n\
             authority = {authority:?}\nnetworks = [\"127.0.0.0/8\", \"::1\"]\n{more}\n",
            self.issuer()
        )
    }

    /// A token with these claims, signed.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some("k".to_owned()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }

    /// Gives these claims, signed, for a code or refresh token.
    pub(crate) fn gives(&self, grant: &str, claims: &Value) {
        let token = self.sign(claims);
        self.manners.lock().unwrap().tokens.insert(grant.to_owned(), token);
    }

    pub(crate) fn gives_nothing_for(&self, grant: &str) {
        self.manners.lock().unwrap().tokens.remove(grant);
    }

    pub(crate) fn refreshes_by(&self, token: &str) {
        self.manners.lock().unwrap().refresh = Some(token.to_owned());
    }

    pub(crate) fn is_down(&self, down: bool) {
        self.manners.lock().unwrap().down = down;
    }

    /// How often it was asked at this path.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.manners.lock().unwrap().asked.iter().filter(|asked| *asked == path).count()
    }
}

async fn answer(
    request: Request<Incoming>,
    manners: Arc<Mutex<Manners>>,
    issuer: String,
    jwk: Value,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let mut manners = manners.lock().unwrap();
    manners.asked.push(path.clone());
    let send = |status: u16, body: Value| {
        let body = Full::new(Bytes::from(body.to_string()));
        Ok(Response::builder().status(status).header("content-type", "application/json").body(body).unwrap())
    };
    if manners.down {
        return send(503, json!({}));
    }
    match path.as_str() {
        "/.well-known/openid-configuration" => send(
            200,
            json!({
                "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/jwks"),
                "userinfo_endpoint": format!("{issuer}/userinfo"), "end_session_endpoint": format!("{issuer}/end"),
            }),
        ),
        "/jwks" => send(200, json!({ "keys": [jwk] })),
        "/userinfo" => send(200, json!({ "sub": "alice-there" })),
        _ => {
            let form: HashMap<_, _> = url::form_urlencoded::parse(&body).into_owned().collect();
            let grant = form.get("code").or_else(|| form.get("refresh_token")).cloned().unwrap_or_default();
            match manners.tokens.get(&grant) {
                Some(token) => send(
                    200,
                    json!({ "access_token": "a", "token_type": "Bearer", "id_token": token, "refresh_token": manners.refresh }),
                ),
                None => send(400, json!({ "error": "invalid_grant" })),
            }
        }
    }
}
