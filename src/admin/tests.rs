//! Acts as an administrator sees them: what they answer, what follows, what the audit log says.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::error::AdminError;
use super::*;
use crate::account::links::Purpose;
use crate::account::tokens::Scopes;
use crate::audit::Filter;
use crate::clock::Timestamp;
use crate::core::testing::TestCore;
use crate::facts::path::RequestPath;
use crate::transaction::testing::TRANSFER;

const NOBODY: Circumstances<'static> = Circumstances { address: None, request_id: None };

/// Performs the act that this JSON is the input of.
async fn does<A: Act>(test: &TestCore, input: Value) -> Result<Value, AdminError> {
    let act: A = serde_json::from_value(input).unwrap();
    let output = perform(&test.core, &Administrator::at_the_machine(), &NOBODY, act).await?;
    Ok(serde_json::to_value(output).unwrap())
}

#[tokio::test]
async fn a_user_is_added_with_an_invitation_that_opens() {
    let test = TestCore::open().await;
    does::<groups::add::AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    let input = json!({ "user": "Alice", "email": "alice@example.com", "groups": ["staff"], "invite": true });
    let added = does::<users::add::AddUser>(&test, input).await.unwrap();
    assert_eq!((&added["user"]["user"], &added["user"]["groups"]), (&json!("alice"), &json!(["staff"])));
    let url = added["invitation"]["url"].as_str().unwrap();
    let secret = url.strip_prefix("https://auth.example.com/invitation/").unwrap();
    assert_eq!(test.core.links().peek(secret).await.unwrap().unwrap().purpose, Purpose::Invitation);
    // Without mail the message waits, to be shown or printed.
    let message = does::<outbox::show::ShowMessage>(&test, json!({ "message": added["invitation"]["message"] })).await.unwrap();
    assert!(message["body"].as_str().unwrap().contains(url));
    let again = does::<users::add::AddUser>(&test, json!({ "user": "alice" })).await.unwrap_err();
    assert_eq!((again.code(), again.status()), ("user_exists", 409));
    let listed = does::<groups::members::ListMembers>(&test, json!({ "group": "staff" })).await.unwrap();
    assert_eq!(listed["items"][0]["user"], "alice");
}

#[tokio::test]
async fn every_change_is_written_down_whether_it_was_done_or_refused() {
    let test = TestCore::open().await;
    test.user("alice").await;
    does::<users::disable::DisableUser>(&test, json!({ "user": "alice" })).await.unwrap();
    does::<users::disable::DisableUser>(&test, json!({ "user": "nobody" })).await.unwrap_err();
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
    let list = serde_json::from_value::<users::list::ListUsers>(json!({})).unwrap();
    assert_eq!(perform(&test.core, &reader, &NOBODY, list).await.unwrap().items.len(), 1);
    let disable = serde_json::from_value::<users::disable::DisableUser>(json!({ "user": "alice" })).unwrap();
    let refused = perform(&test.core, &reader, &NOBODY, disable).await.unwrap_err();
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
    let issue = serde_json::from_value::<tokens::issue::IssueToken>(issue).unwrap();
    assert_eq!(perform(&test.core, &almost, &NOBODY, issue).await.unwrap_err().code(), "scope_missing");
}

#[tokio::test]
async fn who_may_not_do_everything_neither_makes_administrators_nor_gets_hold_of_one() {
    let test = TestCore::open().await;
    does::<groups::add::AddGroup>(&test, json!({ "group": "administrators" })).await.unwrap();
    let boss = json!({ "user": "boss", "groups": ["administrators"], "invite": true });
    let boss = does::<users::add::AddUser>(&test, boss).await.unwrap();
    test.user("alice").await;
    let until = Timestamp::from_seconds(1_800_003_600);
    let (_, text) = test.core.tokens().issue("desk", Scopes::of(&[Scope::Users]), None, until).await.unwrap();
    let desk = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
    async fn refused<A: Act>(test: &TestCore, who: &Administrator, input: Value) {
        let act: A = serde_json::from_value(input).unwrap();
        let error = perform(&test.core, who, &NOBODY, act).await.err().unwrap();
        assert_eq!(error.code(), "scope_missing", "{}", A::NAME);
    }
    let groups = json!(["administrators"]);
    refused::<users::add::AddUser>(&test, &desk, json!({ "user": "eve", "groups": groups })).await;
    refused::<users::set_groups::SetGroups>(&test, &desk, json!({ "user": "alice", "groups": groups })).await;
    refused::<users::set_groups::SetGroups>(&test, &desk, json!({ "user": "boss", "groups": [] })).await;
    refused::<users::invite::Invite>(&test, &desk, json!({ "user": "boss" })).await;
    refused::<users::reset_factor::ResetFactor>(&test, &desk, json!({ "user": "boss", "factor": "all" })).await;
    refused::<users::change::ChangeUser>(&test, &desk, json!({ "user": "boss", "email": "eve@example.com" })).await;
    refused::<users::disable::DisableUser>(&test, &desk, json!({ "user": "boss" })).await;
    refused::<groups::remove::RemoveGroup>(&test, &desk, json!({ "group": "administrators" })).await;
    refused::<outbox::show::ShowMessage>(&test, &desk, json!({ "message": boss["invitation"]["message"] })).await;
    let invite = serde_json::from_value::<users::invite::Invite>(json!({ "user": "alice" })).unwrap();
    assert!(perform(&test.core, &desk, &NOBODY, invite).await.is_ok());
}

