//! What is known of a connection, and the interface that its requests are handed to.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use http::{Request, Response};

use super::tls::ServerTls;
use crate::facts::client_address::TrustedProxies;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::gateway::body::Body;
use crate::gateway::upstream::pinned::Pinned;
use crate::principal::certificate::CertificateStanding;

/// What is known of a connection once its handshake is done.
#[derive(Debug)]
pub struct ConnectionFacts {
    /// The TCP peer.
    pub peer: SocketAddr,
    /// The client's address by the PROXY protocol header of a trusted peer.
    pub address_by_proxy_header: Option<SocketAddr>,
    /// Whether the connected client is a listed proxy, which carries the requests of many.
    pub is_listed: bool,
    /// The name asked for in the handshake, lower case.
    pub sni: Option<Box<str>>,
    /// The certificate the client proved to hold.
    pub certificate: Option<Arc<PresentedCertificate>>,
    /// Whether it speaks HTTP/2.
    pub is_h2: bool,
    /// How the certificate stands, with the state of the register that says so.
    pub standing: ArcSwapOption<(u64, Arc<CertificateStanding>)>,
    /// The place for the upstream connection that carries this client's person; `None` over HTTP/2 and for a listed proxy,
    /// which sends the requests of many.
    pub pinned: Option<Arc<Pinned<Body>>>,
}

/// Marks an answer over HTTP/2 instead of which the stream is reset, so that the client retries over HTTP/1.1 (RFC 9113 §7).
#[derive(Clone, Copy, Debug)]
pub struct Http11Required;

impl ConnectionFacts {
    /// The address of the connected client: by the PROXY header, else the peer itself.
    pub fn connected(&self) -> IpAddr {
        self.address_by_proxy_header.unwrap_or(self.peer).ip()
    }
}

/// The parts of a config that a connection is accepted under, all of one moment.
#[derive(Clone, Debug)]
pub struct AcceptRules {
    /// The certificates.
    pub tls: Arc<ServerTls>,
    /// The listed proxies, whose word about the client is believed.
    pub trusted: Arc<TrustedProxies>,
}

/// Handles the requests of connections.
pub trait Handler: Send + Sync + 'static {
    /// What a connection that arrives now is accepted under.
    fn accept_rules(&self) -> AcceptRules;

    /// Handles one request of a connection.
    fn handle(
        self: Arc<Self>,
        request: Request<Body>,
        connection: Arc<ConnectionFacts>,
    ) -> impl Future<Output = Response<Body>> + Send;
}
