//! Keys that are withdrawn, and the lists that others read, as tests.

use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SerialNumber};
use rustls_pki_types::CertificateDer;
use serde_json::{Value, json};
use x509_parser::prelude::{CertificateRevocationList, FromDer as _, ParsedExtension, X509Certificate};

use super::tests::{LAST, leaf, test};
use crate::admin::authority::{CreateAuthority, ImportAuthority, RenewAuthority, WithdrawAuthority};
use crate::admin::issuing::{IssueCertificate, RevokeCertificate};
use crate::admin::testing::does;
use crate::certificate::authority::AuthorityKey;
use crate::certificate::bundles::Bundles;
use crate::certificate::entry::IssuedHere;
use crate::certificate::register::{CertificateRegisterError, NewCertificate};
use crate::chain::Check;
use crate::clock::{Clock as _, Timestamp};
use crate::config::schema;
use crate::core::testing::TestCore;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{CertificateStanding, Fault, Fingerprint, Holder};
use crate::principal::method::Method;
use crate::principal::user::{GroupName, UserId};
use crate::session::evidence_for_tests;
use crate::session::life::NewSession;

async fn issue(test: &TestCore) -> Value {
    does::<IssueCertificate>(test, json!({ "name": "phone", "last_day": LAST })).await.unwrap()
}

fn fingerprint(view: &Value) -> Fingerprint {
    Fingerprint::parse(view["certificate"].as_str().unwrap()).unwrap()
}

fn at(seconds: i64) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

/// What the key signs elsewhere: a certificate that the register does not know.
fn foreign(test: &TestCore, key: &AuthorityKey) -> CertificateDer<'static> {
    let now = test.clock.now().seconds();
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "foreign");
    (params.not_before, params.not_after) = (at(now - 60), at(now + 86_400));
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.serial_number = Some(SerialNumber::from(vec![7]));
    let issuer = test.core.authority().open(key).unwrap();
    params.signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap().der().clone()
}

/// Trusts a bundle whose certificates are anybody's.
fn trust(test: &TestCore, bundle: &std::path::Path) {
    let text = format!("bundle = {bundle:?}\nmapping = [{{ from = \"any\", to = \"shared\" }}]");
    let trust: schema::Trust = toml::from_str(&text).unwrap();
    let bundles = Bundles::compile(&[("own".to_owned(), trust)].into(), test.clock.now()).unwrap();
    test.core.certificates().adopt(&bundles);
}

fn anchors(test: &TestCore) -> std::path::PathBuf {
    test.core.config().file.state.directory.join("authority/anchors.pem")
}

fn lists(test: &TestCore) -> std::path::PathBuf {
    anchors(test).with_file_name("revoked.pem")
}

fn stands(test: &TestCore, chain: &[CertificateDer<'static>]) -> CertificateStanding {
    test.core.certificates().standing(&PresentedCertificate::new(chain).unwrap(), test.clock.now())
}

/// The serial numbers that the list of a key names.
fn named(test: &TestCore, key: &str) -> Vec<Vec<u8>> {
    let der = test.core.authority().revocation_list(key).unwrap();
    let (_, list) = CertificateRevocationList::from_der(&der).unwrap();
    list.iter_revoked_certificates().map(|line| line.raw_serial().to_vec()).collect()
}

fn serial(view: &Value) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(view["serial"].as_str().unwrap().as_bytes()).unwrap()
}

