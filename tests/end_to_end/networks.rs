//! Lists of networks that administrators keep for apps, groups and users, and networks that the config names: through the TLS
//! port, from the next request on, and for what is open.

use hyper::Method;
use sekisho::account::tokens::{Scope, Scopes};
use sekisho::principal::user::GroupName;
use serde_json::{Value, json};

use super::sessions::{closes, events};
use super::support::{Answer, Browser, PASSWORD_AND_TOTP, World};

const ELSEWHERE: &str = "192.0.2.0/24";
const HERE: &str = "127.0.0.0/8 # the tests";

/// A program that may do everything.
struct Program {
    api: Browser,
    url: String,
}

impl Program {
    async fn of(world: &World) -> Self {
        let until = sekisho::clock::Clock::now(&*world.clock).plus(std::time::Duration::from_secs(3600));
        let (_, token) = world.server.core().tokens().issue("desk", Scopes::of(&[Scope::All]), None, until).await.unwrap();
        let api = world.browser().with_header("authorization", &format!("Bearer {token}"));
        let api = api.with_header("accept", "application/json").with_header("content-type", "application/json");
        Self { api, url: world.url("auth", "/api/v1/networks") }
    }

    async fn set(&mut self, input: Value) -> Answer {
        self.api.send(Method::PUT, &self.url, Some(&input.to_string())).await
    }
}

async fn asks(browser: &Browser, url: &str) -> (u16, String) {
    let answer = browser.clone().with_header("accept", "application/json").send(Method::GET, url, None).await;
    (answer.status, if answer.status == 200 { String::new() } else { answer.code() })
}

#[tokio::test]
async fn a_list_of_an_app_a_group_or_a_user_holds_from_the_next_request_on_and_closes_streams_r_201_a_20() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP), ("other", PASSWORD_AND_TOTP)], "").await;
    let alice = world.person("alice").await;
    let core = world.server.core();
    let staff = GroupName::parse("staff").unwrap();
    core.groups().add(staff.clone(), None).await.unwrap();
    core.users().set_groups(&alice.user, vec![staff]).await.unwrap();
    let mut browser = world.browser();
    let (wiki, other) = (world.url("wiki", "/"), world.url("other", "/"));
    browser.sign_in(&wiki, &alice).await;
    assert_eq!(browser.get(&other).await.status, 200);
    let mut program = Program::of(&world).await;
    let (passes, refused) = ((200, String::new()), (403, "address_not_allowed".to_owned()));
    for owner in [json!({ "app": "wiki" }), json!({ "group": "staff" }), json!({ "user": "alice" })] {
        let with = |allow: &[&str], deny: &[&str]| {
            let mut input = owner.clone();
            (input["allow"], input["deny"], input["confirm"]) = (json!(allow), json!(deny), json!(true));
            input
        };
        let stream = events(&browser, &world, "wiki").await;
        assert_eq!(program.set(with(&[ELSEWHERE], &[])).await.status, 200, "{owner}");
        closes(stream).await;
        assert_eq!(asks(&browser, &wiki).await, refused, "{owner}");
        let also = if owner.get("app").is_some() { &passes } else { &refused };
        assert_eq!(asks(&browser, &other).await, *also, "{owner}");
        assert_eq!(program.set(with(&[ELSEWHERE, HERE], &[])).await.status, 200);
        assert_eq!(asks(&browser, &wiki).await, passes, "{owner}: the session outlived it");
        assert_eq!(program.set(with(&[HERE], &["127.0.0.1"])).await.status, 200);
        assert_eq!(asks(&browser, &wiki).await, (403, "address_denied".to_owned()), "{owner}");
        // The list of another app, group or user changes nothing.
        assert_eq!(program.set(with(&[], &[])).await.status, 200);
        assert_eq!(asks(&browser, &wiki).await, passes, "{owner}");
    }
    // All lists that apply must hold the address.
    assert_eq!(program.set(json!({ "app": "wiki", "allow": [HERE] })).await.status, 200);
    assert_eq!(program.set(json!({ "group": "staff", "allow": [HERE] })).await.status, 200);
    assert_eq!(asks(&browser, &wiki).await, passes);
    assert_eq!(program.set(json!({ "user": "alice", "allow": [ELSEWHERE] })).await.status, 200);
    assert_eq!(asks(&browser, &wiki).await, refused);
    // Kept over a restart.
    let world = world.restart().await;
    assert_eq!(asks(&browser, &world.url("wiki", "/")).await, refused);
}

#[tokio::test]
async fn who_would_shut_themselves_out_is_asked_first_and_the_administration_keeps_its_list_r_201_a_20() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("auth", "/account"), &alice).await;
    let mut program = Program::of(&world).await;
    let input = json!({ "app": "portal/admin", "allow": [ELSEWHERE] });
    let asked = program.set(input.clone()).await;
    assert_eq!((asked.status, asked.code().as_str()), (409, "confirmation_needed"), "{asked:?}");
    assert!(asked.body.contains("127.0.0.1"), "{asked:?}");
    let mended = program.set(json!({ "app": "portal/admin", "allow": ["127.0.0.1/8"] })).await;
    assert!(mended.status == 400 && mended.body.contains("127.0.0.0/8"), "{mended:?}");
    assert!(world.server.core().networks().lists().is_empty());
    let mut meant = input;
    meant["confirm"] = json!(true);
    assert_eq!(program.set(meant.clone()).await.status, 200);
    // It holds for programs as for people, and at the administration alone.
    let refused = program.set(meant).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "address_not_allowed"), "{refused:?}");
    assert_eq!(browser.get(&world.url("auth", "/account")).await.status, 200);
    assert_eq!(browser.get(&world.url("wiki", "/")).await.status, 200);
    // At the machine itself the way back is open.
    use sekisho::admin::act::{Circumstances, perform};
    use sekisho::admin::networks::SetNetworkList;
    use sekisho::session::Administrator;
    let way_back: SetNetworkList = serde_json::from_value(json!({ "app": "portal/admin", "confirm": true })).unwrap();
    let here = Administrator::at_the_machine();
    perform(world.server.core(), &here, &Circumstances::default(), way_back).await.unwrap();
    assert_eq!(program.set(json!({ "app": "portal", "allow": [ELSEWHERE], "confirm": true })).await.status, 200);
    let page = browser.get(&world.url("auth", "/account")).await;
    assert!(page.status == 403 && page.body.contains("address_not_allowed"), "{page:?}");
}

