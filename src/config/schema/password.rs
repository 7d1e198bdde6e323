//! `[password]` and `[totp]`: our own factors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::TimeSpan;

/// Passwords of our own directory.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Password {
    /// Characters at least. NIST SP 800-63B: 15 where it stands alone, 8 beside a second factor.
    pub minimum_length: usize,
    /// Argon2id memory in MiB for each hash.
    pub memory_mib: u32,
    /// Argon2id passes.
    pub passes: u32,
    /// How long a sign-in waits for its turn at hashing before it is refused for the moment (503).
    pub queue: TimeSpan,
}

impl Default for Password {
    fn default() -> Self {
        Self { minimum_length: 15, memory_mib: 64, passes: 3, queue: TimeSpan::seconds(2) }
    }
}

/// One-time passwords by an authenticator app.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Totp {
    /// The name shown in the authenticator app.
    pub issuer: String,
    /// Steps of 30 s accepted before and after the present one: 0 or 1.
    pub skew: u8,
}

impl Default for Totp {
    fn default() -> Self {
        Self { issuer: "Sekisho".to_owned(), skew: 1 }
    }
}
