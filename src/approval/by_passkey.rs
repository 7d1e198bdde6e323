//! Answering with a passkey, where the user has no approver: the phone that reads the code on the screen shows the question by
//! the number in the code, and answers with a passkey over what it showed. No phone is asked by itself.
//! Invariant: a question is shown, and answered, to nobody who does not bring its id and its number; with another number it ends.

use std::time::Duration;

use super::Approvals;
use super::answerer::Answerer;
use super::assertion::Assertion;
use super::decision::Decision;
use super::error::Rejected;
use super::question::{Closing, Late, Question, Signed, State};
use crate::approval::id::ApprovalId;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::store::shared::Shared;

/// Challenges that may be drawn for one question.
const CHALLENGES: i64 = 20;
/// They are counted for longer than any question may be answered.
const COUNTED: Duration = Duration::from_secs(3600);

/// What a passkey said to a question: made by `factor::passkey` alone, once it has verified the answer of the authenticator.
#[derive(Debug)]
#[must_use]
pub struct PasskeyWord {
    /// Whose passkey it is.
    pub user: UserId,
    /// Which one.
    pub passkey: CredentialId,
    /// To which question.
    pub approval: ApprovalId,
    /// What.
    pub decision: Decision,
    /// SHA-256 of the text that was shown, base64url.
    pub shown: String,
    /// As it was signed.
    pub assertion: Assertion,
}

impl Approvals {
    /// The question of a code, whatever its state, for somebody who brings the number in it. With a wrong one it has ended.
    ///
    /// # Errors
    /// [`Rejected::Unknown`]: no such question is answered with a passkey, or that is another number. Stores.
    pub async fn scanned(&self, id: &ApprovalId, number: &str) -> Result<Question, Rejected> {
        let question = self.find(id).await?.filter(|question| question.by_passkey && self.config.load().by_passkey);
        let question = question.ok_or(Rejected::Unknown)?;
        if question.number.as_ref().is_some_and(|test| test.is(number)) {
            return Ok(question);
        }
        // It is not held against the user: everybody who types the name gets the id with the code. A browser that gives its own
        // question a wrong number ends its own question.
        self.close(id, Closing::WrongNumber).await?;
        Err(Rejected::Unknown)
    }

    /// The same, as long as it may be answered, and for what was shown of it.
    ///
    /// # Errors
    /// [`Rejected`].
    pub async fn scanned_open(&self, id: &ApprovalId, number: &str, shown: &str) -> Result<Question, Rejected> {
        let question = self.scanned(id, number).await?;
        if question.is_expired(self.clock.now()) {
            return Err(Late::Expired.into());
        }
        if question.state != State::Pending {
            return Err(Late::Closed.into());
        }
        if question.digest() != shown {
            return Err(Rejected::ShownOtherwise);
        }
        Ok(question)
    }

    /// Whether one more challenge may be drawn for a question.
    ///
    /// # Errors
    /// [`SharedStateError`](crate::store::shared::SharedStateError).
    pub async fn may_challenge(&self, id: &ApprovalId) -> Shared<bool> {
        Ok(self.shared.count(&format!("approval_challenges/{id}"), 1, COUNTED).await? <= CHALLENGES)
    }

    /// Withdraws what is asked of a user and a passkey would answer: a phone is registered, which is asked from now on.
    ///
    /// # Errors
    /// [`SharedStateError`](crate::store::shared::SharedStateError).
    pub async fn end_codes(&self, user: &UserId) -> Shared<()> {
        for question in self.open_of(user).await?.iter().filter(|question| question.by_passkey) {
            self.close(&question.id, Closing::Withdrawn).await?;
        }
        Ok(())
    }

    /// Takes what a passkey said: of any number of answers at once, from passkeys or approvers, one is taken.
    ///
    /// # Errors
    /// [`Rejected`].
    pub async fn answer_by_passkey(&self, word: PasskeyWord, number: &str) -> Result<State, Rejected> {
        let question = self.scanned_open(&word.approval, number, &word.shown).await?;
        // Put to nobody in particular (a name that no user has, a user who may not sign in so, a network that the user does not
        // listen to), or another user's: nothing says which.
        if !question.rung || question.user != word.user {
            return Err(Rejected::Passkey);
        }
        if !self.approvers.standing(&question.user).await?.is_good() {
            return Err(Rejected::Suspended);
        }
        // A phone was registered since the code was shown: from then on it is the phone that is asked.
        if word.decision == Decision::Approve && !self.approvers.of_user(&question.user).await?.is_empty() {
            self.close(&word.approval, Closing::Withdrawn).await?;
            return Err(Late::Closed.into());
        }
        let by = Answerer::Passkey(word.passkey);
        let now = self.clock.now();
        let state = loop {
            let before = self.find(&word.approval).await?.ok_or(Rejected::Unknown)?;
            let mut after = before.clone().answered(&by, word.decision, Some(number), now)?;
            if after.transaction.is_some() {
                after.signed = Some(Signed::Passkey { assertion: word.assertion.clone() });
            }
            if self.questions.swap(word.approval.as_str(), &before, &after).await? {
                break after.state;
            }
        };
        self.delist(&question).await?;
        self.follow_up(&question, &by, word.decision, &state).await?;
        self.notify(&question).await?;
        Ok(state)
    }
}
