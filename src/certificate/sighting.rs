//! One user's use of one certificate, as the directory keeps it.

use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;

/// Which sightings are looked for.
#[derive(Clone, Debug, Default)]
pub struct SightingQuery {
    /// Of this user.
    pub user: Option<UserId>,
    /// Of this certificate.
    pub fingerprint: Option<Fingerprint>,
    /// Behind this place: the moment, the certificate and the user of another (empty: nobody's).
    pub after: Option<(Timestamp, Fingerprint, String)>,
    /// So many at most.
    pub limit: usize,
}

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
