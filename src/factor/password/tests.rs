//! Rules of passwords as tests.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::policy::{COMMON, LONGEST, Unsuitable};
use super::{PasswordError, Passwords, credential};
use crate::clock::{ManualClock, SharedClock, Timestamp};
use crate::config::schema;
use crate::config::units::TimeSpan;
use crate::principal::user::UserId;
use crate::random::OsRandom;
use crate::store::database::Database;

async fn passwords(folder: &tempfile::TempDir) -> (Database, Passwords) {
    let (_clock, database, passwords) = with_clock(folder).await;
    (database, passwords)
}

async fn with_clock(folder: &tempfile::TempDir) -> (Arc<ManualClock>, Database, Passwords) {
    let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
    let manual = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
    let clock: SharedClock = manual.clone();
    let users = crate::account::users::Users::load(database.clone(), Arc::clone(&clock)).await.unwrap();
    users.add(crate::account::users::NewUser::named(alice())).await.unwrap();
    let settings = schema::Password { memory_mib: 19, passes: 1, ..schema::Password::default() };
    let passwords =
        Passwords::new(database.clone(), &settings, Some("Tabibito Works"), clock, Arc::new(OsRandom::new())).unwrap();
    (manual, database, passwords)
}

fn alice() -> UserId {
    UserId::parse("alice").unwrap()
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

#[tokio::test]
async fn the_right_password_proves_its_user_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let (_database, passwords) = passwords(&folder).await;
    passwords.set(&alice(), secret("a quiet river at dawn")).await.unwrap();
    assert_eq!(passwords.compared(Some(&alice()), secret("a quiet river at dawn")).await.unwrap().user(), &alice());
    for wrong in ["", "a quiet river at daw", "A quiet river at dawn", "a quiet river at dawn "] {
        assert!(matches!(passwords.compared(Some(&alice()), secret(wrong)).await, Err(PasswordError::Wrong)), "{wrong}");
    }
    assert!(matches!(passwords.compared(None, secret("a quiet river at dawn")).await, Err(PasswordError::Wrong)));
    assert!(matches!(passwords.compared(Some(&alice()), secret(&"x".repeat(300))).await, Err(PasswordError::Wrong)));
}

#[tokio::test]
async fn the_same_characters_are_the_same_password_however_a_device_composes_them() {
    let folder = tempfile::tempdir().unwrap();
    let (_database, passwords) = passwords(&folder).await;
    passwords.set(&alice(), secret("cafe\u{301} au lait ガギグゲゴ")).await.unwrap();
    assert!(passwords.compared(Some(&alice()), secret("caf\u{e9} au lait ｶﾞｷﾞｸﾞｹﾞｺﾞ")).await.is_ok());
}

#[tokio::test]
async fn known_unknown_wrong_and_too_long_cost_one_evaluation_each_t31() {
    let folder = tempfile::tempdir().unwrap();
    let (_database, passwords) = passwords(&folder).await;
    passwords.set(&alice(), secret("a quiet river at dawn")).await.unwrap();
    let bob = UserId::parse("bob").unwrap();
    let long = "x".repeat(LONGEST + 1);
    let tries = [(Some(alice()), "wrong"), (Some(bob), "wrong"), (None, "wrong"), (Some(alice()), long.as_str())];
    for (user, candidate) in tries {
        let before = passwords.evaluated();
        assert!(matches!(passwords.compared(user.as_ref(), secret(candidate)).await, Err(PasswordError::Wrong)));
        assert_eq!(passwords.evaluated(), before + 1, "{user:?}");
    }
}

#[tokio::test]
async fn a_renewed_hash_never_brings_a_changed_password_back() {
    let folder = tempfile::tempdir().unwrap();
    let (clock, _database, passwords) = with_clock(&folder).await;
    passwords.set(&alice(), secret("a quiet river at dawn")).await.unwrap();
    let (compared, changed_at) = passwords.kept("alice").await.unwrap().unwrap();
    let is = credential(&alice(), changed_at);
    assert!(passwords.is_current(&alice(), is).await.unwrap());
    clock.advance(Duration::from_secs(1));
    passwords.set(&alice(), secret("a loud river at noon")).await.unwrap();
    passwords.rehash(&alice(), secret("a quiet river at dawn"), &compared).await.unwrap();
    assert!(passwords.compared(Some(&alice()), secret("a loud river at noon")).await.is_ok());
    assert!(!passwords.is_current(&alice(), is).await.unwrap(), "a changed password is another credential");
}

