//! What the listeners take from here: the certificates in use, and the answers to challenges that are open.
//! Invariant: a challenge is answered only while its order waits for it, and over TLS only where the client offers exactly
//! `acme-tls/1` (RFC 8737 §3): who offers anything beside it gets the usual certificate.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};
use parking_lot::RwLock;
use rcgen::{CertificateParams, CustomExtension, KeyPair, PublicKeyData as _};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use rustls::server::{NoServerSessionStorage, ServerConfig};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use super::names::OwnCertificateName;

/// The protocol that validators speak (RFC 8737).
pub const ACME_TLS: &[u8] = b"acme-tls/1";
/// Where validators fetch answers by HTTP (RFC 8555 §8.3).
pub(super) const WELL_KNOWN: &str = "/.well-known/acme-challenge/";

/// Where the gateway listens for validators.
#[derive(Clone, Debug, Default)]
pub struct ListenAddresses {
    /// By TLS.
    pub https: Vec<SocketAddr>,
    /// By plain HTTP.
    pub http: Vec<SocketAddr>,
}

/// Certificates in use and open challenges, shared with every listener.
#[derive(Default)]
pub struct ListenerCertificates {
    /// By the names of the certificate, as [`super::names::key_of`] writes them.
    in_use: ArcSwap<HashMap<Arc<str>, Arc<CertifiedKey>>>,
    /// Where somebody listens who answers; `None`: it is not known.
    at: ArcSwapOption<ListenAddresses>,
    /// How many answers were ever opened: the number of the next one.
    opened: AtomicU64,
    by_tls: Answers<Arc<ServerConfig>>,
    by_http: Answers<String>,
}

/// What is answered to who asks for something: of several answers the one that was given last, as long as it lives.
struct Answers<T>(RwLock<HashMap<String, Vec<(u64, T)>>>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T: Clone> Answers<T> {
    fn of(&self, asked: &str) -> Option<T> {
        self.0.read().get(asked)?.last().map(|(_, answer)| answer.clone())
    }

    fn add(&self, asked: &str, number: u64, answer: T) {
        self.0.write().entry(asked.to_owned()).or_default().push((number, answer));
    }

    fn remove(&self, asked: &str, number: u64) {
        let mut all = self.0.write();
        if let Some(answers) = all.get_mut(asked) {
            answers.retain(|(other, _)| *other != number);
            if answers.is_empty() {
                all.remove(asked);
            }
        }
    }
}

impl fmt::Debug for ListenerCertificates {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ListenerCertificates({} in use)", self.in_use.load().len())
    }
}

impl ListenerCertificates {
    /// The certificate in use for these names, as one text.
    pub fn of(&self, key: &str) -> Option<Arc<CertifiedKey>> {
        self.in_use.load().get(key).cloned()
    }

    /// The TLS settings that answer a validator who asks for this name; `None` for everybody else.
    pub fn challenge<'a>(
        &self,
        server_name: Option<&str>,
        offered: Option<impl Iterator<Item = &'a [u8]>>,
    ) -> Option<Arc<ServerConfig>> {
        let mut offered = offered?;
        let is_validator = offered.next() == Some(ACME_TLS) && offered.next().is_none();
        let name = server_name.filter(|_| is_validator)?;
        self.by_tls.of(name)
    }

    /// The answer to a validator who fetches this path.
    pub fn answer(&self, path: &str) -> Option<String> {
        let token = path.strip_prefix(WELL_KNOWN)?;
        self.by_http.of(token)
    }

    /// Whether validators are answered over TLS under this server name.
    pub(super) fn has_challenge(&self, server_name: &str) -> bool {
        self.by_tls.of(server_name).is_some()
    }

    /// Takes over where the gateway listens, where it can be reached there without a proxy.
    pub fn listen_at(&self, addresses: ListenAddresses) {
        self.at.store(Some(Arc::new(addresses)));
    }

    pub(super) fn listens_at(&self) -> Option<Arc<ListenAddresses>> {
        self.at.load_full()
    }

    /// Puts certificates in use; those of other names stay.
    pub(crate) fn put_in_use(&self, key: &Arc<str>, certified: &Arc<CertifiedKey>) {
        self.in_use.rcu(|now| {
            let mut next = HashMap::clone(now);
            next.insert(Arc::clone(key), Arc::clone(certified));
            next
        });
    }

    /// Answers a validator over TLS for as long as the result lives.
    pub(crate) fn open_by_tls(self: &Arc<Self>, name: &OwnCertificateName, digest: &[u8]) -> Result<OpenChallenge, String> {
        let (settings, shown) = challenge_settings(name, digest)?;
        let asked = name.server_name();
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        self.by_tls.add(&asked, number, settings);
        Ok(OpenChallenge { listeners: Arc::clone(self), asked, number, shown: Some(shown) })
    }

    /// Answers a validator over HTTP for as long as the result lives.
    pub(crate) fn open_by_http(self: &Arc<Self>, token: &str, answer: &str) -> OpenChallenge {
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        self.by_http.add(token, number, answer.to_owned());
        OpenChallenge { listeners: Arc::clone(self), asked: token.to_owned(), number, shown: None }
    }
}

