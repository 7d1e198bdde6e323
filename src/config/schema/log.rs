//! `[log]`: what is written, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the program writes about itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` or `json`.
    pub format: LogFormat,
    /// What is written: `error`, `warn`, `info`, `debug` or `trace`, or a filter such as `info,sekisho::gateway=debug`.
    pub level: String,
    /// Whether each request gets a line.
    pub access: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned(), access: true }
    }
}

/// How lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}
