//! The public keys that receipts are verified with: every one that ever signed, long after it signs no more. They are
//! no secret, and the list of a gateway's own JWKS is another one: apps meet none but those that sign now.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// List every public key that ever signed, as a JWKS: with --json, what `audit verify --keys` reads
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListKeys {}

impl Act for ListKeys {
    const NAME: &'static str = "audit.keys";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/audit/keys");
    type Output = KeySet;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<KeySet, AdminError> {
        let keys = warrant.core().signing_keys().every().await?;
        let view = keys.into_iter().map(|key| KeyView {
            kty: "EC",
            crv: "P-256",
            purpose: "sig",
            alg: "ES256",
            kid: key.id,
            x: key.x,
            y: key.y,
            nbf: key.from.seconds(),
            exp: key.until.seconds(),
        });
        Ok(KeySet { keys: view.collect() })
    }
}

/// A JWKS document (RFC 7517 §5).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeySet {
    /// The keys, oldest first.
    pub keys: Vec<KeyView>,
}

/// A public key (RFC 7517 §4).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// `EC`.
    pub kty: &'static str,
    /// `P-256`.
    pub crv: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    pub purpose: &'static str,
    /// `ES256`.
    pub alg: &'static str,
    /// Its id.
    pub kid: String,
    /// The first coordinate.
    pub x: String,
    /// The second.
    pub y: String,
    /// It signed nothing before: seconds since the epoch.
    pub nbf: i64,
    /// It signs nothing after.
    pub exp: i64,
}
