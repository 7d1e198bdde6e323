//! One connection from its begin to its end: the PROXY header where a trusted peer sends one, the handshake, HTTP/1.1 or
//! HTTP/2, the drain. Each request goes to the [`Handler`] with the facts of its connection. Over HTTP/2 this is where a head is counted before
//! anything is done with it: its fields, and what it takes up beside the others of its connection.
//! Invariant: nothing here waits for a client without a time limit.

use std::convert::Infallible;
use std::error::Error as _;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use http::{Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_util::task::TaskTracker;

use super::facts::{AcceptRules, ConnectionFacts, Handler, Http11Required, KeptStanding, TicketPlace};
use super::listener::{self, Counted};
use super::proxy_protocol;
use crate::config::schema::ProxyProtocol;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::gateway::accept::stall::{Activity, Patient, Pulse};
use crate::gateway::accept::tls;
use crate::gateway::accept::tls::ServerTls;
use crate::gateway::body::{Body, Lingering};
use crate::gateway::budget::NetworkBudget;
use crate::gateway::drain::Drain;
use crate::gateway::head_guard::{self, HeadGuard, HeadLimits, Malformed};
use crate::gateway::load::{self, Load};
use crate::telemetry::strangers::{self, Kind};

/// The client of a connection.
#[derive(Clone, Copy, Debug)]
pub struct ConnectedClient {
    /// The TCP peer.
    pub peer: SocketAddr,
    /// The client's address by the PROXY protocol header of a trusted peer.
    pub address_by_proxy_header: Option<SocketAddr>,
    /// Whether the client (by the PROXY header, else the peer) is a listed proxy, which carries the requests of many.
    pub is_listed: bool,
}

impl ConnectedClient {
    fn ip(&self) -> IpAddr {
        self.address_by_proxy_header.unwrap_or(self.peer).ip()
    }
}

/// Limits of a connection.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// TLS handshake, PROXY header included.
    pub handshake: Duration,
    /// Reading a request head, from its first byte.
    pub head_within: Duration,
    /// Without a request.
    pub idle: Duration,
    /// A request head, bytes.
    pub head: usize,
    /// A request line, bytes.
    pub request_line: usize,
    /// Fields of a request head.
    pub header_fields: usize,
    /// Streams of an HTTP/2 connection at once.
    pub h2_streams: u32,
    /// What the requests under way on an HTTP/2 connection take up together, bytes.
    pub h2_requests: u64,
}

/// What every connection of a listener shares.
pub struct ConnectionService<H> {
    /// Handles the requests.
    pub handler: Arc<H>,
    /// Whether listed peers send a PROXY protocol header.
    pub proxy_protocol: ProxyProtocol,
    /// Limits.
    pub limits: ConnectionLimits,
    /// What requests under way take up on all HTTP/2 connections together.
    pub requests: Arc<NetworkBudget>,
    /// Every task of a connection, so that a shutdown can wait.
    pub tasks: TaskTracker,
    /// Begins when connections should end after the request at hand.
    pub drain: Drain,
}

impl<H> fmt::Debug for ConnectionService<H> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ConnectionService").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Spawns on the tracker, so that HTTP/2's own tasks are waited for too.
#[derive(Clone)]
struct Tracked(TaskTracker);

impl<F: Future<Output: Send> + Send + 'static> Executor<F> for Tracked {
    fn execute(&self, future: F) {
        self.0.spawn(future);
    }
}

/// The reason of a failed handshake in which the client sent nothing.
const SAID_NOTHING: &str = "said_nothing";

