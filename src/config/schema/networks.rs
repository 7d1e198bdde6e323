//! `[networks.NAME]`: networks that are listed once and named wherever a list of networks is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::NetworkLine;

/// Networks by one name: letters, digits, `-` and `_`, beginning with a letter.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Networks", deny_unknown_fields)]
pub struct NamedNetworks {
    /// What they are, for who reads this file.
    #[serde(default)]
    pub note: Option<String>,
    /// The networks: CIDR or a single address, IPv4 and IPv6, each with a note behind a `#` if you like:
    /// `["192.0.2.0/24 # Osaka", "2001:db8::/32"]`.
    pub addresses: Vec<NetworkLine>,
}
