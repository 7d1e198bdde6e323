//! Sessions that are bound to a key of the browser: a copy of their cookies opens nothing, and nobody honest is thrown out.

use hyper::Method;
use serde_json::json;

use crate::support::{Answer, BY_FORWARD_AUTH, Browser, Device, PASSWORD_AND_TOTP, Person, World, navigating};

pub const SESSION: &str = "__Host-sekisho";
pub const BOUND: &str = "__Host-sekisho-bound";

/// Somebody who signed in to the wiki, with a browser that keeps keys for both hosts.
pub struct Bound {
    pub world: World,
    pub alice: Person,
    pub browser: Browser,
    pub portal: Device,
    pub wiki: Device,
}

impl Bound {
    pub async fn new() -> Self {
        let world = World::new().await;
        let alice = world.person("alice").await;
        let (mut browser, mut portal, mut wiki) =
            (navigating(world.browser()), Device::new("auth.test"), Device::new("wiki.test"));
        let page = browser.sign_in(&world.url("wiki", "/page"), &alice).await;
        assert_eq!((page.status, page.url), (200, world.url("wiki", "/page")));
        let offers = browser.offers.clone();
        for (device, host) in [(&mut portal, "auth.test"), (&mut wiki, "wiki.test")] {
            let answer = device.register(&world, &mut browser, &offers[host]).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        // The browser shows that the cookies have arrived.
        assert_eq!(browser.get(&world.url("wiki", "/page")).await.status, 200);
        assert_eq!(browser.get(&world.url("auth", "/account")).await.status, 200);
        Self { world, alice, browser, portal, wiki }
    }

    /// Another browser with copies of these cookies of a host.
    fn thief(&self, host: &str, cookies: &[&str]) -> Browser {
        let mut thief = navigating(self.world.browser());
        for name in cookies {
            thief.put_cookie(host, name, self.browser.cookie(host, name).unwrap());
        }
        thief
    }
}

/// Loads a page as often as it says itself, and shows where that leads; how often it was loaded again.
pub async fn load(browser: &mut Browser, url: &str) -> (Answer, usize) {
    let mut again = 0;
    loop {
        let answer = browser.send(Method::GET, url, None).await;
        if !answer.body.contains("This page is loaded again") {
            return (answer, again);
        }
        again += 1;
        assert!(again < 5, "a loop");
    }
}

#[tokio::test]
async fn a_copied_session_cookie_opens_nothing_once_it_is_bound_t26() {
    let it = Bound::new().await;
    let world = &it.world;
    for (app, path) in [("wiki", "/page"), ("auth", "/account")] {
        let host = format!("{app}.test");
        let mut thief = it.thief(&host, &[SESSION]);
        let (answer, again) = load(&mut thief, &world.url(app, path)).await;
        assert_eq!((answer.status, again), (303, 2), "{answer:?}");
        assert!(answer.header("location").unwrap().contains("/sign-in?for="), "as if nobody were signed in");
        let program = it.thief(&host, &[SESSION]).asked_by_script();
        let answer =
            program.clone().send(Method::GET, &world.url(app, if app == "auth" { "/api/v1/users" } else { path }), None).await;
        assert_eq!(answer.status, 401, "{answer:?}");
        // A registration of the thief's own key is refused: the cookie is bound already.
        let (mut thief, mut own) = (it.thief(&host, &[SESSION]), Device::new(&host));
        let answer = own.register(world, &mut thief, &it.browser.offers[&host]).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "no_session_to_bind"));
    }
    let mut browser = it.browser.clone();
    assert_eq!(browser.get(&world.url("wiki", "/page")).await.status, 200, "and its owner goes on");
    assert_eq!(browser.get(&world.url("auth", "/account")).await.status, 200);
}

#[tokio::test]
async fn copies_of_both_cookies_end_with_the_short_one_t26() {
    let mut it = Bound::new().await;
    let mut thief = it.thief("wiki.test", &[SESSION, BOUND]);
    it.world.advance(9 * 60);
    let renewed = it.wiki.refresh(&it.world, &mut it.browser).await;
    assert_eq!(renewed.status, 200);
    it.world.advance(60);
    let url = it.world.url("wiki", "/page");
    let (answer, _) = load(&mut thief, &url).await;
    assert_eq!(answer.status, 303, "the copy has ended");
    assert_eq!(load(&mut it.browser, &url).await.0.status, 200);
    // Without the key it is not renewed, whatever else is known of the device.
    let mut forged = Device::new("wiki.test");
    forged.id.clone_from(&it.wiki.id);
    forged.challenge.clone_from(&it.wiki.challenge);
    let answer = forged.refresh(&it.world, &mut thief).await;
    assert_eq!(answer.status, 403);
    assert!(answer.headers.iter().all(|(name, _)| name != "set-cookie"), "{answer:?}");
}

