//! What a head says beside its request line, and what of that reaches an app: methods in small letters, fields that name
//! another request, fields that only a proxy may say, spellings of the host, upgrades.

use std::collections::BTreeSet;

use hyper::Method;
use sekisho::account::users::ProfileChange;
use sekisho::config::field_names::{Says, TABLE};

use crate::support::wire::{BOTH, Over, Said, address};
use crate::support::{PASSWORD_AND_TOTP, World};

const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";

/// Open, but for what is below `/admin`, and for what deletes.
const PARTS: &str = r#"
[app.demands.ip_restriction]
allow = ["127.0.0.0/8"]
[[app.rule]]
paths = ["/admin/**"]
demands.primary_factor = {}
[[app.rule]]
paths = ["/items/**"]
methods = ["DELETE"]
demands.primary_factor = {}
"#;

/// A transaction, and nothing else that is apart.
const HELD: &str = r#"
[app.demands.ip_restriction]
allow = ["127.0.0.0/8"]
[[app.transaction]]
name = "transfer"
paths = ["/transfer"]
title = { en = "Transfer" }
approvers = { groups = ["managers"] }
"#;

/// An app that other proxies ask for, which are on this machine.
const ASKED_FOR: &str = r#"
[[app]]
name = "asked"
url = "https://asked.test"
forward_auth = true
[app.demands.ip_restriction]
allow = ["127.0.0.0/8"]
[[app.rule]]
paths = ["/admin/**"]
methods = ["POST"]
demands.primary_factor = {}
[server]
trusted_proxies = ["127.0.0.0/8"]
"#;

/// The fields of a question about a request to `asked.test`, in the words of nginx, and in those of Traefik and Caddy.
fn words<'a>(method: &'a str, target: &'a str) -> [Vec<(&'a str, &'a str)>; 2] {
    [
        vec![("x-original-uri", target), ("x-original-method", method), ("x-forwarded-host", "asked.test")],
        vec![("x-forwarded-uri", target), ("x-forwarded-method", method), ("x-forwarded-host", "asked.test")],
    ]
}

/// What a proxy shows that asks, for as long as the test runs.
fn key(world: &World) -> &'static str {
    Box::leak(world.proxy_key().into_boxed_str())
}

/// A question as one of the two proxies puts it: nginx sends the app's own Host.
fn question<'a>(world: &World, fields: &[(&'a str, &'a str)]) -> Said<'a> {
    let said = Said::to(world, "auth", "GET", "/.sekisho/forward-auth").and(fields).with("sekisho-proxy-key", key(world));
    if fields[0].0 == "x-original-uri" { said.authority("asked.test") } else { said }
}

#[tokio::test]
async fn a_method_in_small_letters_is_refused_before_anything_is_judged() {
    let world = World::with(&[("plain", OPEN), ("parts", PARTS), ("held", HELD)], ASKED_FOR).await;
    for over in BOTH {
        for method in ["post", "Post", "POSt", "delete", "get", "m-search"] {
            for (app, target) in
                [("plain", "/"), ("parts", "/admin/x"), ("held", "/transfer"), ("auth", "/"), ("mtls", "/api/v1")]
            {
                let heard = Said::to(&world, app, method, target).say(&world, &format!("{app}.test"), over).await;
                assert_eq!((heard.status, heard.code().as_str()), (400, "method_lower_case"), "{over:?} {method} {app}");
            }
            // The same in a question of another proxy, in its fields or, as Envoy does it, in the request line.
            for fields in words(method, "/admin/x") {
                let heard = question(&world, &fields).say(&world, "auth.test", over).await;
                assert_eq!((heard.status, heard.code().as_str()), (400, "method_lower_case"), "{over:?} {method} {fields:?}");
            }
            let envoy = Said::to(&world, "auth", method, "/.sekisho/forward-auth/admin/x").authority("asked.test");
            let envoy = envoy.with("sekisho-proxy-key", key(&world));
            let heard = envoy.say(&world, "auth.test", over).await;
            assert_eq!((heard.status, heard.code().as_str()), (400, "method_lower_case"), "{over:?} {method} envoy");
        }
        // What is written in capitals is a method, whether anybody registered it or not.
        let heard = Said::to(&world, "plain", "M-SEARCH", "/").say(&world, "plain.test", over).await;
        assert_eq!((heard.status, heard.body.as_str()), (200, "M-SEARCH /\n"));
    }
    assert_eq!(world.upstream.seen().len(), 2);
}

