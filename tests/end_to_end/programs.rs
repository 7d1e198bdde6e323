//! Who is a browser, and what a program is told that may not go on: in its own way, with where to sign in.

use hyper::Method;

use crate::support::wire::{BOTH, Said};
use crate::support::{BY_FORWARD_AUTH, PASSWORD_AND_TOTP, World, navigating};

const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";
const CALL: [(&str, &str); 2] = [("content-type", "application/grpc"), ("te", "trailers")];

#[tokio::test]
async fn a_navigation_of_a_web_view_or_with_a_password_ends_at_its_page() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    for (name, value) in [("x-requested-with", "com.example.mail"), ("authorization", "Basic YTpi")] {
        world.advance(60);
        let mut view = navigating(world.browser()).with_header(name, value);
        let page = view.sign_in(&world.url("wiki", "/page?x=1"), &alice).await;
        assert_eq!((page.status, page.body.as_str()), (200, "GET /page?x=1\n"), "{name}");
    }
    // A script is none, whatever it says that it takes.
    let mut script = world.browser().with_header("accept", "text/html").with_header("sec-fetch-mode", "cors");
    assert_eq!(script.send(Method::GET, &world.url("wiki", "/"), None).await.status, 401);
}

#[tokio::test]
async fn a_call_of_grpc_ends_with_a_status_and_our_words() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP), ("far", OPEN), ("dead", OPEN)], "").await;
    let port = world.port;
    let far = "[app.demands.ip_restriction]\nallow = [\"192.0.2.0/24\"]\n";
    let dead =
        format!("[[app]]\nname = \"dead\"\nurl = \"https://dead.test:{port}\"\nupstream = [\"h2c://127.0.0.1:9\"]\n{OPEN}");
    world.reload(&[("wiki", PASSWORD_AND_TOTP), ("far", far)], &dead).unwrap();
    for over in BOTH {
        for kind in ["application/grpc", "application/grpc+proto", "application/grpc-web+proto"] {
            for (app, status, words) in [("wiki", 16, "sign-in"), ("far", 7, ""), ("dead", 14, "")] {
                let call = Said::to(&world, app, "POST", "/pkg.Service/Method").with("content-type", kind).with("te", "trailers");
                let heard = call.body("\0\0\0\0\0").say(&world, &format!("{app}.test"), over).await;
                let case = format!("{app} {kind} {over:?}: {heard:?}");
                assert_eq!((heard.status, heard.body.as_str()), (200, ""), "{case}");
                assert!(heard.head.contains(&format!("grpc-status: {status}\r\n")), "{case}");
                assert!(heard.head.contains(&format!("content-type: {kind}\r\n")), "{case}");
                let message = heard.head.lines().find_map(|line| line.strip_prefix("grpc-message: ")).unwrap_or_default();
                assert!(message.len() > 10 && message.contains(words), "{case}");
            }
        }
    }
    assert!(world.upstream.seen().is_empty());
}

#[tokio::test]
async fn a_proxy_that_asks_never_gets_the_200_of_a_call() {
    let by_proxy = [BY_FORWARD_AUTH, PASSWORD_AND_TOTP].concat();
    let world = World::with(&[("wiki", &by_proxy), ("own", OPEN)], "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n").await;
    let (host, key) = (format!("wiki.test:{}", world.port), world.proxy_key());
    let question = [
        ("sekisho-proxy-key", key.as_str()),
        ("x-forwarded-method", "POST"),
        ("x-forwarded-uri", "/pkg.Service/Method"),
        ("x-forwarded-host", host.as_str()),
    ];
    for at in ["auth", "own", "wiki"] {
        for over in BOTH {
            let asked = Said::to(&world, at, "GET", "/.sekisho/forward-auth").and(&CALL).and(&question);
            let heard = asked.say(&world, &format!("{at}.test"), over).await;
            assert_eq!((heard.status, heard.code().as_str()), (401, "primary_factor_missing"), "{at} {over:?}: {heard:?}");
        }
    }
    // Nor does anybody else: a question without the key, a path of ours, a host that is none.
    for (app, path) in [("own", "/.sekisho/forward-auth"), ("own", "/.sekisho/whoami"), ("auth", "/no-such-page")] {
        for over in BOTH {
            let heard = Said::to(&world, app, "GET", path).and(&CALL).say(&world, &format!("{app}.test"), over).await;
            assert!((400..500).contains(&heard.status), "{app}{path} {over:?}: {heard:?}");
        }
    }
}

#[tokio::test]
async fn git_is_told_in_plain_text_where_to_sign_in() {
    let world = World::new().await;
    let portal = world.url("auth", "/sign-in");
    for over in BOTH {
        let asked =
            Said::to(&world, "wiki", "GET", "/repo.git/info/refs?service=git-upload-pack").with("user-agent", "git/2.47.3");
        let heard = asked.say(&world, "wiki.test", over).await;
        assert_eq!(heard.status, 403, "a 401 would have git ask for a password: {heard:?}");
        assert!(heard.head.contains("content-type: text/plain; charset=utf-8\r\n"), "{heard:?}");
        assert_eq!(heard.body.lines().last(), Some(portal.as_str()), "{heard:?}");
        assert!(heard.body.lines().count() > 1 && !heard.body.contains('<'), "{heard:?}");
    }
    assert!(world.upstream.seen().is_empty(), "no page that git would take for a repository without content");
}
