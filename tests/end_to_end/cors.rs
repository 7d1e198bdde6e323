//! Calls of scripts of other origins: whose preflights reach an app, what of them, and who may read our own answers.

use hyper::Method;

use crate::support::wire::{BOTH, Heard, Said};
use crate::support::{BY_FORWARD_AUTH, PASSWORD_AND_TOTP, World};

const DESK: &str = "https://desk.test";
const LISTED: &str = "cors = { origins = [\"https://desk.test\"] }\n";
const PARTS: &str = r#"
[[app.rule]]
paths = ["/admin/**"]
demands.primary_factor = {}
demands.ip_restriction = { allow = ["192.0.2.0/24"] }
[[app.transaction]]
name = "odd"
paths = ["/odd"]
methods = ["OPTIONS"]
title = { en = "Odd" }
approvers = { groups = ["managers"] }
"#;
const PREFLIGHT: [(&str, &str); 2] = [("access-control-request-method", "PUT"), ("access-control-request-headers", "x-own")];

/// Two apps: one lists the desk, one lists nobody.
async fn world() -> World {
    let wiki = [LISTED, PASSWORD_AND_TOTP, PARTS].concat();
    World::with(&[("wiki", &wiki), ("tracker", PASSWORD_AND_TOTP)], "").await
}

fn readable(heard: &Heard) -> bool {
    let origin = heard.head.contains(&format!("access-control-allow-origin: {DESK}\r\n"));
    assert_eq!(origin, heard.head.contains("access-control-allow-credentials: true\r\n"), "{heard:?}");
    assert!(!heard.head.contains("access-control-allow-origin: *"), "{heard:?}");
    origin
}

#[tokio::test]
async fn a_preflight_of_a_listed_origin_reaches_the_app_and_nothing_more_of_it() {
    let world = world().await;
    for over in BOTH {
        let asked = Said::to(&world, "wiki", "OPTIONS", "/api?x=1").and(&PREFLIGHT).with("origin", DESK);
        let asked =
            asked.and(&[("x-own", "1"), ("remote-user", "root"), ("destination", "/admin/x"), ("x-forwarded-uri", "/admin/x")]);
        let heard = asked.say(&world, "wiki.test", over).await;
        assert_eq!((heard.status, heard.body.as_str()), (200, "OPTIONS /api?x=1\n"), "{over:?}: {heard:?}");
        assert!(!heard.head.contains("access-control-allow-origin"), "the app's own answer stays as it is: {heard:?}");
        let seen = world.upstream.last();
        assert_eq!((seen.method.as_str(), seen.all("origin"), seen.body.as_str()), ("OPTIONS", vec![DESK], ""));
        assert_eq!(seen.all("access-control-request-headers"), ["x-own"]);
        for name in ["x-own", "remote-user", "destination", "x-forwarded-uri", "sekisho-assertion", "cookie"] {
            assert!(seen.all(name).is_empty(), "{name} {over:?}: {seen:?}");
        }
    }
}

/// App, method, fields and body.
type NoPreflight = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

#[tokio::test]
async fn what_is_no_preflight_of_a_listed_origin_is_judged_as_ever() {
    let world = world().await;
    let cases: [NoPreflight; 11] = [
        ("tracker", "OPTIONS", &[("origin", DESK), PREFLIGHT[0]], ""),
        ("wiki", "OPTIONS", &[("origin", "https://evil.test"), PREFLIGHT[0]], ""),
        ("wiki", "OPTIONS", &[("origin", "null"), PREFLIGHT[0]], ""),
        ("wiki", "OPTIONS", &[PREFLIGHT[0]], ""),
        ("wiki", "OPTIONS", &[("origin", DESK)], ""),
        ("wiki", "OPTIONS", &[("origin", DESK), ("origin", "https://evil.test"), PREFLIGHT[0]], ""),
        ("wiki", "OPTIONS", &[("origin", DESK), PREFLIGHT[0], ("authorization", "Basic YTpi")], ""),
        ("wiki", "OPTIONS", &[("origin", DESK), PREFLIGHT[0], ("cookie", "a=b")], ""),
        ("wiki", "OPTIONS", &[("origin", DESK), PREFLIGHT[0]], "a=b"),
        ("wiki", "GET", &[("origin", DESK), PREFLIGHT[0]], ""),
        ("wiki", "DELETE", &[("origin", DESK), PREFLIGHT[0], ("sec-fetch-mode", "cors")], ""),
    ];
    for over in BOTH {
        for (app, method, fields, body) in &cases {
            let heard =
                Said::to(&world, app, method, "/api").and(fields).body(body).say(&world, &format!("{app}.test"), over).await;
            assert_eq!(
                (heard.status, heard.code().as_str()),
                (401, "primary_factor_missing"),
                "{app} {method} {fields:?} {over:?}"
            );
            let origins: Vec<_> = fields.iter().filter(|(name, _)| *name == "origin").collect();
            let may_read = *app == "wiki" && matches!(origins[..], [(_, DESK)]);
            assert_eq!(readable(&heard), may_read, "{app} {method} {fields:?} {over:?}: {heard:?}");
            assert_eq!(heard.head.contains("vary: origin\r\n"), *app == "wiki", "{heard:?}");
        }
        // One that also names another method is no preflight: an app with rules gets none such at all.
        let twice = [("origin", DESK), PREFLIGHT[0], ("x-http-method-override", "DELETE")];
        let heard = Said::to(&world, "wiki", "OPTIONS", "/api").and(&twice).say(&world, "wiki.test", over).await;
        assert_eq!((heard.status, heard.code().as_str()), (400, "method_override"), "{over:?}");
    }
    assert!(world.upstream.seen().is_empty());
}

