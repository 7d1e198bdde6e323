//! From a code to an attestation: tokens for the code, the ID token verified, the userinfo endpoint asked where it is needed.
//! Later, by refresh token, the same again for the session that came of it.

use secrecy::{ExposeSecret as _, SecretString};

use super::attestation::{Attestation, IdpTokens, PersonClaims, Rechecked};
use super::claims::Claims;
use super::client_proof::{NoTokens, TokenAnswer};
use super::failure::{IdpFailure, IdpFault, IdpReason, legible};
use super::flow::Flow;
use super::id_token;
use super::metadata::ProviderMetadata;
use super::provider::IdentityProvider;
use crate::clock::Timestamp;
use crate::config::schema::ClaimSource;
use crate::random::Random;

/// Groups of one person that are read.
const MOST_GROUPS: usize = 1000;

/// What a code came to.
#[derive(Debug)]
pub(super) enum Redeemed {
    /// It is attested who it is.
    Attested(Box<Attestation>),
    /// The token endpoint failed by itself: a new request may succeed.
    Again(IdpFailure),
    /// Nobody is signed in.
    Failed(IdpFailure),
}

impl IdentityProvider {
    /// Redeems a code.
    pub(super) async fn redeem(&self, random: &dyn Random, flow: &Flow, code: &str) -> Redeemed {
        let known = match self.known().await {
            Ok(known) => known,
            Err(failure) => return Redeemed::Failed(failure),
        };
        let turn = tokio::time::timeout(self.settings.wire.within, self.turns.acquire()).await;
        let Ok(Ok(_until_the_end)) = turn else {
            return Redeemed::Failed(self.fail(IdpReason::unavailable("too many people come back from it at once")));
        };
        let redirect_uri = self.settings.redirect_uri();
        let verifier = flow.verifier();
        let mut grant = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_uri.as_str())];
        if flow.with_pkce {
            grant.push(("code_verifier", &verifier));
        }
        let tokens = self.tokens(&known.metadata, random, &grant).await;
        let tokens = match tokens {
            Ok(tokens) => tokens,
            Err(NoTokens::ServerFailed(reason)) => {
                let failure = self.fail(reason);
                self.count("token", Some(&failure));
                return Redeemed::Again(failure);
            }
            Err(other) => {
                let failure = self.fail(other.reason());
                self.count("token", Some(&failure));
                return Redeemed::Failed(failure);
            }
        };
        self.count("token", None);
        match self.attested(&known.metadata, flow, &tokens).await {
            Ok(attestation) => Redeemed::Attested(Box::new(attestation)),
            Err(reason) => {
                let failure = self.fail(reason);
                self.count("id_token", Some(&failure));
                Redeemed::Failed(failure)
            }
        }
    }

    async fn attested(&self, metadata: &ProviderMetadata, flow: &Flow, tokens: &TokenAnswer) -> Result<Attestation, IdpReason> {
        let id_token = tokens.text("id_token").ok_or_else(|| IdpReason::not_believed("its token endpoint gives no ID token"))?;
        let (claims, _head) = self.verified(id_token).await?;
        let now = self.clock.now();
        id_token::for_us(&self.settings, &claims, now)?;
        id_token::nonce(&claims, &flow.nonce())?;
        let sign_in = self.sign_in_of(flow, &claims)?;
        let session = claims.text("sid").map(str::to_owned);
        let more = self.userinfo(metadata, tokens, &claims, &sign_in.0).await?;
        Ok(self.attestation(sign_in, &claims, &more, session, kept(tokens, id_token, flow.nonce())))
    }

    /// Who signed in and when, of verified claims, if that is enough for the config and the flow.
    pub(super) fn sign_in_of(&self, flow: &Flow, claims: &Claims) -> Result<(String, Option<Timestamp>), IdpReason> {
        let subject = id_token::subject(claims)?;
        id_token::enough(&self.settings, claims)?;
        let signed_in_at = id_token::signed_in_at(claims, self.clock.now());
        // A link is no evidence of a fresh sign-in here: a provider that does not say when it was is good enough for it.
        if flow.afresh && (flow.links.is_none() || signed_in_at.is_some()) {
            id_token::fresh(signed_in_at, flow.started)?;
        }
        Ok((subject, signed_in_at))
    }

    /// What is attested of a sign-in, of verified claims; `more` are those of the userinfo endpoint.
    pub(super) fn attestation(
        &self,
        sign_in: (String, Option<Timestamp>),
        claims: &Claims,
        more: &Claims,
        session: Option<String>,
        tokens: IdpTokens,
    ) -> Attestation {
        Attestation {
            provider: self.settings.name().to_owned(),
            issuer: self.settings.section.issuer.clone(),
            subject: sign_in.0,
            signed_in_at: sign_in.1,
            person: self.person(&claims.clone().or(more)),
            groups: self.groups(claims, more),
            session,
            tokens,
        }
    }

    /// Asks the userinfo endpoint, where something that the config needs is not in the ID token.
    async fn userinfo(
        &self,
        metadata: &ProviderMetadata,
        tokens: &TokenAnswer,
        known: &Claims,
        subject: &str,
    ) -> Result<Claims, IdpReason> {
        let section = &self.settings.section;
        let lacks = |name: &str| known.find(name).is_none();
        let of_groups = section.groups.as_ref().is_some_and(|groups| match groups.source {
            ClaimSource::Userinfo => true,
            ClaimSource::Either => lacks(&groups.claim),
            ClaimSource::IdToken => false,
        });
        let of_person = lacks("email") || lacks("name") || lacks(&section.user_name);
        if !of_groups && !of_person {
            return Ok(Claims::default());
        }
        let (Some(endpoint), Some(token)) = (metadata.userinfo_endpoint.as_deref(), tokens.text("access_token")) else {
            return Ok(Claims::default());
        };
        let found = self.ask_userinfo(endpoint, token, subject).await;
        self.count("userinfo", found.as_ref().err().map(|reason| self.fail(reason.clone())).as_ref());
        found
    }

    async fn ask_userinfo(&self, endpoint: &str, token: &str, subject: &str) -> Result<Claims, IdpReason> {
        let answer = self.settings.wire.get(endpoint, Some(token)).await?;
        if !answer.status.is_success() {
            return Err(IdpReason::unavailable(format!("{endpoint} answers {}", answer.status.as_u16())));
        }
        let claims = if answer.content_type == "application/jwt" {
            let token = std::str::from_utf8(&answer.body).unwrap_or_default().trim();
            let (claims, _head) = self.verified(token).await?;
            // One provider writes neither issuer nor audience into it; what is there must be right.
            if claims.text("iss").is_some_and(|issuer| issuer != self.settings.section.issuer) {
                return Err(IdpReason::not_believed("the userinfo token is issued by somebody else"));
            }
            claims
        } else {
            let read = serde_json::from_slice(&answer.body);
            Claims(read.map_err(|error| IdpReason::unavailable(format!("{endpoint} cannot be read: {error}")))?)
        };
        // OpenID Connect Core 1.0 §5.3.2: otherwise it may be another person's.
        if claims.text("sub") != Some(subject) {
            return Err(IdpReason::not_believed("the userinfo endpoint speaks of another person than the ID token"));
        }
        Ok(claims)
    }

    fn person(&self, claims: &Claims) -> PersonClaims {
        let section = &self.settings.section;
        let mail = claims.text("email").filter(|mail| mail.len() <= 254 && !mail.chars().any(char::is_control));
        PersonClaims {
            user_name: claims.text(&section.user_name).map(|name| name.chars().take(128).collect()),
            display_name: claims.text("name").map(|name| name.chars().filter(|c| !c.is_control()).take(128).collect()),
            mail: mail.map(str::to_owned),
            // Absent is neither true nor false; what is there and cannot be read is false (T30).
            mail_is_verified: match claims.find("email_verified") {
                None => section.trust_email,
                Some(_) => claims.truth("email_verified") == Some(true),
            },
        }
    }

    fn groups(&self, id_token: &Claims, userinfo: &Claims) -> Option<Vec<String>> {
        let groups = self.settings.section.groups.as_ref()?;
        let found = match groups.source {
            ClaimSource::IdToken => id_token.texts(&groups.claim),
            ClaimSource::Userinfo => userinfo.texts(&groups.claim),
            ClaimSource::Either => id_token.texts(&groups.claim).or_else(|| userinfo.texts(&groups.claim)),
        };
        let found = found.unwrap_or_default();
        let separator = groups.separator.as_deref().filter(|separator| !separator.is_empty());
        let all = found.iter().flat_map(|text| match separator {
            Some(separator) => text.split(separator).map(str::trim).collect::<Vec<_>>(),
            None => vec![*text],
        });
        Some(all.filter(|name| !name.is_empty()).take(MOST_GROUPS).map(str::to_owned).collect())
    }

    /// Asks by refresh token whether the session at the provider is still good.
    pub(super) async fn recheck(&self, random: &dyn Random, subject: &str, tokens: &IdpTokens) -> Rechecked {
        let rechecked = self.rechecked(random, subject, tokens).await;
        let failure = match &rechecked {
            Rechecked::Good { .. } => None,
            Rechecked::Over(failure) | Rechecked::Unknown(failure) => Some(failure),
        };
        self.count("refresh", failure);
        rechecked
    }

    async fn rechecked(&self, random: &dyn Random, subject: &str, before: &IdpTokens) -> Rechecked {
        let Some(refresh) = &before.refresh else {
            return Rechecked::Unknown(self.fail(IdpReason::unavailable("there is no refresh token")));
        };
        let known = match self.known().await {
            Ok(known) => known,
            Err(failure) => return Rechecked::Unknown(failure),
        };
        let grant = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose_secret())];
        let tokens = match self.tokens(&known.metadata, random, &grant).await {
            Ok(tokens) => tokens,
            Err(NoTokens::GrantRefused(reason)) => return Rechecked::Over(self.fail(reason)),
            Err(other) => return Rechecked::Unknown(self.fail(other.reason())),
        };
        let mut next = kept(&tokens, before.id_token.expose_secret(), before.nonce.clone());
        next.refresh = next.refresh.or_else(|| before.refresh.clone());
        // The new refresh token is kept whatever comes now: the old one may be dead.
        match self.renewed(&known.metadata, subject, before, &tokens).await {
            Ok((id_token, groups)) => {
                next.id_token = id_token.unwrap_or(next.id_token);
                Rechecked::Good { tokens: Box::new(next), groups }
            }
            Err(reason) if reason.fault == IdpFault::Unavailable => Rechecked::Good { tokens: Box::new(next), groups: None },
            Err(reason) => Rechecked::Over(self.fail(reason)),
        }
    }

    /// What a refreshed ID token and the userinfo endpoint say: the same person, and the groups of now.
    async fn renewed(
        &self,
        metadata: &ProviderMetadata,
        subject: &str,
        before: &IdpTokens,
        tokens: &TokenAnswer,
    ) -> Result<(Option<SecretString>, Option<Vec<String>>), IdpReason> {
        let mut claims = Claims::default();
        let mut renewed = None;
        if let Some(id_token) = tokens.text("id_token") {
            let (read, _head) = self.verified(id_token).await?;
            id_token::for_us(&self.settings, &read, self.clock.now())?;
            if id_token::subject(&read)? != subject {
                return Err(IdpReason::not_believed("the refreshed ID token is of another person"));
            }
            // OpenID Connect Core 1.0 §12.2: it need not be there; one provider repeats the first.
            if read.text("nonce").is_some() {
                id_token::nonce(&read, &before.nonce)?;
            }
            claims = read;
            renewed = Some(SecretString::from(id_token.to_owned()));
        }
        let Some(groups) = &self.settings.section.groups else { return Ok((renewed, None)) };
        let has_groups = claims.find(&groups.claim).is_some() && groups.source != ClaimSource::Userinfo;
        let endpoint = metadata.userinfo_endpoint.as_deref().filter(|_| !has_groups && groups.source != ClaimSource::IdToken);
        let more = match (endpoint, tokens.text("access_token")) {
            (Some(endpoint), Some(token)) => self.ask_userinfo(endpoint, token, subject).await?,
            _ => Claims::default(),
        };
        // Without an ID token and without userinfo nothing was said of groups.
        let said = renewed.is_some() || !more.0.is_empty();
        Ok((renewed, self.groups(&claims, &more).filter(|_| said)))
    }
}

/// What is kept of a sign-in that brought no tokens.
pub(super) fn nothing_kept() -> IdpTokens {
    IdpTokens { refresh: None, id_token: SecretString::from(String::new()), nonce: String::new() }
}

fn kept(tokens: &TokenAnswer, id_token: &str, nonce: String) -> IdpTokens {
    IdpTokens {
        refresh: tokens.text("refresh_token").map(|token| SecretString::from(token.to_owned())),
        id_token: SecretString::from(id_token.to_owned()),
        nonce,
    }
}

/// What a provider sends a person back with that is no code.
pub(super) fn refusal(error: &str, description: Option<&str>) -> IdpReason {
    let description = description.map(|text| legible(text, 200)).unwrap_or_default();
    let text = format!("it sends the person back with {:?} {description:?}", legible(error, 64));
    let fault = match error {
        "access_denied" | "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
            IdpFault::Denied
        }
        "server_error" | "temporarily_unavailable" => IdpFault::Unavailable,
        "unmet_authentication_requirements" => IdpFault::NotEnough,
        _ => IdpFault::SetUp,
    };
    IdpReason::of(fault, text).with_word(error)
}
