use serde_json::{Value, json};

use crate::account::tokens::{Scope, Scopes};
use crate::admin::act::{Circumstances, perform};
use crate::admin::error::AdminError;
use crate::admin::explain::Explain;
use crate::admin::groups::{AddGroup, RemoveGroup};
use crate::admin::networks::{ListNetworkLists, SetNetworkList};
use crate::admin::testing::does;
use crate::admin::users::rights::{SetGroups, SetNetworks};
use crate::clock::Timestamp;
use crate::core::testing::{TestCore, config};
use crate::facts::client_address::ClientAddress;
use crate::session::Administrator;

async fn list(test: &TestCore, input: Value) -> Vec<Value> {
    let page = does::<ListNetworkLists>(test, input).await.unwrap();
    page["items"].as_array().unwrap().clone()
}

fn names(list: &[Value]) -> Vec<String> {
    list.iter().map(|one| format!("{}/{}", one["kind"].as_str().unwrap(), one["name"].as_str().unwrap())).collect()
}

async fn set(test: &TestCore, input: Value) -> Result<Value, AdminError> {
    does::<SetNetworkList>(test, input).await
}

#[tokio::test]
async fn lists_are_replaced_added_to_and_taken_from_line_by_line_r_201_a_20() {
    let test = TestCore::open().await;
    test.user("alice").await;
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    let made = set(&test, json!({ "group": "staff", "allow": ["192.0.2.0/24 # the office", "2001:db8::/32", "192.0.2.0/24"] }));
    let made = made.await.unwrap();
    assert_eq!(made["allow"], json!([{ "network": "192.0.2.0/24", "note": "the office" }, { "network": "2001:db8::/32" }]));
    assert_eq!(made["hints"], json!([]));
    set(&test, json!({ "user": "alice", "deny": ["198.51.100.7 # a café"] })).await.unwrap();
    // What is added keeps the others and their notes; a new note replaces the old one.
    let added = json!({ "group": "staff", "how": "add", "allow": ["::ffff:203.0.113.0/120"], "deny": ["192.0.2.66 # a guest"] });
    let added = set(&test, added).await.unwrap();
    assert_eq!(added["allow"].as_array().unwrap().len(), 3);
    assert_eq!(added["allow"][1]["network"], "203.0.113.0/24");
    let noted = set(&test, json!({ "group": "staff", "how": "add", "allow": ["192.0.2.0/24 # Osaka"] })).await.unwrap();
    assert_eq!((noted["allow"][0]["note"].as_str(), noted["deny"][0]["note"].as_str()), (Some("Osaka"), Some("a guest")));
    let removed = json!({ "group": "staff", "how": "remove", "allow": ["203.0.113.0/24"], "deny": ["192.0.2.66"] });
    assert_eq!(set(&test, removed.clone()).await.unwrap()["deny"], json!([]));
    assert!(set(&test, removed).await.unwrap_err().to_string().contains("there is no line 203.0.113.0/24"));
    // By name, by a text of a note, by an address that a line contains.
    assert_eq!(names(&list(&test, json!({})).await), ["group/staff", "user/alice"]);
    assert_eq!(names(&list(&test, json!({ "user": "alice" })).await), ["user/alice"]);
    assert_eq!(names(&list(&test, json!({ "search": "osaka" })).await), ["group/staff"]);
    assert_eq!(names(&list(&test, json!({ "search": "2001:db8:7::1" })).await), ["group/staff"]);
    assert!(list(&test, json!({ "search": "203.0.113.7" })).await.is_empty());
    let page = does::<ListNetworkLists>(&test, json!({ "limit": 1 })).await.unwrap();
    assert_eq!(page["next"], "group/staff");
    // The other command on a user's networks is about the same list.
    let user = does::<SetNetworks>(&test, json!({ "user": "alice", "allow": ["192.0.2.0/24 # desk"] })).await.unwrap();
    assert_eq!(user["allowed_networks"], json!(["192.0.2.0/24"]));
    assert_eq!(list(&test, json!({ "user": "alice" })).await[0]["allow"][0]["note"], "desk");
    // An empty list is none; a group takes its list with it.
    assert_eq!(set(&test, json!({ "user": "alice" })).await.unwrap_err().code(), "confirmation_needed");
    set(&test, json!({ "user": "alice", "confirm": true })).await.unwrap();
    assert_eq!(names(&list(&test, json!({})).await), ["group/staff"]);
    does::<RemoveGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    assert!(list(&test, json!({})).await.is_empty() && test.core.networks().lists().is_empty());
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_with_what_would_do_a_20() {
    let test = TestCore::open().await;
    test.user("alice").await;
    for (input, why) in [
        (json!({ "allow": ["192.0.2.0/24"] }), "name one of `app`, `group` and `user`"),
        (json!({ "app": "portal", "user": "alice" }), "name one of `app`, `group` and `user`"),
        (json!({ "app": "wikki", "allow": ["192.0.2.0/24"] }), "there is no app `wikki`"),
        (json!({ "group": "nobody", "allow": ["192.0.2.0/24"] }), "no group has that name"),
        (json!({ "user": "nobody", "allow": ["192.0.2.0/24"] }), "no user has that name"),
        (json!({ "user": "alice", "allow": ["192.0.2.0/24"], "deny": ["192.0.2.0/24"] }), "take it out of one of them"),
        (json!({ "user": "alice", "allow": ["office"] }), "\"office\" is not a network, and there is no `[networks.office]`"),
        (
            json!({ "user": "alice", "allow": (0..1001).map(|n| format!("10.{}.{}.0/24", n / 250, n % 250)).collect::<Vec<_>>() }),
            "1000 at most",
        ),
    ] {
        let refused = set(&test, input.clone()).await.unwrap_err();
        assert!(refused.to_string().contains(why), "{input}: {refused}");
    }
    let unread = |text: &str| serde_json::from_value::<SetNetworkList>(json!({ "user": "alice", "allow": [text] })).unwrap_err();
    assert!(unread("192.0.2.7/24").to_string().contains("you probably mean \"192.0.2.0/24\""));
    assert!(unread("the office").to_string().contains("is not a network"));
    assert!(list(&test, json!({})).await.is_empty());
}

#[tokio::test]
async fn what_may_not_be_meant_is_hinted_at_a_20() {
    let test = TestCore::open().await;
    test.user("alice").await;
    let lines =
        json!({ "user": "alice", "allow": ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "192.0.2.7"], "deny": ["192.0.2.0/24"] });
    let hints = set(&test, lines).await.unwrap()["hints"].clone();
    let expected = json!([
        { "kind": "within", "network": "10.1.0.0/16", "within": "10.0.0.0/8" },
        { "kind": "within", "network": "10.1.2.3/32", "within": "10.0.0.0/8" },
        { "kind": "denied", "network": "192.0.2.7/32", "within": "192.0.2.0/24" },
        { "kind": "no_ipv6" },
    ]);
    assert_eq!(hints, expected);
}

