//! Registered browsers that are bound to a key: a copy of their cookie registers nothing, and a policy can demand the key.

use hyper::Method;

use crate::support::{Answer, Browser, Device, PASSWORD, Person, World, navigating};

const BROWSER: &str = "__Host-sekisho-browser";
const BOUND: &str = "__Host-sekisho-bound";
const REGISTERED: &str = "[app.demands.primary_factor]\n[app.demands.cookie]\n";
const WITH_KEY: &str = "[app.demands.primary_factor]\n[app.demands.cookie]\nbrowser_binding = \"require\"\n";

/// Loads an address until it is no page that loads itself again.
async fn load(browser: &mut Browser, url: &str) -> Answer {
    for _ in 0..4 {
        let answer = browser.get(url).await;
        if !answer.body.contains("This page is loaded again") {
            return answer;
        }
        assert!(answer.url.contains("/sign-in") || answer.url == url, "{answer:?}");
        if answer.url != url {
            return Box::pin(load(browser, &answer.url.clone())).await;
        }
    }
    panic!("a loop");
}

/// Password alone.
async fn password(browser: &mut Browser, page: &Answer, person: &Person) -> Answer {
    browser.fill(page, "current-password", &[("user", person.user.as_str()), ("password", PASSWORD)]).await
}

/// A browser that alice registered, with a key for the portal.
async fn registered(world: &World, alice: &Person) -> (Browser, Device) {
    let (mut browser, mut device) = (navigating(world.browser()), Device::new("auth.test"));
    assert_eq!(browser.sign_in(&world.url("wiki", "/page"), alice).await.status, 200);
    let offer = browser.offers["auth.test"].clone();
    assert_eq!(device.register(world, &mut browser, &offer).await.status, 200);
    assert_eq!(browser.get(&world.url("auth", "/account")).await.status, 200);
    (browser, device)
}

