//! One revocation list (RFC 5280 §5): read, held against what can be used here, and tied to the authority that signed it. What
//! cannot be used is refused with the reason when it is read, since later it would only be "unknown".

use std::sync::{Arc, OnceLock};

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer};
use webpki::{CertRevocationList, OwnedCertRevocationList};
use x509_parser::oid_registry::OID_X509_EXT_DELTA_CRL_INDICATOR;
use x509_parser::prelude::{CertificateRevocationList, FromDer, ParsedExtension, X509Certificate, X509Version};

use crate::clock::Timestamp;

/// A revocation list that can be used.
#[derive(Debug)]
pub(super) struct RevocationList {
    list: CertRevocationList<'static>,
    der: Box<[u8]>,
    /// The authority that was found to have signed it: long lists are hashed once.
    signed_by: OnceLock<CertificateDer<'static>>,
    /// Who it speaks for, as RFC 4514 writes it.
    pub(super) issuer: Box<str>,
    pub(super) this_update: Timestamp,
    pub(super) next_update: Timestamp,
    /// How many certificates it names.
    pub(super) revoked: usize,
}

/// Who signed a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signer {
    /// This authority of the bundle, by its place.
    Anchor(usize),
    /// Nobody of the bundle has the issuer's name: an intermediate authority's list is held against its key when it is used.
    Elsewhere,
}

impl RevocationList {
    /// Every list in `bytes`: one in DER, or any number in PEM.
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence that begins with where the bytes are from.
    pub(super) fn read_all(bytes: &[u8]) -> Result<Vec<Self>, String> {
        if bytes.starts_with(b"\x30") {
            return Self::read(bytes).map(|list| vec![list]);
        }
        let lists: Result<Vec<_>, _> = CertificateRevocationListDer::pem_slice_iter(bytes).collect();
        let lists = lists.map_err(|error| format!("is not PEM: {error}"))?;
        if lists.is_empty() {
            return Err("holds no revocation list".to_owned());
        }
        lists.iter().map(|list| Self::read(list)).collect()
    }

    fn read(der: &[u8]) -> Result<Self, String> {
        let (rest, parsed) = CertificateRevocationList::from_der(der)
            .map_err(|error| format!("holds no revocation list that can be read: {error}"))?;
        if !rest.is_empty() {
            return Err(format!("holds {} bytes after its revocation list", rest.len()));
        }
        if let Some(reason) = unusable(&parsed) {
            return Err(reason);
        }
        let list = OwnedCertRevocationList::from_der(der)
            .map_err(|error| format!("holds no revocation list that can be used: {error}"))?;
        let next = parsed.next_update().ok_or("does not say when its next update comes")?;
        Ok(Self {
            list: list.into(),
            der: der.into(),
            signed_by: OnceLock::new(),
            issuer: parsed.issuer().to_string().into(),
            this_update: Timestamp::from_seconds(parsed.last_update().timestamp()),
            next_update: Timestamp::from_seconds(next.timestamp()),
            revoked: parsed.iter_revoked_certificates().count(),
        })
    }

