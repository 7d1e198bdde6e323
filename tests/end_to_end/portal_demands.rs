//! What the portal, the account pages and the administration demand: never less than was written, of each by what they have,
//! and of nobody for ever.

use hyper::Method;
use sekisho::account::users::NewUser;
use sekisho::principal::method::{self, Methods};
use sekisho::principal::user::{GroupName, UserId};

use crate::support::{Answer, Browser, PASSWORD, PASSWORD_AND_TOTP, Phone, World};

/// Pages of the account and of the administration.
const PAGES: [&str; 14] = [
    "/",
    "/account",
    "/account/sessions",
    "/account/browsers",
    "/account/password",
    "/account/transaction-password",
    "/account/authenticator",
    "/account/authenticator/enrol",
    "/account/recovery-codes",
    "/account/approvers",
    "/admin",
    "/admin/users",
    "/admin/settings",
    "/admin/login-protect/migration",
];

/// Somebody with a password and nothing else.
async fn bare(world: &World, name: &str) -> UserId {
    let core = world.server.core();
    let user = UserId::parse(name).unwrap();
    core.users().add(NewUser::named(user.clone())).await.unwrap();
    core.passwords().set(&user, PASSWORD.into()).await.unwrap();
    user
}

async fn administers(world: &World, user: &UserId) {
    let core = world.server.core();
    let group = GroupName::parse("administrators").unwrap();
    if core.groups().find(&group).is_none() {
        core.groups().add(group.clone(), None).await.unwrap();
    }
    core.users().set_groups(user, vec![group]).await.unwrap();
}

/// Signs in by the password where it is asked for. A page that sends the browser in circles ends at a redirect, since only
/// ten are followed.
async fn by_password(browser: &mut Browser, url: &str, user: &str) -> Answer {
    let page = browser.get(url).await;
    if !page.body.contains("current-password") || page.body.contains("name=\"again\"") {
        return page;
    }
    browser.fill(&page, "current-password", &[("user", user), ("password", PASSWORD)]).await
}

/// What the heading says.
fn heading(page: &Answer) -> &str {
    let rest = page.body.split("<h1").nth(1).unwrap_or_else(|| panic!("no heading in {page:?}"));
    rest.split('>').nth(1).unwrap().split("</h1").next().unwrap().trim_end_matches("</h1").trim()
}

/// The page that a link of this one leads to.
fn link(page: &Answer, part: &str) -> String {
    let found = page.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).find(|link| link.contains(part));
    let url = page.url.parse::<url::Url>().unwrap();
    let link = found.unwrap_or_else(|| panic!("no link with {part} in {page:?}")).replace("&amp;", "&").replace("&#38;", "&");
    url.join(&link).unwrap().into()
}

/// The recipes of docs/approvals.md: what their app demands, and the rest of the config.
fn recipes() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/approvals.md")).unwrap();
    let section = text.split("## Two ways to run it").nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks =
        section.split("```toml\n").skip(1).map(|block| block.split("```").next().unwrap().split_once("[[app]]\n").unwrap());
    blocks.map(|(more, app)| (app.to_owned(), more.to_owned())).collect()
}

#[tokio::test]
async fn naming_one_demand_of_the_portal_weakens_no_other() {
    for near in ["ip_restriction = { allow = [\"127.0.0.0/8\"] }", "cookie = { mode = \"off\" }", "primary_factor = {}"] {
        let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], &format!("[portal.demands]\n{near}\n")).await;
        let alice = world.person("alice").await;
        administers(&world, &alice.user).await;
        for page in ["/account", "/admin"] {
            let mut browser = world.browser();
            let asked = by_password(&mut browser, &world.url("auth", page), "alice").await;
            assert!(asked.body.contains("one-time-code"), "{near} {page}: {asked:?}");
            assert!(browser.cookie("auth.test", "__Host-sekisho").is_none(), "no session by a password alone");
            let there = browser.fill(&asked, "one-time-code", &[("code", &alice.code())]).await;
            assert_eq!((there.status, there.url), (200, world.url("auth", page)));
        }
    }
    // Weaker only where that is written.
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], "[portal.demands]\notp = { mode = \"off\" }\n").await;
    world.person("alice").await;
    let mut browser = world.browser();
    assert_eq!(by_password(&mut browser, &world.url("auth", "/account"), "alice").await.status, 200);
}

