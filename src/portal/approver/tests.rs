//! What phones speak with the portal: registration, proofs, questions and silences.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::account::links::{LIFETIME, LinkPurpose};
use crate::approval::id::ApprovalId;
use crate::approval::question::Closing;
use crate::approval::testing::Phone;
use crate::portal::push::tests::{PUSH, SERVICE, answer, asks, call, call_with, denied, gate, link, number, path, phone};
use crate::portal::testing::{Browser, Gate};

/// Also R-004 and R-442.
#[tokio::test]
async fn a_link_registers_one_phone_once_and_the_fourth_is_told_why_r_011() {
    let gate = gate().await;
    let secret = link(&gate).await;
    let body = json!({ "link": secret, "name": "first" });
    let (one, thief) = (Phone::new(), Phone::new());
    assert_eq!(call(&gate, &one, "POST", "/approver/api/register", &body).await.0, StatusCode::CREATED);
    let (status, reply) = call(&gate, &thief, "POST", "/approver/api/register", &body).await;
    assert_eq!((status, &reply["code"]), (StatusCode::GONE, &json!("dead_link")), "a stolen link comes second");
    for _ in 0..2 {
        phone(&gate).await;
    }
    let spare = link(&gate).await;
    let (status, reply) =
        call(&gate, &Phone::new(), "POST", "/approver/api/register", &json!({ "link": spare, "name": "fourth" })).await;
    assert_eq!((status, &reply["code"]), (StatusCode::CONFLICT, &json!("approver_limit")), "{reply}");
    // One is removed on the phone itself (R-010): the same link works now (R-015).
    assert_eq!(call(&gate, &one, "DELETE", "/approver/api/slots/alice", &Value::Null).await.0, StatusCode::OK);
    let (status, _) = call(&gate, &Phone::new(), "POST", "/approver/api/register", &json!({ "link": spare })).await;
    assert_eq!(status, StatusCode::CREATED);
    // An invitation's link registers no phone, and an approver's link opens no invitation.
    let (_, invitation) = gate.at.core.links().issue(gate.alice.id(), LinkPurpose::Invitation, "admin", LIFETIME).await.unwrap();
    let (status, _) = call(&gate, &Phone::new(), "POST", "/approver/api/register", &json!({ "link": invitation.text() })).await;
    assert_eq!(status, StatusCode::GONE);
    assert_eq!(gate.browser().get(&format!("/invitation/{}", link(&gate).await)).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_request_of_an_approver_proves_its_key_each_time() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let now = gate.at.core.clock().now();
    let path = "/approver/api/slots";
    let good = phone.proof("GET", path, now);
    assert_eq!(call_with(&gate, &good, "GET", path, &Value::Null).await.0, StatusCode::OK);
    let wrong = [
        ("used before", good),
        ("another method", phone.proof("POST", path, now)),
        ("another address", phone.proof("GET", "/approver/api/events", now)),
        ("an hour ago", phone.proof("GET", path, crate::clock::Timestamp::from_seconds(now.seconds() - 3600))),
        ("nothing", String::new()),
        ("no JWS", "a.b.c".to_owned()),
        ("another's signature", {
            let mut words = phone.proof("GET", path, now);
            let other = Phone::new().proof("GET", path, now);
            words.truncate(words.rfind('.').unwrap());
            words + &other[other.rfind('.').unwrap()..]
        }),
    ];
    for (what, proof) in wrong {
        let (status, reply) = call_with(&gate, &proof, "GET", path, &Value::Null).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}: {reply}");
    }
    // A key that is registered for nobody sees nothing.
    let (status, seen) = call(&gate, &Phone::new(), "GET", path, &Value::Null).await;
    assert_eq!((status, &seen["slots"]), (StatusCode::OK, &json!([])));
    // Its phone opens no window of somebody else's.
    gate.at.user("bob").await;
    let release = phone.release("bob", SERVICE, now);
    let (status, _) = call(&gate, &phone, "POST", "/approver/api/windows", &json!({ "release": release })).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn strangers_take_no_room_in_the_store_and_a_phone_removed_meanwhile_signs_nobody_in() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let held = gate.at.core.shared_entries();
    for _ in 0..50 {
        call(&gate, &Phone::new(), "GET", "/approver/api/slots", &Value::Null).await;
    }
    assert_eq!(gate.at.core.shared_entries(), held);

    let mut browser = gate.browser();
    let (departure, _) = gate.departure("mail", "/").await;
    let shown = number(&asks(&mut browser, &departure, "alice").await).unwrap();
    answer(&gate, &phone, "approve", |_| Some(shown.clone())).await;
    call(&gate, &phone, "DELETE", "/approver/api/slots/alice", &Value::Null).await;
    let page = browser.get(&path(&departure)).await;
    assert!(page.location().is_empty() && !browser.cookies.contains_key("__Host-sekisho"), "{}", page.body);
    assert!(gate.at.core.sessions().of_user(gate.alice.id()).is_empty(), "the key that answered is nobody's any more");
}

