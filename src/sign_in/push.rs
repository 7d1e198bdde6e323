//! The steps of a sign-in that a phone answers: check 4 without a password, check 5 by a number, check 6
//! after the password. A step is asked once, waited for on a page, and taken once.
//! For a user without an approver, and for a name that no user has, the same page runs until it expires.

use std::sync::Arc;
use std::time::Duration;

use super::engine::{AttemptError, Rejection, SignIn, joined, one_time};
use super::goal::Goal;
use super::phones::may_be_by_passkey;
use super::progress::key;
use super::strangers::StrangersAllowance;
use super::unfamiliar;
use super::visitor::Visitor;
use super::waiting::AwaitedApproval;
use crate::account::regulation::AttemptRefused;
use crate::account::user::User;
use crate::approval::number::Carried;
use crate::approval::question::{Closing, Denial, Purpose, Question, State};
use crate::approval::{Ask, Rejected, RequesterClass};
use crate::chain::evidence::Earned;
use crate::chain::policy::Policy;
use crate::chain::refusal::Refusal;
use crate::chain::{Check, Turn, Verdict};
use crate::config::schema::NumberMatching;
use crate::core::Core;
use crate::factor::Proof;
use crate::factor::push::{self, NumberCarried};
use crate::principal::method::{CredentialId, Method};
use crate::principal::number_style::NumberStyle;
use crate::principal::user::UserId;

/// Strangers in all may ask for this part of what the short-lived state holds.
const STRANGERS: usize = 128;

/// No name is answered sooner. To put a question to a phone takes more work than to pretend (a list, a message to each
/// phone): all of it ends well within this time, so that how long the answer takes says nothing about the name (T31).
pub const ANSWERED_AFTER: Duration = Duration::from_millis(25);

/// What is waited for, and how it stands.
#[derive(Debug)]
pub struct Waited {
    /// What.
    pub waiting: AwaitedApproval,
    /// The number to carry over, where there is one.
    pub number: Option<Carried>,
    /// How long it may still be answered.
    pub left: Duration,
    /// How it ended, if it did.
    pub ended: Option<PushEnding>,
}

/// How a question ended without an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushEnding {
    /// Denied on the phone, or the wrong number was chosen there: the same answer; the phone's owner knows which.
    Denied,
    /// Nobody answered.
    Expired,
    /// Withdrawn here.
    Cancelled,
    /// Another window of this browser asked again.
    Superseded,
}

/// What looking after an answer found.
#[derive(Debug)]
pub enum Collected {
    /// Nothing is waited for.
    Nothing,
    /// Not answered yet, or ended.
    Waits(Waited),
    /// Approved: the step is passed. The cookie of a browser that was registered by it.
    Passed(Option<String>),
}

impl From<Rejected> for AttemptError {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Shared(error) => Self::Shared(error),
            Rejected::Database(error) => Self::Database(error),
            other => Self::Factor(other.to_string()),
        }
    }
}

impl SignIn {
    /// Check 4 by a push: asks the phones of the user of this name. The answer comes after the same time for every name.
    ///
    /// # Errors
    /// [`AttemptError`]; where nothing may be asked, `Ok(Err(Rejection))`.
    pub async fn ask_by_push(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        tokio::join!(self.ask_named(visitor, goal, name), tokio::time::sleep(ANSWERED_AFTER)).0
    }

