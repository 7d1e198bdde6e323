//! Enforcement: the way of a request through the gateway, in order. Invariant: nothing reaches an upstream but through
//! `forward`, which takes a `Permit`.

pub mod accept;
pub mod head_guard;
mod load;
pub mod budget;
pub mod hosts;
pub mod exchange;
mod device;
pub mod drain;
mod own_path;
mod transaction;
pub mod posted;
pub mod forward;
pub mod upstream;
pub mod body;
pub mod stream_end;
mod answer_format;
pub mod cors;
pub mod problem;
pub mod webroot;
pub mod redirect;
pub mod snapshot;
pub mod operations;
#[cfg(test)]
pub(crate) mod testing;
