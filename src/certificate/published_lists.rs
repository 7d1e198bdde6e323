//! Revocation lists that authorities publish at an address: fetched before the next update, verified, kept over a restart. Those
//! of files are kept beside them ([`super::kept_files`]).
//! Invariant: a list takes the place of another only when an authority of the bundle signed it and it is not older; whatever
//! else an address answers leaves the last good list in force.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use parking_lot::Mutex;

use super::bundles::Bundles;
use super::kept_files::KeptFiles;
use super::list_report::{LastLook, ListState, first_ends};
use super::revocation_list::{RevocationList, Signer};
use crate::clock::{SharedClock, Timestamp};
use crate::outbound::document;
use crate::outbound::roots::{self, SystemTls};
use crate::store::database::{Database, DatabaseError, Value};

/// The longest list that is read, in bytes.
const LONGEST: usize = 32 << 20;
/// How long an address may take.
const WITHIN: Duration = Duration::from_secs(30);
/// The shortest and the longest pause between two looks at an address that answers.
const PAUSES: (Duration, Duration) = (Duration::from_secs(5 * 60), Duration::from_secs(12 * 3600));
/// The pause after a first failure; it doubles with each, up to an hour.
const AFTER_FAILURE: Duration = Duration::from_secs(60);
const LONGEST_AFTER_FAILURE: Duration = Duration::from_secs(3600);
/// How often a list that ends is reported in the log.
const REPORTED_EVERY: Duration = Duration::from_secs(3600);

/// What is known of one address.
#[derive(Clone, Debug, Default)]
struct Publication {
    lists: Option<Arc<[Arc<RevocationList>]>>,
    read_at: Option<Timestamp>,
    /// Why it could not be read at the last try.
    trouble: Option<String>,
    etag: Option<Box<str>>,
    failures: u32,
    next_look: Option<Timestamp>,
}

/// All addresses.
pub(super) struct PublishedLists {
    database: Database,
    clock: SharedClock,
    tls: SystemTls,
    files: KeptFiles,
    known: Mutex<BTreeMap<Box<str>, Publication>>,
    /// Held while addresses are looked at: of two answers the older one must not take over the newer one's place.
    looking: tokio::sync::Mutex<()>,
    reported: Mutex<BTreeMap<String, Timestamp>>,
}

impl std::fmt::Debug for PublishedLists {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PublishedLists({} known)", self.known.lock().len())
    }
}

