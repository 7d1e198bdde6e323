//! Check 4 by a one-time password that is read along a pattern, off the table of the page or off that of the user's phone: the order
//! of what is judged, counted and taken is that of every password (`password.rs`). A table of the page is used up first, one of a
//! phone by the right answer. A right answer by an initial pattern, or by one that the rules refuse by
//! now, opens nothing until its owner has set another: what it earned waits beside the sign-in.

use std::time::Duration;

use secrecy::SecretString;

use super::engine::{AttemptError, Rejection, SignIn};
use super::goal::Goal;
use super::password::NotEvaluated;
use super::progress::key;
use super::strangers::StrangersAllowance;
use super::visitor::Visitor;
use crate::account::regulation::{AttemptKind, AttemptRefused, Reservation};
use crate::account::user::User;
use crate::chain::refusal::Refusal;
use crate::chain::{Check, Turn, Verdict};
use crate::core::Core;
use crate::core::notice::Notice;
use crate::factor::matrix::setting::{Entered, SentEntry, SettingStep};
use crate::factor::matrix::shape::TableShape;
use crate::factor::matrix::{MatrixError, MustSet, RightAnswer, ShownTable, TakenTable};
use crate::factor::token_matrix::ProvedPattern;
use crate::login_protect::{Admission, LoginAdmission};
use crate::principal::method::Method;
use crate::principal::service::Service;
use crate::principal::user::{UserId, UserStanding};

/// Off which table an answer was read.
#[derive(Clone, Copy, Debug)]
pub enum ReadOff<'a> {
    /// That of the page, sealed, as the page carried it.
    Page(&'a str),
    /// That of the user's phone.
    Phone,
}

impl ReadOff<'_> {
    const fn method(self) -> Method {
        match self {
            Self::Page(_) => Method::Matrix,
            Self::Phone => Method::TokenMatrix,
        }
    }
}

/// What was typed into the form of a pattern.
#[derive(Clone, Copy, Debug)]
pub struct TypedAnswer<'a> {
    /// Off which table.
    pub read_off: ReadOff<'a>,
    /// What was read off it, with the phrase.
    pub answer: &'a SecretString,
    /// The directory that was chosen beside the name; empty where none was.
    pub domain: &'a str,
}

/// What came of an entry while a pattern is set at a sign-in.
#[derive(Debug)]
pub enum PatternEntry {
    /// The page shows where it stands.
    GoesOn,
    /// The pattern is set; the sign-in goes on.
    Set,
    /// Nobody here has to set a pattern: the time is over, or the sign-in went on elsewhere.
    NotAsked,
}

/// A user who must set a pattern in this sign-in.
#[derive(Debug)]
pub struct PatternSetter {
    /// Who.
    pub user: std::sync::Arc<User>,
    /// Whether the present one was drawn by the server; else the rules refuse it by now.
    pub initial: bool,
    /// The pattern that was proved.
    proved: ProvedPattern,
}

/// An answer on its way to the verifier, with what it is compared with.
struct Answered<'a> {
    table: AnsweredTable,
    answer: &'a SecretString,
}

/// The table of an answer.
enum AnsweredTable {
    /// That of the page, which is used up.
    Page(TakenTable),
    /// Those of phones, of this size.
    Phone(TableShape),
}

impl Answered<'_> {
    const fn method(&self) -> Method {
        match self.table {
            AnsweredTable::Page(_) => Method::Matrix,
            AnsweredTable::Phone(_) => Method::TokenMatrix,
        }
    }

    async fn verified(self, core: &Core, user: &UserStanding, admission: Admission) -> Result<RightAnswer, MatrixError> {
        match self.table {
            AnsweredTable::Page(table) => core.matrices().verify(user, table, self.answer, admission).await,
            AnsweredTable::Phone(_) => core.token_matrices().verify(user, self.answer, admission).await,
        }
    }

    async fn pretended(&self, core: &Core) -> Result<(), MatrixError> {
        match &self.table {
            AnsweredTable::Page(table) => core.matrices().pretend(table, self.answer).await,
            AnsweredTable::Phone(shape) => core.token_matrices().pretend(*shape, self.answer).await,
        }
    }
}

/// Refusals leave at whole steps. To take a window, to count a failure and to read a pattern is more work than to do none of it; all
/// of it ends well within one step.
const STEP: Duration = Duration::from_millis(25);

