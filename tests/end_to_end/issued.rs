//! Certificates that the gateway issues itself, shown to its TLS port.

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sekisho::certificate::container::ContainerEncryption;
use sekisho::certificate::order::CertificateName;
use sekisho::certificate::result::{CertificateOutcome, CertificateResultQuery};
use sekisho::clock::{Clock as _, Timestamp};
use sekisho::core::issuing::{IssueOrder, KeySource};
use sekisho::principal::certificate::{Fingerprint, Holder};
use sekisho::principal::certificate_setting::CertificateSetting;
use sekisho::principal::user::{GroupName, UserId};

use crate::support::{Browser, World};

const BY_CERTIFICATE: &str =
    "[app.demands.client_certificate]\ntrust = [\"world\"]\n[app.demands.primary_factor]\nmode = \"off\"\n";
const BY_BOTH: &str = "[app.demands.client_certificate]\ntrust = [\"world\"]\n[app.demands.primary_factor]\n";
pub const DAY: i64 = 86_400_000;

/// A world whose gateway trusts what it issues.
async fn world() -> World {
    let world = World::with(&[("vault", BY_CERTIFICATE), ("desk", BY_BOTH)], "").await;
    let core = world.server.core();
    core.authority().create("World").await.unwrap();
    core.publish_authority().await;
    trust(&world);
    world
}

/// Puts the anchors that the gateway wrote into the bundle that its config names.
pub fn trust(world: &World) {
    let folder = world.folder.path();
    std::fs::write(folder.join("authority.pem"), world.server.core().authority().anchors()).unwrap();
    world.server.reload(&folder.join("sekisho.toml")).unwrap();
}

/// Issues one from yesterday to tomorrow, and a browser that has it.
pub async fn issue(world: &World, holder: Holder) -> (Fingerprint, Browser) {
    let now = world.clock.now().millis();
    let order = IssueOrder {
        name: CertificateName::parse("phone").unwrap(),
        holder,
        from: Timestamp::from_millis(now - DAY),
        until: Timestamp::from_millis(now + DAY),
        enabled: true,
        request: None,
        key: KeySource::Made(ContainerEncryption::Modern),
        renews: None,
    };
    let issued = world.server.core().issue_certificate(order).await.unwrap();
    let passphrase = issued.passphrase.unwrap();
    let store = KeyStore::from_pkcs12(&issued.container, passphrase.text(), Pkcs12ImportPolicy::Strict).unwrap();
    let (_, chain) = store.private_key_chain().unwrap();
    let certificates = chain.certs().iter().map(|one| CertificateDer::from(one.as_der().to_vec())).collect();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(chain.key().as_der().to_vec()));
    let browser = Browser::new(world.authority.der(), Some((certificates, key))).with_header("accept", "application/json");
    (issued.entry.fingerprint, browser)
}

#[tokio::test]
async fn a_certificate_counts_if_it_is_on_its_user_is_on_and_it_is_in_its_period_eight_rows_r_231() {
    let world = world().await;
    world.person("alice").await;
    let alice = UserId::parse("alice").unwrap();
    let core = world.server.core();
    let (which, mut browser) = issue(&world, Holder::User(alice.clone())).await;
    let now = world.clock.now().millis();
    let vault = world.url("vault", "/");
    for row in 0..8 {
        let (enabled, switch, in_period) = (row & 1 == 0, row & 2 == 0, row & 4 == 0);
        let setting = if switch { CertificateSetting::Accepted } else { CertificateSetting::Refused };
        core.switch_certificate(which, enabled).await.unwrap();
        core.set_certificates_of(&alice, setting).await.unwrap();
        let until = Timestamp::from_millis(if in_period { now + DAY / 2 } else { now - 1 });
        core.certificates().set_dates(which, (None, Some(until))).await.unwrap();
        let answer = browser.get(&vault).await;
        let expected = match (enabled, switch, in_period) {
            (true, true, true) => "",
            (_, _, false) => "certificate_expired",
            (false, _, true) => "certificate_disabled",
            (true, false, true) => "certificate_switch_off",
        };
        assert_eq!(answer.status == 200, expected.is_empty(), "{enabled} {switch} {in_period}: {answer:?}");
        if !expected.is_empty() {
            assert_eq!(answer.code(), expected, "{enabled} {switch} {in_period}");
        }
    }
}

