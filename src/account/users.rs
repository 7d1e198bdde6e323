//! The set of all users: the hot path reads them here, every change is written to the directory first.
//! Invariant: memory never holds what the directory refused.

mod networks;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arc_swap::ArcSwap;
use dashmap::DashMap;
use tokio::sync::Mutex;

use super::list_line::NetworkNames;
use super::user::{Profile, User};
use super::{AccountError, records};
use crate::clock::{SharedClock, Timestamp};
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::method::{Method, Methods};
use crate::principal::user::{GroupName, UserId, UserStanding};
use crate::store::database::{Database, DatabaseError};

/// A user to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name.
    pub user: UserId,
    /// The name that people use.
    pub display_name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// Member of these groups, which must be there.
    pub groups: Vec<GroupName>,
    /// Primary-factor methods assigned.
    pub assigned: Methods,
}

impl NewUser {
    /// A user with nothing but a name; every primary factor of this build assigned, but `push`.
    pub const fn named(user: UserId) -> Self {
        Self {
            user,
            display_name: None,
            email: None,
            language: None,
            groups: Vec::new(),
            assigned: Methods::PRIMARY.without(Method::Push),
        }
    }
}

/// What to change of a profile: `None` leaves it, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// The name that people use.
    pub display_name: Option<Option<String>>,
    /// The mail address.
    pub email: Option<Option<String>>,
    /// The language.
    pub language: Option<Option<String>>,
}

/// All users.
#[derive(Debug)]
pub struct Users {
    database: Database,
    clock: SharedClock,
    by_name: DashMap<UserId, Arc<User>>,
    /// The groups that select their members for certificates.
    selecting: ArcSwap<BTreeSet<GroupName>>,
    /// One change at a time: what is read, changed and written back is never overtaken.
    writing: Mutex<()>,
    /// The networks that the config names. Held while what a list stands for is taken over, so that the latest names count.
    names: parking_lot::Mutex<NetworkNames>,
}

