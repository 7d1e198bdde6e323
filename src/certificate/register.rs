//! The register: certificates known by their fingerprint, whose they are, whether they are switched on, from when to
//! when they count here. It comes before every mapping; a switch bites on the next request, devices are not touched.
//! Invariant: memory never holds what the directory refused, and a certificate whose holder is gone is nobody's.

mod added;
mod issued;
mod pages;
mod results;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use dashmap::DashMap;

pub use self::added::KnownCertificate;
pub use self::issued::{NewCertificate, OfWithdrawnKeys};
use super::bundles::Bundles;
use super::entry::RegisterEntry;
use super::list_report::ListReport;
use super::published_lists::PublishedLists;
use super::records;
use super::results::CertificateResults;
use super::sightings::Sightings;
use super::withdrawn::WithdrawnKeys;
use crate::account::user::User;
use crate::account::users::Users;
use crate::clock::{SharedClock, Timestamp};
use crate::config::diagnose::Complaint;
use crate::config::schema;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{CertificateStanding, Fault, Fingerprint, Holder, TrustSet};
use crate::principal::user::{GroupName, UserId};
use crate::store::database::{Database, DatabaseError};

/// What may go wrong with the register.
#[derive(Debug, thiserror::Error)]
pub enum CertificateRegisterError {
    /// It is there already.
    #[error("add certificate {}: it is already in the register", .0.text())]
    Exists(Fingerprint),
    /// It is not there.
    #[error("find certificate {}: it is not in the register", .0.text())]
    Unknown(Fingerprint),
    /// No user has the name of its holder.
    #[error("find user {0}: no user has that name")]
    UnknownUser(UserId),
    /// A certificate of the register is somebody's.
    #[error("add a certificate without a holder: name a user, a machine, or `shared`")]
    NoHolder,
    /// It was issued here: the revocation list has to know it.
    #[error(
        "remove certificate {}: it was issued here, and would be accepted again if nobody knew of it; switch it off, or \
         revoke it", .0.text()
    )]
    IssuedHere(Fingerprint),
    /// It was not issued here.
    #[error("find what was issued as certificate {}: it was not issued here", .0.text())]
    NotIssuedHere(Fingerprint),
    /// The key that was to sign it was withdrawn meanwhile.
    #[error("enter the certificate: {0}, the key that signed it, was withdrawn at the same moment; ask again, and another signs")]
    KeyWithdrawn(String),
    /// It was revoked, for good.
    #[error("change certificate {}: it was revoked, and that is for good; issue another", .0.text())]
    Revoked(Fingerprint),
    /// The same request was done before.
    #[error(
        "issue a certificate: this request was done already, and its passphrase was shown then; it is certificate {}", .0.text()
    )]
    Repeated(Fingerprint),
    /// It says another validity itself.
    #[error(
        "set the dates of a certificate: by itself it is valid from {from} to {until}; within that they can be changed, \
         beyond it issue another"
    )]
    Beyond {
        /// Its first moment.
        from: String,
        /// Its last.
        until: String,
    },
    /// It would end before it begins.
    #[error("set the dates of a certificate: it would end before it begins")]
    Dates,
    /// The directory did not do it.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Client certificates: bundles, register and what was seen.
#[derive(Debug)]
pub struct ClientCertificates {
    database: Database,
    clock: SharedClock,
    users: Arc<Users>,
    bundles: ArcSwap<Bundles>,
    published: PublishedLists,
    /// Held while bundles are put in force, so that a list that arrives and a config that is read again do not undo each other.
    adopting: parking_lot::Mutex<()>,
    register: DashMap<Fingerprint, LinkedEntry>,
    /// What these keys signed is revoked, whatever a row or a bundle says.
    withdrawn: ArcSwap<WithdrawnKeys>,
    sightings: Sightings,
    results: CertificateResults,
    generation: AtomicU64,
    writing: tokio::sync::Mutex<()>,
    importing: Arc<tokio::sync::Mutex<()>>,
}

