//! Where a sign-in stands: what is asked for next, that it is refused, or that it has passed.

use std::sync::Arc;

use super::application::may_apply;
use super::engine::{AttemptError, SignIn, joined, one_time};
use super::goal::Goal;
use super::visitor::Visitor;
use crate::account::user::User;
use crate::browser::application::Application;
use crate::chain::policy::selection::Selected;
use crate::chain::policy::{Mode, Policy};
use crate::chain::refusal::Refusal;
use crate::chain::trace::Trace;
use crate::chain::{Check, Turn, Verdict};
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;
use crate::session::Session;

/// Where a sign-in stands.
pub enum Position {
    /// Evidence for this check is missing.
    Asked(Box<AskedStep>),
    /// Nothing helps.
    Refused {
        /// Why.
        refusal: Refusal,
        /// What all six said.
        trace: Trace,
        /// Which of them are required.
        required: [bool; 6],
        /// Who has signed in so far.
        user: Option<UserId>,
    },
    /// Nothing is missing: a session is there, and where the portal's cookie changes, its new value.
    Passed {
        /// The session.
        session: Arc<Session>,
        /// The cookie to set.
        cookie: Option<String>,
        /// Whether nothing but this sign-in may go on yet: the key of the browser is waited for.
        awaits_key: bool,
    },
}

debug_by_name!(Position);

/// What is asked for.
#[derive(Debug)]
pub struct AskedStep {
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
    /// The one-time methods that are accepted here, whether the user has them or not.
    pub accepted: Methods,
    /// The one of these by which the user passed check 6 the last time: at check 6 it is asked for first.
    pub last: Option<Method>,
    /// Whether a phone is asked by a code, which a passkey answers there.
    pub by_passkey: bool,
    /// Whether one of them is a phone that the user has, whose approvals are suspended or locked.
    pub phone_rests: bool,
    /// Whether a ticket is asked for, or offered, at this step.
    pub wants_ticket: bool,
    /// Whether the ticket that was shown must be that of the user who signs in.
    pub ticket_binds: bool,
    /// Whether an administrator may let this browser in.
    pub may_apply: bool,
    /// The application for this browser, if one was made.
    pub application: Option<Application>,
    /// Whether the form asks for our own password and the directory's at this moment.
    pub both: bool,
}

impl SignIn {
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
            // A user who passes all six checks is signed in; what a transaction needs besides is asked for by itself.
            Verdict::Pass(_) | Verdict::Hold(_) => self.pass(visitor, goal, &progress, look.awaits_key).await,
            Verdict::Refuse(refusal) => {
                let user = progress.gathered.user().cloned();
                let mut event = self.event("sign_in", visitor, goal).check(refusal.check().word()).refused(refusal.code());
                if let Some(user) = &user {
                    event = event.user(user.as_str());
                }
                self.core.audit().note(event);
                let standing = look.user.as_ref().map(|user| user.standing());
                let required = Selected::of(&look.policy, None).required(standing.as_ref().map(|standing| &***standing));
                Ok(Position::Refused { refusal, trace: look.trace, required, user })
            }
            Verdict::Ask(turn) => {
                let (mut accepted, mut usable, mut phone_rests, mut by_passkey) = (Methods::NONE, Vec::new(), false, false);
                if let Some(user) = &look.user {
                    accepted = one_time(&turn, &look.policy, user);
                    usable = self.usable(accepted, user).await?;
                    by_passkey = accepted.contains(Method::Push)
                        && self.can_approve_by_passkey(turn.check(), &progress.gathered, user.id()).await?;
                    if by_passkey {
                        usable.push(Method::Push);
                    }
                    let has_phone = || self.core.approvals().approvers.of_user(user.id());
                    phone_rests =
                        accepted.contains(Method::Push) && !usable.contains(&Method::Push) && !has_phone().await?.is_empty();
                }
                let last = match &look.user {
                    Some(user) if turn.check() == Check::Otp => self.core.last_factors().of(user.id()).await?,
                    _ => None,
                };
                let may_apply = may_apply(&turn);
                let application = match &look.user {
                    Some(user) if may_apply => self.core.browsers().application_of(user.id(), visitor.browser_cookie).await?,
                    _ => None,
                };
                let both = turn.check() == Check::PrimaryFactor
                    && self.core.login_protect().asks_for_both(look.policy.services_of_anybody()).await;
                let wants_ticket = match turn.check() {
                    Check::DesktopSso => true,
                    Check::PrimaryFactor => look.offered.is_some(),
                    _ => false,
                };
                let standing = look.user.as_ref().map(|user| user.standing());
                let ticket_binds = look
                    .policy
                    .demands(standing.as_ref().map(|standing| &***standing))
                    .any(|demands| demands.desktop_sso.mode == Mode::Require);
                Ok(Position::Asked(Box::new(AskedStep {
                    wants_ticket,
                    ticket_binds,
                    turn,
                    trace: look.trace,
                    policy: look.policy,
                    user: look.user,
                    last: last.filter(|last| usable.contains(last)),
                    usable,
                    accepted,
                    by_passkey,
                    phone_rests,
                    may_apply,
                    application,
                    both,
                })))
            }
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
        if methods.contains(Method::Passkey) && self.core.passkeys().has(user.id()).await? {
            usable.push(Method::Passkey);
        }
        if methods.contains(Method::RecoveryCode) && self.core.recovery_codes().left(user.id()).await? > 0 {
            usable.push(Method::RecoveryCode);
        }
        Ok(usable)
    }
}
