//! Which reminders of the end of certificates were written. A claim is a row: of several processes one makes it.

use std::collections::HashSet;

use crate::clock::Timestamp;
use crate::principal::certificate::Fingerprint;
use crate::store::database::{Database, DatabaseError, DatabaseTransaction};

/// A reminder: of a certificate, of its end at this moment, so many days before.
pub type ReminderKey = (Fingerprint, Timestamp, u16);

/// Those that were written.
///
/// # Errors
/// [`DatabaseError`].
pub async fn written(database: &Database) -> Result<HashSet<ReminderKey>, DatabaseError> {
    let rows = database.rows("SELECT fingerprint, ends, days FROM certificate_reminders", &[]).await?;
    let read = |row: &crate::store::database::Row| {
        let fingerprint = Fingerprint::parse(&row.text("fingerprint")?).ok_or(DatabaseError::Column("fingerprint"))?;
        let days = u16::try_from(row.integer("days")?).map_err(|_| DatabaseError::Column("days"))?;
        Ok((fingerprint, row.time("ends")?, days))
    };
    rows.iter().map(read).collect()
}

/// Claims one, as a part of what writes it; whether it was free.
///
/// # Errors
/// [`DatabaseError`].
pub async fn claim(
    transaction: &mut DatabaseTransaction,
    (fingerprint, ends, days): ReminderKey,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let sql = "INSERT INTO certificate_reminders (fingerprint, ends, days, written_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (fingerprint, ends, days) DO NOTHING";
    let row = [fingerprint.text().into(), ends.into(), i64::from(days).into(), now.into()];
    Ok(transaction.execute(sql, &row).await? > 0)
}

/// Forgets those whose end is past.
///
/// # Errors
/// [`DatabaseError`].
pub async fn forget(database: &Database, now: Timestamp) -> Result<(), DatabaseError> {
    database.execute("DELETE FROM certificate_reminders WHERE ends < $1", &[now.into()]).await.map(drop)
}
