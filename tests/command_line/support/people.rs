//! People with a password and an authenticator, put into the state directory before the gateway has it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use secrecy::SecretString;
use sekisho::account::UserId;
use sekisho::account::users::NewUser;
use sekisho::clock::{Clock as _, ManualClock, SharedClock, SystemClock, Timestamp};
use sekisho::config::Config;
use sekisho::factor::totp::{Enrolment, code_now};
use sekisho::house::House;
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
    /// Adds a user with the password of everybody and an authenticator; while no gateway runs.
    pub async fn person(&self, name: &str) -> Person {
        let config = Arc::new(Config::read(&self.path("sekisho.toml")).unwrap_or_else(|diagnosis| panic!("{diagnosis}")));
        let house = House::open(config, Arc::new(SystemClock::new()), Arc::new(OsRandom::new())).await.unwrap();
        let user = UserId::parse(name).unwrap();
        house.users.add(NewUser { email: Some(format!("{name}@example.test")), ..NewUser::named(user.clone()) }).await.unwrap();
        house.passwords.set(&user, SecretString::from(PASSWORD)).await.unwrap();
        let (enrolment, drawn) = house.totps.draw(&user).unwrap();
        house.totps.adopt(&user, &drawn).await.unwrap();
        house.close().await.unwrap();
        Person { user, enrolment, last: AtomicI64::new(0) }
    }
}