    async fn ask_named(&self, visitor: &Visitor<'_>, goal: &Goal, name: &str) -> Result<Result<(), Rejection>, AttemptError> {
        let ticket = self.ticket_of(visitor, goal, name).await?;
        let anybody = self.look(visitor, goal, &ticket, None).await?;
        if let Some(rejection) = self.without_ticket(visitor, goal, &anybody).await? {
            return Ok(Err(rejection));
        }
        let Verdict::Ask(turn) = &anybody.verdict else { return Ok(Err(Rejection::NotNow)) };
        if turn.check() != Check::PrimaryFactor || !turn.methods().contains(Method::Push) {
            return Ok(Err(Rejection::NotNow));
        }
        if let Err(trouble) = self.may_ask(visitor, name, true).await? {
            return Ok(Err(trouble));
        }
        // Whatever is known of the name: no phone is asked for it over this connection.
        if let Some(holder) = anybody.is_not_of(name) {
            self.failed(visitor, goal, name, Method::Push, Refusal::CertificateOfAnotherUser.code());
            return Ok(Err(Rejection::CertificateOf(holder)));
        }
        let named = UserId::parse(name).ok().and_then(|id| self.core.users().find(&id));
        // Judged with the user named, so that a user's own lists hold before a phone is asked.
        let look = self.look(visitor, goal, &ticket, named.as_ref()).await?;
        let may = matches!(&look.verdict, Verdict::Ask(turn)
            if turn.check() == Check::PrimaryFactor && turn.methods().contains(Method::Push));
        let asked = named.filter(|user| may && user.standing().enabled && user.standing().assigned.contains(Method::Push));
        let (user, number, by_passkey) = match &asked {
            Some(user) if self.core.approves_by_passkey(user.id()).await? => (user.id().clone(), None, true),
            Some(user) => {
                let style = self.core.number_style(&look.policy, user);
                (user.id().clone(), self.wants_number(visitor, user.id()).await?.then_some(style), false)
            }
            None => {
                let nobody = UserId::parse(name).or_else(|_| UserId::parse("nobody")).map_err(|_| AttemptError::Gone)?;
                let number = self.core.number_of_nobody(&look.policy, name);
                (nobody, number.shown.then_some(number.style), number.by_passkey)
            }
        };
        let put = Put { purpose: Purpose::SignIn, user: &user, number, by_passkey, anybody: asked.is_some() };
        let question = self.put(visitor, goal, put).await?;
        self.waiting
            .put(
                &self.place(visitor, goal),
                &AwaitedApproval { name: name.to_owned(), approval: question.id, purpose: Purpose::SignIn },
            )
            .await?;
        Ok(Ok(()))
    }

