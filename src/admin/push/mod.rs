//! Approvals on the phone: who may sign in so, which phones approve, and their life cycle (R-003… …R-446).

pub mod assign;
pub mod invite;
pub mod list;
pub mod many;
pub mod remove;
pub mod resume;
pub mod suspend;
pub mod unassign;
pub mod unlock;
pub mod unregister;
