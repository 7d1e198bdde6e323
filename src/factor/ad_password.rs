//! Passwords that Active Directory judges: by binding there as the user, over TLS whose certificate and host name were
//! verified, and by finding the user's own entry as that user. No account of ours is needed there, and nothing of the
//! password is kept here.
//!
//! Equal work (T31): whichever user is named, one connection is made and one bind is sent, for a user who cannot
//! be judged under a name that nobody bears and with a password drawn at random. How long the directory itself takes over
//! a name that it does not know is its own affair; nothing that it says is passed on but "not right".
//! Invariant: no empty password, and none with NUL, reaches the network (RFC 4513 §5.1.2, T33); no referral is followed.

mod conversation;
mod refusal;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use url::Url;

pub use self::refusal::Reason;
use super::Proof;
use crate::clock::SharedClock;
use crate::config::diagnose::Complaint;
use crate::config::schema;
use crate::login_protect::Admission;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::random::SharedRandom;

/// The longest password that is sent, bytes: Active Directory takes 256 characters.
const LONGEST: usize = 1024;
/// How long a server that could not be reached is left alone.
const REST: Duration = Duration::from_secs(2);
/// Who is bound as where nobody is to be judged. An operator who reads the log of the directory sees from this name where the bind comes from.
const NOBODY: &str = "sekisho-nobody";
/// Characters that a login name cannot have; the first two are the ones that a name of ours can.
const FORBIDDEN: &str = "@+\"/\\[]:;|=,*?<>";

/// Why a password proved nothing.
#[derive(Debug, thiserror::Error)]
pub enum AdPasswordError {
    /// The directory said no, or was not asked because nothing good could come of it.
    #[error("verify the password of the directory: {0}")]
    Refused(Reason),
    /// The limit of concurrent verifications is reached; the caller may retry after this.
    #[error("verify the password of the directory: too many are being verified")]
    Busy(Duration),
    /// The directory did not answer, or not as itself.
    #[error("verify the password of the directory: {0}")]
    Unreachable(String),
}

/// A directory, as the config names it.
pub struct Directory {
    name: Box<str>,
    servers: Box<[DirectoryServer]>,
    tls: Arc<ClientConfig>,
    suffix: Box<str>,
    base: Box<str>,
    login_name: Box<str>,
    connect_within: Duration,
    answer_within: Duration,
    turns: Semaphore,
}

/// One of its servers.
struct DirectoryServer {
    url: Url,
    host: Box<str>,
    port: u16,
    rests_until: AtomicU64,
}

/// How a user is called there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Login {
    /// `bob`: the sAMAccountName.
    name: String,
    /// `bob@corp.example`: the user principal name.
    principal: String,
}

impl Directory {
    /// The directory of a config, if it has one.
    ///
    /// # Errors
    /// A complaint about its file of authorities.
    pub fn load(config: &BTreeMap<String, schema::DirectorySection>) -> Result<Option<Self>, Complaint> {
        let Some((name, config)) = config.first_key_value() else { return Ok(None) };
        let roots = authorities(name, config)?;
        let servers = config.urls.iter().filter_map(|text| DirectoryServer::parse(text)).collect();
        Ok(Some(Self {
            name: name.as_str().into(),
            servers,
            tls: Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()),
            suffix: config.upn_suffix.as_str().into(),
            base: config.base.as_str().into(),
            login_name: config.login_name.as_str().into(),
            connect_within: config.connect_within.0,
            answer_within: config.answer_within.0,
            turns: Semaphore::new(config.at_once),
        }))
    }

    /// How `user` is called there; `None` for a name that nobody there can have.
    fn login_of(&self, user: &UserId) -> Option<Login> {
        let name = user.as_str();
        let own =
            name.rsplit_once('@').filter(|(_, suffix)| suffix.eq_ignore_ascii_case(&self.suffix)).map_or(name, |(own, _)| own);
        (!own.contains(|c: char| FORBIDDEN.contains(c))).then(|| self.login(self.login_name.replace("{user}", own)))
    }

    fn login(&self, name: String) -> Login {
        Login { principal: format!("{name}@{}", self.suffix), name }
    }

    /// Asks the first server that can be reached. What was once sent to one is sent to no other: a wrong password would
    /// count twice towards the directory's own lock.
    async fn ask(&self, login: &Login, password: &SecretString, clock: &SharedClock) -> Result<CredentialId, AdPasswordError> {
        let waited = tokio::time::timeout(self.answer_within, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = waited else { return Err(AdPasswordError::Busy(self.answer_within)) };
        let mut why = "none of its servers could be reached a moment ago".to_owned();
        for server in self.servers.iter().filter(|server| !server.rests(clock)) {
            match conversation::connect(self, server).await {
                Ok(connection) => {
                    let said = conversation::judge(self, connection, login, password).await;
                    if let Err(AdPasswordError::Unreachable(why)) = &said {
                        self.lost(server, why, clock);
                    }
                    return said;
                }
                Err(error) => {
                    self.lost(server, &error, clock);
                    why = error;
                }
            }
        }
        Err(AdPasswordError::Unreachable(why))
    }

    fn lost(&self, server: &DirectoryServer, why: &str, clock: &SharedClock) {
        let until = clock.monotonic() + REST;
        server.rests_until.store(u64::try_from(until.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        metrics::counter!("sekisho_directory_unreachable_total", "directory" => self.name.to_string()).increment(1);
        tracing::error!(directory = %self.name, server = %server.url, reason = %why, "directory_unreachable");
    }
}

impl DirectoryServer {
    fn parse(text: &str) -> Option<Self> {
        let url: Url = text.parse().ok()?;
        let port = url.port().unwrap_or(if url.scheme() == "ldaps" { 636 } else { 389 });
        let host = url.host_str()?.into();
        Some(Self { url, host, port, rests_until: AtomicU64::new(0) })
    }

    fn rests(&self, clock: &SharedClock) -> bool {
        u128::from(self.rests_until.load(Ordering::Relaxed)) > clock.monotonic().as_millis()
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Directory({})", self.name)
    }
}

fn authorities(name: &str, config: &schema::DirectorySection) -> Result<RootCertStore, Complaint> {
    let mut roots = RootCertStore::empty();
    let Some(path) = &config.authority else {
        let _added_and_ignored = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    };
    let unusable = |why: String| {
        Complaint::new(format!("directory.{name}.authority"), format!("cannot use {}: {why}", path.display()))
            .help("name a PEM file with the certificate of the authority")
    };
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let (added, _ignored) = roots.add_parsable_certificates(found.map_err(|error| unusable(error.to_string()))?);
    if added == 0 { Err(unusable("there is no certificate in it".to_owned())) } else { Ok(roots) }
}

/// Passwords that a directory judges.
pub struct AdPasswords {
    directory: ArcSwapOption<Directory>,
    clock: SharedClock,
    random: SharedRandom,
}

impl fmt::Debug for AdPasswords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AdPasswords({:?})", self.directory.load())
    }
}

