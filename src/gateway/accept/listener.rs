//! Listening sockets: bound before anything runs, so that a port in use is reported at once. Connections are then accepted
//! within bounds, in all and for each client. A listed proxy carries the connections of many clients: only the bound of the
//! whole applies to it, and the client that its PROXY header names is counted.
//! Invariant: every connection is a tracked task, so that a shutdown can wait for it.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::facts::client_address::ClientAddress;
use crate::telemetry::strangers::{self, Kind};

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program has it.
    #[error("listen on {0}: the port is in use; stop the program that has it (`ss -ltnp` shows which) or choose another port")]
    InUse(SocketAddr),
    /// Ports below 1024 are the system's.
    #[error("listen on {0}: not permitted; ports below 1024 need the capability CAP_NET_BIND_SERVICE or socket activation")]
    NotPermitted(SocketAddr),
    /// The address is not this machine's.
    #[error("listen on {0}: no interface of this machine has that address")]
    NotOurs(SocketAddr),
    /// Anything else.
    #[error("listen on {0}: {1}")]
    Failed(SocketAddr, io::Error),
}

/// Binds a listening socket; port 0 lets the system choose.
///
/// # Errors
/// [`BindError`], which says what to do.
pub fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    let socket = bound(address)?;
    socket.listen(4096).map_err(|error| bind_error(address, error))?;
    TcpListener::from_std(socket.into()).map_err(|error| bind_error(address, error))
}

/// Whether an address could be listened on: it is taken and given back at once, and nobody can connect meanwhile.
///
/// # Errors
/// As [`bind`].
pub fn probe(address: SocketAddr) -> Result<(), BindError> {
    bound(address).map(drop)
}

fn bind_error(address: SocketAddr, error: io::Error) -> BindError {
    match error.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse(address),
        io::ErrorKind::PermissionDenied => BindError::NotPermitted(address),
        io::ErrorKind::AddrNotAvailable => BindError::NotOurs(address),
        _ => BindError::Failed(address, error),
    }
}

fn bound(address: SocketAddr) -> Result<Socket, BindError> {
    let failed = |error| bind_error(address, error);
    let socket = Socket::new(Domain::for_address(address), Type::STREAM.nonblocking(), Some(Protocol::TCP)).map_err(failed)?;
    socket.set_reuse_address(true).map_err(failed)?;
    if address.is_ipv6() {
        // `[::]` listens for IPv4 too; the client's address is normalised where it is read.
        socket.set_only_v6(false).map_err(failed)?;
    }
    socket.bind(&address.into()).map_err(failed)?;
    Ok(socket)
}

/// Sockets that systemd handed over, each with its file-descriptor name if it has one; `names` are those that the
/// environment names. A second call finds none, since the first takes them out of the environment.
///
/// # Errors
/// The reason a socket handed over cannot be used.
pub fn activated(names: Option<&str>) -> io::Result<Vec<(Option<String>, TcpListener)>> {
    let mut handed = listenfd::ListenFd::from_env();
    let mut names = names.into_iter().flat_map(|names| names.split(':'));
    let mut found = Vec::new();
    for place in 0..handed.len() {
        let name = names.next().map(str::to_owned);
        if let Some(listener) = handed.take_tcp_listener(place)? {
            listener.set_nonblocking(true)?;
            found.push((name, TcpListener::from_std(listener)?));
        }
    }
    Ok(found)
}

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// In all.
    pub connections: usize,
    /// From one client: an IPv4 address, or an IPv6 /64.
    pub per_peer: usize,
}

/// An IPv6 /48, which one holder may have whole, has at most this part of all connections.
const WIDE: usize = 4;

/// Counts connections, in all and for each client, for all who accept from one queue.
#[derive(Debug)]
pub struct Census {
    bounds: Bounds,
    held: Mutex<Counts>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    whole: usize,
    clients: HashMap<IpAddr, usize>,
    wide: HashMap<IpAddr, usize>,
}

/// One counted connection; no longer counted once this is dropped.
#[derive(Debug)]
pub struct Counted {
    census: Arc<Census>,
    client: Option<ClientAddress>,
}

impl Census {
    /// A census without connections.
    pub fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self { bounds, held: Mutex::default() })
    }

    /// Counts one more connection; of a listed peer, who is `None`, among all alone.
    fn admit(self: &Arc<Self>, client: Option<ClientAddress>) -> Option<Counted> {
        {
            let mut held = self.held.lock();
            if held.whole >= self.bounds.connections {
                return None;
            }
            held.whole += 1;
        }
        let mut counted = Counted { census: Arc::clone(self), client: None };
        client.is_none_or(|client| counted.is_of(client)).then_some(counted)
    }
}

impl Counts {
    fn admit(&mut self, client: ClientAddress, bounds: Bounds) -> bool {
        let (near, wide) = (client.counting_network(), client.site());
        let of_wide = wide.map_or(0, |wide| self.wide.get(&wide).copied().unwrap_or(0));
        let of_client = self.clients.get(&near).copied().unwrap_or(0);
        if of_client >= bounds.per_peer || of_wide >= bounds.per_peer.max(bounds.connections / WIDE) {
            return false;
        }
        self.clients.insert(near, of_client + 1);
        if let Some(wide) = wide {
            self.wide.insert(wide, of_wide + 1);
        }
        true
    }

