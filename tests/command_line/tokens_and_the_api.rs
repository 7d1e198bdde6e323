//! A token made by a command opens `/api/v1` as far as its scopes go; what the description lists is what is routed, and
//! each of it has its command.

use hyper::Method;
use serde_json::Value;

use crate::support::{Answer, Browser, OPEN, World};

async fn token(world: &World, line: &[&str]) -> String {
    world.answer(&[&["token", "issue"], line].concat()).await["token"].as_str().unwrap().to_owned()
}

/// A program with this token.
fn with(world: &World, token: &str) -> Browser {
    world.program().with_header("authorization", &format!("Bearer {token}")).with_header("content-type", "application/json")
}

async fn asked(program: &mut Browser, world: &World, method: Method, path: &str, body: Option<&str>) -> Answer {
    program.send(method, &world.url("auth", &format!("/api/v1{path}")), body).await
}

#[tokio::test]
async fn a_token_opens_what_its_scopes_say_until_it_ends_or_is_revoked() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let ended = world.ended_token().await;
    let early = token(&world, &["made before the gateway", "--scope", "read"]).await;
    let _gateway = world.start().await;
    let mut reader = with(&world, &early);
    assert_eq!(asked(&mut reader, &world, Method::GET, "/users", None).await.status, 200);
    let refused = asked(&mut reader, &world, Method::POST, "/users", Some(r#"{"user":"mallory"}"#)).await;
    assert_eq!((refused.status, refused.code().is_empty()), (403, false), "{refused:?}");
    assert_eq!(asked(&mut reader, &world, Method::GET, "/audit", None).await.status, 403, "the log has its own scope");

    let writer = token(&world, &["for the portal", "--scope", "read", "--scope", "users"]).await;
    let mut writer = with(&world, &writer);
    let added = asked(&mut writer, &world, Method::POST, "/users", Some(r#"{"user":"alice"}"#)).await;
    assert_eq!(added.status, 200, "{added:?}");
    assert!(world.answer(&["user", "list"]).await.to_string().contains("alice"));
    let stronger = r#"{"label":"x","scopes":["all"]}"#;
    assert_eq!(asked(&mut writer, &world, Method::POST, "/tokens", Some(stronger)).await.status, 403);

    // None, a wrong one, one that ended, one that was revoked.
    let mut nobody = world.program();
    let absent = asked(&mut nobody, &world, Method::GET, "/users", None).await;
    assert_eq!((absent.status, absent.code().as_str()), (401, "not_signed_in"));
    assert!(absent.header("www-authenticate").unwrap().starts_with("Bearer "));
    let mut wrong = with(&world, "sekisho_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(asked(&mut wrong, &world, Method::GET, "/users", None).await.code(), "invalid_token");
    let ended = asked(&mut with(&world, &ended), &world, Method::GET, "/users", None).await;
    assert_eq!((ended.status, ended.code().as_str()), (401, "invalid_token"));
    for (lifetime, why) in [("0s", "it lies in the past"), ("100000000d", "write at most \"36500d\"")] {
        let refused = world.command(&["token", "issue", "odd", "--scope", "read", "--lifetime", lifetime]).await;
        assert_ne!(refused.code, 0, "{refused:?}");
        refused.mentions(&[why]);
    }
    let issued = world.answer(&["token", "list"]).await;
    let ours = issued["items"].as_array().unwrap().iter().find(|one| one["label"] == "made before the gateway").unwrap();
    assert!(!issued.to_string().contains(&early), "a list shows no token");
    world.answer(&["token", "revoke", ours["id"].as_str().unwrap()]).await;
    assert_eq!(asked(&mut reader, &world, Method::GET, "/users", None).await.status, 401);

    // Who did it stands in the log.
    let audit = world.answer(&["audit", "query", "--what", "user.add"]).await;
    let outcomes: Vec<&str> = audit["items"].as_array().unwrap().iter().map(|item| item["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["done", "refused"], "{audit}");
    assert_eq!(audit["items"][0]["address"], "127.0.0.1", "{audit}");
}

/// Every operation of administrators: method, path, name, scope. Those of apps have no command, and their own tests.
fn operations(document: &Value) -> Vec<(Method, String, String, String)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["tags"][0] == "app_approval" {
                continue;
            }
            let scope = operation["description"].as_str().unwrap().split('`').nth(1).unwrap().to_owned();
            let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
            all.push((method, path.clone(), operation["operationId"].as_str().unwrap().to_owned(), scope));
        }
    }
    all
}

/// A path with something instead of each name in braces that is there nowhere.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "nobody" } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn the_description_lists_what_is_routed_and_each_has_its_command() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let _gateway = world.start().await;
    let mut program = with(&world, &token(&world, &["everything", "--scope", "all"]).await);
    let mut nobody = world.program();
    let described = asked(&mut nobody, &world, Method::GET, "/openapi.json", None).await;
    let document: Value = serde_json::from_str(&described.body).unwrap();
    let all = operations(&document);
    assert!(all.len() > 40, "{}", all.len());
    for (method, path, name, _) in &all {
        let filled = filled(path);
        let body = (!matches!(*method, Method::GET | Method::DELETE)).then_some("{}");
        let answer = asked(&mut program, &world, method.clone(), &filled, body).await;
        let code = if answer.status == 200 { String::new() } else { answer.code() };
        assert!(!["no_such_path", "method_not_allowed"].contains(&code.as_str()), "{name}: {method} {path}: {answer:?}");
        assert!(answer.status < 500, "{name}: {method} {path}: {answer:?}");
        let closed = asked(&mut nobody, &world, method.clone(), &filled, body).await;
        assert_eq!((closed.status, closed.code().as_str()), (401, "not_signed_in"), "{name}");
        // The command: `user.set_groups` is `user set-groups`.
        let words = name.replace('_', "-");
        let line: Vec<&str> = words.split('.').chain(["--help"]).collect();
        assert_eq!(world.command(&line).await.code, 0, "{line:?}");
    }
    // Other methods of these paths, and other paths, are not there.
    for path in document["paths"].as_object().unwrap().keys() {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if !all.iter().any(|(listed, of, ..)| *listed == method && of == path) {
                let answer = asked(&mut program, &world, method.clone(), &filled(path), None).await;
                // A request that only apps may make is refused with that reason.
                let is_of_apps = answer.status == 401 && answer.code() == "app_token_missing";
                assert!(matches!(answer.status, 404 | 405) || is_of_apps, "{method} {path}: {answer:?}");
            }
        }
    }
    for path in ["/", "/user", "/users/nobody/nothing", "/openapi", "/explain/more"] {
        assert_eq!(asked(&mut program, &world, Method::GET, path, None).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_token_to_read_does_nothing_that_needs_more() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let _gateway = world.start().await;
    let mut reader = with(&world, &token(&world, &["reader", "--scope", "read"]).await);
    let described = asked(&mut reader, &world, Method::GET, "/openapi.json", None).await;
    for (method, path, name, scope) in operations(&serde_json::from_str(&described.body).unwrap()) {
        let needs_input = !matches!(method, Method::GET | Method::DELETE);
        if scope == "read" || needs_input {
            continue;
        }
        let answer = asked(&mut reader, &world, method, &filled(&path), None).await;
        assert_eq!(answer.status, 403, "{name} needs {scope}: {answer:?}");
    }
}
