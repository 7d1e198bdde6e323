//! Signing in by a phone: from the pages and the approver's own requests.

mod by_passkey;
mod numbers;
mod shut_form;

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::account::links::{LIFETIME, LinkPurpose};
use crate::approval::testing::Phone;
use crate::portal::testing::{Answer, Browser, Gate, PASSWORD};
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;

pub(in crate::portal) const PUSH: &str = r#"
[[app]]
name = "mail"
url = "https://mail.example.com"
upstream = ["http://127.0.0.1:8082"]
demands.primary_factor = { methods = ["push"] }
[[app]]
name = "either"
url = "https://either.example.com"
upstream = ["http://127.0.0.1:8083"]
demands.primary_factor = { methods = ["push", "password"] }
[[app]]
name = "second"
url = "https://second.example.com"
upstream = ["http://127.0.0.1:8084"]
demands.primary_factor = {}
demands.otp = { methods = ["push", "totp"] }
[[app]]
name = "registered"
url = "https://registered.example.com"
upstream = ["http://127.0.0.1:8085"]
demands.primary_factor = { methods = ["push"] }
demands.cookie = { ways = ["number_match"] }
[[app]]
name = "shut"
url = "https://shut.example.com"
upstream = ["http://127.0.0.1:8086"]
demands.primary_factor = { login_protect = { organisation = "example", service = "abcdefghijklmnop" } }
"#;

pub(in crate::portal) const SERVICE: &str = "example/abcdefghijklmnop";

/// A gate where Alice may sign in by push.
pub(in crate::portal) async fn gate() -> Gate {
    let gate = Gate::with(PUSH).await;
    let methods = Methods::of(&[Method::Push, Method::Password]);
    gate.at.core.assign(gate.alice.id(), methods).await.unwrap();
    gate
}

/// A request of an approver.
pub(in crate::portal) async fn call(gate: &Gate, phone: &Phone, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
    let proof = phone.proof(method, path, gate.at.core.clock().now());
    call_with(gate, &proof, method, path, body).await
}

