//! Identity providers by OpenID Connect, for which this gateway is the relying party (OpenID Connect Core 1.0): what is known
//! of each of them, the way of a person there and back, the verification of what they say, and whose account is whose.
//! Discovery documents and keys are fetched in the background and kept; a provider that is down changes nothing that is known.
//! Invariant: an [`Attestation`] is made only after signature, issuer, audience, times and nonce of an ID token were verified.

mod attestation;
mod claims;
mod client_proof;
mod documents;
mod failure;
mod flow;
mod id_token;
mod keyset;
mod link;
mod links;
mod logout;
mod metadata;
mod paths;
mod provider;
mod providers;
mod records;
mod redemption;
mod settings;
mod wire;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use self::attestation::{Attestation, IdpTokens};
pub use self::failure::{IdpFailure, IdpFault};
pub use self::flow::{CallbackQuery, Flow, FlowFault, FlowStart};
pub use self::link::{IdpLink, IdpSession};
pub use self::links::{IdpLinks, IdpSessions, LinkTurn};
pub use self::logout::{LogoutFault, LogoutNotice};
pub use self::provider::{IdentityProvider, ProviderState};
pub use self::providers::{CompiledProviders, IdentityProviders, Recheck, Returned};
pub use self::settings::ProviderSettings;
