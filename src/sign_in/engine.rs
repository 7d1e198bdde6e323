//! One step of a sign-in: the chain is asked which check is next, a submission is verified by the factor that the turn
//! allows, what it earned is noted, and when nothing is missing any more the session is made.
//! Unknown users, wrong passwords, disabled accounts and users whose own lists refuse them all get the same answer after
//! the same work (T31); which it was stands in the audit log alone.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::goal::Goal;
use super::progress::{InProgress, LIFE, Progress};
use super::push::Waiting;
use super::unfamiliar;
use crate::account::regulation::{AttemptKind, AttemptRefused, Reservation};
use crate::account::user::User;
use crate::audit::Event;
use crate::chain::evidence::{Earned, Gathered};
use crate::chain::papers::Papers;
use crate::chain::policy::{Mode, Policy};
use crate::chain::refusal::Refusal;
use crate::chain::trace::Trace;
use crate::chain::{self, Check, Turn, Verdict};
use crate::core::Core;
use crate::factor::{Proof, browser, grace, recovery_code, totp};
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate;
use crate::principal::method::{CredentialId, Method, Methods};
use crate::principal::user::{UserId, UserStanding};
use crate::session::Session;
use crate::session::sessions::{NewSession, SessionError};
use crate::store::database::DatabaseError;
use crate::store::shared::{Keyspace, SharedStateError};
use crate::telemetry::strangers::{self, Kind};

/// Who is at the barrier: facts of this request.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// Where from.
    pub address: ClientAddress,
    /// The certificate of the portal's connection, if one was shown.
    pub certificate: Option<&'a Arc<PresentedCertificate>>,
    /// The value of `__Host-sekisho-signin`.
    pub sign_in_cookie: &'a str,
    /// The value of `__Host-sekisho-browser`.
    pub browser_cookie: Option<&'a str>,
    /// The portal's session, if there is one.
    pub session: Option<&'a Arc<Session>>,
    /// The browser, in a few words.
    pub agent: &'a str,
    /// The request's id.
    pub request_id: &'a str,
}

/// Where a sign-in stands.
#[derive(Debug)]
pub enum Position {
    /// Evidence for this check is missing.
    Asked(Box<Asked>),
    /// Nothing helps.
    Refused {
        /// Why.
        refusal: Refusal,
        /// What all six said.
        trace: Trace,
        /// Who has signed in so far.
        user: Option<UserId>,
    },
    /// Nothing is missing: a session is there, and where the portal's cookie changes, its new value.
    Passed {
        /// The session.
        session: Arc<Session>,
        /// The cookie to set.
        cookie: Option<String>,
    },
}

/// What is asked for.
#[derive(Debug)]
pub struct Asked {
    /// The turn: which check, by which methods.
    pub turn: Turn,
    /// What all six said.
    pub trace: Trace,
    /// The policy that asks.
    pub policy: Policy,
    /// Who has signed in so far.
    pub user: Option<Arc<User>>,
    /// The one-time methods that this user could use here; empty where none is enrolled.
    pub usable: Vec<Method>,
    /// Those that would be accepted here, of whoever has them.
    pub accepted: Methods,
    /// Whether one of them is a phone that the user has, whose approvals are suspended or locked.
    pub phone_rests: bool,
    /// Whether the form asks for our own password and the directory's at this moment.
    pub both: bool,
}

/// Why a submission did not help.
#[derive(Debug)]
pub enum Trouble {
    /// Not right; nothing more is told.
    Wrong,
    /// Another name than that of the user whose certificate the connection shows: whatever was typed beside it (T31).
    CertificateOf(UserId),
    /// Too many attempts; come again after this.
    SlowDown(Duration),
    /// Too much to do; come again after this.
    Busy(Duration),
    /// The directory that judges passwords does not answer; come again after this.
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
    pub(super) waiting: Keyspace<Waiting>,
}

/// What one look found.
pub(super) struct Look {
    pub(super) verdict: Verdict,
    pub(super) trace: Trace,
    pub(super) policy: Policy,
    pub(super) user: Option<Arc<User>>,
    /// Whose certificate binds this connection, as long as nobody has signed in.
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

