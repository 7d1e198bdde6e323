//! Which certificates of servers are believed: those of the config's authority or of the system, with the name of the host,
//! or exactly those whose fingerprints the config pins. A refusal says in words what is wrong with the certificate and how
//! to mend it, since the one that is made at home most often is refused (`openssl req -x509` makes an authority of it).

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// A SHA-256 of a certificate.
pub(super) type Pin = [u8; 32];

/// The TLS of a directory.
///
/// # Errors
/// What is wrong with the file of authorities.
pub(super) fn client(authority: Option<&Path>, pins: Vec<Pin>) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier =
        ServerVerifier { chain: chain(authority, &pins, &provider)?, pins: pins.into(), provider: Arc::clone(&provider) };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Reads a fingerprint as `openssl x509 -fingerprint -sha256` or `sha256sum` writes it.
pub(super) fn pin(text: &str) -> Option<Pin> {
    let digits: String = text.chars().filter(|c| *c != ':').collect::<String>().to_ascii_lowercase();
    data_encoding::HEXLOWER.decode(digits.as_bytes()).ok()?.try_into().ok()
}

fn fingerprint(certificate: &CertificateDer<'_>) -> Pin {
    digest(&SHA256, certificate).as_ref().first_chunk().copied().unwrap_or_default()
}

fn chain(
    authority: Option<&Path>,
    pins: &[Pin],
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<WebPkiServerVerifier>>, String> {
    let mut roots = RootCertStore::empty();
    match authority {
        Some(path) => {
            let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let (added, _ignored) = roots.add_parsable_certificates(found.map_err(|error| error.to_string())?);
            if added == 0 {
                return Err("there is no certificate in it".to_owned());
            }
        }
        // Who pins certificates believes these alone.
        None if !pins.is_empty() => return Ok(None),
        None => {
            let _added_and_ignored = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Ok(None);
            }
        }
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    verifier.map(Some).map_err(|error| error.to_string())
}

struct ServerVerifier {
    chain: Option<Arc<WebPkiServerVerifier>>,
    pins: Box<[Pin]>,
    provider: Arc<CryptoProvider>,
}

impl fmt::Debug for ServerVerifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ServerVerifier({} pins)", self.pins.len())
    }
}

impl ServerCertVerifier for ServerVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = fingerprint(certificate);
        if self.pins.contains(&shown) {
            return match holds_at(certificate, now) {
                true => Ok(ServerCertVerified::assertion()),
                false => Err(Error::General(explained(&Error::InvalidCertificate(CertificateError::Expired), &shown))),
            };
        }
        let refused = match &self.chain {
            Some(chain) => match chain.verify_server_cert(certificate, intermediates, host, stapled, now) {
                Ok(verified) => return Ok(verified),
                Err(error) => error,
            },
            None => Error::InvalidCertificate(CertificateError::UnknownIssuer),
        };
        Err(Error::General(explained(&refused, &shown)))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A pinned certificate needs no name and no authority; its time must not be over.
fn holds_at(certificate: &CertificateDer<'_>, now: UnixTime) -> bool {
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    X509Certificate::from_der(certificate)
        .is_ok_and(|(_, read)| read.validity().not_before.timestamp() <= now && now <= read.validity().not_after.timestamp())
}

/// The refusal, what it means, and the fingerprint that `pins` would take.
fn explained(error: &Error, shown: &Pin) -> String {
    let message = error.to_string();
    let means = HINTS.iter().find(|(sign, _)| message.contains(sign)).map(|(_, hint)| format!(" ({hint})")).unwrap_or_default();
    let known = data_encoding::HEXLOWER.encode(shown);
    format!("{message}{means}; if this is the server's own certificate, `pins = [\"{known}\"]` believes exactly this one")
}

/// What rustls says, and what an administrator does about it.
const HINTS: [(&str, &str); 8] = [
    (
        "CaUsedAsEndEntity",
        "it is authority and server in one, as `openssl req -x509` makes it: pin it, or make one with basicConstraints=CA:FALSE",
    ),
    ("UnsupportedCertVersion", "it is of X.509 version 1: make it with an extension file that has subjectAltName"),
    ("UnknownIssuer", "no authority in `authority` issued it"),
    ("BadSignature", "its signature does not verify: another authority of the same name, or an RSA key shorter than 2048 bits"),
    ("UnsupportedSignatureAlgorithm", "it is signed with an algorithm that is too weak, such as SHA-1"),
    ("not valid for", "its subjectAltName lacks the host of `urls`; a common name alone does not count"),
    ("Expired", "its time is over"),
    ("NotValidYet", "its time has not begun, or the clock of this machine is wrong"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn verify(verifier: &ServerVerifier, certificate: &CertificateDer<'_>, at: u64) -> Result<ServerCertVerified, Error> {
        let host = ServerName::try_from("ldap.example.com").unwrap();
        verifier.verify_server_cert(certificate, &[], &host, &[], UnixTime::since_unix_epoch(std::time::Duration::from_secs(at)))
    }

    fn verifier(pins: Vec<Pin>) -> ServerVerifier {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        ServerVerifier { chain: chain(None, &pins, &provider).unwrap(), pins: pins.into(), provider }
    }

    #[test]
    fn a_pinned_certificate_is_believed_and_no_other_beside_it() {
        let make = || rcgen::generate_simple_self_signed(vec!["other.example.com".to_owned()]).unwrap().cert.der().clone();
        let (own, other) = (make(), make());
        let pinned = verifier(vec![fingerprint(&own)]);
        assert!(verify(&pinned, &own, 1_800_000_000).is_ok());
        let message = verify(&pinned, &other, 1_800_000_000).unwrap_err().to_string();
        assert!(message.contains(&data_encoding::HEXLOWER.encode(&fingerprint(&other))), "{message}");
        assert!(verify(&pinned, &own, 100_000_000_000).unwrap_err().to_string().contains("its time is over"));
    }

    #[test]
    fn a_fingerprint_is_read_as_tools_write_it() {
        let text = "AB:".repeat(31) + "cd";
        assert_eq!(pin(&text).unwrap()[31], 0xcd);
        assert_eq!((pin("ab"), pin(&"zz".repeat(32))), (None, None));
    }
}
