//! The sign-in engine: the chain is asked which check is next, a submission is verified by the factor that the turn allows,
//! what it earned is noted, and when nothing is missing the session is made. Here is what every step uses;
//! `position`, `password`, `code`, `push`, `browser`, `grace` and `finish` are the steps.
//! Unknown users, wrong passwords, disabled accounts and users whose own lists refuse them all get the same answer after
//! the same work (T31); only the audit log says which it was.

use std::sync::Arc;
use std::time::Duration;

use super::change_ticket::{self, ChangeTicket};
use super::goal::Goal;
use super::pending::PendingIdp;
use super::progress::{InProgress, LIFE, SignInProgress};
use super::visitor::Visitor;
use super::waiting::AwaitedApproval;
use crate::account::regulation::{AttemptKind, AttemptRefused, Reservation};
use crate::account::user::User;
use crate::audit::Event;
use crate::chain::evidence::Gathered;
use crate::chain::papers::Papers;
use crate::chain::policy::{Mode, Policy};
use crate::chain::refusal::Refusal;
use crate::chain::trace::Trace;
use crate::chain::{self, Check, Turn, Verdict};
use crate::clock::Timestamp;
use crate::core::Core;
use crate::principal::certificate;
use crate::principal::method::{Method, Methods};
use crate::principal::user::{UserId, UserStanding};
use crate::session::Session;
use crate::session::life::SessionError;
use crate::store::database::DatabaseError;
use crate::store::shared::{Keyspace, SharedStateError};
use crate::telemetry::strangers::{self, Kind};

/// Why a submission did not help.
#[derive(Debug)]
pub enum Rejection {
    /// Not right; the client learns no more than that.
    Wrong,
    /// Another name than that of the user whose certificate the connection shows: whatever was typed beside it (T31).
    CertificateOf(UserId),
    /// Another name than that of the user whose ticket was shown, where the ticket must be the user's.
    TicketOf(UserId),
    /// Too many attempts; the client may retry after this time.
    SlowDown(Duration),
    /// Too many are verified at once; the client may retry after this time.
    Busy(Duration),
    /// The directory that judges passwords does not answer; the client may retry after this time.
    Unavailable(Duration),
    /// The password of the directory is right, and must be changed before its owner signs in; it can be changed here.
    MustChange,
    /// The same, and it cannot be changed here.
    MustChangeThere,
    /// Two passwords are asked for at this moment, and one came.
    BothNeeded,
    /// The authenticator did not verify its user: no PIN, no fingerprint, no face.
    NotVerified,
    /// The challenge was used up or has ended; another one is drawn.
    Over,
    /// The table of the answer was used or has ended; another one is shown.
    TableOver,
    /// The answer is right, and its owner must set another pattern before anything else.
    MustSetPattern,
    /// This step is not the one that is asked for now (another tab went on, the sign-in ended).
    NotNow,
}

/// What keeps a sign-in from going on at all.
#[derive(Debug, thiserror::Error)]
pub enum AttemptError {
    /// The app of the goal is not there any more.
    #[error("continue the sign-in: its app no longer exists")]
    Gone,
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A factor's own state.
    #[error("verify a factor: {0}")]
    Factor(String),
    /// The session.
    #[error(transparent)]
    Session(#[from] SessionError),
}

/// Sign-ins.
#[derive(Clone, Debug)]
pub struct SignIn {
    pub(super) core: Arc<Core>,
    pub(super) in_progress: InProgress,
    pub(super) waiting: Keyspace<AwaitedApproval>,
    pub(super) changing: Keyspace<ChangeTicket>,
    pub(super) pending: Keyspace<PendingIdp>,
}

/// What one look found.
pub(super) struct Look {
    pub(super) verdict: Verdict,
    pub(super) trace: Trace,
    pub(super) policy: Policy,
    pub(super) user: Option<Arc<User>>,
    /// The user whose certificate binds this connection, as long as no user has signed in.
    pub(super) bound_to: Option<UserId>,
    /// The right to prove check 3 where a ticket is offered or observed.
    pub(super) offered: Option<Turn>,
    /// Whether check 5 passes only because the key of the browser may come yet.
    pub(super) awaits_key: bool,
}

impl Look {
    /// The user whom this connection's certificate names, where `name` is another one.
    pub(super) fn is_not_of(&self, name: &str) -> Option<UserId> {
        self.bound_to.clone().filter(|holder| UserId::parse(name).ok().as_ref() != Some(holder))
    }
}

/// How the key of a registered browser stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BrowserKey {
    /// The registration is bound to it.
    Bound,
    /// The registration was made a moment ago: the browser registers its key after the page that it is shown.
    Awaited,
    /// It did not come.
    Missing,
}

