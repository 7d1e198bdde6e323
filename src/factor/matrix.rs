//! One-time passwords that are read along a pattern off a table of digits. A table is drawn for each attempt, without
//! knowing for whom; the page carries it, sealed for the browser and the sign-in that it was drawn for. It is good for one
//! answer within three minutes, in this process. Patterns are sealed at rest: they must be read to be checked.
//! Invariant: a table is used up before anything of its answer is looked at, and nobody's answer costs what somebody's does.

pub mod pattern;
mod policy;
pub mod reading;
mod records;
pub mod rules;
pub mod setting;
pub mod shape;
pub mod table;
#[cfg(test)]
mod tests;

pub use self::policy::MatrixPolicy;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret as _, SecretString};

use self::pattern::CellPattern;
use self::rules::{PatternRules, UnfitPattern};
use self::setting::PatternSettings;
use self::shape::TableShape;
use self::table::Table;
use super::{Proof, Successor};
use crate::clock::{SharedClock, Timestamp};
use crate::login_protect::Admission;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::{UserId, UserStanding};
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, SealError, TokenHash};
use crate::store::database::{Database, DatabaseError};
use crate::store::shared::{Keyspace, SharedState, SharedStateError};

/// How long a table may be read.
pub const LIFETIME: Duration = Duration::from_secs(180);
/// The longest sealed table, as text.
const LONGEST_TABLE: usize = 512;

/// Why an answer proved nothing.
#[derive(Debug, thiserror::Error)]
pub enum MatrixError {
    /// It is wrong, or there is nobody of that name, or the user has no pattern: the caller does not learn which.
    #[error("verify the answer: it is wrong")]
    Wrong,
    /// The initial pattern is right and too old.
    #[error("verify the answer: the initial pattern has expired")]
    Expired,
    /// The table was used, has ended, or is another sign-in's.
    #[error("verify the answer: its table was used, has expired or belongs to another sign-in")]
    Over,
    /// It is right, and an answer to this table of a phone, or to a later one, was accepted before.
    #[error("verify the answer: the table of this phone was used")]
    Used,
    /// Hardly any pattern meets the rules.
    #[error("draw a pattern: hardly any meets the rules of `[matrix]`; allow longer ones, larger tables or fewer restrictions")]
    NoneDrawn,
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
    /// The seal.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// A table for a page: what is shown, and what the form brings back.
#[derive(Clone, Debug)]
pub struct ShownTable {
    /// The digits.
    pub table: Table,
    /// The table, sealed.
    pub sealed: String,
}

/// A table that was taken for one answer: made by [`Matrices::take`] alone.
#[derive(Debug)]
#[must_use]
pub struct TakenTable(Table);

/// A right answer.
#[derive(Debug)]
pub struct RightAnswer {
    /// What it proves.
    pub proof: Proof,
    /// Why another pattern must be set before anything else.
    pub must_set: Option<MustSet>,
}

/// Why another pattern must be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MustSet {
    /// It was drawn by the server.
    Initial,
    /// The rules changed, and it does not meet them.
    Unfit,
}

impl MustSet {
    /// The word in the audit log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Unfit => "unfit",
        }
    }
}

/// How the pattern of a user stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternState {
    /// Names it in evidence.
    pub id: CredentialId,
    /// Whether it is the one that the server drew.
    pub initial: bool,
    /// Since when.
    pub changed_at: Timestamp,
    /// Until when an initial one may be used.
    pub expires_at: Option<Timestamp>,
}

/// An initial pattern that was drawn.
#[derive(Debug)]
pub struct InitialPattern {
    /// The pattern.
    pub pattern: CellPattern,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// Patterns and tables.
pub struct Matrices {
    database: Database,
    keys: Arc<MasterKeys>,
    /// Tables that were used, until they would have ended.
    used: Keyspace<()>,
    settings: PatternSettings,
    policy: ArcSwap<MatrixPolicy>,
    clock: SharedClock,
    random: SharedRandom,
    /// What tables of this process are sealed for: what was used is forgotten with the process.
    instance: String,
    /// What is opened and compared where there is nobody: no answer is right by it, whatever the rules are.
    dummy: Vec<u8>,
}

impl fmt::Debug for Matrices {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Matrices")
    }
}

