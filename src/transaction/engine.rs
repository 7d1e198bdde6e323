//! The transitions of held requests: what the approvers' answers come to, the clock, the end. `asking` and `releasing` hold
//! the two long ones.
//! Invariant: each transition is made under the lock of that one transaction, so that of any number of callers one makes it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _, select_all};

use super::error::HeldError;
use super::held::Held;
use super::receipt;
use super::records::GivenAnswer;
use super::registry::Transactions;
use super::stage::{Agreement, Ending, Phase, Stage};
use crate::account::users::Users;
use crate::approval::Approvals;
use crate::approval::id::ApprovalId;
use crate::approval::number::Carried;
use crate::approval::question::{Closing, Question, State};
use crate::audit::{Audit, Event};
use crate::chain::policy::Policies;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::factor::passkey::Passkeys;
use crate::factor::totp::Totps;
use crate::factor::transaction_password::TransactionPasswords;
use crate::identity::keys::SigningKeys;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;

/// For how long an approved transaction waits for the requester to fetch its result.
pub(super) const COLLECTED_WITHIN: Duration = Duration::from_secs(300);

/// The services that the transitions need, borrowed for one call, with the config and the policies of one moment.
pub struct TransactionEngine<'a> {
    /// The registry.
    pub transactions: &'a Transactions,
    /// Asks approvers and keeps their answers.
    pub approvals: &'a Approvals,
    /// Who may approve.
    pub users: &'a Users,
    /// Whether a requester can type a code.
    pub totps: &'a Totps,
    /// Whether a requester without an approver has a passkey.
    pub passkeys: &'a Passkeys,
    /// Whether a requester has a transaction password.
    pub transaction_passwords: &'a TransactionPasswords,
    /// Sign receipts.
    pub signing_keys: &'a SigningKeys,
    /// The audit log.
    pub audit: &'a Audit,
    /// The clock.
    pub clock: &'a SharedClock,
    /// The config.
    pub config: Arc<Config>,
    /// The policies that it compiled to.
    pub policies: Arc<Policies>,
}

impl fmt::Debug for TransactionEngine<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "TransactionEngine({:?})", self.transactions)
    }
}

/// How a transaction stands, for its requester.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionStatus {
    /// Its stage.
    pub phase: Phase,
    /// The number to carry to the phone, where there is one.
    pub number: Option<Carried>,
    /// How many approvers have said yes, and how many must.
    pub yes: (usize, usize),
    /// `Some(false)` if rate limiting leaves fewer approvers than the rule requires; `None` before approvers are prompted,
    /// and for rules without push.
    pub quorum_reachable: Option<bool>,
    /// For how long it may still be approved.
    pub left: Duration,
}