/// Answers to tables that were not right: an office behind one address has many people.
const ANSWERED: StrangersAllowance = StrangersAllowance { word: "matrix_asked", per_network: 1000, of_all: Some(64) };

impl SignIn {
    /// Check 4 by an answer to a table of a page or of a phone. What is refused is answered at a whole number of 25 ms steps after it
    /// came, whatever the reason: how long that takes says nothing about the name or its window (T31).
    ///
    /// # Errors
    /// [`AttemptError`]; a submission that does not help is `Ok(Err(Rejection))`.
    pub async fn matrix(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        typed: TypedAnswer<'_>,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let clock = self.core.clock();
        let begun = clock.monotonic();
        let outcome = self.judge_matrix(visitor, goal, name, typed).await?;
        if !matches!(outcome, Err(Rejection::Wrong | Rejection::CertificateOf(_))) {
            return Ok(outcome);
        }
        // A failure that was reported is counted here, not while the page is made afterwards.
        match self.core.regulation().peek(name, visitor.address).await {
            Ok(()) | Err(AttemptRefused::Locked { .. }) => {}
            Err(AttemptRefused::Unavailable(error)) => return Err(error.into()),
        }
        tokio::time::sleep(to_whole_step(clock.monotonic().saturating_sub(begun))).await;
        Ok(outcome)
    }

    async fn judge_matrix(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        typed: TypedAnswer<'_>,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let named = self.core.ad_passwords().directories().name_here(typed.domain, name);
        let name = named.as_deref().unwrap_or(name);
        let ticket = self.ticket_of(visitor, goal, name).await?;
        let anybody = self.look(visitor, goal, &ticket, None).await?;
        if let Some(rejection) = self.without_ticket(visitor, goal, &anybody).await? {
            return Ok(Err(rejection));
        }
        let method = typed.read_off.method();
        let is_asked = |turn: &Turn| turn.check() == Check::PrimaryFactor && turn.methods().contains(method);
        if !matches!(&anybody.verdict, Verdict::Ask(turn) if is_asked(turn)) {
            return Ok(Err(Rejection::NotNow));
        }
        // Who guesses too much uses up no table: what was used is remembered for a while.
        if let Err(AttemptRefused::Locked { retry_after }) = self.core.regulation().peek(name, visitor.address).await {
            self.failed(visitor, goal, name, method, "locked");
            return Ok(Err(Rejection::SlowDown(retry_after)));
        }
        // A table that is used up is remembered, also where a shut form counts no failure.
        let is_known = self.is_registered_for(visitor, name);
        if !is_known && let Err(trouble) = self.allow(visitor, ANSWERED).await? {
            return Ok(Err(trouble));
        }
        let table = match typed.read_off {
            ReadOff::Phone => AnsweredTable::Phone(shape(&self.core, name)),
            ReadOff::Page(sealed) => match self.core.matrices().take(&key(visitor.sign_in_cookie, goal.id()), sealed).await {
                Ok(table) => AnsweredTable::Page(table),
                Err(MatrixError::Over) => return Ok(Err(Rejection::TableOver)),
                Err(error) => return Err(attempt_error(error)),
            },
        };
        let is_not_of = anybody.is_not_of(name);
        let named = UserId::parse(name).ok().and_then(|id| self.core.users().find(&id)).filter(|_| is_not_of.is_none());
        // Judged with the user named, so that a user's own lists hold before anything of theirs is looked at.
        let look = self.look(visitor, goal, &ticket, named.as_ref()).await?;
        let standing = named.as_ref().map(|user| user.standing());
        let services: Vec<Service> = look.policy.protecting(standing.as_ref().map(|standing| &***standing)).cloned().collect();
        let turn = match look.verdict {
            _ if is_not_of.is_some() => Err(Refusal::CertificateOfAnotherUser.code()),
            Verdict::Ask(turn) if is_asked(&turn) => Ok(turn),
            Verdict::Ask(_) | Verdict::Refuse(_) | Verdict::Pass(_) | Verdict::Hold(_) => {
                Err(look.trace.failed().map_or("no_method_assigned", |(_, refusal)| refusal.code()))
            }
        };
        let user = named.filter(|user| user.standing().enabled);
        let allowed = turn.and_then(|turn| user.map(|user| (turn, user)).ok_or("unknown_or_disabled"));
        let answered = Answered { table, answer: typed.answer };
        let outcome = self.matrix_of(visitor, goal, name, allowed, &services, answered).await?;
        if !is_known && matches!(outcome, Ok(()) | Err(Rejection::MustSetPattern)) {
            self.give_back(visitor, ANSWERED).await?;
        }
        Ok(outcome.map_err(|trouble| match (trouble, is_not_of) {
            (Rejection::Wrong, Some(holder)) => Rejection::CertificateOf(holder),
            (trouble, _) => trouble,
        }))
    }

