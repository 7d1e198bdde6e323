//! The users in memory: the hot path reads them here, every change is written to the directory first.
//! A session keeps an `Arc<User>`, so that whoever is switched off or removed is so for every request at once.
//! Invariant: memory never holds what the directory refused.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use arc_swap::{ArcSwap, Guard};
use dashmap::DashMap;
use ipnet::IpNet;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::{AccountError, records};
use crate::clock::{SharedClock, Timestamp};
use crate::principal::method::{Method, Methods};
use crate::principal::user::{GroupName, Standing, UserId};
use crate::store::database::{Database, DatabaseError};

/// What people and upstreams read of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whose.
    pub user: UserId,
    /// The name that people use; at most 128 characters.
    pub display_name: Option<String>,
    /// The mail address; at most 254 characters, one `@`.
    pub email: Option<String>,
    /// The language chosen, as a BCP 47 tag.
    pub language: Option<String>,
    /// Since when the user is known.
    pub created_at: Timestamp,
}

/// One user, as long as anything refers to them.
#[derive(Debug)]
pub struct User {
    id: UserId,
    standing: ArcSwap<Standing>,
    profile: ArcSwap<Profile>,
    epoch: AtomicU32,
    removed: AtomicBool,
    presence: ArcSwap<CancellationToken>,
}

impl User {
    pub(super) fn new(standing: Standing, profile: Profile, epoch: u32) -> Self {
        Self {
            id: standing.user.clone(),
            standing: ArcSwap::from_pointee(standing),
            profile: ArcSwap::from_pointee(profile),
            epoch: AtomicU32::new(epoch),
            removed: AtomicBool::new(false),
            presence: ArcSwap::from_pointee(CancellationToken::new()),
        }
    }

    /// The name.
    pub const fn id(&self) -> &UserId {
        &self.id
    }

    /// What the chain judges by, as it is now.
    pub fn standing(&self) -> Guard<Arc<Standing>> {
        self.standing.load()
    }

    /// What people read, as it is now.
    pub fn profile(&self) -> Guard<Arc<Profile>> {
        self.profile.load()
    }

    /// Raised whenever the user is switched off: a session of an older epoch is dead.
    pub fn epoch(&self) -> u32 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Whether a session made under `epoch` may still be used.
    pub fn honours(&self, epoch: u32) -> bool {
        !self.is_removed() && self.epoch() == epoch && self.standing.load().enabled
    }

    /// Whether the user is gone for good; another one may bear the name by now.
    pub fn is_removed(&self) -> bool {
        self.removed.load(Ordering::Acquire)
    }

    /// Cancelled when the user is switched off or removed; what hangs on a session of theirs hangs on a child of it.
    pub fn presence(&self) -> CancellationToken {
        self.presence.load().as_ref().clone()
    }

    fn become_like(&self, new: &Self) {
        let ended = new.epoch() != self.epoch() || !new.standing().enabled;
        self.epoch.store(new.epoch(), Ordering::Release);
        self.standing.store(Arc::clone(&new.standing()));
        self.profile.store(Arc::clone(&new.profile()));
        if ended {
            self.end_presence();
        }
    }

    fn end_presence(&self) {
        self.presence.swap(Arc::new(CancellationToken::new())).cancel();
    }
}

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
    /// One change at a time: what is read, changed and written back is never overtaken.
    writing: Mutex<()>,
}

impl Users {
    /// Reads all users from the directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(database: Database, clock: SharedClock) -> Result<Self, DatabaseError> {
        let by_name = DashMap::new();
        for user in records::all_users(&database).await? {
            by_name.insert(user.id().clone(), Arc::new(user));
        }
        Ok(Self { database, clock, by_name, writing: Mutex::new(()) })
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
        let standing = Standing {
            user: new.user.clone(),
            enabled: true,
            groups: sorted(new.groups),
            assigned: new.assigned,
            certificate_switch: true,
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
    /// switched on again; their open sockets are told.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Database`].
    pub async fn set_enabled(&self, user: &UserId, enabled: bool) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        let epoch = if enabled { user.epoch() } else { user.epoch().saturating_add(1) };
        records::write_enabled(&self.database, user.id(), enabled, epoch, self.clock.now()).await?;
        user.epoch.store(epoch, Ordering::Release);
        user.standing.rcu(|standing| Standing { enabled, ..Standing::clone(standing) });
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
        user.standing.rcu(|standing| Standing { groups: groups.clone(), ..Standing::clone(standing) });
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
        user.standing.rcu(|standing| Standing { assigned, ..Standing::clone(standing) });
        Ok(())
    }

