//! The id of a request: 128 bits of chance, and 128 bits that only this gateway could have put behind them for this app. So
//! an id of another app is like none at all, and one that is forgotten is known to have expired.

use aws_lc_rs::hmac;

use crate::core::Core;
use crate::random::{base64url, from_base64url};

/// What the key is derived for.
const PURPOSE: &str = "backchannel/request_id";

/// Draws one, for this app: 43 characters of base64url.
pub(super) fn draw(core: &Core, app: &str) -> String {
    let chance = core.random().id();
    let mut id = [0; 32];
    id[..16].copy_from_slice(&chance);
    id[16..].copy_from_slice(&seal(core, app, &chance));
    base64url(&id)
}

/// Whether it was drawn here for this app.
pub(super) fn is_of(core: &Core, app: &str, id: &str) -> bool {
    let Some(id) = from_base64url::<32>(id) else { return false };
    let (chance, sealed) = id.split_at(16);
    aws_lc_rs::constant_time::verify_slices_are_equal(&seal(core, app, chance), sealed).is_ok()
}

fn seal(core: &Core, app: &str, chance: &[u8]) -> [u8; 16] {
    let mut context = hmac::Context::with_key(&core.keys().derive(PURPOSE));
    context.update(chance);
    context.update(app.as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(context.sign().as_ref().get(..16).unwrap_or(&[0; 16]));
    half
}
