//! Transactions: single requests, held at the gateway until they are approved by themselves, and then forwarded once, byte
//! for byte. `held` is the state of one, `stage` its life cycle, `registry` all of them, and `engine`
//! its transitions: asking approvers, counting their answers, releasing and ending.
//! Invariant: a held request leaves by [`Held::take_request`] alone, which gives it to one caller.

mod asking;
mod cover;
mod engine;
mod error;
pub mod fields;
mod held;
pub mod receipt;
mod records;
mod registry;
mod releasing;
pub mod spool;
mod stage;
pub mod verify;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use self::engine::{TransactionEngine, TransactionStatus};
pub use self::error::HeldError;
pub use self::held::{Held, HeldRequest, NewTransaction, Owner, TransactionId};
pub use self::records::{GivenAnswer, RecordedTransaction, TransactionQuery};
pub use self::registry::{HoldOutcome, Transactions};
pub use self::releasing::Released;
pub use self::stage::{Agreement, Ending, Phase, Stage, WaitsFor};
