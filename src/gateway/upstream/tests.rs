//! Requests to upstreams over real sockets: how many connections they open.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{HeaderValue, Method, Response};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::TaskTracker;

use super::http1::{UpstreamConnection, UpstreamStream};
use super::pool::Pool;
use super::request_head::FieldSink;
use super::*;
use crate::clock::{ManualClock, SharedClock};
use crate::gateway::testing::{NOW, config};

/// An HTTP/2 server without TLS that counts its connections.
struct Server {
    address: String,
    connections: Arc<AtomicUsize>,
    tasks: TaskTracker,
}

impl Server {
    async fn start(slow: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (connections, tasks) = (Arc::new(AtomicUsize::new(0)), TaskTracker::new());
        let (count, spawner) = (Arc::clone(&connections), tasks.clone());
        tasks.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                spawner.spawn(async move {
                    tokio::time::sleep(slow).await;
                    let answer = service_fn(|_request| async { Ok::<_, Infallible>(Response::new(Body::full("ok"))) });
                    let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                    let _ended = builder.serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        Self { address, connections, tasks }
    }

    fn upstreams(&self) -> Arc<Upstreams> {
        upstreams(&format!("h2c://{}", self.address), self.tasks.clone())
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn upstreams(address: &str, tasks: TaskTracker) -> Arc<Upstreams> {
    let folder = tempfile::tempdir().unwrap();
    let mut app = config(folder.path(), "").file.app.remove(0);
    app.upstream = vec![address.to_owned()];
    let clock: SharedClock = Arc::new(ManualClock::at(NOW));
    Arc::new(Upstreams::load(&app, 0, Duration::from_secs(5), clock, tasks).unwrap())
}

/// The head of a plain request.
struct Get;

impl RequestHead for Get {
    fn method(&self) -> &Method {
        &Method::GET
    }

    fn target(&self) -> &'static str {
        "/"
    }

    fn says_empty(&self) -> bool {
        false
    }

    fn switches(&self) -> bool {
        false
    }

    fn signs_in(&self) -> bool {
        false
    }

    fn fields(&self, _host: &HeaderValue, sink: &mut impl FieldSink) {
        sink.field(&http::header::HOST, &HeaderValue::from_static("wiki.example.com"));
    }
}

async fn get(upstreams: &Upstreams) -> Result<u16, UpstreamError> {
    let request = OutgoingRequest { head: &Get, body: Body::empty(), once: false };
    let owner = ConnectionOwner { pinned: None, session: None };
    match upstreams.send(request, Duration::from_secs(5), owner).await? {
        UpstreamAnswer::Response(response) => Ok(response.status().as_u16()),
        UpstreamAnswer::Switched(..) => panic!("nobody asked for that"),
    }
}

/// The answers to fifty requests that are sent at once.
async fn fifty(upstreams: &Arc<Upstreams>) -> Vec<Result<u16, UpstreamError>> {
    futures_util::future::join_all((0..50).map(|_| get(upstreams))).await
}

#[tokio::test]
async fn fifty_first_requests_share_one_http2_connection() {
    let server = Server::start(Duration::from_millis(50)).await;
    let upstreams = server.upstreams();
    for answer in fifty(&upstreams).await {
        assert_eq!(answer.unwrap(), 200);
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(get(&upstreams).await.unwrap(), 200);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_request_that_leaves_while_it_connects_lets_another_connect() {
    let server = Server::start(Duration::from_millis(50)).await;
    let upstreams = server.upstreams();
    let mut first = Box::pin(get(&upstreams));
    assert!(futures_util::poll!(&mut first).is_pending());
    let mut second = Box::pin(get(&upstreams));
    assert!(futures_util::poll!(&mut second).is_pending());
    drop(first);
    assert_eq!(second.await.unwrap(), 200);
}

#[tokio::test]
async fn requests_that_wait_for_a_connection_share_its_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("h2c://{}", listener.local_addr().unwrap());
    drop(listener);
    for answer in fifty(&upstreams(&address, TaskTracker::new())).await {
        assert!(matches!(answer, Err(UpstreamError::Unreachable { .. })));
    }
}

#[tokio::test]
async fn a_shared_connection_that_ended_is_opened_again() {
    let multiplexed = multiplexed::Multiplexed::<Body>::new();
    assert!(multiplexed.get().is_none());
    let failed = multiplexed.connect(async { Err("refused".to_owned()) }).await;
    assert!(failed.is_err_and(|error| error == "refused"));
    let server = Server::start(Duration::ZERO).await;
    let upstreams = server.upstreams();
    assert_eq!(get(&upstreams).await.unwrap(), 200);
    let address = &upstreams.addresses[0];
    let opened_by = address.multiplexed.get().unwrap().opened_by;
    address.multiplexed.forget(opened_by + 1);
    assert!(address.multiplexed.get().is_some());
    address.multiplexed.forget(opened_by);
    assert!(address.multiplexed.get().is_none());
    assert_eq!(get(&upstreams).await.unwrap(), 200);
    assert_eq!(server.connections(), 2);
}

/// Connections to nobody in particular, and their other ends.
async fn idle(count: usize) -> (Vec<UpstreamConnection>, Vec<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for home in 0..count {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        let (own, other) = tokio::join!(socket.connect(listener.local_addr().unwrap()), listener.accept());
        ours.push(UpstreamConnection::new(UpstreamStream::Plain(own.unwrap()), home));
        theirs.push(other.unwrap().0);
    }
    (ours, theirs)
}

#[tokio::test]
async fn as_many_idle_connections_are_kept_as_were_in_use_and_none_for_long() {
    let pool = Pool::new();
    let (connections, mut peers) = idle(300).await;
    for (at, connection) in (0u64..).zip(connections) {
        pool.put(connection, at);
    }
    let all: Vec<_> = std::iter::from_fn(|| pool.take(300)).collect();
    assert_eq!(all.len(), 300);
    // The older half was used last a minute ago, one of the others is closed by its upstream.
    for (at, connection) in all.into_iter().enumerate() {
        pool.put(connection, if at < 150 { 0 } else { 40_000 });
    }
    let peer = peers.pop().unwrap();
    drop(peer);
    tokio::time::sleep(Duration::from_millis(20)).await;
    pool.tidy(60_000);
    let kept = std::iter::from_fn(|| pool.take(60_000)).count();
    assert!(kept == 150 || kept == 149, "{kept}");
    let (connections, _peers) = idle(2).await;
    for connection in connections {
        pool.put(connection, 0);
    }
    assert!(pool.take(50_001).is_none());
}

#[tokio::test]
async fn of_many_workers_one_has_a_connection_wherever_it_was_opened_or_given_back_t18() {
    let pool = Arc::new(Pool::new());
    let (connections, _peers) = idle(6).await;
    connections.into_iter().for_each(|connection| pool.put(connection, 0));
    let used = Arc::new(parking_lot::Mutex::new(std::collections::HashSet::new()));
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let (pool, used) = (Arc::clone(&pool), Arc::clone(&used));
            std::thread::spawn(move || {
                for _ in 0..2_000 {
                    let Some(connection) = pool.take(0) else { continue };
                    let UpstreamStream::Plain(stream) = &connection.stream else { panic!("it is plain") };
                    let port = stream.local_addr().unwrap().port();
                    assert!(used.lock().insert(port), "two have it");
                    std::thread::yield_now();
                    used.lock().remove(&port);
                    pool.put(connection, 0);
                }
            })
        })
        .collect();
    tokio::task::spawn_blocking(|| workers.into_iter().for_each(|worker| worker.join().unwrap())).await.unwrap();
    assert_eq!(std::iter::from_fn(|| pool.take(0)).count(), 6);
}
