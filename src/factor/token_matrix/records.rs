//! The rows of seeds.

use crate::approval::key::ApproverId;
use crate::clock::Timestamp;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Row, Value};

/// A seed as it is kept.
pub(super) struct SeedRecord {
    pub(super) approver: ApproverId,
    pub(super) sealed: Vec<u8>,
    pub(super) last_step: i64,
}

/// The seeds whose tables count for a user at present, in the order of the phones' names: none while the user's phones are
/// suspended or locked.
pub(super) async fn of_user(database: &Database, user: &str) -> Result<Vec<SeedRecord>, DatabaseError> {
    const SQL: &str = "SELECT t.approver_id, t.seed, t.last_step FROM token_seeds t LEFT JOIN approval_standings a \
                       ON a.user_name = t.user_name WHERE t.user_name = $1 \
                       AND COALESCE(a.suspended, 0) = 0 AND COALESCE(a.locked, 0) = 0 ORDER BY t.approver_id";
    let seed = |row: &Row| {
        Ok(SeedRecord {
            approver: ApproverId::parse(&row.text("approver_id")?).ok_or(DatabaseError::Column("approver_id"))?,
            sealed: row.bytes("seed")?,
            last_step: row.integer("last_step")?,
        })
    };
    database.rows(SQL, &[user.into()]).await?.iter().map(seed).collect()
}

/// Which seed a phone should have for a user.
pub(super) async fn id(database: &Database, approver: &ApproverId, user: &UserId) -> Result<Option<CredentialId>, DatabaseError> {
    let sql = "SELECT id FROM token_seeds WHERE approver_id = $1 AND user_name = $2";
    let row = database.row(sql, &[approver.as_str().into(), user.as_str().into()]).await?;
    row.map(|row| CredentialId::parse(&row.text("id")?).ok_or(DatabaseError::Column("id"))).transpose()
}

/// Keeps a seed in place of what was there; whether the slot is.
pub(super) async fn put(
    database: &Database,
    (approver, user): (&ApproverId, &UserId),
    id: CredentialId,
    sealed: &[u8],
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let sql = "INSERT INTO token_seeds (approver_id, user_name, id, seed, last_step, created_at) \
               SELECT approver_id, user_name, $3, $4, 0, $5 FROM approver_slots WHERE approver_id = $1 AND user_name = $2 \
               ON CONFLICT (approver_id, user_name) DO UPDATE SET id = excluded.id, seed = excluded.seed, \
               last_step = excluded.last_step, created_at = excluded.created_at";
    let values: [Value; 5] = [approver.as_str().into(), user.as_str().into(), id.text().into(), sealed.into(), now.into()];
    Ok(database.execute(sql, &values).await? > 0)
}

/// Takes a step of a seed for its one answer: of any number of callers one gets it, and none after it gets that step or one
/// before it. `sealed` is the seed that was compared: another one that was drawn since has steps of its own.
pub(super) async fn take(database: &Database, user: &UserId, seed: &SeedRecord, step: i64) -> Result<bool, DatabaseError> {
    let sql = "UPDATE token_seeds SET last_step = $4 WHERE approver_id = $1 AND user_name = $2 AND seed = $3 AND last_step < $4";
    let values: [Value; 4] = [seed.approver.as_str().into(), user.as_str().into(), seed.sealed.as_slice().into(), step.into()];
    Ok(database.execute(sql, &values).await? > 0)
}

/// Removes the seeds of a user; how many there were.
pub(super) async fn remove_user(database: &Database, user: &UserId) -> Result<u64, DatabaseError> {
    database.execute("DELETE FROM token_seeds WHERE user_name = $1", &[user.as_str().into()]).await
}