/// A challenge that is answered as long as this lives.
#[derive(Debug)]
pub(crate) struct OpenChallenge {
    listeners: Arc<ListenerCertificates>,
    asked: String,
    number: u64,
    /// By TLS: the certificate that is shown, and its key.
    shown: Option<ShownCertificate>,
}

/// A certificate and its public key.
type ShownCertificate = (CertificateDer<'static>, SubjectPublicKeyInfoDer<'static>);

impl OpenChallenge {
    /// The certificate that is shown to validators, with its public key.
    pub(super) fn shown(&self) -> Option<&ShownCertificate> {
        self.shown.as_ref()
    }
}

impl Drop for OpenChallenge {
    fn drop(&mut self) {
        if self.shown.is_some() {
            self.listeners.by_tls.remove(&self.asked, self.number);
        } else {
            self.listeners.by_http.remove(&self.asked, self.number);
        }
    }
}

/// A certificate that says nothing but the challenge's answer, and settings that speak nothing but the validator's protocol.
fn challenge_settings(name: &OwnCertificateName, digest: &[u8]) -> Result<(Arc<ServerConfig>, ShownCertificate), String> {
    let failed = |error: &dyn fmt::Display| format!("make the certificate of a challenge: {error}");
    let mut params = CertificateParams::new([name.to_string()]).map_err(|error| failed(&error))?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate().map_err(|error| failed(&error))?;
    let certificate = params.self_signed(&key).map_err(|error| failed(&error))?;
    let shown = (certificate.der().clone(), SubjectPublicKeyInfoDer::from(key.subject_public_key_info()));
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = aws_lc_rs::default_provider();
    let key = provider.key_provider.load_private_key(key).map_err(|error| failed(&error))?;
    // Not `with_single_cert`: it reads the certificate as a client would, and refuses the critical extension of the challenge.
    let certified = CertifiedKey::new(vec![certificate.der().clone()], key);
    let mut settings = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| failed(&error))?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    settings.alpn_protocols = vec![ACME_TLS.to_vec()];
    settings.session_storage = Arc::new(NoServerSessionStorage {});
    settings.send_tls13_tickets = 0;
    Ok((Arc::new(settings), shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_offers_exactly_the_validators_protocol_is_answered_and_only_while_it_is_open() {
        let listeners = Arc::new(ListenerCertificates::default());
        let name = OwnCertificateName::read("auth.example.com");
        let asks = |server_name: Option<&str>, offered: Option<&[&'static [u8]]>| {
            listeners.challenge(server_name, offered.map(|list| list.iter().copied())).is_some()
        };
        let own = Some("auth.example.com");
        assert!(!asks(own, Some(&[ACME_TLS])));
        let open = listeners.open_by_tls(&name, &[7; 32]).unwrap();
        for (server_name, offered, answered) in [
            (own, Some(&[ACME_TLS][..]), true),
            (own, Some(&[ACME_TLS, b"h2".as_slice()][..]), false),
            (own, Some(&[b"h2".as_slice(), ACME_TLS][..]), false),
            (own, Some(&[ACME_TLS, ACME_TLS][..]), false),
            (own, Some(&[b"http/1.1".as_slice()][..]), false),
            (own, Some(&[][..]), false),
            (own, None, false),
            (None, Some(&[ACME_TLS][..]), false),
            (Some("wiki.example.com"), Some(&[ACME_TLS][..]), false),
        ] {
            assert_eq!(asks(server_name, offered), answered, "{server_name:?} {offered:?}");
        }
        drop(open);
        assert!(!asks(own, Some(&[ACME_TLS])));
    }

    #[test]
    fn an_answer_by_http_is_there_as_long_as_its_challenge_is_open() {
        let listeners = Arc::new(ListenerCertificates::default());
        let open = listeners.open_by_http("token-1", "token-1.thumb");
        let answer = |path| listeners.answer(path);
        assert_eq!(answer("/.well-known/acme-challenge/token-1").as_deref(), Some("token-1.thumb"));
        for other in ["/.well-known/acme-challenge/token-2", "/.well-known/acme-challenge/", "/token-1", "/"] {
            assert_eq!(answer(other), None, "{other}");
        }
        drop(open);
        assert_eq!(answer("/.well-known/acme-challenge/token-1"), None);
    }
}
