//! End to end: a whole gateway on loopback, spoken to through its TLS port as browsers and programs do. One binary; a
//! module for each capability. Time is a clock that the tests move.

mod support;

mod chain_in_order;
mod identity;
mod operations;
mod sessions;
mod sign_in;
mod upstreams;
