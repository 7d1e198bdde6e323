//! Behind a proxy: the one field that the config names says where a request came from, and what a client writes itself
//! changes nothing, in check 1, in the audit log and in the counting of failures.

use hyper::Method;
use sekisho::audit::Filter;

use crate::support::{Answer, Browser, PASSWORD_AND_TOTP, World};

const OFFICE_ONLY: &str = "[app.demands.ip_restriction]\nallow = [\"198.51.100.0/24\"]\n";
const PROXY: &str = "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n";

/// What clients say of themselves: the address is in the office, and in the net of the proxy.
const OWN_WORDS: [(&str, &str); 10] = [
    ("forwarded", "for=198.51.100.7"),
    ("Forwarded", "for=198.51.100.7, for=127.0.0.1"),
    ("forwarded", "for=\"198.51.100.7"),
    ("x_forwarded_for", "198.51.100.7"),
    ("X.Forwarded.For", "198.51.100.7"),
    ("http-x-forwarded-for", "198.51.100.7"),
    ("x-real-ip", "198.51.100.7"),
    ("true-client-ip", "198.51.100.7"),
    ("x-client-ip", "198.51.100.7"),
    ("x-forwarded-for", "198.51.100.7"),
];

async fn asks(browser: &Browser, url: &str) -> Answer {
    browser.clone().with_header("accept", "application/json").send(Method::GET, url, None).await
}

#[tokio::test]
async fn a_clients_own_word_does_not_open_check_1_t6() {
    let world = World::with(&[("office", OFFICE_ONLY)], PROXY).await;
    let url = world.url("office", "/");
    for (name, value) in OWN_WORDS {
        // The client's own lines come first, as often as it likes; what the proxy says comes last.
        let said =
            world.browser().with_header(name, value).with_header(name, value).with_header("x-forwarded-for", "203.0.113.9");
        let answer = asks(&said, &url).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "address_not_allowed"), "{name}: {value}");
        // One line, which the proxy appended to.
        if name == "x-forwarded-for" {
            let said = world.browser().with_header(name, &format!("{value}, 203.0.113.9"));
            assert_eq!(asks(&said, &url).await.status, 403);
        }
    }
    assert!(world.upstream.seen().is_empty());
    // The proxy's own word opens it, whatever the client says; the app gets that address and no other.
    let said = world.browser().with_header("forwarded", "for=203.0.113.9").with_header("x-forwarded-for", "198.51.100.7");
    assert_eq!(asks(&said, &url).await.status, 200);
    let seen = world.upstream.last();
    assert_eq!(seen.all("x-forwarded-for"), ["198.51.100.7"]);
    assert_eq!(seen.all("forwarded").len(), 1);
    assert!(seen.all("forwarded")[0].starts_with("for=198.51.100.7;"), "{seen:?}");
}

#[tokio::test]
async fn where_forwarded_is_configured_the_other_field_is_the_clients_own_t6() {
    let server = "[server]\ntrusted_proxies = [\"127.0.0.1\"]\nclient_address_from = \"forwarded\"\n";
    let world = World::with(&[("office", OFFICE_ONLY)], server).await;
    let url = world.url("office", "/");
    for own in ["x-forwarded-for", "x_forwarded_for", "forwarded"] {
        let value = if own == "forwarded" { "for=198.51.100.7;host=\"" } else { "198.51.100.7" };
        let said = world.browser().with_header(own, value).with_header("forwarded", "for=203.0.113.9;proto=https");
        let answer = asks(&said, &url).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "address_not_allowed"), "{own}");
    }
    // A host that the client chose and the proxy quoted is not a further hop.
    let said = world.browser().with_header("forwarded", "for=203.0.113.9;host=\"a, for=198.51.100.7\"");
    assert_eq!(asks(&said, &url).await.status, 403);
    let said = world.browser().with_header("x-forwarded-for", "203.0.113.9").with_header("forwarded", "for=198.51.100.7");
    assert_eq!(asks(&said, &url).await.status, 200);
}

#[tokio::test]
async fn failures_are_counted_and_audited_by_the_proxys_word_t6() {
    let limits = "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n[regulation]\nper_user_and_network = 3\n";
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], limits).await;
    let alice = world.person("alice").await;
    let guess = |number: usize| {
        world
            .browser()
            .with_header("forwarded", &format!("for=198.51.100.{number}"))
            .with_header("x-forwarded-for", &format!("198.51.100.{number}"))
            .with_header("x-forwarded-for", "203.0.113.9")
    };
    for number in 1..=3 {
        let mut browser = guess(number);
        let page = browser.get(&world.url("wiki", "/")).await;
        let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", "a wrong guess")]).await;
        assert!(page.body.contains("current-password"), "{page:?}");
    }
    // The network is locked for alice, whatever address it now says it has: the right password is one more failure.
    let page = guess(4).sign_in(&world.url("wiki", "/"), &alice).await;
    assert_eq!(page.status, 429, "locked: {page:?}");
    let page = world.browser().with_header("x-forwarded-for", "203.0.113.10").sign_in(&world.url("wiki", "/"), &alice).await;
    assert_eq!(page.body, "GET /\n", "another network is not");
    let core = world.server.core();
    core.audit().flush().await.unwrap();
    let got = core.audit().query(&Filter { user: Some("alice".to_owned()), ..Filter::default() }, None, 100).await.unwrap();
    let addresses: std::collections::BTreeSet<_> = got.iter().filter_map(|record| record.address.as_deref()).collect();
    assert_eq!(addresses.into_iter().collect::<Vec<_>>(), ["203.0.113.10", "203.0.113.9"]);
}
