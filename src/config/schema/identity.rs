//! `[identity]`: the headers and the assertion that apps get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::Size;

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
    /// The groups that an app is sent, by header and by assertion: names, or beginnings as in `"wiki-*"`; all of the user's by
    /// default. Rules and checks of the gateway always see all groups.
    pub send_groups: Vec<String>,
    /// The most that the header with the groups may hold. A user whose groups are longer is sent without groups, in the
    /// header and in the assertion, which says `groups_omitted`: a list that was cut would be a wrong one.
    pub groups_within: Size,
    /// How the header with the name that people use is written where it is not plain ASCII: `"percent"`
    /// (`%E9%96%A2`, which every app receives) or `"utf8"`, for apps that read header fields as UTF-8.
    pub name_encoding: NameEncoding,
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
            send_groups: vec!["*".to_owned()],
            groups_within: Size::kib(4),
            name_encoding: NameEncoding::Percent,
            assertion: true,
            client_cert: false,
            client_cert_chain: false,
        }
    }
}

/// How a name in another script than ASCII is written in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NameEncoding {
    /// Percent-encoded UTF-8.
    Percent,
    /// UTF-8 as it is.
    Utf8,
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
