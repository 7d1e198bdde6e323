//! Lists of networks that administrators keep: for an app, the portal or its administration, a group, a user. Check 1 reads them
//! from memory, compiled; a user's own list is a part of the user.
//! Invariant: memory never holds what the directory refused.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use tokio::sync::Mutex;

use super::network_list::{ListOwner, NetworkList};
use super::users::Users;
use super::{AccountError, network_records as records};
use crate::principal::networks::AddressLists;
use crate::store::database::{Database, DatabaseError};

/// All lists.
#[derive(Debug)]
pub struct NetworkLists {
    database: Database,
    users: Arc<Users>,
    compiled: ArcSwap<AddressLists>,
    /// One change at a time: what is read, changed and written back is never overtaken.
    writing: Mutex<()>,
}

impl NetworkLists {
    /// Reads all lists from the directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(database: Database, users: Arc<Users>) -> Result<Self, DatabaseError> {
        let compiled = compile(&database).await?;
        Ok(Self { database, users, compiled: ArcSwap::from_pointee(compiled), writing: Mutex::new(()) })
    }

    /// Reads everything again, after another process wrote to the directory or a group went.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        self.compiled.store(Arc::new(compile(&self.database).await?));
        Ok(())
    }

    /// The lists of apps and groups, as check 1 reads them.
    pub fn lists(&self) -> Guard<Arc<AddressLists>> {
        self.compiled.load()
    }

    /// Every list that there is: of apps, then of groups, then of users.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn all(&self) -> Result<BTreeMap<ListOwner, NetworkList>, DatabaseError> {
        records::all_lists(&self.database).await
    }

    /// The list of one; empty where there is none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn of(&self, owner: &ListOwner) -> Result<NetworkList, DatabaseError> {
        records::list_of(&self.database, owner).await
    }

    /// Changes one list; an empty one is none. It holds for the next request, and for what is open.
    ///
    /// # Errors
    /// What `change` refuses; [`AccountError::UnknownUser`], [`AccountError::UnknownGroup`], [`AccountError::Database`].
    pub async fn edit<E: From<AccountError>>(
        &self,
        owner: &ListOwner,
        change: impl FnOnce(NetworkList) -> Result<NetworkList, E> + Send,
    ) -> Result<NetworkList, E> {
        let _one_at_a_time = self.writing.lock().await;
        let present = self.of(owner).await.map_err(AccountError::from)?;
        let list = change(present)?;
        if let ListOwner::User(user) = owner {
            self.users.set_network_lines(user, list.allowed.clone(), list.denied.clone()).await?;
        } else {
            records::write_list(&self.database, owner, &list).await?;
            self.compiled.store(Arc::new(compile(&self.database).await.map_err(AccountError::from)?));
        }
        Ok(list)
    }
}

async fn compile(database: &Database) -> Result<AddressLists, DatabaseError> {
    let (mut places, mut groups) = (HashMap::new(), HashMap::new());
    for (owner, list) in records::lists_but_of_users(database).await? {
        match owner {
            ListOwner::App(app) => drop(places.insert(app.into(), list.compiled())),
            ListOwner::Group(group) => drop(groups.insert(group, list.compiled())),
            ListOwner::User(_) => {}
        }
    }
    Ok(AddressLists::new(places, groups))
}
