//! Whose account is whose: issuer and subject together name one user here, for ever. And which sessions here were opened by
//! which session there, with the tokens to ask again.
//! Invariant: tokens are sealed at rest.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::attestation::{Attestation, IdpTokens};
use super::link::{IdpLink, IdpSession};
use super::records;
use crate::clock::{SharedClock, Timestamp};
use crate::principal::method::CredentialId;
use crate::principal::user::{GroupName, UserId};
use crate::random::SharedRandom;
use crate::seal::MasterKeys;
use crate::store::database::{Database, DatabaseError};

/// All links.
#[derive(Clone, Debug)]
pub struct IdpLinks {
    database: Database,
    clock: SharedClock,
    random: SharedRandom,
    removing: Arc<tokio::sync::Mutex<()>>,
}

/// The turn to remove links: what is looked at before a link goes (another way to sign in, another link that gives a group)
/// is still so when it goes.
#[derive(Debug)]
pub struct LinkTurn {
    _held: tokio::sync::OwnedMutexGuard<()>,
}

impl IdpLinks {
    pub(super) fn new(database: Database, clock: SharedClock, random: SharedRandom) -> Self {
        Self { database, clock, random, removing: Arc::default() }
    }

    /// Waits for the turn to remove links: of several that would go at once one is looked at after the other.
    pub async fn turn(&self) -> LinkTurn {
        LinkTurn { _held: Arc::clone(&self.removing).lock_owned().await }
    }

    /// The link of this person.
    ///
    /// # Errors
    /// [`DatabaseError`]. So for the others.
    pub async fn find(&self, issuer: &str, subject: &str) -> Result<Option<IdpLink>, DatabaseError> {
        records::link(&self.database, issuer, subject).await
    }

    /// The links of a user.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn of_user(&self, user: &UserId) -> Result<Vec<IdpLink>, DatabaseError> {
        records::links_of(&self.database, user).await
    }

    /// Whether the link is there yet, and the user's.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn holds(&self, user: &UserId, id: CredentialId) -> Result<bool, DatabaseError> {
        Ok(self.of_user(user).await?.iter().any(|link| link.id == id))
    }

    /// IdpLinks a person with a user; `None` if the person is linked already.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn add(
        &self,
        user: &UserId,
        provider: &str,
        issuer: &str,
        subject: &str,
        mail: Option<&str>,
    ) -> Result<Option<IdpLink>, DatabaseError> {
        let now = self.clock.now();
        let link = IdpLink {
            id: CredentialId(self.random.id()),
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            user: user.clone(),
            provider: provider.to_owned(),
            mail: mail.map(str::to_owned),
            groups: Vec::new(),
            created_at: now,
            last_used: now,
        };
        match records::add_link(&self.database, &link).await {
            Err(DatabaseError::Exists) => Ok(None),
            other => other.map(|()| Some(link)),
        }
    }

    /// Notes a use, and what the provider says now.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn used(&self, link: &IdpLink, attestation: &Attestation) -> Result<(), DatabaseError> {
        records::write_use(&self.database, link, attestation.provider(), attestation.mail(), self.clock.now()).await
    }

    /// Notes the groups here that the provider gave.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn gave(&self, link: CredentialId, groups: &[GroupName]) -> Result<(), DatabaseError> {
        records::write_groups(&self.database, link, groups).await
    }

    /// Removes a link of a user; whether it was there.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn remove(&self, user: &UserId, id: CredentialId) -> Result<bool, DatabaseError> {
        records::remove_link(&self.database, user, id, self.clock.now()).await
    }

    /// Whether the link of a person with this user was removed, and not made again: no mail address makes it again.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn was_removed(&self, user: &UserId, issuer: &str, subject: &str) -> Result<bool, DatabaseError> {
        records::was_removed(&self.database, user, issuer, subject).await
    }
}

/// The tokens of one, as they are sealed.
#[derive(Serialize, Deserialize)]
struct TokensRecord {
    refresh: Option<String>,
    id_token: String,
    nonce: String,
}

/// Sessions that providers opened.
pub struct IdpSessions {
    database: Database,
    keys: Arc<MasterKeys>,
    clock: SharedClock,
    random: SharedRandom,
}

