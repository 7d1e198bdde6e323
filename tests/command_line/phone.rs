//! A sign-in by the command-line approver, its whole life by commands: assigned, invited, registered, asked, answered,
//! suspended, unassigned; and a login form that is opened from it.

use serde_json::{Value, json};

use crate::support::{Answer, Browser, PASSWORD, Said, World};

const BY_PUSH: &str = "[app.demands.primary_factor]\nmethods = [\"push\"]\n";
const SHUT: &str =
    "[app.demands.primary_factor]\nlogin_protect = { organisation = \"example\", service = \"abcdefghijklmnop\" }\n";

/// What the approver says; its key file is called so.
pub(super) async fn approver(world: &World, key: &str, line: &[&str]) -> Said {
    let (key, authority) = (world.path(key), world.path("authority.pem"));
    let connect = format!("127.0.0.1:{}", world.port);
    let place = ["approver", "--key", key.to_str().unwrap(), "--authority", authority.to_str().unwrap(), "--connect", &connect];
    world.command(&[&place, line, &["--json"]].concat()).await
}

pub(super) async fn answered(world: &World, key: &str, line: &[&str]) -> Value {
    let said = approver(world, key, line).await;
    assert_eq!(said.code, 0, "{line:?}: {said:?}");
    serde_json::from_str(&said.out).unwrap()
}

pub(super) async fn registered(world: &World, user: &str, key: &str) -> String {
    let link = world.answer(&["push", "invite", user]).await["url"].as_str().unwrap().to_owned();
    assert_eq!(answered(world, key, &["register", &link, "--name", key]).await["user"], user);
    link
}

async fn ask(browser: &mut Browser, world: &World, app: &str) -> Answer {
    let page = browser.get(&world.url(app, "/page")).await;
    browser.fill(&page, "username", &[("user", "alice")]).await
}

fn number(page: &Answer) -> &str {
    let rest = page.body.split("class=\"number\"").nth(1).unwrap_or_else(|| panic!("no number in {page:?}"));
    &rest.split("</span> ").nth(1).unwrap()[..2]
}

/// R-018, R-431, R-432.
#[tokio::test]
async fn an_approver_at_the_command_line_lives_as_a_phone_does() {
    let world = World::with(&[("mail", BY_PUSH)], "").await;
    let gateway = world.start().await;
    world.answer(&["user", "add", "alice"]).await;
    world.answer(&["push", "assign", "alice"]).await;
    let link = registered(&world, "alice", "first.key").await;
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(world.path("first.key")).unwrap().permissions()) & 0o777,
        0o600
    );

    // A number on a new browser, then none.
    let mut browser = world.browser();
    let waiting = ask(&mut browser, &world, "mail").await;
    let shown = number(&waiting).to_owned();
    let seen = answered(&world, "first.key", &["list"]).await;
    assert_eq!(seen["slots"][0]["approvals"][0]["number"], "choose");
    let unsaid = approver(&world, "first.key", &["approve"]).await;
    unsaid.mentions(&["a number is asked for", "--number"]);
    assert_eq!(answered(&world, "first.key", &["approve", "--number", &shown]).await["state"], "approved");
    let next = waiting.body.split("data-next=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(browser.get(&world.url("auth", next)).await.body, "GET /page\n");

    // Denied; and what was asked before cannot be answered twice.
    let mut other = world.browser();
    ask(&mut other, &world, "mail").await;
    assert_eq!(answered(&world, "first.key", &["deny"]).await["state"], "denied");
    approver(&world, "first.key", &["approve"]).await.mentions(&["find the approval"]);

    // A link is used once; the fourth approver is refused.
    approver(&world, "thief.key", &["register", &link]).await.mentions(&["it was used, has expired"]);
    registered(&world, "alice", "second.key").await;
    registered(&world, "alice", "third.key").await;
    let fourth = world.answer(&["push", "invite", "alice"]).await["url"].as_str().unwrap().to_owned();
    approver(&world, "fourth.key", &["register", &fourth]).await.mentions(&["already has 3", "the limit"]);
    assert_eq!(world.answer(&["push", "list", "--user", "alice"]).await["items"].as_array().unwrap().len(), 3);

    // Suspended: nobody is asked and nobody answers; resumed: the same key does (R-431, R-445).
    world.answer(&["push", "suspend", "alice"]).await;
    ask(&mut other, &world, "mail").await;
    assert_eq!(answered(&world, "second.key", &["list"]).await["slots"][0]["approvals"], json!([]));
    world.answer(&["push", "resume", "alice"]).await;
    let shown = number(&ask(&mut other, &world, "mail").await).to_owned();
    assert_eq!(answered(&world, "second.key", &["approve", "--number", &shown]).await["state"], "approved");

    // Unassigned: none is left (R-018), and the first browser is new again.
    world.answer(&["push", "unassign", "alice"]).await;
    assert_eq!(world.answer(&["push", "list"]).await["items"], json!([]));
    assert_eq!(answered(&world, "first.key", &["list"]).await["slots"], json!([]));

    let audit = world.answer(&["audit", "query", "--user", "alice"]).await.to_string();
    for event in ["approver.register", "approval.ask", "approval.answer", "browser.register", "push.suspend", "push.unassign"] {
        assert!(audit.contains(&format!("\"{event}\"")), "{event} is not in the audit log: {audit}");
    }
    let secret = link.rsplit('=').next().unwrap();
    assert!(!gateway.words().contains(secret) && !audit.contains(secret), "the link stands in a log");
}

