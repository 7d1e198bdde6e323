//! What one check found, before and after its mode is weighed.

use std::time::Duration;

use super::policy::Mode;
use super::refusal::Refusal;
use super::trace::Outcome;
use crate::principal::method::Methods;

/// What one check's file found, before its mode is weighed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding {
    pub(super) mode: Mode,
    pub(super) fault: Option<Refusal>,
    pub(super) methods: Methods,
    pub(super) max_age: Option<Duration>,
}

impl Finding {
    pub(super) const OFF: Self = Self { mode: Mode::Off, fault: None, methods: Methods::NONE, max_age: None };

    pub(super) const fn new(mode: Mode, fault: Option<Refusal>) -> Self {
        Self { mode, fault, methods: Methods::NONE, max_age: None }
    }
}

/// Where modes are weighed, once for all six.
pub(super) const fn weigh(finding: Finding) -> Outcome {
    match (finding.mode, finding.fault) {
        (Mode::Off, _) => Outcome::NotApplicable,
        (Mode::Observe | Mode::Offer | Mode::Require, None) => Outcome::Ok,
        (Mode::Observe, Some(refusal)) => Outcome::Observed(refusal),
        // Offered and not taken: the chain goes on, and the trace does not call it passed.
        (Mode::Offer, Some(_)) => Outcome::NotApplicable,
        (Mode::Require, Some(refusal)) => Outcome::Fail(refusal),
    }
}