impl Users {
    /// Reads all users from the directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(database: Database, clock: SharedClock) -> Result<Self, DatabaseError> {
        let by_name = DashMap::new();
        let selecting = records::selecting_groups(&database).await?;
        // Names of networks are known once the config is; until then nobody comes by them.
        for user in records::all_users(&database, &selecting, &NetworkNames::default()).await? {
            by_name.insert(user.id().clone(), Arc::new(user));
        }
        let (selecting, writing) = (ArcSwap::from_pointee(selecting), Mutex::new(()));
        Ok(Self { database, clock, by_name, selecting, writing, names: parking_lot::Mutex::default() })
    }

    /// The user of this name.
    pub fn find(&self, user: &UserId) -> Option<Arc<User>> {
        self.by_name.get(user).map(|found| Arc::clone(&found))
    }

    /// The user of this name, or an error that says so.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`].
    pub fn named(&self, user: &UserId) -> Result<Arc<User>, AccountError> {
        self.find(user).ok_or_else(|| AccountError::UnknownUser(user.clone()))
    }

    /// All users, by name.
    pub fn list(&self) -> Vec<Arc<User>> {
        let mut all: Vec<_> = self.by_name.iter().map(|user| Arc::clone(&user)).collect();
        all.sort_unstable_by(|a, b| a.id().cmp(b.id()));
        all
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Adds a user, switched on.
    ///
    /// # Errors
    /// [`AccountError::UserExists`], [`AccountError::UnknownGroup`], [`AccountError::Field`], [`AccountError::Database`].
    pub async fn add(&self, new: NewUser) -> Result<Arc<User>, AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let profile = Profile {
            user: new.user.clone(),
            display_name: checked("the display name", new.display_name, 128)?,
            email: checked_email(new.email)?,
            language: checked("the language", new.language, 35)?,
            created_at: self.clock.now(),
        };
        let groups = sorted(new.groups);
        let standing = UserStanding {
            user: new.user.clone(),
            enabled: true,
            certificates_by_group: self.is_selected_by(&groups),
            groups,
            assigned: new.assigned,
            certificates: CertificateSetting::Accepted,
            device_designation: false,
            allowed_networks: Box::default(),
            denied_networks: Box::default(),
        };
        records::add_user(&self.database, &standing, &profile).await?;
        let user = Arc::new(User::new(standing, profile, 0));
        self.by_name.insert(new.user, Arc::clone(&user));
        Ok(user)
    }

    /// Changes what people read of a user.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Field`], [`AccountError::Database`].
    pub async fn change(&self, user: &UserId, change: ProfileChange) -> Result<Arc<User>, AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        let mut profile = Profile::clone(&user.profile());
        if let Some(display_name) = change.display_name {
            profile.display_name = checked("the display name", display_name, 128)?;
        }
        if let Some(email) = change.email {
            profile.email = checked_email(email)?;
        }
        if let Some(language) = change.language {
            profile.language = checked("the language", language, 35)?;
        }
        records::write_profile(&self.database, &profile, self.clock.now()).await?;
        user.profile.store(Arc::new(profile));
        Ok(user)
    }

    /// Switches a user on or off. Off: every session of theirs is dead when this resolves, and stays so when they are
    /// switched on again; their open sockets are closed.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Database`].
    pub async fn set_enabled(&self, user: &UserId, enabled: bool) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        let epoch = if enabled { user.epoch() } else { user.epoch().saturating_add(1) };
        records::write_enabled(&self.database, user.id(), enabled, epoch, self.clock.now()).await?;
        user.epoch.store(epoch, Ordering::Release);
        user.standing.rcu(|standing| UserStanding { enabled, ..UserStanding::clone(standing) });
        if !enabled {
            user.end_presence();
        }
        Ok(())
    }

    /// Ends every session of a user, as [`Self::set_enabled`] does, and leaves the user switched on.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Database`].
    pub async fn end_sessions(&self, user: &UserId) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        let epoch = user.epoch().saturating_add(1);
        let enabled = user.standing().enabled;
        records::write_enabled(&self.database, user.id(), enabled, epoch, self.clock.now()).await?;
        user.epoch.store(epoch, Ordering::Release);
        user.end_presence();
        Ok(())
    }

    /// Makes a user a member of exactly these groups.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::UnknownGroup`], [`AccountError::Database`].
    pub async fn set_groups(&self, user: &UserId, groups: Vec<GroupName>) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        let groups = sorted(groups);
        records::write_groups(&self.database, user.id(), &groups).await?;
        let certificates_by_group = self.is_selected_by(&groups);
        user.standing.rcu(|standing| UserStanding {
            groups: groups.clone(),
            certificates_by_group,
            ..UserStanding::clone(standing)
        });
        Ok(())
    }

    /// Assigns exactly these primary-factor methods.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Database`].
    pub async fn assign(&self, user: &UserId, assigned: Methods) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        records::write_assigned(&self.database, user.id(), assigned, self.clock.now()).await?;
        user.standing.rcu(|standing| UserStanding { assigned, ..UserStanding::clone(standing) });
        Ok(())
    }

    /// How a user stands to client certificates. Where the two are `exclusive`, none count beside device designation.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Excluded`], [`AccountError::Database`].
    pub async fn set_certificates(
        &self,
        user: &UserId,
        setting: CertificateSetting,
        exclusive: bool,
    ) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        if exclusive && setting.counts() && user.standing().device_designation {
            let (wanted, other) = ("client certificates", "browsers by device designation");
            return Err(AccountError::Excluded { user: user.id().clone(), wanted, other });
        }
        records::write_certificates(&self.database, user.id(), setting, self.clock.now()).await?;
        user.standing.rcu(|standing| UserStanding { certificates: setting, ..UserStanding::clone(standing) });
        Ok(())
    }

    /// Device designation: whether only browsers that an administrator let in count for this user. Where the two are
    /// `exclusive`, it is not switched on beside client certificates.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Excluded`], [`AccountError::Database`].
    pub async fn set_device_designation(&self, user: &UserId, on: bool, exclusive: bool) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        if exclusive && on && user.standing().certificates.counts() {
            let (wanted, other) = ("device designation", "client certificates");
            return Err(AccountError::Excluded { user: user.id().clone(), wanted, other });
        }
        records::write_device_designation(&self.database, user.id(), on, self.clock.now()).await?;
        user.standing.rcu(|standing| UserStanding { device_designation: on, ..UserStanding::clone(standing) });
        Ok(())
    }

    /// Removes a user and all that is theirs, in one transaction: credentials, sessions, browsers, links, memberships.
    /// Certificates in the register stay, held by nobody.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Database`].
    pub async fn remove(&self, user: &UserId) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        records::remove_user(&self.database, user.id()).await?;
        user.removed.store(true, Ordering::Release);
        self.by_name.remove(user.id());
        user.end_presence();
        Ok(())
    }

    /// Reads everything again, after another process wrote to the directory. A user who was switched off or removed there
    /// is so here when this resolves, sockets included.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let selecting = records::selecting_groups(&self.database).await?;
        let names = self.names.lock().clone();
        let found = records::all_users(&self.database, &selecting, &names).await?;
        let mut found: HashMap<UserId, User> = found.into_iter().map(|user| (user.id.clone(), user)).collect();
        self.selecting.store(Arc::new(selecting));
        for held in self.list() {
            // One who was removed and added again is another one.
            let is_same = |new: &User| new.profile().created_at == held.profile().created_at;
            match found.remove(held.id()) {
                Some(new) if is_same(&new) => held.become_like(&new),
                new => {
                    held.removed.store(true, Ordering::Release);
                    self.by_name.remove(held.id());
                    held.end_presence();
                    found.extend(new.map(|new| (new.id.clone(), new)));
                }
            }
        }
        for (id, user) in found {
            self.by_name.insert(id, Arc::new(user));
        }
        self.find_names(&self.names.lock());
        Ok(())
    }

    /// What time it is, by the clock of the directory. For [`super::groups`] alone.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Takes a group out of every user's standing, after the directory did. For [`super::groups`] alone.
    pub(super) async fn forget_group(
        &self,
        group: &GroupName,
        removal: impl Future<Output = Result<(), AccountError>>,
    ) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        removal.await?;
        self.select(group, false);
        for user in self.by_name.iter().filter(|user| user.standing().is_in(group)) {
            user.standing.rcu(|standing| {
                let groups: Box<[GroupName]> = standing.groups.iter().filter(|name| *name != group).cloned().collect();
                UserStanding { certificates_by_group: self.is_selected_by(&groups), groups, ..UserStanding::clone(standing) }
            });
        }
        Ok(())
    }

    /// Has a group select its members for certificates, or not, after the directory did. For [`super::groups`] alone.
    pub(super) async fn select_group(
        &self,
        group: &GroupName,
        required: bool,
        writing: impl Future<Output = Result<(), AccountError>>,
    ) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        writing.await?;
        self.select(group, required);
        for user in self.by_name.iter().filter(|user| user.standing().is_in(group)) {
            user.standing.rcu(|standing| UserStanding {
                certificates_by_group: self.is_selected_by(&standing.groups),
                ..UserStanding::clone(standing)
            });
        }
        Ok(())
    }

    fn select(&self, group: &GroupName, required: bool) {
        self.selecting.rcu(|selecting| {
            let mut selecting = BTreeSet::clone(selecting);
            if required {
                selecting.insert(group.clone());
            } else {
                selecting.remove(group);
            }
            selecting
        });
    }

    fn is_selected_by(&self, groups: &[GroupName]) -> bool {
        let selecting = self.selecting.load();
        groups.iter().any(|group| selecting.contains(group))
    }
}

fn sorted(mut groups: Vec<GroupName>) -> Box<[GroupName]> {
    groups.sort_unstable();
    groups.dedup();
    groups.into()
}

/// Trimmed; empty is none. A control character would reach a header or a mail (T46).
fn checked(field: &'static str, text: Option<String>, longest: usize) -> Result<Option<String>, AccountError> {
    let Some(text) = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > longest {
        return Err(AccountError::Field { field, reason: "it is too long" });
    }
    if text.chars().any(char::is_control) {
        return Err(AccountError::Field { field, reason: "it holds a control character; write it on one line" });
    }
    Ok(Some(text))
}

fn checked_email(email: Option<String>) -> Result<Option<String>, AccountError> {
    let email = checked("the mail address", email, 254)?;
    if email.as_deref().is_some_and(|email| email.parse::<lettre::Address>().is_err()) {
        return Err(AccountError::Field { field: "the mail address", reason: "it is none; write it as name@example.com" });
    }
    Ok(email)
}