#[tokio::test]
async fn who_would_shut_out_themselves_or_the_administration_is_asked_first_a_20() {
    let test = TestCore::open().await;
    test.user("alice").await;
    test.user("bob").await;
    does::<AddGroup>(&test, json!({ "group": "administrators" })).await.unwrap();
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    does::<SetGroups>(&test, json!({ "user": "alice", "groups": ["administrators"] })).await.unwrap();
    let elsewhere = json!(["203.0.113.0/24"]);
    // At the machine nothing is known of where administrators are.
    for (owner, name, asks) in [
        ("app", "portal", true),
        ("app", "portal/admin", true),
        ("group", "administrators", true),
        ("user", "alice", true),
        ("group", "staff", false),
        ("user", "bob", false),
    ] {
        let mut input = json!({ "allow": elsewhere });
        input[owner] = json!(name);
        let done = set(&test, input.clone()).await;
        assert_eq!(done.as_ref().err().map(AdminError::code), asks.then_some("confirmation_needed"), "{owner} {name}");
        input["confirm"] = json!(true);
        set(&test, input.clone()).await.unwrap();
        // To end a list lets everybody in.
        input["allow"] = json!([]);
        set(&test, input).await.unwrap();
    }
    let refused = does::<SetNetworks>(&test, json!({ "user": "alice", "allow": elsewhere })).await.unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("confirmation_needed", 409));
    // A program that comes from the outside.
    let until = Timestamp::from_seconds(1_800_003_600);
    let (_, text) = test.core.tokens().issue("desk", Scopes::of(&[Scope::All]), None, until).await.unwrap();
    let program = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
    let at = |address: &str| Circumstances { address: Some(ClientAddress::new(address.parse().unwrap())), request_id: None };
    for (address, asks) in [("203.0.113.9", false), ("::ffff:203.0.113.9", false), ("198.51.100.1", true)] {
        let act: SetNetworkList = serde_json::from_value(json!({ "app": "portal/admin", "allow": elsewhere })).unwrap();
        let done = perform(&test.core, &program, &at(address), act).await;
        assert_eq!(done.err().map(|error| error.code()), asks.then_some("confirmation_needed"), "{address}");
    }
    // Nobody but who may do everything says from where the administration may be reached.
    let (_, text) = test.core.tokens().issue("less", Scopes::of(&[Scope::Settings]), None, until).await.unwrap();
    let less = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
    for input in [
        json!({ "app": "portal" }),
        json!({ "app": "portal/admin" }),
        json!({ "group": "administrators" }),
        json!({ "user": "alice" }),
    ] {
        let act: SetNetworkList = serde_json::from_value(input.clone()).unwrap();
        let refused = perform(&test.core, &less, &at("203.0.113.9"), act).await.unwrap_err();
        assert_eq!(refused.code(), "scope_missing", "{input}");
    }
}

