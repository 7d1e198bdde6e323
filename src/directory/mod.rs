//! Directories of people: Active Directory, OpenLDAP, 389 Directory Server and others that speak LDAP, several at once. They
//! judge passwords, by binding as the user over TLS, and say who that is, in which groups, and under which names.
//! Nothing of a password is kept here.
//!
//! Equal work (T31): whichever user is named, the same steps are made, for a user who cannot be judged under a name that
//! nobody bears and with a password drawn at random. How long the directory itself takes over a name that it does not know
//! is its own affair; nothing that it says is passed on but "not right".
//! Invariant: no empty password, and none with NUL, reaches the network (RFC 4513 §5.1.2, T33); no referral is followed.

mod change;
mod connection;
mod directories;
mod discovery;
mod dn;
mod dns;
mod entry;
mod error;
mod examination;
mod groups;
mod health;
mod link;
mod links;
mod outcome;
mod person;
mod policy_control;
mod reader;
mod reason;
mod records;
mod server;
mod servers;
mod service;
mod sync;
#[cfg(test)]
pub(crate) mod testing;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use secrecy::SecretString;
use tokio::sync::{Mutex, OwnedMutexGuard, Semaphore};

pub use self::change::DirectoryChangeError;
pub use self::directories::{Directories, Domain};
pub use self::dn::DistinguishedName;
pub use self::error::DirectoryError;
pub use self::examination::DirectoryFinding;
pub use self::health::DirectoryHealth;
use self::health::HealthNote;
pub use self::link::DirectoryLink;
pub use self::links::DirectoryLinks;
pub use self::person::DirectoryPerson;
pub use self::reason::Reason;
use self::servers::Servers;
use self::service::ServiceAccount;
pub use self::sync::{DirectoryList, DirectoryStanding};
use crate::clock::SharedClock;
use crate::config::diagnose::Complaint;
use crate::config::schema::{DirectoryKind, DirectorySection, GroupsBy};
use crate::principal::user::{GroupName, UserId};
use crate::random::SharedRandom;

/// Who is bound as where nobody is to be judged. An operator who reads the log of the directory sees from this name where the bind comes from.
pub const NOBODY: &str = "sekisho-nobody";
/// Characters that a login name of Active Directory cannot have; the first two are the ones that a name of ours can.
const FORBIDDEN: &str = "@+\"/\\[]:;|=,*?<>";

/// A directory, as the config names it.
pub struct Directory {
    name: Box<str>,
    domain: Box<str>,
    kind: DirectoryKind,
    servers: Servers,
    tls: Arc<ClientConfig>,
    user_name: Box<str>,
    login_name: Box<str>,
    suffix: Box<str>,
    base: Box<str>,
    user_dn: Option<Box<str>>,
    people_filter: Box<str>,
    login_attribute: Box<str>,
    id_attribute: Box<str>,
    group_base: Box<str>,
    groups_by: GroupsBy,
    groups: Box<[(GroupName, Box<[DistinguishedName]>)]>,
    takes_profile: bool,
    changes_passwords: bool,
    makes_users: bool,
    sync_every: Option<Duration>,
    service: Option<ServiceAccount>,
    connect_within: Duration,
    answer_within: Duration,
    turns: Semaphore,
    reading: Arc<Mutex<()>>,
    health: HealthNote,
}

impl Directory {
    /// A directory of the config.
    ///
    /// # Errors
    /// What is wrong with the files that it names.
    fn load(name: &str, config: &DirectorySection, random: &SharedRandom) -> Result<Self, Complaint> {
        let pins = config.pins.iter().filter_map(|text| tls::pin(text)).collect();
        let tls = tls::client(config.authority.as_deref(), pins).map_err(|why| {
            let path = config.authority.as_deref().unwrap_or_else(|| std::path::Path::new("the authorities of the system"));
            Complaint::new(format!("directory.{name}.authority"), format!("cannot use {}: {why}", path.display()))
                .help("name a PEM file with the certificate of the authority")
        })?;
        let service = match (&config.bind_as, &config.bind_password_file) {
            (Some(account), Some(path)) => {
                let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
                let password = read.and_then(|text| match text.trim_end_matches(['\r', '\n']) {
                    "" => Err("it is empty".to_owned()),
                    text => Ok(SecretString::from(text.to_owned())),
                });
                let password = password.map_err(|why| {
                    let path = path.display();
                    Complaint::new(format!("directory.{name}.bind_password_file"), format!("cannot use {path}: {why}"))
                        .help("write the password of `bind_as` into this file, and let only the user of the gateway read it")
                })?;
                Some(ServiceAccount::new(account.clone(), password))
            }
            _ => None,
        };
        let suffix = config.upn_suffix.as_deref().unwrap_or_default();
        let text = |own: &Option<String>, other: &str| own.as_deref().unwrap_or(other).into();
        let names = |all: &[String]| all.iter().filter_map(|text| DistinguishedName::parse(text)).collect();
        let groups = config.groups.iter().filter_map(|(group, dns)| Some((GroupName::parse(group).ok()?, names(dns))));
        Ok(Self {
            name: name.into(),
            domain: text(&config.domain, if suffix.is_empty() { name } else { suffix }),
            kind: config.kind,
            servers: Servers::new(config, random),
            tls,
            user_name: config.user_name.as_str().into(),
            login_name: config.login_name.as_str().into(),
            suffix: suffix.into(),
            base: config.base.as_str().into(),
            user_dn: config.user_dn.as_deref().map(Into::into),
            people_filter: text(&config.people_filter, person::filter_of_people(config.kind)),
            login_attribute: text(&config.login_attribute, person::login_attribute(config.kind)),
            id_attribute: text(&config.id_attribute, person::id_attribute(config.kind)),
            group_base: text(&config.group_base, &config.base),
            groups_by: config.groups_by,
            groups: groups.collect(),
            takes_profile: config.profile,
            changes_passwords: config.change_password,
            makes_users: config.create_users,
            sync_every: config.sync_every.map(|every| every.0),
            service,
            connect_within: config.connect_within.0,
            answer_within: config.answer_within.0,
            turns: Semaphore::new(config.at_once),
            reading: Arc::default(),
            health: HealthNote::default(),
        })
    }

