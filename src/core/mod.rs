//! All services together: what acts, pages and the gateway use, opened once by `server` or by a command.
//! Opening takes the state directory for this process alone, reads or makes the master key, brings the database up to
//! date and loads what the hot path reads from memory.
//! Invariant: a config that does not compile as a whole changes nothing.

mod accounts;
mod certificate_notice;
mod certificate_results;
mod compiled;
pub mod consequences;
pub mod devices;
mod directories;
mod factors;
mod foundation;
mod identity;
pub mod idp;
pub mod issuing;
pub mod notice;
mod numbers;
mod patterns;
mod phones;
pub mod renewal;
mod reminders;
mod second_factors;
mod accessors;
mod sign_ins;
mod state;
pub mod synchronisation;
#[cfg(test)]
pub(crate) mod testing;
mod upkeep;

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::tz::TimeZone;

use self::accounts::Accounts;
pub use self::compiled::Compiled;
use self::factors::Factors;
use self::foundation::Foundation;
use self::identity::IdentityGroup;
use self::phones::Phones;
use self::sign_ins::SignIns;
pub use self::state::StateError;
use crate::account::settings::{MEMBERS_MAY_ADD, MEMBERS_MAY_DELETE};
use crate::acme::own::{OwnCertificateError, OwnCertificates};
use crate::approval::delivery::DeliveryError;
use crate::audit::Audit;
use crate::certificate::authority::IssuingAuthority;
use crate::certificate::register::ClientCertificates;
use crate::chain::policy::Policies;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::config::diagnose::Diagnosis;
use crate::factor::password;
use crate::identity::keys::KeyError;
use crate::idp::IdentityProviders;
use crate::principal::user::{GroupName, UserId};
use crate::random::SharedRandom;
use crate::store::database::{Database, DatabaseError};
use crate::store::memory::Memory;
use crate::store::shared::SharedState;
use crate::transaction::Transactions;
use crate::transaction::spool::Spool;

/// The services together. Every field is private: what other modules may use, an accessor names.
pub struct Core {
    base: Foundation,
    /// The config and what it compiled to, replaced as a whole by [`Core::adopt`].
    snapshot: ArcSwap<Snapshot>,
    accounts: Accounts,
    factors: Factors,
    idp: IdentityProviders,
    sign_ins: SignIns,
    phones: Phones,
    certificates: ClientCertificates,
    authority: IssuingAuthority,
    transactions: Transactions,
    audit: Arc<Audit>,
    identity: IdentityGroup,
    own_certificates: OwnCertificates,
    /// The last announcement that memory knows of.
    announced: tokio::sync::Mutex<Option<String>>,
    /// Held as long as this exists: no second process opens the same state for itself. `None` beside one that does.
    lock: Option<std::fs::File>,
}

/// One config with what it compiled to: a request that holds it sees nothing of a later one.
#[derive(Debug)]
pub struct Snapshot {
    /// The config.
    pub config: Arc<Config>,
    /// Its policies.
    pub policies: Arc<Policies>,
}

impl fmt::Debug for Core {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Core({})", self.config().file.state.directory.display())
    }
}

