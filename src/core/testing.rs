//! A core for tests: a state directory of its own, a clock that stands still, one app.

use std::path::Path;
use std::sync::Arc;

use super::Core;
use crate::account::user::User;
use crate::account::users::NewUser;
use crate::clock::{ManualClock, Timestamp};
use crate::config::Config;
use crate::config::environment::Environment;
use crate::principal::user::UserId;
use crate::random::{OsRandom, SharedRandom};

/// A core and what it stands on.
pub(crate) struct TestCore {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) core: Arc<Core>,
}

/// Chance, as the running program has it.
pub(crate) fn random() -> SharedRandom {
    Arc::new(OsRandom::new())
}

/// The config of every test core, and `more`.
pub(crate) fn config(folder: &Path, more: &str) -> Arc<Config> {
    let text = format!(
        r#"
[[tls.certificate]]
chain = "chain.pem"
key = "key.pem"
[portal]
url = "https://auth.example.com"
[state]
directory = "state"
[[app]]
name = "wiki"
url = "https://wiki.example.com"
upstream = ["http://127.0.0.1:8080"]
demands.primary_factor = {{}}
{more}
"#
    );
    Arc::new(Config::parse(&folder.join("sekisho.toml"), &text, &Environment::empty()).unwrap())
}

impl TestCore {
    /// Opens a new one at noon of some day.
    pub(crate) async fn open() -> Self {
        Self::with("").await
    }

    /// Opens a new one with more in its config.
    pub(crate) async fn with(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let config = config(folder.path(), more);
        let core = Core::open(config, clock.clone(), Arc::new(OsRandom::new())).await.unwrap();
        Self { folder, clock, core }
    }

    /// As after a kill: the files as they lie there at this moment, and nothing of what only memory knew. The old
    /// core is not closed first, it is only not used any more.
    pub(crate) async fn crash_and_restart(self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("state")).unwrap();
        for file in ["sekisho.db", "sekisho.db-wal", "master.key"] {
            let from = self.folder.path().join("state").join(file);
            std::fs::copy(from, folder.path().join("state").join(file)).unwrap();
        }
        let mut config = Config::clone(&self.core.config());
        config.file.state.directory = folder.path().join("state");
        let clock = Arc::clone(&self.clock);
        drop(self);
        let core = Core::open(Arc::new(config), clock.clone(), Arc::new(OsRandom::new())).await.unwrap();
        Self { folder, clock, core }
    }

    /// Loses the short-lived state under keys that begin so; finds it again with `None`.
    pub(crate) fn lose(&self, keys: Option<&'static str>) {
        self.core.base.memory.lose(keys);
    }

    /// Adds a user with nothing but a name.
    pub(crate) async fn user(&self, name: &str) -> Arc<User> {
        self.core.users().add(NewUser::named(UserId::parse(name).unwrap())).await.unwrap()
    }
}
