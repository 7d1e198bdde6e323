//! Whose password of a directory must be changed, as the short-lived state keeps it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::principal::user::UserId;

/// How long the new password may take.
pub(super) const LIFE: Duration = Duration::from_secs(15 * 60);

/// Whose password must be changed, by the browser that proved it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ChangeTicket {
    pub(super) user: UserId,
}