/// Names by which a client names another method or path to an app.
const OTHERS: [(&str, &str); 18] = [
    ("X-HTTP-Method-Override", "method_override"),
    ("X_HTTP_Method_Override", "method_override"),
    ("x-http_method-override", "method_override"),
    ("X.HTTP.Method.Override", "method_override"),
    ("HTTP_X_HTTP_METHOD_OVERRIDE", "method_override"),
    ("X-HTTP-Method", "method_override"),
    ("X_HTTP_Method", "method_override"),
    ("X-Method-Override", "method_override"),
    ("X-Original-URL", "target_override"),
    ("X_Original_URL", "target_override"),
    ("X-Rewrite-URL", "target_override"),
    ("x_rewrite.url", "target_override"),
    ("X-Original-URI", "target_override"),
    ("X-Forwarded-Uri", "target_override"),
    ("X_Forwarded_Uri", "target_override"),
    ("X-Forwarded-Path", "target_override"),
    ("X-Forwarded-Prefix", "target_override"),
    ("Script_Name", "target_override"),
];

#[tokio::test]
async fn no_field_names_another_request_than_the_one_that_is_judged() {
    let world = World::with(&[("plain", OPEN), ("parts", PARTS), ("held", HELD)], "").await;
    for over in BOTH {
        for (name, code) in OTHERS {
            for app in ["parts", "held"] {
                let said = Said::to(&world, app, "POST", "/items/1").with(name, "/admin/x");
                let heard = said.say(&world, &format!("{app}.test"), over).await;
                assert_eq!((heard.status, heard.code().as_str()), (400, code), "{over:?} {app} {name}");
                assert!(heard.body.contains(&name.to_ascii_lowercase()), "it is named: {}", heard.body);
            }
            let said = Said::to(&world, "plain", "POST", "/items/1").with(name, "/admin/x");
            assert_eq!(said.say(&world, "plain.test", over).await.status, 200, "{over:?} {name}");
            let seen = world.upstream.last();
            assert!(!seen.headers.iter().any(|(_, value)| value == "/admin/x"), "{over:?} {name}: {seen:?}");
        }
        let said = Said::to(&world, "parts", "POST", "/items/1").with("X-Payment-Method", "card");
        assert_eq!(said.say(&world, "parts.test", over).await.status, 200, "a field that no app takes for another method");
        assert_eq!(world.upstream.last().all("x-payment-method"), ["card"]);
    }
    assert_eq!(world.upstream.seen().len(), 2 * (OTHERS.len() + 1));
}

#[tokio::test]
async fn what_a_listed_proxy_wrote_is_removed_and_not_refused() {
    let world = World::with(&[("parts", PARTS)], "[server]\ntrusted_proxies = [\"127.0.0.0/8\"]\n").await;
    for (name, status) in [
        ("X-Forwarded-Uri", 200),
        ("X-Forwarded-Prefix", 200),
        ("X-Original-URI", 200),
        ("X-Envoy-Original-Path", 200),
        // No proxy writes these, or not in this spelling: its client did.
        ("X_Forwarded_Uri", 400),
        ("X-HTTP-Method-Override", 400),
        ("X-Original-URL", 400),
    ] {
        let said = Said::to(&world, "parts", "GET", "/").with(name, "/admin/x");
        assert_eq!(said.say(&world, "parts.test", Over::H1).await.status, status, "{name}");
        assert!(!world.upstream.seen().iter().any(|seen| seen.headers.iter().any(|(_, value)| value == "/admin/x")), "{name}");
    }
}