#[tokio::test]
async fn what_a_browser_is_offered_and_answered_is_what_chromium_reads() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = navigating(world.browser());
    browser.sign_in(&world.url("wiki", "/page"), &alice).await;
    let offer = browser.offers["wiki.test"].clone();
    assert!(offer.starts_with("(ES256 RS256);path=\"/.sekisho/device/register\";challenge=\""), "{offer}");
    let mut device = Device::new("wiki.test");
    let answer = device.register(&world, &mut browser, &offer).await;
    let said = answer.json();
    assert_eq!(said["refresh_url"], "/.sekisho/device/refresh");
    assert_eq!(said["scope"], json!({"origin": format!("https://wiki.test:{}", world.port), "include_site": false}));
    assert_eq!(said["allowed_refresh_initiators"], json!(["auth.test", "wiki.test"]));
    assert_eq!(said["credentials"].as_array().unwrap().len(), 1);
    let set = answer.header("set-cookie").unwrap();
    let (value, attributes) = set.split_once("; ").unwrap();
    assert!(value.starts_with("__Host-sekisho-bound="), "{set}");
    // Each attribute of the cookie and of its description is the same (D11); `Max-Age` stands in the cookie alone.
    let mut parts: Vec<&str> = attributes.split("; ").collect();
    assert!(parts.contains(&"Max-Age=600"), "{set}");
    parts.retain(|part| !part.starts_with("Max-Age"));
    assert_eq!(said["credentials"][0], json!({"type": "cookie", "name": BOUND, "attributes": parts.join("; ")}));
    let challenge = device.challenge.clone();
    world.advance(1);
    let renewed = device.refresh(&world, &mut browser).await;
    assert_eq!((renewed.status, renewed.json()), (200, said), "a renewal says the same");
    assert_eq!(device.challenge, challenge, "for some minutes the challenge stays");
}

#[tokio::test]
async fn nothing_is_offered_to_programs_nor_where_it_is_off() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut program = world.browser();
    program.sign_in(&world.url("wiki", "/"), &alice).await;
    assert!(program.offers.is_empty(), "no Sec-Fetch-Mode: {:?}", program.offers);
    let off = World::with(&[("wiki", PASSWORD_AND_TOTP)], "[session]\nbrowser_binding = \"off\"\n").await;
    let alice = off.person("alice").await;
    let mut browser = navigating(off.browser());
    browser.sign_in(&off.url("wiki", "/"), &alice).await;
    assert!(browser.offers.is_empty(), "{:?}", browser.offers);
}

#[tokio::test]
async fn nothing_is_offered_at_an_app_that_another_proxy_serves() {
    let by_proxy = [BY_FORWARD_AUTH, PASSWORD_AND_TOTP].concat();
    let apps: [(&str, &str); 2] = [("wiki", &by_proxy), ("own", PASSWORD_AND_TOTP)];
    let world = World::with(&apps, "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n").await;
    let alice = world.person("alice").await;
    let mut browser = navigating(world.browser());
    let page = browser.sign_in(&world.url("wiki", "/page"), &alice).await;
    assert_eq!(page.status, 421, "the proxy serves the page: {page:?}");
    let cookie = browser.cookie("wiki.test", SESSION).expect("the app's host has a session").to_owned();
    assert_eq!(browser.offers.keys().collect::<Vec<_>>(), ["auth.test"], "its short cookie could not be renewed there");
    // Nor is it in the answer that the proxy hands on.
    let mut asking = world
        .browser()
        .with_header("sekisho-proxy-key", &world.proxy_key())
        .with_header("x-forwarded-method", "GET")
        .with_header("x-forwarded-uri", "/page")
        .with_header("x-forwarded-host", &format!("wiki.test:{}", world.port))
        .with_header("x-forwarded-for", "203.0.113.9")
        .with_header("sec-fetch-mode", "navigate")
        .with_header("sec-fetch-dest", "document")
        .with_header("cookie", &format!("{SESSION}={cookie}"));
    let answer = asking.send(Method::GET, &world.url("auth", "/.sekisho/forward-auth"), None).await;
    assert_eq!((answer.status, answer.header("secure-session-registration")), (200, None), "{answer:?}");
    // At an app that the gateway serves, the same browser is offered one.
    assert_eq!(browser.get(&world.url("own", "/")).await.status, 200);
    assert!(browser.offers.contains_key("own.test"), "{:?}", browser.offers);
}

