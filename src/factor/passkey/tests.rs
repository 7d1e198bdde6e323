//! Rules of passkeys, shown with answers of a hand-made authenticator, most of them hostile.

use std::time::Duration;

use serde_json::Value;

use super::refusal::{PasskeyError, PasskeyRefusal};
use super::testing::{COPIED, ELIGIBLE, SoftKey, VERIFIED, base64};
use super::{Ceremony, Passkey, PasskeyAnswer};
use crate::core::testing::TestCore;
use crate::factor::Proof;
use crate::principal::method::Method;
use crate::principal::user::UserId;

const HERE: &str = "this browser";

/// A core with Alice and Bob.
async fn world(more: &str) -> (TestCore, UserId, UserId) {
    let at = TestCore::with(more).await;
    let (alice, bob) = (at.user("alice").await, at.user("bob").await);
    (at, alice.id().clone(), bob.id().clone())
}

async fn begin(at: &TestCore, user: &UserId) -> Ceremony {
    at.core.passkeys().begin_registration(user, "", HERE).await.unwrap()
}

async fn register(at: &TestCore, user: &UserId, key: &mut SoftKey) -> Result<Passkey, PasskeyError> {
    let ceremony = begin(at, user).await;
    let credential = key.create(&ceremony.options);
    let answer = PasskeyAnswer { place: HERE, ceremony: &ceremony.id, credential: &credential };
    at.core.passkeys().register(user, answer, "my key").await
}

async fn use_it(at: &TestCore, user: Option<&UserId>, key: &mut SoftKey) -> Result<Proof, PasskeyError> {
    let ceremony = at.core.passkeys().begin_use(user, HERE).await.unwrap();
    let credential = key.get(&ceremony.options);
    let answer = PasskeyAnswer { place: HERE, ceremony: &ceremony.id, credential: &credential };
    at.core.passkeys().verify(user, answer).await
}

