//! What becomes of a held request: who is asked, what their answers come to, and the one moment at which it may go on.
//! Each change is made under the lock of that one transaction, so that of any number who come at once one makes it.
//! Invariant: a request is given away for forwarding only with the `Permit` that the chain made for it just now.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _, select_all};

use super::House;
use crate::account::UserId;
use crate::account::users::User;
use crate::approval::question::{ApprovalId, Purpose, Question, State};
use crate::approval::{Ask, Consent, Known, Matter, Rejected};
use crate::audit::Event;
use crate::chain::policy::transaction::{Approvers, By, Transaction};
use crate::chain::{Hold, Permit, Unreleased};
use crate::factor::Proof;
use crate::factor::transaction_password::TransactionPasswordGiven;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;
use crate::transaction::receipt;
use crate::transaction::{
    Agreement, COLLECTED_WITHIN, Ending, GivenAnswer, Held, HeldRequest, NewTransaction, NotKept, Owner, Stage, Taken,
    TransactionId,
};

/// Why a request is not held at all.
#[derive(Debug, thiserror::Error)]
pub enum NotHeld {
    /// Nobody who may approve it has a phone, or fewer than are needed.
    #[error("hold the request: fewer than {0} of those who may approve it have a phone to approve it on")]
    NobodyToAsk(usize),
    /// Whoever asks has no transaction password yet.
    #[error("hold the request: its user has set no transaction password")]
    NoPassword,
    /// Whoever asks has no authenticator app.
    #[error("hold the request: its user has no authenticator app")]
    NoAuthenticator,
    /// A machine asks, and its user would have to approve.
    #[error("hold the request: it has no user who could approve it")]
    NoUser,
    /// As many are held as may be.
    #[error("hold the request: too many are held")]
    TooMany,
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The approvals.
    #[error(transparent)]
    Approval(#[from] Rejected),
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
}

impl From<NotKept> for NotHeld {
    fn from(error: NotKept) -> Self {
        match error {
            NotKept::TooMany => Self::TooMany,
            NotKept::Database(error) => Self::Database(error),
        }
    }
}

impl NotHeld {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NobodyToAsk(_) => "transaction_nobody_to_ask",
            Self::NoPassword => "transaction_password_not_set",
            Self::NoAuthenticator => "transaction_no_authenticator",
            Self::NoUser => "transaction_without_user",
            Self::TooMany => "transaction_too_many",
            Self::Database(_) | Self::Approval(_) | Self::Shared(_) => "state_unavailable",
        }
    }
}

/// Why a held request does not go on.
#[derive(Debug, thiserror::Error)]
pub enum NotReleased {
    /// It is not approved, or somebody came for it before.
    #[error("forward the held request: it is {0}")]
    NotNow(&'static str),
    /// The chain does not count what was approved.
    #[error(transparent)]
    Unreleased(#[from] Unreleased),
    /// It could not be written down, so it is not sent.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
}

/// A held request that goes on.
#[derive(Debug)]
pub struct Released {
    /// The right to forward it.
    pub permit: Permit,
    /// The request.
    pub request: HeldRequest,
    /// The approvals that released it; none where a code did.
    pub approvals: Vec<ApprovalId>,
}

/// How a held request stands, for whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The word of its stage.
    pub word: &'static str,
    /// How it ended, if it did.
    pub ending: Option<Ending>,
    /// The number to carry over, where there is one.
    pub number: Option<String>,
    /// How many have said yes, and how many must.
    pub yes: (usize, usize),
    /// How long it may still be approved.
    pub left: Duration,
}

impl House {
    /// Holds a request and asks whoever has to approve it.
    ///
    /// # Errors
    /// [`NotHeld`].
    pub async fn hold(&self, new: NewTransaction, request_id: &str) -> Result<Taken, NotHeld> {
        let rule = Arc::clone(&new.rule);
        let asked = self.who_approves(&rule, new.user.as_ref()).await?;
        if rule.password {
            let user = new.user.as_ref().ok_or(NotHeld::NoUser)?;
            self.transaction_passwords.set_at(user).await?.ok_or(NotHeld::NoPassword)?;
        }
        let taken = self.transactions.take(new).await?;
        if let Taken::New(held) = &taken {
            self.audit.note(self.transaction_event("transaction.hold", held).request_id(request_id));
            if matches!(*held.stage.lock().await, Stage::Asked(_))
                && let Err(error) = self.ask_about(held, &asked, request_id).await
            {
                self.end_transaction(held, Ending::Cancelled).await?;
                return Err(error);
            }
        }
        Ok(taken)
    }