#[tokio::test]
async fn a_browser_that_registers_nothing_goes_on_as_before() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = navigating(world.browser());
    browser.sign_in(&world.url("wiki", "/page"), &alice).await;
    assert_eq!(browser.offers.len(), 2);
    world.advance(3000);
    assert_eq!(browser.get(&world.url("wiki", "/page")).await.status, 200);
    assert_eq!(browser.get(&world.url("auth", "/account")).await.status, 200);
}

#[tokio::test]
async fn a_key_whose_cookie_never_came_back_binds_nothing() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = navigating(world.browser());
    browser.sign_in(&world.url("wiki", "/page"), &alice).await;
    let offer = browser.offers["wiki.test"].clone();
    let before = browser.clone();
    assert_eq!(Device::new("wiki.test").register(&world, &mut browser, &offer).await.status, 200);
    // The answer was lost on the way: the browser is as it was.
    let mut browser = before;
    assert_eq!(browser.get(&world.url("wiki", "/page")).await.status, 200);
    let mut device = Device::new("wiki.test");
    assert_eq!(device.register(&world, &mut browser, &offer).await.status, 403, "not at once");
    world.advance(60);
    assert_eq!(device.register(&world, &mut browser, &offer).await.status, 200, "and it may register once more");
    assert_eq!(browser.get(&world.url("wiki", "/page")).await.status, 200);
    browser.put_cookie("wiki.test", BOUND, "");
    assert_eq!(load(&mut browser, &world.url("wiki", "/page")).await.1, 2, "now it binds");
}

#[tokio::test]
async fn a_registration_is_for_its_own_session_and_host() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP), ("mail", PASSWORD_AND_TOTP)], "").await;
    let (alice, bob) = (world.person("alice").await, world.person("bob").await);
    let (mut one, mut other) = (navigating(world.browser()), navigating(world.browser()));
    one.sign_in(&world.url("wiki", "/"), &alice).await;
    one.get(&world.url("mail", "/")).await;
    other.sign_in(&world.url("wiki", "/"), &bob).await;
    for offer in [one.offers["mail.test"].clone(), one.offers["auth.test"].clone()] {
        let answer = Device::new("wiki.test").register(&world, &mut one, &offer).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "proof_challenge"), "{offer}");
    }
    let answer = Device::new("wiki.test").register(&world, &mut one, &other.offers["wiki.test"]).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "no_session_to_bind"), "another's");
    let own = one.offers["wiki.test"].clone();
    world.advance(36 * 60);
    let answer = Device::new("wiki.test").register(&world, &mut one, &own).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "proof_challenge"), "an old one");
}

#[tokio::test]
async fn a_browser_that_came_from_another_site_registers_without_its_cookies() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = navigating(world.browser());
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    // `SameSite=Lax` cookies do not come with a POST after a redirect from another site; the answer's are kept all the same.
    let (mut bare, mut device) = (navigating(world.browser()), Device::new("wiki.test"));
    let answer = device.register(&world, &mut bare, &browser.offers["wiki.test"]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    browser.put_cookie("wiki.test", BOUND, bare.cookie("wiki.test", BOUND).unwrap());
    assert_eq!(browser.get(&world.url("wiki", "/page")).await.status, 200);
    browser.put_cookie("wiki.test", BOUND, "");
    assert_eq!(load(&mut browser, &world.url("wiki", "/page")).await.1, 2, "it is bound");
    assert_eq!(device.refresh(&world, &mut bare).await.status, 200, "and so it is renewed");
    // Once the session is over, its challenge binds nothing.
    let offer = browser.offers["auth.test"].clone();
    let session = world.server.core().sessions().of_user(&alice.user)[0].id();
    world.server.core().sessions().revoke(session).await.unwrap();
    let answer = Device::new("auth.test").register(&world, &mut bare, &offer).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "no_session_to_bind"));
}

