//! The rows of sessions and of their cookies.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use super::{PORTAL, ScopeCookie, Session, SessionId};
use crate::account::user::User;
use crate::account::users::Users;
use crate::chain::evidence::{Evidence, EvidenceRecord, Gathered};
use crate::clock::Timestamp;
use crate::device::{Device, DeviceId, Devices};
use crate::principal::certificate::Fingerprint;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::seal::TokenHash;
use crate::store::database::{Database, DatabaseError, DatabaseTransaction, Row, Value};

/// A session as the directory kept it.
pub(super) struct StoredSession {
    pub(super) id: SessionId,
    pub(super) user: Arc<User>,
    pub(super) epoch: u32,
    pub(super) evidence: Gathered,
    pub(super) cookies: Vec<StoredCookie>,
    pub(super) browser: Option<CredentialId>,
    pub(super) created: Timestamp,
    pub(super) last_seen: Timestamp,
    pub(super) address: IpAddr,
    pub(super) agent: String,
}

/// A cookie as the directory kept it.
pub(super) struct StoredCookie {
    pub(super) token: TokenHash,
    pub(super) scope: String,
    pub(super) certificate: Option<Fingerprint>,
    /// What was proved when it was given out, where that is not what its session has proved now.
    pub(super) evidence: Option<Gathered>,
    pub(super) device: Option<Arc<Device>>,
}

/// Reads every session, some at a time. A row that cannot be read is not a session (T9): it is left out and logged.
pub(super) async fn load(
    database: &Database,
    users: &Users,
    devices: &Devices,
    mut each: impl FnMut(StoredSession),
) -> Result<(), DatabaseError> {
    let mut after = String::new();
    loop {
        let sql = "SELECT * FROM sessions WHERE id > $1 ORDER BY id LIMIT 10000";
        let rows = database.rows(sql, &[after.as_str().into()]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        let last = last.text("id")?;
        let sql = "SELECT * FROM session_tokens WHERE session_id > $1 AND session_id <= $2";
        let mut cookies: HashMap<String, Vec<Row>> = HashMap::new();
        for row in database.rows(sql, &[after.as_str().into(), last.as_str().into()]).await? {
            cookies.entry(row.text("session_id")?).or_default().push(row);
        }
        for row in &rows {
            let id = row.text("id")?;
            match session(row, users, devices, &cookies.remove(&id).unwrap_or_default()) {
                Ok(found) => each(found),
                Err(error) => tracing::warn!(session = %id, %error, "a session could not be read and is left out"),
            }
        }
        after = last;
    }
}

/// The ids of all sessions that are there.
pub(super) async fn ids(database: &Database) -> Result<HashSet<SessionId>, DatabaseError> {
    let rows = database.rows("SELECT id FROM sessions", &[]).await?;
    rows.iter().map(|row| SessionId::parse(&row.text("id")?).ok_or(DatabaseError::Column("id"))).collect()
}

#[expect(clippy::disallowed_methods, reason = "a row that this module wrote")]
fn evidence(text: &str, user: &UserId) -> Result<Gathered, DatabaseError> {
    let pieces: Vec<EvidenceRecord> = serde_json::from_str(text).map_err(|_| DatabaseError::Column("evidence"))?;
    let mut evidence = Gathered::none();
    for piece in &pieces {
        evidence.put_back(user, Evidence::restore(piece));
    }
    Ok(evidence)
}

fn session(row: &Row, users: &Users, devices: &Devices, cookies: &[Row]) -> Result<StoredSession, DatabaseError> {
    let user = UserId::parse(&row.text("user_name")?).ok().and_then(|id| users.find(&id));
    let user = user.ok_or(DatabaseError::Column("user_name"))?;
    let proved = row.text("evidence")?;
    let evidence = evidence(&proved, user.id())?;
    let cookies = cookies.iter().map(|row| cookie(row, &proved, user.id(), devices)).collect::<Result<Vec<_>, _>>()?;
    // A cookie whose device is gone is none: without its device it would count alone.
    let cookies = cookies.into_iter().flatten().collect();
    let browser = match row.optional_text("browser_id")? {
        Some(id) => Some(CredentialId::parse(&id).ok_or(DatabaseError::Column("browser_id"))?),
        None => None,
    };
    Ok(StoredSession {
        id: SessionId::parse(&row.text("id")?).ok_or(DatabaseError::Column("id"))?,
        user,
        epoch: small(row, "epoch")?,
        evidence,
        cookies,
        browser,
        created: row.time("created_at")?,
        last_seen: row.time("last_seen")?,
        address: row.text("address")?.parse().map_err(|_| DatabaseError::Column("address"))?,
        agent: row.text("agent")?,
    })
}

fn cookie(row: &Row, proved: &str, user: &UserId, devices: &Devices) -> Result<Option<StoredCookie>, DatabaseError> {
    let device = match row.optional_text("device")? {
        Some(id) => match DeviceId::parse(&id).and_then(|id| devices.find(id)) {
            Some(device) => Some(device),
            None => return Ok(None),
        },
        None => None,
    };
    let certificate = match row.optional_bytes("certificate")? {
        Some(bytes) => Some(Fingerprint(bytes.try_into().map_err(|_| DatabaseError::Column("certificate"))?)),
        None => None,
    };
    Ok(Some(StoredCookie {
        token: TokenHash::from_bytes(&row.bytes("token_hash")?).ok_or(DatabaseError::Column("token_hash"))?,
        scope: row.text("scope")?,
        certificate,
        evidence: row.optional_text("evidence")?.filter(|text| text != proved).map(|text| evidence(&text, user)).transpose()?,
        device,
    }))
}

fn small(row: &Row, column: &'static str) -> Result<u32, DatabaseError> {
    u32::try_from(row.integer(column)?).map_err(|_| DatabaseError::Column(column))
}

pub(super) async fn add(database: &Database, session: &Session, portal: &ScopeCookie) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    transaction
        .execute(
            "INSERT INTO sessions (id, user_name, epoch, evidence, browser_id, address, agent, created_at, last_seen) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
            &[
                session.id.text().into(),
                session.user.id().as_str().into(),
                i64::from(session.epoch).into(),
                pieces(&session.evidence())?.into(),
                session.browser.map(|browser| browser.text()).into(),
                session.address.to_string().into(),
                (**session.agent).into(),
                session.created.into(),
            ],
        )
        .await?;
    insert_cookie(&mut transaction, session.id, portal).await?;
    transaction.commit().await
}

