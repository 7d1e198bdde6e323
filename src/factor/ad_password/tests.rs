//! Rules of passwords that a directory judges, against a server that speaks LDAP over TLS.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::testing::{Account, LdapServer, Manners};
use super::{AdPasswordError, AdPasswords, Directory, NOBODY, REST, Reason};
use crate::clock::{ManualClock, Timestamp};
use crate::factor::Proof;
use crate::login_protect::LoginProtect;
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::random::OsRandom;

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
    folder: tempfile::TempDir,
}

impl World {
    fn of(servers: &[&LdapServer], more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let world = Self { passwords: AdPasswords::new(None, clock.clone(), Arc::new(OsRandom::new())), clock, folder };
        let more = if more.contains("answer_within") { more.to_owned() } else { format!("answer_within = \"10s\"\n{more}") };
        world.configure(&LdapServer::table(servers, world.folder.path(), &more));
        world
    }

    fn configure(&self, table: &str) {
        let config = crate::core::testing::config(self.folder.path(), table);
        self.passwords.configure(Directory::load(&config.file.directory).unwrap());
    }

    async fn verify(&self, user: &str, password: &str) -> Result<Proof, AdPasswordError> {
        let user = UserId::parse(user).unwrap();
        self.passwords.verify(&user, &SecretString::from(password), LoginProtect::within_a_session()).await
    }

    async fn refused(&self, user: &str, password: &str) -> Reason {
        match self.verify(user, password).await {
            Err(AdPasswordError::Refused(reason)) => reason,
            other => panic!("{user}: {other:?}"),
        }
    }

    async fn unreachable(&self) -> String {
        match self.verify("bob", RIGHT).await {
            Err(AdPasswordError::Unreachable(why)) => why,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn the_right_password_proves_its_user_and_nothing_else_does_over_either_tls() {
    for starttls in [false, true] {
        let server = LdapServer::start(Manners { starttls, ..manners() }).await;
        let world = World::of(&[&server], "");
        for name in ["bob", "BOB", "bob@corp.test"] {
            let proof = world.verify(name, RIGHT).await.unwrap();
            assert_eq!((proof.method(), proof.user()), (Method::AdPassword, &UserId::parse(name).unwrap()));
        }
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
    let world = World::of(&[&server], "");
    let credential = world.verify("bob", RIGHT).await.unwrap().credential();
    assert_eq!(world.verify("bob", RIGHT).await.unwrap().credential(), credential);
}

#[tokio::test]
async fn an_empty_password_and_one_with_nul_never_reach_the_network_t33() {
    // One that would take the first for a bind without a name, and say yes.
    let server = LdapServer::start(Manners { anonymous: true, ..manners() }).await;
    let world = World::of(&[&server], "");
    for (password, reason) in [("", Reason::Empty), ("\0", Reason::Nul), ("\0x", Reason::Nul), ("B0b!Passw0rd\0", Reason::Nul)] {
        assert_eq!(world.refused("bob", password).await, reason);
    }
    assert_eq!(world.refused("bob", &"x".repeat(1025)).await, Reason::TooLong);
    world.passwords.pretend(&SecretString::from("")).await.unwrap();
    assert_eq!(server.connections(), 0);
    for blank in [" ", "\u{3000}", "\t"] {
        assert_eq!(world.refused("bob", blank).await, Reason::Wrong, "blanks are a password like any other");
    }
}

#[tokio::test]
async fn a_certificate_of_another_authority_or_host_ends_it_before_a_word_t34() {
    let server = LdapServer::start(manners()).await;
    let world = World::of(&[&server], "");
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
    let why = World::of(&[&server], "").unreachable().await;
    assert!(why.contains("not valid for name"), "{why}");
    assert_eq!(server.binds(), []);
}

#[tokio::test]
async fn where_starttls_is_refused_nothing_is_said_t34() {
    let server = LdapServer::start(Manners { starttls: true, stays_plain: true, ..manners() }).await;
    World::of(&[&server], "").unreachable().await;
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
        let world = World::of(&[&server], "");
        assert_eq!(world.refused("bob", RIGHT).await, Reason::AnotherIdentity);
    }
    let server = LdapServer::start(strange(&["bób"], None)).await;
    assert!(World::of(&[&server], "").verify("bób", RIGHT).await.is_ok());
}

#[tokio::test]
async fn a_name_that_nobody_there_can_have_is_not_sent_t34() {
    let server = LdapServer::start(manners()).await;
    let world = World::of(&[&server], "");
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
    let world = World::of(&[&server], "");
    world.refused("bob", "a guess").await;
    assert_eq!((server.connections(), server.binds().len()), (1, 1));
    world.passwords.pretend(&SecretString::from("a guess")).await.unwrap();
    assert_eq!((server.connections(), server.binds().len()), (2, 2));
    let (name, password) = server.binds().pop().unwrap();
    assert_eq!(name, "sekisho-nobody@corp.test");
    assert!(password != "a guess" && password.len() == 43, "{password}");
}

#[tokio::test]
async fn a_referral_is_not_followed_t34() {
    let server = LdapServer::start(Manners { result: Some(10), ..manners() }).await;
    assert!(World::of(&[&server], "").unreachable().await.contains("result 10"));
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_rests_and_the_next_one_is_asked() {
    let (down, up) = (LdapServer::start(Manners { host: Some("other"), ..manners() }).await, LdapServer::start(manners()).await);
    let world = World::of(&[&down, &up], "");
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
    let world = World::of(&[&silent, &other], "answer_within = \"100ms\"");
    assert!(world.unreachable().await.contains("no answer within"));
    assert_eq!((silent.binds().len(), other.connections()), (1, 0));
}

#[tokio::test]
async fn as_many_are_judged_at_once_as_the_config_says() {
    let silent = LdapServer::start(Manners { silent: true, ..manners() }).await;
    let world = World::of(&[&silent], "answer_within = \"300ms\"\nat_once = 1");
    let (one, other) = tokio::join!(world.verify("bob", RIGHT), async {
        tokio::time::timeout(Duration::from_millis(400), world.verify("bob", RIGHT)).await
    });
    assert!(matches!(one, Err(AdPasswordError::Unreachable(_))), "{one:?}");
    // The attempt that waited was refused, or came after the other one and found the server at rest.
    assert!(matches!(other, Ok(Err(AdPasswordError::Busy(_) | AdPasswordError::Unreachable(_)))), "{other:?}");
    assert_eq!(silent.binds().len(), 1);
}

#[test]
fn a_file_without_an_authority_is_told_on_its_key() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.pem"), "").unwrap();
    let table = "[directory.corp]\nkind = \"active_directory\"\nurls = [\"ldaps://localhost\"]\nauthority = \"empty.pem\"\n\
                 upn_suffix = \"corp.test\"\nbase = \"DC=corp,DC=test\"\n";
    let config = crate::core::testing::config(folder.path(), table);
    let complaint = Directory::load(&config.file.directory).unwrap_err();
    assert_eq!(complaint.path, "directory.corp.authority");
}
