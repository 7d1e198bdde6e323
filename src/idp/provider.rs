//! One provider at run time: what is known of it, since when, and what it was found to accept. Knowledge is fetched in the
//! background; a fetch that fails changes nothing but the state that operators see.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use parking_lot::Mutex;

use super::claims::Claims;
use super::documents::{KeptDocuments, Knowledge};
use super::failure::{IdpFailure, IdpFault, IdpReason};
use super::keyset::{ProviderKeys, TokenHead, TokenJudgement};
use super::metadata::{self, ProviderMetadata};
use super::settings::ProviderSettings;
use super::wire::WireAnswer;
use crate::clock::{SharedClock, Timestamp};
use crate::store::database::DatabaseError;

/// How long what is known is taken as it is.
const FRESH: Duration = Duration::from_secs(3600);
/// Between two requests that are repeated at one provider, in milliseconds: times in tokens are whole seconds.
const RETRY_EVERY: i64 = 2_000;
/// How long a browser is kept for that at most, in milliseconds.
const RETRY_WITHIN: i64 = 10_000;
/// For so long after somebody was shown the way to it, it is looked this often whether it answers, so that the page can say
/// that it does not.
const WHILE_SHOWN: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How long a provider that could not be read is left alone.
const REST: Duration = Duration::from_secs(10);
/// Codes that are redeemed at one provider at once; more wait as long as an answer may take.
const AT_ONCE: usize = 64;
/// How long sessions are not re-checked at a provider that did not answer.
const RECHECK_REST: Duration = Duration::from_secs(60);
/// Keys are not fetched more often than this, whatever tokens name.
const KEYS_AT_MOST_EVERY: Duration = Duration::from_secs(30);

/// What operators see of a provider.
#[derive(Clone, Debug)]
pub struct ProviderState {
    /// When its documents were last read.
    pub known_since: Option<Timestamp>,
    /// How many of its keys are known.
    pub keys: usize,
    /// Why it could not be read the last time; `None` if it could.
    pub trouble: Option<String>,
}

/// One provider.
pub struct IdentityProvider {
    pub(super) settings: ProviderSettings,
    pub(super) clock: SharedClock,
    /// Since when it is in force.
    begun: Timestamp,
    knowledge: ArcSwapOption<Knowledge>,
    kept: KeptDocuments,
    /// One fetch at a time.
    fetching: tokio::sync::Mutex<()>,
    tried: AtomicI64,
    /// When somebody was last shown the way to it.
    shown: AtomicI64,
    keys_tried: AtomicI64,
    trouble: Mutex<Option<IdpFailure>>,
    /// Codes that are redeemed there at once.
    pub(super) turns: tokio::sync::Semaphore,
    /// Until when no session is re-checked there.
    rests_until: AtomicI64,
    /// When the last request is repeated whose code the provider failed to redeem, in milliseconds.
    retried: AtomicI64,
    /// The way of client authentication that was accepted last; see `client_proof`.
    pub(super) way: AtomicU8,
    /// Whether it refused a request with a proof key.
    pub(super) refuses_pkce: AtomicBool,
}

impl fmt::Debug for IdentityProvider {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "IdentityProvider({:?})", self.settings)
    }
}

impl IdentityProvider {
    pub(super) fn new(settings: ProviderSettings, kept: KeptDocuments, clock: SharedClock, before: Option<&Self>) -> Self {
        // A config that is read again must not forget what the same provider said.
        let same = before.filter(|before| before.settings.section.issuer == settings.section.issuer);
        let never = i64::MIN / 2;
        Self {
            knowledge: ArcSwapOption::new(same.and_then(|same| same.knowledge.load_full())),
            kept,
            settings,
            begun: clock.now(),
            clock,
            fetching: tokio::sync::Mutex::new(()),
            tried: AtomicI64::new(never),
            shown: AtomicI64::new(never),
            keys_tried: AtomicI64::new(never),
            trouble: Mutex::new(None),
            turns: tokio::sync::Semaphore::new(AT_ONCE),
            rests_until: AtomicI64::new(never),
            retried: AtomicI64::new(never),
            way: AtomicU8::new(0),
            refuses_pkce: AtomicBool::new(false),
        }
    }

    /// After how long a request is repeated whose code the provider failed to redeem; `None` if too many wait for that already.
    /// Each takes a moment of its own: what failed because two came within one second would fail again.
    pub(super) fn next_retry(&self) -> Option<Duration> {
        let now = self.clock.now().millis();
        let moment = |last: i64| (now + RETRY_EVERY).max(last.saturating_add(RETRY_EVERY));
        let is_soon = |last: i64| (moment(last) <= now + RETRY_WITHIN).then(|| moment(last));
        let last = self.retried.fetch_update(Ordering::Relaxed, Ordering::Relaxed, is_soon).ok()?;
        u64::try_from(moment(last) - now).ok().map(Duration::from_millis)
    }