    async fn matrix_of(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        allowed: Result<(Turn, std::sync::Arc<User>), &'static str>,
        services: &[Service],
        answered: Answered<'_>,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let method = answered.method();
        let locked = |trouble| {
            self.failed(visitor, goal, name, method, "locked");
            Ok(Err(trouble))
        };
        // The window of the user; of no user if a check before this one does not pass.
        let window_of = allowed.as_ref().ok().map(|(_, user)| user.id());
        let admission = match self.admit(name, visitor, window_of, services).await {
            Ok(LoginAdmission::One(admission)) => admission,
            // The directory's password would be needed besides, and this form does not ask for it.
            Ok(LoginAdmission::Both(_)) => {
                return self.pretend_matrix(None, visitor, goal, name, "state_unavailable", &answered).await;
            }
            Err(NotEvaluated::Held(trouble)) => return locked(trouble),
            // No failure is counted: attempts at a closed form lock nobody out.
            Err(NotEvaluated::Shut(why)) => return self.pretend_matrix(None, visitor, goal, name, why, &answered).await,
        };
        if admission.is_as_open() {
            let event = self.event("login_protect.as_open", visitor, goal).user(name);
            self.core.audit().note(event.detail("why", "state_unavailable"));
        }
        let reservation = match self.reserve(AttemptKind::First, name, visitor).await? {
            Ok(reservation) => reservation,
            Err(trouble) => return locked(trouble),
        };
        let (turn, user) = match allowed {
            Ok(allowed) => allowed,
            Err(why) => return self.pretend_matrix(Some(reservation), visitor, goal, name, why, &answered).await,
        };
        let standing = user.standing();
        let RightAnswer { proof, must_set } = match answered.verified(&self.core, &standing, admission).await {
            Ok(right) => right,
            // The reservation is dropped: a failure counts.
            Err(MatrixError::Wrong) => {
                self.failed(visitor, goal, name, method, "wrong");
                return Ok(Err(Rejection::Wrong));
            }
            Err(MatrixError::Used) => {
                self.failed(visitor, goal, name, method, "used");
                return Ok(Err(Rejection::Wrong));
            }
            Err(MatrixError::Expired) => {
                self.failed(visitor, goal, name, method, "initial_pattern_expired");
                return Ok(Err(Rejection::Wrong));
            }
            Err(error) => {
                self.core.regulation().withdrawn(reservation).await?;
                return Err(attempt_error(error));
            }
        };
        let Ok(earned) = turn.earn(proof) else { return Ok(Err(Rejection::NotNow)) };
        self.core.regulation().succeeded(reservation).await?;
        let event = self.event("sign_in.step", visitor, goal).user(user.id().as_str()).check(Check::PrimaryFactor.word());
        let event = event.detail("method", method.word());
        let Some(why) = must_set else {
            self.in_progress.begin(visitor.sign_in_cookie, goal.id(), user.id(), &earned).await?;
            self.core.audit().note(event);
            return Ok(Ok(()));
        };
        let beside = beside(goal);
        self.core.matrices().leave_setting(&key(visitor.sign_in_cookie, &beside)).await.map_err(attempt_error)?;
        self.in_progress.begin(visitor.sign_in_cookie, &beside, user.id(), &earned).await?;
        self.core.audit().note(event.detail("must_set_pattern", why.word()));
        Ok(Err(Rejection::MustSetPattern))
    }

    /// The work and the answer of a wrong answer, whatever the reason.
    async fn pretend_matrix(
        &self,
        reservation: Option<Reservation>,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        why: &'static str,
        answered: &Answered<'_>,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        answered.pretended(&self.core).await.map_err(attempt_error)?;
        self.failed(visitor, goal, name, answered.method(), why);
        // A failure that counts, where one was reserved.
        drop(reservation);
        Ok(Err(Rejection::Wrong))
    }

