//! All certificates of the gateway itself: which serve, which are due, and what went wrong.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::answers::OpenAnswers;
use super::issued::{self, OwnCertificate};
use super::listeners::ListenerCertificates;
use super::names::OwnCertificateName;
use super::order::ORDER_LIVES;
use super::records::{AcmeRows, CertificateRow, FailureRow};
use super::renewal::{self, RenewalAdvice};
use super::settings::{AcmeAuthority, OwnCertificateSettings};
use super::standing::{OwnCertificateState, OwnStanding};
use super::trouble::AcmeTrouble;
use crate::audit::Audit;
use crate::clock::{SharedClock, Timestamp};
use crate::random::SharedRandom;
use crate::seal::MasterKeys;
use crate::store::database::Database;

/// The certificates, with what looks after them.
pub struct OwnCertificates {
    pub(super) rows: AcmeRows,
    pub(super) clock: SharedClock,
    pub(super) audit: Arc<Audit>,
    pub(super) listeners: Arc<ListenerCertificates>,
    pub(super) settings: ArcSwap<OwnCertificateSettings>,
    pub(super) held: Mutex<HashMap<Arc<str>, HeldCertificates>>,
    pub(super) failures: Mutex<HashMap<(Arc<str>, String), FailureRow>>,
    pub(super) alarms: Mutex<HashMap<String, KnownAlarm>>,
    /// The names of certificates that were seen to be good since the start.
    pub(super) looked: Mutex<HashSet<String>>,
    pub(super) answers: OpenAnswers,
    /// By the directory of the authority.
    accounts: Mutex<HashMap<String, Arc<AccountLock>>>,
}

/// Since when an alarm is there, and when it was logged last.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownAlarm {
    pub(super) since: Timestamp,
    pub(super) logged_at: Timestamp,
}

/// Who may do what with the account at one authority.
#[derive(Debug, Default)]
pub(super) struct AccountLock {
    /// Held while it is opened or made, so that two certificates do not make two.
    pub(super) opening: tokio::sync::Mutex<()>,
    /// Read by each that goes on with an order, written to by the one that replaces its key.
    pub(super) in_use: tokio::sync::RwLock<()>,
}

impl fmt::Debug for OwnCertificates {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "OwnCertificates({:?})", self.settings.load())
    }
}

/// What is there for one set of names.
#[derive(Clone, Debug, Default)]
pub(super) struct HeldCertificates {
    pub(super) present: Option<OwnCertificate>,
    /// Issued, and not used yet.
    pub(super) next: Option<OwnCertificate>,
    pub(super) is_asked_for: bool,
    pub(super) advice: Option<RenewalAdvice>,
    pub(super) ask_advice_at: Timestamp,
    pub(super) remark: Option<String>,
}

