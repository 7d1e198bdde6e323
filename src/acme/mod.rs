//! The gateway's own certificates: issued by authorities that speak ACME (RFC 8555), renewed before two thirds of their life are
//! over, and put in use without a restart. Certificates of files are looked at here too, so that the end of any is seen in time.
//! It never takes a certificate away that serves: a new one takes over, or the old one serves on, and an alarm says why.

mod account;
mod advice;
pub mod alarm;
mod answers;
pub mod issued;
pub mod listeners;
pub mod names;
mod order;
pub mod own;
mod records;
mod renewal;
pub mod rotation;
mod self_check;
pub mod settings;
pub mod standing;
#[cfg(test)]
mod tests;
mod tools;
mod trouble;
mod turn;
mod wire;