    /// Who must set a pattern in this sign-in before anything else.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn pattern_setter(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<Option<PatternSetter>, AttemptError> {
        let gathered = self.in_progress.of(visitor.sign_in_cookie, &beside(goal)).await?.gathered;
        let piece = gathered.of(Check::PrimaryFactor);
        let user = gathered.user().and_then(|user| self.core.users().find(user)).filter(|user| user.standing().enabled);
        let (Some(user), Some(piece)) = (user, piece) else { return Ok(None) };
        // Drawn again, changed elsewhere or removed meanwhile: what was proved counts no more.
        let proved = self.core.token_matrices().proved(user.id(), piece.method(), piece.credential()).await?;
        Ok(proved.map(|proved| PatternSetter { user, initial: proved.state().initial, proved }))
    }

    /// The table that is asked for next.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn pattern_step(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        setter: &PatternSetter,
    ) -> Result<SettingStep, AttemptError> {
        let place = key(visitor.sign_in_cookie, &beside(goal));
        self.core.matrices().setting(&place, &setter.user.standing()).await.map_err(attempt_error)
    }

    /// Takes an entry of a new pattern. After the third the pattern is set, and the sign-in goes on with what was proved.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn enter_pattern(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        sent: SentEntry<'_>,
    ) -> Result<PatternEntry, AttemptError> {
        let Some(setter) = self.pattern_setter(visitor, goal).await? else { return Ok(PatternEntry::NotAsked) };
        let (core, beside) = (&self.core, beside(goal));
        let place = key(visitor.sign_in_cookie, &beside);
        let pattern = match core.matrices().enter(&place, &setter.user.standing(), sent).await.map_err(attempt_error)? {
            Entered::Next | Entered::Stale => return Ok(PatternEntry::GoesOn),
            Entered::Complete(pattern) => pattern,
        };
        let user = setter.user.id();
        let Some(successor) = core.token_matrices().set(user, &pattern, &setter.proved).await.map_err(attempt_error)? else {
            return Ok(PatternEntry::NotAsked);
        };
        let why = if setter.initial { MustSet::Initial } else { MustSet::Unfit };
        let ended = core.sessions().revoke_user(user, None).await?;
        let event = self.event("pattern.set", visitor, goal).user(user.as_str()).detail("why", why.word());
        core.audit().record(event.detail("sessions_ended", ended.to_string())).await?;
        core.notify_user(&setter.user, visitor.address, visitor.request_id, Notice::PatternSet).await;
        self.in_progress.join(visitor.sign_in_cookie, &beside, goal.id(), &successor).await?;
        Ok(PatternEntry::Set)
    }
}

/// A table for the page of this browser and this sign-in. `name` is who it is for, where sizes differ; the size says nothing of who
/// is known.
///
/// # Errors
/// [`AttemptError`].
pub fn table(core: &Core, visitor: &Visitor<'_>, goal: &Goal, name: &str, domain: &str) -> Result<ShownTable, AttemptError> {
    let named = core.ad_passwords().directories().name_here(domain, name);
    let name = named.as_deref().unwrap_or(name);
    core.matrices().show(&key(visitor.sign_in_cookie, goal.id()), shape(core, name)).map_err(attempt_error)
}

/// The size of the tables for this name, whether a user has it or not.
fn shape(core: &Core, name: &str) -> TableShape {
    let user = UserId::parse(name).ok().and_then(|id| core.users().find(&id)).map(|user| user.standing());
    let matrices = core.matrices();
    matrices.only_shape().unwrap_or_else(|| matrices.shape_for(name, user.as_ref().map(|standing| &***standing)))
}

/// Where what a pattern proved waits until another one is set: no check looks there.
fn beside(goal: &Goal) -> String {
    format!("{}\npattern", goal.id())
}

/// How long an answer waits that took so long to make: at least one step has passed when it leaves.
fn to_whole_step(took: Duration) -> Duration {
    let over = Duration::from_nanos(u64::try_from(took.as_nanos() % STEP.as_nanos()).unwrap_or(0));
    STEP.saturating_sub(over)
}

fn attempt_error(error: MatrixError) -> AttemptError {
    match error {
        MatrixError::Database(error) => error.into(),
        MatrixError::Shared(error) => error.into(),
        error => AttemptError::Factor(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_leaves_at_the_end_of_a_step_and_never_at_once() {
        let millis = Duration::from_millis;
        for (took, waits) in [(0, 25), (1, 24), (24, 1), (25, 25), (26, 24), (1_000, 25), (1_010, 15)] {
            assert_eq!(to_whole_step(millis(took)), millis(waits), "{took} ms");
        }
        assert_eq!(to_whole_step(Duration::from_micros(24_999)), Duration::from_micros(1));
    }
}
