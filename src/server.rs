//! The composition root: the only file that knows everyone. Listeners are bound by the caller and handed in, so that a
//! port in use is reported before anything else happens; everything runs on tracked tasks and ends with the shutdown.

pub(crate) mod control;
mod pages;
pub(crate) mod parts;
mod reloading;
mod workers;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::future::BoxFuture;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::control::Control;
use self::pages::PortalPages;
use self::parts::Parts;
pub use self::workers::Workers;
use crate::acme::listeners::ListenAddresses;
use crate::backchannel::Backchannel;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::config::diagnose::Diagnosis;
use crate::config::schema::{File, ProxyProtocol};
use crate::core::{Core, OpenError};
use crate::gateway::accept::connection::{ConnectionLimits, ConnectionService};
use crate::gateway::accept::listener;
use crate::gateway::accept::listener::{BindError, Bounds, Census};
use crate::gateway::budget::NetworkBudget;
use crate::gateway::drain::Drain;
use crate::gateway::exchange::Gateway;
use crate::gateway::operations::{self, Operations};
use crate::gateway::posted::PostedRequests;
use crate::gateway::redirect;
use crate::gateway::snapshot::GatewaySnapshot;
use crate::random::SharedRandom;
use crate::store::database::DatabaseError;
use crate::telemetry::Metrics;

/// How often requests that waited too long for a sign-in are forgotten, and upstream connections that nobody uses closed.
const FORGET: Duration = Duration::from_secs(30);

/// The sockets a server listens on.
#[derive(Debug, Default)]
pub struct Listeners {
    /// TLS.
    pub https: Vec<TcpListener>,
    /// Plain HTTP, which only redirects.
    pub redirect: Vec<TcpListener>,
    /// Operations.
    pub operations: Option<TcpListener>,
}

impl Listeners {
    /// Binds what the config names.
    ///
    /// # Errors
    /// [`BindError`] for the first address that cannot be listened on.
    pub fn bind(file: &File) -> Result<Self, BindError> {
        let all =
            |addresses: &[SocketAddr]| addresses.iter().map(|address| listener::bind(*address)).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            https: all(&file.server.listen)?,
            redirect: all(&file.server.redirect_listen)?,
            operations: file.server.operations_listen.map(listener::bind).transpose()?,
        })
    }
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The config does not fit the machine: certificates, upstreams.
    #[error("{0}")]
    Config(Diagnosis),
    /// State cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A worker has no share in a listening socket.
    #[error("share a listening socket among workers: {0}")]
    Share(#[from] io::Error),
}

/// A running gateway.
pub struct Server {
    core: Arc<Core>,
    /// The config in force, swapped as a whole.
    snapshot: Arc<ArcSwap<GatewaySnapshot>>,
    tasks: TaskTracker,
    tunnels: TaskTracker,
    /// Nothing new is accepted.
    shutdown: CancellationToken,
    /// Connections end after the request at hand.
    drain: Drain,
    /// The background's end.
    rest: CancellationToken,
    /// Beside the runtime that everything was started on; they end last.
    workers: Workers,
    /// Where it listens for TLS.
    pub https: Vec<SocketAddr>,
    /// Where it listens for operations.
    pub operations: Option<SocketAddr>,
}

impl fmt::Debug for Server {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Server({:?})", self.https)
    }
}

