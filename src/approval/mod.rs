//! The approval engine: a question put to a user's approvers, and its one answer.
//! `Pending → Approved | Denied | Expired | Cancelled | Superseded`, one transition ever, taken by compare-and-set: of any
//! number who answer at once one wins, and the others learn it. What was approved is taken once, by the requester.
//! Invariant: no answer counts but one signed over the text that was shown, by the key of an approver that serves the user or,
//! where the question was put so, by a passkey of the user.

pub mod answerer;
pub mod approver;
mod answer;
mod ask;
pub mod assertion;
mod by_passkey;
mod consent;
pub mod decision;
pub mod delivery;
mod error;
pub mod id;
pub mod key;
pub mod number;
mod open_list;
pub mod question;
pub mod silence;
pub mod signed;
pub mod web_push;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
pub(crate) mod push_tests;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use self::answerer::Answerer;
use self::approver::ApproverRegistry;
pub use self::ask::{Ask, Matter, RequesterClass};
pub use self::by_passkey::PasskeyWord;
pub use self::consent::Consent;
use self::delivery::Delivery;
pub use self::error::Rejected;
use self::key::ApproverId;
use self::number::NumberTests;
use self::question::{Closing, Question, State};
use self::signed::Signatures;
use self::silence::Silences;
use crate::approval::id::ApprovalId;
use crate::audit::{Audit, Event};
use crate::clock::SharedClock;
use crate::config::schema;

use crate::principal::user::UserId;
use crate::random::SharedRandom;

use crate::store::database::DatabaseError;
use crate::store::shared::{Keyspace, Shared, SharedState};

/// How long an approval is remembered after it was asked: longer than anybody waits for its end.
const REMEMBERED: Duration = Duration::from_secs(3600);

/// The engine.
#[derive(Debug)]
pub struct Approvals {
    /// The phones.
    pub approvers: ApproverRegistry,
    /// Sends push messages to phones whose page is closed.
    pub delivery: Arc<Delivery>,
    /// What phones signed.
    pub signatures: Signatures,
    silences: Silences,
    shared: Arc<dyn SharedState>,
    questions: Keyspace<Question>,
    /// The open questions of a user.
    of_user: Keyspace<Vec<ApprovalId>>,
    /// The last question of an asker.
    by_asker: Keyspace<ApprovalId>,
    numbers: NumberTests,
    config: ArcSwap<schema::Approval>,
    shutdown: CancellationToken,
    audit: Arc<Audit>,
    clock: SharedClock,
    random: SharedRandom,
}

impl Approvals {
    /// With these approvers.
    pub fn new(
        approvers: ApproverRegistry,
        delivery: Delivery,
        shared: &Arc<dyn SharedState>,
        config: schema::Approval,
        audit: Arc<Audit>,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Self {
        let keyspace = || Arc::clone(shared);
        Self {
            approvers,
            delivery: Arc::new(delivery),
            signatures: Signatures::new(shared),
            silences: Silences::new(shared, SharedClock::clone(&clock)),
            questions: Keyspace::new(keyspace(), "approval", REMEMBERED),
            of_user: Keyspace::new(keyspace(), "approvals_of", REMEMBERED * 2),
            by_asker: Keyspace::new(keyspace(), "approval_by", REMEMBERED),
            numbers: NumberTests::new(Keyspace::new(keyspace(), "approval_number", number::NOT_AGAIN)),
            shared: keyspace(),
            config: ArcSwap::from_pointee(config),
            shutdown: CancellationToken::new(),
            audit,
            clock,
            random,
        }
    }

    /// Completes all pending long polls; called once, at shutdown.
    pub fn cancel_waiters(&self) {
        self.shutdown.cancel();
    }

    /// Whether pending long polls were cancelled: from then on [`Self::wait`] returns at once and is not called again.
    pub fn is_shut_down(&self) -> bool {
        self.shutdown.is_cancelled()
    }

    /// Resolves when pending long polls are cancelled.
    pub fn shut_down(&self) -> impl Future<Output = ()> + Send + 'static {
        self.shutdown.clone().cancelled_owned()
    }

    /// Takes over changed settings.
    pub fn configure(&self, config: schema::Approval) {
        self.delivery.configure(&config);
        self.config.store(Arc::new(config));
    }

