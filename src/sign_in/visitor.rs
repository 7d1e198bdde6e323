//! The client of a sign-in: facts of the request at hand.

use std::sync::Arc;

use crate::browser::ShownBrowser;
use crate::device::Device;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::session::Session;

/// The client of a sign-in, by the facts of its request.
#[derive(Clone, Copy)]
pub struct Visitor<'a> {
    /// Where from.
    pub address: ClientAddress,
    /// The certificate of the portal's connection, if one was shown.
    pub certificate: Option<&'a Arc<PresentedCertificate>>,
    /// What the connection's own TLS binds a Kerberos ticket to.
    pub channel_binding: Option<&'a Arc<[u8]>>,
    /// The value of `__Host-sekisho-signin`.
    pub sign_in_cookie: &'a str,
    /// The value of `__Host-sekisho-browser`.
    pub browser_cookie: Option<&'a str>,
    /// The key of this browser for the portal, if it shows one.
    pub device: Option<&'a Arc<Device>>,
    /// The portal's session, if there is one.
    pub session: Option<&'a Arc<Session>>,
    /// The browser, in a few words.
    pub agent: &'a str,
    /// The request's id.
    pub request_id: &'a str,
}

debug_by_name!(Visitor<'_>);

impl<'a> Visitor<'a> {
    /// What the browser shows of itself.
    pub const fn browser(&self) -> ShownBrowser<'a> {
        ShownBrowser { cookie: self.browser_cookie, device: self.device }
    }
}
