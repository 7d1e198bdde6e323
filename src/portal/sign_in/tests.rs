//! Signing in, step by step, in one tab or several.

mod credentials;
mod directory;
mod effort;
mod grace;
mod last_factor;

use std::net::Ipv4Addr;
use std::time::Duration;

use http::StatusCode;

use crate::portal::testing::{Gate, ORIGIN, PASSWORD};

#[tokio::test]
async fn a_password_and_a_code_open_the_portal_in_this_order_r031_r033_r035() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let first = browser.get("/").await;
    assert_eq!((first.status, first.location()), (StatusCode::SEE_OTHER, "/sign-in?for=%2F"));
    let page = browser.get(first.location()).await;
    assert!(page.status.is_success() && page.body.contains("current-password"), "{}", page.body);
    browser.post("/sign-in/password", &[("user", "Alice "), ("password", PASSWORD)]).await;
    assert!(browser.get("/sign-in").await.body.contains("one-time-code"));
    assert!(!browser.cookies.contains_key("__Host-sekisho"), "only the end of check 6 makes a session");
    browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code())]).await;
    assert_eq!(browser.get("/sign-in").await.location(), "/");
    let launcher = browser.get("/").await;
    assert!(launcher.status.is_success() && launcher.body.contains("https://wiki.example.com"), "{}", launcher.body);
    assert_eq!(launcher.headers["x-frame-options"], "DENY");
}

#[tokio::test]
async fn a_code_before_the_password_is_worth_nothing_r034() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let answer = browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code())]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/sign-in").await.body.contains("current-password"));
}

