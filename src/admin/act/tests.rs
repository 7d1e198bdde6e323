//! Scopes, targets and the audit log: what `perform` judges and writes down.

use serde_json::{Value, json};

use crate::account::tokens::{Scope, Scopes};
use crate::admin::act::{Act, Circumstances, perform};
use crate::admin::groups::{AddGroup, RemoveGroup};
use crate::admin::outbox::ShowMessage;
use crate::admin::testing::does;
use crate::admin::tokens::IssueToken;
use crate::admin::users::factors::ResetFactor;
use crate::admin::users::invitation::Invite;
use crate::admin::users::profile::{AddUser, ChangeUser, DisableUser};
use crate::admin::users::rights::SetGroups;
use crate::admin::users::views::ListUsers;
use crate::audit::Filter;
use crate::clock::Timestamp;
use crate::core::testing::TestCore;
use crate::session::Administrator;

#[tokio::test]
async fn every_change_is_written_down_whether_it_was_done_or_refused() {
    let test = TestCore::open().await;
    test.user("alice").await;
    does::<DisableUser>(&test, json!({ "user": "alice" })).await.unwrap();
    does::<DisableUser>(&test, json!({ "user": "nobody" })).await.unwrap_err();
    let log = test.core.audit().query(&Filter::default(), None, 10).await.unwrap();
    let told: Vec<_> = log.iter().map(|row| (row.what.as_str(), row.user.as_deref(), row.refusal.as_deref())).collect();
    assert_eq!(told, [("user.disable", Some("nobody"), Some("unknown_user")), ("user.disable", Some("alice"), None)]);
    assert!(log.iter().all(|row| row.actor.as_deref() == Some("command-line")));
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_and_a_refusal_is_written_down() {
    let test = TestCore::open().await;
    test.user("alice").await;
    let until = Timestamp::from_seconds(1_800_003_600);
    let (_, text) = test.core.tokens().issue("monitor", Scopes::of(&[Scope::Read]), None, until).await.unwrap();
    let reader = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
    let list = serde_json::from_value::<ListUsers>(json!({})).unwrap();
    assert_eq!(perform(&test.core, &reader, &Circumstances::default(), list).await.unwrap().items.len(), 1);
    let disable = serde_json::from_value::<DisableUser>(json!({ "user": "alice" })).unwrap();
    let refused = perform(&test.core, &reader, &Circumstances::default(), disable).await.unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("scope_missing", 403));
    assert!(test.core.users().list()[0].standing().enabled);
    let log = test.core.audit().query(&Filter::default(), None, 1).await.unwrap();
    assert_eq!((log[0].actor.as_deref(), log[0].refusal.as_deref()), (Some("token:monitor"), Some("scope_missing")));
}

#[tokio::test]
async fn only_who_may_do_everything_makes_tokens() {
    let test = TestCore::open().await;
    let until = Timestamp::from_seconds(1_800_003_600);
    let strong = [Scope::Read, Scope::Users, Scope::Sessions, Scope::Certificates, Scope::Audit, Scope::Settings];
    let (_, text) = test.core.tokens().issue("almost", Scopes::of(&strong), None, until).await.unwrap();
    let almost = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
    let issue = json!({ "label": "more", "scopes": ["all"] });
    let issue = serde_json::from_value::<IssueToken>(issue).unwrap();
    assert_eq!(perform(&test.core, &almost, &Circumstances::default(), issue).await.unwrap_err().code(), "scope_missing");
}

#[tokio::test]
async fn who_may_not_do_everything_neither_makes_administrators_nor_gets_hold_of_one() {
    let test = TestCore::open().await;
    does::<AddGroup>(&test, json!({ "group": "administrators" })).await.unwrap();
    let boss = json!({ "user": "boss", "groups": ["administrators"], "invite": true });
    let boss = does::<AddUser>(&test, boss).await.unwrap();
    test.user("alice").await;
    let until = Timestamp::from_seconds(1_800_003_600);
    let (_, text) = test.core.tokens().issue("desk", Scopes::of(&[Scope::Users]), None, until).await.unwrap();
    let desk = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
    async fn refused<A: Act>(test: &TestCore, who: &Administrator, input: Value) {
        let act: A = serde_json::from_value(input).unwrap();
        let error = perform(&test.core, who, &Circumstances::default(), act).await.err().unwrap();
        assert_eq!(error.code(), "scope_missing", "{}", A::NAME);
    }
    let groups = json!(["administrators"]);
    refused::<AddUser>(&test, &desk, json!({ "user": "eve", "groups": groups })).await;
    refused::<SetGroups>(&test, &desk, json!({ "user": "alice", "groups": groups })).await;
    refused::<SetGroups>(&test, &desk, json!({ "user": "boss", "groups": [] })).await;
    refused::<Invite>(&test, &desk, json!({ "user": "boss" })).await;
    refused::<ResetFactor>(&test, &desk, json!({ "user": "boss", "factor": "all" })).await;
    refused::<ChangeUser>(&test, &desk, json!({ "user": "boss", "email": "eve@example.com" })).await;
    refused::<DisableUser>(&test, &desk, json!({ "user": "boss" })).await;
    refused::<RemoveGroup>(&test, &desk, json!({ "group": "administrators" })).await;
    refused::<ShowMessage>(&test, &desk, json!({ "message": boss["invitation"]["message"] })).await;
    let invite = serde_json::from_value::<Invite>(json!({ "user": "alice" })).unwrap();
    assert!(perform(&test.core, &desk, &Circumstances::default(), invite).await.is_ok());
}
