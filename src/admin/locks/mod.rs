//! Locks that failed attempts led to.

pub mod lift;
pub mod list;
