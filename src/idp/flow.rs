//! One way of a person to a provider and back. What this gateway must remember of it travels sealed in `state`, so that a
//! visitor leaves nothing here, any number of tabs go on side by side, and none of them knows of another. It is bound to the
//! browser by the sign-in's cookie, to the provider, and to half an hour; it is used once.

use std::time::Duration;

use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::failure::IdpFailure;
use super::metadata::ProviderMetadata;
use super::provider::IdentityProvider;
use crate::clock::Timestamp;
use crate::config::schema::PkceUse;
use crate::random::{Random, base64url, from_base64url};
use crate::seal::{MasterKeys, TokenHash};
use crate::store::shared::SharedStateError;

/// How long a person may take at the provider.
pub(super) const LIFE: Duration = Duration::from_secs(30 * 60);
/// What `state` is sealed for.
const PLACE: &str = "idp-flow";
/// The longest `state` that is looked at.
const LONGEST: usize = 8 * 1024;
/// The longest goal that travels in `state`; addresses of providers have limits of their own.
pub(super) const LONGEST_GOAL: usize = 1024;

/// The longest `RelayState` (SAML Bindings 2.0 §3.4.3).
pub(super) const LONGEST_RELAY: usize = 80;
/// How many of its last characters name what waits in the browser.
const NAME: usize = 16;

/// What a flow begins with.
#[derive(Clone, Copy, Debug)]
pub struct FlowStart<'a> {
    /// What the sign-in is for.
    pub goal: &'a str,
    /// The value of the browser's sign-in cookie.
    pub browser: &'a str,
    /// Whether the person must sign in again there.
    pub afresh: bool,
    /// Who it probably is, for the provider's form.
    pub hint: Option<&'a str>,
    /// The session here whose user is to be linked with the person there; `None` for a sign-in.
    pub links: Option<&'a str>,
}

/// Where a browser goes to sign in, and what it keeps until it is back.
#[derive(Debug)]
pub struct WayThere {
    /// The address.
    pub url: Url,
    /// The flow itself, where the provider cannot carry it: it has room for little.
    pub keeps: Option<KeptFlow>,
}

/// A flow that waits in the browser that began it, sealed.
pub struct KeptFlow {
    /// Under which name.
    pub name: String,
    /// The flow.
    pub value: String,
}

debug_by_name!(KeptFlow);

impl KeptFlow {
    /// How long it waits.
    pub const LIFE: Duration = LIFE;

    /// The name of the one that belongs to what a provider brought back; `None` if there can be none.
    pub fn name_of(brought_back: &str) -> Option<&str> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let fits = brought_back.len() <= LONGEST_RELAY && brought_back.bytes().all(is_word);
        brought_back.len().checked_sub(NAME).filter(|_| fits).and_then(|at| brought_back.get(at..))
    }
}

/// What a flow is, as it comes back.
#[derive(Clone)]
pub struct Flow {
    pub(super) provider: String,
    pub(super) goal: String,
    pub(super) secret: [u8; 32],
    pub(super) started: Timestamp,
    pub(super) browser: TokenHash,
    pub(super) afresh: bool,
    pub(super) links: Option<String>,
    pub(super) with_pkce: bool,
    /// How often it was begun again without a person's doing.
    pub(super) attempt: u8,
    /// Under which its use is noted: a hash of the state.
    pub(super) mark: String,
}

debug_by_name!(Flow);

#[derive(Serialize, Deserialize)]
struct FlowRecord {
    p: String,
    g: String,
    s: String,
    t: i64,
    b: String,
    a: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    l: Option<String>,
    k: bool,
    n: u8,
}

/// What a browser brings back from a provider.
#[derive(Clone, Default)]
pub struct CallbackQuery {
    /// The state.
    pub state: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The error.
    pub error: Option<String>,
    /// What the provider says about the error.
    pub error_description: Option<String>,
    /// Who it comes from (RFC 9207).
    pub issuer: Option<String>,
}

debug_by_name!(CallbackQuery);

/// Why what a browser brings back belongs to no flow.
#[derive(Debug, thiserror::Error)]
pub enum FlowFault {
    /// No state, or one that is not ours or of another provider.
    #[error("find the sign-in that the browser comes back to")]
    Unknown,
    /// It took too long.
    #[error("go on with the sign-in: it took longer than half an hour")]
    Expired,
    /// It was begun in another browser, or this one keeps no cookies.
    #[error("go on with the sign-in: it was begun in another browser")]
    AnotherBrowser,
    /// It came back before.
    #[error("go on with the sign-in: it came back already")]
    Used,
    /// The short-lived state.
    #[error(transparent)]
    Unavailable(#[from] SharedStateError),
}

impl Flow {
    /// What the sign-in is for.
    pub fn goal(&self) -> &str {
        &self.goal
    }