#[tokio::test]
async fn a_page_that_another_host_led_to_is_loaded_again_and_found_renewed() {
    let mut it = Bound::new().await;
    it.world.advance(11 * 60);
    let url = it.world.url("wiki", "/page?x=1");
    it.browser.put_cookie("wiki.test", BOUND, "");
    let first = it.browser.send(Method::GET, &url, None).await;
    assert!(first.status == 200 && first.body.contains(&format!("http-equiv=\"refresh\" content=\"0; url={url}\"")), "{first:?}");
    assert!(first.body.contains(&format!("href=\"{url}\"")), "and by hand");
    let policy = first.header("content-security-policy").unwrap();
    assert!(first.body.contains("<script>location.reload();") && policy.contains("script-src 'sha256-"), "{policy}");
    assert_eq!(first.header("cache-control"), Some("no-store"));
    // The page's own next request is renewed first (D18).
    assert_eq!(it.wiki.refresh(&it.world, &mut it.browser).await.status, 200);
    assert_eq!(it.browser.send(Method::GET, &url, None).await.status, 200);
    // What is no page is not loaded again.
    it.browser.put_cookie("wiki.test", BOUND, "");
    let mut script = it.browser.clone();
    script.headers = vec![("sec-fetch-mode".to_owned(), "cors".to_owned()), ("sec-fetch-dest".to_owned(), "empty".to_owned())];
    let answer = script.send(Method::GET, &url, None).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "primary_factor_missing"));
}

#[tokio::test]
async fn a_browser_that_cannot_renew_now_is_not_sent_to_sign_in() {
    let mut it = Bound::new().await;
    it.browser.put_cookie("wiki.test", BOUND, "");
    it.browser.put_cookie("auth.test", BOUND, "");
    let says = |id: &str| format!("quota_exceeded;session_identifier=\"{id}\"");
    for (app, path, id) in [("wiki", "/page", &it.wiki.id), ("auth", "/account", &it.portal.id)] {
        let mut page = it.browser.clone().with_header("secure-session-skipped", &says(id));
        let answer = page.send(Method::GET, &it.world.url(app, path), None).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("60")), "{answer:?}");
        assert!(answer.body.contains("could not show that it is still you"), "{answer:?}");
        let mut script = it.browser.clone().with_header("secure-session-skipped", &says(id)).asked_by_script();
        let answer = script.send(Method::GET, &it.world.url(app, path), None).await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "device_not_renewed"));
    }
    // The same, said by somebody with a copy or with nothing, gives nothing else.
    let mut thief = it.thief("wiki.test", &[SESSION]).with_header("secure-session-skipped", &says(&it.wiki.id));
    assert_eq!(thief.send(Method::GET, &it.world.url("wiki", "/page"), None).await.status, 503);
    let mut nobody = navigating(it.world.browser()).with_header("secure-session-skipped", &says(&it.wiki.id));
    assert_eq!(nobody.send(Method::GET, &it.world.url("wiki", "/page"), None).await.status, 303);
}

#[tokio::test]
async fn a_browser_that_lost_its_keys_signs_in_again_and_is_offered_new_ones() {
    let mut it = Bound::new().await;
    assert_eq!(it.wiki.refresh(&it.world, &mut it.browser).await.status, 200);
    assert_eq!(it.portal.refresh(&it.world, &mut it.browser).await.status, 200);
    it.world.advance(11 * 60);
    it.browser.put_cookie("wiki.test", BOUND, "");
    it.browser.put_cookie("auth.test", BOUND, "");
    it.browser.offers.clear();
    let url = it.world.url("wiki", "/page");
    let (answer, again) = load(&mut it.browser, &url).await;
    assert_eq!((answer.status, again), (303, 2));
    let sign_in = answer.header("location").unwrap().to_owned();
    let (page, again) = load(&mut it.browser, &sign_in).await;
    assert_eq!(again, 2);
    assert!(page.body.contains("current-password"), "{page:?}");
    let answer = it.browser.sign_in(&url, &it.alice).await;
    assert_eq!((answer.status, answer.url), (200, url.clone()));
    assert_eq!(it.browser.offers.len(), 2, "{:?}", it.browser.offers);
    it.world.advance(600);
    assert_eq!(it.browser.get(&url).await.status, 200, "unbound, as any browser without keys");
}

#[tokio::test]
async fn a_posted_form_waits_for_the_sign_in_of_a_browser_that_lost_its_keys() {
    let mut it = Bound::new().await;
    it.browser.put_cookie("wiki.test", BOUND, "");
    it.browser.put_cookie("auth.test", BOUND, "");
    let answer = it.browser.send(Method::POST, &it.world.url("wiki", "/save"), Some("text=kept")).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let sign_in = answer.header("location").unwrap().to_owned();
    load(&mut it.browser, &sign_in).await;
    let page = it.browser.sign_in(&sign_in, &it.alice).await;
    assert!(page.status == 200 && page.body.contains("text=kept"), "{page:?}");
}

