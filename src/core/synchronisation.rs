//! Directories that are read as a whole from time to time: who was switched off there is switched off here within that time,
//! groups and names follow, and new people become users where the config says so.

use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::Core;
use crate::account::AccountError;
use crate::account::users::NewUser;
use crate::audit::Event;
use crate::directory::{Directory, DirectoryError, DirectoryPerson, DirectoryStanding};
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;
use crate::store::database::DatabaseError;

/// How often it is looked whether a directory is to be read.
const LOOK: Duration = Duration::from_secs(5);
/// Of this many linked people half must still be there: otherwise `base`, rights or a backup are wrong, not the people.
const ENOUGH: usize = 6;

/// What a reading of a directory came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DirectorySync {
    /// Linked people who are there.
    pub there: usize,
    /// Those who were switched off here.
    pub switched_off: usize,
    /// Those who were switched on again.
    pub switched_on: usize,
    /// Users who were made.
    pub created: usize,
}

/// Why a directory was not taken over.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// There is no such directory.
    #[error("read the directory: none has this name")]
    Unknown,
    /// It gave no whole list.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// What it says cannot be meant.
    #[error(
        "take over what the directory says: {gone} of {linked} people are gone or switched off at once; nobody was switched off"
    )]
    TooMany {
        /// How many.
        gone: usize,
        /// Of how many.
        linked: usize,
    },
    /// What was found cannot be written down.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// What was found cannot be written down.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Core {
    /// Reads each directory at its time, until `shutdown`.
    pub async fn synchronise(&self, shutdown: CancellationToken) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last: HashMap<String, Duration> = HashMap::new();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = look.tick() => {}
            }
            for directory in self.ad_passwords().directories().iter() {
                let Some(every) = directory.sync_every() else { continue };
                let now = self.clock().monotonic();
                if last.get(directory.name()).is_some_and(|last| now < *last + every) {
                    continue;
                }
                last.insert(directory.name().to_owned(), now);
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    _read = self.synchronise_with(directory) => {}
                }
            }
        }
    }

    /// Reads the directory of this name now.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn synchronise_directory(&self, name: &str) -> Result<DirectorySync, SyncError> {
        let directories = self.ad_passwords().directories();
        let directory = directories.named(name).ok_or(SyncError::Unknown)?;
        self.synchronise_with(directory).await
    }

    async fn synchronise_with(&self, directory: &Directory) -> Result<DirectorySync, SyncError> {
        let read = self.take_over_directory(directory).await;
        let name = directory.name().to_owned();
        match &read {
            Ok(done) => {
                let DirectorySync { there, switched_off, switched_on, created } = done;
                metrics::gauge!("sekisho_directory_synced_timestamp_seconds", "directory" => name.clone())
                    .set(f64::from(u32::try_from(self.clock().now().seconds()).unwrap_or(u32::MAX)));
                tracing::info!(directory = %name, there, switched_off, switched_on, created, "directory_synced");
            }
            Err(error) => {
                metrics::counter!("sekisho_directory_sync_failed_total", "directory" => name.clone()).increment(1);
                tracing::error!(directory = %name, %error, "directory_sync_failed");
            }
        }
        read
    }

    async fn take_over_directory(&self, directory: &Directory) -> Result<DirectorySync, SyncError> {
        // Two readings at once would both make the same new user.
        let _turn = directory.turn_to_read().await;
        let links = self.ad_passwords().links().to(directory.name()).await?;
        let list = directory.list(&links, self.clock()).await?;
        let is_off = |user: &UserId| links.iter().any(|link| link.user == *user && link.switched_off);
        let newly_off =
            list.linked.iter().filter(|(user, stands)| !matches!(stands, DirectoryStanding::There(_)) && !is_off(user)).count();
        if list.linked.len() >= ENOUGH && newly_off * 2 > list.linked.len() {
            return Err(SyncError::TooMany { gone: newly_off, linked: list.linked.len() });
        }
        let mut done = DirectorySync::default();
        for (user, stands) in &list.linked {
            match stands {
                DirectoryStanding::There(person) => {
                    done.there += 1;
                    self.follow_directory(user, person).await?;
                    if is_off(user) {
                        self.switch_by_directory(directory, user, "there_again", true).await?;
                        done.switched_on += 1;
                    }
                }
                DirectoryStanding::Off | DirectoryStanding::Gone => {
                    let why = if matches!(stands, DirectoryStanding::Off) { "switched_off_there" } else { "gone_there" };
                    let is_on = self.users().find(user).is_some_and(|user| user.standing().enabled);
                    if is_on {
                        self.switch_by_directory(directory, user, why, false).await?;
                        done.switched_off += 1;
                    }
                }
            }
        }
        for (user, person) in &list.others {
            done.created += usize::from(self.made_of(user, person).await?);
        }
        Ok(done)
    }

    async fn switch_by_directory(&self, directory: &Directory, user: &UserId, why: &str, on: bool) -> Result<(), SyncError> {
        // Noted before: a user who is switched off without the note would never be switched on again by the directory.
        self.ad_passwords().links().set_switched_off(user, !on).await?;
        match on {
            true => self.resume_user(user).await?,
            false => self.suspend_user(user).await?,
        }
        let event = if on { Event::new("directory.user_on") } else { Event::new("directory.user_off") };
        let name = directory.name().to_owned();
        self.audit().note(event.user(user.as_str()).detail("directory", name).detail("why", why));
        Ok(())
    }

    /// Makes a user of somebody in a directory; whether one was made. A user of that name who is there already stays as is.
    async fn made_of(&self, user: &UserId, person: &DirectoryPerson) -> Result<bool, SyncError> {
        if self.users().find(user).is_some() {
            return Ok(false);
        }
        let methods = Methods::of(&[Method::AdPassword]);
        match self.users().add(NewUser { assigned: methods, ..NewUser::named(user.clone()) }).await {
            Err(AccountError::UserExists(_)) => return Ok(false),
            added => drop(added?),
        }
        self.ad_passwords().links().recognise(user, person).await?;
        let event = Event::new("directory.user_created").user(user.as_str()).detail("directory", person.directory.to_string());
        self.audit().note(event.detail("dn", person.dn.clone()));
        self.follow_directory(user, person).await?;
        Ok(true)
    }
}