impl Matrices {
    /// Under these rules.
    pub fn new(
        database: Database,
        keys: Arc<MasterKeys>,
        shared: &Arc<dyn SharedState>,
        policy: MatrixPolicy,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Self {
        let dummy = keys.seal(&*random, &place(None), &CellPattern::of_nobody().bytes()).unwrap_or_default();
        Self {
            used: Keyspace::new(Arc::clone(shared), "matrix_used", LIFETIME),
            settings: PatternSettings::new(shared, Arc::clone(&keys), Arc::clone(&random)),
            policy: ArcSwap::from_pointee(policy),
            instance: crate::random::base64url(&random.id()),
            database,
            keys,
            clock,
            random,
            dummy,
        }
    }

    /// Takes over changed rules.
    pub fn configure(&self, policy: MatrixPolicy) {
        self.policy.store(Arc::new(policy));
    }

    /// The rules for a user.
    pub fn rules(&self, user: &UserStanding) -> Arc<PatternRules> {
        self.policy.load().of(user)
    }

    /// The rules for users of no group that has others.
    pub fn base_rules(&self) -> Arc<PatternRules> {
        Arc::clone(self.policy.load().base())
    }

    /// The one size that all tables have; `None` where it depends on the user.
    pub fn only_shape(&self) -> Option<TableShape> {
        self.policy.load().only_shape()
    }

    /// The size of the table for a name that was typed. A name that nobody has gets one of the sizes, always the same.
    pub fn shape_for(&self, name: &str, user: Option<&UserStanding>) -> TableShape {
        let policy = self.policy.load();
        match user {
            Some(user) => policy.of(user).shape,
            None => {
                let tag = aws_lc_rs::hmac::sign(&self.keys.derive("matrix_shape"), UserId::spelling(name).as_bytes());
                policy.shape_of_nobody(tag.as_ref().first().copied().unwrap_or_default())
            }
        }
    }

    /// Draws a table for one answer. `place` names the browser and the sign-in that it is for.
    ///
    /// # Errors
    /// [`MatrixError::Seal`].
    pub fn show(&self, place: &str, shape: TableShape) -> Result<ShownTable, MatrixError> {
        let table = Table::draw(&*self.random, shape);
        let mut bytes = self.clock.now().millis().to_be_bytes().to_vec();
        bytes.extend(table.bytes());
        let sealed = self.keys.seal(&*self.random, &self.place_of_table(place), &bytes)?;
        Ok(ShownTable { table, sealed: BASE64URL_NOPAD.encode(&sealed) })
    }

    /// Takes a table for its one answer: of any number of callers one gets it.
    ///
    /// # Errors
    /// [`MatrixError::Over`], [`MatrixError::Shared`].
    pub async fn take(&self, place: &str, sealed: &str) -> Result<TakenTable, MatrixError> {
        let bytes = Some(sealed).filter(|sealed| sealed.len() <= LONGEST_TABLE);
        let bytes = bytes.and_then(|sealed| BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()).ok_or(MatrixError::Over)?;
        let opened = self.keys.open(&self.place_of_table(place), &bytes).map_err(|_not_ours| MatrixError::Over)?;
        let (drawn, table) = opened.split_first_chunk::<8>().ok_or(MatrixError::Over)?;
        let (drawn, now) = (Timestamp::from_millis(i64::from_be_bytes(*drawn)), self.clock.now());
        let table = Table::from_bytes(table).filter(|_| now < drawn.plus(LIFETIME)).ok_or(MatrixError::Over)?;
        // Of the bytes, not of the text: one table has one name.
        let name = crate::random::base64url(TokenHash::of(&bytes).as_bytes());
        if self.used.put_new(&name, &()).await? { Ok(TakenTable(table)) } else { Err(MatrixError::Over) }
    }

    /// Verifies an answer that the login form was open for.
    ///
    /// # Errors
    /// [`MatrixError`].
    pub async fn verify(
        &self,
        user: &UserStanding,
        table: TakenTable,
        answer: &SecretString,
        admission: Admission,
    ) -> Result<RightAnswer, MatrixError> {
        let (state, pattern) = self.pattern_of(Some(&user.user)).await?;
        let is_right = pattern.matches(&table.0, reading::plain(answer.expose_secret()).as_bytes());
        let (Some(state), true) = (state, is_right) else { return Err(MatrixError::Wrong) };
        let must_set = self.must_set(user, &state, &pattern)?;
        let proof = Proof::new(Method::Matrix, user.user.clone(), state.id, self.clock.now()).admitted(admission.services());
        Ok(RightAnswer { proof, must_set })
    }

    /// Does the work of a verification for nobody (R-102, T31).
    ///
    /// # Errors
    /// [`MatrixError::Database`], [`MatrixError::Seal`].
    pub async fn pretend(&self, table: &TakenTable, answer: &SecretString) -> Result<(), MatrixError> {
        let (_nobody, pattern) = self.pattern_of(None).await?;
        let _answered_alike = pattern.matches(&table.0, reading::plain(answer.expose_secret()).as_bytes());
        Ok(())
    }

    /// A user's pattern, or the one that is nobody's: the same work for both. What is read off a table by the latter is no answer.
    ///
    /// # Errors
    /// [`MatrixError::Database`], [`MatrixError::Seal`].
    pub(in crate::factor) async fn pattern_of(
        &self,
        user: Option<&UserId>,
    ) -> Result<(Option<PatternState>, CellPattern), MatrixError> {
        // No user's name is empty.
        let kept = records::find(&self.database, user.map_or("", UserId::as_str)).await?;
        let state = kept.as_ref().map(|record| record.state);
        let (place, sealed) = match kept {
            Some(record) => (place(user), record.sealed),
            None => (place(None), self.dummy.clone()),
        };
        let opened =
            self.keys.open(&place, &sealed).and_then(|opened| CellPattern::from_bytes(&opened).ok_or(SealError::Damaged));
        match opened {
            Err(error) if state.is_some() => Err(error.into()),
            // Nobody is answered like everybody, also where the dummy cannot be opened.
            opened => Ok((state, opened.unwrap_or_else(|_no_dummy| CellPattern::of_nobody()))),
        }
    }

    /// Why the pattern of a right answer must be changed before anything else, if it must.
    ///
    /// # Errors
    /// [`MatrixError::Expired`].
    pub(in crate::factor) fn must_set(
        &self,
        user: &UserStanding,
        state: &PatternState,
        pattern: &CellPattern,
    ) -> Result<Option<MustSet>, MatrixError> {
        if state.expires_at.is_some_and(|end| end <= self.clock.now()) {
            return Err(MatrixError::Expired);
        }
        Ok(match state.initial {
            true => Some(MustSet::Initial),
            false => (!self.rules(user).judge(pattern).is_empty()).then_some(MustSet::Unfit),
        })
    }

    /// Draws an initial pattern for a user; the former one signs nobody in any more.
    ///
    /// # Errors
    /// [`MatrixError`]. The rules were tried when the config was read, so that [`MatrixError::NoneDrawn`] is out of the question.
    pub async fn issue(&self, user: &UserStanding) -> Result<InitialPattern, MatrixError> {
        let pattern = self.rules(user).draw(&*self.random).ok_or(MatrixError::NoneDrawn)?;
        let expires_at = self.clock.now().plus(self.policy.load().initial_lifetime());
        let state = PatternState { initial: true, expires_at: Some(expires_at), ..self.new_state() };
        records::put(&self.database, &user.user, &self.sealed(&user.user, &pattern)?, &state).await?;
        Ok(InitialPattern { pattern, expires_at })
    }

    /// The initial pattern of a user, as long as no other is set: to print its notice once more.
    ///
    /// # Errors
    /// [`MatrixError`].
    pub async fn initial(&self, user: &UserId) -> Result<Option<InitialPattern>, MatrixError> {
        let Some(record) = records::find(&self.database, user.as_str()).await? else { return Ok(None) };
        let Some(expires_at) = record.state.expires_at.filter(|end| record.state.initial && *end > self.clock.now()) else {
            return Ok(None);
        };
        Ok(Some(InitialPattern { pattern: self.opened(user, &record.sealed)?, expires_at }))
    }

    /// Makes a pattern a user's own. `instead_of` is the one that was proved for it. Each change makes another credential, so that
    /// of any number of changes that were proved by one pattern the first one counts, and what others proved by it counts no
    /// more. `None`: the user has another one by now, and nothing changes.
    ///
    /// # Errors
    /// [`MatrixError`].
    pub async fn set(
        &self,
        user: &UserId,
        pattern: &CellPattern,
        instead_of: CredentialId,
    ) -> Result<Option<Successor>, MatrixError> {
        let state = self.new_state();
        let is_set = records::replace(&self.database, user, &self.sealed(user, pattern)?, &state, instead_of).await?;
        Ok(is_set.then(|| Successor::new(Method::Matrix, user.clone(), instead_of, state.id)))
    }

    /// Removes a user's pattern; whether there was one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove(&self, user: &UserId) -> Result<bool, DatabaseError> {
        records::remove(&self.database, user).await
    }