#[tokio::test]
async fn a_question_of_another_proxy_holds_its_clients_fields_to_the_same() {
    let world = World::with(&[], ASKED_FOR).await;
    let asked = async |said: Said<'_>| {
        let heard = said.say(&world, "auth.test", Over::H1).await;
        (heard.status, heard.code())
    };
    let refused = |code: &str| (400, code.to_owned());
    for fields in words("GET", "/admin/x") {
        assert_eq!(asked(question(&world, &fields)).await, (200, String::new()), "{fields:?}");
        for (name, code) in OTHERS {
            let own = fields.iter().any(|(own, _)| name.eq_ignore_ascii_case(own));
            let expected = match name.to_ascii_lowercase().as_str() {
                // The very word once more, or another proxy's.
                _ if own => refused("header_repeated"),
                "x-original-uri" | "x-forwarded-uri" => refused("dialect_ambiguous"),
                // nginx knows no 400 of an answer.
                _ if fields[0].0 == "x-original-uri" => (403, code.to_owned()),
                _ => refused(code),
            };
            let got = asked(question(&world, &fields).with(name, "/x")).await;
            // A question with nginx' word is read as nginx' own: the words beside it are the stranger's then.
            let nginx = name == "X-Original-URI" && got == refused("dialect_ambiguous");
            assert!(got == expected || nginx, "{name} beside {fields:?}: {got:?}");
        }
    }
    let key = key(&world);
    let envoy = || {
        let said = Said::to(&world, "auth", "GET", "/.sekisho/forward-auth/admin/x").authority("asked.test");
        said.with("sekisho-proxy-key", key)
    };
    assert_eq!(asked(envoy()).await, (200, String::new()));
    for (name, code) in OTHERS {
        assert_eq!(asked(envoy().with(name, "/x")).await, refused(code), "{name}");
    }
}

#[tokio::test]
async fn what_apps_believe_of_a_proxy_is_removed_in_every_spelling_t1_t5() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP), ("open", OPEN)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let cookie = format!("__Host-sekisho={}", browser.cookie("wiki.test", "__Host-sekisho").unwrap());
    let mut spellings = BTreeSet::new();
    for row in TABLE {
        let name = row.name.replace('*', "one");
        // What frames the message itself is another test's; a server would not read it in another spelling anyway.
        if !matches!(row.says, Says::Message | Says::Connection) {
            spellings.insert(name.clone());
        }
        for mark in ["_", "."] {
            spellings.insert(name.replace('-', mark));
        }
        spellings.insert(format!("http_{}", name.replace('-', "_")));
    }
    // Without a mark nothing is another spelling.
    let plain: BTreeSet<String> =
        TABLE.iter().filter(|row| row.says == Says::Connection).map(|row| row.name.to_owned()).collect();
    let spellings: Vec<String> = spellings.into_iter().filter(|name| !plain.contains(name)).collect();
    assert!(spellings.len() > 600, "{}", spellings.len());
    for many in spellings.chunks(80) {
        let fields: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "claimed")).collect();
        for over in BOTH {
            for app in ["wiki", "open"] {
                let said = Said::to(&world, app, "GET", "/").with("cookie", &cookie).and(&fields).with("x-innocent", "kept");
                let heard = said.say(&world, &format!("{app}.test"), over).await;
                assert_eq!(heard.status, 200, "{over:?} {app} {many:?}: {heard:?}");
                let seen = world.upstream.last();
                let left: Vec<_> = seen.headers.iter().filter(|(_, value)| value.contains("claimed")).collect();
                assert!(left.is_empty(), "{over:?} {app}: {left:?}");
                assert_eq!(seen.all("x-innocent"), ["kept"]);
                // And what the gateway says stands there once.
                for ours in
                    ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "forwarded", "x-request-id"]
                {
                    assert_eq!(seen.all(ours).len(), 1, "{ours}");
                }
                assert_eq!(seen.all("remote-user"), if app == "wiki" { vec!["alice"] } else { vec![] });
            }
        }
    }
}

#[tokio::test]
async fn an_app_gets_what_it_lets_through_in_that_spelling_alone() {
    let needs = format!("pass_headers = [\"X-Real-IP\", \"X_Auth_User\", \"X-HTTP-Method-Override\"]\n{OPEN}");
    let world = World::with(&[("needs", &needs), ("other", OPEN)], "").await;
    let fields = [
        ("X-Real-IP", "a"),
        ("X_Real_IP", "b"),
        ("X-Auth-User", "c"),
        ("X_Auth_User", "d"),
        ("X-HTTP-Method-Override", "e"),
        ("X-Client-IP", "f"),
    ];
    for over in BOTH {
        for (app, expected) in [("needs", vec!["a", "d", "e"]), ("other", vec![])] {
            let said = Said::to(&world, app, "POST", "/").and(&fields);
            assert_eq!(said.say(&world, &format!("{app}.test"), over).await.status, 200);
            let seen = world.upstream.last();
            let mut got: Vec<&str> =
                seen.headers.iter().map(|(_, value)| value.as_str()).filter(|value| value.len() == 1).collect();
            got.sort_unstable();
            got.retain(|value| !value.starts_with(char::is_numeric));
            assert_eq!(got, expected, "{over:?} {app}");
        }
    }
}

