//! `[[idp]]`: identity providers by OpenID Connect, or by SAML 2.0.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::{CidrBlock, TimeSpan};

/// An identity provider by OpenID Connect, or with `saml` by SAML 2.0: people sign in there, with the method `idp`. See
/// docs/identity-providers.md.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "IdentityProvider", deny_unknown_fields)]
pub struct IdpSection {
    /// Its name here: letters, digits, `-` and `_`. It is a part of the address that the provider sends people back to.
    pub name: String,
    /// What people call it; its name by default.
    #[serde(default)]
    pub title: Option<String>,
    /// Its issuer, exactly as its discovery document writes it: with the final slash, or without. By SAML its entity ID,
    /// exactly as its metadata writes it.
    pub issuer: String,
    /// The id under which this gateway is registered there. By SAML the entity ID of this gateway; if it is empty, the address
    /// of its metadata for this provider.
    #[serde(default)]
    pub client_id: String,
    /// Speaks SAML 2.0 with the provider instead of OpenID Connect. Keys of this section that are of tokens, scopes and
    /// endpoints then mean nothing; `acr` is the class of the authentication context, and claims are attributes.
    #[serde(default)]
    pub saml: Option<SamlSection>,
    /// File with the client secret; only the user that runs the gateway may read it.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// PEM file with the private key for `client_auth = "private_key_jwt"`: RSA, P-256 or Ed25519.
    #[serde(default)]
    pub client_key_file: Option<PathBuf>,
    /// The id (`kid`) of that key, where the provider wants one.
    #[serde(default)]
    pub client_key_id: Option<String>,
    /// How this gateway authenticates at the token endpoint.
    #[serde(default)]
    pub client_auth: ClientAuth,
    /// What is asked for. `openid` must be among them; providers that give a refresh token only for `offline_access` need
    /// it here.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// Proof key for code exchange (RFC 7636), with S256.
    #[serde(default)]
    pub pkce: PkceUse,
    /// The signature algorithms that are accepted.
    #[serde(default = "TokenAlgorithm::all")]
    pub algorithms: Vec<TokenAlgorithm>,
    /// More parameters of the authorization request, as in `{ domain_hint = "example.com" }`.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// If not empty, `acr` of the ID token must be one of these; they are asked for as `acr_values`.
    #[serde(default)]
    pub acr: Vec<String>,
    /// If not empty, `amr` of the ID token must hold all of these, as in `["mfa"]`.
    #[serde(default)]
    pub amr: Vec<String>,
    /// Claims that the ID token must have with exactly this value, as in `{ hd = "example.com" }`.
    #[serde(default)]
    pub claims: BTreeMap<String, String>,
    /// Mail domains of its people: an address in one of them leads to this provider, and only these addresses link accounts.
    #[serde(default)]
    pub mail_domains: Vec<String>,
    /// Whether its mail addresses count as verified where it does not say.
    #[serde(default)]
    pub trust_email: bool,
    /// Which account here is that of a person who comes for the first time.
    #[serde(default)]
    pub link: LinkRule,
    /// What happens with a person who has no account here.
    #[serde(default)]
    pub users: UnknownPerson,
    /// The claim that names a new account.
    #[serde(default = "preferred_username")]
    pub user_name: String,
    /// Groups that the provider gives.
    #[serde(default)]
    pub groups: Option<IdpGroups>,
    /// Whether the sign-in page has a button for it; without one, a mail address in `mail_domains` leads there.
    #[serde(default = "yes")]
    pub button: bool,
    /// Whether a sign-out here also signs out there, where the provider has an address for it.
    #[serde(default)]
    pub sign_out: IdpSignOut,
    /// PEM file with the authority of its certificate; the system's authorities by default.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    /// Internal networks that it may be reached in. Without them only public addresses are connected to.
    #[serde(default)]
    pub networks: Vec<CidrBlock>,
    /// Each answer of the provider.
    #[serde(default = "five_seconds")]
    pub answer_within: TimeSpan,
}

fn scopes() -> Vec<String> {
    ["openid", "email", "profile"].map(str::to_owned).to_vec()
}

fn preferred_username() -> String {
    "preferred_username".to_owned()
}

const fn yes() -> bool {
    true
}

const fn five_seconds() -> TimeSpan {
    TimeSpan::seconds(5)
}

