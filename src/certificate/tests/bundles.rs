//! Bundles of authorities and revocation lists as tests: which leaf is trusted, and for how long.

use std::collections::BTreeMap;

use rcgen::{BasicConstraints, ExtendedKeyUsagePurpose, IsCa, SerialNumber};
use rustls_pki_types::CertificateDer;

use super::{Authority, DAY, Files, NOW, at, compile, shown, stands};
use crate::certificate::bundles::Bundles;
use crate::clock::Timestamp;
use crate::config::schema;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{Fault, TrustSet};

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
        (files.put("garbage.pem", garbage), "not a certificate (number 1)"),
        (files.put("half.pem", &corp.pem[..corp.pem.len() / 2]), "PEM"),
        (files.put("leaf.pem", &leaf_pem), "not an authority: CN=alice (number 1)"),
        (files.put("both.pem", format!("{}{leaf_pem}", corp.pem)), "not an authority: CN=alice (number 2)"),
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
fn a_revocation_list_that_cannot_be_used_is_told_on_its_key_and_leaves_its_clients_unknown_t15() {
    let files = Files::new();
    let (corp, impostor) = (Authority::new("corp"), Authority::new("corp"));
    for (content, what) in [
        (None, "cannot be read"),
        (Some(""), "holds no revocation list"),
        (Some("0garbage"), "no revocation list that can be read"),
        (Some(&impostor.revoke(&[], DAY)), "is signed by another key than that of CN=corp"),
    ] {
        let path = content.map_or_else(|| files.0.path().join("missing"), |content| files.put("list", content));
        let bundles = compile([("corp", files.trust(&corp, &format!("revocation_lists = [{path:?}]")))]);
        let complaints = bundles.unusable_files();
        assert_eq!((complaints.len(), complaints[0].path.as_str()), (1, "trust.corp.revocation_lists[0]"));
        assert!(complaints[0].message.contains(what), "{}", complaints[0].message);
        assert!(complaints[0].message.contains(path.to_str().unwrap()) && complaints[0].help.is_some());
        let good = shown(&[&corp.issue("alice", |_| {})]);
        assert_eq!(stands(&bundles, &good).fault, Some(Fault::RevocationUnknown), "{what}");
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
