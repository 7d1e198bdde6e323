//! Registered browsers: a long-lived secret in a cookie, tied to a user. One registry for every way of registration.
//! One of them is an administrator, who approves what a user applied for: [`application`].
//! One browser may be registered for several users: they share its secret, each registration is its own row.
//! Invariant: what memory answers was written to the directory first.

pub mod application;
mod application_records;
pub mod applied;
mod records;
mod registration;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use dashmap::DashMap;

pub use self::registration::{RegisteredWay, Registration};
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::device::{Device, DeviceId, Devices};
use crate::facts::client_address::ClientAddress;
use crate::principal::method::{CredentialId, Method, Methods};
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::{SecretToken, TokenHash};
use crate::store::database::{Database, DatabaseError};

/// What a browser shows of itself.
#[derive(Clone, Copy, Default)]
pub struct ShownBrowser<'a> {
    /// The value of `__Host-sekisho-browser`.
    pub cookie: Option<&'a str>,
    /// The key that it has for the portal, where it proved that a short while ago.
    pub device: Option<&'a Arc<Device>>,
}

debug_by_name!(ShownBrowser<'_>);

/// Who a browser's secret stands for: a row of the list for each user who registered it.
type Registered = Arc<[Arc<Registration>]>;

/// The registrations that are bound to keys, as the hot path and renewals ask for them.
#[derive(Debug, Default)]
struct BoundRegistrations {
    by_id: HashMap<CredentialId, Arc<Device>>,
    devices: HashSet<DeviceId>,
}

/// All registrations.
#[derive(Debug)]
pub struct Browsers {
    database: Database,
    devices: Arc<Devices>,
    bound: ArcSwap<BoundRegistrations>,
    clock: SharedClock,
    random: SharedRandom,
    lifetime: ArcSwap<Duration>,
    designation: ArcSwap<schema::DevicesSection>,
    /// Changes when an application is made or decided.
    decided: tokio::sync::watch::Sender<()>,
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
        devices: Arc<Devices>,
        config: &schema::File,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, DatabaseError> {
        let by_secret = all(&database, &devices).await?.into_iter().collect();
        let lifetime = ArcSwap::from_pointee(config.session.browser.0);
        let designation = ArcSwap::from_pointee(config.devices.clone());
        let (bound, writing) = (ArcSwap::default(), tokio::sync::Mutex::new(()));
        let decided = tokio::sync::watch::Sender::new(());
        let browsers = Self { database, devices, bound, clock, random, lifetime, designation, decided, by_secret, writing };
        browsers.index();
        Ok(browsers)
    }

    /// Reads everything again, after another process wrote to the directory.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let found = all(&self.database, &self.devices).await?;
        self.by_secret.retain(|secret, _| found.contains_key(secret));
        for (secret, row) in found {
            self.by_secret.insert(secret, row);
        }
        self.index();
        Ok(())
    }

    /// Takes over changed settings, for registrations to come.
    pub fn configure(&self, config: &schema::File) {
        self.lifetime.store(Arc::new(config.session.browser.0));
        self.designation.store(Arc::new(config.devices.clone()));
    }

    /// Registers a browser for a user. A browser that shows a secret which is registered already keeps it; an unknown
    /// one is never believed (T26). Registering again changes the same user's older row, which keeps its id and the ways in which it
    /// was registered before: what was opened by it is found by that id for as long as it lives. Durable when this resolves.
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
        self.register_with(user, (way, None), ShownBrowser { cookie, device: None }, agent, address).await
    }

    /// The same, with the credential that registers it, of a browser that may have a key: then it is bound to that. One whose
    /// secret is bound to another key shows a copy, or lost its key, and gets a secret of its own.
    ///
    /// # Errors
    /// As [`Self::register`].
    pub async fn register_with(
        &self,
        user: &UserId,
        (way, with): (Method, Option<(Method, CredentialId)>),
        shown: ShownBrowser<'_>,
        agent: &str,
        address: ClientAddress,
    ) -> Result<(CredentialId, BrowserCookie), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        let known = shown.cookie.and_then(|text| Some((TokenHash::of_text(text)?, text)));
        let known = known.filter(|(hash, _)| self.is_known(hash, shown.device, now));
        let (secret, cookie) = match known {
            Some((hash, text)) => (hash, BrowserCookie::Kept(text.to_owned())),
            None => {
                let token = SecretToken::draw(&*self.random);
                (token.hash(), BrowserCookie::New(token))
            }
        };
        let before = self.by_secret.get(&secret).and_then(|row| row.iter().find(|one| one.user == *user).cloned());
        let expires_at = now.plus(**self.lifetime.load());
        let new = RegisteredWay { way, with, registered_at: now, expires_at };
        let registration = Registration {
            id: before.as_ref().map_or_else(|| CredentialId(self.random.id()), |one| one.id),
            user: user.clone(),
            ways: Registration::ways_with(before.as_deref(), &new, now),
            agent: agent.chars().filter(|c| !c.is_control()).take(64).collect(),
            address,
            registered_at: now,
            last_seen: now,
            expires_at: before.map_or(expires_at, |one| one.expires_at.max(expires_at)),
            device: shown.device.cloned(),
        };
        records::register(&self.database, &secret, &registration).await?;
        let id = registration.id;
        let mut row = self.by_secret.entry(secret).or_default();
        let others = row.iter().filter(|other| other.user != *user).cloned();
        *row = others.chain([Arc::new(registration)]).collect();
        drop(row);
        self.index();
        Ok((id, cookie))
    }

    /// The registration that a browser's cookie alone has for a user, if it still counts and is not bound to a key.
    pub fn find(&self, user: &UserId, cookie: &str) -> Option<Arc<Registration>> {
        self.find_shown(user, ShownBrowser { cookie: Some(cookie), device: None })
    }

    /// The registration that a browser has for a user, if it still counts; one that is bound to a key counts only beside it.
    pub fn find_shown(&self, user: &UserId, shown: ShownBrowser<'_>) -> Option<Arc<Registration>> {
        let now = self.clock.now();
        let row = self.by_secret.get(&TokenHash::of_text(shown.cookie?)?)?;
        let is_its = |one: &&Arc<Registration>| one.user == *user && one.expires_at > now && one.counts_beside(shown.device);
        row.iter().find(is_its).cloned()
    }

    /// The key that a browser's cookie is bound to, for whichever user, where `device` is not that key.
    pub fn wants_key(&self, cookie: &str, device: Option<&Arc<Device>>) -> Option<Arc<Device>> {
        let now = self.clock.now();
        let row = self.by_secret.get(&TokenHash::of_text(cookie)?)?;
        let mut bound = row.iter().filter(|one| one.expires_at > now && one.is_bound());
        let first = bound.clone().next()?.device.clone();
        if bound.any(|one| one.device.as_ref() == device) { None } else { first }
    }

    /// Binds a user's registration to the key of the browser, unless it is bound already; whether it was. Durable when this
    /// resolves.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn bind(&self, user: &UserId, cookie: &str, device: &Arc<Device>) -> Result<bool, DatabaseError> {
        match self.find(user, cookie) {
            Some(found) => self.bind_registration(found.id, device).await,
            None => Ok(false),
        }
    }

    /// The same of a registration by its id.
    ///
    /// # Errors
    /// As [`Self::bind`].
    pub async fn bind_registration(&self, id: CredentialId, device: &Arc<Device>) -> Result<bool, DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let found = self.list(|one| one.id == id && !one.is_bound() && one.device.as_ref() != Some(device));
        if found.is_empty() {
            return Ok(false);
        }
        records::bind(&self.database, id, device.id()).await?;
        self.change(|one| {
            if one.id == id {
                Some(Arc::new(Registration { device: Some(Arc::clone(device)), ..Registration::clone(one) }))
            } else {
                Some(Arc::clone(one))
            }
        });
        Ok(true)
    }

    /// Whether a registration is bound to a key. Neither waits nor allocates.
    pub fn is_bound(&self, id: CredentialId) -> bool {
        self.bound.load().by_id.get(&id).is_some_and(|device| device.binds())
    }

    /// Whether a registration is bound to this key.
    pub fn has_device(&self, device: DeviceId) -> bool {
        self.bound.load().devices.contains(&device)
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
        let was_there = records::revoke(&self.database, id).await;
        application_records::revoked(&self.database, id, self.clock.now()).await?;
        was_there
    }

    /// Revokes the registrations of a user, all or those made by one way; their ids. One that was made in another
    /// way as well keeps that.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_user(&self, user: &UserId, way: Option<Method>) -> Result<Vec<CredentialId>, DatabaseError> {
        self.revoke_ways(user, |_, one| way.is_none_or(|way| one.way == way)).await
    }

    /// Revokes the ways of a user's registrations that `is_gone` names, and the registrations of which none is left; the ids of
    /// all that were changed.
    ///
    /// # Errors
    /// As [`Self::revoke`].
    pub async fn revoke_ways(
        &self,
        user: &UserId,
        is_gone: impl Fn(&Registration, &RegisteredWay) -> bool,
    ) -> Result<Vec<CredentialId>, DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        let changed = self.list(|one| one.user == *user && one.ways.iter().any(|way| is_gone(one, way)));
        self.change(|one| match one.user == *user {
            true => one.without(|way| is_gone(one, way)).map(Arc::new),
            false => Some(Arc::clone(one)),
        });
        for one in &changed {
            let left = one.without(|way| is_gone(one, way));
            records::leave(&self.database, one.id, left.as_ref()).await?;
            if left.is_none_or(|left| left.way_among(Methods::of(&[Method::BrowserByAdmin]), now).is_none()) {
                application_records::revoked(&self.database, one.id, now).await?;
            }
        }
        Ok(changed.iter().map(|one| one.id).collect())
    }

    /// Forgets registrations of users that are gone (their rows went with them) and those that have ended.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sweep(&self, is_user: impl Fn(&UserId) -> bool) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        self.change(|one| (one.expires_at > now && is_user(&one.user)).then(|| Arc::clone(one)));
        records::sweep(&self.database, now).await?;
        self.sweep_applications(now).await
    }

    fn is_known(&self, secret: &TokenHash, device: Option<&Arc<Device>>, now: Timestamp) -> bool {
        self.by_secret.get(secret).is_some_and(|row| {
            row.iter().any(|one| one.expires_at > now) && row.iter().all(|one| one.expires_at <= now || one.counts_beside(device))
        })
    }

    fn index(&self) {
        let mut bound = BoundRegistrations::default();
        for row in &self.by_secret {
            for one in row.iter() {
                if let Some(device) = &one.device {
                    bound.devices.insert(device.id());
                    bound.by_id.insert(one.id, Arc::clone(device));
                }
            }
        }
        self.bound.store(Arc::new(bound));
    }

    fn change(&self, keep: impl Fn(&Arc<Registration>) -> Option<Arc<Registration>>) {
        self.by_secret.retain(|_, row| {
            *row = row.iter().filter_map(&keep).collect();
            !row.is_empty()
        });
        self.index();
    }
}

async fn all(database: &Database, devices: &Devices) -> Result<HashMap<TokenHash, Registered>, DatabaseError> {
    let mut by_secret: HashMap<TokenHash, Registered> = HashMap::new();
    for (secret, registration) in records::all(database, devices).await? {
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
