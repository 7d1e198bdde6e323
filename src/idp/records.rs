//! The rows of links and of sessions that providers opened.

use super::link::{IdpLink, IdpSession};
use crate::clock::Timestamp;
use crate::principal::method::CredentialId;
use crate::principal::user::{GroupName, UserId};
use crate::store::database::{Database, DatabaseError, Row, Value};

fn read_link(row: &Row) -> Result<IdpLink, DatabaseError> {
    Ok(IdpLink {
        id: CredentialId::parse(&row.text("id")?).ok_or(DatabaseError::Column("id"))?,
        issuer: row.text("issuer")?,
        subject: row.text("subject")?,
        user: UserId::parse(&row.text("user_name")?).map_err(|_| DatabaseError::Column("user_name"))?,
        provider: row.text("provider")?,
        mail: row.optional_text("email")?,
        groups: serde_json::from_str(&row.text("groups_given")?).map_err(|_| DatabaseError::Column("groups_given"))?,
        created_at: row.time("created_at")?,
        last_used: row.time("last_used")?,
    })
}

pub(super) async fn link(database: &Database, issuer: &str, subject: &str) -> Result<Option<IdpLink>, DatabaseError> {
    let sql = "SELECT * FROM idp_links WHERE issuer = $1 AND subject = $2";
    database.row(sql, &[issuer.into(), subject.into()]).await?.as_ref().map(read_link).transpose()
}

pub(super) async fn links_of(database: &Database, user: &UserId) -> Result<Vec<IdpLink>, DatabaseError> {
    let sql = "SELECT * FROM idp_links WHERE user_name = $1 ORDER BY created_at, id";
    database.rows(sql, &[user.as_str().into()]).await?.iter().map(read_link).collect()
}

/// Adds a link; that it was removed before counts no more.
pub(super) async fn add_link(database: &Database, link: &IdpLink) -> Result<(), DatabaseError> {
    let row: [Value; 9] = [
        link.id.text().into(),
        link.issuer.as_str().into(),
        link.subject.as_str().into(),
        link.user.as_str().into(),
        link.provider.as_str().into(),
        link.mail.clone().into(),
        written(&link.groups)?.into(),
        link.created_at.into(),
        link.last_used.into(),
    ];
    let sql = "INSERT INTO idp_links (id, issuer, subject, user_name, provider, email, groups_given, created_at, last_used) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    database.execute(sql, &row).await?;
    let person: [Value; 3] = [link.issuer.as_str().into(), link.subject.as_str().into(), link.user.as_str().into()];
    let sql = "DELETE FROM idp_removed_links WHERE issuer = $1 AND subject = $2 AND user_name = $3";
    database.execute(sql, &person).await.map(drop)
}

pub(super) async fn write_use(
    database: &Database,
    link: &IdpLink,
    provider: &str,
    mail: Option<&str>,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let row: [Value; 4] = [link.id.text().into(), provider.into(), mail.map(str::to_owned).into(), now.into()];
    database.execute("UPDATE idp_links SET provider = $2, email = $3, last_used = $4 WHERE id = $1", &row).await.map(drop)
}

pub(super) async fn write_groups(database: &Database, link: CredentialId, groups: &[GroupName]) -> Result<(), DatabaseError> {
    let row: [Value; 2] = [link.text().into(), written(groups)?.into()];
    database.execute("UPDATE idp_links SET groups_given = $2 WHERE id = $1", &row).await.map(drop)
}

/// Removes a link, and notes that it was.
pub(super) async fn remove_link(
    database: &Database,
    user: &UserId,
    id: CredentialId,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let noted: [Value; 3] = [user.as_str().into(), id.text().into(), now.into()];
    // First: of a note without a removal nothing comes while the link is there.
    let sql = "INSERT INTO idp_removed_links (issuer, subject, user_name, removed_at) \
               SELECT issuer, subject, user_name, $3 FROM idp_links WHERE user_name = $1 AND id = $2 \
               ON CONFLICT (issuer, subject, user_name) DO UPDATE SET removed_at = excluded.removed_at";
    database.execute(sql, &noted).await?;
    let which: [Value; 2] = [user.as_str().into(), id.text().into()];
    Ok(database.execute("DELETE FROM idp_links WHERE user_name = $1 AND id = $2", &which).await? > 0)
}

