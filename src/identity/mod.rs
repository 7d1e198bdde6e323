//! What upstreams receive about the user: headers and a signed assertion. Whatever a client sent under those names is
//! removed first, always.

pub mod assertion;
pub mod client_cert;
pub mod form;
pub mod headers;
pub mod keys;