fn refusal<T: std::fmt::Debug>(judged: Result<T, PasskeyError>) -> PasskeyRefusal {
    match judged {
        Err(PasskeyError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn what_a_browser_is_asked_for_is_a_discoverable_verified_passkey_w13_w14_w16() {
    let (at, alice, _) = world("").await;
    let options = begin(&at, &alice).await.options;
    let algorithms: Vec<i64> =
        options["pubKeyCredParams"].as_array().unwrap().iter().map(|one| one["alg"].as_i64().unwrap()).collect();
    assert_eq!(algorithms, [-7, -257]);
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["requireResidentKey"], true);
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["rp"]["id"], "auth.example.com");
    assert_eq!(base64(options["user"]["id"].as_str().unwrap()).len(), 16, "a random handle (W9)");
    assert_eq!(options["user"]["displayName"], "alice", "never missing (W16)");
    let asked = at.core.passkeys().begin_use(None, HERE).await.unwrap().options;
    assert_eq!((&asked["userVerification"], &asked["rpId"]), (&Value::from("required"), &Value::from("auth.example.com")));
    assert_eq!(asked["allowCredentials"].as_array().unwrap().len(), 0, "any passkey: nothing says whose");
    for text in [options.to_string(), asked.to_string()] {
        assert!(!text.contains("null") && !text.contains('='), "no null and no padding (W16): {text}");
    }
}

#[tokio::test]
async fn a_passkey_signs_its_owner_in_without_a_name() {
    let (at, alice, bob) = world("").await;
    let (mut hers, mut his) = (SoftKey::new(1), SoftKey::new(2));
    let passkey = register(&at, &alice, &mut hers).await.unwrap();
    register(&at, &bob, &mut his).await.unwrap();
    assert_eq!((passkey.name.as_str(), passkey.backup_eligible, passkey.model.as_deref()), ("my key", false, None));
    let proof = use_it(&at, None, &mut hers).await.unwrap();
    assert_eq!((proof.method(), proof.user(), proof.credential()), (Method::Passkey, &alice, passkey.id));
    assert_eq!(use_it(&at, None, &mut his).await.unwrap().user(), &bob);
    let used = at.core.passkeys().of_user(&alice).await.unwrap();
    assert_eq!(used[0].last_used_at, Some(crate::clock::Clock::now(&*at.clock)));
}

#[tokio::test]
async fn a_challenge_is_used_once_by_the_browser_that_drew_it_and_for_its_step() {
    let (at, alice, bob) = world("").await;
    let mut key = SoftKey::new(1);
    register(&at, &alice, &mut key).await.unwrap();
    let passkeys = at.core.passkeys();
    let ceremony = passkeys.begin_use(None, HERE).await.unwrap();
    let credential = key.get(&ceremony.options);
    let answer = PasskeyAnswer { place: HERE, ceremony: &ceremony.id, credential: &credential };
    assert!(passkeys.verify(None, answer).await.is_ok());
    assert!(matches!(passkeys.verify(None, answer).await, Err(PasskeyError::Over)), "replayed");
    // Another browser, another step, another kind of ceremony, too late.
    let elsewhere = passkeys.begin_use(None, "another browser").await.unwrap();
    let stolen = key.get(&elsewhere.options);
    let answer = PasskeyAnswer { place: HERE, ceremony: &elsewhere.id, credential: &stolen };
    assert!(matches!(passkeys.verify(None, answer).await, Err(PasskeyError::Over)));
    let of_bob = passkeys.begin_use(Some(&bob), HERE).await.unwrap();
    let answered = key.get(&of_bob.options);
    let answer = PasskeyAnswer { place: HERE, ceremony: &of_bob.id, credential: &answered };
    assert!(matches!(passkeys.verify(Some(&alice), answer).await, Err(PasskeyError::Over)));
    let registration = begin(&at, &alice).await;
    let answer = PasskeyAnswer { place: HERE, ceremony: &registration.id, credential: &credential };
    assert!(matches!(passkeys.verify(None, answer).await, Err(PasskeyError::Over)));
    let late = passkeys.begin_use(None, HERE).await.unwrap();
    at.clock.advance(Duration::from_secs(5 * 60 + 1));
    let credential = key.get(&late.options);
    let answer = PasskeyAnswer { place: HERE, ceremony: &late.id, credential: &credential };
    assert!(matches!(passkeys.verify(None, answer).await, Err(PasskeyError::Over)));
    // A good answer to one challenge is none to another.
    let (one, other) = (passkeys.begin_use(None, HERE).await.unwrap(), passkeys.begin_use(None, HERE).await.unwrap());
    let credential = key.get(&one.options);
    let answer = PasskeyAnswer { place: HERE, ceremony: &other.id, credential: &credential };
    assert_eq!(refusal(passkeys.verify(None, answer).await), PasskeyRefusal::Challenge);
}

#[tokio::test]
async fn an_authenticator_that_does_not_verify_its_user_proves_nothing_w7() {
    let (at, alice, _) = world("").await;
    let mut key = SoftKey::new(1);
    key.flags = 0x01;
    assert_eq!(refusal(register(&at, &alice, &mut key).await), PasskeyRefusal::NotVerified);
    key.flags = VERIFIED;
    register(&at, &alice, &mut key).await.unwrap();
    for flags in [0x01, 0x04, 0x00] {
        key.flags = flags;
        assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::NotVerified, "{flags:#x}");
    }
    key.flags = VERIFIED;
    assert!(use_it(&at, None, &mut key).await.is_ok());
}

#[tokio::test]
async fn an_answer_of_another_page_or_for_another_domain_is_refused_w5() {
    let (at, alice, _) = world("").await;
    let mut key = SoftKey::new(1);
    let good = key.origin.clone();
    register(&at, &alice, &mut key).await.unwrap();
    let foreign = [
        "https://auth.example.com.evil.example",
        "http://auth.example.com",
        "https://auth.example.com:8443",
        "https://evil.auth.example.com",
        "https://alice@auth.example.com",
        "https://auth.example.com/page",
        "https://AUTH.example.com",
        "null",
        "",
    ];
    for origin in foreign {
        key.origin = origin.to_owned();
        assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::Origin, "{origin}");
        assert_eq!(refusal(register(&at, &alice, &mut SoftKey { id: vec![9; 32], ..copy(&key) }).await), PasskeyRefusal::Origin);
    }
    key.origin = good;
    key.cross_origin = true;
    assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::Origin, "in a frame of another site");
    key.cross_origin = false;
    key.rp_id = "example.com".to_owned();
    assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::RelyingParty);
    key.rp_id = "auth.example.com".to_owned();
    assert!(use_it(&at, None, &mut key).await.is_ok());
}