impl<H: Handler> ConnectionService<H> {
    /// Serves one TCP connection to its end: the PROXY header where one may come, then TLS.
    pub async fn enter(self: Arc<Self>, mut stream: TcpStream, peer: SocketAddr, mut counted: Counted) {
        let mut address = None;
        let AcceptRules { tls, trusted, tickets } = self.handler.accept_rules();
        let mut is_listed = trusted.include(peer.ip());
        if self.proxy_protocol != ProxyProtocol::Off {
            let count = |reason: &'static str| {
                metrics::counter!("sekisho_proxy_headers_refused_total", "reason" => reason).increment(1);
            };
            if !is_listed && self.proxy_protocol == ProxyProtocol::Required {
                count("unlisted");
                tracing::info!(remote_ip = %peer.ip(), reason = "unlisted", "proxy_header_refused");
                return;
            }
            if is_listed {
                let read = proxy_protocol::read(&mut stream, self.proxy_protocol == ProxyProtocol::Required);
                match tokio::time::timeout(self.limits.handshake, read).await {
                    Ok(Ok(client)) => address = client,
                    Ok(Err(error)) => {
                        count("malformed");
                        tracing::warn!(remote_ip = %peer.ip(), reason = "malformed", %error, "proxy_header_refused");
                        return;
                    }
                    Err(_elapsed) => {
                        count("timed_out");
                        tracing::warn!(remote_ip = %peer.ip(), reason = "timed_out", "proxy_header_refused");
                        return;
                    }
                }
            }
        }
        if let Some(client) = address {
            // From here on the client counts as connected, for the limits, for trust and in the log.
            is_listed = trusted.include(client.ip());
            if !is_listed && !counted.is_of(ClientAddress::new(client.ip())) {
                listener::refuse(client.ip());
                return;
            }
        }
        drop(trusted);
        self.serve(stream, ConnectedClient { peer, address_by_proxy_header: address, is_listed }, tls, tickets).await;
        drop(counted);
    }

    /// Serves one TCP connection to its end, with these certificates.
    pub async fn serve(
        self: Arc<Self>,
        stream: TcpStream,
        client: ConnectedClient,
        tls: Arc<ServerTls>,
        tickets: Option<Arc<TicketPlace>>,
    ) {
        let failed = |reason: &'static str, error: &dyn fmt::Display| {
            metrics::counter!("sekisho_handshakes_failed_total", "reason" => reason).increment(1);
            let remote_ip = client.ip();
            // A client that only checks whether the port is open sends nothing: a load balancer does so every second.
            if reason == SAID_NOTHING {
                tracing::debug!(%remote_ip, reason, "handshake_failed");
            } else if strangers::may_write(Kind::HandshakeFailed, remote_ip) {
                tracing::info!(%remote_ip, reason, %error, "handshake_failed");
            }
        };
        let shaking = Box::pin(self.shake_hands(stream, client, tls));
        let (io, facts) = match tokio::time::timeout(self.limits.handshake, shaking).await {
            Ok(Ok(Some(done))) => done,
            // A validator of an authority: it has seen the certificate that it came for, and sends nothing.
            Ok(Ok(None)) => return,
            Ok(Err((reason, error))) => return failed(reason, &error),
            Err(elapsed) => return failed("timed_out", &elapsed),
        };
        // A ticket with all groups of its user is longer than any other head: there, and from there, it fits.
        let brings_tickets =
            tickets.is_some_and(|place| place.takes_from(facts.sni.as_deref(), facts.connected(), facts.is_listed));
        let head = if brings_tickets { self.limits.head.max(TicketPlace::HEAD) } else { self.limits.head };
        // Boxed, so that the handshake's state is not carried through the whole life of the connection.
        if facts.is_h2 {
            Box::pin(self.serve_h2(io, facts, head)).await;
        } else {
            Box::pin(self.serve_h1(io, facts, head)).await;
        }
    }

    async fn shake_hands(
        &self,
        stream: TcpStream,
        client: ConnectedClient,
        certificates: Arc<ServerTls>,
    ) -> Result<Option<(tokio_rustls::server::TlsStream<Patient<TcpStream>>, Arc<ConnectionFacts>)>, (&'static str, io::Error)>
    {
        let failed = |otherwise| move |error: io::Error| (tls::reason(&error).unwrap_or(otherwise), error);
        let start = LazyConfigAcceptor::new(Acceptor::default(), Patient::new(stream, self.limits.idle));
        let start = start.await.map_err(failed(SAID_NOTHING))?;
        let sni: Option<Box<str>> = start.client_hello().server_name().map(|name| name.to_ascii_lowercase().into());
        let challenge = certificates.issued().and_then(|issued| issued.challenge(sni.as_deref(), start.client_hello().alpn()));
        if let Some(answer) = challenge {
            let mut io = start.into_stream(answer).await.map_err(failed("broken_off"))?;
            tracing::debug!(remote_ip = %client.ip(), name = sni.as_deref(), "acme_challenge_answered");
            let _best_effort = io.shutdown().await;
            return Ok(None);
        }
        let config = Arc::clone(certificates.for_name(sni.as_deref()));
        // Asked before the handshake: a certificate that is issued meanwhile is no harm.
        let is_stand_in = certificates.is_stand_in(sni.as_deref());
        // Less kept for each connection: what a handshake needs, not a full window of plaintext.
        let io = start.into_stream_with(config, |connection| connection.set_buffer_limit(Some(32 * 1024)));
        let io = io.await.map_err(failed("broken_off"))?;
        let (_, session) = io.get_ref();
        let is_h2 = session.alpn_protocol() == Some(b"h2");
        let channel_binding = if client.is_listed { None } else { certificates.end_point(sni.as_deref()) };
        let facts = ConnectionFacts {
            peer: client.peer,
            address_by_proxy_header: client.address_by_proxy_header,
            is_listed: client.is_listed,
            sni,
            channel_binding,
            certificate: session.peer_certificates().and_then(PresentedCertificate::new).map(Arc::new),
            is_stand_in,
            is_h2,
            standing: KeptStanding::default(),
            noted_result: AtomicU64::new(0),
            pinned: (!is_h2 && !client.is_listed).then(Arc::default),
        };
        Ok(Some((io, Arc::new(facts))))
    }

    fn lingering(&self) -> Lingering {
        Lingering { tasks: self.tasks.clone(), drain: self.drain.clone() }
    }

    async fn serve_h1<IO: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        self: Arc<Self>,
        io: IO,
        facts: Arc<ConnectionFacts>,
        head: usize,
    ) {
        let (handler, lingering) = (Arc::clone(&self.handler), self.lingering());
        let remote = facts.connected();
        let io = HeadGuard::new(
            io,
            HeadLimits {
                head,
                request_line: self.limits.request_line,
                fields: self.limits.header_fields,
                within: self.limits.head_within,
            },
        );
        let tunnel = io.tunnel();
        let service = service_fn(move |request: Request<Incoming>| {
            let (handler, facts, tunnel) = (Arc::clone(&handler), Arc::clone(&facts), tunnel.clone());
            // A body that waits to be asked for is not asked for in order to be thrown away (RFC 9110 §10.1.1).
            let lingering = (!request.headers().contains_key(header::EXPECT)).then_some(&lingering);
            let request = request.map(|incoming| Body::received(incoming, lingering, None));
            // Boxed, since hyper keeps room for it as long as the connection lives: 13 KiB, idle or not.
            Box::pin(async move {
                if let Some(reason) = head_guard::refusal(&request) {
                    return Ok::<_, Infallible>(refused(reason, &facts));
                }
                let response = handler.handle(request, facts).await;
                if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                    tunnel.open();
                }
                Ok(response)
            })
        });
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.idle)
            .max_buf_size(head.max(8192))
            .max_headers(self.limits.header_fields)
            .auto_date_header(true);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(io), service).with_upgrades());
        let begun = self.drain.begun();
        tokio::select! {
            ended = connection.as_mut() => log_end(ended, remote),
            () = begun => {
                connection.as_mut().graceful_shutdown();
                log_end(connection.await, remote);
            }
        }
    }

    async fn serve_h2<IO: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        self: Arc<Self>,
        io: IO,
        facts: Arc<ConnectionFacts>,
        head: usize,
    ) {
        let (handler, lingering) = (Arc::clone(&self.handler), self.lingering());
        let remote = facts.connected();
        let activity = Arc::new(Activity::default());
        let noted = Arc::clone(&activity);
        let ConnectionLimits { request_line, header_fields, .. } = self.limits;
        let of = (!facts.is_listed).then(|| ClientAddress::new(remote));
        let load = Load::new(self.limits.h2_requests, &self.requests, of);
        let service = service_fn(move |request: Request<Incoming>| {
            let at_work = noted.begin();
            let (handler, facts) = (Arc::clone(&handler), Arc::clone(&facts));
            // What the guard does for HTTP/1, before anything is kept of the head: hyper's own bound is the whole head's, and
            // each cookie is a field of its own until it is joined with the others (RFC 9113 §8.2.3).
            let fault = if request.headers().len() > header_fields {
                Some(Malformed::TooManyFields)
            } else if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > request_line) {
                Some(Malformed::RequestLineTooLong)
            } else {
                None
            };
            let begun = match fault {
                Some(reason) => Err(Some(reason)),
                None => load
                    .take(load::cost(&request))
                    .ok_or(None)
                    .map(|weight| (request.map(|incoming| Body::received(incoming, Some(&lingering), Some(&load))), weight)),
            };
            // Boxed, since the future is moved several times on its way into a task of its own.
            Box::pin(async move {
                let response = match begun {
                    Ok((request, weight)) => {
                        let response = handler.handle(request, facts).await;
                        drop(weight);
                        if response.extensions().get::<Http11Required>().is_some() {
                            return Err(h2::Error::from(h2::Reason::HTTP_1_1_REQUIRED));
                        }
                        response
                    }
                    Err(Some(reason)) => refused(reason, &facts),
                    Err(None) => {
                        metrics::counter!("sekisho_h2_streams_refused_total").increment(1);
                        tracing::debug!(remote_ip = %facts.connected(), "h2_stream_refused");
                        return Err(h2::Error::from(h2::Reason::REFUSED_STREAM));
                    }
                };
                Ok(response.map(|body| at_work.answer(body)))
            })
        });
        let mut builder = hyper::server::conn::http2::Builder::new(Tracked(self.tasks.clone()));
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(self.limits.h2_streams)
            .max_header_list_size(u32::try_from(head).unwrap_or(u32::MAX))
            .initial_stream_window_size(256 * 1024)
            .initial_connection_window_size(1024 * 1024)
            .max_frame_size(16 * 1024)
            .max_send_buf_size(64 * 1024)
            .max_pending_accept_reset_streams(20)
            .keep_alive_interval(self.limits.idle)
            .keep_alive_timeout(self.limits.head_within);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(io), service));
        let mut begun = pin!(self.drain.begun());
        let (mut leaving, mut steps, mut stuck) = (false, 0, false);
        loop {
            tokio::select! {
                ended = connection.as_mut() => return log_end(ended, remote),
                () = tokio::time::sleep(self.limits.idle) => match activity.pulse(&mut steps) {
                    Pulse::Busy => stuck = false,
                    Pulse::Quiet if !leaving => {
                        connection.as_mut().graceful_shutdown();
                        leaving = true;
                    }
                    // Also: all is answered, and the last of it not taken. Twice in a row, since a slow line may take a
                    // while for one frame.
                    Pulse::Stuck | Pulse::Quiet if stuck => {
                        does_not_read(remote);
                        return;
                    }
                    Pulse::Stuck | Pulse::Quiet => stuck = true,
                },
                () = begun.as_mut(), if !leaving => {
                    connection.as_mut().graceful_shutdown();
                    leaving = true;
                }
            }
        }
    }
}

