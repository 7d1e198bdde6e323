//! Lists of networks that administrators keep: for an app, the portal or its administration, a group, a user. Check 1 reads them
//! from memory, compiled; a user's own list is a part of the user. A line may be a name that the config gave to some networks: it
//! is compiled again whenever the config is read.
//! Invariant: memory never holds what the directory refused, and holds all that it took: whatever can fail is done before.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use tokio::sync::Mutex;

use super::list_line::NetworkNames;
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
    kept: parking_lot::Mutex<Kept>,
    compiled: ArcSwap<AddressLists>,
    /// One change at a time: what is read, changed and written back is never overtaken.
    writing: Mutex<()>,
}

/// What the lists of apps and groups are compiled from.
#[derive(Debug)]
struct Kept {
    lists: BTreeMap<ListOwner, NetworkList>,
    names: NetworkNames,
}

impl NetworkLists {
    /// Reads all lists from the directory. Names in them are nobody's before [`Self::configure`].
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(database: Database, users: Arc<Users>) -> Result<Self, DatabaseError> {
        let kept = Kept { lists: records::lists_but_of_users(&database).await?, names: NetworkNames::default() };
        let compiled = ArcSwap::from_pointee(kept.compiled());
        Ok(Self { database, users, kept: parking_lot::Mutex::new(kept), compiled, writing: Mutex::new(()) })
    }

    /// Takes over the networks that a config names.
    pub fn configure(&self, names: NetworkNames) {
        self.users.configure_names(names.clone());
        self.take_over(|kept| kept.names = names);
    }

    /// Reads everything again, after another process wrote to the directory or a group went.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let lists = records::lists_but_of_users(&self.database).await?;
        self.take_over(|kept| kept.lists = lists);
        Ok(())
    }

    /// The lists of apps and groups, as check 1 reads them.
    pub fn lists(&self) -> Guard<Arc<AddressLists>> {
        self.compiled.load()
    }

    /// The networks that the config names.
    pub fn names(&self) -> NetworkNames {
        self.kept.lock().names.clone()
    }

    /// The names of the config in one list.
    pub fn names_in(&self, owner: &ListOwner) -> Vec<String> {
        let of = |list: &NetworkList| list.names().map(str::to_owned).collect();
        match owner {
            ListOwner::User(user) => {
                self.users.find(user).and_then(|user| user.named.load().as_deref().map(of)).unwrap_or_default()
            }
            _ => self.kept.lock().lists.get(owner).map(of).unwrap_or_default(),
        }
    }

    /// The names in lists that the config does not have, each with the list that it is in: these refuse more than is meant.
    pub fn missing_names(&self) -> Vec<(ListOwner, String)> {
        let names = self.names();
        let mut missing = Vec::new();
        let mut note = |owner: ListOwner, list: &NetworkList| {
            let gone = list.names().filter(|name| names.find(name).is_none());
            missing.extend(gone.map(|name| (owner.clone(), name.to_owned())));
        };
        for (owner, list) in &self.kept.lock().lists {
            note(owner.clone(), list);
        }
        for user in self.users.list() {
            if let Some(list) = &*user.named.load() {
                note(ListOwner::User(user.id().clone()), list);
            }
        }
        missing
    }

    /// Every list that there is: of apps, then of groups, then of users.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn all(&self) -> Result<BTreeMap<ListOwner, NetworkList>, DatabaseError> {
        records::all_lists(&self.database).await
    }

    /// Changes one list; an empty one is none. Read, changed and written in one transaction, so that no other process changes it
    /// in between. It holds for the next request, and for what is open.
    ///
    /// # Errors
    /// What `change` refuses; [`AccountError::UnknownUser`], [`AccountError::UnknownGroup`], [`AccountError::Database`].
    pub async fn edit<E: From<AccountError>>(
        &self,
        owner: &ListOwner,
        change: impl FnOnce(NetworkList) -> Result<NetworkList, E> + Send,
    ) -> Result<NetworkList, E> {
        if let ListOwner::User(user) = owner {
            return self.users.edit_networks(user, change).await;
        }
        let _one_at_a_time = self.writing.lock().await;
        let (list, mut transaction) = records::change_list(&self.database, owner, change).await?;
        let lists = records::lists_within(&mut transaction).await.map_err(AccountError::from)?;
        transaction.commit().await.map_err(AccountError::from)?;
        self.take_over(|kept| kept.lists = lists);
        Ok(list)
    }

    /// Changes what is kept and compiles it, which cannot fail.
    fn take_over(&self, change: impl FnOnce(&mut Kept)) {
        let mut kept = self.kept.lock();
        change(&mut kept);
        self.compiled.store(Arc::new(kept.compiled()));
    }
}

impl Kept {
    fn compiled(&self) -> AddressLists {
        let (mut places, mut groups) = (HashMap::new(), HashMap::new());
        for (owner, list) in &self.lists {
            match owner {
                ListOwner::App(app) => drop(places.insert(app.as_str().into(), list.compiled(&self.names))),
                ListOwner::Group(group) => drop(groups.insert(group.clone(), list.compiled(&self.names))),
                ListOwner::User(_) => {}
            }
        }
        AddressLists::new(places, groups)
    }
}
