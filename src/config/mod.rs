//! From text to an immutable config. Every error says file, line and column, underlines what is wrong and says what
//! would do; several are told at once.
//! Invariant: no domain word is decided here; the slices compile what they need from the plain values.

pub mod schema;
pub mod units;
