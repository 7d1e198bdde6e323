//! How a request of an app stands: looked at, listed, cancelled, and stated once it is approved.
//! Invariant: of several callers who look at once, one makes the statement.

use std::sync::Arc;
use std::time::Duration;

use super::client::Client;
use super::error::BackchannelError;
use super::request::StoredRequest;
use super::requests::{asker, hour, list_key};
use super::{Backchannel, request_id};
use crate::approval::question::State;
use crate::principal::user::UserId;

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestOutcome {
    /// Nobody has answered.
    Pending,
    /// Approved: the statement, a JWS.
    Approved(String),
    /// Denied.
    Denied,
    /// Its time was over.
    Expired,
    /// Withdrawn: by the app, by an administrator, or with the user's phones.
    Cancelled,
    /// Approved, and the statement could not be made.
    Failed,
}

/// A request as its app sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestStatus {
    /// Names it.
    pub auth_req_id: String,
    /// The user who is asked; `None`: it is forgotten, and so it has expired.
    pub user: Option<UserId>,
    /// How long it may still be answered.
    pub expires_in: Duration,
    /// How often the app may look, in seconds.
    pub interval: u64,
    /// How it stands.
    pub outcome: RequestOutcome,
}

impl Backchannel {
    /// How a request of this app stands; waits for its end, at most so long. `None`: this app asked nothing of this name.
    ///
    /// # Errors
    /// [`BackchannelError`].
    pub async fn look(
        self: &Arc<Self>,
        client: &Client,
        id: &str,
        at_most: Duration,
    ) -> Result<Option<RequestStatus>, BackchannelError> {
        if !request_id::is_of(&self.core, client.app(), id) {
            return Ok(None);
        }
        let Some((kept, outcome)) = self.found(client, id).await? else { return Ok(Some(forgotten(id))) };
        let left = kept.expires_at.since(self.core.clock().now());
        if outcome != RequestOutcome::Pending || at_most.is_zero() {
            return Ok(Some(seen(id, &kept, outcome, left)));
        }
        self.core.approvals().wait(&kept.approval, at_most.min(left)).await?;
        let Some((kept, outcome)) = self.found(client, id).await? else { return Ok(Some(forgotten(id))) };
        Ok(Some(seen(id, &kept, outcome, kept.expires_at.since(self.core.clock().now()))))
    }

    /// What this app asked and may still be answered, oldest first.
    ///
    /// # Errors
    /// [`BackchannelError`].
    pub async fn open_of(self: &Arc<Self>, client: &Client) -> Result<Vec<RequestStatus>, BackchannelError> {
        let now = self.core.clock().now();
        let mut open = Vec::new();
        for hour in [hour(now) - 1, hour(now)] {
            for id in self.of_app.get(&list_key(client.app(), hour)).await?.unwrap_or_default() {
                if let Some((kept, RequestOutcome::Pending)) = self.found(client, &id).await? {
                    open.push(seen(&id, &kept, RequestOutcome::Pending, kept.expires_at.since(now)));
                }
            }
        }
        Ok(open)
    }

    /// Withdraws a request: how it stands then, whether it was open or not. `None`: this app asked nothing of this name.
    ///
    /// # Errors
    /// [`BackchannelError`].
    pub async fn cancel(self: &Arc<Self>, client: &Client, id: &str) -> Result<Option<(bool, RequestStatus)>, BackchannelError> {
        let was_open = match self.found(client, id).await? {
            Some((kept, _)) => self.core.approvals().cancel(&kept.approval, &asker(client.app(), id)).await?,
            None => false,
        };
        let seen = self.look(client, id, Duration::ZERO).await?;
        Ok(seen.map(|seen| (was_open, seen)))
    }

    /// A request of this app, and how it stands.
    pub(super) async fn found(
        self: &Arc<Self>,
        client: &Client,
        id: &str,
    ) -> Result<Option<(StoredRequest, RequestOutcome)>, BackchannelError> {
        // An id that was not made for this app is not looked up: no client chooses keys of the store.
        if !request_id::is_of(&self.core, client.app(), id) {
            return Ok(None);
        }
        let Some(kept) = self.requests.get(id).await?.filter(|kept| kept.app == client.app()) else { return Ok(None) };
        let outcome = self.outcome(&kept).await?;
        if outcome.is_some() {
            return Ok(outcome.map(|outcome| (kept, outcome)));
        }
        // On a task of its own: who asked may go away in the middle, and what was taken by then would be lost.
        let (own, id) = (Arc::clone(self), id.to_owned());
        let stated = self.tasks.spawn(async move { own.state(&id).await }).await;
        stated.map_err(|error| BackchannelError::Engine(error.to_string()))?
    }

    /// How a request stands; `None`: it was approved and nobody has made the statement.
    async fn outcome(&self, kept: &StoredRequest) -> Result<Option<RequestOutcome>, BackchannelError> {
        if let Some(given) = &kept.given {
            return Ok(Some(RequestOutcome::Approved(given.statement.clone())));
        }
        let question = self.core.approvals().find(&kept.approval).await?;
        Ok(match question.map(|question| question.state) {
            None => Some(RequestOutcome::Expired),
            Some(State::Pending) if self.core.clock().now() < kept.expires_at => Some(RequestOutcome::Pending),
            Some(State::Pending) => Some(RequestOutcome::Expired),
            Some(State::Denied { .. }) => Some(RequestOutcome::Denied),
            Some(State::Closed { .. }) => Some(RequestOutcome::Cancelled),
            Some(State::Approved { .. } | State::Used { .. }) => None,
        })
    }

    /// Takes what was approved and makes the statement of it.
    async fn state(&self, id: &str) -> Result<Option<(StoredRequest, RequestOutcome)>, BackchannelError> {
        let _one_at_a_time = self.stating.lock().await;
        let Some(kept) = self.requests.get(id).await? else { return Ok(None) };
        if let Some(outcome) = self.outcome(&kept).await? {
            return Ok(Some((kept, outcome)));
        }
        let Some(consent) = self.core.approvals().take(&kept.approval, &asker(&kept.app, id)).await? else {
            // Approved and not taken in time; or used up, and the statement is not there.
            let question = self.core.approvals().find(&kept.approval).await?;
            let used = question.is_some_and(|question| matches!(question.state, State::Used { .. }));
            return Ok(Some((kept, if used { RequestOutcome::Failed } else { RequestOutcome::Expired })));
        };
        let Some(given) = self.issuer().state(&kept, &consent, id) else { return Ok(Some((kept, RequestOutcome::Failed))) };
        loop {
            // Somebody who looked too often may have been written down in between.
            let Some(before) = self.requests.get(id).await? else { return Ok(None) };
            let after = StoredRequest { given: Some(given.clone()), ..before.clone() };
            if self.requests.swap(id, &before, &after).await? {
                return Ok(Some((after, RequestOutcome::Approved(given.statement))));
            }
        }
    }
}

fn seen(id: &str, kept: &StoredRequest, outcome: RequestOutcome, expires_in: Duration) -> RequestStatus {
    RequestStatus { auth_req_id: id.to_owned(), user: Some(kept.user.clone()), expires_in, interval: kept.interval, outcome }
}

/// Made here for this app, and not there any more.
fn forgotten(id: &str) -> RequestStatus {
    RequestStatus {
        auth_req_id: id.to_owned(),
        user: None,
        expires_in: Duration::ZERO,
        interval: 0,
        outcome: RequestOutcome::Expired,
    }
}
