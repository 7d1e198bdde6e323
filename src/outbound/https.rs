//! One HTTP request on a connection of its own: by TLS to a push service, an app or a portal, or over a socket that is open.

use std::net::SocketAddr;
use std::sync::Arc;

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

/// The longest answer that is read.
const LONGEST: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unanswered(String);

impl Unanswered {
    fn of(error: &dyn std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Sends a request to `host` at this address and reads the answer. The caller sets the time limit.
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
    let stream = connect(address).await.map_err(|error| Unanswered::of(&error))?;
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Unanswered::of(&error))?;
    let stream = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await.map_err(|error| Unanswered::of(&error))?;
    whole_over(stream, request, longest).await
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
    let stream = connect(address).await.map_err(|error| Unanswered::of(&error))?;
    whole_over(stream, request, longest).await
}

/// Sends a request over a connection of its own and reads an answer of at most `longest` bytes.
///
/// # Errors
/// [`Unanswered`]: no answer, or a longer one.
pub async fn exchange_over<IO: AsyncRead + AsyncWrite + Unpin>(
    io: IO,
    request: Request<Full<Bytes>>,
    longest: usize,
) -> Result<(StatusCode, Bytes), Unanswered> {
    let answer = whole_over(io, request, longest).await?;
    Ok((answer.status(), answer.into_body()))
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
async fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    TcpStream::connect(address).await
}
