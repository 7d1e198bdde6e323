//! Keys of the authority that were withdrawn: what they signed is revoked, wherever it is shown and whatever a bundle says.
//! A bundle that names nothing else keeps such a key, since one without a certificate is refused as a whole; a bundle of the
//! organisation may name it too, or have it signed by another authority. So it is known by the public key itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use webpki::VerifiedPath;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::authority::AuthorityKey;
use super::der::sequence;
use super::entry::IssuedHere;
use crate::clock::Timestamp;

/// The keys that were withdrawn.
#[derive(Clone, Debug, Default)]
pub struct WithdrawnKeys {
    /// When, by the id.
    since: BTreeMap<String, Timestamp>,
    /// The DER of each one's SubjectPublicKeyInfo.
    public: BTreeSet<Box<[u8]>>,
}

impl WithdrawnKeys {
    /// Those among all keys of the authority.
    pub fn of(keys: &[Arc<AuthorityKey>]) -> Self {
        let mut withdrawn = Self::default();
        for key in keys {
            let Some(at) = key.withdrawn_at else { continue };
            withdrawn.since.insert(key.id.clone(), at);
            if let Some(der) = key.certificate()
                && let Ok((_, parsed)) = X509Certificate::from_der(&der)
            {
                withdrawn.public.insert(parsed.public_key().raw.into());
            }
        }
        withdrawn
    }

    /// Their ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.since.keys().map(String::as_str)
    }

    /// Since when what one of them issued is revoked; `None` where none of them issued it.
    pub(super) fn since(&self, issued: Option<&IssuedHere>) -> Option<Timestamp> {
        self.since.get(&issued?.authority).copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.since.is_empty()
    }

    /// Whether a path leads through one of them.
    pub(super) fn are_on(&self, path: &VerifiedPath<'_>) -> bool {
        self.public.contains(sequence(&path.anchor().subject_public_key_info).as_slice())
            || path.intermediate_certificates().any(|one| self.public.contains(one.subject_public_key_info().as_ref()))
    }
}
