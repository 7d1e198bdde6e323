//! What `explain` says of a request is what a request meets: check by check, on the running gateway.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use serde_json::Value;

use crate::support::{Authority, Browser, PASSWORD, World};

/// All checks but desktop_sso, whose tickets need a KDC (tests/sso); some paths ask for less.
const ALL: &str = r#"[app.demands.ip_restriction]
allow = ["127.0.0.0/8"]
[app.demands.client_certificate]
trust = ["world"]
[app.demands.primary_factor]
[app.demands.cookie]
[app.demands.otp]
[[app.rule]]
paths = ["/far/**"]
demands.ip_restriction.allow = ["192.0.2.0/24"]
[[app.rule]]
paths = ["/lobby/**"]
demands.cookie.mode = "off"
demands.otp.mode = "off"
[[app.rule]]
paths = ["/hall/**"]
demands.otp.mode = "off"
"#;

/// What the six checks say, and why the first that does not pass does not.
fn first(explained: &Value) -> Option<(String, String)> {
    let checks = explained["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 6, "{explained}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let failed = checks.iter().find(|check| check["says"] == "fail")?;
    assert_eq!(failed["because"], explained["because"]);
    assert!(!failed["lines"].as_array().unwrap().is_empty(), "it names the lines that demand it: {failed}");
    Some((text(&failed["check"]), text(&failed["because"])))
}

fn pem(certificate: &[u8]) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(certificate))
}

/// What stops a live request: the code of the refusal; `None` where the upstream answered.
async fn stopped(browser: &Browser, url: &str) -> Option<String> {
    let mut program = browser.clone().with_header("accept", "application/json");
    let answer = program.send(Method::GET, url, None).await;
    (answer.header("x-upstream") != Some("yes")).then(|| answer.code())
}

#[tokio::test]
async fn explain_names_for_each_check_what_stops_a_live_request_r_027() {
    let world = World::with(&[("vault", ALL)], "").await;
    let alice = world.person("alice").await;
    let (chain, key) = world.authority.client("alice");
    world.write("alice.pem", &pem(&chain[0]));
    let _gateway = world.start().await;
    let url = world.url("vault", "/");

    let explain = async |more: &[&str]| {
        let line = [&["explain", "--app", "vault", "--from", "127.0.0.1"], more].concat();
        first(&world.answer(&line).await)
    };
    let agree = async |check: &str, more: &[&str], browser: &Browser, url: &str| {
        let (named, because) = explain(more).await.unwrap_or_else(|| panic!("explain lets {more:?} pass"));
        assert_eq!(named, check);
        assert_eq!(stopped(browser, url).await.as_deref(), Some(because.as_str()), "{check}");
    };

    // 1 comes before all others, whatever else is missing.
    let bare = world.browser();
    agree("ip_restriction", &["--path", "/far/"], &bare, &world.url("vault", "/far/")).await;
    agree("client_certificate", &[], &bare, &url).await;
    // 3 is nowhere demanded; 4: a certificate, nobody signed in.
    let mut browser = Browser::new(world.authority.der(), Some((chain, key)));
    let shown = ["--certificate", "alice.pem"];
    agree("primary_factor", &shown, &browser, &url).await;
    // 5: the lobby asks for a password alone; what it opened is not enough for the rest.
    let page = browser.get(&world.url("vault", "/lobby/")).await;
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(page.body, "GET /lobby/\n");
    let known = ["--certificate", "alice.pem", "--user", "alice", "--with", "password"];
    agree("cookie", &known, &browser, &url).await;
    assert_eq!(explain(&[&known[..], &["--path", "/lobby/"]].concat()).await, None);
    // Everything is there.
    let page = browser.get(&url).await;
    let page = browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!(page.body, "GET /\n");
    let registered = world.answer(&["browser", "list"]).await["items"][0]["browser"].as_str().unwrap().to_owned();
    let all = ["--certificate", "alice.pem", "--user", "alice", "--with", "password,totp", "--browser", &registered];
    assert_eq!(explain(&all).await, None);
    assert_eq!(stopped(&browser, &url).await, None);
    // 6: its sessions ended; the hall asks for a password and the browser, which is known still.
    world.answer(&["user", "sign-out", "alice"]).await;
    let page = browser.get(&world.url("vault", "/hall/")).await;
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(page.body, "GET /hall/\n");
    agree("otp", &[&known[..], &["--browser", &registered]].concat(), &browser, &url).await;
}