#[tokio::test]
async fn a_wrong_password_an_unknown_and_a_disabled_user_get_one_answer_t31() {
    let gate = Gate::open().await;
    let disabled = gate.at.user("carol").await;
    gate.at.core.passwords().set(disabled.id(), PASSWORD.into()).await.unwrap();
    gate.at.core.suspend_user(disabled.id()).await.unwrap();
    gate.at.user("erika").await;
    let mut answers = Vec::new();
    for (number, name) in ["alice", "nobody", "carol", "erika"].into_iter().enumerate() {
        let mut browser = gate.browser();
        browser.address = Ipv4Addr::new(192, 0, 2, 50 + u8::try_from(number).unwrap()).into();
        let password = if name == "alice" { "not the password" } else { PASSWORD };
        let answer = browser.post("/sign-in/password", &[("user", name), ("password", password)]).await;
        answers.push((answer.status, answer.body.replace(name, "NAME")));
        assert!(!browser.cookies.contains_key("__Host-sekisho"));
    }
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn a_guesser_is_slowed_down_whether_the_name_is_known_or_not_t39() {
    let gate = Gate::open().await;
    for name in ["alice", "nobody"] {
        let mut browser = gate.browser();
        browser.address = Ipv4Addr::new(198, 51, 100, u8::try_from(name.len()).unwrap()).into();
        let mut last = StatusCode::OK;
        for _guess in 0..4 {
            last = browser.post("/sign-in/password", &[("user", name), ("password", "a guess")]).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "{name}");
    }
}

#[tokio::test]
async fn a_code_is_taken_once_even_by_another_browser_t37() {
    let gate = Gate::open().await;
    let code = gate.code();
    let (mut first, mut second) = (gate.browser(), gate.browser());
    second.address = Ipv4Addr::new(192, 0, 2, 99).into();
    for browser in [&mut first, &mut second] {
        browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    }
    assert_eq!(first.post("/sign-in/otp", &[("method", "totp"), ("code", &code)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(second.post("/sign-in/otp", &[("method", "totp"), ("code", &code)]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_recovery_code_stands_in_for_the_authenticator_once_t37() {
    let gate = Gate::open().await;
    let codes = gate.at.core.recovery_codes().renew(gate.alice.id()).await.unwrap();
    let code = secrecy::ExposeSecret::expose_secret(&codes[0]).to_uppercase();
    for expected in [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED] {
        let mut browser = gate.browser();
        browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
        let answer = browser.post("/sign-in/otp", &[("method", "recovery_code"), ("code", &code)]).await;
        assert_eq!(answer.status, expected);
    }
    assert_eq!(gate.at.core.recovery_codes().left(gate.alice.id()).await.unwrap(), 9);
}

#[tokio::test]
async fn two_tabs_end_each_at_its_own_page_t27() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let (one, state_one) = gate.departure("wiki", "/edit?page=1").await;
    let (two, state_two) = gate.departure("vault", "/safe?box=2").await;
    for departure in [&one, &two] {
        assert!(browser.get(&format!("/sign-in?for={departure}")).await.status.is_success());
    }
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &two)]).await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &one)]).await;
    let first = browser.get(&format!("/sign-in?for={one}")).await;
    assert_eq!(gate.arrives(first.location(), "wiki", &state_one).await, "/edit?page=1");
    // The other tab goes on where it stands: its browser registers, and the same code passes check 6.
    let answer = browser.post("/sign-in/browser", &[("method", "totp"), ("code", &gate.code()), ("for", &two)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let second = browser.get(&format!("/sign-in?for={two}")).await;
    assert_eq!(gate.arrives(second.location(), "vault", &state_two).await, "/safe?box=2");
}

#[tokio::test]
async fn whoever_is_signed_in_goes_straight_on_r035() {
    let gate = Gate::open().await;
    let mut browser = gate.signed_in().await;
    let (id, state) = gate.departure("wiki", "/start").await;
    let answer = browser.get(&format!("/sign-in?for={id}")).await;
    assert_eq!(gate.arrives(answer.location(), "wiki", &state).await, "/start");
}

#[tokio::test]
async fn a_sign_in_that_took_too_long_says_so() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let (id, _state) = gate.departure("wiki", "/start").await;
    gate.at.clock.advance(Duration::from_secs(31 * 60));
    assert_eq!(browser.get(&format!("/sign-in?for={id}")).await.status, StatusCode::GONE);
    assert_eq!(browser.get("/sign-in?for=https%3A%2F%2Fevil.example").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_browser_registered_by_a_code_is_known_until_it_is_forgotten_r032() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let (id, _state) = gate.departure("vault", "/").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &id)]).await;
    browser.post("/sign-in/browser", &[("method", "totp"), ("code", &gate.code()), ("for", &id), ("name", "PortalState")]).await;
    assert!(browser.get(&format!("/sign-in?for={id}")).await.location().starts_with("https://vault.example.com/"));
    assert!(browser.cookies.contains_key("__Host-sekisho-browser"));
    // The next sign-in shows the browser by itself and goes on to check 6.
    browser.post("/sign-out", &[("scope", "here")]).await;
    let (id, _state) = gate.departure("vault", "/").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &id)]).await;
    let page = browser.get(&format!("/sign-in?for={id}")).await;
    assert!(page.body.contains("action=\"/sign-in/otp\""), "{}", page.body);
    browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code()), ("for", &id)]).await;
    assert!(browser.get(&format!("/sign-in?for={id}")).await.location().starts_with("https://vault.example.com/"));
    let registered = gate.at.core.browsers().of_user(gate.alice.id());
    let answer = browser.post("/account/browsers/forget", &[("id", &registered[0].id.text())]).await;
    assert_eq!(answer.location(), "/account/browsers?done=browser-forgotten", "{}", answer.body);
    assert_eq!(browser.get("/account").await.location(), "/sign-in?for=%2Faccount", "its sessions ended with it");
    let (id, _state) = gate.departure("vault", "/").await;
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), ("for", &id)]).await;
    assert!(browser.get(&format!("/sign-in?for={id}")).await.body.contains("action=\"/sign-in/browser\""));
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookies_is_told_so() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let fields = [("user", "alice"), ("password", PASSWORD)];
    let next = browser.post("/sign-in/password", &fields).await.location().to_owned();
    assert!(browser.get(&next).await.body.contains("one-time-code"), "it was kept: the next step");
    browser.cookies.clear();
    let page = browser.get(&next).await;
    assert!(page.body.contains("does not keep cookies") && page.body.contains("current-password"), "{}", page.body);
    assert!(!browser.get("/sign-in").await.body.contains("does not keep cookies"));
}