pub(in crate::portal) async fn call_with(
    gate: &Gate,
    proof: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> (StatusCode, Value) {
    let mut browser = gate.browser();
    let request = Request::builder().method(method).uri(path).header("dpop", proof).header("user-agent", "Chrome/1 Android");
    let answer = browser.send(request, Body::from(if body.is_null() { String::new() } else { body.to_string() })).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

pub(in crate::portal) async fn link(gate: &Gate) -> String {
    let (_, secret) = gate.at.core.links().issue(gate.alice.id(), LinkPurpose::Approver, "admin", LIFETIME).await.unwrap();
    secret.text().to_owned()
}

/// A phone of Alice's, registered by a link.
pub(in crate::portal) async fn phone(gate: &Gate) -> Phone {
    let phone = Phone::new();
    let body = json!({ "link": link(gate).await, "name": "Alice's phone" });
    let (status, reply) = call(gate, &phone, "POST", "/approver/api/register", &body).await;
    assert_eq!((status, &reply["user"]), (StatusCode::CREATED, &json!("alice")), "{reply}");
    phone
}

/// What the phone shows, and its answer by what it shows alone.
pub(in crate::portal) async fn answer(
    gate: &Gate,
    phone: &Phone,
    decision: &str,
    choose: impl Fn(&[String]) -> Option<String>,
) -> (StatusCode, Value) {
    let (_, seen) = call(gate, phone, "GET", "/approver/api/slots", &Value::Null).await;
    let asked = &seen["slots"][0]["approvals"][0];
    let id = asked["id"].as_str().unwrap_or_else(|| panic!("nothing is asked: {seen}"));
    let shown = asked["shown"].as_str().unwrap();
    let offered: Vec<String> = serde_json::from_value(asked["offered"].clone()).unwrap();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, shown.as_bytes());
    let mut words = json!({
        "approval": id, "decision": decision, "shown": crate::random::base64url(digest.as_ref()),
        "aud": serde_json::from_str::<Value>(shown).unwrap()["portal"], "iat": gate.at.core.clock().now().seconds(),
        "jti": crate::random::base64url(&gate.at.core.random().id()),
    });
    if let Some(number) = choose(&offered) {
        words["number"] = json!(number);
    }
    let body = json!({ "answer": phone.answer_of(&words) });
    call(gate, phone, "POST", &format!("/approver/api/approvals/{id}"), &body).await
}

/// The number on the waiting page: the digits, without the gap between their groups.
pub(in crate::portal) fn number(page: &Answer) -> Option<String> {
    let at = page.body.find("class=\"number")?;
    let text = page.body[at..].split("</p>").next()?.split("</span> ").last()?;
    Some(text.chars().filter(char::is_ascii_digit).collect())
}

pub(in crate::portal) fn path(departure: &str) -> String {
    format!("/sign-in?for={departure}")
}

pub(in crate::portal) async fn asks(browser: &mut Browser, departure: &str, user: &str) -> Answer {
    let asked = browser.post("/sign-in/push", &[("user", user), ("for", departure)]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    browser.get(&path(departure)).await
}

/// Also R-022 and R-042: a number chosen of three registers the browser that showed it.
#[tokio::test]
async fn a_first_sign_in_chooses_a_number_and_a_later_one_approves_r_005_r_020_r_023() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let mut browser = gate.browser();
    let (first, state) = gate.departure("registered", "/a").await;
    let page = browser.get(&path(&first)).await;
    assert!(page.body.contains("action=\"/sign-in/push\"") && !page.body.contains("current-password"), "no password (R-001)");
    let waiting = asks(&mut browser, &first, "Alice").await;
    let shown = number(&waiting).expect("a new browser is shown a number (R-020)");
    assert!(waiting.headers["content-security-policy"].to_str().unwrap().contains("script-src 'self';"));

    let (status, reply) = answer(&gate, &phone, "approve", |offered| {
        assert_eq!(offered.len(), 3);
        Some(shown.clone())
    })
    .await;
    assert_eq!((status, &reply["state"]), (StatusCode::OK, &json!("approved")), "{reply}");
    assert!(!browser.cookies.contains_key("__Host-sekisho-browser"));
    let passed = browser.get(&path(&first)).await;
    assert!(browser.cookies.contains_key("__Host-sekisho-browser"), "the right number registers the browser (R-021)");
    let end = browser.get(passed.location()).await;
    assert_eq!(gate.arrives(end.location(), "registered", &state).await, "/a");

    // Later, in the same browser: no number; the policy that asks for a browser registered by number is met.
    browser.cookies.remove("__Host-sekisho");
    let (again, state) = gate.departure("registered", "/b").await;
    let waiting = asks(&mut browser, &again, "alice").await;
    assert_eq!(number(&waiting), None, "{}", waiting.body);
    assert_eq!(answer(&gate, &phone, "approve", |_| None).await.0, StatusCode::OK);
    let passed = browser.get(&path(&again)).await;
    let end = browser.get(passed.location()).await;
    assert_eq!(gate.arrives(end.location(), "registered", &state).await, "/b");

    // Another browser of the same machine is a new one (R-023).
    let mut other = gate.browser();
    let (third, _) = gate.departure("registered", "/c").await;
    assert!(number(&asks(&mut other, &third, "alice").await).is_some());
}

/// Also R-024.
#[tokio::test]
async fn denied_wrong_number_and_time_over_sign_nobody_in_r_025_r_405() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let mut browser = gate.browser();
    let (departure, _) = gate.departure("mail", "/").await;
    let shown = number(&asks(&mut browser, &departure, "alice").await).unwrap();
    let wrong = |offered: &[String]| offered.iter().find(|one| **one != shown).cloned();
    let (_, reply) = answer(&gate, &phone, "approve", wrong).await;
    assert_eq!(reply["state"], "wrong_number");
    let page = browser.get(&path(&departure)).await;
    assert!(page.body.contains("denied on the phone") && number(&page).is_none(), "{}", page.body);
    assert!(!browser.cookies.contains_key("__Host-sekisho-browser") && !browser.cookies.contains_key("__Host-sekisho"));

    asks(&mut browser, &departure, "alice").await;
    answer(&gate, &phone, "deny", |_| None).await;
    assert!(browser.get(&path(&departure)).await.body.contains("denied on the phone"));

    asks(&mut browser, &departure, "alice").await;
    gate.at.clock.advance(Duration::from_secs(60));
    assert!(browser.get(&path(&departure)).await.body.contains("Nobody answered"));
    assert!(!browser.cookies.contains_key("__Host-sekisho"));
}