#[tokio::test]
async fn how_the_check_ended_for_whom_and_why_is_listed_for_administrators_r_241_r_242() {
    let observed = "[app.demands.client_certificate]\nmode = \"observe\"\ntrust = [\"world\"]\n[app.demands.primary_factor]\n";
    let world = World::with(&[("vault", BY_CERTIFICATE), ("desk", BY_BOTH), ("lobby", observed)], "").await;
    let core = world.server.core();
    core.authority().create("World").await.unwrap();
    core.publish_authority().await;
    trust(&world);
    let (alice, bob) = (world.person("alice").await, world.person("bob").await);
    let (which, mut phone) = issue(&world, Holder::User(alice.user.clone())).await;
    for enabled in [true, false] {
        core.switch_certificate(which, enabled).await.unwrap();
        phone.get(&world.url("vault", "/")).await;
    }
    // Signed in, and without a certificate at an app that only observes: the one who would be shut out is known by name.
    let mut without = world.browser();
    assert_eq!(without.sign_in(&world.url("lobby", "/"), &bob).await.status, 200);
    // Nobody is known here, so nobody is listed.
    assert_eq!(world.browser().get(&world.url("vault", "/")).await.status, 403);
    let query = CertificateResultQuery { limit: 100, ..CertificateResultQuery::default() };
    let mut listed: Vec<_> = core.certificates().results().list(&query).await.unwrap().into_iter().map(|(one, _)| one).collect();
    listed.sort_by_key(|one| (one.user.clone(), one.reason.clone()));
    let words: Vec<_> = listed.iter().map(|one| (one.user.as_str(), one.outcome, one.reason.as_str(), &*one.app)).collect();
    let expected = [
        ("alice", CertificateOutcome::Passed, "", "vault"),
        ("alice", CertificateOutcome::Refused, "certificate_disabled", "vault"),
        ("bob", CertificateOutcome::WouldBeRefused, "certificate_missing", "lobby"),
    ];
    assert_eq!(words, expected);
    assert_eq!((listed[0].fingerprint, listed[0].subject.contains("phone"), listed[2].fingerprint), (Some(which), true, None));
    // The same requests again add nothing; after some minutes they are noted again.
    world.clock.advance(std::time::Duration::from_secs(600));
    without.get(&world.url("lobby", "/")).await;
    let again = core.certificates().results().list(&query).await.unwrap();
    assert_eq!(again.len(), 3);
    let (bobs, _) = again.iter().find(|(one, _)| one.user == bob.user).unwrap();
    assert_eq!(bobs.last_at.since(bobs.first_at).as_secs(), 600);
}

#[tokio::test]
async fn what_is_revoked_is_refused_at_the_next_request_of_the_same_connection_and_listed_for_others() {
    let world = world().await;
    world.person("alice").await;
    let core = world.server.core();
    let (which, mut browser) = issue(&world, Holder::User(UserId::parse("alice").unwrap())).await;
    assert_eq!(browser.get(&world.url("vault", "/")).await.status, 200);
    core.revoke_certificates(&[which]).await.unwrap();
    let refused = browser.get(&world.url("vault", "/")).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "certificate_revoked"));
    // The page says what happened in words.
    browser.headers.clear();
    let page = browser.get(&world.url("vault", "/")).await;
    assert!(page.status == 403 && page.body.contains("certificate_revoked"), "{page:?}");
    let key = core.authority().signing().unwrap();
    let mut anybody = world.browser();
    let list = anybody.get(&world.url("auth", &format!("/.well-known/sekisho/{}.crl", key.id))).await;
    assert_eq!((list.status, list.header("content-type")), (200, Some("application/pkix-crl")));
    let anchors = anybody.get(&world.url("auth", "/.well-known/sekisho/anchors.pem")).await;
    assert_eq!(anchors.body, core.authority().anchors());
    assert_eq!(anybody.get(&world.url("auth", "/.well-known/sekisho/other.crl")).await.status, 404);
}

