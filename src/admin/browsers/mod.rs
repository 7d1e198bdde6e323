//! Registered browsers (check 5).

pub mod list;
pub mod revoke;
pub mod revoke_all;
