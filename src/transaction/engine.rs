//! How a held request stands: what the answers of those who were asked come to, the clock, its end. Asking and releasing
//! have pages of their own below.
//! Invariant: each change is made under the lock of that one transaction, so that of any number who come at once one makes it.

mod asking;
mod releasing;

use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _, select_all};

pub use self::asking::NotHeld;
pub use self::releasing::Released;
use super::Core;
use crate::approval::number::Carried;
use crate::approval::question::{ApprovalId, Closing, Question, State};
use crate::audit::Event;
use crate::chain::Unreleased;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;
use crate::transaction::receipt;
use crate::transaction::{Agreement, COLLECTED_WITHIN, Ending, GivenAnswer, Held, Stage, TransactionId, WaitsFor};

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

/// How a held request stands, for whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The word of its stage.
    pub word: &'static str,
    /// What it waits for; `None` where it ended.
    pub waits_for: Option<WaitsFor>,
    /// How it ended, if it did.
    pub ending: Option<Ending>,
    /// The number to carry over, where there is one.
    pub number: Option<Carried>,
    /// How many have said yes, and how many must.
    pub yes: (usize, usize),
    /// Whether as many phones as must say yes may ring: some are left in peace after much that was asked in vain. `None`:
    /// none is asked yet, or none ever is.
    pub reached: Option<bool>,
    /// How long it may still be approved.
    pub left: Duration,
}

impl Core {
    /// How a held request stands; what was answered meanwhile is taken into account first.
    ///
    /// # Errors
    /// [`NotReleased`].
    pub async fn transaction(&self, held: &Held) -> Result<Standing, NotReleased> {
        let mut stage = held.stage.lock().await;
        self.advance(held, &mut stage).await?;
        let need = held.rule.approvers.count();
        let (mut yes, mut number) = (0, None);
        let config = self.config();
        let portal = config.file.portal.url.trim_end_matches('/');
        if let Stage::Asked(ids) = &*stage {
            for question in self.questions(ids).await? {
                yes += usize::from(matches!(question.state, State::Approved { .. }));
                if Some(&question.user) == held.user.as_ref() {
                    number = question.number.as_ref().map(|number| number.carried(&question.id, portal));
                }
            }
        }
        if matches!(*stage, Stage::Approved(..)) {
            yes = need;
        }
        let ending = if let Stage::Ended(ending) = &*stage { Some(*ending) } else { None };
        let left = held.expires_at.since(self.clock().now());
        let (word, waits_for) = (stage.word(), stage.waits_for());
        Ok(Standing { word, waits_for, ending, number, yes: (yes, need), reached: held.reached(), left })
    }

    async fn questions(&self, ids: &[ApprovalId]) -> Result<Vec<Question>, SharedStateError> {
        let mut questions = Vec::with_capacity(ids.len());
        for id in ids {
            questions.extend(self.approvals().find(id).await?);
        }
        Ok(questions)
    }

    /// Takes answers and the clock into account.
    async fn advance(&self, held: &Held, stage: &mut Stage) -> Result<(), NotReleased> {
        let now = self.clock().now();
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
                    || questions.iter().any(|question| matches!(question.state, State::Closed { .. }));
                let open = questions.iter().filter(|question| question.is_open(now)).count();
                let need = held.rule.approvers.count();
                if questions.iter().any(|question| matches!(question.state, State::Denied { .. })) {
                    self.finish(held, stage, Ending::Denied).await?;
                } else if !ids.is_empty() && yes.len() >= need {
                    let mut consents = Vec::new();
                    for question in yes {
                        consents.extend(self.approvals().take(&question.id, &asker(&held.id)).await?);
                    }
                    for question in questions.iter().filter(|question| question.is_open(now)) {
                        self.approvals().settle(&question.id, Closing::Settled).await?;
                    }
                    self.audit().note(self.transaction_event("transaction.approve", held).detail("by", "push"));
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
        let now = self.clock().now();
        let at_most = at_most.min(held.expires_at.since(now));
        let mut waits: Vec<BoxFuture<'_, Result<(), SharedStateError>>> = vec![
            async move {
                let _changed_or_over = tokio::time::timeout(at_most, changed.changed()).await;
                Ok(())
            }
            .boxed(),
        ];
        for question in self.questions(&ids).await?.into_iter().filter(|question| question.is_open(now)) {
            waits.push(async move { self.approvals().wait(&question.id, at_most).await.map(drop) }.boxed());
        }
        select_all(waits).await.0
    }

