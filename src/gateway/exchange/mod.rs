//! One request/response exchange: its route, its judgement by the chain, and what the verdict leads to.
//! Invariant: a request reaches an app only with the `Permit` that `examine` gave for this very request.

mod app;
mod cross_origin;
mod depart;
pub(super) mod forward_auth;
mod judge;
pub(super) mod outcome;
mod overrides;
pub(super) mod pass;
mod refuse;
pub(super) mod requirements;
mod route;
pub mod watch;

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use http::header::{self, HeaderMap};
use http::{Request, Response, Uri};
use tokio_util::task::TaskTracker;

use crate::chain::Named;
use crate::core::Core;
use crate::facts::client_address::ClientAddress;
use crate::facts::{cookies, request_id};
use crate::gateway::accept::facts::{AcceptRules, ConnectionFacts, Handler};
use crate::gateway::body::{Body, BodyOrigin, BodySide};
use crate::gateway::drain::Drain;
use crate::gateway::hosts::{AppHost, Hosts};
use crate::gateway::operations;
use crate::gateway::posted::PostedRequests;
use crate::gateway::problem::{Caller, Pages};
use crate::gateway::snapshot::GatewaySnapshot;
use crate::session::sessions::Admitted;
use crate::telemetry::access;
use crate::telemetry::strangers::{self, Kind};

/// Everything that handles requests, shared by all connections.
pub struct Gateway {
    /// The application state.
    pub core: Arc<Core>,
    /// The config in force.
    pub snapshot: Arc<ArcSwap<GatewaySnapshot>>,
    /// The portal's own handlers.
    pub portal: axum::Router,
    /// What apps ask for by their certificates.
    pub mtls: axum::Router,
    /// Pages for people.
    pub pages: Arc<dyn Pages>,
    /// Bodies that wait for a sign-in.
    pub posted: PostedRequests,
    /// Where tunnels run.
    pub tasks: TaskTracker,
    /// Begins when the gateway is about to end.
    pub drain: Drain,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Gateway").field("snapshot", &self.snapshot.load()).finish_non_exhaustive()
    }
}

/// One request/response exchange: its parsed facts and the config snapshot it is judged under.
pub(in crate::gateway) struct Exchange<'a> {
    pub(in crate::gateway) gateway: &'a Arc<Gateway>,
    pub(in crate::gateway) snapshot: &'a GatewaySnapshot,
    pub(in crate::gateway) hosts: &'a Hosts,
    pub(in crate::gateway) connection: &'a Arc<ConnectionFacts>,
    pub(in crate::gateway) address: ClientAddress,
    pub(in crate::gateway) request_id: Arc<str>,
    pub(in crate::gateway) caller: Caller,
    /// Host and port: the app's own as soon as the app is known, as the client spelt them before.
    pub(in crate::gateway) authority: String,
    pub(in crate::gateway) app: Option<&'a Arc<AppHost>>,
    /// Whether the client of an app reads the answer itself, and no proxy that asks.
    pub(in crate::gateway) is_for_client: bool,
    /// Who passed the chain, for the access log.
    passed: OnceLock<Passed>,
}

/// Who passed the chain.
#[derive(Debug)]
enum Passed {
    SignedIn(Arc<crate::principal::user::UserStanding>),
    ByCertificate(Named),
}

impl Handler for Gateway {
    fn accept_rules(&self) -> AcceptRules {
        self.snapshot.load().accept_rules()
    }

    async fn handle(self: Arc<Self>, request: Request<Body>, connection: Arc<ConnectionFacts>) -> Response<Body> {
        // Before a host is looked for and a line is written: a balancer asks every second, and knows no name.
        if let Some(answer) = operations::health(&request, self.drain.is_begun()) {
            return answer;
        }
        let snapshot = self.snapshot.load_full();
        let hosts = &snapshot.hosts;
        let started = self.core.clock().monotonic();
        let believed = hosts.trusted.include(connection.connected());
        let request_id = request_id::of(request.headers(), believed, &**self.core.random());
        let address = hosts.trusted.client(connection.peer, connection.address_by_proxy_header, request.headers());
        let caller = Caller::of(request.method(), request.headers());
        let mut exchange = Exchange {
            gateway: &self,
            snapshot: &snapshot,
            hosts,
            connection: &connection,
            address,
            request_id,
            caller,
            authority: String::new(),
            app: None,
            is_for_client: false,
            passed: OnceLock::new(),
        };
        let format = hosts.access_log.filter(|_| access::is_wanted());
        let asked = format.map(|_| (request.method().clone(), request.uri().clone()));
        let mut response = exchange.route(request, believed).await;
        if let Some(hsts) = &hosts.hsts {
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
        if let (Some(format), Some((method, uri))) = (format, asked) {
            let took = self.core.clock().monotonic().saturating_sub(started);
            let entry = access::AccessEntry {
                timestamp: &self.core.clock().now().rfc3339(),
                remote_ip: exchange.address.ip(),
                method: method.as_str(),
                host: &exchange.authority,
                path: loggable(&uri),
                status: response.status().as_u16(),
                user: exchange.passed.get().map_or("-", |passed| match passed {
                    Passed::SignedIn(standing) => standing.user.as_str(),
                    Passed::ByCertificate(named) => named.as_str(),
                }),
                outcome: outcome::noted(&mut response).unwrap_or("ok"),
                ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                request_id: &exchange.request_id,
            };
            entry.write(format);
        }
        response
    }
}

/// The path of a log line: no query (it may hold secrets), no one-time link, at most 256 bytes (T46).
fn loggable(uri: &Uri) -> &str {
    let path = uri.path();
    if path.starts_with("/invitation/") {
        return "/invitation/...";
    }
    path.get(..path.floor_char_boundary(256)).unwrap_or_default()
}

impl Exchange<'_> {
    /// The origin of the request's body.
    pub(in crate::gateway) fn body_origin(&self, app: Option<&Arc<str>>) -> BodyOrigin {
        let (app, request_id) = (app.map(Arc::clone), Arc::clone(&self.request_id));
        BodyOrigin { side: BodySide::Request, remote_ip: self.address.ip(), app, request_id, is_known: false }
    }

    /// Whether one more line about this request is written: about somebody who is signed in always.
    pub(in crate::gateway) fn may_write(&self, kind: Kind, headers: &HeaderMap) -> bool {
        let is_known = || self.app.is_some_and(|app| self.admitted(&app.name, headers).is_some());
        is_known() || strangers::may_write(kind, self.address.ip())
    }

    /// Whether the peer is one whose word is believed.
    fn is_listed(&self) -> bool {
        self.hosts.trusted.include(self.connection.peer.ip())
    }

    /// The session that the request's cookie names at `scope`.
    pub(in crate::gateway) fn admitted(&self, scope: &str, headers: &HeaderMap) -> Option<Admitted> {
        let cookie = cookies::find(headers, cookies::SESSION)?;
        self.gateway.core.sessions().find_beside(scope, cookie, || cookies::find(headers, cookies::BOUND))
    }
}
