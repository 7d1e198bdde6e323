//! The rows of applications for browsers.

use super::applied::{Application, ApplicationState};
use super::{Registration, records};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::seal::TokenHash;
use crate::store::database::{Database, DatabaseError, Row, Value};

pub(super) async fn all(database: &Database) -> Result<Vec<Application>, DatabaseError> {
    let rows = database.rows("SELECT * FROM device_applications ORDER BY applied_at, id", &[]).await?;
    rows.iter().map(application).collect()
}

pub(super) async fn find(database: &Database, id: CredentialId) -> Result<Option<Application>, DatabaseError> {
    Ok(find_with_secret(database, id).await?.map(|(_, found)| found))
}

pub(super) async fn find_with_secret(
    database: &Database,
    id: CredentialId,
) -> Result<Option<(TokenHash, Application)>, DatabaseError> {
    let row = database.row("SELECT * FROM device_applications WHERE id = $1", &[id.text().into()]).await?;
    let Some(row) = row else { return Ok(None) };
    let secret = TokenHash::from_bytes(&row.bytes("token_hash")?).ok_or(DatabaseError::Column("token_hash"))?;
    Ok(Some((secret, application(&row)?)))
}

pub(super) async fn of(database: &Database, user: &UserId, secret: &TokenHash) -> Result<Option<Application>, DatabaseError> {
    let which: [Value; 2] = [secret.as_bytes().as_slice().into(), user.as_str().into()];
    let sql = "SELECT * FROM device_applications WHERE token_hash = $1 AND user_name = $2";
    database.row(sql, &which).await?.as_ref().map(application).transpose()
}

pub(super) async fn is_known(database: &Database, secret: &TokenHash) -> Result<bool, DatabaseError> {
    let sql = "SELECT id FROM device_applications WHERE token_hash = $1";
    Ok(database.row(sql, &[secret.as_bytes().as_slice().into()]).await?.is_some())
}

pub(super) async fn waiting(database: &Database, user: &UserId, since: Timestamp) -> Result<usize, DatabaseError> {
    let sql =
        "SELECT COUNT(*) AS waiting FROM device_applications WHERE user_name = $1 AND state = 'pending' AND applied_at > $2";
    let row = database.row(sql, &[user.as_str().into(), since.into()]).await?;
    let waiting = row.map_or(Ok(0), |row| row.integer("waiting"))?;
    Ok(usize::try_from(waiting).unwrap_or(usize::MAX))
}

/// The new one takes the place of the one that was decided before.
pub(super) async fn apply(database: &Database, secret: &TokenHash, one: &Application) -> Result<(), DatabaseError> {
    database
        .execute(
            "INSERT INTO device_applications (id, token_hash, user_name, name, note, agent, address, state, applied_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (token_hash, user_name) DO UPDATE SET id = excluded.id, \
             name = excluded.name, note = excluded.note, agent = excluded.agent, address = excluded.address, \
             state = excluded.state, applied_at = excluded.applied_at, decided_at = NULL, decided_by = NULL, reason = NULL, \
             browser = NULL",
            &[
                one.id.text().into(),
                secret.as_bytes().as_slice().into(),
                one.user.as_str().into(),
                one.name.clone().into(),
                one.note.clone().into(),
                one.agent.clone().into(),
                one.address.to_string().into(),
                one.state.word().into(),
                one.applied_at.into(),
            ],
        )
        .await?;
    Ok(())
}

/// Decides it and registers the browser, in one transaction; `None` where it was decided before.
pub(super) async fn approve(
    database: &Database,
    id: CredentialId,
    secret: &TokenHash,
    registration: &Registration,
    by: &str,
    now: Timestamp,
) -> Result<Option<Application>, DatabaseError> {
    let mut transaction = database.begin().await?;
    let decision: [Value; 4] = [id.text().into(), now.into(), by.into(), registration.id.text().into()];
    let sql = "UPDATE device_applications SET state = 'approved', decided_at = $2, decided_by = $3, browser = $4 \
               WHERE id = $1 AND state = 'pending' RETURNING *";
    let Some(row) = transaction.row(sql, &decision).await? else { return Ok(None) };
    records::write(&mut transaction, secret, registration).await?;
    transaction.commit().await?;
    application(&row).map(Some)
}

/// Decides it; `None` where it was decided before.
pub(super) async fn reject(
    database: &Database,
    id: CredentialId,
    by: &str,
    reason: Option<String>,
    now: Timestamp,
) -> Result<Option<Application>, DatabaseError> {
    let decision: [Value; 4] = [id.text().into(), now.into(), by.into(), reason.into()];
    let sql = "UPDATE device_applications SET state = 'rejected', decided_at = $2, decided_by = $3, reason = $4 \
               WHERE id = $1 AND state = 'pending' RETURNING *";
    database.take(sql, &decision).await?.as_ref().map(application).transpose()
}

/// Says of what came of applications that it has ended: one registration.
pub(super) async fn revoked(database: &Database, browser: CredentialId, now: Timestamp) -> Result<(), DatabaseError> {
    let sql = "UPDATE device_applications SET state = 'revoked', decided_at = $2 WHERE browser = $1 AND state = 'approved'";
    database.execute(sql, &[browser.text().into(), now.into()]).await?;
    Ok(())
}

pub(super) async fn sweep(database: &Database, waited: Timestamp, decided: Timestamp) -> Result<(), DatabaseError> {
    let sql = "DELETE FROM device_applications WHERE (state = 'pending' AND applied_at <= $1) \
               OR (state <> 'pending' AND decided_at <= $2 AND (browser IS NULL OR browser NOT IN (SELECT id FROM browsers)))";
    database.execute(sql, &[waited.into(), decided.into()]).await?;
    Ok(())
}

fn application(row: &Row) -> Result<Application, DatabaseError> {
    let wrong = DatabaseError::Column;
    let time = |column| Ok::<_, DatabaseError>(row.optional_integer(column)?.map(Timestamp::from_millis));
    Ok(Application {
        id: CredentialId::parse(&row.text("id")?).ok_or(wrong("id"))?,
        user: UserId::parse(&row.text("user_name")?).map_err(|_| wrong("user_name"))?,
        name: row.text("name")?,
        note: row.text("note")?,
        agent: row.text("agent")?,
        address: ClientAddress::new(row.text("address")?.parse().map_err(|_| wrong("address"))?),
        state: row.text("state")?.parse::<ApplicationState>().map_err(|_unknown_word| wrong("state"))?,
        applied_at: row.time("applied_at")?,
        decided_at: time("decided_at")?,
        decided_by: row.optional_text("decided_by")?,
        reason: row.optional_text("reason")?,
        browser: row.optional_text("browser")?.map(|id| CredentialId::parse(&id).ok_or(wrong("browser"))).transpose()?,
    })
}
