//! The rows of the authority's keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::key::AuthorityKey;
use super::list::NextList;
use crate::clock::Timestamp;
use crate::store::database::{Database, DatabaseError, Row};

pub(super) async fn all(database: &Database) -> Result<Vec<Arc<AuthorityKey>>, DatabaseError> {
    let rows = database.rows("SELECT * FROM authorities ORDER BY position", &[]).await?;
    let mut keys = rows.iter().map(key).collect::<Result<Vec<_>, _>>()?;
    // What is below a root that was withdrawn counts no more than it.
    let withdrawn: BTreeMap<String, Timestamp> =
        keys.iter().filter_map(|key| Some((key.id.clone(), key.withdrawn_at?))).collect();
    for key in &mut keys {
        let above = key.parent.as_ref().and_then(|parent| withdrawn.get(parent)).copied();
        key.withdrawn_at = key.withdrawn_at.or(above);
    }
    Ok(keys.into_iter().map(Arc::new).collect())
}

fn key(row: &Row) -> Result<AuthorityKey, DatabaseError> {
    Ok(AuthorityKey {
        id: row.text("id")?,
        kind: row.text("kind")?.parse().map_err(|_| DatabaseError::Column("kind"))?,
        name: row.text("name")?,
        parent: row.optional_text("parent")?,
        chain: row.text("chain")?,
        not_before: row.time("not_before")?,
        not_after: row.time("not_after")?,
        created_at: row.time("created_at")?,
        withdrawn_at: row.optional_integer("withdrawn_at")?.map(Timestamp::from_millis),
        list_until: row.optional_integer("list_until")?.map(Timestamp::from_millis),
        sealed: row.bytes("private_key")?,
        list: row.optional_bytes("list")?,
        list_number: row.integer("list_number")?,
    })
}

pub(super) async fn add(database: &Database, keys: &[AuthorityKey]) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    for key in keys {
        let kind: &'static str = key.kind.into();
        let sql = "INSERT INTO authorities (id, kind, name, parent, chain, private_key, not_before, not_after, created_at, \
                   list_number, position) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 0, COALESCE(MAX(position), 0) + 1 \
                   FROM authorities";
        let row = [
            key.id.as_str().into(),
            kind.into(),
            key.name.as_str().into(),
            key.parent.clone().into(),
            key.chain.as_str().into(),
            key.sealed.clone().into(),
            key.not_before.into(),
            key.not_after.into(),
            key.created_at.into(),
        ];
        transaction.execute(sql, &row).await?;
    }
    transaction.commit().await
}

pub(super) async fn withdraw(database: &Database, id: &str, at: Timestamp) -> Result<(), DatabaseError> {
    let sql = "UPDATE authorities SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL";
    database.execute(sql, &[id.into(), at.into()]).await.map(drop)
}

pub(super) async fn set_list(database: &Database, id: &str, list: &NextList) -> Result<(), DatabaseError> {
    let sql = "UPDATE authorities SET list = $2, list_number = $3, list_until = $4 WHERE id = $1";
    let row = [id.into(), list.der.as_slice().into(), list.number.into(), list.until.into()];
    database.execute(sql, &row).await.map(drop)
}