const TYPED: &str = "demands = { primary_factor = { methods = [\"push\"] }, number_style = \"type\" }\n";
const SCANNED: &str = "demands = { primary_factor = { methods = [\"push\"] }, number_style = \"scan\" }\n";

#[tokio::test]
async fn the_command_line_approver_types_or_scans_the_number() {
    let world = World::with(&[("typed", TYPED), ("scanned", SCANNED)], "").await;
    let _gateway = world.start().await;
    world.answer(&["user", "add", "alice"]).await;
    world.answer(&["push", "assign", "alice"]).await;
    registered(&world, "alice", "phone.key").await;
    let all = |page: &Answer| -> String {
        let text = page.body.split("class=\"number").nth(1).unwrap().split("</p>").next().unwrap();
        text.split("</span> ").last().unwrap().chars().filter(char::is_ascii_digit).collect()
    };
    let number = async |number: &str| approver(&world, "phone.key", &["approve", "--number", number]).await;
    for (app, length) in [("typed", 6), ("scanned", 8)] {
        let mut browser = world.browser();
        let waiting = ask(&mut browser, &world, app).await;
        let shown = all(&waiting);
        assert_eq!(shown.len(), length);
        // What cannot be right is not sent: a wrong number would deny.
        approver(&world, "phone.key", &["approve"]).await.mentions(&[
            "a number is asked for",
            "--number",
            &format!("{length} digits"),
        ]);
        number(&shown[1..]).await.mentions(&[&format!("the number has {length} digits")]);
        number("four").await.mentions(&["digits"]);
        let grouped = format!("{} {}", &shown[..3], &shown[3..]);
        let got: Value = serde_json::from_str(&number(&grouped).await.out).unwrap();
        assert_eq!(got["state"], "approved", "{got}");
        let next = waiting.body.split("data-next=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(browser.get(&world.url("auth", next)).await.body, "GET /page\n");
    }
    ask(&mut world.browser(), &world, "scanned").await;
    let asked = answered(&world, "phone.key", &["list"]).await["slots"][0]["approvals"][0].clone();
    assert_eq!((&asked["number"], &asked["digits"], &asked["offered"]), (&json!("scan"), &json!(8), &json!([])));
    let code = |id: &str| format!("{}#scan={id}.AAAAAAAAAAAAAAAAAAAAAA", world.url("auth", "/approver/"));
    number(&code("BAAAAAAAAAAAAAAAAAAAAA")).await.mentions(&["the code is for another approval"]);
    let got: Value = serde_json::from_str(&number(&code(asked["id"].as_str().unwrap())).await.out).unwrap();
    assert_eq!(got["state"], "wrong_number", "a code that was made up: {got}");
}

/// R-135, R-136, R-142, R-143, R-150, R-153.
#[tokio::test]
async fn a_login_form_is_opened_by_a_command_and_disabled_in_two_steps() {
    let world = World::with(&[("diary", SHUT)], "").await;
    let _gateway = world.start().await;
    let add = ["user", "add", "alice", "--invite"];
    let invitation = world.answer(&add).await["invitation"]["url"].as_str().unwrap().to_owned();
    let mut setting = world.browser();
    let page = setting.get(&format!("{invitation}/password")).await;
    let enrol = setting.fill(&page, "new-password", &[("new", PASSWORD), ("again", PASSWORD)]).await;
    let key = enrol.body.split("<code class=\"key\">").nth(1).unwrap().split("</code>").next().unwrap();
    let alice = crate::support::Person::with_key("alice", key);
    setting.fill(&enrol, "one-time-code", &[("code", &alice.code())]).await;
    registered(&world, "alice", "phone.key").await;

    let enter = async || {
        let mut browser = world.browser();
        let page = browser.get(&world.url("diary", "/")).await;
        browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await
    };
    assert_eq!(enter().await.status, 401, "shut");
    let opened = answered(&world, "phone.key", &["release"]).await;
    assert_eq!(opened["refused"], 1);
    assert_eq!(enter().await.body, "GET /\n");
    assert_eq!(enter().await.status, 401, "used");

    // Two steps to disable (R-150): the first does nothing but say the word for the second.
    let first = world.answer(&["login-protect", "disable"]).await;
    assert_eq!(enter().await.status, 401);
    let word = first["confirm"].as_str().unwrap().to_owned();
    assert_ne!(world.command(&["login-protect", "disable", "--confirm", "nothing"]).await.code, 0);
    world.answer(&["login-protect", "disable", "--confirm", &word]).await;
    let shown = world.answer(&["login-protect", "show"]).await;
    assert_eq!((&shown["disabled"], &shown["services"][0]["apps"]), (&json!(true), &json!(["diary"])));
    assert_eq!(enter().await.body, "GET /\n", "open to the right password");
    // And two to restore (R-153), with a word of its own.
    let first = world.answer(&["login-protect", "restore"]).await;
    assert_eq!(enter().await.body, "GET /\n", "nothing is done yet");
    assert_ne!(world.command(&["login-protect", "restore", "--confirm", &word]).await.code, 0);
    world.answer(&["login-protect", "restore", "--confirm", first["confirm"].as_str().unwrap()]).await;
    assert_eq!(enter().await.status, 401);
    // IDs are given (R-120): one that was written by hand is distinguished from a drawn one.
    let services = async || world.answer(&["login-protect", "show"]).await["services"].clone();
    assert_eq!(services().await[0]["drawn"], false);
    let drawn = world.answer(&["login-protect", "service"]).await["done"].as_str().unwrap().to_owned();
    assert_eq!(drawn.len(), 16);
    let config = std::fs::read_to_string(world.path("sekisho.toml")).unwrap();
    std::fs::write(world.path("sekisho.toml"), config.replace("abcdefghijklmnop", &drawn)).unwrap();
    for _ in 0..100 {
        if services().await[0]["service"] == drawn.as_str() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(services().await[0], json!({ "organisation": "example", "service": drawn, "apps": ["diary"], "drawn": true }));
}

/// R-003, R-009, R-018, R-019: by group, by name, with a result for each user.
#[tokio::test]
async fn push_is_assigned_and_taken_back_for_a_whole_group() {
    let world = World::with(&[("mail", BY_PUSH)], "").await;
    let _gateway = world.start().await;
    world.answer(&["group", "add", "staff"]).await;
    for user in ["alice", "bob", "carol"] {
        world.answer(&["user", "add", user]).await;
    }
    for user in ["alice", "bob"] {
        world.answer(&["user", "set-groups", user, "staff"]).await;
    }
    let outcomes = |answer: &Value| -> Vec<(String, String)> {
        let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
        answer["items"].as_array().unwrap().iter().map(|item| (text(item, "user"), text(item, "outcome"))).collect()
    };
    let pair = |user: &str, outcome: &str| (user.to_owned(), outcome.to_owned());

    let got = world.answer(&["push", "assign", "--group", "staff"]).await;
    assert_eq!(outcomes(&got), [pair("alice", "done"), pair("bob", "done")]);
    let methods = world.answer(&["user", "show", "carol"]).await["methods"].to_string();
    assert!(!methods.contains("push"), "who is not in it is not touched: {methods}");
    let links = world.answer(&["push", "invite", "--group", "staff"]).await;
    let link = links["items"][0]["url"].as_str().unwrap();
    assert_eq!(answered_by(&world, "alice.key", link).await, "alice");

    // Named one by one, and one of them is nobody: the others are done all the same.
    let got = world.answer(&["push", "many", "assign", "carol", "nobody"]).await;
    assert_eq!(outcomes(&got), [pair("carol", "done"), pair("nobody", "unknown_user")]);

    let got = world.answer(&["push", "unassign", "--group", "staff"]).await;
    assert_eq!(outcomes(&got), [pair("alice", "done"), pair("bob", "done")]);
    assert_eq!(world.answer(&["push", "list"]).await["items"], json!([]), "the phones are gone (R-018)");
    world.answer(&["push", "assign", "--group", "staff"]).await;
    assert_eq!(world.answer(&["push", "list"]).await["items"], json!([]), "and do not come back (R-019)");

    world.command(&["push", "assign", "--group", "nobodys"]).await.mentions(&["nobodys"]);
    assert_eq!(world.command(&["push", "assign"]).await.code, 2, "somebody has to be named");
    assert_eq!(world.command(&["push", "assign", "alice", "--group", "staff"]).await.code, 2, "one or the other");
    let audit = world.answer(&["audit", "query", "--user", "bob"]).await.to_string();
    assert!(audit.contains("\"push.assign\"") && audit.contains("\"push.unassign\""), "each has its own line: {audit}");
}

async fn answered_by(world: &World, key: &str, link: &str) -> Value {
    answered(world, key, &["register", link, "--name", key]).await["user"].clone()
}

/// What is open lives in memory: a restart leaves nobody signed in by what was asked before it, and the waiting page says so.
#[tokio::test]
async fn a_restart_ends_what_was_asked_and_shuts_what_was_open() {
    let world = World::with(&[("mail", BY_PUSH), ("diary", SHUT)], "").await;
    let gateway = world.start().await;
    world.answer(&["user", "add", "alice"]).await;
    world.answer(&["push", "assign", "alice"]).await;
    registered(&world, "alice", "phone.key").await;
    let mut browser = world.browser();
    let waiting = ask(&mut browser, &world, "mail").await;
    let shown = number(&waiting).to_owned();
    let seen = answered(&world, "phone.key", &["list"]).await;
    let asked = seen["slots"][0]["approvals"][0]["id"].as_str().unwrap().to_owned();
    answered(&world, "phone.key", &["release"]).await;
    let window = async || {
        let seen = answered(&world, "phone.key", &["list"]).await;
        seen["slots"][0]["services"][0]["open"].as_bool().unwrap()
    };
    assert!(window().await);
    // A waiting client is answered at once: no shutdown takes as long as a page may wait.
    let held = waiting.body.split("data-wait=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut looking = browser.clone();
    let address = world.url("auth", &held);
    let (state, code) = tokio::join!(looking.get(&address), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        gateway.stop().await
    });
    assert_eq!((state.body.as_str(), code), (r#"{"state":"waiting"}"#, 0));

    let _gateway = world.start().await;
    assert!(!window().await, "shut (R-107)");
    let late = approver(&world, "phone.key", &["approve", &asked, "--number", &shown]).await;
    assert_ne!(late.code, 0, "nothing is asked any more: {late:?}");
    // The page that waits looks again, by its script or by itself: it says that the question is over, and does not sign in.
    let next = waiting.body.split("data-next=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let page_after = browser.get(&world.url("auth", &next)).await;
    assert!(page_after.body.contains("The request on your phone has ended"), "{page_after:?}");
    assert!(page_after.body.contains("autocomplete=\"username\""), "and may ask again: {page_after:?}");
    let again = browser.fill(&page_after, "username", &[("user", "alice")]).await;
    let shown = number(&again).to_owned();
    assert_eq!(answered(&world, "phone.key", &["approve", "--number", &shown]).await["state"], "approved");
}

/// R-043, R-430, R-446: the link waits in the outbox where nothing is mailed; all phones are removed in any state.
#[tokio::test]
async fn a_registration_waits_in_the_outbox_and_is_undone_at_any_time() {
    let world = World::with(&[("mail", BY_PUSH)], "").await;
    let _gateway = world.start().await;
    world.answer(&["user", "add", "alice"]).await;
    world.answer(&["push", "assign", "alice"]).await;
    let invited = world.answer(&["push", "invite", "alice"]).await;
    let message = world.answer(&["outbox", "show", invited["message"].as_str().unwrap()]).await;
    assert!(message.to_string().contains(invited["url"].as_str().unwrap()), "{message}");
    assert_eq!(answered_by(&world, "first.key", invited["url"].as_str().unwrap()).await, "alice");

    for state in ["active", "suspended"] {
        if state == "suspended" {
            registered(&world, "alice", "first.key").await;
            world.answer(&["push", "suspend", "alice"]).await;
        }
        world.answer(&["push", "unregister", "alice"]).await;
        assert_eq!(world.answer(&["push", "list"]).await["items"], json!([]), "{state}");
    }
}
