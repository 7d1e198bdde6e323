//! The identity that an upstream receives, and what no client can forge.

use std::time::Duration;

use hyper::Method;

use sekisho::account::users::ProfileChange;
use sekisho::principal::user::GroupName;

use crate::support::{PASSWORD_AND_TOTP, World};

const SPELLINGS: [&str; 20] = [
    "remote-user",
    "Remote-User",
    "REMOTE-USER",
    "remote_user",
    "Remote_User",
    "remote.user",
    "http_remote_user",
    "HTTP-Remote-User",
    "remote-groups",
    "remote_groups",
    "remote-email",
    "remote_email",
    "remote-name",
    "remote_name",
    "sekisho-assertion",
    "sekisho_assertion",
    "Sekisho-Anything",
    "x-forwarded-user",
    "x_forwarded_groups",
    "X-Forwarded-Preferred-Username",
];

#[tokio::test]
async fn spoofed_identity_headers_never_reach_the_upstream_t1_t5() {
    let world =
        World::with(&[("wiki", PASSWORD_AND_TOTP), ("open", "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n")], "")
            .await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    for app in ["wiki", "open"] {
        for spelling in SPELLINGS {
            let mut spoofing = browser.clone().with_header(spelling, "root").with_header(spelling, "administrators");
            let answer = spoofing.send(Method::GET, &world.url(app, "/"), None).await;
            assert_eq!(answer.status, 200, "{app} {spelling}");
            let seen = world.upstream.last();
            assert!(
                !seen.headers.iter().any(|(_, value)| value == "root" || value == "administrators"),
                "{app} {spelling}: {seen:?}"
            );
            let user = seen.all("remote-user");
            assert_eq!(user, if app == "wiki" { vec!["alice"] } else { vec![] }, "{spelling}");
        }
    }
}

#[tokio::test]
async fn connection_cannot_name_our_headers_away_t2() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    for options in ["Remote-User", "close, Remote-User, Sekisho-Assertion", "X-Forwarded-For", "Host, Cookie"] {
        let mut sly = browser.clone().with_header("connection", options);
        assert_eq!(sly.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
        let seen = world.upstream.last();
        assert_eq!(seen.all("remote-user"), ["alice"], "{options}");
        assert_eq!(seen.all("x-forwarded-for"), ["127.0.0.1"]);
        assert_eq!(seen.all("sekisho-assertion").len(), 1);
        assert!(seen.all("connection").iter().all(|value| !value.contains("Remote")));
    }
}

#[tokio::test]
async fn our_cookies_stay_here_and_the_apps_own_go_on_t8() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let session = browser.cookie("wiki.test", "__Host-sekisho").unwrap().to_owned();
    browser.forget_cookies("wiki.test");
    let mut browser = browser.with_header("cookie", &format!("theme=dark; __Host-sekisho={session}; lang=ja"));
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    assert_eq!(world.upstream.last().all("cookie"), ["theme=dark; lang=ja"]);
}

#[tokio::test]
async fn the_assertion_verifies_against_the_jwks_and_names_its_app() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let token = world.upstream.last().all("sekisho-assertion")[0].to_owned();
    let jwks: jsonwebtoken::jwk::JwkSet =
        serde_json::from_str(&browser.get(&world.url("auth", "/.well-known/jwks.json")).await.body).unwrap();
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("sekisho-assertion+jwt"), "an id_token has the type JWT (RFC 8725 §3.11)");
    let key = jsonwebtoken::DecodingKey::from_jwk(jwks.find(header.kid.as_deref().unwrap()).unwrap()).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    validation.set_audience(&["wiki"]);
    validation.set_issuer(&[format!("https://auth.test:{}", world.port)]);
    validation.validate_exp = false; // the world's clock is its own
    validation.validate_nbf = false;
    let claims = jsonwebtoken::decode::<serde_json::Value>(&token, &key, &validation).unwrap().claims;
    assert_eq!((claims["sub"].as_str(), claims["acr"].as_str()), (Some("alice"), Some("urn:sekisho:two-factor")));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
    assert_eq!(claims["amr"], serde_json::json!(["pwd", "otp"]));
    // Cached for half its life, then signed again.
    browser.get(&world.url("wiki", "/")).await;
    assert_eq!(world.upstream.last().all("sekisho-assertion"), [token.as_str()]);
    world.advance(31);
    browser.get(&world.url("wiki", "/")).await;
    assert_ne!(world.upstream.last().all("sekisho-assertion"), [token.as_str()]);
}

