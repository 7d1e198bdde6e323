//! The rows of accounts of Active Directory that are tied to users.

use crate::clock::Timestamp;
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError};

/// The user that an account is tied to.
pub(super) async fn user_of(database: &Database, sid: &str) -> Result<Option<UserId>, DatabaseError> {
    let row = database.row("SELECT user_name FROM kerberos_accounts WHERE sid = $1", &[sid.into()]).await?;
    let name = row.map(|row| row.text("user_name")).transpose()?;
    name.map(|name| UserId::parse(&name).map_err(|_| DatabaseError::Column("user_name"))).transpose()
}

/// Ties an account to a user who has none; the SID that is tied to the user then, this one or an earlier.
pub(super) async fn tie(
    database: &Database,
    user: &UserId,
    sid: &str,
    account: &str,
    now: Timestamp,
) -> Result<String, DatabaseError> {
    if let Some((tied, _)) = account_of(database, user).await? {
        return Ok(tied);
    }
    database
        .execute(
            "INSERT INTO kerberos_accounts (user_name, sid, account, tied_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            &[user.as_str().into(), sid.into(), account.into(), now.into()],
        )
        .await?;
    Ok(account_of(database, user).await?.map(|(tied, _)| tied).unwrap_or_default())
}

/// The SID that is tied to a user, and the account's name at that time.
pub(super) async fn account_of(database: &Database, user: &UserId) -> Result<Option<(String, String)>, DatabaseError> {
    let asked = "SELECT sid, account FROM kerberos_accounts WHERE user_name = $1";
    let row = database.row(asked, &[user.as_str().into()]).await?;
    row.map(|row| Ok((row.text("sid")?, row.text("account")?))).transpose()
}

/// Unties it; whether there was one.
pub(super) async fn untie(database: &Database, user: &UserId) -> Result<bool, DatabaseError> {
    let gone = database.execute("DELETE FROM kerberos_accounts WHERE user_name = $1", &[user.as_str().into()]).await?;
    Ok(gone > 0)
}
