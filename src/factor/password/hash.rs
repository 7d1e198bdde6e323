//! Hashing with Argon2id, on a bounded number of threads, so that memory is bounded under any load.
//! Invariant: every evaluation costs the same, whether the hash is a user's or nobody's (T31).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::PasswordError;
use super::policy::LONGEST;
use crate::config::schema;
use crate::random::SharedRandom;

/// A password that was found fit and hashed, but is nobody's yet.
pub struct Hashed(pub(super) Zeroizing<String>);

impl Hashed {
    /// As it was written down by [`Self::as_str`]: sealed, in a form that its sender brings back.
    pub const fn restore(phc: Zeroizing<String>) -> Self {
        Self(phc)
    }

    /// To be sealed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Hashed")
    }
}

/// Argon2id on at most as many threads as there are cores: an attempt waits for one, and not longer than `queue`.
pub(super) struct Hasher {
    argon: Argon2<'static>,
    pub(super) random: SharedRandom,
    pub(super) queue: Duration,
    pub(super) threads: Arc<Semaphore>,
    /// The hash of a password that is nobody's: what is compared where a user has none.
    dummy: String,
    evaluated: AtomicU64,
}

impl fmt::Debug for Hasher {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Hasher")
    }
}

impl Hasher {
    /// With the cost that the config says.
    ///
    /// # Errors
    /// [`PasswordError::Hashing`] if Argon2 refuses the parameters.
    pub(super) fn new(settings: &schema::Password, random: SharedRandom) -> Result<Self, PasswordError> {
        let params = Params::new(settings.memory_mib * 1024, settings.passes, 1, None)
            .map_err(|error| PasswordError::Hashing(error.into()))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = of_nobody(argon.params(), &random).map_err(|error| PasswordError::Hashing(error.into()))?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            argon,
            random,
            queue: settings.queue.0,
            threads: Arc::new(Semaphore::new(cores)),
            dummy,
            evaluated: AtomicU64::new(0),
        })
    }

    /// The hash of a password that nobody has: comparing with it costs the same as with a user's (T31).
    pub(super) fn dummy(&self) -> &str {
        &self.dummy
    }

    /// How many passwords were hashed or compared since the start.
    pub(super) fn evaluated(&self) -> u64 {
        self.evaluated.load(Ordering::Relaxed)
    }

    /// Hashes a password with a new salt.
    ///
    /// # Errors
    /// [`PasswordError::Busy`], [`PasswordError::Hashing`].
    pub(super) async fn hash(&self, candidate: SecretString) -> Result<String, PasswordError> {
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        let hasher = self.argon.clone();
        self.at_work(move || hashed(&hasher, normal(&candidate).as_bytes(), &salt)).await?
    }

    /// Compares a password with a hash; one evaluation, whatever its length.
    ///
    /// # Errors
    /// [`PasswordError::Busy`], [`PasswordError::Hashing`].
    pub(super) async fn compare(&self, phc: String, candidate: SecretString) -> Result<bool, PasswordError> {
        if candidate.expose_secret().len() > LONGEST {
            // No password of ours is this long; the work of one is done all the same.
            let hasher = self.argon.clone();
            return self.at_work(move || hashed(&hasher, b"too long", &[0; 16]).map(|_| false)).await?;
        }
        let hasher = self.argon.clone();
        // The comparison within is constant time.
        self.at_work(move || hasher.verify_password(normal(&candidate).as_bytes(), phc.as_str()).is_ok()).await
    }

    /// Runs on a thread of its own, as soon as one of as many as there are cores is free.
    async fn at_work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let waited = tokio::time::timeout(self.queue, Arc::clone(&self.threads).acquire_owned()).await;
        let Ok(Ok(turn)) = waited else { return Err(PasswordError::Busy(self.queue)) };
        self.evaluated.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|error| PasswordError::Hashing(error.into()))
    }

    /// Whether a hash was made with other parameters than the config says now.
    pub(super) fn is_outdated(&self, phc: &str) -> bool {
        let params = self.argon.params();
        !phc.contains(&format!("m={},t={},p={}", params.m_cost(), params.t_cost(), params.p_cost()))
    }
}

/// A hash that was drawn: no password is known for it, and none had to be hashed for it. Comparing with it costs what comparing
/// with any of these parameters costs.
fn of_nobody(params: &Params, random: &SharedRandom) -> Result<String, argon2::password_hash::Error> {
    let (mut salt, mut output) = ([0; 16], [0; Params::DEFAULT_OUTPUT_LEN]);
    random.fill(&mut salt);
    random.fill(&mut output);
    let drawn = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params)?,
        salt: Some(Salt::new(&salt)?),
        hash: Some(Output::new(&output)?),
    };
    Ok(drawn.to_string())
}

fn hashed(hasher: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<String, PasswordError> {
    hasher
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError::Hashing(error.into()))
}

/// As it is hashed: typed on another device, the same characters may come composed otherwise (NIST SP 800-63B §3.1.1.2).
fn normal(candidate: &SecretString) -> Zeroizing<String> {
    Zeroizing::new(candidate.expose_secret().nfkc().collect())
}
