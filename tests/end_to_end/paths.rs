//! One path, many readings: a closed path is closed in every spelling that some app takes for it, an open one is open as it
//! is written alone, and what passes is forwarded byte for byte (T11). The same of what WebDAV names beside the path.

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

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

/// Says a request line over HTTP/1.1 byte for byte, and hears the answer.
async fn say(world: &World, app: &str, target: &[u8]) -> String {
    let url: url::Url = world.url(app, "/").parse().unwrap();
    let mut stream = world.browser().connect(&url).await;
    let rest = format!(" HTTP/1.1\r\nHost: {app}.test:{}\r\nAccept: application/json\r\nConnection: close\r\n\r\n", world.port);
    stream.write_all(&[&b"GET "[..], target, rest.as_bytes()].concat()).await.unwrap();
    let mut answer = Vec::new();
    let _ended = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn what_a_client_did_not_encode_is_judged_and_forwarded_encoded_t11() {
    let world = world().await;
    let cases: [(&str, &[u8], &str); 7] = [
        // Shift_JIS, EUC-JP, UTF-8, and what old pages put into links.
        ("site", b"/\x83e\x83X\x83g.html", "/%83e%83X%83g.html"),
        ("site", b"/\xa5\xc6?q=\xa5\xb9", "/%A5%C6?q=%A5%B9"),
        ("site", "/日本/a".as_bytes(), "/%E6%97%A5%E6%9C%AC/a"),
        ("site", b"/a<b>`?q=<c>\"d\"`", "/a%3Cb%3E%60?q=%3Cc%3E%22d%22%60"),
        ("site", b"/a?q=\xe9%zz{|}", "/a?q=%E9%zz{|}"),
        ("site", b"/%e9\xe9", "/%e9%E9"),
        ("vault", b"/public/\xe9", "/public/%E9"),
    ];
    for (app, target, encoded) in cases {
        let answer = say(&world, app, target).await;
        assert!(answer.ends_with(&format!("GET {encoded}\n")), "{}: {answer}", target.escape_ascii());
    }
    let before = world.upstream.seen().len();
    let closed: [(&str, &[u8], &str); 8] = [
        ("site", b"/admin/\xe9", "primary_factor_missing"),
        ("site", b"/\xe9/../admin", "primary_factor_missing"),
        ("site", b"/\xe9/..\\admin", "primary_factor_missing"),
        ("vault", b"/healthz\xe9", "primary_factor_missing"),
        ("vault", b"/public\xe9/a", "primary_factor_missing"),
        ("vault", b"/<public>/a", "primary_factor_missing"),
        ("site", b"/\xe9#a", "request_line_malformed"),
        ("site", b"/\xe9 a", "request_line_malformed"),
    ];
    for (app, target, code) in closed {
        let answer = say(&world, app, target).await;
        assert!(answer.contains(&format!("\"code\":\"{code}\"")), "{}: {answer}", target.escape_ascii());
    }
    assert_eq!(world.upstream.seen().len(), before, "nothing more reached the app");
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
        let got: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((answer.status, got["code"].as_str()), (400, Some("path_ambiguous")), "{path}");
        let detail = got["detail"].as_str().unwrap();
        assert!(detail.contains("not a transaction") && detail.contains("the transaction `transfer`"), "{detail}");
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
    ] {
        let answer = ask(&world, "GET", "site", path, &[]).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{path}");
    }
    let path = "/%2F;%5C\\b%3B%41%40//c".repeat(100);
    assert_eq!(says(&ask(&world, "GET", "site", &path, &[]).await), "path_ambiguous");
    assert!(world.upstream.seen().is_empty());
}

