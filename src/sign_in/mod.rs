//! Gathering evidence across requests: the only caller of a factor's verifier. Any number of sign-ins of one browser go
//! on side by side, each with its own progress and its own end.
//! Invariant: no verifier runs without a `Turn`, and a `Turn` comes from the same `examine` that judges every request.

mod browser;
mod code;
pub mod engine;
mod finish;
pub mod goal;
mod grace;
pub mod password;
pub mod position;
pub mod progress;
pub mod push;
pub mod transaction;
mod unfamiliar;
pub mod visitor;
mod waiting;
