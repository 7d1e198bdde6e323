//! From the config to the policies that the chain judges by: the one place that knows both.
//! Invariant: the chain imports nothing of the config; what it needs of it is compiled here, once at load.

mod compile;
mod meetable;

pub use self::compile::compile;