    /// The provider, by its name here.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The session here whose user is to be linked with the person there; `None` for a sign-in.
    pub fn links(&self) -> Option<&str> {
        self.links.as_deref()
    }

    /// Whether the person had to sign in again there.
    pub const fn is_afresh(&self) -> bool {
        self.afresh
    }

    /// The nonce of the request.
    pub(super) fn nonce(&self) -> String {
        self.derived(b"nonce")
    }

    /// The proof key of the request (RFC 7636): 43 characters.
    pub(super) fn verifier(&self) -> String {
        self.derived(b"pkce")
    }

    fn derived(&self, what: &[u8]) -> String {
        base64url(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.secret), what).as_ref())
    }

    /// The value of `state`; `None` if nothing can be sealed.
    pub(super) fn sealed(&self, keys: &MasterKeys, random: &dyn Random) -> Option<String> {
        let record = FlowRecord {
            p: self.provider.clone(),
            g: self.goal.clone(),
            s: base64url(&self.secret),
            t: self.started.millis(),
            b: base64url(self.browser.as_bytes()),
            a: self.afresh,
            l: self.links.clone(),
            k: self.with_pkce,
            n: self.attempt,
        };
        let sealed = keys.seal(random, PLACE, &serde_json::to_vec(&record).ok()?).ok()?;
        Some(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Reads a `state`, and holds it against provider, browser and time.
    pub(super) fn opened(
        keys: &MasterKeys,
        state: &str,
        provider: &str,
        browser: &str,
        now: Timestamp,
    ) -> Result<Self, FlowFault> {
        let flow = Self::read(keys, state).filter(|flow| flow.provider == provider).ok_or(FlowFault::Unknown)?;
        if !bool::from(flow.browser.as_bytes().ct_eq(TokenHash::of(browser.as_bytes()).as_bytes())) {
            return Err(FlowFault::AnotherBrowser);
        }
        if now >= flow.started.plus(LIFE) {
            return Err(FlowFault::Expired);
        }
        Ok(flow)
    }

    fn read(keys: &MasterKeys, state: &str) -> Option<Self> {
        if state.len() > LONGEST {
            return None;
        }
        let opened = keys.open(PLACE, &URL_SAFE_NO_PAD.decode(state).ok()?).ok()?;
        let record: FlowRecord = serde_json::from_slice(&opened).ok()?;
        Some(Self {
            provider: record.p,
            goal: record.g,
            secret: from_base64url(&record.s)?,
            started: Timestamp::from_millis(record.t),
            browser: TokenHash::from_bytes(&from_base64url::<32>(&record.b)?)?,
            afresh: record.a,
            links: record.l,
            with_pkce: record.k,
            attempt: record.n,
            mark: base64url(TokenHash::of(state.as_bytes()).as_bytes()),
        })
    }
}

impl IdentityProvider {
    /// Whether the next request carries a proof key.
    pub(super) fn sends_pkce(&self, metadata: &ProviderMetadata) -> bool {
        match self.settings.section.pkce {
            PkceUse::Always => true,
            PkceUse::Off => false,
            PkceUse::Auto => metadata.says_pkce() || !self.refuses_pkce.load(std::sync::atomic::Ordering::Relaxed),
        }
    }

    /// The address of the authorization request (OpenID Connect Core 1.0 §3.1.2.1).
    pub(super) fn authorization(
        &self,
        metadata: &ProviderMetadata,
        flow: &Flow,
        state: &str,
        hint: Option<&str>,
    ) -> Result<Url, IdpFailure> {
        let mut url = Url::parse(&metadata.authorization_endpoint)
            .map_err(|_| self.fail(super::failure::IdpReason::set_up("its authorization endpoint is no address")))?;
        let section = &self.settings.section;
        let redirect_uri = self.settings.redirect_uri();
        let (scope, acr) = (section.scopes.join(" "), section.acr.join(" "));
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &section.client_id)
            .append_pair("redirect_uri", &redirect_uri)
            .append_pair("scope", &scope)
            .append_pair("state", state)
            .append_pair("nonce", &flow.nonce());
        if flow.with_pkce {
            let challenge = digest::digest(&digest::SHA256, flow.verifier().as_bytes());
            query.append_pair("code_challenge", &base64url(challenge.as_ref())).append_pair("code_challenge_method", "S256");
        }
        if flow.afresh {
            // Never max_age=0: one provider ignores it, one never ends, one refuses it.
            query.append_pair("prompt", "login");
        }
        if !acr.is_empty() {
            query.append_pair("acr_values", &acr);
        }
        if let Some(hint) = hint {
            query.append_pair("login_hint", hint);
        }
        for (name, value) in section.parameters.iter().filter(|(name, _)| !(flow.afresh && *name == "prompt")) {
            query.append_pair(name, value);
        }
        drop(query);
        Ok(url)
    }
}
