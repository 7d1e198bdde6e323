//! Connections that the gateway and its command line open themselves, apart from those to upstreams: push services, pings of
//! apps, the portal of an approver, published documents, the control socket.
//! Invariant: an endpoint that somebody else chose is connected to only at the address that [`guard`] has judged.

pub mod document;
pub mod guard;
pub mod https;
pub mod roots;
