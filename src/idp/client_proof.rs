//! How this gateway authenticates at a token endpoint. Providers differ in what they take: of one secret with `+` and `%` one
//! wants the form-encoding of RFC 6749 §2.3.1 and another cannot decode it. Where the config leaves it open, the ways are
//! tried in their order, and the one that is accepted is kept.

use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::Header;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::failure::{IdpReason, legible};
use super::metadata::ProviderMetadata;
use super::provider::IdentityProvider;
use super::settings::ClientCredential;
use crate::config::schema::ClientAuth;
use crate::random::{Random, base64url};

/// The words by which a token endpoint says that it did not recognise the client; one provider says it with words of its own,
/// another by calling the request wrong.
const NOT_RECOGNISED: [&str; 3] = ["invalid_client", "unauthorized_client", "invalid_request"];

/// How long a signed assertion of ours is good, seconds.
const ASSERTION: i64 = 60;

/// What a token endpoint said.
#[derive(Debug)]
pub(super) struct TokenAnswer(pub(super) Value);

impl TokenAnswer {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

/// Why there are no tokens.
#[derive(Debug)]
pub(super) enum NoTokens {
    /// It failed by itself: another attempt may succeed.
    ServerFailed(IdpReason),
    /// It refused the grant: code or refresh token is not good (any more).
    GrantRefused(IdpReason),
    /// Anything else.
    Other(IdpReason),
}

impl NoTokens {
    pub(super) fn reason(self) -> IdpReason {
        match self {
            Self::ServerFailed(reason) | Self::GrantRefused(reason) | Self::Other(reason) => reason,
        }
    }
}

impl IdentityProvider {
    /// Posts a grant to the token endpoint, authenticated.
    pub(super) async fn tokens(
        &self,
        metadata: &ProviderMetadata,
        random: &dyn Random,
        grant: &[(&str, &str)],
    ) -> Result<TokenAnswer, NoTokens> {
        let ways = self.ways(metadata);
        let mut last = None;
        for (place, way) in ways.iter().enumerate() {
            match self.tokens_by(metadata, random, grant, *way).await {
                Ok(tokens) => {
                    if place > 0 {
                        tracing::warn!(provider = self.settings.name(), client_auth = word(*way), "idp_client_auth_found");
                    }
                    self.way.store(number(*way), Ordering::Relaxed);
                    return Ok(tokens);
                }
                Err((failure, true)) => last = Some(failure),
                Err((failure, false)) => return Err(failure),
            }
        }
        Err(last.unwrap_or_else(|| NoTokens::Other(IdpReason::set_up("there is no way to authenticate"))))
    }

    /// The ways to try, the likeliest first.
    fn ways(&self, metadata: &ProviderMetadata) -> Vec<ClientAuth> {
        match (&self.settings.credential, self.settings.section.client_auth) {
            (ClientCredential::Key(..), _) => vec![ClientAuth::PrivateKeyJwt],
            (_, ClientAuth::Auto) => {
                let all = [ClientAuth::Post, ClientAuth::Basic, ClientAuth::BasicRaw];
                let accepted = self.way.load(Ordering::Relaxed);
                let first = all
                    .into_iter()
                    .find(|way| number(*way) == accepted)
                    .unwrap_or(if metadata.takes("client_secret_post") { ClientAuth::Post } else { ClientAuth::Basic });
                std::iter::once(first).chain(all.into_iter().filter(|way| *way != first)).collect()
            }
            (_, said) => vec![said],
        }
    }

    /// Tries one way; an error says whether another way may do.
    async fn tokens_by(
        &self,
        metadata: &ProviderMetadata,
        random: &dyn Random,
        grant: &[(&str, &str)],
        way: ClientAuth,
    ) -> Result<TokenAnswer, (NoTokens, bool)> {
        let id = self.settings.section.client_id.as_str();
        let other = |reason| (NoTokens::Other(reason), false);
        let mut form = grant.to_vec();
        let assertion;
        let authorization = match (&self.settings.credential, way) {
            (ClientCredential::Key(key, algorithm, kid), _) => {
                let now = self.clock.now().seconds();
                let claims = json!({
                    "iss": id, "sub": id, "aud": metadata.token_endpoint, "jti": base64url(&random.id()), "iat": now,
                    "exp": now + ASSERTION,
                });
                let header = Header { kid: kid.clone(), ..Header::new(*algorithm) };
                assertion = jsonwebtoken::encode(&header, &claims, key)
                    .map_err(|error| other(IdpReason::set_up(format!("the client key signs nothing: {error}"))))?;
                form.push(("client_id", id));
                form.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
                form.push(("client_assertion", &assertion));
                None
            }
            (ClientCredential::NotNeeded, _) => return Err(other(IdpReason::set_up("there is no token endpoint"))),
            (ClientCredential::Secret(secret), ClientAuth::Basic) => {
                let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                Some(basic(&encoded(id), &encoded(secret.expose_secret())))
            }
            (ClientCredential::Secret(secret), ClientAuth::BasicRaw) => Some(basic(id, secret.expose_secret())),
            (ClientCredential::Secret(secret), _) => {
                form.push(("client_id", id));
                form.push(("client_secret", secret.expose_secret()));
                None
            }
        };
        let sent = self.settings.wire.post(&metadata.token_endpoint, &form, authorization.as_deref()).await;
        let answer = sent.map_err(|reason| (NoTokens::ServerFailed(reason), false))?;
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        let status = answer.status.as_u16();
        if answer.status.is_success() && body.is_object() {
            return Ok(TokenAnswer(body));
        }
        // The word counts at any status: 400, 401, and one provider answers 403 to everything.
        let Some(error) = body.get("error").and_then(Value::as_str) else {
            let text = format!("its token endpoint answers {status} and says nothing that can be read");
            return Err((NoTokens::ServerFailed(IdpReason::unavailable(text)), false));
        };
        let description = body.get("error_description").and_then(Value::as_str).unwrap_or_default();
        let text = format!("its token endpoint answers {status} {:?} {:?}", legible(error, 64), legible(description, 200));
        Err(match error {
            "invalid_grant" | "invalid_code" => (NoTokens::GrantRefused(IdpReason::not_believed(text).with_word(error)), false),
            _ if answer.status.is_server_error() => {
                (NoTokens::ServerFailed(IdpReason::unavailable(text).with_word(error)), false)
            }
            _ => (NoTokens::Other(IdpReason::set_up(text).with_word(error)), NOT_RECOGNISED.contains(&error)),
        })
    }
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

const fn word(way: ClientAuth) -> &'static str {
    match way {
        ClientAuth::Auto => "auto",
        ClientAuth::Post => "post",
        ClientAuth::Basic => "basic",
        ClientAuth::BasicRaw => "basic_raw",
        ClientAuth::PrivateKeyJwt => "private_key_jwt",
    }
}

/// As an atomic keeps it; 0 is none yet.
const fn number(way: ClientAuth) -> u8 {
    match way {
        ClientAuth::Auto => 0,
        ClientAuth::Post => 1,
        ClientAuth::Basic => 2,
        ClientAuth::BasicRaw => 3,
        ClientAuth::PrivateKeyJwt => 4,
    }
}
