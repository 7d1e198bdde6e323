//! A certificate request (PKCS#10, RFC 2986) of a device that keeps its own key. Only the key is taken from it: name, dates
//! and use are the administrator's. What asks for more is refused with words, so that nobody believes to have got it.

use rcgen::{CertificateSigningRequestParams, ExtendedKeyUsagePurpose, IsCa, SubjectPublicKeyInfo};
use rustls_pki_types::CertificateSigningRequestDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;

/// Bytes of a request at most.
const LONGEST: usize = 64 << 10;
/// Bits of an RSA key at least (NIST SP 800-57 part 1 §5.6.1).
const RSA: usize = 2048;
/// Bits of an RSA key at most: larger ones only cost every handshake time.
const RSA_MOST: usize = 8192;
/// Object identifiers of the kinds of keys, and of the curves.
const RSA_KEY: &str = "1.2.840.113549.1.1.1";
const RSA_PSS_KEY: &str = "1.2.840.113549.1.1.10";
const EC_KEY: &str = "1.2.840.10045.2.1";

/// Why a request is not signed; the text fits "failed to read the request: …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateRequestError {
    /// It cannot be read.
    #[error("it is not a certificate request in PEM; write the text from `-----BEGIN CERTIFICATE REQUEST-----` on")]
    Unreadable,
    /// Its signature is not by the key in it.
    #[error("its signature is not by the key that is in it: it was changed on the way, or made with another key")]
    Signature,
    /// The key is weak, or of a kind that clients do not send.
    #[error("its key cannot be used: {0}")]
    Key(String),
    /// It asks for something that a client's certificate has not.
    #[error("it asks for {0}; make the request without extensions: name, dates and use are entered here")]
    Extension(&'static str),
}

/// The key of a request that is good.
///
/// # Errors
/// [`CertificateRequestError`].
pub fn key(pem: &str) -> Result<SubjectPublicKeyInfo, CertificateRequestError> {
    if pem.len() > LONGEST {
        return Err(CertificateRequestError::Unreadable);
    }
    let der = CertificateSigningRequestDer::from_pem_slice(pem.as_bytes()).map_err(|_| CertificateRequestError::Unreadable)?;
    let (rest, parsed) = X509CertificationRequest::from_der(&der).map_err(|_| CertificateRequestError::Unreadable)?;
    if !rest.is_empty() {
        return Err(CertificateRequestError::Unreadable);
    }
    let info = &parsed.certification_request_info.subject_pki;
    strength(info)?;
    let asked = CertificateSigningRequestParams::from_der(&der).map_err(|error| match error {
        rcgen::Error::InvalidCertificationRequestSignature => CertificateRequestError::Signature,
        rcgen::Error::UnsupportedExtension => CertificateRequestError::Extension("an extension that is not given"),
        rcgen::Error::UnsupportedSignatureAlgorithm => CertificateRequestError::Key(
            "it signed with an algorithm that is not taken; sign with SHA-256, SHA-384 or SHA-512".to_owned(),
        ),
        _ => CertificateRequestError::Unreadable,
    })?;
    if asked.params.is_ca != IsCa::NoCa && asked.params.is_ca != IsCa::ExplicitNoCa {
        return Err(CertificateRequestError::Extension("the right to sign certificates (CA:TRUE)"));
    }
    if asked.params.extended_key_usages.iter().any(|usage| *usage != ExtendedKeyUsagePurpose::ClientAuth) {
        return Err(CertificateRequestError::Extension("another use than that of clients (extended key usage)"));
    }
    if !asked.params.subject_alt_names.is_empty() {
        return Err(CertificateRequestError::Extension("alternative names"));
    }
    SubjectPublicKeyInfo::from_der(info.raw)
        .map_err(|_| CertificateRequestError::Key("its algorithm is written in a way that is not taken".to_owned()))
}

fn strength(info: &x509_parser::x509::SubjectPublicKeyInfo<'_>) -> Result<(), CertificateRequestError> {
    let weak = |why: String| Err(CertificateRequestError::Key(why));
    let kind = info.algorithm.algorithm.to_id_string();
    match kind.as_str() {
        RSA_KEY => match info.parsed() {
            Ok(PublicKey::RSA(key)) if (RSA..=RSA_MOST).contains(&key.key_size()) => Ok(()),
            Ok(PublicKey::RSA(key)) => {
                weak(format!("an RSA key of {} bits; from {RSA} to {RSA_MOST} are taken, or an EC key on P-256", key.key_size()))
            }
            _ => Err(CertificateRequestError::Unreadable),
        },
        EC_KEY => {
            let curve = info.algorithm.parameters.as_ref().and_then(|curve| curve.as_oid().ok()).map(|oid| oid.to_id_string());
            match curve.as_deref() {
                // P-256, P-384, P-521.
                Some("1.2.840.10045.3.1.7" | "1.3.132.0.34" | "1.3.132.0.35") => Ok(()),
                _ => weak("an EC key on a curve that is not taken; P-256 (prime256v1), P-384 and P-521 are".to_owned()),
            }
        }
        RSA_PSS_KEY => weak("an RSA-PSS key: browsers never send one; make an RSA or EC key".to_owned()),
        _ => weak("browsers do not import keys of its kind (Ed25519, say); make an EC key on P-256".to_owned()),
    }
}
