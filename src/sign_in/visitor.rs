//! The client of a sign-in: facts of the request at hand.

use std::sync::Arc;

use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::session::Session;

/// The client of a sign-in, by the facts of its request.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// Where from.
    pub address: ClientAddress,
    /// The certificate of the portal's connection, if one was shown.
    pub certificate: Option<&'a Arc<PresentedCertificate>>,
    /// The value of `__Host-sekisho-signin`.
    pub sign_in_cookie: &'a str,
    /// The value of `__Host-sekisho-browser`.
    pub browser_cookie: Option<&'a str>,
    /// The portal's session, if there is one.
    pub session: Option<&'a Arc<Session>>,
    /// The browser, in a few words.
    pub agent: &'a str,
    /// The request's id.
    pub request_id: &'a str,
}