pub(super) async fn add_cookie(
    database: &Database,
    session: &Session,
    cookie: &ScopeCookie,
    instead_of: Option<&TokenHash>,
) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    if let Some(old) = instead_of {
        let old: [Value; 1] = [old.as_bytes().as_slice().into()];
        transaction.execute("DELETE FROM session_tokens WHERE token_hash = $1", &old).await?;
    }
    insert_cookie(&mut transaction, session.id, cookie).await?;
    transaction.commit().await
}

pub(super) async fn strengthen(
    database: &Database,
    session: &Session,
    evidence: &Gathered,
    portal: &ScopeCookie,
) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    // Cookies from before this was kept of each stand for what the session had proved until now.
    let before: [Value; 2] = [session.id.text().into(), pieces(&session.evidence())?.into()];
    let sql = "UPDATE session_tokens SET evidence = $2 WHERE session_id = $1 AND evidence IS NULL";
    transaction.execute(sql, &before).await?;
    let row: [Value; 2] = [session.id.text().into(), pieces(evidence)?.into()];
    transaction.execute("UPDATE sessions SET evidence = $2 WHERE id = $1", &row).await?;
    let older: [Value; 2] = [session.id.text().into(), PORTAL.into()];
    transaction.execute("DELETE FROM session_tokens WHERE session_id = $1 AND scope = $2", &older).await?;
    insert_cookie(&mut transaction, session.id, portal).await?;
    transaction.commit().await
}

/// What a session proved stands for another credential by now, and with it the cookies that were given out for just that.
pub(super) async fn follow(database: &Database, session: &Session, evidence: &Gathered) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    let after = pieces(evidence)?;
    let cookies: [Value; 3] = [session.id.text().into(), pieces(&session.evidence())?.into(), after.as_str().into()];
    let sql = "UPDATE session_tokens SET evidence = $3 WHERE session_id = $1 AND evidence = $2";
    transaction.execute(sql, &cookies).await?;
    let row: [Value; 2] = [session.id.text().into(), after.into()];
    transaction.execute("UPDATE sessions SET evidence = $2 WHERE id = $1", &row).await?;
    transaction.commit().await
}

