//! The approval engine: a question put to a user's approvers, and its one answer.
//! `Pending → Approved | Denied | Expired | Cancelled | Superseded`, one transition ever, taken by compare-and-set: of any
//! number who answer at once one wins, and the others are told. What was approved is taken once, by whoever asked.
//! Invariant: no answer counts but one signed by the key of an approver that serves the user, over the text it was shown.

pub mod approver;
pub mod delivery;
pub mod https;
pub mod key;
pub mod number;
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

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use self::approver::Approvers;
use self::delivery::Delivery;
use self::key::{ApproverId, PublicKey};
use self::number::Numbers;
use self::question::{Answer, ApprovalId, Closing, Decision, Denial, Details, Late, Purpose, Question, Shown, Signed, State};
use self::signed::{Once, Signatures, Unsigned};
use self::silence::Silences;
use crate::audit::{Audit, Event};
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema::{self, NumberStyle};
use crate::facts::client_address::ClientAddress;
use crate::facts::request_digest::RequestDigest;
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::TokenHash;
use crate::store::database::DatabaseError;
use crate::store::shared::{Keyspace, Shared, SharedState, SharedStateError};

/// How long an approval is remembered after it was asked: longer than anybody waits for its end.
const REMEMBERED: Duration = Duration::from_secs(3600);
/// How long what was approved may be taken: whoever asked is waiting for it.
const COLLECTED_WITHIN: Duration = Duration::from_secs(300);
/// Why phones are left in peace.
const TOO_MANY: &str = "too_many_unanswered";

/// Who asks for an approval, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// What for.
    pub purpose: Purpose,
    /// Of whom.
    pub user: &'a UserId,
    /// Names the sign-in that asks: only the same takes what was approved, and asking again supersedes.
    pub asker: &'a str,
    /// The browser, in a few words.
    pub browser: &'a str,
    /// Where it is.
    pub address: ClientAddress,
    /// The app, as people call it.
    pub app: Option<&'a str>,
    /// The portal's address.
    pub portal: &'a str,
    /// How far whoever asks is known: questions of strangers must not silence those of the user's own browser.
    pub known: Known,
    /// How a number is carried over, where one is.
    pub number: Option<NumberStyle>,
    /// Whether there is anybody to ask: otherwise it runs its time unanswered, and nobody can tell.
    pub anybody: bool,
    /// The request that asks.
    pub request_id: &'a str,
    /// What is to be done, where it is more than a sign-in.
    pub matter: Option<Matter<'a>>,
}

/// A transaction, or what an app asks by itself.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    /// The app.
    pub app: &'a str,
    /// What the phone shows of it.
    pub details: &'a Details,
    /// How long it may be answered.
    pub lifetime: Duration,
}

/// How far whoever asks is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// Anybody who typed the name.
    Nobody,
    /// A browser that is registered for the user.
    Browser,
    /// Somebody who proved another factor of the user before.
    Person,
    /// Somebody who is signed in and wants something done: such questions are counted by themselves.
    Matter,
    /// An app that asks by itself: what it asks in vain silences apps, never a held request.
    App,
}

impl Known {
    const ALL: [Self; 5] = [Self::Nobody, Self::Browser, Self::Person, Self::Matter, Self::App];

    const fn word(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Browser => "browser",
            Self::Person => "person",
            Self::Matter => "matter",
            Self::App => "app",
        }
    }
}

/// That an approver approved: made by [`Approvals::take`] alone, once for each approval.
#[derive(Debug)]
#[must_use]
pub struct Consent {
    approval: ApprovalId,
    purpose: Purpose,
    user: UserId,
    approver: ApproverId,
    at: Timestamp,
    number: bool,
    transaction: Option<(String, String)>,
    request: Option<RequestDigest>,
    signed: Option<Signed>,
    shown: String,
}

impl Consent {
    /// Which approval.
    pub const fn approval(&self) -> &ApprovalId {
        &self.approval
    }

    /// What for.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// By whom.
    pub const fn user(&self) -> &UserId {
        &self.user
    }

    /// On which approver.
    pub const fn approver(&self) -> &ApproverId {
        &self.approver
    }

    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Whether a number was carried from the browser to the phone.
    pub const fn number_carried(&self) -> bool {
        self.number
    }

    /// The kind of transaction that was approved: its app and its name.
    pub fn transaction(&self) -> Option<(&str, &str)> {
        self.transaction.as_ref().map(|(app, name)| (app.as_str(), name.as_str()))
    }

