//! The members of a group, links of a user, one thing for many users, the public keys, and what the checks would say.

use http::StatusCode;

use super::{act, administrator, targets, user};
use crate::facts::client_address::ClientAddress;
use crate::portal::kit::paths;
use crate::portal::testing::{Browser, Gate};
use crate::principal::method::{Method, Methods};
use crate::principal::user::GroupName;

async fn staff(gate: &Gate) {
    let group = GroupName::parse("staff").unwrap();
    gate.at.core.groups().add(group.clone(), None).await.unwrap();
    for name in ["bob", "carol"] {
        gate.at.user(name).await;
        gate.at.core.users().set_groups(&user(name), vec![group.clone()]).await.unwrap();
        gate.at.core.users().assign(&user(name), Methods::PRIMARY).await.unwrap();
    }
}

#[tokio::test]
async fn the_members_of_a_group_are_listed_and_acted_on() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    staff(&gate).await;
    assert!(browser.get(paths::ADMIN_GROUPS).await.body.contains("/admin/groups?group=staff"));
    let members = browser.get("/admin/groups?group=staff").await;
    assert_eq!(targets(&members), ["bob", "carol"]);
    act(&mut browser, "disable-user", &["bob"], &[("confirmed", "yes"), ("back", "/admin/groups?group=staff")]).await;
    assert!(!gate.at.core.users().find(&user("bob")).unwrap().standing().enabled);
    assert!(browser.get("/admin/groups?group=staff").await.body.contains("Disabled"));
    assert_eq!(browser.get("/admin/groups?group=nobody").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/admin/groups?group=%2F").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_links_of_a_user_are_shown_without_their_secret_and_voided() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    gate.at.user("bob").await;
    assert!(!browser.get("/admin/users/bob").await.body.contains("One-time links"));
    act(&mut browser, "invite-user", &["bob"], &[]).await;
    let links = gate.at.core.links().of_user(&user("bob")).await.unwrap();
    let page = browser.get("/admin/users/bob").await.body;
    assert!(page.contains("One-time links") && page.contains("Invitation") && !page.contains("/invitation/"), "{page}");
    let target = format!("bob/{}", links[0].id);
    let asked = act(&mut browser, "revoke-link", &[&target], &[]).await;
    assert!(asked.body.contains("can no longer be used"), "{}", asked.body);
    // The link of another user is not this one's.
    let refused = act(&mut browser, "revoke-link", &[&format!("alice/{}", links[0].id)], &[("confirmed", "yes")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    act(&mut browser, "revoke-link", &[&target], &[("confirmed", "yes")]).await;
    assert!(gate.at.core.links().of_user(&user("bob")).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_thing_is_done_for_many_users_named_or_by_group_r_003_r_009() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    staff(&gate).await;
    let form = browser.get(paths::ADMIN_MANY).await.body;
    assert!(form.contains("value=\"staff\"") && form.contains("value=\"patterns\""), "{form}");
    let fields = [("action", "invite"), ("users", "alice, nobody"), ("group", "staff")];
    let done = browser.post(paths::ADMIN_MANY, &fields).await;
    assert_eq!((done.status, done.body.matches("/approver/#add=").count()), (StatusCode::OK, 3), "{}", done.body);
    assert!(done.body.contains("unknown_user") && done.body.contains("shown this once"), "{}", done.body);
    // What takes something away is asked first.
    let fields = [("action", "unassign"), ("group", "staff")];
    let asked = browser.post(paths::ADMIN_MANY, &fields).await;
    let has_push =
        || gate.at.core.users().find(&user("bob")).unwrap().standing().assigned.contains(crate::principal::method::Method::Push);
    assert!(asked.body.contains("name=\"confirmed\"") && has_push(), "{}", asked.body);
    // The answer holds for what was asked about: not for other users, and not for another action.
    let word = asked.field("confirmed");
    for other in [
        [fields[0], ("users", "bob"), ("confirmed", &*word)],
        [("action", "unregister"), fields[1], ("confirmed", &*word)],
        [fields[0], fields[1], ("confirmed", "yes")],
    ] {
        let again = browser.post(paths::ADMIN_MANY, &other).await;
        assert!(again.body.contains("name=\"confirmed\"") && has_push(), "{other:?}: {}", again.body);
    }
    browser.post(paths::ADMIN_MANY, &[fields[0], fields[1], ("confirmed", &*word)]).await;
    assert!(!has_push());
    // Patterns: as a page with the way to the notices, and as a file that no spreadsheet computes.
    let fields = [("action", "patterns"), ("users", "bob")];
    let drawn = browser.post_meant(paths::ADMIN_MANY, &fields).await;
    assert!(drawn.body.contains("/admin/patterns/notices?since="), "{}", drawn.body);
    let file =
        browser.post_meant(paths::ADMIN_MANY, &[fields[0], ("group", "staff"), ("answer", "csv"), ("only_without", "yes")]).await;
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines[0], "\"user\",\"outcome\",\"message\",\"secret\",\"until\"");
    assert!(lines.len() == 2 && lines[1].starts_with("\"carol\",\"done\","), "{lines:?}");
    for (fields, why) in [
        (vec![("action", "assign")], "name some, or a group"),
        (vec![("action", "assign"), ("users", "a|b")], "is no name"),
        (vec![("action", "assign"), ("group", "nobody")], "no group has that name"),
    ] {
        let wrong = browser.post(paths::ADMIN_MANY, &fields).await;
        assert!(wrong.status.is_client_error() && wrong.body.contains(why), "{fields:?}: {}", wrong.body);
    }
    assert_eq!(
        browser.post(paths::ADMIN_MANY, &[("action", "format-disk"), ("users", "bob")]).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn what_was_confirmed_of_some_is_not_done_to_others_whom_the_search_finds_by_then() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let night = GroupName::parse("night").unwrap();
    gate.at.core.groups().add(night.clone(), None).await.unwrap();
    let users = gate.at.core.users();
    for name in ["bob", "carol"] {
        gate.at.user(name).await;
    }
    users.set_groups(&user("bob"), vec![night.clone()]).await.unwrap();
    let all = [("scope", "all"), ("group", "night"), ("count", "1")];
    let asked = act(&mut browser, "disable-user", &[], &all).await;
    assert!(asked.body.contains("bob"), "{}", asked.body);
    // One goes and one comes: as many as before.
    users.set_groups(&user("bob"), Vec::new()).await.unwrap();
    users.set_groups(&user("carol"), vec![night]).await.unwrap();
    let word = asked.field("confirmed");
    let again = act(&mut browser, "disable-user", &[], &[all[0], all[1], all[2], ("confirmed", &*word)]).await;
    let enabled = |name: &str| users.find(&user(name)).unwrap().standing().enabled;
    assert!(again.body.contains("carol") && enabled("bob") && enabled("carol"), "{}", again.body);
    act(&mut browser, "disable-user", &[], &[all[0], all[1], ("confirmed", &*again.field("confirmed"))]).await;
    assert!(enabled("bob") && !enabled("carol"));
}

#[tokio::test]
async fn the_public_keys_of_signatures_are_shown_and_saved() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    assert!(browser.get(paths::ADMIN_AUDIT).await.body.contains(paths::ADMIN_AUDIT_KEYS));
    let keys = gate.at.core.signing_keys().every().await.unwrap();
    let page = browser.get(paths::ADMIN_AUDIT_KEYS).await.body;
    let file = browser.get("/admin/audit/keys?format=jwks").await.body;
    let read: serde_json::Value = serde_json::from_str(&file).unwrap();
    assert!(!keys.is_empty() && keys.iter().all(|key| page.contains(&key.id)), "{page}");
    assert_eq!(read["keys"].as_array().unwrap().len(), keys.len());
    assert!(read["keys"][0].get("d").is_none() && read["keys"][0]["x"] == keys[0].x.as_str());
}

#[tokio::test]
async fn what_the_checks_would_say_is_shown_as_a_table() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    assert!(browser.get(paths::ADMIN_EXPLAIN).await.body.contains("value=\"192.0.2.7\""), "where the administrator is");
    fn fields(address: &str) -> [(&str, &str); 4] {
        [("address", address), ("from", "192.0.2.7"), ("user", "alice"), ("method", "GET")]
    }
    let portal = gate.at.core.config().file.portal.url.clone();
    for (address, policy) in [
        ("portal", "portal"),
        ("portal/admin", "portal: administration"),
        (&*format!("{portal}/admin/users"), "portal: administration"),
        // Whatever the portal judges by the policy of the administration or of own certificates.
        (&*format!("{portal}/admin?search=a"), "portal: administration"),
        (&*format!("{portal}/api/v1"), "portal: administration"),
        (&*format!("{portal}/api/v1/networks?app=wiki"), "portal: administration"),
        (&*format!("{portal}/account/certificates"), "portal: certificates"),
        (&*format!("{portal}/account/certificates/AAAA/p12"), "portal: certificates"),
    ] {
        let shown = browser.post(paths::ADMIN_EXPLAIN, &fields(address)).await;
        assert_eq!(shown.status, StatusCode::OK, "{address}: {}", shown.body);
        assert_eq!(shown.body.matches("<tr role=\"row\">").count(), 7, "{address}: six checks");
        assert!(shown.body.contains(policy) && shown.body.contains("More is asked for"), "{address}: {}", shown.body);
    }
    for path in ["/account", "/administrators", "/api/v10", "/account/certificates-of-bob", "/sign-in?for=/admin"] {
        let shown = browser.post(paths::ADMIN_EXPLAIN, &fields(&format!("{portal}{path}"))).await;
        assert!(!shown.body.contains("portal: "), "{path}: {}", shown.body);
    }
    let proved = [("address", "portal"), ("from", "192.0.2.7"), ("user", "alice"), ("proved", "password, totp")];
    assert!(browser.post(paths::ADMIN_EXPLAIN, &proved).await.body.contains("It passes"));
    for (address, from, why) in [
        ("https://elsewhere.example/", "192.0.2.7", "no app is at elsewhere.example"),
        ("wikki", "192.0.2.7", "there is no app"),
        ("portal", "here", "is no IP address"),
    ] {
        let wrong = browser.post(paths::ADMIN_EXPLAIN, &[("address", address), ("from", from)]).await;
        assert!(wrong.status.is_client_error() && wrong.body.contains(why), "{address}: {}", wrong.body);
    }
}

#[tokio::test]
async fn a_registered_browser_is_chosen_on_the_page_that_explains() {
    let app = "[[app]]\nname = \"ledger\"\nurl = \"https://ledger.example.com\"\nupstream = [\"http://127.0.0.1:8080\"]\n\
               demands.primary_factor = {}\ndemands.cookie = { ways = [\"otp\"] }\n";
    let gate = Gate::with(app).await;
    let mut browser = administrator(&gate).await;
    let address = ClientAddress::new("192.0.2.7".parse().unwrap());
    let registered =
        gate.at.core.browsers().register(&user("alice"), Method::BrowserByOtp, None, "Firefox, Linux", address).await;
    let id = registered.unwrap().0.text();
    let explained = async |browser: &mut Browser, which: &str| {
        let fields =
            [("address", "ledger"), ("from", "192.0.2.7"), ("user", "alice"), ("proved", "password"), ("browser", which)];
        browser.post(paths::ADMIN_EXPLAIN, &fields).await
    };
    let without = explained(&mut browser, "").await;
    assert!(without.body.contains("More is asked for") && without.body.contains("browser_not_registered"), "{}", without.body);
    // Those of the user are offered by name.
    assert!(without.body.contains(&format!("<option value=\"{id}\" label=\"Firefox, Linux\">")), "{}", without.body);
    let with = explained(&mut browser, &id).await;
    assert!(with.body.contains("It passes") && with.body.contains(&format!("value=\"{id}\" list=\"browsers\"")), "{}", with.body);
    let unknown = explained(&mut browser, "AAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