    /// As the config names it.
    pub const fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// What operators see.
    pub fn state(&self) -> ProviderState {
        if let Some(peer) = &self.settings.saml {
            let trouble = peer.usable(self.clock.now()).err().map(|reason| reason.text);
            return ProviderState { known_since: Some(self.begun), keys: peer.keys(), trouble };
        }
        let known = self.knowledge.load();
        ProviderState {
            known_since: known.as_ref().map(|known| known.read_at),
            keys: known.as_ref().map_or(0, |known| known.keys.len()),
            trouble: self.trouble.lock().as_ref().map(|failure| failure.reason.clone()),
        }
    }

    /// Notes that somebody is shown the way to it; whether it did not answer the last time.
    pub fn shown(&self) -> bool {
        self.shown.store(self.clock.now().millis(), Ordering::Relaxed);
        self.trouble.lock().as_ref().is_some_and(|failure| failure.fault == IdpFault::Unavailable)
    }

    /// Where it takes sign-outs, as far as that is known.
    pub fn end_session_endpoint(&self) -> Option<String> {
        self.knowledge.load().as_ref()?.metadata.end_session_endpoint.clone()
    }

    /// Whether no session is to be re-checked there at present.
    pub fn rests(&self) -> bool {
        self.clock.now().millis() < self.rests_until.load(Ordering::Relaxed)
    }

    /// Re-checks no session there for a minute.
    pub fn rest(&self) {
        self.rests_until.store(self.clock.now().plus(RECHECK_REST).millis(), Ordering::Relaxed);
    }

    pub(super) fn fail(&self, reason: IdpReason) -> IdpFailure {
        reason.at(self.settings.name())
    }

    /// Reads its documents where they are an hour old or were not read since the start, and more often while people are shown
    /// the way to it. Called in the background.
    pub(super) async fn refresh(&self) {
        let now = self.clock.now();
        // What is known of it stands in a file.
        if self.settings.is_saml() {
            return;
        }
        let since = |moment: &AtomicI64, length| now < Timestamp::from_millis(moment.load(Ordering::Relaxed)).plus(length);
        let is_fresh = self.recalled().await.is_some_and(|known| now < known.read_at.plus(FRESH)) && since(&self.tried, FRESH);
        let is_watched = since(&self.shown, WHILE_SHOWN) && !since(&self.tried, LOOK_EVERY);
        if !is_fresh || is_watched {
            let _written_down = self.fetch(false).await;
        }
    }

    /// What is known; where nothing is, it is asked now.
    pub(super) async fn known(&self) -> Result<Arc<Knowledge>, IdpFailure> {
        if self.settings.is_saml() {
            return Err(self.fail(IdpReason::set_up("it speaks SAML, and has no such documents")));
        }
        match self.recalled().await {
            Some(known) => Ok(known),
            None => self.fetch(false).await,
        }
    }

    /// What is known and may be used: where nothing is in memory, what was kept over the restart.
    async fn recalled(&self) -> Option<Arc<Knowledge>> {
        let now = self.clock.now();
        if let Some(known) = self.knowledge.load_full() {
            return Some(known).filter(|known| known.is_usable(now));
        }
        let (name, issuer) = (self.settings.name(), &self.settings.section.issuer);
        match self.kept.of(name, issuer, now).await {
            Ok(kept) => {
                let kept = Arc::new(kept?);
                // What was read meanwhile is newer.
                let before = self.knowledge.compare_and_swap(&None::<Arc<Knowledge>>, Some(Arc::clone(&kept)));
                Some(before.as_ref().map_or(kept, Arc::clone))
            }
            Err(error) => {
                tracing::warn!(provider = name, %error, "idp_documents_not_read");
                None
            }
        }
    }

    /// Reads its documents now.
    ///
    /// # Errors
    /// [`IdpFailure`]: what was known before stays.
    pub async fn test(&self) -> Result<(), IdpFailure> {
        if let Some(peer) = &self.settings.saml {
            return peer.usable(self.clock.now()).map_err(|reason| self.fail(reason));
        }
        self.fetch(true).await.map(drop)
    }

