//! The rooms together: everything that acts, pages and the gateway may use, opened once by `server` or a command.
//! Opening takes the state directory for this process alone, reads or makes the master key, brings the database up to
//! date and loads what the hot path reads from memory.
//! Invariant: a config that does not compile as a whole changes nothing.

mod consequences;
pub mod notice;
mod numbers;
pub mod transactions;
mod state;
#[cfg(test)]
pub(crate) mod testing;
mod upkeep;

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;

pub use self::state::StateError;
use crate::account::UserId;
use crate::account::groups::Groups;
use crate::account::links::Links;
use crate::account::outbox::Outbox;
use crate::account::places::Places;
use crate::account::regulation::Regulation;
use crate::account::settings::{MEMBERS_MAY_ADD, MEMBERS_MAY_DELETE, Settings};
use crate::account::tokens::Tokens;
use crate::account::users::Users;
use crate::approval::Approvals;
use crate::approval::approver::Approvers;
use crate::approval::delivery::{Delivery, DeliveryError};
use crate::audit::Audit;
use crate::browser::Browsers;
use crate::certificate::bundles::Bundles;
use crate::certificate::register::Certificates;
use crate::chain::policy::Policies;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::config::diagnose::Diagnosis;
use crate::factor::ad_password::{AdPasswords, Directory};
use crate::factor::grace::Graces;
use crate::factor::password::{self, Passwords};
use crate::factor::recovery_code::RecoveryCodes;
use crate::factor::totp::Totps;
use crate::factor::transaction_password::TransactionPasswords;
use crate::identity::assertion::Assertions;
use crate::identity::keys::{KeyError, SigningKeys};
use crate::login_protect::LoginProtect;
use crate::random::SharedRandom;
use crate::seal::MasterKeys;
use crate::session::handover::Handover;
use crate::session::sessions::Sessions;
use crate::store::database::{Database, DatabaseError};
use crate::store::memory::Memory;
use crate::store::shared::SharedState;
use crate::transaction::Transactions;
use crate::transaction::spool::Spool;

/// The rooms.
pub struct House {
    /// Where time comes from.
    pub clock: SharedClock,
    /// Where secrets come from.
    pub random: SharedRandom,
    /// What seals secrets at rest.
    pub keys: Arc<MasterKeys>,
    /// The durable store.
    pub database: Database,
    /// The short-lived store.
    pub shared: Arc<dyn SharedState>,
    /// The config as it is now; [`House::adopt`] changes it.
    pub config: ArcSwap<Config>,
    /// The policies as they are now.
    pub policies: ArcSwap<Policies>,
    /// Who there is.
    pub users: Arc<Users>,
    /// Their groups.
    pub groups: Groups,
    /// Who is signed in.
    pub sessions: Arc<Sessions>,
    /// From the portal to apps.
    pub handover: Handover,
    /// Registered browsers.
    pub browsers: Browsers,
    /// Client certificates.
    pub certificates: Certificates,
    /// Who guesses too much.
    pub regulation: Regulation,
    /// What happened.
    pub audit: Arc<Audit>,
    /// Messages to people.
    pub outbox: Outbox,
    /// From where people signed in.
    pub places: Places,
    /// One-time links.
    pub links: Links,
    /// API tokens.
    pub tokens: Tokens,
    /// What administrators set while the gateway runs.
    pub settings: Arc<Settings>,
    /// Approvals on the phone.
    pub approvals: Approvals,
    /// Login forms that are shut.
    pub login_protect: LoginProtect,
    /// Passwords.
    pub passwords: Passwords,
    /// Passwords that a directory judges.
    pub ad_passwords: AdPasswords,
    /// Authenticators.
    pub totps: Totps,
    /// Recovery codes.
    pub recovery_codes: RecoveryCodes,
    /// Transaction passwords.
    pub transaction_passwords: TransactionPasswords,
    /// Requests that are held until they are approved.
    pub transactions: Transactions,
    /// Times without a second factor.
    pub graces: Graces,
    /// What signs assertions.
    pub signing_keys: Arc<SigningKeys>,
    /// What apps are told of their users.
    pub assertions: Assertions,
    memory: Arc<Memory>,
    /// The last announcement that memory knows of.
    announced: tokio::sync::Mutex<Option<String>>,
    /// Held as long as the house is: no second process opens the same state for itself. `None` beside one that does.
    lock: Option<std::fs::File>,
}

impl fmt::Debug for House {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "House({})", self.config.load().file.state.directory.display())
    }
}

/// Why the house cannot be opened.
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
    /// The parameters of password hashing.
    #[error(transparent)]
    Passwords(#[from] password::Failure),
}

/// What a config compiles to; nothing of it is in force yet.
struct Compiled {
    policies: Policies,
    bundles: Bundles,
    directory: Option<Directory>,
}

