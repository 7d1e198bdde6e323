//! Revocation lists (RFC 5280 §5): full, without a distribution point of their own, so that they speak of every certificate of
//! their key. A list counts for two weeks and is followed every day, so that a gateway may stand still for a while.

use std::collections::HashSet;
use std::time::Duration;

use rcgen::{CertificateRevocationListParams, Issuer, KeyIdMethod, KeyPair, RevokedCertParams, SerialNumber};
use x509_parser::prelude::{CertificateRevocationList, FromDer as _};

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

/// Whether a list (DER) names every one of `revoked`; one that cannot be read names nothing.
pub(super) fn names_all(list: &[u8], revoked: &[RevokedSerial]) -> bool {
    let Ok((_, list)) = CertificateRevocationList::from_der(list) else { return false };
    let lines = list.iter_revoked_certificates();
    let named: HashSet<Vec<u8>> = lines.map(|line| without_zeros(line.raw_serial())).collect();
    revoked.iter().all(|revoked| named.contains(&revoked.serial))
}

/// A serial number without the zeros that DER puts before it.
pub(super) fn without_zeros(serial: &[u8]) -> Vec<u8> {
    serial.iter().copied().skip_while(|byte| *byte == 0).collect()
}

/// A list that was signed.
#[derive(Debug)]
pub(super) struct NextList {
    /// DER.
    pub(super) der: Vec<u8>,
    /// Counted up.
    pub(super) number: i64,
    /// Until when it counts.
    pub(super) until: Timestamp,
}

/// Signs a list. `key_id` is how the certificate of the issuer identifies it: readers hold the two against each other
/// (RFC 5280 §5.2.1).
pub(super) fn sign(
    issuer: &Issuer<'static, KeyPair>,
    key_id: KeyIdMethod,
    revoked: &[RevokedSerial],
    number: i64,
    now: Timestamp,
) -> Result<NextList, AuthorityError> {
    let until = now.plus(COUNTS);
    let line = |revoked: &RevokedSerial| -> Result<RevokedCertParams, AuthorityError> {
        Ok(RevokedCertParams {
            serial_number: SerialNumber::from_slice(&revoked.serial),
            revocation_time: at(revoked.at)?,
            reason_code: None,
            invalidity_date: None,
        })
    };
    let list = CertificateRevocationListParams {
        this_update: at(Timestamp::from_seconds(now.seconds() - SLOW))?,
        next_update: at(until)?,
        crl_number: SerialNumber::from(u64::try_from(number).unwrap_or(1)),
        issuing_distribution_point: None,
        revoked_certs: revoked.iter().map(line).collect::<Result<_, _>>()?,
        key_identifier_method: key_id,
    };
    Ok(NextList { der: list.signed_by(issuer)?.der().to_vec(), number, until })
}

/// A list as PEM (RFC 7468 §6).
pub(in crate::certificate) fn pem(der: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(der);
    let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n");
    format!("-----BEGIN X509 CRL-----\n{}-----END X509 CRL-----\n", lines.collect::<String>())
}
