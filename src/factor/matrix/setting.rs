//! Setting a pattern: three entries off three tables that were drawn together (R-310… ). What was typed is sealed in
//! the short-lived state until the third entry; a pattern that is refused begins again with three new tables.
//! Invariant: an entry counts once, for the table that was shown for it.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::pattern::CellPattern;
use super::reading::{self, UnreadableEntry};
use super::rules::{PatternRules, UnfitPattern};
use super::table::Table;
use super::{Matrices, MatrixError};
use crate::principal::user::{UserId, UserStanding};
use crate::random::SharedRandom;
use crate::seal::MasterKeys;
use crate::store::shared::{Keyspace, SharedState};

/// How long setting a pattern may take.
pub const LIFETIME: Duration = Duration::from_secs(15 * 60);
/// How often a pattern is set.
pub const ENTRIES: usize = 3;

/// Why a pattern was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotTaken {
    /// The entries are no pattern.
    Unreadable(UnreadableEntry),
    /// The rules refuse it, for all of these reasons.
    Unfit(Vec<UnfitPattern>),
    /// It is the present one.
    AsBefore,
}

/// Where setting a pattern stands, for the page.
#[derive(Clone, Debug)]
pub struct SettingStep {
    /// Names it in the form.
    pub id: String,
    /// Which entry is asked for, from 1.
    pub entry: usize,
    /// The table to read it off.
    pub table: Table,
    /// Why the pattern before was not taken.
    pub problem: Option<NotTaken>,
}

/// What a form sends.
#[derive(Clone, Copy)]
pub struct SentEntry<'a> {
    /// [`SettingStep::id`].
    pub id: &'a str,
    /// [`SettingStep::entry`].
    pub entry: usize,
    /// What was typed.
    pub typed: &'a str,
}

debug_by_name!(SentEntry<'_>);

/// What came of an entry.
#[derive(Debug)]
pub enum Entered {
    /// The page shows the next step, or why all begins again.
    Next,
    /// Of another tab, or of a table that was used: the page shows where it stands.
    Stale,
    /// The third was right: this is the pattern, which nobody has yet.
    Complete(CellPattern),
}

#[derive(Serialize, Deserialize)]
struct SettingRecord {
    id: String,
    user: UserId,
    tables: [Table; 3],
    entries: Vec<String>,
    problem: Option<NotTaken>,
}

impl SettingRecord {
    fn step(&self) -> Option<SettingStep> {
        let (entry, table) = (self.entries.len(), self.tables.get(self.entries.len())?.clone());
        Some(SettingStep { id: self.id.clone(), entry: entry + 1, table, problem: self.problem.clone() })
    }
}

/// What is being set.
pub(super) struct PatternSettings {
    /// Sealed, since it holds what was typed.
    records: Keyspace<Vec<u8>>,
    keys: Arc<MasterKeys>,
    random: SharedRandom,
}

impl PatternSettings {
    pub(super) fn new(shared: &Arc<dyn SharedState>, keys: Arc<MasterKeys>, random: SharedRandom) -> Self {
        Self { records: Keyspace::new(Arc::clone(shared), "matrix_setting", LIFETIME), keys, random }
    }

    fn sealed(&self, place: &str, record: &SettingRecord) -> Result<Vec<u8>, MatrixError> {
        let json = zeroize::Zeroizing::new(serde_json::to_vec(record).unwrap_or_default());
        Ok(self.keys.seal(&*self.random, &format!("matrix_setting/{place}"), &json)?)
    }

    fn opened(&self, place: &str, sealed: &[u8]) -> Option<SettingRecord> {
        let json = self.keys.open(&format!("matrix_setting/{place}"), sealed).ok()?;
        serde_json::from_slice(&json).ok()
    }

    fn begun(&self, user: &UserId, rules: &PatternRules, problem: Option<NotTaken>) -> SettingRecord {
        SettingRecord {
            id: crate::random::base64url(&self.random.id()),
            user: user.clone(),
            tables: Table::draw_three(&*self.random, rules.shape),
            entries: Vec::new(),
            problem,
        }
    }
}

impl Matrices {
    /// Where setting a pattern stands at `place`, which names a browser and a sign-in or a session; it begins with this.
    ///
    /// # Errors
    /// [`MatrixError::Shared`], [`MatrixError::Seal`].
    pub async fn setting(&self, place: &str, user: &UserStanding) -> Result<SettingStep, MatrixError> {
        let (settings, rules) = (&self.settings, self.rules(user));
        let kept = settings.records.get(place).await?.and_then(|sealed| settings.opened(place, &sealed));
        let fits =
            |record: &SettingRecord| record.user == user.user && record.tables.iter().all(|table| table.shape() == rules.shape);
        if let Some(step) = kept.filter(fits).and_then(|record| record.step()) {
            return Ok(step);
        }
        let record = settings.begun(&user.user, &rules, None);
        settings.records.put(place, &settings.sealed(place, &record)?).await?;
        record.step().ok_or(MatrixError::Over)
    }

    /// Takes an entry.
    ///
    /// # Errors
    /// [`MatrixError`].
    pub async fn enter(&self, place: &str, user: &UserStanding, sent: SentEntry<'_>) -> Result<Entered, MatrixError> {
        let (settings, rules) = (&self.settings, self.rules(user));
        // Of two entries at once one finds it here.
        let Some(sealed) = settings.records.take(place).await? else { return Ok(Entered::Stale) };
        let is_meant =
            |record: &SettingRecord| record.user == user.user && record.id == sent.id && record.entries.len() + 1 == sent.entry;
        let Some(mut record) = settings.opened(place, &sealed) else { return Ok(Entered::Stale) };
        if !is_meant(&record) {
            settings.records.put_new(place, &sealed).await?;
            return Ok(Entered::Stale);
        }
        let again = |problem| settings.begun(&user.user, &rules, Some(problem));
        let typed = reading::plain(sent.typed);
        let next = match reading::judge_entry(&typed) {
            Err(unreadable) => again(NotTaken::Unreadable(unreadable)),
            Ok(()) => {
                record.problem = None;
                record.entries.push(typed.to_string());
                match record.entries.as_slice() {
                    [first, second, third] => match reading::read(&record.tables, [first, second, third]) {
                        Err(unreadable) => again(NotTaken::Unreadable(unreadable)),
                        Ok(pattern) => match self.refuses(user, &rules, &pattern).await? {
                            Some(problem) => again(problem),
                            None => return Ok(Entered::Complete(pattern)),
                        },
                    },
                    _ => record,
                }
            }
        };
        settings.records.put(place, &settings.sealed(place, &next)?).await?;
        Ok(Entered::Next)
    }

    /// Begins again without a word: what was typed at `place` is forgotten.
    ///
    /// # Errors
    /// [`MatrixError::Shared`].
    pub async fn leave_setting(&self, place: &str) -> Result<(), MatrixError> {
        Ok(self.settings.records.take(place).await.map(drop)?)
    }

    async fn refuses(
        &self,
        user: &UserStanding,
        rules: &PatternRules,
        pattern: &CellPattern,
    ) -> Result<Option<NotTaken>, MatrixError> {
        let unfit = rules.judge(pattern);
        if !unfit.is_empty() {
            return Ok(Some(NotTaken::Unfit(unfit)));
        }
        let present = super::records::find(&self.database, user.user.as_str()).await?;
        let present = present.map(|record| self.opened(&user.user, &record.sealed)).transpose()?;
        Ok((present.as_ref() == Some(pattern)).then_some(NotTaken::AsBefore))
    }
}
