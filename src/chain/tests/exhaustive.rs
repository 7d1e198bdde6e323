//! The whole of: every kind of evidence against every vector of modes.

use super::{NOW, World, demanding, gather};
use crate::chain::evidence::Gathered;
use crate::chain::policy::Mode;
use crate::chain::trace::Outcome;
use crate::chain::{Check, Examination, Verdict};
use crate::clock::Timestamp;
use crate::principal::method::Method;

/// How one kind of evidence may be: what is proved of it, and whether it is good.
type Kinds = &'static [(Option<(Method, bool)>, bool)];

const OLD: bool = true;
const FRESH: bool = false;
const TICKETS: Kinds = &[(None, false), (Some((Method::Kerberos, FRESH)), true), (Some((Method::Password, FRESH)), false)];
const PRIMARIES: Kinds = &[
    (None, false),
    (Some((Method::Password, FRESH)), true),
    (Some((Method::Idp, FRESH)), false),
    (Some((Method::Password, OLD)), false),
];
const BROWSERS: Kinds =
    &[(None, false), (Some((Method::BrowserByOtp, OLD)), true), (Some((Method::BrowserByLink, FRESH)), false)];
const CODES: Kinds = &[
    (None, false),
    (Some((Method::Totp, FRESH)), true),
    (Some((Method::RecoveryCode, FRESH)), false),
    (Some((Method::Totp, OLD)), false),
];

/// Every vector of modes; `offer` for desktop_sso alone, since the config allows it there alone.
fn every_mode_vector() -> Vec<[Mode; 6]> {
    let mut vectors = vec![[Mode::Off; 6]];
    for place in 0..6 {
        let modes: &[Mode] = match place {
            2 => &[Mode::Off, Mode::Observe, Mode::Offer, Mode::Require],
            _ => &[Mode::Off, Mode::Observe, Mode::Require],
        };
        vectors = vectors
            .iter()
            .flat_map(|vector| {
                modes.iter().map(move |mode| {
                    let mut vector = *vector;
                    vector[place] = *mode;
                    vector
                })
            })
            .collect();
    }
    vectors
}

/// Pass if and only if every required check has its own evidence; the trace is a prefix; what is asked
/// is the first that is missing.
#[test]
fn nobody_passes_with_a_paper_missing_r_034_r_035_a_02() {
    let mut worlds = Vec::new();
    for address_is_good in [false, true] {
        for certificate_is_good in [false, true] {
            for (ticket, ticket_is_good) in TICKETS {
                for (primary, primary_is_good) in PRIMARIES {
                    for (browser, browser_is_good) in BROWSERS {
                        for (code, code_is_good) in CODES {
                            let mut world = World::good();
                            world.address = if address_is_good { "10.9.9.9" } else { "192.0.2.1" }.parse().unwrap();
                            world.standing.enabled = certificate_is_good;
                            world.evidence = Gathered::none();
                            for (check, piece) in [
                                (Check::DesktopSso, ticket),
                                (Check::PrimaryFactor, primary),
                                (Check::Cookie, browser),
                                (Check::Otp, code),
                            ] {
                                if let Some((method, old)) = piece {
                                    let at = Timestamp::from_seconds(NOW.seconds() - if *old { 7200 } else { 60 });
                                    gather(&mut world.evidence, "alice", check, *method, at);
                                }
                            }
                            worlds.push((
                                world,
                                [
                                    address_is_good,
                                    certificate_is_good,
                                    *ticket_is_good,
                                    *primary_is_good,
                                    *browser_is_good,
                                    *code_is_good,
                                ],
                            ));
                        }
                    }
                }
            }
        }
    }
    let vectors = every_mode_vector();
    assert_eq!((worlds.len(), vectors.len()), (576, 972));
    for modes in vectors {
        let policy = demanding(modes);
        for (world, good) in &mut worlds {
            world.policy.clone_from(&policy);
            holds(modes, *good, &world.examine());
        }
    }
}

fn holds(modes: [Mode; 6], good: [bool; 6], examination: &Examination) {
    let first_missing = (0..6).find(|place| modes[*place] == Mode::Require && !good[*place]);
    match (&examination.verdict, first_missing) {
        (Verdict::Pass(_), None) => {}
        (Verdict::Ask(turn), Some(place)) => {
            assert!(place >= 2, "{modes:?} {good:?}");
            assert_eq!(turn.check(), Check::ORDER[place], "{modes:?} {good:?}");
            assert_eq!(turn.refusal().check(), Check::ORDER[place]);
            assert!(!turn.methods().is_empty());
        }
        (Verdict::Refuse(refusal), Some(place)) => {
            assert!(place < 2, "{modes:?} {good:?}");
            assert_eq!(refusal.check(), Check::ORDER[place], "{modes:?} {good:?}");
        }
        (verdict, expected) => panic!("{modes:?} {good:?}: {verdict:?}, the first missing is {expected:?}"),
    }
    let mut count = 0;
    for (place, (check, outcome)) in examination.trace.iter().enumerate() {
        let fits = match outcome {
            _ if first_missing.is_some_and(|first| place > first) => outcome == Outcome::NotEvaluated,
            Outcome::NotEvaluated => false,
            Outcome::Fail(refusal) => first_missing == Some(place) && refusal.check() == check,
            Outcome::Ok => good[place] && modes[place] != Mode::Off,
            Outcome::Observed(refusal) => modes[place] == Mode::Observe && !good[place] && refusal.check() == check,
            Outcome::NotApplicable => modes[place] == Mode::Off || (modes[place] == Mode::Offer && !good[place]),
        };
        assert!(fits, "{modes:?} {good:?}: {check:?} says {outcome:?}");
        count += 1;
    }
    assert_eq!(count, 6);
    assert_eq!(examination.trace.failed().map(|(check, _)| check), first_missing.map(|place| Check::ORDER[place]));
}