#[tokio::test]
async fn a_list_that_is_there_ends_only_where_that_is_meant_a_20() {
    let test = TestCore::open().await;
    test.user("bob").await;
    let office = json!({ "user": "bob", "allow": ["192.0.2.0/24"], "deny": ["192.0.2.66"] });
    set(&test, office.clone()).await.unwrap();
    // By no line at all, and by taking the last ones out; by the other command on a user's networks as well.
    let mut last = office;
    last["how"] = json!("remove");
    for input in [json!({ "user": "bob" }), last.clone()] {
        let refused = set(&test, input.clone()).await.unwrap_err();
        assert_eq!((refused.code(), refused.status()), ("confirmation_needed", 409), "{input}");
        assert!(refused.to_string().contains("restricts nobody any more"), "{refused}");
    }
    let refused = does::<SetNetworks>(&test, json!({ "user": "bob" })).await.unwrap_err();
    assert_eq!(refused.code(), "confirmation_needed");
    assert_eq!(list(&test, json!({})).await.len(), 1);
    last["confirm"] = json!(true);
    set(&test, last).await.unwrap();
    // Where there is none, nothing ends.
    set(&test, json!({ "user": "bob" })).await.unwrap();
    does::<SetNetworks>(&test, json!({ "user": "bob" })).await.unwrap();
}

#[tokio::test]
async fn a_change_for_another_version_of_a_list_is_refused_a_20() {
    let test = TestCore::open().await;
    test.user("bob").await;
    let with = |version: &str, allow: &str| json!({ "user": "bob", "version": version, "allow": [allow] });
    let first = set(&test, with("none", "192.0.2.0/24 # Osaka")).await.unwrap()["version"].as_str().unwrap().to_owned();
    assert_eq!(list(&test, json!({})).await[0]["version"], first.as_str());
    for (version, is_present) in [("none", false), ("", false), ("0123456789abcdef", false), (&*first, true)] {
        let done = set(&test, with(version, "192.0.2.0/24 # Tokyo")).await;
        assert_eq!(
            done.as_ref().err().map(|error| (error.code(), error.status())),
            (!is_present).then_some(("changed_meanwhile", 409))
        );
        if let Err(error) = done {
            assert!(error.to_string().contains(&first), "it names the version that is there: {error}");
        }
    }
    // A note alone makes another version; the same list has the same one.
    assert_eq!(set(&test, with(&first, "192.0.2.0/24")).await.unwrap_err().code(), "changed_meanwhile");
    let again = set(&test, json!({ "user": "bob", "allow": ["192.0.2.0/24 # Osaka"] })).await.unwrap();
    assert_eq!(again["version"], first.as_str());
    let other = json!({ "user": "bob", "version": "none", "allow": ["198.51.100.7"] });
    assert_eq!(does::<SetNetworks>(&test, other.clone()).await.unwrap_err().code(), "changed_meanwhile");
    let mut other = other;
    other["version"] = json!(first);
    does::<SetNetworks>(&test, other).await.unwrap();
    // Said of the wrong list, a version comes before every question.
    let ends = json!({ "user": "bob", "version": first, "confirm": true });
    assert_eq!(set(&test, ends).await.unwrap_err().code(), "changed_meanwhile");
}

const VAULT: &str = r#"
[[app]]
name = "vault"
url = "https://vault.example.com"
upstream = ["http://127.0.0.1:8081"]
demands.primary_factor = {}
"#;

