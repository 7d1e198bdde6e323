//! Sekisho (関所): a TLS-terminating reverse-proxy authentication gateway. Every request passes one ordered chain of six
//! checks, and nothing reaches an app that has not passed it.
//!
//! This page is the map, in the order in which a request passes.

/// `Debug` by the name alone, for types that hold something secret: what is written of them anywhere says nothing of it.
macro_rules! debug_by_name {
    ($type:ty) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(concat!(stringify!($type), "(…)"))
            }
        }
    };
}

// Enforcement: what a request passes.
pub mod gateway;
pub mod facts;
// Decision: pure, over plain types.
pub mod chain;
pub mod principal;
// From the config to what the chain judges by.
pub mod policy;
// What an upstream receives about the user.
pub mod identity;
pub mod idp;
// Gathering evidence.
pub mod portal;
pub mod sign_in;
pub mod backchannel;
pub mod factor;
pub mod kerberos;
pub mod session;
pub mod transaction;
pub mod approval;
pub mod login_protect;
pub mod browser;
pub mod device;
pub mod certificate;
// Users, and what may be done to them.
pub mod acme;
pub mod account;
pub mod admin;
pub mod self_service;
// Composition.
pub mod cli;
pub mod server;
pub mod core;
pub mod directory;
// The base that all others stand on.
pub mod outbound;
pub mod config;
pub mod audit;
pub mod telemetry;
pub mod store;
pub mod seal;
pub mod random;
pub mod clock;
