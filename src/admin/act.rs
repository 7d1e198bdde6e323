//! What an act of an administrator is, and [`perform`], which judges, performs and records each.
//! Invariant: an act runs only under a [`Warrant`], which `perform` alone makes after scope and target were judged.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::account::user::User;
use crate::admin::error::AdminError;
use crate::audit::Event;
use crate::core::Core;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::principal::method::CredentialId;
use crate::principal::user::{GroupName, UserId};
use crate::session::Administrator;

/// One act of an administrator. The type itself is its input: the fields are the options of the command and the
/// parameters of the API, and their doc comments are the help of both.
pub trait Act: clap::Args + Serialize + DeserializeOwned + ToSchema + fmt::Debug + Send + Sync + 'static {
    /// The thing, a dot, the action: the command `sekisho thing action`, the operation of the API, the word in the audit log.
    const NAME: &'static str;
    /// What a token must be allowed.
    const SCOPE: Scope;
    /// Where the API has it.
    const ROUTE: Route;
    /// Whether it is about the config that a command names, which need not be the one that a gateway runs with. Such an act
    /// only reads.
    const OF_CONFIG: bool = false;
    /// What is answered.
    type Output: Serialize + ToSchema + Send + 'static;

    /// The entry for the audit log; `None` for an act that changes nothing and opens nothing.
    fn event(&self) -> Option<Event>;

    /// The entry with what only the gateway knows of it: whose the certificate is that the act names, say. What is changed was not yet.
    fn completed(&self, event: Event, _core: &Core) -> Event {
        event
    }

    /// Whom it is about: judged by [`perform()`] beside the scope. There is no default, so that none is forgotten.
    fn target(&self) -> ActTarget;

    /// Does it, once scope and target were judged.
    fn perform(self, warrant: &Warrant<'_>) -> impl Future<Output = Result<Self::Output, AdminError>> + Send;
}

/// The entry and the target of an act that changes the account of one user, or what opens it.
macro_rules! on_account {
    () => {
        fn event(&self) -> Option<$crate::audit::Event> {
            Some($crate::audit::Event::new(Self::NAME).user(self.user.as_str()))
        }

        fn target(&self) -> $crate::admin::act::ActTarget {
            $crate::admin::act::ActTarget::Account(self.user.clone())
        }
    };
}
pub(in crate::admin) use on_account;

/// A method and a path below `/api/v1`; what stands in braces is a field of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub verb: Verb,
    /// The path.
    pub path: &'static str,
    /// Whether an administrator by a session needs a fresh sign-in: for whatever changes anything or shows a credential.
    pub fresh: bool,
    /// How long its input may be, in bytes, where that is longer than what is sent to the portal as a rule. It is read only
    /// when it is known who sends it and that the scope is there.
    pub longest: Option<usize>,
}

/// The methods that acts use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads; what is not in the path is in the query.
    Get,
    /// Adds or does; what is not in the path is in the body.
    Post,
    /// Sets as a whole.
    Put,
    /// Changes what is named.
    Patch,
    /// Removes; what is not in the path is in the query.
    Delete,
}

impl Verb {
    /// Whether the input is in the body.
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }
}

impl Route {
    /// This method at this path. What only reads needs no fresh sign-in.
    pub const fn new(verb: Verb, path: &'static str) -> Self {
        Self { verb, path, fresh: !matches!(verb, Verb::Get), longest: None }
    }

    /// Reads what may be a credential: a one-time link, say.
    pub const fn revealing(path: &'static str) -> Self {
        Self { verb: Verb::Get, path, fresh: true, longest: None }
    }

    /// Takes an input of so many bytes.
    #[must_use]
    pub const fn taking(self, longest: usize) -> Self {
        Self { longest: Some(longest), ..self }
    }

