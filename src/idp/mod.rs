//! Identity providers by OpenID Connect (Core 1.0) and by SAML 2.0, for which this gateway is the relying party: what is known
//! of each of them, the way of a person there and back, the verification of what they say, and whose account is whose.
//! Discovery documents and keys are fetched in the background and kept; a provider that is down changes nothing that is known.
//! Invariant: an [`Attestation`] is made only after signature, issuer, audience, times and nonce of an ID token were verified,
//! or the same of a SAML assertion, which names the request.

mod attestation;
mod claims;
mod client_proof;
mod documents;
mod failure;
mod files;
mod flow;
mod id_token;
mod keyset;
mod link;
mod links;
mod logout;
mod metadata;
mod paths;
mod posted;
mod provider;
mod providers;
mod records;
mod redemption;
mod relay;
mod saml;
mod settings;
mod waiting;
mod wire;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

#[cfg(all(test, feature = "saml"))]
pub(crate) use self::saml::testing as saml_testing;

pub use self::attestation::{Attestation, IdpTokens};
pub use self::failure::{IdpFailure, IdpFault};
pub use self::flow::{CallbackQuery, Flow, FlowFault, FlowStart, KeptFlow, WayThere};
pub use self::link::{IdpLink, IdpSession};
pub use self::links::{IdpLinks, IdpSessions, LinkTurn};
pub use self::logout::{LogoutFault, LogoutNotice};
pub use self::posted::PostedFault;
pub use self::provider::{IdentityProvider, ProviderState};
pub use self::providers::{CompiledProviders, IdentityProviders, Recheck, Returned};
pub use self::settings::ProviderSettings;
