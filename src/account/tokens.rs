//! API bearer tokens: `sekisho_` and 256 bits, shown once, kept as a hash, with scopes and an end.
//! A token of a user ends with the user and does not work while the user is disabled; one made at the command line has no
//! owner. A token of an app asks for approvals in that app's name, and nothing else.
//! Invariant: the scope `approvals` and an app go together, and no other scope beside them.

use std::sync::Arc;

use dashmap::DashMap;
use serde::Serialize;
use strum::VariantArray;

use super::AccountError;
use super::users::Users;
use crate::clock::{SharedClock, Timestamp};
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::{SecretToken, TokenHash};
use crate::store::database::{Database, DatabaseError, Row, Value};

/// What every token begins with, so that scanners of leaked secrets know it.
pub const PREFIX: &str = "sekisho_";

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[repr(u8)]
pub enum Scope {
    /// Read everything that is not secret.
    Read,
    /// Users, groups and their factors.
    Users,
    /// Sessions and browsers.
    Sessions,
    /// The register of certificates.
    Certificates,
    /// Read the audit log.
    Audit,
    /// Settings and locks.
    Settings,
    /// All of these.
    All,
    /// Ask for approvals in the name of an app: of a token that is bound to one, and of no other.
    Approvals,
}

impl Scope {
    /// The word on the command line and in the API.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// These.
    pub fn of(scopes: &[Scope]) -> Self {
        Self(scopes.iter().fold(0, |bits, scope| bits | 1 << (*scope as u8)))
    }

    /// Whether `scope` may be used: it or `all` is among them.
    pub const fn allow(self, scope: Scope) -> bool {
        self.0 & (1 << (scope as u8) | 1 << (Scope::All as u8)) != 0
    }

    /// One by one.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::VARIANTS.iter().copied().filter(move |scope| self.0 & (1 << (*scope as u8)) != 0)
    }

    fn words(self) -> String {
        self.iter().map(Scope::word).collect::<Vec<_>>().join(" ")
    }
}

/// A token as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Names it in lists; opens nothing.
    pub id: String,
    /// What it is for, in its maker's words.
    pub label: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Whose it is; `None`: made at the command line.
    pub owner: Option<UserId>,
    /// The app that it speaks for.
    pub app: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used: Option<Timestamp>,
}

/// What a token is ordered with.
#[derive(Clone, Debug)]
pub struct TokenOrder<'a> {
    /// What it is for: 1 to 64 characters.
    pub label: &'a str,
    /// What it may do.
    pub scopes: Scopes,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// The app that it speaks for, with `approvals` as only scope.
    pub app: Option<&'a str>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// What the request calls itself: there is one token for each.
    pub request: Option<&'a str>,
}

/// The client that presented a valid token.
#[derive(Clone, Debug)]
pub struct Bearer {
    id: String,
    label: String,
    scopes: Scopes,
    app: Option<String>,
}

impl Bearer {
    /// The token's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The token's label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What it may do.
    pub const fn scopes(&self) -> Scopes {
        self.scopes
    }

    /// The app that it speaks for, where it is an app's.
    pub fn app(&self) -> Option<&str> {
        self.app.as_deref()
    }
}

/// All API tokens.
#[derive(Debug)]
pub struct Tokens {
    database: Database,
    users: Arc<Users>,
    clock: SharedClock,
    random: SharedRandom,
    by_hash: DashMap<TokenHash, ApiToken>,
}

impl Tokens {
    /// Reads all tokens from the directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(
        database: Database,
        users: Arc<Users>,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, DatabaseError> {
        let by_hash = all(&database).await?.into_iter().collect();
        Ok(Self { database, users, clock, random, by_hash })
    }

