//! Passwords of our own directory: Argon2id, on as many threads as there are cores and no more, so that memory is bounded
//! whatever is thrown at the sign-in. A user who is not there costs the same time as one who is (T31).
//! Invariant: a password is never logged, never compared but by its hash, never cut off.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::Proof;
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::login_protect::Admission;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::store::database::{Database, DatabaseError};

/// The longest password taken, bytes. Argon2 hashes all of it.
pub const LONGEST: usize = 256;

/// Why a password proved nothing.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It is wrong, or there is nobody of that name, or the user has none: the caller is not told which.
    #[error("verify the password: it is not right")]
    Wrong,
    /// All threads were at work for as long as one may wait; come again after this.
    #[error("verify the password: too many are being verified")]
    Busy(Duration),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The hash cannot be worked with.
    #[error("verify the password: {0}")]
    Hashing(String),
}

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Unsuitable {
    /// Fewer characters than this.
    #[error("take the password: it is shorter than {0} characters")]
    TooShort(usize),
    /// More bytes than [`LONGEST`].
    #[error("take the password: it is longer than {LONGEST} bytes")]
    TooLong,
    /// Everybody's first guess.
    #[error("take the password: it is one of the first that anybody would guess")]
    Common,
    /// The user's own name or the organisation's is most of it.
    #[error("take the password: it is little more than a name that everybody knows")]
    LikeTheName,
    /// It could not be kept.
    #[error(transparent)]
    NotKept(#[from] Failure),
}

/// A password that was found fit and hashed, but is nobody's yet.
pub struct Hashed(Zeroizing<String>);

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

/// Passwords.
pub struct Passwords {
    database: Database,
    clock: SharedClock,
    random: SharedRandom,
    hasher: Argon2<'static>,
    minimum: usize,
    queue: Duration,
    threads: Arc<Semaphore>,
    dummy: String,
    /// What the organisation calls itself, in small letters without blanks.
    organisation: Option<String>,
    evaluated: AtomicU64,
    judged: AtomicU64,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Passwords")
    }
}

