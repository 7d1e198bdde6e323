//! One-time passwords that are read along a pattern off the table of a phone: the pattern is the one of `matrix`, the table
//! follows from a seed that the phone shares with the gateway and from the time. Each phone of each user has a seed of its own,
//! drawn here, sealed at rest, and said to the phone once: who asks again gets another one. A table counts in its own 30 seconds and
//! in those before and after; each is good for one answer, and that is durable before success is returned.
//! Invariant: an answer is compared with the same number of tables for every name, and with all of them, whichever agrees.

pub mod derivation;
mod records;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::digest;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use self::derivation::SEED;
use self::records::SeedRecord;
use super::matrix::pattern::CellPattern;
use super::matrix::shape::TableShape;
use super::matrix::{Matrices, MatrixError, PatternState, RightAnswer, reading};
use super::{Proof, Successor};
use crate::approval::key::ApproverId;
use crate::clock::SharedClock;
use crate::login_protect::Admission;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::{UserId, UserStanding};
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, SealError};
use crate::store::database::{Database, DatabaseError};

/// A clock may be wrong by as many steps.
const SKEW: i64 = 1;

/// A seed that was drawn for a phone: said to it once.
pub struct DrawnSeed {
    /// Names it.
    pub id: CredentialId,
    /// The seed.
    pub seed: Zeroizing<[u8; SEED]>,
}

debug_by_name!(DrawnSeed);

/// A pattern that an answer proved, and the phone that it was read off, if it was one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedPattern {
    state: PatternState,
    phone: Option<ApproverId>,
}

impl ProvedPattern {
    /// A pattern that something else stands for.
    pub const fn of(state: PatternState) -> Self {
        Self { state, phone: None }
    }

    /// How it stands.
    pub const fn state(&self) -> PatternState {
        self.state
    }
}

/// A right answer that is still to be taken.
#[derive(Clone, Copy)]
struct Agreed<'a> {
    seed: &'a SeedRecord,
    step: i64,
}

/// What came of a comparison.
#[derive(Default)]
struct Compared<'a> {
    agreed: Option<Agreed<'a>>,
    /// Whether it agrees with a table that was answered already.
    is_used: bool,
}

/// Patterns, and the tables of phones.
pub struct TokenMatrices {
    matrices: Arc<Matrices>,
    database: Database,
    keys: Arc<MasterKeys>,
    /// With the tables of so many phones every answer is compared, `approval.per_user`.
    phones: AtomicUsize,
    clock: SharedClock,
    random: SharedRandom,
    /// The sealed seed of no phone, for the work of a comparison where there is none.
    dummy: Vec<u8>,
}

impl fmt::Debug for TokenMatrices {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TokenMatrices")
    }
}

impl TokenMatrices {
    /// On the patterns of `matrices`, for users of at most `per_user` phones.
    pub fn new(
        matrices: Arc<Matrices>,
        database: Database,
        keys: Arc<MasterKeys>,
        per_user: usize,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Self {
        let dummy = keys.seal(&*random, NOBODYS, &random.token()).unwrap_or_default();
        Self { matrices, database, keys, phones: AtomicUsize::new(per_user), clock, random, dummy }
    }

    /// Takes over how many phones a user may have.
    pub fn configure(&self, per_user: usize) {
        self.phones.store(per_user, Ordering::Relaxed);
    }

    /// Which seed the phone should have; `None` where none was drawn yet.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn seed_of(&self, phone: &ApproverId, user: &UserId) -> Result<Option<CredentialId>, DatabaseError> {
        records::id(&self.database, phone, user).await
    }

    /// Draws a seed for a phone that serves the user; the one before counts no more. `None` where it serves the user no more.
    ///
    /// # Errors
    /// [`MatrixError`].
    pub async fn draw(&self, phone: &ApproverId, user: &UserId) -> Result<Option<DrawnSeed>, MatrixError> {
        let drawn = DrawnSeed { id: CredentialId(self.random.id()), seed: Zeroizing::new(self.random.token()) };
        let sealed = self.keys.seal(&*self.random, &place(phone, user), drawn.seed.as_slice())?;
        let is_kept = records::put(&self.database, (phone, user), drawn.id, &sealed, self.clock.now()).await?;
        Ok(is_kept.then_some(drawn))
    }

