//! One key of the authority: its certificate, its sealed private key, its revocation list.

use std::fmt;

use rcgen::{Issuer, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::AuthorityError;
use super::list;
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
    /// Nothing of it counts from here on.
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
        Some(parsed.raw_serial().iter().copied().skip_while(|byte| *byte == 0).collect())
    }

    /// Whether its list is missing, or half a day and more nearer to its end than a new one.
    pub(super) fn wants_list(&self, now: Timestamp) -> bool {
        self.list_until.is_none_or(|until| list::grows_old(until, now))
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
