//! Rules of passwords that a directory judges, against a server that speaks LDAP over TLS.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::AdPasswords;
use crate::account::users::{NewUser, Users};
use crate::clock::{ManualClock, Timestamp};
use crate::directory::testing::{Account, LdapServer, Manners};
use crate::directory::{Directories, DirectoryError, NOBODY, Reason};
use crate::factor::Proof;
use crate::login_protect::LoginProtect;
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::random::OsRandom;
use crate::store::database::Database;

/// How long a server that cannot be reached is left alone.
const REST: Duration = Duration::from_secs(2);

const RIGHT: &str = "B0b!Passw0rd";

fn people() -> Vec<Account> {
    let account = |name, data| Account { name, password: RIGHT, data };
    vec![
        account("bob", None),
        account("disabled", Some("533")),
        account("mustchange", Some("773")),
        account("pwdexp", Some("532")),
        account("acctexp", Some("701")),
        account("locked", Some("775")),
    ]
}

fn manners() -> Manners {
    Manners { accounts: people(), ..Manners::default() }
}

struct World {
    clock: Arc<ManualClock>,
    passwords: AdPasswords,
    users: Users,
    folder: tempfile::TempDir,
}

impl World {
    async fn of(servers: &[&LdapServer], more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
        let users = Users::load(database.clone(), clock.clone()).await.unwrap();
        let passwords = AdPasswords::new(Directories::default(), database, clock.clone(), Arc::new(OsRandom::new()));
        let world = Self { passwords, users, clock, folder };
        let more = if more.contains("answer_within") { more.to_owned() } else { format!("answer_within = \"10s\"\n{more}") };
        world.configure(&LdapServer::table(servers, world.folder.path(), &more));
        world
    }

    fn configure(&self, table: &str) {
        let config = crate::core::testing::config(self.folder.path(), table);
        self.passwords.configure(Directories::load(&config.file.directory, &crate::core::testing::random()).unwrap());
    }

    async fn verify(&self, user: &str, password: &str) -> Result<Proof, DirectoryError> {
        let user = UserId::parse(user).unwrap();
        if self.users.find(&user).is_none() {
            // Of two at once one adds the user.
            drop(self.users.add(NewUser::named(user.clone())).await);
        }
        let verified = self.passwords.verify(&user, &SecretString::from(password), LoginProtect::within_a_session()).await;
        verified.map(|(proof, _person)| proof)
    }

    async fn refused(&self, user: &str, password: &str) -> Reason {
        match self.verify(user, password).await {
            Err(DirectoryError::Refused(reason)) => reason,
            other => panic!("{user}: {other:?}"),
        }
    }