#[tokio::test]
async fn host_and_port_are_the_apps_own_whatever_a_client_writes_t16() {
    let world = World::with(
        &[
            ("wiki", PASSWORD_AND_TOTP),
            ("open", OPEN),
            ("held", &HELD.replace("ip_restriction", "primary_factor").replace("allow = [\"127.0.0.0/8\"]", "")),
        ],
        "",
    )
    .await;
    let own = format!("open.test:{}", world.port);
    for over in BOTH {
        for written in ["open.test", "OPEN.test:9999", "open.test.", "Open.Test.:1", "open.test:443", "open.test:"] {
            // Which HTTP/2 clients do not write.
            if over == Over::H2 && written.ends_with(':') {
                continue;
            }
            let said = Said::to(&world, "open", "GET", "/").authority(written);
            let heard = said.say(&world, "open.test", over).await;
            assert_eq!(heard.status, 200, "{over:?} {written}: {heard:?}");
            let seen = world.upstream.last();
            assert_eq!(
                (seen.all("host"), seen.all("x-forwarded-host")),
                (vec![own.as_str()], vec![own.as_str()]),
                "{over:?} {written}"
            );
            assert_eq!(seen.all("forwarded"), [format!("for=127.0.0.1;host=\"{own}\";proto=https")]);
        }
        // What is asked for again comes back to the config's address.
        let said = Said::to(&world, "wiki", "GET", "/page").authority("WIKI.test:9999");
        let said = Said { fields: vec![("accept", "text/html")], ..said };
        let heard = said.say(&world, "wiki.test", over).await;
        assert_eq!(heard.status, 303);
        assert!(heard.head.contains(&format!("location: https://auth.test:{}/", world.port)), "{heard:?}");
        assert!(!heard.head.contains(":9999") && !heard.head.contains("3A9999"), "{heard:?}");
    }
    // A held request is known by the app's own host, however it is written: the second is the first once more.
    let alice = world.person("alice").await;
    let core = world.server.core();
    let managers = sekisho::principal::user::GroupName::parse("managers").unwrap();
    core.groups().add(managers.clone(), None).await.unwrap();
    let bob = world.person("bob").await;
    core.users().set_groups(&bob.user, vec![managers]).await.unwrap();
    let _phone = crate::support::Phone::of(&world, &["bob"]).await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("held", "/"), &alice).await;
    let cookie = format!("__Host-sekisho={}", browser.cookie("held.test", "__Host-sekisho").unwrap());
    let mut held = Vec::new();
    for written in ["held.test:7", "HELD.test."] {
        let said = Said::to(&world, "held", "POST", "/transfer")
            .authority(written)
            .with("cookie", &cookie)
            .with("content-type", "text/plain");
        let heard = said.body("x").say(&world, "held.test", Over::H1).await;
        assert_eq!(heard.status, 202, "{heard:?}");
        held.push(serde_json::from_str::<serde_json::Value>(&heard.body).unwrap()["transaction"].clone());
    }
    assert_eq!(held[0], held[1]);
    let record = core
        .transactions()
        .list(&sekisho::transaction::TransactionQuery { limit: 10, ..Default::default() })
        .await
        .unwrap()
        .remove(0);
    assert_eq!(record.authority, format!("held.test:{}", world.port));
}

