//! An approved request is exchanged for tokens (CIBA §10.1), once.

use std::sync::Arc;
use std::time::Duration;

use super::client::Client;
use super::error::BackchannelError;
use super::request::StoredRequest;
use super::status::RequestOutcome;
use super::{Backchannel, RequestOrigin, request_id};
use crate::audit::Event;

/// What is added to the interval of an app that looks too often (CIBA §11).
const SLOWER: u64 = 5;

/// What an approved request is exchanged for, once.
#[derive(Clone)]
pub struct Grant {
    /// A token that opens nothing: the flow asks for one.
    pub access_token: String,
    /// How long the two tokens are good.
    pub expires_in: Duration,
    /// Who approved, and when (OpenID Connect Core §2).
    pub id_token: String,
    /// The statement, a JWS.
    pub statement: String,
}

debug_by_name!(Grant);

/// Why there is no grant.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// There is no such request of this app, or it was exchanged before.
    #[error("find the request: this app has none with that auth_req_id, or it was already exchanged")]
    Unknown,
    /// Nobody has answered.
    #[error("exchange the request: nobody has answered yet")]
    Pending,
    /// Nobody has answered, and the app looks too often.
    #[error("exchange the request: nobody has answered yet, and it is polled too often")]
    TooOften,
    /// Denied.
    #[error("exchange the request: it was denied")]
    Denied,
    /// Its time was over.
    #[error("exchange the request: it has expired")]
    Expired,
    /// Withdrawn, or it cannot be stated.
    #[error("exchange the request: it was withdrawn or failed")]
    Failed,
    /// The state does not answer.
    #[error(transparent)]
    Backchannel(#[from] BackchannelError),
}

impl Backchannel {
    /// Exchanges what was approved for tokens (CIBA §10.1): of any number of callers one gets them.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn exchange(
        self: &Arc<Self>,
        client: &Client,
        id: &str,
        circumstances: RequestOrigin<'_>,
    ) -> Result<Grant, GrantError> {
        if !request_id::is_of(&self.core, client.app(), id) {
            return Err(GrantError::Unknown);
        }
        let (kept, outcome) = self.found(client, id).await?.ok_or(GrantError::Expired)?;
        if !kept.openid {
            return Err(GrantError::Unknown);
        }
        match outcome {
            RequestOutcome::Approved(_) => {}
            RequestOutcome::Pending => return Err(self.not_yet(id, &kept).await?),
            RequestOutcome::Denied => return Err(GrantError::Denied),
            RequestOutcome::Expired => return Err(GrantError::Expired),
            RequestOutcome::Cancelled | RequestOutcome::Failed => return Err(GrantError::Failed),
        }
        let Some(given) = kept.given.clone().filter(|_| !kept.exchanged) else { return Err(GrantError::Unknown) };
        // The tokens first: a request that is used up without any would be lost.
        let grant = self.issuer().grant(&kept, &given, id).ok_or(GrantError::Failed)?;
        let after = StoredRequest { exchanged: true, ..kept.clone() };
        // Once a statement is made nothing else of the record changes: who cannot swap it comes second.
        if !self.requests.swap(id, &kept, &after).await.map_err(BackchannelError::from)? {
            return Err(GrantError::Unknown);
        }
        let event = Event::new("backchannel.exchange").app(client.app()).user(kept.user.as_str()).actor(client.actor());
        let event = event.address(circumstances.address).request_id(circumstances.request_id);
        self.core.audit().note(event.detail("approval", kept.approval.as_str()));
        Ok(grant)
    }

    /// Counted, each time that an app looks without a result.
    async fn not_yet(&self, id: &str, kept: &StoredRequest) -> Result<GrantError, BackchannelError> {
        let now = self.core.clock().now();
        let too_soon = kept.looked_at.is_some_and(|before| now < before.plus(Duration::from_secs(kept.interval)));
        let interval = if too_soon { kept.interval + SLOWER } else { kept.interval };
        let after = StoredRequest { looked_at: Some(now), interval, ..kept.clone() };
        // Who looks at the very moment that another does looks too often as well.
        let is_first = self.requests.swap(id, kept, &after).await?;
        Ok(if too_soon || !is_first { GrantError::TooOften } else { GrantError::Pending })
    }
}
