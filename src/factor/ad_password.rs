//! Passwords that a directory judges: the one that the user's name belongs to. A right one proves the user only if the entry
//! that it opened is the one that the user is linked with, so that somebody who gets a freed name there inherits nothing.
//! Equal work (T31): see [`crate::directory`]; which directory works is decided by the name that was typed alone.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use secrecy::{ExposeSecret as _, SecretString};

use super::Proof;
use crate::clock::SharedClock;
use crate::directory::{Directories, Directory, DirectoryChangeError, DirectoryError, DirectoryLinks, DirectoryPerson, Reason};
use crate::login_protect::Admission;
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::store::database::Database;

/// The longest password that is sent, bytes: Active Directory takes 256 characters.
const LONGEST: usize = 1024;

/// Passwords that directories judge.
pub struct AdPasswords {
    directories: ArcSwap<Directories>,
    links: DirectoryLinks,
    clock: SharedClock,
    random: SharedRandom,
}

impl fmt::Debug for AdPasswords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AdPasswords({:?})", self.directories.load())
    }
}

impl AdPasswords {
    /// Judged by these directories.
    pub fn new(directories: Directories, database: Database, clock: SharedClock, random: SharedRandom) -> Self {
        let links = DirectoryLinks::new(database, Arc::clone(&clock));
        Self { directories: ArcSwap::from_pointee(directories), links, clock, random }
    }

    /// From now on by these.
    pub fn configure(&self, directories: Directories) {
        self.directories.store(Arc::new(directories.following(&self.directories.load())));
    }

    /// The directories of the config.
    pub fn directories(&self) -> Arc<Directories> {
        self.directories.load_full()
    }

    /// Which entries users are.
    pub const fn links(&self) -> &DirectoryLinks {
        &self.links
    }

    /// Verifies a password that the login form was open for (R-102: a shut form evaluates none), and says who that is there.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub async fn verify(
        &self,
        user: &UserId,
        candidate: &SecretString,
        admission: Admission,
    ) -> Result<(Proof, DirectoryPerson), DirectoryError> {
        let (proof, person) = self.judged(user, candidate).await?;
        Ok((proof.admitted(admission.services()), person))
    }

    pub(super) async fn judged(
        &self,
        user: &UserId,
        candidate: &SecretString,
    ) -> Result<(Proof, DirectoryPerson), DirectoryError> {
        let directory = self.of(user.as_str())?;
        fit(candidate)?;
        let person = match directory.judge(user, candidate, &self.clock).await {
            Err(DirectoryError::Refused(Reason::NoLoginName)) => {
                directory.pretend(&self.drawn(), &self.clock).await?;
                return Err(DirectoryError::Refused(Reason::NoLoginName));
            }
            judged => judged?,
        };
        self.links.recognise(user, &person).await?;
        Ok((Proof::new(Method::AdPassword, user.clone(), person.credential, self.clock.now()), person))
    }

    /// Changes the password of a user, who knows the present one. Both are as fit to be sent as one that is verified.
    ///
    /// # Errors
    /// [`DirectoryChangeError`]; then the present one stays.
    pub async fn change(&self, user: &UserId, current: &SecretString, new: &SecretString) -> Result<(), DirectoryChangeError> {
        if fit(current).is_err() {
            return Err(DirectoryChangeError::WrongCurrent);
        }
        if fit(new).is_err() {
            return Err(DirectoryChangeError::Unsuitable("it is empty, too long, or holds NUL".to_owned()));
        }
        self.of(user.as_str())?.change_password(user, current, new, &self.clock).await
    }

    /// Does the work of a verification for nobody, in the directory that `name` belongs to: where an answer must take as long
    /// as if there had been one (R-102, T31).
    ///
    /// # Errors
    /// [`DirectoryError`], never a refusal.
    pub async fn pretend(&self, name: &str, candidate: &SecretString) -> Result<(), DirectoryError> {
        let directory = self.of(name)?;
        if fit(candidate).is_err() {
            return Ok(());
        }
        directory.pretend(&self.drawn(), &self.clock).await
    }

    /// Tries the directory of this table now; `None` if there is none.
    pub async fn test(&self, name: &str) -> Option<Arc<Directory>> {
        let directory = self.directories().named(name).cloned()?;
        directory.test(&self.drawn(), &self.clock).await;
        Some(directory)
    }

    /// Never what was typed: it may be somebody's password.
    fn drawn(&self) -> SecretString {
        SecretString::from(crate::random::base64url(&self.random.token()))
    }

    fn of(&self, name: &str) -> Result<Arc<Directory>, DirectoryError> {
        // Where no directory is named, the config refuses the method; were it asked for all the same, nobody is let in.
        let found = self.directories.load().of(name).cloned();
        found.ok_or_else(|| DirectoryError::Unreachable("none is named in the config".to_owned()))
    }
}

/// Whether a password may be sent at all (T33): a server takes a bind with an empty one for a bind without a name, and
/// some cut a text off at NUL.
fn fit(candidate: &SecretString) -> Result<(), DirectoryError> {
    let text = candidate.expose_secret();
    let reason = match () {
        () if text.is_empty() => Reason::Empty,
        () if text.contains('\0') => Reason::Nul,
        () if text.len() > LONGEST => Reason::TooLong,
        () => return Ok(()),
    };
    Err(DirectoryError::Refused(reason))
}
