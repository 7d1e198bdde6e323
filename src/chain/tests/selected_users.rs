//! A certificate demanded of the users who were selected, as tests: whom it concerns, from when on, and that nobody else is asked.

use super::{HOUR, NOW, World, addition, demanding, standing, user};
use crate::chain::evidence::Gathered;
use crate::chain::policy::applies_to::AppliesTo;
use crate::chain::policy::rules::AppPolicy;
use crate::chain::policy::{Mode, Whom};
use crate::chain::refusal::Refusal;
use crate::chain::trace::Outcome;
use crate::chain::{Check, Verdict, bound_to, examine};
use crate::clock::Timestamp;
use crate::principal::certificate::{Fingerprint, Holder, TrustSet};
use crate::principal::certificate_setting::CertificateSetting::{self, Accepted, Refused, Required};

/// A request that is good, of a user with this setting, at a policy that demands a certificate of selected users.
fn world(setting: CertificateSetting, by_group: bool) -> World {
    World::good().but(|world| {
        world.policy.base.client_certificate.applies_to = AppliesTo::SelectedUsers;
        for standing in [world.user.as_mut(), world.holder.as_mut()].into_iter().flatten() {
            (standing.certificates, standing.certificates_by_group) = (setting, by_group);
        }
    })
}

fn outcome(world: &World) -> Outcome {
    world.examine().trace.of(Check::ClientCertificate)
}

const EVERY: [CertificateSetting; 3] = [Required, Accepted, Refused];

#[test]
fn whom_a_certificate_is_demanded_of_and_whose_counts_as_a_table_r_229_r_231_r_247() {
    for setting in EVERY {
        for by_group in [false, true] {
            for shown in [false, true] {
                for enabled in [false, true] {
                    for in_period in [false, true] {
                        let world = world(setting, by_group).but(|world| {
                            world.standing.enabled = enabled;
                            world.standing.not_after = if in_period { NOW.plus(HOUR) } else { Timestamp::from_millis(0) };
                            if !shown {
                                world.shown = None;
                            }
                        });
                        let is_selected = by_group || setting == Required;
                        let is_good = shown && enabled && in_period && setting != Refused;
                        let row = format!("{setting:?} {by_group} {shown} {enabled} {in_period}");
                        assert_eq!(world.refusal().is_none(), is_good || !is_selected, "{row}");
                        // What is seen to have passed is what would pass where it is demanded of everyone.
                        assert_eq!(outcome(&world) == Outcome::Ok, is_good, "{row}");
                        let everyone = world.but(|world| world.policy.base.client_certificate.applies_to = AppliesTo::Everyone);
                        assert_eq!(everyone.refusal().is_none(), is_good, "{row}");
                    }
                }
            }
        }
    }
}

#[test]
fn until_it_is_known_who_asks_nothing_is_demanded_and_a_typed_name_makes_no_difference_t31() {
    for setting in EVERY {
        for named in [false, true] {
            let nobody = world(setting, false).without(&Check::ORDER).but(|world| {
                (world.shown, world.holder) = (None, None);
                world.policy = super::Policy { base: world.policy.base.clone(), ..demanding([Mode::Require; 6]) };
                world.policy.base.desktop_sso.mode = Mode::Off;
                if !named {
                    world.user = None;
                }
            });
            assert_eq!((nobody.refusal(), outcome(&nobody)), (Some(Refusal::PrimaryFactorMissing), Outcome::NotApplicable));
        }
    }
    // Once the password was right it is demanded, before anything that comes later is asked for.
    let signed_in = world(Required, false).without(&[Check::Cookie, Check::Otp]).but(|world| world.shown = None);
    assert_eq!(signed_in.refusal(), Some(Refusal::CertificateMissing));
    assert_eq!(
        world(Accepted, false).without(&[Check::Cookie]).but(|world| world.shown = None).refusal(),
        Some(Refusal::BrowserNotRegistered)
    );
}

#[test]
fn of_whom_nothing_is_demanded_a_bad_certificate_shuts_nobody_out_r_245() {
    type Spoil = fn(&mut World);
    let rows: [(Spoil, Refusal); 5] = [
        (|world| world.standing.trusted_by = TrustSet(2), Refusal::CertificateUntrusted),
        (|world| world.standing.not_after = Timestamp::from_millis(0), Refusal::CertificateExpired),
        (|world| world.standing.enabled = false, Refusal::CertificateDisabled),
        (|world| world.standing.holder = Holder::User(user("bob")), Refusal::CertificateOfAnotherUser),
        (|world| world.bound = Some(Fingerprint([9; 32])), Refusal::CertificateChanged),
    ];
    for (spoil, refusal) in rows {
        let other = world(Accepted, false).but(spoil);
        assert_eq!((other.refusal(), outcome(&other)), (None, Outcome::NotApplicable), "{refusal:?}");
        assert_eq!(world(Required, false).but(spoil).refusal(), Some(refusal));
    }
    // Whose device it is says nothing of who sits before it.
    let bob = world(Required, false).but(|world| {
        let mut evidence = Gathered::none();
        for (check, method) in super::GOOD {
            super::gather(&mut evidence, "bob", check, method, NOW);
        }
        (world.user, world.evidence) = (Some(standing("bob")), evidence);
    });
    assert_eq!(bob.refusal(), None);
}

