//! One path, many readings: a closed path is closed in every spelling that some app takes for it, an open one is open as it
//! is written alone, and what passes is forwarded byte for byte (T11).

use serde_json::Value;

use crate::support::{Answer, World};

/// An app that is open, with a part that is not, and a transaction.
const OPEN: &str = r#"
[app.demands.ip_restriction]
allow = ["127.0.0.0/8"]
[[app.rule]]
paths = ["/admin/**"]
demands.primary_factor = {}
[[app.rule]]
paths = ["/reports/old"]
demands.primary_factor = {}
[[app.transaction]]
name = "transfer"
paths = ["/transfer"]
title = { en = "Transfer" }
"#;

/// An app that is closed, with two parts that are open.
const CLOSED: &str = r#"
[app.demands.primary_factor]
[[app.rule]]
paths = ["/healthz", "/public/**"]
demands.primary_factor.mode = "off"
"#;

async fn world() -> World {
    World::with(&[("site", OPEN), ("vault", CLOSED)], "").await
}

/// A request without papers.
async fn ask(world: &World, method: &str, app: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut browser = world.browser();
    browser.headers.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.ask(method, &world.url(app, "/"), path).await
}

fn says(answer: &Answer) -> String {
    if answer.header("x-upstream") == Some("yes") { "the app".to_owned() } else { answer.code() }
}

#[tokio::test]
async fn a_closed_path_is_closed_in_every_spelling_that_an_app_takes_for_it_t11() {
    let world = world().await;
    let spellings = "/admin /Admin/ //admin /admin;a=b /;x/admin /%61dmin /admin%2Fusers /admin%5Cusers /admin\\users /x/../admin \
                     /x/%2e%2e/admin /x/..;/admin /x/..%2Fadmin /admin/. /admin.json /admin%20 /admin//users //host/admin \
                     /index.php/admin /_next/data/b1/admin.json /reports/old/ /reports/OLD /reports/old.pdf";
    for path in spellings.split(' ') {
        assert_eq!(says(&ask(&world, "GET", "site", path, &[]).await), "primary_factor_missing", "{path}");
    }
    assert!(world.upstream.seen().is_empty(), "nothing reached the app");
}

#[tokio::test]
async fn an_odd_path_that_no_rule_is_about_is_forwarded_byte_for_byte_t11() {
    let world = world().await;
    let spellings = "/a%2Fb /a%2fb//c;d=e/ /100%25 /%FF%fe /a%5Cb /x/./y/../z /x/%2e/y /%7Euser/A.b.C //x \
                     /a/b;jsessionid=1?q=/../%00 /a%252Fb /reports/older";
    for path in spellings.split(' ') {
        let answer = ask(&world, "GET", "site", path, &[]).await;
        assert_eq!(answer.body, format!("GET {path}\n"), "{answer:?}");
    }
}

#[tokio::test]
async fn an_open_path_opens_no_other_spelling_of_it_t11() {
    let world = world().await;
    for path in ["/healthz", "/public/a.js", "/public/A%2Fb//c;d", "/public/%E9%96%A2/"] {
        assert_eq!(ask(&world, "GET", "vault", path, &[]).await.body, format!("GET {path}\n"));
    }
    let before = world.upstream.seen().len();
    let spellings = "/healthz/ /healthz;a=b /healthz%3Bx /Healthz /healthz.json /healthz%20 /%68ealthz //healthz \
                     /public/../admin /public/%2e%2e/admin /public/..%2Fadmin /public/..;/admin /Public/a";
    for path in spellings.split(' ') {
        assert_eq!(says(&ask(&world, "GET", "vault", path, &[]).await), "primary_factor_missing", "{path}");
    }
    assert_eq!(world.upstream.seen().len(), before, "nothing more reached the app");
}

#[tokio::test]
async fn a_path_that_may_be_a_transaction_is_refused_naming_both_readings_r_402() {
    let world = world().await;
    for path in ["/transfer/", "/Transfer", "/transfer.json", "/transfer%20", "/x/../transfer", "/transfer;x"] {
        let answer = ask(&world, "POST", "site", path, &[]).await;
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((answer.status, told["code"].as_str()), (400, Some("path_ambiguous")), "{path}");
        let detail = told["detail"].as_str().unwrap();
        assert!(detail.contains("no transaction") && detail.contains("the transaction `transfer`"), "{detail}");
    }
    assert_eq!(ask(&world, "GET", "site", "/Transfer", &[]).await.body, "GET /Transfer\n", "nothing is held for this method");
    assert_eq!(world.upstream.seen().len(), 1);
}

#[tokio::test]
async fn what_no_reading_makes_good_is_refused_t11() {
    let world = world().await;
    for (path, code) in [
        ("/a%00", "path_control_character"),
        ("/a%0d%0ab", "path_control_character"),
        ("/a%09", "path_control_character"),
        ("/a%zz", "path_bad_percent"),
        ("/../a", "path_climbs_out"),
        ("/a/..%2F..%2Fb", "path_climbs_out"),
        ("/a/..;/..;/b", "path_climbs_out"),
        ("/é", "request_line_malformed"),
    ] {
        let answer = ask(&world, "GET", "site", path, &[]).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{path}");
    }
    let path = "/%2F;%5C\\b%3B%41%40//c".repeat(100);
    assert_eq!(says(&ask(&world, "GET", "site", &path, &[]).await), "path_ambiguous");
    assert!(world.upstream.seen().is_empty());
}

#[tokio::test]
async fn a_proxy_that_asks_is_answered_for_every_reading_t11() {
    let world = World::with(&[("site", "[app.demands.primary_factor]\n")], "").await;
    let path = world.folder.path().join("sekisho.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, app) = text.split_at(text.find("[[app]]").unwrap());
    let app = app.lines().find(|line| line.starts_with("url")).unwrap();
    let rules = OPEN.split("[[app.transaction]]").next().unwrap();
    let app = format!("[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n[[app]]\nname = \"site\"\n{app}\nforward_auth = true\n");
    std::fs::write(&path, format!("{head}{app}{rules}")).unwrap();
    world.server.reload(&path).map(drop).unwrap();

    let asks = async |method: &str, path: &str, more: &[(&str, &str)]| {
        let fields = [&[("x-original-uri", path), ("x-original-method", method)], more].concat();
        let answer = ask(&world, "GET", "site", "/.sekisho/forward-auth", &fields).await;
        if answer.status == 200 { "pass".to_owned() } else { answer.code() }
    };
    assert_eq!(asks("GET", "/public/a%2Fb", &[]).await, "pass");
    for path in ["/Admin/", "/admin%2Fx", "/x/..;/admin", "/%61dmin"] {
        assert_eq!(asks("GET", path, &[]).await, "primary_factor_missing", "{path}");
    }
}