    /// Those who are asked: everybody whose yes would count and who can be asked.
    async fn who_approves(&self, rule: &Transaction, requester: Option<&UserId>) -> Result<Vec<Arc<User>>, NotHeld> {
        if rule.by == By::Code {
            let user = requester.ok_or(NotHeld::NoUser)?;
            return if self.totps.has(user).await? { Ok(Vec::new()) } else { Err(NotHeld::NoAuthenticator) };
        }
        if rule.approvers == Approvers::Requester && requester.is_none() {
            return Err(NotHeld::NoUser);
        }
        let mut asked = Vec::new();
        for user in self.users.list() {
            if rule.approvers.include(&user.standing(), requester)
                && !self.approvals.approvers.of_user(user.id()).await?.is_empty()
                && self.approvals.approvers.standing(user.id()).await?.is_good()
            {
                asked.push(user);
            }
        }
        if asked.len() < rule.approvers.count() { Err(NotHeld::NobodyToAsk(rule.approvers.count())) } else { Ok(asked) }
    }

    async fn ask_about(&self, held: &Held, asked: &[Arc<User>], request_id: &str) -> Result<(), NotHeld> {
        let config = self.config.load_full();
        let app = config.file.app.iter().find(|app| app.name == *held.rule.app);
        let title = app.map(|app| app.title.clone().unwrap_or_else(|| app.name.clone()));
        let portal = config.file.portal.url.trim_end_matches('/');
        let asker = asker(&held.id);
        let mut stage = held.stage.lock().await;
        let mut questions = Vec::with_capacity(asked.len());
        for user in asked {
            let mut details = held.details.clone();
            details.requester = held.user.as_ref().filter(|requester| *requester != user.id()).map(ToString::to_string);
            let ask = Ask {
                purpose: Purpose::Transaction,
                user: user.id(),
                asker: &asker,
                browser: &held.agent,
                address: held.address,
                app: title.as_deref(),
                portal,
                known: Known::Matter,
                number: held.rule.number,
                anybody: true,
                request_id,
                matter: Some(Matter {
                    app: &held.rule.app,
                    details: &details,
                    lifetime: held.expires_at.since(self.clock.now()),
                }),
            };
            questions.push(self.approvals.ask(ask).await?.id);
        }
        held.remember(&questions);
        *stage = Stage::Asked(questions);
        drop(stage);
        held.tell();
        Ok(())
    }

    /// Goes on after the transaction password was right.
    ///
    /// # Errors
    /// [`NotHeld`].
    pub async fn password_given(&self, held: &Held, given: TransactionPasswordGiven, request_id: &str) -> Result<(), NotHeld> {
        if held.user.as_ref() != Some(given.user()) {
            return Err(NotHeld::NoPassword);
        }
        let asked = self.who_approves(&held.rule, held.user.as_ref()).await?;
        {
            let mut stage = held.stage.lock().await;
            if !matches!(*stage, Stage::Password) {
                return Ok(());
            }
            *stage = if held.rule.by == By::Code { Stage::Code } else { Stage::Asked(Vec::new()) };
        }
        self.audit.note(self.transaction_event("transaction.password", held).request_id(request_id));
        held.tell();
        if held.rule.by == By::Push { self.ask_about(held, &asked, request_id).await } else { Ok(()) }
    }

    /// Approves by a code that whoever asks typed; whether that was its turn.
    pub async fn code_given(&self, held: &Held, proof: Proof) -> bool {
        let mut stage = held.stage.lock().await;
        if !matches!(*stage, Stage::Code) || self.clock.now() >= held.expires_at {
            return false;
        }
        *stage = Stage::Approved(Agreement::Code(proof), self.clock.now().plus(COLLECTED_WITHIN));
        drop(stage);
        self.audit.note(self.transaction_event("transaction.approve", held).detail("by", "code"));
        held.tell();
        true
    }

