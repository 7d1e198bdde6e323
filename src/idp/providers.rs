//! All providers of the config, with what they share: sealed flows, links, sessions.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::future::join_all;
use url::Url;

use super::attestation::{Attestation, Rechecked};
use super::documents::KeptDocuments;
use super::failure::{IdpFailure, IdpReason};
use super::flow::{CallbackQuery, Flow, FlowFault, FlowStart, KeptFlow, LIFE, LONGEST_GOAL, WayThere};
use super::link::IdpSession;
use super::links::{IdpLinks, IdpSessions};
use super::provider::IdentityProvider;
use super::redemption::{Redeemed, refusal};
use super::relay::SamlRelay;
use super::saml::SamlRequest;
use super::settings::ProviderSettings;
use super::waiting::{PostedRecord, REMEMBERED, WAITS};
use crate::clock::SharedClock;
use crate::config::diagnose::Complaint;
use crate::config::schema::{File, PkceUse};
use crate::random::{SharedRandom, base64url};
use crate::seal::{MasterKeys, TokenHash};
use crate::store::database::{Database, DatabaseError};
use crate::store::shared::{Keyspace, SharedState, SharedStateError};

/// Codes that led to nobody, of one network and within this time, after which no further code of it is redeemed.
const RETURNED_AT_MOST: i64 = 100;
const RETURNED_WITHIN: Duration = Duration::from_secs(600);

/// How long it is remembered that a logout token came: longer than one is good.
const LOGOUTS: Duration = Duration::from_secs(20 * 60);

/// The providers that a config compiled to; nothing of it is in force yet.
#[derive(Debug, Default)]
pub struct CompiledProviders(Vec<ProviderSettings>);

impl CompiledProviders {
    /// Reads secrets, keys and authorities.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn of(file: &File) -> Result<Self, Vec<Complaint>> {
        let mut found = Vec::new();
        let mut complaints = Vec::new();
        for (place, section) in file.idp.iter().enumerate() {
            match ProviderSettings::read(place, section, &file.portal.url) {
                Ok(settings) => found.push(settings),
                Err(complaint) => complaints.push(complaint),
            }
        }
        if complaints.is_empty() { Ok(Self(found)) } else { Err(complaints) }
    }
}

/// What a way back from a provider came to.
#[derive(Debug)]
pub enum Returned {
    /// It is attested who it is.
    Attested(Box<Attestation>),
    /// The browser is sent there once more, by itself, after this time.
    Again(Url, Duration),
    /// Nobody is signed in.
    Failed(IdpFailure),
}

/// The providers.
pub struct IdentityProviders {
    providers: ArcSwap<BTreeMap<String, Arc<IdentityProvider>>>,
    /// Their names in the order of the config.
    order: ArcSwap<Vec<String>>,
    links: IdpLinks,
    sessions: IdpSessions,
    /// Flows that came back.
    used: Keyspace<bool>,
    /// Goals that are too long for `state`.
    goals: Keyspace<String>,
    pub(super) logouts: Keyspace<bool>,
    /// Assertions that were used.
    pub(super) assertions: Keyspace<bool>,
    /// What responses said, until their browsers come for it.
    pub(super) answers: Keyspace<PostedRecord>,
    shared: Arc<dyn SharedState>,
    pub(super) kept: KeptDocuments,
    pub(super) keys: Arc<MasterKeys>,
    pub(super) clock: SharedClock,
    pub(super) random: SharedRandom,
}

impl fmt::Debug for IdentityProviders {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.providers.load().keys()).finish()
    }
}

