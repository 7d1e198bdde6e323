//! The certificate that a client proved to hold: possession is proved by TLS, nothing else is.

use std::sync::Arc;

use rustls_pki_types::CertificateDer;

use crate::certificate::Fingerprint;

/// A chain as shown, leaf first; at most 10 certificates (T15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedCertificate {
    chain: Arc<[CertificateDer<'static>]>,
    fingerprint: Fingerprint,
}

impl PresentedCertificate {
    /// Takes a chain, leaf first; `None` if it is empty or longer than 10.
    pub fn new(chain: &[CertificateDer<'_>]) -> Option<Self> {
        let leaf = chain.first()?;
        if chain.len() > 10 {
            return None;
        }
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, leaf).as_ref());
        let chain = chain.iter().map(|certificate| certificate.clone().into_owned()).collect();
        Some(Self { chain, fingerprint: Fingerprint(fingerprint) })
    }

    /// SHA-256 of the leaf.
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The chain, leaf first; never empty.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }
}
