//! A proof is worth as much as the credential behind it: between the first step of a sign-in and the last,
//! and between two sign-ins of one browser.

use std::net::Ipv4Addr;

use http::StatusCode;

use crate::portal::testing::{Browser, Gate, PASSWORD};

/// A browser that has proved everything but not yet come to the page that makes the session.
async fn before_the_last_step(gate: &Gate) -> Browser {
    let mut browser = gate.browser();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let answer = browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code())]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    browser
}

async fn assert_begins_anew(gate: &Gate, browser: &mut Browser, at: &str) {
    let answer = browser.get(at).await;
    assert!(answer.body.contains("current-password"), "{} {}", answer.status, answer.body);
    assert!(!browser.cookies.contains_key("__Host-sekisho"));
    assert!(gate.at.core.sessions().of_user(gate.alice.id()).is_empty());
}

#[tokio::test]
async fn a_password_changed_meanwhile_opens_nothing_t25() {
    let gate = Gate::open().await;
    let mut browser = before_the_last_step(&gate).await;
    gate.at.core.passwords().set(gate.alice.id(), "a better horse battery".into()).await.unwrap();
    gate.at.core.sessions().revoke_user(gate.alice.id(), None).await.unwrap();
    assert_begins_anew(&gate, &mut browser, "/sign-in").await;
}

#[tokio::test]
async fn an_authenticator_replaced_meanwhile_opens_nothing_t36() {
    let gate = Gate::open().await;
    let mut browser = before_the_last_step(&gate).await;
    let (_shown, drawn) = gate.at.core.totps().draw(gate.alice.id()).unwrap();
    gate.at.core.totps().adopt(gate.alice.id(), &drawn).await.unwrap();
    assert_begins_anew(&gate, &mut browser, "/sign-in").await;
}

#[tokio::test]
async fn a_browser_forgotten_meanwhile_opens_nothing_r032() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let (id, _state) = gate.departure("vault", "/").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &id)]).await;
    browser.post("/sign-in/browser", &[("method", "totp"), ("code", &gate.code()), ("for", &id)]).await;
    let registered = gate.at.core.browsers().of_user(gate.alice.id());
    gate.at.core.revoke_browser(registered[0].id).await.unwrap();
    assert_begins_anew(&gate, &mut browser, &format!("/sign-in?for={id}")).await;
}

#[tokio::test]
async fn getting_stronger_changes_the_cookie_and_keeps_the_session_t26() {
    let gate = Gate::with("[portal.demands]\notp = { mode = \"off\" }\n").await;
    let mut browser = gate.browser();
    let before_any = browser.get("/sign-in").await;
    assert!(before_any.status.is_success());
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(browser.get("/sign-in").await.location(), "/");
    let (weak, session) = (browser.cookies["__Host-sekisho"].clone(), gate.at.core.sessions().of_user(gate.alice.id())[0].id());
    let wiki = gate.at.core.sessions().by_id(session).unwrap();
    let wiki = gate.at.core.sessions().admit(&wiki, "wiki", None, None).await.unwrap();
    // The vault asks for a registered browser and a code on top.
    let (id, state) = gate.departure("vault", "/safe").await;
    assert!(browser.get(&format!("/sign-in?for={id}")).await.body.contains("action=\"/sign-in/browser\""));
    browser.post("/sign-in/browser", &[("method", "totp"), ("code", &gate.code()), ("for", &id)]).await;
    let onward = browser.get(&format!("/sign-in?for={id}")).await;
    assert_eq!(gate.arrives(onward.location(), "vault", &state).await, "/safe");
    let strong = browser.cookies["__Host-sekisho"].clone();
    assert_ne!(weak, strong);
    let sessions = &gate.at.core.sessions();
    assert!(sessions.find(crate::session::PORTAL, &weak).is_none(), "the cookie from before is dead");
    assert_eq!(sessions.find(crate::session::PORTAL, &strong).unwrap().session.id(), session);
    assert!(sessions.find("wiki", wiki.text()).is_some(), "what goes on elsewhere is not cut off");
    let registered = gate.at.core.browsers().of_user(gate.alice.id());
    gate.at.core.revoke_browser(registered[0].id).await.unwrap();
    assert!(sessions.by_id(session).is_none(), "a session that leans on a browser ends with it");
}

