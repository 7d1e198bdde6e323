//! The marks that stand on every step of a sign-in: of those of the six checks that count here what is done, what is asked
//! now and what is still to come. They come from the chain's own trace, so that the page always agrees with the chain.

use crate::chain::Check;
use crate::chain::policy::Policy;
use crate::chain::policy::selection::Selected;
use crate::chain::trace::{Outcome, Trace};
use crate::principal::user::UserStanding;

/// How one check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckMark {
    /// Passed.
    Done,
    /// Asked for on this page.
    Now,
    /// Not demanded here.
    NotNeeded,
    /// Demanded, after this one.
    ToCome,
    /// Refused; the way ends here.
    Stopped,
}

impl CheckMark {
    /// The word that classes use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::NotNeeded => "not-needed",
            Self::ToCome => "to-come",
            Self::Stopped => "stopped",
        }
    }
}

/// The six marks, in the order of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Barrier(pub [CheckMark; 6]);

impl Barrier {
    /// The marks of a trace. A check that was not evaluated is still to come if `policy` requires it of `user`.
    pub fn of(trace: &Trace, policy: &Policy, user: Option<&UserStanding>) -> Self {
        Self::marked(trace, Selected::of(policy, None).required(user))
    }

    /// The same, with the checks that are required, in their order.
    pub fn marked(trace: &Trace, required: [bool; 6]) -> Self {
        let mut marks = [CheckMark::NotNeeded; 6];
        for (((_, outcome), mark), is_required) in trace.iter().zip(marks.iter_mut()).zip(required) {
            *mark = match outcome {
                Outcome::Ok => CheckMark::Done,
                Outcome::Fail(refusal) if refusal.asks() => CheckMark::Now,
                Outcome::Fail(_) => CheckMark::Stopped,
                Outcome::NotEvaluated if is_required => CheckMark::ToCome,
                Outcome::Observed(_) | Outcome::NotApplicable | Outcome::NotEvaluated => CheckMark::NotNeeded,
            };
        }
        Self(marks)
    }

    /// The steps of this sign-in: the checks that count here, with their number among these from 1.
    pub fn steps(&self) -> impl Iterator<Item = (usize, Check, CheckMark)> + Clone {
        let counted = Check::ORDER.into_iter().zip(self.0).filter(|(_, mark)| *mark != CheckMark::NotNeeded);
        (1..).zip(counted).map(|(number, (check, mark))| (number, check, mark))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.steps().count()
    }

    /// Whether the steps say anything: one that is asked for says it by its page.
    pub fn is_shown(&self) -> bool {
        self.count() > 1 || self.0.contains(&CheckMark::Stopped)
    }

    /// The step that is asked for, or that refused.
    pub fn here(&self) -> Option<(usize, Check, CheckMark)> {
        self.steps().find(|(_, _, mark)| matches!(mark, CheckMark::Now | CheckMark::Stopped))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::evidence::Gathered;
    use crate::chain::examine;
    use crate::chain::papers::Papers;
    use crate::chain::policy::{Demands, IpRestriction, Mode, Otp, PrimaryFactor};
    use crate::clock::Timestamp;
    use crate::facts::client_address::ClientAddress;
    use crate::principal::method::Methods;
    use crate::principal::networks::AddressLists;

    #[test]
    fn the_marks_say_what_the_chain_says() {
        let policy = Policy {
            base: Demands {
                primary_factor: PrimaryFactor { mode: Mode::Require, methods: Methods::ANY, ..PrimaryFactor::default() },
                otp: Otp { mode: Mode::Require, methods: Methods::ANY, ..Otp::default() },
                ..Demands::default()
            },
            ..Policy::default()
        };
        let papers = Papers {
            address: ClientAddress::new([192, 0, 2, 1].into()),
            lists: &AddressLists::default(),
            certificate: None,
            holder: None,
            bound_certificate: None,
            user: None,
            evidence: &Gathered::none(),
            bound_browser: false,
            now: Timestamp::from_seconds(0),
        };
        let barrier = Barrier::of(&examine(&policy, &papers).trace, &policy, None);
        use crate::portal::kit::barrier::CheckMark::{NotNeeded, Now, ToCome};
        assert_eq!(barrier.0, [NotNeeded, NotNeeded, NotNeeded, Now, NotNeeded, ToCome]);
        // People count the steps that there are: the fourth check is the first of two.
        assert_eq!(barrier.here().map(|(number, check, _)| (number, check)), Some((1, Check::PrimaryFactor)));
        assert_eq!(barrier.count(), 2);
        assert_eq!(barrier.steps().last(), Some((2, Check::Otp, ToCome)));
    }

    #[test]
    fn a_refusal_shows_no_step_that_was_never_to_come() {
        use crate::portal::kit::barrier::CheckMark::{NotNeeded, Stopped, ToCome};
        let policy = Policy {
            base: Demands {
                ip_restriction: IpRestriction {
                    mode: Mode::Require,
                    deny: ["192.0.2.0/24".parse().unwrap()].into(),
                    ..IpRestriction::default()
                },
                primary_factor: PrimaryFactor { mode: Mode::Require, methods: Methods::ANY, ..PrimaryFactor::default() },
                otp: Otp { mode: Mode::Observe, methods: Methods::ANY, ..Otp::default() },
                ..Demands::default()
            },
            ..Policy::default()
        };
        let papers = Papers {
            address: ClientAddress::new([192, 0, 2, 1].into()),
            lists: &AddressLists::default(),
            certificate: None,
            holder: None,
            bound_certificate: None,
            user: None,
            evidence: &Gathered::none(),
            bound_browser: false,
            now: Timestamp::from_seconds(0),
        };
        let barrier = Barrier::of(&examine(&policy, &papers).trace, &policy, None);
        assert_eq!(barrier.0, [Stopped, NotNeeded, NotNeeded, ToCome, NotNeeded, NotNeeded]);
    }
}
