//! A held request in the hands of the command-line approver: shown with everything that is signed, approved, denied, and approved by
//! somebody else than who asked.

use hyper::Method;
use serde_json::{Value, json};

use crate::support::{Browser, Said, World};

const BANK: &str = r#"[app.demands.primary_factor]
[[app.transaction]]
name = "transfer"
paths = ["/transfer"]
title = { en = "Transfer", ja = "振込" }
sentence.en = "Money leaves the account."
show = [
  { label = { en = "Payee" }, from = "form:payee" },
  { label = { en = "Amount" }, from = "form:amount", format = "currency", currency = "JPY" },
  { label = { en = "Note" }, from = "form:note", optional = true },
]
[[app.transaction]]
name = "limit"
paths = ["/limit"]
title.en = "Limit"
number = true
[[app.transaction]]
name = "close"
paths = ["/close"]
title.en = "Close the account"
approvers = { groups = ["board"] }
"#;

async fn approver(world: &World, key: &str, line: &[&str]) -> Said {
    let (key, authority) = (world.path(key), world.path("authority.pem"));
    let connect = format!("127.0.0.1:{}", world.port);
    let place = ["approver", "--key", key.to_str().unwrap(), "--authority", authority.to_str().unwrap(), "--connect", &connect];
    world.command(&[&place, line].concat()).await
}

async fn answered(world: &World, key: &str, line: &[&str]) -> Value {
    let said = approver(world, key, &[line, &["--json"]].concat()).await;
    assert_eq!(said.code, 0, "{line:?}: {said:?}");
    serde_json::from_str(&said.out).unwrap()
}

async fn registered(world: &World, user: &str, key: &str) {
    world.answer(&["push", "assign", user]).await;
    let link = world.answer(&["push", "invite", user]).await["url"].as_str().unwrap().to_owned();
    answered(world, key, &["register", &link]).await;
}

/// The answer to a program that posts this.
async fn posted(program: &mut Browser, url: &str, form: &str) -> Value {
    let answer = program.send(Method::POST, url, Some(form)).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    serde_json::from_str(&answer.body).unwrap()
}

/// R-402, R-449, R-453.
#[tokio::test]
async fn a_held_request_is_listed_and_answered_at_the_command_line() {
    let world = World::with(&[("bank", BANK)], "").await;
    let alice = world.person("alice").await;
    let _bob = world.person("bob").await;
    let _gateway = world.start().await;
    world.answer(&["group", "add", "board"]).await;
    for user in ["alice", "bob"] {
        world.answer(&["user", "set-groups", user, "board"]).await;
    }
    registered(&world, "alice", "alice.key").await;
    registered(&world, "bob", "bob.key").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("bank", "/"), &alice).await;
    let mut program = browser.with_header("accept", "application/json");
    let reached = |method: &str| world.upstream.seen().iter().filter(|seen| seen.method == method).count();
    let before = reached("POST");

    // Told with every value, for people and for programs, then approved: it arrives once, as it was posted.
    let form = "payee=ACME%1b%5B2J+%E6%A0%AA%E5%BC%8F%E4%BC%9A%E7%A4%BE&amount=1250000";
    let held = posted(&mut program, &world.url("bank", "/transfer"), form).await;
    let said = approver(&world, "alice.key", &["list"]).await;
    let lines: Vec<&str> = said.out.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| *line == "Transfer").unwrap_or_else(|| panic!("{said:?}"));
    assert!(lines[at - 1].contains("transaction to bank"), "{said:?}");
    let expected = ["Money leaves the account.", "Payee: ACME[U+001B][2J 株式会社", "Amount: 1,250,000 JPY", "Note: (not given)"];
    assert_eq!(lines[at + 1..at + 5], expected);
    let seen = answered(&world, "alice.key", &["list"]).await;
    let asked = &seen["slots"][0]["approvals"][0];
    assert_eq!(asked["details"]["title"], json!({ "en": "Transfer", "ja": "振込" }));
    assert_eq!(asked["details"]["fields"][1]["value"], "1,250,000 JPY");
    assert_eq!(asked["details"]["request"], held["request"]);
    assert_eq!(reached("POST"), before, "held");
    let approved = approver(&world, "alice.key", &["approve"]).await;
    assert_eq!(approved.out.lines().map(str::trim).take(2).collect::<Vec<_>>(), ["approved", "Transfer"]);
    let result = world.url("bank", held["result"].as_str().unwrap());
    assert_eq!(program.send(Method::GET, &result, None).await.body, format!("POST /transfer\n{form}"));
    assert_eq!(reached("POST"), before + 1);

    // Denied: it never arrives, and the program gets the reason.
    let held = posted(&mut program, &world.url("bank", "/transfer"), "payee=Mallory&amount=1").await;
    assert_eq!(answered(&world, "alice.key", &["deny"]).await["state"], "denied");
    let result = world.url("bank", held["result"].as_str().unwrap());
    assert_eq!(program.send(Method::GET, &result, None).await.code(), "transaction_denied");

    // A number is carried over.
    let held = posted(&mut program, &world.url("bank", "/limit"), "limit=5").await;
    approver(&world, "alice.key", &["approve"]).await.mentions(&["a number is asked for", "--number"]);
    let number = held["number"].as_str().unwrap();
    assert_eq!(answered(&world, "alice.key", &["approve", "--number", number]).await["state"], "approved");
    let result = world.url("bank", held["result"].as_str().unwrap());
    assert_eq!(program.send(Method::GET, &result, None).await.body, "POST /limit\nlimit=5");

    // Four eyes: the requester is not asked, and the approver sees who the requester is.
    let held = posted(&mut program, &world.url("bank", "/close"), "account=7").await;
    approver(&world, "alice.key", &["approve"]).await.mentions(&["find the approval"]);
    assert!(approver(&world, "bob.key", &["list"]).await.out.contains("asked for by: alice"));
    let answered = answered(&world, "bob.key", &["approve"]).await;
    assert_eq!((&answered["state"], &answered["details"]["requester"]), (&json!("approved"), &json!("alice")));
    let result = world.url("bank", held["result"].as_str().unwrap());
    assert_eq!(program.send(Method::GET, &result, None).await.body, "POST /close\naccount=7");
    assert_eq!(reached("POST"), before + 3);
}
