//! Where state lives: the [`database`] (durable, SQL) and the [`shared`] state (short-lived, keyed).
//! Invariant: no domain word in here. A slice keeps its own SQL in its `records.rs` and its own keys in a `Keyspace`.

pub mod database;
pub mod memory;
pub mod shared;
