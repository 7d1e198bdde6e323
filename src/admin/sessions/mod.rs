//! Sessions: who is signed in.

pub mod list;
pub mod revoke;
