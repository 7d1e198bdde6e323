//! Certificates as tests: when check 2 passes, whom a certificate names, what a connection is bound to.

use super::{HOUR, NOW, World, addition, demanding, group, standing, user};
use crate::chain::evidence::Gathered;
use crate::chain::papers::Papers;
use crate::chain::policy::{Mode, Whom};
use crate::chain::refusal::Refusal;
use crate::chain::{Check, Verdict, bound_to};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::{Fault, Fingerprint, Holder, TrustSet};
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::networks::AddressLists;

#[test]
fn a_certificate_counts_while_enabled_and_the_users_switch_is_on_and_in_its_period_r_231_r_029() {
    let in_period = [(-1, 1, true), (1, 2, false), (-2, -1, false)];
    for enabled in [false, true] {
        for switch in [false, true] {
            for (from, until, valid) in in_period {
                for holder in [Holder::User(user("alice")), Holder::Shared] {
                    let world = World::good().but(|world| {
                        world.standing.enabled = enabled;
                        let setting = if switch { CertificateSetting::Accepted } else { CertificateSetting::Refused };
                        world.user.as_mut().unwrap().certificates = setting;
                        world.standing.not_before = Timestamp::from_seconds(NOW.seconds() + from);
                        world.standing.not_after = Timestamp::from_seconds(NOW.seconds() + until);
                        world.standing.holder = holder.clone();
                    });
                    let passes = world.refusal().is_none();
                    assert_eq!(passes, enabled && switch && valid, "{enabled} {switch} {from} {until} {holder:?}");
                }
            }
        }
    }
}

#[test]
fn a_machine_passes_by_its_certificate_alone_where_no_primary_factor_is_demanded() {
    let world = World::good().but(|world| {
        world.policy = demanding([Mode::Off, Mode::Require, Mode::Off, Mode::Off, Mode::Off, Mode::Off]);
        world.standing.holder = Holder::Machine("printer-7".into());
        world.user = None;
        world.evidence = Gathered::none();
    });
    assert_eq!(world.refusal(), None);
}

/// Whom a request is for, by what stands in the certificate's way and how check 2 is meant; `Err` with the refusal.
fn named(mode: Mode, spoil: impl FnOnce(&mut World)) -> Result<Option<String>, Refusal> {
    let world = World::good().without(&Check::ORDER).but(|world| {
        world.policy = demanding([Mode::Off, mode, Mode::Off, Mode::Off, Mode::Off, Mode::Off]);
        world.user = None;
    });
    match world.but(spoil).examine().verdict {
        Verdict::Pass(permit) => Ok(permit.named().map(|named| named.as_str().to_owned())),
        Verdict::Hold(_) => panic!("no transaction is meant"),
        Verdict::Ask(turn) => Err(turn.refusal()),
        Verdict::Refuse(refusal) => Err(refusal),
    }
}

type Spoil = fn(&mut World);

/// What is spoilt, and whom the certificate names then.
type Row = (&'static str, Spoil, Result<Option<&'static str>, Refusal>);

#[test]
fn a_certificate_names_its_holder_only_where_check_2_is_demanded_and_passed() {
    let rows: [Row; 14] = [
        ("good", |_| {}, Ok(Some("alice"))),
        ("a machine's", |world| world.standing.holder = Holder::Machine("printer-7".into()), Ok(Some("printer-7"))),
        ("shared", |world| world.standing.holder = Holder::Shared, Ok(None)),
        ("nobody's", |world| world.standing.holder = Holder::Nobody, Err(Refusal::CertificateWithoutHolder)),
        ("expired", |world| world.standing.not_after = Timestamp::from_millis(0), Err(Refusal::CertificateExpired)),
        ("not yet", |world| world.standing.not_before = NOW.plus(HOUR), Err(Refusal::CertificateNotYetValid)),
        ("switched off", |world| world.standing.enabled = false, Err(Refusal::CertificateDisabled)),
        ("of another authority", |world| world.standing.trusted_by = TrustSet(2), Err(Refusal::CertificateUntrusted)),
        (
            "revoked",
            |world| {
                world.standing.trusted_by = TrustSet(0);
                world.standing.fault = Some(Fault::Revoked);
            },
            Err(Refusal::CertificateRevoked),
        ),
        ("the user is disabled", |world| world.holder.as_mut().unwrap().enabled = false, Err(Refusal::UserDisabled)),
        (
            "the holder's switch",
            |world| world.holder.as_mut().unwrap().certificates = CertificateSetting::Refused,
            Err(Refusal::CertificateSwitchOff),
        ),
        (
            "the user's networks",
            |world| world.holder.as_mut().unwrap().denied_networks = ["10.0.0.0/8".parse().unwrap()].into(),
            Err(Refusal::AddressDenied),
        ),
        ("the user is gone", |world| world.holder = None, Err(Refusal::CertificateWithoutHolder)),
        ("another's account", |world| world.holder = Some(standing("bob")), Err(Refusal::CertificateOfAnotherUser)),
    ];
    for (what, spoil, expected) in rows {
        for mode in [Mode::Off, Mode::Observe] {
            assert_eq!(named(mode, spoil), Ok(None), "{mode:?}: {what}");
        }
        assert_eq!(named(Mode::Require, spoil), expected.map(|name| name.map(str::to_owned)), "{what}");
    }
}

