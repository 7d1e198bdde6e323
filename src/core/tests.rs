//! Rules of opening, closing and keeping the core as tests.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::testing::{TestCore, config};
use super::{Core, OpenError, StateError};
use crate::audit::{Event, Filter};
use crate::clock::{ManualClock, SharedClock, Timestamp};
use crate::facts::client_address::ClientAddress;
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::random::OsRandom;
use crate::store::database::DatabaseError;

fn clock() -> SharedClock {
    Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)))
}

async fn open(folder: &Path, more: &str) -> Result<Arc<Core>, OpenError> {
    Core::open(config(folder, more), clock(), Arc::new(OsRandom::new())).await
}

/// Opens and closes: the state is there afterwards.
async fn once(folder: &Path) {
    open(folder, "").await.unwrap().close().await.unwrap();
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn only_the_own_user_may_read_what_the_core_makes() {
    let folder = tempfile::tempdir().unwrap();
    let core = open(folder.path(), "").await.unwrap();
    core.settings().set("x", "y", "root").await.unwrap();
    let state = folder.path().join("state");
    assert_eq!(std::fs::metadata(&state).unwrap().mode() & 0o777, 0o700);
    let files: Vec<_> = std::fs::read_dir(&state).unwrap().map(|entry| entry.unwrap()).collect();
    assert!(files.len() >= 4, "database, its log, key, lock");
    for file in files {
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn a_second_process_learns_which_one_has_the_state_open() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), "").await.unwrap();
    let error = open(folder.path(), "").await.unwrap_err();
    let us = std::process::id().to_string();
    assert!(matches!(&error, OpenError::State(StateError::Busy { holder, .. }) if *holder == us), "{error}");
    assert!(error.to_string().contains(&format!("process {us}")), "{error}");
    first.close().await.unwrap();
    drop(first);
    once(folder.path()).await;
}

#[tokio::test]
async fn a_key_is_made_once_and_never_for_a_database_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    once(folder.path()).await;
    let key = folder.path().join("state/master.key");
    let text = std::fs::read_to_string(&key).unwrap();
    assert_eq!(text.trim().len(), 64);
    once(folder.path()).await;
    assert_eq!(std::fs::read_to_string(&key).unwrap(), text);
    std::fs::remove_file(&key).unwrap();
    let error = open(folder.path(), "").await.unwrap_err().to_string();
    assert!(error.contains("master.key") && error.contains("put it back"), "{error}");
    assert!(!key.exists());
    std::fs::write(&key, "ab".repeat(32)).unwrap();
    mode(&key, 0o600);
    let error = open(folder.path(), "").await.unwrap_err();
    assert!(matches!(error, OpenError::State(StateError::AnotherKey { .. })), "{error}");
}

#[tokio::test]
async fn a_rotated_key_opens_with_the_old_one_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    once(folder.path()).await;
    let (old, key) = (folder.path().join("old.key"), folder.path().join("state/master.key"));
    std::fs::rename(&key, &old).unwrap();
    std::fs::write(&key, "cd".repeat(32)).unwrap();
    mode(&key, 0o600);
    assert!(open(folder.path(), "").await.is_err());
    let mut rotated = crate::config::Config::clone(&config(folder.path(), ""));
    rotated.file.state.old_master_keys = vec![old];
    Core::open(Arc::new(rotated), clock(), Arc::new(OsRandom::new())).await.unwrap().close().await.unwrap();
    // What the old one sealed is sealed by it still.
    let error = open(folder.path(), "").await.unwrap_err();
    assert!(matches!(error, OpenError::State(StateError::AnotherKey { .. })), "{error}");
}

#[tokio::test]
async fn a_key_that_others_may_read_or_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    once(folder.path()).await;
    let key = folder.path().join("state/master.key");
    let good = std::fs::read_to_string(&key).unwrap();
    for wrong in [0o644, 0o604, 0o660, 0o666] {
        mode(&key, wrong);
        let error = open(folder.path(), "").await.unwrap_err().to_string();
        assert!(error.contains("chmod 600"), "{wrong:o}: {error}");
    }
    for right in [0o600, 0o400, 0o440] {
        mode(&key, right);
        once(folder.path()).await;
    }
    mode(&key, 0o600);
    for wrong in ["", "hello", &good[..62], &format!("{}zz", &good[..62]), &"a".repeat(5000)] {
        std::fs::write(&key, wrong).unwrap();
        let error = open(folder.path(), "").await.unwrap_err().to_string();
        assert!(error.contains("master key") && error.contains("64 hexadecimal digits"), "{error}");
        assert!(wrong.len() < 10 || !error.contains(&wrong[..10]), "the key itself is never shown");
    }
    std::fs::write(&key, format!("  {}\r\n", good.trim().to_uppercase())).unwrap();
    once(folder.path()).await;
}

