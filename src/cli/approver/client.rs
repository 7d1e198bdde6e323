//! The approver's requests: one connection each, TLS to the portal, with the proof of the key (RFC 9449).

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri, header};
use http_body_util::Full;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};

use super::own_key::OwnKey;
use crate::cli::CommandFailure;
use crate::cli::words::say;
use crate::outbound::{https, roots};
use crate::random::{OsRandom, Random as _, base64url};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Speaks to one portal with one key.
#[derive(Debug)]
pub(super) struct ApproverClient {
    key: OwnKey,
    tls: Arc<ClientConfig>,
    connect: Option<SocketAddr>,
}

impl ApproverClient {
    /// With this key, believing this authority or the system's.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn new(key: OwnKey, authority: Option<&Path>, connect: Option<SocketAddr>) -> Result<Self, CommandFailure> {
        let trusted = match authority {
            Some(path) => {
                let failed = |error: &dyn std::fmt::Display| {
                    CommandFailure::Failed(say("approver-authority", &[("file", &path.display()), ("why", error)]), None)
                };
                let mut trusted = RootCertStore::empty();
                for certificate in CertificateDer::pem_file_iter(path).map_err(|error| failed(&error))? {
                    trusted.add(certificate.map_err(|error| failed(&error))?).map_err(|error| failed(&error))?;
                }
                trusted
            }
            None => roots::system(),
        };
        let tls = ClientConfig::builder().with_root_certificates(trusted).with_no_client_auth();
        Ok(Self { key, tls: Arc::new(tls), connect })
    }

    /// The portal.
    pub(super) fn portal(&self) -> &str {
        self.key.portal()
    }

    /// Signs claims as of now, once.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn sign(&self, kind: &str, claims: Value) -> Result<String, CommandFailure> {
        self.signed(&json!({ "alg": "ES256", "typ": kind }), claims)
    }

    fn signed(&self, header: &Value, mut claims: Value) -> Result<String, CommandFailure> {
        if let Some(claims) = claims.as_object_mut() {
            claims.insert("iat".to_owned(), json!(super::now()));
            claims.insert("jti".to_owned(), json!(base64url(&OsRandom::new().id())));
        }
        self.key.sign(header, &claims)
    }

    /// Asks and reads the answer.
    ///
    /// # Errors
    /// [`CommandFailure`]: no connection, or what the gateway says against it.
    pub(super) async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, CommandFailure> {
        let address = format!("{}/approver/api{path}", self.portal());
        match tokio::time::timeout(PATIENCE, self.asked(method, &address, body)).await {
            Ok(answered) => answered,
            Err(_) => {
                let what = say("approver-no-answer", &[("address", &address), ("seconds", &PATIENCE.as_secs())]);
                Err(CommandFailure::Failed(what, None))
            }
        }
    }

    async fn asked(&self, method: &str, address: &str, body: Option<&Value>) -> Result<Value, CommandFailure> {
        let failed = |error: &dyn std::fmt::Display| {
            CommandFailure::Failed(say("approver-reach", &[("address", &address), ("why", error)]), None)
        };
        let uri: Uri = address.parse().map_err(|error| failed(&error))?;
        let host = uri.host().ok_or_else(|| failed(&say("approver-no-host", &[])))?;
        let port = uri.port_u16().unwrap_or(443);
        // Names below localhost are this machine (RFC 6761 §6.3), whether a resolver knows it or not.
        let place = if host == "localhost" || host.ends_with(".localhost") { "127.0.0.1" } else { host };
        let (place, port) = match self.connect {
            Some(address) => (address.ip().to_string(), address.port()),
            None => (place.to_owned(), port),
        };
        let at = tokio::net::lookup_host((place.as_str(), port)).await.map_err(|error| failed(&error))?.next();
        let at = at.ok_or_else(|| failed(&say("approver-nowhere", &[])))?;
        let public = self.key.public().ok_or_else(|| failed(&say("approver-no-public", &[])))?;
        let proof =
            self.signed(&json!({ "alg": "ES256", "typ": "dpop+jwt", "jwk": public }), json!({ "htm": method, "htu": address }))?;
        let request = Request::builder()
            .method(method)
            .uri(uri.path())
            .header(header::HOST, uri.authority().map_or("", |authority| authority.as_str()))
            .header(header::USER_AGENT, concat!("sekisho-approver/", env!("CARGO_PKG_VERSION")))
            .header(header::CONTENT_TYPE, "application/json")
            .header("dpop", proof)
            .body(Full::new(Bytes::from(body.map(Value::to_string).unwrap_or_default())))
            .map_err(|error| failed(&error))?;
        let (status, bytes) = https::exchange(&self.tls, at, host, request).await.map_err(|error| failed(&error))?;
        let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(value);
        }
        let text =
            |name: &str| value.get(name).and_then(Value::as_str).map_or_else(|| say("approver-no-more", &[]), str::to_owned);
        let what = say("failure", &[("why", &format!("{} ({status}, {})", text("detail"), text("code")))]);
        let hint = (status == StatusCode::UNAUTHORIZED).then(|| say("approver-clock-hint", &[]).into());
        Err(CommandFailure::Failed(what, hint))
    }
}
