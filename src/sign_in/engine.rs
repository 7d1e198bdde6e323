//! The sign-in engine: the chain is asked which check is next, a submission is verified by the factor that the turn allows,
//! what it earned is noted, and when nothing is missing the session is made. Here is what every step uses;
//! `position`, `password`, `code`, `push`, `browser`, `grace` and `finish` are the steps.
//! Unknown users, wrong passwords, disabled accounts and users whose own lists refuse them all get the same answer after
//! the same work (T31); only the audit log says which it was.

use std::sync::Arc;
use std::time::Duration;

use super::goal::Goal;
use super::progress::{InProgress, LIFE, SignInProgress};
use super::visitor::Visitor;
use super::waiting::AwaitedApproval;
use crate::account::regulation::{AttemptKind, AttemptRefused, Reservation};
use crate::account::user::User;
use crate::audit::Event;
use crate::chain::evidence::Gathered;
use crate::chain::papers::Papers;
use crate::chain::policy::{Mode, Policy};
use crate::chain::trace::Trace;
use crate::chain::{self, Check, Turn, Verdict};
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
    /// Too many attempts; the client may retry after this time.
    SlowDown(Duration),
    /// Too many are verified at once; the client may retry after this time.
    Busy(Duration),
    /// The directory that judges passwords does not answer; the client may retry after this time.
    Unavailable(Duration),
    /// Two passwords are asked for at this moment, and one came.
    BothNeeded,
    /// This step is not the one that is asked for now (another tab went on, the sign-in ended).
    NotNow,
}

/// What keeps a sign-in from going on at all.
#[derive(Debug, thiserror::Error)]
pub enum AttemptError {
    /// The app of the goal is not there any more.
    #[error("go on with the sign-in: its app is not there any more")]
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
}

/// What one look found.
pub(super) struct Look {
    pub(super) verdict: Verdict,
    pub(super) trace: Trace,
    pub(super) policy: Policy,
    pub(super) user: Option<Arc<User>>,
    /// The user whose certificate binds this connection, as long as no user has signed in.
    pub(super) bound_to: Option<UserId>,
}

impl Look {
    /// The user whom this connection's certificate names, where `name` is another one.
    pub(super) fn is_not_of(&self, name: &str) -> Option<UserId> {
        self.bound_to.clone().filter(|holder| UserId::parse(name).ok().as_ref() != Some(holder))
    }
}

impl SignIn {
    /// In this core.
    pub fn new(core: Arc<Core>) -> Self {
        let waiting = Keyspace::new(Arc::clone(core.shared()), "sign_in_push", LIFE);
        Self { in_progress: InProgress::new(core.shared()), waiting, core }
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
        let papers = Papers {
            address: visitor.address,
            certificate: shown.map(AsRef::as_ref).zip(standing.as_ref()),
            holder: holder.as_ref().map(|standing| &***standing),
            bound_certificate: None,
            user: user_standing.as_deref(),
            evidence: gathered,
            now,
        };
        let examination = chain::examine(&policy, &papers);
        let bound_to = chain::bound_to(&policy, &papers).cloned();
        Ok(Look { verdict: examination.verdict, trace: examination.trace, policy, user, bound_to })
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
        metrics::counter!("sekisho_sign_in_failures_total", "method" => method.word()).increment(1);
        // Stable text with the address: people point fail2ban at it.
        if visitor.session.is_some() || strangers::may_write(Kind::SignInFailed, visitor.address.ip()) {
            tracing::warn!(remote_ip = %visitor.address, method = method.word(), request_id = visitor.request_id, "sign_in_failed");
        }
        self.core.audit().note(self.event("sign_in", visitor, goal).user(name).refused(why).detail("method", method.word()));
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
            .fold(Methods::of(&[Method::Totp, Method::RecoveryCode]), |accepted, demands| accepted.both(demands.otp.methods))
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