    /// The request that was approved.
    pub const fn request(&self) -> Option<&RequestDigest> {
        self.request.as_ref()
    }

    /// The answer as it was signed.
    pub const fn signed(&self) -> Option<&Signed> {
        self.signed.as_ref()
    }

    /// The text that the phone showed.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

/// Why an answer is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Rejected {
    /// There is no such approval for this approver.
    #[error("find the approval: there is none of this id for this approver")]
    Unknown,
    /// The approver is not registered for the user, or was removed.
    #[error("answer the approval: the approver is not registered for this user")]
    NotRegistered,
    /// The user's approvals are suspended or locked.
    #[error("answer the approval: approvals of this user are suspended or locked")]
    Suspended,
    /// What is signed.
    #[error(transparent)]
    Unsigned(#[from] Unsigned),
    /// Something else was shown than what was answered.
    #[error("answer the approval: what was shown to the person is not what is asked")]
    ShownOtherwise,
    /// An approval without the number that was to be typed or scanned.
    #[error(
        "answer the approval: a number that the other screen shows has to be carried over, and this approver sends none: it \
         is too old for the way that is asked for; update it, or answer with another"
    )]
    NumberMissing,
    /// Too late.
    #[error(transparent)]
    Late(#[from] Late),
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Rejected {
    /// The word in the API.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "approval_unknown",
            Self::NotRegistered => "approver_not_registered",
            Self::Suspended => "approvals_suspended",
            Self::Unsigned(Unsigned::Replayed) => "signature_replayed",
            Self::Unsigned(Unsigned::Shared(_)) | Self::Shared(_) | Self::Database(_) => "state_unavailable",
            Self::Unsigned(_) => "signature_invalid",
            Self::ShownOtherwise => "shown_otherwise",
            Self::NumberMissing => "number_missing",
            Self::Late(Late::Closed) => "approval_closed",
            Self::Late(Late::Expired) => "approval_expired",
        }
    }
}

/// The engine.
#[derive(Debug)]
pub struct Approvals {
    /// The phones.
    pub approvers: Approvers,
    /// What tells phones whose page is closed.
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
    numbers: Numbers,
    config: ArcSwap<schema::Approval>,
    leaving: CancellationToken,
    audit: Arc<Audit>,
    clock: SharedClock,
    random: SharedRandom,
}

/// The type of an answer.
const ANSWER: &str = "sekisho-answer+jwt";