    /// The holder's switch: whether client certificates may be used by this user at all.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Database`].
    pub async fn set_certificate_switch(&self, user: &UserId, on: bool) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        records::write_certificate_switch(&self.database, user.id(), on, self.clock.now()).await?;
        user.standing.rcu(|standing| Standing { certificate_switch: on, ..Standing::clone(standing) });
        Ok(())
    }

    /// Sets the networks a user may come from (empty: any) and those they may not.
    ///
    /// # Errors
    /// [`AccountError::UnknownUser`], [`AccountError::Database`].
    pub async fn set_networks(&self, user: &UserId, allowed: Vec<IpNet>, denied: Vec<IpNet>) -> Result<(), AccountError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = self.named(user)?;
        let (allowed, denied) = (networks(allowed), networks(denied));
        records::write_networks(&self.database, user.id(), &allowed, &denied).await?;
        user.standing.rcu(|standing| Standing {
            allowed_networks: allowed.clone(),
            denied_networks: denied.clone(),
            ..Standing::clone(standing)
        });
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
        let mut found: HashMap<UserId, User> =
            records::all_users(&self.database).await?.into_iter().map(|user| (user.id.clone(), user)).collect();
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
        for user in self.by_name.iter().filter(|user| user.standing().is_in(group)) {
            user.standing.rcu(|standing| {
                let groups = standing.groups.iter().filter(|name| *name != group).cloned().collect();
                Standing { groups, ..Standing::clone(standing) }
            });
        }
        Ok(())
    }
}

fn sorted(mut groups: Vec<GroupName>) -> Box<[GroupName]> {
    groups.sort_unstable();
    groups.dedup();
    groups.into()
}