#[tokio::test]
async fn without_a_second_factor_the_page_says_what_is_missing() {
    let by_phone = "otp = { methods = [\"push\"] }";
    let by_either = "otp = { methods = [\"totp\", \"push\", \"recovery_code\"] }";
    for (demands, english, japanese, command) in [
        (
            "",
            "You need an authenticator first",
            "先に認証アプリの設定が必要です",
            "sekisho user reset-factor carol authenticator",
        ),
        (by_phone, "You need a registered phone first", "先にスマートフォンの登録が必要です", "sekisho push invite carol"),
        (by_either, "You need a second factor first", "先に2つ目の認証要素の設定が必要です", "sekisho user reset-factor carol"),
    ] {
        let app = "[app.demands.primary_factor]\n";
        let world = World::with(&[("wiki", app)], &format!("[portal.demands]\n{demands}\n")).await;
        administers(&world, &bare(&world, "carol").await).await;
        for path in PAGES {
            // With nothing, and with the session of an app that asks for the password alone.
            for beforehand in [false, true] {
                let mut browser = world.browser();
                if beforehand {
                    assert_eq!(by_password(&mut browser, &world.url("wiki", "/"), "carol").await.status, 200);
                }
                let page = by_password(&mut browser, &world.url("auth", path), "carol").await;
                assert_eq!(page.status, 200, "{demands} {path}: {page:?}");
                assert_eq!(heading(&page), english, "{path}");
                assert!(page.body.contains(command), "{path}: {page:?}");
                assert_eq!(browser.cookie("auth.test", "__Host-sekisho").is_some(), beforehand, "{path}: no new session");
                browser.headers = vec![("accept".into(), "text/html".into()), ("accept-language".into(), "ja".into())];
                assert_eq!(heading(&browser.get(&page.url).await), japanese, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_second_factor_none_is_set_up_by_the_password_t36() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], "[portal.demands]\notp = { mode = \"off\" }\n").await;
    let carol = bare(&world, "carol").await;
    administers(&world, &carol).await;
    for path in PAGES {
        let mut browser = world.browser();
        let page = by_password(&mut browser, &world.url("auth", path), "carol").await;
        let changes = ["/password", "/transaction-password", "/enrol"].iter().any(|end| path.ends_with(end));
        assert_eq!(page.status, if changes { 403 } else { 200 }, "{path}: {page:?}");
        assert!(!changes || heading(&page) == "A password alone is not enough for this", "{path}: {page:?}");
        assert!(!changes || !page.body.contains("/sign-in?for="), "no link that leads back to this very page: {page:?}");
        assert_eq!(page.url, world.url("auth", path));
    }
    // The way that there is: an administrator's one-time link.
    let core = world.server.core();
    let lasts = std::time::Duration::from_secs(3600);
    let (_, secret) = core.links().issue(&carol, sekisho::account::links::LinkPurpose::ResetTotp, "test", lasts).await.unwrap();
    let page = world.browser().get(&world.url("auth", &format!("/invitation/{}", secret.text()))).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("one-time-code"), "{page:?}");
}

#[tokio::test]
async fn a_page_is_shown_by_whatever_the_sign_in_towards_it_let_pass() {
    // The portal asks for a password of five minutes, an account page for one of ten.
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], "[portal.demands]\nprimary_factor = { max_age = \"5m\" }\n").await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    assert_eq!(browser.sign_in(&world.url("auth", "/account/password"), &alice).await.status, 200);
    world.advance(420);
    let page = browser.get(&world.url("auth", "/account/password")).await;
    assert!(page.body.contains("action=\"/sign-in/password\""), "{page:?}");
    let page = browser.fill(&page, "current-password", &[("password", PASSWORD)]).await;
    assert_eq!((page.status, page.url), (200, world.url("auth", "/account/password")));

    // A registered browser stands for the second factor, but not where the account is changed.
    let cookie = "[portal.demands]\ncookie = {}\notp = { skip_with_cookie = true }\n";
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], cookie).await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    assert_eq!(browser.sign_in(&world.url("auth", "/account"), &alice).await.status, 200);
    browser.post(&world.url("auth", "/sign-out"), &[("scope", "here")]).await;
    let page = by_password(&mut browser, &world.url("auth", "/account"), "alice").await;
    assert_eq!((page.status, page.url), (200, world.url("auth", "/account")), "the browser is registered");
    let page = browser.get(&world.url("auth", "/account/password")).await;
    assert_eq!((page.status, heading(&page)), (403, "Please confirm that it is you"));
    let page = browser.get(&link(&page, "/sign-in?for=")).await;
    assert!(page.body.contains("action=\"/sign-in/otp\""), "{page:?}");
    let page = browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!((page.status, page.url), (200, world.url("auth", "/account/password")));
}

