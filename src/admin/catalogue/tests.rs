//! The list of every act, as tests: routes, whom each is about, and what each writes down.

use crate::account::tokens::{Scope, Scopes};
use crate::admin::act::{Act, Circumstances, Verb, may, perform};
use crate::admin::catalogue::{ActVisitor, every};
use crate::admin::certificates::RegisterCertificate;
use crate::admin::groups::{AddGroup, RemoveGroup};
use crate::admin::networks::SetNetworkList;
use crate::admin::phones::many::PushMany;
use crate::admin::testing::does;
use crate::admin::users::certificates::SetGroupCertificates;
use crate::admin::users::profile::AddUser;
use crate::admin::users::rights::SetGroups;
use crate::audit::Filter;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::core::testing::TestCore;
use crate::facts::path::RequestPath;
use crate::session::Administrator;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn routes_are_distinct_normal_and_name_fields_of_their_input() {
    struct Seen {
        routes: BTreeSet<String>,
        names: BTreeSet<&'static str>,
    }
    impl ActVisitor for Seen {
        fn visit<A: Act>(&mut self) {
            assert!(self.names.insert(A::NAME), "{} is there twice", A::NAME);
            let bare: String = A::ROUTE.path.split('/').map(|part| if part.starts_with('{') { "/*" } else { "/x" }).collect();
            assert!(self.routes.insert(format!("{:?} {} {bare}", A::ROUTE.verb, A::ROUTE.path)), "{}", A::ROUTE.path);
            assert!(RequestPath::parse(&A::ROUTE.path.replace(['{', '}'], "")).is_ok());
            let schema = serde_json::to_value(A::schema()).unwrap();
            for name in A::ROUTE.parameters() {
                assert!(schema["properties"].get(name).is_some(), "{}: {name} is not a field", A::NAME);
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
        "user": user, "owner": user, "groups": ["staff"], "group": "staff", "certificate": certificate, "certificates": [certificate], "to": "on", "setting": "required",
        "factor": "transaction_password", "link": "L", "session": "S", "browser": "B", "label": "a token", "scopes": ["read"],
        "token": "T", "network": "192.0.2.1", "message": message, "action": "assign", "users": [user], "approver": "P",
        "approval": "A", "transaction": "X", "name": "portal.notice", "value": "hello", "app": "wiki", "from": "192.0.2.1",
        "methods": ["password"], "provider": "P", "application": "D", "passkey": "K", "subject": "S", "identity": "I", "directory": "corp", "pattern": "A1 C3",
        "organisation": "Example", "authority": "issuing-1", "chain": "C", "key": "K", "pem": "P", "file": "F", "last_day": "2030-01-01",
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
user.set_device_designation users         Account(boss)
user.invite           users         Account(boss)
user.reset_factor     users         Account(boss)
user.remove_passkey   users         Account(boss)
matrix.issue          users         Account(boss)
matrix.notice         users         Account(boss)
matrix.reset          users         Account(boss)
matrix.issue_many     users         Each
matrix.list           read          Nobody
matrix.test           read          Seen(boss)
user.unlink_directory users         Account(boss)
user.untie_account    users         Account(boss)
user.links            users         Seen(boss)
user.revoke_link      users         Ends(L)
user.sign_out         sessions      Ends(boss)
user.identities       read          Seen(boss)
user.link             users         Account(boss)
user.unlink           users         Account(boss)
idp.list              read          Nobody
idp.test              read          Nobody
idp.metadata          read          Nobody
group.add             users         Group(staff)
group.list            read          Nobody
group.members         read          Nobody
group.remove          users         Members(staff)
network.set           settings      Account(boss)
network.list          read          Seen(boss)
group.set_certificates certificates  Members(staff)
session.list          read          Seen(boss)
session.revoke        sessions      Ends(S)
browser.list          read          Seen(boss)
browser.revoke        sessions      Ends(B)
browser.revoke_all    sessions      Ends(boss)
browser.invite        users         Account(boss)
device.list           read          Seen(boss)
device.approve        users         Application(D)
device.reject         users         Ends(D)
device.revoke         sessions      Ends(D)
certificate.register  certificates  Account(boss)
certificate.import    certificates  Each
certificate.list      read          Seen(boss)
certificate.enable    certificates  Certificate(C)
certificate.disable   certificates  Ends(C)
certificate.edit      certificates  Certificate(C)
certificate.remove    certificates  Certificate(C)
certificate.sightings read          Seen(boss)
certificate.results   read          Seen(boss)
certificate.test      read          Seen(boss)
certificate.rollout   read          Nobody
certificate.issue     certificates  Account(boss)
certificate.sign      certificates  Account(boss)
certificate.download  certificates  Certificate(C)
certificate.revoke    certificates  Ends(C)
certificate.revoke_many certificates  Ends()
authority.create      all           Nobody
authority.renew       all           Nobody
authority.import      all           Nobody
authority.withdraw    all           Nobody
authority.list        read          Nobody
crl.list              read          Nobody
crl.refresh           certificates  Nobody
token.issue           all           Account(boss)
token.list            read          Nobody
token.revoke          all           Ends(T)
audit.query           audit         Nobody
audit.keys            read          Nobody
directory.list        read          Nobody
directory.test        read          Nobody
directory.sync        users         Nobody
tls.list              read          Nobody
tls.renew             settings      Nobody
tls.rotate_account    settings      Nobody
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
    impl ActVisitor for Table {
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

impl ActVisitor for Tried<'_> {
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
    does::<AddGroup>(&test, json!({ "group": "administrators" })).await.unwrap();
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    let mut named = Vec::new();
    for (user, groups, certificate) in [("boss", json!(["administrators", "staff"]), "ab"), ("alice", json!(["staff"]), "cd")] {
        let input = json!({ "user": user, "groups": groups, "invite": true });
        let added = does::<AddUser>(&test, input).await.unwrap();
        let certificate = certificate.repeat(32);
        let input = json!({ "certificate": certificate, "user": user });
        does::<RegisterCertificate>(&test, input).await.unwrap();
        named.push((user, certificate, added["invitation"]["message"].as_str().unwrap().to_owned()));
    }
    for (user, certificate, message) in &named {
        let mut tried = Tried { test: &test, named: [user, certificate, message], may: Vec::new() };
        every(&mut tried);
        for ((name, may), line) in tried.may.into_iter().zip(TARGETS.lines()) {
            let changes = ["Account(", "Member(Some", "Certificate(", "Message("].iter().any(|target| line.contains(target));
            // Of the group both are members.
            let of_boss = *user == "boss" || line.contains("Members(");
            let changes = changes || line.contains("Members(");
            let expected = !of_boss || !changes || line.contains(" all ");
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
        perform(&test.core, who, &Circumstances::default(), act).await.err().map(|error| error.code())
    }
    let new = |holder: (&str, &str), digits: &str| json!({ "certificate": digits.repeat(32), holder.0: holder.1 });
    type Register = RegisterCertificate;
    assert_eq!(tried::<Register>(&test, &almost, new(("user", "boss"), "01")).await, Some("scope_missing"));
    assert_eq!(tried::<Register>(&test, &almost, new(("machine", "BOSS"), "02")).await, Some("scope_missing"));
    assert_eq!(tried::<Register>(&test, &almost, new(("machine", "turbine 7"), "03")).await, None);
    assert_eq!(tried::<Register>(&test, &almost, new(("user", "alice"), "04")).await, None);
    // What is demanded of an administrator by way of a group, of the portal or of its administration.
    type Networks = SetNetworkList;
    does::<AddGroup>(&test, json!({ "group": "guests" })).await.unwrap();
    does::<SetGroups>(&test, json!({ "user": "alice", "groups": ["guests", "staff"] })).await.unwrap();
    for (group, refused) in [("staff", Some("scope_missing")), ("administrators", Some("scope_missing")), ("guests", None)] {
        let certificates = json!({ "group": group, "setting": "required" });
        assert_eq!(tried::<SetGroupCertificates>(&test, &almost, certificates).await, refused, "{group}");
        let networks = json!({ "group": group, "deny": ["192.0.2.0/24"], "confirm": true });
        assert_eq!(tried::<Networks>(&test, &almost, networks).await, refused, "{group}");
    }
    for place in ["portal", "portal/admin"] {
        let networks = json!({ "app": place, "deny": ["192.0.2.0/24"], "confirm": true });
        assert_eq!(tried::<Networks>(&test, &almost, networks).await, Some("scope_missing"), "{place}");
    }
    assert_eq!(tried::<RemoveGroup>(&test, &almost, json!({ "group": "staff" })).await, Some("scope_missing"));
    assert_eq!(tried::<RemoveGroup>(&test, &almost, json!({ "group": "guests" })).await, None);
    let several = json!({ "action": "invite", "users": ["boss", "alice"] });
    let several = serde_json::from_value::<PushMany>(several).unwrap();
    let answer = perform(&test.core, &almost, &Circumstances::default(), several).await.unwrap();
    let outcomes: Vec<_> = answer.items.iter().map(|row| (row.user.as_str(), row.outcome.as_str())).collect();
    assert_eq!(outcomes, [("alice", "done"), ("boss", "scope_missing")]);
}

/// What somebody may paste into any field by mistake.
const PASTED: [&str; 2] = [
    "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG/ByqGSM49+AgEGCCqGSM49\n-----END PRIVATE KEY-----\n",
    "MIGHAgEAMBMG/ByqGSM49+AgEGCCqGSM49",
];

/// Every act, as often as it has fields that take any text: each of them with what was pasted.
struct Pasted<'a> {
    core: &'a Core,
    by: &'a Administrator,
    acts: Vec<(&'static str, Answer<'a>)>,
}

impl ActVisitor for Pasted<'_> {
    fn visit<A: Act>(&mut self) {
        let schema = serde_json::to_value(A::schema()).unwrap();
        for name in schema["properties"].as_object().into_iter().flat_map(serde_json::Map::keys) {
            for (pasted, several) in PASTED.iter().flat_map(|pasted| [(pasted, false), (pasted, true)]) {
                let mut input = serde_json::to_value(sample::<A>("alice", &"ab".repeat(32), "M")).unwrap();
                input[name] = if several { json!([pasted]) } else { json!(pasted) };
                // What is read already, a user's name or a network, takes no such text.
                let Ok(act) = serde_json::from_value::<A>(input) else { continue };
                let (core, by) = (self.core, self.by);
                self.acts
                    .push((A::NAME, Box::pin(async move { perform(core, by, &Circumstances::default(), act).await.is_ok() })));
            }
        }
    }
}

#[tokio::test]
async fn what_was_pasted_into_a_field_by_mistake_is_not_in_the_log() {
    let test = TestCore::open().await;
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    test.user("alice").await;
    let machine = Administrator::at_the_machine();
    let mut pasted = Pasted { core: &test.core, by: &machine, acts: Vec::new() };
    every(&mut pasted);
    let names: BTreeSet<&str> = pasted.acts.iter().map(|(name, _)| *name).collect();
    for name in ["certificate.register", "certificate.issue", "authority.create", "session.revoke", "settings.set", "tls.renew"] {
        assert!(names.contains(name), "{name} takes no text");
    }
    for (name, act) in pasted.acts {
        let is_done = act.await;
        let log = test.core.audit().query(&Filter::default(), None, 1).await.unwrap();
        let last = log.first().filter(|row| row.what == name && (row.refusal.is_some() || !is_done));
        assert!(!format!("{last:?}").contains("MIGHAgEA"), "{last:?}");
    }
    // Nowhere is a whole key, whatever was done.
    let log = test.core.audit().query(&Filter::default(), None, 10_000).await.unwrap();
    assert!(log.len() > 100 && !log.iter().any(|row| format!("{row:?}").contains("PRIVATE KEY")), "{}", log.len());
}