fn networks(mut list: Vec<IpNet>) -> Box<[IpNet]> {
    list.iter_mut().for_each(|network| *network = network.trunc());
    list.sort_unstable();
    list.dedup();
    list.into()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::groups::Groups;
    use crate::clock::ManualClock;
    use crate::principal::method::Method;

    async fn directory() -> (tempfile::TempDir, Database, Arc<Users>) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let users = Arc::new(Users::load(database.clone(), clock).await.unwrap());
        (folder, database, users)
    }

    fn id(name: &str) -> UserId {
        UserId::parse(name).unwrap()
    }

    #[tokio::test]
    async fn what_was_written_is_there_after_a_restart() {
        let (_folder, database, users) = directory().await;
        let groups = Groups::load(database.clone(), Arc::clone(&users)).await.unwrap();
        let staff = GroupName::parse("Staff").unwrap();
        groups.add(staff.clone(), None).await.unwrap();
        users
            .add(NewUser {
                email: Some("alice@example.com".into()),
                display_name: Some("Alice".into()),
                groups: vec![staff.clone()],
                ..NewUser::named(id("Alice"))
            })
            .await
            .unwrap();
        users.assign(&id("alice"), Methods::of(&[Method::Password])).await.unwrap();
        users.set_certificate_switch(&id("alice"), false).await.unwrap();
        users
            .set_networks(&id("alice"), vec!["10.0.0.0/8".parse().unwrap()], vec!["10.9.0.0/16".parse().unwrap()])
            .await
            .unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
        let again = Users::load(database, clock).await.unwrap();
        let (before, after) = (users.find(&id("alice")).unwrap(), again.find(&id("alice")).unwrap());
        assert_eq!(**before.standing(), **after.standing());
        assert_eq!(**before.profile(), **after.profile());
        assert!(after.standing().is_in(&staff));
        assert!(!after.standing().certificate_switch);
    }

    #[tokio::test]
    async fn two_spellings_are_one_user_t32() {
        let (_folder, _database, users) = directory().await;
        users.add(NewUser::named(id("john"))).await.unwrap();
        assert!(matches!(users.add(NewUser::named(id(" JOHN "))).await, Err(AccountError::UserExists(_))));
        assert_eq!(users.len(), 1);
    }

    #[tokio::test]
    async fn a_user_switched_off_honours_no_older_session_even_when_switched_on_again() {
        let (_folder, database, users) = directory().await;
        let user = users.add(NewUser::named(id("alice"))).await.unwrap();
        let (epoch, presence) = (user.epoch(), user.presence());
        assert!(user.honours(epoch));
        users.set_enabled(&id("alice"), false).await.unwrap();
        assert!(!user.honours(epoch) && presence.is_cancelled());
        assert!(!user.honours(user.epoch()));
        users.set_enabled(&id("alice"), true).await.unwrap();
        assert!(!user.honours(epoch) && user.honours(user.epoch()));
        let again = Users::load(database, Arc::new(ManualClock::at(Timestamp::default()))).await.unwrap();
        assert_eq!(again.find(&id("alice")).unwrap().epoch(), user.epoch());
    }

    #[tokio::test]
    async fn a_removed_user_leaves_nothing_and_the_name_is_a_new_user() {
        let (_folder, database, users) = directory().await;
        let gone = users.add(NewUser::named(id("alice"))).await.unwrap();
        users.set_networks(&id("alice"), vec!["10.0.0.0/8".parse().unwrap()], vec![]).await.unwrap();
        users.remove(&id("alice")).await.unwrap();
        assert!(gone.is_removed() && !gone.honours(gone.epoch()) && users.find(&id("alice")).is_none());
        assert!(database.rows("SELECT user_name FROM user_networks", &[]).await.unwrap().is_empty());
        let new = users.add(NewUser::named(id("alice"))).await.unwrap();
        assert!(!new.is_removed() && gone.is_removed());
        assert!(new.standing().allowed_networks.is_empty());
    }

    #[tokio::test]
    async fn a_group_that_is_not_there_is_named_and_nothing_is_written() {
        let (_folder, _database, users) = directory().await;
        let new = NewUser { groups: vec![GroupName::parse("ghosts").unwrap()], ..NewUser::named(id("alice")) };
        assert!(matches!(users.add(new).await, Err(AccountError::UnknownGroup(group)) if group.as_str() == "ghosts"));
        assert!(users.find(&id("alice")).is_none());
        users.add(NewUser::named(id("alice"))).await.unwrap();
        let refused = users.set_groups(&id("alice"), vec![GroupName::parse("ghosts").unwrap()]).await;
        assert!(matches!(refused, Err(AccountError::UnknownGroup(_))));
    }

    #[tokio::test]
    async fn removing_a_group_takes_it_from_its_members() {
        let (_folder, database, users) = directory().await;
        let groups = Groups::load(database.clone(), Arc::clone(&users)).await.unwrap();
        let (staff, it) = (GroupName::parse("staff").unwrap(), GroupName::parse("it").unwrap());
        groups.add(staff.clone(), Some("Everybody".into())).await.unwrap();
        groups.add(it.clone(), None).await.unwrap();
        assert!(matches!(groups.add(it.clone(), None).await, Err(AccountError::GroupExists(_))));
        users.add(NewUser { groups: vec![staff.clone(), it.clone()], ..NewUser::named(id("alice")) }).await.unwrap();
        assert_eq!(groups.members(&staff), [id("alice")]);
        groups.remove(&staff).await.unwrap();
        assert!(groups.members(&staff).is_empty());
        assert_eq!(*users.find(&id("alice")).unwrap().standing().groups, [it]);
        assert_eq!(groups.list().len(), 1);
    }

    #[tokio::test]
    async fn a_profile_holds_no_line_break_and_no_half_address_t46() {
        let (_folder, _database, users) = directory().await;
        users.add(NewUser::named(id("alice"))).await.unwrap();
        let change = |name: &str, email: &str| ProfileChange {
            display_name: Some(Some(name.to_owned())),
            email: Some(Some(email.to_owned())),
            language: None,
        };
        for (name, email) in [("a\r\nBcc: x", "a@example.com"), ("a", "a@example.com\r\nBcc: x"), ("a", "nobody"), ("a", "a@b@c")]
        {
            assert!(
                matches!(users.change(&id("alice"), change(name, email)).await, Err(AccountError::Field { .. })),
                "{name} {email}"
            );
        }
        users.change(&id("alice"), change("Alice", "alice@example.com")).await.unwrap();
        users.change(&id("alice"), ProfileChange { email: Some(None), ..ProfileChange::default() }).await.unwrap();
        let profile = users.find(&id("alice")).unwrap();
        assert_eq!(profile.profile().email, None);
        assert_eq!(profile.profile().display_name.as_deref(), Some("Alice"));
    }
}
