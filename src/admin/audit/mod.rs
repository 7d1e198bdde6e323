//! The audit log, read; and the keys that what was signed is verified with.

pub mod keys;
pub mod query;
