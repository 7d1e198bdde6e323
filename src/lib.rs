//! Sekisho (関所): a TLS-terminating reverse-proxy authentication gateway. Every request passes one ordered chain of six
//! checks, and nothing reaches an app that has not passed it.
//!
//! This page is the map, in the order of a request's road.

// Decision: pure.
pub mod chain;
pub mod facts;
// Gathering evidence.
pub mod factor;
// Who and what there is.
pub mod account;
pub mod certificate;
// The ground floor.
pub mod config;
pub mod clock;
pub mod random;
pub mod seal;
pub mod store;