/// How this gateway authenticates at a token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// `post` where the provider lists it, otherwise `basic`; if it is refused, the others are tried, and the log says which
    /// one was accepted.
    #[default]
    Auto,
    /// Id and secret in the form.
    Post,
    /// Id and secret in the header, form-encoded as RFC 6749 §2.3.1 says.
    Basic,
    /// Id and secret in the header as they are, for providers that do not decode them.
    BasicRaw,
    /// A JWT that is signed with the key of `client_key_file` (RFC 7523).
    PrivateKeyJwt,
}

/// When a proof key is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Pkce", rename_all = "snake_case")]
pub enum PkceUse {
    /// Always, but where the provider does not say that it knows it and refused a request with it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Off,
}

/// An asymmetric signature algorithm of a JWT (RFC 7518, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum TokenAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PSS with SHA-384.
    PS384,
    /// RSASSA-PSS with SHA-512.
    PS512,
    /// ECDSA on P-256.
    ES256,
    /// ECDSA on P-384.
    ES384,
    /// Ed25519.
    EdDSA,
}

impl TokenAlgorithm {
    /// Every one of them.
    pub fn all() -> Vec<Self> {
        use TokenAlgorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
        vec![RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA]
    }
}

/// Which account here is that of a person who comes for the first time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Link", rename_all = "snake_case")]
pub enum LinkRule {
    /// The one that an administrator linked with issuer and subject, and no other.
    #[default]
    Subject,
    /// Also the one with the same mail address, if the provider verified it and it lies in `mail_domains`.
    VerifiedMail,
}

/// What happens with a person who has no account here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnknownPerson {
    /// A page says so.
    #[default]
    Refuse,
    /// An account is made, with the name of `user_name` and no other method than `idp`.
    Create,
}

/// Groups that a provider gives.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IdpGroups {
    /// The claim with the groups: a name, or names with dots between them for a claim within a claim
    /// (`realm_access.roles`). A text is one group.
    pub claim: String,
    /// Where the claim is looked for.
    pub source: ClaimSource,
    /// What stands between groups, where the provider writes several into one text.
    pub separator: Option<String>,
    /// Names there and the group here that each of them stands for.
    pub map: BTreeMap<String, String>,
    /// Whether a group that has the same name there and here is taken without being listed; never the administrators'.
    pub same_names: bool,
}

impl Default for IdpGroups {
    fn default() -> Self {
        Self {
            claim: "groups".to_owned(),
            source: ClaimSource::default(),
            separator: None,
            map: BTreeMap::new(),
            same_names: false,
        }
    }
}

/// Where a claim is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimSource {
    /// In the ID token, and where it has none, in the answer of the userinfo endpoint.
    #[default]
    Either,
    /// In the ID token.
    IdToken,
    /// In the answer of the userinfo endpoint.
    Userinfo,
}

/// Whether a sign-out here also signs out at the provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdpSignOut {
    /// The page of the sign-out asks.
    #[default]
    Ask,
    /// The browser is sent there.
    Always,
    /// Never.
    Off,
}

/// What is needed of a provider that speaks SAML 2.0.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Saml", deny_unknown_fields)]
pub struct SamlSection {
    /// XML file with the provider's metadata: its keys and where it takes requests. It is read again when it changes.
    pub metadata: PathBuf,
    /// The format that its name identifiers must have.
    #[serde(default)]
    pub name_id: NameIdKind,
    /// The attribute that says who a person is, for ever; without it the name identifier does.
    #[serde(default)]
    pub subject: Option<String>,
    /// The attribute with the mail address.
    #[serde(default = "mail")]
    pub mail: String,
    /// The attribute with the name that people use.
    #[serde(default = "display_name")]
    pub display_name: String,
    /// PEM file with an RSA key that signs requests, where the provider's metadata wants them signed; only the user that runs
    /// the gateway may read it.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// PEM file with the certificate of that key, for the metadata of this gateway.
    #[serde(default)]
    pub certificate_file: Option<PathBuf>,
}

fn mail() -> String {
    "mail".to_owned()
}

fn display_name() -> String {
    "displayName".to_owned()
}

/// A format of name identifiers (SAML Core 2.0 §8.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "NameId", rename_all = "snake_case")]
pub enum NameIdKind {
    /// One that the provider gives to a person for this gateway, and to nobody else later.
    #[default]
    Persistent,
    /// A mail address, which may be given to somebody else later.
    EmailAddress,
    /// Whatever the two have agreed upon.
    Unspecified,
    /// Another one for each sign-in: `subject` must say who it is.
    Transient,
}
