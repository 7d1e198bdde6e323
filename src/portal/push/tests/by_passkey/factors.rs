//! Which factor an approval with a passkey is, and that a phone takes over from it.

use http::StatusCode;
use serde_json::Value;

use super::{BY_PASSKEY, answer, code, gate, gate_with, is, post, question, said, shown, signed};
use crate::approval::testing::Phone;
use crate::portal::push::tests::{PUSH, asks, path, phone};
use crate::portal::testing::PASSWORD;

#[tokio::test]
async fn at_check_6_it_approves_after_a_password_and_not_after_a_passkey_a_61() {
    let config = format!(
        "{PUSH}{}",
        BY_PASSKEY.replace("[\"push\", \"password\"] }\n", "[\"password\", \"passkey\"] }\notp = { methods = [\"push\"] }\n")
    );
    let (gate, mut key) = gate_with(&config).await;
    let mut browser = gate.browser();
    browser.get("/sign-in").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    // Asked as soon as the step is shown, as a phone is.
    let page = browser.get("/sign-in").await;
    let page = if page.location().is_empty() { page } else { browser.get(page.location()).await };
    let asked = code(&page).unwrap_or_else(|| panic!("no code: {}", page.body));
    is(&answer(&gate, &mut key, &asked, "approve").await, 200, "approved");
    browser.get("/sign-in").await;
    browser.get("/sign-in").await;
    assert!(browser.cookies.contains_key("__Host-sekisho"));
    // One authenticator is not two factors where the policy does not say so.
    let mut other = gate.browser();
    other.get("/sign-in").await;
    let drawn = other.post("/sign-in/passkey/options", &[]).await;
    let drawn: Value = serde_json::from_str(&drawn.body).unwrap();
    let credential = key.get(&drawn["options"]);
    let signed =
        other.post("/sign-in/passkey", &[("ceremony", drawn["id"].as_str().unwrap()), ("credential", &credential)]).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.body);
    let page = other.get("/sign-in").await;
    assert!(code(&page).is_none() && page.location().is_empty(), "{}", page.body);
    other.post("/sign-in/push", &[]).await;
    assert!(gate.at.core.approvals().open_of(gate.alice.id()).await.unwrap().is_empty(), "nothing is asked");
    assert!(code(&other.get("/sign-in").await).is_none());
    assert!(!other.cookies.contains_key("__Host-sekisho"));
}

/// Also where an approval by the passkey passed check 4: the same passkey does not approve at check 6.
#[tokio::test]
async fn an_approval_by_a_passkey_at_check_4_is_no_second_factor_a_61() {
    let demands = "primary_factor = { methods = [\"push\"] }\notp = { methods = [\"push\", \"totp\"] }\n";
    let (gate, mut key) = gate_with(&format!("{PUSH}[approval]\nby_passkey = true\n[portal.demands]\n{demands}")).await;
    let mut browser = gate.browser();
    browser.get("/sign-in").await;
    let page = asks(&mut browser, "/", "alice").await;
    let asked = code(&page).unwrap_or_else(|| panic!("no code: {}", page.body));
    is(&answer(&gate, &mut key, &asked, "approve").await, 200, "approved");
    let passed = browser.get(&path("/")).await;
    let page = if passed.location().is_empty() { passed } else { browser.get(passed.location()).await };
    assert!(code(&page).is_none() && page.body.contains("/sign-in/otp"), "the authenticator is asked: {}", page.body);
    browser.post("/sign-in/push", &[]).await;
    assert!(gate.at.core.approvals().open_of(gate.alice.id()).await.unwrap().is_empty(), "nothing is asked");
    assert!(!browser.cookies.contains_key("__Host-sekisho"));
    // Another factor passes it.
    let typed = gate.code();
    assert_eq!(browser.post("/sign-in/otp", &[("method", "totp"), ("code", &typed)]).await.status, StatusCode::SEE_OTHER);
    browser.get("/sign-in").await;
    assert!(browser.cookies.contains_key("__Host-sekisho"));
}

/// What a phone is asked from now on, no code is good for any more.
#[tokio::test]
async fn a_phone_that_is_registered_ends_the_codes_of_its_user() {
    let (gate, mut key) = gate().await;
    let (mut browser, departure, asked) = shown(&gate, "mail").await;
    let signed_before = signed(&gate, &mut key, &said(&gate, &asked, "approve").await).await;
    phone(&gate).await;
    assert_eq!(question(&gate, &asked).await.1["state"], "withdrawn");
    is(&post(&gate, "answer", &signed_before).await, 409, "approval_closed");
    assert!(code(&browser.get(&path(&departure)).await).is_none());
    // Also one that was registered at the very moment, before the codes ended.
    let core = &gate.at.core;
    let slot = core.approvals().approvers.of_user(gate.alice.id()).await.unwrap().remove(0);
    core.approvals().approvers.remove(&slot.approver, gate.alice.id()).await.unwrap();
    let (_, _, asked) = shown(&gate, "mail").await;
    let signed = signed(&gate, &mut key, &said(&gate, &asked, "approve").await).await;
    Phone::registered(core, "alice").await;
    is(&post(&gate, "answer", &signed).await, 409, "approval_closed");
    assert_eq!(question(&gate, &asked).await.1["state"], "withdrawn");
    assert!(core.sessions().of_user(gate.alice.id()).is_empty());
}
