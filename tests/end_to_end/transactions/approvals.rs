//! Who approves, and by what: two of a group, a transaction password, a one-time code, an approval that covers others.

use hyper::Method;
use serde_json::json;

use super::{Scene, TRANSFER, scene};
use crate::support::Phone;

#[tokio::test]
async fn four_eyes_two_of_a_group_and_not_the_requester() {
    let at = scene().await;
    let managers = sekisho::principal::user::GroupName::parse("managers").unwrap();
    let core = at.world.server.core();
    core.groups().add(managers.clone(), None).await.unwrap();
    let url = at.url("/close/4711");
    let program = |at: &Scene| at.browser.clone().with_header("accept", "application/json");
    let alone = program(&at).send(Method::DELETE, &url, None).await;
    assert_eq!((alone.status, alone.code().as_str()), (403, "transaction_nobody_to_ask"));

    let mut phones = Vec::new();
    for name in ["alice", "bob", "carol", "dave"] {
        let id = sekisho::principal::user::UserId::parse(name).unwrap();
        if name != "alice" {
            at.world.person(name).await;
            phones.push(Phone::of(&at.world, &[name]).await);
        }
        core.users().set_groups(&id, vec![managers.clone()]).await.unwrap();
    }
    let held = program(&at).send(Method::DELETE, &url, None).await.json();
    assert_eq!(held["approvals_needed"], 2);
    assert!(at.phone.asked(&at.world).await.is_empty(), "the requester is not asked");
    let shown = Phone::shown(&phones[0].asked(&at.world).await[0]);
    assert_eq!((&shown["details"]["requester"], &shown["details"]["fields"][0]["value"]), (&json!("alice"), &json!("4711")));

    phones[0].answer(&at.world, "approve", None).await;
    let status = at.url(held["status"].as_str().unwrap());
    let standing = program(&at).send(Method::GET, &status, None).await.json();
    assert_eq!((&standing["state"], &standing["approved_by"]), (&json!("pending"), &json!(1)));
    phones[1].answer(&at.world, "approve", None).await;
    assert_eq!(program(&at).send(Method::GET, &status, None).await.json()["state"], "approved");
    assert!(phones[2].asked(&at.world).await.is_empty(), "the question to the third is settled");

    // Who left the group since counts no more.
    core.users().set_groups(&sekisho::principal::user::UserId::parse("bob").unwrap(), Vec::new()).await.unwrap();
    let refused = program(&at).send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "transaction_refused"));
    assert_eq!(at.posted(), 0);

    // One no is enough.
    core.users().set_groups(&sekisho::principal::user::UserId::parse("bob").unwrap(), vec![managers]).await.unwrap();
    let held = program(&at).send(Method::DELETE, &url, None).await.json();
    phones[0].answer(&at.world, "approve", None).await;
    phones[2].answer(&at.world, "deny", None).await;
    let status = program(&at).send(Method::GET, &at.url(held["status"].as_str().unwrap()), None).await.json();
    assert_eq!(status["state"], "denied");

    let held = program(&at).send(Method::DELETE, &url, None).await.json();
    for phone in &phones[..2] {
        phone.answer(&at.world, "approve", None).await;
    }
    let done = program(&at).send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    assert_eq!((done.status, done.body.as_str()), (200, "DELETE /close/4711\n"));
}

#[tokio::test]
async fn a_wrong_transaction_password_asks_nobody_r_409_r_451() {
    let mut at = scene().await;
    let url = at.url("/limit");
    let unset = at.browser.post(&url, &[("limit", "1")]).await;
    assert!(unset.body.contains("You have no transaction password yet"), "{unset:?}");

    // Set at the account, after a second factor; not the password of the sign-in.
    let at_account = at.world.url("auth", "/account/transaction-password");
    let mut form = at.browser.get(&at_account).await;
    if !form.body.contains("new-password") {
        at.world.advance(30);
        form = at.browser.sign_in(&at_account, &at.alice).await;
    }
    let same =
        at.browser.fill(&form, "new-password", &[("new", crate::support::PASSWORD), ("again", crate::support::PASSWORD)]).await;
    assert!(same.body.contains("a password that differs from that of your sign-in"), "{same:?}");
    let secret = "seven green bottles";
    let set = at.browser.fill(&form, "new-password", &[("new", secret), ("again", secret)]).await;
    assert!(set.body.contains("transaction password is set"), "{set:?}");

    let page = at.browser.post(&url, &[("limit", "1")]).await;
    assert!(page.body.contains("Enter your transaction password") && at.phone.asked(&at.world).await.is_empty());
    let wrong = at.browser.post(&format!("{}/password", page.url), &[("password", "no")]).await;
    assert!(wrong.body.contains("not your transaction password"), "{wrong:?}");
    assert!(at.phone.asked(&at.world).await.is_empty(), "a wrong one asks nobody");
    let login = at.browser.post(&format!("{}/password", page.url), &[("password", crate::support::PASSWORD)]).await;
    assert!(login.body.contains("not your transaction password"), "it is not the password of the sign-in");
    let waiting = at.browser.post(&format!("{}/password", page.url), &[("password", secret)]).await;
    let number = waiting.body.split("</span> ").nth(1).unwrap_or_else(|| panic!("{waiting:?}"))[..2].to_owned();
    assert_eq!(at.phone.answer(&at.world, "approve", Some(&number)).await.status, 200);
    assert_eq!(at.browser.get(&page.url).await.body, "POST /limit\nlimit=1");

    // A wrong number is a no.
    let page = at.browser.post(&url, &[("limit", "2")]).await;
    at.browser.post(&format!("{}/password", page.url), &[("password", secret)]).await;
    at.phone.answer(&at.world, "approve", Some("00")).await;
    assert!(at.browser.get(&page.url).await.body.contains("denied on a phone"));
    assert_eq!(at.posted(), 1);
}

