//! From a listening socket to a request: accepting with bounds, the PROXY header, the TLS handshake, and the HTTP of one
//! connection. Invariant: nothing here waits for a client without a time limit.

pub mod connection;
pub mod facts;
pub mod listener;
pub mod proxy_protocol;
mod stall;
pub mod tls;
