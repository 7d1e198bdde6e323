//! Which entry of a directory a user of ours is. The first sign-in notes what names the entry for good, and from then on no
//! other entry opens the account: somebody who gets a freed name later inherits nothing, and a person who is renamed or moved
//! there stays the same.

use super::link::DirectoryLink;
use super::person::DirectoryPerson;
use super::records;
use super::{DirectoryError, Reason};
use crate::clock::SharedClock;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError};

/// All links.
#[derive(Debug)]
pub struct DirectoryLinks {
    database: Database,
    clock: SharedClock,
}

impl DirectoryLinks {
    /// In this database.
    pub const fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock }
    }

    /// The link of a user.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn of(&self, user: &UserId) -> Result<Option<DirectoryLink>, DatabaseError> {
        records::of_user(&self.database, user).await
    }

    /// All links to a directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn to(&self, directory: &str) -> Result<Vec<DirectoryLink>, DatabaseError> {
        records::to_directory(&self.database, directory).await
    }

    /// Links a user to the entry that was just signed in with, or compares it with the one that is linked.
    ///
    /// # Errors
    /// [`Reason::AnotherEntry`] where it is another one; [`DirectoryError::Database`].
    pub async fn recognise(&self, user: &UserId, person: &DirectoryPerson) -> Result<(), DirectoryError> {
        let known = records::of_user(&self.database, user).await?;
        let is_it = |link: &DirectoryLink| *link.directory == *person.directory && link.entry_id == person.id;
        match known {
            Some(link) if is_it(&link) => {
                if link.dn != person.dn {
                    records::rename(&self.database, user, &person.dn).await?;
                }
                Ok(())
            }
            Some(_) => Err(self.another(user, person, "this user was signed in with another entry before")),
            None => match records::add(&self.database, user, person, self.clock.now()).await {
                Ok(()) => Ok(()),
                Err(DatabaseError::Exists) => {
                    // Either two first sign-ins at once, or the entry is another user's.
                    match records::of_user(&self.database, user).await? {
                        Some(link) if is_it(&link) => Ok(()),
                        _ => Err(self.another(user, person, "the entry is another user's")),
                    }
                }
                Err(error) => Err(error.into()),
            },
        }
    }

    /// Notes that the directory switched a user off here, or no longer does.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn set_switched_off(&self, user: &UserId, off: bool) -> Result<(), DatabaseError> {
        records::set_switched_off(&self.database, user, off).await
    }

    /// Forgets which entry a user is: the next sign-in links again. Whether there was a link.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove(&self, user: &UserId) -> Result<bool, DatabaseError> {
        records::remove(&self.database, user).await
    }

    fn another(&self, user: &UserId, person: &DirectoryPerson, why: &str) -> DirectoryError {
        tracing::error!(directory = %person.directory, user = %user, dn = %person.dn, entry = %person.id, reason = why, "directory_another_entry");
        DirectoryError::Refused(Reason::AnotherEntry)
    }
}
