use serde_json::{Value, json};

use crate::account::tokens::{Scope, Scopes};
use crate::admin::act::{Circumstances, perform};
use crate::admin::error::AdminError;
use crate::admin::groups::{AddGroup, RemoveGroup};
use crate::admin::networks::{ListNetworkLists, SetNetworkList};
use crate::admin::testing::does;
use crate::admin::users::rights::{SetGroups, SetNetworks};
use crate::clock::Timestamp;
use crate::core::testing::TestCore;
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
    set(&test, json!({ "user": "alice" })).await.unwrap();
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
    assert!(unread("office").to_string().contains("is not a network"));
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
        // To end a list shuts nobody out.
        input["allow"] = json!([]);
        input["confirm"] = json!(false);
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
