//! One-time passwords by an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s). The seed is sealed at rest; each time
//! step is accepted once, and that is durable before success is returned (T37).

use std::fmt;
use std::sync::Arc;

use data_encoding::BASE32_NOPAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use subtle::ConstantTimeEq as _;
use totp_rs::{Builder, Secret};
use zeroize::Zeroizing;

use super::Proof;
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, SealError};
use crate::store::database::{Database, DatabaseError};

/// Seconds of a step.
pub const STEP: i64 = 30;

/// Why a code proved nothing.
#[derive(Debug, thiserror::Error)]
pub enum TotpError {
    /// Wrong, or of no step that counts now.
    #[error("verify the code: it is wrong")]
    Wrong,
    /// Right, but it was used already.
    #[error("verify the code: it was already used")]
    Used,
    /// The user has no authenticator.
    #[error("verify the code: the user has no authenticator")]
    NotEnrolled,
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The seal.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// An authenticator being enrolled: shown once, good once a code confirmed it.
pub struct Enrolment {
    /// The key in base32, in groups of four.
    pub key: Zeroizing<String>,
    /// `otpauth://…`, for a QR code.
    pub uri: Zeroizing<String>,
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Enrolment")
    }
}

/// A user's authenticator, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// Its id.
    pub id: CredentialId,
    /// When it was set up.
    pub added_at: Timestamp,
    /// The step of the last code accepted, which may be the one that set it up.
    pub last_used_at: Option<Timestamp>,
}

/// Authenticators.
#[derive(Debug)]
pub struct Totps {
    database: Database,
    keys: Arc<MasterKeys>,
    clock: SharedClock,
    random: SharedRandom,
    issuer: String,
    skew: i64,
}

