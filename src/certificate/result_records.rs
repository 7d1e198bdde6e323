//! The rows of the results of check 2.

use std::collections::{BTreeSet, HashSet};

use super::passed::{Backing, PassedCertificate};
use super::result::{CertificateOutcome, CertificateResult, CertificateResultQuery};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Row};

/// Forgets of one user's results with this outcome all but the latest.
macro_rules! beyond_the_latest {
    ($outcome:literal) => {
        concat!(
            "DELETE FROM certificate_results WHERE user_name = $1 AND ",
            $outcome,
            " AND id NOT IN (SELECT id FROM certificate_results WHERE user_name = $1 AND ",
            $outcome,
            " ORDER BY last_at DESC, id DESC LIMIT $2)"
        )
    };
}

/// Writes results, and keeps of each of their users the latest `of_user` that passed, and as many others.
pub(super) async fn write(database: &Database, results: &[CertificateResult], of_user: usize) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    for result in results {
        let fingerprint = result.fingerprint.map(|fingerprint| fingerprint.text());
        let outcome = result.outcome.word();
        let certificate = fingerprint.as_deref().unwrap_or("none");
        let trusted_by = serde_json::to_string(&result.backing.trusted_by);
        let trusted_by = trusted_by.map_err(|_| DatabaseError::Column("trusted_by"))?;
        transaction
            .execute(
                "INSERT INTO certificate_results (id, user_name, fingerprint, subject, outcome, reason, app, address, search, first_at, \
                 last_at, trusted_by, not_after, registered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
                 ON CONFLICT (id) DO UPDATE SET address = excluded.address, last_at = excluded.last_at, \
                 trusted_by = excluded.trusted_by, not_after = excluded.not_after, registered = excluded.registered",
                &[
                    format!("{certificate}/{outcome}/{}/{}/{}", result.reason, result.app, result.user).into(),
                    result.user.as_str().into(),
                    fingerprint.as_deref().unwrap_or_default().into(),
                    result.subject.as_str().into(),
                    outcome.into(),
                    result.reason.as_str().into(),
                    (&*result.app).into(),
                    result.address.to_string().into(),
                    format!("{} {}", result.user, result.subject).to_lowercase().into(),
                    result.first_at.into(),
                    result.last_at.into(),
                    trusted_by.into(),
                    result.backing.not_after.map(Timestamp::millis).into(),
                    result.backing.is_registered.into(),
                ],
            )
            .await?;
    }
    let users: BTreeSet<&str> = results.iter().map(|result| result.user.as_str()).collect();
    for user in users {
        for sql in [beyond_the_latest!("outcome = $3"), beyond_the_latest!("outcome <> $3")] {
            let of_user = i64::try_from(of_user).unwrap_or(i64::MAX);
            let passed = CertificateOutcome::Passed.word();
            transaction.execute(sql, &[user.into(), of_user.into(), passed.into()]).await?;
        }
    }
    transaction.commit().await
}

/// The statement of a page. Of one user it begins at that user's latest in an index, whatever there is of others: the page of the
/// introduction asks so for each of its lines.
macro_rules! page_of_results {
    ($user:literal) => {
        concat!(
            "SELECT * FROM certificate_results WHERE ",
            $user,
            " AND ($2 IS NULL OR search LIKE $2 ESCAPE '!') \
             AND ($3 IS NULL OR outcome = $3) AND ($4 IS NULL OR reason = $4) AND ($5 IS NULL OR fingerprint = $5) \
             AND ($6 IS NULL OR app = $6) AND ($7 IS NULL OR last_at >= $7) AND ($8 IS NULL OR last_at < $8) \
             AND ($9 IS NULL OR last_at < $9 OR (last_at = $9 AND id < $10)) ORDER BY last_at DESC, id DESC LIMIT $11"
        )
    };
}

/// What passed, of everybody or of a user.
macro_rules! passed_of {
    ($user:literal) => {
        concat!(
            "SELECT user_name, fingerprint, last_at, trusted_by, not_after, registered FROM certificate_results \
             WHERE outcome = $1 AND fingerprint <> ''",
            $user
        )
    };
}

/// Certificates that others issued and that have ended by what they say themselves, as far as they were shown.
macro_rules! ended {
    ($certificate:literal) => {
        concat!(
            "SELECT certificates.fingerprint AS fingerprint FROM certificates \
             JOIN certificate_sightings ON certificate_sightings.fingerprint = certificates.fingerprint \
             WHERE certificates.authority IS NULL",
            $certificate,
            " GROUP BY certificates.fingerprint HAVING MAX(certificate_sightings.not_after) < $1"
        )
    };
}