/// Why the core cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The config does not compile: policies, trust bundles, mail.
    #[error("{0}")]
    Config(Diagnosis),
    /// The state directory, its lock or the master key.
    #[error(transparent)]
    State(#[from] StateError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The keys that sign assertions.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The key that names this gateway to push services.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// The gateway's own certificates.
    #[error(transparent)]
    OwnCertificates(#[from] OwnCertificateError),
    /// The parameters of password hashing.
    #[error(transparent)]
    Passwords(#[from] password::PasswordError),
}

impl Core {
    /// Opens everything that `config` names, for this process alone.
    ///
    /// # Errors
    /// [`OpenError`], which says what and how to mend it.
    pub async fn open(config: Arc<Config>, clock: SharedClock, random: SharedRandom) -> Result<Arc<Self>, OpenError> {
        Self::open_as(config, clock, random, false).await
    }

    /// As [`Self::open`], for a command: if a gateway has the state open, it works beside that one. What it wrote is
    /// announced by [`Self::close`], and the gateway takes it over within a second or two.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_for_command(config: Arc<Config>, clock: SharedClock, random: SharedRandom) -> Result<Arc<Self>, OpenError> {
        Self::open_as(config, clock, random, true).await
    }

    /// Whether another process has the state open. What only that one's memory knows (locks, sign-ins in progress) is
    /// out of reach.
    pub const fn is_beside_another(&self) -> bool {
        self.lock.is_none()
    }

    async fn open_as(
        config: Arc<Config>,
        clock: SharedClock,
        random: SharedRandom,
        beside: bool,
    ) -> Result<Arc<Self>, OpenError> {
        let compiled =
            Compiled::of(&config, &clock, &random).map_err(|complaints| OpenError::Config(config.complain(complaints)))?;
        Self::open_compiled(config, clock, random, compiled, beside).await
    }

    /// As [`Self::open`], of a config that was compiled before.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(
        config: Arc<Config>,
        clock: SharedClock,
        random: SharedRandom,
        compiled: Compiled,
    ) -> Result<Arc<Self>, OpenError> {
        Self::open_compiled(config, clock, random, compiled, false).await
    }

    async fn open_compiled(
        config: Arc<Config>,
        clock: SharedClock,
        random: SharedRandom,
        compiled: Compiled,
        beside: bool,
    ) -> Result<Arc<Self>, OpenError> {
        let state = state::open(&config.file.state, &*random, beside).await?;
        let database = state.database.clone();
        let furnished = Self::furnish(config, clock, random, compiled, state).await;
        if furnished.is_err() {
            // Close on failure, so that SQLite removes the -wal and -shm files.
            database.close().await;
        }
        furnished
    }

    async fn furnish(
        config: Arc<Config>,
        clock: SharedClock,
        random: SharedRandom,
        compiled: Compiled,
        state: state::OpenedState,
    ) -> Result<Arc<Self>, OpenError> {
        let state::OpenedState { lock, keys, forward_auth_key, database } = state;
        // Before anything is read: what is announced from here on is read again.
        let announced = state::announced(&database).await?;
        let file = &config.file;
        let memory = Arc::new(Memory::new(Arc::clone(&clock), file.limits.shared_entries).with_parts(&foundation::ANYBODYS));
        let shared: Arc<dyn SharedState> = Arc::clone(&memory) as Arc<dyn SharedState>;
        let base = Foundation { clock, random, keys, forward_auth_key, database, shared, memory };
        state::recognise(&base.keys, &base.database).await?;
        let audit = Arc::new(Audit::new(base.database(), base.clock()));
        let accounts = Accounts::load(&base, file, compiled.relay).await?;
        let sign_ins = SignIns::load(&base, file, &accounts.users).await?;
        let phones = Phones::load(&base, file, &audit, &accounts.settings).await?;
        let factors =
            Factors::new(&base, file, compiled.directories, compiled.relying_party, compiled.matrix, compiled.kerberos)?;
        let idp = IdentityProviders::new(compiled.idp, &base.database, &base.shared, base.keys(), base.clock(), base.random());
        let (authority, certificates) = issuing::load(&base, file, &accounts.users, compiled.bundles, lock.is_some()).await?;
        let identity = IdentityGroup::load(&base, file).await?;
        let own_certificates = OwnCertificates::load(
            base.database(),
            base.keys(),
            base.random(),
            base.clock(),
            Arc::clone(&audit),
            compiled.own_certificates,
        )
        .await?;
        let spool = Spool::new(
            file.state.directory.join("held"),
            file.limits.transaction_body.0,
            file.limits.transaction_memory.0,
            file.limits.transaction_disk.0,
            base.random(),
        );
        let transactions = Transactions::new(base.database(), spool, file.limits.transactions, base.clock(), base.random());
        if lock.is_some() {
            transactions.recover().await?;
        }
        let core = Arc::new(Self {
            snapshot: ArcSwap::from_pointee(Snapshot { config: Arc::clone(&config), policies: Arc::new(compiled.policies) }),
            base,
            accounts,
            factors,
            idp,
            sign_ins,
            phones,
            certificates,
            authority,
            transactions,
            audit,
            identity,
            own_certificates,
            announced: tokio::sync::Mutex::new(announced),
            lock,
        });
        if core.lock.is_some() {
            core.settle_withdrawn().await?;
        }
        Ok(core)
    }

    /// Takes over a config that was read again: all of it, or nothing.
    ///
    /// # Errors
    /// A [`Diagnosis`]; the last good config stays in force.
    pub fn adopt(&self, config: Arc<Config>) -> Result<(), Diagnosis> {
        let compiled = Compiled::of(&config, self.clock(), self.random()).map_err(|complaints| config.complain(complaints))?;
        drop(self.take_over(config, compiled));
        Ok(())
    }

    /// Takes over a config that was compiled: all of it. Where state is kept stays as it was opened. The snapshot that is
    /// in force from now on.
    pub fn take_over(&self, config: Arc<Config>, compiled: Compiled) -> Arc<Snapshot> {
        self.accounts.configure(&config.file, compiled.relay);
        self.sign_ins.configure(&config.file);
        self.phones.configure(&config.file);
        self.factors.configure(&config.file, compiled.directories, compiled.relying_party, compiled.matrix, compiled.kerberos);
        self.idp.configure(compiled.idp);
        self.certificates.adopt(&compiled.bundles);
        self.own_certificates.configure(compiled.own_certificates);
        let snapshot = Arc::new(Snapshot { config, policies: Arc::new(compiled.policies) });
        let before = self.snapshot.swap(Arc::clone(&snapshot));
        self.recount_ending_certificates(&before.config.file.certificates.remind_days);
        snapshot
    }

    /// Reads everything again if a command that ran beside this process announced a change; whether one did.
    ///
    /// # Errors
    /// [`DatabaseError`]: what was read until then is in force, and the rest is tried again at the next call.
    pub async fn follow(&self) -> Result<bool, DatabaseError> {
        let mut known = self.announced.lock().await;
        let now = state::announced(&self.base.database).await?;
        if *known == now {
            return Ok(false);
        }
        self.accounts.refresh().await?;
        self.authority.refresh().await?;
        self.certificates().refresh().await?;
        self.sign_ins.refresh().await?;
        self.settle_withdrawn().await?;
        *known = now;
        Ok(true)
    }

    /// Whether what `config` says of its state can be opened, as far as that shows without opening or making anything.
    ///
    /// # Errors
    /// [`StateError`], as [`Self::open`].
    pub fn inspect(config: &Config) -> Result<(), StateError> {
        state::inspect(&config.file.state)
    }

    /// The groups that are in the state of `config`, read while another process may have it open; `None` where there is no
    /// state yet.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn groups_at(config: &Config) -> Result<Option<Vec<GroupName>>, DatabaseError> {
        let file = config.file.state.directory.join(state::DATABASE);
        if !file.exists() {
            return Ok(None);
        }
        let database = Database::peek(&file).await?;
        let names = crate::account::groups::names(&database).await;
        database.close().await;
        names.map(Some)
    }

    /// The zone of days that are entered, and of times that people read.
    pub fn zone(&self) -> TimeZone {
        self.config().file.time.zone.0.clone()
    }

    /// How many entries the short-lived state of this process holds.
    pub fn shared_entries(&self) -> usize {
        self.base.memory.len()
    }

    /// How many users who are switched on have no phone: a login form that is shut stays so for them.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn users_without_phone(&self) -> Result<usize, DatabaseError> {
        let slots = self.approvals().approvers.all().await?;
        let with: std::collections::BTreeSet<&UserId> = slots.iter().map(|slot| &slot.user).collect();
        Ok(self.users().list().iter().filter(|user| user.standing().enabled && !with.contains(user.id())).count())
    }

    /// Whether users may add phones themselves.
    pub fn members_may_add(&self) -> bool {
        self.settings().switch(MEMBERS_MAY_ADD, self.approvals().config().members_may_add)
    }

    /// Whether users may remove phones themselves.
    pub fn members_may_delete(&self) -> bool {
        self.settings().switch(MEMBERS_MAY_DELETE, self.approvals().config().members_may_delete)
    }

    /// Closes the database after nothing was written: the last step of a command that only read beside another process.
    pub async fn leave(&self) {
        self.base.database.close().await;
    }

    /// Writes down what only memory knows and closes the database: the last step of a shutdown.
    ///
    /// # Errors
    /// [`DatabaseError`]; the database is closed all the same.
    pub async fn close(&self) -> Result<(), DatabaseError> {
        let mut written = self.write_down().await;
        if self.is_beside_another() {
            written = written.and(state::announce(&self.base.database, &**self.random()).await);
        }
        self.base.database.close().await;
        written
    }
}

#[cfg(test)]
mod tests;