impl HeldCertificates {
    fn renew_at(&self) -> Option<Timestamp> {
        let present = self.present.as_ref()?;
        let by_lifetime = renewal::by_lifetime(present.life.begins, present.life.ends);
        let wished = self.advice.map_or(by_lifetime, |advice| advice.renew_at);
        Some(wished.max(renewal::earliest(present.issued_at, present.life.begins, present.life.ends)))
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
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
            looked: Mutex::default(),
            answers: OpenAnswers::default(),
            accounts: Mutex::default(),
        };
        let now = own.clock.now();
        for names in own.rows.asked().await.map_err(OwnCertificateError::of)? {
            own.held.lock().entry(names.into()).or_default().is_asked_for = true;
        }
        own.read_certificates(certificates, now);
        own.open_answers(now).await?;
        Ok(own)
    }

    fn read_certificates(&self, certificates: Vec<CertificateRow>, now: Timestamp) {
        let mut readable: Vec<(Arc<str>, OwnCertificate)> = Vec::new();
        for row in certificates {
            let key: Arc<str> = row.names.as_str().into();
            let names: Vec<_> = row.names.split(',').map(OwnCertificateName::read).collect();
            match issued::read(&row.chain, &row.key, &names) {
                Ok((certified, life)) => {
                    let use_from = row.use_from.min(issued::settled(life.begins));
                    let (id, directory, issued_at) = (row.id, row.directory, row.issued_at);
                    readable.push((key, OwnCertificate { id, directory, certified, life, use_from, issued_at }));
                }
                Err(reason) => tracing::error!(names = row.names, reason, "acme_certificate_unusable"),
            }
        }
        // By the begin, which the authority's clock says: whatever ours said when they came, the last one speaks.
        readable.sort_by_key(|(_, certificate)| certificate.life.begins);
        for (key, certificate) in readable {
            let mut all = self.held.lock();
            let held = all.entry(Arc::clone(&key)).or_default();
            if certificate.use_from <= now || held.present.is_none() {
                self.listeners.put_in_use(&key, &certificate.certified);
                held.present = Some(certificate);
                held.next = None;
            } else {
                held.next = Some(certificate);
            }
        }
    }

    /// Answers validators of the orders that were open when the gateway ended.
    async fn open_answers(&self, now: Timestamp) -> Result<(), OwnCertificateError> {
        let oldest =
            Timestamp::from_millis(now.millis().saturating_sub(i64::try_from(ORDER_LIVES.as_millis()).unwrap_or(i64::MAX)));
        for (key, directory, answers) in self.rows.answers(oldest).await.map_err(OwnCertificateError::of)? {
            let opened = self.answers.open(&self.listeners, &Arc::from(key.as_str()), &directory, &answers);
            if let Err(reason) = opened {
                tracing::error!(names = key, reason, "acme_challenge_not_answered");
            }
        }
        self.close_unwanted();
        Ok(())
    }

    /// Ends the answers for what the config does not want any more.
    fn close_unwanted(&self) {
        let settings = self.settings.load();
        self.answers.retain(|key, directory| {
            let mut wanted = settings.issued.iter().filter(|wanted| *wanted.key == *key);
            wanted.any(|wanted| wanted.authorities.iter().any(|authority| authority.directory == directory))
        });
    }

    /// Takes over what a new config says.
    pub fn configure(&self, settings: OwnCertificateSettings) {
        self.settings.store(Arc::new(settings));
        self.close_unwanted();
        // What was wrong may be mended by it.
        self.hurry(|_| true);
    }

    pub(super) fn account_lock(&self, directory: &str) -> Arc<AccountLock> {
        Arc::clone(self.accounts.lock().entry(directory.to_owned()).or_default())
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

    /// Asks for a new certificate at the next turn, whatever the present one's age, for those with this name. Where an authority said
    /// how long to wait, that still holds. How many are asked for; this outlives a restart.
    ///
    /// # Errors
    /// [`OwnCertificateError`]: the rows.
    pub async fn ask(&self, name: &str) -> Result<usize, OwnCertificateError> {
        let (settings, name, now) = (self.settings.load_full(), OwnCertificateName::read(name), self.clock.now());
        let mut count = 0;
        for wanted in settings.issued.iter().filter(|wanted| wanted.names.contains(&name)) {
            self.rows.keep_asked(&wanted.key, now).await.map_err(OwnCertificateError::of)?;
            self.held.lock().entry(Arc::clone(&wanted.key)).or_default().is_asked_for = true;
            self.hurry(|key| *key == *wanted.key);
            count += 1;
        }
        Ok(count)
    }

    /// Has what failed for these names tried again as soon as the authorities allow it.
    fn hurry(&self, is_meant: impl Fn(&str) -> bool) {
        let now = self.clock.now();
        let mut failures = self.failures.lock();
        let meant: Vec<_> = failures.extract_if(|(key, _), _| is_meant(key)).collect();
        failures.extend(meant.into_iter().filter_map(|(place, failure)| Some((place, failure.hurried(now)?))));
    }
}

/// Why the certificates that are kept cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("read the gateway's own certificates: {0}")]
pub struct OwnCertificateError(String);

impl OwnCertificateError {
    fn of(trouble: AcmeTrouble) -> Self {
        Self(trouble.words)
    }
}
