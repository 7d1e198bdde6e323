//! TLS towards clients: several certificates chosen by the name asked for, HTTP/2 and HTTP/1.1, resumption by tickets,
//! and a client certificate asked for only on hosts whose policy wants one.
//! A server configuration is made for each set of trusted authorities, with tickets of its own: a connection resumed on
//! one host can never carry a certificate past the check of another (T13).
//! Invariant: TLS proves possession and records what it saw; whether a certificate is any good is judged by check 2.

mod end_point;
mod host_certificates;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ResolvesServerCert, ServerConfig};
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, DistinguishedName, SignatureScheme};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use self::host_certificates::HostCertificates;
use crate::acme::listeners::ListenerCertificates;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::config::demands::Merged;
use crate::config::diagnose::Complaint;
use crate::config::schema::{DemandMode, TlsVersion};

/// The gateway's certificates and what it asks of clients, made once from a config and swapped as a whole.
#[derive(Debug)]
pub struct ServerTls {
    certificates: Arc<HostCertificates>,
    plain: Arc<ServerConfig>,
    by_host: HashMap<Box<str>, Arc<ServerConfig>>,
}

impl ServerTls {
    /// Reads certificates and keys. `now` decides whether a certificate is in its validity.
    ///
    /// # Errors
    /// A complaint for each file that cannot be read, does not fit its key, or is out of its validity; nothing is half-loaded.
    pub fn load(config: &Config, now: Timestamp) -> Result<Self, Vec<Complaint>> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut complaints = Vec::new();
        let mut certificates = HostCertificates::default();
        for (place, entry) in config.file.tls.certificate.iter().enumerate() {
            let (Some(chain), Some(key)) = (&entry.chain, &entry.key) else {
                if let Err(error) = certificates.add_awaited(&entry.names) {
                    complaints.push(Complaint::new(format!("tls.certificate[{place}].names"), error));
                }
                continue;
            };
            match certified(chain, key, &provider, now) {
                Ok(certified) => certificates.add(certified),
                Err((key, message, help)) => {
                    complaints.push(Complaint::new(format!("tls.certificate[{place}].{key}"), message).help(help));
                }
            }
        }
        let certificates = Arc::new(certificates);
        let mut by_host = HashMap::new();
        let mut by_trust: HashMap<BTreeSet<&str>, Arc<ServerConfig>> = HashMap::new();
        for (url, wanted) in asking_hosts(config) {
            let Some(host) = url::Url::parse(url).ok().and_then(|url| url.host_str().map(Box::from)) else { continue };
            if let Some(made) = by_trust.get(&wanted) {
                by_host.insert(host, Arc::clone(made));
                continue;
            }
            let mut hints = Vec::new();
            for name in &wanted {
                let Some(trust) = config.file.trust.get(*name) else { continue };
                match subjects(&trust.bundle) {
                    Ok(subjects) => hints.extend(subjects),
                    Err(message) => complaints.push(Complaint::new(format!("trust.{name}.bundle"), message)),
                }
            }
            let recorder = Recorder { hints, algorithms: provider.signature_verification_algorithms };
            match server_config(config, &provider, &certificates, Some(recorder)) {
                Ok(made) => {
                    by_trust.insert(wanted, Arc::clone(&made));
                    by_host.insert(host, made);
                }
                Err(error) => complaints.push(Complaint::new("tls", format!("TLS cannot be set up: {error}"))),
            }
        }
        match server_config(config, &provider, &certificates, None) {
            Ok(plain) if complaints.is_empty() => Ok(Self { certificates, plain, by_host }),
            Ok(_) => Err(complaints),
            Err(error) => {
                complaints.push(Complaint::new("tls", format!("TLS cannot be set up: {error}")));
                Err(complaints)
            }
        }
    }

    /// The configuration for the name a client asks for.
    pub fn for_name(&self, name: Option<&str>) -> &Arc<ServerConfig> {
        name.and_then(|name| self.by_host.get(name)).unwrap_or(&self.plain)
    }

    /// Whether one of the certificates is for this name, as browsers see it (RFC 6125 §6.4.3): a name that none is for is
    /// answered with the first, and refused there.
    pub fn covers(&self, name: &str) -> bool {
        self.certificates.covers(name)
    }

    /// Takes certificates that authorities issue, and open challenges, from here on.
    pub fn attach(&self, issued: &Arc<ListenerCertificates>) {
        self.certificates.attach(issued);
    }

    /// What was attached: open challenges, and certificates in use.
    pub fn issued(&self) -> Option<&Arc<ListenerCertificates>> {
        self.certificates.issued()
    }

    /// Whether a client who asks for this name gets a certificate that only stands in for one that is not issued yet. Nothing may
    /// be asked of a person there: the connection proves nothing about who answers.
    pub fn is_stand_in(&self, name: Option<&str>) -> bool {
        self.certificates.is_stand_in(name)
    }

    /// What a client that was answered under this name binds a Kerberos ticket to.
    pub fn end_point(&self, name: Option<&str>) -> Option<Arc<[u8]>> {
        self.certificates.end_point(name)
    }

    /// Whether a client certificate is asked for under this name.
    pub fn asks_for_certificate(&self, name: &str) -> bool {
        self.by_host.contains_key(name)
    }
}

