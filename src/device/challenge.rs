//! Challenges: a MAC over what the challenge is for and over a stretch of time, so that no store keeps them. One stays the same
//! for five minutes, and is good for 30 to 35: the browser answers it when the cookie of the device ends.

use aws_lc_rs::hmac;

use super::{ChallengePurpose, DeviceId};
use crate::clock::Timestamp;
use crate::random::{base64url, from_base64url};
use crate::seal::TokenHash;

/// Seconds that a challenge stays the same.
const STRETCH: i64 = 5 * 60;
/// Stretches behind its own in which it is good: longer than the cookie of any device lives.
const GOOD_FOR: i64 = 6;
/// What it is for (of a cookie its hash, of a device its id and nothing), the number of the stretch, and the MAC.
const WHOLE: usize = 32 + 8 + 32;

pub(super) fn make(key: Option<&hmac::Key>, purpose: ChallengePurpose<'_>, now: Timestamp) -> String {
    let stretch = now.seconds().div_euclid(STRETCH);
    let mut bytes = subject(purpose).to_vec();
    bytes.extend_from_slice(&stretch.to_be_bytes());
    if let Some(key) = key {
        bytes.extend_from_slice(hmac::sign(key, &signed(purpose, stretch)).as_ref());
    }
    base64url(&bytes)
}

pub(super) fn verify(keys: &[hmac::Key], text: &str, purpose: ChallengePurpose<'_>, now: Timestamp) -> bool {
    let Some((of, stretch, tag)) = read(text) else { return false };
    let age = now.seconds().div_euclid(STRETCH).saturating_sub(stretch);
    let signed = signed(purpose, stretch);
    of == subject(purpose) && (0..=GOOD_FOR).contains(&age) && keys.iter().any(|key| hmac::verify(key, &signed, &tag).is_ok())
}

/// The cookie that a challenge names; nothing of it is verified yet.
pub(super) fn cookie(text: &str) -> Option<TokenHash> {
    read(text).and_then(|(of, ..)| TokenHash::from_bytes(&of))
}

fn read(text: &str) -> Option<([u8; 32], i64, [u8; 32])> {
    let bytes: [u8; WHOLE] = from_base64url(text)?;
    let (of, rest) = bytes.split_first_chunk::<32>()?;
    let (stretch, tag) = rest.split_first_chunk::<8>()?;
    Some((*of, i64::from_be_bytes(*stretch), tag.try_into().ok()?))
}

fn subject(purpose: ChallengePurpose<'_>) -> [u8; 32] {
    match purpose {
        ChallengePurpose::Registration { cookie, .. } => *cookie.as_bytes(),
        ChallengePurpose::Refresh(DeviceId(id)) => {
            let mut subject = [0; 32];
            let (front, _) = subject.split_at_mut(id.len());
            front.copy_from_slice(&id);
            subject
        }
    }
}

/// No purpose's text is the beginning of another's: names of apps hold no line feed.
fn signed(purpose: ChallengePurpose<'_>, stretch: i64) -> Vec<u8> {
    let (kind, scope) = match purpose {
        ChallengePurpose::Registration { scope, .. } => ("registration", scope),
        ChallengePurpose::Refresh(_) => ("refresh", ""),
    };
    format!("{kind}\n{scope}\n{}\n{stretch}", base64url(&subject(purpose))).into_bytes()
}
