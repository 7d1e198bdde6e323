//! Rules of trust bundles, revocation, mapping and the register as tests; every certificate is made here.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SanType, SerialNumber,
};
use rustls_pki_types::CertificateDer;

use super::bundles::Bundles;
use super::register::RegisterError;
use crate::clock::{Clock as _, Timestamp};
use crate::config::schema;
use crate::core::testing::TestCore;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{Fault, Fingerprint, Holder, Standing, TrustSet};
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
        let revoked = serials.iter().map(|serial| RevokedCertParams {
            serial_number: SerialNumber::from(vec![*serial]),
            revocation_time: at(NOW - DAY),
            reason_code: None,
            invalidity_date: None,
        });
        CertificateRevocationListParams {
            this_update: at(NOW - 2 * DAY),
            next_update: at(NOW + fresh_for),
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

fn stands(bundles: &Bundles, certificate: &PresentedCertificate) -> Standing {
    bundles.standing(certificate, |user| user.as_str() != "ghost", Timestamp::from_seconds(NOW))
}

fn user(name: &str) -> Holder {
    Holder::User(UserId::parse(name).unwrap())
}

#[test]
fn a_bundle_that_is_missing_empty_garbage_no_authority_or_expired_is_an_error_on_its_key_t14() {
    let files = Files::new();
    let corp = Authority::new("corp");
    let expired = Authority::with("old", |params| params.not_after = at(NOW - 1));
    let leaf = corp.issue("alice", |_| {});
    let leaf_pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", data_encoding::BASE64.encode(&leaf));
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (path, what) in [
        (files.0.path().join("missing.pem"), "cannot be read"),
        (files.put("empty.pem", ""), "holds no certificate"),
        (files.put("text.pem", "hello"), "holds no certificate"),
        (files.put("der.pem", &*corp.der), "holds no certificate"),
        (files.put("garbage.pem", garbage), "no certificate (number 1)"),
        (files.put("half.pem", &corp.pem[..corp.pem.len() / 2]), "PEM"),
        (files.put("leaf.pem", &leaf_pem), "no authority: CN=alice (number 1)"),
        (files.put("both.pem", format!("{}{leaf_pem}", corp.pem)), "no authority: CN=alice (number 2)"),
        (files.put("expired.pem", &expired.pem), "expired: CN=old on 2027-01-15"),
        (files.0.path().to_owned(), "cannot be read"),
    ] {
        let trust: schema::Trust = toml::from_str(&format!("bundle = {path:?}")).unwrap();
        let complaints =
            Bundles::compile(&BTreeMap::from([("corp".to_owned(), trust)]), Timestamp::from_seconds(NOW)).unwrap_err();
        assert_eq!((complaints.len(), complaints[0].path.as_str()), (1, "trust.corp.bundle"), "{what}");
        assert!(complaints[0].message.contains(what), "{}", complaints[0].message);
        assert!(complaints[0].message.contains(path.to_str().unwrap()) && complaints[0].help.is_some());
    }
}

#[test]
fn a_revocation_list_that_cannot_be_used_is_an_error_on_its_key_t15() {
    let files = Files::new();
    let corp = Authority::new("corp");
    for (content, what) in [
        (None, "cannot be read"),
        (Some(""), "holds no revocation list"),
        (Some("0garbage"), "no revocation list that can be used"),
    ] {
        let path = content.map_or_else(|| files.0.path().join("missing"), |content| files.put("list", content));
        let trust = files.trust(&corp, &format!("revocation_lists = [{path:?}]"));
        let complaints =
            Bundles::compile(&BTreeMap::from([("corp".to_owned(), trust)]), Timestamp::from_seconds(NOW)).unwrap_err();
        assert_eq!(complaints[0].path, "trust.corp.revocation_lists[0]");
        assert!(complaints[0].message.contains(what), "{}", complaints[0].message);
    }
}

#[test]
fn without_bundles_nothing_is_trusted_and_subjects_are_those_of_the_set() {
    let files = Files::new();
    let (a, b) = (Authority::new("a"), Authority::new("b"));
    let alice = shown(&[&a.issue("alice", |_| {})]);
    let nothing = stands(&Bundles::default(), &alice);
    assert_eq!((nothing.trusted_by, nothing.fault), (TrustSet::default(), Some(Fault::Untrusted)));
    let both = compile([("a", files.trust(&a, "")), ("b", files.trust(&b, ""))]);
    assert_eq!(stands(&both, &alice).trusted_by, TrustSet(1));
    let subjects = both.subjects(TrustSet(2));
    assert_eq!(subjects.len(), 1);
    let (rest, name) = <x509_parser::x509::X509Name<'_> as x509_parser::prelude::FromDer<_>>::from_der(&subjects[0]).unwrap();
    assert!(rest.is_empty());
    assert_eq!(name.to_string(), "CN=b");
    assert_eq!(both.subjects(TrustSet(3)).len(), 2);
}

#[test]
fn only_a_clients_leaf_of_a_trusted_authority_is_trusted_t15() {
    let files = Files::new();
    let (corp, other) = (Authority::new("corp"), Authority::new("corp"));
    let bundles = compile([("corp", files.trust(&corp, ""))]);
    let trusted = |certificate: &CertificateDer<'static>| {
        let standing = stands(&bundles, &shown(&[certificate]));
        (standing.trusted_by == TrustSet(1), standing.fault)
    };
    assert_eq!(trusted(&corp.issue("alice", |_| {})), (true, None));
    let untrusted = (false, Some(Fault::Untrusted));
    assert_eq!(trusted(&other.issue("alice", |_| {})), untrusted, "an authority of the same name");
    let server = corp.issue("alice", |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]);
    assert_eq!(trusted(&server), untrusted, "for servers only");
    let authority = corp.issue("alice", |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    assert_eq!(trusted(&authority), untrusted, "CA:TRUE");
    assert_eq!(trusted(&corp.der), untrusted, "the authority itself");
    let mut bent = corp.issue("alice", |_| {}).to_vec();
    *bent.last_mut().unwrap() ^= 1;
    assert_eq!(trusted(&CertificateDer::from(bent)), untrusted, "a bent signature");
    for garbage in [vec![], vec![0x30], b"hello".to_vec(), corp.der[..200].to_vec()] {
        assert_eq!(trusted(&CertificateDer::from(garbage)), (false, Some(Fault::Malformed)));
    }
}

