//! Certificates that are issued here, as tests.

use rcgen::{BasicConstraints, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use x509_parser::prelude::{CertificateRevocationList, FromDer as _};

use crate::admin::authority::{CreateAuthority, RenewAuthority, WithdrawAuthority};
use crate::admin::certificates::{EditCertificate, EnableCertificate, ListCertificates, RegisterCertificate, RemoveCertificate};
use crate::admin::groups::{AddGroup, RemoveGroup};
use crate::admin::issuing::{DownloadCertificate, IssueCertificate, RevokeCertificate, RevokeCertificates, SignRequest};
use crate::admin::testing::does;
use crate::audit::Filter;
use crate::certificate::bundles::Bundles;
use crate::certificate::container::ContainerEncryption;
use crate::certificate::order::{CertificateName, CertificateOrder};
use crate::clock::Clock as _;
use crate::config::schema;
use crate::core::testing::TestCore;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{CertificateStanding, Fault, Holder, TrustSet, Unfit};
use crate::principal::user::{GroupName, UserId};

/// The clock of a test core stands at 2027-01-15T17:00:00+09:00.
pub(super) const LAST: &str = "2028-01-31";

pub(super) async fn test() -> TestCore {
    let test = TestCore::open().await;
    test.user("alice").await;
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    does::<CreateAuthority>(&test, json!({ "organisation": "Example" })).await.unwrap();
    test
}

fn bytes(view: &Value) -> Vec<u8> {
    data_encoding::BASE64.decode(view["container"].as_str().unwrap().as_bytes()).unwrap()
}

/// The leaf of a container, opened with its passphrase.
pub(super) fn leaf(view: &Value) -> CertificateDer<'static> {
    let passphrase = view["passphrase"].as_str().unwrap();
    let policy = p12_keystore::Pkcs12ImportPolicy::Strict;
    let store = p12_keystore::KeyStore::from_pkcs12(&bytes(view), passphrase, policy).unwrap();
    let (_, chain) = store.private_key_chain().unwrap();
    assert_eq!(chain.certs().len(), 3, "the certificate, the key above it, the root");
    CertificateDer::from(chain.certs()[0].as_der().to_vec())
}

/// How a certificate stands with the anchors that the authority wrote; check 2 reads the same file.
fn stands(test: &TestCore, der: &CertificateDer<'static>) -> CertificateStanding {
    let shown = PresentedCertificate::new(std::slice::from_ref(der)).unwrap();
    let bundle = test.core.config().file.state.directory.join("authority/anchors.pem");
    let lists = test.core.config().file.state.directory.join("authority/revoked.pem");
    let text = format!("bundle = {bundle:?}\nrevocation_lists = [{lists:?}]");
    let trust: schema::Trust = toml::from_str(&text).unwrap();
    let bundles = Bundles::compile(&[("own".to_owned(), trust)].into(), test.clock.now()).unwrap();
    test.core.certificates().adopt(&bundles);
    test.core.certificates().standing(&shown, test.clock.now())
}

#[tokio::test]
async fn a_certificate_is_issued_with_a_passphrase_that_is_shown_once_r_225_r_226_r_227_r_228_a_27() {
    let test = test().await;
    assert_eq!(does::<ListCertificates>(&test, json!({})).await.unwrap()["items"], json!([]), "it begins empty (R-219)");
    let order = json!({ "name": "ｉＰｈｏｎｅ１５", "user": "alice", "last_day": LAST });
    let one = does::<IssueCertificate>(&test, order.clone()).await.unwrap();
    let two = does::<IssueCertificate>(&test, order).await.unwrap();
    let passphrase = one["passphrase"].as_str().unwrap();
    assert!(passphrase.len() == 24 && passphrase != two["passphrase"].as_str().unwrap());
    let listed = does::<ListCertificates>(&test, json!({})).await.unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "each issue adds one (R-227, R-228)");
    assert_eq!(listed["items"][0]["label"], "ｉＰｈｏｎｅ１５");
    let again = does::<DownloadCertificate>(&test, json!({ "certificate": one["certificate"] })).await.unwrap();
    assert_eq!((bytes(&again), again.get("passphrase")), (bytes(&one), None));
    let standing = stands(&test, &leaf(&one));
    assert_eq!(standing.holder(TrustSet(1), test.clock.now()), Ok(&Holder::User(UserId::parse("alice").unwrap())));
    // Days are whole, in the zone of the config.
    assert_eq!(one["valid_from"], "2027-01-15T00:00:00+09:00");
    assert_eq!(one["valid_until"], "2028-01-31T23:59:59.999+09:00");
    assert_eq!(standing.not_after.rfc3339(), "2028-01-31T14:59:59.999Z");
    // Neither the log nor the files of the state know the passphrase.
    let log = test.core.audit().query(&Filter::default(), None, 100).await.unwrap();
    assert!(log.iter().any(|row| row.what == "certificate.issue") && !format!("{log:?}").contains(passphrase));
    for entry in std::fs::read_dir(test.core.config().file.state.directory.clone()).unwrap() {
        let content = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        assert!(!content.windows(passphrase.len()).any(|window| window == passphrase.as_bytes()));
    }
}

