//! Enforcement: the road a request takes, in order. Invariant: nothing reaches an upstream but through `forward`, which
//! takes a `Permit`.

pub mod listener;
pub mod proxy_protocol;
pub mod tls;
mod transaction;
pub mod head_guard;
mod patience;
pub mod connection;
pub mod hosts;
pub mod request;
mod judge;
mod depart;
mod own_path;
mod forward_auth;
pub mod budget;
mod load;
mod overrides;
pub mod hold;
pub mod forward;
pub mod watch;
mod pinned;
pub mod upstream;
pub mod body;
pub mod answer;
mod asked;
pub mod redirect;
pub mod operations;
#[cfg(test)]
pub(crate) mod testing;
