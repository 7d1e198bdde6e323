//! The rows of registered browsers.

use std::collections::HashMap;

use super::{RegisteredWay, Registration};
use crate::clock::Timestamp;
use crate::device::{DeviceId, Devices};
use crate::facts::client_address::ClientAddress;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::seal::TokenHash;
use crate::store::database::{Database, DatabaseError, DatabaseTransaction, Row, Value};

pub(super) async fn all(database: &Database, devices: &Devices) -> Result<Vec<(TokenHash, Registration)>, DatabaseError> {
    let rows = database.rows("SELECT * FROM browsers ORDER BY registered_at", &[]).await?;
    let mut ways: HashMap<String, Vec<RegisteredWay>> = HashMap::new();
    for row in database.rows("SELECT * FROM browser_ways ORDER BY registered_at, way", &[]).await? {
        // One that cannot be read is none (T9).
        match way(&row) {
            Ok((browser, way)) => ways.entry(browser).or_default().push(way),
            Err(error) => tracing::warn!(%error, "a registered browser could not be read and is left out"),
        }
    }
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        // A row that cannot be read is not a registration (T9), and neither is one without a way.
        match registration(row, &mut ways, devices) {
            Ok(one) => found.push(one),
            Err(error) => tracing::warn!(%error, "a registered browser could not be read and is left out"),
        }
    }
    Ok(found)
}

fn way(row: &Row) -> Result<(String, RegisteredWay), DatabaseError> {
    let wrong = DatabaseError::Column;
    let with = row.optional_text("registered_with")?.map(|text| credential(&text).ok_or(wrong("registered_with"))).transpose()?;
    let way = Method::from_word(&row.text("way")?).ok_or(wrong("way"))?;
    let way = RegisteredWay { way, with, registered_at: row.time("registered_at")?, expires_at: row.time("expires_at")? };
    Ok((row.text("browser")?, way))
}

fn registration(
    row: &Row,
    ways: &mut HashMap<String, Vec<RegisteredWay>>,
    devices: &Devices,
) -> Result<(TokenHash, Registration), DatabaseError> {
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
        ways: ways.remove(&row.text("id")?).ok_or(wrong("way"))?.into(),
        agent: row.text("agent")?,
        address: ClientAddress::new(row.text("address")?.parse().map_err(|_| wrong("address"))?),
        registered_at: row.time("registered_at")?,
        last_seen: row.time("last_seen")?,
        expires_at: row.time("expires_at")?,
        device,
    };
    Ok((secret, registration))
}

/// Registers a browser, or changes the row of the same browser and user.
const REGISTER: &str = "INSERT INTO browsers \
    (id, token_hash, user_name, way, agent, address, registered_at, last_seen, expires_at, registered_with, device) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10) ON CONFLICT (token_hash, user_name) DO UPDATE SET id = excluded.id, \
    way = excluded.way, agent = excluded.agent, address = excluded.address, registered_at = excluded.registered_at, \
    last_seen = excluded.last_seen, expires_at = excluded.expires_at, registered_with = excluded.registered_with, \
    device = excluded.device";

const REGISTER_WAY: &str = "INSERT INTO browser_ways (browser, way, registered_with, registered_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5)";

/// Writes a registration with all of its ways.
pub(super) async fn write(
    transaction: &mut DatabaseTransaction,
    secret: &TokenHash,
    registration: &Registration,
) -> Result<(), DatabaseError> {
    let latest = registration.ways.last().ok_or(DatabaseError::Column("way"))?;
    let row: [Value; 10] = [
        registration.id.text().into(),
        secret.as_bytes().as_slice().into(),
        registration.user.as_str().into(),
        latest.way.word().into(),
        registration.agent.clone().into(),
        registration.address.to_string().into(),
        registration.registered_at.into(),
        registration.expires_at.into(),
        written(latest.with).into(),
        registration.device.as_ref().map(|device| device.id().text()).into(),
    ];
    transaction.execute(REGISTER, &row).await?;
    write_ways(transaction, registration).await
}

async fn write_ways(transaction: &mut DatabaseTransaction, registration: &Registration) -> Result<(), DatabaseError> {
    transaction.execute("DELETE FROM browser_ways WHERE browser = $1", &[registration.id.text().into()]).await?;
    for one in registration.ways.iter() {
        let row: [Value; 5] = [
            registration.id.text().into(),
            one.way.word().into(),
            written(one.with).into(),
            one.registered_at.into(),
            one.expires_at.into(),
        ];
        transaction.execute(REGISTER_WAY, &row).await?;
    }
    Ok(())
}

pub(super) async fn register(database: &Database, secret: &TokenHash, registration: &Registration) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    write(&mut transaction, secret, registration).await?;
    transaction.commit().await
}

/// Leaves of a registration what is left of it; without anything it goes as a whole.
pub(super) async fn leave(database: &Database, id: CredentialId, left: Option<&Registration>) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    match left.and_then(|left| Some((left, left.ways.last()?))) {
        Some((left, latest)) => {
            let row: [Value; 4] =
                [id.text().into(), latest.way.word().into(), written(latest.with).into(), left.expires_at.into()];
            let sql = "UPDATE browsers SET way = $2, registered_with = $3, expires_at = $4 WHERE id = $1";
            transaction.execute(sql, &row).await?;
            write_ways(&mut transaction, left).await?;
        }
        None => drop(transaction.execute("DELETE FROM browsers WHERE id = $1", &[id.text().into()]).await?),
    }
    transaction.commit().await
}

fn written(with: Option<(Method, CredentialId)>) -> Option<String> {
    with.map(|(method, id)| format!("{}/{}", method.word(), id.text()))
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

pub(super) async fn sweep(database: &Database, now: Timestamp) -> Result<(), DatabaseError> {
    database.execute("DELETE FROM browsers WHERE expires_at <= $1", &[now.into()]).await?;
    Ok(())
}