    async fn fetch(&self, even_if_tried: bool) -> Result<Arc<Knowledge>, IdpFailure> {
        let asked = self.clock.now();
        let _one_at_a_time = self.fetching.lock().await;
        // A task that waited takes what the one before it found.
        if !even_if_tried && let Some(known) = self.knowledge.load_full().filter(|known| known.read_at >= asked) {
            return Ok(known);
        }
        let tried = Timestamp::from_millis(self.tried.load(Ordering::Relaxed));
        let trouble = self.trouble.lock().clone();
        if let Some(trouble) = trouble.filter(|_| !even_if_tried && asked < tried.plus(REST)) {
            return Err(trouble);
        }
        self.tried.store(asked.millis(), Ordering::Relaxed);
        let found = self.read_documents().await.map_err(|reason| self.fail(reason));
        self.count("discovery", found.as_ref().err());
        let mut trouble = self.trouble.lock();
        match found {
            Ok(knowledge) => {
                if trouble.take().is_some() {
                    tracing::info!(provider = self.settings.name(), "idp_answers_again");
                }
                let knowledge = Arc::new(knowledge);
                self.knowledge.store(Some(Arc::clone(&knowledge)));
                Ok(knowledge)
            }
            Err(failure) => {
                tracing::warn!(provider = self.settings.name(), error = %failure, "idp_unavailable");
                *trouble = Some(failure.clone());
                Err(failure)
            }
        }
    }

    async fn read_documents(&self) -> Result<Knowledge, IdpReason> {
        let issuer = &self.settings.section.issuer;
        let address = metadata::address(issuer);
        let document = fine(self.settings.wire.get(&address, None).await?, &address)?;
        let metadata = ProviderMetadata::read(&document.body, issuer)?;
        let (keys, key_document) = self.read_keys(&metadata).await?;
        let read_at = self.clock.now();
        let documents = (&*document.body, &*key_document);
        self.note_kept(self.kept.keep(self.settings.name(), issuer, documents, read_at).await);
        Ok(Knowledge { metadata, keys, read_at })
    }

    async fn read_keys(&self, metadata: &ProviderMetadata) -> Result<(ProviderKeys, Bytes), IdpReason> {
        let document = self.settings.wire.get(&metadata.jwks_uri, None).await?;
        let document = fine(document, &metadata.jwks_uri)?.body;
        Ok((ProviderKeys::read(&document)?, document))
    }

    /// What cannot be kept is asked for again after the next start.
    fn note_kept(&self, kept: Result<(), DatabaseError>) {
        if let Err(error) = kept {
            tracing::warn!(provider = self.settings.name(), %error, "idp_documents_not_kept");
        }
    }

    /// Verifies the signature of a token; a key that is not known is looked for once, and not more often than every half
    /// minute.
    pub(super) async fn verified(&self, token: &str) -> Result<(Claims, TokenHead), IdpReason> {
        let unknown = || IdpReason::not_believed("no key of the provider verifies the signature");
        let known = self.known().await.map_err(|failure| IdpReason::of(failure.fault, failure.reason))?;
        if let TokenJudgement::Good(claims, head) = known.keys.verify(token, &self.settings.algorithms)? {
            return Ok((claims, head));
        }
        let _one_at_a_time = self.fetching.lock().await;
        let latest = self.knowledge.load_full().filter(|latest| !Arc::ptr_eq(latest, &known));
        let latest = match latest {
            Some(latest) => latest,
            None => {
                let now = self.clock.now();
                if now < Timestamp::from_millis(self.keys_tried.load(Ordering::Relaxed)).plus(KEYS_AT_MOST_EVERY) {
                    return Err(unknown());
                }
                self.keys_tried.store(now.millis(), Ordering::Relaxed);
                let keys = self.read_keys(&known.metadata).await;
                self.count("keys", keys.as_ref().err().map(|reason| self.fail(reason.clone())).as_ref());
                let (keys, document) = keys?;
                self.note_kept(self.kept.keep_keys(self.settings.name(), &self.settings.section.issuer, &document).await);
                let latest = Knowledge { metadata: known.metadata.clone(), keys, read_at: known.read_at };
                let latest = Arc::new(latest);
                self.knowledge.store(Some(Arc::clone(&latest)));
                latest
            }
        };
        match latest.keys.verify(token, &self.settings.algorithms)? {
            TokenJudgement::Good(claims, head) => Ok((claims, head)),
            TokenJudgement::UnknownKey => Err(unknown()),
        }
    }

    /// Counts a request to the provider.
    pub(super) fn count(&self, request: &'static str, failure: Option<&IdpFailure>) {
        let outcome = failure.map_or("ok", |failure| failure.fault.code());
        let provider = self.settings.name().to_owned();
        metrics::counter!("sekisho_idp_requests_total", "provider" => provider, "request" => request, "outcome" => outcome)
            .increment(1);
    }
}

/// An answer with what was asked for.
fn fine(answer: WireAnswer, endpoint: &str) -> Result<WireAnswer, IdpReason> {
    if answer.status.is_success() {
        return Ok(answer);
    }
    Err(IdpReason::unavailable(format!("{endpoint} answers {}", answer.status.as_u16())))
}
