//! Signing in by a phone, and login forms that are shut: from the pages and the approver's own requests.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Browser, Gate, PASSWORD};
use crate::account::links::{LIFETIME, Purpose};
use crate::approval::question::{ApprovalId, Closing};
use crate::approval::testing::Phone;
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;

pub(super) const PUSH: &str = r#"
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
pub(super) const SERVICE: &str = "example/abcdefghijklmnop";

/// A gate where Alice may sign in by push.
pub(super) async fn gate() -> Gate {
    let gate = Gate::with(PUSH).await;
    let methods = Methods::of(&[Method::Push, Method::Password]);
    gate.at.core.assign(gate.alice.id(), methods).await.unwrap();
    gate
}

/// A request of an approver.
pub(super) async fn call(gate: &Gate, phone: &Phone, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
    let proof = phone.proof(method, path, gate.at.core.clock().now());
    call_with(gate, &proof, method, path, body).await
}

async fn call_with(gate: &Gate, proof: &str, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
    let mut browser = gate.browser();
    let request = Request::builder().method(method).uri(path).header("dpop", proof).header("user-agent", "Chrome/1 Android");
    let answer = browser.send(request, Body::from(if body.is_null() { String::new() } else { body.to_string() })).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

pub(super) async fn link(gate: &Gate) -> String {
    let (_, secret) = gate.at.core.links().issue(gate.alice.id(), Purpose::Approver, "admin", LIFETIME).await.unwrap();
    secret.text().to_owned()
}

/// A phone of Alice's, registered by a link.
pub(super) async fn phone(gate: &Gate) -> Phone {
    let phone = Phone::new();
    let body = json!({ "link": link(gate).await, "name": "Alice's phone" });
    let (status, told) = call(gate, &phone, "POST", "/approver/api/register", &body).await;
    assert_eq!((status, &told["user"]), (StatusCode::CREATED, &json!("alice")), "{told}");
    phone
}

/// What the phone shows, and its answer by what it shows alone.
pub(super) async fn answer(
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
pub(super) fn number(page: &Answer) -> Option<String> {
    let at = page.body.find("class=\"number")?;
    let text = page.body[at..].split("</p>").next()?.split("</span> ").last()?;
    Some(text.chars().filter(char::is_ascii_digit).collect())
}

fn path(departure: &str) -> String {
    format!("/sign-in?for={departure}")
}

pub(super) async fn asks(browser: &mut Browser, departure: &str, user: &str) -> Answer {
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

    let (status, told) = answer(&gate, &phone, "approve", |offered| {
        assert_eq!(offered.len(), 3);
        Some(shown.clone())
    })
    .await;
    assert_eq!((status, &told["state"]), (StatusCode::OK, &json!("approved")), "{told}");
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
    let (_, told) = answer(&gate, &phone, "approve", wrong).await;
    assert_eq!(told["state"], "wrong_number");
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
    let (status, told) = answer(&gate, &phone, "approve", |_| None).await;
    assert_eq!((status, &told["state"]), (StatusCode::OK, &json!("approved")));
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

/// Also R-104, R-116, R-133 and R-145: a release is needed and is not enough.
#[tokio::test]
async fn a_shut_form_evaluates_nothing_and_tells_nothing_r_101_r_102_a_14() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let core = &gate.at.core;
    let (departure, state) = gate.departure("shut", "/diary").await;
    let mut browser = gate.browser();
    let try_with = async |browser: &mut Browser, user: &str, password: &str| {
        browser.post("/sign-in/password", &[("user", user), ("password", password), ("for", &departure)]).await
    };

    // Shut: the right password, a wrong one and a name that nobody bears are told alike, and none is compared.
    let (judged, evaluated) = (core.passwords().judged(), core.passwords().evaluated());
    let right = try_with(&mut browser, "alice", PASSWORD).await;
    let wrong = try_with(&mut browser, "alice", "not the password").await;
    let unknown = try_with(&mut browser, "nobody", PASSWORD).await;
    assert_eq!((right.status, right.body.clone()), (wrong.status, wrong.body.clone()));
    assert_eq!(right.body.replace("alice", ""), unknown.body.replace("nobody", ""));
    assert_eq!(core.passwords().judged(), judged, "no password was compared with Alice's");
    assert_eq!(core.passwords().evaluated(), evaluated + 3, "and each cost the same work");

    // Nobody is locked out by knocking, and no phone is asked.
    for _ in 0..30 {
        assert_eq!(try_with(&mut browser, "alice", "guess").await.status, right.status);
    }
    let (_, seen) = call(&gate, &phone, "GET", "/approver/api/slots", &Value::Null).await;
    assert_eq!(seen["slots"][0]["approvals"], json!([]));
    assert_eq!(seen["slots"][0]["services"], json!([{ "service": SERVICE, "apps": ["shut"], "open": false }]));

    // Opened from the phone: the phone is told how often somebody knocked; one password, and it is in.
    let open = async || {
        let release = phone.release("alice", SERVICE, core.clock().now());
        call(&gate, &phone, "POST", "/approver/api/windows", &json!({ "release": release })).await
    };
    let (status, told) = open().await;
    assert_eq!((status, &told["refused"]), (StatusCode::OK, &json!(32)), "{told}");
    let taken = try_with(&mut browser, "alice", PASSWORD).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    let end = browser.get(&path(&departure)).await;
    assert_eq!(gate.arrives(end.location(), "shut", &state).await, "/diary");

    // A wrong password uses it up (R-147), a minute does (R-105), an empty field does not (A-13).
    for (wait, first, then) in
        [(0, "wrong", StatusCode::UNAUTHORIZED), (60, "", StatusCode::UNAUTHORIZED), (59, "", StatusCode::SEE_OTHER)]
    {
        let mut other = gate.browser();
        open().await;
        try_with(&mut other, "alice", first).await;
        gate.at.clock.advance(Duration::from_secs(wait));
        assert_eq!(try_with(&mut other, "alice", PASSWORD).await.status, then, "{wait} {first}");
    }

    // Disabled everywhere: open to the right password, shut again when restored (R-151…R-153).
    core.login_protect().disable("admin").await.unwrap();
    let mut other = gate.browser();
    assert_eq!(try_with(&mut other, "alice", "wrong").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(try_with(&mut other, "alice", PASSWORD).await.status, StatusCode::SEE_OTHER);
    core.login_protect().restore().await.unwrap();
    assert_eq!(try_with(&mut gate.browser(), "alice", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
}

/// Also R-130.
#[tokio::test]
async fn a_sign_in_elsewhere_opens_no_protected_app_r_119_a_05() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let mut browser = gate.signed_in().await;
    let (departure, state) = gate.departure("shut", "/").await;
    let page = browser.get(&path(&departure)).await;
    assert!(page.body.contains("keeps its login form shut"), "a password proved at the portal does not do: {}", page.body);
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    assert!(browser.get(&path(&departure)).await.location().is_empty(), "still shut");
    let release = phone.release("alice", SERVICE, gate.at.core.clock().now());
    call(&gate, &phone, "POST", "/approver/api/windows", &json!({ "release": release })).await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    let end = browser.get(&path(&departure)).await;
    assert_eq!(gate.arrives(end.location(), "shut", &state).await, "/");
}

/// Also R-004 and R-442.
#[tokio::test]
async fn a_link_registers_one_phone_once_and_the_fourth_is_told_why_r_011() {
    let gate = gate().await;
    let secret = link(&gate).await;
    let body = json!({ "link": secret, "name": "first" });
    let (one, thief) = (Phone::new(), Phone::new());
    assert_eq!(call(&gate, &one, "POST", "/approver/api/register", &body).await.0, StatusCode::CREATED);
    let (status, told) = call(&gate, &thief, "POST", "/approver/api/register", &body).await;
    assert_eq!((status, &told["code"]), (StatusCode::GONE, &json!("dead_link")), "a stolen link comes second");
    for _ in 0..2 {
        phone(&gate).await;
    }
    let spare = link(&gate).await;
    let (status, told) =
        call(&gate, &Phone::new(), "POST", "/approver/api/register", &json!({ "link": spare, "name": "fourth" })).await;
    assert_eq!((status, &told["code"]), (StatusCode::CONFLICT, &json!("approver_limit")), "{told}");
    // One is removed on the phone itself (R-010): the same link has room now (R-015).
    assert_eq!(call(&gate, &one, "DELETE", "/approver/api/slots/alice", &Value::Null).await.0, StatusCode::OK);
    let (status, _) = call(&gate, &Phone::new(), "POST", "/approver/api/register", &json!({ "link": spare })).await;
    assert_eq!(status, StatusCode::CREATED);
    // An invitation's link registers no phone, and an approver's link opens no invitation.
    let (_, invitation) = gate.at.core.links().issue(gate.alice.id(), Purpose::Invitation, "admin", LIFETIME).await.unwrap();
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
        let (status, told) = call_with(&gate, &proof, "GET", path, &Value::Null).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}: {told}");
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
    let more = format!("{}{}{}", super::CHEAP, super::VAULT, both(""));
    gate.at.core.adopt(crate::core::testing::config(gate.at.folder.path(), &more)).unwrap();
    answer(&gate, &phone, "approve", |_| Some(shown.clone())).await;
    for _ in 0..3 {
        assert!(!browser.get(&path(&departure)).await.location().contains("callback"));
    }
    assert!(!browser.cookies.contains_key("__Host-sekisho") && !browser.cookies.contains_key("__Host-sekisho-browser"));
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
    let (status, told) = call(&gate, &phone, "DELETE", "/approver/api/slots/alice", &Value::Null).await;
    assert_eq!((status, &told["code"]), (StatusCode::FORBIDDEN, &json!("not_allowed")));
}

#[tokio::test]
async fn a_restart_ends_what_was_asked_and_the_page_says_so() {
    let mut gate = gate().await;
    phone(&gate).await;
    let mut browser = gate.browser();
    asks(&mut browser, "/", "alice").await;
    let at = gate.at.crash_and_restart().await;
    browser.router = super::router(&at);
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

/// Nothing can be learnt of the window: shut, unless the policy says that it then counts as open, and that is written down.
#[tokio::test]
async fn what_cannot_be_learnt_is_shut_unless_the_policy_says_otherwise_r_154_r_157_a_19() {
    let loose = r#"
[[app]]
name = "loose"
url = "https://loose.example.com"
upstream = ["http://127.0.0.1:8087"]
demands.primary_factor = { login_protect = { organisation = "example", service = "ponmlkjihgfedcba", when_unreachable = "as_open" } }
"#;
    let gate = Gate::with(&format!("{PUSH}{loose}")).await;
    gate.at.lose(Some("login_protect"));
    for (app, password, enters) in [("shut", PASSWORD, false), ("loose", "not the password", false), ("loose", PASSWORD, true)] {
        let (departure, _) = gate.departure(app, "/").await;
        let mut browser = gate.browser();
        let judged = gate.at.core.passwords().judged();
        let told = browser.post("/sign-in/password", &[("user", "alice"), ("password", password), ("for", &departure)]).await;
        assert_eq!(told.status == StatusCode::SEE_OTHER, enters, "{app}: {}", told.body);
        assert_eq!(gate.at.core.passwords().judged() > judged, app == "loose", "{app}");
    }
    gate.at.core.audit().flush().await.unwrap();
    let filter = crate::audit::Filter { what: Some("login_protect.as_open".to_owned()), ..crate::audit::Filter::default() };
    assert_eq!(gate.at.core.audit().query(&filter, None, 10).await.unwrap().len(), 2, "each time it is written down");
    // Found again: shut as before.
    gate.at.lose(None);
    let (departure, _) = gate.departure("loose", "/").await;
    let mut browser = gate.browser();
    let told = browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    assert_eq!(told.status, StatusCode::UNAUTHORIZED);
}

/// "This was not me": the user is told what to do, every administrator that it happened (R-407).
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
    let (_, told) = answer(&gate, &phone, "not_me", |_| None).await;
    assert_eq!(told["state"], json!("not_me"));
    let messages = gate.at.core.outbox().list().await.unwrap();
    let to: Vec<_> = messages.iter().skip(before).filter_map(|message| message.recipient.clone()).collect();
    assert!(to.contains(&"alice@example.test".to_owned()) && to.contains(&"root@example.test".to_owned()), "{to:?}");
}

/// Asks once more from a browser of its own, and is denied.
async fn denied(gate: &Gate, phone: &Phone) {
    let (departure, _) = gate.departure("mail", "/").await;
    asks(&mut gate.browser(), &departure, "alice").await;
    assert_eq!(answer(gate, phone, "deny", |_| None).await.0, StatusCode::OK);
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
        let (status, told) = call(&gate, phone, "GET", &format!("/approver/api/approvals/{id}"), &Value::Null).await;
        (status, told["state"].as_str().unwrap_or_default().to_owned(), told["here"] == true)
    };
    let ok = |state: &str, here: bool| (StatusCode::OK, state.to_owned(), here);

    let id = asked(&mut browser).await;
    assert_eq!(how(&first, &id).await, ok("pending", false));
    let stranger = Phone::new();
    assert_eq!(how(&stranger, &id).await.0, StatusCode::NOT_FOUND, "it is no phone of Alice's");
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
