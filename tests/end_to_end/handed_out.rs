//! From the page that refused a user without a certificate to the app: the user fetches the file at the portal, installs it
//! with the passphrase from the administrator, and passes; and a certificate is followed by another without a gap.

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sekisho::certificate::container::ContainerEncryption;
use sekisho::certificate::order::CertificateName;
use sekisho::clock::{Clock as _, Timestamp};
use sekisho::core::issuing::{Issuance, IssueError, IssueOrder, KeySource};
use sekisho::core::renewal::RenewalError;
use sekisho::principal::certificate::{Fingerprint, Holder};
use sekisho::principal::user::UserId;

use crate::support::{Browser, World};

const BY_BOTH: &str = "[app.demands.client_certificate]\ntrust = [\"world\"]\n[app.demands.primary_factor]\n";
const OFFICE: &str = "[certificates]\ndemands.ip_restriction = { allow = [\"127.0.0.0/8\"] }\n";
const DAY: i64 = 86_400_000;

async fn world(more: &str) -> World {
    let world = World::with(&[("desk", BY_BOTH)], more).await;
    let core = world.server.core();
    core.authority().create("World").await.unwrap();
    core.publish_authority().await;
    let folder = world.folder.path();
    std::fs::write(folder.join("authority.pem"), core.authority().anchors()).unwrap();
    world.server.reload(&folder.join("sekisho.toml")).unwrap();
    world
}

/// Orders one for Alice, from so many days after now to so many.
async fn order(world: &World, from: i64, until: i64, renews: Option<Fingerprint>) -> Result<Issuance, IssueError> {
    let now = world.clock.now().millis();
    let order = IssueOrder {
        name: CertificateName::parse("phone").unwrap(),
        holder: Holder::User(UserId::parse("alice").unwrap()),
        from: Timestamp::from_millis(now + from * DAY),
        until: Timestamp::from_millis(now + until * DAY),
        enabled: true,
        request: None,
        key: KeySource::Made(ContainerEncryption::Modern),
        renews,
    };
    world.server.core().issue_certificate(order).await
}

/// A browser that has the certificate of a container.
fn install(world: &World, container: &[u8], passphrase: &str) -> Browser {
    let store = KeyStore::from_pkcs12(container, passphrase, Pkcs12ImportPolicy::Strict).unwrap();
    let (_, chain) = store.private_key_chain().unwrap();
    let certificates = chain.certs().iter().map(|one| CertificateDer::from(one.as_der().to_vec())).collect();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(chain.key().as_der().to_vec()));
    Browser::new(world.authority.der(), Some((certificates, key)))
}

/// The container in a configuration profile.
fn container(profile: &str) -> Vec<u8> {
    let read = plist::Value::from_reader_xml(profile.as_bytes()).unwrap();
    let parts = read.as_dictionary().unwrap()["PayloadContent"].as_array().unwrap();
    parts[0].as_dictionary().unwrap()["PayloadContent"].as_data().unwrap().to_vec()
}

#[tokio::test]
async fn who_is_refused_without_a_certificate_fetches_it_at_the_portal_and_passes_with_it_r_233_r_234_r_235_r_236() {
    let world = world(OFFICE).await;
    let alice = world.person("alice").await;
    let issued = order(&world, 0, 300, None).await.unwrap();
    let passphrase = issued.passphrase.as_ref().unwrap().text().to_owned();
    let mut browser = world.browser();
    let refused = browser.get(&world.url("desk", "/")).await;
    assert!(refused.status == 403 && refused.body.contains("certificate_missing"), "{refused:?}");
    let help = world.url("auth", "/help/certificates");
    assert!(refused.body.contains(&format!("href=\"{help}\"")), "it leads to the help at the portal: {refused:?}");
    let help = browser.get(&help).await;
    assert!(help.status == 200 && help.body.contains("href=\"/account/certificates\""), "{help:?}");
    let page = browser.sign_in(&world.url("auth", "/account/certificates"), &alice).await;
    assert!(page.status == 200 && page.body.contains("phone"), "{page:?}");
    assert!(!page.body.contains(&passphrase) && !help.body.contains(&passphrase));
    let file = |form| world.url("auth", &format!("/account/certificates/{}/{form}", issued.entry.fingerprint.text()));
    let p12 = browser.get(&file("p12")).await;
    assert_eq!((p12.status, p12.header("content-type")), (200, Some("application/x-pkcs12")));
    assert_eq!(p12.header("cache-control"), Some("no-store"));
    let profile = browser.get(&file("mobileconfig")).await;
    assert_eq!((profile.status, profile.header("content-type")), (200, Some("application/x-apple-aspen-config")));
    let container = container(&profile.body);
    assert_eq!(container, issued.container);
    assert!(
        KeyStore::from_pkcs12(&container, "", Pkcs12ImportPolicy::Strict).is_err(),
        "without the passphrase nothing opens it"
    );
    let mut phone = install(&world, &container, &passphrase);
    let passed = phone.sign_in(&world.url("desk", "/"), &alice).await;
    assert_eq!((passed.status, passed.url), (200, world.url("desk", "/")));
}