#[tokio::test]
async fn the_key_of_forward_auth_is_made_once_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    once(folder.path()).await;
    let key = folder.path().join("state/forward-auth.key");
    let text = std::fs::read_to_string(&key).unwrap();
    assert_eq!((text.trim().len(), std::fs::metadata(&key).unwrap().permissions().mode() & 0o777), (43, 0o600));
    let core = open(folder.path(), "").await.unwrap();
    assert_eq!(*core.forward_auth_key(), crate::seal::TokenHash::of(text.trim().as_bytes()), "it stays");
    core.close().await.unwrap();
    drop(core);
    for wrong in [0o644, 0o604, 0o660] {
        mode(&key, wrong);
        let error = open(folder.path(), "").await.unwrap_err().to_string();
        assert!(error.contains("forward-auth.key") && error.contains("chmod 640"), "{wrong:o}: {error}");
    }
    // Those who run the proxy may be its group.
    mode(&key, 0o640);
    for wrong in ["", "short", &"a".repeat(31), &"a".repeat(257), "a key with blanks in it is not a header field", "\"{43}\";\n"]
    {
        std::fs::write(&key, wrong).unwrap();
        let error = open(folder.path(), "").await.unwrap_err().to_string();
        assert!(error.contains("32 to 256 letters and digits"), "{error}");
        assert!(wrong.len() < 10 || !error.contains(&wrong[..10]), "the key itself is never shown");
    }
    // A file of one's own is never made.
    let mut own = crate::config::Config::clone(&config(folder.path(), ""));
    own.file.state.forward_auth_key = Some(folder.path().join("own.key"));
    let open_own = || Core::open(Arc::new(own.clone()), clock(), Arc::new(OsRandom::new()));
    assert!(open_own().await.unwrap_err().to_string().contains("own.key"));
    std::fs::write(folder.path().join("own.key"), "ab".repeat(32)).unwrap();
    mode(&folder.path().join("own.key"), 0o400);
    let core = open_own().await.unwrap();
    assert_eq!(*core.forward_auth_key(), crate::seal::TokenHash::of("ab".repeat(32).as_bytes()));
    core.close().await.unwrap();
}

#[tokio::test]
async fn a_state_directory_that_cannot_be_used_is_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    std::fs::write(&state, "").unwrap();
    let error = open(folder.path(), "").await.unwrap_err().to_string();
    assert!(error.contains(state.to_str().unwrap()) && error.contains("not a directory"), "{error}");
    std::fs::remove_file(&state).unwrap();
    std::fs::create_dir(&state).unwrap();
    mode(&state, 0o777);
    let error = open(folder.path(), "").await.unwrap_err().to_string();
    assert!(error.contains("chmod 700"), "{error}");
    mode(&state, 0o755);
    once(folder.path()).await;
    std::fs::write(state.join("sekisho.db"), "this is not a database, only some text that is long enough to be read").unwrap();
    let _log = std::fs::remove_file(state.join("sekisho.db-wal"));
    let error = open(folder.path(), "").await.unwrap_err();
    assert!(matches!(&error, OpenError::Database(DatabaseError::Open { .. })), "{error}");
    assert!(error.to_string().contains("sekisho.db"), "{error}");
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_reported_within_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let core = open(folder.path(), "").await.unwrap();
    let held = core.database().begin().await.unwrap();
    let elsewhere = crate::store::database::Database::open(&folder.path().join("state/sekisho.db")).await;
    let error = elsewhere.unwrap_err().to_string();
    assert!(error.contains("locked") && error.contains("sekisho.db"), "{error}");
    drop(held);
}