#[tokio::test]
async fn the_key_before_stays_trusted_when_the_authority_is_renewed_r_249_r_253() {
    let world = world().await;
    world.person("alice").await;
    let alice = Holder::User(UserId::parse("alice").unwrap());
    let (_, mut old) = issue(&world, alice.clone()).await;
    world.server.core().authority().renew().await.unwrap();
    world.server.core().publish_authority().await;
    trust(&world);
    let (_, mut new) = issue(&world, alice).await;
    for browser in [&mut old, &mut new] {
        assert_eq!(browser.get(&world.url("vault", "/")).await.status, 200);
    }
}

#[tokio::test]
async fn a_groups_certificate_lets_its_members_sign_in_and_nobody_else_a_24() {
    let world = world().await;
    let (alice, bob) = (world.person("alice").await, world.person("bob").await);
    let staff = GroupName::parse("staff").unwrap();
    let core = world.server.core();
    core.groups().add(staff.clone(), None).await.unwrap();
    core.users().set_groups(&alice.user, vec![staff.clone()]).await.unwrap();
    let (_, mut browser) = issue(&world, Holder::Group(staff)).await;
    browser.headers.clear();
    let page = browser.sign_in(&world.url("desk", "/"), &bob).await;
    // As with a wrong password, so that nobody learns whose certificate it is.
    assert_eq!(page.status, 401, "{page:?}");
    assert!(browser.cookie("desk.test", "__Host-sekisho").is_none() && browser.cookie("auth.test", "__Host-sekisho").is_none());
    for host in ["desk.test", "auth.test"] {
        browser.forget_cookies(host);
    }
    assert_eq!(browser.sign_in(&world.url("desk", "/"), &alice).await.status, 200);
}

#[tokio::test]
async fn a_page_of_its_own_says_why_a_certificate_did_not_do_and_what_to_do_r_240() {
    let world = world().await;
    world.person("alice").await;
    let alice = UserId::parse("alice").unwrap();
    let core = world.server.core();
    let (which, mut browser) = issue(&world, Holder::User(alice.clone())).await;
    browser.headers.clear();
    let now = world.clock.now().millis();
    let vault = world.url("vault", "/");
    let set = async |from: i64, until: i64| {
        let dates = (Some(Timestamp::from_millis(now + from)), Some(Timestamp::from_millis(now + until)));
        core.certificates().set_dates(which, dates).await.unwrap();
    };
    let mut shown = async |code: &str| {
        let page = browser.get(&vault).await;
        assert_eq!(page.status, 403, "{code}: {page:?}");
        for words in ["<h1>", "What to do", &format!("<code>{code}</code>")] {
            assert!(page.body.contains(words), "{code}: no {words}: {page:?}");
        }
    };
    set(DAY / 4, DAY / 2).await;
    shown("certificate_not_yet_valid").await;
    set(-DAY / 2, -1).await;
    shown("certificate_expired").await;
    set(-DAY / 2, DAY / 2).await;
    core.switch_certificate(which, false).await.unwrap();
    shown("certificate_disabled").await;
    core.switch_certificate(which, true).await.unwrap();
    core.set_certificates_of(&alice, CertificateSetting::Refused).await.unwrap();
    shown("certificate_switch_off").await;
    core.set_certificates_of(&alice, CertificateSetting::Accepted).await.unwrap();
    core.revoke_certificates(&[which]).await.unwrap();
    shown("certificate_revoked").await;
    let page = world.browser().get(&vault).await;
    assert!(page.body.contains("<code>certificate_missing</code>") && page.body.contains("What to do"), "{page:?}");
}