    /// The names in braces.
    pub fn parameters(self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// Whom an act is about. Who becomes an administrator, or gets hold of one's account, may do everything: so only who may do
/// everything changes the account of an administrator, or makes any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActTarget {
    /// No account: the gateway's own affairs, or accounts in general, which are only looked at.
    Nobody,
    /// This account, which is only looked at: nothing that opens it is shown.
    Seen(UserId),
    /// What is open or waits is ended, by this name: that opens nothing, and an alarm must not wait for a stronger token.
    Ends(String),
    /// This account is changed, or what opens it is made or shown.
    Account(UserId),
    /// This user, or a new one, becomes a member of exactly these groups.
    Member(Option<UserId>, Vec<GroupName>),
    /// This group itself.
    Group(GroupName),
    /// The accounts of all members of this group: what is demanded of them is changed, or what belongs to them.
    Members(GroupName),
    /// Who may reach the portal or its administration at all.
    Administration,
    /// The account of the holder of this certificate of the register.
    Certificate(String),
    /// The account of the user who made this application for a browser.
    Application(String),
    /// The account that this message of the outbox is for.
    Message(String),
    /// Several accounts, each judged by an act of its own.
    Each,
}

impl ActTarget {
    /// Whether only who may do everything may do it.
    async fn is_an_administrator(&self, core: &Core) -> Result<bool, AdminError> {
        let user = match self {
            Self::Nobody | Self::Seen(_) | Self::Ends(_) | Self::Each => return Ok(false),
            Self::Administration => return Ok(true),
            Self::Group(_) | Self::Members(_) => None,
            Self::Account(user) => Some(user.clone()),
            Self::Member(user, _) => user.clone(),
            Self::Certificate(text) => {
                let entry = Fingerprint::parse(text).and_then(|fingerprint| core.certificates().find(fingerprint));
                match entry.map(|entry| entry.holder) {
                    Some(Holder::User(user)) => Some(user),
                    Some(Holder::Machine(name)) => UserId::parse(&name).ok(),
                    Some(Holder::Shared | Holder::Group(_) | Holder::Nobody) | None => None,
                }
            }
            Self::Application(text) => match CredentialId::parse(text) {
                Some(id) => core.browsers().application(id).await?.map(|found| found.user),
                None => None,
            },
            Self::Message(id) => core.outbox().addressee(id).await?,
        };
        // Where the config names no possible group, any account may be an administrator's.
        let Ok(administrators) = GroupName::parse(&core.config().file.portal.administrators) else { return Ok(true) };
        let becomes = match self {
            Self::Group(group) => *group == administrators,
            Self::Members(group) => {
                let is_both = |user: &User| user.standing().is_in(group) && user.standing().is_in(&administrators);
                *group == administrators || core.users().list().iter().any(|user| is_both(user))
            }
            Self::Member(_, groups) => groups.contains(&administrators),
            _ => false,
        };
        let found = user.and_then(|user| core.users().find(&user));
        Ok(becomes || found.is_some_and(|user| user.standing().is_in(&administrators)))
    }
}

/// The right to perform one act: made by [`perform`] alone.
#[derive(Debug)]
pub struct Warrant<'a> {
    core: &'a Core,
    administrator: &'a Administrator,
    circumstances: &'a Circumstances<'a>,
}

impl<'a> Warrant<'a> {
    /// The rooms.
    pub const fn core(&self) -> &'a Core {
        self.core
    }

    /// Who does it.
    pub fn actor(&self) -> &'a str {
        self.administrator.actor()
    }

    /// The request that it comes by; empty at the machine itself.
    pub fn request_id(&self) -> &'a str {
        self.circumstances.request_id.unwrap_or_default()
    }

    /// Writes down one of several things that an act did, beside the act itself.
    ///
    /// # Errors
    /// [`AdminError::State`].
    pub async fn record(&self, event: Event) -> Result<(), AdminError> {
        Ok(self.core.audit().record(by(event, self.administrator, self.circumstances)).await?)
    }

    /// The same of many, in one go.
    ///
    /// # Errors
    /// [`AdminError::State`].
    pub async fn record_all(&self, events: Vec<Event>) -> Result<(), AdminError> {
        let events = events.into_iter().map(|event| by(event, self.administrator, self.circumstances)).collect();
        Ok(self.core.audit().record_all(events).await?)
    }

    /// Whether the same administrator may do `A` to another: for an act that does the same to many at once.
    ///
    /// # Errors
    /// [`AdminError::NotAdministrator`].
    pub async fn may<A: Act>(&self, act: &A) -> Result<(), AdminError> {
        may(self.core, self.administrator, A::SCOPE, &act.target()).await
    }

    /// The address that it comes from; `None` at the machine itself.
    pub const fn address(&self) -> Option<ClientAddress> {
        self.circumstances.address
    }

    /// Performs another act for the same administrator, judged and recorded as any: for what an act does to each of many.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn perform<A: Act>(&self, act: A) -> Result<A::Output, AdminError> {
        perform(self.core, self.administrator, self.circumstances, act).await
    }
}