impl Approvals {
    /// With these approvers.
    pub fn new(
        approvers: Approvers,
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
            numbers: Numbers::new(Keyspace::new(keyspace(), "approval_number", number::NOT_AGAIN)),
            shared: keyspace(),
            config: ArcSwap::from_pointee(config),
            leaving: CancellationToken::new(),
            audit,
            clock,
            random,
        }
    }

    /// Lets go of everybody who waits for something to be told: the gateway ends, and they ask again when it is back.
    pub fn let_go(&self) {
        self.leaving.cancel();
    }

    /// Whether whoever waits was let go: [`Self::wait`] answers at once from then on, and is not to be asked again.
    pub fn has_left(&self) -> bool {
        self.leaving.is_cancelled()
    }

    /// Resolves when whoever waits is let go.
    pub fn is_leaving(&self) -> impl Future<Output = ()> + Send + 'static {
        self.leaving.clone().cancelled_owned()
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

    /// Asks. What the same asker asked before is superseded; where nobody can or may be asked it runs its time
    /// unanswered, which nobody can tell from a phone that lies elsewhere; of a held request its own user is told where
    /// phones are left in peace after much that was asked in vain ([`Question::left_in_peace`]).
    ///
    /// # Errors
    /// [`Rejected::Shared`], [`Rejected::Database`].
    pub async fn ask(&self, ask: Ask<'_>) -> Result<Question, Rejected> {
        let config = self.config.load_full();
        let now = self.clock.now();
        if let Some(before) = self.by_asker.take(&asker_key(ask.user, ask.asker)).await? {
            self.close(&before, Closing::AskedAgain).await?;
        }
        let id = ApprovalId::new(self.random.id());
        let shown = Shown {
            approval: id.clone(),
            purpose: ask.purpose,
            user: ask.user.clone(),
            app: ask.app.map(str::to_owned),
            browser: ask.browser.to_owned(),
            address: ask.address.to_string(),
            asked_at: now.rfc3339(),
            portal: ask.portal.to_owned(),
            details: ask.matter.map(|matter| matter.details.clone()),
        };
        let silence = self.why_silent(&ask, &config).await?;
        let question = Question {
            id: id.clone(),
            purpose: ask.purpose,
            user: ask.user.clone(),
            asker: ask.asker.to_owned(),
            address: ask.address,
            shown: serde_json::to_string(&shown).map_err(|_| SharedStateError::Undecodable("approval"))?,
            number: match ask.number {
                Some(style) => Some(self.numbers.draw(&*self.random, ask.user, style).await?),
                None => None,
            },
            asked_at: now,
            expires_at: now.plus(ask.matter.map_or(config.lifetime.0, |matter| matter.lifetime)),
            state: State::Pending,
            transaction: ask.matter.map(|matter| (matter.app.to_owned(), matter.details.name.clone())),
            request: ask.matter.and_then(|matter| matter.details.request),
            rung: silence.is_none(),
            left_in_peace: silence == Some(TOO_MANY),
            signed: None,
        };
        self.questions.put(id.as_str(), &question).await?;
        self.by_asker.put(&asker_key(ask.user, ask.asker), &id).await?;
        let mut event = self.event("approval.ask", &question).request_id(ask.request_id);
        match silence {
            None => {
                self.enlist(&question).await?;
                self.shared.publish(&phones(ask.user), id.as_str().into()).await?;
                self.delivery.tell(&question, ask.portal).await?;
                metrics::counter!("sekisho_approvals_asked_total", "purpose" => ask.purpose.word()).increment(1);
            }
            Some(why) => event = event.refused(why),
        }
        self.audit.note(event);
        Ok(question)
    }

    /// Why nobody is asked, if so.
    async fn why_silent(&self, ask: &Ask<'_>, config: &schema::Approval) -> Result<Option<&'static str>, Rejected> {
        if !ask.anybody || self.approvers.of_user(ask.user).await?.is_empty() {
            return Ok(Some("nobody_to_ask"));
        }
        if !self.approvers.standing(ask.user).await?.is_good() {
            return Ok(Some("approvals_suspended"));
        }
        if self.silences.is_denied(ask.user, ask.address).await? {
            return Ok(Some("network_denied_by_user"));
        }
        if self.silences.is_silent(ask.known, ask.user).await? {
            return Ok(Some(TOO_MANY));
        }
        if !self.silences.begins(ask.known, ask.user, config).await? {
            return Ok(None);
        }
        // The owner's phone says so at once.
        self.shared.publish(&phones(ask.user), Vec::new()).await?;
        Ok(Some(TOO_MANY))
    }

    /// In which ways a user's phones are left in peace at present.
    ///
    /// # Errors
    /// [`SharedStateError`].
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
    /// [`SharedStateError`]. So for the others.
    pub async fn find(&self, id: &ApprovalId) -> Shared<Option<Question>> {
        self.questions.get(id.as_str()).await
    }

    /// What is asked of a user and may still be answered, oldest first.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn open_of(&self, user: &UserId) -> Shared<Vec<Question>> {
        let now = self.clock.now();
        let mut open = Vec::new();
        for hour in [hour(now) - 1, hour(now)] {
            for id in self.of_user.get(&list_key(user, hour)).await?.unwrap_or_default() {
                open.extend(self.find(&id).await?.filter(|question| question.is_open(now)));
            }
        }
        Ok(open)
    }

    /// All that is asked of anybody and may still be answered, by user.
    ///
    /// # Errors
    /// [`Rejected::Shared`], [`Rejected::Database`].
    pub async fn open(&self) -> Result<Vec<Question>, Rejected> {
        let users: BTreeSet<UserId> = self.approvers.all().await?.into_iter().map(|slot| slot.user).collect();
        let mut open = Vec::new();
        for user in &users {
            open.extend(self.open_of(user).await?);
        }
        Ok(open)
    }

    /// Told of each approval that is asked of a user, answered or withdrawn, from now on.
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

    /// Whether what this approver says for a user counts: it is registered for them, and nothing stands against it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn counts(&self, approver: &ApproverId, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self.approvers.serves(approver, user).await? && self.approvers.standing(user).await?.is_good())
    }

    /// Waits until an approval is answered or withdrawn, at most so long; how it stands then.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn wait(&self, id: &ApprovalId, at_most: Duration) -> Shared<Option<Question>> {
        // Subscribed first: whoever answers in between is not missed.
        let mut told = self.shared.subscribe(&waiters(id)).await?;
        let question = self.find(id).await?;
        if question.as_ref().is_some_and(|question| question.is_open(self.clock.now())) {
            tokio::select! {
                _answered_or_not = tokio::time::timeout(at_most, told.recv()) => {}
                () = self.leaving.cancelled() => {}
            }
            return self.find(id).await;
        }
        Ok(question)
    }

    /// Takes an approver's answer: a JWS of its key over the approval, the decision and the digest of what it showed.
    ///
    /// # Errors
    /// [`Rejected`]. A wrong number is an answer: it denies.
    pub async fn answer(&self, key: &PublicKey, id: &ApprovalId, text: &str, portal: &str) -> Result<State, Rejected> {
        let approver = key.id();
        let answer: Answer = signed::open(text, ANSWER, key)?;
        let now = self.clock.now();
        let question = self.find(id).await?.ok_or(Rejected::Unknown)?;
        // Told alike, whether it is another user's or nobody's.
        if !self.approvers.serves(&approver, &question.user).await? {
            return Err(Rejected::NotRegistered);
        }
        if answer.approval != *id || answer.aud != portal {
            return Err(Unsigned::Elsewhere("it is for another approval or another gateway").into());
        }
        if answer.shown != question.digest() {
            return Err(Rejected::ShownOtherwise);
        }
        if !self.approvers.standing(&question.user).await?.is_good() {
            return Err(Rejected::Suspended);
        }
        // Such an approver knows only how to choose (docs/approver-protocol.md): the question is left to another, and its owner
        // is not held to have carried a wrong number. What is left open is no guess: it is denied nothing.
        let transferred = |number: &number::NumberTest| number.style() > NumberStyle::Choose;
        let missing = answer.decision == Decision::Approve && answer.number.is_none();
        if missing && question.is_open(now) && question.number.as_ref().is_some_and(transferred) {
            return Err(Rejected::NumberMissing);
        }
        self.signatures.accept(key, &Once { issued_at: answer.iat, id: answer.jti }, now).await?;
        let state = loop {
            let before = self.find(id).await?.ok_or(Rejected::Unknown)?;
            let mut after = before.clone().answered(&approver, answer.decision, answer.number.as_deref(), now)?;
            if after.transaction.is_some() {
                after.signed = Some(Signed { answer: text.to_owned(), key: key.clone() });
            }
            if self.questions.swap(id.as_str(), &before, &after).await? {
                break after.state;
            }
        };
        self.delist(&question).await?;
        self.follow_up(&question, &approver, answer.decision, &state).await?;
        self.tell(&question).await?;
        Ok(state)
    }

    /// What follows from an answer.
    async fn follow_up(
        &self,
        question: &Question,
        approver: &ApproverId,
        decision: Decision,
        state: &State,
    ) -> Result<(), Rejected> {
        let user = &question.user;
        let mut event = self.event("approval.answer", question).detail("approver", approver.as_str());
        match state {
            State::Approved { number, .. } => {
                self.approvers.answered_right(user).await?;
                self.silences.forget_counts(user).await?;
                event = event.detail("decision", "approve").detail("number", if *number { "right" } else { "none" });
            }
            State::Denied { why, .. } => {
                event = event.refused(why.word());
                let most = self.config.load().wrong_answers;
                if *why == Denial::WrongNumber && self.approvers.answered_wrong(user, most).await? {
                    event = event.detail("locked", "approvals");
                }
            }
            State::Pending | State::Closed { .. } | State::Used { .. } => {}
        }
        if decision == Decision::NotMe {
            self.silences.deny(user, question.address).await?;
        }
        metrics::counter!("sekisho_approvals_answered_total", "outcome" => outcome(state)).increment(1);
        // It stands in the log before whoever waits is told.
        self.audit.record(event).await?;
        Ok(())
    }

    /// Takes what was approved, for whoever asked: of any number of callers one gets it.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn take(&self, id: &ApprovalId, asker: &str) -> Shared<Option<Consent>> {
        let Some(before) = self.find(id).await?.filter(|question| question.asker == asker) else { return Ok(None) };
        let Some((after, approver, at, number)) = before.clone().used() else { return Ok(None) };
        if self.clock.now().since(at) > COLLECTED_WITHIN {
            return Ok(None);
        }
        // A phone that was removed, suspended or locked since says nothing any more.
        match self.counts(&approver, &before.user).await {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => {
                tracing::error!(%error, approval = %id, "approver_not_looked_up");
                return Ok(None);
            }
        }
        if !self.questions.swap(id.as_str(), &before, &after).await? {
            return Ok(None);
        }
        Ok(Some(Consent {
            approval: after.id,
            purpose: after.purpose,
            user: after.user,
            approver,
            at,
            number,
            transaction: after.transaction,
            request: after.request,
            signed: after.signed,
            shown: after.shown,
        }))
    }

    /// Withdraws a question that was put to several people, and that others have settled: who did not answer in time has
    /// left nothing unanswered. Whether it was open.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn settle(&self, id: &ApprovalId, why: Closing) -> Shared<bool> {
        let Some(question) = self.find(id).await? else { return Ok(false) };
        let was_open = self.close(id, why).await?;
        // What rang nobody was not counted, and takes nothing away.
        if was_open && question.rung {
            self.silences.uncount(Known::Matter, &question.user, &self.config.load()).await?;
        }
        Ok(was_open)
    }

    /// Withdraws what this asker asked; whether it was open.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn cancel(&self, id: &ApprovalId, asker: &str) -> Shared<bool> {
        match self.find(id).await? {
            Some(question) if question.asker == asker => self.close(id, Closing::TakenBack).await,
            _ => Ok(false),
        }
    }

    /// Withdraws one, whoever asked it; whether it was open.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn withdraw(&self, id: &ApprovalId, why: Closing) -> Shared<bool> {
        self.close(id, why).await
    }

    /// Withdraws all that is asked of a user: its approvers are gone or may not answer any more.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn cancel_user(&self, user: &UserId) -> Shared<()> {
        for question in self.open_of(user).await? {
            self.close(&question.id, Closing::Withdrawn).await?;
        }
        Ok(())
    }

    async fn close(&self, id: &ApprovalId, why: Closing) -> Shared<bool> {
        let now = self.clock.now();
        loop {
            let Some(before) = self.find(id).await? else { return Ok(false) };
            let Ok(after) = before.clone().closed(why, now) else { return Ok(false) };
            if self.questions.swap(id.as_str(), &before, &after).await? {
                self.delist(&after).await?;
                self.tell(&after).await?;
                self.audit
                    .note(self.event("approval.close", &after).detail("state", outcome(&after.state)).detail("why", why.word()));
                return Ok(true);
            }
        }
    }

    /// Puts a question on the list that the user's phones see.
    async fn enlist(&self, question: &Question) -> Shared<()> {
        self.change_list(question, |list| list.push(question.id.clone())).await
    }

    async fn delist(&self, question: &Question) -> Shared<()> {
        self.change_list(question, |list| list.retain(|id| *id != question.id)).await
    }

    /// A list for each hour, so that none ends while something on it is open: compare-and-set keeps the end of an entry.
    async fn change_list(&self, question: &Question, change: impl Fn(&mut Vec<ApprovalId>)) -> Shared<()> {
        let key = list_key(&question.user, hour(question.asked_at));
        loop {
            let before = self.of_user.get(&key).await?;
            let mut after = before.clone().unwrap_or_default();
            change(&mut after);
            // Whatever was forgotten to be taken off has ended long before the list is this long.
            let surplus = after.len().saturating_sub(32);
            after.drain(..surplus);
            let done = match &before {
                Some(before) => self.of_user.swap(&key, before, &after).await?,
                None if after.is_empty() => true,
                None => self.of_user.put_new(&key, &after).await?,
            };
            if done {
                return Ok(());
            }
        }
    }

    /// Tells the phones and whoever waits.
    async fn tell(&self, question: &Question) -> Shared<()> {
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
        State::Closed { why: Closing::AskedAgain | Closing::Settled } => "superseded",
        State::Used { .. } => "used",
    }
}

const fn hour(at: Timestamp) -> i64 {
    at.seconds().div_euclid(3600)
}

fn list_key(user: &UserId, hour: i64) -> String {
    format!("{user}/{hour}")
}

fn phones(user: &UserId) -> String {
    format!("approvals/{user}")
}

fn waiters(id: &ApprovalId) -> String {
    format!("approval/{id}")
}

/// Whoever can list the shared state learns no cookie.
fn asker_key(user: &UserId, asker: &str) -> String {
    crate::random::base64url(TokenHash::of(format!("{user}\n{asker}").as_bytes()).as_bytes())
}
