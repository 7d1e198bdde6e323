//! `[certificates]`: client certificates that are issued here, and what becomes of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::demands::DemandsSection;

/// Client certificates that are issued here: how their users fetch them, and when they are reminded.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Certificates", deny_unknown_fields, default)]
pub struct CertificatesSection {
    /// What `/account/certificates` demands, where users fetch their own certificates: this on top of all that the portal
    /// demands. It can only add, for example the networks of your offices. It never demands a client certificate: who comes
    /// there has none yet. A time without a second factor (`otp.grace`) does not count there.
    pub demands: Option<DemandsSection>,
    /// So many days before the end of a certificate its user is reminded, by mail and at the portal, and it is marked in the
    /// administration; the metric `sekisho_certificates_ending` counts those that end within each. Empty: never.
    pub remind_days: Vec<u16>,
}

impl Default for CertificatesSection {
    fn default() -> Self {
        Self { demands: None, remind_days: vec![30, 7, 1] }
    }
}

impl CertificatesSection {
    /// The longest time before the end at which it is said that a certificate ends soon, in days.
    pub fn soon(&self) -> u16 {
        self.remind_days.iter().copied().max().unwrap_or(0)
    }
}