#[tokio::test]
async fn an_upgrade_is_one_allowed_protocol_or_none() {
    let tcp = format!("upgrades = [\"tcp\"]\n{OPEN}");
    let world = World::with(&[("open", OPEN), ("docker", &tcp)], "").await;
    for (app, asked, forwarded) in [
        ("open", &["websocket"][..], Some("websocket")),
        ("open", &["WebSocket"], Some("websocket")),
        ("open", &["websocket, h2c"], None),
        ("open", &["h2c, websocket"], None),
        ("open", &["websocket", "h2c"], None),
        ("open", &["websocket", "websocket"], None),
        ("open", &["h2c"], None),
        ("open", &["tcp"], None),
        ("open", &["websocket/13"], None),
        ("open", &["TLS/1.0"], None),
        ("open", &[""], None),
        ("docker", &["tcp"], Some("tcp")),
        ("docker", &["websocket"], None),
    ] {
        let fields: Vec<(&str, &str)> = asked.iter().map(|protocol| ("Upgrade", *protocol)).collect();
        let said = Said::to(&world, app, "GET", "/")
            .with("Connection", "Upgrade, HTTP2-Settings")
            .and(&fields)
            .with("HTTP2-Settings", "AAMAAABk");
        let heard = said.say(&world, &format!("{app}.test"), Over::H1).await;
        assert_eq!(heard.status, if forwarded.is_some() { 101 } else { 200 }, "{app} {asked:?}: {heard:?}");
        let seen = world.upstream.last();
        assert_eq!(seen.all("upgrade"), forwarded.into_iter().collect::<Vec<_>>(), "{app} {asked:?}");
        assert!(seen.all("http2-settings").is_empty());
        assert_eq!(seen.all("connection").is_empty(), forwarded.is_none(), "{asked:?}");
    }
}

#[tokio::test]
async fn a_socket_is_opened_by_an_allowed_page_signed_in_or_not_t25() {
    const FEED: &str = "websocket_origins = [\"https://desk.example\"]\n[app.demands.client_certificate]\ntrust = [\"world\"]\n";
    let world = World::with(&[("feed", FEED), ("open", OPEN)], ASKED_FOR).await;
    let own = |app: &str| format!("https://{app}.test:{}", world.port);
    for (app, origins, site, expected) in [
        // The certificate and the network are all the papers that there are: a browser shows them for every page.
        ("feed", vec!["https://evil.example".to_owned()], None, 403),
        ("feed", vec!["null".to_owned()], None, 403),
        ("feed", vec![own("open")], None, 403),
        ("feed", vec!["https://feed.test:1".to_owned()], None, 403),
        ("feed", vec![own("feed"), "https://evil.example".to_owned()], None, 403),
        ("feed", vec![], Some("cross-site"), 403),
        ("feed", vec![own("feed")], None, 101),
        ("feed", vec!["https://desk.example".to_owned()], None, 101),
        ("feed", vec![], None, 101),
        ("open", vec!["https://evil.example".to_owned()], None, 403),
        ("open", vec!["https://desk.example".to_owned()], None, 403),
        ("open", vec![own("open")], None, 101),
        ("open", vec![], None, 101),
    ] {
        let mut said = Said::to(&world, app, "GET", "/socket").with("Connection", "Upgrade").with("Upgrade", "websocket");
        for origin in &origins {
            said = said.with("Origin", origin);
        }
        if let Some(site) = site {
            said = said.with("Sec-Fetch-Site", site);
        }
        let stream = world.browser_with_certificate("machine-feed").connect(&address(&world, &format!("{app}.test"))).await;
        let heard = said.say_on(stream).await;
        assert_eq!(heard.status, expected, "{app} {origins:?} {site:?}: {heard:?}");
        assert_eq!(heard.code(), if expected == 403 { "websocket_origin" } else { "" });
    }
    // The same where another proxy asks: it keeps the upgrade to itself, and hands on what else a handshake has.
    for fields in words("GET", "/socket") {
        for mark in [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"), ("Upgrade", "websocket")]
        {
            for (origin, expected) in [(Some("https://evil.example"), 403), (Some("https://asked.test"), 200), (None, 200)] {
                let mut said = question(&world, &fields).with(mark.0, mark.1);
                if let Some(origin) = origin {
                    said = said.with("Origin", origin);
                }
                let heard = said.say(&world, "auth.test", Over::H1).await;
                assert_eq!(heard.status, expected, "{mark:?} {origin:?}: {heard:?}");
                assert_eq!(heard.code(), if expected == 403 { "websocket_origin" } else { "" });
            }
        }
    }
}

#[tokio::test]
async fn a_name_that_looks_like_an_encoded_word_stays_what_it_is() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let change = ProfileChange { display_name: Some(Some("=?utf-8?q?root?=".to_owned())), ..ProfileChange::default() };
    world.server.core().users().change(&alice.user, change).await.unwrap();
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    // CherryPy decodes an encoded word (RFC 2047) in any field; nobody decodes percent escapes there.
    assert_eq!(world.upstream.last().all("remote-name"), ["%3D?utf-8?q?root?="]);
}
