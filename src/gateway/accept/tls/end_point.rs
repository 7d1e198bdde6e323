//! The channel binding tls-server-end-point (RFC 5929 §4): the hash of the server's own certificate, by the hash of its signature,
//! and by SHA-256 where that is MD5 or SHA-1. It is undefined for signatures without one hash of their own, as Ed25519.

use aws_lc_rs::digest;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::signature_algorithm::SignatureAlgorithm;

/// The bytes that a client binds its ticket to (RFC 5056 §2.1: the type before them).
pub(super) fn of(leaf: &[u8]) -> Option<Vec<u8>> {
    let (_, parsed) = X509Certificate::from_der(leaf).ok()?;
    let algorithm = &parsed.signature_algorithm;
    let hash = match SignatureAlgorithm::try_from(algorithm).ok() {
        Some(SignatureAlgorithm::RSASSA_PSS(parameters)) => by_oid(&parameters.hash_algorithm_oid().to_id_string()),
        _ => by_oid(&algorithm.algorithm.to_id_string()),
    }?;
    Some([b"tls-server-end-point:", digest::digest(hash, leaf).as_ref()].concat())
}

/// The hash of a signature or hash algorithm.
fn by_oid(oid: &str) -> Option<&'static digest::Algorithm> {
    Some(match oid {
        // MD5 and SHA-1 with RSA, SHA-1 with ECDSA, SHA-256 with RSA and ECDSA, SHA-1 and SHA-256 themselves.
        "1.2.840.113549.1.1.4" | "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" | "1.3.14.3.2.26" => &digest::SHA256,
        "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" | "2.16.840.1.101.3.4.2.1" => &digest::SHA256,
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" | "2.16.840.1.101.3.4.2.2" => &digest::SHA384,
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" | "2.16.840.1.101.3.4.2.3" => &digest::SHA512,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519};

    use super::*;

    fn made(algorithm: &'static rcgen::SignatureAlgorithm) -> Vec<u8> {
        let key = KeyPair::generate_for(algorithm).unwrap();
        CertificateParams::new(["auth.example.com".to_owned()]).unwrap().self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn the_hash_is_that_of_the_signature_rfc_5929() {
        for (algorithm, hash) in [(&PKCS_ECDSA_P256_SHA256, &digest::SHA256), (&PKCS_ECDSA_P384_SHA384, &digest::SHA384)] {
            let leaf = made(algorithm);
            let expected = [b"tls-server-end-point:", digest::digest(hash, &leaf).as_ref()].concat();
            assert_eq!(of(&leaf), Some(expected));
        }
        assert_eq!(of(&made(&PKCS_ED25519)), None, "undefined there");
        assert_eq!(of(b"no certificate"), None);
    }
}
