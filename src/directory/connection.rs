//! One connection to a server: TLS before anything is said, and each step within its time. When the connection is dropped
//! its socket is shut, whatever else still holds it.
//! Invariant: before TLS nothing is sent but the request for it (StartTLS).

use std::net::{Shutdown, SocketAddr, TcpStream as StdTcpStream};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, StdStream};
use rustls::ClientConfig;
use tokio::net::TcpStream;
use url::Url;

use super::error::DirectoryError;

/// A connection over TLS that nothing was said on.
pub(super) struct DirectoryConnection {
    driver: LdapConnAsync,
    ldap: Ldap,
    socket: LdapSocket,
}

/// Shuts the socket when it is dropped: a task of the library may hold it still.
pub(super) struct LdapSocket(StdTcpStream);

impl Drop for LdapSocket {
    fn drop(&mut self) {
        // It may be shut already.
        let _shut = self.0.shutdown(Shutdown::Both);
    }
}

/// Connects, and verifies the certificate of the host: to its addresses, or where none is given to those that the machine finds.
pub(super) async fn connect(
    url: &Url,
    place: (&str, u16, &[SocketAddr]),
    tls: &Arc<ClientConfig>,
    within: Duration,
) -> Result<DirectoryConnection, String> {
    let connected = tokio::time::timeout(within, async {
        let stream = tcp(place).await.and_then(TcpStream::into_std).map_err(|error| error.to_string())?;
        let socket = LdapSocket(stream.try_clone().map_err(|error| error.to_string())?);
        // `ldap://` never stays plain: with this set the library asks for StartTLS first and goes no further without.
        let settings = LdapConnSettings::new()
            .set_config(Arc::clone(tls))
            .set_starttls(url.scheme() == "ldap")
            .set_std_stream(StdStream::Tcp(stream));
        let (driver, ldap) = LdapConnAsync::from_url_with_settings(settings, url).await.map_err(|error| error.to_string())?;
        Ok(DirectoryConnection { driver, ldap, socket })
    });
    connected.await.unwrap_or_else(|_elapsed| Err(format!("no connection within {within:?}")))
}

#[expect(clippy::disallowed_methods, reason = "not a connection to an app: the config names where a directory is")]
async fn tcp((host, port, addresses): (&str, u16, &[SocketAddr])) -> std::io::Result<TcpStream> {
    let stream = match addresses.is_empty() {
        true => TcpStream::connect((host.trim_start_matches('[').trim_end_matches(']'), port)).await?,
        false => TcpStream::connect(addresses).await?,
    };
    // Small messages in turn: with Nagle's algorithm one of them waits for the server's delayed acknowledgement, 40 ms.
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl DirectoryConnection {
    /// Holds a conversation. Where the connection breaks, the reason is that of the connection and not "channel closed".
    pub(super) async fn hold<T, F>(self, conversation: impl FnOnce(Ldap) -> F) -> Result<T, DirectoryError>
    where
        F: Future<Output = Result<T, DirectoryError>>,
    {
        let Self { driver, ldap, socket } = self;
        let both = async move {
            let said = conversation(ldap);
            let driven = driver.drive();
            tokio::pin!(said, driven);
            let ended = tokio::select! {
                biased;
                said = &mut said => return said,
                ended = &mut driven => ended,
            };
            // Whatever was still to come is answered with an error now.
            match (said.await, ended) {
                (Err(DirectoryError::Unreachable(_)), Err(why)) => Err(DirectoryError::Unreachable(why.to_string())),
                (Err(DirectoryError::Unreachable(_)), Ok(())) => {
                    Err(DirectoryError::Unreachable("it closed the connection before it answered".to_owned()))
                }
                (said, _) => said,
            }
        };
        // The library takes a message that it cannot read for a bug of its own.
        let said = AssertUnwindSafe(both).catch_unwind().await;
        drop(socket);
        said.unwrap_or_else(|_panic| Err(DirectoryError::Unreachable("it sent what is no answer of LDAP".to_owned())))
    }

    /// The parts, for a connection that is kept: what drives it, what asks on it, and what shuts it.
    pub(super) fn into_parts(self) -> (LdapConnAsync, Ldap, LdapSocket) {
        (self.driver, self.ldap, self.socket)
    }
}

/// The answer of one operation, within its time.
pub(super) async fn answered<T>(
    within: Duration,
    asked: impl Future<Output = ldap3::result::Result<T>>,
) -> Result<T, DirectoryError> {
    match tokio::time::timeout(within, asked).await {
        Ok(answer) => answer.map_err(lost),
        Err(_elapsed) => Err(DirectoryError::Unreachable(format!("no answer within {within:?}"))),
    }
}

fn lost(error: LdapError) -> DirectoryError {
    match error {
        LdapError::FilterParsing => DirectoryError::Misconfigured("a filter cannot be read".to_owned()),
        error => DirectoryError::Unreachable(error.to_string()),
    }
}