#[tokio::test]
async fn networks_that_the_config_names_hold_in_every_list_that_names_them_r_201_a_20() {
    let office = "[app.demands.ip_restriction]\nallow = [\"office\"]\n";
    let named = "[networks.office]\naddresses = [\"198.51.100.0/24 # third floor\", \"2001:db8::/32\"]\n\
                 [networks.proxies]\naddresses = [\"127.0.0.1\"]\n[server]\ntrusted_proxies = [\"proxies\"]\n";
    let world = World::with(&[("wiki", office)], named).await;
    let url = world.url("wiki", "/");
    for (from, status) in [("198.51.100.7", 200), ("2001:db8:7::1", 200), ("203.0.113.9", 403)] {
        let answer = asks(&world.browser().with_header("x-forwarded-for", from), &url).await;
        assert_eq!(answer.0, status, "{from}: {answer:?}");
    }
    // The list is changed in one place.
    world.reload(&[("wiki", office)], &named.replace("198.51.100.0/24", "203.0.113.0/24")).unwrap();
    for (from, status) in [("198.51.100.7", 403), ("203.0.113.9", 200)] {
        assert_eq!(asks(&world.browser().with_header("x-forwarded-for", from), &url).await.0, status, "{from}");
    }
    let unknown = world.reload(&[("wiki", "[app.demands.ip_restriction]\nallow = [\"offise\"]\n")], named).unwrap_err();
    assert!(unknown.contains("did you mean `office`?"), "{unknown}");
    assert_eq!(asks(&world.browser().with_header("x-forwarded-for", "198.51.100.7"), &url).await.0, 403);
}

#[tokio::test]
async fn a_list_of_a_thousand_lines_and_the_version_that_it_is_for_pass_the_api_r_201_a_20() {
    let world = World::new().await;
    let mut program = Program::of(&world).await;
    let lines: Vec<_> =
        (0..1000).map(|number| format!("2001:db8:{number:x}::/48 # 大阪本社 第{number}会議室、来客用の無線LAN")).collect();
    let input = |allow: &[String], version: &str| json!({ "app": "wiki", "allow": allow, "version": version, "confirm": true });
    let saved = program.set(input(&lines, "none")).await;
    assert_eq!(saved.status, 200, "{}", saved.status);
    let view: Value = serde_json::from_str(&saved.body).unwrap();
    assert_eq!(view["allow"].as_array().unwrap().len(), 1000);
    // Another program that saw no list.
    let late = program.set(input(&lines[..1], "none")).await;
    assert_eq!((late.status, late.code().as_str()), (409, "changed_meanwhile"), "{late:?}");
    assert!(late.body.contains(view["version"].as_str().unwrap()), "{late:?}");
    assert_eq!(program.set(input(&lines[..1], view["version"].as_str().unwrap())).await.status, 200);
    // What is no list is not that large.
    let label = json!({ "label": "x".repeat(1 << 17), "scopes": ["read"] }).to_string();
    let large = program.api.send(Method::POST, &world.url("auth", "/api/v1/tokens"), Some(&label)).await;
    assert!(large.status == 413 && large.body.contains("limits.portal_body"), "{large:?}");
}

#[tokio::test]
async fn networks_that_the_config_names_hold_in_lists_of_the_database_and_lost_ones_refuse_r_201_a_20() {
    let trusted = "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n";
    let named = format!("[networks.office]\naddresses = [\"198.51.100.0/24\", \"127.0.0.0/8\"]\n{trusted}");
    let apps = [("wiki", "[app.demands.primary_factor]\nmode = \"off\"\n")];
    let world = World::with(&apps, &named).await;
    let url = world.url("wiki", "/");
    let status = async |from: &str| asks(&world.browser().with_header("x-forwarded-for", from), &url).await.0;
    let mut program = Program::of(&world).await;
    assert_eq!(program.set(json!({ "app": "wiki", "allow": ["office # all of it"] })).await.status, 200);
    let unknown = program.set(json!({ "app": "wiki", "allow": ["offise"] })).await;
    assert!(unknown.status == 400 && unknown.body.contains("did you mean `office`?"), "{unknown:?}");
    assert_eq!((status("198.51.100.7").await, status("203.0.113.9").await), (200, 403));
    world.reload(&apps, &named.replace("198.51.100.0/24", "203.0.113.0/24")).unwrap();
    assert_eq!((status("198.51.100.7").await, status("203.0.113.9").await), (403, 200));
    // The name is gone, and nobody is let in by it; back again, it holds again.
    world.reload(&apps, trusted).unwrap();
    assert_eq!((status("198.51.100.7").await, status("203.0.113.9").await), (403, 403));
    world.reload(&apps, &named).unwrap();
    assert_eq!((status("198.51.100.7").await, status("203.0.113.9").await), (200, 403));
}
