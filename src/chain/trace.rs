//! What all six checks said, always six: the same in the audit log, in `explain` and in the API.

use super::refusal::Refusal;
use super::{Check, Examination, Verdict};

/// What one check said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Passed.
    Ok,
    /// Did not pass; the chain ends here.
    Fail(Refusal),
    /// Would not have passed, but is only observed (staged roll-out, R-137…R-144).
    Observed(Refusal),
    /// Not demanded here.
    NotApplicable,
    /// An earlier check did not pass.
    NotEvaluated,
}

impl Outcome {
    /// The stable word: `ok`, `fail`, `observed`, `not_applicable` or `not_evaluated`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Fail(_) => "fail",
            Self::Observed(_) => "observed",
            Self::NotApplicable => "not_applicable",
            Self::NotEvaluated => "not_evaluated",
        }
    }

    /// The refusal behind `fail` and `observed`.
    pub const fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Fail(refusal) | Self::Observed(refusal) => Some(refusal),
            Self::Ok | Self::NotApplicable | Self::NotEvaluated => None,
        }
    }
}

/// The outcomes of the six checks, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace(pub(super) [Outcome; 6]);

impl Trace {
    /// That the check of `refusal` does not pass after all, and none behind it was come to.
    pub(super) fn refused(mut self, refusal: Refusal) -> Examination {
        for (check, outcome) in Check::ORDER.into_iter().zip(self.0.iter_mut()).skip(refusal.check() as usize) {
            *outcome = if check == refusal.check() { Outcome::Fail(refusal) } else { Outcome::NotEvaluated };
        }
        Examination { verdict: Verdict::Refuse(refusal), trace: self }
    }

    /// What `check` said.
    pub fn of(&self, check: Check) -> Outcome {
        self.0.get(check as usize).copied().unwrap_or(Outcome::NotEvaluated)
    }

    /// Check by check.
    pub fn iter(&self) -> impl Iterator<Item = (Check, Outcome)> {
        Check::ORDER.into_iter().zip(self.0)
    }

    /// The first check that did not pass, and why.
    pub fn failed(&self) -> Option<(Check, Refusal)> {
        self.iter().find_map(|(check, outcome)| match outcome {
            Outcome::Fail(refusal) => Some((check, refusal)),
            Outcome::Ok | Outcome::Observed(_) | Outcome::NotApplicable | Outcome::NotEvaluated => None,
        })
    }
}