impl Totps {
    /// With the issuer and the skew that the config says.
    pub fn new(
        database: Database,
        keys: Arc<MasterKeys>,
        settings: &schema::Totp,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Self {
        Self { database, keys, clock, random, issuer: settings.issuer.clone(), skew: i64::from(settings.skew.min(1)) }
    }

    /// Verifies a code of the user's authenticator; of any number at once with the same code one is proved.
    ///
    /// # Errors
    /// [`TotpError`].
    pub async fn verify(&self, user: &UserId, code: &str) -> Result<Proof, TotpError> {
        let row = self
            .database
            .row("SELECT id, seed, last_step FROM totp WHERE user_name = $1 AND confirmed = 1", &[user.as_str().into()])
            .await?
            .ok_or(TotpError::NotEnrolled)?;
        let id = CredentialId::parse(&row.text("id")?).ok_or(DatabaseError::Column("id"))?;
        let seed = self.keys.open(&place(user), &row.bytes("seed")?)?;
        let step = self.step_of(&seed, code).ok_or(TotpError::Wrong)?;
        let taken = self
            .database
            .execute(
                // By its id: one that was replaced since it was read proves nothing any more.
                "UPDATE totp SET last_step = $2 WHERE user_name = $1 AND last_step < $2 AND confirmed = 1 AND id = $3",
                &[user.as_str().into(), step.into(), id.text().into()],
            )
            .await?;
        if taken == 0 {
            return Err(TotpError::Used);
        }
        Ok(Proof::new(Method::Totp, user.clone(), id, self.clock.now()))
    }

    /// Whether the user has a confirmed authenticator.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn has(&self, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self
            .database
            .row("SELECT id FROM totp WHERE user_name = $1 AND confirmed = 1", &[user.as_str().into()])
            .await?
            .is_some())
    }

    /// The user's authenticator, for the account pages.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn of_user(&self, user: &UserId) -> Result<Option<Authenticator>, DatabaseError> {
        let sql = "SELECT id, last_step, created_at FROM totp WHERE user_name = $1 AND confirmed = 1";
        let Some(row) = self.database.row(sql, &[user.as_str().into()]).await? else { return Ok(None) };
        let last_step = row.integer("last_step")?;
        Ok(Some(Authenticator {
            id: CredentialId::parse(&row.text("id")?).ok_or(DatabaseError::Column("id"))?,
            added_at: row.time("created_at")?,
            last_used_at: (last_step > 0).then(|| Timestamp::from_seconds(last_step.saturating_mul(STEP))),
        }))
    }

    /// Whether `code` is of a drawn key, without keeping anything: before a link is used up.
    ///
    /// # Errors
    /// [`TotpError::Wrong`], [`TotpError::Seal`].
    pub fn matches(&self, user: &UserId, drawn: &[u8], code: &str) -> Result<(), TotpError> {
        let seed = self.keys.open(&place(user), drawn)?;
        self.step_of(&seed, code).map(drop).ok_or(TotpError::Wrong)
    }

    /// Draws a key for a new authenticator. Nothing is kept: what is shown is handed back to [`Self::confirm`] sealed.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn draw(&self, user: &UserId) -> Result<(Enrolment, Vec<u8>), SealError> {
        let mut seed = Zeroizing::new([0u8; 20]);
        self.random.fill(seed.as_mut_slice());
        let sealed = self.keys.seal(&*self.random, &place(user), seed.as_slice())?;
        Ok((self.shown(user, seed.as_slice()), sealed))
    }

    /// Shows a drawn key again: a page that is loaded again must not show another.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn show(&self, user: &UserId, drawn: &[u8]) -> Result<Enrolment, SealError> {
        Ok(self.shown(user, &self.keys.open(&place(user), drawn)?))
    }

    fn shown(&self, user: &UserId, seed: &[u8]) -> Enrolment {
        let text = Zeroizing::new(BASE32_NOPAD.encode(seed));
        let encoded = |part: &str| utf8_percent_encode(part, NON_ALPHANUMERIC).to_string();
        let (issuer, name) = (encoded(&self.issuer), encoded(user.as_str()));
        let uri =
            format!("otpauth://totp/{issuer}:{name}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30", text.as_str());
        let groups: Vec<String> = text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        Enrolment { key: Zeroizing::new(groups.join(" ")), uri: Zeroizing::new(uri) }
    }

    /// Makes a drawn key the user's authenticator and replaces an older one, if `code` is of it. The code counts as
    /// used: it cannot sign in as well.
    ///
    /// # Errors
    /// [`TotpError`]; then the older one stays.
    pub async fn confirm(&self, user: &UserId, drawn: &[u8], code: &str) -> Result<CredentialId, TotpError> {
        let seed = self.keys.open(&place(user), drawn)?;
        let step = self.step_of(&seed, code).ok_or(TotpError::Wrong)?;
        self.keep(user, drawn, step).await
    }

    /// Makes a known key the user's authenticator, without a code: for the demo, whose keys are shown on the terminal.
    ///
    /// # Errors
    /// [`TotpError`].
    pub async fn adopt(&self, user: &UserId, drawn: &[u8]) -> Result<CredentialId, TotpError> {
        self.keep(user, drawn, 0).await
    }

    async fn keep(&self, user: &UserId, sealed: &[u8], last_step: i64) -> Result<CredentialId, TotpError> {
        let id = CredentialId(self.random.id());
        self.database
            .execute(
                "INSERT INTO totp (id, user_name, seed, last_step, confirmed, created_at) VALUES ($1, $2, $3, $4, 1, $5) \
                 ON CONFLICT (user_name) DO UPDATE SET id = excluded.id, seed = excluded.seed, last_step = excluded.last_step, \
                 confirmed = 1, created_at = excluded.created_at",
                &[id.text().into(), user.as_str().into(), sealed.into(), last_step.into(), self.clock.now().into()],
            )
            .await?;
        Ok(id)
    }

    /// Removes the user's authenticator; whether there was one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove(&self, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self.database.execute("DELETE FROM totp WHERE user_name = $1", &[user.as_str().into()]).await? > 0)
    }

    /// The step that a code is of, among those that count now; every one is compared, whatever the first say.
    fn step_of(&self, seed: &[u8], code: &str) -> Option<i64> {
        let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if typed.len() != 6 || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let totp = Builder::new().with_secret(Secret::from(seed.to_vec())).build().ok()?;
        let now = self.clock.now().seconds().div_euclid(STEP);
        (-self.skew..=self.skew).map(|offset| now + offset).filter(|step| *step > 0).rfind(|step| {
            let expected = u64::try_from(step * STEP).map(|time| totp.generate(time).to_string()).unwrap_or_default();
            bool::from(expected.as_bytes().ct_eq(typed.as_bytes()))
        })
    }
}