/// Why TLS failed with a client, as a word that never changes: for logs and metrics. `None`: it did not come to that.
pub(in crate::gateway) fn reason(error: &io::Error) -> Option<&'static str> {
    use rustls::Error as Tls;
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<Tls>())?;
    Some(match cause {
        // A version 1 certificate (RFC 5280 §4.1.2.1), something that is not a certificate, or a signature that is not by its key.
        Tls::InvalidCertificate(_) => "client_certificate",
        // The client ends it: most often it does not trust our certificate.
        Tls::AlertReceived(_) => "ended_by_client",
        Tls::InvalidMessage(_) => "not_tls",
        Tls::PeerIncompatible(_) => "nothing_in_common",
        Tls::NoApplicationProtocol => "no_protocol_in_common",
        _ => "misbehaved",
    })
}

/// Where a certificate is asked for, and whose: the hosts of apps that demand one, and the host where apps show their own.
fn asking_hosts(config: &Config) -> Vec<(&str, BTreeSet<&str>)> {
    let file = &config.file;
    let of_apps = file.app.iter().enumerate().map(|(place, app)| (app.url.as_str(), authorities_wanted(config, place)));
    let shown = file.app.iter().filter_map(|app| app.approvals.as_ref()?.certificate.as_ref());
    let trusted = || shown.flat_map(|certificate| certificate.trust.iter().map(String::as_str)).collect();
    let of_asking = file.portal.mtls_url.as_deref().map(|url| (url, trusted()));
    of_apps.chain(of_asking).filter(|(_, wanted)| !wanted.is_empty()).collect()
}

/// The authorities that any demand on the app names: those of its rules and of the additions too.
fn authorities_wanted(config: &Config, place: usize) -> BTreeSet<&str> {
    let file = &config.file;
    let mut wanted = BTreeSet::new();
    let mut want = |merged: &Merged<'_>| {
        if let Some(said) = &merged.client_certificate
            && said.demand.mode != DemandMode::Off
        {
            wanted.extend(
                said.demand.trust.iter().filter_map(|name| file.trust.get_key_value(name)).map(|(name, _)| name.as_str()),
            );
        }
    };
    want(&file.app_demands(place));
    let Some(app) = file.app.get(place) else { return wanted };
    for rule in 0..app.rule.len() {
        want(&file.rule_demands(place, rule));
    }
    for addition in file.addition.iter().filter(|addition| addition.apps.is_empty() || addition.apps.contains(&app.name)) {
        want(&Merged::of("addition", &addition.demands));
    }
    wanted
}

