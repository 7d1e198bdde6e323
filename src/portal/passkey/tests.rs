//! The pages of a sign-in by passkey, through the whole router.

use http::StatusCode;
use serde_json::Value;

use crate::factor::passkey::PasskeyAnswer;
use crate::factor::passkey::testing::{SoftKey, VERIFIED};
use crate::portal::testing::{Browser, Gate, PASSWORD};

/// The portal takes a passkey at checks 4 and 6.
const TAKES: &str =
    "[portal.demands]\nprimary_factor = { methods = [\"password\", \"passkey\"] }\notp = { methods = [\"totp\", \"passkey\"] }\n";

async fn gate(more: &str) -> (Gate, SoftKey) {
    let gate = Gate::with(more).await;
    let mut key = SoftKey::new(1);
    let passkeys = gate.at.core.passkeys();
    let ceremony = passkeys.begin_registration(gate.alice.id(), "", "a test").await.unwrap();
    let made = key.create(&ceremony.options);
    let answer = PasskeyAnswer { place: "a test", ceremony: &ceremony.id, credential: &made };
    passkeys.register(gate.alice.id(), answer, "key").await.unwrap();
    (gate, key)
}

async fn challenge(browser: &mut Browser) -> (String, Value) {
    let answer = browser.post("/sign-in/passkey/options", &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let drawn: Value = serde_json::from_str(&answer.body).unwrap();
    (drawn["id"].as_str().unwrap().to_owned(), drawn["options"].clone())
}

async fn touch(browser: &mut Browser, key: &mut SoftKey) -> crate::portal::testing::Answer {
    let (id, options) = challenge(browser).await;
    browser.post("/sign-in/passkey", &[("ceremony", &id), ("credential", &key.get(&options))]).await
}

#[tokio::test]
async fn one_gesture_opens_the_portal_at_checks_4_and_6_a_61() {
    let (gate, mut key) = gate(TAKES).await;
    let mut browser = gate.browser();
    let page = browser.get("/sign-in").await;
    assert!(page.body.contains("username webauthn") && page.body.contains("<noscript>"), "{}", page.body);
    assert!(page.body.contains("current-password"), "the other way stands beside it");
    let answer = touch(&mut browser, &mut key).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(browser.get("/sign-in").await.location(), "/");
    assert_eq!(browser.get("/account/passkeys/add").await.status, StatusCode::OK, "two factors, and fresh");
}

#[tokio::test]
async fn where_check_6_takes_no_passkey_a_code_is_asked_for_a_61() {
    let demands = "[portal.demands]\nprimary_factor = { methods = [\"passkey\"] }\n";
    let (gate, mut key) = gate(demands).await;
    let mut browser = gate.browser();
    let page = browser.get("/sign-in").await;
    assert!(page.body.contains("data-passkey=\"use\"") && !page.body.contains("current-password"), "{}", page.body);
    assert_eq!(touch(&mut browser, &mut key).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/sign-in").await.body.contains("one-time-code"));
    assert!(!browser.cookies.contains_key("__Host-sekisho"));
}

#[tokio::test]
async fn a_wrong_code_is_asked_for_again_and_a_passkey_offered_beside_it() {
    let (gate, _key) = gate(TAKES).await;
    let mut browser = gate.browser();
    browser.get("/sign-in").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    // Of the two the policy names the code first; another one names the passkey first.
    let page = browser.get("/sign-in").await;
    assert!(page.body.contains("one-time-code") && page.body.contains("method=passkey"), "{}", page.body);
    let page = browser.get("/sign-in?method=passkey").await;
    assert!(page.body.contains("data-passkey=\"use\"") && page.body.contains("method=totp"), "{}", page.body);
    let passkey_first = TAKES.replace("[\"totp\", \"passkey\"]", "[\"passkey\", \"totp\"]");
    let (other, _key) = self::gate(&passkey_first).await;
    let mut second = other.browser();
    second.get("/sign-in").await;
    second.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let page = second.get("/sign-in").await;
    assert!(page.body.contains("data-passkey=\"use\"") && page.body.contains("method=totp"), "{}", page.body);
    let wrong = browser.post("/sign-in/otp", &[("method", "totp"), ("code", "000000")]).await;
    assert!(wrong.status == StatusCode::UNAUTHORIZED && wrong.body.contains("one-time-code"), "{}", wrong.body);
}

#[tokio::test]
async fn an_authenticator_that_verified_nobody_is_told_so_and_opens_nothing_w7() {
    let (gate, mut key) = gate(TAKES).await;
    let mut browser = gate.browser();
    browser.get("/sign-in").await;
    key.flags = 0x01;
    let answer = touch(&mut browser, &mut key).await;
    assert!(answer.status == StatusCode::UNAUTHORIZED && answer.body.contains("did not check that it is you"), "{}", answer.body);
    key.flags = VERIFIED;
    assert_eq!(touch(&mut browser, &mut key).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn no_challenge_is_drawn_where_none_is_asked_for_or_no_cookie_is_kept() {
    let (closed, _) = gate("").await;
    let mut browser = closed.browser();
    browser.get("/sign-in").await;
    assert_eq!(browser.post("/sign-in/passkey/options", &[]).await.status, StatusCode::CONFLICT, "no policy takes one");
    let (open, _) = gate(TAKES).await;
    let mut without = open.browser();
    assert_eq!(without.post("/sign-in/passkey/options", &[]).await.status, StatusCode::CONFLICT, "no cookie");
    assert_eq!(without.get("/sign-in/passkey").await.location(), "/sign-in", "a reload leads to the step");
}

#[tokio::test]
async fn strangers_draw_so_many_challenges_and_no_more() {
    let (gate, _) = gate(TAKES).await;
    let mut browser = gate.browser();
    browser.get("/sign-in").await;
    let network =
        format!("passkeys_asked/{}", crate::facts::client_address::ClientAddress::new(browser.address).counting_network());
    gate.at.core.shared().count(&network, 2999, std::time::Duration::from_secs(600)).await.unwrap();
    assert_eq!(browser.post("/sign-in/passkey/options", &[]).await.status, StatusCode::OK);
    assert_eq!(browser.post("/sign-in/passkey/options", &[]).await.status, StatusCode::TOO_MANY_REQUESTS);
    // A user who proved the password already is nobody's stranger.
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(browser.post("/sign-in/passkey/options", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_removed_passkey_ends_what_it_opened_but_the_acting_session() {
    let (gate, mut key) = gate(TAKES).await;
    let (mut here, mut there) = (gate.browser(), gate.browser());
    for browser in [&mut here, &mut there] {
        browser.get("/sign-in").await;
        touch(browser, &mut key).await;
        browser.get("/sign-in").await;
        assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    }
    let id = gate.at.core.passkeys().of_user(gate.alice.id()).await.unwrap()[0].id.text();
    let answer = here.post("/account/passkeys/remove", &[("id", &id)]).await;
    assert_eq!(answer.location(), "/account/passkeys?done=passkey-removed", "{}", answer.body);
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER, "signed out");
    assert_eq!(here.get("/account/passkeys?done=passkey-removed").await.status, StatusCode::OK);
    assert_eq!(here.post("/account/passkeys/remove", &[("id", &id)]).await.status, StatusCode::NOT_FOUND);
}