#[tokio::test]
async fn without_a_phone_and_without_an_account_the_page_is_the_same_r_012_r_013_a_06() {
    let gate = gate().await;
    gate.at.user("carol").await;
    let push = Methods::of(&[Method::Push]);
    gate.at.core.assign(&UserId::parse("carol").unwrap(), push).await.unwrap();
    let mut pages = Vec::new();
    let names = (0..24).map(|number| if number == 0 { "carol".to_owned() } else { format!("nobody-{number}") });
    for name in names.collect::<Vec<_>>().iter().map(String::as_str) {
        let mut browser = gate.browser();
        let (departure, _) = gate.departure("mail", "/").await;
        let page = asks(&mut browser, &departure, name).await;
        let shown = number(&page);
        let text = page.body.replace(name, "").replace(&departure, "");
        let without_number = text.lines().filter(|line| !line.contains("class=\"number")).collect::<Vec<_>>().join("\n");
        // Asked again, the same name gets the same kind of page.
        assert_eq!(number(&asks(&mut browser, &departure, name).await).is_some(), shown.is_some(), "{name}");
        let without_number = without_number.replace("type this number there", "choose this number there");
        pages.push((shown, without_number.replace("choose this number there", "approve this sign-in")));
    }
    assert!(pages[0].0.is_none(), "no number without a phone (R-012)");
    assert!(pages.iter().all(|(_, text)| *text == pages[0].1), "{}\n{}", pages[0].1, pages[1].1);
    let with = pages[1..].iter().filter(|(number, _)| number.is_some()).count();
    assert!((1..23).contains(&with), "names that nobody bears look like either: {with} of 23");
}

#[tokio::test]
async fn one_window_asks_again_and_the_other_is_told() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let mut browser = gate.browser();
    let (one, _) = gate.departure("mail", "/one").await;
    let (other, state) = gate.departure("mail", "/other").await;
    asks(&mut browser, &one, "alice").await;
    let shown = number(&asks(&mut browser, &other, "alice").await).unwrap();
    assert!(browser.get(&path(&one)).await.body.contains("Another window of this browser"));
    answer(&gate, &phone, "approve", |_| Some(shown.clone())).await;
    let passed = browser.get(&path(&other)).await;
    let end = browser.get(passed.location()).await;
    assert_eq!(gate.arrives(end.location(), "mail", &state).await, "/other");
    // And the first goes on with the session that is there by now.
    assert!(browser.get(&path(&one)).await.location().contains("/.sekisho/callback"));
}

/// Also R-426.
#[tokio::test]
async fn a_password_may_be_chosen_instead_where_the_policy_lists_it_a_05() {
    let gate = gate().await;
    let mut browser = gate.browser();
    let (departure, state) = gate.departure("either", "/x").await;
    let page = browser.get(&path(&departure)).await;
    assert!(page.body.contains("Use a password instead"));
    let page = browser.get(&format!("{}&method=password", path(&departure))).await;
    assert!(page.body.contains("current-password") && page.body.contains("Use my phone instead"));
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    let end = browser.get(&path(&departure)).await;
    assert_eq!(gate.arrives(end.location(), "either", &state).await, "/x");

    // Where it does not list it, a posted password is not even looked at.
    let (departure, _) = gate.departure("mail", "/").await;
    let mut other = gate.browser();
    let before = gate.at.core.passwords().judged();
    other.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    assert_eq!(gate.at.core.passwords().judged(), before);
    assert!(!other.cookies.contains_key("__Host-sekisho"));
}