    fn let_go(&mut self, client: ClientAddress) {
        less(&mut self.clients, client.counting_network());
        if let Some(wide) = client.site() {
            less(&mut self.wide, wide);
        }
    }
}

fn less(counts: &mut HashMap<IpAddr, usize>, network: IpAddr) {
    match counts.get_mut(&network) {
        Some(count) if *count > 1 => *count -= 1,
        _ => {
            counts.remove(&network);
        }
    }
}

impl Counted {
    /// Counts the connection for this client, which the PROXY header named; `false` if the client has too many already.
    pub fn is_of(&mut self, client: ClientAddress) -> bool {
        let mut held = self.census.held.lock();
        if let Some(before) = self.client.take() {
            held.let_go(before);
        }
        let admitted = held.admit(client, self.census.bounds);
        if admitted {
            self.client = Some(client);
        }
        admitted
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut held = self.census.held.lock();
        held.whole = held.whole.saturating_sub(1);
        if let Some(client) = self.client {
            held.let_go(client);
        }
    }
}

/// Writes to the log and the metrics that a connection is refused.
pub fn refuse(remote: IpAddr) {
    metrics::counter!("sekisho_connections_refused_total").increment(1);
    tracing::debug!(remote_ip = %remote, "connection_refused");
}

/// Accepts until `shutdown`; hands each connection to `serve` on a tracked task, counted until that ends. Of peers that
/// `is_listed` knows the whole is the only bound here.
pub async fn accept<Serve, Served>(
    listener: TcpListener,
    census: Arc<Census>,
    is_listed: impl Fn(IpAddr) -> bool,
    tasks: TaskTracker,
    shutdown: CancellationToken,
    serve: Serve,
) where
    Serve: Fn(TcpStream, SocketAddr, Counted) -> Served,
    Served: Future<Output = ()> + Send + 'static,
{
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let client = (!is_listed(peer.ip())).then(|| ClientAddress::new(peer.ip()));
                let Some(counted) = census.admit(client) else {
                    refuse(peer.ip());
                    continue;
                };
                // Without it a small answer waits for the peer's delayed acknowledgement.
                let _best_effort = stream.set_nodelay(true);
                tasks.spawn(serve(stream, peer, counted));
            }
            Err(error) => {
                // Out of file descriptors, say: wait a little, the connections at hand will end.
                if strangers::may_write_of_anybody(Kind::AcceptFailed) {
                    tracing::warn!(%error, "accept failed");
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_named_with_what_to_do() {
        let first = bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let error = bind(first.local_addr().unwrap()).unwrap_err();
        assert!(matches!(error, BindError::InUse(_)));
        assert!(error.to_string().contains("choose another port"), "{error}");
    }

    fn of(text: &str) -> Option<ClientAddress> {
        Some(ClientAddress::new(text.parse().unwrap()))
    }

    #[test]
    fn one_peer_cannot_take_all_connections() {
        let census = Census::new(Bounds { connections: 3, per_peer: 2 });
        let greedy = of("192.0.2.1");
        let held: Vec<_> = (0..2).map(|_| census.admit(greedy).unwrap()).collect();
        assert!(census.admit(greedy).is_none());
        let other = census.admit(of("192.0.2.2")).unwrap();
        assert!(census.admit(of("192.0.2.3")).is_none(), "the whole is full");
        drop((held, other));
        assert!(census.admit(greedy).is_some());
    }

    #[test]
    fn an_ipv6_network_counts_as_one_and_a_48_has_a_quarter_of_all() {
        let census = Census::new(Bounds { connections: 16, per_peer: 2 });
        let _held: Vec<_> = ["2001:db8::1", "2001:db8::2"].map(|one| census.admit(of(one)).unwrap()).into();
        assert!(census.admit(of("2001:db8::3")).is_none(), "the same /64");
        let _more: Vec<_> = ["2001:db8:0:1::1", "2001:db8:0:2::1"].map(|one| census.admit(of(one)).unwrap()).into();
        assert!(census.admit(of("2001:db8:0:3::1")).is_none(), "the same /48");
        assert!(census.admit(of("2001:db8:1::1")).is_some());
    }

    #[test]
    fn who_a_listed_peer_tells_of_is_counted_and_the_peer_itself_by_the_whole() {
        let census = Census::new(Bounds { connections: 6, per_peer: 2 });
        let mut carried: Vec<_> = (0..4).map(|_| census.admit(None).unwrap()).collect();
        let mut counts = |place: usize, client: &str| carried[place].is_of(of(client).unwrap());
        assert!(counts(0, "192.0.2.1") && counts(1, "192.0.2.1") && !counts(2, "192.0.2.1"), "the third of one client");
        assert!(counts(3, "192.0.2.2"));
        assert!(census.admit(of("192.0.2.1")).is_none(), "it counts with those that come by themselves");
        carried.clear();
        let all: Vec<_> = (0..6).map(|_| census.admit(None).unwrap()).collect();
        assert!(census.admit(None).is_none());
        drop(all);
        assert_eq!(*census.held.lock(), Counts::default());
    }
}
