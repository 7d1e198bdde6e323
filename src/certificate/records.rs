//! The rows of the register and of what was seen.

use std::net::IpAddr;

use crate::certificate::entry::{IssuedHere, RegisterEntry};
use crate::certificate::sighting::{Sighting, SightingQuery};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::principal::user::{GroupName, UserId};
use crate::store::database::{Database, DatabaseError, DatabaseTransaction, Row, Value};

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
        "group" => match row.optional_text("holder_group")? {
            Some(group) => Holder::Group(GroupName::parse(&group).map_err(|_| wrong("holder_group"))?),
            // Its group was removed.
            None => Holder::Nobody,
        },
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
        revoked_at: row.optional_integer("revoked_at")?.map(Timestamp::from_millis),
        issued: issued(row)?,
        renews: row.optional_text("renews")?.as_deref().and_then(Fingerprint::parse),
    })
}

fn issued(row: &Row) -> Result<Option<IssuedHere>, DatabaseError> {
    let Some(authority) = row.optional_text("authority")? else { return Ok(None) };
    let (serial, not_before, not_after) = (row.text("serial")?, row.time("not_before")?, row.time("not_after")?);
    Ok(Some(IssuedHere { authority, serial, not_before, not_after }))
}

fn fingerprint(row: &Row) -> Result<Fingerprint, DatabaseError> {
    Fingerprint::parse(&row.text("fingerprint")?).ok_or(DatabaseError::Column("fingerprint"))
}

/// What is written with a certificate that is issued here.
#[derive(Clone, Copy, Debug)]
pub(super) struct IssueRow<'a> {
    /// What the request for it calls itself: there is one certificate for each.
    pub(super) request: Option<&'a str>,
    /// What is handed out.
    pub(super) container: &'a [u8],
}

pub(super) async fn add(database: &Database, entry: &RegisterEntry, issue: Option<IssueRow<'_>>) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    insert(&mut transaction, entry, issue.and_then(|issue| issue.request)).await?;
    if let Some(issue) = issue {
        let sql = "INSERT INTO certificate_containers (fingerprint, container) VALUES ($1, $2)";
        transaction.execute(sql, &[entry.fingerprint.text().into(), issue.container.into()]).await?;
    }
    transaction.commit().await
}

/// All of them, or none.
pub(super) async fn add_many(database: &Database, entries: &[&RegisterEntry]) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    for entry in entries {
        insert(&mut transaction, entry, None).await?;
    }
    transaction.commit().await
}

async fn insert(
    transaction: &mut DatabaseTransaction,
    entry: &RegisterEntry,
    request: Option<&str>,
) -> Result<(), DatabaseError> {
    let (kind, user, machine, group) = match &entry.holder {
        Holder::User(user) => ("user", Some(user.as_str()), None, None),
        Holder::Shared => ("shared", None, None, None),
        Holder::Group(group) => ("group", None, None, Some(group.as_str())),
        Holder::Machine(name) => ("machine", None, Some(&**name), None),
        Holder::Nobody => ("user", None, None, None),
    };
    let issued = entry.issued.as_ref();
    let sql = "INSERT INTO certificates (fingerprint, holder_kind, holder_user, holder_machine, label, enabled, valid_from, \
               valid_until, added_at, holder_group, authority, serial, not_before, not_after, request, renews) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let row: [Value; 16] = [
        entry.fingerprint.text().into(),
        kind.into(),
        user.into(),
        machine.into(),
        entry.label.clone().into(),
        entry.enabled.into(),
        entry.valid_from.map(Timestamp::millis).into(),
        entry.valid_until.map(Timestamp::millis).into(),
        entry.added_at.into(),
        group.into(),
        issued.map(|issued| issued.authority.as_str()).into(),
        issued.map(|issued| issued.serial.as_str()).into(),
        issued.map(|issued| issued.not_before).into(),
        issued.map(|issued| issued.not_after).into(),
        request.into(),
        entry.renews.map(|renews| renews.text()).into(),
    ];
    transaction.execute(sql, &row).await.map(drop)
}

/// The certificate that was issued for a request.
pub(super) async fn of_request(database: &Database, request: &str) -> Result<Option<Fingerprint>, DatabaseError> {
    let row = database.row("SELECT fingerprint FROM certificates WHERE request = $1", &[request.into()]).await?;
    row.as_ref().map(fingerprint).transpose()
}

/// What was handed out of a certificate.
pub(super) async fn container(database: &Database, which: Fingerprint) -> Result<Option<Vec<u8>>, DatabaseError> {
    let sql = "SELECT container FROM certificate_containers WHERE fingerprint = $1";
    database.row(sql, &[which.text().into()]).await?.map(|row| row.bytes("container")).transpose()
}

