//! `[portal]`: the gateway’s own host and what it demands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::demands::DemandsSection;

/// The gateway's own host.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// Its address as browsers see it: `https://auth.example.com`, with the port if it is not 443.
    pub url: String,
    /// Where apps that show a client certificate ask for approvals: `https://mtls.example.com`, a host of its own, since
    /// a browser that is asked for a certificate shows a dialogue (RFC 8705 §5). Nothing else is served there.
    #[serde(default)]
    pub mtls_url: Option<String>,
    /// What a sign-in at the portal itself, its launcher and the account pages demand. A check that is not named is as by
    /// default, whatever else is named: a primary factor and a one-time password are required, the others are off. Without
    /// a one-time password only where that is written: `otp = { mode = "off" }`.
    #[serde(default)]
    pub demands: DemandsSection,
    /// What the administration pages demand on top: of all that the portal demands, and of membership in `administrators`.
    /// It can only add. A time without a second factor (`otp.grace`) does not count there. Its `number_style` holds for the members of that group in every place, and is `type` where it is not
    /// written.
    #[serde(default)]
    pub admin_demands: Option<DemandsSection>,
    /// The group whose members may use `/admin` and the management API by session.
    #[serde(default = "administrators")]
    pub administrators: String,
    /// Shown on every page beside the name of the product: your organisation's name.
    #[serde(default)]
    pub title: Option<String>,
}

fn administrators() -> String {
    "administrators".to_owned()
}