#[tokio::test]
async fn after_the_password_the_phone_is_asked_once_by_itself_r_401_r_404() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let mut browser = gate.browser();
    let (departure, state) = gate.departure("second", "/ledger").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    assert!(!browser.cookies.contains_key("__Host-sekisho"), "the password alone opens nothing (R-404)");
    let asked = browser.get(&path(&departure)).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "the phone is asked");
    let waiting = browser.get(&path(&departure)).await;
    assert!(waiting.body.contains("data-wait=") && number(&waiting).is_none());
    for _ in 0..5 {
        browser.get(&path(&departure)).await;
    }
    let (_, seen) = call(&gate, &phone, "GET", "/approver/api/slots", &Value::Null).await;
    assert_eq!(seen["slots"][0]["approvals"].as_array().unwrap().len(), 1, "a reload asks nothing again");
    // Denied: the sign-in does not go on (R-405); a code does it instead.
    answer(&gate, &phone, "deny", |_| None).await;
    assert!(browser.get(&path(&departure)).await.body.contains("denied on the phone"));
    let other = browser.get(&format!("{}&method=totp", path(&departure))).await;
    assert!(other.body.contains("one-time-code"), "{}", other.body);
    // Asked again by the button, approved: through.
    browser.post("/sign-in/push", &[("for", &departure)]).await;
    let (status, reply) = answer(&gate, &phone, "approve", |_| None).await;
    assert_eq!((status, &reply["state"]), (StatusCode::OK, &json!("approved")));
    let passed = browser.get(&path(&departure)).await;
    let end = browser.get(passed.location()).await;
    assert_eq!(gate.arrives(end.location(), "second", &state).await, "/ledger");
}

#[tokio::test]
async fn who_has_no_phone_is_asked_for_a_code_and_notices_nothing_r_452() {
    let gate = gate().await;
    let mut browser = gate.browser();
    let (departure, _) = gate.departure("second", "/ledger").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    let page = browser.get(&path(&departure)).await;
    assert_eq!(page.status, StatusCode::OK, "nothing is asked by itself: {}", page.body);
    assert!(page.body.contains("one-time-code") && !page.body.contains("data-wait="), "{}", page.body);
    for word in ["action=\"/sign-in/push\"", "method=push", "phone instead"] {
        assert!(!page.body.contains(word), "{word}: {}", page.body);
    }
    assert!(gate.at.core.approvals().open_of(gate.alice.id()).await.unwrap().is_empty(), "no phone was asked");
}

#[tokio::test]
async fn what_was_approved_for_one_check_passes_no_other() {
    let both = |cookie: &str| {
        let app = "[[app]]\nname = \"both\"\nurl = \"https://both.example.com\"\nupstream = [\"http://127.0.0.1:8087\"]\n";
        format!("{PUSH}{app}demands.primary_factor = {{}}\n{cookie}demands.otp = {{ methods = [\"push\"] }}\n")
    };
    let gate = Gate::with(&both("demands.cookie = { ways = [\"number_match\"] }\n")).await;
    let phone = phone(&gate).await;
    let mut browser = gate.browser();
    let (departure, _) = gate.departure("both", "/").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    browser.post("/sign-in/push", &[("for", &departure)]).await;
    let shown = number(&browser.get(&path(&departure)).await).expect("check 5 carries a number");
    // The policy asks for no browser any more: now check 6 is asked for, and the answer was to check 5.
    let more = format!("{}{}{}", crate::portal::testing::CHEAP, crate::portal::testing::VAULT, both(""));
    gate.at.core.adopt(crate::core::testing::config(gate.at.folder.path(), &more)).unwrap();
    answer(&gate, &phone, "approve", |_| Some(shown.clone())).await;
    for _ in 0..3 {
        assert!(!browser.get(&path(&departure)).await.location().contains("callback"));
    }
    assert!(!browser.cookies.contains_key("__Host-sekisho") && !browser.cookies.contains_key("__Host-sekisho-browser"));
}

