//! What is known of a connection, and the interface that its requests are handed to.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arc_swap::ArcSwapOption;
use http::{Request, Response};
use ipnet::IpNet;

use super::tls::ServerTls;
use crate::clock::Timestamp;
use crate::facts::client_address::TrustedProxies;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::facts::target::HostName;
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
    /// What its own TLS binds a Kerberos ticket to; `None` for a listed proxy, where the client's TLS may have ended before.
    pub channel_binding: Option<Arc<[u8]>>,
    /// Whether the certificate that it was shown only stands in for one that is not issued yet.
    pub is_stand_in: bool,
    /// Whether it speaks HTTP/2.
    pub is_h2: bool,
    /// How the certificate stands, with the state of the register that says so.
    pub standing: KeptStanding,
    /// What was noted last of how check 2 ended here, as a hash; 0: nothing.
    pub noted_result: AtomicU64,
    /// The place for the upstream connection that carries this client's person; `None` over HTTP/2 and for a listed proxy,
    /// which sends the requests of many.
    pub pinned: Option<Arc<Pinned>>,
}

/// How a certificate stands, as it was worked out last, with the state of the register that said so.
#[derive(Debug, Default)]
pub struct KeptStanding(ArcSwapOption<(u64, Arc<CertificateStanding>)>);

impl KeptStanding {
    /// What is kept, unless the register has another state by now, or the lists behind it are out of date. Asked on every
    /// request: it takes no lock and allocates nothing.
    pub fn current(&self, generation: u64, now: Timestamp) -> Option<Arc<CertificateStanding>> {
        let kept = self.0.load();
        let (of, standing) = kept.as_deref()?;
        let is_current = *of == generation && standing.revocation_known_until.is_none_or(|until| now <= until);
        is_current.then(|| Arc::clone(standing))
    }

    /// What was worked out last.
    pub fn last(&self) -> Option<Arc<CertificateStanding>> {
        self.0.load().as_deref().map(|(_, standing)| Arc::clone(standing))
    }

    /// Keeps what was worked out at this state of the register.
    pub fn keep(&self, generation: u64, standing: Arc<CertificateStanding>) {
        self.0.store(Some(Arc::new((generation, standing))));
    }
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
    /// Where tickets are taken, and from whom: heads may be longer there.
    pub tickets: Option<Arc<TicketPlace>>,
}

/// The host that takes Kerberos tickets, and the networks that it takes them from.
#[derive(Clone, Debug)]
pub struct TicketPlace {
    /// The portal's host.
    pub host: HostName,
    /// The networks.
    pub networks: Box<[IpNet]>,
}

impl TicketPlace {
    /// A head with a ticket: in base64 up to 64 KiB, with all groups of its user and a delegated ticket, and the rest.
    pub const HEAD: usize = 80 * 1024;

    /// Whether a connection under this name, from this client, may bring one.
    pub fn takes_from(&self, sni: Option<&str>, client: IpAddr, is_listed: bool) -> bool {
        sni == Some(self.host.as_str()) && (is_listed || self.networks.iter().any(|network| network.contains(&client)))
    }
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