/// How long the key of a browser is waited for, once the browser was registered.
const KEY_WITHIN: Duration = Duration::from_secs(20);

impl SignIn {
    fn browser_key(&self, gathered: &Gathered) -> BrowserKey {
        let Some(piece) = gathered.of(Check::Cookie) else { return BrowserKey::Missing };
        if self.core.browsers().is_bound(piece.credential()) {
            return BrowserKey::Bound;
        }
        let now = self.core.clock().now();
        let is_new = |registered: Timestamp| registered <= now && now < registered.plus(KEY_WITHIN);
        let registered = gathered.user().map(|user| self.core.browsers().of_user(user)).unwrap_or_default();
        let awaits = registered.iter().any(|one| one.id == piece.credential() && is_new(one.registered_at));
        if awaits { BrowserKey::Awaited } else { BrowserKey::Missing }
    }

    /// In this core.
    pub fn new(core: Arc<Core>) -> Self {
        let waiting = Keyspace::new(Arc::clone(core.shared()), "sign_in_push", LIFE);
        let changing = Keyspace::new(Arc::clone(core.shared()), "sign_in_change", change_ticket::LIFE);
        let pending = Keyspace::new(Arc::clone(core.shared()), "sign_in_idp", LIFE);
        Self { in_progress: InProgress::new(core.shared()), waiting, changing, pending, core }
    }

    pub(super) async fn look(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        gathered: &Gathered,
        named: Option<&Arc<User>>,
    ) -> Result<Look, AttemptError> {
        let core = &self.core;
        let user = match gathered.user() {
            Some(user) => core.users().find(user),
            None => named.cloned(),
        };
        let policies = core.policies();
        let policy = goal.policy(&policies).ok_or(AttemptError::Gone)?;
        let policy = match &user {
            // Before anything is proved, nothing is looked up for a name that could not be looked up for every other (T31).
            Some(user) if goal.is_fresh() && gathered.user().is_some() => core.afresh(&policy, user).await?.policy,
            _ if goal.is_fresh() => policy.afresh(None, core.config().file.session.fresh.0, Methods::NONE).policy,
            _ => policy.into_owned(),
        };
        let now = core.clock().now();
        let shown = goal.certificate().unwrap_or(visitor.certificate);
        let standing: Option<certificate::CertificateStanding> = shown.map(|shown| core.certificates().standing(shown, now));
        let holder = standing.as_ref().and_then(|standing| core.users().find(standing.user()?)).map(|user| user.standing());
        let user_standing: Option<Arc<UserStanding>> = user.as_ref().map(|user| Arc::clone(&user.standing()));
        let browser = self.browser_key(gathered);
        let lists = core.networks().lists();
        let papers = Papers {
            address: visitor.address,
            lists: &lists,
            certificate: shown.map(AsRef::as_ref).zip(standing.as_ref()),
            holder: holder.as_ref().map(|standing| &***standing),
            bound_certificate: None,
            user: user_standing.as_deref(),
            evidence: gathered,
            bound_browser: browser != BrowserKey::Missing,
            now,
        };
        let examination = chain::examine(&policy, &papers);
        // Good until the key has come, and not beyond this sign-in: nothing but the sign-in itself goes on by it.
        let awaits_key = browser == BrowserKey::Awaited
            && chain::examine(&policy, &Papers { bound_browser: false, ..papers }).trace.failed().map(|(_, refusal)| refusal)
                == Some(Refusal::BrowserNotBound);
        let bound_to = chain::bound_to(&policy, &papers).cloned();
        let offered = chain::offered(&policy, &papers);
        Ok(Look { verdict: examination.verdict, trace: examination.trace, policy, user, bound_to, offered, awaits_key })
    }