impl Server {
    /// Opens the core and serves, connections on this Tokio runtime and on `workers`, all else on this one.
    ///
    /// # Errors
    /// [`StartError`]; nothing is left running.
    pub async fn start(
        config: Arc<Config>,
        clock: SharedClock,
        random: SharedRandom,
        listeners: Listeners,
        metrics: Arc<Metrics>,
        workers: Workers,
    ) -> Result<Self, StartError> {
        // Connections to upstreams and tunnels outlive the connection they were made for: tracked apart.
        let tunnels = TaskTracker::new();
        let Parts { tls, hosts, compiled } = Parts::load(&config, &clock, &random, &tunnels).map_err(StartError::Config)?;
        let core = Core::open_with(Arc::clone(&config), Arc::clone(&clock), Arc::clone(&random), compiled).await?;
        tls.attach(core.own_certificates().listeners());
        let file = &config.file;
        let https: Vec<_> = listeners.https.iter().filter_map(|listener| listener.local_addr().ok()).collect();
        if file.server.proxy_protocol == ProxyProtocol::Off {
            let http = listeners.redirect.iter().filter_map(|listener| listener.local_addr().ok()).collect();
            core.own_certificates().listeners().listen_at(ListenAddresses { https: https.clone(), http });
        }
        let operations = listeners.operations.as_ref().and_then(|listener| listener.local_addr().ok());
        let server = Self {
            snapshot: Arc::new(ArcSwap::from_pointee(GatewaySnapshot { core: core.snapshot(), hosts, tls: Arc::new(tls) })),
            tasks: TaskTracker::new(),
            tunnels,
            shutdown: CancellationToken::new(),
            drain: Drain::default(),
            rest: CancellationToken::new(),
            workers,
            https,
            operations,
            core,
        };
        let backchannel = Arc::new(Backchannel::new(Arc::clone(&server.core)));
        let gateway = Arc::new(Gateway {
            core: Arc::clone(&server.core),
            snapshot: Arc::clone(&server.snapshot),
            portal: crate::portal::router(Arc::clone(&backchannel)),
            mtls: crate::portal::for_apps(backchannel),
            pages: Arc::new(PortalPages(Arc::clone(&server.core))),
            posted: PostedRequests::new(clock, random, file.limits.held_bodies.0, file.limits.held_body.0),
            tasks: server.tunnels.clone(),
            drain: server.drain.clone(),
        });
        server.listen(file, listeners, gateway, metrics)?;
        server.warn();
        Ok(server)
    }

    fn listen(&self, file: &File, listeners: Listeners, gateway: Arc<Gateway>, metrics: Arc<Metrics>) -> io::Result<()> {
        // First of all, so that commands work as soon as the gateway is ready.
        let api = crate::portal::api::v1::router(Arc::clone(&self.core), crate::portal::api::v1::ApiAccess::Machine);
        match Control::bind(&file.state.directory) {
            Ok(control) => drop(self.tunnels.spawn(control.serve(api, self.tunnels.clone(), self.rest.clone()))),
            // The command line then says that the state directory is in use; everything else works.
            Err(error) => tracing::warn!(%error, "no control socket: commands cannot reach the running gateway"),
        }
        let limits = &file.limits;
        let requests = NetworkBudget::new(limits.h2_requests_all.0, limits.h2_requests.0);
        let connections = Arc::new(ConnectionService {
            handler: Arc::clone(&gateway),
            proxy_protocol: file.server.proxy_protocol,
            limits: ConnectionLimits {
                handshake: limits.handshake.0,
                head_within: limits.head_within.0,
                idle: limits.idle.0,
                head: limits.head.bytes(),
                request_line: limits.request_line.bytes(),
                header_fields: limits.header_fields,
                h2_streams: limits.h2_streams,
                h2_requests: limits.h2_requests.0,
            },
            requests: Arc::clone(&requests),
            tasks: self.tasks.clone(),
            drain: self.drain.clone(),
        });
        let census = || Census::new(Bounds { connections: limits.connections, per_peer: limits.connections_per_peer });
        let is_listed = || {
            let snapshot = Arc::clone(&self.snapshot);
            move |peer| snapshot.load().hosts.trusted.include(peer)
        };
        let of_https = census();
        for listener in listeners.https {
            let accept = |listener| {
                let connections = Arc::clone(&connections);
                let serve = move |stream, peer, counted| Arc::clone(&connections).enter(stream, peer, counted);
                let (tasks, shutdown) = (self.tasks.clone(), self.shutdown.clone());
                listener::accept(listener, Arc::clone(&of_https), is_listed(), tasks, shutdown, serve)
            };
            self.workers.share(&listener, |own| self.tasks.track_future(accept(own)))?;
            self.tasks.spawn(accept(listener));
        }
        for listener in listeners.redirect {
            let (snapshot, within) = (Arc::clone(&self.snapshot), limits.head_within.0);
            let serve = move |stream, _peer, counted| {
                let served = redirect::serve(stream, Arc::clone(&snapshot), within);
                async move { (served.await, drop(counted)).1 }
            };
            let (tasks, shutdown) = (self.tasks.clone(), self.shutdown.clone());
            self.tasks.spawn(listener::accept(listener, census(), is_listed(), tasks, shutdown, serve));
        }
        if let Some(listener) = listeners.operations {
            let operations_state: Arc<dyn Operations> = Arc::new(OperationsState {
                core: Arc::clone(&self.core),
                gateway: Arc::clone(&gateway),
                requests: Arc::clone(&requests),
                metrics,
                shutdown: self.shutdown.clone(),
            });
            let serve = move |stream, _peer, counted| {
                let served = operations::serve(stream, Arc::clone(&operations_state));
                async move { (served.await, drop(counted)).1 }
            };
            // It answers until the very end, so that an orchestrator sees the drain.
            let (tasks, rest) = (self.tunnels.clone(), self.rest.clone());
            self.tunnels.spawn(listener::accept(listener, census(), |_| false, tasks, rest, serve));
        }
        let (core, rest) = (Arc::clone(&self.core), self.rest.clone());
        self.tunnels.spawn(async move { core.upkeep(rest).await });
        let (core, rest) = (Arc::clone(&self.core), self.rest.clone());
        self.tunnels.spawn(async move { core.synchronise(rest).await });
        let rest = self.rest.clone();
        self.tunnels.spawn(async move {
            while rest.run_until_cancelled(tokio::time::sleep(FORGET)).await.is_some() {
                gateway.posted.forget();
                gateway.snapshot.load().hosts.tidy_upstreams();
            }
        });
        Ok(())
    }

