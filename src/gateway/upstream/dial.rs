//! Opening a connection to an address: name, TCP, TLS, and the handshake of the HTTP version that was agreed on.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::Upstreams;
use super::address::{Address, UpstreamScheme};
use super::http1::{RecordSocket, UpstreamConnection, UpstreamStream};
use super::multiplexed::NewConnection;
use super::pool;
use super::tls::UpstreamConnectors;
use crate::gateway::body::Body;

impl Upstreams {
    /// A connection that requests may share where it is HTTP/2; waits for one that another request opens.
    pub(super) async fn connected(&self, address: &Address<Body>, http1_only: bool) -> Result<NewConnection<Body>, String> {
        let may_be_h2 = match address.scheme {
            UpstreamScheme::Http => false,
            UpstreamScheme::Https => !http1_only,
            UpstreamScheme::H2c => true,
        };
        let dial = async { self.connect(address, http1_only).await.map_err(|error| error.to_string()) };
        if may_be_h2 {
            self.in_time(Box::pin(address.multiplexed.connect(dial))).await
        } else {
            self.in_time(Box::pin(dial)).await
        }
    }

    /// A connection for one request alone.
    pub(super) async fn connected_alone(&self, address: &Address<Body>) -> Result<NewConnection<Body>, String> {
        let dial = async { self.connect(address, true).await.map_err(|error| error.to_string()) };
        self.in_time(Box::pin(dial)).await
    }

    async fn in_time(
        &self,
        connecting: impl Future<Output = Result<NewConnection<Body>, String>>,
    ) -> Result<NewConnection<Body>, String> {
        match tokio::time::timeout(self.connect_within, connecting).await {
            Ok(connected) => connected,
            Err(_elapsed) => Err(format!("no connection within {:?}", self.connect_within)),
        }
    }

    async fn connect(&self, address: &Address<Body>, switches: bool) -> io::Result<NewConnection<Body>> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, format!("{} has no address", address.host));
        for found in tokio::net::lookup_host((&*address.host, address.port)).await? {
            match self.connect_to(address, found, switches).await {
                Ok(fresh) => return Ok(fresh),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that connects to upstreams, which the ban points to")]
    async fn connect_to(&self, address: &Address<Body>, found: SocketAddr, switches: bool) -> io::Result<NewConnection<Body>> {
        let stream = TcpStream::connect(found).await?;
        stream.set_nodelay(true)?;
        match (address.scheme, &self.tls) {
            (UpstreamScheme::Http, _) => Ok(h1(UpstreamStream::Plain(stream))),
            (UpstreamScheme::H2c, _) => self.h2(stream).await,
            (UpstreamScheme::Https, Some(UpstreamConnectors { any, http1, name })) => {
                let connector = if switches { http1 } else { any };
                let name = match name {
                    Some(name) => name.clone(),
                    None => ServerName::try_from(address.host.to_string())
                        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?,
                };
                let stream = connector.connect(name, RecordSocket::new(stream)).await?;
                if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                    return self.h2(stream).await;
                }
                Ok(h1(UpstreamStream::Secured(Box::new(stream))))
            }
            (UpstreamScheme::Https, None) => {
                Err(io::Error::new(io::ErrorKind::InvalidInput, "TLS towards this upstream is not set up"))
            }
        }
    }

    async fn h2<IO: AsyncRead + AsyncWrite + Unpin + Send + 'static>(&self, io: IO) -> io::Result<NewConnection<Body>> {
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .initial_stream_window_size(256 * 1024)
            .initial_connection_window_size(4 * 1024 * 1024)
            .keep_alive_interval(Duration::from_secs(30))
            .handshake(TokioIo::new(io))
            .await
            .map_err(io::Error::other)?;
        self.tasks.spawn(async move {
            let _ended = connection.await;
        });
        Ok(NewConnection::H2(sender))
    }
}

fn h1(stream: UpstreamStream) -> NewConnection<Body> {
    NewConnection::H1(UpstreamConnection::new(stream, pool::worker()))
}
