//! How a number gets to a phone: what is asked of whom (T42), what the screen and the phone each see, and that neither a
//! name nor a push says more than it must.

use http::StatusCode;
use serde_json::{Value, json};

use crate::approval::testing::Phone;
use crate::portal::push::tests::{PUSH, answer, asks, call, number, phone};
use crate::portal::testing::{Answer, Gate};
use crate::principal::method::{Method, Methods};
use crate::principal::user::{GroupName, UserId};

/// Apps beside those of [`PUSH`], which say nothing of numbers.
const MORE: &str = r#"
[[app]]
name = "typed"
url = "https://typed.example.com"
upstream = ["http://127.0.0.1:8087"]
demands = { primary_factor = { methods = ["push"] }, number_style = "type" }
[[app]]
name = "scanned"
url = "https://scanned.example.com"
upstream = ["http://127.0.0.1:8088"]
demands = { primary_factor = { methods = ["push"] }, number_style = "scan" }
[[app.rule]]
paths = ["/plain/**"]
demands = { number_style = "choose" }
[[addition]]
group = "tellers"
demands = { number_style = "scan" }
"#;

async fn gate(more: &str) -> Gate {
    let gate = Gate::with(&format!("{PUSH}{MORE}{more}")).await;
    gate.at.core.assign(gate.alice.id(), Methods::of(&[Method::Push, Method::Password])).await.unwrap();
    gate
}

async fn joins(gate: &Gate, group: &str) {
    let group = GroupName::parse(group).unwrap();
    gate.at.core.groups().add(group.clone(), None).await.unwrap();
    gate.at.core.users().set_groups(gate.alice.id(), vec![group]).await.unwrap();
}

/// What the phone is sent of the one question that is open.
async fn sent(gate: &Gate, phone: &Phone) -> Value {
    let (_, seen) = call(gate, phone, "GET", "/approver/api/slots", &Value::Null).await;
    seen["slots"][0]["approvals"][0].clone()
}

async fn style_at(gate: &Gate, phone: &Phone, app: &str, page: &str) -> String {
    let (departure, _) = gate.departure(app, page).await;
    asks(&mut gate.browser(), &departure, "alice").await;
    let style = sent(gate, phone).await["number"].as_str().unwrap().to_owned();
    answer(gate, phone, "deny", |_| None).await;
    // Denied again and again, phones are left in peace for a while.
    gate.at.clock.advance(std::time::Duration::from_secs(5 * 3600));
    style
}

#[tokio::test]
async fn users_choose_where_nobody_says_otherwise_and_the_strictest_of_what_holds_applies() {
    let gate = gate("").await;
    let phone = phone(&gate).await;
    assert_eq!(style_at(&gate, &phone, "mail", "/").await, "choose", "the default of users (R-020)");
    assert_eq!(style_at(&gate, &phone, "typed", "/").await, "type");
    assert_eq!(style_at(&gate, &phone, "scanned", "/").await, "scan");
    assert_eq!(style_at(&gate, &phone, "scanned", "/plain/x").await, "choose", "a rule takes the app's place");
    joins(&gate, "tellers").await;
    for (app, page) in [("mail", "/"), ("typed", "/"), ("scanned", "/"), ("scanned", "/plain/x")] {
        assert_eq!(style_at(&gate, &phone, app, page).await, "scan", "an addition only adds: {app}{page}");
    }
}

#[tokio::test]
async fn administrators_type_unless_their_own_demands_say_otherwise_t42() {
    let mail = [("mail", "type"), ("typed", "type"), ("scanned", "scan")];
    let weaker = [("mail", "choose"), ("typed", "type"), ("scanned", "scan")];
    let scanned = [("mail", "scan"), ("typed", "scan"), ("scanned", "scan")];
    for (admin, portal, expected) in [
        ("", "choose", mail),
        ("primary_factor = {}", "choose", mail),
        ("number_style = \"choose\"", "choose", weaker),
        ("number_style = \"scan\"", "choose", scanned),
        ("number_style = \"choose\"", "scan", [("mail", "scan"), ("typed", "type"), ("scanned", "scan")]),
    ] {
        let own = if admin.is_empty() { String::new() } else { format!("[portal.admin_demands]\n{admin}\n") };
        let gate = gate(&format!("[approval]\nnumber_style = \"{portal}\"\n{own}")).await;
        joins(&gate, "administrators").await;
        let phone = phone(&gate).await;
        for (app, style) in expected {
            assert_eq!(style_at(&gate, &phone, app, "/").await, style, "{admin} {portal} {app}");
        }
    }
}

