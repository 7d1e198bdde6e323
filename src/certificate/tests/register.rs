//! The register and what was seen, as tests.

use std::sync::Arc;
use std::time::Duration;

use super::{Authority, DAY, Files, NOW, core, shown, user};
use crate::certificate::register::CertificateRegisterError;
use crate::certificate::sighting::SightingQuery;
use crate::clock::{Clock as _, Timestamp};
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{Fingerprint, Holder, TrustSet};
use crate::principal::user::UserId;

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
    assert!(matches!(again, Err(CertificateRegisterError::Exists(_))));
    certificates.set_enabled(shown.fingerprint(), false).await.unwrap();
    assert!(!standing().enabled && moved());
    let (from, until) = (Timestamp::from_seconds(NOW - 60), Timestamp::from_seconds(NOW + 60));
    certificates.set_dates(shown.fingerprint(), (Some(from), Some(until))).await.unwrap();
    assert_eq!((standing().not_before, standing().not_after), (from, until));
    assert!(matches!(
        certificates.set_dates(shown.fingerprint(), (Some(until), Some(from))).await,
        Err(CertificateRegisterError::Dates)
    ));
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
    assert!(matches!(certificates.remove(shown.fingerprint()).await, Err(CertificateRegisterError::Unknown(_))));
    let ghost = certificates.add(shown.fingerprint(), user("ghost"), None, (None, None)).await;
    assert!(matches!(ghost, Err(CertificateRegisterError::UnknownUser(_))));
    assert!(matches!(
        certificates.add(shown.fingerprint(), Holder::Nobody, None, (None, None)).await,
        Err(CertificateRegisterError::NoHolder)
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

fn anybody() -> SightingQuery {
    SightingQuery { limit: 1000, ..SightingQuery::default() }
}

fn of(user: &UserId) -> SightingQuery {
    SightingQuery { user: Some(user.clone()), ..anybody() }
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
    let of_alice = sightings.list(&of(alice.id())).await.unwrap();
    assert_eq!((of_alice.len(), of_alice[0].subject.as_str(), of_alice[0].serial.as_str()), (1, "CN=laptop", "07"));
    assert_eq!(of_alice[0].last_seen.since(of_alice[0].first_seen), Duration::from_secs(120));
    assert_eq!(sightings.list(&SightingQuery { fingerprint: Some(shown.fingerprint()), ..anybody() }).await.unwrap().len(), 2);
    test.core.remove_user(alice.id()).await.unwrap();
    test.core.tidy().await;
    assert!(sightings.list(&of(alice.id())).await.unwrap().is_empty());
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
        let all = sightings.list(&anybody()).await.unwrap();
        assert_eq!(all.len(), 201, "200 of strangers, and the one that is known");
        let of_one = all.iter().filter(|one| one.address.to_string() == format!("2001:db8:0:{turn}13::1")).count();
        assert_eq!(of_one, 10, "of one network");
        assert!(all.iter().any(|one| one.fingerprint == known.fingerprint()));
    }
    test.clock.advance(Duration::from_secs(31 * 24 * 3600));
    test.core.tidy().await;
    assert_eq!(sightings.list(&anybody()).await.unwrap().len(), 1, "after a month the known one is left");
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

#[tokio::test]
async fn a_page_of_the_register_is_the_next_ones_in_order_of_those_that_are_wanted() {
    let files = Files::new();
    let test = core(&files, &Authority::new("corp")).await;
    let certificates = test.core.certificates();
    for number in [9_u8, 3, 7, 1, 5, 8] {
        let holder = if number == 8 { Holder::Machine("press".into()) } else { Holder::Shared };
        certificates.add(Fingerprint([number; 32]), holder, None, (None, None)).await.unwrap();
    }
    let page = |after: Option<u8>, limit| {
        let after = after.map(|number| Fingerprint([number; 32]));
        let found = certificates.page(|entry| entry.holder == Holder::Shared, after, limit);
        found.iter().map(|entry| entry.fingerprint.0[0]).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 2), [1, 3]);
    assert_eq!(page(Some(3), 2), [5, 7]);
    assert_eq!(page(Some(4), 9), [5, 7, 9]);
    assert_eq!((page(Some(9), 2), page(None, 0)), (vec![], vec![]));
}
