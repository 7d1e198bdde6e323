//! What a request carries, parsed: where it came from, what it asks for, which certificate was shown. Pure functions
//! from bytes and settings to types that can only hold what is legal.
//! Invariant: nothing here judges, reads a clock or does I/O.

pub mod arrival;
pub mod client_address;
pub mod cookies;
pub mod device_session;
pub mod hiding;
pub mod methods;
pub mod origin;
pub mod path;
pub mod presented_certificate;
pub mod problem;
pub mod request_digest;
pub mod request_id;
pub mod second_targets;
pub mod target;