#[test]
fn what_a_user_must_meet_their_certificate_alone_must_meet_too() {
    let more = |whom: Whom| addition(whom, |more| more.otp.mode = Mode::Require);
    let with = |whom: Whom| named(Mode::Require, |world| world.policy.additions = [more(whom)].into());
    assert_eq!(with(Whom::Group(group("staff"))), Err(Refusal::OtpMissing));
    assert_eq!(with(Whom::User(user("alice"))), Err(Refusal::OtpMissing));
    assert_eq!(with(Whom::User(user("bob"))), Ok(Some("alice".to_owned())));
    // Every authority that is demanded must stand behind it.
    let both = addition(Whom::Everybody, |more| {
        more.client_certificate.mode = Mode::Require;
        more.client_certificate.trust = TrustSet(2);
    });
    let both = named(Mode::Require, |world| world.policy.additions = [both].into());
    assert_eq!(both, Err(Refusal::CertificateUntrusted));
}

#[test]
fn where_somebody_signed_in_the_certificate_names_nobody() {
    let world = World::good();
    let Verdict::Pass(permit) = world.examine().verdict else { panic!("{world:?}", world = world.refusal()) };
    assert_eq!(permit.named(), None);
}

#[test]
fn a_session_made_with_one_certificate_is_dead_with_another_or_none() {
    let fingerprint = World::good().shown.unwrap().fingerprint();
    let bound = |to| World::good().but(|world| world.bound = to).refusal();
    assert_eq!(bound(None), None, "no session yet");
    assert_eq!(bound(Some(fingerprint)), None);
    assert_eq!(bound(Some(Fingerprint([9; 32]))), Some(Refusal::CertificateChanged));
    let shown_no_more = World::good().but(|world| {
        world.bound = Some(fingerprint);
        world.shown = None;
    });
    assert_eq!(shown_no_more.refusal(), Some(Refusal::CertificateMissing));
}

#[test]
fn a_connection_is_bound_to_the_user_of_a_certificate_that_passed_check_2() {
    let bound = |world: &World, mode: Mode| {
        let mut modes = [Mode::Require; 6];
        modes[1] = mode;
        let nothing = Gathered::none();
        let papers = Papers {
            address: ClientAddress::new(world.address),
            lists: &AddressLists::default(),
            certificate: world.shown.as_ref().map(|shown| (shown, &world.standing)),
            holder: world.holder.as_ref(),
            bound_certificate: None,
            user: world.user.as_ref(),
            evidence: &nothing,
            bound_browser: false,
            now: NOW,
        };
        bound_to(&demanding(modes), &papers).cloned()
    };
    let good = World::good();
    // For every name: it is the certificate that says it.
    for named in [None, Some(standing("alice")), Some(standing("bob"))] {
        let world = good.clone().but(|world| world.user = named);
        assert_eq!(bound(&world, Mode::Require), Some(user("alice")));
    }
    for mode in [Mode::Off, Mode::Observe, Mode::Offer] {
        assert_eq!(bound(&good, mode), None, "{mode:?}");
    }
    for holder in [Holder::Shared, Holder::Machine("printer".into()), Holder::Nobody] {
        assert_eq!(bound(&good.clone().but(|world| world.standing.holder = holder), Mode::Require), None);
    }
    assert_eq!(bound(&good.clone().but(|world| world.standing.enabled = false), Mode::Require), None);
    assert_eq!(bound(&good.clone().but(|world| world.shown = None), Mode::Require), None);
    assert_eq!(bound(&good.but(|world| world.holder = None), Mode::Require), None, "a user who is gone");
}
