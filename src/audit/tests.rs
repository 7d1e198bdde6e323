//! Rules of the audit log as tests.

use std::sync::Arc;
use std::time::Duration;

use futures_util::poll;

use super::event::{Event, EventOutcome};
use super::log::Audit;
use super::records::Filter;
use super::refusals::{HOUR, NoteDecision, OF_NETWORK, Refusals};
use crate::clock::{ManualClock, Timestamp};
use crate::facts::client_address::ClientAddress;
use crate::store::database::Database;

async fn audit() -> (tempfile::TempDir, Arc<ManualClock>, Database, Audit) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
    let audit = Audit::new(database.clone(), clock.clone());
    (folder, clock, database, audit)
}

#[tokio::test]
async fn a_value_cannot_break_its_line_or_turn_it_around_t46() {
    let (_folder, _clock, _database, audit) = audit().await;
    let evil = format!("a\r\nremote_ip=9.9.9.9\u{1b}[31m\u{202e}\u{2028}{}", "x".repeat(1_000_000));
    audit.record(Event::new("sign_in").user(evil.clone()).detail("agent", evil)).await.unwrap();
    let found = audit.query(&Filter::default(), None, 10).await.unwrap();
    let user = found[0].user.as_deref().unwrap();
    assert!(user.starts_with("a\\u{d}\\u{a}remote_ip=9.9.9.9\\u{1b}[31m\\u{202e}\\u{2028}x"), "{user}");
    assert!(user.chars().count() <= 256 && user.ends_with('…'));
    assert_eq!(found[0].json_line().lines().count(), 1);
    assert!(found[0].details["agent"].chars().count() <= 256);
}

#[tokio::test]
async fn rows_are_found_by_who_what_when_where_and_how_it_ended() {
    let (_folder, clock, _database, audit) = audit().await;
    let here = ClientAddress::new("192.0.2.1".parse().unwrap());
    audit.record(Event::new("user.add").user("alice").actor("root")).await.unwrap();
    clock.advance(Duration::from_secs(60));
    audit.record(Event::new("sign_in").user("alice").address(here).refused("wrong_password")).await.unwrap();
    clock.advance(Duration::from_secs(60));
    audit.record(Event::new("userland").user("bob")).await.unwrap();
    let whats = async |filter: Filter| -> Vec<String> {
        audit.query(&filter, None, 10).await.unwrap().into_iter().map(|record| record.what).collect()
    };
    assert_eq!(whats(Filter { user: Some("alice".into()), ..Filter::default() }).await, ["sign_in", "user.add"]);
    assert_eq!(whats(Filter { user: Some("root".into()), ..Filter::default() }).await, ["user.add"]);
    assert_eq!(whats(Filter { what: Some("user".into()), ..Filter::default() }).await, ["user.add"]);
    audit.record(Event::new("sign_in.step").user("carol")).await.unwrap();
    audit.record(Event::new("signXin.step").user("carol")).await.unwrap();
    assert_eq!(whats(Filter { what: Some("sign_in".into()), ..Filter::default() }).await, ["sign_in.step", "sign_in"]);
    assert_eq!(whats(Filter { what: Some("%".into()), ..Filter::default() }).await, [""; 0]);
    assert_eq!(whats(Filter { address: Some("192.0.2.1".into()), ..Filter::default() }).await, ["sign_in"]);
    assert_eq!(whats(Filter { outcome: Some(EventOutcome::Refused), ..Filter::default() }).await, ["sign_in"]);
    let from = Timestamp::from_seconds(1_800_000_060);
    let until = Timestamp::from_seconds(1_800_000_120);
    assert_eq!(whats(Filter { from: Some(from), until: Some(until), ..Filter::default() }).await, ["sign_in"]);
}

#[tokio::test]
async fn pages_meet_without_gap_and_the_export_is_json_lines() {
    let (_folder, clock, database, audit) = audit().await;
    for n in 0..5 {
        audit.note(Event::new("noted").detail("n", n.to_string()));
    }
    audit.flush().await.unwrap();
    let first = audit.query(&Filter::default(), None, 2).await.unwrap();
    let second = audit.query(&Filter::default(), Some(first[1].id), 10).await.unwrap();
    let seen: Vec<_> = first.iter().chain(&second).map(|record| record.details["n"].as_str()).collect();
    assert_eq!(seen, ["4", "3", "2", "1", "0"]);
    // After a restart the ids go on.
    let again = Audit::new(database, clock);
    again.record(Event::new("later")).await.unwrap();
    let mut lines = String::new();
    again.export(&Filter::default(), |some| lines.push_str(some)).await.unwrap();
    let rows: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[5]["what"], "later");
    assert!(rows[5]["id"].as_i64() > rows[4]["id"].as_i64());
}

#[tokio::test]
async fn who_reads_after_a_flush_finds_what_another_flush_was_writing() {
    let (_folder, _clock, database, audit) = audit().await;
    audit.note(Event::new("noted"));
    // Somebody else writes meanwhile, so that the first flush waits in the middle.
    let busy = database.begin().await.unwrap();
    let mut first = Box::pin(audit.flush());
    assert!(poll!(&mut first).is_pending());
    let mut second = Box::pin(audit.flush());
    assert!(poll!(&mut second).is_pending(), "what the first one took is not written yet");
    drop(busy);
    let (first, second) = tokio::join!(first, second);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(audit.query(&Filter::default(), None, 10).await.unwrap().len(), 1, "written once");
}

#[tokio::test]
async fn a_flush_whose_caller_goes_away_loses_nothing() {
    let (_folder, _clock, database, audit) = audit().await;
    audit.note(Event::new("noted"));
    let busy = database.begin().await.unwrap();
    let mut left = Box::pin(audit.flush());
    assert!(poll!(&mut left).is_pending());
    drop(left);
    drop(busy);
    audit.flush().await.unwrap();
    assert_eq!(audit.query(&Filter::default(), None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_refused_again_and_again_is_noted_so_often_within_an_hour() {
    let (_folder, clock, _database, audit) = audit().await;
    let from = |text: &str| ClientAddress::new(text.parse().unwrap());
    let noted = async |address: ClientAddress, times: u32| {
        for _ in 0..times {
            audit.note(Event::new("sign_in").address(address).refused("address_not_allowed"));
        }
        audit.flush().await.unwrap();
        let filter = Filter { address: Some(address.to_string()), ..Filter::default() };
        audit.query(&filter, None, 1000).await.unwrap()
    };
    assert_eq!(noted(from("2001:db8::1"), OF_NETWORK - 1).await.len(), 999);
    let last = noted(from("2001:db8::2"), 5).await;
    assert_eq!((last.len(), last[0].details["further"].as_str()), (1, "left out"), "the same /64");
    assert_eq!(noted(from("192.0.2.1"), 5).await.len(), 5, "another network");
    audit.note(Event::new("sign_in").address(from("2001:db8::3")));
    clock.advance(HOUR);
    assert_eq!(noted(from("2001:db8::2"), 5).await.len(), 6);
    assert_eq!(noted(from("2001:db8::3"), 0).await.len(), 1, "what was done is noted all the same");
    let mut refusals = Refusals::default();
    let all = (0..30_000u32)
        .filter(|n| refusals.one_more(from(&std::net::Ipv4Addr::from(*n).to_string()), Duration::ZERO) != NoteDecision::No);
    assert_eq!(all.count(), 20_000, "in all");
    assert_eq!(refusals.networks.len(), 20_000);
}
