//! One key of the authority: its certificate, its sealed private key, its revocation list.

use std::fmt;

use rcgen::{Issuer, KeyIdMethod, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use x509_parser::prelude::{FromDer as _, ParsedExtension, X509Certificate};

use super::AuthorityError;
use super::list::{self, NextList, RevokedSerial};
use crate::clock::Timestamp;
use crate::seal::MasterKeys;

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AuthorityKind {
    /// Issuing keys.
    Root,
    /// Certificates, below a root of ours.
    Issuing,
    /// Certificates, with a key that the organisation brought.
    Imported,
}

/// One key.
#[derive(Clone)]
pub struct AuthorityKey {
    /// Its id, in addresses and files too: `issuing-2026-a3f9c1`.
    pub id: String,
    /// What it signs.
    pub kind: AuthorityKind,
    /// The organisation.
    pub name: String,
    /// The root above it.
    pub parent: Option<String>,
    /// Its certificate and those above it, PEM.
    pub chain: String,
    /// First moment of its certificate.
    pub not_before: Timestamp,
    /// Last moment of its certificate.
    pub not_after: Timestamp,
    /// When it came.
    pub created_at: Timestamp,
    /// Nothing of it counts from here on: it was withdrawn, or the root above it was.
    pub withdrawn_at: Option<Timestamp>,
    /// Until when its revocation list counts.
    pub list_until: Option<Timestamp>,
    pub(super) sealed: Vec<u8>,
    pub(super) list: Option<Vec<u8>>,
    pub(super) list_number: i64,
}

impl fmt::Debug for AuthorityKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AuthorityKey({})", self.id)
    }
}

impl AuthorityKey {
    /// Whether what it signed counts.
    pub fn counts(&self, now: Timestamp) -> bool {
        self.withdrawn_at.is_none() && now <= self.not_after
    }

    /// Whether it signs certificates now.
    pub fn signs(&self, now: Timestamp) -> bool {
        self.kind != AuthorityKind::Root && self.counts(now) && self.not_before <= now
    }

    /// Its subject, as text.
    pub fn subject(&self) -> String {
        let der = self.certificate();
        let parsed = der.as_ref().and_then(|der| X509Certificate::from_der(der).ok());
        parsed.map(|(_, certificate)| certificate.subject().to_string()).unwrap_or_default()
    }

    /// Its certificate.
    pub fn certificate(&self) -> Option<CertificateDer<'static>> {
        CertificateDer::from_pem_slice(self.chain.as_bytes()).ok()
    }

    /// Its own certificate, PEM.
    pub(super) fn certificate_pem(&self) -> &str {
        const END: &str = "-----END CERTIFICATE-----\n";
        self.chain.find(END).and_then(|at| self.chain.get(..at + END.len())).unwrap_or(&self.chain)
    }

    /// Its serial number, without leading zeros.
    pub(super) fn serial(&self) -> Option<Vec<u8>> {
        let der = self.certificate()?;
        let (_, parsed) = X509Certificate::from_der(&der).ok()?;
        Some(list::without_zeros(parsed.raw_serial()))
    }

    /// How its own certificate identifies it (RFC 5280 §4.2.1.2), which is how whatever it signs has to name it. An authority that
    /// an organisation brings chose that itself.
    pub(super) fn key_id(&self) -> KeyIdMethod {
        let der = self.certificate();
        let parsed = der.as_ref().and_then(|der| X509Certificate::from_der(der).ok());
        let own = parsed.as_ref().and_then(|(_, certificate)| {
            certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(id) => Some(KeyIdMethod::PreSpecified(id.0.to_vec())),
                _ => None,
            })
        });
        own.unwrap_or(KeyIdMethod::Sha256)
    }

    /// The list that follows its present one, where that is missing, a day old, or does not name one of `revoked`. Takes as long
    /// as the list is long: not for a worker's thread.
    ///
    /// # Errors
    /// [`AuthorityError::Seal`], [`AuthorityError::Make`].
    pub(super) fn next_list(
        &self,
        master: &MasterKeys,
        revoked: &[RevokedSerial],
        now: Timestamp,
    ) -> Result<Option<NextList>, AuthorityError> {
        let is_young = self.list_until.is_some_and(|until| !list::grows_old(until, now));
        if is_young && self.list.as_ref().is_some_and(|list| list::names_all(list, revoked)) {
            return Ok(None);
        }
        list::sign(&self.open(master)?, self.key_id(), revoked, self.list_number + 1, now).map(Some)
    }

    pub(super) fn open(&self, master: &MasterKeys) -> Result<Issuer<'static, KeyPair>, AuthorityError> {
        let key = master.open(&place(&self.id), &self.sealed)?;
        // PKCS#8, or as an organisation's own key was imported: SEC 1.
        let key = PrivateKeyDer::try_from(key.as_slice()).map_err(|_| rcgen::Error::CouldNotParseKeyPair)?;
        let pair = KeyPair::from_der_and_sign_algo(&key, &PKCS_ECDSA_P256_SHA256)?;
        let certificate = self.certificate().ok_or(rcgen::Error::CouldNotParseCertificate)?;
        Ok(Issuer::from_ca_cert_der(&certificate, pair)?)
    }
}

/// Where a key is sealed for.
pub(super) fn place(id: &str) -> String {
    format!("authorities/{id}")
}