#[tokio::test]
async fn a_container_opens_with_its_passphrase_alone_r_235() {
    let test = test().await;
    for older in [false, true] {
        let order = || json!({ "name": "phone", "last_day": LAST, "older_devices": older });
        let one = does::<IssueCertificate>(&test, order()).await.unwrap();
        let other = does::<IssueCertificate>(&test, order()).await.unwrap();
        leaf(&one);
        let (right, of_other) = (one["passphrase"].as_str().unwrap(), other["passphrase"].as_str().unwrap());
        for wrong in ["", of_other, &right[1..], &right.to_uppercase(), &right.replace('-', "")] {
            let policy = p12_keystore::Pkcs12ImportPolicy::Relaxed;
            let opened = p12_keystore::KeyStore::from_pkcs12(&bytes(&one), wrong, policy);
            assert!(opened.is_err(), "older devices: {older}, {wrong:?}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_issued_is_refused_with_words_r_222_r_223_a_25() {
    let test = test().await;
    let refused = async |field: &str, value: Value| {
        let mut order = json!({ "name": "phone", "user": "alice", "last_day": LAST });
        order[field] = value;
        let error = does::<IssueCertificate>(&test, order).await.unwrap_err();
        (error.code(), error.to_string())
    };
    for (field, value, code, words) in [
        ("name", json!(""), "invalid_input", "it is empty"),
        ("name", json!("a".repeat(21)), "invalid_input", "21 characters; 20 at most"),
        ("name", json!("アリス"), "invalid_input", "neither a letter from A to Z nor a digit"),
        ("name", json!("\u{20BB7}"), "invalid_input", "U+20BB7"),
        ("name", json!("my phone"), "invalid_input", "' '"),
        ("user", json!("nobody"), "unknown_user", "nobody"),
        ("first_day", json!("2028-02-01"), "invalid_input", "end before it begins"),
        ("last_day", json!("2027-01-14"), "invalid_input", "has ended already"),
        ("last_day", json!("2028-01-31T12:00:00Z"), "invalid_input", "whole days"),
        ("last_day", json!("2099-01-01"), "invalid_input", "outlive"),
        ("first_day", json!("1960-01-01"), "invalid_input", "would begin before the authority"),
        ("first_day", json!("2027-01-13"), "invalid_input", "would begin before the authority"),
        ("first_day", json!("0000-01-01"), "invalid_input", "would begin before the authority"),
        ("last_day", json!("9999-12-31"), "invalid_input", "outlive"),
        ("request", json!("a b"), "invalid_input", "letters, digits, hyphens"),
    ] {
        let (found, said) = refused(field, value.clone()).await;
        assert_eq!(found, code, "{value}: {said}");
        assert!(
            said.contains(words) || (words == "outlive" && said.contains("would end after the authority")),
            "{value}: {said}"
        );
    }
    let both = json!({ "name": "phone", "user": "alice", "group": "staff", "last_day": LAST });
    assert_eq!(does::<IssueCertificate>(&test, both).await.unwrap_err().code(), "invalid_input");
    let group = json!({ "name": "phone", "group": "nothing", "last_day": LAST });
    assert_eq!(does::<IssueCertificate>(&test, group).await.unwrap_err().code(), "unknown_group");
    assert!(test.core.certificates().list().is_empty());
    let bare = TestCore::open().await;
    let order = json!({ "name": "phone", "last_day": LAST });
    assert_eq!(does::<IssueCertificate>(&bare, order).await.unwrap_err().code(), "no_authority");
}

#[tokio::test]
async fn the_same_request_twice_at_once_gives_one_certificate() {
    let test = test().await;
    let order = || json!({ "name": "phone", "last_day": LAST, "request": "form-1" });
    let (one, two) = tokio::join!(does::<IssueCertificate>(&test, order()), does::<IssueCertificate>(&test, order()));
    let (done, refused) = if one.is_ok() { (one, two) } else { (two, one) };
    let (done, refused) = (done.unwrap(), refused.unwrap_err());
    assert_eq!((refused.code(), refused.status()), ("request_repeated", 409));
    assert!(refused.to_string().contains(done["certificate"].as_str().unwrap()));
    let later = does::<IssueCertificate>(&test, order()).await.unwrap_err();
    assert_eq!(later.code(), "request_repeated");
    assert_eq!(test.core.certificates().list().len(), 1);
}

#[tokio::test]
async fn a_certificate_is_for_a_user_for_a_group_or_for_everybody_a_24() {
    let test = test().await;
    let holder = async |more: Value| {
        let mut order = json!({ "name": "phone", "last_day": LAST });
        order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        stands(&test, &leaf(&does::<IssueCertificate>(&test, order).await.unwrap())).holder
    };
    assert_eq!(holder(json!({ "user": "alice" })).await, Holder::User(UserId::parse("alice").unwrap()));
    assert_eq!(holder(json!({ "group": "staff" })).await, Holder::Group(GroupName::parse("staff").unwrap()));
    assert_eq!(holder(json!({})).await, Holder::Shared);
    assert_eq!(holder(json!({ "older_devices": true })).await, Holder::Shared);
    does::<RemoveGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    let of_group = |test: &TestCore| test.core.certificates().list().iter().filter(|one| one.holder == Holder::Nobody).count();
    assert_eq!(of_group(&test), 1, "another group of that name is another");
    let test = test.crash_and_restart().await;
    assert_eq!(of_group(&test), 1);
}

#[tokio::test]
async fn dates_are_changed_within_the_certificates_own_and_never_beyond_r_251() {
    let test = test().await;
    let issued = does::<IssueCertificate>(&test, json!({ "name": "phone", "last_day": LAST })).await.unwrap();
    let edit = async |from: Value, until: Value| {
        let input = json!({ "certificate": issued["certificate"], "valid_from": from, "valid_until": until });
        does::<EditCertificate>(&test, input).await
    };
    edit(json!("2027-02-01"), json!("2027-12-31")).await.unwrap();
    let standing = stands(&test, &leaf(&issued));
    assert_eq!(standing.holder(TrustSet(1), test.clock.now()), Err(Unfit::NotYetValid));
    for (from, until) in [(json!(null), json!("2028-02-01")), (json!("2027-01-14"), json!(null))] {
        let refused = edit(from, until).await.unwrap_err();
        assert_eq!(refused.code(), "invalid_input");
        assert!(refused.to_string().contains("beyond it issue another"), "{refused}");
    }
    edit(json!("2027-01-15"), json!(LAST)).await.unwrap();
    // Without dates of the register its own are shown.
    let own = edit(json!(null), json!(null)).await.unwrap();
    assert_eq!((&own["valid_from"], &own["valid_until"]), (&issued["valid_from"], &issued["valid_until"]));
}

#[tokio::test]
async fn what_is_revoked_is_revoked_for_good_here_at_once_and_in_the_list() {
    let test = test().await;
    let order = json!({ "name": "phone", "user": "alice", "last_day": LAST });
    let issued = does::<IssueCertificate>(&test, order).await.unwrap();
    let which = json!({ "certificate": issued["certificate"] });
    let der = leaf(&issued);
    assert!(stands(&test, &der).is_trusted());
    assert_eq!(does::<RemoveCertificate>(&test, which.clone()).await.unwrap_err().code(), "certificate_issued_here");
    does::<RevokeCertificate>(&test, which.clone()).await.unwrap();
    does::<RevokeCertificate>(&test, which.clone()).await.unwrap();
    let standing = stands(&test, &der);
    assert_eq!((standing.fault, standing.is_trusted()), (Some(Fault::Revoked), false));
    assert_eq!(does::<EnableCertificate>(&test, which).await.unwrap_err().code(), "revoked_for_good");
    // By the list alone, as another gateway would judge it.
    let other = TestCore::open().await;
    let folder = test.core.config().file.state.directory.join("authority");
    let text = format!("bundle = {:?}\nrevocation_lists = [{:?}]", folder.join("anchors.pem"), folder.join("revoked.pem"));
    let trust: schema::Trust = toml::from_str(&text).unwrap();
    other.core.certificates().configure(&[("own".to_owned(), trust)].into()).unwrap();
    let shown = PresentedCertificate::new(std::slice::from_ref(&der)).unwrap();
    assert_eq!(other.core.certificates().standing(&shown, other.clock.now()).fault, Some(Fault::Revoked));
    let test = test.crash_and_restart().await;
    assert_eq!(stands(&test, &der).fault, Some(Fault::Revoked), "after a restart too");
}

#[tokio::test]
async fn keys_overlap_at_renewal_and_one_that_is_withdrawn_takes_its_certificates_along() {
    let test = test().await;
    let issue = async || does::<IssueCertificate>(&test, json!({ "name": "phone", "last_day": LAST })).await.unwrap();
    let old = issue().await;
    does::<RenewAuthority>(&test, json!({})).await.unwrap();
    let new = issue().await;
    assert_ne!(old["authority"], new["authority"]);
    for issued in [&old, &new] {
        assert!(stands(&test, &leaf(issued)).is_trusted(), "{}", issued["authority"]);
    }
    does::<WithdrawAuthority>(&test, json!({ "authority": old["authority"] })).await.unwrap();
    assert_eq!(stands(&test, &leaf(&old)).fault, Some(Fault::Revoked));
    assert!(stands(&test, &leaf(&new)).is_trusted());
}

#[tokio::test]
async fn lists_are_followed_every_day_and_at_a_start() {
    let test = test().await;
    let until = |test: &TestCore| test.core.authority().signing().unwrap().list_until.unwrap();
    let first = until(&test);
    test.core.tidy().await;
    assert_eq!(until(&test), first, "it is new");
    test.clock.advance(std::time::Duration::from_secs(25 * 3600));
    test.core.tidy().await;
    assert!(until(&test) > first);
    test.clock.advance(std::time::Duration::from_secs(30 * 24 * 3600));
    let test = test.crash_and_restart().await;
    assert!(until(&test) > test.clock.now());
}

fn request(change: impl FnOnce(&mut CertificateParams)) -> String {
    let mut params = CertificateParams::default();
    change(&mut params);
    params.serialize_request(&KeyPair::generate().unwrap()).unwrap().pem().unwrap()
}

#[tokio::test]
async fn a_devices_own_key_is_certified_and_a_bad_request_is_refused_with_words() {
    let test = test().await;
    let order = |pem: String| json!({ "pem": pem, "name": "tablet", "user": "alice", "last_day": LAST });
    let signed = does::<SignRequest>(&test, order(request(|_| {}))).await.unwrap();
    assert_eq!(signed.get("passphrase"), None);
    assert!(signed["file"].as_str().unwrap().ends_with(".pem"));
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&bytes(&signed)).collect::<Result<_, _>>().unwrap();
    assert_eq!(chain.len(), 3);
    assert_eq!(stands(&test, &chain[0]).holder, Holder::User(UserId::parse("alice").unwrap()));
    let client = |params: &mut CertificateParams| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    does::<SignRequest>(&test, order(request(client))).await.unwrap();

    let ed25519 = CertificateParams::default();
    let ed25519 = ed25519.serialize_request(&KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap()).unwrap().pem().unwrap();
    let good = request(|_| {});
    let mut bent = pem_bytes(&good);
    *bent.last_mut().unwrap() ^= 1;
    let custom = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 311, 20, 2, 3], vec![5, 0]);
    for (pem, words) in [
        ("garbage".to_owned(), "not a certificate request in PEM"),
        (ed25519, "browsers do not import keys of its kind"),
        (WEAK.to_owned(), "an RSA key of 1024 bits"),
        (pem_of(&bent), "its signature is not by the key"),
        (request(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)), "the right to sign certificates"),
        (request(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]), "another use"),
        (
            request(|params| params.subject_alt_names = vec![SanType::DnsName("a.example".try_into().unwrap())]),
            "alternative names",
        ),
        (request(|params| params.custom_extensions = vec![custom]), "an extension that is not given"),
    ] {
        let refused = does::<SignRequest>(&test, order(pem)).await.unwrap_err();
        assert_eq!(refused.code(), "invalid_input", "{words}: {refused}");
        assert!(refused.to_string().contains(words), "{words}: {refused}");
    }
}

