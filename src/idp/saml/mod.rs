//! What a provider says by SAML 2.0 (Core, Bindings, Web Browser SSO Profile): its metadata, requests to it, and its responses,
//! verified by a library. A build without the feature `saml` has none of it, and says so where a config names such a provider.
//! Invariant: nothing is read of an assertion whose signature was not verified, and of a response with more than one assertion
//! nothing at all.

#[cfg(not(feature = "saml"))]
mod absent;
mod answer;
#[cfg(feature = "saml")]
mod peer;
#[cfg(feature = "saml")]
mod person;
#[cfg(feature = "saml")]
mod response;
#[cfg(feature = "saml")]
mod shape;
#[cfg(test)]
#[cfg(feature = "saml")]
pub(crate) mod testing;
#[cfg(test)]
#[cfg(feature = "saml")]
mod tests;

#[cfg(not(feature = "saml"))]
pub(super) use self::absent::NoSaml as SamlPeer;
pub(super) use self::answer::{SamlRefusal, SamlRequest};
#[cfg(feature = "saml")]
pub(super) use self::peer::SamlPeer;