    pub(super) async fn reserve(
        &self,
        step: AttemptKind,
        name: &str,
        visitor: &Visitor<'_>,
    ) -> Result<Result<Reservation, Rejection>, AttemptError> {
        match self.core.regulation().reserve_step(step, name, visitor.address).await {
            Ok(reservation) => Ok(Ok(reservation)),
            Err(AttemptRefused::Locked { retry_after }) => Ok(Err(Rejection::SlowDown(retry_after))),
            Err(AttemptRefused::Unavailable(error)) => Err(error.into()),
        }
    }

    pub(super) fn failed(&self, visitor: &Visitor<'_>, goal: &Goal, name: &str, method: Method, why: &'static str) {
        self.failed_because(visitor, goal, name, method, why, None);
    }

    /// As [`Self::failed`], with what a directory said where that has no word of its own.
    pub(super) fn failed_because(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        method: Method,
        why: &'static str,
        in_full: Option<String>,
    ) {
        metrics::counter!("sekisho_sign_in_failures_total", "method" => method.word()).increment(1);
        // Stable text with the address: people point fail2ban at it.
        if visitor.session.is_some() || strangers::may_write(Kind::SignInFailed, visitor.address.ip()) {
            tracing::warn!(remote_ip = %visitor.address, method = method.word(), request_id = visitor.request_id, "sign_in_failed");
        }
        let event = self.event("sign_in", visitor, goal).user(name).refused(why).detail("method", method.word());
        self.core.audit().note(match in_full {
            Some(said) => event.detail("directory", said),
            None => event,
        });
    }

    pub(super) fn event(&self, what: &'static str, visitor: &Visitor<'_>, goal: &Goal) -> Event {
        let event = Event::new(what).address(visitor.address).request_id(visitor.request_id);
        match goal.app() {
            Some(app) => event.app(app),
            None => event,
        }
    }
}

/// The one-time passwords that a turn takes: at check 6 those that the policy accepts, and the same at check 5, where
/// they register the browser.
pub(super) fn one_time(turn: &Turn, policy: &Policy, user: &User) -> Methods {
    match turn.check() {
        Check::Otp => turn.methods(),
        Check::Cookie if turn.methods().contains(Method::BrowserByOtp) => policy
            .demands(Some(&user.standing()))
            .filter(|demands| demands.otp.mode == Mode::Require)
            .fold(Methods::of(&[Method::Totp, Method::RecoveryCode, Method::Passkey]), |accepted, demands| {
                accepted.both(demands.otp.methods)
            })
            .either(turn.methods().contains(Method::BrowserByNumber), Method::Push),
        Check::Cookie if turn.methods().contains(Method::BrowserByNumber) => Methods::of(&[Method::Push]),
        _ => Methods::NONE,
    }
}

/// A sign-in that builds on the session's evidence: what was newly proved for the same user is added to it.
pub(super) fn joined(session: &Session, progress: SignInProgress) -> SignInProgress {
    let known = session.evidence();
    if progress.gathered.user().is_some_and(|user| Some(user) != known.user()) {
        return progress;
    }
    let mut gathered = Gathered::clone(&known);
    gathered.add_all(&progress.gathered);
    SignInProgress { gathered, browser: progress.browser.or(session.browser()) }
}
