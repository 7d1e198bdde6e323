//! How a number is carried from the browser to the phone (T42).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a number is carried from the browser to the phone. The later ones are the stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberStyle {
    /// Two digits; the phone offers three numbers, and one is chosen.
    Choose,
    /// Six digits, typed on the phone.
    Type,
    /// A QR code, read by the phone; eight digits, typed, where it cannot.
    Scan,
}

impl NumberStyle {
    /// The word in the config, in what approvers are sent, and in the audit log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Choose => "choose",
            Self::Type => "type",
            Self::Scan => "scan",
        }
    }
}
