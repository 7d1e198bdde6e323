//! Rules of trust bundles, revocation, mapping and the register as tests; every certificate is made here.

mod bundles;
mod kept_files;
mod lists;
mod mapping;
mod published;
mod register;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
};
use rustls_pki_types::CertificateDer;

use crate::certificate::bundles::Bundles;
use crate::certificate::withdrawn::WithdrawnKeys;
use crate::clock::Timestamp;
use crate::config::schema;
use crate::core::testing::TestCore;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{CertificateStanding, Fingerprint, Holder};
use crate::principal::user::UserId;

/// Noon of the day that test cores stand at.
const NOW: i64 = 1_800_000_000;

const DAY: i64 = 86_400;

fn at(seconds: i64) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

/// An authority made for a test.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        Self::with(name, |_| {})
    }

    fn with(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let (params, key) = Self::params(name, change);
        let certificate = params.self_signed(&key).unwrap();
        Self { der: certificate.der().clone(), pem: certificate.pem(), issuer: Issuer::new(params, key) }
    }

    fn below(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let (params, key) = Self::params(name, change);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Self { der: certificate.der().clone(), pem: certificate.pem(), issuer: Issuer::new(params, key) }
    }

    fn params(name: &str, change: impl FnOnce(&mut CertificateParams)) -> (CertificateParams, KeyPair) {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = at(NOW - 365 * DAY);
        params.not_after = at(NOW + 365 * DAY);
        change(&mut params);
        (params, KeyPair::generate().unwrap())
    }

    /// A client's certificate, valid from yesterday to tomorrow.
    fn issue(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.not_before = at(NOW - DAY);
        params.not_after = at(NOW + DAY);
        params.serial_number = Some(SerialNumber::from(vec![7]));
        change(&mut params);
        params.signed_by(&KeyPair::generate().unwrap(), &self.issuer).unwrap().der().clone()
    }

    /// A revocation list, next updated in `fresh_for` seconds.
    fn revoke(&self, serials: &[u8], fresh_for: i64) -> String {
        self.revoke_made(serials, NOW - 2 * DAY, NOW + fresh_for)
    }

    /// A revocation list with both of its dates.
    fn revoke_made(&self, serials: &[u8], made: i64, next: i64) -> String {
        let revoked = serials.iter().map(|serial| RevokedCertParams {
            serial_number: SerialNumber::from(vec![*serial]),
            revocation_time: at(NOW - DAY),
            reason_code: None,
            invalidity_date: None,
        });
        CertificateRevocationListParams {
            this_update: at(made),
            next_update: at(next),
            crl_number: SerialNumber::from(vec![1]),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        }
        .signed_by(&self.issuer)
        .unwrap()
        .pem()
        .unwrap()
    }
}

fn shown(chain: &[&CertificateDer<'static>]) -> PresentedCertificate {
    let chain: Vec<_> = chain.iter().map(|der| (*der).clone()).collect();
    PresentedCertificate::new(&chain).unwrap()
}

/// Files for bundles and lists.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn trust(&self, authority: &Authority, mapping: &str) -> schema::Trust {
        let bundle = self.put(&format!("{}.pem", Fingerprint::of_der(&authority.der).text()), &authority.pem);
        toml::from_str(&format!("bundle = {bundle:?}\n{mapping}")).unwrap()
    }
}

impl Fingerprint {
    fn of_der(der: &CertificateDer<'_>) -> Self {
        shown(&[&der.clone().into_owned()]).fingerprint()
    }
}

fn compile(trust: impl IntoIterator<Item = (&'static str, schema::Trust)>) -> Bundles {
    let trust: BTreeMap<_, _> = trust.into_iter().map(|(name, trust)| (name.to_owned(), trust)).collect();
    Bundles::compile(&trust, Timestamp::from_seconds(NOW)).unwrap()
}

fn stands(bundles: &Bundles, certificate: &PresentedCertificate) -> CertificateStanding {
    bundles.standing(certificate, |user| user.as_str() != "ghost", &WithdrawnKeys::default(), Timestamp::from_seconds(NOW))
}

fn user(name: &str) -> Holder {
    Holder::User(UserId::parse(name).unwrap())
}

async fn core(files: &Files, corp: &Authority) -> TestCore {
    let trust = files.trust(corp, "");
    TestCore::with(&format!("[trust.corp]\nbundle = {:?}\nmapping = [{{ from = 'common_name' }}]", trust.bundle)).await
}
