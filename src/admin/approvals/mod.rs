//! Approvals that are asked for now: seen by administrators, withdrawn by them, never answered by them.

pub mod cancel;
pub mod list;