    /// Check 6 by a push, or check 5 by a number: asks the phones of the user who has signed in so far.
    ///
    /// # Errors
    /// As [`Self::ask_by_push`].
    pub async fn ask_for_step(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<Result<(), Rejection>, AttemptError> {
        let Some((turn, user, policy, by_passkey)) = self.step(visitor, goal).await? else { return Ok(Err(Rejection::NotNow)) };
        if let Err(trouble) = self.may_ask(visitor, user.id().as_str(), false).await? {
            return Ok(Err(trouble));
        }
        let (purpose, number) = match turn.check() {
            Check::Cookie => (Purpose::RegisterBrowser, true),
            _ => (Purpose::SecondFactor, self.core.approvals().config().number_matching == NumberMatching::Always),
        };
        let number = number.then(|| self.core.number_style(&policy, &user));
        let put = Put { purpose, user: user.id(), number, by_passkey, anybody: true };
        let question = self.put(visitor, goal, put).await?;
        let waiting = AwaitedApproval { name: user.id().to_string(), approval: question.id, purpose };
        self.waiting.put(&self.place(visitor, goal), &waiting).await?;
        Ok(Ok(()))
    }

    /// The step that a phone may answer, of somebody who has signed in so far, the policy that asks for it, and whether a passkey
    /// on the phone answers.
    async fn step(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<Option<(Turn, Arc<User>, Policy, bool)>, AttemptError> {
        let mut progress = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        if let Some(session) = visitor.session {
            progress = joined(session, progress);
        }
        let look = self.look(visitor, goal, &progress.gathered, None).await?;
        let (Verdict::Ask(turn), Some(user)) = (look.verdict, look.user) else { return Ok(None) };
        if !one_time(&turn, &look.policy, &user).contains(Method::Push) {
            return Ok(None);
        }
        let by_passkey = self.core.approves_by_passkey(user.id()).await?;
        let passes = !by_passkey || may_be_by_passkey(turn.check(), &progress.gathered);
        Ok(passes.then_some((turn, user, look.policy, by_passkey)))
    }

    /// Whether what this sign-in waits for is answered, withdrawn or expired; waits for that at most so long.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn is_over(&self, visitor: &Visitor<'_>, goal: &Goal, at_most: Duration) -> Result<bool, AttemptError> {
        let Some(waiting) = self.waiting.get(&self.place(visitor, goal)).await? else { return Ok(true) };
        let now = self.core.clock().now();
        let approvals = &self.core.approvals();
        let Some(question) = approvals.find(&waiting.approval).await? else { return Ok(true) };
        if !question.is_open(now) {
            return Ok(true);
        }
        let question = approvals.wait(&waiting.approval, at_most.min(question.expires_at.since(now))).await?;
        Ok(question.is_none_or(|question| !question.is_open(self.core.clock().now())))
    }

    /// What this sign-in waits for; where it was approved, the step is passed.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn collect(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<Collected, AttemptError> {
        let place = self.place(visitor, goal);
        let Some(waiting) = self.waiting.get(&place).await? else { return Ok(Collected::Nothing) };
        let approvals = &self.core.approvals();
        let found = approvals.find(&waiting.approval).await?;
        let Some(question) = found.filter(|question| !matches!(question.state, State::Used { .. })) else {
            self.waiting.take(&place).await?;
            return Ok(Collected::Nothing);
        };
        if !matches!(question.state, State::Approved { .. }) {
            return Ok(Collected::Waits(self.waited(waiting, &question)));
        }
        // Taken by one: of two windows that look at once the other finds the step passed.
        self.waiting.take(&place).await?;
        let Some(consent) = approvals.take(&waiting.approval, &asker(visitor)).await? else { return Ok(Collected::Nothing) };
        let (proof, carried) = push::verify(&consent);
        let user = consent.user().clone();
        let turn = match waiting.purpose {
            Purpose::SignIn => {
                let named = self.core.users().find(&user).filter(|user| user.standing().enabled);
                let ticket = self.ticket_of(visitor, goal, user.as_str()).await?;
                let look = self.look(visitor, goal, &ticket, named.as_ref()).await?;
                match look.verdict {
                    Verdict::Ask(turn) if turn.check() == Check::PrimaryFactor && named.is_some() => Some(turn),
                    _ => None,
                }
            }
            _ => self.step(visitor, goal).await?.map(|(turn, ..)| turn),
        };
        // What was approved is good for the check it was asked for, and for no other that has come up since.
        let Some(turn) = turn.filter(|turn| check_of(consent.purpose()) == Some(turn.check())) else {
            return Ok(Collected::Nothing);
        };
        let check = turn.check();
        let mut cookie = None;
        let mut registration: Option<CredentialId> = None;
        let earned: Option<Earned> = if check == Check::Cookie {
            let Some(carried) = carried else { return Ok(Collected::Nothing) };
            let (browser, text) = self.register_browser(visitor, goal, carried, &user).await?;
            registration = Some(browser.credential());
            cookie = Some(text);
            turn.earn(browser).ok()
        } else {
            let earned = turn.earn(proof).ok();
            // A browser is registered by a sign-in that goes on, never by one that does not.
            if let (Some(_), Some(carried), Check::PrimaryFactor) = (&earned, carried, check) {
                cookie = Some(self.register_browser(visitor, goal, carried, &user).await?.1);
            }
            earned
        };
        let Some(earned) = earned else { return Ok(Collected::Nothing) };
        if waiting.purpose == Purpose::SignIn {
            self.in_progress.begin(visitor.sign_in_cookie, goal.id(), &user, &earned).await?;
        } else {
            self.in_progress.add(visitor.sign_in_cookie, goal.id(), &user, &earned, registration).await?;
        }
        self.core.graces().end(&user).await?;
        self.note_last(check, &user, Method::Push).await?;
        self.core.audit().note(
            self.event("sign_in.step", visitor, goal)
                .user(user.as_str())
                .check(check.word())
                .detail("method", Method::Push.word())
                .detail("approval", consent.approval().as_str()),
        );
        Ok(Collected::Passed(cookie))
    }

    /// Registers the browser that a number was carried from, and notifies the user.
    async fn register_browser(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        carried: NumberCarried,
        user: &UserId,
    ) -> Result<(Proof, String), AttemptError> {
        let (browser, cookie) =
            push::register(self.core.browsers(), carried, visitor.browser(), visitor.agent, visitor.address).await?;
        let event = self.event("browser.register", visitor, goal).user(user.as_str());
        self.core.audit().note(event.detail("way", Method::BrowserByNumber.word()));
        if let Some(user) = self.core.users().find(user) {
            unfamiliar::notify_of_browser(&self.core, visitor, &user, visitor.agent).await;
        }
        Ok((browser, cookie))
    }

