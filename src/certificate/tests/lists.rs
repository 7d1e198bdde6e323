//! Which lists are taken, for whom they speak, and what is said of them.

use rustls_pki_types::pem::PemObject as _;

use super::*;
use crate::certificate::list_report::ListState;
use crate::certificate::revocation_list::RevocationList;
use crate::principal::certificate::{Fault, TrustSet};

fn fault(bundles: &Bundles, chain: &[&CertificateDer<'static>]) -> Option<Fault> {
    stands(bundles, &shown(chain)).fault
}

const UNKNOWN: Option<Fault> = Some(Fault::RevocationUnknown);

#[test]
fn a_list_that_would_only_be_unknown_later_is_refused_with_the_reason() {
    // Made by OpenSSL with the extensions in question.
    for (list, what) in [
        (&include_bytes!("lists/delta.crl")[..], "is a delta list (RFC 5280 §5.2.4)"),
        (include_bytes!("lists/indirect.crl"), "is an indirect list"),
        (include_bytes!("lists/reasons.crl"), "speaks of some reasons"),
        (include_bytes!("lists/v1.crl"), "is a list of version 1"),
    ] {
        let refused = RevocationList::read_all(list).unwrap_err();
        assert!(refused.contains(what), "{refused}");
    }
    let corp = Authority::new("corp");
    let list = rustls_pki_types::CertificateRevocationListDer::from_pem_slice(corp.revoke(&[], DAY).as_bytes()).unwrap();
    let more = [list.as_ref(), b"more"].concat();
    assert_eq!(RevocationList::read_all(&more).unwrap_err(), "holds 4 bytes after its revocation list");
    assert_eq!(RevocationList::read_all(&list).unwrap().len(), 1);
}

#[test]
fn one_authoritys_list_shuts_out_no_others_clients_and_the_writer_is_warned() {
    let files = Files::new();
    let (a, b) = (Authority::new("a"), Authority::new("b"));
    let bundle = files.put("both.pem", format!("{}{}", a.pem, b.pem));
    let lists = [files.put("a.crl", a.revoke(&[9], DAY))];
    let trust = toml::from_str(&format!("bundle = {bundle:?}\nrevocation_lists = {lists:?}")).unwrap();
    let bundles = compile([("both", trust)]);
    assert_eq!(fault(&bundles, &[&a.issue("x", |_| {})]), None);
    assert_eq!(fault(&bundles, &[&b.issue("x", |_| {})]), None, "b has no list");
    let bad = a.issue("bad", |params| params.serial_number = Some(SerialNumber::from(vec![9])));
    assert_eq!(fault(&bundles, &[&bad]), Some(Fault::Revoked));
    let warned = bundles.warnings(Timestamp::from_seconds(NOW));
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert_eq!(warned[0].path, "trust.both.bundle");
    assert!(warned[0].message.contains("no revocation list of CN=b"), "{}", warned[0].message);
    // An authority whose list is outdated is unknown, and stays apart as well.
    let later = bundles.warnings(Timestamp::from_seconds(NOW + 2 * DAY));
    assert!(
        later.iter().any(|one| one.path == "trust.both.revocation_lists[0]" && one.message.contains("is outdated")),
        "{later:?}"
    );
}

#[test]
fn the_list_of_an_intermediate_authority_is_enough_for_its_certificates() {
    let files = Files::new();
    let root = Authority::new("root");
    let (middle, other) = (root.below("middle", |_| {}), root.below("other", |_| {}));
    let good = middle.issue("alice", |_| {});
    let bad = middle.issue("bob", |params| params.serial_number = Some(SerialNumber::from(vec![9])));
    let of_middle = files.put("middle.crl", middle.revoke(&[9], DAY));
    let bundles = compile([("root", files.trust(&root, &format!("revocation_lists = [{of_middle:?}]")))]);
    assert_eq!(fault(&bundles, &[&good, &middle.der]), None);
    assert_eq!(fault(&bundles, &[&bad, &middle.der]), Some(Fault::Revoked));
    // Nobody's list speaks of these, and none of the bundle's own authorities has one.
    assert_eq!(fault(&bundles, &[&other.issue("carol", |_| {}), &other.der]), UNKNOWN);
    assert_eq!(fault(&bundles, &[&root.issue("dave", |_| {})]), UNKNOWN);
    // The list of the root alone says nothing of what an intermediate authority signed.
    let of_root = files.put("root.crl", root.revoke(&[], DAY));
    let bundles = compile([("root", files.trust(&root, &format!("revocation_lists = [{of_root:?}]")))]);
    assert_eq!(fault(&bundles, &[&good, &middle.der]), UNKNOWN);
    assert_eq!(fault(&bundles, &[&root.issue("dave", |_| {})]), None);
    // The intermediate's list is old: unknown, although the root's is current.
    let old = files.put("old.crl", middle.revoke(&[], -1));
    let bundles = compile([("root", files.trust(&root, &format!("revocation_lists = [{of_root:?}, {old:?}]")))]);
    assert_eq!(fault(&bundles, &[&good, &middle.der]), UNKNOWN);
}

#[test]
fn an_authority_renewed_under_its_name_has_a_list_for_each_key() {
    let files = Files::new();
    let (old, new) = (Authority::new("corp"), Authority::new("corp"));
    let bundle = files.put("both.pem", format!("{}{}", old.pem, new.pem));
    let lists = [files.put("old.crl", old.revoke(&[9], DAY)), files.put("new.crl", new.revoke(&[8], DAY))];
    for lists in [lists.clone(), [lists[1].clone(), lists[0].clone()]] {
        let trust = toml::from_str(&format!("bundle = {bundle:?}\nrevocation_lists = {lists:?}")).unwrap();
        let bundles = compile([("corp", trust)]);
        let numbered = |authority: &Authority, serial| {
            authority.issue("x", |params| params.serial_number = Some(SerialNumber::from(vec![serial])))
        };
        for (authority, revoked, good) in [(&old, 9, 8), (&new, 8, 9)] {
            assert_eq!(fault(&bundles, &[&numbered(authority, revoked)]), Some(Fault::Revoked));
            assert_eq!(fault(&bundles, &[&numbered(authority, good)]), None);
        }
        assert!(bundles.warnings(Timestamp::from_seconds(NOW)).is_empty());
    }
    // Without the list of the new key its certificates are unknown: the name is the same.
    let trust = toml::from_str(&format!("bundle = {bundle:?}\nrevocation_lists = [{:?}]", lists[0])).unwrap();
    let bundles = compile([("corp", trust)]);
    assert_eq!(fault(&bundles, &[&new.issue("x", |_| {})]), UNKNOWN);
    assert_eq!(fault(&bundles, &[&old.issue("x", |_| {})]), None);
    assert_eq!(stands(&bundles, &shown(&[&old.issue("x", |_| {})])).trusted_by, TrustSet(1));
}

#[test]
fn a_list_is_reported_with_its_dates_and_its_last_quarter() {
    let files = Files::new();
    let corp = Authority::new("corp");
    let list = files.put("corp.crl", corp.revoke(&[1, 2], 2 * DAY));
    let bundles = compile([("corp", files.trust(&corp, &format!("revocation_lists = [{list:?}]")))]);
    // Made two days ago, for four days.
    for (later, state) in [(0, ListState::Current), (DAY, ListState::Ending), (2 * DAY, ListState::Outdated)] {
        let reports = bundles.reports(|_| None, Timestamp::from_seconds(NOW + later));
        assert_eq!(reports.len(), 1);
        assert_eq!((reports[0].state, reports[0].revoked, reports[0].issuer.as_deref()), (state, 2, Some("CN=corp")));
        assert_eq!(reports[0].next_update, Some(Timestamp::from_seconds(NOW + 2 * DAY)));
    }
}

#[test]
fn what_is_known_lasts_as_long_as_the_list_that_answered_and_no_other_of_that_name_t15() {
    let files = Files::new();
    let (old, new) = (Authority::new("corp"), Authority::new("corp"));
    let known = |bundle: &PathBuf, lists: &[PathBuf], authority: &Authority| {
        let trust = toml::from_str(&format!("bundle = {bundle:?}\nrevocation_lists = {lists:?}")).unwrap();
        let standing = stands(&compile([("corp", trust)]), &shown(&[&authority.issue("x", |_| {})]));
        assert_eq!(standing.fault, None);
        standing.revocation_known_until
    };
    let until = |seconds| Some(Timestamp::from_seconds(seconds));
    let alone = files.put("alone.pem", &new.pem);
    let current = files.put("current.crl", new.revoke_made(&[], NOW - DAY, NOW + 3 * DAY));
    let outdated = files.put("outdated.crl", new.revoke_made(&[], NOW - 9 * DAY, NOW - DAY));
    for lists in [[current.clone(), outdated.clone()], [outdated.clone(), current.clone()]] {
        assert_eq!(known(&alone, &lists, &new), until(NOW + 3 * DAY), "an outdated list beside it");
    }
    let trust = toml::from_str(&format!("bundle = {alone:?}\nrevocation_lists = {:?}", [&current, &outdated])).unwrap();
    assert!(compile([("corp", trust)]).warnings(Timestamp::from_seconds(NOW)).is_empty(), "nobody is refused for it");
    // Both would do, and the newer one answered.
    let longer = files.put("longer.crl", new.revoke_made(&[], NOW - 2 * DAY, NOW + 9 * DAY));
    assert_eq!(known(&alone, &[longer, current.clone()], &new), until(NOW + 3 * DAY));
    // The list of a key that is not used any more ends, and no certificate of the new one ends with it.
    let both = files.put("both.pem", format!("{}{}", old.pem, new.pem));
    for (made, next) in [(NOW - 9 * DAY, NOW - DAY), (NOW - 9 * DAY, NOW + DAY), (NOW - 3600, NOW + DAY)] {
        let retired = files.put("retired.crl", old.revoke_made(&[], made, next));
        for lists in [[current.clone(), retired.clone()], [retired.clone(), current.clone()]] {
            assert_eq!(known(&both, &lists, &new), until(NOW + 3 * DAY), "{made} {next}");
        }
        if next > NOW {
            assert_eq!(known(&both, &[current.clone(), retired], &old), until(next), "its own certificates end with it");
        }
    }
}

#[test]
fn above_a_leaf_the_list_that_answered_binds_too() {
    let files = Files::new();
    let root = Authority::new("root");
    let middle = root.below("middle", |_| {});
    let leaf = middle.issue("alice", |_| {});
    let lists = [
        files.put("root.crl", root.revoke_made(&[], NOW - DAY, NOW + 3 * DAY)),
        files.put("root-old.crl", root.revoke_made(&[], NOW - 9 * DAY, NOW - DAY)),
        files.put("middle.crl", middle.revoke_made(&[], NOW - DAY, NOW + 5 * DAY)),
        files.put("middle-old.crl", middle.revoke_made(&[], NOW - 9 * DAY, NOW - DAY)),
    ];
    let known = |lists: &[PathBuf]| {
        let bundles = compile([("root", files.trust(&root, &format!("revocation_lists = {lists:?}")))]);
        let standing = stands(&bundles, &shown(&[&leaf, &middle.der]));
        assert_eq!(standing.fault, None);
        standing.revocation_known_until
    };
    assert_eq!(known(&lists), Some(Timestamp::from_seconds(NOW + 3 * DAY)), "that of the root ends first");
    assert_eq!(known(&lists[2..]), Some(Timestamp::from_seconds(NOW + 5 * DAY)), "the root has none, and need not");
}
