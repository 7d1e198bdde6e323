//! Collecting: the one [`Consent`] of an approval, taken once by the side that asked; and ending a question without one.

use std::time::Duration;

use super::answerer::Answerer;
use super::ask::RequesterClass;
use super::question::{Closing, Purpose, Signed};
use super::{Approvals, outcome};
use crate::approval::id::ApprovalId;
use crate::clock::Timestamp;
use crate::facts::request_digest::RequestDigest;
use crate::principal::user::UserId;
use crate::store::shared::Shared;

/// How long what was approved may be taken: the requester is waiting for it.
const COLLECTED_WITHIN: Duration = Duration::from_secs(300);

/// That the user approved: made by [`Approvals::take`] alone, once for each approval.
#[derive(Debug)]
#[must_use]
pub struct Consent {
    pub(super) approval: ApprovalId,
    pub(super) purpose: Purpose,
    pub(super) user: UserId,
    pub(super) by: Answerer,
    pub(super) at: Timestamp,
    pub(super) number: bool,
    pub(super) transaction: Option<(String, String)>,
    pub(super) request: Option<RequestDigest>,
    pub(super) signed: Option<Signed>,
    pub(super) shown: String,
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

    /// The user who gave it.
    pub const fn user(&self) -> &UserId {
        &self.user
    }

    /// With what: a registered approver, or a passkey.
    pub const fn by(&self) -> &Answerer {
        &self.by
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

impl Approvals {
    /// Takes what was approved, for the requester: of any number of callers one gets it.
    ///
    /// # Errors
    /// [`SharedStateError`](crate::store::shared::SharedStateError).
    pub async fn take(&self, id: &ApprovalId, asker: &str) -> Shared<Option<Consent>> {
        let Some(before) = self.find(id).await?.filter(|question| question.asker == asker) else { return Ok(None) };
        let Some((after, by, at, number)) = before.clone().used() else { return Ok(None) };
        if self.clock.now().since(at) > COLLECTED_WITHIN {
            return Ok(None);
        }
        // A phone that was removed, suspended or locked since says nothing any more.
        match self.counts(&by, &before.user).await {
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
            by,
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
        // What rang nobody was not counted, and takes nothing away; what a passkey answers never rings.
        if was_open && question.rung && !question.by_passkey {
            self.silences.uncount(RequesterClass::Transaction, &question.user, &self.config.load()).await?;
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

    /// Withdraws one, of any requester; whether it was open.
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

    pub(super) async fn close(&self, id: &ApprovalId, why: Closing) -> Shared<bool> {
        let now = self.clock.now();
        loop {
            let Some(before) = self.find(id).await? else { return Ok(false) };
            let Ok(after) = before.clone().closed(why, now) else { return Ok(false) };
            if self.questions.swap(id.as_str(), &before, &after).await? {
                self.delist(&after).await?;
                self.notify(&after).await?;
                self.audit
                    .note(self.event("approval.close", &after).detail("state", outcome(&after.state)).detail("why", why.word()));
                return Ok(true);
            }
        }
    }
}
