//! Push fatigue: when a user's phones are not prompted any more.

use std::time::Duration;

use super::{answer, ask, ask_from, listed, world};
use crate::approval::question::{Denial, State};

#[tokio::test]
async fn unanswered_questions_are_followed_by_growing_silence_t41() {
    let (at, phone) = world().await;
    for _ in 0..3 {
        ask(&at).await;
    }
    assert_eq!(listed(&at).await, 1);
    ask(&at).await;
    assert_eq!(listed(&at).await, 0, "the fourth reaches no phone, and supersedes the third");
    at.clock.advance(Duration::from_secs(601));
    for _ in 0..3 {
        ask(&at).await;
    }
    assert_eq!(listed(&at).await, 1, "ten minutes later it begins again");
    ask(&at).await;
    at.clock.advance(Duration::from_secs(1199));
    ask(&at).await;
    assert_eq!(listed(&at).await, 0, "the second silence is twice as long");
    at.clock.advance(Duration::from_secs(2));
    let question = ask(&at).await;
    assert_eq!(listed(&at).await, 1);
    answer(&at, &phone, &question, "approve", None).await.unwrap();
    for _ in 0..3 {
        ask(&at).await;
    }
    assert_eq!(listed(&at).await, 1, "an approval sets everything back");
}

#[tokio::test]
async fn a_stranger_who_asks_again_and_again_does_not_silence_the_users_own_browser_t41() {
    let (at, _phone) = world().await;
    for _ in 0..20 {
        ask_from(&at, "stranger", 66, true).await;
    }
    assert_eq!(listed(&at).await, 0, "strangers are silenced");
    ask_from(&at, "own", 7, false).await;
    assert_eq!(listed(&at).await, 1, "a registered browser is not");
}

/// Also R-407.
#[tokio::test]
async fn after_this_was_not_me_that_network_is_not_listened_to_for_a_day() {
    let (at, phone) = world().await;
    let question = ask_from(&at, "attacker", 66, false).await;
    let denied = answer(&at, &phone, &question, "not_me", None).await.unwrap();
    assert!(matches!(denied, State::Denied { why: Denial::NotMe, .. }));
    ask_from(&at, "attacker", 66, false).await;
    assert_eq!(listed(&at).await, 0);
    ask_from(&at, "own", 7, false).await;
    assert_eq!(listed(&at).await, 1, "the own network goes on");
    at.clock.advance(Duration::from_secs(24 * 3600 + 1));
    ask_from(&at, "attacker", 66, false).await;
    assert_eq!(listed(&at).await, 1);
}
