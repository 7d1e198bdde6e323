//! `[regulation]`: how failures are slowed down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::TimeSpan;

/// Slowing down and locking out those who guess. Counted per user and network, and per network; never per user alone in
/// a way that lets one person lock another out.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Regulation", deny_unknown_fields, default)]
pub struct RegulationSection {
    /// The window that failures are counted in.
    pub window: TimeSpan,
    /// Failures of one user from one network before that network is locked for that user.
    pub per_user_and_network: u32,
    /// Failures from one network, for all names together, before the network is locked.
    pub per_network: u32,
    /// Failures of one user from anywhere before each further attempt is delayed as long as `longest_delay`.
    pub per_user: u32,
    /// How long a lock holds; an administrator may lift it sooner.
    pub lock: TimeSpan,
    /// Delays grow 1 s, 2 s, 4 s … up to this.
    pub longest_delay: TimeSpan,
}

impl Default for RegulationSection {
    fn default() -> Self {
        Self {
            window: TimeSpan::minutes(15),
            per_user_and_network: 10,
            per_network: 50,
            per_user: 100,
            lock: TimeSpan::minutes(15),
            longest_delay: TimeSpan::seconds(60),
        }
    }
}
