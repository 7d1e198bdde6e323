//! Links, tokens and settings as tests: one use, one life, and nothing readable in the database.

use std::sync::Arc;
use std::time::Duration;

use super::id;
use crate::account::links::{LIFETIME, LinkPurpose};
use crate::account::tokens::{PREFIX, Scope, Scopes};
use crate::clock::{Clock as _, Timestamp};
use crate::core::testing::TestCore;

#[tokio::test]
async fn of_64_who_take_a_link_side_by_side_one_gets_it_t37() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    for _round in 0..10 {
        let (_link, secret) = test.core.links().issue(alice.id(), LinkPurpose::Invitation, "root", LIFETIME).await.unwrap();
        let all = tokio_util::task::TaskTracker::new();
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let (core, text) = (Arc::clone(&test.core), secret.text().to_owned());
                all.spawn(async move { core.links().take(&text).await.unwrap().is_some() })
            })
            .collect();
        let mut winners = 0;
        for task in tasks {
            winners += usize::from(task.await.unwrap());
        }
        assert_eq!(winners, 1);
    }
}

#[tokio::test]
async fn a_link_lives_a_day_is_looked_at_without_harm_and_a_newer_one_voids_it() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let links = &test.core.links();
    let (first, old) = links.issue(alice.id(), LinkPurpose::ResetPassword, "root", LIFETIME).await.unwrap();
    let (second, new) = links.issue(alice.id(), LinkPurpose::ResetPassword, "root", LIFETIME).await.unwrap();
    let (_other, totp) = links.issue(alice.id(), LinkPurpose::ResetTotp, "root", LIFETIME).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(links.peek(old.text()).await.unwrap(), None);
    for _ in 0..3 {
        assert_eq!(links.peek(new.text()).await.unwrap().as_ref(), Some(&second));
    }
    assert_eq!(links.of_user(alice.id()).await.unwrap().len(), 2);
    assert!(links.revoke(&links.peek(totp.text()).await.unwrap().unwrap().id).await.unwrap());
    assert_eq!(links.take(totp.text()).await.unwrap(), None);
    test.clock.advance(LIFETIME);
    assert_eq!(links.take(new.text()).await.unwrap(), None);
    links.sweep().await.unwrap();
    let rows = test.core.database().rows("SELECT token_hash FROM links", &[]).await.unwrap();
    assert!(rows.is_empty());
    assert!(links.issue(alice.id(), LinkPurpose::ResetTotp, "root", Duration::from_secs(31 * 86_400)).await.is_err());
    assert!(links.issue(&id("ghost"), LinkPurpose::ResetTotp, "root", LIFETIME).await.is_err());
    for text in ["", "x", "../..", &"é".repeat(43)] {
        assert_eq!(links.take(text).await.unwrap(), None);
    }
}

#[tokio::test]
async fn neither_link_nor_token_nor_message_lies_open_in_the_database() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let (_link, secret) = test.core.links().issue(alice.id(), LinkPurpose::Invitation, "root", LIFETIME).await.unwrap();
    let until = test.clock.now().plus(Duration::from_secs(3600));
    let (_token, bearer) = test.core.tokens().issue("ci", Scopes::of(&[Scope::Read]), None, until).await.unwrap();
    let body = format!("https://auth.example.com/link/{}", secret.text());
    test.core.outbox().post(Some(alice.id()), None, "Welcome", &body).await.unwrap();
    let folder = test.folder.path().join("state");
    for file in ["sekisho.db", "sekisho.db-wal"] {
        let bytes = std::fs::read(folder.join(file)).unwrap_or_default();
        for needle in [secret.text(), bearer.trim_start_matches(PREFIX), "auth.example.com"] {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle.as_bytes()), "{file}");
        }
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_until_its_end() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let tokens = &test.core.tokens();
    let until = test.clock.now().plus(Duration::from_secs(3600));
    let scopes = Scopes::of(&[Scope::Read, Scope::Audit]);
    let (token, text) = tokens.issue("ci", scopes, Some(alice.id().clone()), until).await.unwrap();
    let bearer = tokens.find(&text).unwrap();
    assert!(bearer.scopes().allow(Scope::Audit) && !bearer.scopes().allow(Scope::Users));
    assert!(Scopes::of(&[Scope::All]).allow(Scope::Certificates));
    for wrong in ["", PREFIX, &text[1..], text.trim_start_matches(PREFIX), &format!("{text}A")] {
        assert!(tokens.find(wrong).is_none(), "{wrong}");
    }
    test.core.users().set_enabled(alice.id(), false).await.unwrap();
    assert!(tokens.find(&text).is_none(), "its owner is switched off");
    test.core.users().set_enabled(alice.id(), true).await.unwrap();
    assert!(tokens.find(&text).is_some());
    drop((bearer, alice));
    let test = test.crash_and_restart().await;
    assert_eq!(test.core.tokens().list()[0].id, token.id);
    assert!(test.core.tokens().find(&text).is_some());
    test.clock.advance(Duration::from_secs(3600));
    assert!(test.core.tokens().find(&text).is_none(), "it ended");
    for (label, scopes, until) in [("", scopes, until), ("x", Scopes::default(), until), ("x", scopes, Timestamp::default())] {
        assert!(test.core.tokens().issue(label, scopes, None, until).await.is_err());
    }
}

#[tokio::test]
async fn a_revoked_token_and_that_of_a_removed_user_open_nothing() {
    let test = TestCore::open().await;
    let alice = test.user("alice").await;
    let until = test.clock.now().plus(Duration::from_secs(3600));
    let all = Scopes::of(&[Scope::All]);
    let (of_alice, first) = test.core.tokens().issue("a", all, Some(alice.id().clone()), until).await.unwrap();
    let (machine, second) = test.core.tokens().issue("b", all, None, until).await.unwrap();
    test.core.remove_user(alice.id()).await.unwrap();
    assert!(test.core.tokens().find(&first).is_none() && test.core.tokens().find(&second).is_some());
    assert!(test.core.tokens().revoke(&machine.id).await.unwrap());
    assert!(!test.core.tokens().revoke(&of_alice.id).await.unwrap());
    assert!(test.core.tokens().find(&second).is_none());
    let _kept = alice;
    let test = test.crash_and_restart().await;
    assert!(test.core.tokens().list().is_empty());
}

#[tokio::test]
async fn a_setting_says_who_set_it() {
    let test = TestCore::open().await;
    test.core.settings().set("banner", "closed on Sunday", "root").await.unwrap();
    test.core.settings().set("banner", "open", "alice").await.unwrap();
    let test = test.crash_and_restart().await;
    let setting = &test.core.settings().list()["banner"];
    assert_eq!((setting.value.as_str(), setting.changed_by.as_str()), ("open", "alice"));
    assert!(test.core.settings().clear("banner").await.unwrap());
    assert_eq!(test.core.settings().value("banner"), None);
}