#[tokio::test]
async fn off_the_networks_of_the_page_nothing_is_fetched_and_the_rest_of_the_portal_is_open_r_233() {
    let elsewhere = "[certificates]\ndemands.ip_restriction = { allow = [\"192.0.2.0/24\"] }\n";
    let world = world(elsewhere).await;
    let alice = world.person("alice").await;
    let issued = order(&world, 0, 300, None).await.unwrap();
    let mut browser = world.browser();
    assert_eq!(browser.sign_in(&world.url("auth", "/account"), &alice).await.status, 200);
    let file = format!("/account/certificates/{}/p12", issued.entry.fingerprint.text());
    for path in ["/account/certificates", &file] {
        let refused = browser.get(&world.url("auth", path)).await;
        assert!(refused.status == 403 && refused.body.contains("address_not_allowed"), "{path}: {refused:?}");
    }
}

#[tokio::test]
async fn one_certificate_follows_another_and_both_count_while_they_overlap_r_249_r_252_r_253() {
    let world = world("").await;
    let alice = world.person("alice").await;
    let desk = world.url("desk", "/");
    let old = order(&world, 0, 30, None).await.unwrap();
    let before = Some(old.entry.fingerprint);
    for (from, until, refused) in [(31, 60, "gap"), (0, 29, "shorter")] {
        let error = order(&world, from, until, before).await.unwrap_err();
        let IssueError::Renewal(why) = error else { panic!("{error}") };
        let fits = match refused {
            "gap" => matches!(&why, RenewalError::Gap { .. }) && why.to_string().contains("choose an earlier first day"),
            _ => matches!(&why, RenewalError::NoLonger(_)) && why.to_string().contains("choose a later last day"),
        };
        assert!(fits, "{refused}: {why}");
    }
    let new = order(&world, 20, 60, before).await.unwrap();
    let browser = |issued: &Issuance| install(&world, &issued.container, issued.passphrase.as_ref().unwrap().text());
    let (mut with_old, mut with_new) = (browser(&old), browser(&new));
    // Before the overlap the old one alone counts, in it both do, behind it the new one alone.
    for (day, by_old, by_new) in [(0, "", "certificate_not_yet_valid"), (25, "", ""), (40, "certificate_expired", "")] {
        let passed = world.clock.now().millis() / DAY;
        let start = old.entry.added_at.millis() / DAY;
        world.advance(u64::try_from((start + day - passed) * DAY / 1000).unwrap());
        for (one, code) in [(&mut with_old, by_old), (&mut with_new, by_new)] {
            for host in ["desk.test", "auth.test"] {
                one.forget_cookies(host);
            }
            let answer = if code.is_empty() { one.sign_in(&desk, &alice).await } else { one.get(&desk).await };
            assert_eq!(answer.status == 200, code.is_empty(), "day {day}: {answer:?}");
            assert!(answer.body.contains(code), "day {day}: {answer:?}");
        }
    }
    let revoked = world.server.core().revoke_certificates(&[new.entry.fingerprint]).await;
    assert!(revoked.is_ok());
    let error = order(&world, 0, 90, Some(new.entry.fingerprint)).await.unwrap_err();
    assert!(
        matches!(&error, IssueError::Renewal(RenewalError::Revoked)) && error.to_string().contains("issue another"),
        "{error}"
    );
    let error = order(&world, 0, 90, before).await.unwrap_err();
    assert!(matches!(&error, IssueError::Renewal(RenewalError::Ended(_))), "{error}");
}
