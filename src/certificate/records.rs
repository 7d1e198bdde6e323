//! The rows of the register and of what was seen.

use std::net::IpAddr;

use crate::certificate::entry::RegisterEntry;
use crate::certificate::sighting::Sighting;
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Row, Value};

pub(super) async fn all(database: &Database) -> Result<Vec<RegisterEntry>, DatabaseError> {
    database.rows("SELECT * FROM certificates", &[]).await?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<RegisterEntry, DatabaseError> {
    let wrong = DatabaseError::Column;
    let holder = match row.text("holder_kind")?.as_str() {
        "user" => match row.optional_text("holder_user")? {
            Some(user) => Holder::User(UserId::parse(&user).map_err(|_| wrong("holder_user"))?),
            // Its holder was removed.
            None => Holder::Nobody,
        },
        "shared" => Holder::Shared,
        "machine" => Holder::Machine(row.text("holder_machine")?.into()),
        _ => return Err(wrong("holder_kind")),
    };
    Ok(RegisterEntry {
        fingerprint: fingerprint(row)?,
        holder,
        label: row.optional_text("label")?,
        enabled: row.flag("enabled")?,
        valid_from: row.optional_integer("valid_from")?.map(Timestamp::from_millis),
        valid_until: row.optional_integer("valid_until")?.map(Timestamp::from_millis),
        added_at: row.time("added_at")?,
    })
}

fn fingerprint(row: &Row) -> Result<Fingerprint, DatabaseError> {
    Fingerprint::parse(&row.text("fingerprint")?).ok_or(DatabaseError::Column("fingerprint"))
}

pub(super) async fn add(database: &Database, entry: &RegisterEntry) -> Result<(), DatabaseError> {
    let (kind, user, machine) = match &entry.holder {
        Holder::User(user) => ("user", Some(user.as_str()), None),
        Holder::Shared => ("shared", None, None),
        Holder::Machine(name) => ("machine", None, Some(&**name)),
        Holder::Nobody => ("user", None, None),
    };
    database
        .execute(
            "INSERT INTO certificates (fingerprint, holder_kind, holder_user, holder_machine, label, enabled, valid_from, \
             valid_until, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                entry.fingerprint.text().into(),
                kind.into(),
                user.into(),
                machine.into(),
                entry.label.clone().into(),
                entry.enabled.into(),
                entry.valid_from.map(Timestamp::millis).into(),
                entry.valid_until.map(Timestamp::millis).into(),
                entry.added_at.into(),
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn set_enabled(database: &Database, which: Fingerprint, enabled: bool) -> Result<(), DatabaseError> {
    let row: [Value; 2] = [which.text().into(), enabled.into()];
    database.execute("UPDATE certificates SET enabled = $2 WHERE fingerprint = $1", &row).await?;
    Ok(())
}

pub(super) async fn set_dates(
    database: &Database,
    which: Fingerprint,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
) -> Result<(), DatabaseError> {
    let row: [Value; 3] = [which.text().into(), from.map(Timestamp::millis).into(), until.map(Timestamp::millis).into()];
    database.execute("UPDATE certificates SET valid_from = $2, valid_until = $3 WHERE fingerprint = $1", &row).await?;
    Ok(())
}

pub(super) async fn remove(database: &Database, which: Fingerprint) -> Result<(), DatabaseError> {
    database.execute("DELETE FROM certificates WHERE fingerprint = $1", &[which.text().into()]).await?;
    Ok(())
}

/// Writes what was seen; of a certificate that nobody knows, the network that it came from.
pub(super) async fn see(database: &Database, seen: &[(Sighting, Option<IpAddr>)]) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    for (sighting, stranger_from) in seen {
        transaction
            .execute(
                "INSERT INTO certificate_sightings (fingerprint, user_name, subject, issuer, serial, not_after, address, \
                 first_seen, last_seen, stranger_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) \
                 ON CONFLICT (fingerprint, user_name) DO UPDATE SET address = excluded.address, \
                 last_seen = excluded.last_seen, stranger_from = excluded.stranger_from",
                &[
                    sighting.fingerprint.text().into(),
                    sighting.user.as_ref().map_or("", UserId::as_str).into(),
                    sighting.subject.clone().into(),
                    sighting.issuer.clone().into(),
                    sighting.serial.clone().into(),
                    sighting.not_after.into(),
                    sighting.address.to_string().into(),
                    sighting.last_seen.into(),
                    stranger_from.map(|network| network.to_string()).unwrap_or_default().into(),
                ],
            )
            .await?;
    }
    transaction.commit().await
}

pub(super) async fn sightings(database: &Database, user: Option<&UserId>) -> Result<Vec<Sighting>, DatabaseError> {
    let sql = "SELECT * FROM certificate_sightings WHERE ($1 IS NULL OR user_name = $1) ORDER BY last_seen DESC LIMIT 1000";
    let rows = database.rows(sql, &[user.map(UserId::as_str).into()]).await?;
    rows.iter()
        .map(|row| {
            let user = row.text("user_name")?;
            let user = if user.is_empty() { None } else { Some(UserId::parse(&user)) };
            Ok(Sighting {
                fingerprint: fingerprint(row)?,
                user: user.transpose().map_err(|_| DatabaseError::Column("user_name"))?,
                subject: row.text("subject")?,
                issuer: row.text("issuer")?,
                serial: row.text("serial")?,
                not_after: row.time("not_after")?,
                address: ClientAddress::new(row.text("address")?.parse().map_err(|_| DatabaseError::Column("address"))?),
                first_seen: row.time("first_seen")?,
                last_seen: row.time("last_seen")?,
            })
        })
        .collect()
}

/// Keeps the latest of what strangers showed: so many of one network, and so many in all.
pub(super) async fn thin_strangers(database: &Database, of_network: usize, in_all: usize) -> Result<(), DatabaseError> {
    let sql = "DELETE FROM certificate_sightings WHERE stranger_from <> '' AND fingerprint NOT IN (SELECT fingerprint FROM \
               (SELECT fingerprint, ROW_NUMBER() OVER (PARTITION BY stranger_from ORDER BY last_seen DESC) AS of_network, \
               ROW_NUMBER() OVER (ORDER BY last_seen DESC) AS in_all FROM certificate_sightings WHERE stranger_from <> '') \
               AS ranked WHERE of_network <= $1 AND in_all <= $2)";
    let most = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    database.execute(sql, &[most(of_network), most(in_all)]).await?;
    Ok(())
}

pub(super) async fn forget_sightings(database: &Database, before: Timestamp, strangers: Timestamp) -> Result<(), DatabaseError> {
    let sql = "DELETE FROM certificate_sightings WHERE last_seen < $1 OR (stranger_from <> '' AND last_seen < $2) \
               OR (user_name <> '' AND user_name NOT IN (SELECT name FROM users))";
    database.execute(sql, &[before.into(), strangers.into()]).await?;
    Ok(())
}
