//! Forward-auth at the TLS port, as a proxy asks: whose questions are answered, what the answer names, and what a client
//! that a proxy hands on cannot put into it. The real proxies with the recipes are asked in `tests/proxies`.

use hyper::Method;

use crate::support::{Answer, BY_FORWARD_AUTH, Browser, PASSWORD_AND_TOTP, World};

const QUESTION: &str = "/.sekisho/forward-auth";
const PROXY: &str = "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n";
const OPEN: &str = "[[app.rule]]\npaths = [\"/open\"]\ndemands.primary_factor.mode = \"off\"\ndemands.otp.mode = \"off\"\n";
const IDENTITY: [&str; 5] = ["remote-user", "remote-groups", "remote-email", "remote-name", "sekisho-assertion"];

async fn world() -> World {
    let wiki = [BY_FORWARD_AUTH, PASSWORD_AND_TOTP, OPEN].concat();
    World::with(&[("wiki", &wiki), ("own", PASSWORD_AND_TOTP)], PROXY).await
}

/// A proxy that asks about `path` for somebody with these cookies, in the words of Traefik and Caddy.
fn proxy(world: &World, path: &str, cookie: &str) -> Browser {
    let asking = world
        .browser()
        .with_header("accept", "application/json")
        .with_header("sekisho-proxy-key", &world.proxy_key())
        .with_header("x-forwarded-method", "GET")
        .with_header("x-forwarded-uri", path)
        .with_header("x-forwarded-host", &format!("wiki.test:{}", world.port))
        .with_header("x-forwarded-for", "203.0.113.9");
    if cookie.is_empty() { asking } else { asking.with_header("cookie", cookie) }
}

async fn ask(world: &World, mut asking: Browser) -> Answer {
    asking.send(Method::GET, &world.url("auth", QUESTION), None).await
}

/// The same in the words of Envoy: the path below ours, the app's own host.
async fn ask_below(world: &World, path: &str, asking: Browser) -> Answer {
    asking.clone().send(Method::GET, &world.url("wiki", &format!("{QUESTION}{path}")), None).await
}

fn below(world: &World, cookie: &str) -> Browser {
    let asking = world.browser().with_header("accept", "application/json").with_header("sekisho-proxy-key", &world.proxy_key());
    if cookie.is_empty() { asking } else { asking.with_header("cookie", cookie) }
}

/// A cookie of somebody who signed in on the way to the app.
async fn session(world: &World, person: &crate::support::Person) -> String {
    let mut browser = world.browser();
    let page = browser.sign_in(&world.url("wiki", "/"), person).await;
    assert_eq!((page.status, page.code_in_page("served_by_another_proxy")), (421, true), "{page:?}");
    format!("__Host-sekisho={}", browser.cookie("wiki.test", "__Host-sekisho").unwrap())
}

impl Answer {
    fn code_in_page(&self, code: &str) -> bool {
        self.body.contains(code)
    }

    fn named(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str()).collect()
    }
}

#[tokio::test]
async fn the_answer_names_every_identity_header_empty_where_nothing_is() {
    let world = world().await;
    let alice = world.person("alice").await; // no groups, no name for people
    let cookie = session(&world, &alice).await;
    for (path, cookie, user, email) in [
        ("/open", "", "", ""),
        ("/open", "theme=dark; __Host-sekisho=nobody", "", ""),
        ("/", cookie.as_str(), "alice", "alice@example.test"),
        ("/open", cookie.as_str(), "alice", "alice@example.test"),
    ] {
        for answer in [ask(&world, proxy(&world, path, cookie)).await, ask_below(&world, path, below(&world, cookie)).await] {
            assert_eq!(answer.status, 200, "{path} {answer:?}");
            let found = IDENTITY.map(|name| answer.named(name));
            assert_eq!(found[..4], [vec![user], vec![""], vec![email], vec![""]], "{path} {answer:?}");
            assert_eq!((found[4].len(), found[4][0].is_empty()), (1, user.is_empty()), "{path} {answer:?}");
        }
    }
    // The names that the app has instead, and the assertion where it gets none.
    let own = [
        BY_FORWARD_AUTH,
        "identity = { preset = \"oauth2-proxy\", user = \"X-Who\", assertion = false }\n",
        PASSWORD_AND_TOTP,
        OPEN,
    ];
    world.reload(&[("wiki", &own.concat())], PROXY).unwrap();
    let answer = ask(&world, proxy(&world, "/", &cookie)).await;
    let names = ["x-who", "x-forwarded-groups", "x-forwarded-email", "x-forwarded-preferred-username", "sekisho-assertion"];
    assert_eq!(names.map(|name| answer.named(name)), [["alice"], [""], ["alice@example.test"], [""], [""]], "{answer:?}");
}