    /// The settings.
    pub fn config(&self) -> Arc<schema::Approval> {
        self.config.load_full()
    }

    /// The silences of a user at present.
    ///
    /// # Errors
    /// [`SharedStateError`](crate::store::shared::SharedStateError).
    pub async fn silences_of(&self, user: &UserId) -> Shared<Vec<silence::Silence>> {
        self.silences.of(user).await
    }

    /// Ends every silence of a user, as one of the user's own phones asks.
    ///
    /// # Errors
    /// [`Rejected::Shared`], [`Rejected::Database`].
    pub async fn end_silences(&self, user: &UserId, approver: &ApproverId) -> Result<(), Rejected> {
        // Written down first: it undoes what was recorded as the user's own word.
        let event = Event::new("approval.silence_end").user(user.as_str()).detail("approver", approver.as_str());
        self.audit.record(event).await?;
        self.silences.end(user).await?;
        self.shared.publish(&phones(user), Vec::new()).await?;
        Ok(())
    }

    /// An approval, whatever its state; `None` if there is none, or it is too old to be remembered.
    ///
    /// # Errors
    /// [`SharedStateError`](crate::store::shared::SharedStateError). So for the others.
    pub async fn find(&self, id: &ApprovalId) -> Shared<Option<Question>> {
        self.questions.get(id.as_str()).await
    }

    /// A receiver of each approval of a user that is asked for, answered or withdrawn from now on.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn follow_user(&self, user: &UserId) -> Shared<mpsc::Receiver<Vec<u8>>> {
        self.shared.subscribe(&phones(user)).await
    }

    /// Wakes the streams that follow what is asked of a user, so that each looks again whether it may.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn tell_phones(&self, user: &UserId) -> Shared<()> {
        self.shared.publish(&phones(user), Vec::new()).await
    }

    /// Whether what was said with this for a user counts: it is registered for them, and nothing stands against it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn counts(&self, by: &Answerer, user: &UserId) -> Result<bool, DatabaseError> {
        let is_there = match by {
            Answerer::Approver(approver) => self.approvers.serves(approver, user).await?,
            Answerer::Passkey(passkey) => self.approvers.has_passkey(user, *passkey).await?,
        };
        Ok(is_there && self.approvers.standing(user).await?.is_good())
    }

    /// Waits until an approval is answered or withdrawn, at most so long; how it stands then.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn wait(&self, id: &ApprovalId, at_most: Duration) -> Shared<Option<Question>> {
        // Subscribed first, so that an answer in between is not missed.
        let mut answered = self.shared.subscribe(&waiters(id)).await?;
        let question = self.find(id).await?;
        if question.as_ref().is_some_and(|question| question.is_open(self.clock.now())) {
            tokio::select! {
                _answered_or_not = tokio::time::timeout(at_most, answered.recv()) => {}
                () = self.shutdown.cancelled() => {}
            }
            return self.find(id).await;
        }
        Ok(question)
    }

    /// Wakes the phones and the clients that wait.
    async fn notify(&self, question: &Question) -> Shared<()> {
        self.shared.publish(&phones(&question.user), question.id.as_str().into()).await?;
        self.shared.publish(&waiters(&question.id), Vec::new()).await
    }

    fn event(&self, what: &'static str, question: &Question) -> Event {
        let event = Event::new(what)
            .user(question.user.as_str())
            .address(question.address)
            .detail("approval", question.id.as_str())
            .detail("purpose", question.purpose.word());
        match &question.number {
            Some(number) => event.detail("number_style", number.style().word()),
            None => event,
        }
    }
}

const fn outcome(state: &State) -> &'static str {
    match state {
        State::Pending => "pending",
        State::Approved { .. } => "approved",
        State::Denied { why, .. } => why.word(),
        State::Closed { why: Closing::TakenBack | Closing::Withdrawn } => "cancelled",
        State::Closed { why: Closing::WrongNumber } => "wrong_number",
        State::Closed { why: Closing::AskedAgain | Closing::Settled } => "superseded",
        State::Used { .. } => "used",
    }
}

fn phones(user: &UserId) -> String {
    format!("approvals/{user}")
}

fn waiters(id: &ApprovalId) -> String {
    format!("approval/{id}")
}