    /// Where a sign-in stands; a browser that is registered shows itself without being asked.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn position(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<Position, AttemptError> {
        let mut progress = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        if let Some(session) = visitor.session {
            progress = joined(session, progress);
        }
        let mut look = self.look(visitor, goal, &progress.gathered, None).await?;
        if let Verdict::Ask(turn) = &look.verdict
            && turn.check() == Check::Cookie
            && let Some(earned) = self.show_browser(visitor, &mut progress, turn).await?
            && let Some(user) = progress.gathered.user().cloned()
            && let Some(registration) = progress.browser
        {
            self.in_progress.add(visitor.sign_in_cookie, goal.id(), &user, &earned, Some(registration)).await?;
            look = self.look(visitor, goal, &progress.gathered, None).await?;
        }
        if let Verdict::Ask(turn) = &look.verdict
            && let Some(user) = look.user.clone()
            && let Some(earned) = self.without_second_factor(visitor, goal, &look.policy, &user, turn).await?
        {
            progress.gathered.add(user.id(), &earned);
            self.in_progress.add(visitor.sign_in_cookie, goal.id(), user.id(), &earned, None).await?;
            look = self.look(visitor, goal, &progress.gathered, None).await?;
        }
        match look.verdict {
            // Whoever passes all six is signed in; what a transaction needs besides is asked for by itself.
            Verdict::Pass(_) | Verdict::Hold(_) => self.pass(visitor, goal, &progress).await,
            Verdict::Refuse(refusal) => {
                let user = progress.gathered.user().cloned();
                let mut event = self.event("sign_in", visitor, goal).check(refusal.check().word()).refused(refusal.code());
                if let Some(user) = &user {
                    event = event.user(user.as_str());
                }
                self.core.audit().note(event);
                Ok(Position::Refused { refusal, trace: look.trace, user })
            }
            Verdict::Ask(turn) => {
                let (mut accepted, mut usable, mut phone_rests) = (Methods::NONE, Vec::new(), false);
                if let Some(user) = &look.user {
                    accepted = one_time(&turn, &look.policy, user);
                    usable = self.usable(accepted, user).await?;
                    let has_phone = || self.core.approvals().approvers.of_user(user.id());
                    phone_rests =
                        accepted.contains(Method::Push) && !usable.contains(&Method::Push) && !has_phone().await?.is_empty();
                }
                let both = turn.check() == Check::PrimaryFactor
                    && self.core.login_protect().asks_for_both(look.policy.services_of_anybody()).await;
                Ok(Position::Asked(Box::new(Asked {
                    turn,
                    trace: look.trace,
                    policy: look.policy,
                    user: look.user,
                    usable,
                    accepted,
                    phone_rests,
                    both,
                })))
            }
        }
    }

    /// Check 6 by a one-time password; at check 5 the same code registers the browser, whose new cookie is answered.
    ///
    /// # Errors
    /// As [`Self::password`].
    pub async fn code(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        method: Method,
        code: &SecretString,
        browser_name: Option<&str>,
    ) -> Result<Result<Option<String>, Trouble>, AttemptError> {
        let mut progress = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        if let Some(session) = visitor.session {
            progress = joined(session, progress);
        }
        let look = self.look(visitor, goal, &progress.gathered, None).await?;
        let (Verdict::Ask(turn), Some(user)) = (look.verdict, look.user) else { return Ok(Err(Trouble::NotNow)) };
        if !one_time(&turn, &look.policy, &user).contains(method) {
            return Ok(Err(Trouble::NotNow));
        }
        let registers = turn.check() == Check::Cookie;
        let reservation = match self.reserve(AttemptKind::Second, user.id().as_str(), visitor).await? {
            Ok(reservation) => reservation,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let proof = match self.verify_code(user.id(), method, code).await? {
            Ok(proof) => proof,
            Err(why) => {
                self.failed(visitor, goal, user.id().as_str(), method, why);
                return Ok(Err(Trouble::Wrong));
            }
        };
        let mut cookie = None;
        let mut registration = None;
        let check = turn.check();
        let earned = if registers {
            let agent = browser_name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(visitor.agent);
            let (registered, text) =
                browser::register(self.core.browsers(), &proof, visitor.browser_cookie, agent, visitor.address).await?;
            registration = Some(registered.credential());
            cookie = Some(text);
            self.core.audit().note(
                self.event("browser.register", visitor, goal).user(user.id().as_str()).detail("way", Method::BrowserByOtp.word()),
            );
            unfamiliar::tell_of_browser(&self.core, visitor, &user, agent).await;
            turn.earn_by_registering(&registered, &proof)
        } else {
            turn.earn(proof)
        };
        let Ok(earned) = earned else { return Ok(Err(Trouble::NotNow)) };
        self.core.regulation().succeeded(reservation).await?;
        self.core.graces().end(user.id()).await?;
        // What a session knew already is part of this sign-in now.
        self.in_progress.add(visitor.sign_in_cookie, goal.id(), user.id(), &earned, registration).await?;
        self.core.audit().note(
            self.event("sign_in.step", visitor, goal)
                .user(user.id().as_str())
                .check(check.word())
                .detail("method", method.word()),
        );
        Ok(Ok(cookie))
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

    /// Nothing is missing: what was gathered becomes a session, or makes the present one stronger.
    async fn pass(&self, visitor: &Visitor<'_>, goal: &Goal, progress: &Progress) -> Result<Position, AttemptError> {
        let core = &self.core;
        let fresh = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        let certificate = visitor.certificate.map(|shown| shown.fingerprint());
        let session = match visitor.session {
            Some(session) if fresh.gathered.user().is_none() => {
                return Ok(Position::Passed { session: Arc::clone(session), cookie: None });
            }
            // Whatever else of this browser goes on with the session is not cut off by its getting stronger.
            Some(session) if Some(session.user().id()) == fresh.gathered.user() => {
                let token = core.sessions().strengthen_by(session, &fresh.gathered, certificate).await?;
                (Arc::clone(session), token)
            }
            other => {
                let Some(user) = progress.gathered.user().and_then(|user| core.users().find(user)) else {
                    // A policy that asks for nobody: there is nothing to make a session of.
                    return Err(AttemptError::Gone);
                };
                let new = NewSession {
                    user,
                    evidence: progress.gathered.clone(),
                    certificate,
                    browser: progress.browser,
                    address: visitor.address,
                    agent: visitor.agent.to_owned(),
                };
                let made = core.sessions().create(new).await?;
                if let Some(before) = other {
                    // One browser, one session: the one before belonged to somebody else.
                    core.sessions().revoke(before.id()).await?;
                }
                made
            }
        };
        let (session, token) = session;
        self.in_progress.end(visitor.sign_in_cookie, goal.id()).await?;
        // Looked at now that the session can be found by whoever ends all that a credential opened: either they see the
        // session, or this sees what they did.
        if !self.stands(&fresh.gathered).await? {
            core.sessions().revoke(session.id()).await?;
            let event = self.event("sign_in", visitor, goal).user(session.user().id().as_str()).refused("credential_changed");
            core.audit().record(event).await?;
            return Box::pin(self.position(&Visitor { session: None, ..*visitor }, goal)).await;
        }
        if fresh.gathered.of(Check::PrimaryFactor).is_some() {
            unfamiliar::tell(core, visitor, session.user()).await;
        }
        core.audit()
            .record(
                self.event("sign_in", visitor, goal).user(session.user().id().as_str()).detail("session", session.id().text()),
            )
            .await?;
        Ok(Position::Passed { session, cookie: Some(token.text().to_owned()) })
    }

    /// Whether every credential that something was proved with is there yet: between the first step and the last a
    /// password may be changed, an authenticator replaced, a browser forgotten.
    async fn stands(&self, gathered: &Gathered) -> Result<bool, AttemptError> {
        let Some(user) = gathered.user() else { return Ok(true) };
        for piece in gathered.iter() {
            let stands = match piece.method() {
                Method::Password => self.core.passwords().is_current(user, piece.credential()).await?,
                Method::Totp => {
                    self.core.totps().of_user(user).await?.is_some_and(|authenticator| authenticator.id == piece.credential())
                }
                Method::BrowserByNumber | Method::BrowserByAdmin | Method::BrowserByOtp | Method::BrowserByLink => {
                    self.core.browsers().of_user(user).iter().any(|registered| registered.id == piece.credential())
                }
                Method::Push => {
                    let slots = self.core.approvals().approvers.of_user(user).await?;
                    slots.iter().any(|slot| CredentialId(slot.approver.credential()) == piece.credential())
                        && self.core.approvals().approvers.standing(user).await?.is_good()
                }
                Method::Grace => self.core.graces().holds(user, self.core.totps(), &self.core.approvals().approvers).await?,
                // Used up by being proved: as long as what it stood in for is there, and no other set was drawn since.
                Method::RecoveryCode => {
                    let drawn = self.core.recovery_codes().made_at(user).await?;
                    self.core.totps().has(user).await? && drawn.is_none_or(|drawn| drawn <= piece.at())
                }
                // Kept by somebody else.
                Method::AdPassword | Method::Idp | Method::Matrix | Method::TokenMatrix | Method::Passkey | Method::Kerberos => {
                    true
                }
            };
            if !stands {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tries the browser's cookie at check 5.
    async fn show_browser(
        &self,
        visitor: &Visitor<'_>,
        progress: &mut Progress,
        turn: &Turn,
    ) -> Result<Option<Earned>, AttemptError> {
        let (Some(user), Some(cookie)) = (progress.gathered.user().cloned(), visitor.browser_cookie) else { return Ok(None) };
        let Some(proof) = browser::verify(self.core.browsers(), &user, cookie, self.core.clock().now()).await? else {
            return Ok(None);
        };
        if !turn.methods().contains(proof.method()) {
            return Ok(None);
        }
        let registration: CredentialId = proof.credential();
        // The turn stays with the caller, which asks for another way if this one fails: the proof is judged by its twin.
        let Ok(earned) = turn.again().earn(proof) else { return Ok(None) };
        progress.gathered.add(&user, &earned);
        progress.browser = Some(registration);
        Ok(Some(earned))
    }

    /// Check 6 for whoever has no second factor, in the time that the policy leaves (R-436…R-439).
    async fn without_second_factor(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        policy: &Policy,
        user: &User,
        turn: &Turn,
    ) -> Result<Option<Earned>, AttemptError> {
        if turn.check() != Check::Otp || !turn.methods().contains(Method::Grace) {
            return Ok(None);
        }
        let standing = user.standing();
        let demands = policy.demands(Some(&standing)).filter(|demands| demands.otp.mode != Mode::Off);
        let lasts = demands.filter_map(|demands| demands.otp.grace.as_ref()?.of(&standing)).min();
        let core = &self.core;
        match core.graces().verify(user.id(), core.totps(), &core.approvals().approvers, lasts).await {
            Ok(proof) => Ok(turn.again().earn(proof).ok()),
            Err(grace::GraceError::Asked) => Ok(None),
            Err(grace::GraceError::Over) => {
                let event = self.event("sign_in", visitor, goal).user(user.id().as_str()).check(Check::Otp.word());
                core.audit().note(event.refused("grace_over"));
                Ok(None)
            }
            Err(grace::GraceError::Database(error)) => Err(error.into()),
        }
    }

    /// Those of the one-time methods that the user has.
    async fn usable(&self, methods: Methods, user: &User) -> Result<Vec<Method>, AttemptError> {
        let mut usable = Vec::new();
        if methods.contains(Method::Push) && self.can_approve(user.id()).await? {
            usable.push(Method::Push);
        }
        if methods.contains(Method::Totp) && self.core.totps().has(user.id()).await? {
            usable.push(Method::Totp);
        }
        if methods.contains(Method::RecoveryCode) && self.core.recovery_codes().left(user.id()).await? > 0 {
            usable.push(Method::RecoveryCode);
        }
        Ok(usable)
    }

    pub(super) async fn verify_code(
        &self,
        user: &UserId,
        method: Method,
        code: &SecretString,
    ) -> Result<Result<Proof, &'static str>, AttemptError> {
        match method {
            Method::Totp => match self.core.totps().verify(user, code.expose_secret()).await {
                Ok(proof) => Ok(Ok(proof)),
                Err(totp::TotpError::Wrong) => Ok(Err("wrong")),
                Err(totp::TotpError::Used) => Ok(Err("used")),
                Err(totp::TotpError::NotEnrolled) => Ok(Err("not_enrolled")),
                Err(totp::TotpError::Database(error)) => Err(error.into()),
                Err(error @ totp::TotpError::Seal(_)) => Err(AttemptError::Factor(error.to_string())),
            },
            Method::RecoveryCode => match self.core.recovery_codes().verify(user, code.expose_secret()).await {
                Ok(proof) => Ok(Ok(proof)),
                Err(recovery_code::RecoveryCodeError::Wrong) => Ok(Err("wrong")),
                Err(recovery_code::RecoveryCodeError::Database(error)) => Err(error.into()),
            },
            _ => Ok(Err("not_a_one_time_method")),
        }
    }

    pub(super) async fn reserve(
        &self,
        step: AttemptKind,
        name: &str,
        visitor: &Visitor<'_>,
    ) -> Result<Result<Reservation, Trouble>, AttemptError> {
        match self.core.regulation().reserve_step(step, name, visitor.address).await {
            Ok(reservation) => Ok(Ok(reservation)),
            Err(AttemptRefused::Locked { retry_after }) => Ok(Err(Trouble::SlowDown(retry_after))),
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

/// A sign-in that builds on the session's evidence: what was newly proved for the same user lies on top of it.
pub(super) fn joined(session: &Session, progress: Progress) -> Progress {
    let known = session.evidence();
    if progress.gathered.user().is_some_and(|user| Some(user) != known.user()) {
        return progress;
    }
    let mut gathered = Gathered::clone(&known);
    gathered.add_all(&progress.gathered);
    Progress { gathered, browser: progress.browser.or(session.browser()) }
}