    /// Reads everything again, after another process wrote to the directory.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        let found = all(&self.database).await?;
        self.by_hash.retain(|hash, _| found.iter().any(|(new, _)| new == hash));
        for (hash, token) in found {
            self.by_hash.entry(hash).or_insert(token);
        }
        Ok(())
    }

    /// Makes a token; its text is returned here and never again.
    ///
    /// # Errors
    /// [`AccountError::Field`], [`AccountError::UnknownUser`], [`AccountError::Database`].
    pub async fn issue(
        &self,
        label: &str,
        scopes: Scopes,
        owner: Option<UserId>,
        expires_at: Timestamp,
    ) -> Result<(ApiToken, String), AccountError> {
        self.order(TokenOrder { label, scopes, owner, app: None, expires_at, request: None }).await
    }

    /// Makes a token of an app, which asks for approvals in its name and opens nothing else.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub async fn issue_for_app(
        &self,
        label: &str,
        app: &str,
        owner: Option<UserId>,
        expires_at: Timestamp,
    ) -> Result<(ApiToken, String), AccountError> {
        let scopes = Scopes::of(&[Scope::Approvals]);
        self.order(TokenOrder { label, scopes, owner, app: Some(app), expires_at, request: None }).await
    }

    /// Makes a token as it is ordered. Of several orders with one request one is done.
    ///
    /// # Errors
    /// As [`Self::issue`], and [`AccountError::TokenMade`].
    pub async fn order(&self, order: TokenOrder<'_>) -> Result<(ApiToken, String), AccountError> {
        let TokenOrder { label, scopes, owner, app, expires_at, request } = order;
        let label = label.trim();
        if label.is_empty() || label.chars().count() > 64 || label.chars().any(char::is_control) {
            return Err(AccountError::Field { field: "the label", reason: "write 1 to 64 characters that say what it is for" });
        }
        if scopes == Scopes::default() {
            return Err(AccountError::Field { field: "the scopes", reason: "name at least one" });
        }
        let for_app = Scopes::of(&[Scope::Approvals]);
        if (scopes == for_app) != app.is_some() || (scopes != for_app && scopes.iter().any(|one| one == Scope::Approvals)) {
            return Err(AccountError::Field {
                field: "the scopes",
                reason: "`approvals` goes with an app, and an app with that scope alone",
            });
        }
        let now = self.clock.now();
        if expires_at <= now {
            return Err(AccountError::Field { field: "the end", reason: "it lies in the past" });
        }
        if let Some(owner) = &owner {
            self.users.named(owner)?;
        }
        let secret = SecretToken::draw(&*self.random);
        let token = ApiToken {
            id: crate::random::base64url(&self.random.id()),
            label: label.to_owned(),
            scopes,
            owner,
            app: app.map(str::to_owned),
            created_at: now,
            expires_at,
            last_used: None,
        };
        let written = self
            .database
            .execute(
                "INSERT INTO api_tokens (id, token_hash, label, scopes, owner, created_at, expires_at, app, request) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                &[
                    token.id.clone().into(),
                    secret.hash().as_bytes().as_slice().into(),
                    token.label.clone().into(),
                    token.scopes.words().into(),
                    token.owner.as_ref().map(UserId::as_str).into(),
                    token.created_at.into(),
                    token.expires_at.into(),
                    token.app.as_deref().into(),
                    request.into(),
                ],
            )
            .await;
        match (written, request) {
            (Err(DatabaseError::Exists), Some(request)) => {
                let row = self.database.row("SELECT id FROM api_tokens WHERE request = $1", &[request.into()]).await?;
                let id = row.map(|row| row.text("id")).transpose()?;
                return Err(id.map_or(AccountError::Database(DatabaseError::Exists), AccountError::TokenMade));
            }
            (written, _) => drop(written?),
        }
        self.by_hash.insert(secret.hash(), token.clone());
        Ok((token, format!("{PREFIX}{}", secret.text())))
    }

    /// The bearer of this text, if it is a token that has not ended and whose owner is enabled.
    pub fn find(&self, text: &str) -> Option<Bearer> {
        let hash = TokenHash::of_text(text.strip_prefix(PREFIX)?)?;
        let mut token = self.by_hash.get_mut(&hash)?;
        let now = self.clock.now();
        let owner_stands =
            token.owner.as_ref().is_none_or(|owner| self.users.find(owner).is_some_and(|user| user.standing().enabled));
        if token.expires_at <= now || !owner_stands {
            return None;
        }
        token.last_used = Some(now);
        Some(Bearer { id: token.id.clone(), label: token.label.clone(), scopes: token.scopes, app: token.app.clone() })
    }

    /// All tokens, newest first.
    pub fn list(&self) -> Vec<ApiToken> {
        let mut all: Vec<_> = self.by_hash.iter().map(|token| token.clone()).collect();
        all.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// Revokes a token; whether it was there.
    ///
    /// # Errors
    /// [`DatabaseError`]: it is dead in memory all the same.
    pub async fn revoke(&self, id: &str) -> Result<bool, DatabaseError> {
        self.by_hash.retain(|_, token| token.id != id);
        Ok(self.database.execute("DELETE FROM api_tokens WHERE id = $1", &[id.into()]).await? > 0)
    }

    /// Writes down when tokens were last used, and forgets those that have ended or whose owner is gone.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sweep(&self) -> Result<(), DatabaseError> {
        let now = self.clock.now();
        self.by_hash.retain(|_, token| {
            token.expires_at > now && token.owner.as_ref().is_none_or(|owner| self.users.find(owner).is_some())
        });
        let used: Vec<_> = self.by_hash.iter().filter_map(|token| Some((token.id.clone(), token.last_used?))).collect();
        for (id, moment) in used {
            let row: [Value; 2] = [id.into(), moment.into()];
            let sql = "UPDATE api_tokens SET last_used = $2 WHERE id = $1 AND (last_used IS NULL OR last_used < $2 - 60000)";
            self.database.execute(sql, &row).await?;
        }
        self.database.execute("DELETE FROM api_tokens WHERE expires_at <= $1", &[now.into()]).await?;
        Ok(())
    }
}

async fn all(database: &Database) -> Result<Vec<(TokenHash, ApiToken)>, DatabaseError> {
    database.rows("SELECT * FROM api_tokens", &[]).await?.iter().map(token).collect()
}

fn token(row: &Row) -> Result<(TokenHash, ApiToken), DatabaseError> {
    let wrong = DatabaseError::Column;
    let scopes: Option<Vec<Scope>> = row.text("scopes")?.split_whitespace().map(|word| word.parse().ok()).collect();
    let owner = row.optional_text("owner")?.map(|owner| UserId::parse(&owner)).transpose().map_err(|_| wrong("owner"))?;
    let token = ApiToken {
        id: row.text("id")?,
        label: row.text("label")?,
        scopes: Scopes::of(&scopes.ok_or(wrong("scopes"))?),
        owner,
        app: row.optional_text("app")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        last_used: row.optional_integer("last_used")?.map(Timestamp::from_millis),
    };
    Ok((TokenHash::from_bytes(&row.bytes("token_hash")?).ok_or(wrong("token_hash"))?, token))
}
