//! Signing in through the TLS port: order, return, tabs, equal answers, what was posted.

use hyper::Method;
use sekisho::audit::Filter;
use sekisho::clock::{Clock as _, SystemClock};
use sekisho::principal::method::{self, Methods};
use sekisho::principal::user::UserId;
use sekisho::sign_in::push::ANSWERED_AFTER;

use crate::support::{Browser, PASSWORD, PASSWORD_AND_TOTP, Phone, World};

#[tokio::test]
async fn a_password_and_a_code_lead_to_the_very_page_asked_for() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    let page = browser.sign_in(&world.url("wiki", "/page?x=1&y=%E9%96%A2"), &alice).await;
    assert_eq!((page.status, page.body.as_str()), (200, "GET /page?x=1&y=%E9%96%A2\n"));
    assert_eq!(world.upstream.last().all("remote-user"), ["alice"]);
    // No cookie is scoped to a parent domain, and each is out of reach for scripts.
    for host in ["auth.test", "wiki.test"] {
        assert!(browser.cookie(host, "__Host-sekisho").is_some(), "{host}");
    }
}

#[tokio::test]
async fn nothing_reaches_the_app_before_the_last_check_r_034_r_035() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("wiki", "/")).await;
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert!(page.body.contains("one-time-code"), "{page:?}");
    assert!(browser.cookie("auth.test", "__Host-sekisho").is_none(), "no session after the password alone");
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 303);
    assert!(world.upstream.seen().is_empty());
    let wrong = browser.fill(&page, "one-time-code", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 401);
    assert!(world.upstream.seen().is_empty());
    world.advance(60);
    let page = browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!(page.status, 200);
    assert_eq!(world.upstream.seen().len(), 1);
}

#[tokio::test]
async fn a_code_is_accepted_once_t37() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let code = alice.code();
    for (round, ends_at) in [(1, "wiki.test"), (2, "auth.test")] {
        let mut browser = world.browser();
        let page = browser.get(&world.url("wiki", "/")).await;
        let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
        let page = browser.fill(&page, "one-time-code", &[("code", &code)]).await;
        assert!(page.url.contains(ends_at), "round {round}: {page:?}");
    }
}

#[tokio::test]
async fn an_apps_cookie_from_before_a_step_up_is_dead_t26() {
    let often = "[app.demands.primary_factor]\n[app.demands.otp]\nmax_age = \"5m\"\n";
    let world = World::with(&[("wiki", often)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    assert_eq!(browser.sign_in(&world.url("wiki", "/"), &alice).await.status, 200);
    let before = browser.cookie("wiki.test", "__Host-sekisho").unwrap().to_owned();
    let mut thief = world.browser().with_header("cookie", &format!("__Host-sekisho={before}"));
    assert_eq!(thief.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    world.advance(600);
    let page = browser.get(&world.url("wiki", "/")).await;
    assert_eq!(browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await.status, 200);
    assert_ne!(browser.cookie("wiki.test", "__Host-sekisho"), Some(before.as_str()));
    assert_eq!(thief.send(Method::GET, &world.url("wiki", "/"), None).await.status, 303);
}

#[tokio::test]
async fn unknown_user_and_wrong_password_get_the_same_answer_t31() {
    let world = World::new().await;
    world.person("alice").await;
    let mut pages = Vec::new();
    for name in ["alice", "nobody"] {
        let mut browser = world.browser();
        let page = browser.get(&world.url("wiki", "/")).await;
        let departure = page.url.split("for=").nth(1).unwrap().to_owned();
        let page = browser.fill(&page, "current-password", &[("user", name), ("password", "wrong wrong wrong")]).await;
        let id = page.header("x-request-id").unwrap().to_owned();
        let names: Vec<String> = page.headers.iter().map(|(name, _)| name.clone()).collect();
        pages.push((page.status, names, page.body.replace(name, "NAME").replace(&departure, "DEPARTURE").replace(&id, "ID")));
        world.advance(120);
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0].0, 401);
}

#[tokio::test]
async fn two_tabs_each_end_where_they_started() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    let one = browser.get(&world.url("wiki", "/one")).await;
    let two = browser.get(&world.url("wiki", "/two")).await;
    let two = browser.fill(&two, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let one = browser.fill(&one, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let two = browser.fill(&two, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!(two.body, "GET /two\n");
    // The other tab's step is done already: its form leads on to its own page.
    let one = browser.fill(&one, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!(one.body, "GET /one\n");
}

#[tokio::test]
async fn one_sign_in_serves_all_apps() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP), ("tracker", PASSWORD_AND_TOTP)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let page = browser.get(&world.url("tracker", "/issues")).await;
    assert_eq!(page.body, "GET /issues\n");
    assert_ne!(browser.cookie("wiki.test", "__Host-sekisho"), browser.cookie("tracker.test", "__Host-sekisho"));
}

#[tokio::test]
async fn a_posted_form_survives_a_session_that_expired_meanwhile() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/edit"), &alice).await;
    world.advance(13 * 3600);
    let page = browser.post(&world.url("wiki", "/save?id=7"), &[("text", "three hours of work")]).await;
    assert!(page.url.contains("auth.test"), "{page:?}");
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let page = browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!((page.status, page.body.as_str()), (200, "POST /save?id=7\ntext=three+hours+of+work"));
    let seen = world.upstream.last();
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("POST", "text=three+hours+of+work"));
    assert_eq!(seen.all("remote-user"), ["alice"]);
    // Taken once: a reload is an ordinary GET.
    assert_eq!(browser.get(&world.url("wiki", "/save?id=7")).await.body, "GET /save?id=7\n");
}

#[tokio::test]
async fn a_form_of_a_page_that_hides_its_origin_survives_a_sign_in() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    // As a page with `Referrer-Policy: no-referrer` sends it, of the app and of the portal alike.
    let mut browser = world.browser().with_header("origin", "null").with_header("sec-fetch-site", "same-origin");
    let page = browser.post(&world.url("wiki", "/save?id=7"), &[("text", "three hours of work")]).await;
    assert!(page.url.contains("auth.test"), "{page:?}");
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let page = browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!((page.status, page.body.as_str()), (200, "POST /save?id=7\ntext=three+hours+of+work"));
    // The app's own sign-out takes such a form, too; a page of another site has no `same-origin` to show.
    for (origin, site, status) in [
        ("null", "cross-site", 403),
        ("https://evil.example", "same-origin", 403),
        ("null", "none", 403),
        ("null", "same-origin", 303),
    ] {
        browser.headers = vec![("origin".to_owned(), origin.to_owned()), ("sec-fetch-site".to_owned(), site.to_owned())];
        let answer = browser.send(Method::POST, &world.url("wiki", "/.sekisho/sign-out"), Some("")).await;
        assert_eq!(answer.status, status, "{origin} {site}");
    }
}