    /// How a user's pattern stands; `None` without one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn state(&self, user: &UserId) -> Result<Option<PatternState>, DatabaseError> {
        Ok(records::find(&self.database, user.as_str()).await?.map(|record| record.state))
    }

    /// How the patterns of all users stand.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn states(&self) -> Result<Vec<(UserId, PatternState)>, DatabaseError> {
        records::all(&self.database).await
    }

    /// What the rules of this moment say against a user's pattern; nothing where there is none.
    ///
    /// # Errors
    /// [`MatrixError`].
    pub async fn unfit(&self, user: &UserStanding) -> Result<Vec<UnfitPattern>, MatrixError> {
        match records::find(&self.database, user.user.as_str()).await? {
            Some(record) => Ok(self.rules(user).judge(&self.opened(&user.user, &record.sealed)?)),
            None => Ok(Vec::new()),
        }
    }

    fn new_state(&self) -> PatternState {
        let id = CredentialId(self.random.id());
        PatternState { id, initial: false, changed_at: self.clock.now(), expires_at: None }
    }

    fn sealed(&self, user: &UserId, pattern: &CellPattern) -> Result<Vec<u8>, SealError> {
        self.keys.seal(&*self.random, &place(Some(user)), &pattern.bytes())
    }

    fn opened(&self, user: &UserId, sealed: &[u8]) -> Result<CellPattern, SealError> {
        CellPattern::from_bytes(&self.keys.open(&place(Some(user)), sealed)?).ok_or(SealError::Damaged)
    }

    fn place_of_table(&self, place: &str) -> String {
        format!("matrix_table/{}/{place}", self.instance)
    }
}

/// What a pattern is sealed for.
fn place(user: Option<&UserId>) -> String {
    format!("matrix/{}", user.map_or("", UserId::as_str))
}
