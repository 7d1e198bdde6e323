//! The list of every act: the command line, `/api/v1` and its OpenAPI document are made from it.

use crate::admin::act::Act;
use crate::admin::approvals::{CancelApproval, ListApprovals};
use crate::admin::audit::{ListKeys, QueryAudit};
use crate::admin::authority::{CreateAuthority, ImportAuthority, ListAuthorities, RenewAuthority, WithdrawAuthority};
use crate::admin::browsers::{ListBrowsers, RevokeBrowser, RevokeBrowsers};
use crate::admin::certificate_results::{ListCertificateResults, ListSightings};
use crate::admin::certificate_test::TestCertificate;
use crate::admin::certificates::{
    DisableCertificate, EditCertificate, EnableCertificate, ListCertificates, RegisterCertificate, RemoveCertificate,
};
use crate::admin::crls::{ListCrls, RefreshCrls};
use crate::admin::devices::{ApproveDevice, ListDevices, RejectDevice, RevokeDevice};
use crate::admin::directories::{ListDirectories, SyncDirectory, TestDirectory};
use crate::admin::explain::Explain;
use crate::admin::groups::{AddGroup, ListGroups, ListMembers, RemoveGroup};
use crate::admin::idp::{IdpMetadata, LinkIdentity, ListIdentities, ListIdps, TestIdp, UnlinkIdentity};
use crate::admin::issuing::{DownloadCertificate, IssueCertificate, RevokeCertificate, RevokeCertificates, SignRequest};
use crate::admin::locks::{LiftLock, ListLocks};
use crate::admin::login_protect::{DisableLoginProtect, DrawService, RestoreLoginProtect, ShowLoginProtect};
use crate::admin::matrix::issue::{IssuePattern, ResetPattern, ShowPatternNotice};
use crate::admin::matrix::list::ListPatterns;
use crate::admin::matrix::many::IssueMany;
use crate::admin::matrix::test::TestPattern;
use crate::admin::networks::{ListNetworkLists, SetNetworkList};
use crate::admin::outbox::{ListMessages, RemoveMessage, ShowMessage};
use crate::admin::phones::many::PushMany;
use crate::admin::phones::{AssignPush, InviteApprover, UnassignPush};
use crate::admin::phones::{
    ListApprovers, RemoveApprover, ResumeApprovals, SuspendApprovals, UnlockApprovals, UnregisterApprovers,
};
use crate::admin::rollout::CertificateRollout;
use crate::admin::sessions::{ListSessions, RevokeSession};
use crate::admin::settings::{ClearSetting, ListSettings, SetSetting};
use crate::admin::tls::{ListTls, RenewTls, RotateAccount};
use crate::admin::tokens::{IssueToken, ListTokens, RevokeToken};
use crate::admin::transactions::list::{ExportTransactions, ListTransactions};
use crate::admin::transactions::show::{CancelTransaction, ShowTransaction};
use crate::admin::users::certificates::{SetCertificates, SetGroupCertificates};
use crate::admin::users::designation::{InviteBrowser, SetDeviceDesignation};
use crate::admin::users::directory::UnlinkDirectory;
use crate::admin::users::domain_account::UntieAccount;
use crate::admin::users::invitation::{Invite, ListLinks, RevokeLink};
use crate::admin::users::passkey::RemovePasskey;
use crate::admin::users::profile::{AddUser, ChangeUser, DisableUser, EnableUser, RemoveUser, SignOut};
use crate::admin::users::rights::ResetFactor;
use crate::admin::users::rights::{SetGroups, SetMethods, SetNetworks};
use crate::admin::users::views::{ListUsers, ShowUser};

/// Something that is done with each kind of act.
pub trait ActVisitor {
    /// Does it with this one.
    fn visit<A: Act>(&mut self);
}