#[tokio::test]
async fn a_list_whose_app_is_gone_from_the_config_says_so_a_20() {
    let test = TestCore::with(VAULT).await;
    let set_for = |app: &str| json!({ "app": app, "allow": ["192.0.2.0/24", "2001:db8::/32"], "confirm": true });
    for app in ["wiki", "vault", "portal", "portal/admin"] {
        assert_eq!(set(&test, set_for(app)).await.unwrap()["hints"], json!([]), "{app}");
    }
    test.core.adopt(config(test.folder.path(), "")).unwrap();
    for one in list(&test, json!({})).await {
        let expected = if one["name"] == "vault" { json!([{ "kind": "no_app" }]) } else { json!([]) };
        assert_eq!(one["hints"], expected, "{one}");
    }
    // It is kept, and can be ended; an app of that name has it again.
    assert!(set(&test, set_for("vault")).await.unwrap_err().to_string().contains("there is no app `vault`"));
    set(&test, json!({ "app": "vault", "confirm": true })).await.unwrap();
    assert_eq!(list(&test, json!({})).await.len(), 3);
}

#[tokio::test]
async fn explain_names_the_lists_that_are_there_and_no_others_a_20() {
    let test = TestCore::open().await;
    let demands = async |app: &str| {
        let explained = does::<Explain>(&test, json!({ "app": app, "from": "192.0.2.7" })).await.unwrap();
        explained["checks"][0]["demands"].as_str().unwrap().to_owned()
    };
    set(&test, json!({ "app": "portal", "allow": ["192.0.2.0/24"], "confirm": true })).await.unwrap();
    for app in ["portal", "portal/admin", "portal/certificates", "admin", "certificates"] {
        let said = demands(app).await;
        assert!(said.contains("the list of networks of the portal (`sekisho network list --app portal`)"), "{app}: {said}");
        assert!(!said.contains("portal/admin"), "{app}: {said}");
    }
    set(&test, json!({ "app": "portal/admin", "allow": ["192.0.2.0/24"], "confirm": true })).await.unwrap();
    set(&test, json!({ "app": "wiki", "allow": ["192.0.2.0/24"] })).await.unwrap();
    let said = demands("portal/admin").await;
    assert!(said.contains("--app portal/admin`") && said.contains("--app portal`"), "{said}");
    assert!(!demands("portal").await.contains("portal/admin"));
    let said = demands("wiki").await;
    assert!(
        said.contains("the list of networks of the app (`sekisho network list --app wiki`)") && !said.contains("portal"),
        "{said}"
    );
}

const NAMED: &str = r#"
[networks.office]
addresses = ["192.0.2.0/24 # Osaka", "2001:db8::/32"]
[networks.guests]
addresses = ["192.0.2.128/25"]
"#;

#[tokio::test]
async fn a_line_may_be_a_name_of_the_config_and_stands_for_what_that_is_at_any_moment_a_20() {
    let test = TestCore::with(NAMED).await;
    let alice = test.user("alice").await;
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    let of_staff = || {
        let lists = test.core.networks().lists();
        let staff = [crate::principal::user::GroupName::parse("staff").unwrap()];
        let list = lists.of_groups(&staff).next().unwrap().clone();
        (list.allowed.iter().map(ToString::to_string).collect::<Vec<_>>(), list.denied.len())
    };
    let of_alice = || (alice.standing().allowed_networks.len(), alice.standing().denied_networks.len());
    for owner in [json!({ "group": "staff" }), json!({ "user": "alice" })] {
        let mut input = owner.clone();
        (input["allow"], input["deny"]) = (json!(["office # both houses", "198.51.100.7"]), json!(["guests"]));
        let view = set(&test, input.clone()).await.unwrap();
        let expected = json!({ "name": "office", "networks": ["192.0.2.0/24", "2001:db8::/32"], "note": "both houses" });
        assert_eq!((&view["allow"][1], &view["hints"]), (&expected, &json!([])), "{view}");
        for (allow, why) in
            [("offise", "did you mean `office`? there are `guests`, `office`"), ("elsewhere", "no `[networks.elsewhere]`")]
        {
            let refused =
                set(&test, json!({ "how": "add", "allow": [allow], "group": owner["group"], "user": owner["user"] })).await;
            assert!(refused.as_ref().unwrap_err().to_string().contains(why), "{refused:?}");
        }
    }
    assert_eq!(of_staff(), (vec!["192.0.2.0/24".to_owned(), "198.51.100.7/32".to_owned(), "2001:db8::/32".to_owned()], 1));
    assert_eq!(of_alice(), (3, 1));
    // Found by the name, by what it stands for, and by its note.
    for needle in ["office", "2001:db8:7::1", "both houses"] {
        assert_eq!(list(&test, json!({ "search": needle })).await.len(), 2, "{needle}");
    }
    let explained = does::<Explain>(&test, json!({ "app": "wiki", "from": "192.0.2.7", "user": "alice" })).await.unwrap();
    let said = explained["checks"][0]["demands"].as_str().unwrap();
    assert!(said.contains("the user's own networks") && said.contains("with `office` and `guests`"), "{said}");
    // The config is read again: in every list at once, and kept over what another process wrote.
    let moved =
        NAMED.replace("192.0.2.0/24 # Osaka", "203.0.113.0/24").replace("\"192.0.2.128/25\"", "\"192.0.2.128/25\", \"::/0\"");
    test.core.adopt(config(test.folder.path(), &moved)).unwrap();
    assert_eq!((of_staff().0[0].as_str(), of_staff().1, of_alice()), ("198.51.100.7/32", 2, (3, 2)));
    test.core.users().refresh().await.unwrap();
    test.core.networks().refresh().await.unwrap();
    assert_eq!((of_staff().1, of_alice()), (2, (3, 2)));
    assert!(test.core.networks().missing_names().is_empty());
    // And over a restart.
    let test = test.crash_and_restart().await;
    assert_eq!(test.core.users().list()[0].standing().denied_networks.len(), 2);
}