fn pem_bytes(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    data_encoding::BASE64.decode(base64.as_bytes()).unwrap()
}

fn pem_of(der: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(der);
    format!("-----BEGIN CERTIFICATE REQUEST-----\n{text}\n-----END CERTIFICATE REQUEST-----\n")
}

/// A request with an RSA key of 1024 bits, made with OpenSSL.
const WEAK: &str = "-----BEGIN CERTIFICATE REQUEST-----\n\
MIIBTjCBuAIBADAPMQ0wCwYDVQQDDAR3ZWFrMIGfMA0GCSqGSIb3DQEBAQUAA4GN\n\
ADCBiQKBgQDGG2wDVawmVkknh6GgZd4DeupKmIX8i5WpS7fArHE2ocF9AOK86F9y\n\
CEY80JVN8RZqCDFz334JR8mukS23WUZhGN7lT5OD+7mJHgjamJmWp/GB0vu8zbjG\n\
LM908zfyjIVymI+qGqmiOqFGOS8e5Evp35qsEQjWhRdo66tQYyYxHQIDAQABoAAw\n\
DQYJKoZIhvcNAQELBQADgYEAV7Qjzynseccbg5vsFmX4c4LX/5OwFq8K4uZnjjlW\n\
AMrawN39kJpy87baYfWbL//aG/pP/2fddLJbYH/HgRitMi6Ei+dxINY94wevUMRL\n\
mUnr93NhuxKk/V/18rgMZgb1ZI8yVwhoPu/Wx6rVXackzONwVT5IUTCuoT+6Y75q\n\
D3M=\n\
-----END CERTIFICATE REQUEST-----";

