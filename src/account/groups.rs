//! The set of all groups: names that policies, the launcher and upstreams know. Membership is kept with the user.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::group::Group;
use super::users::Users;
use super::{AccountError, records};
use crate::principal::user::{GroupName, UserId};
use crate::store::database::{Database, DatabaseError};

/// The names of all groups in a directory that is not ours.
///
/// # Errors
/// [`DatabaseError`].
pub async fn names(database: &Database) -> Result<Vec<GroupName>, DatabaseError> {
    records::group_names(database).await
}

/// All groups.
#[derive(Debug)]
pub struct Groups {
    database: Database,
    users: Arc<Users>,
    by_name: ArcSwap<BTreeMap<GroupName, Group>>,
}

impl Groups {
    /// Reads all groups from the directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(database: Database, users: Arc<Users>) -> Result<Self, DatabaseError> {
        let by_name = records::all_groups(&database).await?.into_iter().map(|group| (group.name.clone(), group)).collect();
        Ok(Self { database, users, by_name: ArcSwap::from_pointee(by_name) })
    }

    /// Reads everything again, after another process wrote to the directory.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        let found = records::all_groups(&self.database).await?;
        self.by_name.store(Arc::new(found.into_iter().map(|group| (group.name.clone(), group)).collect()));
        Ok(())
    }

    /// The group of this name.
    pub fn find(&self, name: &GroupName) -> Option<Group> {
        self.by_name.load().get(name).cloned()
    }

    /// All groups, by name.
    pub fn list(&self) -> Vec<Group> {
        self.by_name.load().values().cloned().collect()
    }

    /// The members of a group, by name.
    pub fn members(&self, name: &GroupName) -> Vec<UserId> {
        self.users.list().iter().filter(|user| user.standing().is_in(name)).map(|user| user.id().clone()).collect()
    }

    /// Adds a group.
    ///
    /// # Errors
    /// [`AccountError::GroupExists`], [`AccountError::Database`].
    pub async fn add(&self, name: GroupName, description: Option<String>) -> Result<Group, AccountError> {
        let group = records::add_group(&self.database, name, description, self.users.now()).await?;
        self.by_name.rcu(|groups| {
            let mut groups = BTreeMap::clone(groups);
            groups.insert(group.name.clone(), group.clone());
            groups
        });
        Ok(group)
    }

    /// Says whether a group selects its members for certificates; it holds for those who join it later, too.
    ///
    /// # Errors
    /// [`AccountError::UnknownGroup`], [`AccountError::Database`].
    pub async fn require_certificates(&self, name: &GroupName, required: bool) -> Result<(), AccountError> {
        self.users.select_group(name, required, records::write_group_certificates(&self.database, name, required)).await?;
        self.by_name.rcu(|groups| {
            let mut groups = BTreeMap::clone(groups);
            if let Some(group) = groups.get_mut(name) {
                group.certificates_required = required;
            }
            groups
        });
        Ok(())
    }

    /// Removes a group; its members stay, without it.
    ///
    /// # Errors
    /// [`AccountError::UnknownGroup`], [`AccountError::Database`].
    pub async fn remove(&self, name: &GroupName) -> Result<(), AccountError> {
        self.users.forget_group(name, records::remove_group(&self.database, name)).await?;
        self.by_name.rcu(|groups| {
            let mut groups = BTreeMap::clone(groups);
            groups.remove(name);
            groups
        });
        Ok(())
    }
}