#[tokio::test]
async fn what_a_sandboxed_frame_posts_is_not_kept() {
    let world = World::new().await;
    for site in ["cross-site", "same-site", "none"] {
        let mut browser = world.browser().with_header("origin", "null").with_header("sec-fetch-site", site);
        let page = browser.send(Method::POST, &world.url("wiki", "/transfer"), Some("to=mallory")).await;
        assert_eq!((page.status, page.body.contains("/sign-in?for=")), (401, true), "{site}: {page:?}");
    }
    assert!(world.upstream.seen().is_empty());
}

#[tokio::test]
async fn what_another_site_posts_is_not_kept_and_the_page_says_so() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser().with_header("origin", "https://evil.example");
    let page = browser.send(Method::POST, &world.url("wiki", "/transfer"), Some("to=mallory")).await;
    assert_eq!(page.status, 401);
    assert!(page.body.contains("/sign-in?for="), "{page:?}");
    browser.headers.clear();
    let sign_in = page
        .body
        .split("href=\"")
        .find(|part| part.contains("/sign-in?for="))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&");
    browser.sign_in(&sign_in, &alice).await;
    assert!(world.upstream.seen().iter().all(|seen| seen.method == "GET"), "the foreign form never reached the app");
}

#[tokio::test]
async fn a_form_of_another_site_cannot_sign_anybody_in_t26() {
    let world = World::new().await;
    world.person("alice").await;
    let mut browser = world.browser();
    browser.get(&world.url("wiki", "/")).await;
    let mut foreign = browser.clone().with_header("origin", "https://evil.example");
    let body = format!("user=alice&password={}", PASSWORD.replace(' ', "+"));
    let answer = foreign.send(Method::POST, &world.url("auth", "/sign-in/password"), Some(&body)).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_handover_code_of_somebody_else_is_refused_t26() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    // The attacker signs in and stops before the code is redeemed.
    let mut attacker = world.browser();
    let page = attacker.get(&world.url("wiki", "/")).await;
    let departure = page.url.clone();
    let page = attacker.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    attacker.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    let callback = attacker.send(Method::GET, &departure, None).await.header("location").unwrap().to_owned();
    assert!(callback.contains("/.sekisho/callback?code="), "{callback}");
    // The victim follows the attacker's link.
    let mut victim = world.browser();
    victim.send(Method::GET, &world.url("wiki", "/"), None).await;
    let answer = victim.send(Method::GET, &callback, None).await;
    assert_eq!(answer.status, 400);
    assert!(victim.cookie("wiki.test", "__Host-sekisho").is_none());
}