/// Where an act comes from, for the audit log.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances<'a> {
    /// The address; `None` at the machine itself.
    pub address: Option<ClientAddress>,
    /// The request.
    pub request_id: Option<&'a str>,
}

/// Performs an act: checks the scope, does it, and writes it down whether it was done or not.
///
/// # Errors
/// [`AdminError`].
pub async fn perform<A: Act>(
    core: &Core,
    administrator: &Administrator,
    circumstances: &Circumstances<'_>,
    act: A,
) -> Result<A::Output, AdminError> {
    let event = act.event().map(|event| by(act.completed(event, core), administrator, circumstances));
    let done = match may(core, administrator, A::SCOPE, &act.target()).await {
        Ok(()) => act.perform(&Warrant { core, administrator, circumstances }).await,
        Err(refused) => Err(refused),
    };
    if let Some(event) = event {
        let event = match &done {
            Ok(_) => event,
            Err(error) => event.refused(error.code()),
        };
        core.audit().record(event).await?;
    }
    done
}

/// An event with who did it, and from where.
fn by(event: Event, administrator: &Administrator, circumstances: &Circumstances<'_>) -> Event {
    let mut event = event.actor(administrator.actor());
    if let Some(address) = circumstances.address {
        event = event.address(address);
    }
    match circumstances.request_id {
        Some(id) => event.request_id(id),
        None => event,
    }
}

/// Whether this administrator may do what needs this scope to whom it is about.
pub(super) async fn may(core: &Core, administrator: &Administrator, scope: Scope, target: &ActTarget) -> Result<(), AdminError> {
    administrator.may(scope)?;
    if administrator.may(Scope::All).is_ok() || !target.is_an_administrator(core).await? {
        return Ok(());
    }
    Ok(administrator.may(Scope::All)?)
}

#[cfg(test)]
mod tests {
    use crate::account::tokens::{Scope, Scopes};
    use crate::admin::act::{Act, Circumstances, perform};
    use crate::admin::groups::{AddGroup, RemoveGroup};
    use crate::admin::outbox::ShowMessage;
    use crate::admin::testing::does;
    use crate::admin::tokens::IssueToken;
    use crate::admin::users::invitation::Invite;
    use crate::admin::users::profile::{AddUser, ChangeUser, DisableUser};
    use crate::admin::users::rights::ResetFactor;
    use crate::admin::users::rights::SetGroups;
    use crate::admin::users::views::ListUsers;
    use crate::audit::Filter;
    use crate::clock::Timestamp;
    use crate::core::testing::TestCore;
    use crate::session::Administrator;
    use serde_json::{Value, json};

    #[tokio::test]
    async fn every_change_is_written_down_whether_it_was_done_or_refused() {
        let test = TestCore::open().await;
        test.user("alice").await;
        does::<DisableUser>(&test, json!({ "user": "alice" })).await.unwrap();
        does::<DisableUser>(&test, json!({ "user": "nobody" })).await.unwrap_err();
        let log = test.core.audit().query(&Filter::default(), None, 10).await.unwrap();
        let rows: Vec<_> = log.iter().map(|row| (row.what.as_str(), row.user.as_deref(), row.refusal.as_deref())).collect();
        assert_eq!(rows, [("user.disable", Some("nobody"), Some("unknown_user")), ("user.disable", Some("alice"), None)]);
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
}
