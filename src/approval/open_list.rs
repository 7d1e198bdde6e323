//! Which questions of a user are open: a list for each hour, that phones read.

use std::collections::BTreeSet;

use super::Approvals;
use super::error::Rejected;
use super::question::Question;
use crate::approval::id::ApprovalId;
use crate::clock::Timestamp;
use crate::principal::user::UserId;
use crate::store::shared::Shared;

impl Approvals {
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

    /// Puts a question on the list that the user's phones see.
    pub(super) async fn enlist(&self, question: &Question) -> Shared<()> {
        self.change_list(question, |list| list.push(question.id.clone())).await
    }

    pub(super) async fn delist(&self, question: &Question) -> Shared<()> {
        self.change_list(question, |list| list.retain(|id| *id != question.id)).await
    }

    /// A list for each hour, so that none ends while something on it is open: compare-and-set keeps the end of an entry.
    pub(super) async fn change_list(&self, question: &Question, change: impl Fn(&mut Vec<ApprovalId>)) -> Shared<()> {
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
}

const fn hour(at: Timestamp) -> i64 {
    at.seconds().div_euclid(3600)
}

fn list_key(user: &UserId, hour: i64) -> String {
    format!("{user}/{hour}")
}