    /// Withdraws what this sign-in waits for; another method may be used then.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn withdraw(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<(), AttemptError> {
        if let Some(waiting) = self.waiting.take(&self.place(visitor, goal)).await? {
            self.core.approvals().cancel(&waiting.approval, &asker(visitor)).await?;
        }
        Ok(())
    }

    fn waited(&self, waiting: AwaitedApproval, question: &Question) -> Waited {
        let now = self.core.clock().now();
        let ended = match &question.state {
            State::Denied { why: Denial::Refused | Denial::WrongNumber | Denial::NotMe, .. }
            | State::Closed { why: Closing::WrongNumber } => Some(PushEnding::Denied),
            State::Closed { why: Closing::TakenBack | Closing::Withdrawn } => Some(PushEnding::Cancelled),
            State::Closed { why: Closing::AskedAgain | Closing::Settled } => Some(PushEnding::Superseded),
            State::Pending if question.is_expired(now) => Some(PushEnding::Expired),
            State::Pending | State::Approved { .. } | State::Used { .. } => None,
        };
        let portal = portal(&self.core);
        let number = question.number.as_ref().map(|number| number.carried(&question.id, &portal));
        let number = if question.by_passkey { number.map(Carried::for_passkey) } else { number };
        Waited { waiting, number, left: question.expires_at.since(now), ended }
    }

    async fn put(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        Put { purpose, user, number, by_passkey, anybody }: Put<'_>,
    ) -> Result<Question, AttemptError> {
        let config = self.core.config();
        let app = config.file.app.iter().find(|app| Some(app.name.as_str()) == goal.app());
        let app = app.map(|app| app.title.clone().unwrap_or_else(|| app.name.clone()));
        let ask = Ask {
            purpose,
            user,
            asker: &asker(visitor),
            browser: visitor.agent,
            address: visitor.address,
            app: app.as_deref(),
            portal: config.file.portal.url.trim_end_matches('/'),
            requester: match purpose {
                Purpose::SignIn if self.core.browsers().find_shown(user, visitor.browser()).is_some() => {
                    RequesterClass::RegisteredBrowser
                }
                Purpose::SignIn => RequesterClass::Anonymous,
                Purpose::SecondFactor | Purpose::RegisterBrowser | Purpose::AddApprover => RequesterClass::AuthenticatedUser,
                Purpose::Transaction => RequesterClass::Transaction,
                Purpose::App => RequesterClass::App,
            },
            number,
            by_passkey,
            anybody,
            request_id: visitor.request_id,
            matter: None,
        };
        Ok(self.core.approvals().ask(ask).await?)
    }

    /// Whether a number is to be carried over (R-020…R-023); nobody is shown one whose phone could not be asked.
    async fn wants_number(&self, visitor: &Visitor<'_>, user: &UserId) -> Result<bool, AttemptError> {
        if self.core.approvals().approvers.of_user(user).await?.is_empty() {
            return Ok(false);
        }
        if self.core.approvals().config().number_matching == NumberMatching::Always {
            return Ok(true);
        }
        Ok(self.core.browsers().find_shown(user, visitor.browser()).is_none())
    }

    /// Whether this network may ask once more, and, where nobody has signed in so far, whether strangers in all may.
    async fn may_ask(&self, visitor: &Visitor<'_>, name: &str, is_stranger: bool) -> Result<Result<(), Rejection>, AttemptError> {
        match self.core.regulation().peek(name, visitor.address).await {
            Ok(()) => {}
            Err(AttemptRefused::Locked { retry_after }) => return Ok(Err(Rejection::SlowDown(retry_after))),
            Err(AttemptRefused::Unavailable(error)) => return Err(error.into()),
        }
        if self.is_registered_for(visitor, name) {
            return Ok(Ok(()));
        }
        let per_network = i64::from(self.core.approvals().config().asked_per_network);
        // Each is remembered for an hour; they must leave space for those of known users.
        let of_all = is_stranger.then_some(STRANGERS);
        self.allow(visitor, StrangersAllowance { word: "approvals_asked", per_network, of_all }).await
    }

    fn place(&self, visitor: &Visitor<'_>, goal: &Goal) -> String {
        key(visitor.sign_in_cookie, goal.id())
    }
}

/// What is put to a phone.
#[derive(Clone, Copy)]
struct Put<'a> {
    purpose: Purpose,
    user: &'a UserId,
    number: Option<NumberStyle>,
    by_passkey: bool,
    anybody: bool,
}

/// The check that an approval is asked for.
const fn check_of(purpose: Purpose) -> Option<Check> {
    match purpose {
        Purpose::SignIn => Some(Check::PrimaryFactor),
        Purpose::RegisterBrowser => Some(Check::Cookie),
        Purpose::SecondFactor => Some(Check::Otp),
        Purpose::AddApprover | Purpose::Transaction | Purpose::App => None,
    }
}

/// Where phones find their page.
fn portal(core: &Core) -> String {
    core.config().file.portal.url.trim_end_matches('/').to_owned()
}

/// One browser, whatever its windows: asking again supersedes.
fn asker(visitor: &Visitor<'_>) -> String {
    key(visitor.sign_in_cookie, "")
}