/// An entry, tied to the very user: another one of the same name later is another.
#[derive(Clone, Debug)]
struct LinkedEntry {
    entry: RegisterEntry,
    user: Option<Arc<User>>,
}

impl LinkedEntry {
    fn holder(&self) -> Holder {
        match &self.user {
            Some(user) if user.is_removed() => Holder::Nobody,
            _ => self.entry.holder.clone(),
        }
    }

    fn entry(&self) -> RegisterEntry {
        RegisterEntry { holder: self.holder(), ..self.entry.clone() }
    }
}

impl ClientCertificates {
    /// Reads the register; `bundles` were compiled before, and `withdrawn` are keys of our own authority.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(
        database: Database,
        users: Arc<Users>,
        bundles: Bundles,
        withdrawn: WithdrawnKeys,
        clock: SharedClock,
    ) -> Result<Self, DatabaseError> {
        let register = DashMap::new();
        for entry in records::all(&database).await? {
            let user = holder_of(&users, &entry.holder);
            register.insert(entry.fingerprint, LinkedEntry { entry, user });
        }
        let sightings = Sightings::new(database.clone(), Arc::clone(&clock));
        let results = CertificateResults::new(database.clone(), Arc::clone(&clock));
        let published = PublishedLists::load(database.clone(), Arc::clone(&clock)).await?;
        let bundles = ArcSwap::from_pointee(published.joined(&bundles));
        let (generation, adopting) = (AtomicU64::new(0), parking_lot::Mutex::new(()));
        let (withdrawn, writing) = (ArcSwap::from_pointee(withdrawn), tokio::sync::Mutex::new(()));
        Ok(Self {
            database,
            clock,
            users,
            bundles,
            published,
            adopting,
            register,
            withdrawn,
            sightings,
            results,
            generation,
            writing,
            importing: Arc::default(),
        })
    }

    /// Reads the register again, after another process wrote to the directory; users first.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let found = records::all(&self.database).await?;
        self.register.retain(|fingerprint, _| found.iter().any(|entry| entry.fingerprint == *fingerprint));
        for entry in found {
            let user = holder_of(&self.users, &entry.holder);
            self.register.insert(entry.fingerprint, LinkedEntry { entry, user });
        }
        self.generation.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Takes over changed bundles and lists; on a complaint the present ones stay.
    ///
    /// # Errors
    /// Every [`Complaint`].
    pub fn configure(&self, trust: &std::collections::BTreeMap<String, schema::Trust>) -> Result<(), Vec<Complaint>> {
        self.adopt(&Bundles::compile(trust, self.clock.now())?);
        Ok(())
    }

    /// Takes over bundles that were compiled before, when nothing else can go wrong any more.
    pub fn adopt(&self, bundles: &Bundles) {
        let _one_at_a_time = self.adopting.lock();
        let joined = self.published.joined(bundles);
        self.published.make_silent_due(&joined);
        self.bundles.store(Arc::new(joined));
        self.generation.fetch_add(1, Ordering::Release);
    }

    /// Reads the revocation lists whose addresses are due, keeps what is good of files, and reports what ends or cannot be used.
    ///
    /// # Errors
    /// [`DatabaseError`]: a list that was read is in force all the same.
    pub async fn refresh_lists(&self) -> Result<(), DatabaseError> {
        let asked_for = self.bundles.load_full();
        let looked = self.published.look(&asked_for).await;
        if !matches!(looked, Ok(false)) {
            let _one_at_a_time = self.adopting.lock();
            let named = self.bundles.load_full();
            let joined = self.published.joined(&named);
            if !Arc::ptr_eq(&named, &asked_for) {
                // What was read meanwhile was judged for the bundles of before.
                self.published.make_silent_due(&joined);
            }
            self.bundles.store(Arc::new(joined));
            self.generation.fetch_add(1, Ordering::Release);
        }
        self.published.report(&self.bundles.load());
        looked.map(drop)
    }

    /// Has all addresses of revocation lists read again at the next [`Self::refresh_lists`], whatever their turn is.
    pub fn make_lists_due(&self) {
        self.published.make_due();
    }

    /// How each revocation list stands.
    pub fn list_reports(&self) -> Vec<ListReport> {
        self.bundles.load().reports(|url| self.published.last_look(url), self.clock.now())
    }

    /// The bundles as they are now.
    pub fn bundles(&self) -> arc_swap::Guard<Arc<Bundles>> {
        self.bundles.load()
    }

    /// How a certificate stands. Memory only; costs a few signature checks, so ask once a connection (and again when
    /// [`Self::generation`] differs), and judge on every request.
    pub fn standing(&self, presented: &PresentedCertificate, now: Timestamp) -> CertificateStanding {
        self.standing_by(presented, now).0
    }

    /// The same, with the bundles that say so: their places mean nothing beside those of a config read before or after.
    pub fn standing_by(&self, presented: &PresentedCertificate, now: Timestamp) -> (CertificateStanding, Arc<Bundles>) {
        let bundles = self.bundles.load_full();
        let mut standing = bundles.standing(presented, |user| self.is_user(user), &self.withdrawn.load(), now);
        self.lay_register_over(presented.fingerprint(), &mut standing);
        (standing, bundles)
    }

    pub(super) fn withdrawn(&self) -> Arc<WithdrawnKeys> {
        self.withdrawn.load_full()
    }

    pub(super) fn is_user(&self, user: &UserId) -> bool {
        self.users.find(user).is_some()
    }

    /// A number that differs when a [`CertificateStanding`] worked out earlier may: bundles were reloaded or the register changed.
    /// Read it before [`Self::standing`], and ask again when it has moved on.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Notes that a certificate was presented, for the administrator. An authority of ours stands behind it or it is in
    /// the register, or it is a stranger's, of which little is kept.
    pub fn note(&self, presented: &PresentedCertificate, standing: &CertificateStanding, address: ClientAddress) {
        let is_known = standing.is_trusted() || self.register.contains_key(&presented.fingerprint());
        self.sightings.note(presented, standing.user(), address, is_known);
    }

    /// Who presented what, and when.
    pub const fn sightings(&self) -> &Sightings {
        &self.sightings
    }

    /// How check 2 ended for whom.
    pub const fn results(&self) -> &CertificateResults {
        &self.results
    }

    /// The entry of a certificate.
    pub fn find(&self, fingerprint: Fingerprint) -> Option<RegisterEntry> {
        self.register.get(&fingerprint).map(|held| held.entry())
    }

    /// The whole register, in the order of the fingerprints.
    pub fn list(&self) -> Vec<RegisterEntry> {
        let mut all: Vec<_> = self.register.iter().map(|held| held.entry()).collect();
        all.sort_unstable_by_key(|entry| entry.fingerprint);
        all
    }

    /// Switches a certificate on or off. Off, it fails check 2 from the next request on; ending the sessions entered
    /// with it is the caller's next step.
    ///
    /// # Errors
    /// [`CertificateRegisterError::Unknown`], [`CertificateRegisterError::Database`].
    pub async fn set_enabled(&self, fingerprint: Fingerprint, enabled: bool) -> Result<(), CertificateRegisterError> {
        let _one_at_a_time = self.writing.lock().await;
        let held = self.held(fingerprint)?;
        if held.entry.revoked_at.is_some() {
            return Err(CertificateRegisterError::Revoked(fingerprint));
        }
        records::set_enabled(&self.database, fingerprint, enabled).await?;
        self.hold(LinkedEntry { entry: RegisterEntry { enabled, ..held.entry }, user: held.user });
        Ok(())
    }

    /// Sets from when to when a certificate counts here; `None`: as long as it is valid itself.
    ///
    /// # Errors
    /// [`CertificateRegisterError::Unknown`], [`CertificateRegisterError::Dates`], [`CertificateRegisterError::Database`].
    pub async fn set_dates(
        &self,
        fingerprint: Fingerprint,
        dates: (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<(), CertificateRegisterError> {
        let _one_at_a_time = self.writing.lock().await;
        let held = self.held(fingerprint)?;
        let (valid_from, valid_until) = in_order(dates)?;
        issued::within(held.entry.issued.as_ref(), dates)?;
        records::set_dates(&self.database, fingerprint, valid_from, valid_until).await?;
        self.hold(LinkedEntry { entry: RegisterEntry { valid_from, valid_until, ..held.entry }, user: held.user });
        Ok(())
    }

    /// Takes a certificate out of the register: mappings speak for it again. To keep it out, switch it off instead.
    ///
    /// # Errors
    /// [`CertificateRegisterError::Unknown`], [`CertificateRegisterError::Database`].
    pub async fn remove(&self, fingerprint: Fingerprint) -> Result<(), CertificateRegisterError> {
        let _one_at_a_time = self.writing.lock().await;
        if self.held(fingerprint)?.entry.issued.is_some() {
            return Err(CertificateRegisterError::IssuedHere(fingerprint));
        }
        records::remove(&self.database, fingerprint).await?;
        self.register.remove(&fingerprint);
        self.generation.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// That a group was removed: what its members shared is nobody's when this resolves. What is being changed at that moment is
    /// changed first, or its holder would come back with the change.
    pub async fn forget_group(&self, group: &GroupName) {
        let _one_at_a_time = self.writing.lock().await;
        for mut held in self.register.iter_mut() {
            if held.entry.holder == Holder::Group(group.clone()) {
                held.entry.holder = Holder::Nobody;
            }
        }
        self.generation.fetch_add(1, Ordering::Release);
    }

    /// That a user was removed: what was theirs is nobody's when this resolves.
    pub async fn forget_holder(&self, user: &UserId) {
        let _one_at_a_time = self.writing.lock().await;
        for mut held in self.register.iter_mut() {
            if matches!(&held.entry.holder, Holder::User(holder) if holder == user) && held.holder() == Holder::Nobody {
                held.entry.holder = Holder::Nobody;
            }
        }
        self.generation.fetch_add(1, Ordering::Release);
    }

    fn held(&self, fingerprint: Fingerprint) -> Result<LinkedEntry, CertificateRegisterError> {
        let held = self.register.get(&fingerprint).map(|held| held.clone());
        held.ok_or(CertificateRegisterError::Unknown(fingerprint))
    }

    fn hold(&self, held: LinkedEntry) {
        self.register.insert(held.entry.fingerprint, held);
        self.generation.fetch_add(1, Ordering::Release);
    }

    fn lay_register_over(&self, fingerprint: Fingerprint, standing: &mut CertificateStanding) {
        let Some(held) = self.register.get(&fingerprint) else { return };
        if held.entry.revoked_at.is_some() || self.withdrawn.load().since(held.entry.issued.as_ref()).is_some() {
            standing.trusted_by = TrustSet::default();
            standing.fault = Some(Fault::Revoked);
        }
        standing.enabled = held.entry.enabled;
        standing.holder = held.holder();
        standing.not_before = held.entry.valid_from.map_or(standing.not_before, |from| from.max(standing.not_before));
        standing.not_after = held.entry.valid_until.map_or(standing.not_after, |until| until.min(standing.not_after));
    }
}

fn in_order(
    dates: (Option<Timestamp>, Option<Timestamp>),
) -> Result<(Option<Timestamp>, Option<Timestamp>), CertificateRegisterError> {
    match dates {
        (Some(from), Some(until)) if from >= until => Err(CertificateRegisterError::Dates),
        other => Ok(other),
    }
}

fn holder_of(users: &Users, holder: &Holder) -> Option<Arc<User>> {
    match holder {
        Holder::User(user) => users.find(user),
        Holder::Shared | Holder::Group(_) | Holder::Machine(_) | Holder::Nobody => None,
    }
}
