//! Users, groups, sessions and the audit log by commands: beside the running gateway, which knows at once, and without
//! one, on the state directory itself.

use hyper::Method;
use serde_json::{Value, json};

use crate::support::{BY_PASSWORD, PASSWORD, World};

/// The values of a field of a list.
fn column<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list["items"].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

/// Users and groups from nothing to nothing, as it reads in any order of running and stopped.
async fn users_and_groups(world: &World, name: &str) {
    let group = format!("{name}-staff");
    world.answer(&["group", "add", &group, "--description", "those who work"]).await;
    let added = world.answer(&["user", "add", name, "--display-name", "Somebody", "--email", "s@example.test"]).await;
    assert_eq!((&added["user"]["user"], &added["user"]["enabled"]), (&json!(name), &json!(true)), "{added}");
    assert_eq!(world.answer(&["user", "set-groups", name, &group]).await["groups"], json!([group]));
    assert_eq!(column(&world.answer(&["group", "members", &group]).await, "user"), [name]);
    assert!(column(&world.answer(&["group", "list"]).await, "group").contains(&group.as_str()));
    assert!(column(&world.answer(&["user", "list"]).await, "user").contains(&name));
    let table = world.command(&["user", "list"]).await;
    assert!(table.out.starts_with("USER ") && table.out.contains(name), "{table:?}");
    assert_eq!(world.answer(&["user", "change", name, "--display-name", "Else"]).await["display_name"], "Else");
    // What cannot be done is said on stderr, with the exit code.
    let twice = world.command(&["user", "add", name]).await;
    assert_eq!(twice.code, 1);
    twice.mentions(&["error: failed to", name, "a user with that name exists"]);
    let nobody = world.command(&["user", "show", "nobody"]).await;
    assert_eq!((nobody.code, nobody.out.as_str()), (1, ""));
    nobody.mentions(&["error: failed to", "nobody"]);
    assert_eq!(world.command(&["user", "add", "no such name"]).await.code, 2);
    world.answer(&["user", "remove", name]).await;
    world.answer(&["group", "remove", &group]).await;
    assert!(!column(&world.answer(&["user", "list"]).await, "user").contains(&name));
}

#[tokio::test]
async fn users_and_groups_are_managed_beside_the_gateway_and_without_it() {
    let world = World::with(&[("wiki", BY_PASSWORD)], "").await;
    users_and_groups(&world, "early").await;
    let gateway = world.start().await;
    users_and_groups(&world, "beside").await;
    world.answer(&["user", "add", "stays"]).await;
    assert_eq!(gateway.stop().await, 0);
    assert!(!world.path("state/control.sock").exists(), "the socket goes with the gateway");
    assert_eq!(column(&world.answer(&["user", "list"]).await, "user"), ["stays"]);
    users_and_groups(&world, "late").await;
    // A gateway that was killed leaves its socket behind: nobody answers there, and commands see that.
    let mut killed = world.start().await;
    killed.signal("KILL").await;
    assert_eq!(killed.ends().await, -1);
    assert!(world.path("state/control.sock").exists());
    assert_eq!(column(&world.answer(&["user", "list"]).await, "user"), ["stays"]);
    // Each actor and act stands in the log, refusals too, newest first, a line each.
    let audit = world.answer(&["audit", "query", "--user", "early"]).await;
    let acts = column(&audit, "what");
    assert_eq!(acts, ["user.remove", "user.add", "user.change", "user.set_groups", "user.add"], "{audit}");
    let exported = world.command(&["audit", "export", "--user", "early"]).await;
    let lines: Vec<Value> = exported.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, *audit["items"].as_array().unwrap(), "the very same entries, one a line");
    // More than one page of them, from the gateway's memory of a thousand at once, each entry once.
    let all = world.command(&["audit", "export"]).await;
    let ids: Vec<i64> =
        all.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_i64().unwrap()).collect();
    assert!(ids.len() > lines.len() && ids.is_sorted_by(|a, b| a > b), "{ids:?}");
    assert_eq!(column(&audit, "outcome"), ["done", "refused", "done", "done", "done"]);
}

#[tokio::test]
async fn without_the_socket_a_command_says_who_has_the_state_directory() {
    let world = World::with(&[("wiki", BY_PASSWORD)], "").await;
    let gateway = world.start().await;
    std::fs::remove_file(world.path("state/control.sock")).unwrap();
    let said = world.command(&["user", "list"]).await;
    assert_eq!(said.code, 1);
    said.mentions(&["another sekisho has it open (process ", "stop that one"]);
    drop(gateway);
}

#[tokio::test]
async fn a_session_ended_by_a_command_is_dead_for_the_next_request() {
    let world = World::with(&[("wiki", BY_PASSWORD)], "").await;
    world.person("alice").await;
    let _gateway = world.start().await;
    let url = world.url("wiki", "/");
    let mut browser = world.browser();
    let page = browser.get(&url).await;
    browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let mut program = browser.clone().with_header("accept", "application/json");
    assert_eq!(program.send(Method::GET, &url, None).await.status, 200);

    let sessions = world.answer(&["session", "list", "--user", "alice"]).await;
    let session = column(&sessions, "session")[0];
    assert_eq!(sessions["items"][0]["evidence"], json!(["primary_factor:password"]));
    assert_eq!(column(&sessions, "address"), ["127.0.0.1"]);
    assert_eq!(world.answer(&["session", "list", "--user", "nobody"]).await["items"], json!([]));
    world.answer(&["session", "revoke", session]).await;
    assert_eq!(program.send(Method::GET, &url, None).await.code(), "primary_factor_missing");
    assert_eq!(world.answer(&["session", "list"]).await["items"], json!([]));
    let again = world.command(&["session", "revoke", session]).await;
    assert_eq!(again.code, 1);
    again.mentions(&[session]);

    // Who is switched off is out; who is switched on again signs in again.
    let page = browser.get(&url).await;
    browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let mut program = browser.clone().with_header("accept", "application/json");
    assert_eq!(program.send(Method::GET, &url, None).await.status, 200);
    world.answer(&["user", "disable", "alice"]).await;
    assert_eq!(program.send(Method::GET, &url, None).await.status, 401);
    world.answer(&["user", "enable", "alice"]).await;
    assert_eq!(program.send(Method::GET, &url, None).await.status, 401, "the old session stays dead");
    let acts = world.answer(&["audit", "query", "--what", "user"]).await;
    assert_eq!(column(&acts, "what"), ["user.enable", "user.disable"]);
}

#[tokio::test]
async fn an_announcement_stands_on_the_portals_pages_until_it_is_cleared() {
    let world = World::with(&[("wiki", BY_PASSWORD)], "").await;
    let _gateway = world.start().await;
    let said = "Maintenance <tonight>";
    world.answer(&["settings", "set", "portal.notice", said]).await;
    assert_eq!(column(&world.answer(&["settings", "list"]).await, "value"), [said]);
    let mut browser = world.browser();
    let url = world.url("wiki", "/");
    assert!(browser.get(&url).await.body.contains("Maintenance &#60;tonight&#62;"), "escaped, on the very next page");
    world.answer(&["settings", "clear", "portal.notice"]).await;
    assert!(!browser.get(&url).await.body.contains("Maintenance"));
    let unknown = world.command(&["settings", "set", "portal.notise", "x"]).await;
    assert_eq!(unknown.code, 1);
    unknown.mentions(&["portal.notise", "there is portal.notice"]);
}