async fn insert_cookie(
    transaction: &mut DatabaseTransaction,
    session: SessionId,
    cookie: &ScopeCookie,
) -> Result<(), DatabaseError> {
    transaction
        .execute(
            "INSERT INTO session_tokens (token_hash, session_id, scope, certificate, evidence, device) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                cookie.token.as_bytes().as_slice().into(),
                session.text().into(),
                (**cookie.scope).into(),
                cookie.certificate.as_deref().map(|certificate| certificate.0.as_slice()).into(),
                pieces(&cookie.evidence)?.into(),
                cookie.device.as_ref().map(|device| device.id().text()).into(),
            ],
        )
        .await?;
    Ok(())
}

/// Binds a cookie to a certificate; `false` if it is bound already, or gone.
pub(super) async fn bind_certificate(
    database: &Database,
    token: &TokenHash,
    certificate: Fingerprint,
) -> Result<bool, DatabaseError> {
    let row: [Value; 2] = [token.as_bytes().as_slice().into(), certificate.0.as_slice().into()];
    let sql = "UPDATE session_tokens SET certificate = $2 WHERE token_hash = $1 AND certificate IS NULL";
    Ok(database.execute(sql, &row).await? > 0)
}

/// Binds a cookie to a device.
pub(super) async fn bind(database: &Database, token: &TokenHash, device: DeviceId) -> Result<bool, DatabaseError> {
    let row: [Value; 2] = [token.as_bytes().as_slice().into(), device.text().into()];
    Ok(database.execute("UPDATE session_tokens SET device = $2 WHERE token_hash = $1", &row).await? > 0)
}

pub(super) async fn remove(database: &Database, session: SessionId) -> Result<bool, DatabaseError> {
    Ok(database.execute("DELETE FROM sessions WHERE id = $1", &[session.text().into()]).await? > 0)
}

pub(super) async fn remove_all(database: &Database, sessions: impl Iterator<Item = SessionId>) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    for session in sessions {
        transaction.execute("DELETE FROM sessions WHERE id = $1", &[session.text().into()]).await?;
    }
    transaction.commit().await
}

pub(super) async fn remove_user(database: &Database, user: &UserId, except: Option<SessionId>) -> Result<(), DatabaseError> {
    let which: [Value; 2] = [user.as_str().into(), except.map_or_else(String::new, |id| id.text()).into()];
    database.execute("DELETE FROM sessions WHERE user_name = $1 AND id <> $2", &which).await?;
    Ok(())
}

pub(super) async fn remove_cookie(database: &Database, token: &TokenHash) -> Result<(), DatabaseError> {
    let which: [Value; 1] = [token.as_bytes().as_slice().into()];
    database.execute("DELETE FROM session_tokens WHERE token_hash = $1", &which).await.map(drop)
}

pub(super) async fn remove_cookies(database: &Database, session: SessionId, scope: &str) -> Result<(), DatabaseError> {
    let which: [Value; 2] = [session.text().into(), scope.into()];
    database.execute("DELETE FROM session_tokens WHERE session_id = $1 AND scope = $2", &which).await?;
    Ok(())
}

pub(super) async fn write_last_seen(database: &Database, moments: &[(SessionId, Timestamp)]) -> Result<(), DatabaseError> {
    let mut transaction = database.begin().await?;
    for (session, moment) in moments {
        let row: [Value; 2] = [session.text().into(), (*moment).into()];
        transaction.execute("UPDATE sessions SET last_seen = $2 WHERE id = $1", &row).await?;
    }
    transaction.commit().await
}

fn pieces(evidence: &Gathered) -> Result<String, DatabaseError> {
    let pieces: Vec<EvidenceRecord> = evidence.iter().map(Evidence::record).collect();
    serde_json::to_string(&pieces).map_err(|_| DatabaseError::Column("evidence"))
}

/// Evidence for tests of modules that cannot have a verifier's proof.
#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "test data")]
pub(crate) fn evidence_for_tests(
    user: &UserId,
    pieces: &[(crate::chain::Check, crate::principal::method::Method)],
    at: Timestamp,
) -> Gathered {
    let mut gathered = Gathered::none();
    for (check, method) in pieces {
        let credential = CredentialId([7; 16]);
        let record = serde_json::json!({"check": check, "method": method, "credential": credential, "at": at.millis()});
        gathered.put_back(user, Evidence::restore(&serde_json::from_value(record).unwrap()));
    }
    gathered
}
