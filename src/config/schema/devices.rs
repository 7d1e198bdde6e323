//! `[devices]`: browsers that an administrator lets in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::TimeSpan;

/// Browsers that an administrator lets in: check 5 by `admin_approval`, and users whose device designation is on.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Devices", deny_unknown_fields, default)]
pub struct DevicesSection {
    /// Browsers of one user that administrators may let in; no more are approved.
    pub per_user: usize,
    /// Applications of one user that may wait at once.
    pub waiting: usize,
    /// How long an application waits for an administrator.
    pub lasts: TimeSpan,
    /// How long after a rejection the same browser may apply again.
    pub again_after: TimeSpan,
    /// Whether device designation and client certificates exclude each other: no policy demands both, and no user has both
    /// switched on.
    pub exclusive: bool,
}

impl Default for DevicesSection {
    fn default() -> Self {
        Self { per_user: 5, waiting: 3, lasts: TimeSpan::days(7), again_after: TimeSpan::minutes(10), exclusive: false }
    }
}