#[tokio::test]
async fn a_lost_factor_is_taken_away_and_a_link_sets_it_anew() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (_, drawn) = test.core.totps().draw(alice.id()).unwrap();
    test.core.totps().adopt(alice.id(), &drawn).await.unwrap();
    let link =
        does::<users::reset_factor::ResetFactor>(&test, json!({ "user": "alice", "factor": "authenticator" })).await.unwrap();
    assert_eq!(link["purpose"], "reset_totp");
    assert!(!test.core.totps().has(alice.id()).await.unwrap());
    let links = does::<users::links::ListLinks>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_eq!(links["items"][0]["id"], link["id"]);
    let void = json!({ "user": "alice", "link": link["id"] });
    does::<users::revoke_link::RevokeLink>(&test, void.clone()).await.unwrap();
    assert_eq!(does::<users::revoke_link::RevokeLink>(&test, void).await.unwrap_err().code(), "not_found");
}

#[tokio::test]
async fn a_certificate_is_registered_edited_switched_and_removed() {
    let test = TestCore::open().await;
    test.user("alice").await;
    let certificate = "ab".repeat(32);
    let input = json!({ "certificate": certificate, "user": "alice", "valid_until": "2030-01-01" });
    let entry = does::<certificates::register::RegisterCertificate>(&test, input.clone()).await.unwrap();
    assert_eq!((&entry["holder"], &entry["enabled"]), (&json!("user"), &json!(true)));
    let again = does::<certificates::register::RegisterCertificate>(&test, input).await.unwrap_err();
    assert_eq!(again.status(), 409);
    let which = json!({ "certificate": certificate });
    does::<certificates::disable::DisableCertificate>(&test, which.clone()).await.unwrap();
    let listed = does::<certificates::list::ListCertificates>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_eq!(listed["items"][0]["enabled"], false);
    let backwards = json!({ "certificate": certificate, "valid_from": "2030-01-01", "valid_until": "2029-01-01" });
    assert_eq!(does::<certificates::edit::EditCertificate>(&test, backwards).await.unwrap_err().code(), "invalid_input");
    does::<certificates::remove::RemoveCertificate>(&test, which.clone()).await.unwrap();
    assert_eq!(does::<certificates::enable::EnableCertificate>(&test, which).await.unwrap_err().code(), "unknown_certificate");
    let nobody = json!({ "certificate": certificate });
    assert_eq!(does::<certificates::register::RegisterCertificate>(&test, nobody).await.unwrap_err().code(), "invalid_input");
}

#[tokio::test]
async fn the_programs_own_settings_are_neither_shown_nor_changed() {
    let test = TestCore::open().await;
    assert_eq!(does::<settings::list::ListSettings>(&test, json!({})).await.unwrap()["items"], json!([]));
    let own = json!({ "name": "state.sealed_by", "value": "0" });
    assert_eq!(does::<settings::set::SetSetting>(&test, own).await.unwrap_err().code(), "invalid_input");
    let unknown = json!({ "name": "portal.notise", "value": "hello" });
    let told = does::<settings::set::SetSetting>(&test, unknown).await.unwrap_err().to_string();
    assert!(told.contains("portal.notice"), "{told}");
    does::<settings::set::SetSetting>(&test, json!({ "name": "portal.notice", "value": "hello" })).await.unwrap();
    assert_eq!(does::<settings::list::ListSettings>(&test, json!({})).await.unwrap()["items"][0]["value"], "hello");
    does::<settings::clear::ClearSetting>(&test, json!({ "name": "portal.notice" })).await.unwrap();
    assert_eq!(does::<settings::clear::ClearSetting>(&test, json!({ "name": "portal.notice" })).await.unwrap_err().status(), 404);
}

