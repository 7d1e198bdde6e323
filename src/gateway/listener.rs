//! Listening sockets: bound before anything runs, so that a port in use is told at once; then accepted from with bounds
//! on how many connections there are, in all and for each peer.
//! Invariant: every connection is a tracked task, so that a shutdown can wait for it.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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
    let told = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse(address),
        io::ErrorKind::PermissionDenied => BindError::NotPermitted(address),
        io::ErrorKind::AddrNotAvailable => BindError::NotOurs(address),
        _ => BindError::Failed(address, error),
    };
    let socket = Socket::new(Domain::for_address(address), Type::STREAM.nonblocking(), Some(Protocol::TCP)).map_err(told)?;
    socket.set_reuse_address(true).map_err(told)?;
    if address.is_ipv6() {
        // `[::]` listens for IPv4 too; the client's address is normalised where it is read.
        socket.set_only_v6(false).map_err(told)?;
    }
    socket.bind(&address.into()).map_err(told)?;
    socket.listen(4096).map_err(told)?;
    TcpListener::from_std(socket.into()).map_err(told)
}

/// Sockets that systemd handed over, each with its file-descriptor name if it has one; `names` are those that the
/// environment tells. Asked a second time it finds none: what is taken is taken from the environment too.
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
    /// From one peer address.
    pub per_peer: usize,
}

/// Counts connections, in all and for each peer, for all who accept from one queue.
#[derive(Debug)]
pub struct Census {
    bounds: Bounds,
    held: Mutex<(usize, HashMap<IpAddr, usize>)>,
}

/// One counted connection; dropped, it is counted no more.
#[derive(Debug)]
struct Counted {
    census: Arc<Census>,
    peer: IpAddr,
}

impl Census {
    /// Nobody is here yet.
    pub fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self { bounds, held: Mutex::default() })
    }

    fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Counted> {
        let bounds = self.bounds;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let of_peer = held.1.get(&peer).copied().unwrap_or(0);
        if held.0 >= bounds.connections || of_peer >= bounds.per_peer {
            return None;
        }
        held.0 += 1;
        held.1.insert(peer, of_peer + 1);
        Some(Counted { census: Arc::clone(self), peer })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut held = self.census.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.0 = held.0.saturating_sub(1);
        match held.1.get_mut(&self.peer) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                held.1.remove(&self.peer);
            }
        }
    }
}

/// Accepts until `shutdown`; hands each connection to `serve` on a tracked task.
pub async fn accept<Serve, Served>(
    listener: TcpListener,
    census: Arc<Census>,
    tasks: TaskTracker,
    shutdown: CancellationToken,
    serve: Serve,
) where
    Serve: Fn(TcpStream, SocketAddr) -> Served,
    Served: Future<Output = ()> + Send + 'static,
{
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(counted) = census.admit(peer.ip().to_canonical()) else {
                    metrics::counter!("sekisho_connections_refused_total").increment(1);
                    continue;
                };
                // Without it a small answer waits for the peer's delayed acknowledgement.
                let _best_effort = stream.set_nodelay(true);
                let served = serve(stream, peer);
                tasks.spawn(async move {
                    served.await;
                    drop(counted);
                });
            }
            Err(error) => {
                // Out of file descriptors, say: wait a little, the connections at hand will end.
                tracing::warn!(%error, "accept failed");
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

    #[test]
    fn one_peer_cannot_take_all_connections() {
        let census = Census::new(Bounds { connections: 3, per_peer: 2 });
        let greedy = IpAddr::from([192, 0, 2, 1]);
        let held: Vec<_> = (0..2).map(|_| census.admit(greedy).unwrap()).collect();
        assert!(census.admit(greedy).is_none());
        let other = census.admit(IpAddr::from([192, 0, 2, 2])).unwrap();
        assert!(census.admit(IpAddr::from([192, 0, 2, 3])).is_none(), "the whole is full");
        drop((held, other));
        assert!(census.admit(greedy).is_some());
    }
}