#[tokio::test]
async fn a_registered_browser_keeps_its_key_over_a_sign_out_and_a_copy_of_it_is_none_t26() {
    let world = World::with(&[("wiki", REGISTERED)], "[portal.demands]\notp = { mode = \"off\" }\n").await;
    let alice = world.person("alice").await;
    let (mut browser, mut device) = registered(&world, &alice).await;
    let own = world.server.core().browsers().of_user(&alice.user);
    assert!(own.len() == 1 && own[0].is_bound(), "{own:?}");
    let mut thief = navigating(world.browser());
    thief.put_cookie("auth.test", BROWSER, browser.cookie("auth.test", BROWSER).unwrap());
    // Its owner signs out, and the key stays: the registration is bound to it.
    browser.post(&world.url("auth", "/sign-out"), &[("scope", "here")]).await;
    let renewed = device.refresh(&world, &mut browser).await;
    assert_eq!((renewed.status, renewed.json()["session_identifier"].as_str()), (200, Some(device.id.as_str())));
    browser.offers.clear();
    let page = load(&mut browser, &world.url("wiki", "/page")).await;
    let page = password(&mut browser, &page, &alice).await;
    assert_eq!((page.status, page.url.as_str()), (200, world.url("wiki", "/page").as_str()), "no code is asked for");
    assert!(!browser.offers.contains_key("auth.test"), "the new session is bound from its beginning");
    // The copy is asked for a code, and what it registers gets another secret.
    let page = load(&mut thief, &world.url("wiki", "/page")).await;
    let page = password(&mut thief, &page, &alice).await;
    assert!(page.body.contains("one-time-code"), "{page:?}");
    let before = thief.cookie("auth.test", BROWSER).unwrap().to_owned();
    thief.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_ne!(thief.cookie("auth.test", BROWSER).unwrap(), before);
    let own = world.server.core().browsers().of_user(&alice.user);
    assert_eq!(own.iter().filter(|one| one.is_bound()).count(), 1, "{own:?}");
    // Once the registration is gone, so is the key.
    let bound = own.iter().find(|one| one.is_bound()).unwrap().id;
    world.server.core().browsers().revoke(bound).await.unwrap();
    browser.post(&world.url("auth", "/sign-out"), &[("scope", "here")]).await;
    assert_eq!(device.refresh(&world, &mut browser).await.body, r#"{"continue":false}"#);
}

#[tokio::test]
async fn an_older_registration_is_bound_at_the_next_sign_in_and_after_a_restart_it_still_is() {
    let world = World::with(&[("wiki", REGISTERED)], "[portal.demands]\notp = { mode = \"off\" }\n").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/page"), &alice).await;
    assert!(browser.offers.is_empty());
    browser.post(&world.url("auth", "/sign-out"), &[("scope", "here")]).await;
    // The same profile, in a version that keeps keys.
    let (mut browser, mut device) = (navigating(browser), Device::new("auth.test"));
    let page = load(&mut browser, &world.url("wiki", "/page")).await;
    assert_eq!(password(&mut browser, &page, &alice).await.status, 200);
    let offer = browser.offers["auth.test"].clone();
    assert_eq!(device.register(&world, &mut browser, &offer).await.status, 200);
    assert!(!world.server.core().browsers().of_user(&alice.user)[0].is_bound(), "not shown yet");
    browser.get(&world.url("auth", "/account")).await;
    assert!(world.server.core().browsers().of_user(&alice.user)[0].is_bound());
    let world = world.restart().await;
    assert!(world.server.core().browsers().of_user(&alice.user)[0].is_bound());
    // A sign-in that another site led to: the page is loaded again before anything is asked.
    browser.post(&world.url("auth", "/sign-out"), &[("scope", "here")]).await;
    browser.put_cookie("auth.test", BOUND, "");
    let first = browser.send(Method::GET, &world.url("auth", "/sign-in"), None).await;
    assert!(first.body.contains("This page is loaded again"), "{first:?}");
    assert_eq!(device.refresh(&world, &mut browser).await.status, 200);
}

#[tokio::test]
async fn a_policy_that_demands_a_key_waits_for_it_and_lets_nothing_else_pass() {
    let world = World::with(&[("wiki", WITH_KEY)], "[portal.demands]\notp = { mode = \"off\" }\n").await;
    let alice = world.person("alice").await;
    let (mut browser, mut device) = (navigating(world.browser()), Device::new("auth.test"));
    let page = browser.sign_in(&world.url("wiki", "/page"), &alice).await;
    assert!(page.status == 200 && page.body.contains("Your browser makes its key"), "{page:?}");
    assert!(browser.cookie("wiki.test", "__Host-sekisho").is_none(), "nothing is open yet");
    let offer = browser.offers["auth.test"].clone();
    assert_eq!(device.register(&world, &mut browser, &offer).await.status, 200);
    let page = browser.get(&page.url).await;
    assert_eq!((page.status, page.url.as_str()), (200, world.url("wiki", "/page").as_str()), "{page:?}");

    // A browser that keeps none is told so once the time is over, and a copy of the cookie is as good as none.
    let mut without = navigating(world.browser());
    let page = without.sign_in(&world.url("wiki", "/page"), &alice).await;
    assert!(page.body.contains("Your browser makes its key"), "{page:?}");
    world.advance(20);
    let page = without.get(&page.url).await;
    assert!(page.body.contains("takes only browsers that keep a key") && page.body.contains("one-time-code"), "{page:?}");
    assert!(without.cookie("wiki.test", "__Host-sekisho").is_none());
}

#[tokio::test]
async fn the_way_back_from_an_identity_provider_keeps_its_state_in_an_unbound_cookie() {
    let world = World::with(&[("wiki", REGISTERED)], "[portal.demands]\notp = { mode = \"off\" }\n").await;
    let alice = world.person("alice").await;
    let (mut browser, mut device) = registered(&world, &alice).await;
    let state = browser.cookie("auth.test", "__Host-sekisho-signin").unwrap().to_owned();
    // The provider's redirect arrives without the cookie of the key (D18): the same address is loaded again, code and all.
    browser.put_cookie("auth.test", BOUND, "");
    let address = world.url("auth", "/sign-in/idp/contoso/callback?code=c&state=s");
    let answer = browser.send(Method::GET, &address, None).await;
    assert!(answer.body.contains(&format!("url={}\"", address.replace('&', "&#38;"))), "{answer:?}");
    assert_eq!(browser.cookie("auth.test", "__Host-sekisho-signin"), Some(state.as_str()), "what the flow is bound to stays");
    assert_eq!(device.refresh(&world, &mut browser).await.status, 200);
    let answer = browser.send(Method::GET, &address, None).await;
    assert!(!answer.body.contains("This page is loaded again"), "{answer:?}");
}
