//! Users and groups as tests: what is written is there after a restart, and names have one spelling.

use std::sync::Arc;

use crate::account::AccountError;
use crate::account::groups::Groups;
use crate::account::users::{NewUser, ProfileChange, Users};
use crate::clock::{ManualClock, Timestamp};
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::method::{Method, Methods};
use crate::principal::user::{GroupName, UserId};
use crate::store::database::Database;

async fn directory() -> (tempfile::TempDir, Database, Arc<Users>) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
    let users = Arc::new(Users::load(database.clone(), clock).await.unwrap());
    (folder, database, users)
}

fn id(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let (_folder, database, users) = directory().await;
    let groups = Groups::load(database.clone(), Arc::clone(&users)).await.unwrap();
    let staff = GroupName::parse("Staff").unwrap();
    groups.add(staff.clone(), None).await.unwrap();
    users
        .add(NewUser {
            email: Some("alice@example.com".into()),
            display_name: Some("Alice".into()),
            groups: vec![staff.clone()],
            ..NewUser::named(id("Alice"))
        })
        .await
        .unwrap();
    users.assign(&id("alice"), Methods::of(&[Method::Password])).await.unwrap();
    users.set_certificates(&id("alice"), CertificateSetting::Refused, false).await.unwrap();
    users.set_networks(&id("alice"), vec!["10.0.0.0/8".parse().unwrap()], vec!["10.9.0.0/16".parse().unwrap()]).await.unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let again = Users::load(database, clock).await.unwrap();
    let (before, after) = (users.find(&id("alice")).unwrap(), again.find(&id("alice")).unwrap());
    assert_eq!(**before.standing(), **after.standing());
    assert_eq!(**before.profile(), **after.profile());
    assert!(after.standing().is_in(&staff));
    assert_eq!(after.standing().certificates, CertificateSetting::Refused);
}

#[tokio::test]
async fn two_spellings_are_one_user_t32() {
    let (_folder, _database, users) = directory().await;
    users.add(NewUser::named(id("john"))).await.unwrap();
    assert!(matches!(users.add(NewUser::named(id(" JOHN "))).await, Err(AccountError::UserExists(_))));
    assert_eq!(users.len(), 1);
}

#[tokio::test]
async fn a_user_switched_off_honours_no_older_session_even_when_switched_on_again() {
    let (_folder, database, users) = directory().await;
    let user = users.add(NewUser::named(id("alice"))).await.unwrap();
    let (epoch, presence) = (user.epoch(), user.presence());
    assert!(user.honours(epoch));
    users.set_enabled(&id("alice"), false).await.unwrap();
    assert!(!user.honours(epoch) && presence.is_cancelled());
    assert!(!user.honours(user.epoch()));
    users.set_enabled(&id("alice"), true).await.unwrap();
    assert!(!user.honours(epoch) && user.honours(user.epoch()));
    let again = Users::load(database, Arc::new(ManualClock::at(Timestamp::default()))).await.unwrap();
    assert_eq!(again.find(&id("alice")).unwrap().epoch(), user.epoch());
}

#[tokio::test]
async fn a_removed_user_leaves_nothing_and_the_name_is_a_new_user() {
    let (_folder, database, users) = directory().await;
    let gone = users.add(NewUser::named(id("alice"))).await.unwrap();
    users.set_networks(&id("alice"), vec!["10.0.0.0/8".parse().unwrap()], vec![]).await.unwrap();
    users.remove(&id("alice")).await.unwrap();
    assert!(gone.is_removed() && !gone.honours(gone.epoch()) && users.find(&id("alice")).is_none());
    assert!(database.rows("SELECT user_name FROM user_networks", &[]).await.unwrap().is_empty());
    let new = users.add(NewUser::named(id("alice"))).await.unwrap();
    assert!(!new.is_removed() && gone.is_removed());
    assert!(new.standing().allowed_networks.is_empty());
}

#[tokio::test]
async fn a_group_that_is_not_there_is_named_and_nothing_is_written() {
    let (_folder, _database, users) = directory().await;
    let new = NewUser { groups: vec![GroupName::parse("ghosts").unwrap()], ..NewUser::named(id("alice")) };
    assert!(matches!(users.add(new).await, Err(AccountError::UnknownGroup(group)) if group.as_str() == "ghosts"));
    assert!(users.find(&id("alice")).is_none());
    users.add(NewUser::named(id("alice"))).await.unwrap();
    let refused = users.set_groups(&id("alice"), vec![GroupName::parse("ghosts").unwrap()]).await;
    assert!(matches!(refused, Err(AccountError::UnknownGroup(_))));
}

#[tokio::test]
async fn removing_a_group_takes_it_from_its_members() {
    let (_folder, database, users) = directory().await;
    let groups = Groups::load(database.clone(), Arc::clone(&users)).await.unwrap();
    let (staff, it) = (GroupName::parse("staff").unwrap(), GroupName::parse("it").unwrap());
    groups.add(staff.clone(), Some("Everybody".into())).await.unwrap();
    groups.add(it.clone(), None).await.unwrap();
    assert!(matches!(groups.add(it.clone(), None).await, Err(AccountError::GroupExists(_))));
    users.add(NewUser { groups: vec![staff.clone(), it.clone()], ..NewUser::named(id("alice")) }).await.unwrap();
    assert_eq!(groups.members(&staff), [id("alice")]);
    groups.remove(&staff).await.unwrap();
    assert!(groups.members(&staff).is_empty());
    assert_eq!(*users.find(&id("alice")).unwrap().standing().groups, [it]);
    assert_eq!(groups.list().len(), 1);
}

#[tokio::test]
async fn a_profile_holds_no_line_break_and_no_half_address_t46() {
    let (_folder, _database, users) = directory().await;
    users.add(NewUser::named(id("alice"))).await.unwrap();
    let change = |name: &str, email: &str| ProfileChange {
        display_name: Some(Some(name.to_owned())),
        email: Some(Some(email.to_owned())),
        language: None,
    };
    for (name, email) in [("a\r\nBcc: x", "a@example.com"), ("a", "a@example.com\r\nBcc: x"), ("a", "nobody"), ("a", "a@b@c")] {
        assert!(
            matches!(users.change(&id("alice"), change(name, email)).await, Err(AccountError::Field { .. })),
            "{name} {email}"
        );
    }
    users.change(&id("alice"), change("Alice", "alice@example.com")).await.unwrap();
    users.change(&id("alice"), ProfileChange { email: Some(None), ..ProfileChange::default() }).await.unwrap();
    let profile = users.find(&id("alice")).unwrap();
    assert_eq!(profile.profile().email, None);
    assert_eq!(profile.profile().display_name.as_deref(), Some("Alice"));
}
