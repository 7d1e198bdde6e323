//! Approvals that apps ask for by themselves: our own API and OpenID Connect's CIBA (Client-Initiated Backchannel
//! Authentication, Core 1.0) over one store of requests. The person answers on the phone as ever; the app gets a statement
//! that it can verify and keep.
//! A request is known by `auth_req_id`, which opens nothing without the app's token. It lives in the shared state as the
//! approval does: a restart ends both. The id itself proves which app it was made for, so that an app can learn that its request
//! has expired.
//! Invariant: no other app than the one that asked learns anything of a request, nor whether it exists.

pub mod authentication_request;
pub mod client;
pub mod error;
pub mod exchange;
mod ping;
mod request;
mod request_id;
pub mod requests;
mod statement;
pub mod status;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::task::TaskTracker;

use self::ping::PingClient;
use self::request::StoredRequest;
use self::statement::Issuer;
use crate::core::Core;
use crate::facts::client_address::ClientAddress;
use crate::store::shared::Keyspace;

/// How long a request is remembered, as long as the approval is.
const REMEMBERED: Duration = Duration::from_secs(3600);

/// Where a request of an app comes from, for what the phone shows and for the audit log.
#[derive(Clone, Copy, Debug)]
pub struct RequestOrigin<'a> {
    /// The address.
    pub address: ClientAddress,
    /// The request.
    pub request_id: &'a str,
}

/// Requests of apps.
#[derive(Debug)]
pub struct Backchannel {
    core: Arc<Core>,
    requests: Keyspace<StoredRequest>,
    /// The requests of an app, by the hour.
    of_app: Keyspace<Vec<String>>,
    ping_client: PingClient,
    watches: TaskTracker,
    tasks: TaskTracker,
    /// Of several who look at once one makes the statement, and the others find it made.
    stating: tokio::sync::Mutex<()>,
}

impl Backchannel {
    /// In this core; made once.
    pub fn new(core: Arc<Core>) -> Self {
        Self {
            requests: Keyspace::new(Arc::clone(core.shared()), "backchannel", REMEMBERED),
            of_app: Keyspace::new(Arc::clone(core.shared()), "backchannel_of", REMEMBERED * 2),
            ping_client: PingClient::default(),
            watches: TaskTracker::new(),
            tasks: TaskTracker::new(),
            stating: tokio::sync::Mutex::new(()),
            core,
        }
    }

    /// The core.
    pub const fn core(&self) -> &Arc<Core> {
        &self.core
    }

    fn issuer(&self) -> Issuer<'_> {
        Issuer::of(&self.core)
    }
}
