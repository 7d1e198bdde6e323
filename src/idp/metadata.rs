//! The discovery document of a provider (OpenID Connect Discovery 1.0 §4): read once in an hour, and held against the issuer.

use serde::Deserialize;
use url::Url;

use super::failure::{IdpReason, legible};

/// What a provider says of itself.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ProviderMetadata {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    #[serde(default)]
    pub(super) userinfo_endpoint: Option<String>,
    #[serde(default)]
    pub(super) end_session_endpoint: Option<String>,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(super) code_challenge_methods_supported: Option<Vec<String>>,
    /// RFC 9207: whether every answer says who it comes from.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// Where the document of an issuer is.
pub(super) fn address(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

impl ProviderMetadata {
    /// Reads a document and holds it against the issuer of the config.
    pub(super) fn read(document: &[u8], issuer: &str) -> Result<Self, IdpReason> {
        let read: Self = serde_json::from_slice(document)
            .map_err(|error| IdpReason::unavailable(format!("its discovery document cannot be read: {error}")))?;
        if read.issuer != issuer {
            // The difference is most often a final slash; the exact text is what the config needs.
            let says = legible(&read.issuer, 300);
            return Err(IdpReason::set_up(format!(
                "its discovery document names the issuer {says:?}, and the config names {issuer:?}; write `issuer` exactly as \
                 the provider does"
            )));
        }
        let endpoints = [
            ("authorization_endpoint", Some(&read.authorization_endpoint)),
            ("token_endpoint", Some(&read.token_endpoint)),
            ("jwks_uri", Some(&read.jwks_uri)),
            ("userinfo_endpoint", read.userinfo_endpoint.as_ref()),
            ("end_session_endpoint", read.end_session_endpoint.as_ref()),
        ];
        for (name, endpoint) in endpoints {
            let Some(endpoint) = endpoint else { continue };
            let scheme = Url::parse(endpoint).map(|url| url.scheme().to_owned()).unwrap_or_default();
            if scheme != "https" {
                return Err(IdpReason::set_up(format!(
                    "its {name} is {:?}, not an https address; configure a provider behind a TLS proxy for that (forwarded scheme \
                     and host)",
                    legible(endpoint, 300)
                )));
            }
        }
        Ok(read)
    }

    /// Whether it says that it knows PKCE with S256.
    pub(super) fn says_pkce(&self) -> bool {
        self.code_challenge_methods_supported.as_ref().is_some_and(|methods| methods.iter().any(|method| method == "S256"))
    }

    /// Whether it says that it takes this way of client authentication; nothing said is `client_secret_basic`.
    pub(super) fn takes(&self, method: &str) -> bool {
        match &self.token_endpoint_auth_methods_supported {
            Some(methods) => methods.iter().any(|one| one == method),
            None => method == "client_secret_basic",
        }
    }
}
