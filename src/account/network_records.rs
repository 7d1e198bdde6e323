//! The rows of lists of networks: of apps, of groups, of users.

use std::collections::BTreeMap;

use super::AccountError;
use super::network_list::{ListOwner, NetworkList};
use crate::config::units::{CidrBlock, NetworkLine};
use crate::principal::user::{GroupName, UserId};
use crate::store::database::{Database, DatabaseError, Row, Value};

const OF_APPS: &str = "SELECT app AS owner, network, allowed, note FROM app_networks";
const OF_GROUPS: &str = "SELECT group_name AS owner, network, allowed, note FROM group_networks";
const OF_USERS: &str = "SELECT user_name AS owner, network, allowed, note FROM user_networks";

type Lists = BTreeMap<ListOwner, NetworkList>;

pub(super) async fn lists_but_of_users(database: &Database) -> Result<Lists, DatabaseError> {
    let mut lists = Lists::new();
    read(database, OF_APPS, |name| Ok(ListOwner::App(name.to_owned())), &mut lists).await?;
    read(database, OF_GROUPS, group, &mut lists).await?;
    Ok(lists)
}

pub(super) async fn all_lists(database: &Database) -> Result<Lists, DatabaseError> {
    let mut lists = lists_but_of_users(database).await?;
    read(database, OF_USERS, user, &mut lists).await?;
    Ok(lists)
}

pub(super) async fn list_of(database: &Database, owner: &ListOwner) -> Result<NetworkList, DatabaseError> {
    let (sql, name) = match owner {
        ListOwner::App(app) => ("SELECT network, allowed, note FROM app_networks WHERE app = $1", app.as_str()),
        ListOwner::Group(group) => ("SELECT network, allowed, note FROM group_networks WHERE group_name = $1", group.as_str()),
        ListOwner::User(user) => ("SELECT network, allowed, note FROM user_networks WHERE user_name = $1", user.as_str()),
    };
    let mut list = NetworkList::default();
    for row in database.rows(sql, &[name.into()]).await? {
        add(&mut list, &row)?;
    }
    list.sort();
    Ok(list)
}

/// Writes one list as a whole.
pub(super) async fn write_list(database: &Database, owner: &ListOwner, list: &NetworkList) -> Result<(), AccountError> {
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
    let mut transaction = database.begin().await?;
    if let ListOwner::Group(group) = owner {
        let there = transaction.row("SELECT name FROM user_groups WHERE name = $1", &[name.into()]).await?;
        if there.is_none() {
            return Err(AccountError::UnknownGroup(group.clone()));
        }
    }
    transaction.execute(delete, &[name.into()]).await?;
    for (lines, is_allowed) in [(&list.allowed, true), (&list.denied, false)] {
        for NetworkLine { network, note } in lines {
            let row: [Value; 4] = [name.into(), network.to_string().into(), is_allowed.into(), note.clone().into()];
            transaction.execute(insert, &row).await?;
        }
    }
    Ok(transaction.commit().await?)
}

async fn read(
    database: &Database,
    sql: &'static str,
    owner: impl Fn(&str) -> Result<ListOwner, DatabaseError> + Send,
    lists: &mut Lists,
) -> Result<(), DatabaseError> {
    for row in database.rows(sql, &[]).await? {
        add(lists.entry(owner(&row.text("owner")?)?).or_default(), &row)?;
    }
    // The database sorts by its own collation.
    lists.values_mut().for_each(NetworkList::sort);
    Ok(())
}

fn add(list: &mut NetworkList, row: &Row) -> Result<(), DatabaseError> {
    let network = row.text("network")?.parse().map_err(|_| DatabaseError::Column("network"))?;
    let line = NetworkLine { network: CidrBlock(network), note: row.optional_text("note")? };
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
