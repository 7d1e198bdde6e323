//! All certificates of the gateway itself: which serve, which are due, what went wrong, and the turn that looks after them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::future::join_all;
use parking_lot::Mutex;

use super::account;
use super::issued::{self, OwnCertificate};
use super::listeners::ListenerCertificates;
use super::names::OwnCertificateName;
use super::order::{self, ObtainedCertificate, OrderAttempt};
use super::records::{AcmeRows, FailureRow};
use super::renewal::{self, RenewalAdvice};
use super::settings::{AcmeAuthority, OwnCertificateSettings, WantedCertificate};
use super::standing::{OwnCertificateState, OwnStanding};
use super::tools::OrderTools;
use super::trouble::AcmeTrouble;
use crate::audit::{Audit, Event};
use crate::clock::{SharedClock, Timestamp};
use crate::random::SharedRandom;
use crate::seal::MasterKeys;
use crate::store::database::Database;

/// How often an authority is asked for its advice, where it does not say.
const ASK_ADVICE: Duration = Duration::from_secs(6 * 3600);
/// How often at most, and at least, whatever it says.
const LEAST_ADVICE: Duration = Duration::from_secs(60);
const MOST_ADVICE: Duration = Duration::from_secs(24 * 3600);
/// How often the same alarm is logged.
const REPEAT_ALARM: Duration = Duration::from_secs(6 * 3600);
/// How long a passing failure waits.
const PASSING: Duration = Duration::from_secs(20);

/// The certificates, with what looks after them.
pub struct OwnCertificates {
    rows: AcmeRows,
    clock: SharedClock,
    audit: Arc<Audit>,
    listeners: Arc<ListenerCertificates>,
    settings: ArcSwap<OwnCertificateSettings>,
    held: Mutex<HashMap<Arc<str>, HeldCertificates>>,
    failures: Mutex<HashMap<(Arc<str>, String), FailureRow>>,
    alarms: Mutex<HashMap<String, Timestamp>>,
    /// One account at a time, so that two certificates do not make two accounts.
    accounts: tokio::sync::Mutex<()>,
    turning: tokio::sync::Mutex<()>,
}

impl fmt::Debug for OwnCertificates {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "OwnCertificates({:?})", self.settings.load())
    }
}

/// What is there for one set of names.
#[derive(Clone, Debug, Default)]
struct HeldCertificates {
    present: Option<OwnCertificate>,
    /// Issued, and not used yet.
    next: Option<OwnCertificate>,
    is_asked_for: bool,
    advice: Option<RenewalAdvice>,
    ask_advice_at: Timestamp,
    remark: Option<String>,
}

impl HeldCertificates {
    fn renew_at(&self) -> Option<Timestamp> {
        let present = self.present.as_ref()?;
        let by_lifetime = renewal::by_lifetime(present.life.begins, present.life.ends);
        let wished = self.advice.map_or(by_lifetime, |advice| advice.renew_at);
        Some(wished.max(renewal::earliest(present.issued_at, present.life.begins, present.life.ends)))
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.next.is_none() && (self.is_asked_for || self.renew_at().is_none_or(|at| at <= now))
    }
}

impl OwnCertificates {
    /// Reads what is kept. A certificate that cannot be used any more is left out, and logged.
    ///
    /// # Errors
    /// [`OwnCertificateError`]: the rows, or their seal.
    pub async fn load(
        database: Database,
        keys: Arc<MasterKeys>,
        random: SharedRandom,
        clock: SharedClock,
        audit: Arc<Audit>,
        settings: OwnCertificateSettings,
    ) -> Result<Self, OwnCertificateError> {
        let rows = AcmeRows { database, keys, random };
        let failures = rows.failures().await.map_err(OwnCertificateError::of)?;
        let certificates = rows.certificates().await.map_err(OwnCertificateError::of)?;
        let own = Self {
            rows,
            clock,
            audit,
            listeners: Arc::default(),
            settings: ArcSwap::from_pointee(settings),
            held: Mutex::default(),
            failures: Mutex::new(
                failures.into_iter().map(|row| ((Arc::from(row.names.as_str()), row.directory.clone()), row)).collect(),
            ),
            alarms: Mutex::default(),
            accounts: tokio::sync::Mutex::default(),
            turning: tokio::sync::Mutex::default(),
        };
        let now = own.clock.now();
        for names in own.rows.asked().await.map_err(OwnCertificateError::of)? {
            own.held.lock().entry(names.into()).or_default().is_asked_for = true;
        }
        for row in certificates {
            let key: Arc<str> = row.names.as_str().into();
            let names: Vec<_> = row.names.split(',').map(OwnCertificateName::read).collect();
            match issued::read(&row.chain, &row.key, &names) {
                Ok((certified, life)) => {
                    let certificate = OwnCertificate {
                        directory: row.directory,
                        certified,
                        life,
                        use_from: row.use_from,
                        issued_at: row.issued_at,
                    };
                    let mut held = own.held.lock();
                    let held = held.entry(Arc::clone(&key)).or_default();
                    if certificate.use_from <= now || held.present.is_none() {
                        own.listeners.put_in_use(&key, &certificate.certified);
                        held.present = Some(certificate);
                    } else {
                        held.next = Some(certificate);
                    }
                }
                Err(reason) => tracing::error!(names = row.names, reason, "acme_certificate_unusable"),
            }
        }
        Ok(own)
    }