/// A key that says the same as this one.
fn copy(key: &SoftKey) -> SoftKey {
    SoftKey { origin: key.origin.clone(), rp_id: key.rp_id.clone(), ..SoftKey::new(7) }
}

#[tokio::test]
async fn a_foreign_key_or_an_unknown_passkey_is_refused() {
    let (at, alice, bob) = world("").await;
    let (mut hers, mut his) = (SoftKey::new(1), SoftKey::new(2));
    register(&at, &alice, &mut hers).await.unwrap();
    register(&at, &bob, &mut his).await.unwrap();
    // Another key under her credential id.
    let mut forged = SoftKey { id: hers.id.clone(), handle: hers.handle.clone(), ..SoftKey::new(3) };
    forged.counter = 50;
    assert_eq!(refusal(use_it(&at, None, &mut forged).await), PasskeyRefusal::Signature);
    assert_eq!(refusal(use_it(&at, None, &mut SoftKey::new(4)).await), PasskeyRefusal::Unknown);
    // His passkey does not pass a step of hers, and his authenticator cannot name her.
    assert_eq!(refusal(use_it(&at, Some(&alice), &mut his).await), PasskeyRefusal::Unknown);
    let his_handle = his.handle.replace(hers.handle.clone().unwrap());
    assert_eq!(refusal(use_it(&at, None, &mut his).await), PasskeyRefusal::OtherUser);
    his.handle = None;
    assert_eq!(refusal(use_it(&at, None, &mut his).await), PasskeyRefusal::OtherUser, "where nobody was named (§7.2 step 6)");
    assert!(use_it(&at, Some(&bob), &mut his).await.is_ok(), "a security key may leave it out where the user is known");
    his.handle = his_handle;
    assert!(use_it(&at, None, &mut his).await.is_ok());
}

#[tokio::test]
async fn malformed_answers_are_refused_before_anything_else() {
    let (at, alice, _) = world("").await;
    let mut key = SoftKey::new(1);
    register(&at, &alice, &mut key).await.unwrap();
    let ceremony = at.core.passkeys().begin_use(None, HERE).await.unwrap();
    let good: Value = serde_json::from_str(&key.get(&ceremony.options)).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut value = good.clone();
        change(&mut value);
        value.to_string()
    };
    let answers = [
        String::new(),
        "{}".to_owned(),
        "[".repeat(20_000),
        changed(&|value| value["type"] = "password".into()),
        changed(&|value| value["rawId"] = "".into()),
        changed(&|value| value["rawId"] = crate::random::base64url(&[1; 1024]).into()),
        changed(&|value| value["response"]["clientDataJSON"] = "AA".into()),
        changed(&|value| value["response"]["authenticatorData"] = "AA".into()),
        changed(&|value| value["response"]["authenticatorData"] = crate::random::base64url(&[0xff; 200]).into()),
        changed(&|value| value["response"]["signature"] = "!".into()),
    ];
    for credential in answers {
        let ceremony = at.core.passkeys().begin_use(None, HERE).await.unwrap();
        let answer = PasskeyAnswer { place: HERE, ceremony: &ceremony.id, credential: &credential };
        let refused = refusal(at.core.passkeys().verify(None, answer).await);
        assert!(matches!(refused, PasskeyRefusal::Malformed | PasskeyRefusal::Challenge), "{refused:?}: {credential:.80}");
        let registration = begin(&at, &alice).await;
        let answer = PasskeyAnswer { place: HERE, ceremony: &registration.id, credential: &credential };
        let refused = refusal(at.core.passkeys().register(&alice, answer, "").await);
        assert_eq!(refused, PasskeyRefusal::Malformed, "{credential:.80}");
    }
}