#[test]
fn what_is_only_observed_of_selected_users_is_seen_of_them_alone_and_hidden_by_nothing() {
    let observed = |setting| {
        world(setting, false).but(|world| {
            world.policy.base.client_certificate.mode = Mode::Observe;
            world.shown = None;
        })
    };
    assert_eq!(outcome(&observed(Required)), Outcome::Observed(Refusal::CertificateMissing));
    assert_eq!(outcome(&observed(Accepted)), Outcome::NotApplicable);
    // Observed of everyone, and demanded of selected users besides.
    let both = addition(Whom::Everybody, |more| {
        more.client_certificate.mode = Mode::Require;
        more.client_certificate.applies_to = AppliesTo::SelectedUsers;
        more.client_certificate.trust = TrustSet(1);
    });
    for (setting, expected) in
        [(Accepted, Outcome::Observed(Refusal::CertificateMissing)), (Required, Outcome::Fail(Refusal::CertificateMissing))]
    {
        let world = observed(setting).but(|world| {
            world.policy.base.client_certificate.applies_to = AppliesTo::Everyone;
            world.policy.additions = [both.clone()].into();
        });
        assert_eq!(outcome(&world), expected, "{setting:?}");
    }
}

#[test]
fn a_certificate_that_is_demanded_of_selected_users_names_nobody_and_binds_no_connection() {
    let world = world(Required, false).without(&Check::ORDER).but(|world| {
        let base = world.policy.base.client_certificate.clone();
        world.policy = demanding([Mode::Off; 6]);
        world.policy.base.client_certificate = base;
        world.user = None;
    });
    assert_eq!(bound_to(&world.policy, &world.papers()), None);
    let Verdict::Pass(permit) = examine(&world.policy, &world.papers()).verdict else { panic!("nothing is demanded") };
    assert_eq!(permit.named(), None);
}

#[test]
fn where_the_certificate_alone_says_who_asks_more_is_demanded_of_the_selected() {
    let more = addition(Whom::Everybody, |more| {
        more.client_certificate.mode = Mode::Require;
        more.client_certificate.applies_to = AppliesTo::SelectedUsers;
        more.client_certificate.trust = TrustSet(2);
    });
    for (setting, refusal) in [(Accepted, None), (Required, Some(Refusal::CertificateUntrusted))] {
        let world = world(setting, false).without(&Check::ORDER).but(|world| {
            world.policy = demanding([Mode::Off, Mode::Require, Mode::Off, Mode::Off, Mode::Off, Mode::Off]);
            world.policy.additions = [more.clone()].into();
            world.user = None;
        });
        assert_eq!(world.refusal(), refusal, "{setting:?}");
    }
}

#[test]
fn where_signing_in_is_only_observed_the_certificate_itself_says_who_is_selected() {
    let more = addition(Whom::Everybody, |more| {
        more.client_certificate.mode = Mode::Require;
        more.client_certificate.applies_to = AppliesTo::SelectedUsers;
        more.client_certificate.trust = TrustSet(2);
    });
    for primary in [Mode::Off, Mode::Observe, Mode::Offer] {
        for (setting, refusal) in [(Accepted, None), (Required, Some(Refusal::CertificateUntrusted))] {
            let world = world(setting, false).without(&Check::ORDER).but(|world| {
                world.policy = demanding([Mode::Off, Mode::Require, Mode::Off, primary, Mode::Off, Mode::Off]);
                world.policy.additions = [more.clone()].into();
                world.user = None;
            });
            assert_eq!(world.refusal(), refusal, "{primary:?} {setting:?}");
        }
    }
}

#[test]
fn a_session_is_bound_to_its_certificate_wherever_its_user_signs_in_by_whatever_demands_it() {
    let signs_in = |more: &mut crate::chain::policy::Demands| more.primary_factor.mode = Mode::Require;
    let group = |name| Whom::Group(super::group(name));
    // Who signs in: nobody, everybody, a group of the user's, another group.
    let rows = [
        (Mode::Off, None, false),
        (Mode::Require, None, true),
        (Mode::Off, Some(group("staff")), true),
        (Mode::Off, Some(group("guests")), false),
    ];
    for (base, whom, binds) in rows {
        let row = format!("{base:?} {whom:?}");
        let mut policy = demanding([Mode::Off, Mode::Require, Mode::Off, base, Mode::Off, Mode::Off]);
        policy.additions = whom.map(|whom| addition(whom, signs_in)).into_iter().collect();
        let app = AppPolicy::new(policy, Vec::new(), Vec::new());
        assert_eq!(app.binds_certificate_of(&standing("alice")), binds, "{row}");
        assert_eq!(app.requires_certificate_of(&standing("alice")), binds, "{row}");
    }
}
