//! The certificate that a client proved to hold: possession is proved by TLS, nothing else is.

use std::sync::Arc;

use rustls_pki_types::CertificateDer;

use crate::principal::certificate::Fingerprint;

/// What a chain may have in all, bytes: TLS itself would take twice as much of anybody.
const LONGEST: usize = 32 << 10;

/// A chain as shown, leaf first; at most 10 certificates (T15) and 32 KiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedCertificate {
    chain: Arc<[CertificateDer<'static>]>,
    fingerprint: Fingerprint,
}

impl PresentedCertificate {
    /// Takes a chain, leaf first; `None` if it is empty, longer than 10 or larger than 32 KiB: it then counts as none.
    pub fn new(chain: &[CertificateDer<'_>]) -> Option<Self> {
        let leaf = chain.first()?;
        if chain.len() > 10 || chain.iter().map(|one| one.len()).sum::<usize>() > LONGEST {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_bounded_in_number_and_size() {
        let chain = |count: usize, size: usize| vec![CertificateDer::from(vec![0; size]); count];
        assert!(PresentedCertificate::new(&chain(10, 3 << 10)).is_some());
        for (count, size) in [(0, 0), (11, 1), (10, 4 << 10), (1, LONGEST + 1)] {
            assert!(PresentedCertificate::new(&chain(count, size)).is_none(), "{count} of {size}");
        }
    }
}
