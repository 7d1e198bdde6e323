//! Gathering evidence across requests: the only caller of a factor's verifier. Any number of sign-ins of one browser go
//! on side by side, each with its own progress and its own end.
//! Invariant: no verifier runs without a `Turn`, and a `Turn` comes from the same `examine` that judges every request.

pub mod application;
mod browser;
mod code;
mod change_ticket;
pub mod directory_change;
pub mod engine;
mod finish;
pub mod goal;
mod grace;
pub mod idp;
pub mod matrix;
pub mod passkey;
pub mod password;
mod pending;
mod phones;
pub mod position;
pub mod progress;
pub mod push;
mod strangers;
pub mod ticket;
pub mod transaction;
mod unfamiliar;
pub mod visitor;
mod waiting;
