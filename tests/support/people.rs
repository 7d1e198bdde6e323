//! People with a password and an authenticator.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use sekisho::account::users::NewUser;
use sekisho::clock::{Clock as _, ManualClock, SharedClock, SystemClock, Timestamp};
use sekisho::core::Core;
use sekisho::factor::totp::{Enrolment, code_now};
use sekisho::principal::user::UserId;

/// The password of everybody.
pub const PASSWORD: &str = "a quiet river at dawn";

/// Seconds of a step of an authenticator.
const STEP: i64 = 30;

/// Somebody with an authenticator.
pub struct Person {
    pub user: UserId,
    enrolment: Enrolment,
    codes: Codes,
}

/// Where the codes of an authenticator come from; each is given once.
pub enum Codes {
    /// The gateway's clock, which is moved to the next step for each code.
    MovedClock(Arc<ManualClock>),
    /// The machine's clock; with the last step that was used.
    Machine(AtomicI64),
}

impl Codes {
    pub fn of_the_machine() -> Self {
        Self::Machine(AtomicI64::new(0))
    }
}

impl Person {
    /// Adds a user with the password of everybody and an authenticator.
    pub async fn add(core: &Core, name: &str, codes: Codes) -> Self {
        let user = UserId::parse(name).unwrap();
        core.users().add(NewUser { email: Some(format!("{name}@example.test")), ..NewUser::named(user.clone()) }).await.unwrap();
        core.passwords().set(&user, SecretString::from(PASSWORD)).await.unwrap();
        let (enrolment, drawn) = core.totps().draw(&user).unwrap();
        core.totps().adopt(&user, &drawn).await.unwrap();
        Self { user, enrolment, codes }
    }

    /// Somebody who wrote down the key that an enrolment page showed.
    pub fn with_key(name: &str, key: &str) -> Self {
        let enrolment = Enrolment { key: key.to_owned().into(), uri: String::new().into() };
        Self { user: UserId::parse(name).unwrap(), enrolment, codes: Codes::of_the_machine() }
    }

    /// A code that was not used yet.
    pub fn code(&self) -> String {
        let clock: SharedClock = match &self.codes {
            Codes::MovedClock(clock) => {
                clock.advance(Duration::from_secs(30));
                clock.clone()
            }
            Codes::Machine(last) => {
                // Of the present step, else of the next, which counts already.
                let now = SystemClock::new().now().seconds().div_euclid(STEP);
                let step = now.max(last.load(Ordering::Relaxed) + 1);
                assert!(step <= now + 1, "a third code in one step");
                last.store(step, Ordering::Relaxed);
                Arc::new(ManualClock::at(Timestamp::from_seconds(step * STEP)))
            }
        };
        code_now(&self.enrolment, &clock).unwrap()
    }
}