#[tokio::test]
async fn a_reserved_name_in_another_spelling_is_refused_t1() {
    let world = world().await;
    let alice = world.person("alice").await;
    let cookie = session(&world, &alice).await;
    for name in [
        "Remote_User",
        "remote.user",
        "Remote~User",
        "REMOTE_GROUPS",
        "remote_email",
        "Remote_Name",
        "http_remote_user",
        "HTTP-Remote-User",
        "Sekisho_Assertion",
        "sekisho.assertion",
        "Sekisho-Anything",
        "sekisho_proxy_key",
        // Another preset's: no answer replaces it.
        "X-Forwarded-User",
        "x_forwarded_email",
        "X-Forwarded-Preferred-Username",
    ] {
        for path in ["/open", "/"] {
            let asked = [
                ask(&world, proxy(&world, path, &cookie).with_header(name, "root")).await,
                ask_below(&world, path, below(&world, &cookie).with_header(name, "root")).await,
            ];
            for answer in asked {
                assert_eq!((answer.status, answer.code().as_str()), (400, "identity_header_sent"), "{name} {path}");
                assert!(answer.body.contains(&name.to_ascii_lowercase()), "it is named: {answer:?}");
                assert!(IDENTITY.iter().all(|name| answer.named(name).is_empty()), "{name} {path} {answer:?}");
            }
        }
    }
    // The app's own names in their own spelling are replaced by the answer.
    let spoofed = proxy(&world, "/", &cookie).with_header("Remote-User", "root").with_header("REMOTE-GROUPS", "wheel");
    let answer = ask(&world, spoofed).await;
    assert_eq!((answer.status, answer.named("remote-user"), answer.named("remote-groups")), (200, vec!["alice"], vec![""]));
}

#[tokio::test]
async fn only_a_proxy_that_shows_its_key_gets_an_assertion_t6() {
    let world = world().await;
    let alice = world.person("alice").await;
    let cookie = session(&world, &alice).await;
    let key = world.proxy_key();
    let without = |path: &str| {
        let mut asking = proxy(&world, path, &cookie);
        asking.headers.retain(|(name, _)| name != "sekisho-proxy-key");
        asking
    };
    // What a signed-in person sends through a proxy that hands the path on: the question itself, with any words.
    let mut below = world.browser().with_header("accept", "application/json").with_header("cookie", &cookie);
    let wrong = [
        (without("/"), "proxy_key_missing"),
        (without("/").with_header("sekisho_proxy_key", &key), "proxy_key_missing"),
        (without("/").with_header("sekisho-proxy-key", ""), "proxy_key_wrong"),
        (without("/").with_header("sekisho-proxy-key", &key[1..]), "proxy_key_wrong"),
        (without("/").with_header("sekisho-proxy-key", &key.to_ascii_uppercase()), "proxy_key_wrong"),
        (without("/").with_header("sekisho-proxy-key", "no").with_header("sekisho-proxy-key", &key), "proxy_key_repeated"),
    ];
    for (asking, code) in wrong {
        let answer = ask(&world, asking).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, code));
        assert!(IDENTITY.iter().all(|name| answer.named(name).is_empty()), "{answer:?}");
    }
    for path in ["", "/", "/wiki", "/.sekisho/callback"] {
        let answer = below.send(Method::GET, &format!("{}{path}", world.url("wiki", QUESTION)), None).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "proxy_key_missing"), "{path:?}");
    }
    // The key alone makes no listed peer.
    let wiki = [BY_FORWARD_AUTH, PASSWORD_AND_TOTP, OPEN].concat();
    world.reload(&[("wiki", &wiki)], "[server]\ntrusted_proxies = [\"192.0.2.1\"]\n").unwrap();
    let answer = ask_below(&world, "/", self::below(&world, &cookie)).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "proxy_not_listed"));
}

#[tokio::test]
async fn an_app_that_the_gateway_forwards_is_not_asked_about() {
    let world = world().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("own", "/"), &alice).await;
    let cookie = format!("__Host-sekisho={}", browser.cookie("own.test", "__Host-sekisho").unwrap());
    let mut asking = proxy(&world, "/", &cookie);
    for (name, value) in &mut asking.headers {
        if name == "x-forwarded-host" {
            *value = format!("own.test:{}", world.port);
        }
    }
    let answer = ask(&world, asking).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "not_by_forward_auth"));
    let answer = below(&world, &cookie).send(Method::GET, &world.url("own", "/.sekisho/forward-auth/"), None).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "not_by_forward_auth"));
}

