//! The ways in which a browser is registered, as tests.

use std::time::Duration;

use super::application::{ApplicationState, AppliedFor};
use super::{Registration, ShownBrowser};
use crate::clock::Clock as _;
use crate::core::consequences::Gone;
use crate::core::testing::TestCore;
use crate::factor::browser::verify;
use crate::facts::client_address::ClientAddress;
use crate::principal::method::{CredentialId, Method, Methods};
use crate::principal::user::UserId;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn here() -> ClientAddress {
    ClientAddress::new("192.0.2.7".parse().unwrap())
}

fn of(way: Method) -> Methods {
    Methods::of(&[way])
}

/// Registers a browser of alice by an administrator; its cookie.
async fn approved(test: &TestCore, cookie: Option<&str>) -> String {
    let (browsers, alice) = (test.core.browsers(), UserId::parse("alice").unwrap());
    let said = AppliedFor { name: "laptop", note: "", agent: "Firefox", address: here() };
    let (application, cookie) = browsers.apply(&alice, ShownBrowser { cookie, device: None }, said).await.unwrap();
    browsers.approve(application.id, "ann").await.unwrap();
    cookie.text().to_owned()
}

async fn by_code(test: &TestCore, cookie: &str, totp: CredentialId) {
    let alice = UserId::parse("alice").unwrap();
    let by = (Method::BrowserByOtp, Some((Method::Totp, totp)));
    let shown = ShownBrowser { cookie: Some(cookie), device: None };
    test.core.browsers().register_with(&alice, by, shown, "Firefox", here()).await.unwrap();
}

/// The way by which the browser passes a demand for one of these.
async fn passes(test: &TestCore, cookie: &str, accepted: Methods) -> Option<Method> {
    let (alice, now) = (UserId::parse("alice").unwrap(), test.clock.now());
    let shown = ShownBrowser { cookie: Some(cookie), device: None };
    verify(test.core.browsers(), &alice, shown, accepted, now).await.unwrap().map(|proof| proof.method())
}

#[tokio::test]
async fn a_browser_keeps_every_way_in_which_it_was_registered_and_each_as_long_as_it_lasts() {
    let test = TestCore::open().await;
    test.user("alice").await;
    let cookie = approved(&test, None).await;
    test.clock.advance(100 * DAY);
    by_code(&test, &cookie, CredentialId([1; 16])).await;
    for way in [Method::BrowserByAdmin, Method::BrowserByOtp] {
        assert_eq!(passes(&test, &cookie, of(way)).await, Some(way));
    }
    assert_eq!(passes(&test, &cookie, of(Method::BrowserByLink)).await, None);
    let found = |test: &TestCore| -> Registration {
        Registration::clone(&test.core.browsers().find(&UserId::parse("alice").unwrap(), &cookie).unwrap())
    };
    assert_eq!(found(&test).ways_at(test.clock.now()).iter().count(), 2);
    let test = test.crash_and_restart().await;
    for way in [Method::BrowserByAdmin, Method::BrowserByOtp] {
        assert_eq!(passes(&test, &cookie, of(way)).await, Some(way), "after a restart");
    }
    // The code made the registration longer, and not the approval.
    test.clock.advance(81 * DAY);
    assert_eq!(passes(&test, &cookie, of(Method::BrowserByAdmin)).await, None);
    assert_eq!(passes(&test, &cookie, of(Method::BrowserByOtp)).await, Some(Method::BrowserByOtp));
    // And back.
    approved(&test, Some(&cookie)).await;
    for way in [Method::BrowserByAdmin, Method::BrowserByOtp] {
        assert_eq!(passes(&test, &cookie, of(way)).await, Some(way));
    }
}

#[tokio::test]
async fn what_ends_one_way_leaves_the_other() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let core = &test.core;
    let cookie = approved(&test, None).await;
    by_code(&test, &cookie, CredentialId([1; 16])).await;
    core.end_opened_by(alice.id(), Gone::all(Method::Totp), None).await.unwrap();
    assert_eq!(passes(&test, &cookie, of(Method::BrowserByOtp)).await, None);
    assert_eq!(passes(&test, &cookie, Methods::ANY).await, Some(Method::BrowserByAdmin));
    by_code(&test, &cookie, CredentialId([2; 16])).await;
    assert_eq!(core.revoke_browsers_of(alice.id(), Some(Method::BrowserByAdmin)).await.unwrap(), 1);
    let stands = core.browsers().application_of(alice.id(), Some(&cookie)).await.unwrap().unwrap();
    assert_eq!(stands.state, ApplicationState::Revoked);
    assert_eq!(passes(&test, &cookie, Methods::ANY).await, Some(Method::BrowserByOtp));
    let test = test.crash_and_restart().await;
    assert_eq!(passes(&test, &cookie, of(Method::BrowserByAdmin)).await, None);
    assert_eq!(passes(&test, &cookie, Methods::ANY).await, Some(Method::BrowserByOtp));
    // The last one takes the registration along.
    let alice = UserId::parse("alice").unwrap();
    test.core.revoke_browsers_of(&alice, Some(Method::BrowserByOtp)).await.unwrap();
    assert!(test.core.browsers().of_user(&alice).is_empty());
    assert!(test.core.database().rows("SELECT * FROM browser_ways", &[]).await.unwrap().is_empty());
}