/// Answers a malformed request. The log line is for administrators: only a broken or hostile client sends one.
fn refused(reason: Malformed, facts: &ConnectionFacts) -> Response<Body> {
    metrics::counter!("sekisho_requests_malformed_total", "reason" => reason.code()).increment(1);
    if strangers::may_write(Kind::RequestMalformed, facts.connected()) {
        tracing::info!(remote_ip = %facts.connected(), reason = reason.code(), "request_malformed");
    }
    head_guard::answer(reason)
}

/// Writes how a connection ended.
fn log_end(ended: hyper::Result<()>, remote: IpAddr) {
    if let Err(error) = ended {
        let cause = error.source();
        let h2 = cause.and_then(|cause| cause.downcast_ref::<h2::Error>());
        let io = cause.and_then(|cause| cause.downcast_ref::<io::Error>()).or_else(|| h2.and_then(h2::Error::get_io));
        if io.is_some_and(|io| io.kind() == io::ErrorKind::TimedOut) {
            does_not_read(remote);
        }
        tracing::trace!(%error, "connection_ended");
    }
}

/// Writes that a client was disconnected because it does not read its answers.
fn does_not_read(remote: IpAddr) {
    metrics::counter!("sekisho_clients_not_reading_total").increment(1);
    if strangers::may_write(Kind::ClientDoesNotRead, remote) {
        tracing::info!(remote_ip = %remote, "client_does_not_read");
    }
}

#[cfg(test)]
mod tests;