    /// Takes over what a new config says.
    pub fn configure(&self, settings: OwnCertificateSettings) {
        self.settings.store(Arc::new(settings));
        // What was wrong may be mended by it.
        self.failures.lock().retain(|_, failure| failure.is_demanded);
    }

    /// What the listeners serve of it.
    pub const fn listeners(&self) -> &Arc<ListenerCertificates> {
        &self.listeners
    }

    /// Every certificate, those of files first.
    pub fn list(&self) -> Vec<OwnCertificateState> {
        let (settings, now) = (self.settings.load_full(), self.clock.now());
        let of_files = settings.files.iter().map(|file| OwnCertificateState {
            names: file.life.names.clone(),
            file: Some(file.path.clone()),
            authority: None,
            life: Some(file.life.clone()),
            renew_at: None,
            next_from: None,
            trouble: None,
            try_at: None,
            standing: OwnStanding::of(Some(&file.life), now),
        });
        let (held, failures) = (self.held.lock(), self.failures.lock());
        let of_authorities = settings.issued.iter().map(|wanted| {
            let held = held.get(&wanted.key).cloned().unwrap_or_default();
            let failed = |authority: &Arc<AcmeAuthority>| {
                let failure = failures.get(&(Arc::clone(&wanted.key), authority.directory.clone()))?;
                Some((failure.next_at, format!("{}: {}", authority.name, failure.words)))
            };
            let failed: Vec<_> = wanted.authorities.iter().filter_map(failed).collect();
            let words: Vec<_> = failed.iter().map(|(_, words)| words.clone()).chain(held.remark.clone()).collect();
            let life = held.present.as_ref().map(|present| present.life.clone());
            let issuer = |present: &OwnCertificate| {
                let known = wanted.authorities.iter().find(|authority| authority.directory == present.directory);
                known.map_or_else(|| present.directory.clone(), |authority| authority.name.clone())
            };
            OwnCertificateState {
                names: wanted.names.clone(),
                file: None,
                authority: held.present.as_ref().map(issuer),
                standing: OwnStanding::of(life.as_ref(), now),
                renew_at: held.renew_at(),
                next_from: held.next.as_ref().map(|next| next.use_from),
                trouble: (!words.is_empty()).then(|| words.join("; ")),
                try_at: failed.iter().map(|(at, _)| *at).min().filter(|_| held.next.is_none()),
                life,
            }
        });
        of_files.chain(of_authorities).collect()
    }

    /// The names that have no certificate yet: there the gateway serves nothing but challenges.
    pub fn missing(&self) -> Vec<String> {
        let held = self.held.lock();
        let settings = self.settings.load();
        let missing = settings.issued.iter().filter(|wanted| held.get(&wanted.key).is_none_or(|held| held.present.is_none()));
        missing.flat_map(|wanted| wanted.names.iter().map(ToString::to_string)).collect()
    }

    /// Asks for a new certificate at the next turn, whatever the present one's age: for those with this name, or for every one. Where
    /// an authority said how long to wait, that still holds. How many are asked for; this outlives a restart.
    ///
    /// # Errors
    /// [`OwnCertificateError`]: the rows.
    pub async fn ask(&self, name: Option<&str>) -> Result<usize, OwnCertificateError> {
        let settings = self.settings.load_full();
        let name = name.map(OwnCertificateName::read);
        let asked = settings.issued.iter().filter(|wanted| name.as_ref().is_none_or(|name| wanted.names.contains(name)));
        let mut count = 0;
        for wanted in asked {
            self.rows.keep_asked(&wanted.key).await.map_err(OwnCertificateError::of)?;
            self.held.lock().entry(Arc::clone(&wanted.key)).or_default().is_asked_for = true;
            self.failures.lock().retain(|(key, _), failure| *key != wanted.key || failure.is_demanded);
            count += 1;
        }
        Ok(count)
    }