#[tokio::test]
async fn explain_agrees_with_the_gateway_on_every_bad_certificate() {
    let world = World::with(&[("vault", ALL)], "").await;
    world.person("alice").await;
    let _gateway = world.start().await;
    let shown = [
        ("certificate_without_holder", world.authority.client("nobody")),
        ("certificate_expired", world.authority.client_until("alice", Some(2020))),
        ("certificate_untrusted", Authority::new().client("alice")),
        ("primary_factor_missing", world.authority.client("alice")),
    ];
    for (expected, (chain, key)) in shown {
        world.write("shown.pem", &pem(&chain[0]));
        let line = ["explain", "--app", "vault", "--from", "127.0.0.1", "--certificate", "shown.pem"];
        let (_, because) = first(&world.answer(&line).await).unwrap();
        assert_eq!(because, expected);
        let browser = Browser::new(world.authority.der(), Some((chain, key)));
        assert_eq!(stopped(&browser, &world.url("vault", "/")).await.as_deref(), Some(expected));
    }
}

#[tokio::test]
async fn explain_agrees_with_the_gateway_on_changes_of_a_signed_in_user() {
    let staff = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n[app.demands.primary_factor]\n[[app.rule]]\npaths = [\"/staff/**\"]\n\
                 demands.primary_factor.groups = [\"staff\"]\n";
    let world = World::with(&[("hall", staff)], "[[addition]]\ngroup = \"careful\"\ndemands.otp = {}\n").await;
    for group in ["staff", "careful"] {
        world.answer(&["group", "add", group]).await;
    }
    world.person("alice").await;
    let _gateway = world.start().await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("hall", "/")).await;
    assert_eq!(browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await.body, "GET /\n");
    let agree = async |path: &str, expected: Option<&str>| {
        let line = ["explain", "--app", "hall", "--from", "127.0.0.1", "--user", "alice", "--with", "password", "--path", path];
        let explained = world.answer(&line).await;
        assert_eq!(explained["because"].as_str(), expected, "{explained}");
        assert_eq!(stopped(&browser, &world.url("hall", path)).await.as_deref(), expected, "{path}");
    };
    agree("/", None).await;
    agree("/staff/", Some("user_not_admitted")).await;
    world.answer(&["user", "set-groups", "alice", "staff"]).await;
    agree("/staff/", None).await;
    // An addition asks more of a group, on every path.
    world.answer(&["user", "set-groups", "alice", "staff", "careful"]).await;
    agree("/", Some("otp_missing")).await;
    world.answer(&["user", "set-groups", "alice", "staff"]).await;
    // The user's own networks count where the address does.
    world.answer(&["user", "set-networks", "alice", "--allow", "192.0.2.0/24"]).await;
    agree("/", Some("address_not_allowed")).await;
    world.answer(&["user", "set-networks", "alice", "--deny", "127.0.0.0/8"]).await;
    agree("/", Some("address_denied")).await;
    world.answer(&["user", "set-networks", "alice", "--confirm"]).await;
    agree("/staff/", None).await;
    // A method that is taken away takes its sessions with it: nobody is signed in any more, and no password would do.
    world.answer(&["user", "set-methods", "alice", "push"]).await;
    let line = ["explain", "--app", "hall", "--from", "127.0.0.1", "--user", "alice", "--with", "password"];
    assert_eq!(world.answer(&line).await["because"], "no_method_assigned");
    assert_eq!(stopped(&browser, &world.url("hall", "/")).await.as_deref(), Some("primary_factor_missing"));
}