/// The pages of the administration, asked by somebody of whom nothing is known yet.
#[tokio::test]
async fn the_administration_itself_asks_for_a_typed_number() {
    let gate = gate("[portal.demands]\nprimary_factor = { methods = [\"push\"] }\nnumber_style = \"choose\"\n").await;
    let phone = phone(&gate).await;
    for (back, style) in [("/", "choose"), ("/account", "choose"), ("/admin/users", "type")] {
        let mut browser = gate.browser();
        let asked = browser.post("/sign-in/push", &[("user", "alice"), ("for", back)]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
        assert_eq!(sent(&gate, &phone).await["number"], style, "{back}");
        answer(&gate, &phone, "deny", |_| None).await;
    }
}

#[tokio::test]
async fn the_screen_shows_the_digits_and_the_phone_is_sent_none_of_them() {
    let gate = gate("").await;
    let phone = phone(&gate).await;
    for (app, length) in [("typed", 6), ("scanned", 8)] {
        let (departure, state) = gate.departure(app, "/in").await;
        let mut browser = gate.browser();
        let waiting: Answer = asks(&mut browser, &departure, "alice").await;
        let shown = number(&waiting).unwrap();
        assert_eq!(shown.len(), length);
        let spelled = shown.chars().map(String::from).collect::<Vec<_>>().join(" ");
        assert!(
            waiting.body.contains(&format!("Your number: {spelled}</span>")),
            "digit by digit for who listens: {}",
            waiting.body
        );
        // Beside digits a picture leads to the approver, folded up; beside a code to be read there is no other.
        let (before, folded) = waiting.body.split_once("<details>").unwrap_or((&waiting.body, ""));
        assert_eq!((before.contains("<svg class=\"qr\""), folded.is_empty()), (app == "scanned", app == "scanned"));
        let sent = sent(&gate, &phone).await;
        assert_eq!((&sent["offered"], &sent["digits"]), (&json!([]), &json!(length)));
        assert!(!sent.to_string().contains(&shown), "{sent}");

        let (status, reply) = answer(&gate, &phone, "approve", |_| None).await;
        assert_eq!((status, &reply["code"]), (StatusCode::CONFLICT, &json!("number_missing")), "{reply}");
        assert!(reply["detail"].as_str().unwrap().contains("too old for the way that is asked for"), "{reply}");
        let (_, reply) = answer(&gate, &phone, "approve", |_| Some(format!("{} {}", &shown[..3], &shown[3..]))).await;
        assert_eq!(reply["state"], "approved", "{reply}");
        let passed = browser.get(&format!("/sign-in?for={departure}")).await;
        assert!(browser.cookies.contains_key("__Host-sekisho-browser"), "it registers the browser as a chosen one does (R-021)");
        let end = browser.get(passed.location()).await;
        assert_eq!(gate.arrives(end.location(), app, &state).await, "/in");
    }
    let wrong = |shown: &str| if shown == "000000" { "000001" } else { "000000" }.to_owned();
    let (departure, _) = gate.departure("typed", "/").await;
    let mut browser = gate.browser();
    let shown = number(&asks(&mut browser, &departure, "alice").await).unwrap();
    let (_, reply) = answer(&gate, &phone, "approve", |_| Some(wrong(&shown))).await;
    assert_eq!(reply["state"], "wrong_number");
    assert!(browser.get(&format!("/sign-in?for={departure}")).await.body.contains("denied on the phone"));
}

/// A-06: otherwise six digits would show to a person who types names that a name exists.
#[tokio::test]
async fn some_names_that_nobody_bears_are_shown_what_an_administrator_would_be() {
    let gate = gate("").await;
    let mut seen = [0; 4];
    for count in 0..128 {
        let name = format!("nobody-{count}");
        let (departure, _) = gate.departure("mail", "/").await;
        let length = number(&asks(&mut gate.browser(), &departure, &name).await).map(|shown| shown.len());
        let again = number(&asks(&mut gate.browser(), &departure, &name).await).map(|shown| shown.len());
        assert_eq!(length, again, "always the same for the same name");
        seen[match length {
            None => 0,
            Some(2) => 1,
            Some(6) => 2,
            Some(8) => 3,
            other => panic!("{other:?}"),
        }] += 1;
    }
    assert!(seen.iter().all(|count| *count > 0), "none, chosen, typed, scanned: {seen:?}");
}

#[tokio::test]
async fn the_camera_is_allowed_on_the_approvers_page_alone_and_only_where_codes_are_scanned() {
    let scans = gate("").await;
    let chooses = Gate::with(PUSH).await;
    for (gate, path, camera) in [
        (&scans, "/approver/", "camera=(self), "),
        (&scans, "/approver", "camera=(self), "),
        (&scans, "/sign-in", "camera=(), "),
        (&scans, "/sign-in?for=%2Fadmin", "camera=(), "),
        (&chooses, "/approver/", "camera=(), "),
    ] {
        let page = gate.browser().get(path).await;
        let permissions = page.headers["permissions-policy"].to_str().unwrap();
        assert_eq!(permissions, format!("{camera}geolocation=(), microphone=(), payment=(), usb=()"), "{path}");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(!policy.contains("media-src") && !policy.contains("blob:"), "{policy}");
    }
}

/// The number of somebody who may be asked by an app: as the app's policy says, and of an administrator at least typed.
#[tokio::test]
async fn an_app_that_asks_by_itself_shows_what_its_policy_says() {
    let gate = gate("").await;
    let core = &gate.at.core;
    let alice = UserId::parse("alice").unwrap();
    let user = core.users().find(&alice).unwrap();
    let style = |app: &str| core.number_style_of_app(app, &alice, Some(&user)).word();
    assert_eq!((style("mail"), style("typed"), style("scanned"), style("gone")), ("choose", "type", "scan", "scan"));
    joins(&gate, "administrators").await;
    let user = core.users().find(&alice).unwrap();
    assert_eq!(core.number_style_of_app("mail", &alice, Some(&user)).word(), "type");
}