#[test]
fn a_chain_is_walked_but_not_beyond_ten_t15() {
    let files = Files::new();
    let root = Authority::new("root");
    let middle = root.below("middle", |_| {});
    let leaf = middle.issue("alice", |_| {});
    let bundles = compile([("root", files.trust(&root, ""))]);
    assert_eq!(stands(&bundles, &shown(&[&leaf, &middle.der])).trusted_by, TrustSet(1));
    assert_eq!(stands(&bundles, &shown(&[&leaf])).fault, Some(Fault::Untrusted), "the middle is missing");
    let long: Vec<_> = std::iter::once(leaf.clone()).chain(std::iter::repeat_n(middle.der.clone(), 19)).collect();
    assert!(PresentedCertificate::new(&long).is_none());
    assert!(PresentedCertificate::new(&long[..10]).is_some());
    // An intermediate that may not be one.
    let fake = root.below("fake", |params| params.is_ca = IsCa::ExplicitNoCa);
    let leaf = fake.issue("mallory", |_| {});
    assert_eq!(stands(&bundles, &shown(&[&leaf, &fake.der])).fault, Some(Fault::Untrusted));
}

#[test]
fn validity_is_told_to_the_second_and_ends_with_the_first_of_the_chain_t15() {
    let files = Files::new();
    let root = Authority::with("root", |params| params.not_after = at(NOW + 9 * DAY));
    let middle = root.below("middle", |params| params.not_after = at(NOW + 5 * DAY));
    let bundles = compile([("root", files.trust(&root, ""))]);
    let ends = |chain: &[&CertificateDer<'static>]| stands(&bundles, &shown(chain)).not_after.seconds();
    assert_eq!(ends(&[&root.issue("a", |params| params.not_after = at(NOW + 2 * DAY))]), NOW + 2 * DAY);
    assert_eq!(ends(&[&root.issue("a", |params| params.not_after = at(NOW + 99 * DAY))]), NOW + 9 * DAY);
    let long = middle.issue("a", |params| params.not_after = at(NOW + 99 * DAY));
    assert_eq!(ends(&[&long, &middle.der]), NOW + 5 * DAY);
    for (from, until) in [(NOW + 1, NOW + DAY), (NOW - DAY, NOW - 1), (NOW, NOW + DAY), (NOW - DAY, NOW)] {
        let leaf = root.issue("a", |params| {
            params.not_before = at(from);
            params.not_after = at(until);
        });
        let standing = stands(&bundles, &shown(&[&leaf]));
        let now = Timestamp::from_seconds(NOW);
        assert_eq!(standing.trusted_by, TrustSet(1), "whether it is valid now is check 2's to judge");
        let is_valid = now >= standing.not_before && now <= standing.not_after;
        assert_eq!(is_valid, from <= NOW && until >= NOW, "{from} {until}");
    }
}

#[test]
fn revocation_is_believed_from_the_issuer_alone_and_silence_is_no_word_t15() {
    let files = Files::new();
    let (corp, other) = (Authority::new("corp"), Authority::new("other"));
    let good = shown(&[&corp.issue("good", |params| params.serial_number = Some(SerialNumber::from(vec![1])))]);
    let bad = shown(&[&corp.issue("bad", |params| params.serial_number = Some(SerialNumber::from(vec![2])))]);
    let with = |lists: &[(&Authority, &[u8], i64)], unknown: &str| {
        let paths: Vec<_> = lists
            .iter()
            .enumerate()
            .map(|(place, (authority, serials, fresh))| files.put(&format!("{place}.crl"), authority.revoke(serials, *fresh)))
            .collect();
        compile([("corp", files.trust(&corp, &format!("revocation_lists = {paths:?}\nrevocation_unknown = '{unknown}'")))])
    };
    let verdict = |bundles: &Bundles, certificate| stands(bundles, certificate).fault;

    for unknown in ["refuse", "accept"] {
        let current = with(&[(&corp, &[2], DAY)], unknown);
        assert_eq!((verdict(&current, &good), verdict(&current, &bad)), (None, Some(Fault::Revoked)), "{unknown}");
    }
    let known = stands(&with(&[(&corp, &[2], DAY)], "refuse"), &good).revocation_known_until;
    assert_eq!(known, Some(Timestamp::from_seconds(NOW + DAY)), "judged again when the list is out of date");
    assert_eq!(stands(&with(&[(&corp, &[2], DAY)], "accept"), &good).revocation_known_until, None);

    let unknown = Some(Fault::RevocationUnknown);
    let of_another = with(&[(&other, &[1, 2], DAY)], "refuse");
    assert_eq!((verdict(&of_another, &good), verdict(&of_another, &bad)), (unknown, unknown), "another issuer's list");
    let outdated = with(&[(&corp, &[2], -1)], "refuse");
    assert_eq!(verdict(&outdated, &good), unknown);
    let of_another = with(&[(&other, &[1, 2], DAY)], "accept");
    assert_eq!((verdict(&of_another, &good), verdict(&of_another, &bad)), (None, None));
    let outdated = with(&[(&corp, &[2], -1)], "accept");
    assert_eq!(
        (verdict(&outdated, &good), verdict(&outdated, &bad)),
        (None, Some(Fault::Revoked)),
        "what an old list revoked stays so"
    );
    assert_eq!(verdict(&with(&[], "refuse"), &bad), None, "no list is configured");

    // A list in the issuer's name, signed by somebody else.
    let impostor = Authority::new("corp");
    assert_eq!(verdict(&with(&[(&impostor, &[], DAY)], "refuse"), &bad), unknown);
}

#[test]
fn the_same_serial_of_another_authority_is_another_certificate_t15() {
    let files = Files::new();
    let (a, b) = (Authority::new("a"), Authority::new("b"));
    let lists = [files.put("a.crl", a.revoke(&[7], DAY)), files.put("b.crl", b.revoke(&[], DAY))];
    let bundle = files.put("both.pem", format!("{}{}", a.pem, b.pem));
    let trust = toml::from_str(&format!("bundle = {bundle:?}\nrevocation_lists = {lists:?}")).unwrap();
    let bundles = compile([("both", trust)]);
    assert_eq!(stands(&bundles, &shown(&[&a.issue("x", |_| {})])).fault, Some(Fault::Revoked));
    assert_eq!(stands(&bundles, &shown(&[&b.issue("x", |_| {})])).fault, None);
}

#[test]
fn intermediates_can_be_revoked_too() {
    let files = Files::new();
    let root = Authority::new("root");
    let middle = root.below("middle", |params| params.serial_number = Some(SerialNumber::from(vec![42])));
    let leaf = middle.issue("alice", |_| {});
    let lists = [files.put("root.crl", root.revoke(&[42], DAY)), files.put("middle.crl", middle.revoke(&[], DAY))];
    let bundles = compile([("root", files.trust(&root, &format!("revocation_lists = {lists:?}")))]);
    assert_eq!(stands(&bundles, &shown(&[&leaf, &middle.der])).fault, Some(Fault::Revoked));
}

/// `[0] EXPLICIT UTF8String`, as rcgen writes an other name.
fn upn(name: &str) -> SanType {
    SanType::OtherName((vec![1, 3, 6, 1, 4, 1, 311, 20, 2, 3], rcgen::OtherNameValue::Utf8String(name.to_owned())))
}

fn email(name: &str) -> SanType {
    SanType::Rfc822Name(name.try_into().unwrap())
}

#[test]
fn a_mapping_reads_the_name_it_says_and_the_first_that_finds_a_holder_decides() {
    let files = Files::new();
    let corp = Authority::new("corp");
    let holder = |mapping: &str, names: Vec<SanType>| {
        let mapping = format!("mapping = [{mapping}]");
        let bundles = compile([("corp", files.trust(&corp, &mapping))]);
        stands(&bundles, &shown(&[&corp.issue("Carol", |params| params.subject_alt_names = names)])).holder
    };
    let uri = |text: &str| SanType::URI(text.try_into().unwrap());
    let dns = |text: &str| SanType::DnsName(text.try_into().unwrap());
    let no_names = Vec::new;
    assert_eq!(holder("", no_names()), Holder::Nobody);
    assert_eq!(holder("{from='common_name'}", no_names()), user("carol"));
    assert_eq!(holder("{from='any',to='shared'}", no_names()), Holder::Shared);
    let by_email = "{from='san_email',suffix='@example.com'}";
    assert_eq!(holder(by_email, vec![email("Alice@example.com")]), user("alice"));
    assert_eq!(holder(by_email, vec![email("alice@evil.example")]), Holder::Nobody);
    assert_eq!(holder("{from='san_email'}", vec![email("alice@example.com")]), user("alice@example.com"));
    assert_eq!(holder("{from='san_upn',suffix='@corp.test'}", vec![upn("alice@corp.test")]), user("alice"));
    let spiffe = "{from='san_uri',to='machine',prefix='spiffe://example.com/'}";
    assert_eq!(holder(spiffe, vec![uri("spiffe://example.com/backup")]), Holder::Machine("backup".into()));
    assert_eq!(holder(spiffe, vec![uri("spiffe://example.com/")]), Holder::Nobody);
    assert_eq!(holder("{from='san_dns',to='machine'}", vec![dns("db1.example.com")]), Holder::Machine("db1.example.com".into()));
    let both = format!("{by_email},{{from='common_name'}}");
    assert_eq!(holder(&both, vec![email("alice@example.com")]), user("alice"), "the first decides");
    assert_eq!(holder(&both, vec![email("ghost@example.com")]), user("carol"), "nobody is called ghost: the next is asked");
}

#[test]
fn what_could_mean_two_holders_means_nobody() {
    let files = Files::new();
    let corp = Authority::new("corp");
    let by_email = "mapping = [{from='san_email',suffix='@example.com'}]";
    let bundles = compile([("corp", files.trust(&corp, by_email))]);
    let of =
        |names: Vec<SanType>| stands(&bundles, &shown(&[&corp.issue("x", |params| params.subject_alt_names = names)])).holder;
    assert_eq!(of(vec![email("alice@example.com"), email("bob@example.com")]), Holder::Nobody);
    assert_eq!(of(vec![email("alice@example.com"), email("ALICE@example.com")]), user("alice"), "one user, two spellings");
    let two = compile([("a", files.trust(&corp, by_email)), ("b", files.trust(&corp, "mapping = [{from='common_name'}]"))]);
    let leaf = corp.issue("carol", |params| params.subject_alt_names = vec![email("alice@example.com")]);
    let standing = stands(&two, &shown(&[&leaf]));
    assert_eq!((standing.trusted_by, standing.holder), (TrustSet(3), Holder::Nobody));
}

#[test]
fn a_name_with_a_nul_or_a_line_break_is_no_name_t15() {
    let files = Files::new();
    let corp = Authority::new("corp");
    let mapping = "mapping = [{from='san_upn',to='machine'},{from='common_name',to='machine'}]";
    let bundles = compile([("corp", files.trust(&corp, mapping))]);
    for name in ["alice\0.evil", "alice\r\nX-Evil: 1", "\u{7f}"] {
        let leaf = corp.issue(name, |params| params.subject_alt_names = vec![upn(name)]);
        assert_eq!(stands(&bundles, &shown(&[&leaf])).holder, Holder::Nobody, "{name:?}");
    }
    let long = "x".repeat(257);
    let leaf = corp.issue("y", |params| params.subject_alt_names = vec![upn(&long)]);
    assert_eq!(stands(&bundles, &shown(&[&leaf])).holder, Holder::Machine("y".into()));
}

async fn core(files: &Files, corp: &Authority) -> TestCore {
    let trust = files.trust(corp, "");
    TestCore::with(&format!("[trust.corp]\nbundle = {:?}\nmapping = [{{ from = 'common_name' }}]", trust.bundle)).await
}

#[tokio::test]
async fn the_register_comes_before_every_mapping_and_its_switch_bites_at_once() {
    let (files, corp) = (Files::new(), Authority::new("corp"));
    let test = core(&files, &corp).await;
    test.user("alice").await;
    test.user("bob").await;
    let certificates = &test.core.certificates();
    let shown = shown(&[&corp.issue("alice", |_| {})]);
    let standing = || certificates.standing(&shown, test.clock.now());
    assert_eq!((standing().holder, standing().enabled), (user("alice"), true));
    let mut generation = certificates.generation();
    let mut moved = || std::mem::replace(&mut generation, certificates.generation()) != certificates.generation();
    certificates.add(shown.fingerprint(), user("bob"), Some("Bob's laptop".into()), (None, None)).await.unwrap();
    assert_eq!(standing().holder, user("bob"));
    assert!(moved());
    let again = certificates.add(shown.fingerprint(), user("alice"), None, (None, None)).await;
    assert!(matches!(again, Err(RegisterError::Exists(_))));
    certificates.set_enabled(shown.fingerprint(), false).await.unwrap();
    assert!(!standing().enabled && moved());
    let (from, until) = (Timestamp::from_seconds(NOW - 60), Timestamp::from_seconds(NOW + 60));
    certificates.set_dates(shown.fingerprint(), (Some(from), Some(until))).await.unwrap();
    assert_eq!((standing().not_before, standing().not_after), (from, until));
    assert!(matches!(certificates.set_dates(shown.fingerprint(), (Some(until), Some(from))).await, Err(RegisterError::Dates)));
    // The certificate's own validity is never widened.
    certificates
        .set_dates(shown.fingerprint(), (Some(Timestamp::default()), Some(Timestamp::from_seconds(NOW * 2))))
        .await
        .unwrap();
    assert_eq!(standing().not_before.seconds(), NOW - DAY);
    assert_eq!(standing().not_after.seconds(), NOW + DAY);

    let test = test.crash_and_restart().await;
    let certificates = &test.core.certificates();
    let entry = certificates.find(shown.fingerprint()).unwrap();
    assert_eq!((entry.label.as_deref(), entry.enabled, entry.holder), (Some("Bob's laptop"), false, user("bob")));
    assert!(!certificates.standing(&shown, test.clock.now()).enabled);
    assert_eq!(certificates.of_user(&UserId::parse("bob").unwrap()).len(), 1);
    certificates.remove(shown.fingerprint()).await.unwrap();
    assert_eq!(certificates.standing(&shown, test.clock.now()).holder, user("alice"), "mappings speak again");
    assert!(matches!(certificates.remove(shown.fingerprint()).await, Err(RegisterError::Unknown(_))));
    let ghost = certificates.add(shown.fingerprint(), user("ghost"), None, (None, None)).await;
    assert!(matches!(ghost, Err(RegisterError::UnknownUser(_))));
    assert!(matches!(
        certificates.add(shown.fingerprint(), Holder::Nobody, None, (None, None)).await,
        Err(RegisterError::NoHolder)
    ));
}

#[tokio::test]
async fn the_certificate_of_a_removed_user_is_nobodys_for_good() {
    let (files, corp) = (Files::new(), Authority::new("corp"));
    let test = core(&files, &corp).await;
    let alice = test.user("alice").await;
    let shown = shown(&[&corp.issue("x", |_| {})]);
    test.core.certificates().add(shown.fingerprint(), user("alice"), None, (None, None)).await.unwrap();
    test.core.remove_user(alice.id()).await.unwrap();
    test.user("alice").await;
    assert_eq!(test.core.certificates().standing(&shown, test.clock.now()).holder, Holder::Nobody);
    drop(alice);
    let test = test.crash_and_restart().await;
    assert_eq!(test.core.certificates().standing(&shown, test.clock.now()).holder, Holder::Nobody);
    assert_eq!(test.core.certificates().list().len(), 1, "the register still knows it");
}

#[tokio::test]
async fn who_presented_what_and_when_is_remembered() {
    let (files, corp) = (Files::new(), Authority::new("corp"));
    let test = core(&files, &corp).await;
    let alice = test.user("alice").await;
    let shown = Arc::new(shown(&[&corp.issue("laptop", |_| {})]));
    let sightings = test.core.certificates().sightings();
    let here = ClientAddress::new("192.0.2.1".parse().unwrap());
    for _ in 0..3 {
        sightings.note(&shown, Some(alice.id()), here, true);
        sightings.note(&shown, None, here, true);
        sightings.flush().await.unwrap();
        test.clock.advance(Duration::from_secs(60));
    }
    let of_alice = sightings.list(Some(alice.id())).await.unwrap();
    assert_eq!((of_alice.len(), of_alice[0].subject.as_str(), of_alice[0].serial.as_str()), (1, "CN=laptop", "07"));
    assert_eq!(of_alice[0].last_seen.since(of_alice[0].first_seen), Duration::from_secs(120));
    assert_eq!(sightings.of(shown.fingerprint()).await.unwrap().len(), 2);
    test.core.remove_user(alice.id()).await.unwrap();
    test.core.tidy().await;
    assert!(sightings.list(Some(alice.id())).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_certificates_that_nobody_knows_few_are_remembered_and_push_out_no_other() {
    let (files, corp) = (Files::new(), Authority::new("corp"));
    let test = core(&files, &corp).await;
    let sightings = test.core.certificates().sightings();
    let note = |certificate: &PresentedCertificate, from: String| {
        let standing = test.core.certificates().standing(certificate, test.clock.now());
        test.core.certificates().note(certificate, &standing, ClientAddress::new(from.parse().unwrap()));
    };
    let known = shown(&[&corp.issue("laptop", |_| {})]);
    note(&known, "192.0.2.1".to_owned());
    sightings.flush().await.unwrap();
    let stranger = Authority::new("nobody we know");
    for turn in 1..4 {
        test.clock.advance(Duration::from_secs(60));
        for network in 10..35 {
            for _ in 0..12 {
                note(&shown(&[&stranger.issue("x", |_| {})]), format!("2001:db8:0:{turn}{network}::1"));
            }
        }
        sightings.flush().await.unwrap();
        let all = sightings.list(None).await.unwrap();
        assert_eq!(all.len(), 201, "200 of strangers, and the one that is known");
        let of_one = all.iter().filter(|one| one.address.to_string() == format!("2001:db8:0:{turn}13::1")).count();
        assert_eq!(of_one, 10, "of one network");
        assert!(all.iter().any(|one| one.fingerprint == known.fingerprint()));
    }
    test.clock.advance(Duration::from_secs(31 * 24 * 3600));
    test.core.tidy().await;
    assert_eq!(sightings.list(None).await.unwrap().len(), 1, "after a month the known one is left");
}

#[tokio::test]
async fn a_reload_with_a_broken_bundle_keeps_the_last_good_one_t14() {
    let (files, corp) = (Files::new(), Authority::new("corp"));
    let test = core(&files, &corp).await;
    test.user("alice").await;
    let shown = shown(&[&corp.issue("alice", |_| {})]);
    let config = test.core.config();
    std::fs::write(&config.file.trust["corp"].bundle, "").unwrap();
    let diagnosis = test.core.adopt(Arc::clone(&config)).unwrap_err();
    assert!(diagnosis.faults()[0].message().contains("holds no certificate"), "{diagnosis}");
    assert_eq!(test.core.certificates().standing(&shown, test.clock.now()).trusted_by, TrustSet(1));
    std::fs::write(&config.file.trust["corp"].bundle, &Authority::new("corp").pem).unwrap();
    test.core.adopt(config).unwrap();
    assert_eq!(test.core.certificates().standing(&shown, test.clock.now()).trusted_by, TrustSet::default());
}