    /// Forgets the seeds of a user; how many there were.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn forget(&self, user: &UserId) -> Result<u64, DatabaseError> {
        records::remove_user(&self.database, user).await
    }

    /// Verifies an answer that the login form was open for.
    ///
    /// # Errors
    /// [`MatrixError`].
    pub async fn verify(
        &self,
        user: &UserStanding,
        answer: &SecretString,
        admission: Admission,
    ) -> Result<RightAnswer, MatrixError> {
        let shape = self.matrices.rules(user).shape;
        let (state, pattern) = self.matrices.pattern_of(Some(&user.user)).await?;
        let seeds = records::of_user(&self.database, user.user.as_str()).await?;
        let Compared { agreed, is_used } = self.compare(Some(&user.user), &seeds, &pattern, shape, answer)?;
        let (Some(state), Some(agreed)) = (state, agreed) else {
            return Err(if is_used && state.is_some() { MatrixError::Used } else { MatrixError::Wrong });
        };
        // Before anything else is looked at: a right answer is used up, whatever comes of it.
        if !records::take(&self.database, &user.user, agreed.seed, agreed.step).await? {
            return Err(MatrixError::Used);
        }
        let must_set = self.matrices.must_set(user, &state, &pattern)?;
        let credential = credential(state.id, &agreed.seed.approver);
        let proof = Proof::new(Method::TokenMatrix, user.user.clone(), credential, self.clock.now());
        Ok(RightAnswer { proof: proof.admitted(admission.services()), must_set })
    }

    /// Does the work of a verification for nobody, off tables of this size (R-102, T31).
    ///
    /// # Errors
    /// [`MatrixError::Database`], [`MatrixError::Seal`].
    pub async fn pretend(&self, shape: TableShape, answer: &SecretString) -> Result<(), MatrixError> {
        let (_nobody, pattern) = self.matrices.pattern_of(None).await?;
        // No user's name is empty.
        let seeds = records::of_user(&self.database, "").await?;
        self.compare(None, &seeds, &pattern, shape, answer).map(drop)
    }

    /// Compares an answer with the tables of every phone in each step that counts now, and with those of no phone where there are
    /// fewer than a user may have.
    fn compare<'a>(
        &self,
        user: Option<&UserId>,
        seeds: &'a [SeedRecord],
        pattern: &CellPattern,
        shape: TableShape,
        answer: &SecretString,
    ) -> Result<Compared<'a>, MatrixError> {
        let typed = reading::plain(answer.expose_secret());
        let now = derivation::step_at(self.clock.now().seconds());
        let mut compared = Compared::default();
        // Who has more phones than are allowed by now has registered them before.
        for number in 0..self.phones.load(Ordering::Relaxed).max(seeds.len()) {
            let kept = seeds.get(number);
            let seed = self.opened(user, kept)?;
            for step in now.saturating_sub(SKEW)..=now.saturating_add(SKEW) {
                let agrees = pattern.matches(&derivation::table(&seed, step, shape), typed.as_bytes());
                if let (Some(seed), true) = (kept, agrees) {
                    match step > seed.last_step {
                        true => compared.agreed = Some(Agreed { seed, step }),
                        false => compared.is_used = true,
                    }
                }
            }
        }
        Ok(compared)
    }

    fn opened(&self, user: Option<&UserId>, kept: Option<&SeedRecord>) -> Result<Zeroizing<[u8; SEED]>, SealError> {
        let opened = match (kept, user) {
            (Some(kept), Some(user)) => self.keys.open(&place(&kept.approver, user), &kept.sealed),
            _ => self.keys.open(NOBODYS, &self.dummy),
        };
        let seed = opened.and_then(|opened| opened.as_slice().try_into().map(Zeroizing::new).map_err(|_| SealError::Damaged));
        match seed {
            Err(error) if kept.is_some() => Err(error),
            // Nobody is answered like everybody, also where the dummy cannot be opened.
            seed => Ok(seed.unwrap_or_else(|_no_dummy| Zeroizing::new([0; SEED]))),
        }
    }

    /// The present pattern of a user, if `credential` of this method stands for it: by itself, or with a phone that still has a
    /// seed.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn proved(
        &self,
        user: &UserId,
        method: Method,
        proved: CredentialId,
    ) -> Result<Option<ProvedPattern>, DatabaseError> {
        let Some(state) = self.matrices.state(user).await? else { return Ok(None) };
        Ok(match method {
            Method::Matrix => (state.id == proved).then_some(ProvedPattern { state, phone: None }),
            Method::TokenMatrix => {
                let seeds = records::of_user(&self.database, user.as_str()).await?;
                let phone = seeds.into_iter().map(|seed| seed.approver).find(|phone| credential(state.id, phone) == proved);
                phone.map(|phone| ProvedPattern { state, phone: Some(phone) })
            }
            _ => None,
        })
    }

    /// What stands for the present pattern of a user read off this phone, whether the phone still has a seed or not.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn credential_of(&self, user: &UserId, phone: &ApproverId) -> Result<Option<CredentialId>, DatabaseError> {
        Ok(self.matrices.state(user).await?.map(|state| credential(state.id, phone)))
    }

    /// Makes a pattern a user's own, as [`Matrices::set`] does, in place of one that was proved in either way.
    ///
    /// # Errors
    /// [`MatrixError`].
    pub async fn set(
        &self,
        user: &UserId,
        pattern: &CellPattern,
        instead_of: &ProvedPattern,
    ) -> Result<Option<Successor>, MatrixError> {
        let successor = self.matrices.set(user, pattern, instead_of.state.id).await?;
        Ok(successor.map(|successor| match &instead_of.phone {
            None => successor,
            Some(phone) => {
                let of = |pattern: CredentialId| credential(pattern, phone);
                Successor::new(Method::TokenMatrix, user.clone(), of(successor.former), of(successor.present))
            }
        }))
    }
}

/// What evidence names: the pattern and the phone together, so that it ends with either of them.
fn credential(pattern: CredentialId, phone: &ApproverId) -> CredentialId {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"sekisho: a pattern read off a phone");
    context.update(&pattern.0);
    context.update(phone.as_str().as_bytes());
    let hash = context.finish();
    CredentialId(hash.as_ref().first_chunk::<16>().copied().unwrap_or_default())
}

/// What the dummy is sealed for.
const NOBODYS: &str = "token_seed/";

/// What a seed is sealed for.
fn place(phone: &ApproverId, user: &UserId) -> String {
    format!("token_seed/{phone}/{user}")
}