#[tokio::test]
async fn a_clock_that_was_set_back_signs_nothing_t49() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let assertions = async |browser: &mut crate::support::Browser| {
        assert_eq!(browser.get(&world.url("wiki", "/")).await.status, 200);
        world.upstream.last().all("sekisho-assertion").len()
    };
    // The signing key is older than what follows.
    world.advance(1800);
    assert_eq!(assertions(&mut browser).await, 1);
    // A time server's correction is nothing unusual.
    world.clock.set_back(Duration::from_secs(50));
    assert_eq!(assertions(&mut browser).await, 1);
    // The assertion that is kept is not sent either: by this clock it is good for twenty minutes.
    world.clock.set_back(Duration::from_secs(1200));
    assert_eq!(assertions(&mut browser).await, 0);
    assert_eq!(world.upstream.last().all("remote-user"), ["alice"], "the request itself passes");
    world.advance(1300);
    assert_eq!(assertions(&mut browser).await, 1);
    // An administrator who set the clock right starts the gateway again.
    world.clock.set_back(Duration::from_secs(1200));
    let world = world.restart().await;
    browser.get(&world.url("wiki", "/")).await;
    assert_eq!(world.upstream.last().all("sekisho-assertion").len(), 1);
}

/// The claims of an assertion, which another test verifies.
fn claims(token: &str) -> serde_json::Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn hundreds_of_groups_are_chosen_or_left_out_and_never_cut() {
    let apps = [
        ("all", "identity = { groups_within = \"64KiB\" }\n"),
        ("few", "identity = { send_groups = [\"wiki-*\", \"staff\"] }\n"),
        ("tight", ""),
        ("none", "identity = { send_groups = [] }\n"),
    ];
    let apps = apps.map(|(name, own)| (name, format!("{own}{PASSWORD_AND_TOTP}")));
    let world = World::with(&apps.each_ref().map(|(name, demands)| (*name, demands.as_str())), "").await;
    let alice = world.person("alice").await;
    let core = world.server.core();
    let mut groups = vec!["staff".to_owned(), "wiki-editors".to_owned()];
    groups.extend((0..300).map(|number| format!("a-department-of-the-company-{number:03}")));
    let groups: Vec<GroupName> = groups.iter().map(|name| GroupName::parse(name).unwrap()).collect();
    for group in &groups {
        core.groups().add(group.clone(), None).await.unwrap();
    }
    core.users().set_groups(&alice.user, groups).await.unwrap();
    let mut browser = world.browser();
    browser.sign_in(&world.url("all", "/"), &alice).await;
    for (app, sent, omitted) in [("all", 302, false), ("few", 2, false), ("tight", 0, true), ("none", 0, false)] {
        assert_eq!(browser.get(&world.url(app, "/")).await.status, 200, "{app}");
        let seen = world.upstream.last();
        let header: Vec<&str> = seen.all("remote-groups").iter().flat_map(|value| value.split(',')).collect();
        let claims = claims(seen.all("sekisho-assertion")[0]);
        assert_eq!((header.len(), claims["groups"].as_array().unwrap().len()), (sent, sent), "{app}");
        assert_eq!(claims.get("groups_omitted").is_some(), omitted, "{app}: {claims}");
        assert_eq!(seen.all("remote-user"), ["alice"], "{app}");
        if app == "few" {
            assert!(header.contains(&"staff") && header.contains(&"wiki-editors"), "{header:?}");
        }
        // What a client says of its groups fills no gap.
        let spoofing = browser.clone().with_header("remote-groups", "administrators");
        assert_eq!(spoofing.clone().send(Method::GET, &world.url(app, "/"), None).await.status, 200);
        assert!(!world.upstream.last().all("remote-groups").contains(&"administrators"), "{app}");
    }
}

#[tokio::test]
async fn a_name_is_written_as_the_app_reads_it() {
    let utf8 = format!("identity = {{ name_encoding = \"utf8\" }}\n{PASSWORD_AND_TOTP}");
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP), ("grafana", &utf8)], "").await;
    let alice = world.person("alice").await;
    let change = ProfileChange { display_name: Some(Some("関所 花子".to_owned())), ..ProfileChange::default() };
    world.server.core().users().change(&alice.user, change).await.unwrap();
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    assert_eq!(world.upstream.last().all("remote-name"), ["%E9%96%A2%E6%89%80 %E8%8A%B1%E5%AD%90"]);
    assert_eq!(browser.get(&world.url("grafana", "/")).await.status, 200);
    assert_eq!(world.upstream.last().all("remote-name"), ["関所 花子"]);
}