#[tokio::test]
async fn several_certificates_are_revoked_at_once_or_none_is_and_each_list_is_signed_once() {
    let test = test().await;
    let one = async |name: &str| {
        let input = json!({ "name": name, "last_day": LAST });
        does::<IssueCertificate>(&test, input).await.unwrap()["certificate"].as_str().unwrap().to_owned()
    };
    let older = [one("A1").await, one("A2").await];
    does::<RenewAuthority>(&test, json!({})).await.unwrap();
    let newer = [one("B1").await, one("B2").await];
    let all: Vec<&String> = older.iter().chain(&newer).collect();
    let number = |id: &str| {
        let list = test.core.authority().revocation_list(id)?;
        let (_, list) = CertificateRevocationList::from_der(&list).unwrap();
        list.crl_number().map(|number| u64::try_from(number.clone()).unwrap())
    };
    let numbers = || test.core.authority().list().iter().map(|key| number(&key.id).unwrap_or(0)).collect::<Vec<_>>();
    let revoked = || test.core.certificates().list().iter().filter(|entry| entry.revoked_at.is_some()).count();
    let before = numbers();
    // One that is not known, one that was not issued here: nothing is done.
    for (other, code) in [("ab", "unknown_certificate"), ("cd", "invalid_input")] {
        if other == "cd" {
            let input = json!({ "certificate": other.repeat(32), "shared": true });
            does::<RegisterCertificate>(&test, input).await.unwrap();
        }
        let with: Vec<String> = all.iter().map(|one| (*one).clone()).chain([other.repeat(32)]).collect();
        let refused = does::<RevokeCertificates>(&test, json!({ "certificates": with })).await.unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
        assert!(refused.to_string().contains(&other.repeat(32)), "{refused}");
        assert_eq!((revoked(), numbers()), (0, before.clone()));
    }
    // Each twice.
    let twice: Vec<&String> = all.iter().chain(&all).copied().collect();
    does::<RevokeCertificates>(&test, json!({ "certificates": twice })).await.unwrap();
    assert_eq!(revoked(), 4);
    let risen: Vec<u64> = numbers().iter().zip(&before).map(|(after, before)| after - before).collect();
    assert_eq!(risen, [0, 1, 1], "the root's, the older key's, the newer key's");
    let log = test.core.audit().query(&Filter::default(), None, 5).await.unwrap();
    let what: Vec<&str> = log.iter().map(|row| row.what.as_str()).collect();
    assert_eq!(what, [&["certificate.revoke_many"][..], &["certificate.revoke"; 4]].concat());
    let none = does::<RevokeCertificates>(&test, json!({ "certificates": [] })).await.unwrap_err();
    assert_eq!(none.code(), "invalid_input");
}

#[tokio::test]
async fn a_key_and_its_container_are_not_made_on_the_thread_that_serves() {
    // Processor time of this thread: others run beside it.
    let used = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        text.split_whitespace().next().unwrap().parse::<u64>().unwrap()
    };
    let test = test().await;
    let order = async |name: &str| does::<IssueCertificate>(&test, json!({ "name": name, "last_day": LAST })).await.unwrap();
    order("first").await;
    let before = used();
    order("second").await;
    let serving = used() - before;
    let authority = test.core.authority();
    let key = authority.signing().unwrap();
    let issuer = authority.open(&key).unwrap();
    let certificate = CertificateOrder {
        name: CertificateName::parse("third").unwrap(),
        organisation: key.name.clone(),
        from: test.clock.now(),
        until: key.not_after,
        list_url: "https://auth.example.com/list.crl".to_owned(),
    };
    let before = used();
    certificate.with_key(&issuer, &[], ContainerEncryption::Modern, &**test.core.random()).unwrap();
    let making = used() - before;
    assert!(serving * 2 < making, "{serving} ns on the thread that serves, {making} ns to make it");
}