    /// The name of its table in the config.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its name for people.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// How often it is read as a whole.
    pub const fn sync_every(&self) -> Option<Duration> {
        self.sync_every
    }

    /// The turn to read it as a whole: one reading at a time.
    pub async fn turn_to_read(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.reading).lock_owned().await
    }

    /// Takes over from the same directory as it was configured before what a new config does not change.
    fn follow(&mut self, before: &Self) {
        self.reading = Arc::clone(&before.reading);
        self.servers.follow(&before.servers);
    }

    /// How a user of ours is called there; `None` for a name that nobody there can have.
    fn login_of(&self, user: &UserId) -> Option<String> {
        let name = user.as_str();
        let own = match self.user_name.strip_prefix("{user}").filter(|behind| !behind.is_empty()) {
            Some(behind) => name.strip_suffix(behind)?,
            None => {
                name.rsplit_once('@').filter(|(_, suffix)| suffix.eq_ignore_ascii_case(&self.suffix)).map_or(name, |(own, _)| own)
            }
        };
        let is_possible = match self.kind {
            DirectoryKind::ActiveDirectory => !own.contains(|c: char| FORBIDDEN.contains(c)),
            _ => !own.is_empty(),
        };
        is_possible.then(|| self.login_name.replace("{user}", own))
    }

    /// Judges a password: whose entry it opens. What was once sent to one server is sent to no other: a wrong password would
    /// count twice towards the directory's own lock.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub async fn judge(
        &self,
        user: &UserId,
        password: &SecretString,
        clock: &SharedClock,
    ) -> Result<DirectoryPerson, DirectoryError> {
        let login = self.login_of(user).ok_or(DirectoryError::Refused(Reason::NoLoginName))?;
        self.ask(&login, password, clock).await
    }

    /// Does the work of [`Self::judge`] for nobody.
    ///
    /// # Errors
    /// [`DirectoryError`], never a refusal.
    pub async fn pretend(&self, drawn: &SecretString, clock: &SharedClock) -> Result<(), DirectoryError> {
        match self.ask(NOBODY, drawn, clock).await {
            Ok(_) | Err(DirectoryError::Refused(_)) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    async fn ask(&self, login: &str, password: &SecretString, clock: &SharedClock) -> Result<DirectoryPerson, DirectoryError> {
        let waited = tokio::time::timeout(self.answer_within, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = waited else { return Err(DirectoryError::Busy(self.answer_within)) };
        let said = self.converse(login, password, clock).await;
        self.health.note(&said, clock);
        said
    }

    async fn converse(
        &self,
        login: &str,
        password: &SecretString,
        clock: &SharedClock,
    ) -> Result<DirectoryPerson, DirectoryError> {
        let found = person::find(self, login, clock).await.inspect_err(|error| self.tell(error))?;
        let (server, connection) = self.servers.connect(self, clock).await?;
        let said = connection.hold(|ldap| person::judge(self, ldap, login, &found, password, clock)).await;
        server.heard(self, login, &said, clock);
        said
    }
}

impl Directory {
    /// Tells operators why the account of ours found nothing.
    fn tell(&self, error: &DirectoryError) {
        if let DirectoryError::Misconfigured(why) = error {
            metrics::counter!("sekisho_directory_misconfigured_total", "directory" => self.name.to_string()).increment(1);
            tracing::error!(directory = %self.name, reason = %why, "directory_misconfigured");
        }
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Directory({})", self.name)
    }
}