impl PublishedLists {
    /// Reads what is kept of each address and of each file.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub(super) async fn load(database: Database, clock: SharedClock) -> Result<Self, DatabaseError> {
        let mut known = BTreeMap::new();
        for row in database.rows("SELECT url, document, etag, read_at FROM revocation_lists", &[]).await? {
            let url: Box<str> = row.text("url")?.into();
            // What cannot be read any more is fetched again; what is not named any more is forgotten at the next look.
            if let Ok(lists) = RevocationList::read_all(&row.bytes("document")?) {
                let lists = Some(lists.into_iter().map(Arc::new).collect());
                let (etag, read_at) = (row.optional_text("etag")?.map(Into::into), Some(row.time("read_at")?));
                known.insert(url, Publication { lists, etag, read_at, ..Publication::default() });
            }
        }
        let files = KeptFiles::load(database.clone(), Arc::clone(&clock)).await?;
        Ok(Self {
            database,
            clock,
            files,
            tls: roots::system_tls(),
            known: Mutex::new(known),
            looking: tokio::sync::Mutex::default(),
            reported: Mutex::default(),
        })
    }

    fn of(&self, url: &str) -> Option<Publication> {
        self.known.lock().get(url).cloned()
    }

    /// How the last look at an address ended; `None`: there was none.
    pub(super) fn last_look(&self, url: &str) -> Option<LastLook> {
        let known = self.known.lock();
        known.get(url).map(|known| LastLook { read_at: known.read_at, trouble: known.trouble.clone() })
    }

    /// The same bundles with the lists that are known, each where an authority of the bundle signed it, and with what was kept of
    /// files that cannot be used.
    pub(super) fn joined(&self, bundles: &Bundles) -> Bundles {
        let mut joined = bundles.clone();
        for bundle in joined.each_mut() {
            let authorities = &bundle.authorities;
            for source in bundle.sources.iter_mut().filter(|source| source.is_address) {
                let known = self.of(&source.place).and_then(|publication| publication.lists);
                source.lists = known.map_or_else(Vec::new, |lists| usable(&lists, authorities));
            }
        }
        self.files.joined(joined)
    }

    /// Makes every address due.
    pub(super) fn make_due(&self) {
        self.known.lock().values_mut().for_each(|known| known.next_look = None);
    }

    /// Makes every address due that leaves a bundle without a list, and has the whole document sent: what is known of it may be of
    /// no use to the bundle, or the last try failed under another config.
    pub(super) fn make_silent_due(&self, bundles: &Bundles) {
        let sources = bundles.each().flat_map(|bundle| &bundle.sources);
        let mut known = self.known.lock();
        for source in sources.filter(|source| source.is_address && source.lists.is_empty()) {
            if let Some(publication) = known.get_mut(&source.place) {
                (publication.next_look, publication.etag) = (None, None);
            }
        }
    }

    /// Looks at every address that is due, and keeps what is good of files; whether any address has a new list.
    ///
    /// # Errors
    /// [`DatabaseError`]: a list that was read is in force all the same.
    pub(super) async fn look(&self, bundles: &Bundles) -> Result<bool, DatabaseError> {
        let _one_at_a_time = self.looking.lock().await;
        let (named, now) = (addresses(bundles), self.clock.now());
        let forgotten: Vec<Box<str>> = {
            let mut known = self.known.lock();
            let forgotten = known.keys().filter(|url| !named.contains(*url)).cloned().collect();
            known.retain(|url, _| named.contains(url));
            forgotten
        };
        let mut written = self.files.write(bundles).await;
        for url in forgotten {
            let deleted = self.database.execute("DELETE FROM revocation_lists WHERE url = $1", &[(&*url).into()]).await;
            written = written.and(deleted.map(drop));
        }
        let is_due = |url: &str| self.of(url).and_then(|known| known.next_look).is_none_or(|next| next <= now);
        let due: Vec<_> = named.iter().filter(|url| is_due(url)).map(|url| self.look_at(url, bundles)).collect();
        let looked: Vec<Result<bool, DatabaseError>> = join_all(due).await;
        written?;
        looked.into_iter().try_fold(false, |any, changed| changed.map(|changed| any || changed))
    }

    async fn look_at(&self, url: &str, bundles: &Bundles) -> Result<bool, DatabaseError> {
        let before = self.of(url).unwrap_or_default();
        let etag = before.etag.as_deref().filter(|_| before.lists.is_some());
        let answer = document::read(&self.tls, url, etag, WITHIN, LONGEST).await;
        let now = self.clock.now();
        let read = match answer {
            Ok(document) => match document.body {
                Some(body) => judge(url, body, &before, bundles).await.map(|found| Some((found, document.etag))),
                None if etag.is_some() => Ok(None),
                None => Err("answers 304, though nothing was known to compare with".to_owned()),
            },
            Err(reason) => Err(reason),
        };
        match read {
            Ok(found) => {
                let (lists, etag, kept) = match found {
                    Some(((lists, body), etag)) => (Some(lists), etag, Some(body)),
                    None => (before.lists.clone(), before.etag.clone(), None),
                };
                let next_look =
                    Some(next_look(now, lists.iter().flat_map(|lists| lists.iter()).map(|list| list.next_update).min()));
                let publication =
                    Publication { lists, read_at: Some(now), etag: etag.clone(), next_look, ..Publication::default() };
                self.known.lock().insert(url.into(), publication);
                metrics::gauge!("sekisho_revocation_list_reachable", "list" => url.to_owned()).set(1.0);
                match kept {
                    Some(body) => {
                        tracing::info!(url, "revocation_list_read");
                        self.keep(url, &body, etag.as_deref(), now).await.map(|()| true)
                    }
                    None => Ok(false),
                }
            }
            Err(reason) => {
                tracing::warn!(url, reason, "revocation_list_not_read");
                metrics::gauge!("sekisho_revocation_list_reachable", "list" => url.to_owned()).set(0.0);
                let failures = before.failures.saturating_add(1);
                let pause = AFTER_FAILURE.saturating_mul(1 << (failures - 1).min(6)).min(LONGEST_AFTER_FAILURE);
                let next_look = Some(now.plus(pause));
                let publication = Publication { trouble: Some(reason), failures, next_look, ..before };
                self.known.lock().insert(url.into(), publication);
                Ok(false)
            }
        }
    }

    async fn keep(&self, url: &str, body: &Bytes, etag: Option<&str>, now: Timestamp) -> Result<(), DatabaseError> {
        let row: [Value; 4] = [url.into(), body[..].into(), etag.into(), now.into()];
        let sql = "INSERT INTO revocation_lists (url, document, etag, read_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (url) DO UPDATE SET document = excluded.document, etag = excluded.etag, read_at = excluded.read_at";
        self.database.execute(sql, &row).await.map(drop)
    }

    /// Says of each list that ends and of each file that cannot be used, once an hour, and sets their metrics.
    pub(super) fn report(&self, bundles: &Bundles) {
        let now = self.clock.now();
        let is_due = |name: String| {
            let mut reported = self.reported.lock();
            let is_due = reported.get(&name).is_none_or(|last| last.plus(REPORTED_EVERY) <= now);
            if is_due {
                reported.insert(name, now);
            }
            is_due
        };
        let mut usable: BTreeMap<&str, bool> = BTreeMap::new();
        for bundle in bundles.each() {
            for source in bundle.sources.iter().filter(|source| !source.is_address) {
                *usable.entry(&source.place).or_insert(true) &= source.trouble.is_none();
                if let Some(reason) = source.trouble.as_deref()
                    && is_due(format!("{} {} {reason}", bundle.name, source.place))
                {
                    let (trust, kept_at) = (&*bundle.name, source.kept_at.map(Timestamp::rfc3339));
                    tracing::warn!(trust, list = &*source.place, kept_at, reason, "revocation_list_not_read");
                }
            }
        }
        for (place, is_usable) in usable {
            let reachable = if is_usable { 1.0 } else { 0.0 };
            metrics::gauge!("sekisho_revocation_list_reachable", "list" => place.to_owned()).set(reachable);
        }
        let reports = bundles.reports(|url| self.last_look(url), now);
        for (source, first) in first_ends(&reports) {
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
            metrics::gauge!("sekisho_revocation_list_next_update_seconds", "list" => source.to_owned())
                .set(first.seconds() as f64);
        }
        for report in reports {
            let state: &'static str = report.state.into();
            if report.state == ListState::Current {
                continue;
            }
            let name = format!("{} {}", report.source, report.issuer.as_deref().unwrap_or_default());
            if is_due(name) {
                tracing::warn!(
                    trust = report.trust,
                    list = report.source,
                    issuer = report.issuer,
                    next_update = report.next_update.map(Timestamp::rfc3339),
                    state,
                    "revocation_list_not_current"
                );
            }
        }
    }
}