#[tokio::test]
async fn a_browser_whose_keys_never_worked_is_offered_none_for_a_day() {
    let mut it = Bound::new().await;
    it.world.advance(11 * 60);
    it.browser.put_cookie("wiki.test", BOUND, "");
    it.browser.put_cookie("auth.test", BOUND, "");
    let url = it.world.url("wiki", "/page");
    let sign_in = load(&mut it.browser, &url).await.0.header("location").unwrap().to_owned();
    load(&mut it.browser, &sign_in).await;
    it.browser.offers.clear();
    assert_eq!(it.browser.sign_in(&url, &it.alice).await.status, 200);
    assert!(it.browser.offers.is_empty(), "it would end in another sign-in ten minutes later: {:?}", it.browser.offers);
}

#[tokio::test]
async fn a_restart_keeps_what_is_bound() {
    let it = Bound::new().await;
    let Bound { world, mut browser, mut wiki, .. } = it;
    let mut thief = navigating(world.browser());
    thief.put_cookie("wiki.test", SESSION, browser.cookie("wiki.test", SESSION).unwrap());
    let world = world.restart().await;
    let url = world.url("wiki", "/page");
    assert_eq!(load(&mut thief, &url).await.0.status, 303);
    let (answer, again) = load(&mut browser, &url).await;
    assert_eq!((answer.status, again), (200, 0));
    assert_eq!(wiki.refresh(&world, &mut browser).await.status, 200);
}

#[tokio::test]
async fn a_stronger_sign_in_and_another_user_keep_the_key_of_the_browser() {
    let mut it = Bound::new().await;
    let world = &it.world;
    it.browser.offers.clear();
    // A page that needs a fresh sign-in: the session gets another cookie, which is bound from the beginning.
    world.advance(9 * 60);
    assert_eq!(it.portal.refresh(world, &mut it.browser).await.status, 200);
    world.advance(2 * 60);
    let before = it.browser.cookie("auth.test", SESSION).unwrap().to_owned();
    let page = it.browser.sign_in(&world.url("auth", "/sign-in?for=/account/sessions"), &it.alice).await;
    assert_eq!(page.status, 200, "{page:?}");
    let after = it.browser.cookie("auth.test", SESSION).unwrap().to_owned();
    assert_ne!(before, after);
    assert!(it.browser.offers.is_empty(), "no further key: {:?}", it.browser.offers);
    let mut thief = it.thief("auth.test", &[SESSION]);
    assert_eq!(load(&mut thief, &world.url("auth", "/account")).await.0.status, 303);
    assert_eq!(it.portal.refresh(world, &mut it.browser).await.status, 200);
}

#[tokio::test]
async fn a_registration_gives_up_soon_where_the_directory_does_not_answer_and_a_renewal_needs_none() {
    let mut it = Bound::new().await;
    let bob = it.world.person("bob").await;
    let mut browser = navigating(it.world.browser());
    browser.sign_in(&it.world.url("wiki", "/"), &bob).await;
    let offer = browser.offers["wiki.test"].clone();
    // Somebody holds the one place that writes.
    let path = it.world.folder.path().join("state/sekisho.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut holder = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::Executor::execute(&mut holder, "BEGIN IMMEDIATE").await.unwrap();
    let started = std::time::Instant::now();
    let answer = Device::new("wiki.test").register(&it.world, &mut browser, &offer).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "state_unavailable"));
    assert_eq!(it.wiki.refresh(&it.world, &mut it.browser).await.status, 200);
    assert!(started.elapsed().as_secs() < 4, "{:?}", started.elapsed());
    sqlx::Executor::execute(&mut holder, "ROLLBACK").await.unwrap();
    assert_eq!(Device::new("wiki.test").register(&it.world, &mut browser, &offer).await.status, 200);
}

#[tokio::test]
async fn an_app_reads_nothing_of_our_keys_and_may_have_its_own() {
    let it = Bound::new().await;
    let fields = [
        ("secure-session-skipped", "quota_exceeded;session_identifier=\"sekisho-x\""),
        ("sec-secure-session-id", "its-own"),
        ("secure-session-response", "its.own.proof"),
    ];
    let mut browser = fields.iter().fold(it.browser.clone(), |browser, (name, value)| browser.with_header(name, value));
    let answer = browser.send(Method::GET, &it.world.url("wiki", "/own"), None).await;
    assert_eq!(answer.status, 200);
    let seen = it.world.upstream.last();
    assert!(seen.all("secure-session-skipped").is_empty() && seen.all("cookie").is_empty());
    assert_eq!(
        (seen.all("sec-secure-session-id"), seen.all("secure-session-response")),
        (vec!["its-own"], vec!["its.own.proof"])
    );
}
