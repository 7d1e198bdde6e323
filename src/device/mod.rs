//! Devices: the keys that browsers hold for one host each, by Device Bound Session Credentials (W3C draft, what Chromium sends
//! is in docs/bound-browsers.md). A browser proves its key now and then, and gets a short-lived cookie for it; a session's
//! cookie or a registered browser that is bound to a device counts only beside that cookie, so that a copy opens nothing.
//! Invariant: what a request shows is judged in memory alone, by a MAC; a proof is verified by a library, with the key that
//! was kept when the device was made.

mod bound_cookie;
mod challenge;
mod key;
mod proof;
mod records;
mod unproved;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use aws_lc_rs::hmac;
use dashmap::DashMap;

pub use self::key::DeviceKey;
pub use self::unproved::Unproved;
use crate::clock::{SharedClock, Timestamp};
use crate::facts::device_session::PREFIX;
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, TokenHash};
use crate::store::database::{Database, DatabaseError};

/// The id of a device: the `session_identifier` of the protocol. It opens nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeviceId([u8; 16]);

impl DeviceId {
    /// [`PREFIX`] and 22 characters of base64url.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", crate::random::base64url(&self.0))
    }

    /// Reads [`Self::text`].
    pub fn parse(text: &str) -> Option<Self> {
        crate::random::from_base64url(text.strip_prefix(PREFIX)?).map(Self)
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "DeviceId({})", self.text())
    }
}

/// One browser's key for one host.
pub struct Device {
    id: DeviceId,
    scope: Box<str>,
    key: DeviceKey,
    made: Timestamp,
    /// Whether its browser has shown the cookie that it got: until then it binds nothing, since nobody knows whether the
    /// answer that made it arrived.
    shown: AtomicBool,
    refreshed: AtomicI64,
    /// Whether memory knows more than the directory.
    changed: AtomicBool,
}

impl fmt::Debug for Device {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Device({}, {})", self.id.text(), self.scope)
    }
}

/// A device is itself, whatever is known of it.
impl PartialEq for Device {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl Eq for Device {}

impl Device {
    /// Its id.
    pub const fn id(&self) -> DeviceId {
        self.id
    }

    /// The host that it was made for: the portal, or the name of an app.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// When it was made.
    pub const fn made(&self) -> Timestamp {
        self.made
    }

    /// When it last proved its key; `None` if it has not since it was made.
    pub fn refreshed(&self) -> Option<Timestamp> {
        Some(self.refreshed.load(Ordering::Relaxed)).filter(|at| *at > 0).map(Timestamp::from_millis)
    }

    /// Whether it binds: its browser has shown that it keeps the cookie.
    pub fn binds(&self) -> bool {
        self.shown.load(Ordering::Relaxed)
    }

    fn note_shown(&self) {
        if !self.binds() {
            self.shown.store(true, Ordering::Relaxed);
            self.changed.store(true, Ordering::Release);
        }
    }
}

/// How long the cookie of a device lives, where a session has `devices` of them. Chromium signs six times in nine minutes for
/// all hosts of one site together, and begins to renew a cookie two minutes before its end: so that many apps in many tabs
/// do not use that up, each cookie lives longer the more there are, up to [`MOST`].
pub fn life(devices: usize) -> Duration {
    Duration::from_secs(60 * u64::try_from(3 * devices).unwrap_or(u64::MAX).clamp(10, 27))
}

/// Devices of one session at most: the cookies of its further hosts stay unbound.
pub const MOST: usize = 9;

/// All devices.
#[derive(Debug)]
pub struct Devices {
    database: Database,
    clock: SharedClock,
    random: SharedRandom,
    seals: DeviceSeals,
    by_id: DashMap<DeviceId, Arc<Device>>,
}

/// The keys of the MACs, each with those of older master keys behind it.
struct DeviceSeals {
    cookie: Vec<hmac::Key>,
    challenge: Vec<hmac::Key>,
}

impl fmt::Debug for DeviceSeals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("DeviceSeals")
    }
}

/// What a challenge is for: bound to it, it is good for nothing else.
#[derive(Clone, Copy, Debug)]
pub enum ChallengePurpose<'a> {
    /// A browser's key is to be bound to this cookie of a session at this host.
    Registration {
        /// The portal, or the name of an app.
        scope: &'a str,
        /// The cookie.
        cookie: TokenHash,
    },
    /// A device proves its key again.
    Refresh(DeviceId),
}

impl Devices {
    /// Reads all devices from the directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(
        database: Database,
        keys: &MasterKeys,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, DatabaseError> {
        let seals = DeviceSeals {
            cookie: keys.derive_all("bound cookies of devices"),
            challenge: keys.derive_all("challenges for devices"),
        };
        let by_id = records::all(&database).await?.into_iter().map(|device| (device.id, Arc::new(device))).collect();
        Ok(Self { database, clock, random, seals, by_id })
    }

    /// The device of an id.
    pub fn find(&self, id: DeviceId) -> Option<Arc<Device>> {
        self.by_id.get(&id).map(|device| Arc::clone(&device))
    }

