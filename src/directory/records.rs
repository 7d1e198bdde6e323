//! The rows that say which entry of a directory a user is.

use super::link::DirectoryLink;
use super::person::DirectoryPerson;
use crate::clock::Timestamp;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Row, Value};

pub(super) async fn of_user(database: &Database, user: &UserId) -> Result<Option<DirectoryLink>, DatabaseError> {
    let row = database.row("SELECT * FROM directory_accounts WHERE user_name = $1", &[user.as_str().into()]).await?;
    row.as_ref().map(link).transpose()
}

pub(super) async fn to_directory(database: &Database, directory: &str) -> Result<Vec<DirectoryLink>, DatabaseError> {
    let rows = database.rows("SELECT * FROM directory_accounts WHERE directory = $1", &[directory.into()]).await?;
    rows.iter().map(link).collect()
}

pub(super) async fn add(
    database: &Database,
    user: &UserId,
    person: &DirectoryPerson,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let row: [Value; 5] =
        [user.as_str().into(), (&*person.directory).into(), person.id.as_str().into(), person.dn.as_str().into(), now.into()];
    let sql = "INSERT INTO directory_accounts (user_name, directory, entry_id, dn, linked_at, switched_off) \
               VALUES ($1, $2, $3, $4, $5, 0)";
    database.execute(sql, &row).await.map(drop)
}

pub(super) async fn rename(database: &Database, user: &UserId, dn: &str) -> Result<(), DatabaseError> {
    let sql = "UPDATE directory_accounts SET dn = $2 WHERE user_name = $1";
    database.execute(sql, &[user.as_str().into(), dn.into()]).await.map(drop)
}

pub(super) async fn set_switched_off(database: &Database, user: &UserId, off: bool) -> Result<(), DatabaseError> {
    let sql = "UPDATE directory_accounts SET switched_off = $2 WHERE user_name = $1";
    database.execute(sql, &[user.as_str().into(), off.into()]).await.map(drop)
}

pub(super) async fn remove(database: &Database, user: &UserId) -> Result<bool, DatabaseError> {
    let sql = "DELETE FROM directory_accounts WHERE user_name = $1";
    Ok(database.execute(sql, &[user.as_str().into()]).await? > 0)
}

fn link(row: &Row) -> Result<DirectoryLink, DatabaseError> {
    Ok(DirectoryLink {
        user: UserId::parse(&row.text("user_name")?).map_err(|_| DatabaseError::Column("user_name"))?,
        directory: row.text("directory")?,
        entry_id: row.text("entry_id")?,
        dn: row.text("dn")?,
        linked_at: row.time("linked_at")?,
        switched_off: row.flag("switched_off")?,
    })
}