#[tokio::test]
async fn the_answer_names_the_cookies_without_ours_t8() {
    let world = world().await;
    let alice = world.person("alice").await;
    let cookie = session(&world, &alice).await;
    for (sent, left) in [
        (format!("theme=dark; {cookie}; lang=\"ja;x\""), vec!["theme=dark; lang=\"ja;x\""]),
        (format!("{cookie}; __host-SEKISHO-state=s"), vec![""]),
        ("a=1;b=2".to_owned(), vec!["a=1;b=2"]),
        (String::new(), vec![]),
    ] {
        for answer in [ask(&world, proxy(&world, "/open", &sent)).await, ask_below(&world, "/open", below(&world, &sent)).await] {
            assert_eq!((answer.status, answer.named("cookie")), (200, left.clone()), "{sent:?}");
        }
    }
}

/// nginx knows 2xx, 401 and 403; what its client is to get it asks for with a second question.
#[tokio::test]
async fn nginx_is_answered_in_its_three_words_and_then_in_full() {
    let world = world().await;
    let alice = world.person("alice").await;
    let cookie = session(&world, &alice).await;
    let nginx = |uri: &str, sent: &str| {
        let asking = below(&world, sent).with_header("x-original-uri", uri).with_header("x-original-method", "GET");
        asking.with_header("x-forwarded-for", "203.0.113.9")
    };
    let ask_nginx = async |asking: Browser| asking.clone().send(Method::GET, &world.url("wiki", QUESTION), None).await;
    let again = |path: &str, sent: &str| proxy(&world, path, sent).with_header("sekisho-ask", "refusal");
    assert_eq!(ask_nginx(nginx("/", &cookie)).await.status, 200);
    // A program, a person, a path that means two things.
    let answer = ask_nginx(nginx("/", "")).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "primary_factor_missing"));
    let mut person = nginx("/", "");
    person.headers.retain(|(name, _)| name != "accept");
    let answer = ask_nginx(person).await;
    assert_eq!(answer.status, 401);
    let answer = ask_nginx(nginx("/", &cookie).with_header("remote_user", "root")).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "identity_header_sent"));
    // In full: the redirect, the problem document with its challenge, the true status.
    let mut person = again("/page?q=1", "");
    person.headers.retain(|(name, _)| name != "accept");
    let answer = ask(&world, person).await;
    assert!(answer.status == 303 && answer.header("location").unwrap().contains("/sign-in?for="), "{answer:?}");
    assert!(answer.header("set-cookie").unwrap().starts_with("__Host-sekisho-state="), "{answer:?}");
    let answer = ask(&world, again("/", "")).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "primary_factor_missing"));
    assert!(answer.header("www-authenticate").unwrap().starts_with("Sekisho "), "{answer:?}");
    let answer = ask(&world, again("/", &cookie).with_header("remote_user", "root")).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "identity_header_sent"));
    // Where the second question would pass, its answer holds nothing of what the app would get.
    let answer = ask(&world, again("/", &cookie)).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "ask_again"));
    assert!(IDENTITY.iter().chain(&["cookie"]).all(|name| answer.named(name).is_empty()), "{answer:?}");
}

#[tokio::test]
async fn a_question_is_judged_by_the_proxys_word_about_the_address_t6() {
    let office = "[app.demands.ip_restriction]\nallow = [\"198.51.100.0/24\"]\n";
    let world = World::with(&[("wiki", &[BY_FORWARD_AUTH, office].concat())], PROXY).await;
    for (name, value) in [("forwarded", "for=198.51.100.7"), ("x_forwarded_for", "198.51.100.7"), ("x-real-ip", "198.51.100.7")] {
        let answer = ask(&world, proxy(&world, "/", "").with_header(name, value)).await;
        assert!(matches!(answer.status, 400 | 403), "{name}: {answer:?}");
    }
    let mut asking = proxy(&world, "/", "").with_header("forwarded", "for=203.0.113.9");
    asking.headers.iter_mut().find(|(name, _)| name == "x-forwarded-for").unwrap().1 = "203.0.113.1, 198.51.100.7".to_owned();
    assert_eq!(ask(&world, asking).await.status, 200);
}