#[tokio::test]
async fn explain_tells_all_six_checks_and_the_lines_that_demand_them() {
    let test = TestCore::with("demands.otp = { max_age = \"1h\" }\n").await;
    test.user("alice").await;
    let asks = |with: Value| json!({ "app": "wiki", "from": "192.0.2.1", "user": "alice", "with": with });
    let told = does::<explain::Explain>(&test, asks(json!([]))).await.unwrap();
    let says: Vec<_> = told["checks"].as_array().unwrap().iter().map(|check| check["says"].as_str().unwrap()).collect();
    assert_eq!(says, ["not_applicable", "not_applicable", "not_applicable", "fail", "not_evaluated", "not_evaluated"]);
    assert_eq!((&told["verdict"], &told["because"]), (&json!("ask"), &json!("primary_factor_missing")));
    // What the chain did not come to is told as well: which line demands it, and what.
    assert_eq!(told["checks"][5]["lines"].as_array().unwrap().len(), 1);
    assert!(told["checks"][5]["demands"].as_str().unwrap().contains("totp"), "{told}");
    let told = does::<explain::Explain>(&test, asks(json!(["password", "totp@2h"]))).await.unwrap();
    assert_eq!((&told["verdict"], &told["because"]), (&json!("ask"), &json!("otp_too_old")));
    let told = does::<explain::Explain>(&test, asks(json!(["password", "totp@5m"]))).await.unwrap();
    assert_eq!((&told["verdict"], &told["identity"]), (&json!("pass"), &json!("alice")));
    let unknown = does::<explain::Explain>(&test, json!({ "app": "wikki", "from": "192.0.2.1" })).await.unwrap_err();
    assert!(unknown.to_string().contains("did you mean `wiki`"), "{unknown}");
}

#[tokio::test]
async fn explain_names_the_rules_of_all_readings_of_a_path_t11() {
    let rule = "[[app.rule]]\npaths = [\"/admin/**\"]\ndemands.otp = {}\n";
    let test = TestCore::with(&format!("{rule}{TRANSFER}")).await;
    let explain = async |path: &str, method: &str| {
        let input = json!({ "app": "wiki", "from": "192.0.2.1", "path": path, "method": method });
        does::<explain::Explain>(&test, input).await
    };
    let told = explain("/Admin/", "GET").await.unwrap();
    assert_eq!(told["policy"], "wiki + wiki /admin/**");
    let readings = told["readings"].as_array().unwrap();
    assert_eq!(readings[0], json!({ "reading": "/Admin/", "policy": "wiki" }));
    assert_eq!(readings[1], json!({ "reading": "/Admin/ (letters' case aside)", "policy": "wiki /admin/**" }));
    assert!(told["checks"][5]["demands"].as_str().unwrap().contains("totp"), "{told}");
    let told = explain("/admin/x", "GET").await.unwrap();
    assert_eq!((&told["policy"], told.get("readings")), (&json!("wiki /admin/**"), None), "it has one");
    let told = explain("/Transfer", "POST").await.unwrap_err().to_string();
    assert!(told.contains("no transaction") && told.contains("the transaction `transfer`"), "{told}");
}

#[tokio::test]
async fn a_switched_off_user_is_explained_as_such() {
    let test = TestCore::open().await;
    test.user("alice").await;
    does::<users::disable::DisableUser>(&test, json!({ "user": "alice" })).await.unwrap();
    let input = json!({ "app": "wiki", "from": "192.0.2.1", "user": "alice", "with": ["password"] });
    let told = does::<explain::Explain>(&test, input).await.unwrap();
    assert_eq!((&told["verdict"], &told["because"]), (&json!("refuse"), &json!("user_disabled")));
}

#[test]
fn routes_are_distinct_normal_and_name_fields_of_their_input() {
    struct Seen {
        routes: BTreeSet<String>,
        names: BTreeSet<&'static str>,
    }
    impl Visitor for Seen {
        fn visit<A: Act>(&mut self) {
            assert!(self.names.insert(A::NAME), "{} is there twice", A::NAME);
            let bare: String = A::ROUTE.path.split('/').map(|part| if part.starts_with('{') { "/*" } else { "/x" }).collect();
            assert!(self.routes.insert(format!("{:?} {} {bare}", A::ROUTE.verb, A::ROUTE.path)), "{}", A::ROUTE.path);
            assert!(RequestPath::parse(&A::ROUTE.path.replace(['{', '}'], "")).is_ok());
            let schema = serde_json::to_value(A::schema()).unwrap();
            for name in A::ROUTE.parameters() {
                assert!(schema["properties"].get(name).is_some(), "{}: {name} is no field", A::NAME);
            }
            // What can be looked at without changing anything needs no line in the log, and the other way round.
            assert!(A::ROUTE.verb != Verb::Get || A::SCOPE != Scope::All, "{}", A::NAME);
        }
    }
    every(&mut Seen { routes: BTreeSet::new(), names: BTreeSet::new() });
}

