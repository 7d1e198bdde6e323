//! `[identity]`: the headers and the assertion that apps get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What upstreams learn about the user.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Identity {
    /// A set of names to begin with.
    pub preset: IdentityPreset,
    /// The header with the user's name.
    pub user: Option<String>,
    /// The header with the user's groups, separated by commas.
    pub groups: Option<String>,
    /// The header with the mail address.
    pub email: Option<String>,
    /// The header with the name that people use.
    pub name: Option<String>,
    /// Whether `Sekisho-Assertion` (a signed JWT) is sent.
    pub assertion: bool,
    /// Whether the client certificate that check 2 demanded and accepted is sent as `Client-Cert` (RFC 9440).
    pub client_cert: bool,
    /// Whether the authorities between it and the bundle are sent with it, as `Client-Cert-Chain` (RFC 9440).
    pub client_cert_chain: bool,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            preset: IdentityPreset::Sekisho,
            user: None,
            groups: None,
            email: None,
            name: None,
            assertion: true,
            client_cert: false,
            client_cert_chain: false,
        }
    }
}

/// Names of identity headers that apps already know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityPreset {
    /// `Remote-User`, `Remote-Groups`, `Remote-Email`, `Remote-Name`.
    Sekisho,
    /// The same, as Authelia calls them.
    Authelia,
    /// `X-Forwarded-User`, `X-Forwarded-Groups`, `X-Forwarded-Email`, `X-Forwarded-Preferred-Username`.
    Oauth2Proxy,
}

impl IdentityPreset {
    /// The names of user, groups, mail address and name, as an HTTP library writes them.
    pub const fn names(self) -> [&'static str; 4] {
        match self {
            Self::Sekisho | Self::Authelia => ["remote-user", "remote-groups", "remote-email", "remote-name"],
            Self::Oauth2Proxy => {
                ["x-forwarded-user", "x-forwarded-groups", "x-forwarded-email", "x-forwarded-preferred-username"]
            }
        }
    }
}
