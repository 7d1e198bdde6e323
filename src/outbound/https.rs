//! One HTTP request on a connection of its own: by TLS to a push service, an app or a portal, or over a socket that is open.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The longest answer that is read.
const LONGEST: usize = 1 << 20;
/// How long a connection may take, and how long a TLS handshake on it: an address where nobody answers must not use up the time of the
/// whole request.
const CONNECTED: Duration = Duration::from_secs(6);
/// How many addresses of one host are tried.
const ADDRESSES: usize = 4;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct Unanswered {
    words: String,
    is_of_connecting: bool,
}

impl Unanswered {
    fn of(error: &dyn std::fmt::Display) -> Self {
        Self { words: error.to_string(), is_of_connecting: false }
    }

    /// Whether no connection came about: then nothing is known of who would have answered.
    pub const fn is_of_connecting(&self) -> bool {
        self.is_of_connecting
    }
}

/// Sends a request to `host` at this address and reads the answer. The caller sets the time limit of the whole.
///
/// # Errors
/// [`Unanswered`]: no connection, no trust, no answer.
pub async fn exchange(
    tls: &Arc<ClientConfig>,
    address: SocketAddr,
    host: &str,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, Bytes), Unanswered> {
    let answer = exchange_whole(tls, address, host, request).await?;
    Ok((answer.status(), answer.into_body()))
}

/// As [`exchange`], with the header fields of the answer.
///
/// # Errors
/// As [`exchange`].
pub async fn exchange_whole(
    tls: &Arc<ClientConfig>,
    address: SocketAddr,
    host: &str,
    request: Request<Full<Bytes>>,
) -> Result<Response<Bytes>, Unanswered> {
    exchange_up_to(tls, address, host, request, LONGEST).await
}

/// As [`exchange_whole`], for an answer of at most `longest` bytes.
///
/// # Errors
/// As [`exchange`], and where the answer is longer.
pub async fn exchange_up_to(
    tls: &Arc<ClientConfig>,
    address: SocketAddr,
    host: &str,
    request: Request<Full<Bytes>>,
    longest: usize,
) -> Result<Response<Bytes>, Unanswered> {
    whole_over(connect_by_tls(tls, address, host).await?, request, longest).await
}

/// Sends a request to `host` at the first of these addresses where a connection comes about, and reads the answer. It is sent once: no
/// failure after that leads to another address, since the first one may have done what was asked. `within` is for the answer alone.
///
/// # Errors
/// As [`exchange`], with the reason of the last address that was tried; and no answer in time.
pub async fn exchange_once(
    tls: &Arc<ClientConfig>,
    addresses: &[SocketAddr],
    host: &str,
    request: Request<Full<Bytes>>,
    within: Duration,
) -> Result<Response<Bytes>, Unanswered> {
    let mut last = Unanswered::of(&"the host has no address");
    for address in addresses.iter().take(ADDRESSES) {
        match connect_by_tls(tls, *address, host).await {
            Ok(stream) => {
                let answered = tokio::time::timeout(within, whole_over(stream, request, LONGEST)).await;
                return answered.unwrap_or_else(|_| Err(Unanswered::of(&format!("no answer within {} s", within.as_secs()))));
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A connection by TLS to `host` at this address, within some seconds.
///
/// # Errors
/// [`Unanswered`]: no connection, no trust.
pub async fn connect_by_tls(
    tls: &Arc<ClientConfig>,
    address: SocketAddr,
    host: &str,
) -> Result<TlsStream<TcpStream>, Unanswered> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Unanswered::of(&error))?;
    let stream = open(address).await?;
    let handshake = TlsConnector::from(Arc::clone(tls)).connect(name, stream);
    match tokio::time::timeout(CONNECTED, handshake).await {
        Ok(connected) => connected.map_err(|error| Unanswered::of(&error)),
        Err(_elapsed) => Err(Unanswered::of(&format!("no TLS with {address} within {} s", CONNECTED.as_secs()))),
    }
}

/// Sends a request without TLS and reads an answer of at most `longest` bytes.
///
/// # Errors
/// As [`exchange_over`].
pub async fn exchange_plain(
    address: SocketAddr,
    request: Request<Full<Bytes>>,
    longest: usize,
) -> Result<Response<Bytes>, Unanswered> {
    whole_over(open(address).await?, request, longest).await
}

/// Sends a request over a connection of its own and reads an answer of at most `longest` bytes.
///
/// # Errors
/// [`Unanswered`]: no answer, or a longer one.
pub async fn exchange_over<IO: AsyncRead + AsyncWrite + Unpin>(
    io: IO,
    request: Request<Full<Bytes>>,
    longest: usize,
) -> Result<Response<Bytes>, Unanswered> {
    whole_over(io, request, longest).await
}

async fn whole_over<IO: AsyncRead + AsyncWrite + Unpin>(
    io: IO,
    request: Request<Full<Bytes>>,
    longest: usize,
) -> Result<Response<Bytes>, Unanswered> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(io)).await.map_err(|error| Unanswered::of(&error))?;
    let answered = async {
        let response = sender.send_request(request).await.map_err(|error| Unanswered::of(&error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, longest).collect().await.map_err(|error| Unanswered::of(&error))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    tokio::pin!(answered, connection);
    tokio::select! {
        biased;
        answer = &mut answered => answer,
        ended = &mut connection => match ended {
            // The whole answer was read by then, or never will be.
            Ok(()) => answered.await,
            Err(error) => Err(Unanswered::of(&error)),
        },
    }
}

#[expect(clippy::disallowed_methods, reason = "not a connection to an upstream: the caller has judged the address")]
async fn open(address: SocketAddr) -> Result<TcpStream, Unanswered> {
    let failed = |words: String| Unanswered { words, is_of_connecting: true };
    match tokio::time::timeout(CONNECTED, TcpStream::connect(address)).await {
        Ok(connected) => connected.map_err(|error| failed(error.to_string())),
        Err(_elapsed) => Err(failed(format!("no connection to {address} within {} s", CONNECTED.as_secs()))),
    }
}

#[cfg(test)]
mod tests;