    /// The application state, for commands that run beside the server in one process.
    pub const fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Drains: accepts nothing new, lets requests end for as long as the config allows, closes tunnels, writes down what
    /// only memory knows.
    ///
    /// # Errors
    /// [`DatabaseError`] if the last write failed.
    pub async fn stop(self) -> Result<(), DatabaseError> {
        let allowed = self.core.config().file.server.drain.0;
        self.shutdown.cancel();
        self.drain.begin();
        self.core.approvals().cancel_waiters();
        self.tasks.close();
        if tokio::time::timeout(allowed, self.tasks.wait()).await.is_err() {
            tracing::warn!(?allowed, "some requests did not end in time and are cut off");
        }
        self.rest.cancel();
        self.tunnels.close();
        let _ended_or_cut = tokio::time::timeout(Duration::from_secs(2), self.tunnels.wait()).await;
        self.core.close().await
    }
}

/// The state behind the answers of the operations listener.
struct OperationsState {
    core: Arc<Core>,
    gateway: Arc<Gateway>,
    requests: Arc<NetworkBudget>,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
}

impl Operations for OperationsState {
    fn ready(&self) -> BoxFuture<'_, Result<Option<String>, String>> {
        Box::pin(async {
            if self.shutdown.is_cancelled() {
                return Err("it is shutting down".to_owned());
            }
            self.core.ping_database().await.map_err(|error| error.to_string())?;
            self.core.kerberos_tickets().ready().map_err(|error| error.to_string())?;
            // No reason to take the gateway out: the authority's validator must reach it before there is a certificate.
            let missing = self.core.own_certificates().missing();
            Ok((!missing.is_empty()).then(|| format!("no certificate yet for {}", missing.join(", "))))
        })
    }

    fn metrics(&self) -> String {
        let set = |name: &'static str, count: u64| metrics::gauge!(name).set(u32::try_from(count).unwrap_or(u32::MAX));
        set("sekisho_shared_entries", self.core.shared_entries() as u64);
        set("sekisho_held_request_bytes", self.gateway.posted.reserved());
        set("sekisho_h2_request_bytes", self.requests.used());
        metrics::gauge!("sekisho_sessions").set(u32::try_from(self.core.sessions().len()).unwrap_or(u32::MAX));
        self.metrics.render()
    }
}
