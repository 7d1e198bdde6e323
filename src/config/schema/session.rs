//! `[session]`: how long sessions live.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::TimeSpan;

/// How long sessions and registered browsers live.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Session", deny_unknown_fields, default)]
pub struct SessionSection {
    /// From sign-in to the next, at most.
    pub absolute: TimeSpan,
    /// Without a request, at most.
    pub idle: TimeSpan,
    /// A registered browser, from its registration.
    pub browser: TimeSpan,
    /// Sessions of one user at once; the oldest goes.
    pub per_user: usize,
    /// How fresh a sign-in must be to change a password, a factor or anything else of the account.
    pub fresh: TimeSpan,
}

impl Default for SessionSection {
    fn default() -> Self {
        Self {
            absolute: TimeSpan::hours(12),
            idle: TimeSpan::hours(1),
            browser: TimeSpan::days(180),
            per_user: 20,
            fresh: TimeSpan::minutes(10),
        }
    }
}