/// A page of results, the latest first, with their ids.
pub(super) async fn page(
    database: &Database,
    query: &CertificateResultQuery,
) -> Result<Vec<(CertificateResult, String)>, DatabaseError> {
    let sql = if query.user.is_some() { page_of_results!("user_name = $1") } else { page_of_results!("$1 IS NULL") };
    let like = query.text.as_ref().map(|text| {
        let text = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        format!("%{text}%")
    });
    let (moment, id) = query.after.clone().map_or((None, None), |(moment, id)| (Some(moment.millis()), Some(id)));
    let rows = database
        .rows(
            sql,
            &[
                query.user.as_ref().map(UserId::as_str).into(),
                like.into(),
                query.outcome.map(CertificateOutcome::word).into(),
                query.reason.into(),
                query.fingerprint.map(|fingerprint| fingerprint.text()).into(),
                query.app.as_deref().into(),
                query.since.map(Timestamp::millis).into(),
                query.until.map(Timestamp::millis).into(),
                moment.into(),
                id.into(),
                i64::try_from(query.limit).unwrap_or(i64::MAX).into(),
            ],
        )
        .await?;
    rows.iter().map(|row| Ok((result(row)?, row.text("id")?))).collect()
}

/// Every certificate that passed for somebody, or for this user: at each app by itself.
pub(super) async fn passed(database: &Database, user: Option<&UserId>) -> Result<Vec<PassedCertificate>, DatabaseError> {
    let passed = CertificateOutcome::Passed.word();
    let rows = match user {
        None => database.rows(passed_of!(""), &[passed.into()]).await?,
        Some(user) => database.rows(passed_of!(" AND user_name = $2"), &[passed.into(), user.as_str().into()]).await?,
    };
    let read = |row: &Row| {
        Ok(PassedCertificate {
            user: UserId::parse(&row.text("user_name")?).map_err(|_| DatabaseError::Column("user_name"))?,
            fingerprint: fingerprint(row)?,
            last_at: row.time("last_at")?,
            backing: backing(row)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Which certificates of the register have ended at this moment by what they say themselves, of those that were not issued here and
/// were shown; or whether this one has.
pub(super) async fn ended(
    database: &Database,
    now: Timestamp,
    certificate: Option<Fingerprint>,
) -> Result<HashSet<Fingerprint>, DatabaseError> {
    let rows = match certificate {
        None => database.rows(ended!(""), &[now.into()]).await?,
        Some(one) => database.rows(ended!(" AND certificates.fingerprint = $2"), &[now.into(), one.text().into()]).await?,
    };
    rows.iter().map(fingerprint).collect()
}

fn fingerprint(row: &Row) -> Result<Fingerprint, DatabaseError> {
    Fingerprint::parse(&row.text("fingerprint")?).ok_or(DatabaseError::Column("fingerprint"))
}

fn backing(row: &Row) -> Result<Backing, DatabaseError> {
    let trusted_by = match row.text("trusted_by")?.as_str() {
        "" => Vec::new(),
        text => serde_json::from_str(text).map_err(|_| DatabaseError::Column("trusted_by"))?,
    };
    let not_after = row.optional_integer("not_after")?.map(Timestamp::from_millis);
    Ok(Backing { trusted_by, not_after, is_registered: row.flag("registered")? })
}

fn result(row: &Row) -> Result<CertificateResult, DatabaseError> {
    let was_presented = !row.text("fingerprint")?.is_empty();
    Ok(CertificateResult {
        user: UserId::parse(&row.text("user_name")?).map_err(|_| DatabaseError::Column("user_name"))?,
        fingerprint: was_presented.then(|| fingerprint(row)).transpose()?,
        subject: row.text("subject")?,
        outcome: row.text("outcome")?.parse().map_err(|_| DatabaseError::Column("outcome"))?,
        reason: row.text("reason")?,
        backing: backing(row)?,
        app: row.text("app")?.into(),
        address: ClientAddress::new(row.text("address")?.parse().map_err(|_| DatabaseError::Column("address"))?),
        first_at: row.time("first_at")?,
        last_at: row.time("last_at")?,
    })
}

pub(super) async fn forget(database: &Database, before: Timestamp) -> Result<(), DatabaseError> {
    let sql = "DELETE FROM certificate_results WHERE last_at < $1 OR user_name NOT IN (SELECT name FROM users)";
    database.execute(sql, &[before.into()]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::database::Value;

    #[tokio::test]
    async fn the_results_of_one_user_are_found_by_the_user_and_not_among_all() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("test.db")).await.unwrap();
        let plan = async |sql: &'static str, user: Value| {
            let nothing = std::iter::repeat_with(|| Value::from(None::<i64>)).take(9);
            let values: Vec<Value> = std::iter::once(user).chain(nothing).chain([Value::from(1_i64)]).collect();
            let rows = database.rows(sql, &values).await.unwrap();
            rows.iter().map(|row| row.text("detail").unwrap()).collect::<Vec<_>>().join("; ")
        };
        let of_one = plan(concat!("EXPLAIN QUERY PLAN ", page_of_results!("user_name = $1")), Value::from("alice")).await;
        assert!(of_one.contains("SEARCH certificate_results USING INDEX certificate_results_by_user (user_name=?)"), "{of_one}");
        let of_all = plan(concat!("EXPLAIN QUERY PLAN ", page_of_results!("$1 IS NULL")), Value::from(None::<i64>)).await;
        assert!(of_all.contains("USING INDEX certificate_results_by_time") && !of_all.contains("TEMP B-TREE"), "{of_all}");
    }
}
