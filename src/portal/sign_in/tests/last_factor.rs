//! Check 6 begins with what its user used last.

use http::StatusCode;
use serde_json::Value;

use crate::approval::testing::Phone;
use crate::factor::passkey::PasskeyAnswer;
use crate::factor::passkey::testing::SoftKey;
use crate::portal::testing::{Answer, Browser, Gate, PASSWORD};
use crate::principal::method::{Method, Methods};

const ALL: &str = "[portal.demands]\notp = { methods = [\"passkey\", \"push\", \"totp\", \"recovery_code\"] }\n";

/// A browser that has passed check 4, and the page of check 6.
async fn after_the_password(gate: &Gate) -> (Browser, Answer) {
    let mut browser = gate.browser();
    browser.get("/sign-in").await;
    let answer = browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = browser.get("/sign-in").await;
    let page = if page.location().is_empty() { page } else { browser.get(page.location()).await };
    (browser, page)
}

fn begins_with(page: &Answer) -> &'static str {
    let is = |text: &str| page.body.contains(text);
    match () {
        () if is("data-passkey=\"use\"") => "passkey",
        () if is("one-time-code") => "code",
        () if is("/sign-in/push/cancel") => "phone",
        () => panic!("{}", page.body),
    }
}

#[tokio::test]
async fn check_6_begins_with_the_method_that_the_user_used_last_and_leads_to_the_others() {
    let gate = Gate::with(ALL).await;
    let core = &gate.at.core;
    core.assign(gate.alice.id(), Methods::of(&[Method::Password, Method::Push, Method::Passkey])).await.unwrap();
    let (mut key, passkeys) = (SoftKey::new(1), core.passkeys());
    let ceremony = passkeys.begin_registration(gate.alice.id(), "", "a test").await.unwrap();
    let made = key.create(&ceremony.options);
    let answer = PasskeyAnswer { place: "a test", ceremony: &ceremony.id, credential: &made };
    passkeys.register(gate.alice.id(), answer, "key").await.unwrap();
    let phone = Phone::registered(core, "alice").await;
    // Nothing used yet: as the policy has it.
    let (mut browser, page) = after_the_password(&gate).await;
    assert_eq!(begins_with(&page), "passkey");
    for other in ["method=totp", "method=push"] {
        assert!(page.body.contains(other), "{other}: {}", page.body);
    }
    // By a code.
    assert_eq!(browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code())]).await.status, StatusCode::SEE_OTHER);
    let (mut browser, page) = after_the_password(&gate).await;
    assert_eq!(begins_with(&page), "code");
    for other in ["method=passkey", "method=push"] {
        assert!(page.body.contains(other), "{other}: {}", page.body);
    }
    assert!(core.approvals().open_of(gate.alice.id()).await.unwrap().is_empty(), "no phone is asked by itself");
    // By the phone, which from then on is asked by itself.
    assert_eq!(browser.post("/sign-in/push", &[]).await.status, StatusCode::SEE_OTHER);
    approve(&gate, &phone).await;
    browser.get("/sign-in").await;
    let (mut browser, page) = after_the_password(&gate).await;
    assert_eq!(begins_with(&page), "phone");
    // By the passkey, in a restarted gateway as well.
    browser.post("/sign-in/push/cancel", &[]).await;
    let drawn = browser.post("/sign-in/passkey/options", &[]).await;
    let drawn: Value = serde_json::from_str(&drawn.body).unwrap();
    let credential = key.get(&drawn["options"]);
    let fields = [("ceremony", drawn["id"].as_str().unwrap()), ("credential", credential.as_str())];
    assert_eq!(browser.post("/sign-in/passkey", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(core.last_factors().of(gate.alice.id()).await.unwrap(), Some(Method::Passkey));
    assert_eq!(begins_with(&after_the_password(&gate).await.1), "passkey");
    // What was used last and is gone does not come first.
    core.last_factors().note(gate.alice.id(), Method::Totp).await.unwrap();
    core.remove_authenticator(gate.alice.id(), None).await.unwrap();
    assert_eq!(begins_with(&after_the_password(&gate).await.1), "passkey");
    // A recovery code stands in for what is lost, and is not what comes first.
    core.last_factors().note(gate.alice.id(), Method::RecoveryCode).await.unwrap();
    assert_eq!(core.last_factors().of(gate.alice.id()).await.unwrap(), Some(Method::Totp));
}

/// Approves what the phone is asked.
async fn approve(gate: &Gate, phone: &Phone) {
    let core = &gate.at.core;
    let question = core.approvals().open_of(gate.alice.id()).await.unwrap().remove(0);
    let answer = phone.answer(&question, "approve", None, core.clock().now());
    let portal = core.config().file.portal.url.clone();
    core.approvals().answer(&phone.key, &question.id, &answer, portal.trim_end_matches('/')).await.unwrap();
}