#[tokio::test]
async fn the_only_key_is_withdrawn_and_nothing_of_it_counts_though_the_bundle_still_names_it() {
    let test = test().await;
    let key = test.core.authority().signing().unwrap();
    let foreign = foreign(&test, &key);
    trust(&test, &anchors(&test));
    let before = stands(&test, std::slice::from_ref(&foreign));
    assert_eq!((before.is_trusted(), before.holder), (true, Holder::Shared));
    let generation = test.core.certificates().generation();

    // Another authority vouches for the same key.
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "another");
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    (params.not_before, params.not_after) = (at(1_799_000_000), at(1_900_000_000));
    let pair = KeyPair::generate().unwrap();
    let other = params.self_signed(&pair).unwrap();
    let other_issuer = Issuer::new(params, pair);
    let mut crossed = CertificateParams::default();
    crossed.distinguished_name = rcgen::DistinguishedName::new();
    crossed.distinguished_name.push(DnType::CommonName, key.subject().trim_start_matches("CN="));
    crossed.is_ca = IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    (crossed.not_before, crossed.not_after) = (at(1_799_000_000), at(1_900_000_000));
    let crossed = crossed.signed_by(test.core.authority().open(&key).unwrap().key(), &other_issuer).unwrap().der().clone();
    let path = test.folder.path().join("other.pem");
    std::fs::write(&path, other.pem()).unwrap();
    trust(&test, &path);
    assert!(stands(&test, &[foreign.clone(), crossed.clone()]).is_trusted());

    does::<WithdrawAuthority>(&test, json!({ "authority": key.id })).await.unwrap();
    assert_ne!(test.core.certificates().generation(), generation, "open connections look again");
    assert!(anchors(&test).exists());
    let chains = [(anchors(&test), vec![foreign.clone()]), (path.clone(), vec![foreign.clone(), crossed])];
    for (bundle, chain) in &chains {
        trust(&test, bundle);
        let after = stands(&test, chain);
        assert_eq!((after.is_trusted(), after.fault), (false, Some(Fault::Revoked)), "{bundle:?}");
    }
    let bundles = [anchors(&test), path].map(|path| (path.clone(), std::fs::read(path).unwrap()));
    let test = test.crash_and_restart().await;
    for ((path, bytes), (_, chain)) in bundles.iter().zip(&chains) {
        let copy = test.folder.path().join(path.file_name().unwrap());
        std::fs::write(&copy, bytes).unwrap();
        trust(&test, &copy);
        let after = stands(&test, chain);
        assert_eq!((after.is_trusted(), after.fault), (false, Some(Fault::Revoked)), "after a restart: {path:?}");
    }
}

#[tokio::test]
async fn what_was_signed_is_revoked_at_the_next_start_where_the_process_ended_within_the_withdrawal() {
    let test = test().await;
    let (one, key) = (issue(&test).await, test.core.authority().signing().unwrap());
    // The first half of a withdrawal, and the process is killed.
    test.core.authority().withdraw(&key.id).await.unwrap();
    let test = test.crash_and_restart().await;
    let entry = test.core.certificates().find(fingerprint(&one)).unwrap();
    assert!(entry.revoked_at.is_some());
    assert!(named(&test, &key.id).contains(&serial(&one)));
    let row = test.core.database().rows("SELECT * FROM certificates WHERE revoked_at IS NULL", &[]).await.unwrap();
    assert!(row.is_empty());
}

#[tokio::test]
async fn a_certificate_that_is_being_issued_while_its_key_is_withdrawn_is_revoked_or_refused() {
    let test = test().await;
    let key = test.core.authority().signing().unwrap();
    let new = |byte: u8| NewCertificate {
        fingerprint: Fingerprint([byte; 32]),
        holder: Holder::Shared,
        label: "phone".to_owned(),
        enabled: true,
        dates: (test.clock.now(), Timestamp::from_millis(test.clock.now().millis() + 86_400_000)),
        issued: IssuedHere {
            authority: key.id.clone(),
            serial: format!("4{byte:031x}"),
            not_before: test.clock.now(),
            not_after: Timestamp::from_millis(test.clock.now().millis() + 86_400_000),
        },
        request: None,
        container: b"-",
        renews: None,
    };
    // Entered after the key was withdrawn, before what it signed is revoked.
    test.core.authority().withdraw(&key.id).await.unwrap();
    test.core.certificates().add_issued(new(1)).await.unwrap();
    assert_eq!(test.core.withdraw_authority(&key.id).await.unwrap(), 1);
    assert!(test.core.certificates().find(Fingerprint([1; 32])).unwrap().revoked_at.is_some());
    let refused = test.core.certificates().add_issued(new(2)).await.unwrap_err();
    assert!(matches!(refused, CertificateRegisterError::KeyWithdrawn(id) if id == key.id));
    assert!(test.core.certificates().find(Fingerprint([2; 32])).is_none());
}

#[tokio::test]
async fn a_root_that_is_withdrawn_takes_every_key_below_it_along() {
    let test = test().await;
    let one = issue(&test).await;
    does::<RenewAuthority>(&test, json!({})).await.unwrap();
    let two = issue(&test).await;
    let root = test.core.authority().signing().unwrap().parent.clone().unwrap();
    let foreign = foreign(&test, &test.core.authority().signing().unwrap());
    does::<WithdrawAuthority>(&test, json!({ "authority": root })).await.unwrap();
    assert!(test.core.authority().signing().is_err());
    trust(&test, &anchors(&test));
    for der in [leaf(&one), leaf(&two), foreign] {
        assert_eq!(stands(&test, std::slice::from_ref(&der)).fault, Some(Fault::Revoked));
    }
    assert_eq!(named(&test, &root).len(), 2, "its list names both keys");
    let test = test.crash_and_restart().await;
    assert!(test.core.authority().signing().is_err());
    // The next key comes with a root of its own.
    let next = does::<RenewAuthority>(&test, json!({})).await.unwrap();
    let next = test.core.authority().find(next["authority"].as_str().unwrap()).unwrap();
    assert_ne!(next.parent, Some(root));
    issue(&test).await;
}

