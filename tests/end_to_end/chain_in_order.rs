//! The chain in order: for each of the six checks, what `explain` supposes and what a live request meets are the same.

use hyper::Method;

use crate::support::{PASSWORD, World};

#[tokio::test]
async fn a_bad_address_is_reported_before_all_else_a_04() {
    let demands = "[app.demands.ip_restriction]\nallow = [\"192.0.2.0/24\"]\n[app.demands.client_certificate]\ntrust = [\"world\"]\n[app.demands.primary_factor]\n[app.demands.otp]\n";
    let world = World::with(&[("vault", demands)], "").await;
    let mut program = world.browser().with_header("accept", "application/json");
    let answer = program.send(Method::GET, &world.url("vault", "/"), None).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "address_not_allowed"));
    assert!(world.upstream.seen().is_empty());
}

#[tokio::test]
async fn each_check_in_turn_is_the_one_that_stops_a_live_request_r_027() {
    let all = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n[app.demands.client_certificate]\ntrust = [\"world\"]\n[app.demands.primary_factor]\n[app.demands.cookie]\n[app.demands.otp]\n";
    let world = World::with(&[("vault", all)], "").await;
    let alice = world.person("alice").await;
    let url = world.url("vault", "/");
    let code = |answer: crate::support::Answer| answer.code();
    // 2: no certificate.
    let mut bare = world.browser().with_header("accept", "application/json");
    assert_eq!(code(bare.send(Method::GET, &url, None).await), "certificate_missing");
    // 4: a certificate, nobody signed in.
    let mut browser = world.browser_with_certificate("alice");
    let mut program = browser.clone().with_header("accept", "application/json");
    assert_eq!(code(program.send(Method::GET, &url, None).await), "primary_factor_missing");
    // 5: the password is right; the page asks to register the browser, and nothing else.
    let page = browser.get(&url).await;
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert!(page.body.contains("/sign-in/browser"), "{page:?}");
    // 5 and 6 by one code; then the app.
    let page = browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!(page.body, "GET /\n");
    // 4 again: a certificate of another user than the one signed in is stopped at check 2.
    let mut bob = world.browser_with_certificate("bob").with_header("accept", "application/json");
    assert_eq!(code(bob.send(Method::GET, &url, None).await), "certificate_without_holder", "there is no user bob");
}

#[tokio::test]
async fn a_program_reads_what_to_do_in_its_language_r_301() {
    let world = World::with(&[("vault", "[app.demands.client_certificate]\ntrust = [\"world\"]\n")], "").await;
    let url = world.url("vault", "/");
    for (asked, language, begins) in [
        ("fr-CH, en;q=0.5", "fr", "Cette application demande un certificat"),
        ("zh-TW", "zh-Hant", "此應用程式要求"),
        ("ja", "ja", "このアプリ"),
        ("tlh", "en", "This app asks for a client certificate, but your browser did not send one. Install"),
    ] {
        let mut program = world.browser().with_header("accept", "application/json").with_header("accept-language", asked);
        let answer = program.send(Method::GET, &url, None).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "certificate_missing"));
        assert_eq!(answer.header("content-language"), Some(language), "{asked}");
        let document: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(document["detail"].as_str().unwrap().starts_with(begins), "{asked}: {document}");
    }
}

#[tokio::test]
async fn observe_lets_pass_and_a_reload_makes_it_bite_r_137() {
    let observe = "[app.demands.ip_restriction]\nmode = \"observe\"\nallow = [\"192.0.2.0/24\"]\n";
    let require = "[app.demands.ip_restriction]\nallow = [\"192.0.2.0/24\"]\n";
    let world = World::with(&[("wiki", observe)], "").await;
    let mut browser = world.browser();
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    world.reload(&[("wiki", require)], "").unwrap();
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 403);
    // A bad config changes nothing, and says where it is wrong.
    let got = world.reload(&[("wiki", "[app.demands.ip_restrictions]\n")], "").unwrap_err();
    assert!(got.contains("ip_restriction") && got.contains("sekisho.toml:"), "{got}");
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 403);
}

#[tokio::test]
async fn a_machine_passes_by_its_certificate_alone() {
    let demands = "[app.demands.client_certificate]\ntrust = [\"world\"]\n";
    let world = World::with(&[("feed", demands)], "").await;
    let mut machine = world.browser_with_certificate("machine-turbine-7");
    assert_eq!(machine.send(Method::GET, &world.url("feed", "/"), None).await.status, 200);
    assert_eq!(world.upstream.last().all("remote-user"), ["turbine-7"]);
}

#[tokio::test]
async fn the_bar_of_a_refusal_shows_what_is_required_here_and_no_more() {
    let demands = "[app.demands.ip_restriction]\nallow = [\"192.0.2.0/24\"]\n[app.demands.client_certificate]\nmode = \"observe\"\ntrust = [\"world\"]\n[app.demands.primary_factor]\n";
    let portal = "[portal.demands.ip_restriction]\nallow = [\"192.0.2.0/24\"]\n";
    let world = World::with(&[("vault", demands)], portal).await;
    let mut browser = world.browser().with_header("accept", "text/html");
    // An app that asks for no one-time password, and the portal, which does, at the administration as elsewhere.
    for (url, marks) in [
        (world.url("vault", "/"), vec!["stopped", "to-come"]),
        (world.url("auth", "/admin"), vec!["stopped", "to-come", "to-come"]),
    ] {
        let page = browser.get(&url).await;
        assert_eq!(page.status, 403, "{page:?}");
        let bar = page.body.split("<ol class=\"barrier\"").nth(1).unwrap().split("</ol>").next().unwrap();
        let shown: Vec<&str> = bar.split("<li class=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(shown, marks, "{url}");
        assert!(page.body.contains(&format!("Step 1 of {}", marks.len())), "{page:?}");
    }
    let page = browser.get(&world.url("vault", "/")).await;
    let portal = world.url("auth", "/");
    assert!(page.body.contains("href=\"\">Try again</a>") && page.body.contains(&format!("href=\"{portal}\"")), "{page:?}");
}