#[tokio::test]
async fn a_program_gets_401_and_never_a_login_page() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut program = world.browser().with_header("accept", "application/json");
    let answer = program.send(Method::GET, &world.url("wiki", "/api"), None).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "primary_factor_missing"));
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert!(answer.header("www-authenticate").unwrap().starts_with("Sekisho realm="));
    assert_eq!(answer.json()["sign_in"], world.url("auth", "/sign-in"));
    let who = program.send(Method::GET, &world.url("wiki", "/.sekisho/whoami"), None).await;
    assert_eq!((who.code().as_str(), &who.json()["sign_in"]), ("not_signed_in", &answer.json()["sign_in"]));
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    world.advance(2 * 3600);
    browser.headers.push(("accept".to_owned(), "application/json".to_owned()));
    assert_eq!(
        browser.send(Method::GET, &world.url("wiki", "/api"), None).await.code(),
        "primary_factor_missing",
        "idle for an hour ends it"
    );
}

#[tokio::test]
async fn a_browser_is_registered_by_a_code_that_counts_for_check_6_too_a_08() {
    let demands = "[app.demands.primary_factor]\n[app.demands.cookie]\n[app.demands.otp]\n";
    let world = World::with(&[("vault", demands)], "").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("vault", "/")).await;
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let page = browser.fill(&page, "one-time-code", &[("code", &alice.code()), ("name", "my laptop")]).await;
    assert_eq!(page.body, "GET /\n", "one code, one question");
    assert!(browser.cookie("auth.test", "__Host-sekisho-browser").is_some());
    // The next sign-in of this browser passes check 5 by itself, and still asks for check 6.
    browser.post(&world.url("auth", "/sign-out"), &[("scope", "here")]).await;
    let page = browser.get(&world.url("vault", "/")).await;
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert!(page.body.contains("action=\"/sign-in/otp\""), "{page:?}");
    // Forgotten, the browser is asked again.
    let core = world.server.core();
    for registration in core.browsers().of_user(&alice.user) {
        core.browsers().revoke(registration.id).await.unwrap();
    }
    let page = browser.get(&world.url("vault", "/")).await;
    let page = if page.body.contains("current-password") {
        browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await
    } else {
        page
    };
    assert!(page.body.contains("action=\"/sign-in/browser\""), "{page:?}");
}

#[tokio::test]
async fn no_name_is_answered_sooner_than_one_with_a_phone_t31() {
    let demands = "[app.demands.primary_factor]\nmethods = [\"push\"]\n";
    let world = World::with(&[("wiki", demands)], "[portal.demands.primary_factor]\nmethods = [\"push\", \"password\"]\n").await;
    for name in ["alice", "bob"] {
        let user = world.person(name).await.user;
        world.server.core().users().assign(&user, Methods::of(&[method::Method::Push])).await.unwrap();
    }
    let _phone = Phone::of(&world, &["alice"]).await;
    let clock = SystemClock::new();
    let mut answers = Vec::new();
    for name in ["alice", "bob", "nobody-of-this-name"] {
        let mut browser = world.browser();
        let page = browser.get(&world.url("wiki", "/")).await;
        let departure = page.url.split("for=").nth(1).unwrap().to_owned();
        let begin = clock.monotonic();
        let answer = browser.post(&world.url("auth", "/sign-in/push"), &[("user", name), ("for", &departure)]).await;
        assert!(clock.monotonic() - begin >= ANSWERED_AFTER, "{name}");
        answers.push(answer.status);
    }
    assert_eq!(answers, [answers[0]; 3]);
}

/// Status, names of the fields and page of what somebody gets who types this over the connection; what is of the one request
/// or of the name alone is taken out.
async fn typed(world: &World, mut browser: Browser, path: &str, name: &str, password: &str) -> (u16, Vec<String>, String) {
    let page = browser.get(&world.url("wiki", "/")).await;
    let departure = page.url.split("for=").nth(1).unwrap_or_else(|| panic!("{page:?}")).to_owned();
    let fields = [("user", name), ("password", password), ("for", departure.as_str())];
    let page = browser.post(&world.url("auth", path), &fields).await;
    let id = page.header("x-request-id").unwrap().to_owned();
    let names = page.headers.iter().map(|(name, _)| name.clone()).collect();
    (page.status, names, page.body.replace(&departure, "DEPARTURE").replace(&id, "ID"))
}

const CERTIFICATE: &str = "[app.demands.client_certificate]\ntrust = [\"world\"]\n[app.demands.primary_factor]\n";

