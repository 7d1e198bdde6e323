//! The rows of devices.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64};

use super::{Device, DeviceId, DeviceKey};
use crate::clock::Timestamp;
use crate::store::database::{Database, DatabaseError, Row, Value};

/// All of them. A row that cannot be read is not a device (T9): what is bound to it opens nothing.
pub(super) async fn all(database: &Database) -> Result<Vec<Device>, DatabaseError> {
    let rows = database.rows("SELECT * FROM devices", &[]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        match device(row) {
            Ok(device) => found.push(device),
            Err(error) => tracing::warn!(%error, "a device could not be read and is left out"),
        }
    }
    Ok(found)
}

fn device(row: &Row) -> Result<Device, DatabaseError> {
    Ok(Device {
        id: DeviceId::parse(&row.text("id")?).ok_or(DatabaseError::Column("id"))?,
        scope: row.text("scope")?.into(),
        key: DeviceKey::read(&row.text("public_key")?).ok_or(DatabaseError::Column("public_key"))?,
        made: row.time("made_at")?,
        shown: AtomicBool::new(row.optional_integer("shown_at")?.is_some()),
        refreshed: AtomicI64::new(row.optional_integer("refreshed_at")?.unwrap_or_default()),
        changed: AtomicBool::new(false),
    })
}

pub(super) async fn add(database: &Database, device: &Device) -> Result<(), DatabaseError> {
    let key = serde_json::to_string(&device.key).map_err(|_| DatabaseError::Column("public_key"))?;
    let row: [Value; 4] = [device.id.text().into(), (*device.scope).into(), key.into(), device.made.into()];
    database.execute("INSERT INTO devices (id, scope, public_key, made_at) VALUES ($1, $2, $3, $4)", &row).await?;
    Ok(())
}

/// Writes down which of these were shown, and when they last proved their keys.
pub(super) async fn write(database: &Database, devices: &[Arc<Device>], now: Timestamp) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    for device in devices {
        let shown = device.binds().then_some(now);
        let row: [Value; 3] = [device.id.text().into(), shown.into(), device.refreshed().into()];
        let sql = "UPDATE devices SET shown_at = COALESCE(shown_at, $2), refreshed_at = $3 WHERE id = $1";
        transaction.execute(sql, &row).await?;
    }
    transaction.commit().await
}

/// Removes those made before a moment that nothing is bound to; the ids of the rest.
pub(super) async fn forget(database: &Database, before: Timestamp) -> Result<HashSet<DeviceId>, DatabaseError> {
    let sql = "DELETE FROM devices WHERE made_at < $1 \
               AND id NOT IN (SELECT device FROM session_tokens WHERE device IS NOT NULL) \
               AND id NOT IN (SELECT device FROM browsers WHERE device IS NOT NULL)";
    database.execute(sql, &[before.into()]).await?;
    let rows = database.rows("SELECT id FROM devices", &[]).await?;
    rows.iter().map(|row| DeviceId::parse(&row.text("id")?).ok_or(DatabaseError::Column("id"))).collect()
}