fn server_config(
    config: &Config,
    provider: &Arc<CryptoProvider>,
    certificates: &Arc<HostCertificates>,
    recorder: Option<Recorder>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let versions: &[&rustls::SupportedProtocolVersion] = match config.file.tls.minimum {
        TlsVersion::V12 => &[&rustls::version::TLS13, &rustls::version::TLS12],
        TlsVersion::V13 => &[&rustls::version::TLS13],
    };
    let builder = ServerConfig::builder_with_provider(Arc::clone(provider)).with_protocol_versions(versions)?;
    let builder = match recorder {
        Some(recorder) => builder.with_client_cert_verifier(Arc::new(recorder)),
        None => builder.with_no_client_auth(),
    };
    let mut made = builder.with_cert_resolver(Arc::clone(certificates) as Arc<dyn ResolvesServerCert>);
    made.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    made.ticketer = aws_lc_rs::Ticketer::new()?;
    made.session_storage = Arc::new(NoServerSessionStorage {});
    // Ours is the order from strongest on; what a client prefers is not asked.
    made.ignore_client_order = true;
    // One ticket resumes one connection; a second one only costs every full handshake another encryption.
    made.send_tls13_tickets = 1;
    Ok(Arc::new(made))
}

/// A complaint's key, message and help.
type Wrong = (&'static str, String, &'static str);

fn certified(chain_file: &Path, key_file: &Path, provider: &CryptoProvider, now: Timestamp) -> Result<CertifiedKey, Wrong> {
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(chain_file).and_then(Iterator::collect).map_err(|error| {
            (
                "chain",
                format!("{} cannot be read as PEM certificates: {error}", chain_file.display()),
                "it must be a PEM file, the server's own certificate first",
            )
        })?;
    let leaf = chain.first().ok_or_else(|| {
        (
            "chain",
            format!("{} holds no certificate", chain_file.display()),
            "it must be a PEM file, the server's own certificate first",
        )
    })?;
    let (_, parsed) = X509Certificate::from_der(leaf).map_err(|error| {
        ("chain", format!("{} holds a certificate that cannot be read: {error}", chain_file.display()), "make it again")
    })?;
    let (begins, ends) = (parsed.validity().not_before, parsed.validity().not_after);
    if now.seconds() > ends.timestamp() {
        return Err(("chain", format!("{} expired on {ends}", chain_file.display()), "renew it; browsers would refuse it"));
    }
    if now.seconds() < begins.timestamp() {
        return Err((
            "chain",
            format!("{} is not valid before {begins}", chain_file.display()),
            "wait, or look at this machine's clock",
        ));
    }
    let key = PrivateKeyDer::from_pem_file(key_file).map_err(|error| {
        (
            "key",
            format!("{} cannot be read as a PEM private key: {error}", key_file.display()),
            "it must hold one unencrypted key in PKCS#8, SEC1 or PKCS#1 form, readable by the gateway's user",
        )
    })?;
    let key = provider.key_provider.load_private_key(key).map_err(|error| {
        (
            "key",
            format!("{} holds a key that cannot be used: {error}", key_file.display()),
            "use an ECDSA P-256 or P-384, an Ed25519 or an RSA key of 2048 bits or more",
        )
    })?;
    let certified = CertifiedKey::new(chain, key);
    certified.keys_match().map_err(|_| {
        (
            "key",
            format!("{} is not the key of {}", key_file.display(), chain_file.display()),
            "give the key that the certificate was made for",
        )
    })?;
    Ok(certified)
}

fn subjects(bundle: &Path) -> Result<Vec<DistinguishedName>, String> {
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(bundle)
        .and_then(Iterator::collect)
        .map_err(|error| format!("{} cannot be read as PEM certificates: {error}", bundle.display()))?;
    certificates
        .iter()
        .map(|certificate| {
            let (_, parsed) = X509Certificate::from_der(certificate)
                .map_err(|error| format!("{} holds a certificate that cannot be read: {error}", bundle.display()))?;
            Ok(DistinguishedName::from(parsed.subject().as_raw().to_vec()))
        })
        .collect()
}

/// Asks for a client certificate and takes any that the client proves to hold: the handshake's signature is verified,
/// the chain is not. Without one the handshake goes on.
struct Recorder {
    hints: Vec<DistinguishedName>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Recorder({} authorities)", self.hints.len())
    }
}

impl ClientCertVerifier for Recorder {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.hints
    }

    fn verify_client_cert(
        &self,
        _leaf: &CertificateDer<'_>,
        _chain: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests;
