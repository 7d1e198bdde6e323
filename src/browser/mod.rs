//! Registered browsers: a long-lived secret in a cookie, tied to a user. One registry for every way of registration.
//! One browser may be registered for several users: they share its secret, each registration is its own row.
//! Invariant: what memory answers was written to the directory first.

mod records;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use dashmap::DashMap;

use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::facts::client_address::ClientAddress;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::{SecretToken, TokenHash};
use crate::store::database::{Database, DatabaseError};

/// One user's registration of one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Its id, which evidence of check 5 carries.
    pub id: CredentialId,
    /// The user.
    pub user: UserId,
    /// How it was registered: one of `Method::BrowserBy…`.
    pub way: Method,
    /// With which credential: what ends with that one. `None` where that was not kept.
    pub with: Option<(Method, CredentialId)>,
    /// The browser, in a few words.
    pub agent: String,
    /// Where it was registered from.
    pub address: ClientAddress,
    /// When.
    pub registered_at: Timestamp,
    /// When it was last used to sign in.
    pub last_seen: Timestamp,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

/// Who a browser's secret stands for: a row of the list for each user who registered it.
type Registered = Arc<[Arc<Registration>]>;

/// All registrations.
#[derive(Debug)]
pub struct Browsers {
    database: Database,
    clock: SharedClock,
    random: SharedRandom,
    lifetime: ArcSwap<Duration>,
    by_secret: DashMap<TokenHash, Registered>,
    writing: tokio::sync::Mutex<()>,
}

impl Browsers {
    /// Reads all registrations from the directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(
        database: Database,
        config: &schema::SessionSection,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, DatabaseError> {
        let by_secret = all(&database).await?.into_iter().collect();
        let lifetime = ArcSwap::from_pointee(config.browser.0);
        Ok(Self { database, clock, random, lifetime, by_secret, writing: tokio::sync::Mutex::new(()) })
    }

