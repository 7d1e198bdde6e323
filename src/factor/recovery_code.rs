//! Recovery codes: ten of 80 bits, each good once, for the day the authenticator is lost. Kept as HMAC-SHA-256 under a key
//! derived from the master key, so that a stolen database alone reveals nothing.

use std::sync::Arc;

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use secrecy::SecretString;

use super::Proof;
use crate::clock::{SharedClock, Timestamp};
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, TokenHash};
use crate::store::database::{Database, DatabaseError};

/// Codes of a set.
pub const COUNT: usize = 10;
/// What the key of the hashes is derived for.
const PURPOSE: &str = "recovery_codes";

/// Why a code proved nothing.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryCodeError {
    /// Wrong or used already.
    #[error("verify the recovery code: it is wrong or was already used")]
    Wrong,
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Recovery codes.
#[derive(Debug)]
pub struct RecoveryCodes {
    database: Database,
    keys: Arc<MasterKeys>,
    clock: SharedClock,
    random: SharedRandom,
}

impl RecoveryCodes {
    /// Kept in this directory.
    pub const fn new(database: Database, keys: Arc<MasterKeys>, clock: SharedClock, random: SharedRandom) -> Self {
        Self { database, keys, clock, random }
    }

    /// Verifies a code and uses it up; of any number at once with the same code one is proved (T37).
    ///
    /// # Errors
    /// [`RecoveryCodeError`].
    pub async fn verify(&self, user: &UserId, code: &str) -> Result<Proof, RecoveryCodeError> {
        let plain: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
        // What people misread: O for 0 and I or L for 1 do not occur in base32 the other way round.
        let plain = plain.replace('0', "O").replace('1', "I").replace('8', "B");
        let bytes =
            BASE32_NOPAD.decode(plain.as_bytes()).ok().filter(|bytes| bytes.len() == 10).ok_or(RecoveryCodeError::Wrong)?;
        // A set outlives the master key that it was made under.
        for key in self.keys.derive_all(PURPOSE) {
            let hash = hash(&key, user, &bytes);
            let taken = self
                .database
                .execute(
                    "DELETE FROM recovery_codes WHERE user_name = $1 AND code_hash = $2",
                    &[user.as_str().into(), hash.as_slice().into()],
                )
                .await?;
            if taken > 0 {
                let mut id = [0; 16];
                id.copy_from_slice(TokenHash::of(&hash).as_bytes().get(..16).unwrap_or(&[0; 16]));
                return Ok(Proof::new(Method::RecoveryCode, user.clone(), CredentialId(id), self.clock.now()));
            }
        }
        Err(RecoveryCodeError::Wrong)
    }

    /// Draws a new set that replaces the old one; shown once.
    ///
    /// # Errors
    /// [`DatabaseError`]; then the old set stays.
    pub async fn renew(&self, user: &UserId) -> Result<Vec<SecretString>, DatabaseError> {
        let mut transaction = self.database.begin().await?;
        transaction.execute("DELETE FROM recovery_codes WHERE user_name = $1", &[user.as_str().into()]).await?;
        let mut codes = Vec::with_capacity(COUNT);
        let key = self.keys.derive(PURPOSE);
        for _ in 0..COUNT {
            let mut bytes = [0; 10];
            self.random.fill(&mut bytes);
            let hash = hash(&key, user, &bytes);
            transaction
                .execute(
                    "INSERT INTO recovery_codes (user_name, code_hash, created_at) VALUES ($1, $2, $3)",
                    &[user.as_str().into(), hash.as_slice().into(), self.clock.now().into()],
                )
                .await?;
            let text = BASE32_NOPAD.encode(&bytes);
            let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
            codes.push(SecretString::from(groups.join("-")));
        }
        transaction.commit().await?;
        Ok(codes)
    }

    /// How many are left.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn left(&self, user: &UserId) -> Result<usize, DatabaseError> {
        let row = self
            .database
            .row("SELECT COUNT(*) AS left FROM recovery_codes WHERE user_name = $1", &[user.as_str().into()])
            .await?;
        row.map_or(Ok(0), |row| Ok(usize::try_from(row.integer("left")?).unwrap_or(0)))
    }

    /// When the set was made; `None` if none is left of it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn made_at(&self, user: &UserId) -> Result<Option<Timestamp>, DatabaseError> {
        let sql = "SELECT created_at FROM recovery_codes WHERE user_name = $1 ORDER BY created_at DESC LIMIT 1";
        self.database.row(sql, &[user.as_str().into()]).await?.map(|row| row.time("created_at")).transpose()
    }

    /// Removes the user's set.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove(&self, user: &UserId) -> Result<bool, DatabaseError> {
        Ok(self.database.execute("DELETE FROM recovery_codes WHERE user_name = $1", &[user.as_str().into()]).await? > 0)
    }
}

/// What the directory keeps of a code. A code has 80 bits: nothing slower than an HMAC is needed.
fn hash(key: &hmac::Key, user: &UserId, code: &[u8]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(key);
    context.update(user.as_str().as_bytes());
    context.update(&[0]);
    context.update(code);
    context.sign().as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, Timestamp};
    use crate::random::OsRandom;
    use secrecy::ExposeSecret as _;

    #[tokio::test]
    async fn a_recovery_code_is_good_once_and_a_new_set_ends_the_old_t37() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
        let clock: SharedClock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let users = crate::account::users::Users::load(database.clone(), Arc::clone(&clock)).await.unwrap();
        let alice = UserId::parse("alice").unwrap();
        users.add(crate::account::users::NewUser::named(alice.clone())).await.unwrap();
        let keys = Arc::new(MasterKeys::new(&[7; 32]).unwrap());
        let codes = Arc::new(RecoveryCodes::new(database.clone(), keys, Arc::clone(&clock), Arc::new(OsRandom::new())));
        let set = codes.renew(&alice).await.unwrap();
        assert_eq!((set.len(), codes.left(&alice).await.unwrap()), (COUNT, COUNT));
        let first = set[0].expose_secret().to_lowercase().replace('-', " ");
        let tries = (0..64).map(|_| {
            let (codes, alice, first) = (Arc::clone(&codes), alice.clone(), first.clone());
            async move { codes.verify(&alice, &first).await.is_ok() }
        });
        assert_eq!(futures_util::future::join_all(tries).await.into_iter().filter(|won| *won).count(), 1);
        assert_eq!(codes.left(&alice).await.unwrap(), COUNT - 1);
        assert!(codes.verify(&UserId::parse("bob").unwrap(), set[1].expose_secret()).await.is_err(), "another user's code");
        // After a rotation of the master key.
        let mut rotated = MasterKeys::new(&[8; 32]).unwrap();
        rotated.add(&[7; 32]).unwrap();
        let later = RecoveryCodes::new(database, Arc::new(rotated), clock, Arc::new(OsRandom::new()));
        assert!(later.verify(&alice, set[2].expose_secret()).await.is_ok(), "a set outlives its master key");
        assert!(later.verify(&alice, set[2].expose_secret()).await.is_err(), "once");
        codes.renew(&alice).await.unwrap();
        assert!(codes.verify(&alice, set[1].expose_secret()).await.is_err(), "the old set is gone");
        for nonsense in ["", "AAAA", "!!!!", "AAAA-AAAA-AAAA-AAAA"] {
            assert!(codes.verify(&alice, nonsense).await.is_err());
        }
    }
}
