//! Enforcement: the road a request takes, in order. Invariant: nothing reaches an upstream but through `forward`, which
//! takes a `Permit`.

pub mod listener;
pub mod tls;
pub mod connection;
pub mod body;
pub mod upstream;
pub mod forward;
