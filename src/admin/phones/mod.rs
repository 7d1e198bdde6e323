//! Approvals on the phone: who may sign in with them, which phones approve, and their life cycle (R-003… …R-446).

pub mod assignment;
pub mod life_cycle;
pub mod many;