    /// Which of `authorities` signed it.
    ///
    /// # Errors
    /// What is wrong, as for [`Self::read_all`]: an authority of that name is there, and it is not its signature.
    pub(super) fn signer(&self, authorities: &[CertificateDer<'static>]) -> Result<Signer, String> {
        let known = self.signed_by.get().and_then(|signer| authorities.iter().position(|der| der == signer));
        if let Some(place) = known {
            return Ok(Signer::Anchor(place));
        }
        let Ok((_, list)) = CertificateRevocationList::from_der(&self.der) else {
            return Err("holds no revocation list that can be read".to_owned());
        };
        let mut has_name = false;
        for (place, der) in authorities.iter().enumerate() {
            let Ok((_, authority)) = X509Certificate::from_der(der) else { continue };
            if authority.subject().as_raw() == list.issuer().as_raw() {
                has_name = true;
                if list.verify_signature(authority.public_key()).is_ok() {
                    let _first = self.signed_by.set(der.clone());
                    return Ok(Signer::Anchor(place));
                }
            }
        }
        if has_name {
            return Err(format!(
                "is signed by another key than that of {}: where the authority was renewed, the bundle needs its new certificate",
                self.issuer
            ));
        }
        Ok(Signer::Elsewhere)
    }

    /// Whether it is the word of the same key as another list of its issuer: an authority that was renewed under its name has a
    /// list for each key. Where the key of either is not known, the name decides.
    fn is_of_key_of(&self, other: &Self) -> bool {
        let key = |list: &Self| {
            let (_, signer) = X509Certificate::from_der(list.signed_by.get()?).ok()?;
            Some(signer.public_key().raw.to_vec())
        };
        self.issuer_der() == other.issuer_der()
            && match (key(self), key(other)) {
                (Some(own), Some(others)) => own == others,
                _ => true,
            }
    }

    /// Whether lists may take the place of those that were there: none of an authority that still counts is left out, which would
    /// leave its certificates unchecked, and none is older.
    ///
    /// # Errors
    /// What is wrong, as for [`Self::read_all`].
    pub(super) fn may_follow(lists: &[Arc<Self>], before: &[Arc<Self>], counts: impl Fn(&Self) -> bool) -> Result<(), String> {
        // Of each it is asked, so that of each it is known which key signed it.
        let counting: Vec<&Arc<Self>> = before.iter().filter(|known| counts(known)).collect();
        let is_left_out = |known: &&&Arc<Self>| lists.iter().all(|list| list.issuer_der() != known.issuer_der());
        if let Some(missing) = counting.iter().find(is_left_out) {
            return Err(format!("holds no list of {} any more", missing.issuer));
        }
        for list in lists {
            let known = before.iter().filter(|known| list.is_of_key_of(known));
            if let Some(newest) = known.map(|known| known.this_update).max().filter(|newest| *newest > list.this_update) {
                return Err(format!(
                    "holds a list of {} that is older than the one that is known: made {}, not {}",
                    list.issuer,
                    list.this_update.rfc3339(),
                    newest.rfc3339()
                ));
            }
        }
        Ok(())
    }

    /// As an authority published it.
    pub(super) const fn der(&self) -> &[u8] {
        &self.der
    }

    /// As certificates are held against it.
    pub(super) const fn list(&self) -> &CertRevocationList<'static> {
        &self.list
    }

    /// DER of the issuer's name, without the outer SEQUENCE.
    pub(super) fn issuer_der(&self) -> &[u8] {
        self.list.issuer()
    }

    /// Whether it speaks for every certificate of its issuer, and not for a part that a distribution point names.
    pub(super) fn is_for_all(&self) -> bool {
        self.list.issuing_distribution_point().is_none()
    }
}

/// Why a list cannot be used, where it is one that authorities of other products make.
fn unusable(list: &CertificateRevocationList<'_>) -> Option<String> {
    if list.version() != Some(X509Version::V2) {
        return Some(
            "is a list of version 1, without numbers and extensions: let the authority make one of version 2".to_owned(),
        );
    }
    for extension in list.extensions() {
        if extension.oid == OID_X509_EXT_DELTA_CRL_INDICATOR {
            let text = "is a delta list (RFC 5280 §5.2.4), which holds changes alone: name the complete list, which AD CS writes \
                        without a `+` in the name";
            return Some(text.to_owned());
        }
        let ParsedExtension::IssuingDistributionPoint(point) = extension.parsed_extension() else { continue };
        if point.indirect_crl {
            return Some("is an indirect list, which speaks for other authorities too: name each authority's own".to_owned());
        }
        if point.only_some_reasons.is_some() {
            return Some("speaks of some reasons for a revocation alone: name the list for all reasons".to_owned());
        }
    }
    None
}
