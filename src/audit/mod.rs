//! The audit log: who, what, from where, which check decided, by which request. Append only: rows are never changed.
//! Values are cut to 256 characters and hold no character that could end a line or turn one around (T46).
//! Invariant: this folder takes words; it imports no type of the folders above it.

mod event;
mod log;
mod records;
mod refusals;
#[cfg(test)]
mod tests;

pub use self::event::{Event, EventOutcome};
pub use self::log::Audit;
pub use self::records::{AuditRecord, Filter};
