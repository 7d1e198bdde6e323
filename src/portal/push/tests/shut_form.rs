//! Login forms that are shut until the phone opens them.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::portal::push::tests::{PUSH, SERVICE, call, gate, path, phone};
use crate::portal::testing::{Browser, Gate, PASSWORD};

/// Also R-104, R-116, R-133 and R-145: a release is needed and is not enough.
#[tokio::test]
async fn a_shut_form_evaluates_nothing_and_tells_nothing_r_101_r_102_a_14() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let core = &gate.at.core;
    let (departure, state) = gate.departure("shut", "/diary").await;
    let mut browser = gate.browser();
    // The form says so to everybody alike, before any name is entered, and where the approver is.
    let first = browser.get(&path(&departure)).await;
    assert!(first.body.contains("Open this login form from your phone first"), "{}", first.body);
    assert!(first.body.contains("/approver/</code>") && first.body.contains("class=\"qr\""), "{}", first.body);
    let try_with = async |browser: &mut Browser, user: &str, password: &str| {
        browser.post("/sign-in/password", &[("user", user), ("password", password), ("for", &departure)]).await
    };

    // Shut: the right password, a wrong one and a name that nobody bears get one answer, and none is compared.
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

    // Opened from the phone: the phone shows how often somebody tried; one password, and it is in.
    let open = async || {
        let release = phone.release("alice", SERVICE, core.clock().now());
        call(&gate, &phone, "POST", "/approver/api/windows", &json!({ "release": release })).await
    };
    let (status, reply) = open().await;
    assert_eq!((status, &reply["refused"]), (StatusCode::OK, &json!(32)), "{reply}");
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
    let (open, _) = gate.departure("shut", "/diary").await;
    assert!(!other.get(&path(&open)).await.body.contains("from your phone first"), "nothing has to be opened now");
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
        let reply = browser.post("/sign-in/password", &[("user", "alice"), ("password", password), ("for", &departure)]).await;
        assert_eq!(reply.status == StatusCode::SEE_OTHER, enters, "{app}: {}", reply.body);
        assert_eq!(gate.at.core.passwords().judged() > judged, app == "loose", "{app}");
    }
    gate.at.core.audit().flush().await.unwrap();
    let filter = crate::audit::Filter { what: Some("login_protect.as_open".to_owned()), ..crate::audit::Filter::default() };
    assert_eq!(gate.at.core.audit().query(&filter, None, 10).await.unwrap().len(), 2, "each time it is written down");
    // Found again: shut as before.
    gate.at.lose(None);
    let (departure, _) = gate.departure("loose", "/").await;
    let mut browser = gate.browser();
    let reply = browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &departure)]).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}
