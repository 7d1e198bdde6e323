//! What people may do to their own account, and what they may not.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::factor::totp::{Enrolment, code_now};
use crate::facts::client_address::ClientAddress;
use crate::login_protect::LoginProtect;
use crate::portal::testing::{Gate, PASSWORD};

#[tokio::test]
async fn every_account_page_shows_itself_to_its_person_alone() {
    let gate = Gate::open().await;
    let pages = [
        "/account",
        "/account/sessions",
        "/account/browsers",
        "/account/password",
        "/account/authenticator",
        "/account/authenticator/enrol",
        "/account/recovery-codes",
    ];
    let (mut alice, mut nobody) = (gate.signed_in().await, gate.browser());
    for page in pages {
        let answer = alice.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.body);
        assert!(nobody.get(page).await.location().starts_with("/sign-in?for=%2Faccount"), "{page}");
    }
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session_t25() {
    let gate = Gate::open().await;
    let (mut here, mut elsewhere) = (gate.signed_in().await, gate.signed_in().await);
    let new = "a better horse battery";
    let change = |current, new, again| [("current", current), ("new", new), ("again", again)];
    let wrong = here.post("/account/password", &change("not it", new, new)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    gate.at.clock.advance(Duration::from_secs(5));
    for (new, again) in [(new, "another"), ("short", "short"), (PASSWORD, PASSWORD)] {
        let answer = here.post("/account/password", &change(PASSWORD, new, again)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
    }
    assert_eq!(elsewhere.get("/account").await.status, StatusCode::OK);
    let answer = here.post("/account/password", &change(PASSWORD, new, new)).await;
    assert_eq!(answer.location(), "/account?done=password-changed", "{}", answer.body);
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/account").await.status, StatusCode::SEE_OTHER);
    let user = gate.alice.id();
    assert!(gate.at.core.passwords().verify(user, new.into(), LoginProtect::within_a_session()).await.is_ok());
    assert!(gate.at.core.passwords().verify(user, PASSWORD.into(), LoginProtect::within_a_session()).await.is_err());
}

#[tokio::test]
async fn a_password_alone_changes_no_factor_t36() {
    let gate = Gate::with("[portal.demands]\notp = { mode = \"off\" }\n").await;
    gate.at.core.totps().remove(gate.alice.id()).await.unwrap();
    let mut browser = gate.browser();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(browser.get("/sign-in").await.location(), "/");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    assert_eq!(browser.get("/account/authenticator/enrol").await.status, StatusCode::FORBIDDEN);
    let (shown, drawn) = gate.at.core.totps().draw(gate.alice.id()).unwrap();
    let fields = enrolment(&gate, &shown, &drawn);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.post("/account/authenticator/enrol", &fields).await.status, StatusCode::FORBIDDEN);
    assert!(!gate.at.core.totps().has(gate.alice.id()).await.unwrap());
    assert_eq!(browser.post("/account/recovery-codes", &[]).await.status, StatusCode::FORBIDDEN);
    let new = [("current", PASSWORD), ("new", "a better horse battery"), ("again", "a better horse battery")];
    assert_eq!(browser.post("/account/password", &new).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_old_sign_in_changes_nothing_before_a_fresh_one_t36() {
    let gate = Gate::open().await;
    let mut browser = gate.signed_in().await;
    gate.at.clock.advance(Duration::from_secs(11 * 60));
    let answer = browser.get("/account/password").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("/sign-in?for=%2Faccount%2Fpassword"), "{}", answer.body);
    assert_eq!(browser.post("/account/recovery-codes", &[]).await.status, StatusCode::FORBIDDEN);
    let goal = ("for", "/account/password");
    assert!(browser.get("/sign-in?for=%2Faccount%2Fpassword").await.body.contains("current-password"));
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), goal]).await;
    assert!(browser.get("/sign-in?for=%2Faccount%2Fpassword").await.body.contains("one-time-code"));
    browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code()), goal]).await;
    assert_eq!(browser.get("/sign-in?for=%2Faccount%2Fpassword").await.location(), "/account/password");
    assert_eq!(browser.get("/account/password").await.status, StatusCode::OK);
}