#[tokio::test]
async fn a_preflight_meets_the_network_of_its_path_and_opens_no_transaction() {
    let world = world().await;
    for over in BOTH {
        for path in ["/admin/users", "/Admin/users", "//admin/users", "/x/..%2Fadmin/users", "/odd"] {
            let asked = Said::to(&world, "wiki", "OPTIONS", path).and(&PREFLIGHT).with("origin", DESK);
            let heard = asked.say(&world, "wiki.test", over).await;
            assert!((400..500).contains(&heard.status), "{path} {over:?}: {heard:?}");
            assert!(readable(&heard), "{path} {over:?}: {heard:?}");
        }
    }
    let refused = Said::to(&world, "wiki", "OPTIONS", "/admin/users").and(&PREFLIGHT).with("origin", DESK);
    assert_eq!(refused.say(&world, "wiki.test", BOTH[0]).await.code(), "address_not_allowed");
    assert!(world.upstream.seen().is_empty());
}

#[tokio::test]
async fn a_call_with_a_session_is_the_apps_and_one_without_is_told_where_to_sign_in() {
    let world = world().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let script = [("accept", "*/*"), ("origin", DESK), ("sec-fetch-mode", "cors"), ("sec-fetch-site", "same-site")];
    browser.headers = script.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let answer = browser.send(Method::GET, &world.url("wiki", "/api"), None).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None), "{answer:?}");
    assert_eq!(world.upstream.last().all("remote-user"), ["alice"]);
    browser.forget_cookies("wiki.test");
    let answer = browser.send(Method::GET, &world.url("wiki", "/api"), None).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (401, Some(DESK)), "{answer:?}");
    assert_eq!(answer.json()["sign_in"], world.url("auth", "/sign-in"));
    assert!(answer.header("access-control-expose-headers").unwrap().contains("WWW-Authenticate"), "{answer:?}");
    // Paths of ours are no app's: nobody reads there who is signed in.
    for path in ["/.sekisho/whoami", "/.sekisho/sign-out"] {
        assert_eq!(browser.send(Method::GET, &world.url("wiki", path), None).await.header("access-control-allow-origin"), None);
    }
}

#[tokio::test]
async fn a_config_lists_no_origin_that_is_anybodys() {
    let world = world().await;
    for (cors, words) in [
        ("cors = { origins = [\"*\"] }\n", "any page could call this app"),
        ("cors = { origins = [\"http://desk.test\"] }\n", "a page without TLS"),
        ("cors = { origins = [\"null\"] }\n", "is not an origin"),
    ] {
        let refused = world.reload(&[("wiki", &[cors, PASSWORD_AND_TOTP].concat())], "").unwrap_err();
        assert!(refused.contains(words), "{refused}");
    }
    let by_proxy = [BY_FORWARD_AUTH, LISTED, PASSWORD_AND_TOTP].concat();
    let refused = world.reload(&[("wiki", &by_proxy)], "").unwrap_err();
    assert!(refused.contains("the other proxy answers the client"), "{refused}");
    // Taken away again, a preflight is a request of nobody.
    world.reload(&[("wiki", PASSWORD_AND_TOTP)], "").unwrap();
    let asked = Said::to(&world, "wiki", "OPTIONS", "/api").and(&PREFLIGHT).with("origin", DESK);
    assert_eq!(asked.say(&world, "wiki.test", BOTH[0]).await.status, 401);
    assert!(world.upstream.seen().is_empty());
}