impl Passwords {
    /// With the cost that the config says. `organisation`, as the pages show it, is no password either.
    ///
    /// # Errors
    /// [`Failure::Hashing`] if Argon2 refuses the parameters.
    pub fn new(
        database: Database,
        settings: &schema::Password,
        organisation: Option<&str>,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, Failure> {
        let params = Params::new(settings.memory_mib * 1024, settings.passes, 1, None)
            .map_err(|error| Failure::Hashing(error.to_string()))?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let mut nobody = [0; 32];
        random.fill(&mut nobody);
        let dummy = hashed(&hasher, &nobody, &salt)?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            database,
            clock,
            random,
            hasher,
            minimum: settings.minimum_length,
            queue: settings.queue.0,
            threads: Arc::new(Semaphore::new(cores)),
            dummy,
            organisation: organisation.map(plain).filter(|name| name.chars().count() > 2),
            evaluated: AtomicU64::new(0),
            judged: AtomicU64::new(0),
        })
    }

    /// Verifies a password that the login form was open for (R-102: a shut form evaluates none).
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn verify(&self, user: &UserId, candidate: SecretString, admission: Admission) -> Result<Proof, Failure> {
        Ok(self.judged_for(user, candidate).await?.admitted(admission.services()))
    }

    pub(super) async fn judged_for(&self, user: &UserId, candidate: SecretString) -> Result<Proof, Failure> {
        self.judged.fetch_add(1, Ordering::Relaxed);
        self.compared(Some(user), candidate).await
    }

    /// How many passwords were compared with a user's own since the start: a shut login form adds nothing.
    pub fn judged(&self) -> u64 {
        self.judged.load(Ordering::Relaxed)
    }

    /// `user` is `None` where nobody's is to be compared: the same work is done (T31).
    async fn compared(&self, user: Option<&UserId>, candidate: SecretString) -> Result<Proof, Failure> {
        // The directory is asked for nobody, too: no user's name is empty.
        let kept = self.kept(user.map_or("", UserId::as_str)).await?;
        let is_known = kept.is_some();
        let (phc, changed_at) = kept.unwrap_or_else(|| (self.dummy.clone(), Timestamp::default()));
        let right = self.compare(phc.clone(), candidate.clone()).await?;
        match user {
            Some(user) if right && is_known => {
                if self.is_outdated(&phc)
                    && let Err(error) = self.hash_anew(user, candidate, &phc).await
                {
                    tracing::warn!(%error, "password_not_hashed_anew");
                }
                Ok(Proof::new(Method::Password, user.clone(), credential(user, changed_at), self.clock.now()))
            }
            _ => Err(Failure::Wrong),
        }
    }

    /// For another secret that is kept as a password is: compares with a hash, or does the work for nothing.
    pub(super) async fn compare_with(&self, phc: Option<String>, candidate: SecretString) -> Result<bool, Failure> {
        let is_known = phc.is_some();
        let right = self.compare(phc.unwrap_or_else(|| self.dummy.clone()), candidate).await?;
        Ok(right && is_known)
    }

    /// Whether this is the user's password: so that another secret may be told not to be the same. Nothing is proved.
    pub(super) async fn is_the_users(&self, user: &UserId, candidate: SecretString) -> Result<bool, Failure> {
        let kept = self.kept(user.as_str()).await?;
        self.compare_with(kept.map(|(phc, _)| phc), candidate).await
    }

    /// Does the work of a verification for nobody: where an answer must take as long as if there had been one (R-102, T31).
    ///
    /// # Errors
    /// [`Failure::Busy`], [`Failure::Database`].
    pub async fn pretend(&self, candidate: SecretString) -> Result<(), Failure> {
        match self.compared(None, candidate).await {
            Ok(_) | Err(Failure::Wrong) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Whether `credential` is the password that the user has now: what was proved with one that was changed since is
    /// worth nothing.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn is_current(&self, user: &UserId, is: CredentialId) -> Result<bool, DatabaseError> {
        Ok(self.set_at(user).await?.is_some_and(|changed_at| credential(user, changed_at) == is))
    }

    /// How many passwords were hashed or compared since the start: what an attacker can make this program pay with.
    pub fn evaluated(&self) -> u64 {
        self.evaluated.load(Ordering::Relaxed)
    }

    /// Whether the user has one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn has(&self, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self.kept(user.as_str()).await?.is_some())
    }

    /// When the user's was set; `None` if there is none.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn set_at(&self, user: &UserId) -> Result<Option<Timestamp>, DatabaseError> {
        Ok(self.kept(user.as_str()).await?.map(|(_, changed_at)| changed_at))
    }

    /// Characters at least.
    pub const fn minimum(&self) -> usize {
        self.minimum
    }

    /// Says whether a password may be taken: long enough, not too long, no first guess (NIST SP 800-63B §3.1.1.2; no
    /// rules of composition).
    ///
    /// # Errors
    /// [`Unsuitable`].
    pub fn judge(&self, user: &UserId, candidate: &SecretString) -> Result<(), Unsuitable> {
        let text = candidate.expose_secret();
        if text.chars().count() < self.minimum {
            return Err(Unsuitable::TooShort(self.minimum));
        }
        if text.len() > LONGEST {
            return Err(Unsuitable::TooLong);
        }
        let plain = Zeroizing::new(plain(text));
        let first = plain.chars().next();
        if plain.chars().all(|c| Some(c) == first) || COMMON.binary_search_by(|word| word.as_str().cmp(&plain)).is_ok() {
            return Err(Unsuitable::Common);
        }
        let is_little_more_than =
            |name: &str| plain.contains(name) && plain.split(name).flat_map(str::chars).filter(|c| c.is_alphabetic()).count() < 4;
        if std::iter::once(user.as_str()).chain(self.organisation.as_deref()).any(is_little_more_than) {
            return Err(Unsuitable::LikeTheName);
        }
        Ok(())
    }

    /// Sets a user's password.
    ///
    /// # Errors
    /// [`Unsuitable`].
    pub async fn set(&self, user: &UserId, candidate: SecretString) -> Result<(), Unsuitable> {
        let hashed = self.prepare(user, candidate).await?;
        self.adopt(user, &hashed).await.map_err(|error| Unsuitable::NotKept(error.into()))
    }

    /// Judges and hashes a password without keeping it: for a step that is followed by others.
    ///
    /// # Errors
    /// [`Unsuitable`].
    pub async fn prepare(&self, user: &UserId, candidate: SecretString) -> Result<Hashed, Unsuitable> {
        self.judge(user, &candidate)?;
        self.hash(candidate).await.map(|phc| Hashed(Zeroizing::new(phc))).map_err(Unsuitable::NotKept)
    }

    /// Makes a prepared password the user's.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn adopt(&self, user: &UserId, hashed: &Hashed) -> Result<(), DatabaseError> {
        self.database
            .execute(
                "INSERT INTO passwords (user_name, phc, changed_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (user_name) DO UPDATE SET phc = excluded.phc, changed_at = excluded.changed_at",
                &[user.as_str().into(), hashed.as_str().into(), self.clock.now().into()],
            )
            .await
            .map(drop)
    }

    /// Removes a user's password; whether there was one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove(&self, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self.database.execute("DELETE FROM passwords WHERE user_name = $1", &[user.as_str().into()]).await? > 0)
    }

    /// The parameters were raised since it was set: while the password is at hand, it is hashed by the new ones. Only
    /// in the place of the hash that was compared: one that was changed meanwhile must not come back.
    async fn hash_anew(&self, user: &UserId, candidate: SecretString, compared: &str) -> Result<(), Failure> {
        let phc = self.hash(candidate).await?;
        self.database
            .execute(
                "UPDATE passwords SET phc = $2 WHERE user_name = $1 AND phc = $3",
                &[user.as_str().into(), phc.into(), compared.into()],
            )
            .await?;
        Ok(())
    }

    async fn hash(&self, candidate: SecretString) -> Result<String, Failure> {
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        let hasher = self.hasher.clone();
        self.at_work(move || hashed(&hasher, normal(&candidate).as_bytes(), &salt)).await?
    }

    async fn kept(&self, user: &str) -> Result<Option<(String, Timestamp)>, DatabaseError> {
        let row = self.database.row("SELECT phc, changed_at FROM passwords WHERE user_name = $1", &[user.into()]).await?;
        row.map(|row| Ok((row.text("phc")?, row.time("changed_at")?))).transpose()
    }

    async fn compare(&self, phc: String, candidate: SecretString) -> Result<bool, Failure> {
        if candidate.expose_secret().len() > LONGEST {
            // No password of ours is this long; the work of one is done all the same.
            let hasher = self.hasher.clone();
            return self.at_work(move || hashed(&hasher, b"too long", &[0; 16]).map(|_| false)).await?;
        }
        let hasher = self.hasher.clone();
        // The comparison within is constant time.
        self.at_work(move || hasher.verify_password(normal(&candidate).as_bytes(), phc.as_str()).is_ok()).await
    }

    /// Runs on a thread of its own, as soon as one of as many as there are cores is free.
    async fn at_work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let waited = tokio::time::timeout(self.queue, Arc::clone(&self.threads).acquire_owned()).await;
        let Ok(Ok(turn)) = waited else { return Err(Failure::Busy(self.queue)) };
        self.evaluated.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|error| Failure::Hashing(error.to_string()))
    }

    fn is_outdated(&self, phc: &str) -> bool {
        let params = self.hasher.params();
        !phc.contains(&format!("m={},t={},p={}", params.m_cost(), params.t_cost(), params.p_cost()))
    }
}