/// An input of any act: of its fields those that are named here, about this user.
fn sample<A: Act>(user: &str, certificate: &str, message: &str) -> A {
    let values = json!({
        "user": user, "owner": user, "groups": ["staff"], "group": "staff", "certificate": certificate, "to": "on",
        "factor": "transaction_password", "link": "L", "session": "S", "browser": "B", "label": "a token", "scopes": ["read"],
        "token": "T", "network": "192.0.2.1", "message": message, "deed": "assign", "users": [user], "approver": "P",
        "approval": "A", "transaction": "X", "name": "portal.notice", "value": "hello", "app": "wiki", "from": "192.0.2.1",
        "methods": ["password"],
    });
    let schema = serde_json::to_value(A::schema()).unwrap();
    let fields = schema["properties"].as_object().cloned().unwrap_or_default();
    // One name, two meanings: an address or a moment, a fingerprint or the PEM itself.
    let fits = |name: &str| match name {
        "from" => A::NAME == "explain",
        "certificate" => A::NAME != "explain",
        _ => true,
    };
    let of_this = |name: &str| fields.contains_key(name) && fits(name);
    let input: serde_json::Map<String, Value> = values
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| of_this(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    serde_json::from_value(Value::Object(input)).unwrap_or_else(|error| panic!("{}: {error}", A::NAME))
}

/// Every act, what a token needs for it, and whom it is about. Who adds an act adds its line here.
const TARGETS: &str = "\
user.add              users         Member(None, [staff])
user.list             read          Nobody
user.show             read          Seen(boss)
user.change           users         Account(boss)
user.enable           users         Account(boss)
user.disable          users         Account(boss)
user.remove           users         Account(boss)
user.set_groups       users         Member(Some(boss), [staff])
user.set_networks     users         Account(boss)
user.set_methods      users         Account(boss)
user.set_certificates certificates  Account(boss)
user.invite           users         Account(boss)
user.reset_factor     users         Account(boss)
user.links            users         Seen(boss)
user.revoke_link      users         Ends(L)
user.sign_out         sessions      Ends(boss)
group.add             users         Group(staff)
group.list            read          Nobody
group.members         read          Nobody
group.remove          users         Group(staff)
session.list          read          Seen(boss)
session.revoke        sessions      Ends(S)
browser.list          read          Seen(boss)
browser.revoke        sessions      Ends(B)
browser.revoke_all    sessions      Ends(boss)
certificate.register  certificates  Account(boss)
certificate.list      read          Seen(boss)
certificate.enable    certificates  Certificate(C)
certificate.disable   certificates  Ends(C)
certificate.edit      certificates  Certificate(C)
certificate.remove    certificates  Certificate(C)
certificate.sightings read          Seen(boss)
token.issue           all           Account(boss)
token.list            read          Nobody
token.revoke          all           Ends(T)
audit.query           audit         Nobody
audit.keys            read          Nobody
settings.list         read          Nobody
settings.set          settings      Nobody
settings.clear        settings      Nobody
lock.list             read          Nobody
lock.lift             settings      Account(boss)
outbox.list           read          Nobody
outbox.show           users         Message(M)
outbox.remove         users         Ends(M)
push.assign           users         Account(boss)
push.unassign         users         Account(boss)
push.invite           users         Account(boss)
push.many             users         Each
push.list             read          Seen(boss)
push.remove           users         Account(boss)
push.unregister       users         Account(boss)
push.suspend          users         Account(boss)
push.resume           users         Account(boss)
push.unlock           users         Account(boss)
approval.list         read          Seen(boss)
approval.cancel       sessions      Ends(A)
transaction.list      audit         Nobody
transaction.show      audit         Nobody
transaction.cancel    sessions      Ends(X)
transaction.export    audit         Nobody
login_protect.show    read          Nobody
login_protect.disable all           Nobody
login_protect.restore all           Nobody
login_protect.service all           Nobody
explain               read          Seen(boss)
";

#[test]
fn every_act_names_whom_it_is_about() {
    struct Table(String);
    impl Visitor for Table {
        fn visit<A: Act>(&mut self) {
            let target = format!("{:?}", sample::<A>("boss", "C", "M").target()).replace('"', "");
            let target = target.replace("UserId(boss)", "boss").replace("GroupName(staff)", "staff");
            self.0.push_str(&format!("{:<21} {:<13} {target}\n", A::NAME, A::SCOPE.word()));
        }
    }
    let mut table = Table(String::new());
    every(&mut table);
    println!("{}", table.0);
    assert_eq!(table.0, TARGETS);
}

/// One act at a time: whether a token with exactly its scope may.
struct Tried<'a> {
    test: &'a TestCore,
    named: [&'a str; 3],
    may: Vec<(&'static str, Answer<'a>)>,
}

type Answer<'a> = std::pin::Pin<Box<dyn Future<Output = bool> + 'a>>;

impl Visitor for Tried<'_> {
    fn visit<A: Act>(&mut self) {
        let [user, certificate, message] = self.named;
        let (core, target) = (&self.test.core, sample::<A>(user, certificate, message).target());
        self.may.push((
            A::NAME,
            Box::pin(async move {
                let ends = Timestamp::from_seconds(1_800_003_600);
                let (_, text) = core.tokens().issue(A::NAME, Scopes::of(&[A::SCOPE]), None, ends).await.unwrap();
                let bearer = Administrator::by_token(&core.tokens().find(&text).unwrap());
                may(core, &bearer, A::SCOPE, &target).await.is_ok()
            }),
        ));
    }
}