#[tokio::test]
async fn a_form_of_another_site_is_not_taken() {
    let gate = Gate::open().await;
    let fields = [("user", "alice"), ("password", PASSWORD)];
    let mut browser = gate.browser();
    let refused: [&[(&str, &str)]; 8] = [
        &[("origin", "https://evil.example")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
        &[("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[("origin", ORIGIN), ("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "https://auth.example.com.evil.example")],
        &[("sec-fetch-site", "cross-site")],
        &[],
    ];
    for headers in refused {
        let answer = browser.post_with("/sign-in/password", &fields, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let own: [&[(&str, &str)]; 2] =
        [&[("sec-fetch-site", "same-origin")], &[("origin", "null"), ("sec-fetch-site", "same-origin")]];
    for headers in own {
        let mut browser = gate.browser();
        browser.get("/sign-in").await;
        let answer = browser.post_with("/sign-in/password", &fields, headers).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{headers:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_or_packed_is_not_read_t24() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let large = "x".repeat(65 * 1024);
    let answer = browser.post("/sign-in/password", &[("user", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let packed = [("origin", ORIGIN), ("content-encoding", "gzip")];
    assert_eq!(browser.post_with("/sign-in/password", &[], &packed).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(browser.get("/account/sessions/revoke").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(browser.get("/no-such-page").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_chosen_language_sticks_and_leads_back_to_a_page_of_ours_only_t17() {
    let gate = Gate::open().await;
    let mut browser = gate.browser();
    let answer = browser.post("/language", &[("language", "ja"), ("back", "/sign-in?for=x")]).await;
    // Marked as what a form led to: it may lead on to an app, and goes there by a page of ours.
    assert_eq!(answer.location(), "/sign-in?for=x&sent");
    assert!(browser.get("/sign-in").await.body.contains("<html lang=\"ja\">"));
    for back in ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"] {
        assert_eq!(browser.post("/language", &[("language", "en"), ("back", back)]).await.location(), "/", "{back}");
    }
}

#[tokio::test]
async fn the_keys_of_assertions_are_public() {
    let gate = Gate::open().await;
    let answer = gate.browser().get("/.well-known/jwks.json").await;
    assert_eq!(answer.headers["content-type"], "application/jwk-set+json");
    assert!(answer.body.contains("\"ES256\"") && !answer.body.contains("\"d\""), "{}", answer.body);
}

#[tokio::test]
async fn a_wrong_recovery_code_is_asked_for_again_and_no_other_code() {
    let gate = Gate::open().await;
    gate.at.core.recovery_codes().renew(gate.alice.id()).await.unwrap();
    let mut browser = gate.browser();
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let wrong = browser.post("/sign-in/otp", &[("method", "recovery_code"), ("code", "not-one-of-them")]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED, "{}", wrong.body);
    assert_eq!(wrong.field("method"), "recovery_code");
}

#[tokio::test]
async fn what_stands_behind_the_hash_survives_where_a_tab_keeps_it_and_nobody_else_sees_another_page() {
    let gate = Gate::open().await;
    let mut browser = gate.signed_in().await;
    let (departure, state) = gate.departure("wiki", "/board").await;
    let path = format!("/sign-in?for={departure}");
    let at_once = browser.get(&path).await;
    assert_eq!(gate.arrives(at_once.location(), "wiki", &state).await, "/board", "no tab keeps anything: no page between");
    // The script of a step has left its mark.
    browser.cookies.insert("__Host-sekisho-fragment".to_owned(), "1".to_owned());
    let (departure, state) = gate.departure("wiki", "/board").await;
    let path = format!("/sign-in?for={departure}");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let next = format!("{path}&onward");
    assert!(page.body.contains(&format!("data-onward href=\"{}\"", next.replace('&', "&#38;"))), "{}", page.body);
    assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\""), "without script it goes on as well");
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    let end = browser.get(&next).await;
    assert_eq!(gate.arrives(end.location(), "wiki", &state).await, "/board", "once, and never in a circle");
}

#[tokio::test]
async fn times_are_in_the_zone_that_the_browser_names() {
    let gate = Gate::with(crate::portal::push::tests::PUSH).await;
    let mut browser = gate.signed_in().await;
    browser.cookies.insert("__Host-sekisho-zone".to_owned(), "America/Argentina/Buenos_Aires".to_owned());
    // The link for a phone, and until when it may be used.
    let page = browser.post("/account/approvers/add", &[]).await.body;
    let time = page.split("<time").nth(1).unwrap().split("</time>").next().unwrap();
    assert!(time.contains("UTC−03:00") && time.starts_with(" datetime=\"20"), "{time}");
    browser.cookies.insert("__Host-sekisho-zone".to_owned(), "Nowhere/At_All".to_owned());
    let page = browser.post("/account/approvers/add", &[]).await.body;
    assert!(page.contains("<time") && !page.contains("UTC−03:00"), "the zone of the config: {page}");
}
