//! One user's use of one certificate, as the directory keeps it.

use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;

/// One user's use of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Who was signed in; `None`: nobody.
    pub user: Option<UserId>,
    /// Its subject, as text.
    pub subject: String,
    /// Its issuer, as text.
    pub issuer: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// Its own end.
    pub not_after: Timestamp,
    /// Where it was presented from the last time.
    pub address: ClientAddress,
    /// The first time.
    pub first_seen: Timestamp,
    /// The last time, to a few minutes.
    pub last_seen: Timestamp,
}