#[tokio::test]
async fn a_config_that_does_not_compile_opens_nothing_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut broken = crate::config::Config::clone(&config(folder.path(), ""));
    let trust = toml::from_str("bundle = '/no/such/bundle.pem'").unwrap();
    broken.file.trust.insert("corp".to_owned(), trust);
    let broken = Arc::new(broken);
    let error = Core::open(Arc::clone(&broken), clock(), Arc::new(OsRandom::new())).await.unwrap_err();
    assert!(matches!(&error, OpenError::Config(_)) && error.to_string().contains("/no/such/bundle.pem"), "{error}");
    assert!(!folder.path().join("state").exists(), "nothing was made");
    let core = open(folder.path(), "").await.unwrap();
    assert!(core.adopt(broken).is_err());
    assert!(core.config().file.trust.is_empty());
    let shorter = config(folder.path(), "[session]\nidle = \"5m\"");
    core.adopt(shorter).unwrap();
    assert_eq!(core.config().file.session.idle.0, Duration::from_secs(300));
}

#[tokio::test]
async fn a_shutdown_writes_down_what_only_memory_knew() {
    let test = TestCore::open().await;
    let shutdown = tokio_util::sync::CancellationToken::new();
    let tracker = tokio_util::task::TaskTracker::new();
    let (core, stop) = (Arc::clone(&test.core), shutdown.clone());
    tracker.spawn(async move { core.upkeep(stop).await });
    tracker.close();
    test.core.audit().note(Event::new("noted"));
    shutdown.cancel();
    tracker.wait().await;
    let test = test.crash_and_restart().await;
    let found = test.core.audit().query(&Filter::default(), None, 10).await.unwrap();
    assert_eq!(found.iter().map(|record| record.what.as_str()).collect::<Vec<_>>(), ["noted"]);
}