impl TransactionEngine<'_> {
    /// How a held request stands; answers that came in the meantime are taken into account first.
    ///
    /// # Errors
    /// [`HeldError`].
    pub async fn status(&self, held: &Held) -> Result<TransactionStatus, HeldError> {
        let mut stage = held.stage.lock().await;
        self.advance(held, &mut stage).await?;
        let need = held.rule.approvers.count();
        let (mut yes, mut number) = (0, None);
        let portal = self.config.file.portal.url.trim_end_matches('/');
        if let Stage::Asked(ids) = &*stage {
            for question in self.questions(ids).await? {
                yes += usize::from(matches!(question.state, State::Approved { .. }));
                if Some(&question.user) == held.user.as_ref() {
                    number = question.number.as_ref().map(|number| number.carried(&question.id, portal));
                    if question.by_passkey {
                        number = number.map(Carried::for_passkey);
                    }
                }
            }
        }
        if matches!(*stage, Stage::Approved(..)) {
            yes = need;
        }
        let left = held.expires_at.since(self.clock.now());
        let quorum_reachable = held.quorum_reachable();
        Ok(TransactionStatus { phase: stage.phase(), number, yes: (yes, need), quorum_reachable, left })
    }

    async fn questions(&self, ids: &[ApprovalId]) -> Result<Vec<Question>, SharedStateError> {
        let mut questions = Vec::with_capacity(ids.len());
        for id in ids {
            questions.extend(self.approvals.find(id).await?);
        }
        Ok(questions)
    }

    /// Takes answers and the clock into account.
    pub(super) async fn advance(&self, held: &Held, stage: &mut Stage) -> Result<(), HeldError> {
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
                    || questions.iter().any(|question| matches!(question.state, State::Closed { .. }));
                let open = questions.iter().filter(|question| question.is_open(now)).count();
                let need = held.rule.approvers.count();
                if questions.iter().any(|question| matches!(question.state, State::Denied { .. })) {
                    self.finish(held, stage, Ending::Denied).await?;
                } else if !ids.is_empty() && yes.len() >= need {
                    let mut consents = Vec::new();
                    for question in yes {
                        consents.extend(self.approvals.take(&question.id, &held.id.asker()).await?);
                    }
                    for question in questions.iter().filter(|question| question.is_open(now)) {
                        self.approvals.settle(&question.id, Closing::Settled).await?;
                    }
                    self.audit.note(self.event("transaction.approve", held).detail("by", "push"));
                    *stage = Stage::Approved(Agreement::Consents(consents), now.plus(COLLECTED_WITHIN));
                    held.notify();
                } else if now >= held.expires_at {
                    self.finish(held, stage, Ending::Expired).await?;
                } else if !ids.is_empty() && yes.len() + open < need {
                    // An approval was withdrawn: too few approvers are left to say yes.
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
    pub async fn wait(&self, held: &Held, at_most: Duration) -> Result<(), SharedStateError> {
        let mut changed = held.subscribe();
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

    /// Cancels a held request for its requester; whether it was still waiting.
    ///
    /// # Errors
    /// [`HeldError`].
    pub async fn cancel(&self, held: &Held) -> Result<bool, HeldError> {
        self.take_back(held, Closing::TakenBack).await
    }

    /// Withdraws a held request for an administrator; whether it was still waiting.
    ///
    /// # Errors
    /// [`HeldError`].
    pub async fn withdraw(&self, held: &Held) -> Result<bool, HeldError> {
        self.take_back(held, Closing::Withdrawn).await
    }

    async fn take_back(&self, held: &Held, why: Closing) -> Result<bool, HeldError> {
        let mut stage = held.stage.lock().await;
        self.advance(held, &mut stage).await?;
        if matches!(*stage, Stage::Ended(_) | Stage::Forwarding) {
            return Ok(false);
        }
        self.finish_with(held, &mut stage, Ending::Cancelled, why).await?;
        Ok(true)
    }

    /// Ends a held request, for any reason.
    ///
    /// # Errors
    /// [`DatabaseError`]: it has ended all the same.
    pub async fn end(&self, held: &Held, ending: Ending) -> Result<(), DatabaseError> {
        let mut stage = held.stage.lock().await;
        if matches!(*stage, Stage::Ended(_)) {
            return Ok(());
        }
        match self.finish(held, &mut stage, ending).await {
            Ok(()) => Ok(()),
            Err(HeldError::Database(error)) => Err(error),
            Err(error) => {
                tracing::warn!(%error, transaction = %held.id, "transaction_not_told_to_phones");
                Ok(())
            }
        }
    }

    pub(super) async fn finish(&self, held: &Held, stage: &mut Stage, ending: Ending) -> Result<(), HeldError> {
        self.finish_with(held, stage, ending, Closing::Settled).await
    }

    /// Ends it; `why` is shown on the phones that were still asked.
    async fn finish_with(&self, held: &Held, stage: &mut Stage, ending: Ending, why: Closing) -> Result<(), HeldError> {
        *stage = Stage::Ended(ending);
        // Phones that cannot be notified see it at the end of the approval's time; the transaction has ended all the same.
        let answers = self.settled(held, ending, why).await.unwrap_or_else(|error| {
            tracing::warn!(%error, transaction = %held.id, "transaction_not_told_to_phones");
            Vec::new()
        });
        let mut event = self.event("transaction.end", held).detail("outcome", ending.word());
        event = match ending {
            Ending::Forwarded(status) => event.detail("status", status.to_string()),
            _ => event.refused(ending.word()),
        };
        // One moment for both: the record beside a receipt must not differ from it by a millisecond.
        let now = self.clock.now();
        let receipt = receipt::ReceiptClaims::of(held, ending, &answers, &self.config.file.portal.url, now);
        let receipt = self.signing_keys.sign(receipt::TYPE, &receipt);
        let ended = self.transactions.end(held, ending, &answers, receipt.as_deref(), now).await;
        if let Err(error) = self.audit.record(event.clone()).await {
            tracing::warn!(%error, transaction = %held.id, "transaction_end_not_audited");
            self.audit.note(event);
        }
        Ok(ended?)
    }

    /// Withdraws the approvals that are still open, and gathers the answers. A requester who cancels has
    /// already sent pushes to other users: each counts as unanswered, or a requester could send them without limit (T41).
    async fn settled(&self, held: &Held, ending: Ending, why: Closing) -> Result<Vec<GivenAnswer>, SharedStateError> {
        let mut answers = Vec::new();
        for question in self.questions(&held.asked()).await? {
            if question.is_open(self.clock.now()) {
                if ending == Ending::Cancelled && held.user.as_ref() != Some(&question.user) {
                    self.approvals.withdraw(&question.id, why).await?;
                } else {
                    self.approvals.settle(&question.id, why).await?;
                }
            }
            answers.extend(given(&question));
        }
        Ok(answers)
    }

    /// Ends the transactions whose time is over; called every half minute.
    pub async fn sweep(&self) {
        for held in self.transactions.open() {
            let Ok(mut stage) = held.stage.try_lock() else { continue };
            if let Err(error) = self.advance(&held, &mut stage).await {
                tracing::warn!(%error, transaction = %held.id, "transaction_not_swept");
            }
        }
        if let Err(error) = self.transactions.write_again().await {
            tracing::warn!(%error, "transaction_end_not_written");
        }
        self.transactions.sweep();
    }

    pub(super) fn event(&self, what: &'static str, held: &Held) -> Event {
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

fn given(question: &Question) -> Option<GivenAnswer> {
    let signed = question.signed.clone()?;
    let approved = match &question.state {
        // Used since: it was approved.
        State::Approved { .. } | State::Used { .. } => true,
        State::Denied { .. } => false,
        State::Pending | State::Closed { .. } => return None,
    };
    Some(GivenAnswer { user: question.user.clone(), approver: signed.signer()?, approved, shown: question.shown.clone(), signed })
}