#[tokio::test]
async fn a_list_names_its_key_as_the_keys_own_certificate_does() {
    let test = TestCore::open().await;
    let key_id = |extensions: &[x509_parser::extensions::X509Extension<'_>]| {
        extensions.iter().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0.to_vec()),
            ParsedExtension::AuthorityKeyIdentifier(id) => id.key_identifier.as_ref().map(|id| id.0.to_vec()),
            _ => None,
        })
    };
    does::<CreateAuthority>(&test, json!({ "organisation": "Example" })).await.unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Corporate CA");
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    (params.not_before, params.not_after) = (at(1_799_990_000), at(1_900_000_000));
    params.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(b"chosen by its maker".to_vec());
    let pair = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let chain = params.self_signed(&pair).unwrap().pem();
    does::<ImportAuthority>(&test, json!({ "chain": chain, "key": pair.serialize_pem() })).await.unwrap();
    let mut found = Vec::new();
    for key in test.core.authority().list().iter() {
        let der = key.certificate().unwrap();
        let (_, own) = X509Certificate::from_der(&der).unwrap();
        let list = test.core.authority().revocation_list(&key.id).unwrap();
        let (_, list) = CertificateRevocationList::from_der(&list).unwrap();
        let subject_key =
            own.extensions().iter().filter(|one| one.oid == x509_parser::oid_registry::OID_X509_EXT_SUBJECT_KEY_IDENTIFIER);
        let own = key_id(&subject_key.cloned().collect::<Vec<_>>()).unwrap();
        assert_eq!(key_id(list.extensions()).unwrap(), own, "{}", key.id);
        found.push(own);
    }
    assert!(found.len() == 3 && found.contains(&b"chosen by its maker".to_vec()));
}

#[tokio::test]
async fn a_key_that_does_not_open_keeps_no_other_from_its_list_and_gets_its_own_at_the_next_start() {
    let test = test().await;
    let one = issue(&test).await;
    let key = test.core.authority().signing().unwrap();
    let root = key.parent.clone().unwrap();
    let database = test.core.database();
    let seal = async |test: &TestCore, id: &str, sealed: Vec<u8>| {
        let sql = "UPDATE authorities SET private_key = $2 WHERE id = $1";
        test.core.database().execute(sql, &[id.into(), sealed.into()]).await.unwrap();
        test.core.authority().refresh().await.unwrap();
    };
    let row = database.row("SELECT private_key FROM authorities WHERE id = $1", &[root.as_str().into()]).await.unwrap().unwrap();
    let of_root = row.bytes("private_key").unwrap();
    let row =
        database.row("SELECT private_key FROM authorities WHERE id = $1", &[key.id.as_str().into()]).await.unwrap().unwrap();
    let of_key = row.bytes("private_key").unwrap();

    // The root's does not open: the other's list is made all the same.
    seal(&test, &root, vec![0; 40]).await;
    let until = |test: &TestCore, id: &str| test.core.authority().find(id).unwrap().list_until.unwrap();
    let before = (until(&test, &root), until(&test, &key.id));
    test.clock.advance(std::time::Duration::from_secs(25 * 3600));
    test.core.tidy().await;
    assert_eq!(until(&test, &root), before.0);
    assert!(until(&test, &key.id) > before.1);
    seal(&test, &root, of_root).await;

    // Its own does not open while something is revoked: the list is late, and made at the next start, young as the former is.
    seal(&test, &key.id, vec![0; 40]).await;
    does::<RevokeCertificate>(&test, json!({ "certificate": one["certificate"] })).await.unwrap();
    assert!(named(&test, &key.id).is_empty());
    seal(&test, &key.id, of_key).await;
    let test = test.crash_and_restart().await;
    assert_eq!(named(&test, &key.id), [serial(&one)]);
    assert!(std::fs::read_to_string(lists(&test)).unwrap().contains("X509 CRL"));
}

