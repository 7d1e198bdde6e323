//! The short-lived cookie of a device: its id, its end, and a MAC over both. It is judged without a lookup and without an
//! allocation.

use aws_lc_rs::hmac;

use super::DeviceId;
use crate::clock::Timestamp;
use crate::random::{base64url, from_base64url};

/// Id, end in seconds.
const SIGNED: usize = 16 + 8;
/// With the MAC behind it.
const WHOLE: usize = SIGNED + 32;

pub(super) fn make(key: Option<&hmac::Key>, id: DeviceId, ends: Timestamp) -> String {
    let mut bytes = Vec::with_capacity(WHOLE);
    bytes.extend_from_slice(&id.0);
    bytes.extend_from_slice(&ends.seconds().to_be_bytes());
    if let Some(key) = key {
        let tag = hmac::sign(key, &bytes);
        bytes.extend_from_slice(tag.as_ref());
    }
    base64url(&bytes)
}

/// The device that a cookie was made for; `None` if it has ended or is not ours. The MACs are compared in constant time.
pub(super) fn verify(keys: &[hmac::Key], text: &str, now: Timestamp) -> Option<DeviceId> {
    let bytes: [u8; WHOLE] = from_base64url(text)?;
    let (signed, tag) = bytes.split_first_chunk::<SIGNED>()?;
    if !keys.iter().any(|key| hmac::verify(key, signed, tag).is_ok()) {
        return None;
    }
    let (id, ends) = signed.split_first_chunk::<16>()?;
    let ends = i64::from_be_bytes(ends.try_into().ok()?);
    (now.seconds() < ends).then_some(DeviceId(*id))
}
