//! Approvals that apps ask for by themselves: our own API and OpenID Connect's CIBA (Client-Initiated Backchannel
//! Authentication, Core 1.0) over one store of requests. The person answers on the phone as ever; the app gets a statement
//! that it can verify and keep.
//! A request is known by `auth_req_id`, which opens nothing without the app's token. It lives in the shared state as the
//! approval does: a restart ends both. The id itself says whose it is, so that the app is told that it has expired.
//! Invariant: nothing of a request is told to another app than the one that asked, nor whether there is one.

pub mod client;
pub mod wish;
mod ping;
mod request;
mod request_id;
mod statement;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::task::TaskTracker;

use self::client::Client;
use self::ping::Bells;
use self::request::Kept;
use self::statement::Speaker;
use self::wish::{NotAsked, Wish};
use crate::account::user::User;
use crate::approval::number::Carried;
use crate::approval::question::{ApprovalId, Purpose, State};
use crate::approval::{Ask, Matter, Rejected, RequesterClass};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::facts::client_address::ClientAddress;
use crate::principal::method::Method;
use crate::principal::user::{GroupName, UserId};
use crate::store::database::DatabaseError;
use crate::store::shared::{Keyspace, Shared, SharedStateError};

/// How long a request is remembered, as long as the approval is.
const REMEMBERED: Duration = Duration::from_secs(3600);
/// Requests of one app and hour that its list shows at most: the latest.
const LISTED: usize = 1000;
/// What is added to the interval of an app that looks too often (CIBA §11).
const SLOWER: u64 = 5;
/// Requests that are watched for a ping at once.
const WATCHED: usize = 10_000;

/// Where a request of an app comes from, for what the phone shows and for the audit log.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The address.
    pub address: ClientAddress,
    /// The request.
    pub request_id: &'a str,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Names the request.
    pub auth_req_id: String,
    /// How long it may be answered.
    pub expires_in: Duration,
    /// How often the app may look, in seconds.
    pub interval: u64,
    /// The number that the app shows, where one is carried to the phone.
    pub number: Option<Carried>,
}

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody has answered.
    Pending,
    /// Approved: the statement, a JWS.
    Approved(String),
    /// Denied.
    Denied,
    /// Its time was over.
    Expired,
    /// Withdrawn: by the app, by an administrator, or with the user's phones.
    Cancelled,
    /// Approved, and the statement could not be made.
    Failed,
}

/// A request as its app sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Names it.
    pub auth_req_id: String,
    /// Of whom it was asked; `None`: it is forgotten, and so it has expired.
    pub user: Option<UserId>,
    /// How long it may still be answered.
    pub expires_in: Duration,
    /// How often the app may look, in seconds.
    pub interval: u64,
    /// How it stands.
    pub outcome: Outcome,
}

/// What an approved request is exchanged for, once.
#[derive(Clone, Debug)]
pub struct Grant {
    /// A token that opens nothing: the flow asks for one.
    pub access_token: String,
    /// How long the two tokens are good.
    pub expires_in: Duration,
    /// Who approved, and when (OpenID Connect Core §2).
    pub id_token: String,
    /// The statement, a JWS.
    pub statement: String,
}

/// Why there is no grant.
#[derive(Debug, thiserror::Error)]
pub enum NotGranted {
    /// There is no such request of this app, or it was exchanged before.
    #[error("find the request: there is none of this auth_req_id for this app, or it was exchanged before")]
    Unknown,
    /// Nobody has answered.
    #[error("exchange the request: nobody has answered yet")]
    Pending,
    /// Nobody has answered, and the app looks too often.
    #[error("exchange the request: nobody has answered yet, and it is looked for too often")]
    TooOften,
    /// Denied.
    #[error("exchange the request: it was denied")]
    Denied,
    /// Its time was over.
    #[error("exchange the request: its time is over")]
    Expired,
    /// Withdrawn, or it cannot be stated.
    #[error("exchange the request: it was withdrawn or failed")]
    Failed,
    /// The state does not answer.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// Something of ours does not answer.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The engine.
    #[error("{0}")]
    Engine(String),
}

