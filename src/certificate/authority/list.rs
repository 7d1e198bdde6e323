//! Revocation lists (RFC 5280 §5): full, without a distribution point of their own, so that they speak of every certificate of
//! their key. A list counts for two weeks and is followed every day, so that a gateway may stand still for a while.

use std::time::Duration;

use rcgen::{CertificateRevocationListParams, Issuer, KeyIdMethod, KeyPair, RevokedCertParams, SerialNumber};

use super::{AuthorityError, at};
use crate::clock::Timestamp;

/// How long a list counts.
const COUNTS: Duration = Duration::from_secs(14 * 24 * 3600);
/// How much of it is left when the next one is made.
const LEFT: Duration = Duration::from_secs(13 * 24 * 3600);
/// How much earlier than now a list begins, for readers whose clock is slow.
const SLOW: i64 = 3600;

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedSerial {
    /// The serial number, without leading zeros.
    pub serial: Vec<u8>,
    /// When it was revoked.
    pub at: Timestamp,
}

/// Whether the next list is due.
pub(super) fn grows_old(until: Timestamp, now: Timestamp) -> bool {
    until <= now.plus(LEFT)
}

/// Signs a list (DER); until when it counts.
pub(super) fn sign(
    issuer: &Issuer<'static, KeyPair>,
    revoked: &[RevokedSerial],
    number: i64,
    now: Timestamp,
) -> Result<(Vec<u8>, Timestamp), AuthorityError> {
    let until = now.plus(COUNTS);
    let line = |revoked: &RevokedSerial| RevokedCertParams {
        serial_number: SerialNumber::from_slice(&revoked.serial),
        revocation_time: at(revoked.at),
        reason_code: None,
        invalidity_date: None,
    };
    let list = CertificateRevocationListParams {
        this_update: at(Timestamp::from_seconds(now.seconds() - SLOW)),
        next_update: at(until),
        crl_number: SerialNumber::from(u64::try_from(number).unwrap_or(1)),
        issuing_distribution_point: None,
        revoked_certs: revoked.iter().map(line).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    Ok((list.signed_by(issuer)?.der().to_vec(), until))
}

/// A list as PEM (RFC 7468 §6).
pub(super) fn pem(der: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(der);
    let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n");
    format!("-----BEGIN X509 CRL-----\n{}-----END X509 CRL-----\n", lines.collect::<String>())
}
