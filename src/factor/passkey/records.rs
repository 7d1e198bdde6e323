//! The rows of passkeys, and the handles by which authenticators know users.

use webauthn_rs_core::proto::Credential;

use super::Passkey;
use crate::clock::Timestamp;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Row, Value};

/// A passkey with what it is verified with.
pub(super) struct PasskeyRecord {
    pub(super) user: UserId,
    pub(super) passkey: Passkey,
    pub(super) credential: Credential,
}

/// The handle of a user, drawn at the first use.
pub(super) async fn handle(database: &Database, user: &UserId, drawn: [u8; 16]) -> Result<Vec<u8>, DatabaseError> {
    let sql = "INSERT INTO passkey_handles (user_name, handle) VALUES ($1, $2) ON CONFLICT (user_name) DO NOTHING";
    database.execute(sql, &[user.as_str().into(), drawn.as_slice().into()]).await?;
    let row = database.row("SELECT handle FROM passkey_handles WHERE user_name = $1", &[user.as_str().into()]).await?;
    row.ok_or(DatabaseError::Column("handle"))?.bytes("handle")
}

/// Whether an authenticator means this user.
pub(super) async fn is_handle_of(database: &Database, user: &UserId, handle: &[u8]) -> Result<bool, DatabaseError> {
    let sql = "SELECT user_name FROM passkey_handles WHERE user_name = $1 AND handle = $2";
    Ok(database.row(sql, &[user.as_str().into(), handle.into()]).await?.is_some())
}

/// Keeps a new one, unless there are `most` or its credential id is taken; whether it was kept.
pub(super) async fn insert(database: &Database, record: &PasskeyRecord, most: usize) -> Result<bool, DatabaseError> {
    let PasskeyRecord { user, passkey, credential } = record;
    let written = serde_json::to_string(credential).map_err(|_| DatabaseError::Column("credential"))?;
    let kept = database
        .execute(
            "INSERT INTO passkeys (id, user_name, credential_id, credential, rp_id, name, sign_count, backup_eligible, \
             backed_up, model, created_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 \
             WHERE (SELECT COUNT(*) FROM passkeys WHERE user_name = $2 AND rp_id = $5) < $12 \
             ON CONFLICT (credential_id) DO NOTHING",
            &[
                passkey.id.text().into(),
                user.as_str().into(),
                passkey.credential_id.as_slice().into(),
                written.into(),
                passkey.rp_id.as_str().into(),
                passkey.name.as_str().into(),
                i64::from(credential.counter).into(),
                passkey.backup_eligible.into(),
                passkey.backed_up.into(),
                passkey.model.clone().into(),
                passkey.added_at.into(),
                i64::try_from(most).unwrap_or(i64::MAX).into(),
            ],
        )
        .await?;
    Ok(kept > 0)
}

pub(super) async fn of_user(database: &Database, user: &UserId) -> Result<Vec<PasskeyRecord>, DatabaseError> {
    let sql = "SELECT * FROM passkeys WHERE user_name = $1 ORDER BY created_at, id";
    database.rows(sql, &[user.as_str().into()]).await?.iter().map(read).collect()
}

pub(super) async fn has(database: &Database, user: &UserId, rp_id: &str) -> Result<bool, DatabaseError> {
    let sql = "SELECT id FROM passkeys WHERE user_name = $1 AND rp_id = $2 LIMIT 1";
    Ok(database.row(sql, &[user.as_str().into(), rp_id.into()]).await?.is_some())
}

pub(super) async fn by_credential_id(database: &Database, id: &[u8]) -> Result<Option<PasskeyRecord>, DatabaseError> {
    database.row("SELECT * FROM passkeys WHERE credential_id = $1", &[id.into()]).await?.as_ref().map(read).transpose()
}

/// Writes down what the authenticator said at a use; `false` if the passkey is gone, or another use of it came first with
/// this counter or a higher one: of two copies of a key that sign at once, one proves something.
pub(super) async fn used(
    database: &Database,
    record: &PasskeyRecord,
    counter: u32,
    (eligible, backed_up): (bool, bool),
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let sql = "UPDATE passkeys SET sign_count = $2, backup_eligible = $3, backed_up = $4, last_used_at = $5 \
               WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))";
    let values: [Value; 5] =
        [record.passkey.id.text().into(), i64::from(counter).into(), eligible.into(), backed_up.into(), now.into()];
    Ok(database.execute(sql, &values).await? > 0)
}

pub(super) async fn rename(database: &Database, user: &UserId, id: CredentialId, name: &str) -> Result<bool, DatabaseError> {
    let sql = "UPDATE passkeys SET name = $3 WHERE user_name = $1 AND id = $2";
    Ok(database.execute(sql, &[user.as_str().into(), id.text().into(), name.into()]).await? > 0)
}

pub(super) async fn remove(database: &Database, user: &UserId, id: CredentialId) -> Result<Option<String>, DatabaseError> {
    let sql = "DELETE FROM passkeys WHERE user_name = $1 AND id = $2 RETURNING name";
    database.take(sql, &[user.as_str().into(), id.text().into()]).await?.map(|row| row.text("name")).transpose()
}

pub(super) async fn remove_user(database: &Database, user: &UserId) -> Result<u64, DatabaseError> {
    database.execute("DELETE FROM passkeys WHERE user_name = $1", &[user.as_str().into()]).await
}

fn read(row: &Row) -> Result<PasskeyRecord, DatabaseError> {
    let wrong = DatabaseError::Column;
    let mut credential: Credential = serde_json::from_str(&row.text("credential")?).map_err(|_| wrong("credential"))?;
    let (eligible, backed_up) = (row.flag("backup_eligible")?, row.flag("backed_up")?);
    // What changes with each use stands in columns of its own.
    credential.counter = u32::try_from(row.integer("sign_count")?).map_err(|_| wrong("sign_count"))?;
    credential.backup_eligible = eligible;
    credential.backup_state = backed_up;
    Ok(PasskeyRecord {
        user: UserId::parse(&row.text("user_name")?).map_err(|_| wrong("user_name"))?,
        passkey: Passkey {
            id: CredentialId::parse(&row.text("id")?).ok_or(wrong("id"))?,
            credential_id: row.bytes("credential_id")?,
            rp_id: row.text("rp_id")?,
            name: row.text("name")?,
            backup_eligible: eligible,
            backed_up,
            model: row.optional_text("model")?,
            added_at: row.time("created_at")?,
            last_used_at: row.optional_integer("last_used_at")?.map(Timestamp::from_millis),
        },
        credential,
    })
}
