//! Users as administrators change them, and what follows.

use serde_json::json;

use crate::account::links::LinkPurpose;
use crate::admin::groups::{AddGroup, ListMembers};
use crate::admin::outbox::ShowMessage;
use crate::admin::testing::does;
use crate::admin::users::invitation::{ListLinks, RevokeLink};
use crate::admin::users::passkey::RemovePasskey;
use crate::admin::users::profile::AddUser;
use crate::admin::users::rights::ResetFactor;
use crate::admin::users::views::ShowUser;
use crate::core::testing::TestCore;
use crate::factor::passkey::PasskeyAnswer;
use crate::factor::passkey::testing::SoftKey;

#[tokio::test]
async fn a_user_is_added_with_an_invitation_that_opens() {
    let test = TestCore::open().await;
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    let input = json!({ "user": "Alice", "email": "alice@example.com", "groups": ["staff"], "invite": true });
    let added = does::<AddUser>(&test, input).await.unwrap();
    assert_eq!((&added["user"]["user"], &added["user"]["groups"]), (&json!("alice"), &json!(["staff"])));
    let url = added["invitation"]["url"].as_str().unwrap();
    let secret = url.strip_prefix("https://auth.example.com/invitation/").unwrap();
    assert_eq!(test.core.links().peek(secret).await.unwrap().unwrap().purpose, LinkPurpose::Invitation);
    // Without mail the message waits, to be shown or printed.
    let message = does::<ShowMessage>(&test, json!({ "message": added["invitation"]["message"] })).await.unwrap();
    assert!(message["body"].as_str().unwrap().contains(url));
    let again = does::<AddUser>(&test, json!({ "user": "alice" })).await.unwrap_err();
    assert_eq!((again.code(), again.status()), ("user_exists", 409));
    let listed = does::<ListMembers>(&test, json!({ "group": "staff" })).await.unwrap();
    assert_eq!(listed["items"][0]["user"], "alice");
}

/// The sessions that the lost one opened end, those by the other stay.
#[tokio::test]
async fn one_passkey_is_removed_and_the_others_stay() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let mut made = Vec::new();
    for id in [1, 2] {
        let (mut key, passkeys) = (SoftKey::new(id), test.core.passkeys());
        let ceremony = passkeys.begin_registration(alice.id(), "", "a test").await.unwrap();
        let answer = PasskeyAnswer { place: "a test", ceremony: &ceremony.id, credential: &key.create(&ceremony.options) };
        made.push(passkeys.register(alice.id(), answer, "key").await.unwrap().id.text());
    }
    let remove = |user: &str, passkey: &str| json!({ "user": user, "passkey": passkey });
    test.user("bob").await;
    for (user, passkey, code) in
        [("bob", made[0].as_str(), "not_found"), ("alice", "x", "not_found"), ("carol", &made[0], "unknown_user")]
    {
        assert_eq!(does::<RemovePasskey>(&test, remove(user, passkey)).await.unwrap_err().code(), code, "{user}");
    }
    does::<RemovePasskey>(&test, remove("alice", &made[0])).await.unwrap();
    let shown = does::<ShowUser>(&test, json!({ "user": "alice" })).await.unwrap();
    let left: Vec<_> = shown["passkeys"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(left, [json!(made[1])]);
    let links = does::<ListLinks>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_eq!(links["items"], json!([]), "no link is made");
    assert_eq!(does::<RemovePasskey>(&test, remove("alice", &made[0])).await.unwrap_err().code(), "not_found");
}

#[tokio::test]
async fn a_lost_factor_is_taken_away_and_a_link_sets_it_anew() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (_, drawn) = test.core.totps().draw(alice.id()).unwrap();
    test.core.totps().adopt(alice.id(), &drawn).await.unwrap();
    let link = does::<ResetFactor>(&test, json!({ "user": "alice", "factor": "authenticator" })).await.unwrap();
    assert_eq!(link["purpose"], "reset_totp");
    assert!(!test.core.totps().has(alice.id()).await.unwrap());
    let links = does::<ListLinks>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_eq!(links["items"][0]["id"], link["id"]);
    let void = json!({ "user": "alice", "link": link["id"] });
    does::<RevokeLink>(&test, void.clone()).await.unwrap();
    assert_eq!(does::<RevokeLink>(&test, void).await.unwrap_err().code(), "not_found");
}
