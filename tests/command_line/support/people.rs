//! People with a password and an authenticator, and what else only another day can make: put into the state directory before
//! the gateway has it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use sekisho::account::tokens::{Scope, Scopes};
use sekisho::account::users::NewUser;
use sekisho::clock::{Clock as _, ManualClock, SharedClock, SystemClock, Timestamp};
use sekisho::config::Config;
use sekisho::core::Core;
use sekisho::factor::totp::{Enrolment, code_now};
use sekisho::principal::user::UserId;
use sekisho::random::OsRandom;

use super::{PASSWORD, World};

/// Seconds of a step of an authenticator.
const STEP: i64 = 30;

/// Somebody with an authenticator.
pub struct Person {
    pub user: UserId,
    enrolment: Enrolment,
    last: AtomicI64,
}

impl Person {
    /// Somebody who wrote down the key that an enrolment page showed.
    pub fn with_key(name: &str, key: &str) -> Self {
        let enrolment = Enrolment { key: key.to_owned().into(), uri: String::new().into() };
        Self { user: UserId::parse(name).unwrap(), enrolment, last: AtomicI64::new(0) }
    }

    /// A code that was not used yet: of the present step, else of the next, which counts already.
    pub fn code(&self) -> String {
        let now = SystemClock::new().now().seconds().div_euclid(STEP);
        let step = now.max(self.last.load(Ordering::Relaxed) + 1);
        assert!(step <= now + 1, "a third code in one step");
        self.last.store(step, Ordering::Relaxed);
        let clock: SharedClock = Arc::new(ManualClock::at(Timestamp::from_seconds(step * STEP)));
        code_now(&self.enrolment, &clock).unwrap()
    }
}

impl World {
    /// The rooms, opened by this process; while no gateway runs.
    pub async fn core(&self, clock: SharedClock) -> Arc<Core> {
        let config = Arc::new(Config::read(&self.path("sekisho.toml")).unwrap_or_else(|diagnosis| panic!("{diagnosis}")));
        Core::open(config, clock, Arc::new(OsRandom::new())).await.unwrap()
    }

    /// An API token to read, made a day ago for an hour; while no gateway runs.
    pub async fn ended_token(&self) -> String {
        let yesterday = Timestamp::from_seconds(SystemClock::new().now().seconds() - 86_400);
        let core = self.core(Arc::new(ManualClock::at(yesterday))).await;
        let ends = yesterday.plus(Duration::from_secs(3600));
        let (_, token) = core.tokens().issue("ended", Scopes::of(&[Scope::Read]), None, ends).await.unwrap();
        core.close().await.unwrap();
        token
    }

    /// Adds a user with the password of everybody and an authenticator; while no gateway runs.
    pub async fn person(&self, name: &str) -> Person {
        let core = self.core(Arc::new(SystemClock::new())).await;
        let user = UserId::parse(name).unwrap();
        core.users().add(NewUser { email: Some(format!("{name}@example.test")), ..NewUser::named(user.clone()) }).await.unwrap();
        core.passwords().set(&user, SecretString::from(PASSWORD)).await.unwrap();
        let (enrolment, drawn) = core.totps().draw(&user).unwrap();
        core.totps().adopt(&user, &drawn).await.unwrap();
        core.close().await.unwrap();
        Person { user, enrolment, last: AtomicI64::new(0) }
    }
}
