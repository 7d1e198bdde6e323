//! The audit log, read.

pub mod query;