    /// Reads everything again, after another process wrote to the directory.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let found = all(&self.database).await?;
        self.by_secret.retain(|secret, _| found.contains_key(secret));
        for (secret, row) in found {
            self.by_secret.insert(secret, row);
        }
        Ok(())
    }

    /// Takes over changed settings, for registrations to come.
    pub fn configure(&self, config: &schema::SessionSection) {
        self.lifetime.store(Arc::new(config.browser.0));
    }

    /// Registers a browser for a user. A browser that shows a secret which is registered already keeps it; an unknown
    /// one is never believed (T26). Registering again changes the same user's older row, which keeps its id: what was opened
    /// by it is found by that id for as long as it lives. Durable when this resolves.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn register(
        &self,
        user: &UserId,
        way: Method,
        cookie: Option<&str>,
        agent: &str,
        address: ClientAddress,
    ) -> Result<(CredentialId, BrowserCookie), DatabaseError> {
        self.register_with(user, (way, None), cookie, agent, address).await
    }

    /// The same, with the credential that registers it.
    ///
    /// # Errors
    /// As [`Self::register`].
    pub async fn register_with(
        &self,
        user: &UserId,
        (way, with): (Method, Option<(Method, CredentialId)>),
        cookie: Option<&str>,
        agent: &str,
        address: ClientAddress,
    ) -> Result<(CredentialId, BrowserCookie), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        let known = cookie.and_then(|text| Some((TokenHash::of_text(text)?, text))).filter(|(hash, _)| self.is_known(hash, now));
        let (secret, cookie) = match known {
            Some((hash, text)) => (hash, BrowserCookie::Kept(text.to_owned())),
            None => {
                let token = SecretToken::draw(&*self.random);
                (token.hash(), BrowserCookie::New(token))
            }
        };
        let before = self.by_secret.get(&secret).and_then(|row| row.iter().find(|one| one.user == *user).map(|one| one.id));
        let registration = Registration {
            id: before.unwrap_or_else(|| CredentialId(self.random.id())),
            user: user.clone(),
            way,
            with,
            agent: agent.chars().filter(|c| !c.is_control()).take(64).collect(),
            address,
            registered_at: now,
            last_seen: now,
            expires_at: now.plus(**self.lifetime.load()),
        };
        records::register(&self.database, &secret, &registration).await?;
        let id = registration.id;
        let mut row = self.by_secret.entry(secret).or_default();
        let others = row.iter().filter(|other| other.user != *user).cloned();
        *row = others.chain([Arc::new(registration)]).collect();
        Ok((id, cookie))
    }

    /// The registration that a browser's cookie has for a user, if it still counts.
    pub fn find(&self, user: &UserId, cookie: &str) -> Option<Arc<Registration>> {
        let now = self.clock.now();
        let row = self.by_secret.get(&TokenHash::of_text(cookie)?)?;
        row.iter().find(|registration| registration.user == *user && registration.expires_at > now).cloned()
    }

    /// The registrations of a user that count, oldest first.
    pub fn of_user(&self, user: &UserId) -> Vec<Arc<Registration>> {
        self.list(|registration| registration.user == *user)
    }

    /// The registrations that count and that `which` picks, oldest first.
    pub fn list(&self, which: impl Fn(&Registration) -> bool) -> Vec<Arc<Registration>> {
        let now = self.clock.now();
        let mut found = Vec::new();
        for row in &self.by_secret {
            found.extend(row.iter().filter(|one| one.expires_at > now && which(one)).cloned());
        }
        found.sort_by_key(|registration| (registration.registered_at, registration.id.0));
        found
    }

    /// Writes down that a registration was used to sign in.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn used(&self, id: CredentialId) -> Result<(), DatabaseError> {
        let now = self.clock.now();
        records::used(&self.database, id, now).await?;
        self.change(|one| {
            if one.id == id {
                Some(Arc::new(Registration { last_seen: now, ..Registration::clone(one) }))
            } else {
                Some(Arc::clone(one))
            }
        });
        Ok(())
    }

    /// Revokes a registration; whether it was there. Ending the sessions made with it is the caller's next step.
    ///
    /// # Errors
    /// [`DatabaseError`]: it is gone from memory all the same.
    pub async fn revoke(&self, id: CredentialId) -> Result<bool, DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        self.change(|one| (one.id != id).then(|| Arc::clone(one)));
        records::revoke(&self.database, id).await
    }

    /// Revokes the registrations of a user, all or those made by one way; their ids.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_user(&self, user: &UserId, way: Option<Method>) -> Result<Vec<CredentialId>, DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let is_meant = |one: &Registration| one.user == *user && way.is_none_or(|way| one.way == way);
        let ids = self.list(is_meant).iter().map(|one| one.id).collect();
        self.change(|one| (!is_meant(one)).then(|| Arc::clone(one)));
        records::revoke_user(&self.database, user, way).await?;
        Ok(ids)
    }

    /// Forgets registrations of users that are gone (their rows went with them) and those that have ended.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sweep(&self, is_user: impl Fn(&UserId) -> bool) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        self.change(|one| (one.expires_at > now && is_user(&one.user)).then(|| Arc::clone(one)));
        records::sweep(&self.database, now).await
    }

    fn is_known(&self, secret: &TokenHash, now: Timestamp) -> bool {
        self.by_secret.get(secret).is_some_and(|row| row.iter().any(|one| one.expires_at > now))
    }

    fn change(&self, keep: impl Fn(&Arc<Registration>) -> Option<Arc<Registration>>) {
        self.by_secret.retain(|_, row| {
            *row = row.iter().filter_map(&keep).collect();
            !row.is_empty()
        });
    }
}

async fn all(database: &Database) -> Result<HashMap<TokenHash, Registered>, DatabaseError> {
    let mut by_secret: HashMap<TokenHash, Registered> = HashMap::new();
    for (secret, registration) in records::all(database).await? {
        let row = by_secret.entry(secret).or_default();
        *row = row.iter().cloned().chain([Arc::new(registration)]).collect();
    }
    Ok(by_secret)
}

/// The value for `__Host-sekisho-browser`.
#[derive(Debug)]
pub enum BrowserCookie {
    /// The browser has it already.
    Kept(String),
    /// A new one.
    New(SecretToken),
}

impl BrowserCookie {
    /// The text for the cookie.
    pub fn text(&self) -> &str {
        match self {
            Self::Kept(text) => text,
            Self::New(token) => token.text(),
        }
    }
}
