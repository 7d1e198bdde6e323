//! The rows of patterns.

use super::PatternState;
use crate::clock::Timestamp;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Row};

/// A pattern as it is kept.
pub(super) struct PatternRecord {
    pub(super) sealed: Vec<u8>,
    pub(super) state: PatternState,
}

pub(super) async fn find(database: &Database, user: &str) -> Result<Option<PatternRecord>, DatabaseError> {
    let row = database.row("SELECT * FROM matrix_patterns WHERE user_name = $1", &[user.into()]).await?;
    row.map(|row| Ok(PatternRecord { sealed: row.bytes("pattern")?, state: state(&row)? })).transpose()
}

pub(super) async fn all(database: &Database) -> Result<Vec<(UserId, PatternState)>, DatabaseError> {
    let sql = "SELECT user_name, id, initial, changed_at, expires_at FROM matrix_patterns ORDER BY user_name";
    let user = |row: &Row| UserId::parse(&row.text("user_name")?).map_err(|_| DatabaseError::Column("user_name"));
    database.rows(sql, &[]).await?.iter().map(|row| Ok((user(row)?, state(row)?))).collect()
}

/// Keeps a pattern, whatever was there.
pub(super) async fn put(database: &Database, user: &UserId, sealed: &[u8], state: &PatternState) -> Result<(), DatabaseError> {
    let sql = "INSERT INTO matrix_patterns (user_name, id, pattern, initial, changed_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_name) DO UPDATE SET id = excluded.id, \
               pattern = excluded.pattern, initial = excluded.initial, changed_at = excluded.changed_at, \
               expires_at = excluded.expires_at";
    let values = [
        user.as_str().into(),
        state.id.text().into(),
        sealed.into(),
        state.initial.into(),
        state.changed_at.into(),
        state.expires_at.into(),
    ];
    database.execute(sql, &values).await.map(drop)
}

/// Replaces this pattern of a user; whether it was still there.
pub(super) async fn replace(
    database: &Database,
    user: &UserId,
    sealed: &[u8],
    state: &PatternState,
    instead_of: CredentialId,
) -> Result<bool, DatabaseError> {
    let sql = "UPDATE matrix_patterns SET id = $2, pattern = $3, initial = $4, changed_at = $5, expires_at = $6 \
               WHERE user_name = $1 AND id = $7";
    let values = [
        user.as_str().into(),
        state.id.text().into(),
        sealed.into(),
        state.initial.into(),
        state.changed_at.into(),
        state.expires_at.into(),
        instead_of.text().into(),
    ];
    Ok(database.execute(sql, &values).await? > 0)
}

pub(super) async fn remove(database: &Database, user: &UserId) -> Result<bool, DatabaseError> {
    Ok(database.execute("DELETE FROM matrix_patterns WHERE user_name = $1", &[user.as_str().into()]).await? > 0)
}

fn state(row: &Row) -> Result<PatternState, DatabaseError> {
    Ok(PatternState {
        id: CredentialId::parse(&row.text("id")?).ok_or(DatabaseError::Column("id"))?,
        initial: row.flag("initial")?,
        changed_at: row.time("changed_at")?,
        expires_at: row.optional_integer("expires_at")?.map(Timestamp::from_millis),
    })
}