/// The fields of an enrolment, as its form sends them.
fn enrolment(gate: &Gate, shown: &Enrolment, drawn: &[u8]) -> [(&'static str, String); 2] {
    [("enrolment", crate::random::base64url(drawn)), ("code", code_now(shown, gate.at.core.clock()).unwrap())]
}

#[tokio::test]
async fn a_new_authenticator_takes_the_place_of_the_old_after_a_code_of_it() {
    let gate = Gate::open().await;
    let mut browser = gate.signed_in().await;
    let page = browser.get("/account/authenticator/enrol").await;
    let field = page.field("enrolment");
    let answer = browser.post("/account/authenticator/enrol", &[("enrolment", &field), ("code", "12")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.field("enrolment"), field, "a mistyped code draws no other key");
    let old = gate.at.core.totps().of_user(gate.alice.id()).await.unwrap().unwrap();
    let shown = gate.at.core.totps().show(gate.alice.id(), &crate::random::from_base64url::<52>(&field).unwrap()).unwrap();
    let code = code_now(&shown, gate.at.core.clock()).unwrap();
    let answer = browser.post("/account/authenticator/enrol", &[("enrolment", &field), ("code", &code)]).await;
    assert_eq!(answer.location(), "/account/authenticator?done=authenticator-added", "{}", answer.body);
    let new = gate.at.core.totps().of_user(gate.alice.id()).await.unwrap().unwrap();
    assert_ne!(old.id, new.id);
    assert!(gate.at.core.totps().verify(gate.alice.id(), &gate.code()).await.is_err(), "the old key is void");
}

#[tokio::test]
async fn an_authenticator_that_a_policy_demands_stays() {
    let gate = Gate::open().await;
    let mut browser = gate.signed_in().await;
    let id = gate.at.core.totps().of_user(gate.alice.id()).await.unwrap().unwrap().id.text();
    assert_eq!(browser.post("/account/authenticator/remove", &[("id", &id)]).await.status, StatusCode::FORBIDDEN);
    assert!(gate.at.core.totps().has(gate.alice.id()).await.unwrap());
}

#[tokio::test]
async fn recovery_codes_are_shown_once_and_the_old_set_is_void() {
    let gate = Gate::open().await;
    let old = gate.at.core.recovery_codes().renew(gate.alice.id()).await.unwrap();
    let mut browser = gate.signed_in().await;
    let answer = browser.post("/account/recovery-codes", &[]).await;
    assert_eq!(answer.body.matches("<li><code>").count(), 10, "{}", answer.body);
    let old = secrecy::ExposeSecret::expose_secret(&old[0]);
    assert!(!answer.body.contains(old));
    assert!(gate.at.core.recovery_codes().verify(gate.alice.id(), old).await.is_err());
}

#[tokio::test]
async fn nobody_ends_a_session_or_forgets_a_browser_of_somebody_else() {
    let gate = Gate::open().await;
    let mut browser = gate.signed_in().await;
    let bob = gate.at.user("bob").await;
    let proved = [(crate::chain::Check::PrimaryFactor, crate::principal::method::Method::Password)];
    let session = gate.at.core.sessions().create(crate::session::life::NewSession {
        user: Arc::clone(&bob),
        evidence: crate::session::evidence_for_tests(bob.id(), &proved, gate.at.core.clock().now()),
        certificate: None,
        browser: None,
        device: None,
        address: ClientAddress::new(browser.address),
        agent: String::new(),
    });
    let id = session.await.unwrap().0.id();
    let way = crate::principal::method::Method::BrowserByOtp;
    let address = ClientAddress::new(browser.address);
    let (registered, _cookie) = gate.at.core.browsers().register(bob.id(), way, None, "", address).await.unwrap();
    assert_eq!(browser.post("/account/sessions/revoke", &[("id", &id.text())]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post("/account/browsers/forget", &[("id", &registered.text())]).await.status, StatusCode::NOT_FOUND);
    assert!(gate.at.core.sessions().by_id(id).is_some());
    assert_eq!(gate.at.core.browsers().of_user(bob.id()).len(), 1);
}

#[tokio::test]
async fn own_sessions_end_one_by_one_or_all_but_this() {
    let gate = Gate::open().await;
    let (mut here, mut second, mut third) = (gate.signed_in().await, gate.signed_in().await, gate.signed_in().await);
    let page = here.get("/account/sessions").await;
    let id = page.field("id");
    assert!(page.body.matches("name=\"id\"").count() == 2, "this one has no button");
    assert_eq!(here.post("/account/sessions/revoke", &[("id", &id)]).await.location(), "/account/sessions?done=session-ended");
    assert_eq!(gate.at.core.sessions().of_user(gate.alice.id()).len(), 2);
    let answer = here.post("/account/sessions/revoke-others", &[]).await;
    assert_eq!(answer.location(), "/account/sessions?done=others-ended&count=1");
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
    for other in [&mut second, &mut third] {
        assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_t25() {
    let gate = Gate::open().await;
    let (mut here, mut elsewhere) = (gate.signed_in().await, gate.signed_in().await);
    assert_eq!(here.post_with("/sign-out", &[("scope", "everywhere")], &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(here.post("/sign-out", &[("scope", "everywhere")]).await.status, StatusCode::OK);
    assert!(!here.cookies.contains_key("__Host-sekisho"));
    assert_eq!(elsewhere.get("/account").await.status, StatusCode::SEE_OTHER);
    assert!(gate.at.core.sessions().of_user(gate.alice.id()).is_empty());
}