    /// How a held request stands; what was answered meanwhile is taken into account first.
    ///
    /// # Errors
    /// [`NotReleased`].
    pub async fn transaction(&self, held: &Held) -> Result<Standing, NotReleased> {
        let mut stage = held.stage.lock().await;
        self.advance(held, &mut stage).await?;
        let need = held.rule.approvers.count();
        let (mut yes, mut number) = (0, None);
        if let Stage::Asked(ids) = &*stage {
            for question in self.questions(ids).await? {
                yes += usize::from(matches!(question.state, State::Approved { .. }));
                if Some(&question.user) == held.user.as_ref() {
                    number = question.number.as_ref().map(|number| number.shown().to_owned());
                }
            }
        }
        if matches!(*stage, Stage::Approved(..)) {
            yes = need;
        }
        let ending = if let Stage::Ended(ending) = &*stage { Some(*ending) } else { None };
        Ok(Standing { word: stage.word(), ending, number, yes: (yes, need), left: held.expires_at.since(self.clock.now()) })
    }

    async fn questions(&self, ids: &[ApprovalId]) -> Result<Vec<Question>, SharedStateError> {
        let mut questions = Vec::with_capacity(ids.len());
        for id in ids {
            questions.extend(self.approvals.find(id).await?);
        }
        Ok(questions)
    }

    /// Takes answers and the clock into account.
    async fn advance(&self, held: &Held, stage: &mut Stage) -> Result<(), NotReleased> {
        let now = self.clock.now();
        match stage {
            Stage::Ended(_) | Stage::Forwarding => {}
            Stage::Approved(_, until) if now >= *until => self.finish(held, stage, Ending::Expired).await?,
            Stage::Approved(..) => {}
            Stage::Password | Stage::Code if now >= held.expires_at => self.finish(held, stage, Ending::Expired).await?,
            Stage::Password | Stage::Code => {}
            Stage::Asked(ids) => {
                let questions = self.questions(ids).await?;
                let yes: Vec<&Question> =
                    questions.iter().filter(|question| matches!(question.state, State::Approved { .. })).collect();
                let withdrawn = ids.len() > questions.len()
                    || questions.iter().any(|question| matches!(question.state, State::Cancelled | State::Superseded));
                let open = questions.iter().filter(|question| question.is_open(now)).count();
                let need = held.rule.approvers.count();
                if questions.iter().any(|question| matches!(question.state, State::Denied { .. })) {
                    self.finish(held, stage, Ending::Denied).await?;
                } else if !ids.is_empty() && yes.len() >= need {
                    let mut consents = Vec::new();
                    for question in yes {
                        consents.extend(self.approvals.take(&question.id, &asker(&held.id)).await?);
                    }
                    for question in questions.iter().filter(|question| question.is_open(now)) {
                        self.approvals.settle(&question.id).await?;
                    }
                    self.audit.note(self.transaction_event("transaction.approve", held).detail("by", "push"));
                    *stage = Stage::Approved(Agreement::Consents(consents), now.plus(COLLECTED_WITHIN));
                    held.tell();
                } else if now >= held.expires_at {
                    self.finish(held, stage, Ending::Expired).await?;
                } else if !ids.is_empty() && yes.len() + open < need {
                    // Somebody withdrew what was asked: enough can never say yes.
                    let ending = if withdrawn { Ending::Cancelled } else { Ending::Expired };
                    self.finish(held, stage, ending).await?;
                }
            }
        }
        Ok(())
    }