#[tokio::test]
async fn explain_says_the_same_beside_a_gateway_and_without_one() {
    let world = World::with(&[("vault", ALL)], "").await;
    world.person("alice").await;
    let lines: [&[&str]; 3] = [&[], &["--path", "/far/"], &["--user", "alice", "--with", "password"]];
    let mut alone = Vec::new();
    for more in lines {
        alone.push(world.answer(&[&["explain", "--app", "vault", "--from", "127.0.0.1"], more].concat()).await);
    }
    let _gateway = world.start().await;
    for (more, alone) in lines.iter().zip(alone) {
        assert_eq!(world.answer(&[&["explain", "--app", "vault", "--from", "127.0.0.1"], *more].concat()).await, alone);
    }
}

/// A keytab with one AES key, as MIT's tools write it.
fn keytab(principal: &str, realm: &str, kind: u16) -> Vec<u8> {
    let counted = |text: &str| [&u16::try_from(text.len()).unwrap().to_be_bytes()[..], text.as_bytes()].concat();
    let parts: Vec<&str> = principal.split('/').collect();
    let mut record = u16::try_from(parts.len()).unwrap().to_be_bytes().to_vec();
    record.extend(counted(realm));
    parts.iter().for_each(|part| record.extend(counted(part)));
    record.extend([0, 0, 0, 1, 0, 0, 0, 0, 1]);
    record.extend(kind.to_be_bytes());
    record.extend([0, 32]);
    record.extend([7; 32]);
    [&[5, 2][..], &u32::try_from(record.len()).unwrap().to_be_bytes(), &record].concat()
}

#[tokio::test]
async fn desktop_sso_without_library_or_keytab_is_refused_by_check_and_by_run_with_the_reason() {
    let by_ticket = "[app.demands.primary_factor]\n[app.demands.desktop_sso]\n";
    let kerberos = "[kerberos]\nkeytab = \"http.keytab\"\nnetworks = [\"10.0.0.0/8\"]\nlibrary = \"/nonexistent/libgss.so\"\n\
        [[kerberos.realm]]\nname = \"CORP.TEST\"\n";
    let world = World::with(&[("vault", by_ticket)], "").await;
    let line = 1 + world.read("sekisho.toml").lines().position(|line| line == "[app.demands.desktop_sso]").unwrap();
    for command in ["check", "run"] {
        let said = world.command(&[command]).await;
        assert_ne!(said.code, 0);
        said.mentions(&["desktop_sso", "there is no `[kerberos]`", &format!("sekisho.toml:{line}:")]);
    }
    world.configure(&[("vault", by_ticket)], kerberos);
    let missing = world.command(&["check"]).await;
    assert_eq!(missing.code, 3);
    missing.mentions(&["keytab = \"http.keytab\"", "cannot be read", "docs/desktop-"]);
    for (bytes, words) in [
        (b"hello".to_vec(), "is not a keytab"),
        (keytab("HTTP/auth.test", "CORP.TEST", 23), "holds a arcfour-hmac (RC4) key of `HTTP/auth.test@CORP.TEST`"),
        (keytab("HTTP/auth.test", "CORP.TEST", 18), "the Kerberos library cannot be used"),
    ] {
        std::fs::write(world.path("http.keytab"), bytes).unwrap();
        for command in ["check", "run"] {
            let said = world.command(&[command]).await;
            assert_eq!(said.code, 3, "{words}");
            said.mentions(&[words]);
        }
    }
    assert!(!world.path("state").exists(), "nothing was begun");
    // Off, it says nothing, and what is kept elsewhere is not looked at.
    assert_eq!(world.command(&["check", "--without-files"]).await.code, 0);
    world.configure(&[("vault", "[app.demands.primary_factor]\n[app.demands.desktop_sso]\nmode = \"off\"\n")], "");
    assert_eq!(world.command(&["check"]).await.code, 0);
}
