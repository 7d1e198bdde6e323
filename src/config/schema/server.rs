//! `[server]`: addresses, and whose word about a client is believed.

use std::net::SocketAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::{CidrBlock, Socket, TimeSpan};

/// Where the gateway listens, and whom it believes.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Server", deny_unknown_fields, default)]
pub struct ServerSection {
    /// TLS listeners. With socket activation (`LISTEN_FDS`) the sockets handed over under the name `https`, or under none,
    /// are used instead.
    #[schemars(with = "Vec<Socket>")]
    pub listen: Vec<SocketAddr>,
    /// Plain-HTTP listeners that answer every request with a redirect to HTTPS; none by default. Sockets handed over under
    /// the name `http` are used instead.
    #[schemars(with = "Vec<Socket>")]
    pub redirect_listen: Vec<SocketAddr>,
    /// The folder of another ACME client, as `certbot --webroot -w FOLDER` writes to it: its files below
    /// `.well-known/acme-challenge` are answered on every host, by plain HTTP and by HTTPS, so that its certificates can be
    /// proved by `http-01`. Nothing else of the folder is read; none by default. Certificates that the gateway asks for itself
    /// (`[acme.NAME]`) need no folder.
    pub acme_webroot: Option<PathBuf>,
    /// The operations listener: `/healthz`, `/readyz`, `/metrics`. Keep it off public networks.
    #[schemars(with = "Option<Socket>")]
    pub operations_listen: Option<SocketAddr>,
    /// Peers whose word about the client (the field below), `X-Request-Id`, PROXY protocol header and questions by
    /// forward-auth are believed; nobody by default.
    pub trusted_proxies: Vec<CidrBlock>,
    /// The one field by which those peers say where a request came from: `"x-forwarded-for"` or `"forwarded"` (RFC 7239).
    /// The other is never read: a proxy hands it on as its client sent it.
    pub client_address_from: ClientAddressFrom,
    /// Whether trusted peers begin their connections with a PROXY protocol header (v1 or v2).
    pub proxy_protocol: ProxyProtocol,
    /// How long a shutdown waits for requests to end.
    pub drain: TimeSpan,
    /// Worker threads; the number of processors by default.
    pub workers: Option<usize>,
    /// Seconds of `Strict-Transport-Security`; 0 sends none.
    pub hsts_seconds: u64,
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from(([0, 0, 0, 0], 443))],
            redirect_listen: Vec::new(),
            acme_webroot: None,
            operations_listen: Some(SocketAddr::from(([127, 0, 0, 1], 9443))),
            trusted_proxies: Vec::new(),
            client_address_from: ClientAddressFrom::default(),
            proxy_protocol: ProxyProtocol::Off,
            drain: TimeSpan::seconds(30),
            workers: None,
            hsts_seconds: 31_536_000,
        }
    }
}

/// The field by which trusted peers say where a request came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum ClientAddressFrom {
    /// `X-Forwarded-For`.
    #[default]
    #[serde(rename = "x-forwarded-for")]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    #[serde(rename = "forwarded")]
    Forwarded,
}

/// Whether a PROXY protocol header is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProxyProtocol {
    /// Never read one.
    Off,
    /// Trusted peers may send one.
    Optional,
    /// Trusted peers must send one; connections of others are closed.
    Required,
}
