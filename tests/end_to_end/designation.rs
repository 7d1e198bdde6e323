//! Device designation through the TLS port: from the application to the approval, the rejection and the revocation.

use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use crate::sessions::socket;
use crate::support::{Answer, Browser, PASSWORD, World};

const BY_ADMIN: &str = "[app.demands.primary_factor]\n[app.demands.cookie]\nways = [\"admin_approval\", \"link\"]\n";
const PASSWORD_ALONE: &str = "[app.demands.primary_factor]\n";
const PORTAL: &str = "[portal.demands]\notp = { mode = \"off\" }\n";

/// As far as a password leads.
async fn by_password(browser: &mut Browser, url: &str, user: &str) -> Answer {
    let page = browser.get(url).await;
    browser.fill(&page, "current-password", &[("user", user), ("password", PASSWORD)]).await
}

/// Sends the form of the page that applies for the browser.
async fn apply(browser: &mut Browser, page: &Answer) -> Answer {
    let departure = page.url.split("for=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let origin = page.url.split("/sign-in").next().unwrap().to_owned();
    browser
        .post(&format!("{origin}/sign-in/device"), &[("for", &departure), ("name", "My laptop"), ("note", "for the road")])
        .await
}

async fn only_application(world: &World) -> sekisho::browser::application::Application {
    let mut all = world.server.core().browsers().applications().await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[tokio::test]
async fn only_a_browser_that_an_administrator_approved_passes_and_a_revoked_one_is_shut_out_within_a_second_r_205_r_213_r_215_r_216()
 {
    let world = World::with(&[("wiki", BY_ADMIN)], PORTAL).await;
    world.person("alice").await;
    let core = world.server.core();
    let mut browser = world.browser();
    let wiki = world.url("wiki", "/page");
    let page = by_password(&mut browser, &wiki, "alice").await;
    assert!(page.body.contains("Apply for this browser"), "after the password, not before (R-210): {page:?}");
    let page = apply(&mut browser, &page).await;
    assert!(page.body.contains("Your application is waiting"), "{page:?}");
    assert!(
        page.body.contains("data-wait=\"/sign-in/device/state?for=") && page.body.contains("http-equiv=\"refresh\""),
        "{page:?}"
    );
    assert!(browser.cookie("wiki.test", "__Host-sekisho").is_none(), "no session while it waits (R-216)");
    assert!(browser.cookie("auth.test", "__Host-sekisho").is_none());
    // The page that waits is answered as soon as it is decided.
    let state =
        page.body.split("data-wait=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let mut waiting = browser.clone();
    let address = world.url("auth", &state);
    let answer = tokio::spawn(async move { waiting.get(&address).await.body });
    let application = only_application(&world).await;
    assert_eq!((application.user.as_str(), &*application.name, &*application.note), ("alice", "My laptop", "for the road"));
    let approved = core.browsers().approve(application.id, "boss").await.unwrap();
    assert_eq!(answer.await.unwrap(), r#"{"state":"over"}"#);
    let page = browser.get(&page.url).await;
    assert_eq!((page.status, &*page.url), (200, &*wiki), "approved: it goes on by itself (R-215)");
    // A copy of nothing: another browser of the same user applies for itself.
    let mut other = world.browser();
    let page = by_password(&mut other, &wiki, "alice").await;
    assert!(page.body.contains("Apply for this browser"), "{page:?}");
    // Revoked: the open socket is closed within a second, the next sign-in says so.
    let mut open = socket(&browser, &world).await;
    core.revoke_browser(approved.browser.unwrap()).await.unwrap();
    let mut rest = Vec::new();
    let _ended = tokio::time::timeout(Duration::from_secs(5), open.read_to_end(&mut rest)).await.expect("it stays open");
    let page = by_password(&mut browser, &wiki, "alice").await;
    assert!(page.body.contains("This browser is no longer approved") && page.body.contains("apply again"), "{page:?}");
}

#[tokio::test]
async fn a_rejection_is_said_with_its_reason_and_what_was_approved_survives_a_restart_r_214() {
    let world = World::with(&[("wiki", BY_ADMIN)], PORTAL).await;
    world.person("alice").await;
    let mut browser = world.browser();
    let wiki = world.url("wiki", "/page");
    let page = by_password(&mut browser, &wiki, "alice").await;
    let page = apply(&mut browser, &page).await;
    let id = only_application(&world).await.id;
    world.server.core().browsers().reject(id, "boss", Some("use the other laptop")).await.unwrap();
    let page = browser.get(&page.url).await;
    assert!(page.body.contains("This browser was rejected") && page.body.contains("use the other laptop"), "{page:?}");
    let again = apply(&mut browser, &page).await;
    assert!(again.status == 409 && again.body.contains("rejected a short while ago"), "{again:?}");
    world.advance(600);
    let page = apply(&mut browser, &page).await;
    assert!(page.body.contains("Your application is waiting"), "{page:?}");
    let id = only_application(&world).await.id;
    world.server.core().browsers().approve(id, "boss").await.unwrap();
    let _restarted = world.restart().await;
    let page = by_password(&mut browser, &wiki, "alice").await;
    assert_eq!((page.status, &*page.url), (200, &*wiki), "{page:?}");
}

#[tokio::test]
async fn the_switch_of_a_user_demands_it_everywhere_and_is_off_at_first_r_206_r_207_r_209() {
    let world = World::with(&[("wiki", PASSWORD_ALONE)], PORTAL).await;
    let alice = world.person("alice").await;
    world.person("bob").await;
    let core = world.server.core();
    let wiki = world.url("wiki", "/page");
    let mut browser = world.browser();
    assert_eq!(by_password(&mut browser, &wiki, "alice").await.url, wiki, "off at first");
    core.users().set_device_designation(&alice.user, true, false).await.unwrap();
    // Who is signed in is asked at the next request; the portal asks as well.
    let page = browser.get(&wiki).await;
    assert!(page.body.contains("Apply for this browser"), "{page:?}");
    let account = world.browser().get(&world.url("auth", "/account")).await;
    let mut at_portal = world.browser();
    let page_at_portal = at_portal
        .fill(&at_portal.clone().get(&account.url).await, "current-password", &[("user", "alice"), ("password", PASSWORD)])
        .await;
    assert!(page_at_portal.body.contains("Apply for this browser"), "{page_at_portal:?}");
    assert_eq!(by_password(&mut world.browser(), &wiki, "bob").await.url, wiki, "nobody else is asked");
    let page = apply(&mut browser, &page).await;
    let id = only_application(&world).await.id;
    core.browsers().approve(id, "boss").await.unwrap();
    assert_eq!(browser.get(&page.url).await.url, wiki);
}

#[tokio::test]
async fn a_link_of_an_administrator_registers_one_browser_once() {
    use sekisho::account::links::{LIFETIME, LinkPurpose};
    let world = World::with(&[("wiki", BY_ADMIN)], PORTAL).await;
    let alice = world.person("alice").await;
    let core = world.server.core();
    let (_, secret) = core.links().issue(&alice.user, LinkPurpose::Browser, "boss", LIFETIME).await.unwrap();
    let link = world.url("auth", &format!("/invitation/{}", secret.text()));
    let mut browser = world.browser();
    let page = browser.get(&link).await;
    assert!(page.url.ends_with("/browser") && page.body.contains("Register this browser"), "{page:?}");
    assert_eq!(browser.post(&page.url, &[("name", "Laptop")]).await.status, 200);
    let wiki = world.url("wiki", "/page");
    assert_eq!(by_password(&mut browser, &wiki, "alice").await.url, wiki);
    // Used up; and it opens nothing else.
    let mut second = world.browser();
    let dead = second.post(&page.url, &[("name", "Another")]).await;
    assert!(dead.status >= 400 && second.cookie("auth.test", "__Host-sekisho-browser").is_none(), "{dead:?}");
    let (_, secret) = core.links().issue(&alice.user, LinkPurpose::Browser, "boss", LIFETIME).await.unwrap();
    for step in ["password", "authenticator", "passkey"] {
        let page = second.get(&world.url("auth", &format!("/invitation/{}/{step}", secret.text()))).await;
        assert!(page.status >= 400, "{step}: {page:?}");
    }
}