#[tokio::test]
async fn lists_speak_for_the_anchors_and_nobody_is_warned_of_what_is_well() {
    let test = test().await;
    let (one, key) = (issue(&test).await, test.core.authority().signing().unwrap());
    does::<RenewAuthority>(&test, json!({})).await.unwrap();
    let warned = || {
        let text = format!("bundle = {:?}\nrevocation_lists = [{:?}]", anchors(&test), lists(&test));
        let trust: schema::Trust = toml::from_str(&text).unwrap();
        let bundles = Bundles::compile(&[("own".to_owned(), trust)].into(), test.clock.now()).unwrap();
        bundles.warnings(test.clock.now())
    };
    let count = || std::fs::read_to_string(lists(&test)).unwrap().matches("BEGIN X509 CRL").count();
    assert!(warned().is_empty(), "{:?}", warned());
    assert_eq!(count(), 2, "of the two issuing keys, and not of the root");
    does::<WithdrawAuthority>(&test, json!({ "authority": key.id })).await.unwrap();
    assert!(warned().is_empty(), "{:?}", warned());
    assert_eq!(count(), 1);
    // What left the file is published at its own address all the same.
    assert_eq!(named(&test, &key.id), [serial(&one)]);
    let last = test.core.authority().signing().unwrap();
    let two = issue(&test).await;
    does::<WithdrawAuthority>(&test, json!({ "authority": last.id })).await.unwrap();
    assert!(warned().is_empty(), "{:?}", warned());
    assert_eq!((count(), named(&test, &last.id)), (1, vec![serial(&two)]), "the last one's stays beside its anchor");
}

#[tokio::test]
async fn withdrawing_a_key_of_many_certificates_signs_each_list_once_and_looks_at_each_session_once() {
    let test = test().await;
    let key = test.core.authority().signing().unwrap();
    for byte in 0..60_u8 {
        let issued = IssuedHere {
            authority: key.id.clone(),
            serial: format!("4{byte:031x}"),
            not_before: test.clock.now(),
            not_after: Timestamp::from_millis(test.clock.now().millis() + 86_400_000),
        };
        let new = NewCertificate {
            fingerprint: Fingerprint([byte; 32]),
            holder: Holder::Shared,
            label: "phone".to_owned(),
            enabled: true,
            dates: (issued.not_before, issued.not_after),
            issued,
            request: None,
            container: b"-",
            renews: None,
        };
        test.core.certificates().add_issued(new).await.unwrap();
    }
    let alice = test.core.users().find(&UserId::parse("alice").unwrap()).unwrap();
    for byte in 0..20_u8 {
        let session = NewSession {
            user: Arc::clone(&alice),
            evidence: evidence_for_tests(alice.id(), &[(Check::PrimaryFactor, Method::Password)], test.clock.now()),
            certificate: Some(Fingerprint([byte; 32])),
            browser: None,
            device: None,
            address: ClientAddress::new("192.0.2.7".parse().unwrap()),
            agent: "Firefox, Linux".to_owned(),
        };
        test.core.sessions().create(session).await.unwrap();
    }
    let number = async || {
        let sql = "SELECT list_number FROM authorities WHERE id = $1";
        test.core.database().row(sql, &[key.id.as_str().into()]).await.unwrap().unwrap().integer("list_number").unwrap()
    };
    let (signed, looked) = (number().await, test.core.sessions().looked_at());
    assert_eq!(test.core.withdraw_authority(&key.id).await.unwrap(), 60);
    assert_eq!(test.core.sessions().len(), 0);
    assert_eq!(number().await - signed, 1);
    assert_eq!(test.core.sessions().looked_at() - looked, 20, "each session once, not once a certificate");
    assert_eq!(named(&test, &key.id).len(), 60);
}

#[tokio::test]
async fn a_group_that_is_removed_while_its_certificate_is_changed_leaves_it_to_nobody() {
    let test = test().await;
    let order = json!({ "name": "phone", "group": "staff", "last_day": LAST });
    let one = does::<IssueCertificate>(&test, order).await.unwrap();
    let (which, staff) = (fingerprint(&one), GroupName::parse("staff").unwrap());
    let (removed, switched) = tokio::join!(test.core.remove_group(&staff), test.core.certificates().set_enabled(which, false));
    removed.unwrap();
    switched.unwrap();
    assert_eq!(test.core.certificates().find(which).unwrap().holder, Holder::Nobody);
}

#[tokio::test]
async fn a_certificate_of_the_day_on_which_its_key_begins_begins_with_the_key() {
    let test = TestCore::open().await;
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Corporate CA");
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    (params.not_before, params.not_after) = (at(1_799_999_000), at(1_900_000_000));
    let pair = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let chain = params.self_signed(&pair).unwrap().pem();
    does::<ImportAuthority>(&test, json!({ "chain": chain, "key": pair.serialize_pem() })).await.unwrap();
    let issued = issue(&test).await;
    assert_eq!(issued["valid_from"], "2027-01-15T16:43:20+09:00");
    let early = json!({ "name": "phone", "last_day": LAST, "first_day": "2027-01-14" });
    let refused = does::<IssueCertificate>(&test, early).await.unwrap_err();
    assert!(refused.code() == "invalid_input" && refused.to_string().contains("2027-01-15"), "{refused}");
}
