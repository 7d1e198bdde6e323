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
    /// How often an identity provider that gave a refresh token is asked whether a session made by it is still good.
    pub recheck: TimeSpan,
    /// Whether cookies of sessions and registered browsers are bound to a key that the browser keeps, so that a copy opens
    /// nothing.
    pub browser_binding: SessionBinding,
}

/// Whether cookies are bound to a key of the browser (Device Bound Session Credentials).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionBinding {
    /// No browser is offered it. What is bound stays bound until it ends.
    Off,
    /// Every browser is offered it; those that cannot go on without.
    #[default]
    IfAvailable,
}

impl Default for SessionSection {
    fn default() -> Self {
        Self {
            absolute: TimeSpan::hours(12),
            idle: TimeSpan::hours(1),
            browser: TimeSpan::days(180),
            per_user: 20,
            fresh: TimeSpan::minutes(10),
            recheck: TimeSpan::minutes(15),
            browser_binding: SessionBinding::IfAvailable,
        }
    }
}