#[tokio::test]
async fn a_restart_ends_what_was_asked_and_the_page_says_so() {
    let mut gate = gate().await;
    phone(&gate).await;
    let mut browser = gate.browser();
    asks(&mut browser, "/", "alice").await;
    let at = gate.at.crash_and_restart().await;
    browser.router = crate::portal::testing::router(&at);
    let page = browser.get("/sign-in?for=%2F").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("data-wait="), "nobody waits for an answer that cannot come");
    gate.at = at;
}

/// An office behind one address: those whose browsers are registered go on where strangers are slowed down (T41).
#[tokio::test]
async fn one_network_asks_so_often_and_a_registered_browser_as_often_as_it_likes() {
    let gate = Gate::with(&format!("{PUSH}[approval]\nasked_per_network = 3\n")).await;
    gate.at.core.assign(gate.alice.id(), Methods::of(&[Method::Push, Method::Password])).await.unwrap();
    let phone = phone(&gate).await;
    let mut own = gate.browser();
    let (departure, _) = gate.departure("mail", "/").await;
    let waiting = asks(&mut own, &departure, "alice").await;
    let shown = number(&waiting);
    answer(&gate, &phone, "approve", |_| shown.clone()).await;
    own.get(&path(&departure)).await;
    assert!(own.cookies.contains_key("__Host-sekisho-browser"), "{:?}", own.cookies.keys());
    let mut stranger = gate.browser();
    let asked = async |browser: &mut Browser, user: &str| {
        let (departure, _) = gate.departure("mail", "/").await;
        browser.post("/sign-in/push", &[("user", user), ("for", &departure)]).await.status
    };
    assert_eq!(asked(&mut stranger, "bob").await, StatusCode::SEE_OTHER);
    assert_eq!(asked(&mut stranger, "carol").await, StatusCode::SEE_OTHER);
    assert_eq!(asked(&mut stranger, "dave").await, StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..5 {
        assert_eq!(asked(&mut own, "alice").await, StatusCode::SEE_OTHER);
    }
    assert_eq!(asked(&mut own, "bob").await, StatusCode::TOO_MANY_REQUESTS, "registered for Alice, not for Bob");
}

/// "This was not me": the user learns what to do, every administrator learns that it happened (R-407).
#[tokio::test]
async fn somebody_elses_sign_in_alarms_the_user_and_the_administrators() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let group = crate::principal::user::GroupName::parse("administrators").unwrap();
    gate.at.core.groups().add(group.clone(), None).await.unwrap();
    for (name, groups) in [("alice", Vec::new()), ("root", vec![group])] {
        let user = match gate.at.core.users().find(&UserId::parse(name).unwrap()) {
            Some(user) => user,
            None => gate.at.user(name).await,
        };
        gate.at.core.users().set_groups(user.id(), groups).await.unwrap();
        let email = Some(Some(format!("{name}@example.test")));
        let change = crate::account::users::ProfileChange { email, ..crate::account::users::ProfileChange::default() };
        gate.at.core.users().change(user.id(), change).await.unwrap();
    }
    let before = gate.at.core.outbox().list().await.unwrap().len();
    let (departure, _) = gate.departure("mail", "/").await;
    asks(&mut gate.browser(), &departure, "alice").await;
    let (_, reply) = answer(&gate, &phone, "not_me", |_| None).await;
    assert_eq!(reply["state"], json!("not_me"));
    let messages = gate.at.core.outbox().list().await.unwrap();
    let to: Vec<_> = messages.iter().skip(before).filter_map(|message| message.recipient.clone()).collect();
    assert!(to.contains(&"alice@example.test".to_owned()) && to.contains(&"root@example.test".to_owned()), "{to:?}");
}

/// Asks once more from a browser of its own, and is denied.
pub(in crate::portal) async fn denied(gate: &Gate, phone: &Phone) {
    let (departure, _) = gate.departure("mail", "/").await;
    asks(&mut gate.browser(), &departure, "alice").await;
    assert_eq!(answer(gate, phone, "deny", |_| None).await.0, StatusCode::OK);
}