impl Compiled {
    fn of(config: &Config, clock: &SharedClock) -> Result<Self, Diagnosis> {
        let policies = Policies::compile(config);
        let bundles = Bundles::compile(&config.file.trust, clock.now());
        let push = crate::approval::delivery::authorities(&config.file.approval);
        let pings = crate::approval::delivery::ping_complaints(&config.file);
        let directory = Directory::load(&config.file.directory);
        match (policies, bundles, push, directory) {
            (Ok(policies), Ok(bundles), Ok(_), Ok(directory)) if pings.is_empty() => Ok(Self { policies, bundles, directory }),
            (policies, bundles, push, directory) => {
                let mut complaints = policies.err().unwrap_or_default();
                complaints.extend(bundles.err().unwrap_or_default());
                complaints.extend(push.err());
                complaints.extend(directory.err());
                complaints.extend(pings);
                Err(config.complain(complaints))
            }
        }
    }
}

impl House {
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
        let compiled = Compiled::of(&config, &clock).map_err(OpenError::Config)?;
        let state = state::open(&config.file.state, &*random, beside).await?;
        let database = state.database.clone();
        let furnished = Self::furnish(config, clock, random, compiled, state).await;
        if furnished.is_err() {
            // Whoever leaves closes: SQLite takes its side files away.
            database.close().await;
        }
        furnished
    }

    async fn furnish(
        config: Arc<Config>,
        clock: SharedClock,
        random: SharedRandom,
        compiled: Compiled,
        state: state::State,
    ) -> Result<Arc<Self>, OpenError> {
        let state::State { lock, keys, database } = state;
        // Before anything is read: what is announced from here on is read again.
        let announced = state::announced(&database).await?;
        let file = &config.file;
        let memory = Arc::new(Memory::new(Arc::clone(&clock), file.limits.shared_entries));
        let shared: Arc<dyn SharedState> = Arc::clone(&memory) as Arc<dyn SharedState>;
        let settings = Arc::new(Settings::load(database.clone(), Arc::clone(&clock)).await?);
        let audit = Arc::new(Audit::new(database.clone(), Arc::clone(&clock)));
        state::recognise(&keys, &database).await?;
        let users = Arc::new(Users::load(database.clone(), Arc::clone(&clock)).await?);
        let sessions = Sessions::load(database.clone(), &users, &file.session, Arc::clone(&clock), Arc::clone(&random)).await?;
        let sessions = Arc::new(sessions);
        let outbox = Outbox::new(database.clone(), Arc::clone(&keys), Arc::clone(&clock), Arc::clone(&random));
        let relay = outbox.configure(file.mail.as_ref());
        relay.map_err(|complaint| OpenError::Config(config.complain(vec![complaint])))?;
        let approvers = Approvers::new(database.clone(), Arc::clone(&clock));
        let (at, chance) = (Arc::clone(&clock), Arc::clone(&random));
        let delivery = Delivery::load(&database, approvers.clone(), &keys, &file.approval, at, chance).await?;
        let signing_keys =
            Arc::new(SigningKeys::load(database.clone(), Arc::clone(&keys), Arc::clone(&random), Arc::clone(&clock)).await?);
        let spool = Spool::new(
            file.state.directory.join("held"),
            file.limits.transaction_body.0,
            file.limits.transaction_memory.0,
            file.limits.transaction_disk.0,
            Arc::clone(&random),
        );
        let (at, chance) = (Arc::clone(&clock), Arc::clone(&random));
        let transactions = Transactions::new(database.clone(), spool, file.limits.transactions, at, chance);
        if lock.is_some() {
            transactions.recover().await?;
        }
        let issuer = file.portal.url.trim_end_matches('/');
        Ok(Arc::new(Self {
            assertions: Assertions::new(issuer, Arc::clone(&signing_keys), Arc::clone(&clock)),
            signing_keys,
            passwords: Passwords::new(
                database.clone(),
                &file.password,
                file.portal.title.as_deref(),
                Arc::clone(&clock),
                Arc::clone(&random),
            )?,
            ad_passwords: AdPasswords::new(compiled.directory, Arc::clone(&clock), Arc::clone(&random)),
            totps: Totps::new(database.clone(), Arc::clone(&keys), &file.totp, Arc::clone(&clock), Arc::clone(&random)),
            recovery_codes: RecoveryCodes::new(database.clone(), Arc::clone(&keys), Arc::clone(&clock), Arc::clone(&random)),
            graces: Graces::new(database.clone(), Arc::clone(&clock)),
            transaction_passwords: TransactionPasswords::new(database.clone(), Arc::clone(&clock)),
            transactions,
            groups: Groups::load(database.clone(), Arc::clone(&users)).await?,
            handover: Handover::new(&shared, Arc::clone(&keys), Arc::clone(&sessions), Arc::clone(&clock), Arc::clone(&random)),
            browsers: Browsers::load(database.clone(), &file.session, Arc::clone(&clock), Arc::clone(&random)).await?,
            certificates: Certificates::load(database.clone(), Arc::clone(&users), compiled.bundles, Arc::clone(&clock)).await?,
            regulation: Regulation::new(Arc::clone(&shared), file.regulation.clone(), Arc::clone(&clock)),
            links: Links::new(database.clone(), Arc::clone(&clock), Arc::clone(&random)),
            tokens: Tokens::load(database.clone(), Arc::clone(&users), Arc::clone(&clock), Arc::clone(&random)).await?,
            approvals: Approvals::new(
                approvers,
                delivery,
                &shared,
                file.approval.clone(),
                Arc::clone(&audit),
                Arc::clone(&clock),
                Arc::clone(&random),
            ),
            policies: ArcSwap::from_pointee(compiled.policies),
            login_protect: LoginProtect::new(
                &shared,
                &file.login_protect,
                Arc::clone(&settings),
                Arc::clone(&clock),
                Arc::clone(&random),
            ),
            audit,
            config: ArcSwap::new(Arc::clone(&config)),
            outbox,
            places: Places::new(database.clone(), Arc::clone(&clock)),
            settings,
            users,
            sessions,
            shared,
            memory,
            database,
            keys,
            clock,
            random,
            announced: tokio::sync::Mutex::new(announced),
            lock,
        }))
    }

    /// Takes over a config that was read anew: all of it, or nothing. Where state is kept stays as it was opened.
    ///
    /// # Errors
    /// A [`Diagnosis`]; the last good config stays in force.
    pub fn adopt(&self, config: Arc<Config>) -> Result<(), Diagnosis> {
        let compiled = Compiled::of(&config, &self.clock)?;
        let relay = self.outbox.configure(config.file.mail.as_ref());
        relay.map_err(|complaint| config.complain(vec![complaint]))?;
        self.sessions.configure(&config.file.session);
        self.browsers.configure(&config.file.session);
        self.regulation.configure(config.file.regulation.clone());
        self.approvals.configure(config.file.approval.clone());
        self.login_protect.configure(&config.file.login_protect);
        self.certificates.adopt(compiled.bundles);
        self.ad_passwords.configure(compiled.directory);
        self.policies.store(Arc::new(compiled.policies));
        self.config.store(config);
        Ok(())
    }

    /// Reads everything anew if a command that ran beside this process announced a change; whether one did.
    ///
    /// # Errors
    /// [`DatabaseError`]: what was read until then is in force, and the rest is tried again at the next call.
    pub async fn follow(&self) -> Result<bool, DatabaseError> {
        let mut known = self.announced.lock().await;
        let now = state::announced(&self.database).await?;
        if *known == now {
            return Ok(false);
        }
        self.settings.refresh().await?;
        self.groups.refresh().await?;
        self.users.refresh().await?;
        self.browsers.refresh().await?;
        self.certificates.refresh().await?;
        self.tokens.refresh().await?;
        self.sessions.refresh().await?;
        *known = now;
        Ok(true)
    }

    /// How many entries the short-lived state of this process holds.
    pub fn shared_entries(&self) -> usize {
        self.memory.len()
    }

    /// How many users who are switched on have no phone: a login form that is shut stays so for them.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn users_without_phone(&self) -> Result<usize, DatabaseError> {
        let slots = self.approvals.approvers.all().await?;
        let with: std::collections::BTreeSet<&UserId> = slots.iter().map(|slot| &slot.user).collect();
        Ok(self.users.list().iter().filter(|user| user.standing().enabled && !with.contains(user.id())).count())
    }

    /// Whether users may add phones themselves.
    pub fn members_may_add(&self) -> bool {
        self.settings.switch(MEMBERS_MAY_ADD, self.approvals.config().members_may_add)
    }

    /// Whether users may remove phones themselves.
    pub fn members_may_delete(&self) -> bool {
        self.settings.switch(MEMBERS_MAY_DELETE, self.approvals.config().members_may_delete)
    }

    /// Begins the time without a second factor for a user who has none now.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn begin_grace(&self, user: &UserId) -> Result<(), DatabaseError> {
        if self.graces.holds(user, &self.totps, &self.approvals.approvers).await? {
            self.graces.begin(user).await?;
        }
        Ok(())
    }

    /// Whether a user has a second factor that a sign-in could ask for.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn has_second_factor(&self, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self.totps.has(user).await? || self.recovery_codes.left(user).await? > 0)
    }

    /// Writes down what only memory knows and closes the database: the last step of a shutdown.
    ///
    /// # Errors
    /// [`DatabaseError`]; the database is closed all the same.
    pub async fn close(&self) -> Result<(), DatabaseError> {
        let mut written = self.write_down().await;
        if self.is_beside_another() {
            written = written.and(state::announce(&self.database, &*self.random).await);
        }
        self.database.close().await;
        written
    }
}

#[cfg(test)]
mod tests;
