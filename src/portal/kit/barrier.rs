//! The six marks that stand on every step of a sign-in: what is done, what is asked now, what is not needed here and what
//! is still to come. They come from the chain's own trace, so that the page always agrees with the chain.

use crate::chain::Check;
use crate::chain::policy::{Demands, Mode, Policy};
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
    /// The word that classes and message keys use.
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
    /// The marks of a trace. A check that was not evaluated is still to come if `policy` demands it of `user`.
    pub fn of(trace: &Trace, policy: &Policy, user: Option<&UserStanding>) -> Self {
        let mut marks = [CheckMark::NotNeeded; 6];
        for ((check, outcome), mark) in trace.iter().zip(marks.iter_mut()) {
            *mark = match outcome {
                Outcome::Ok => CheckMark::Done,
                Outcome::Fail(refusal) if refusal.asks() => CheckMark::Now,
                Outcome::Fail(_) => CheckMark::Stopped,
                Outcome::Observed(_) | Outcome::NotApplicable => CheckMark::NotNeeded,
                Outcome::NotEvaluated if policy.demands(user).any(|demands| demanded(demands, check, user)) => CheckMark::ToCome,
                Outcome::NotEvaluated => CheckMark::NotNeeded,
            };
        }
        Self(marks)
    }

    /// Check by check, with its number from 1.
    pub fn steps(&self) -> impl Iterator<Item = (usize, Check, CheckMark)> {
        (1..).zip(Check::ORDER).zip(self.0).map(|((number, check), mark)| (number, check, mark))
    }

    /// The step that is asked for, or that refused.
    pub fn here(&self) -> Option<(usize, Check, CheckMark)> {
        self.steps().find(|(_, _, mark)| matches!(mark, CheckMark::Now | CheckMark::Stopped))
    }
}

fn demanded(demands: &Demands, check: Check, user: Option<&UserStanding>) -> bool {
    let mode = match check {
        Check::IpRestriction => demands.ip_restriction.mode,
        Check::ClientCertificate if !demands.client_certificate.applies_to.concerns(user) => Mode::Off,
        Check::ClientCertificate => demands.client_certificate.mode,
        Check::DesktopSso => demands.desktop_sso.mode,
        Check::PrimaryFactor => demands.primary_factor.mode,
        Check::Cookie => demands.cookie.mode,
        Check::Otp => demands.otp.mode,
    };
    mode == Mode::Require
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::evidence::Gathered;
    use crate::chain::examine;
    use crate::chain::papers::Papers;
    use crate::chain::policy::{Otp, PrimaryFactor};
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
        assert_eq!(barrier.here().map(|(number, check, _)| (number, check)), Some((4, Check::PrimaryFactor)));
    }
}