impl From<Rejected> for Trouble {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Shared(error) => Self::Shared(error),
            Rejected::Database(error) => Self::Database(error),
            other => Self::Engine(other.to_string()),
        }
    }
}

/// Requests of apps.
#[derive(Debug)]
pub struct Backchannel {
    core: Arc<Core>,
    requests: Keyspace<Kept>,
    /// The requests of an app, by the hour.
    of_app: Keyspace<Vec<String>>,
    bells: Bells,
    watches: TaskTracker,
    tasks: TaskTracker,
    /// Of several who look at once one makes the statement, and the others find it made.
    stating: tokio::sync::Mutex<()>,
}

impl Backchannel {
    /// In this core; made once.
    pub fn new(core: Arc<Core>) -> Self {
        Self {
            requests: Keyspace::new(Arc::clone(core.shared()), "backchannel", REMEMBERED),
            of_app: Keyspace::new(Arc::clone(core.shared()), "backchannel_of", REMEMBERED * 2),
            bells: Bells::default(),
            watches: TaskTracker::new(),
            tasks: TaskTracker::new(),
            stating: tokio::sync::Mutex::new(()),
            core,
        }
    }

    /// The rooms.
    pub const fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Puts what an app wants to a user's phones. Where there is nobody of that name, or nobody may be asked, it runs its
    /// time unanswered, unless the config says that this app is told.
    ///
    /// # Errors
    /// [`NotAsked`].
    pub async fn ask(
        self: &Arc<Self>,
        client: &Client,
        wish: &Wish,
        circumstances: Circumstances<'_>,
    ) -> Result<Asked, NotAsked> {
        let settings = client.settings();
        let event = Event::new("backchannel.ask").app(client.app()).actor(client.actor());
        let event = event.address(circumstances.address).request_id(circumstances.request_id);
        self.may_ask_now(client).await.inspect_err(|_| self.core.audit().note(event.clone().refused("too_many")))?;
        let details = wish.details()?;
        let bell = match (&settings.ping, &wish.notification_token) {
            (Some(ping), Some(token)) => Some((ping.clone(), wish::bearer(token)?.to_owned())),
            // CIBA §7.1: who is told by a ping has to say how it knows that the ping is ours.
            (Some(_), None) if wish.openid => return Err(NotAsked::Input("`client_notification_token` is missing".to_owned())),
            _ => None,
        };
        if bell.is_some() && self.watches.len() >= WATCHED {
            return Err(NotAsked::TooMany);
        }
        let user = wish.user()?;
        let event = event.user(user.as_str());
        let somebody = self.core.users().find(&user).filter(|user| may_be_asked(user, &settings.groups));
        if somebody.is_none() && settings.tell_unknown {
            self.core.audit().note(event.refused("unknown_user"));
            return Err(NotAsked::UnknownUser);
        }
        let id = request_id::draw(&self.core, client.app());
        let config = self.core.config();
        let lifetime = wish.lifetime(settings)?;
        let ask = Ask {
            purpose: Purpose::App,
            user: &user,
            asker: &asker(client.app(), &id),
            browser: "",
            address: circumstances.address,
            app: Some(client.title()),
            portal: config.file.portal.url.trim_end_matches('/'),
            requester: RequesterClass::App,
            number: (settings.number || wish.number)
                .then(|| self.core.number_style_of_app(client.app(), &user, somebody.as_deref())),
            anybody: somebody.is_some(),
            request_id: circumstances.request_id,
            matter: Some(Matter { app: client.app(), details: &details, lifetime }),
        };
        let question = self.core.approvals().ask(ask).await.map_err(Trouble::from)?;
        let kept = Kept {
            app: client.app().to_owned(),
            user,
            approval: question.id.clone(),
            openid: wish.openid,
            expires_at: question.expires_at,
            interval: settings.interval.0.as_secs(),
            looked_at: None,
            given: None,
            exchanged: false,
        };
        self.requests.put(&id, &kept).await.map_err(Trouble::from)?;
        self.enlist(client.app(), &id, question.asked_at).await.map_err(Trouble::from)?;
        if let Some((ping, token)) = bell {
            self.watch(question.id.clone(), ping, token, id.clone(), question.expires_at);
        }
        let event = event.detail("approval", question.id.as_str());
        self.core.audit().note(if somebody.is_some() { event } else { event.refused("unknown_user") });
        metrics::counter!("sekisho_app_approvals_asked_total", "app" => client.app().to_owned()).increment(1);
        Ok(Asked {
            auth_req_id: id,
            expires_in: lifetime,
            interval: kept.interval,
            number: question.number.map(|number| number.carried(&question.id, config.file.portal.url.trim_end_matches('/'))),
        })
    }

