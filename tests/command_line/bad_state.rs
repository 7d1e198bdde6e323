//! A state directory that cannot be used: the command says what is wrong with which file and how to mend it, ends with an
//! exit code that is not zero, and creates nothing again.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};

use sekisho::store::database::Database;

use crate::support::failing::{everything, fails};
use crate::support::process::{PATIENCE, operations};
use crate::support::{OPEN, Said, World, free_port};

const APPS: &[(&str, &str)] = &[("wiki", OPEN)];
/// Files that change where the database was looked into: who opened it, and, where SQLite could not make sense of it, the
/// empty files that it works with.
const OPENED: [&str; 3] = ["state/lock", "state/sekisho.db-wal", "state/sekisho.db-shm"];

/// A state directory as a gateway leaves it, with a user.
async fn lived_in() -> World {
    let world = World::with(APPS, "").await;
    world.answer(&["user", "add", "alice"]).await;
    world
}

#[tokio::test]
async fn two_gateways_do_not_share_a_state_directory() {
    let mut world = World::with(APPS, "").await;
    let gateway = world.start().await;
    let first = (world.port, world.operations);
    (world.port, world.operations) = (free_port(), free_port());
    world.configure(APPS, "");
    let state = world.path("state").display().to_string();
    fails(&world, &["run"], &[&state, "another sekisho has it open (process ", "stop that one"], &[]).await;
    (world.port, world.operations) = first;
    assert_eq!(operations(world.operations, "/readyz").await.unwrap().0, 200);
    assert!(world.path("state/control.sock").exists(), "the first one keeps its socket");
    assert!(world.answer(&["user", "list"]).await["items"].is_array());
    drop(gateway);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_as_it_is() {
    let world = lived_in().await;
    let database = Database::open(&world.path("state/sekisho.db")).await.unwrap();
    let later =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES ($1, 'later', 1, $2, 0)";
    database.execute(later, &[99_990_101_000_001_i64.into(), vec![0u8; 4].into()]).await.unwrap();
    database.close().await;
    let before = fs::read(world.path("state/sekisho.db")).unwrap();
    for line in [&["run"][..], &["user", "list"]] {
        let mentions = ["state/sekisho.db", "newer version of sekisho (schema 99990101000001)", "run that version"];
        fails(&world, line, &mentions, &["state/lock"]).await;
    }
    assert!(fs::read(world.path("state/sekisho.db")).unwrap() == before, "not a byte of it was changed");
}

#[tokio::test]
async fn a_damaged_database_is_named_and_not_replaced() {
    let world = lived_in().await;
    let whole = fs::read(world.path("state/sekisho.db")).unwrap();
    let noise: Vec<u8> = (0..4096_u32).map(|place| (place * 31 % 251) as u8).collect();
    let mut scratched = whole.clone();
    scratched[100..200].fill(b'x');
    for damaged in [noise, scratched] {
        fs::write(world.path("state/sekisho.db"), &damaged).unwrap();
        for line in [&["run"][..], &["user", "list"]] {
            let mentions = ["open the database", "state/sekisho.db", "damaged", "copy of the state directory"];
            fails(&world, line, &mentions, &OPENED).await;
        }
        assert!(fs::read(world.path("state/sekisho.db")).unwrap() == damaged, "what is left can still be rescued");
    }
    fs::write(world.path("state/sekisho.db"), whole).unwrap();
    assert_eq!(world.answer(&["user", "list"]).await["items"][0]["user"], "alice");
}

#[tokio::test]
async fn files_and_directories_in_each_others_place_are_named() {
    let world = World::with(APPS, "").await;
    world.write("state", "");
    for line in [&["run"][..], &["user", "list"]] {
        fails(&world, line, &["use the state directory", "/state: not a directory", "`state.directory`"], &[]).await;
    }
    fs::remove_file(world.path("state")).unwrap();
    world.write("file", "");
    world.write("sekisho.toml", &world.read("sekisho.toml").replace("\"state\"", "\"file/state\""));
    for line in [&["run"][..], &["user", "list"]] {
        fails(&world, line, &["use the state directory", "/file/state: not a directory", "below something"], &[]).await;
    }
    let world = lived_in().await;
    for name in ["sekisho.db", "lock"] {
        fs::rename(world.path("state").join(name), world.path("kept")).unwrap();
        fs::create_dir(world.path("state").join(name)).unwrap();
        for line in [&["run"][..], &["user", "list"]] {
            fails(&world, line, &[&format!("/state/{name}: "), "a file belongs there"], &["state/lock"]).await;
        }
        fs::remove_dir(world.path("state").join(name)).unwrap();
        fs::rename(world.path("kept"), world.path("state").join(name)).unwrap();
    }
}

#[tokio::test]
async fn without_its_master_key_or_with_another_nothing_is_begun() {
    let world = lived_in().await;
    let key = world.read("state/master.key");
    fs::remove_file(world.path("state/master.key")).unwrap();
    fails(&world, &["run"], &["state/master.key: it is not there", "put it back"], &["state/lock"]).await;
    let private = |text: &str| {
        world.write("state/master.key", text);
        fs::set_permissions(world.path("state/master.key"), fs::Permissions::from_mode(0o600)).unwrap();
    };
    private("0123\n");
    fails(&world, &["run"], &["state/master.key", "64 hexadecimal digits"], &["state/lock"]).await;
    private(&"5a".repeat(32));
    fails(&world, &["run"], &["sealed with the master key", "`state.old_master_keys`"], &["state/lock"]).await;
    private(&key);
    fs::set_permissions(world.path("state/master.key"), fs::Permissions::from_mode(0o644)).unwrap();
    fails(&world, &["run"], &["others may read or change it (mode 644)", "`chmod 600`"], &["state/lock"]).await;
    private(&key);
    assert_eq!(world.start().await.stop().await, 0);
}

#[tokio::test]
async fn a_state_directory_that_cannot_be_written_is_named() {
    /// Somebody without rights of their own.
    const NOBODY: u32 = 65_534;
    let world = lived_in().await;
    // For root no directory is read-only: then the program runs as somebody else, who owns the folder and may read it.
    let is_root = world.folder.path().metadata().is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0);
    let copy = world.path("sekisho");
    // Copied by a process of its own: a child that another test starts meanwhile would inherit our handle, and a file that is
    // open for writing cannot be executed.
    let copied = tokio::process::Command::new("cp").arg(env!("CARGO_BIN_EXE_sekisho")).arg(&copy).status().await.unwrap();
    assert!(copied.success(), "{copied}");
    if is_root {
        chown(world.folder.path(), Some(NOBODY), None).unwrap();
        for (path, _) in everything(world.folder.path()) {
            chown(path, Some(NOBODY), None).unwrap();
        }
    }
    let got = async |line: &[&str]| {
        let mut command = tokio::process::Command::new(&copy);
        command.current_dir("/").env("SEKISHO_CONFIG", world.path("sekisho.toml")).env("SEKISHO_LANGUAGE", "en");
        command.kill_on_drop(true).args(line);
        if is_root {
            command.uid(NOBODY);
        }
        let output = tokio::time::timeout(PATIENCE, command.output()).await.unwrap().unwrap();
        Said { code: output.status.code().unwrap(), out: String::new(), words: String::from_utf8(output.stderr).unwrap() }
    };
    let before = everything(world.folder.path());
    let mode = |name: &str, mode: u32| fs::set_permissions(world.path(name), fs::Permissions::from_mode(mode)).unwrap();
    for (name, closed, open) in [("state/lock", 0o400, 0o600), ("state/sekisho.db", 0o400, 0o600)] {
        mode(name, closed);
        for line in [&["run"][..], &["user", "list"]] {
            let said = got(line).await;
            assert_eq!(said.code, 1, "{said:?}");
            said.mentions(&[&format!("/{name}: Permission denied"), "must belong to the user that sekisho runs as"]);
        }
        mode(name, open);
    }
    // What was there may be opened, but SQLite's side files cannot be made.
    mode("state", 0o500);
    let said = got(&["user", "list"]).await;
    assert_eq!(said.code, 1, "{said:?}");
    said.mentions(&["/state/sekisho.db"]);
    mode("state", 0o700);
    assert_eq!(everything(world.folder.path()).len(), before.len());
    assert_eq!(got(&["user", "list"]).await.code, 0, "the rights alone were missing");
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_only_cuts_off_commands() {
    let world = World::with(APPS, "").await;
    let long = "s".repeat(120);
    world.write("sekisho.toml", &world.read("sekisho.toml").replace("\"state\"", &format!("\"{long}\"")));
    world.answer(&["user", "add", "alice"]).await;
    let gateway = world.start().await;
    gateway.says("no control socket").await;
    fails(&world, &["user", "list"], &["another sekisho has it open"], &[]).await;
    assert_eq!(gateway.stop().await, 0);
    assert_eq!(world.answer(&["user", "list"]).await["items"][0]["user"], "alice");
}