/// The addresses that any bundle names.
fn addresses(bundles: &Bundles) -> Vec<Box<str>> {
    let sources = bundles.each().flat_map(|bundle| &bundle.sources).filter(|source| source.is_address);
    let mut named: Vec<Box<str>> = sources.map(|source| source.place.clone()).collect();
    named.sort_unstable();
    named.dedup();
    named
}

type Judged = (Arc<[Arc<RevocationList>]>, Bytes);

/// The lists of `body`, where a bundle that names `url` can use all of them; off the workers, since a list may be long.
async fn judge(url: &str, body: Bytes, before: &Publication, bundles: &Bundles) -> Result<Judged, String> {
    let naming = bundles.each().filter(|bundle| bundle.sources.iter().any(|source| source.is_address && *source.place == *url));
    let authorities: Vec<_> = naming.map(|bundle| bundle.authorities.clone()).collect();
    let before = before.lists.clone().unwrap_or_default();
    let judged = tokio::task::spawn_blocking(move || {
        let lists: Arc<[_]> = RevocationList::read_all(&body)?.into_iter().map(Arc::new).collect();
        let mut found = Err("is named by no bundle any more".to_owned());
        for authorities in &authorities {
            match signed(&lists, authorities) {
                Ok(_) => found = Ok(()),
                // A bundle that has a list must not lose it to one that another bundle alone can use.
                Err(reason) if !before.is_empty() && signed(&before, authorities).is_ok() => return Err(reason),
                Err(reason) => found = found.or(Err(reason)),
            }
        }
        found?;
        // An authority that left the bundle is none of it.
        let is_trusted = |known: &RevocationList| {
            authorities.iter().any(|authorities| matches!(known.signer(authorities), Ok(Signer::Anchor(_))))
        };
        RevocationList::may_follow(&lists, &before, is_trusted)?;
        Ok((lists, body))
    });
    judged.await.unwrap_or_else(|_| Err("could not be read: the reader ended".to_owned()))
}

/// What a bundle has of lists that are known: those of its own authorities. None of them where one is of another key than that of
/// its authority: then it is not known what it would say.
fn usable(
    lists: &[Arc<RevocationList>],
    authorities: &[rustls_pki_types::CertificateDer<'static>],
) -> Vec<(Arc<RevocationList>, Signer)> {
    let each: Result<Vec<_>, _> = lists.iter().map(|list| list.signer(authorities).map(|by| (Arc::clone(list), by))).collect();
    let mut found = each.unwrap_or_default();
    found.retain(|(_, signer)| *signer != Signer::Elsewhere);
    found
}

/// Each list with the authority that signed it.
fn signed(
    lists: &[Arc<RevocationList>],
    authorities: &[rustls_pki_types::CertificateDer<'static>],
) -> Result<Vec<(Arc<RevocationList>, Signer)>, String> {
    let each = lists.iter().map(|list| match list.signer(authorities)? {
        Signer::Elsewhere => {
            Err(format!("is signed by {}, which is not in the bundle: add the certificate of that authority", list.issuer))
        }
        signer @ Signer::Anchor(_) => Ok((Arc::clone(list), signer)),
    });
    each.collect()
}

/// When an address that answered is looked at again: half-way to the next update, within bounds.
fn next_look(now: Timestamp, next_update: Option<Timestamp>) -> Timestamp {
    let left = next_update.map_or(0, |next| next.millis().saturating_sub(now.millis()).max(0));
    let half = Duration::from_millis(u64::try_from(left / 2).unwrap_or(0));
    now.plus(half.clamp(PAUSES.0, PAUSES.1))
}