/// Every act there is, in the order of help and documentation.
pub fn every(visitor: &mut impl ActVisitor) {
    visitor.visit::<AddUser>();
    visitor.visit::<ListUsers>();
    visitor.visit::<ShowUser>();
    visitor.visit::<ChangeUser>();
    visitor.visit::<EnableUser>();
    visitor.visit::<DisableUser>();
    visitor.visit::<RemoveUser>();
    visitor.visit::<SetGroups>();
    visitor.visit::<SetNetworks>();
    visitor.visit::<SetMethods>();
    visitor.visit::<SetCertificates>();
    visitor.visit::<SetDeviceDesignation>();
    visitor.visit::<Invite>();
    visitor.visit::<ResetFactor>();
    visitor.visit::<RemovePasskey>();
    visitor.visit::<IssuePattern>();
    visitor.visit::<ShowPatternNotice>();
    visitor.visit::<ResetPattern>();
    visitor.visit::<IssueMany>();
    visitor.visit::<ListPatterns>();
    visitor.visit::<TestPattern>();
    visitor.visit::<UnlinkDirectory>();
    visitor.visit::<UntieAccount>();
    visitor.visit::<ListLinks>();
    visitor.visit::<RevokeLink>();
    visitor.visit::<SignOut>();
    visitor.visit::<ListIdentities>();
    visitor.visit::<LinkIdentity>();
    visitor.visit::<UnlinkIdentity>();
    visitor.visit::<ListIdps>();
    visitor.visit::<TestIdp>();
    visitor.visit::<IdpMetadata>();
    visitor.visit::<AddGroup>();
    visitor.visit::<ListGroups>();
    visitor.visit::<ListMembers>();
    visitor.visit::<RemoveGroup>();
    visitor.visit::<SetNetworkList>();
    visitor.visit::<ListNetworkLists>();
    visitor.visit::<SetGroupCertificates>();
    visitor.visit::<ListSessions>();
    visitor.visit::<RevokeSession>();
    visitor.visit::<ListBrowsers>();
    visitor.visit::<RevokeBrowser>();
    visitor.visit::<RevokeBrowsers>();
    visitor.visit::<InviteBrowser>();
    visitor.visit::<ListDevices>();
    visitor.visit::<ApproveDevice>();
    visitor.visit::<RejectDevice>();
    visitor.visit::<RevokeDevice>();
    visitor.visit::<RegisterCertificate>();
    visitor.visit::<ListCertificates>();
    visitor.visit::<EnableCertificate>();
    visitor.visit::<DisableCertificate>();
    visitor.visit::<EditCertificate>();
    visitor.visit::<RemoveCertificate>();
    visitor.visit::<ListSightings>();
    visitor.visit::<ListCertificateResults>();
    visitor.visit::<TestCertificate>();
    visitor.visit::<CertificateRollout>();
    visitor.visit::<IssueCertificate>();
    visitor.visit::<SignRequest>();
    visitor.visit::<DownloadCertificate>();
    visitor.visit::<RevokeCertificate>();
    visitor.visit::<RevokeCertificates>();
    visitor.visit::<CreateAuthority>();
    visitor.visit::<RenewAuthority>();
    visitor.visit::<ImportAuthority>();
    visitor.visit::<WithdrawAuthority>();
    visitor.visit::<ListAuthorities>();
    visitor.visit::<ListCrls>();
    visitor.visit::<RefreshCrls>();
    visitor.visit::<IssueToken>();
    visitor.visit::<ListTokens>();
    visitor.visit::<RevokeToken>();
    visitor.visit::<QueryAudit>();
    visitor.visit::<ListKeys>();
    visitor.visit::<ListDirectories>();
    visitor.visit::<TestDirectory>();
    visitor.visit::<SyncDirectory>();
    visitor.visit::<ListTls>();
    visitor.visit::<RenewTls>();
    visitor.visit::<RotateAccount>();
    visitor.visit::<ListSettings>();
    visitor.visit::<SetSetting>();
    visitor.visit::<ClearSetting>();
    visitor.visit::<ListLocks>();
    visitor.visit::<LiftLock>();
    visitor.visit::<ListMessages>();
    visitor.visit::<ShowMessage>();
    visitor.visit::<RemoveMessage>();
    visitor.visit::<AssignPush>();
    visitor.visit::<UnassignPush>();
    visitor.visit::<InviteApprover>();
    visitor.visit::<PushMany>();
    visitor.visit::<ListApprovers>();
    visitor.visit::<RemoveApprover>();
    visitor.visit::<UnregisterApprovers>();
    visitor.visit::<SuspendApprovals>();
    visitor.visit::<ResumeApprovals>();
    visitor.visit::<UnlockApprovals>();
    visitor.visit::<ListApprovals>();
    visitor.visit::<CancelApproval>();
    visitor.visit::<ListTransactions>();
    visitor.visit::<ShowTransaction>();
    visitor.visit::<CancelTransaction>();
    visitor.visit::<ExportTransactions>();
    visitor.visit::<ShowLoginProtect>();
    visitor.visit::<DisableLoginProtect>();
    visitor.visit::<RestoreLoginProtect>();
    visitor.visit::<DrawService>();
    visitor.visit::<Explain>();
}

#[cfg(test)]
mod tests {
    use crate::account::tokens::{Scope, Scopes};
    use crate::admin::act::{Act, Circumstances, Verb, may, perform};
    use crate::admin::catalogue::{ActVisitor, every};
    use crate::admin::certificates::RegisterCertificate;
    use crate::admin::groups::AddGroup;
    use crate::admin::phones::many::PushMany;
    use crate::admin::testing::does;
    use crate::admin::users::profile::AddUser;
    use crate::clock::Timestamp;
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
            "organisation": "Example", "authority": "issuing-1", "chain": "C", "key": "K", "pem": "P", "last_day": "2030-01-01",
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
group.remove          users         Group(staff)
network.set           settings      Account(boss)
network.list          read          Seen(boss)
group.set_certificates certificates  Group(staff)
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
        for (user, groups, certificate) in [("boss", json!(["administrators"]), "ab"), ("alice", json!(["staff"]), "cd")] {
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
            perform(&test.core, who, &Circumstances::default(), act).await.err().map(|error| error.code())
        }
        let new = |holder: (&str, &str), digits: &str| json!({ "certificate": digits.repeat(32), holder.0: holder.1 });
        type Register = RegisterCertificate;
        assert_eq!(tried::<Register>(&test, &almost, new(("user", "boss"), "01")).await, Some("scope_missing"));
        assert_eq!(tried::<Register>(&test, &almost, new(("machine", "BOSS"), "02")).await, Some("scope_missing"));
        assert_eq!(tried::<Register>(&test, &almost, new(("machine", "turbine 7"), "03")).await, None);
        assert_eq!(tried::<Register>(&test, &almost, new(("user", "alice"), "04")).await, None);
        let several = json!({ "action": "invite", "users": ["boss", "alice"] });
        let several = serde_json::from_value::<PushMany>(several).unwrap();
        let answer = perform(&test.core, &almost, &Circumstances::default(), several).await.unwrap();
        let outcomes: Vec<_> = answer.items.iter().map(|row| (row.user.as_str(), row.outcome.as_str())).collect();
        assert_eq!(outcomes, [("alice", "done"), ("boss", "scope_missing")]);
    }
}