    /// One turn: what was issued and has settled is put in use, what is due is ordered, and what ends soon is an alarm.
    pub async fn turn(&self) {
        let _alone = self.turning.lock().await;
        let settings = self.settings.load_full();
        join_all(settings.issued.iter().map(|wanted| self.look_after(wanted))).await;
        self.report();
    }

    async fn look_after(&self, wanted: &Arc<WantedCertificate>) {
        self.promote(wanted).await;
        let now = self.clock.now();
        let held = self.held.lock().get(&wanted.key).cloned().unwrap_or_default();
        if !held.is_due(now) {
            if held.next.is_none() && held.ask_advice_at <= now {
                self.take_advice(wanted, &held).await;
            }
            return;
        }
        for authority in &wanted.authorities {
            let place = (Arc::clone(&wanted.key), authority.directory.clone());
            let before = self.failures.lock().get(&place).cloned();
            if before.as_ref().is_some_and(|failure| self.clock.now() < failure.next_at) {
                continue;
            }
            match self.attempt(wanted, authority, held.present.as_ref()).await {
                Ok(obtained) => return self.take(wanted, authority, obtained).await,
                Err(trouble) => self.note(wanted, authority, before.as_ref(), &trouble).await,
            }
        }
    }

    async fn attempt(
        &self,
        wanted: &WantedCertificate,
        authority: &AcmeAuthority,
        present: Option<&OwnCertificate>,
    ) -> Result<ObtainedCertificate, AcmeTrouble> {
        let tools = OrderTools::new(&self.rows, &self.listeners, &self.clock, authority);
        let account = {
            let _alone = self.accounts.lock().await;
            account::open(&tools, authority).await?
        };
        let obtained = OrderAttempt { tools: &tools, wanted, authority, account: &account, present }.obtain().await?;
        self.rows.keep_certificate(&obtained.row).await?;
        Ok(obtained)
    }

    /// Takes over what was issued: it is in the rows by now.
    async fn take(&self, wanted: &WantedCertificate, authority: &AcmeAuthority, obtained: ObtainedCertificate) {
        let ObtainedCertificate { issued, remark, .. } = obtained;
        metrics::counter!("sekisho_acme_orders_total", "authority" => authority.name.clone(), "outcome" => "issued").increment(1);
        tracing::info!(
            authority = authority.name,
            names = &*wanted.key,
            ends = issued.life.ends.rfc3339(),
            used_from = issued.use_from.rfc3339(),
            "acme_certificate_issued"
        );
        if let Some(remark) = &remark {
            tracing::warn!(authority = authority.name, names = &*wanted.key, remark, "acme_profile_ignored");
        }
        let event = Event::new("tls.certificate_issued").actor("acme").detail("names", &*wanted.key);
        let event = event.detail("authority", authority.name.clone()).detail("serial", issued.life.serial.clone());
        if let Err(error) = self.audit.record(event.detail("ends", issued.life.ends.rfc3339())).await {
            tracing::error!(%error, "acme_certificate_not_recorded");
        }
        self.failures.lock().retain(|(key, _), _| **key != *wanted.key);
        {
            let mut held = self.held.lock();
            let held = held.entry(Arc::clone(&wanted.key)).or_default();
            *held = HeldCertificates { present: held.present.take(), next: Some(issued), remark, ..HeldCertificates::default() };
        }
        self.promote(wanted).await;
    }

    /// Puts what was issued in use, where it has settled.
    async fn promote(&self, wanted: &WantedCertificate) {
        let now = self.clock.now();
        let promoted = {
            let mut held = self.held.lock();
            let Some(held) = held.get_mut(&wanted.key) else { return };
            let Some(next) = held.next.take_if(|next| next.use_from <= now) else { return };
            self.listeners.put_in_use(&wanted.key, &next.certified);
            let used_from = next.use_from;
            held.present = Some(next);
            used_from
        };
        tracing::info!(names = &*wanted.key, "acme_certificate_in_use");
        if let Err(trouble) = self.rows.forget_older(&wanted.key, promoted).await {
            tracing::warn!(error = %trouble, "acme_older_certificate_not_forgotten");
        }
    }

