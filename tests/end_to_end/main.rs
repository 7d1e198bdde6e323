//! End to end: a whole gateway on loopback, spoken to through its TLS port as browsers and programs do. One binary; a
//! module for each capability. Time is a clock that the tests move.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "a test that cannot go on ends with the line it stands on, and its peers live outside the gateway"
)]

mod support;

mod administration;
mod apps_by_certificate;
mod bound_browsers;
mod broken_transactions;
mod chain_in_order;
mod client_address;
mod client_cert;
mod connection_auth;
mod cors;
mod credentials;
mod days;
mod designation;
mod devices;
mod examples;
mod failing_upstreams;
mod forward_auth;
mod handed_out;
mod heads;
mod identity;
mod issued;
mod lying_upstreams;
mod matrix;
mod networks;
mod numbers;
mod operations;
mod own_certificates;
mod own_pki;
mod papers;
mod passkey_approvals;
mod passkeys;
mod paths;
mod portal_demands;
mod programs;
mod renewals;
mod revocation;
mod selected_users;
mod sessions;
mod sign_in;
mod strangers;
mod streams;
mod tables;
mod threats;
mod transactions;
mod upstreams;