    /// How a request of this app stands; waits for its end, at most so long. `None`: this app asked nothing of this name.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn look(self: &Arc<Self>, client: &Client, id: &str, at_most: Duration) -> Result<Option<Seen>, Trouble> {
        if !request_id::is_of(&self.core, client.app(), id) {
            return Ok(None);
        }
        let Some((kept, outcome)) = self.found(client, id).await? else { return Ok(Some(forgotten(id))) };
        let left = kept.expires_at.since(self.core.clock().now());
        if outcome != Outcome::Pending || at_most.is_zero() {
            return Ok(Some(seen(id, &kept, outcome, left)));
        }
        self.core.approvals().wait(&kept.approval, at_most.min(left)).await?;
        let Some((kept, outcome)) = self.found(client, id).await? else { return Ok(Some(forgotten(id))) };
        Ok(Some(seen(id, &kept, outcome, kept.expires_at.since(self.core.clock().now()))))
    }

    /// What this app asked and may still be answered, oldest first.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn open_of(self: &Arc<Self>, client: &Client) -> Result<Vec<Seen>, Trouble> {
        let now = self.core.clock().now();
        let mut open = Vec::new();
        for hour in [hour(now) - 1, hour(now)] {
            for id in self.of_app.get(&list_key(client.app(), hour)).await?.unwrap_or_default() {
                if let Some((kept, Outcome::Pending)) = self.found(client, &id).await? {
                    open.push(seen(&id, &kept, Outcome::Pending, kept.expires_at.since(now)));
                }
            }
        }
        Ok(open)
    }

    /// Withdraws a request: how it stands then, whether it was open or not. `None`: this app asked nothing of this name.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn cancel(self: &Arc<Self>, client: &Client, id: &str) -> Result<Option<(bool, Seen)>, Trouble> {
        let was_open = match self.found(client, id).await? {
            Some((kept, _)) => self.core.approvals().cancel(&kept.approval, &asker(client.app(), id)).await?,
            None => false,
        };
        let seen = self.look(client, id, Duration::ZERO).await?;
        Ok(seen.map(|seen| (was_open, seen)))
    }

    /// Exchanges what was approved for tokens (CIBA §10.1): of any number of callers one gets them.
    ///
    /// # Errors
    /// [`NotGranted`].
    pub async fn exchange(
        self: &Arc<Self>,
        client: &Client,
        id: &str,
        circumstances: Circumstances<'_>,
    ) -> Result<Grant, NotGranted> {
        if !request_id::is_of(&self.core, client.app(), id) {
            return Err(NotGranted::Unknown);
        }
        let (kept, outcome) = self.found(client, id).await?.ok_or(NotGranted::Expired)?;
        if !kept.openid {
            return Err(NotGranted::Unknown);
        }
        match outcome {
            Outcome::Approved(_) => {}
            Outcome::Pending => return Err(self.not_yet(id, &kept).await?),
            Outcome::Denied => return Err(NotGranted::Denied),
            Outcome::Expired => return Err(NotGranted::Expired),
            Outcome::Cancelled | Outcome::Failed => return Err(NotGranted::Failed),
        }
        let Some(given) = kept.given.clone().filter(|_| !kept.exchanged) else { return Err(NotGranted::Unknown) };
        // The tokens first: a request that is used up without any would be lost.
        let grant = self.speaker().grant(&kept, &given, id).ok_or(NotGranted::Failed)?;
        let after = Kept { exchanged: true, ..kept.clone() };
        // Once a statement is made nothing else of the record changes: who cannot swap it comes second.
        if !self.requests.swap(id, &kept, &after).await.map_err(Trouble::from)? {
            return Err(NotGranted::Unknown);
        }
        let event = Event::new("backchannel.exchange").app(client.app()).user(kept.user.as_str()).actor(client.actor());
        let event = event.address(circumstances.address).request_id(circumstances.request_id);
        self.core.audit().note(event.detail("approval", kept.approval.as_str()));
        Ok(grant)
    }

    /// Counted, each time that an app looks without a result.
    async fn not_yet(&self, id: &str, kept: &Kept) -> Result<NotGranted, Trouble> {
        let now = self.core.clock().now();
        let too_soon = kept.looked_at.is_some_and(|before| now < before.plus(Duration::from_secs(kept.interval)));
        let interval = if too_soon { kept.interval + SLOWER } else { kept.interval };
        let after = Kept { looked_at: Some(now), interval, ..kept.clone() };
        // Who looks at the very moment that another does looks too often as well.
        let is_first = self.requests.swap(id, kept, &after).await?;
        Ok(if too_soon || !is_first { NotGranted::TooOften } else { NotGranted::Pending })
    }

    async fn may_ask_now(&self, client: &Client) -> Result<(), NotAsked> {
        let key = format!("backchannel_asked/{}", client.app());
        let asked = self.core.shared().count(&key, 1, Duration::from_secs(60)).await.map_err(Trouble::from)?;
        if asked > i64::from(client.settings().per_minute) { Err(NotAsked::TooMany) } else { Ok(()) }
    }

    /// A request of this app, and how it stands.
    async fn found(self: &Arc<Self>, client: &Client, id: &str) -> Result<Option<(Kept, Outcome)>, Trouble> {
        // What is no id of this app's is not looked for: the keys of the store are nobody else's to choose.
        if !request_id::is_of(&self.core, client.app(), id) {
            return Ok(None);
        }
        let Some(kept) = self.requests.get(id).await?.filter(|kept| kept.app == client.app()) else { return Ok(None) };
        let outcome = self.outcome(&kept).await?;
        if outcome.is_some() {
            return Ok(outcome.map(|outcome| (kept, outcome)));
        }
        // On a task of its own: who asked may go away in the middle, and what was taken by then would be lost.
        let (own, id) = (Arc::clone(self), id.to_owned());
        let stated = self.tasks.spawn(async move { own.state(&id).await }).await;
        stated.map_err(|error| Trouble::Engine(error.to_string()))?
    }

    /// How a request stands; `None`: it was approved and nobody has made the statement.
    async fn outcome(&self, kept: &Kept) -> Result<Option<Outcome>, Trouble> {
        if let Some(given) = &kept.given {
            return Ok(Some(Outcome::Approved(given.statement.clone())));
        }
        let question = self.core.approvals().find(&kept.approval).await?;
        Ok(match question.map(|question| question.state) {
            None => Some(Outcome::Expired),
            Some(State::Pending) if self.core.clock().now() < kept.expires_at => Some(Outcome::Pending),
            Some(State::Pending) => Some(Outcome::Expired),
            Some(State::Denied { .. }) => Some(Outcome::Denied),
            Some(State::Closed { .. }) => Some(Outcome::Cancelled),
            Some(State::Approved { .. } | State::Used { .. }) => None,
        })
    }

    /// Takes what was approved and makes the statement of it.
    async fn state(&self, id: &str) -> Result<Option<(Kept, Outcome)>, Trouble> {
        let _one_at_a_time = self.stating.lock().await;
        let Some(kept) = self.requests.get(id).await? else { return Ok(None) };
        if let Some(outcome) = self.outcome(&kept).await? {
            return Ok(Some((kept, outcome)));
        }
        let Some(consent) = self.core.approvals().take(&kept.approval, &asker(&kept.app, id)).await? else {
            // Approved and not taken in time; or used up, and the statement is not there.
            let question = self.core.approvals().find(&kept.approval).await?;
            let used = question.is_some_and(|question| matches!(question.state, State::Used { .. }));
            return Ok(Some((kept, if used { Outcome::Failed } else { Outcome::Expired })));
        };
        let Some(given) = self.speaker().state(&kept, &consent, id) else { return Ok(Some((kept, Outcome::Failed))) };
        loop {
            // Somebody who looked too often may have been written down in between.
            let Some(before) = self.requests.get(id).await? else { return Ok(None) };
            let after = Kept { given: Some(given.clone()), ..before.clone() };
            if self.requests.swap(id, &before, &after).await? {
                return Ok(Some((after, Outcome::Approved(given.statement))));
            }
        }
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker::of(&self.core)
    }

    /// Rings when the request is answered or over, once.
    fn watch(
        self: &Arc<Self>,
        approval: ApprovalId,
        ping: crate::config::schema::Ping,
        token: String,
        id: String,
        expires_at: Timestamp,
    ) {
        let own = Arc::clone(self);
        self.watches.spawn(async move {
            let core = &own.core;
            loop {
                let left = expires_at.since(core.clock().now());
                match core.approvals().wait(&approval, left).await {
                    // The gateway ends: the app is not told of what nobody has answered, and asks again.
                    Ok(Some(question)) if question.is_open(core.clock().now()) && core.approvals().is_shut_down() => return,
                    Ok(Some(question)) if question.is_open(core.clock().now()) => {}
                    Ok(_) => break,
                    Err(error) => return tracing::warn!(%error, "approval_not_watched"),
                }
            }
            own.bells.ring(&core.config(), &ping, &token, &id).await;
        });
    }

    async fn enlist(&self, app: &str, id: &str, at: Timestamp) -> Shared<()> {
        let key = list_key(app, hour(at));
        loop {
            let before = self.of_app.get(&key).await?;
            let mut after = before.clone().unwrap_or_default();
            after.push(id.to_owned());
            let surplus = after.len().saturating_sub(LISTED);
            after.drain(..surplus);
            let done = match &before {
                Some(before) => self.of_app.swap(&key, before, &after).await?,
                None => self.of_app.put_new(&key, &after).await?,
            };
            if done {
                return Ok(());
            }
        }
    }
}

/// Whether an app may ask a user: switched on, assigned push, and in one of its groups where it has any.
fn may_be_asked(user: &User, groups: &[String]) -> bool {
    let standing = user.standing();
    let in_any = || groups.iter().filter_map(|group| GroupName::parse(group).ok()).any(|group| standing.is_in(&group));
    standing.enabled && standing.assigned.contains(Method::Push) && (groups.is_empty() || in_any())
}

fn seen(id: &str, kept: &Kept, outcome: Outcome, expires_in: Duration) -> Seen {
    Seen { auth_req_id: id.to_owned(), user: Some(kept.user.clone()), expires_in, interval: kept.interval, outcome }
}

/// Made here for this app, and not there any more.
fn forgotten(id: &str) -> Seen {
    Seen { auth_req_id: id.to_owned(), user: None, expires_in: Duration::ZERO, interval: 0, outcome: Outcome::Expired }
}

/// Who asks, to the engine: no other request takes what this one was given, and none supersedes another.
fn asker(app: &str, id: &str) -> String {
    format!("app/{app}/{id}")
}

const fn hour(at: Timestamp) -> i64 {
    at.seconds().div_euclid(3600)
}

fn list_key(app: &str, hour: i64) -> String {
    format!("{app}/{hour}")
}