/// The code of a key now: for the demo's guide.
pub fn code_now(enrolment: &Enrolment, clock: &SharedClock) -> Option<String> {
    let plain: String = enrolment.key.chars().filter(|c| !c.is_whitespace()).collect();
    let secret = Secret::try_from_base32(plain).ok()?;
    let totp = Builder::new().with_secret(secret).build().ok()?;
    Some(totp.generate(u64::try_from(clock.now().seconds()).ok()?).to_string())
}

fn place(user: &UserId) -> String {
    format!("totp/{user}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::random::OsRandom;
    use std::time::Duration;

    async fn totps(folder: &tempfile::TempDir) -> (Arc<ManualClock>, Arc<Totps>, UserId) {
        let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
        let manual = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let clock: SharedClock = manual.clone();
        let users = crate::account::users::Users::load(database.clone(), Arc::clone(&clock)).await.unwrap();
        let alice = UserId::parse("alice").unwrap();
        users.add(crate::account::users::NewUser::named(alice.clone())).await.unwrap();
        let keys = Arc::new(MasterKeys::new(&[7; 32]).unwrap());
        (manual, Arc::new(Totps::new(database, keys, &schema::Totp::default(), clock, Arc::new(OsRandom::new()))), alice)
    }

    fn code(enrolment: &Enrolment, clock: &Arc<ManualClock>) -> String {
        let clock: SharedClock = clock.clone();
        code_now(enrolment, &clock).unwrap()
    }

    #[tokio::test]
    async fn the_code_of_rfc_6238_is_accepted() {
        let folder = tempfile::tempdir().unwrap();
        let (_clock, totps, alice) = totps(&folder).await;
        // RFC 6238 appendix B: the ASCII key of SHA-1, at 1111111109 s, gives 07081804; its last six digits count.
        let sealed = totps.keys.seal(&*totps.random, &place(&alice), b"12345678901234567890").unwrap();
        let manual: SharedClock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_111_111_109)));
        let then = Totps::new(
            totps.database.clone(),
            Arc::clone(&totps.keys),
            &schema::Totp::default(),
            manual,
            Arc::clone(&totps.random),
        );
        then.adopt(&alice, &sealed).await.unwrap();
        assert!(then.verify(&alice, "081 804").await.is_ok());
    }

    #[tokio::test]
    async fn a_code_is_accepted_once_however_many_come_at_once_t37() {
        let folder = tempfile::tempdir().unwrap();
        let (clock, totps, alice) = totps(&folder).await;
        let (enrolment, drawn) = totps.draw(&alice).unwrap();
        totps.confirm(&alice, &drawn, &code(&enrolment, &clock)).await.unwrap();
        assert!(
            matches!(totps.verify(&alice, &code(&enrolment, &clock)).await, Err(TotpError::Used)),
            "the code that confirmed is used"
        );
        clock.advance(Duration::from_secs(30));
        let code = code(&enrolment, &clock);
        let tries = (0..64).map(|_| {
            let (totps, alice, code) = (Arc::clone(&totps), alice.clone(), code.clone());
            async move { totps.verify(&alice, &code).await.is_ok() }
        });
        let won = futures_util::future::join_all(tries).await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1);
    }

    #[tokio::test]
    async fn only_the_present_step_and_its_neighbours_count() {
        let folder = tempfile::tempdir().unwrap();
        let (clock, totps, alice) = totps(&folder).await;
        let (enrolment, drawn) = totps.draw(&alice).unwrap();
        totps.adopt(&alice, &drawn).await.unwrap();
        let early = code(&enrolment, &clock);
        clock.advance(Duration::from_secs(60));
        assert!(matches!(totps.verify(&alice, &early).await, Err(TotpError::Wrong)));
        let present = code(&enrolment, &clock);
        clock.advance(Duration::from_secs(30));
        assert!(totps.verify(&alice, &present).await.is_ok());
        for nonsense in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert!(matches!(totps.verify(&alice, nonsense).await, Err(TotpError::Wrong)), "{nonsense}");
        }
        assert!(!format!("{enrolment:?}").contains(enrolment.key.as_str()));
        assert!(matches!(totps.verify(&UserId::parse("bob").unwrap(), &present).await, Err(TotpError::NotEnrolled)));
    }
}