    /// Waits until something changes about a held request, at most so long.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn wait_for_transaction(&self, held: &Held, at_most: Duration) -> Result<(), SharedStateError> {
        let mut changed = held.follow();
        let ids = match &*held.stage.lock().await {
            Stage::Asked(ids) => ids.clone(),
            Stage::Password | Stage::Code => Vec::new(),
            Stage::Approved(..) | Stage::Forwarding | Stage::Ended(_) => return Ok(()),
        };
        let now = self.clock.now();
        let at_most = at_most.min(held.expires_at.since(now));
        let mut waits: Vec<BoxFuture<'_, Result<(), SharedStateError>>> = vec![
            async move {
                let _changed_or_over = tokio::time::timeout(at_most, changed.changed()).await;
                Ok(())
            }
            .boxed(),
        ];
        for question in self.questions(&ids).await?.into_iter().filter(|question| question.is_open(now)) {
            waits.push(async move { self.approvals.wait(&question.id, at_most).await.map(drop) }.boxed());
        }
        select_all(waits).await.0
    }

    /// Takes a held request back: by whoever asked, or an administrator. Whether it was still waiting.
    ///
    /// # Errors
    /// [`NotReleased`].
    pub async fn cancel_transaction(&self, held: &Held) -> Result<bool, NotReleased> {
        let mut stage = held.stage.lock().await;
        self.advance(held, &mut stage).await?;
        if matches!(*stage, Stage::Ended(_) | Stage::Forwarding) {
            return Ok(false);
        }
        self.finish(held, &mut stage, Ending::Cancelled).await?;
        Ok(true)
    }

    /// Releases a held request, of whose session and connection the chain said just now that all six checks pass: of any
    /// number of callers one gets it, and it is written down before a byte of it leaves.
    ///
    /// # Errors
    /// [`NotReleased`]; where the chain does not count what was approved, it has ended.
    pub async fn release_transaction(&self, held: &Held, hold: Hold) -> Result<Released, NotReleased> {
        let mut stage = held.stage.lock().await;
        self.advance(held, &mut stage).await?;
        if hold.transaction().name != held.rule.name || hold.transaction().app != held.rule.app {
            self.finish(held, &mut stage, Ending::Refused).await?;
            return Err(Unreleased::AnotherRequest.into());
        }
        let agreement = match std::mem::replace(&mut *stage, Stage::Forwarding) {
            Stage::Approved(agreement, _) => agreement,
            other => {
                *stage = other;
                return Err(NotReleased::NotNow(stage.word()));
            }
        };
        let mut approvals = Vec::new();
        let mut consented = None;
        let permit = match agreement {
            Agreement::Code(proof) => hold.release_by_code(proof),
            Agreement::Consents(consents) => {
                approvals.extend(consents.iter().map(|consent| consent.approval().clone()));
                let permit = self.counted(&consents, |consents| hold.release(&held.digest, consents));
                consented = Some(consents);
                permit
            }
        };
        let permit = match permit {
            Ok(permit) => permit,
            Err(unreleased) => {
                self.finish(held, &mut stage, Ending::Refused).await?;
                return Err(unreleased.into());
            }
        };
        let written = self.transactions.forwarding(held).await;
        let Some(request) = held.depart() else { return Err(NotReleased::NotNow("forwarding")) };
        match written {
            Ok(true) => {
                if let (Some(consents), Some(covers)) = (consented, held.rule.covers) {
                    let first = consents.iter().map(Consent::at).min().unwrap_or(held.asked_at);
                    self.transactions.cover(held, Arc::new(consents), first.plus(covers));
                }
                Ok(Released { permit, request, approvals })
            }
            // What cannot be written down is not sent: a crash could not be told of.
            Ok(false) => {
                self.finish(held, &mut stage, Ending::NotSent).await?;
                Err(NotReleased::NotNow("not_sent"))
            }
            Err(error) => {
                self.finish(held, &mut stage, Ending::NotSent).await?;
                Err(error.into())
            }
        }
    }

    /// What covers a request of this kind now: the permit, and the transaction whose approval covers it. `None` where
    /// nothing does, and the request has to be judged anew.
    pub fn covered(&self, owner: Owner, hold: Hold) -> Option<(Permit, TransactionId)> {
        let (consents, id) = self.transactions.covering(owner, hold.transaction())?;
        let permit = self.counted(&consents, |consents| hold.release_as_before(consents)).ok()?;
        Some((permit, id))
    }

    /// Whether anything covers requests of this kind now.
    pub fn is_covered(&self, owner: Owner, rule: &Transaction) -> bool {
        self.transactions.covering(owner, rule).is_some()
    }

    /// With how each consent's user stands now.
    fn counted<T>(&self, consents: &[Consent], judge: impl FnOnce(&[(&Consent, &crate::account::Standing)]) -> T) -> T {
        let standings: Vec<_> = consents
            .iter()
            .filter_map(|consent| Some((consent, Arc::clone(&self.users.find(consent.user())?.standing()))))
            .collect();
        let pairs: Vec<_> = standings.iter().map(|(consent, standing)| (*consent, &**standing)).collect();
        judge(&pairs)
    }

    /// Ends a held request, for whatever reason.
    ///
    /// # Errors
    /// [`DatabaseError`]: it has ended all the same.
    pub async fn end_transaction(&self, held: &Held, ending: Ending) -> Result<(), DatabaseError> {
        let mut stage = held.stage.lock().await;
        if matches!(*stage, Stage::Ended(_)) {
            return Ok(());
        }
        match self.finish(held, &mut stage, ending).await {
            Ok(()) => Ok(()),
            Err(NotReleased::Database(error)) => Err(error),
            Err(error) => {
                tracing::warn!(%error, transaction = %held.id, "transaction_not_told_to_phones");
                Ok(())
            }
        }
    }

    async fn finish(&self, held: &Held, stage: &mut Stage, ending: Ending) -> Result<(), NotReleased> {
        *stage = Stage::Ended(ending);
        // What the phones are not told they learn by the end of its time; it has ended all the same, and is written down.
        let answers = self.settled(held).await.unwrap_or_else(|error| {
            tracing::warn!(%error, transaction = %held.id, "transaction_not_told_to_phones");
            Vec::new()
        });
        let mut event = self.transaction_event("transaction.end", held).detail("outcome", ending.word());
        event = match ending {
            Ending::Forwarded(status) => event.detail("status", status.to_string()),
            _ => event.refused(ending.word()),
        };
        // One moment for both: the record beside a receipt must not differ from it by a millisecond.
        let now = self.clock.now();
        let receipt = receipt::Claims::of(held, ending, &answers, &self.config.load().file.portal.url, now);
        let receipt = self.signing_keys.sign(receipt::TYPE, &receipt);
        let ended = self.transactions.end(held, ending, &answers, receipt.as_deref(), now).await;
        self.audit.record(event).await?;
        Ok(ended?)
    }

    /// Withdraws what is still asked, and gathers what was answered.
    async fn settled(&self, held: &Held) -> Result<Vec<GivenAnswer>, SharedStateError> {
        let mut answers = Vec::new();
        for question in self.questions(&held.asked()).await? {
            if question.is_open(self.clock.now()) {
                self.approvals.settle(&question.id).await?;
            }
            answers.extend(given(&question));
        }
        Ok(answers)
    }

    /// Ends what waited in vain; called now and then.
    pub(super) async fn sweep_transactions(&self) {
        for held in self.transactions.open() {
            let Ok(mut stage) = held.stage.try_lock() else { continue };
            if let Err(error) = self.advance(&held, &mut stage).await {
                tracing::warn!(%error, transaction = %held.id, "transaction_not_swept");
            }
        }
        self.transactions.sweep();
    }

    fn transaction_event(&self, what: &'static str, held: &Held) -> Event {
        let event = Event::new(what)
            .app(&*held.rule.app)
            .address(held.address)
            .detail("transaction", held.id.as_str())
            .detail("name", &*held.rule.name)
            .detail("request", held.digest.text());
        match &held.user {
            Some(user) => event.user(user.as_str()),
            None => event,
        }
    }
}

/// Names the asker of a transaction's questions.
fn asker(id: &TransactionId) -> String {
    format!("transaction/{id}")
}

fn given(question: &Question) -> Option<GivenAnswer> {
    let signed = question.signed.clone()?;
    let (approver, approved) = match &question.state {
        State::Approved { by, .. } => (by.clone(), true),
        State::Denied { by, .. } => (by.clone(), false),
        // Taken since: it was approved.
        State::Used => (signed.key.id(), true),
        State::Pending | State::Cancelled | State::Superseded => return None,
    };
    Some(GivenAnswer { user: question.user.clone(), approver, approved, shown: question.shown.clone(), signed })
}