impl IdentityProviders {
    /// These, in this state.
    pub fn new(
        compiled: CompiledProviders,
        database: &Database,
        shared: &Arc<dyn SharedState>,
        keys: Arc<MasterKeys>,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Self {
        let providers = Self {
            providers: ArcSwap::default(),
            order: ArcSwap::default(),
            links: IdpLinks::new(database.clone(), Arc::clone(&clock), Arc::clone(&random)),
            sessions: IdpSessions::new(database.clone(), Arc::clone(&keys), Arc::clone(&clock), Arc::clone(&random)),
            used: Keyspace::new(Arc::clone(shared), "idp_flow", LIFE),
            goals: Keyspace::new(Arc::clone(shared), "idp_goal", LIFE),
            logouts: Keyspace::new(Arc::clone(shared), "idp_logout", LOGOUTS),
            assertions: Keyspace::new(Arc::clone(shared), "idp_assertion", REMEMBERED),
            answers: Keyspace::new(Arc::clone(shared), "idp_answer", WAITS),
            shared: Arc::clone(shared),
            kept: KeptDocuments::new(database.clone()),
            keys,
            clock,
            random,
        };
        providers.configure(compiled);
        providers
    }

    /// Takes over a config that compiled.
    pub fn configure(&self, compiled: CompiledProviders) {
        let before = self.providers.load();
        let order = compiled.0.iter().map(|settings| settings.name().to_owned()).collect();
        let now = compiled.0.into_iter().map(|settings| {
            let name = settings.name().to_owned();
            let same = before.get(&name).map(|provider| &**provider);
            (name, Arc::new(IdentityProvider::new(settings, self.kept.clone(), Arc::clone(&self.clock), same)))
        });
        self.providers.store(Arc::new(now.collect()));
        self.order.store(Arc::new(order));
    }

    /// All of them, in the order of the config.
    pub fn all(&self) -> Vec<Arc<IdentityProvider>> {
        let providers = self.providers.load();
        self.order.load().iter().filter_map(|name| providers.get(name).cloned()).collect()
    }

    /// The one of this name.
    pub fn find(&self, name: &str) -> Option<Arc<IdentityProvider>> {
        self.providers.load().get(name).cloned()
    }

    /// The one whose people have addresses like this.
    pub fn of_mail(&self, address: &str) -> Option<Arc<IdentityProvider>> {
        self.all().into_iter().find(|provider| provider.settings.has_mail_of(address))
    }

    /// Who is who.
    pub const fn links(&self) -> &IdpLinks {
        &self.links
    }

    /// Sessions that providers opened.
    pub const fn sessions(&self) -> &IdpSessions {
        &self.sessions
    }

    /// Reads what is an hour old again: in the background.
    pub async fn refresh(&self) {
        // Side by side: one that is slow keeps none of the others waiting.
        let all = self.all();
        let asked: Vec<_> = all.iter().map(|provider| provider.refresh()).collect();
        join_all(asked).await;
    }

    /// Begins a flow: where to send the browser.
    ///
    /// # Errors
    /// [`IdpFailure`] if the provider is not known well enough, or the short-lived state is out of reach.
    pub async fn begin(&self, provider: &IdentityProvider, start: &FlowStart<'_>) -> Result<WayThere, IdpFailure> {
        let unavailable = |error: SharedStateError| provider.fail(IdpReason::unavailable(error.to_string()));
        let with_pkce = !provider.settings.is_saml() && provider.sends_pkce(&provider.known().await?.metadata);
        let goal = self.short(start.goal).await.map_err(unavailable)?;
        let flow = Flow {
            provider: provider.settings.name().to_owned(),
            goal,
            secret: self.random.token(),
            started: self.clock.now(),
            browser: TokenHash::of(start.browser.as_bytes()),
            afresh: start.afresh,
            links: start.links.map(str::to_owned),
            with_pkce,
            attempt: 0,
            mark: String::new(),
        };
        self.sent(provider, &flow, start.hint).await
    }

    async fn sent(&self, provider: &IdentityProvider, flow: &Flow, hint: Option<&str>) -> Result<WayThere, IdpFailure> {
        let unsealed = || provider.fail(IdpReason::unavailable("the state of the sign-in cannot be sealed"));
        let state = flow.sealed(&self.keys, &*self.random).ok_or_else(unsealed)?;
        let Some(peer) = &provider.settings.saml else {
            let known = provider.known().await?;
            return Ok(WayThere { url: provider.authorization(&known.metadata, flow, &state, hint)?, keeps: None });
        };
        let relayed = SamlRelay::of(flow);
        let relay = relayed.sealed(&self.keys, &*self.random, &flow.provider).ok_or_else(unsealed)?;
        let name = KeptFlow::name_of(&relay).ok_or_else(unsealed)?.to_owned();
        let request = SamlRequest { id: &relayed.request(), relay: &relay, now: flow.started, afresh: flow.afresh };
        let url = peer.usable(flow.started).and_then(|()| peer.request(&request)).map_err(|reason| provider.fail(reason))?;
        Ok(WayThere { url, keeps: Some(KeptFlow { name, value: state }) })
    }

    /// A goal as it travels: a long one is kept here for the time of the flow.
    async fn short(&self, goal: &str) -> Result<String, SharedStateError> {
        if goal.len() <= LONGEST_GOAL {
            return Ok(goal.to_owned());
        }
        let key = base64url(&self.random.token());
        self.goals.put(&key, &goal.to_owned()).await?;
        Ok(format!("@{key}"))
    }

    /// Counts a code that is to be redeemed for a browser of this network; whether it may be, since the network has not brought
    /// too many that led to nobody.
    ///
    /// # Errors
    /// `SharedStateError`. So for [`Self::took_code_from`], which takes one back that did.
    pub async fn takes_code_from(&self, network: &str) -> Result<bool, SharedStateError> {
        Ok(self.shared.count(&counter_of(network), 1, RETURNED_WITHIN).await? <= RETURNED_AT_MOST)
    }

    /// Takes back what [`Self::takes_code_from`] counted.
    ///
    /// # Errors
    /// `SharedStateError`.
    pub async fn took_code_from(&self, network: &str) -> Result<(), SharedStateError> {
        self.shared.count(&counter_of(network), -1, RETURNED_WITHIN).await.map(drop)
    }

    /// The flow that a browser comes back to, which it does once.
    ///
    /// # Errors
    /// [`FlowFault`].
    pub async fn back(&self, provider: &str, browser: &str, query: &CallbackQuery) -> Result<Flow, FlowFault> {
        let state = query.state.as_deref().ok_or(FlowFault::Unknown)?;
        let mut flow = Flow::opened(&self.keys, state, provider, browser, self.clock.now())?;
        if let Some(key) = flow.goal.strip_prefix('@') {
            flow.goal = self.goals.get(key).await?.ok_or(FlowFault::Expired)?;
        }
        if self.used.get(&flow.mark).await?.is_some() {
            return Err(FlowFault::Used);
        }
        Ok(flow)
    }

    /// The goal of a flow that came back already, so that its browser can be led on.
    pub async fn goal_of_used(&self, provider: &str, browser: &str, query: &CallbackQuery) -> Option<String> {
        let flow = Flow::opened(&self.keys, query.state.as_deref()?, provider, browser, self.clock.now()).ok()?;
        match flow.goal.strip_prefix('@') {
            Some(key) => self.goals.get(key).await.ok().flatten(),
            None => Some(flow.goal),
        }
    }

    /// What a browser that came back brings: an attestation, or the reason why there is none.
    pub async fn returned(&self, flow: &Flow, query: &CallbackQuery) -> Returned {
        let Some(provider) = self.find(&flow.provider) else {
            let reason = IdpReason::set_up("the config names it no more");
            return Returned::Failed(reason.at(&flow.provider));
        };
        if provider.settings.is_saml() {
            return self.returned_by_saml(&provider, flow, query).await;
        }
        let known = match provider.known().await {
            Ok(known) => known,
            Err(failure) => return Returned::Failed(failure),
        };
        // RFC 9207 §2.4: an issuer that is there must be right; a success without one is refused where one was announced. An
        // error without one is a sign-in that failed, and no attack.
        let issuer = &provider.settings.section.issuer;
        if query.issuer.as_ref().is_some_and(|said| said != issuer) {
            let reason = IdpReason::not_believed("the answer comes from another issuer than the request went to (RFC 9207)");
            return Returned::Failed(provider.fail(reason));
        }
        if let Some(error) = &query.error {
            return self.refused(&provider, flow, error, query.error_description.as_deref()).await;
        }
        if query.issuer.is_none() && known.metadata.authorization_response_iss_parameter_supported {
            let reason =
                IdpReason::not_believed("the answer does not say who it comes from, which the provider announces (RFC 9207)");
            return Returned::Failed(provider.fail(reason));
        }
        let Some(code) = query.code.as_deref().filter(|code| !code.is_empty() && code.len() <= 4096) else {
            return Returned::Failed(provider.fail(IdpReason::set_up("it sends the person back without a code")));
        };
        match provider.redeem(&*self.random, flow, code).await {
            Redeemed::Attested(attestation) => self.once(&provider, flow, attestation).await,
            Redeemed::Failed(failure) => Returned::Failed(failure),
            // Two tabs of one person in one second make one provider fail; in another second a new request succeeds.
            Redeemed::Again(failure) => match (flow.attempt == 0).then(|| provider.next_retry()).flatten() {
                Some(after) => self.again(&provider, flow, flow.with_pkce, failure, after).await,
                None => Returned::Failed(failure),
            },
        }
    }

    /// A flow is used up by its success, once: what nobody proved anything by leaves nothing here, and a code is good once at
    /// the provider anyway.
    pub(super) async fn once(&self, provider: &IdentityProvider, flow: &Flow, attestation: Box<Attestation>) -> Returned {
        match self.used.put_new(&flow.mark, &true).await {
            Ok(true) => Returned::Attested(attestation),
            Ok(false) => Returned::Failed(provider.fail(IdpReason::not_believed("the browser came back with this state before"))),
            Err(error) => Returned::Failed(provider.fail(IdpReason::unavailable(error.to_string()))),
        }
    }

    async fn refused(&self, provider: &IdentityProvider, flow: &Flow, error: &str, description: Option<&str>) -> Returned {
        let failure = provider.fail(refusal(error, description));
        provider.count("authorization", Some(&failure));
        let says_pkce = match provider.known().await {
            Ok(known) => known.metadata.says_pkce(),
            Err(_) => true,
        };
        // A provider that says nothing of PKCE may refuse what it does not know.
        let is_auto = provider.settings.section.pkce == PkceUse::Auto;
        if error == "invalid_request" && is_auto && flow.with_pkce && !says_pkce && flow.attempt == 0 {
            provider.refuses_pkce.store(true, Ordering::Relaxed);
            tracing::warn!(provider = provider.settings.name(), "idp_without_pkce");
            return self.again(provider, flow, false, failure, Duration::ZERO).await;
        }
        Returned::Failed(failure)
    }

    async fn again(
        &self,
        provider: &IdentityProvider,
        flow: &Flow,
        with_pkce: bool,
        failure: IdpFailure,
        after: Duration,
    ) -> Returned {
        let Ok(goal) = self.short(&flow.goal).await else { return Returned::Failed(failure) };
        let flow = Flow { goal, secret: self.random.token(), with_pkce, attempt: flow.attempt + 1, ..flow.clone() };
        match self.sent(provider, &flow, None).await {
            Ok(way) => Returned::Again(way.url, after),
            Err(failure) => Returned::Failed(failure),
        }
    }

    /// Asks by refresh token whether a session is still good at its provider, and keeps what changed.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn recheck(&self, session: &IdpSession) -> Result<Recheck, DatabaseError> {
        let Some(provider) = self.find(&session.provider) else {
            return Ok(Recheck::Over("the config names the provider no more".to_owned()));
        };
        let Some(tokens) = self.sessions.tokens(session).await? else {
            return Ok(Recheck::Over("its tokens cannot be read any more".to_owned()));
        };
        match provider.recheck(&*self.random, &session.subject, &tokens).await {
            Rechecked::Good { tokens, groups } => {
                self.sessions.confirm(session, &tokens).await?;
                Ok(Recheck::Good { groups })
            }
            Rechecked::Over(failure) => Ok(Recheck::Over(failure.reason)),
            Rechecked::Unknown(failure) => Ok(Recheck::Unknown(failure.reason)),
        }
    }
}

fn counter_of(network: &str) -> String {
    format!("idp_returned/{network}")
}

/// What a re-check came to.
#[derive(Debug)]
pub enum Recheck {
    /// The session is good; the groups that the provider gives now, where it says so.
    Good {
        /// In the provider's own words.
        groups: Option<Vec<String>>,
    },
    /// It is over at the provider.
    Over(String),
    /// It cannot be said now.
    Unknown(String),
}