#[tokio::test]
async fn a_counter_that_does_not_rise_is_refused_and_none_is_no_counter() {
    let (at, alice, bob) = world("").await;
    let mut key = SoftKey::new(1);
    register(&at, &alice, &mut key).await.unwrap();
    let _proof = use_it(&at, None, &mut key).await.unwrap();
    key.counter = 0;
    assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::Counter, "a counter went away");
    key.counter = 1;
    assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::Counter, "a copy of the key");
    key.counter = 40;
    assert!(use_it(&at, None, &mut key).await.is_ok());
    let mut without = SoftKey::new(2);
    without.counter = 0;
    register(&at, &bob, &mut without).await.unwrap();
    for _ in 0..3 {
        assert!(use_it(&at, None, &mut without).await.is_ok());
    }
}

#[tokio::test]
async fn of_two_uses_at_once_with_one_counter_one_wins() {
    let (at, alice, _) = world("").await;
    let mut key = SoftKey::new(1);
    register(&at, &alice, &mut key).await.unwrap();
    let passkeys = at.core.passkeys();
    let (one, two) = (passkeys.begin_use(None, HERE).await.unwrap(), passkeys.begin_use(None, HERE).await.unwrap());
    let first = key.get(&one.options);
    key.counter -= 1;
    let second = key.get(&two.options);
    let (first, second) = tokio::join!(
        passkeys.verify(None, PasskeyAnswer { place: HERE, ceremony: &one.id, credential: &first }),
        passkeys.verify(None, PasskeyAnswer { place: HERE, ceremony: &two.id, credential: &second }),
    );
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
}

#[tokio::test]
async fn a_passkey_may_become_a_copied_one_and_never_the_other_way_w14() {
    let (at, alice, _) = world("").await;
    let mut key = SoftKey::new(1);
    register(&at, &alice, &mut key).await.unwrap();
    key.flags = VERIFIED | ELIGIBLE | COPIED;
    let _proof = use_it(&at, None, &mut key).await.unwrap();
    let passkey = at.core.passkeys().of_user(&alice).await.unwrap().remove(0);
    assert!(passkey.backup_eligible && passkey.backed_up);
    key.flags = VERIFIED | ELIGIBLE;
    let _proof = use_it(&at, None, &mut key).await.unwrap();
    assert!(!at.core.passkeys().of_user(&alice).await.unwrap()[0].backed_up, "the state may change, and is written down");
    key.flags = VERIFIED;
    assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::Synced);
    key.flags = VERIFIED | COPIED;
    assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::Synced, "copied, and not able to be");
}

#[tokio::test]
async fn where_copies_are_not_taken_none_is_registered_and_none_goes_on() {
    let (at, alice, _) = world("[passkeys]\nsynced = false\n").await;
    let mut copied = SoftKey::new(1);
    copied.flags = VERIFIED | ELIGIBLE;
    assert_eq!(refusal(register(&at, &alice, &mut copied).await), PasskeyRefusal::Synced);
    let mut key = SoftKey::new(2);
    register(&at, &alice, &mut key).await.unwrap();
    for flags in [VERIFIED | ELIGIBLE, VERIFIED | ELIGIBLE | COPIED] {
        key.flags = flags;
        assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::Synced);
    }
    key.flags = VERIFIED;
    assert!(use_it(&at, None, &mut key).await.is_ok());
}

