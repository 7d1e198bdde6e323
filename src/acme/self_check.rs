//! Before an authority is asked, the gateway asks itself: whether its own listeners answer a challenge as a validator would need it. So
//! what is wrong here is said at once, and costs nothing of what an authority allows.
//! Where no connection to a listener comes about from inside, nothing is known, and the authority decides.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use http::{Request, header};
use http_body_util::Full;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use super::listeners::{ACME_TLS, OpenChallenge, WELL_KNOWN};
use super::names::OwnCertificateName;
use super::own::OwnCertificates;
use super::settings::WantedCertificate;
use super::trouble::{AcmeTrouble, TroubleKind, quoted};
use crate::config::schema::AcmeChallenge;
use crate::outbound::https::{self, Unanswered};
use crate::random::base64url;

impl OwnCertificates {
    /// Asks each listener for a challenge of each name. None are known where only a proxy reaches them.
    pub(super) async fn check_listeners(&self, wanted: &WantedCertificate) -> Result<(), AcmeTrouble> {
        let Some(listens) = self.listeners.listens_at() else { return Ok(()) };
        for name in &wanted.names {
            match wanted.challenge {
                AcmeChallenge::TlsAlpn01 => self.check_by_tls(name, &listens.https).await?,
                AcmeChallenge::Http01 => self.check_by_http(name, &listens.http).await?,
            }
        }
        Ok(())
    }

    async fn check_by_tls(&self, name: &OwnCertificateName, addresses: &[SocketAddr]) -> Result<(), AcmeTrouble> {
        // A validator that comes for an order which is open must not see our question.
        if self.listeners.has_challenge(&name.server_name()) {
            return Ok(());
        }
        let mut digest = [0; 32];
        self.rows.random.fill(&mut digest);
        let open = self.listeners.open_by_tls(name, &digest).map_err(|why| AcmeTrouble::new(TroubleKind::State, why))?;
        let tls = client(&open).map_err(|error| AcmeTrouble::new(TroubleKind::State, error.to_string()))?;
        for address in addresses.iter().flat_map(|address| inside(*address)) {
            if let Err(error) = https::connect_by_tls(&tls, address, &name.server_name()).await {
                judge(name, address, "tls-alpn-01", &error)?;
            }
        }
        Ok(())
    }

    async fn check_by_http(&self, name: &OwnCertificateName, addresses: &[SocketAddr]) -> Result<(), AcmeTrouble> {
        let token = base64url(&self.rows.random.id());
        let answer = format!("{token}.self-check");
        let _open = self.listeners.open_by_http(&token, &answer);
        for address in addresses.iter().flat_map(|address| inside(*address)) {
            let request = Request::get(format!("{WELL_KNOWN}{token}")).header(header::HOST, host(name));
            let request =
                request.body(Full::default()).map_err(|error| AcmeTrouble::new(TroubleKind::State, error.to_string()))?;
            match https::exchange_plain(address, request, LONGEST_ANSWER).await {
                Ok(said) if said.body() == answer.as_bytes() => {}
                Ok(said) => return Err(wrong(name, address, "http-01", &format!("it answers {}", said.status().as_u16()))),
                Err(error) => judge(name, address, "http-01", &error)?,
            }
        }
        Ok(())
    }
}

/// A name as `Host` says it.
fn host(name: &OwnCertificateName) -> String {
    match name {
        OwnCertificateName::Ip(IpAddr::V6(ip)) => format!("[{ip}]"),
        other => other.to_string(),
    }
}

/// More than any answer to a challenge is long.
const LONGEST_ANSWER: usize = 64 << 10;

/// What an error says of the listener: nothing, where there was no connection.
fn judge(name: &OwnCertificateName, address: SocketAddr, challenge: &str, error: &Unanswered) -> Result<(), AcmeTrouble> {
    if error.is_of_connecting() {
        tracing::debug!(%address, %error, "acme_self_check_impossible");
        return Ok(());
    }
    Err(wrong(name, address, challenge, &error.to_string()))
}

fn wrong(name: &OwnCertificateName, address: SocketAddr, challenge: &str, why: &str) -> AcmeTrouble {
    let words = format!("our own listener at {address} does not answer {challenge} for {name}: {}", quoted(why));
    AcmeTrouble::new(TroubleKind::SelfCheck, words)
}

/// How an address that is listened at is reached from inside.
fn inside(address: SocketAddr) -> Vec<SocketAddr> {
    let at = |ip| SocketAddr::new(ip, address.port());
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => vec![at(Ipv4Addr::LOCALHOST.into())],
        IpAddr::V6(ip) if ip.is_unspecified() => vec![at(Ipv6Addr::LOCALHOST.into())],
        _ => vec![address],
    }
}

/// A client that offers what validators offer, and believes the very certificate of this challenge alone.
fn client(open: &OpenChallenge) -> Result<Arc<ClientConfig>, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let open = open.shown().cloned().ok_or_else(|| Error::General("the challenge shows no certificate".to_owned()))?;
    let verifier = ExactCertificate { open, provider: Arc::clone(&provider) };
    let mut client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    client.alpn_protocols = vec![ACME_TLS.to_vec()];
    Ok(Arc::new(client))
}

/// It cannot be verified as usual: the extension of a challenge is critical, and no usual client knows it.
#[derive(Debug)]
struct ExactCertificate {
    /// The certificate, and its key.
    open: (CertificateDer<'static>, SubjectPublicKeyInfoDer<'static>),
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for ExactCertificate {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if *shown == self.open.0 {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::General("another certificate is shown".to_owned()))
        }
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.2 is not offered".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        _: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature_with_raw_key(message, &self.open.1, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
