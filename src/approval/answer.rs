//! Answering: one answer, signed by an approver that serves the user, over the text that it was shown.

use super::answerer::Answerer;
use super::error::Rejected;
use super::key::PublicKey;
use super::number::NumberTest;
use super::question::{Answer, Decision, Denial, Question, Signed, State};
use super::signed::{self, Once, Unsigned};
use super::{Approvals, outcome};
use crate::approval::id::ApprovalId;
use crate::principal::number_style::NumberStyle;

/// The type of an answer.
const ANSWER: &str = "sekisho-answer+jwt";

impl Approvals {
    /// Takes an approver's answer: a JWS of its key over the approval, the decision and the digest of what it showed.
    ///
    /// # Errors
    /// [`Rejected`]. A wrong number is an answer: it denies.
    pub async fn answer(&self, key: &PublicKey, id: &ApprovalId, text: &str, portal: &str) -> Result<State, Rejected> {
        let approver = key.id();
        let by = Answerer::Approver(approver.clone());
        let answer: Answer = signed::open(text, ANSWER, key)?;
        let now = self.clock.now();
        let question = self.find(id).await?.ok_or(Rejected::Unknown)?;
        // The same answer, whether it is another user's or nobody's.
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
        // is not held to have carried a wrong number. An approval without a number was not guessed at: it is not denied.
        let transferred = |number: &NumberTest| number.style() > NumberStyle::Choose;
        let missing = answer.decision == Decision::Approve && answer.number.is_none();
        if missing && question.is_open(now) && question.number.as_ref().is_some_and(transferred) {
            return Err(Rejected::NumberMissing);
        }
        self.signatures.accept(key, &Once { issued_at: answer.iat, id: answer.jti }, now).await?;
        let state = loop {
            let before = self.find(id).await?.ok_or(Rejected::Unknown)?;
            let mut after = before.clone().answered(&by, answer.decision, answer.number.as_deref(), now)?;
            if after.transaction.is_some() {
                after.signed = Some(Signed::Approver { answer: text.to_owned(), key: key.clone() });
            }
            if self.questions.swap(id.as_str(), &before, &after).await? {
                break after.state;
            }
        };
        self.delist(&question).await?;
        self.follow_up(&question, &by, answer.decision, &state).await?;
        self.notify(&question).await?;
        Ok(state)
    }

    /// What follows from an answer.
    pub(super) async fn follow_up(
        &self,
        question: &Question,
        by: &Answerer,
        decision: Decision,
        state: &State,
    ) -> Result<(), Rejected> {
        let user = &question.user;
        let (what, which) = by.word();
        let mut event = self.event("approval.answer", question).detail(what, which);
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
        metrics::counter!("sekisho_approvals_answered_total", "outcome" => outcome(state), "by" => what).increment(1);
        // It stands in the log before the waiting side learns it.
        self.audit.record(event).await?;
        Ok(())
    }
}