/// The first byte of what was handed out of a certificate: it says what kind of thing that is.
pub(super) async fn container_head(database: &Database, which: Fingerprint) -> Result<Option<Vec<u8>>, DatabaseError> {
    let sql = "SELECT substr(container, 1, 1) AS head FROM certificate_containers WHERE fingerprint = $1";
    database.row(sql, &[which.text().into()]).await?.map(|row| row.bytes("head")).transpose()
}

/// All of them, or none.
pub(super) async fn revoke(database: &Database, which: &[Fingerprint], at: Timestamp) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    for one in which {
        let sql = "UPDATE certificates SET revoked_at = $2 WHERE fingerprint = $1 AND revoked_at IS NULL";
        transaction.execute(sql, &[one.text().into(), at.into()]).await?;
    }
    transaction.commit().await
}

pub(super) async fn revoke_all_of(database: &Database, authority: &str, at: Timestamp) -> Result<(), DatabaseError> {
    let sql = "UPDATE certificates SET revoked_at = $2 WHERE authority = $1 AND revoked_at IS NULL";
    database.execute(sql, &[authority.into(), at.into()]).await.map(drop)
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

/// A page of sightings. One statement for what is looked for, so that each begins at its place in an index: what is optional in
/// one statement would be compared row by row.
macro_rules! page_of_sightings {
    ($wanted:literal) => {
        concat!(
            "SELECT * FROM certificate_sightings WHERE ",
            $wanted,
            "last_seen <= $1 AND (last_seen < $1 OR fingerprint > $2 OR (fingerprint = $2 AND user_name > $3)) ",
            "ORDER BY last_seen DESC, fingerprint, user_name LIMIT $4"
        )
    };
}

/// The statement that pages of sightings are read with.
const fn page_of_sightings(of_user: bool, of_certificate: bool) -> &'static str {
    match (of_user, of_certificate) {
        (false, false) => page_of_sightings!(""),
        (true, false) => page_of_sightings!("user_name = $5 AND "),
        (false, true) => page_of_sightings!("fingerprint = $5 AND "),
        (true, true) => page_of_sightings!("user_name = $5 AND fingerprint = $6 AND "),
    }
}

pub(super) async fn sightings(database: &Database, query: &SightingQuery) -> Result<Vec<Sighting>, DatabaseError> {
    let (moment, which, user) = match &query.after {
        Some((moment, which, user)) => (moment.millis(), which.text(), user.clone()),
        None => (i64::MAX, String::new(), String::new()),
    };
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    let mut values: Vec<Value> = vec![moment.into(), which.into(), user.into(), limit.into()];
    values.extend(query.user.as_ref().map(|user| Value::from(user.as_str())));
    values.extend(query.fingerprint.map(|fingerprint| Value::from(fingerprint.text())));
    let sql = page_of_sightings(query.user.is_some(), query.fingerprint.is_some());
    let rows = database.rows(sql, &values).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// How SQLite answers a statement, step by step.
    async fn plan(database: &Database, sql: &'static str, values: &[Value]) -> String {
        let rows = database.rows(sql, values).await.unwrap();
        rows.iter().map(|row| row.text("detail").unwrap()).collect::<Vec<_>>().join("; ")
    }

    #[tokio::test]
    async fn a_page_of_sightings_begins_at_its_place_in_an_index_and_sorts_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("test.db")).await.unwrap();
        let of_page = |more: &[&str]| {
            let place = [Value::from(5_i64), Value::from("ab"), Value::from(""), Value::from(50_i64)];
            place.into_iter().chain(more.iter().map(|more| Value::from(*more))).collect::<Vec<_>>()
        };
        for (sql, plain, more, index) in [
            (concat!("EXPLAIN QUERY PLAN ", page_of_sightings!("")), page_of_sightings(false, false), &[][..], "by_time"),
            (
                concat!("EXPLAIN QUERY PLAN ", page_of_sightings!("user_name = $5 AND ")),
                page_of_sightings(true, false),
                &["alice"],
                "by_user",
            ),
            (
                concat!("EXPLAIN QUERY PLAN ", page_of_sightings!("fingerprint = $5 AND ")),
                page_of_sightings(false, true),
                &["ab"],
                "by_certificate",
            ),
        ] {
            assert!(sql.ends_with(plain));
            let plan = plan(&database, sql, &of_page(more)).await;
            assert!(
                plan.contains(&format!("USING INDEX certificate_sightings_{index}")) && plan.contains("last_seen<?"),
                "{plan}"
            );
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{plan}");
        }
    }
}
