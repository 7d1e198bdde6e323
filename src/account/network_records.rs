//! The rows of lists of networks: of apps, of groups, of users.

use std::collections::BTreeMap;

use super::AccountError;
use super::list_line::KeptLine;
use super::network_list::{ListOwner, NetworkList};
use crate::principal::user::{GroupName, UserId};
use crate::store::database::{Database, DatabaseError, DatabaseTransaction, Row, Value};

const OF_APPS: &str = "SELECT app AS owner, network, allowed, note FROM app_networks";
const OF_GROUPS: &str = "SELECT group_name AS owner, network, allowed, note FROM group_networks";
const OF_USERS: &str = "SELECT user_name AS owner, network, allowed, note FROM user_networks";

type Lists = BTreeMap<ListOwner, NetworkList>;

pub(super) async fn lists_but_of_users(database: &Database) -> Result<Lists, DatabaseError> {
    let (apps, groups) = (database.rows(OF_APPS, &[]).await?, database.rows(OF_GROUPS, &[]).await?);
    gathered(&apps, &groups)
}

/// The same with what this transaction wrote.
pub(super) async fn lists_within(transaction: &mut DatabaseTransaction) -> Result<Lists, DatabaseError> {
    let (apps, groups) = (transaction.rows(OF_APPS, &[]).await?, transaction.rows(OF_GROUPS, &[]).await?);
    gathered(&apps, &groups)
}

pub(super) async fn all_lists(database: &Database) -> Result<Lists, DatabaseError> {
    let mut lists = lists_but_of_users(database).await?;
    let users = database.rows(OF_USERS, &[]).await?;
    gather(&users, user, &mut lists)?;
    Ok(lists)
}

/// Reads one list, changes it and writes it, all in the transaction that is answered and not yet committed: no other process
/// writes until it ends.
pub(super) async fn change_list<E: From<AccountError>>(
    database: &Database,
    owner: &ListOwner,
    change: impl FnOnce(NetworkList) -> Result<NetworkList, E> + Send,
) -> Result<(NetworkList, DatabaseTransaction), E> {
    let mut transaction = database.begin().await.map_err(AccountError::from)?;
    let list = change(list_of(&mut transaction, owner).await.map_err(AccountError::from)?)?;
    write_list(&mut transaction, owner, &list).await?;
    Ok((list, transaction))
}

/// The lists of users, by their names.
pub(super) async fn lists_of_users(database: &Database) -> Result<BTreeMap<String, NetworkList>, DatabaseError> {
    let mut lists: BTreeMap<String, NetworkList> = BTreeMap::new();
    for row in database.rows(OF_USERS, &[]).await? {
        add(lists.entry(row.text("owner")?).or_default(), &row)?;
    }
    lists.values_mut().for_each(NetworkList::sort);
    Ok(lists)
}

async fn list_of(transaction: &mut DatabaseTransaction, owner: &ListOwner) -> Result<NetworkList, DatabaseError> {
    let (sql, name) = match owner {
        ListOwner::App(app) => ("SELECT network, allowed, note FROM app_networks WHERE app = $1", app.as_str()),
        ListOwner::Group(group) => ("SELECT network, allowed, note FROM group_networks WHERE group_name = $1", group.as_str()),
        ListOwner::User(user) => ("SELECT network, allowed, note FROM user_networks WHERE user_name = $1", user.as_str()),
    };
    let mut list = NetworkList::default();
    for row in transaction.rows(sql, &[name.into()]).await? {
        add(&mut list, &row)?;
    }
    list.sort();
    Ok(list)
}

/// Writes one list as a whole.
async fn write_list(transaction: &mut DatabaseTransaction, owner: &ListOwner, list: &NetworkList) -> Result<(), AccountError> {
    let (delete, insert, name) = match owner {
        ListOwner::App(app) => (
            "DELETE FROM app_networks WHERE app = $1",
            "INSERT INTO app_networks (app, network, allowed, note) VALUES ($1, $2, $3, $4)",
            app.as_str(),
        ),
        ListOwner::Group(group) => (
            "DELETE FROM group_networks WHERE group_name = $1",
            "INSERT INTO group_networks (group_name, network, allowed, note) VALUES ($1, $2, $3, $4)",
            group.as_str(),
        ),
        ListOwner::User(user) => (
            "DELETE FROM user_networks WHERE user_name = $1",
            "INSERT INTO user_networks (user_name, network, allowed, note) VALUES ($1, $2, $3, $4)",
            user.as_str(),
        ),
    };
    if let ListOwner::Group(group) = owner {
        let there = transaction.row("SELECT name FROM user_groups WHERE name = $1", &[name.into()]).await?;
        if there.is_none() {
            return Err(AccountError::UnknownGroup(group.clone()));
        }
    }
    transaction.execute(delete, &[name.into()]).await?;
    for (lines, is_allowed) in [(&list.allowed, true), (&list.denied, false)] {
        for KeptLine { item, note } in lines {
            let row: [Value; 4] = [name.into(), item.to_string().into(), is_allowed.into(), note.clone().into()];
            transaction.execute(insert, &row).await?;
        }
    }
    Ok(())
}

fn gathered(of_apps: &[Row], of_groups: &[Row]) -> Result<Lists, DatabaseError> {
    let mut lists = Lists::new();
    gather(of_apps, |name| Ok(ListOwner::App(name.to_owned())), &mut lists)?;
    gather(of_groups, group, &mut lists)?;
    Ok(lists)
}

fn gather(
    rows: &[Row],
    owner: impl Fn(&str) -> Result<ListOwner, DatabaseError>,
    lists: &mut Lists,
) -> Result<(), DatabaseError> {
    for row in rows {
        add(lists.entry(owner(&row.text("owner")?)?).or_default(), row)?;
    }
    // The database sorts by its own collation.
    lists.values_mut().for_each(NetworkList::sort);
    Ok(())
}

fn add(list: &mut NetworkList, row: &Row) -> Result<(), DatabaseError> {
    let item = row.text("network")?.parse().map_err(|_why| DatabaseError::Column("network"))?;
    let line = KeptLine { item, note: row.optional_text("note")? };
    if row.flag("allowed")? {
        list.allowed.push(line)
    } else {
        list.denied.push(line)
    }
    Ok(())
}

fn group(name: &str) -> Result<ListOwner, DatabaseError> {
    GroupName::parse(name).map(ListOwner::Group).map_err(|_| DatabaseError::Column("group_name"))
}

fn user(name: &str) -> Result<ListOwner, DatabaseError> {
    UserId::parse(name).map(ListOwner::User).map_err(|_| DatabaseError::Column("user_name"))
}
