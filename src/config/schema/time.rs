//! `[time]`: the zone that dates are read in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::Zone;

/// Days and times as people enter and read them.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Time {
    /// The zone of days that are entered, by its name in the tz database: a certificate that counts until a day counts to
    /// the end of that day there. Pages, mails and the dates of certificates are written in it too; logs stay in UTC.
    pub zone: Zone,
}

impl Default for Time {
    fn default() -> Self {
        Self { zone: Zone::tokyo() }
    }
}