#[tokio::test]
async fn a_phone_confirms_where_it_is_the_only_second_factor() {
    let either = "[portal.demands]\notp = { methods = [\"totp\", \"push\", \"recovery_code\"] }\n";
    let none = "[portal.demands]\notp = { mode = \"off\" }\n";
    for (demands, asks_at_first) in [(either, true), (none, false)] {
        let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], demands).await;
        administers(&world, &bare(&world, "carol").await).await;
        let phone = Phone::of(&world, &["carol"]).await;
        let mut browser = world.browser();
        let mut page = by_password(&mut browser, &world.url("auth", "/"), "carol").await;
        if asks_at_first {
            assert_eq!(phone.answer(&world, "approve", None).await.status, 200);
            page = browser.get(&page.url).await;
        }
        assert_eq!((page.status, page.url), (200, world.url("auth", "/")));

        for path in ["/account/password", "/account/authenticator/enrol"] {
            world.advance(660);
            let page = browser.get(&world.url("auth", path)).await;
            assert_eq!((page.status, heading(&page)), (403, "Please confirm that it is you"), "{path}");
            let page = by_password(&mut browser, &link(&page, "/sign-in?for="), "carol").await;
            assert!(page.body.contains("data-wait="), "the phone is asked: {page:?}");
            assert_eq!(phone.answer(&world, "approve", None).await.status, 200);
            let page = browser.get(&page.url).await;
            assert_eq!((page.status, page.url), (200, world.url("auth", path)), "{demands}");
        }
        // The administration's acts, and those of programs by the same session.
        world.advance(660);
        let refused = browser.post(&world.url("auth", "/admin/action"), &[("action", "sign-out"), ("selected", "carol")]).await;
        assert_eq!((refused.status, heading(&refused)), (403, "Please confirm that it is you"));
        let lift = world.url("auth", "/api/v1/groups");
        let mut program =
            browser.clone().with_header("accept", "application/json").with_header("content-type", "application/json");
        let add = "{\"group\":\"drivers\"}";
        assert_eq!(program.send(Method::POST, &lift, Some(add)).await.code(), "sign_in_too_old");
        let page = by_password(&mut browser, &link(&refused, "/sign-in?for="), "carol").await;
        assert_eq!(phone.answer(&world, "approve", None).await.status, 200);
        assert_eq!(browser.get(&page.url).await.status, 200);
        let mut program =
            browser.clone().with_header("accept", "application/json").with_header("content-type", "application/json");
        let added = program.send(Method::POST, &lift, Some(add)).await;
        assert!((200..300).contains(&added.status), "{added:?}");
    }
}

#[tokio::test]
async fn a_confirmation_offers_exactly_the_second_factors_there_are() {
    let either = "[portal.demands]\notp = { methods = [\"totp\", \"push\", \"recovery_code\"] }\n";
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], either).await;
    let alice = world.person("alice").await;
    let phone = Phone::of(&world, &["alice"]).await;
    let mut browser = world.browser();
    let page = by_password(&mut browser, &world.url("auth", "/account/password"), "alice").await;
    assert!(page.body.contains("data-wait="), "the phone is asked: {page:?}");
    // The code instead; what the phone was asked is not needed.
    let page = browser.get(&link(&page, "method=totp")).await;
    let page = browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!((page.status, page.url), (200, world.url("auth", "/account/password")));
    // Locked, the phone is not offered, and no password does instead of it.
    let core = world.server.core();
    core.totps().remove(&alice.user).await.unwrap();
    core.approvals().approvers.set_suspended(&alice.user, true).await.unwrap();
    world.advance(660);
    let mut other = world.browser();
    let page = by_password(&mut other, &world.url("auth", "/account"), "alice").await;
    assert_eq!((page.status, heading(&page)), (200, "Your phone cannot approve at the moment"));
    assert!(page.body.contains("sekisho push resume alice"), "{page:?}");
    drop(phone);
}

#[tokio::test]
async fn the_recipes_of_the_manual_let_who_has_a_phone_alone_into_the_portal() {
    let recipes = recipes();
    assert_eq!(recipes.len(), 2);
    for (place, (app, more)) in recipes.iter().enumerate() {
        let world = World::with(&[("wiki", app)], more).await;
        let carol = bare(&world, "carol").await;
        let phone = Phone::of(&world, &["carol"]).await;
        let mut browser = world.browser();
        let portal = world.url("auth", "/account");
        let page = if place == 0 {
            // Without a password: the phone at check 4, and again at check 6.
            world.server.core().assign(&carol, Methods::of(&[method::Method::Push])).await.unwrap();
            let page = browser.get(&portal).await;
            let page = browser.fill(&page, "username", &[("user", "carol")]).await;
            assert_eq!(phone.answer(&world, "approve", Some(&page.number())).await.status, 200);
            browser.get(&page.url).await
        } else {
            by_password(&mut browser, &portal, "carol").await
        };
        assert!(page.body.contains("data-wait="), "recipe {place}: {page:?}");
        assert_eq!(phone.answer(&world, "approve", None).await.status, 200);
        let page = browser.get(&page.url).await;
        assert_eq!((page.status, page.url), (200, portal), "recipe {place}");
        // And the app, by the same session.
        assert_eq!(browser.get(&world.url("wiki", "/page")).await.body, "GET /page\n");
    }
}

#[tokio::test]
async fn nobody_administers_in_a_time_without_a_second_factor() {
    let grace = "[portal.demands]\notp = { methods = [\"totp\", \"push\"], grace = { lasts = \"7d\" } }\n";
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], grace).await;
    administers(&world, &bare(&world, "carol").await).await;
    let mut browser = world.browser();
    let page = by_password(&mut browser, &world.url("auth", "/account"), "carol").await;
    assert_eq!((page.status, page.url), (200, world.url("auth", "/account")), "the own account may be seen");
    for path in ["/admin", "/admin/users", "/admin/settings"] {
        let page = by_password(&mut browser, &world.url("auth", path), "carol").await;
        assert_eq!((page.status, heading(&page)), (200, "You need a second factor first"), "{path}: {page:?}");
    }
    let mut program = browser.clone().with_header("accept", "application/json");
    assert_eq!(program.send(Method::GET, &world.url("auth", "/api/v1/users"), None).await.code(), "otp_method");
}
