//! Opening a connection to an address: name, TCP, TLS, and the handshake of the HTTP version that was agreed on.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::Upstreams;
use super::address::{Address, Scheme};
use super::tls::Tls;
use crate::gateway::body::Body;

/// A connection that nothing was sent over.
pub(super) enum Fresh {
    H1(http1::SendRequest<Body>),
    H2(http2::SendRequest<Body>),
}

impl Upstreams {
    pub(super) async fn connected(&self, address: &Address, http1_only: bool) -> Result<Fresh, String> {
        match tokio::time::timeout(self.connect_within, Box::pin(self.connect(address, http1_only))).await {
            Ok(connected) => connected.map_err(|error| error.to_string()),
            Err(_elapsed) => Err(format!("no connection within {:?}", self.connect_within)),
        }
    }

    async fn connect(&self, address: &Address, switches: bool) -> io::Result<Fresh> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, format!("{} has no address", address.host));
        for found in tokio::net::lookup_host((&*address.host, address.port)).await? {
            match self.connect_to(address, found, switches).await {
                Ok(fresh) => return Ok(fresh),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the door to upstreams, which the ban points to")]
    async fn connect_to(&self, address: &Address, found: SocketAddr, switches: bool) -> io::Result<Fresh> {
        let stream = TcpStream::connect(found).await?;
        stream.set_nodelay(true)?;
        match (address.scheme, &self.tls) {
            (Scheme::Http, _) => self.h1(stream).await,
            (Scheme::H2c, _) => self.h2(stream).await,
            (Scheme::Https, Some(Tls { any, http1, name })) => {
                let connector = if switches { http1 } else { any };
                let name = match name {
                    Some(name) => name.clone(),
                    None => ServerName::try_from(address.host.to_string())
                        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?,
                };
                let stream = connector.connect(name, stream).await?;
                if stream.get_ref().1.alpn_protocol() == Some(b"h2") { self.h2(stream).await } else { self.h1(stream).await }
            }
            (Scheme::Https, None) => Err(io::Error::new(io::ErrorKind::InvalidInput, "TLS towards this upstream is not set up")),
        }
    }

    async fn h1<IO: AsyncRead + AsyncWrite + Unpin + Send + 'static>(&self, io: IO) -> io::Result<Fresh> {
        let (sender, connection) =
            http1::Builder::new().max_buf_size(256 * 1024).handshake(TokioIo::new(io)).await.map_err(io::Error::other)?;
        self.tasks.spawn(async move {
            let _ended = connection.with_upgrades().await;
        });
        Ok(Fresh::H1(sender))
    }

    async fn h2<IO: AsyncRead + AsyncWrite + Unpin + Send + 'static>(&self, io: IO) -> io::Result<Fresh> {
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
        Ok(Fresh::H2(sender))
    }
}