    async fn note(
        &self,
        wanted: &WantedCertificate,
        authority: &AcmeAuthority,
        before: Option<&FailureRow>,
        trouble: &AcmeTrouble,
    ) {
        let failures = before.map_or(0, |before| before.failures);
        let rest = if trouble.kind.is_passing() { PASSING } else { renewal::rest_after(failures + 1) };
        let now = self.clock.now();
        let row = FailureRow::after(before, &wanted.key, &authority.directory, trouble, rest, now);
        let (name, code) = (authority.name.clone(), trouble.kind.code());
        metrics::counter!("sekisho_acme_orders_total", "authority" => name, "outcome" => code).increment(1);
        tracing::warn!(
            authority = authority.name,
            names = &*wanted.key,
            reason = code,
            error = %trouble,
            again = row.next_at.rfc3339(),
            "acme_failed"
        );
        if let Err(trouble) = self.rows.keep_failure(&row).await {
            tracing::error!(error = %trouble, "acme_failure_not_kept");
        }
        self.failures.lock().insert((Arc::clone(&wanted.key), authority.directory.clone()), row);
    }

    /// Asks the authority that issued the present certificate when it is to be renewed. No answer, or one that cannot be meant, is
    /// no advice: then its lifetime says.
    async fn take_advice(&self, wanted: &WantedCertificate, held: &HeldCertificates) {
        let advised = self.advised(wanted, held).await;
        let rest = advised.as_ref().map_or(ASK_ADVICE, |(_, _, rest)| *rest);
        let mut all = self.held.lock();
        let Some(held) = all.get_mut(&wanted.key) else { return };
        held.ask_advice_at = self.clock.now().plus(rest.clamp(LEAST_ADVICE, MOST_ADVICE));
        held.advice = match (held.advice, advised) {
            // A moment is drawn once for each window, not with every question.
            (Some(drawn), Some((_, window, _))) if window.contains(&drawn.renew_at) => Some(drawn),
            (_, advised) => advised.map(|(advice, _, _)| advice),
        };
    }

    async fn advised(
        &self,
        wanted: &WantedCertificate,
        held: &HeldCertificates,
    ) -> Option<(RenewalAdvice, WindowOfAdvice, Duration)> {
        let present = held.present.as_ref()?;
        let authority = wanted.authorities.iter().find(|authority| authority.directory == present.directory)?;
        let tools = OrderTools::new(&self.rows, &self.listeners, &self.clock, authority);
        let account = account::restored(&tools, authority).await.ok()??;
        let (info, rest) = account.renewal_info(&order::identifier(present)?).await.ok()?;
        let moment = |at: time::OffsetDateTime| Timestamp::from_seconds(at.unix_timestamp());
        let window = moment(info.suggested_window.start)..=moment(info.suggested_window.end);
        let advice = RenewalAdvice::within(*window.start(), *window.end(), present.life.ends, &*self.rows.random)?;
        Some((advice, window, rest))
    }

    /// Writes the ends of all certificates into the metrics, and an alarm for each that ends soon, has ended or is missing.
    fn report(&self) {
        let now = self.clock.now();
        for state in self.list() {
            let names: Vec<String> = state.names.iter().map(ToString::to_string).collect();
            let (certificate, names) = (names.first().cloned().unwrap_or_default(), names.join(","));
            let ends = state.life.as_ref().map_or(0, |life| u32::try_from(life.ends.seconds()).unwrap_or(u32::MAX));
            let is_alarm = state.standing != OwnStanding::Good;
            metrics::gauge!("sekisho_tls_certificate_ends_timestamp_seconds", "certificate" => certificate.clone())
                .set(f64::from(ends));
            metrics::gauge!("sekisho_tls_certificate_alarm", "certificate" => certificate).set(f64::from(u8::from(is_alarm)));
            let mut alarms = self.alarms.lock();
            if !is_alarm {
                alarms.remove(&names);
                continue;
            }
            // The very first one is ordered at this moment: that it is missing is no alarm before something went wrong.
            if state.standing == OwnStanding::Missing && state.trouble.is_none() {
                continue;
            }
            if alarms.get(&names).is_some_and(|said| now < said.plus(REPEAT_ALARM)) {
                continue;
            }
            alarms.insert(names.clone(), now);
            let standing = state.standing.word();
            let ends = state.life.map(|life| life.ends.rfc3339()).unwrap_or_default();
            let trouble = state.trouble.unwrap_or_default();
            tracing::error!(names, standing, ends, trouble, "tls_certificate_alarm");
        }
    }
}

/// The window that an authority named.
type WindowOfAdvice = std::ops::RangeInclusive<Timestamp>;

/// Why the certificates that are kept cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("read the gateway's own certificates: {0}")]
pub struct OwnCertificateError(String);

impl OwnCertificateError {
    fn of(trouble: AcmeTrouble) -> Self {
        Self(trouble.words)
    }
}
