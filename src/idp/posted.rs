//! A response that a provider's page has a browser post: from another site, so that no cookie comes with it. It is verified at
//! once, its assertion is used up, and what it said waits under a code for the browser that began the sign-in, which comes for
//! it by an ordinary visit. From there on it is a way back like any other.

use subtle::ConstantTimeEq as _;

use super::claims::Claims;
use super::failure::{IdpFailure, IdpReason};
use super::flow::{CallbackQuery, Flow};
use super::paths;
use super::provider::IdentityProvider;
use super::providers::{IdentityProviders, Returned};
use super::redemption::{nothing_kept, refusal};
use super::relay::SamlRelay;
use super::saml::{SamlRefusal, SamlRequest};
use super::waiting::PostedRecord;
use crate::random::base64url;
use crate::seal::TokenHash;
use crate::store::shared::SharedStateError;

/// Why nothing waits for a browser.
#[derive(Debug)]
pub enum PostedFault {
    /// It answers no request of this gateway.
    Unsolicited,
    /// It took the person too long.
    Over,
    /// It signs nobody in.
    Failed(IdpFailure),
}

impl IdentityProviders {
    /// Takes a response; where its browser comes for what it said, below the portal's address.
    ///
    /// # Errors
    /// [`PostedFault`].
    pub async fn posted(&self, provider: &IdentityProvider, response: &str, relay: &str) -> Result<String, PostedFault> {
        let name = provider.settings.name();
        let Some(peer) = &provider.settings.saml else { return Err(PostedFault::Unsolicited) };
        let Some(opened) = SamlRelay::opened(&self.keys, relay, name) else { return Err(PostedFault::Unsolicited) };
        let now = self.clock.now();
        if opened.is_over(now) {
            return Err(PostedFault::Over);
        }
        let id = opened.request();
        let request = SamlRequest { id: &id, relay, now, afresh: false };
        let failed = |reason: IdpReason| {
            let failure = provider.fail(reason);
            provider.count("response", Some(&failure));
            PostedFault::Failed(failure)
        };
        let brings = match peer.usable(now).map_err(SamlRefusal::Reason).and_then(|()| peer.answer(response, &request)) {
            Ok(answer) => {
                let said = PostedRecord { provider: name.to_owned(), request: id, claims: answer.claims };
                let code = self.waits(&provider.settings.section.issuer, &answer.assertion, &said).await.map_err(failed)?;
                provider.count("response", None);
                vec![("code", code)]
            }
            // A refusal is nobody's word for anything: it need not be signed, and a page says it to the browser that began this.
            Err(SamlRefusal::Status(word, says)) => vec![("error", word.to_owned()), ("error_description", says)],
            Err(SamlRefusal::Reason(reason)) => return Err(failed(reason)),
        };
        let mut back = url::form_urlencoded::Serializer::new(String::new());
        back.append_pair("state", relay).extend_pairs(brings);
        Ok(format!("{}?{}", paths::callback_path(name), back.finish()))
    }

    /// Uses an assertion up, and keeps what it said under a code.
    async fn waits(&self, issuer: &str, assertion: &str, said: &PostedRecord) -> Result<String, IdpReason> {
        let unavailable = |error: SharedStateError| IdpReason::unavailable(error.to_string());
        let mark = base64url(TokenHash::of(format!("{issuer}\n{assertion}").as_bytes()).as_bytes());
        if !self.assertions.put_new(&mark, &true).await.map_err(unavailable)? {
            return Err(IdpReason::not_believed("its assertion was used before"));
        }
        let code = base64url(&self.random.token());
        self.answers.put(&code, said).await.map_err(unavailable)?;
        Ok(code)
    }

    /// What a browser that came back from such a provider brings.
    pub(super) async fn returned_by_saml(&self, provider: &IdentityProvider, flow: &Flow, query: &CallbackQuery) -> Returned {
        if let Some(error) = &query.error {
            let failure = provider.fail(refusal(error, query.error_description.as_deref()));
            provider.count("authorization", Some(&failure));
            return Returned::Failed(failure);
        }
        let said = match self.answers.take(query.code.as_deref().unwrap_or_default()).await {
            Ok(said) => said,
            Err(error) => return Returned::Failed(provider.fail(IdpReason::unavailable(error.to_string()))),
        };
        let own = SamlRelay::of(flow).request();
        let is_own =
            |said: &PostedRecord| said.provider == flow.provider && bool::from(said.request.as_bytes().ct_eq(own.as_bytes()));
        let Some(said) = said.filter(is_own) else {
            let reason = IdpReason::not_believed("no response waits for this sign-in; it waits two minutes, and is fetched once");
            return Returned::Failed(provider.fail(reason));
        };
        let claims = Claims(said.claims);
        let attested = provider
            .sign_in_of(flow, &claims)
            .map(|sign_in| provider.attestation(sign_in, &claims, &Claims::default(), None, nothing_kept()));
        match attested {
            Ok(attestation) => self.once(provider, flow, Box::new(attestation)).await,
            Err(reason) => {
                let failure = provider.fail(reason);
                provider.count("response", Some(&failure));
                Returned::Failed(failure)
            }
        }
    }
}