#[tokio::test]
async fn whoever_signs_in_where_another_was_signed_in_ends_that_session_t26() {
    let gate = Gate::with("[portal.demands]\notp = { mode = \"off\" }\n").await;
    let bob = gate.at.user("bob").await;
    gate.at.core.passwords().set(bob.id(), PASSWORD.into()).await.unwrap();
    let mut browser = gate.browser();
    for name in ["alice", "bob"] {
        browser.post("/sign-in/password", &[("user", name), ("password", PASSWORD)]).await;
        assert_eq!(browser.get("/sign-in").await.location(), "/");
    }
    assert!(gate.at.core.sessions().of_user(gate.alice.id()).is_empty());
    assert_eq!(gate.at.core.sessions().of_user(bob.id()).len(), 1);
}

#[tokio::test]
async fn a_code_that_check_6_does_not_take_registers_no_browser_a08() {
    let strict = r#"
[[app]]
name = "safe"
url = "https://safe.example.com"
upstream = ["http://127.0.0.1:8082"]
demands.primary_factor = {}
demands.cookie = {}
demands.otp = { methods = ["totp"] }
"#;
    let gate = Gate::with(strict).await;
    let codes = gate.at.core.recovery_codes().renew(gate.alice.id()).await.unwrap();
    let code = secrecy::ExposeSecret::expose_secret(&codes[0]).to_owned();
    let mut browser = gate.browser();
    let (id, _state) = gate.departure("safe", "/").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &id)]).await;
    browser.post("/sign-in/browser", &[("method", "recovery_code"), ("code", &code), ("for", &id)]).await;
    assert!(gate.at.core.browsers().of_user(gate.alice.id()).is_empty());
    assert_eq!(gate.at.core.recovery_codes().left(gate.alice.id()).await.unwrap(), 10, "the code is not used up");
    let page = browser.get(&format!("/sign-in?for={id}")).await;
    assert!(page.body.contains("one-time-code") && !page.body.contains("recovery_code"), "{}", page.body);
}

#[tokio::test]
async fn whoever_has_a_second_factor_proves_it_before_any_act_t36() {
    let gate = Gate::with("[portal.demands]\notp = { mode = \"off\" }\n").await;
    let mut browser = gate.browser();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(browser.get("/sign-in").await.location(), "/");
    let others = "/account/sessions/revoke-others";
    assert_eq!(browser.post(others, &[]).await.status, StatusCode::FORBIDDEN);
    let goal = "/sign-in?for=%2Faccount%2Fsessions";
    assert!(browser.get(goal).await.body.contains("one-time-code"), "the password is fresh, the code is missing");
    browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code()), ("for", "/account/sessions")]).await;
    assert_eq!(browser.get(goal).await.location(), "/account/sessions");
    assert!(browser.post(others, &[]).await.location().starts_with("/account/sessions?done=others-ended"));
}

#[tokio::test]
async fn a_new_network_and_a_new_browser_are_told_to_the_user() {
    let gate = Gate::open().await;
    let email = Some(Some("alice@example.com".to_owned()));
    let change = crate::account::users::ProfileChange { email, ..Default::default() };
    gate.at.core.users().change(gate.alice.id(), change).await.unwrap();
    let subjects = async || {
        let messages = gate.at.core.outbox().list().await.unwrap();
        messages.into_iter().map(|message| message.subject).collect::<Vec<_>>()
    };
    gate.signed_in().await;
    gate.signed_in().await;
    assert!(subjects().await.is_empty(), "the first network is not a new one");
    let mut browser = gate.browser();
    browser.address = Ipv4Addr::new(198, 51, 100, 9).into();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert!(subjects().await.is_empty(), "no notice before the last check");
    browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code())]).await;
    browser.get("/sign-in").await;
    assert_eq!(subjects().await, ["A sign-in from a new place / 新しい場所からのサインイン"]);
    let (id, _state) = gate.departure("vault", "/").await;
    browser.post("/sign-in/browser", &[("method", "totp"), ("code", &gate.code()), ("for", &id)]).await;
    assert!(subjects().await.contains(&"A browser was registered / ブラウザが登録されました".to_owned()));
    // A registered browser may travel.
    browser.address = Ipv4Addr::new(203, 0, 113, 9).into();
    browser.get(&format!("/sign-in?for={id}")).await;
    browser.post("/sign-out", &[("scope", "here")]).await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code())]).await;
    assert_eq!(browser.get("/sign-in").await.location(), "/");
    assert_eq!(subjects().await.len(), 2);
}
