//! What the connection knows of a request, handed on with it: the gateway writes it, the portal reads it as a request
//! extension.

use std::sync::Arc;

use super::client_address::ClientAddress;
use super::presented_certificate::PresentedCertificate;

/// How a request arrived.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Where it comes from, after the trusted-proxy rules.
    pub address: ClientAddress,
    /// The certificate shown on its connection.
    pub certificate: Option<Arc<PresentedCertificate>>,
    /// The value of tls-server-end-point (RFC 5929 §4.1) of the client's own TLS connection; `None` where that did not end here.
    pub channel_binding: Option<Arc<[u8]>>,
    /// Its id: our own, or a trusted peer's. At most 64 characters of `A-Za-z0-9-_.`.
    pub request_id: Arc<str>,
}