    /// Keeps a key that a browser proved for one host. Durable when this resolves.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn add(&self, scope: &str, key: DeviceKey) -> Result<Arc<Device>, DatabaseError> {
        let device = Arc::new(Device {
            id: DeviceId(self.random.id()),
            scope: scope.into(),
            key,
            made: self.clock.now(),
            shown: AtomicBool::new(false),
            refreshed: AtomicI64::new(0),
            changed: AtomicBool::new(false),
        });
        records::add(&self.database, &device).await?;
        self.by_id.insert(device.id, Arc::clone(&device));
        Ok(device)
    }

    /// The key that a registration proves at a host, and the cookie that it is to be bound to. The challenge names the cookie:
    /// a browser that came from another site does not send it with a registration (`SameSite`).
    ///
    /// # Errors
    /// [`Unproved`].
    pub fn proved(&self, proof: &[u8], scope: &str) -> Result<(DeviceKey, TokenHash), Unproved> {
        let (key, challenge) = proof::of_new_key(proof)?;
        let cookie = challenge::cookie(&challenge).ok_or(Unproved::Challenge)?;
        if self.is_challenge(&challenge, ChallengePurpose::Registration { scope, cookie }) {
            Ok((key, cookie))
        } else {
            Err(Unproved::Challenge)
        }
    }

    /// Whether a proof shows that the key of a device is at hand; noted as its last refresh.
    ///
    /// # Errors
    /// [`Unproved`].
    pub fn refresh(&self, device: &Device, proof: &[u8]) -> Result<(), Unproved> {
        let challenge = proof::of_key(proof, &device.key)?;
        if !self.is_challenge(&challenge, ChallengePurpose::Refresh(device.id)) {
            return Err(Unproved::Challenge);
        }
        device.refreshed.store(self.clock.now().millis(), Ordering::Relaxed);
        device.changed.store(true, Ordering::Release);
        device.note_shown();
        Ok(())
    }

    /// The challenge to answer for a purpose now. It is the same for some minutes: proofs of one challenge are made once by
    /// the browser, and count once against its limit.
    pub fn challenge(&self, purpose: ChallengePurpose<'_>) -> String {
        challenge::make(self.seals.challenge.first(), purpose, self.clock.now())
    }

    fn is_challenge(&self, text: &str, purpose: ChallengePurpose<'_>) -> bool {
        challenge::verify(&self.seals.challenge, text, purpose, self.clock.now())
    }

    /// The value of a device's cookie, good for so long.
    pub fn cookie(&self, device: &Device, lasts: Duration) -> String {
        bound_cookie::make(self.seals.cookie.first(), device.id, self.clock.now().plus(lasts))
    }

    /// Whether a request that shows this cookie comes from the browser of a device; it binds from then on.
    pub fn is_shown(&self, device: &Device, cookie: Option<&str>) -> bool {
        let id = cookie.and_then(|cookie| bound_cookie::verify(&self.seals.cookie, cookie, self.clock.now()));
        let is_its_own = id == Some(device.id);
        if is_its_own {
            device.note_shown();
        }
        is_its_own
    }

    /// The device whose cookie a request to a host shows.
    pub fn shown(&self, scope: &str, cookie: &str) -> Option<Arc<Device>> {
        let id = bound_cookie::verify(&self.seals.cookie, cookie, self.clock.now())?;
        let device = self.find(id).filter(|device| *device.scope == *scope)?;
        device.note_shown();
        Some(device)
    }

    /// Writes down what memory alone knows: now and then, and at shutdown.
    ///
    /// # Errors
    /// [`DatabaseError`]; it is tried again at the next turn.
    pub async fn flush(&self) -> Result<(), DatabaseError> {
        let changed: Vec<_> = self
            .by_id
            .iter()
            .filter(|device| device.changed.swap(false, Ordering::Acquire))
            .map(|device| Arc::clone(&device))
            .collect();
        for some in changed.chunks(500) {
            if let Err(error) = records::write(&self.database, some, self.clock.now()).await {
                changed.iter().for_each(|device| device.changed.store(true, Ordering::Release));
                return Err(error);
            }
        }
        Ok(())
    }

    /// Removes devices that nothing is bound to any more.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sweep(&self) -> Result<(), DatabaseError> {
        // What was made a moment ago is being bound.
        let before = Timestamp::from_millis(self.clock.now().millis() - 3_600_000);
        let left = records::forget(&self.database, before).await?;
        self.by_id.retain(|id, device| device.made >= before || left.contains(id));
        Ok(())
    }

    /// Reads again what another process may have removed or added.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn reread(&self) -> Result<(), DatabaseError> {
        let found = records::all(&self.database).await?;
        let ids: std::collections::HashSet<_> = found.iter().map(Device::id).collect();
        self.by_id.retain(|id, _| ids.contains(id));
        for device in found {
            self.by_id.entry(device.id).or_insert_with(|| Arc::new(device));
        }
        Ok(())
    }
}
