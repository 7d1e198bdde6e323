//! From text to an immutable config. Every error says file, line and column, underlines what is wrong and says what
//! would do; several are reported at once.
//! Invariant: no domain word is decided here; the slices compile what they need from the plain values.

pub mod advice;
pub mod annotated;
pub mod demands;
pub mod diagnose;

mod document;
pub mod environment;
pub mod expectation;
pub mod field_names;
pub mod keys;
mod meaning;
pub mod networks;
mod parse;
pub mod profile;
pub mod reference;
pub mod reload;
pub mod schema;
pub mod units;

use std::path::PathBuf;

/// A config that was read and checked; it never changes.
#[derive(Clone, Debug)]
pub struct Config {
    /// What the file and the environment say together.
    pub file: schema::File,
    /// Where it was read.
    pub path: PathBuf,
    document: document::Node,
}

#[cfg(test)]
mod tests;