#[tokio::test]
async fn a_name_that_went_lets_nobody_in_and_says_so_a_20() {
    let test = TestCore::with(NAMED).await;
    let [alice, bob, carol] = [test.user("alice").await, test.user("bob").await, test.user("carol").await];
    set(&test, json!({ "user": "alice", "allow": ["office"] })).await.unwrap();
    set(&test, json!({ "user": "bob", "allow": ["office", "198.51.100.7"] })).await.unwrap();
    set(&test, json!({ "user": "carol", "deny": ["office"] })).await.unwrap();
    set(&test, json!({ "app": "wiki", "allow": ["office"] })).await.unwrap();
    test.core.adopt(config(test.folder.path(), "")).unwrap();
    // An empty list would let everybody in; a name among others takes nothing from these.
    let everybody = ["0.0.0.0/0", "::/0"].map(|network| network.parse().unwrap());
    for user in [&alice, &carol] {
        assert_eq!(*user.standing().denied_networks, everybody, "{}", user.id());
    }
    assert_eq!((bob.standing().allowed_networks.len(), bob.standing().denied_networks.len()), (1, 0));
    let lists = test.core.networks().lists();
    assert_eq!(*lists.of_place("wiki").next().unwrap().denied, everybody);
    let missing = test.core.networks().missing_names();
    let missing: Vec<_> = missing.iter().map(|(owner, name)| format!("{owner}: {name}")).collect();
    assert_eq!(missing, ["app wiki: office", "user alice: office", "user bob: office", "user carol: office"]);
    for one in list(&test, json!({})).await {
        assert_eq!(one["hints"][0], json!({ "kind": "no_name", "name": "office" }), "{one}");
    }
    let explained = does::<Explain>(&test, json!({ "app": "wiki", "from": "192.0.2.7" })).await.unwrap();
    assert_eq!((&explained["verdict"], &explained["because"]), (&json!("refuse"), &json!("address_denied")));
    let said = explained["checks"][0]["demands"].as_str().unwrap();
    assert!(said.contains("`office`, which the config does not have"), "{said}");
    // It can be taken out, and not written again; with the name back everything is as it was.
    let removed = set(&test, json!({ "user": "bob", "how": "remove", "allow": ["office"] })).await.unwrap();
    assert_eq!(removed["allow"].as_array().unwrap().len(), 1);
    set(&test, json!({ "user": "bob", "allow": ["office"] })).await.unwrap_err();
    test.core.adopt(config(test.folder.path(), NAMED)).unwrap();
    assert_eq!((alice.standing().allowed_networks.len(), alice.standing().denied_networks.len()), (2, 0));
}

#[tokio::test]
async fn whom_a_name_shuts_out_is_asked_as_whom_an_address_does_a_20() {
    let test = TestCore::with(NAMED).await;
    let until = Timestamp::from_seconds(1_800_003_600);
    let (_, text) = test.core.tokens().issue("desk", Scopes::of(&[Scope::All]), None, until).await.unwrap();
    let program = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
    let at = |address: &str| Circumstances { address: Some(ClientAddress::new(address.parse().unwrap())), request_id: None };
    for (address, asks) in [("192.0.2.9", false), ("2001:db8::9", false), ("192.0.2.200", true), ("198.51.100.1", true)] {
        let input = json!({ "app": "portal/admin", "allow": ["office"], "deny": ["guests"] });
        let act: SetNetworkList = serde_json::from_value(input).unwrap();
        let done = perform(&test.core, &program, &at(address), act).await;
        assert_eq!(done.err().map(|error| error.code()), asks.then_some("confirmation_needed"), "{address}");
    }
}