#[tokio::test]
async fn beside_a_certificate_every_other_name_gets_one_answer_t31() {
    let world = World::with(&[("wiki", &format!("{CERTIFICATE}[app.demands.otp]\n"))], "").await;
    for name in ["alice", "bob", "carol"] {
        world.person(name).await;
    }
    let core = world.server.core();
    core.suspend_user(&UserId::parse("carol").unwrap()).await.unwrap();
    let mut answers = Vec::new();
    for (name, password) in
        [("bob", PASSWORD), ("bob", "wrong wrong wrong"), ("nobody", PASSWORD), ("carol", PASSWORD), ("no name!", PASSWORD)]
    {
        let before = core.passwords().evaluated();
        let answer = typed(&world, world.browser_with_certificate("alice"), "/sign-in/password", name, password).await;
        assert_eq!(core.passwords().evaluated() - before, 1, "{name}: as much work as for a wrong password");
        assert_eq!(answer.0, 401, "{name}: {answer:?}");
        assert!(answer.2.contains("This certificate is alice’s. Sign in as alice"), "{name}: {}", answer.2);
        assert!(!answer.2.contains("The user name or the password is wrong"), "{name}: {}", answer.2);
        answers.push(answer);
        // Counted as a failure is: after so many the next one waits.
        world.advance(600);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    core.audit().flush().await.unwrap();
    for name in ["bob", "nobody", "carol", "no name!"] {
        let got = core.audit().query(&Filter { user: Some(name.to_owned()), ..Filter::default() }, None, 10).await.unwrap();
        let reasons: Vec<_> = got.iter().map(sekisho::audit::AuditRecord::json_line).collect();
        assert!(reasons.iter().any(|line| line.contains("certificate_of_another_user")), "{name}: {reasons:?}");
    }
    // The certificate's own user sees that a password is wrong as ever, and gets on with the right one.
    let own = typed(&world, world.browser_with_certificate("alice"), "/sign-in/password", "alice", "wrong wrong wrong").await;
    assert!(own.2.contains("The user name or the password is wrong"), "{own:?}");
    world.advance(600);
    let own = typed(&world, world.browser_with_certificate("alice"), "/sign-in/password", "alice", PASSWORD).await;
    assert!(own.2.contains("one-time-code"), "{own:?}");
    // A certificate that names nobody binds nobody.
    let other = typed(&world, world.browser_with_certificate("machine-x"), "/sign-in/password", "bob", PASSWORD).await;
    assert!(other.2.contains("one-time-code"), "{other:?}");
}

#[tokio::test]
async fn other_names_beside_a_certificate_are_counted_as_failures_t39() {
    let world = World::with(&[("wiki", &format!("{CERTIFICATE}[app.demands.otp]\n"))], "").await;
    for name in ["alice", "bob"] {
        world.person(name).await;
    }
    for (name, password) in [("bob", PASSWORD), ("nobody", "wrong wrong wrong")] {
        let mut statuses = Vec::new();
        for _ in 0..8 {
            let answer = typed(&world, world.browser_with_certificate("alice"), "/sign-in/password", name, password).await;
            statuses.push(answer.0);
        }
        assert_eq!((statuses[0], statuses[7]), (401, 429), "{name}: {statuses:?}");
        world.advance(7200);
    }
}

#[tokio::test]
async fn no_phone_is_asked_for_another_name_than_the_certificates_t31() {
    let more = "[portal.demands.primary_factor]\nmethods = [\"push\", \"password\"]\n";
    let world = World::with(&[("wiki", &format!("{CERTIFICATE}methods = [\"push\"]\n"))], more).await;
    for name in ["alice", "bob"] {
        let user = world.person(name).await.user;
        world.server.core().users().assign(&user, Methods::of(&[method::Method::Push])).await.unwrap();
    }
    let phone = Phone::of(&world, &["alice", "bob"]).await;
    let clock = SystemClock::new();
    let mut answers = Vec::new();
    for name in ["bob", "nobody"] {
        let begin = clock.monotonic();
        answers.push(typed(&world, world.browser_with_certificate("alice"), "/sign-in/push", name, "").await);
        assert!(clock.monotonic() - begin >= ANSWERED_AFTER, "{name}");
    }
    assert!(answers[0].2.contains("This certificate is alice’s. Sign in as alice"), "{answers:?}");
    assert_eq!(answers[0], answers[1]);
    assert!(phone.asked(&world).await.is_empty());
    typed(&world, world.browser_with_certificate("alice"), "/sign-in/push", "alice", "").await;
    assert_eq!(phone.asked(&world).await.len(), 1);
}

#[tokio::test]
async fn a_page_of_the_portal_with_a_slash_behind_it_is_that_page() {
    let world = World::new().await;
    let mut browser = world.browser();
    for (asked, page) in [("/admin/", "/admin"), ("/account/", "/account"), ("/sign-in/?for=x", "/sign-in?for=x")] {
        let answer = browser.send(hyper::Method::GET, &world.url("auth", asked), None).await;
        assert_eq!((answer.status, answer.header("location")), (308, Some(page)), "{asked}: {answer:?}");
    }
    // An app's own addresses with a slash are the app's affair.
    let answer = browser.send(hyper::Method::GET, &world.url("wiki", "/admin/"), None).await;
    assert_ne!(answer.status, 308, "{answer:?}");
}
