//! An authority of one's own and what it signs: `init` makes one for a host that has no certificate yet, the demo for
//! itself. P-256 throughout; an authority lasts ten years, what it signs as long as browsers accept.
//! Invariant: a serial number is drawn again each time, since browsers tell certificates of one issuer apart by it.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SanType, SerialNumber,
};
use time::{Duration, OffsetDateTime};

use crate::clock::Timestamp;
use crate::random::Random;

/// Days that an authority lasts.
const AUTHORITY: i64 = 3650;
/// Days that a certificate lasts: the longest that browsers accept.
const CERTIFICATE: i64 = 397;

/// An authority.
pub(super) struct Authority<'a> {
    issuer: CertifiedIssuer<'static, KeyPair>,
    key: String,
    now: OffsetDateTime,
    random: &'a dyn Random,
}

/// A certificate and its key.
pub(super) struct IssuedCertificate {
    /// The certificate.
    pub(super) certificate: Certificate,
    /// Its key.
    pub(super) key: KeyPair,
}

impl<'a> Authority<'a> {
    /// Makes one of this name.
    ///
    /// # Errors
    /// `rcgen::Error`. So for the others.
    pub(super) fn new(name: &str, now: Timestamp, random: &'a dyn Random) -> Result<Self, rcgen::Error> {
        let now = OffsetDateTime::from_unix_timestamp(now.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let mut params = params(name, now, AUTHORITY, random);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
        let key_pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let key = key_pair.serialize_pem();
        Ok(Self { issuer: CertifiedIssuer::self_signed(params, key_pair)?, key, now, random })
    }

    /// Its certificate, PEM.
    pub(super) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Its certificate, DER.
    pub(super) fn der(&self) -> &[u8] {
        self.issuer.der()
    }

    /// Its key, PEM: a holder of it can make certificates that the gateway accepts.
    pub(super) fn key_pem(&self) -> &str {
        &self.key
    }

    /// A server's certificate for these hosts; the first names it.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(super) fn server(&self, hosts: &[&str]) -> Result<IssuedCertificate, rcgen::Error> {
        let mut params = params(hosts.first().copied().unwrap_or_default(), self.now, CERTIFICATE, self.random);
        params.subject_alt_names =
            hosts.iter().map(|host| (*host).try_into().map(SanType::DnsName)).collect::<Result<_, rcgen::Error>>()?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(params)
    }

    /// A client's certificate for this name.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(super) fn client(&self, name: &str) -> Result<IssuedCertificate, rcgen::Error> {
        let mut params = params(name, self.now, CERTIFICATE, self.random);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.sign(params)
    }

    fn sign(&self, mut params: CertificateParams) -> Result<IssuedCertificate, rcgen::Error> {
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        Ok(IssuedCertificate { certificate: params.signed_by(&key, &self.issuer)?, key })
    }
}

fn params(name: &str, now: OffsetDateTime, days: i64, random: &dyn Random) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = now - Duration::days(1);
    params.not_after = now + Duration::days(days);
    // RFC 5280 §4.1.2.2: positive, so the top bit is clear.
    let mut serial = random.id();
    serial[0] &= 0x7f;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params
}
