//! The rows of registered browsers.

use super::Registration;
use crate::clock::Timestamp;
use crate::device::{DeviceId, Devices};
use crate::facts::client_address::ClientAddress;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::seal::TokenHash;
use crate::store::database::{Database, DatabaseError, Row, Value};

pub(super) async fn all(database: &Database, devices: &Devices) -> Result<Vec<(TokenHash, Registration)>, DatabaseError> {
    let rows = database.rows("SELECT * FROM browsers ORDER BY registered_at", &[]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        // A row that cannot be read is not a registration (T9).
        match registration(row, devices) {
            Ok(one) => found.push(one),
            Err(error) => tracing::warn!(%error, "a registered browser could not be read and is left out"),
        }
    }
    Ok(found)
}

fn registration(row: &Row, devices: &Devices) -> Result<(TokenHash, Registration), DatabaseError> {
    let wrong = DatabaseError::Column;
    let secret = TokenHash::from_bytes(&row.bytes("token_hash")?).ok_or(wrong("token_hash"))?;
    // One whose key is gone is none: without its key it would count alone.
    let device = match row.optional_text("device")? {
        Some(id) => Some(DeviceId::parse(&id).and_then(|id| devices.find(id)).ok_or(wrong("device"))?),
        None => None,
    };
    let registration = Registration {
        id: CredentialId::parse(&row.text("id")?).ok_or(wrong("id"))?,
        user: UserId::parse(&row.text("user_name")?).map_err(|_| wrong("user_name"))?,
        way: Method::from_word(&row.text("way")?).ok_or(wrong("way"))?,
        with: row.optional_text("registered_with")?.map(|text| credential(&text).ok_or(wrong("registered_with"))).transpose()?,
        agent: row.text("agent")?,
        address: ClientAddress::new(row.text("address")?.parse().map_err(|_| wrong("address"))?),
        registered_at: row.time("registered_at")?,
        last_seen: row.time("last_seen")?,
        expires_at: row.time("expires_at")?,
        device,
    };
    Ok((secret, registration))
}

/// Registers a browser, or changes the row of the same browser and user; its parameters are [`registered`].
pub(super) const REGISTER: &str = "INSERT INTO browsers \
    (id, token_hash, user_name, way, agent, address, registered_at, last_seen, expires_at, registered_with, device) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10) ON CONFLICT (token_hash, user_name) DO UPDATE SET id = excluded.id, \
    way = excluded.way, agent = excluded.agent, address = excluded.address, registered_at = excluded.registered_at, \
    last_seen = excluded.last_seen, expires_at = excluded.expires_at, registered_with = excluded.registered_with, \
    device = excluded.device";

pub(super) fn registered(secret: &TokenHash, registration: &Registration) -> [Value; 10] {
    [
        registration.id.text().into(),
        secret.as_bytes().as_slice().into(),
        registration.user.as_str().into(),
        registration.way.word().into(),
        registration.agent.clone().into(),
        registration.address.to_string().into(),
        registration.registered_at.into(),
        registration.expires_at.into(),
        registration.with.map(|(method, id)| format!("{}/{}", method.word(), id.text())).into(),
        registration.device.as_ref().map(|device| device.id().text()).into(),
    ]
}

pub(super) async fn register(database: &Database, secret: &TokenHash, registration: &Registration) -> Result<(), DatabaseError> {
    database.execute(REGISTER, &registered(secret, registration)).await?;
    Ok(())
}

/// `method/credential`.
fn credential(text: &str) -> Option<(Method, CredentialId)> {
    let (method, id) = text.split_once('/')?;
    Some((Method::from_word(method)?, CredentialId::parse(id)?))
}

pub(super) async fn bind(database: &Database, id: CredentialId, device: DeviceId) -> Result<(), DatabaseError> {
    let row: [Value; 2] = [id.text().into(), device.text().into()];
    database.execute("UPDATE browsers SET device = $2 WHERE id = $1", &row).await?;
    Ok(())
}

pub(super) async fn used(database: &Database, id: CredentialId, now: Timestamp) -> Result<(), DatabaseError> {
    let row: [Value; 2] = [id.text().into(), now.into()];
    database.execute("UPDATE browsers SET last_seen = $2 WHERE id = $1", &row).await?;
    Ok(())
}

pub(super) async fn revoke(database: &Database, id: CredentialId) -> Result<bool, DatabaseError> {
    Ok(database.execute("DELETE FROM browsers WHERE id = $1", &[id.text().into()]).await? > 0)
}

pub(super) async fn revoke_user(database: &Database, user: &UserId, way: Option<Method>) -> Result<(), DatabaseError> {
    let row: [Value; 2] = [user.as_str().into(), way.map(Method::word).into()];
    database.execute("DELETE FROM browsers WHERE user_name = $1 AND ($2 IS NULL OR way = $2)", &row).await?;
    Ok(())
}

pub(super) async fn sweep(database: &Database, now: Timestamp) -> Result<(), DatabaseError> {
    database.execute("DELETE FROM browsers WHERE expires_at <= $1", &[now.into()]).await?;
    Ok(())
}