#[tokio::test]
async fn a_destination_is_judged_as_the_path_is_rfc_4918_10_3() {
    let world = world().await;
    let own = world.url("site", "");
    let to = async |method: &str, path: &str, destination: &str| {
        says(&ask(&world, method, "site", path, &[("destination", destination), ("depth", "0")]).await)
    };
    for method in ["COPY", "MOVE", "PUT"] {
        for destination in ["/admin/x", "/Admin/x", "/x/..;/admin/x", "/admin%2Fx", "/reports/old"] {
            assert_eq!(to(method, "/public/a", destination).await, "primary_factor_missing", "{method} {destination}");
            let whole = format!("{own}{destination}");
            assert_eq!(to(method, "/public/a", &whole).await, "primary_factor_missing", "{method} {whole}");
        }
        // To an app that takes it for another host's address it is the root, which a move would take with all below it.
        let code = if method == "MOVE" { "path_ambiguous" } else { "primary_factor_missing" };
        assert_eq!(to(method, "/public/a", &format!("{own}//admin")).await, code);
        assert_eq!(to(method, "/admin/x", "/public/a").await, "primary_factor_missing");
        for (destination, code) in [
            ("https://other.test/b", "destination_elsewhere"),
            ("https://vault.test/b", "destination_elsewhere"),
            ("//admin", "destination_malformed"),
            ("b", "destination_malformed"),
            ("/b#c", "destination_malformed"),
            ("/../b", "destination_malformed"),
            ("/transfer", "destination_transaction"),
            ("/Transfer", "path_ambiguous"),
        ] {
            assert_eq!(to(method, "/public/a", destination).await, code, "{method} {destination}");
        }
    }
    let twice = [("destination", "/public/b"), ("destination", "/admin/x")];
    assert_eq!(says(&ask(&world, "COPY", "site", "/public/a", &twice).await), "destination_repeated");
    assert!(world.upstream.seen().is_empty(), "nothing reached the app");

    assert_eq!(to("COPY", "/public/a", "/public/b").await, "the app");
    assert_eq!(world.upstream.last().all("destination"), ["/public/b"]);
    assert_eq!(to("COPY", "/public/a", &format!("{own}/public/b?c")).await, "the app");
    // Where an app has one policy, only copying looks at where.
    world.reload(&[("site", "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n")], "").unwrap();
    assert_eq!(to("GET", "/", "Tokyo").await, "the app");
    assert_eq!(to("COPY", "/a", "https://other.test/b").await, "destination_elsewhere");
}

