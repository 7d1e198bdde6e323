//! An invitation made by a command: its link leads a browser to a password and an authenticator, once.

use hyper::Method;

use crate::support::{Answer, PASSWORD, Person, World};

const BOTH: &str = "[app.demands.primary_factor]\n[app.demands.otp]\n";

/// What stands between two texts of a page.
fn between<'a>(page: &'a Answer, before: &str, after: &str) -> &'a str {
    let rest = page.body.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {page:?}"));
    rest.split(after).next().unwrap()
}

#[tokio::test]
async fn an_invitation_leads_to_a_sign_in_and_is_dead_afterwards() {
    let world = World::with(&[("wiki", BOTH)], "").await;
    let gateway = world.start().await;
    world.answer(&["user", "add", "alice"]).await;
    let invitation = world.answer(&["user", "invite", "alice"]).await;
    let link = invitation["url"].as_str().unwrap();
    assert!(link.starts_with(&world.url("auth", "/invitation/")), "{invitation}");

    let mut browser = world.browser();
    let welcome = browser.get(link).await;
    assert_eq!(welcome.status, 200);
    let next = format!("/invitation/{}\"", between(&welcome, "/invitation/", "\""));
    assert!(next.ends_with("/password\""), "{next}");
    let page = browser.get(&format!("{link}/password")).await;
    // What is too easy is refused, and the link still counts.
    let got = browser.fill(&page, "new-password", &[("new", "password"), ("again", "password")]).await;
    assert_eq!(got.status, 422);
    let enrol = browser.fill(&page, "new-password", &[("new", PASSWORD), ("again", PASSWORD)]).await;
    let alice = Person::with_key("alice", between(&enrol, "<code class=\"key\">", "</code>"));
    let wrong = browser.fill(&enrol, "one-time-code", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422, "{wrong:?}");
    let codes = browser.fill(&enrol, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!((codes.status, codes.body.matches("<li><code>").count() >= 8), (200, true), "{codes:?}");

    // Used twice is refused: the page, the form that lay open, and the step behind it.
    let mut thief = world.browser();
    for path in ["", "/password", "/authenticator"] {
        let dead = thief.get(&format!("{link}{path}")).await;
        assert_eq!(dead.status, 410, "{path}: {dead:?}");
        assert!(!dead.body.contains("new-password"));
    }
    let dead = browser.fill(&page, "new-password", &[("new", "another river at dusk"), ("again", "another river at dusk")]).await;
    assert_eq!(dead.status, 410);

    // What was set opens the app.
    let app = world.browser().sign_in(&world.url("wiki", "/"), &alice).await;
    assert_eq!(app.body, "GET /\n");
    // The secret of the link stands neither in the log nor in the audit log.
    let secret = link.rsplit('/').next().unwrap();
    assert!(!gateway.words().contains(secret));
    let audit = world.answer(&["audit", "query"]).await.to_string();
    assert!(audit.contains("user.invite") && !audit.contains(secret), "{audit}");
}

#[tokio::test]
async fn a_link_made_offline_works_and_a_revoked_one_does_not() {
    let world = World::with(&[("wiki", BOTH)], "").await;
    let added = world.answer(&["user", "add", "alice", "--invite"]).await;
    let first = added["invitation"]["url"].as_str().unwrap_or_else(|| panic!("{added}")).to_owned();
    let second = world.answer(&["user", "invite", "alice", "--lifetime", "1h"]).await;
    let _gateway = world.start().await;
    let mut browser = world.browser();
    let second_url = second["url"].as_str().unwrap();
    assert_eq!(browser.get(second_url).await.status, 200);
    let links = world.answer(&["user", "links", "alice"]).await;
    assert!(links.to_string().contains(second["id"].as_str().unwrap()), "{links}");
    world.answer(&["user", "revoke-link", "alice", second["id"].as_str().unwrap()]).await;
    assert_eq!(browser.get(second_url).await.status, 410);
    // A message in the outbox holds the link for the administrator who hands it over.
    let outbox = world.answer(&["outbox", "list"]).await;
    assert_eq!(outbox["items"].as_array().unwrap().len(), 2, "{outbox}");
    drop(first);
    let unknown =
        browser.send(Method::GET, &world.url("auth", "/invitation/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), None).await;
    assert_eq!(unknown.status, 410);
}
