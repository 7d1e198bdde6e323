//! An authority that both sides trust, with certificates for servers and for clients.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyIdMethod, KeyPair, RevokedCertParams, SerialNumber,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// An authority that both sides trust.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "the world's authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap() }
    }

    /// An authority below this one.
    pub fn below(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut params);
        Self { issuer: CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &self.issuer).unwrap() }
    }

    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    pub fn der(&self) -> CertificateDer<'static> {
        self.issuer.der().clone()
    }

    /// A certificate for these names: PEM chain and PEM key.
    pub fn server(&self, names: &[&str]) -> (String, String) {
        self.server_until(names, None)
    }

    /// The same, ended at the beginning of a year.
    pub fn server_until(&self, names: &[&str], year: Option<i32>) -> (String, String) {
        let mut params = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        if let Some(year) = year {
            params.not_after = rcgen::date_time_ymd(year, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    /// A client certificate for this common name.
    pub fn client(&self, name: &str) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        self.client_until(name, None)
    }

    /// The same, ended at the beginning of a year.
    pub fn client_until(&self, name: &str, year: Option<i32>) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        self.client_numbered(name, year, None)
    }

    /// The same with a serial number, by which it can be revoked.
    pub fn client_numbered(
        &self,
        name: &str,
        year: Option<i32>,
        serial: Option<u64>,
    ) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        self.client_with(name, |params| {
            params.serial_number = serial.map(SerialNumber::from);
            if let Some(year) = year {
                params.not_after = rcgen::date_time_ymd(year, 1, 1);
            }
        })
    }

    /// A client certificate for this common name, with something changed.
    pub fn client_with(
        &self,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
    }

    /// A list that revokes these serial numbers.
    pub fn revokes(&self, serials: &[u64]) -> String {
        self.revokes_between(serials, rcgen::date_time_ymd(2020, 1, 1), rcgen::date_time_ymd(2090, 1, 1))
    }

    /// The same, made at one moment and valid until another.
    pub fn revokes_between(&self, serials: &[u64], made: time::OffsetDateTime, next: time::OffsetDateTime) -> String {
        let list = CertificateRevocationListParams {
            this_update: made,
            next_update: next,
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: serials
                .iter()
                .map(|serial| RevokedCertParams {
                    serial_number: SerialNumber::from(*serial),
                    revocation_time: rcgen::date_time_ymd(2021, 1, 1),
                    reason_code: None,
                    invalidity_date: None,
                })
                .collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).unwrap().pem().unwrap()
    }
}
