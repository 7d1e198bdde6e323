//! What a SAML response said, while it waits for the browser that began the sign-in, and for how long what is remembered.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How old a response may be, whatever it says itself.
#[cfg_attr(not(feature = "saml"), expect(dead_code, reason = "of use where SAML is built"))]
pub(super) const OLDEST: Duration = Duration::from_secs(5 * 60);
/// How long an assertion is remembered: longer than it is good, with what clocks may differ.
pub(super) const REMEMBERED: Duration = Duration::from_secs(8 * 60);
/// How long what it said waits for its browser.
pub(super) const WAITS: Duration = Duration::from_secs(2 * 60);

/// What a response said, while it waits.
#[derive(Serialize, Deserialize)]
pub(super) struct PostedRecord {
    pub(super) provider: String,
    pub(super) request: String,
    pub(super) claims: Map<String, Value>,
}