#[tokio::test]
async fn no_token_but_one_for_all_changes_an_administrators_account() {
    let test = TestCore::open().await;
    does::<groups::add::AddGroup>(&test, json!({ "group": "administrators" })).await.unwrap();
    does::<groups::add::AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    let mut named = Vec::new();
    for (user, groups, certificate) in [("boss", json!(["administrators"]), "ab"), ("alice", json!(["staff"]), "cd")] {
        let input = json!({ "user": user, "groups": groups, "invite": true });
        let added = does::<users::add::AddUser>(&test, input).await.unwrap();
        let certificate = certificate.repeat(32);
        let input = json!({ "certificate": certificate, "user": user });
        does::<certificates::register::RegisterCertificate>(&test, input).await.unwrap();
        named.push((user, certificate, added["invitation"]["message"].as_str().unwrap().to_owned()));
    }
    for (user, certificate, message) in &named {
        let mut tried = Tried { test: &test, named: [user, certificate, message], may: Vec::new() };
        every(&mut tried);
        for ((name, may), line) in tried.may.into_iter().zip(TARGETS.lines()) {
            let changes = ["Account(", "Member(Some", "Certificate(", "Message("].iter().any(|target| line.contains(target));
            let expected = *user == "alice" || !changes || line.contains(" all ");
            assert_eq!(may.await, expected, "{name} of {user}");
        }
    }
    // A machine that is called as an administrator, a group of administrators, and membership in it.
    let until = Timestamp::from_seconds(1_800_003_600);
    let strong = [Scope::Read, Scope::Users, Scope::Sessions, Scope::Certificates, Scope::Audit, Scope::Settings];
    let (_, text) = test.core.tokens().issue("almost", Scopes::of(&strong), None, until).await.unwrap();
    let almost = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
    async fn tried<A: Act>(test: &TestCore, who: &Administrator, input: Value) -> Option<&'static str> {
        let act: A = serde_json::from_value(input).unwrap();
        perform(&test.core, who, &NOBODY, act).await.err().map(|error| error.code())
    }
    let new = |holder: (&str, &str), digits: &str| json!({ "certificate": digits.repeat(32), holder.0: holder.1 });
    type Register = certificates::register::RegisterCertificate;
    assert_eq!(tried::<Register>(&test, &almost, new(("user", "boss"), "01")).await, Some("scope_missing"));
    assert_eq!(tried::<Register>(&test, &almost, new(("machine", "BOSS"), "02")).await, Some("scope_missing"));
    assert_eq!(tried::<Register>(&test, &almost, new(("machine", "turbine 7"), "03")).await, None);
    assert_eq!(tried::<Register>(&test, &almost, new(("user", "alice"), "04")).await, None);
    let several = json!({ "deed": "invite", "users": ["boss", "alice"] });
    let several = serde_json::from_value::<push::many::PushMany>(several).unwrap();
    let told = perform(&test.core, &almost, &NOBODY, several).await.unwrap();
    let told: Vec<_> = told.items.iter().map(|told| (told.user.as_str(), told.outcome.as_str())).collect();
    assert_eq!(told, [("alice", "done"), ("boss", "scope_missing")]);
}