/// Whether the link of a person with this user was removed, and not made again.
pub(super) async fn was_removed(database: &Database, user: &UserId, issuer: &str, subject: &str) -> Result<bool, DatabaseError> {
    let which: [Value; 3] = [issuer.into(), subject.into(), user.as_str().into()];
    let sql = "SELECT removed_at FROM idp_removed_links WHERE issuer = $1 AND subject = $2 AND user_name = $3";
    Ok(database.row(sql, &which).await?.is_some())
}

fn written(groups: &[GroupName]) -> Result<String, DatabaseError> {
    serde_json::to_string(groups).map_err(|_| DatabaseError::Column("groups_given"))
}

fn read_session(row: &Row) -> Result<IdpSession, DatabaseError> {
    Ok(IdpSession {
        session: row.text("session_id")?,
        link: CredentialId::parse(&row.text("link_id")?).ok_or(DatabaseError::Column("link_id"))?,
        provider: row.text("provider")?,
        issuer: row.text("issuer")?,
        subject: row.text("subject")?,
        session_there: row.optional_text("sid")?,
        confirmed_at: row.time("confirmed_at")?,
    })
}

pub(super) async fn attach(
    database: &Database,
    session: &IdpSession,
    tokens: &[u8],
    has_refresh: bool,
) -> Result<(), DatabaseError> {
    let row: [Value; 9] = [
        session.session.as_str().into(),
        session.link.text().into(),
        session.provider.as_str().into(),
        session.issuer.as_str().into(),
        session.subject.as_str().into(),
        session.session_there.clone().into(),
        tokens.into(),
        has_refresh.into(),
        session.confirmed_at.into(),
    ];
    let sql = "INSERT INTO idp_sessions (session_id, link_id, provider, issuer, subject, sid, tokens, has_refresh, confirmed_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (session_id) DO UPDATE SET link_id = excluded.link_id, \
               provider = excluded.provider, issuer = excluded.issuer, subject = excluded.subject, sid = excluded.sid, \
               tokens = excluded.tokens, has_refresh = excluded.has_refresh, confirmed_at = excluded.confirmed_at";
    database.execute(sql, &row).await.map(drop)
}

pub(super) async fn session(database: &Database, session: &str) -> Result<Option<IdpSession>, DatabaseError> {
    let row = database.row("SELECT * FROM idp_sessions WHERE session_id = $1", &[session.into()]).await?;
    row.as_ref().map(read_session).transpose()
}

pub(super) async fn opened_by(
    database: &Database,
    issuer: &str,
    subject: Option<&str>,
    session_there: Option<&str>,
) -> Result<Vec<IdpSession>, DatabaseError> {
    // Without a session there, all of the person's; with one, that one's alone, and the person's must be the same if named.
    let sql = "SELECT * FROM idp_sessions WHERE issuer = $1 AND ($2 IS NULL OR subject = $2) AND ($3 IS NULL OR sid = $3)";
    if subject.is_none() && session_there.is_none() {
        return Ok(Vec::new());
    }
    let which: [Value; 3] = [issuer.into(), subject.map(str::to_owned).into(), session_there.map(str::to_owned).into()];
    database.rows(sql, &which).await?.iter().map(read_session).collect()
}

pub(super) async fn forget(database: &Database, session: &str) -> Result<(), DatabaseError> {
    database.execute("DELETE FROM idp_sessions WHERE session_id = $1", &[session.into()]).await.map(drop)
}

pub(super) async fn due(
    database: &Database,
    provider: &str,
    before: Timestamp,
    at_most: i64,
) -> Result<Vec<IdpSession>, DatabaseError> {
    let sql = "SELECT * FROM idp_sessions WHERE provider = $1 AND has_refresh = $2 AND confirmed_at <= $3 \
               ORDER BY confirmed_at LIMIT $4";
    database.rows(sql, &[provider.into(), true.into(), before.into(), at_most.into()]).await?.iter().map(read_session).collect()
}

pub(super) async fn tokens(database: &Database, session: &str) -> Result<Option<Vec<u8>>, DatabaseError> {
    let row = database.row("SELECT tokens FROM idp_sessions WHERE session_id = $1", &[session.into()]).await?;
    row.map(|row| row.bytes("tokens")).transpose()
}

pub(super) async fn confirm(database: &Database, session: &str, tokens: &[u8], now: Timestamp) -> Result<(), DatabaseError> {
    let row: [Value; 3] = [session.into(), tokens.into(), now.into()];
    database.execute("UPDATE idp_sessions SET tokens = $2, confirmed_at = $3 WHERE session_id = $1", &row).await.map(drop)
}