#[tokio::test]
async fn a_registered_browser_survives_a_restart_and_ends_by_time_or_by_revocation() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let here = ClientAddress::new("192.0.2.1".parse().unwrap());
    let browsers = &test.core.browsers();
    let (id, cookie) = browsers.register(alice.id(), Method::BrowserByOtp, None, "Firefox", here).await.unwrap();
    let cookie = cookie.text().to_owned();
    assert_eq!(browsers.find(alice.id(), &cookie).unwrap().id, id);
    browsers.used(id).await.unwrap();
    drop(alice);
    let test = test.crash_and_restart().await;
    let alice = test.core.users().find(&UserId::parse("alice").unwrap()).unwrap();
    let found = test.core.browsers().find(alice.id(), &cookie).unwrap();
    assert_eq!((found.id, found.ways[0].way, found.agent.as_str()), (id, Method::BrowserByOtp, "Firefox"));
    test.clock.advance(Duration::from_secs(180 * 86_400));
    assert!(test.core.browsers().find(alice.id(), &cookie).is_none());
    let (id, cookie) = test.core.browsers().register(alice.id(), Method::BrowserByOtp, Some(&cookie), "", here).await.unwrap();
    assert!(test.core.revoke_browser(id).await.unwrap() && !test.core.revoke_browser(id).await.unwrap());
    assert!(test.core.browsers().find(alice.id(), cookie.text()).is_none());
    test.core.tidy().await;
    assert!(test.core.database().rows("SELECT id FROM browsers", &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_browser_serves_several_users_and_a_planted_secret_is_not_believed_t26() {
    let test = TestCore::open().await;
    let (alice, bob) = (test.user("alice").await, test.user("bob").await);
    let here = ClientAddress::new("192.0.2.1".parse().unwrap());
    let browsers = &test.core.browsers();
    let planted = "A".repeat(43);
    let (of_alice, first) = browsers.register(alice.id(), Method::BrowserByOtp, Some(&planted), "", here).await.unwrap();
    assert_ne!(first.text(), planted);
    assert!(browsers.find(bob.id(), first.text()).is_none());
    let (of_bob, second) = browsers.register(bob.id(), Method::BrowserByLink, Some(first.text()), "", here).await.unwrap();
    assert_eq!(first.text(), second.text());
    let (again, _) = browsers.register(alice.id(), Method::BrowserByOtp, Some(first.text()), "", here).await.unwrap();
    assert_eq!(again, of_alice, "what was opened by it before is found by its id");
    assert_eq!(browsers.of_user(alice.id()).len(), 1, "the newer row takes the older one's place");
    assert_eq!(browsers.revoke_user(bob.id(), Some(Method::BrowserByNumber)).await.unwrap(), []);
    assert_eq!(browsers.revoke_user(bob.id(), Some(Method::BrowserByLink)).await.unwrap(), [of_bob]);
    assert!(browsers.find(alice.id(), first.text()).is_some() && browsers.find(bob.id(), first.text()).is_none());
    test.core.remove_user(alice.id()).await.unwrap();
    let alice = test.user("alice").await;
    assert!(browsers.find(alice.id(), first.text()).is_none(), "another user of the same name");
}

#[tokio::test]
async fn of_everything_acknowledged_a_kill_takes_nothing_t48() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let here = ClientAddress::new("192.0.2.1".parse().unwrap());
    let mut cookies = Vec::new();
    for n in 0..20 {
        let (id, cookie) = test.core.browsers().register(alice.id(), Method::BrowserByOtp, None, "", here).await.unwrap();
        if n % 2 == 0 {
            assert!(test.core.revoke_browser(id).await.unwrap());
        }
        cookies.push((n % 2 == 1, cookie.text().to_owned()));
        test.core.audit().record(Event::new("browser.register")).await.unwrap();
    }
    test.core.suspend_user(alice.id()).await.unwrap();
    let test = test.crash_and_restart().await;
    let alice = test.core.users().find(alice.id()).unwrap();
    assert!(!alice.standing().enabled);
    for (kept, cookie) in cookies {
        assert_eq!(test.core.browsers().find(alice.id(), &cookie).is_some(), kept);
    }
    assert_eq!(test.core.audit().query(&Filter::default(), None, 100).await.unwrap().len(), 20);
}

#[tokio::test]
async fn what_a_command_does_beside_the_gateway_bites_there() {
    let test = TestCore::open().await;
    let here = ClientAddress::new("192.0.2.1".parse().unwrap());
    let (alice, bob, carol) = (test.user("alice").await, test.user("bob").await, test.user("carol").await);
    let (browser, cookie) = test.core.browsers().register(carol.id(), Method::BrowserByOtp, None, "", here).await.unwrap();
    let socket = alice.presence();
    let command = Core::open_for_command(test.core.config(), clock(), Arc::new(OsRandom::new())).await.unwrap();
    assert!(command.is_beside_another() && !test.core.is_beside_another());
    let staff = crate::principal::user::GroupName::parse("staff").unwrap();
    command.suspend_user(alice.id()).await.unwrap();
    command.remove_user(bob.id()).await.unwrap();
    test.clock.advance(Duration::from_secs(1));
    command.groups().add(staff.clone(), None).await.unwrap();
    command.users().set_groups(carol.id(), vec![staff.clone()]).await.unwrap();
    command.users().add(crate::account::users::NewUser::named(UserId::parse("dave").unwrap())).await.unwrap();
    command.revoke_browser(browser).await.unwrap();
    command.settings().set("banner", "hello", "command-line").await.unwrap();
    command.audit.record(Event::new("user.suspend")).await.unwrap();
    assert!(!test.core.follow().await.unwrap() && !socket.is_cancelled(), "nothing is announced yet");
    command.close().await.unwrap();
    test.core.audit().record(Event::new("later")).await.unwrap();
    assert!(test.core.follow().await.unwrap());
    assert!(!test.core.follow().await.unwrap(), "once");
    assert!(socket.is_cancelled() && !alice.standing().enabled && bob.is_removed());
    assert!(carol.standing().is_in(&staff) && test.core.groups().find(&staff).is_some());
    assert!(test.core.users().find(&UserId::parse("dave").unwrap()).is_some());
    assert!(test.core.browsers().find(carol.id(), cookie.text()).is_none());
    assert_eq!(test.core.settings().value("banner").as_deref(), Some("hello"));
    assert_eq!(test.core.audit().query(&Filter::default(), None, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_command_without_a_gateway_has_the_state_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let command = Core::open_for_command(config(folder.path(), ""), clock(), Arc::new(OsRandom::new())).await.unwrap();
    assert!(!command.is_beside_another());
    assert!(matches!(open(folder.path(), "").await, Err(OpenError::State(StateError::Busy { .. }))));
}