#[tokio::test]
async fn a_move_that_is_held_is_held_with_its_destination_a_43() {
    let files = "[app.demands.primary_factor]\n[app.demands.otp]\n[[app.transaction]]\nname = \"move\"\nmethods = [\"MOVE\"]\n\
                 paths = [\"/files/*\"]\ntitle = { en = \"Move\" }\nby = \"otp\"\n";
    let world = World::with(&[("site", files)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("site", "/"), &alice).await;
    let held = async |destination: &str| {
        let answer =
            browser.clone().with_header("destination", destination).ask("MOVE", &world.url("site", "/"), "/files/a").await;
        let got: Value = serde_json::from_str(&answer.body).unwrap();
        (answer.status, got["transaction"].as_str().map(str::to_owned), got["code"].as_str().map(str::to_owned))
    };
    let (first, again, other) = (held("/files/b").await, held("/files/b").await, held("/files/c").await);
    assert_eq!((first.0, other.0), (202, 202), "{first:?} {other:?}");
    assert_eq!(first, again, "the very same joins the one that is held");
    assert_ne!(first, other, "another destination is another request");
    assert_eq!(held("/files/B/").await.2.as_deref(), Some("path_ambiguous"));
    assert_eq!(world.upstream.seen().len(), 1, "only the page after the sign-in");
}

#[tokio::test]
async fn what_acts_on_a_whole_folder_meets_what_is_demanded_anywhere_in_it() {
    let world = world().await;
    let of = async |method: &str, path: &str, fields: &[(&str, &str)]| says(&ask(&world, method, "site", path, fields).await);
    let to = ("destination", "/public/b");
    assert_eq!(of("COPY", "/", &[to]).await, "primary_factor_missing");
    assert_eq!(of("COPY", "/Reports/", &[to]).await, "primary_factor_missing");
    assert_eq!(of("MOVE", "/public/a", &[("destination", "/")]).await, "path_ambiguous", "it would take /transfer's place");
    assert_eq!(of("MOVE", "/public/a", &[("destination", "/reports")]).await, "primary_factor_missing");
    assert_eq!(of("PROPFIND", "/", &[]).await, "primary_factor_missing");
    assert_eq!(of("LOCK", "/reports", &[("depth", "infinity")]).await, "primary_factor_missing");
    assert!(world.upstream.seen().is_empty(), "nothing reached the app");
    assert_eq!(of("PROPFIND", "/", &[("depth", "1")]).await, "the app");
    assert_eq!(of("COPY", "/", &[to, ("depth", "0")]).await, "the app");
    assert_eq!(of("COPY", "/public", &[to]).await, "the app");
}

#[tokio::test]
async fn fields_that_name_a_resource_are_judged_and_bodies_refused() {
    let world = world().await;
    let of = async |method: &str, fields: &[(&str, &str)]| says(&ask(&world, method, "site", "/public/a", fields).await);
    assert_eq!(of("PUT", &[("if", "</admin/x> (<urn:uuid:1>)")]).await, "primary_factor_missing");
    assert_eq!(of("PUT", &[("if", "<https://other.test/a> (<urn:uuid:1>)")]).await, "if_elsewhere");
    assert_eq!(of("PUT", &[("x-amz-copy-source", "admin/x")]).await, "primary_factor_missing");
    assert_eq!(of("PUT", &[("x-copy-from", "/c/o")]).await, "copy_source_elsewhere");
    assert_eq!(of("REBIND", &[]).await, "target_in_body");
    assert!(world.upstream.seen().is_empty(), "nothing reached the app");
    assert_eq!(of("PUT", &[("if", "(<urn:uuid:1> [\"e\"])"), ("x-amz-copy-source", "/public/b")]).await, "the app");
}

#[tokio::test]
async fn forward_auth_judges_every_reading_and_every_destination_t11() {
    let world = World::with(&[("site", "[app.demands.primary_factor]\n")], "").await;
    let path = world.folder.path().join("sekisho.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, app) = text.split_at(text.find("[[app]]").unwrap());
    let app = app.lines().find(|line| line.starts_with("url")).unwrap();
    let rules = OPEN.split("[[app.transaction]]").next().unwrap();
    let app = format!("[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n[[app]]\nname = \"site\"\n{app}\nforward_auth = true\n");
    std::fs::write(&path, format!("{head}{app}{rules}")).unwrap();
    world.server.reload(&path).map(drop).unwrap();

    let key = world.proxy_key();
    let asks = async |method: &str, path: &str, more: &[(&str, &str)]| {
        let words = [("sekisho-proxy-key", key.as_str()), ("x-original-uri", path), ("x-original-method", method)];
        let fields = [&words[..], more].concat();
        let answer = ask(&world, "GET", "site", "/.sekisho/forward-auth", &fields).await;
        if answer.status == 200 { "pass".to_owned() } else { answer.code() }
    };
    assert_eq!(asks("GET", "/public/a%2Fb", &[]).await, "pass");
    for path in ["/Admin/", "/admin%2Fx", "/x/..;/admin", "/%61dmin"] {
        assert_eq!(asks("GET", path, &[]).await, "primary_factor_missing", "{path}");
    }
    assert_eq!(asks("COPY", "/public/a", &[("destination", "/public/b")]).await, "pass");
    assert_eq!(asks("COPY", "/public/a", &[("destination", "/admin/b")]).await, "primary_factor_missing");
    assert_eq!(asks("COPY", "/public/a", &[("destination", "https://other.test/b")]).await, "destination_elsewhere");

    // Envoy asks with one line where the client sent two, and hands the app both.
    let envoy = async |destination: &str| {
        let fields = [("sekisho-proxy-key", key.as_str()), ("destination", destination)];
        let answer = ask(&world, "COPY", "site", "/.sekisho/forward-auth/public/a", &fields).await;
        if answer.status == 200 { "pass".to_owned() } else { answer.code() }
    };
    assert_eq!(envoy("/public/b").await, "pass");
    assert_eq!(envoy("/public/b,/admin/b").await, "destination_repeated");
    assert_eq!(envoy("/public/b,admin").await, "destination_repeated");
    assert_eq!(asks("COPY", "/public/a", &[("destination", "/public/b,/admin/b")]).await, "destination_repeated");
    assert_eq!(asks("COPY", "/public/a", &[("destination", "/public/b,c")]).await, "pass");

    let by_method = BY_METHOD.split("[[app.transaction]]").next().unwrap();
    let app = app.trim_end();
    std::fs::write(&path, format!("{head}{app}\n{by_method}")).unwrap();
    world.server.reload(&path).map(drop).unwrap();
    let away = ("destination", "/elsewhere/b");
    assert_eq!(asks("MOVE", "/kept/a", &[away]).await, "primary_factor_missing");
    assert_eq!(asks("COPY", "/secret/a", &[away]).await, "primary_factor_missing");
    assert_eq!(asks("COPY", "/kept/a", &[away]).await, "pass");
}

/// An app that is open, but for what some methods do in some folders.
const BY_METHOD: &str = r#"
[app.demands.ip_restriction]
allow = ["127.0.0.0/8"]
[[app.rule]]
paths = ["/kept/**", "/top/part"]
methods = ["DELETE"]
demands.primary_factor = {}
[[app.rule]]
paths = ["/secret/**"]
methods = ["GET"]
demands.primary_factor = {}
[[app.rule]]
paths = ["/drop/**"]
methods = ["PUT"]
demands.primary_factor = {}
[[app.transaction]]
name = "removal"
paths = ["/ledger/*"]
methods = ["DELETE"]
title = { en = "Removal" }
"#;

#[tokio::test]
async fn what_is_done_under_another_method_is_judged_as_that_rfc_4918() {
    let world = World::with(&[("site", BY_METHOD)], "").await;
    let of = async |method: &str, path: &str, fields: &[(&str, &str)]| says(&ask(&world, method, "site", path, fields).await);
    let away = ("destination", "/elsewhere/b");
    // A move removes its source, and what is below it, whatever it says of the depth.
    for path in ["/kept/a", "/Kept/a", "/x/..;/kept/a", "/top", "/top/"] {
        assert_eq!(of("MOVE", path, &[away]).await, "primary_factor_missing", "{path}");
        assert_eq!(of("MOVE", path, &[away, ("depth", "0")]).await, "primary_factor_missing", "{path}");
    }
    // A copy reads it, as much else does.
    for (method, fields) in [("MOVE", &[away][..]), ("COPY", &[away]), ("PROPFIND", &[]), ("REPORT", &[]), ("SEARCH", &[])] {
        assert_eq!(of(method, "/secret/a", fields).await, "primary_factor_missing", "{method}");
    }
    assert_eq!(of("REPORT", "/", &[("depth", "infinity")]).await, "primary_factor_missing");
    for method in ["MKCOL", "PROPPATCH", "LOCK", "MKCALENDAR", "ACL", "VERSION-CONTROL"] {
        assert_eq!(of(method, "/drop/a", &[]).await, "primary_factor_missing", "{method}");
    }
    // What stands at a destination is deleted first, unless that is forbidden.
    let onto = ("destination", "/kept/b");
    for fields in [&[onto][..], &[onto, ("overwrite", "T")], &[onto, ("overwrite", "f")], &[onto, ("overwrite", "")]] {
        assert_eq!(of("COPY", "/elsewhere/a", fields).await, "primary_factor_missing", "{fields:?}");
    }
    // What would be held under its own name is not done under another.
    assert_eq!(of("MOVE", "/ledger/1", &[away]).await, "method_transaction");
    assert_eq!(of("MOVE", "/ledger", &[away]).await, "path_ambiguous");
    assert_eq!(of("COPY", "/elsewhere/a", &[("destination", "/ledger/1")]).await, "destination_transaction");
    assert_eq!(of("BMOVE", "/elsewhere/", &[]).await, "target_in_body");
    assert!(world.upstream.seen().is_empty(), "nothing reached the app");

    for (method, path, fields) in [
        ("COPY", "/kept/a", &[away][..]),
        ("GET", "/kept/a", &[]),
        ("PUT", "/secret/a", &[]),
        ("GET", "/drop/a", &[]),
        ("COPY", "/drop/a", &[away]),
        ("MOVE", "/elsewhere/a", &[away]),
        ("COPY", "/elsewhere/a", &[onto, ("overwrite", "F")]),
        ("COPY", "/elsewhere/a", &[("destination", "/ledger/1"), ("overwrite", "F")]),
        ("UNLOCK", "/kept/a", &[]),
    ] {
        assert_eq!(of(method, path, fields).await, "the app", "{method} {path}");
    }
}
