//! The rows of the results of check 2.

use std::collections::BTreeSet;

use super::passed::PassedCertificate;
use super::result::{CertificateOutcome, CertificateResult, CertificateResultQuery};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError, Row};

/// Writes results, and keeps of each of their users the latest `of_user`.
pub(super) async fn write(database: &Database, results: &[CertificateResult], of_user: usize) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    for result in results {
        let fingerprint = result.fingerprint.map(|fingerprint| fingerprint.text());
        let outcome = result.outcome.word();
        let certificate = fingerprint.as_deref().unwrap_or("none");
        transaction
            .execute(
                "INSERT INTO certificate_results (id, user_name, fingerprint, subject, outcome, reason, app, address, search, first_at, \
                 last_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET \
                 app = excluded.app, address = excluded.address, last_at = excluded.last_at",
                &[
                    format!("{certificate}/{outcome}/{}/{}", result.reason, result.user).into(),
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
                ],
            )
            .await?;
    }
    let users: BTreeSet<&str> = results.iter().map(|result| result.user.as_str()).collect();
    for user in users {
        let sql = "DELETE FROM certificate_results WHERE user_name = $1 AND id NOT IN \
                   (SELECT id FROM certificate_results WHERE user_name = $1 ORDER BY last_at DESC, id DESC LIMIT $2)";
        transaction.execute(sql, &[user.into(), i64::try_from(of_user).unwrap_or(i64::MAX).into()]).await?;
    }
    transaction.commit().await
}

/// A page of results, the latest first, with their ids.
pub(super) async fn page(
    database: &Database,
    query: &CertificateResultQuery,
) -> Result<Vec<(CertificateResult, String)>, DatabaseError> {
    let sql = "SELECT * FROM certificate_results WHERE ($1 IS NULL OR user_name = $1) \
               AND ($2 IS NULL OR search LIKE $2 ESCAPE '!') \
               AND ($3 IS NULL OR outcome = $3) AND ($4 IS NULL OR reason = $4) AND ($5 IS NULL OR fingerprint = $5) \
               AND ($6 IS NULL OR app = $6) AND ($7 IS NULL OR last_at >= $7) AND ($8 IS NULL OR last_at < $8) \
               AND ($9 IS NULL OR last_at < $9 OR (last_at = $9 AND id < $10)) ORDER BY last_at DESC, id DESC LIMIT $11";
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

/// Every certificate that passed for somebody, with the end that it says itself.
pub(super) async fn passed(database: &Database) -> Result<Vec<PassedCertificate>, DatabaseError> {
    let sql = "SELECT user_name, fingerprint, app, last_at, (SELECT MAX(not_after) FROM certificate_sightings \
               WHERE certificate_sightings.fingerprint = certificate_results.fingerprint) AS not_after \
               FROM certificate_results WHERE outcome = $1 AND fingerprint <> ''";
    let rows = database.rows(sql, &[CertificateOutcome::Passed.word().into()]).await?;
    let read = |row: &Row| {
        let fingerprint = Fingerprint::parse(&row.text("fingerprint")?).ok_or(DatabaseError::Column("fingerprint"))?;
        Ok(PassedCertificate {
            user: UserId::parse(&row.text("user_name")?).map_err(|_| DatabaseError::Column("user_name"))?,
            fingerprint,
            app: row.text("app")?.into(),
            last_at: row.time("last_at")?,
            not_after: row.optional_integer("not_after")?.map(Timestamp::from_millis),
        })
    };
    rows.iter().map(read).collect()
}

fn result(row: &Row) -> Result<CertificateResult, DatabaseError> {
    let fingerprint = row.text("fingerprint")?;
    let fingerprint = match fingerprint.as_str() {
        "" => None,
        text => Some(Fingerprint::parse(text).ok_or(DatabaseError::Column("fingerprint"))?),
    };
    Ok(CertificateResult {
        user: UserId::parse(&row.text("user_name")?).map_err(|_| DatabaseError::Column("user_name"))?,
        fingerprint,
        subject: row.text("subject")?,
        outcome: row.text("outcome")?.parse().map_err(|_| DatabaseError::Column("outcome"))?,
        reason: row.text("reason")?,
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