fn hashed(hasher: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<String, Failure> {
    hasher
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Failure::Hashing(error.to_string()))
}

/// As it is hashed: typed on another device, the same characters may come composed otherwise (NIST SP 800-63B §3.1.1.2).
fn normal(candidate: &SecretString) -> Zeroizing<String> {
    Zeroizing::new(candidate.expose_secret().nfkc().collect())
}

/// As guesses are compared with it: capitals and blanks make no password better.
fn plain(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// A changed password is another credential.
fn credential(user: &UserId, changed_at: Timestamp) -> CredentialId {
    let hash = crate::seal::TokenHash::of(format!("password/{user}/{}", changed_at.millis()).as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(hash.as_bytes().get(..16).unwrap_or(&[0; 16]));
    CredentialId(id)
}

static COMMON: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words: Vec<_> = include_str!("common_passwords.txt").lines().map(plain).collect();
    words.sort_unstable();
    words
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::config::units::Length;
    use crate::random::OsRandom;

    async fn passwords(folder: &tempfile::TempDir) -> (Database, Passwords) {
        let (_clock, database, passwords) = with_clock(folder).await;
        (database, passwords)
    }

    async fn with_clock(folder: &tempfile::TempDir) -> (Arc<ManualClock>, Database, Passwords) {
        let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
        let manual = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let clock: SharedClock = manual.clone();
        let users = crate::account::users::Users::load(database.clone(), Arc::clone(&clock)).await.unwrap();
        users.add(crate::account::users::NewUser::named(alice())).await.unwrap();
        let settings = schema::Password { memory_mib: 19, passes: 1, ..schema::Password::default() };
        let passwords =
            Passwords::new(database.clone(), &settings, Some("Tabibito Works"), clock, Arc::new(OsRandom::new())).unwrap();
        (manual, database, passwords)
    }

    fn alice() -> UserId {
        UserId::parse("alice").unwrap()
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[tokio::test]
    async fn the_right_password_proves_its_user_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let (_database, passwords) = passwords(&folder).await;
        passwords.set(&alice(), secret("a quiet river at dawn")).await.unwrap();
        assert_eq!(passwords.compared(Some(&alice()), secret("a quiet river at dawn")).await.unwrap().user(), &alice());
        for wrong in ["", "a quiet river at daw", "A quiet river at dawn", "a quiet river at dawn "] {
            assert!(matches!(passwords.compared(Some(&alice()), secret(wrong)).await, Err(Failure::Wrong)), "{wrong}");
        }
        assert!(matches!(passwords.compared(None, secret("a quiet river at dawn")).await, Err(Failure::Wrong)));
        assert!(matches!(passwords.compared(Some(&alice()), secret(&"x".repeat(300))).await, Err(Failure::Wrong)));
    }

    #[tokio::test]
    async fn the_same_characters_are_the_same_password_however_a_device_composes_them() {
        let folder = tempfile::tempdir().unwrap();
        let (_database, passwords) = passwords(&folder).await;
        passwords.set(&alice(), secret("cafe\u{301} au lait ガギグゲゴ")).await.unwrap();
        assert!(passwords.compared(Some(&alice()), secret("caf\u{e9} au lait ｶﾞｷﾞｸﾞｹﾞｺﾞ")).await.is_ok());
    }

    #[tokio::test]
    async fn known_unknown_wrong_and_too_long_cost_one_evaluation_each_t31() {
        let folder = tempfile::tempdir().unwrap();
        let (_database, passwords) = passwords(&folder).await;
        passwords.set(&alice(), secret("a quiet river at dawn")).await.unwrap();
        let bob = UserId::parse("bob").unwrap();
        let long = "x".repeat(LONGEST + 1);
        let tries = [(Some(alice()), "wrong"), (Some(bob), "wrong"), (None, "wrong"), (Some(alice()), long.as_str())];
        for (user, candidate) in tries {
            let before = passwords.evaluated();
            assert!(matches!(passwords.compared(user.as_ref(), secret(candidate)).await, Err(Failure::Wrong)));
            assert_eq!(passwords.evaluated(), before + 1, "{user:?}");
        }
    }

    #[tokio::test]
    async fn a_hash_made_anew_never_brings_a_changed_password_back() {
        let folder = tempfile::tempdir().unwrap();
        let (clock, _database, passwords) = with_clock(&folder).await;
        passwords.set(&alice(), secret("a quiet river at dawn")).await.unwrap();
        let (compared, changed_at) = passwords.kept("alice").await.unwrap().unwrap();
        let is = credential(&alice(), changed_at);
        assert!(passwords.is_current(&alice(), is).await.unwrap());
        clock.advance(Duration::from_secs(1));
        passwords.set(&alice(), secret("a loud river at noon")).await.unwrap();
        passwords.hash_anew(&alice(), secret("a quiet river at dawn"), &compared).await.unwrap();
        assert!(passwords.compared(Some(&alice()), secret("a loud river at noon")).await.is_ok());
        assert!(!passwords.is_current(&alice(), is).await.unwrap(), "a changed password is another credential");
    }

    #[tokio::test]
    async fn who_waits_too_long_for_a_thread_is_told_to_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let (_database, mut passwords) = passwords(&folder).await;
        passwords.queue = Duration::from_millis(1);
        let cores = u32::try_from(passwords.threads.available_permits()).unwrap();
        let _all = Arc::clone(&passwords.threads).acquire_many_owned(cores).await.unwrap();
        assert!(matches!(passwords.compared(None, secret("a guess")).await, Err(Failure::Busy(_))));
        assert_eq!(passwords.evaluated(), 0);
    }

    #[tokio::test]
    async fn raised_parameters_take_hold_at_the_next_sign_in() {
        let folder = tempfile::tempdir().unwrap();
        let (database, old) = passwords(&folder).await;
        old.set(&alice(), secret("a quiet river at dawn")).await.unwrap();
        let before = old.compared(Some(&alice()), secret("a quiet river at dawn")).await.unwrap().credential();
        let settings = schema::Password { memory_mib: 20, passes: 2, queue: Length::seconds(5), ..schema::Password::default() };
        let new = Passwords::new(database, &settings, None, Arc::clone(&old.clock), Arc::clone(&old.random)).unwrap();
        assert_eq!(new.compared(Some(&alice()), secret("a quiet river at dawn")).await.unwrap().credential(), before);
        assert!(new.kept("alice").await.unwrap().unwrap().0.contains("m=20480,t=2,p=1"));
        assert!(new.compared(Some(&alice()), secret("a quiet river at dawn")).await.is_ok());
    }

    #[tokio::test]
    async fn first_guesses_are_not_taken_and_no_composition_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let (_database, passwords) = passwords(&folder).await;
        assert!(COMMON.len() > 3000);
        let judge = |text: &str| passwords.judge(&alice(), &secret(text));
        assert!(matches!(judge("short"), Err(Unsuitable::TooShort(15))));
        assert!(matches!(judge(&"é".repeat(129)), Err(Unsuitable::TooLong)));
        assert!(matches!(judge("passwordpassword"), Err(Unsuitable::Common)));
        assert!(matches!(judge("aaaaaaaaaaaaaaaaaa"), Err(Unsuitable::Common)));
        assert!(matches!(judge("Pass Word Pass Word"), Err(Unsuitable::Common)));
        assert!(matches!(judge("alice-1234567890"), Err(Unsuitable::LikeTheName)));
        assert!(matches!(judge("TABIBITO works 2026!"), Err(Unsuitable::LikeTheName)));
        assert!(judge("alice never walks alone").is_ok());
        assert!(judge("all lower case and blanks").is_ok());
        assert!(judge("関所を越えて行く旅人の長い列").is_err(), "fourteen characters are fewer than fifteen");
        assert!(judge("関所を越えて行く旅人の長い列。").is_ok());
    }
}
