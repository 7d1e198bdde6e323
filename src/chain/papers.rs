//! All that a judgement may look at: parsed facts and what was gathered before. Immutable, borrowed, complete.

use super::evidence::Gathered;
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{CertificateStanding, Fingerprint};
use crate::principal::networks::AddressLists;

/// The papers of one request.
#[derive(Clone, Copy, Debug)]
pub struct Papers<'a> {
    /// Where it comes from, after the trusted-proxy rules.
    pub address: ClientAddress,
    /// The lists of networks that administrators keep for apps and groups.
    pub lists: &'a AddressLists,
    /// The certificate shown on this connection, and how it stands: shown is not trusted.
    pub certificate: Option<(&'a PresentedCertificate, &'a CertificateStanding)>,
    /// The account of the user whose that certificate is; `None` where no user holds it, or the user is gone.
    pub holder: Option<&'a crate::principal::user::UserStanding>,
    /// The certificate that the session is bound to; `None` while it is bound to none, and while there is no session: then any
    /// will do.
    pub bound_certificate: Option<Fingerprint>,
    /// The user of the evidence, or the user named on the sign-in page.
    pub user: Option<&'a crate::principal::user::UserStanding>,
    /// What was proved before.
    pub evidence: &'a Gathered,
    /// Whether the browser's registration, by which check 5 was proved, is bound to a key of the browser.
    pub bound_browser: bool,
    /// The moment it is judged at.
    pub now: Timestamp,
}