/// Also R-421 to R-424.
#[tokio::test]
async fn another_phone_is_added_when_one_that_is_there_approves_r_040() {
    let gate = gate().await;
    let mut browser = gate.signed_in().await;
    // The first: after a second factor.
    let page = browser.post("/account/approvers/add", &[]).await;
    let secret = page.body.split("#add=").nth(1).unwrap()[..43].to_owned();
    let phone = Phone::new();
    let body = json!({ "link": secret, "name": "first" });
    assert_eq!(call(&gate, &phone, "POST", "/approver/api/register", &body).await.0, StatusCode::CREATED);
    assert!(browser.get("/account/approvers").await.body.contains("first"));
    // The page that showed the link has learnt of it, and leads to a list that says so.
    let of_page = |name: &str| page.body.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(browser.get(&of_page("data-wait")).await.body, r#"{"state":"over"}"#);
    assert!(browser.get(&of_page("data-next")).await.body.contains("The phone has been registered."));
    // The second: when the first approves.
    let waiting = browser.post("/account/approvers/add", &[]).await;
    assert_eq!(waiting.status, StatusCode::SEE_OTHER, "{}", waiting.body);
    let page = browser.get(waiting.location()).await;
    assert!(page.body.contains("data-wait=") && !page.body.contains("#add="));
    assert_eq!(answer(&gate, &phone, "approve", |_| None).await.1["state"], "approved");
    let page = browser.get(waiting.location()).await;
    assert!(page.body.contains("#add="), "{}", page.body);
    assert!(!browser.get(waiting.location()).await.body.contains("#add="), "one approval makes one link");
}

/// Also R-443.
#[tokio::test]
async fn adding_and_removing_may_be_kept_to_administrators_r_016_r_017_a_12() {
    let gate = Gate::with(&format!("{PUSH}[approval]\nmembers_may_add = false\nmembers_may_delete = false\n")).await;
    let phone = phone(&gate).await;
    let mut browser = gate.signed_in().await;
    let page = browser.get("/account/approvers").await;
    assert!(!page.body.contains("/account/approvers/add\"") && !page.body.contains("/account/approvers/remove"));
    assert_eq!(browser.post("/account/approvers/add", &[]).await.status, StatusCode::FORBIDDEN);
    let id = phone.key.id().to_string();
    assert_eq!(browser.post("/account/approvers/remove", &[("id", &id)]).await.status, StatusCode::FORBIDDEN);
    let (status, reply) = call(&gate, &phone, "DELETE", "/approver/api/slots/alice", &Value::Null).await;
    assert_eq!((status, &reply["code"]), (StatusCode::FORBIDDEN, &json!("not_allowed")));
}

#[tokio::test]
async fn how_a_question_ended_is_for_the_phones_it_was_put_to_alone() {
    let gate = gate().await;
    let (first, second) = (phone(&gate).await, phone(&gate).await);
    let mut browser = gate.browser();
    let (departure, _) = gate.departure("mail", "/").await;
    let asked = async |browser: &mut Browser| {
        asks(browser, &departure, "alice").await;
        let (_, seen) = call(&gate, &first, "GET", "/approver/api/slots", &Value::Null).await;
        let approvals = seen["slots"][0]["approvals"].as_array().unwrap();
        approvals.last().unwrap()["id"].as_str().unwrap().to_owned()
    };
    let how = async |phone: &Phone, id: &str| {
        let (status, reply) = call(&gate, phone, "GET", &format!("/approver/api/approvals/{id}"), &Value::Null).await;
        (status, reply["state"].as_str().unwrap_or_default().to_owned(), reply["here"] == true)
    };
    let ok = |state: &str, here: bool| (StatusCode::OK, state.to_owned(), here);

    let id = asked(&mut browser).await;
    assert_eq!(how(&first, &id).await, ok("pending", false));
    let stranger = Phone::new();
    assert_eq!(how(&stranger, &id).await.0, StatusCode::NOT_FOUND, "it is not a phone of Alice's");
    assert_eq!(how(&first, "AAAAAAAAAAAAAAAAAAAAAA").await.0, StatusCode::NOT_FOUND, "nobody asked that");
    assert_eq!(answer(&gate, &first, "deny", |_| None).await.0, StatusCode::OK);
    assert_eq!(how(&first, &id).await, ok("denied", true));
    assert_eq!(how(&second, &id).await, ok("denied", false));

    // Asked again by the same browser; taken back there; withdrawn by an administrator; nobody answers.
    let id = asked(&mut browser).await;
    let again = asked(&mut browser).await;
    assert_eq!(how(&first, &id).await, ok("asked_again", false));
    browser.post("/sign-in/push/cancel", &[("for", &departure)]).await;
    assert_eq!(how(&first, &again).await, ok("taken_back", false));
    assert_eq!(call(&gate, &first, "DELETE", "/approver/api/slots/alice/silences", &Value::Null).await.0, StatusCode::OK);
    let id = asked(&mut browser).await;
    let withdrawn = gate.at.core.approvals().withdraw(&ApprovalId::parse(&id).unwrap(), Closing::Withdrawn).await;
    assert!(withdrawn.unwrap());
    assert_eq!(how(&first, &id).await, ok("withdrawn", false));
    let id = asked(&mut browser).await;
    gate.at.clock.advance(Duration::from_secs(60));
    assert_eq!(how(&first, &id).await, ok("lapsed", false));
}

#[tokio::test]
async fn a_silence_is_shown_to_its_owner_who_ends_it_t41() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let silences =
        async || call(&gate, &phone, "GET", "/approver/api/slots", &Value::Null).await.1["slots"][0]["silences"].clone();
    for _ in 0..3 {
        assert_eq!(silences().await, json!([]));
        denied(&gate, &phone).await;
    }
    // The fourth rings nobody; the browser that asks sees what it always sees.
    let (departure, _) = gate.departure("mail", "/").await;
    asks(&mut gate.browser(), &departure, "alice").await;
    let until = gate.at.core.clock().now().plus(Duration::from_secs(600)).rfc3339();
    assert_eq!(silences().await, json!([{ "why": "unanswered", "askers": "nobody", "until": until }]));

    let path = "/approver/api/slots/alice/silences";
    let stranger = Phone::new();
    assert_eq!(call(&gate, &stranger, "DELETE", path, &Value::Null).await.0, StatusCode::FORBIDDEN);
    assert_ne!(silences().await, json!([]), "a stranger's phone ends nothing");
    assert_eq!(call(&gate, &phone, "DELETE", path, &Value::Null).await.0, StatusCode::OK);
    assert_eq!(silences().await, json!([]));
    denied(&gate, &phone).await;

    // A network that was denied is listened to again, too.
    let (departure, _) = gate.departure("mail", "/").await;
    let mut browser = gate.browser();
    asks(&mut browser, &departure, "alice").await;
    assert_eq!(answer(&gate, &phone, "not_me", |_| None).await.1["state"], "not_me");
    let denied_network = silences().await;
    assert_eq!(denied_network[0]["why"], "not_me", "{denied_network}");
    assert_eq!(call(&gate, &phone, "DELETE", path, &Value::Null).await.0, StatusCode::OK);
    assert_eq!(silences().await, json!([]));
    denied(&gate, &phone).await;
    gate.at.core.audit().flush().await.unwrap();
    let filter = crate::audit::Filter { what: Some("approval.silence_end".to_owned()), ..crate::audit::Filter::default() };
    assert_eq!(gate.at.core.audit().query(&filter, None, 10).await.unwrap().len(), 2, "each time it is written down");
}