#[tokio::test]
async fn an_attempt_that_waits_too_long_for_a_thread_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    let (_database, mut passwords) = passwords(&folder).await;
    passwords.hasher.queue = Duration::from_millis(1);
    let cores = u32::try_from(passwords.hasher.threads.available_permits()).unwrap();
    let _all = Arc::clone(&passwords.hasher.threads).acquire_many_owned(cores).await.unwrap();
    assert!(matches!(passwords.compared(None, secret("a guess")).await, Err(PasswordError::Busy(_))));
    assert_eq!(passwords.evaluated(), 0);
}

#[tokio::test]
async fn what_is_compared_for_nobody_is_a_hash_like_any_other_that_no_password_fits_t31() {
    let folder = tempfile::tempdir().unwrap();
    let (_database, passwords) = passwords(&folder).await;
    let real = passwords.hasher.hash(secret("a quiet river at dawn")).await.unwrap();
    let nobodys = passwords.hasher.dummy();
    // Without the salt and the output at the end.
    let parameters = |phc: &str| phc.rsplitn(3, '$').nth(2).map(str::to_owned);
    assert_eq!((parameters(nobodys), nobodys.len()), (parameters(&real), real.len()));
    assert!(parameters(&real).is_some_and(|them| them.starts_with("$argon2id$v=19$m=")), "{real}");
    let before = passwords.evaluated();
    assert!(!passwords.hasher.compare(nobodys.to_owned(), secret("a quiet river at dawn")).await.unwrap());
    assert_eq!(passwords.evaluated(), before + 1);
}

#[tokio::test]
async fn raised_parameters_take_hold_at_the_next_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let (database, old) = passwords(&folder).await;
    old.set(&alice(), secret("a quiet river at dawn")).await.unwrap();
    let before = old.compared(Some(&alice()), secret("a quiet river at dawn")).await.unwrap().credential();
    let settings = schema::Password { memory_mib: 20, passes: 2, queue: TimeSpan::seconds(5), ..schema::Password::default() };
    let new = Passwords::new(database, &settings, None, Arc::clone(&old.clock), Arc::clone(&old.hasher.random)).unwrap();
    assert_eq!(new.compared(Some(&alice()), secret("a quiet river at dawn")).await.unwrap().credential(), before);
    assert!(new.kept("alice").await.unwrap().unwrap().0.contains("m=20480,t=2,p=1"));
    assert!(new.compared(Some(&alice()), secret("a quiet river at dawn")).await.is_ok());
}

#[tokio::test]
async fn first_guesses_are_not_taken_and_no_composition_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (_database, passwords) = passwords(&folder).await;
    assert!(COMMON.len() > 3000);
    let judge = |text: &str| passwords.judge(&alice(), &secret(text));
    assert!(matches!(judge("short"), Err(Unsuitable::TooShort(15))));
    assert!(matches!(judge(&"é".repeat(129)), Err(Unsuitable::TooLong)));
    assert!(matches!(judge("passwordpassword"), Err(Unsuitable::Common)));
    assert!(matches!(judge("aaaaaaaaaaaaaaaaaa"), Err(Unsuitable::Common)));
    assert!(matches!(judge("Pass Word Pass Word"), Err(Unsuitable::Common)));
    assert!(matches!(judge("alice-1234567890"), Err(Unsuitable::LikeTheName)));
    assert!(matches!(judge("TABIBITO works 2026!"), Err(Unsuitable::LikeTheName)));
    assert!(judge("alice never walks alone").is_ok());
    assert!(judge("all lower case and blanks").is_ok());
    assert!(judge("関所を越えて行く旅人の長い列").is_err(), "fourteen characters are fewer than fifteen");
    assert!(judge("関所を越えて行く旅人の長い列。").is_ok());
}