#[tokio::test]
async fn a_code_may_stand_for_the_phone_and_is_good_once() {
    let mut at = scene().await;
    let page = at.browser.post(&at.url("/note"), &[("text", "x")]).await;
    assert!(page.body.contains("authenticator app to approve"), "{page:?}");
    let wrong = at.browser.post(&format!("{}/code", page.url), &[("code", "000000")]).await;
    assert!(wrong.status == 401 && wrong.body.contains("problem"), "{wrong:?}");
    at.world.advance(60);
    let code = at.alice.code();
    let done = at.browser.post(&format!("{}/code", page.url), &[("code", &code)]).await;
    assert_eq!(done.body, "POST /note\ntext=x", "{done:?}");
    let page = at.browser.post(&at.url("/note"), &[("text", "y")]).await;
    let again = at.browser.post(&format!("{}/code", page.url), &[("code", &code)]).await;
    assert!(again.status == 401 || again.status == 429, "{again:?}");
    assert_eq!(at.posted(), 1);
}

#[tokio::test]
async fn one_approval_covers_others_where_and_as_long_as_the_rule_says() {
    let mut at = scene().await;
    let page = at.browser.post(&at.url("/batch"), &[("n", "1")]).await;
    at.phone.answer(&at.world, "approve", None).await;
    assert_eq!(at.browser.get(&page.url).await.body, "POST /batch\nn=1");
    assert_eq!(at.browser.post(&at.url("/batch"), &[("n", "2")]).await.body, "POST /batch\nn=2", "covered");
    let other = at.browser.post(&at.url("/transfer"), &[("payee", "a"), ("amount", "1")]).await;
    assert!(other.body.contains("Open the approver"), "another kind is not");
    let bob = at.world.person("bob").await;
    let _his = Phone::of(&at.world, &["bob"]).await;
    let mut his = at.world.browser();
    his.sign_in(&at.url("/"), &bob).await;
    assert!(his.post(&at.url("/batch"), &[("n", "3")]).await.body.contains("Open the approver"), "another session is not");
    at.world.advance(600);
    assert!(at.browser.post(&at.url("/batch"), &[("n", "4")]).await.body.contains("Open the approver"), "its time is over");
    assert_eq!(at.posted(), 2);
}

#[tokio::test]
async fn what_a_phone_approved_covers_nothing_once_it_is_removed() {
    let mut at = scene().await;
    let page = at.browser.post(&at.url("/batch"), &[("n", "1")]).await;
    at.phone.answer(&at.world, "approve", None).await;
    assert_eq!(at.browser.get(&page.url).await.body, "POST /batch\nn=1");
    assert_eq!(at.browser.post(&at.url("/batch"), &[("n", "2")]).await.body, "POST /batch\nn=2", "covered");
    let core = at.world.server.core();
    let _other = Phone::of(&at.world, &["alice"]).await;
    let slots = core.approvals().approvers.of_user(&at.alice.user).await.unwrap();
    let first = slots.into_iter().find(|slot| slot.approver.to_string() == at.phone.id()).unwrap();
    assert!(core.remove_approver(&at.alice.user, &first.approver, None).await.unwrap());
    let page = at.browser.post(&at.url("/batch"), &[("n", "3")]).await;
    assert!(page.body.contains("Open the approver"), "{page:?}");
    assert_eq!(at.posted(), 2);
}

#[tokio::test]
async fn a_requester_learns_that_the_phone_is_rate_limited_t41() {
    let mut at = scene().await;
    for amount in 1..=3 {
        let held = at.browser.send(Method::POST, &at.url("/transfer"), Some(&format!("payee=x&amount={amount}"))).await;
        assert_eq!(held.status, 303, "{held:?}");
        at.phone.answer(&at.world, "deny", None).await;
    }
    let held = at.browser.send(Method::POST, &at.url("/transfer"), Some(TRANSFER)).await;
    assert_eq!(at.phone.asked(&at.world).await.len(), 0, "it is left in peace");
    let address = held.header("location").unwrap().to_owned();
    let page = at.browser.get(&address).await;
    assert!(page.body.contains("No phone is notified now") && !page.body.contains("Open the approver"), "{page:?}");
    let held = at.program().send(Method::POST, &at.url("/api/orders"), Some(r#"{"amount":7}"#)).await.json();
    assert_eq!((&held["state"], &held["reached"]), (&json!("pending"), &json!(false)));
    // Taking back what rang nobody takes nothing away: it was never counted.
    let status = at.url(held["status"].as_str().unwrap());
    at.program().send(Method::DELETE, &status, None).await;
    // After a while it rings again.
    at.world.advance(3600);
    let alice = at.alice;
    let mut browser = at.world.browser();
    browser.sign_in(&at.world.url("bank", "/"), &alice).await;
    let held = browser.send(Method::POST, &at.world.url("bank", "/transfer"), Some(TRANSFER)).await;
    let page = browser.get(held.header("location").unwrap()).await;
    assert!(page.body.contains("Open the approver on your phone"), "{page:?}");
    assert_eq!(at.phone.asked(&at.world).await.len(), 1);
}