impl fmt::Debug for IdpSessions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("IdpSessions")
    }
}

impl IdpSessions {
    pub(super) fn new(database: Database, keys: Arc<MasterKeys>, clock: SharedClock, random: SharedRandom) -> Self {
        Self { database, keys, clock, random }
    }

    /// Seals what a sign-in leaves until its session is made.
    pub fn seal(&self, place: &str, tokens: &IdpTokens) -> Option<Vec<u8>> {
        let record = TokensRecord {
            refresh: tokens.refresh.as_ref().map(|token| token.expose_secret().to_owned()),
            id_token: tokens.id_token.expose_secret().to_owned(),
            nonce: tokens.nonce.clone(),
        };
        let text = zeroize::Zeroizing::new(serde_json::to_vec(&record).ok()?);
        self.keys.seal(&*self.random, &format!("idp-tokens/{place}"), &text).ok()
    }

    fn open(&self, place: &str, sealed: &[u8]) -> Option<IdpTokens> {
        let opened = self.keys.open(&format!("idp-tokens/{place}"), sealed).ok()?;
        let record: TokensRecord = serde_json::from_slice(&opened).ok()?;
        Some(IdpTokens {
            refresh: record.refresh.map(SecretString::from),
            id_token: SecretString::from(record.id_token),
            nonce: record.nonce,
        })
    }

    /// Writes down by which session there this one was opened. `sealed` was sealed for `place`.
    ///
    /// # Errors
    /// [`DatabaseError`]. So for the others.
    pub async fn attach(&self, session: &IdpSession, place: &str, sealed: &[u8]) -> Result<(), DatabaseError> {
        let tokens = self.open(place, sealed);
        let has_refresh = tokens.as_ref().is_some_and(|tokens| tokens.refresh.is_some());
        let sealed = tokens.and_then(|tokens| self.seal(&session.session, &tokens)).unwrap_or_default();
        records::attach(&self.database, session, &sealed, has_refresh).await
    }

    /// By which session there this one was opened.
    ///
    /// # Errors
    /// As [`Self::attach`].
    pub async fn of(&self, session: &str) -> Result<Option<IdpSession>, DatabaseError> {
        records::session(&self.database, session).await
    }

    /// The sessions here of a session there, or of all of a person.
    ///
    /// # Errors
    /// As [`Self::attach`].
    pub async fn opened_by(
        &self,
        issuer: &str,
        subject: Option<&str>,
        session_there: Option<&str>,
    ) -> Result<Vec<IdpSession>, DatabaseError> {
        records::opened_by(&self.database, issuer, subject, session_there).await
    }

    /// Those of a provider with a refresh token that were not confirmed for this long, the longest first.
    ///
    /// # Errors
    /// As [`Self::attach`].
    pub async fn due(&self, provider: &str, every: Duration, at_most: i64) -> Result<Vec<IdpSession>, DatabaseError> {
        let every = i64::try_from(every.as_millis()).unwrap_or(i64::MAX);
        let before = Timestamp::from_millis(self.clock.now().millis().saturating_sub(every));
        records::due(&self.database, provider, before, at_most).await
    }

    /// Forgets one whose session here has ended.
    ///
    /// # Errors
    /// As [`Self::attach`].
    pub async fn forget(&self, session: &str) -> Result<(), DatabaseError> {
        records::forget(&self.database, session).await
    }

    pub(super) async fn tokens(&self, session: &IdpSession) -> Result<Option<IdpTokens>, DatabaseError> {
        let sealed = records::tokens(&self.database, &session.session).await?;
        Ok(sealed.and_then(|sealed| self.open(&session.session, &sealed)))
    }

    /// The ID token of a session, for a sign-out there.
    ///
    /// # Errors
    /// As [`Self::attach`].
    pub async fn id_token(&self, session: &IdpSession) -> Result<Option<SecretString>, DatabaseError> {
        Ok(self.tokens(session).await?.map(|tokens| tokens.id_token))
    }

    pub(super) async fn confirm(&self, session: &IdpSession, tokens: &IdpTokens) -> Result<(), DatabaseError> {
        let sealed = self.seal(&session.session, tokens).unwrap_or_default();
        records::confirm(&self.database, &session.session, &sealed, self.clock.now()).await
    }
}
