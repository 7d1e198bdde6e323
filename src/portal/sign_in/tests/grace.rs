//! Without a second factor: the time that a policy leaves, for which users it ends, and phones and authenticators that exclude each
//! other.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use crate::portal::push::tests::{answer, call, link, phone};
use crate::portal::testing::{Gate, PASSWORD};
use crate::principal::method::{Method, Methods};
use crate::principal::user::GroupName;

const GRACE: &str = r#"
[[app]]
name = "bank"
url = "https://bank.example.com"
upstream = ["http://127.0.0.1:8082"]
demands.primary_factor = {}
demands.otp = { methods = ["push", "totp"], grace = { lasts = "7d", ends_for = ["approvers"] } }
[[app]]
name = "strict"
url = "https://strict.example.com"
upstream = ["http://127.0.0.1:8083"]
demands.primary_factor = {}
demands.otp = { methods = ["push", "totp"] }
"#;

const DAY: Duration = Duration::from_secs(86_400);

/// A gate where Alice has a password, the right to approve if `approves`, and nothing else.
async fn gate(more: &str, approves: bool) -> Gate {
    let gate = Gate::with(&format!("{GRACE}{more}")).await;
    gate.at.core.assign(gate.alice.id(), Methods::of(&[Method::Push, Method::Password])).await.unwrap();
    gate.at.core.totps().remove(gate.alice.id()).await.unwrap();
    if approves {
        let group = GroupName::parse("approvers").unwrap();
        gate.at.core.groups().add(group.clone(), None).await.unwrap();
        gate.at.core.users().set_groups(gate.alice.id(), vec![group]).await.unwrap();
    }
    gate
}

/// Where the password alone leads from an app: into it, or to a page that asks for more.
async fn enters(gate: &Gate, app: &str) -> bool {
    let (departure, _) = gate.departure(app, "/").await;
    let mut browser = gate.browser();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    let next = browser.get(&format!("/sign-in?for={departure}")).await;
    next.location().starts_with(&format!("https://{app}.example.com/"))
}

async fn suspend(gate: &Gate, suspended: bool) {
    gate.at.core.approvals().approvers.set_suspended(gate.alice.id(), suspended).await.unwrap();
    gate.at.core.begin_grace(gate.alice.id()).await.unwrap();
}

#[tokio::test]
async fn without_a_phone_the_password_does_for_a_time_and_longer_without_the_right_r_436_r_437_r_438_r_439_r_447() {
    for approves in [true, false] {
        let gate = gate("", approves).await;
        phone(&gate).await;
        assert!(!enters(&gate, "bank").await, "the phone is asked");
        gate.at.core.unregister_approvers(gate.alice.id()).await.unwrap();
        gate.at.clock.advance(DAY * 6);
        assert!(enters(&gate, "bank").await && !enters(&gate, "strict").await, "the policy that says so, and no other");
        gate.at.clock.advance(DAY * 2);
        assert_eq!(enters(&gate, "bank").await, !approves, "{approves}");
    }
}

#[tokio::test]
async fn to_suspend_and_resume_begins_no_new_time_and_to_register_ends_it_r_440_a_37() {
    let gate = gate("", true).await;
    let first = phone(&gate).await;
    suspend(&gate, true).await;
    gate.at.clock.advance(DAY * 4);
    assert!(enters(&gate, "bank").await);
    suspend(&gate, false).await;
    assert!(!enters(&gate, "bank").await, "the phone is asked again");
    suspend(&gate, true).await;
    gate.at.core.unregister_approvers(gate.alice.id()).await.unwrap();
    gate.at.clock.advance(DAY * 4);
    assert!(!enters(&gate, "bank").await, "it began eight days ago");
    // Registering again restores the sign-in (R-440): by push here.
    gate.at.core.approvals().approvers.set_suspended(gate.alice.id(), false).await.unwrap();
    let body = json!({ "link": link(&gate).await, "name": "again" });
    assert_eq!(call(&gate, &first, "POST", "/approver/api/register", &body).await.0, StatusCode::CREATED);
    let (departure, _) = gate.departure("bank", "/").await;
    let mut browser = gate.browser();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    browser.get(&format!("/sign-in?for={departure}")).await;
    answer(&gate, &first, "approve", |_| None).await;
    let passed = browser.get(&format!("/sign-in?for={departure}")).await;
    assert!(browser.get(passed.location()).await.location().starts_with("https://bank.example.com/"), "{}", passed.body);
    // And the next loss begins a new time.
    gate.at.core.unregister_approvers(gate.alice.id()).await.unwrap();
    gate.at.clock.advance(DAY * 6);
    assert!(enters(&gate, "bank").await);
}