#[tokio::test]
async fn a_passkey_is_registered_once_and_as_many_as_may_be_w8() {
    let (at, alice, bob) = world("[passkeys]\nper_user = 2\n").await;
    let mut key = SoftKey::new(1);
    register(&at, &alice, &mut key).await.unwrap();
    let options = begin(&at, &alice).await.options;
    assert_eq!(options["excludeCredentials"][0]["id"], crate::random::base64url(&key.id));
    for user in [&alice, &bob] {
        assert!(matches!(register(&at, user, &mut key).await, Err(PasskeyError::Registered)), "{user}");
    }
    // Two begin at once, one is kept: the limit holds in the database.
    let (second, third) = (begin(&at, &alice).await, begin(&at, &alice).await);
    let (mut two, mut three) = (SoftKey::new(2), SoftKey::new(3));
    let (made, more) = (two.create(&second.options), three.create(&third.options));
    let passkeys = at.core.passkeys();
    let (one, other) = tokio::join!(
        passkeys.register(&alice, PasskeyAnswer { place: HERE, ceremony: &second.id, credential: &made }, ""),
        passkeys.register(&alice, PasskeyAnswer { place: HERE, ceremony: &third.id, credential: &more }, ""),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    assert!(matches!(passkeys.begin_registration(&alice, "", HERE).await, Err(PasskeyError::TooMany(2))));
}

#[tokio::test]
async fn attestation_where_it_is_demanded_is_never_a_claim_w12() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("makers.pem");
    let key = rcgen::KeyPair::generate().unwrap();
    let mut certificate = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    certificate.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    std::fs::write(&authority, certificate.self_signed(&key).unwrap().pem()).unwrap();
    let more = format!(
        "[passkeys]\nattestation_authorities = {:?}\nmodels = [\"2fc0579f-8113-47ea-b116-bb5a8db9202a\"]\n",
        authority.display().to_string()
    );
    let (at, alice, _) = world(&more).await;
    assert_eq!(begin(&at, &alice).await.options["attestation"], "direct");
    assert_eq!(refusal(register(&at, &alice, &mut SoftKey::new(1)).await), PasskeyRefusal::Attestation);
}

#[tokio::test]
async fn what_is_removed_proves_nothing_and_goes_with_its_user() {
    let (at, alice, bob) = world("").await;
    let (mut one, mut two) = (SoftKey::new(1), SoftKey::new(2));
    let id = register(&at, &alice, &mut one).await.unwrap().id;
    register(&at, &alice, &mut two).await.unwrap();
    let passkeys = at.core.passkeys();
    assert!(passkeys.remove(&bob, id).await.unwrap().is_none() && !passkeys.rename(&bob, id, "x").await.unwrap());
    assert!(passkeys.rename(&alice, id, " a\u{0}b\n ").await.unwrap());
    let named: Vec<_> = passkeys.of_user(&alice).await.unwrap().into_iter().map(|passkey| passkey.name).collect();
    assert!(named.contains(&"ab".to_owned()), "{named:?}");
    let accepted = passkeys.accepted(&alice).await.unwrap().unwrap();
    let mut ids = accepted.credential_ids.clone();
    ids.sort();
    let mut both = [one.id.clone(), two.id.clone()];
    both.sort();
    assert_eq!(ids, both);
    let ceremony = passkeys.begin_use(Some(&alice), HERE).await.unwrap();
    let credential = one.get(&ceremony.options);
    assert_eq!(passkeys.remove(&alice, id).await.unwrap().as_deref(), Some("ab"));
    let answer = PasskeyAnswer { place: HERE, ceremony: &ceremony.id, credential: &credential };
    assert_eq!(refusal(passkeys.verify(Some(&alice), answer).await), PasskeyRefusal::Unknown, "removed in the middle");
    at.core.remove_user(&alice).await.unwrap();
    assert_eq!(refusal(use_it(&at, None, &mut two).await), PasskeyRefusal::Unknown);
    // A user of the same name who comes later is another to every authenticator.
    at.user("alice").await;
    let mut again = SoftKey::new(5);
    register(&at, &alice, &mut again).await.unwrap();
    assert_ne!(again.handle, two.handle);
}

#[tokio::test]
async fn passkeys_of_another_domain_open_nothing_any_more() {
    let (at, alice, _) = world("").await;
    let mut key = SoftKey::new(1);
    register(&at, &alice, &mut key).await.unwrap();
    let config = crate::core::testing::config(at.folder.path(), "[passkeys]\nrp_id = \"example.com\"\n");
    at.core.adopt(config).unwrap();
    assert!(!at.core.passkeys().has(&alice).await.unwrap());
    let old = at.core.passkeys().of_user(&alice).await.unwrap().remove(0);
    assert!(!at.core.passkeys().is_usable(&old));
    key.rp_id = "example.com".to_owned();
    assert_eq!(refusal(use_it(&at, None, &mut key).await), PasskeyRefusal::Unknown);
}