    async fn unreachable(&self) -> String {
        match self.verify("bob", RIGHT).await {
            Err(DirectoryError::Unreachable(why)) => why,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn the_right_password_proves_its_user_and_nothing_else_does_over_either_tls() {
    for starttls in [false, true] {
        let server = LdapServer::start(Manners { starttls, ..manners() }).await;
        let world = World::of(&[&server], "").await;
        for name in ["bob", "BOB", " bob "] {
            let proof = world.verify(name, RIGHT).await.unwrap();
            assert_eq!((proof.method(), proof.user()), (Method::AdPassword, &UserId::parse(name).unwrap()));
        }
        let suffixed = World::of(&[&server], "").await;
        assert!(suffixed.verify("bob@corp.test", RIGHT).await.is_ok(), "the suffix is no part of the name there");
        let reasons = [
            ("bob", "wrong", Reason::Wrong),
            ("nosuch", RIGHT, Reason::Unknown),
            ("disabled", RIGHT, Reason::Disabled),
            ("mustchange", RIGHT, Reason::MustChange),
            ("pwdexp", RIGHT, Reason::PasswordExpired),
            ("acctexp", RIGHT, Reason::AccountExpired),
            ("locked", RIGHT, Reason::LockedOut),
        ];
        for (user, password, reason) in reasons {
            assert_eq!(world.refused(user, password).await, reason, "{user}");
        }
        assert!(server.binds().iter().all(|(name, _)| name.ends_with("@corp.test")), "{:?}", server.binds());
    }
}

#[tokio::test]
async fn a_changed_password_is_another_credential_and_the_same_one_is_not() {
    let server = LdapServer::start(manners()).await;
    let world = World::of(&[&server], "").await;
    let credential = world.verify("bob", RIGHT).await.unwrap().credential();
    assert_eq!(world.verify("bob", RIGHT).await.unwrap().credential(), credential);
}

#[tokio::test]
async fn an_entry_that_got_the_name_of_another_one_opens_no_account_of_that_one_t33() {
    let server = LdapServer::start(manners()).await;
    let world = World::of(&[&server], "").await;
    drop(world.verify("bob", RIGHT).await.unwrap());
    let user = UserId::parse("bob").unwrap();
    let link = world.passwords.links().of(&user).await.unwrap().unwrap();
    assert_eq!((link.directory.as_str(), link.dn.as_str()), ("corp", "CN=bob,CN=Users,DC=corp,DC=test"));
    // Deleted there, and somebody else got the name.
    let other = LdapServer::start(Manners { generation: 7, ..manners() }).await;
    world.configure(&LdapServer::table(&[&other], world.folder.path(), ""));
    assert_eq!(world.refused("bob", RIGHT).await, Reason::AnotherEntry);
    assert_eq!(world.refused("bob", "wrong").await, Reason::Wrong);
    // An administrator who knows that it is the same person lets the next sign-in link again.
    assert!(world.passwords.links().remove(&user).await.unwrap());
    drop(world.verify("bob", RIGHT).await.unwrap());
}

#[tokio::test]
async fn one_entry_is_one_user() {
    let server = LdapServer::start(manners()).await;
    let world = World::of(&[&server], "").await;
    drop(world.verify("bob", RIGHT).await.unwrap());
    assert_eq!(world.refused("bob@corp.test", RIGHT).await, Reason::AnotherEntry);
}

#[tokio::test]
async fn one_person_whom_a_server_does_not_answer_makes_it_rest_for_nobody() {
    let silent = LdapServer::start(Manners { silent: true, ..manners() }).await;
    let other = LdapServer::start(manners()).await;
    let world = World::of(&[&silent, &other], "answer_within = \"100ms\"").await;
    world.unreachable().await;
    world.unreachable().await;
    assert_eq!((silent.binds().len(), other.connections()), (2, 0), "the same person twice");
    assert!(matches!(world.verify("mustchange", RIGHT).await, Err(DirectoryError::Unreachable(_))));
    drop(world.verify("bob", RIGHT).await.unwrap());
    assert_eq!((silent.binds().len(), other.connections()), (3, 1), "the next server is asked");
}

#[tokio::test]
async fn an_empty_password_and_one_with_nul_never_reach_the_network_t33() {
    // One that would take the first for a bind without a name, and say yes.
    let server = LdapServer::start(Manners { anonymous: true, ..manners() }).await;
    let world = World::of(&[&server], "").await;
    for (password, reason) in [("", Reason::Empty), ("\0", Reason::Nul), ("\0x", Reason::Nul), ("B0b!Passw0rd\0", Reason::Nul)] {
        assert_eq!(world.refused("bob", password).await, reason);
    }
    assert_eq!(world.refused("bob", &"x".repeat(1025)).await, Reason::TooLong);
    world.passwords.pretend("bob", &SecretString::from("")).await.unwrap();
    assert_eq!(server.connections(), 0);
    for blank in [" ", "\u{3000}", "\t"] {
        assert_eq!(world.refused("bob", blank).await, Reason::Wrong, "blanks are a password like any other");
    }
}

#[tokio::test]
async fn a_certificate_of_another_authority_or_host_ends_it_before_a_word_t34() {
    let server = LdapServer::start(manners()).await;
    let world = World::of(&[&server], "").await;
    let other = LdapServer::start(manners()).await;
    std::fs::write(world.folder.path().join("directory.pem"), &other.authority).unwrap();
    let table = LdapServer::table(&[&server], tempfile::tempdir().unwrap().path(), "");
    let authority = format!("authority = \"{}\"", world.folder.path().join("directory.pem").display());
    let table: Vec<&str> =
        table.lines().map(|line| if line.starts_with("authority") { authority.as_str() } else { line }).collect();
    world.configure(&table.join("\n"));
    let why = world.unreachable().await;
    assert!(why.contains("invalid peer certificate"), "{why}");
    assert_eq!(server.binds(), []);

    let server = LdapServer::start(Manners { host: Some("evil.corp.test"), ..manners() }).await;
    let why = World::of(&[&server], "").await.unreachable().await;
    assert!(why.contains("not valid for name"), "{why}");
    assert_eq!(server.binds(), []);
}

#[tokio::test]
async fn where_starttls_is_refused_nothing_is_said_t34() {
    let server = LdapServer::start(Manners { starttls: true, stays_plain: true, ..manners() }).await;
    World::of(&[&server], "").await.unreachable().await;
    assert_eq!((server.connections(), server.binds()), (1, Vec::new()));
}

#[tokio::test]
async fn who_is_bound_must_be_the_one_entry_of_that_name_t33_t34() {
    let strange = |accounts: &[&'static str], bound_as| Manners {
        accounts: accounts.iter().map(|name| Account { name, password: RIGHT, data: None }).collect(),
        bound_as,
        ..Manners::default()
    };
    for manners in [
        // Two entries answer to the name, one by an accent that the directory does not see.
        strange(&["bob", "bób"], None),
        // The bind went well, and it is somebody else who is bound.
        strange(&["bob", "carol"], Some("carol")),
        // Nobody is.
        strange(&["bob"], Some("")),
    ] {
        let server = LdapServer::start(manners).await;
        let world = World::of(&[&server], "").await;
        assert_eq!(world.refused("bob", RIGHT).await, Reason::AnotherIdentity);
    }
    let server = LdapServer::start(strange(&["bób"], None)).await;
    assert!(World::of(&[&server], "").await.verify("bób", RIGHT).await.is_ok());
}

#[tokio::test]
async fn a_name_that_nobody_there_can_have_is_not_sent_t34() {
    let server = LdapServer::start(manners()).await;
    let world = World::of(&[&server], "").await;
    for name in ["bob+x", "bob@other.test", "bob@corp.test@corp.test"] {
        assert_eq!(world.refused(name, RIGHT).await, Reason::NoLoginName, "{name}");
    }
    assert!(server.binds().iter().all(|(name, password)| name.starts_with(NOBODY) && password != RIGHT));
    world.configure(&LdapServer::table(&[&server], world.folder.path(), "login_name = \"x-{user}\""));
    world.refused("bob", RIGHT).await;
    assert_eq!(server.binds().last().unwrap().0, "x-bob@corp.test");
}

#[tokio::test]
async fn for_nobody_there_is_one_connection_and_one_bind_too_and_nothing_typed_is_in_it_t31() {
    let server = LdapServer::start(manners()).await;
    let world = World::of(&[&server], "").await;
    world.refused("bob", "a guess").await;
    assert_eq!((server.connections(), server.binds().len()), (1, 1));
    world.passwords.pretend("bob", &SecretString::from("a guess")).await.unwrap();
    assert_eq!((server.connections(), server.binds().len()), (2, 2));
    let (name, password) = server.binds().pop().unwrap();
    assert_eq!(name, "sekisho-nobody@corp.test");
    assert!(password != "a guess" && password.len() == 43, "{password}");
}

#[tokio::test]
async fn a_referral_is_not_followed_t34() {
    let server = LdapServer::start(Manners { result: Some(10), ..manners() }).await;
    match World::of(&[&server], "").await.verify("bob", RIGHT).await {
        Err(DirectoryError::Misconfigured(why)) => assert!(why.contains("result 10"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_rests_and_the_next_one_is_asked() {
    let (down, up) = (LdapServer::start(Manners { host: Some("other"), ..manners() }).await, LdapServer::start(manners()).await);
    let world = World::of(&[&down, &up], "").await;
    for _ in 0..3 {
        drop(world.verify("bob", RIGHT).await.unwrap());
    }
    assert_eq!((down.connections(), up.connections()), (1, 3));
    world.clock.advance(REST);
    drop(world.verify("bob", RIGHT).await.unwrap());
    assert_eq!(down.connections(), 2);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_waited_for_a_while_and_no_other_gets_the_password() {
    let silent = LdapServer::start(Manners { silent: true, ..manners() }).await;
    let other = LdapServer::start(manners()).await;
    let world = World::of(&[&silent, &other], "answer_within = \"100ms\"").await;
    assert!(world.unreachable().await.contains("no answer within"));
    assert_eq!((silent.binds().len(), other.connections()), (1, 0));
}

#[tokio::test]
async fn as_many_are_judged_at_once_as_the_config_says() {
    let silent = LdapServer::start(Manners { silent: true, ..manners() }).await;
    let world = World::of(&[&silent], "answer_within = \"300ms\"\nat_once = 1").await;
    let attempt = || world.verify("bob", RIGHT);
    let said = tokio::join!(attempt(), attempt(), attempt());
    let said = [said.0, said.1, said.2].map(Result::unwrap_err);
    // Each takes the only turn for as long as the server does not answer; who has waited as long for it is refused. The second
    // may come just in time, the third cannot.
    let busy = said.iter().filter(|error| matches!(error, DirectoryError::Busy(_))).count();
    assert!(said.iter().all(|error| matches!(error, DirectoryError::Busy(_) | DirectoryError::Unreachable(_))), "{said:?}");
    assert!((1..=2).contains(&busy), "{said:?}");
    assert_eq!(silent.binds().len(), 3 - busy, "who is refused is not judged: {said:?}");
}

#[test]
fn a_file_without_an_authority_is_told_on_its_key() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.pem"), "").unwrap();
    let table = "[directory.corp]\nkind = \"active_directory\"\nurls = [\"ldaps://localhost\"]\nauthority = \"empty.pem\"\n\
                 upn_suffix = \"corp.test\"\nbase = \"DC=corp,DC=test\"\n";
    let config = crate::core::testing::config(folder.path(), table);
    let complaint = Directories::load(&config.file.directory, &crate::core::testing::random()).unwrap_err();
    assert_eq!(complaint.path, "directory.corp.authority");
}