#[tokio::test]
async fn codes_restore_the_sign_in_as_well_r_441() {
    let gate = gate("", true).await;
    assert!(enters(&gate, "bank").await, "who never had a phone begins with the first sign-in");
    gate.at.clock.advance(DAY * 8);
    assert!(!enters(&gate, "bank").await);
    let (authenticator, drawn) = gate.at.core.totps().draw(gate.alice.id()).unwrap();
    gate.at.core.totps().adopt(gate.alice.id(), &drawn).await.unwrap();
    let gate = Gate { authenticator, ..gate };
    let (departure, _) = gate.departure("bank", "/").await;
    let mut browser = gate.browser();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    let code = gate.code();
    browser.post("/sign-in/otp", &[("method", "totp"), ("code", &code), ("for", &departure)]).await;
    assert!(browser.get(&format!("/sign-in?for={departure}")).await.location().starts_with("https://bank.example.com/"));
}

#[tokio::test]
async fn locked_approvals_leave_no_time_and_a_time_proves_nothing_a_38_t36() {
    let gate = gate("[approval]\nwrong_answers = 1\nnumber_matching = \"always\"\n", false).await;
    let one = phone(&gate).await;
    let (departure, _) = gate.departure("bank", "/").await;
    let mut browser = gate.browser();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    browser.get(&format!("/sign-in?for={departure}")).await;
    let waiting = browser.get(&format!("/sign-in?for={departure}")).await;
    let shown = crate::portal::push::tests::number(&waiting);
    answer(&gate, &one, "approve", |offered| offered.iter().find(|one| Some(*one) != shown.as_ref()).cloned()).await;
    let locked = gate.at.core.approvals().approvers.standing(gate.alice.id()).await.unwrap().locked;
    assert!(locked, "one wrong answer locks here");
    assert!(!enters(&gate, "bank").await);
    // Unlocked and unregistered: in, but what guards the account is not changed by a password alone.
    gate.at.core.approvals().approvers.unlock(gate.alice.id()).await.unwrap();
    gate.at.core.unregister_approvers(gate.alice.id()).await.unwrap();
    let (departure, _) = gate.departure("bank", "/").await;
    let mut browser = gate.browser();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    let entered = browser.get(&format!("/sign-in?for={departure}")).await;
    assert!(entered.location().starts_with("https://bank.example.com/"), "{}", entered.body);
    let session = gate.at.core.sessions().of_user(gate.alice.id()).pop().unwrap();
    assert!(session.evidence().proved(crate::chain::Check::Otp).is_none());
    let refused = browser.get("/account/authenticator/enrol").await;
    assert_ne!(refused.status, StatusCode::OK, "{}", refused.body);
}

#[tokio::test]
async fn a_phone_and_an_authenticator_exclude_each_other_where_the_config_says_so_r_425_a_42() {
    let gate = gate("[approval]\nexcludes_totp = true\n", false).await;
    let (_, drawn) = gate.at.core.totps().draw(gate.alice.id()).unwrap();
    gate.at.core.totps().adopt(gate.alice.id(), &drawn).await.unwrap();
    let secret = link(&gate).await;
    let one = crate::approval::testing::Phone::new();
    let body = json!({ "link": secret, "name": "Alice's phone" });
    let (status, reply) = call(&gate, &one, "POST", "/approver/api/register", &body).await;
    assert_eq!((status, &reply["code"]), (StatusCode::CONFLICT, &json!("authenticator_registered")), "{reply}");
    gate.at.core.totps().remove(gate.alice.id()).await.unwrap();
    assert_eq!(call(&gate, &one, "POST", "/approver/api/register", &body).await.0, StatusCode::CREATED, "the link stayed good");
    assert!(crate::self_service::totp::is_not_excluded(&gate.at.core, &gate.alice).await.is_err(), "and the other way round");
}

#[tokio::test]
async fn one_phone_for_each_user_where_the_config_says_so_r_412_r_413_a_40() {
    let gate = gate("[approval]\nper_user = 1\nmembers_may_add = false\nmembers_may_delete = false\n", false).await;
    phone(&gate).await;
    let second = crate::approval::testing::Phone::new();
    let body = json!({ "link": link(&gate).await, "name": "second" });
    let (status, reply) = call(&gate, &second, "POST", "/approver/api/register", &body).await;
    assert_eq!((status, &reply["code"]), (StatusCode::CONFLICT, &json!("approver_limit")), "{reply}");
    gate.at.core.unregister_approvers(gate.alice.id()).await.unwrap();
    assert_eq!(call(&gate, &second, "POST", "/approver/api/register", &body).await.0, StatusCode::CREATED, "R-442");
}

#[tokio::test]
async fn who_is_not_assigned_is_never_asked_on_a_phone_r_003_r_111_r_112() {
    let gate = Gate::with(crate::portal::push::tests::PUSH).await;
    assert!(!gate.alice.standing().assigned.contains(Method::Push), "a new user begins without");
    let one = phone(&gate).await;
    let (departure, _) = gate.departure("mail", "/").await;
    let mut browser = gate.browser();
    crate::portal::push::tests::asks(&mut browser, &departure, "alice").await;
    let (_, seen) = call(&gate, &one, "GET", "/approver/api/slots", &serde_json::Value::Null).await;
    assert_eq!(seen["slots"][0]["approvals"], json!([]), "the page waits as for anybody, and no phone is asked");
    assert_eq!(seen["slots"][0]["name"], json!("LoginProtect"), "{seen}");
}
