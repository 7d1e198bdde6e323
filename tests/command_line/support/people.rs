//! What is put into the state directory before the gateway opens it: people, and what only another day can make.

use std::sync::Arc;
use std::time::Duration;

use sekisho::account::tokens::{Scope, Scopes};
use sekisho::clock::{Clock as _, ManualClock, SharedClock, SystemClock, Timestamp};
use sekisho::config::Config;
use sekisho::core::Core;
use sekisho::random::OsRandom;

use super::{Codes, Person, World};

impl World {
    /// The state, opened by this process; while no gateway runs.
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
        let person = Person::add(&core, name, Codes::of_the_machine()).await;
        core.close().await.unwrap();
        person
    }
}