impl AdPasswords {
    /// Judged by this directory.
    pub fn new(directory: Option<Directory>, clock: SharedClock, random: SharedRandom) -> Self {
        Self { directory: ArcSwapOption::new(directory.map(Arc::new)), clock, random }
    }

    /// From now on by this one.
    pub fn configure(&self, directory: Option<Directory>) {
        self.directory.store(directory.map(Arc::new));
    }

    /// Verifies a password that the login form was open for (R-102: a shut form evaluates none).
    ///
    /// # Errors
    /// [`AdPasswordError`].
    pub async fn verify(&self, user: &UserId, candidate: &SecretString, admission: Admission) -> Result<Proof, AdPasswordError> {
        Ok(self.judged(user, candidate).await?.admitted(admission.services()))
    }

    pub(super) async fn judged(&self, user: &UserId, candidate: &SecretString) -> Result<Proof, AdPasswordError> {
        let directory = self.there()?;
        fit(candidate)?;
        let Some(login) = directory.login_of(user) else {
            self.pretend(candidate).await?;
            return Err(AdPasswordError::Refused(Reason::NoLoginName));
        };
        let credential = directory.ask(&login, candidate, &self.clock).await?;
        Ok(Proof::new(Method::AdPassword, user.clone(), credential, self.clock.now()))
    }

    /// Does the work of a verification for nobody: where an answer must take as long as if there had been one (R-102, T31).
    ///
    /// # Errors
    /// [`AdPasswordError::Busy`], [`AdPasswordError::Unreachable`].
    pub async fn pretend(&self, candidate: &SecretString) -> Result<(), AdPasswordError> {
        let directory = self.there()?;
        if fit(candidate).is_err() {
            return Ok(());
        }
        // Never what was typed: it may be somebody's password.
        let drawn = SecretString::from(crate::random::base64url(&self.random.token()));
        match directory.ask(&directory.login(NOBODY.to_owned()), &drawn, &self.clock).await {
            Ok(_) | Err(AdPasswordError::Refused(_)) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    fn there(&self) -> Result<Arc<Directory>, AdPasswordError> {
        // Where no directory is named, the config refuses the method; were it asked for all the same, nobody is let in.
        self.directory.load_full().ok_or_else(|| AdPasswordError::Unreachable("none is named in the config".to_owned()))
    }
}

/// Whether a password may be sent at all (T33): a server takes a bind with an empty one for a bind without a name, and
/// some cut a text off at NUL.
fn fit(candidate: &SecretString) -> Result<(), AdPasswordError> {
    let text = candidate.expose_secret();
    let reason = match () {
        () if text.is_empty() => Reason::Empty,
        () if text.contains('\0') => Reason::Nul,
        () if text.len() > LONGEST => Reason::TooLong,
        () => return Ok(()),
    };
    Err(AdPasswordError::Refused(reason))
}
