//! The command line as a user has it: the real program is started, spoken to through its ports, and managed by its
//! own commands. A module for each part of that life; time is the machine's.

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

mod bad_start;
mod bad_state;
mod beginning;
mod checking;
mod cut_off;
mod explain;
mod handed_over;
mod identity_providers;
mod invitation;
mod languages;
mod log_lines;
mod managing;
mod phone;
mod profiles;
mod proxy_protocol;
mod receipts;
mod reloading;
mod tables;
mod tokens_and_the_api;
mod transactions;
mod webroot;