    /// Takes a held request back, as the one who asked wants. Whether it was still waiting.
    ///
    /// # Errors
    /// [`NotReleased`].
    pub async fn cancel_transaction(&self, held: &Held) -> Result<bool, NotReleased> {
        self.take_back(held, Closing::TakenBack).await
    }

    /// Takes a held request back, as an administrator wants. Whether it was still waiting.
    ///
    /// # Errors
    /// [`NotReleased`].
    pub async fn withdraw_transaction(&self, held: &Held) -> Result<bool, NotReleased> {
        self.take_back(held, Closing::Withdrawn).await
    }

    async fn take_back(&self, held: &Held, why: Closing) -> Result<bool, NotReleased> {
        let mut stage = held.stage.lock().await;
        self.advance(held, &mut stage).await?;
        if matches!(*stage, Stage::Ended(_) | Stage::Forwarding) {
            return Ok(false);
        }
        self.finish_with(held, &mut stage, Ending::Cancelled, why).await?;
        Ok(true)
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
        self.finish_with(held, stage, ending, Closing::Settled).await
    }

    /// Ends it; `why` is what the phones that were still asked are shown.
    async fn finish_with(&self, held: &Held, stage: &mut Stage, ending: Ending, why: Closing) -> Result<(), NotReleased> {
        *stage = Stage::Ended(ending);
        // What the phones are not told they learn by the end of its time; it has ended all the same, and is written down.
        let answers = self.settled(held, ending, why).await.unwrap_or_else(|error| {
            tracing::warn!(%error, transaction = %held.id, "transaction_not_told_to_phones");
            Vec::new()
        });
        let mut event = self.transaction_event("transaction.end", held).detail("outcome", ending.word());
        event = match ending {
            Ending::Forwarded(status) => event.detail("status", status.to_string()),
            _ => event.refused(ending.word()),
        };
        // One moment for both: the record beside a receipt must not differ from it by a millisecond.
        let now = self.clock().now();
        let receipt = receipt::Claims::of(held, ending, &answers, &self.config().file.portal.url, now);
        let receipt = self.signing_keys().sign(receipt::TYPE, &receipt);
        let ended = self.transactions().end(held, ending, &answers, receipt.as_deref(), now).await;
        if let Err(error) = self.audit().record(event.clone()).await {
            tracing::warn!(%error, transaction = %held.id, "transaction_end_not_audited");
            self.audit().note(event);
        }
        Ok(ended?)
    }

    /// Withdraws what is still asked, and gathers what was answered. Whoever takes a request back has rung the phones of
    /// others all the same: that counts as unanswered, or they could be rung without end.
    async fn settled(&self, held: &Held, ending: Ending, why: Closing) -> Result<Vec<GivenAnswer>, SharedStateError> {
        let mut answers = Vec::new();
        for question in self.questions(&held.asked()).await? {
            if question.is_open(self.clock().now()) {
                if ending == Ending::Cancelled && held.user.as_ref() != Some(&question.user) {
                    self.approvals().withdraw(&question.id, why).await?;
                } else {
                    self.approvals().settle(&question.id, why).await?;
                }
            }
            answers.extend(given(&question));
        }
        Ok(answers)
    }

    /// Ends what waited in vain; called now and then.
    pub(super) async fn sweep_transactions(&self) {
        for held in self.transactions().open() {
            let Ok(mut stage) = held.stage.try_lock() else { continue };
            if let Err(error) = self.advance(&held, &mut stage).await {
                tracing::warn!(%error, transaction = %held.id, "transaction_not_swept");
            }
        }
        if let Err(error) = self.transactions().write_again().await {
            tracing::warn!(%error, "transaction_end_not_written");
        }
        self.transactions().sweep();
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
        State::Used { .. } => (signed.key.id(), true),
        State::Pending | State::Closed { .. } => return None,
    };
    Some(GivenAnswer { user: question.user.clone(), approver, approved, shown: question.shown.clone(), signed })
}

#[cfg(test)]
mod tests;
