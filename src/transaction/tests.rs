//! How many requests are held, of one and in all; what is written down late, and at the end of the process.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Ending, HeldError, HoldOutcome};
use crate::approval::testing::Phone;
use crate::core::Core;
use crate::core::testing::TestCore;
use crate::random::OsRandom;
use crate::transaction::testing::{TRANSFER, answer, hold, take};

#[tokio::test]
async fn what_is_over_shuts_nobody_out_and_no_one_holds_more_than_their_share() {
    let test = TestCore::with(&format!("{TRANSFER}\n[limits]\ntransactions = 20\n")).await;
    for user in ["alice", "bob"] {
        test.user(user).await;
        Phone::registered(&test.core, user).await;
    }
    let too_many = async |user, payee: &str| matches!(take(&test, user, payee, "1").await, Err(HeldError::TooMany));
    // Of 20 in all one may hold 8 at once, and 64 in a quarter of an hour.
    for number in 0..64 {
        let held = hold(&test, "alice", &format!("payee-{number}"), "1").await;
        assert!(test.core.transaction_engine().cancel(&held).await.unwrap());
    }
    assert!(too_many("alice", "another").await);
    for number in 0..8 {
        hold(&test, "bob", &format!("payee-{number}"), "1").await;
    }
    assert!(too_many("bob", "another").await);
    assert!(matches!(take(&test, "bob", "payee-0", "1").await, Ok(HoldOutcome::Joined(_))), "joined, not held a second time");
    test.clock.advance(Duration::from_secs(901));
    test.core.sweep(&CancellationToken::new()).await;
    hold(&test, "alice", "another", "1").await;
}

#[tokio::test]
async fn an_end_that_waits_to_be_written_is_written_when_the_core_closes() {
    let test = TestCore::with(TRANSFER).await;
    test.user("alice").await;
    let phone = Phone::registered(&test.core, "alice").await;
    let held = hold(&test, "alice", "ACME", "100").await;
    answer(&test, &held, "alice", &phone, "approve").await;
    let TestCore { folder: _folder, clock, core } = test;
    core.database().execute("ALTER TABLE transactions RENAME TO away", &[]).await.unwrap();
    core.transaction_engine().end(&held, Ending::Forwarded(201)).await.unwrap_err();
    core.database().execute("ALTER TABLE away RENAME TO transactions", &[]).await.unwrap();
    let config = core.config();
    core.close().await.unwrap();
    drop(core);
    let again = Core::open(config, clock, Arc::new(OsRandom::new())).await.unwrap();
    let record = again.transactions().record(&held.id).await.unwrap().unwrap();
    assert_eq!((record.outcome.as_str(), record.status, record.receipt.is_some()), ("forwarded", Some(201), true));
}

#[tokio::test]
async fn taking_back_what_rang_nobody_takes_nothing_from_the_count_t41() {
    let test = TestCore::with(TRANSFER).await;
    test.user("alice").await;
    let phone = Phone::registered(&test.core, "alice").await;
    // How many push messages are sent, each denied, until rate limiting begins.
    let ring = async |round: &str| {
        let mut rung = 0;
        loop {
            let held = hold(&test, "alice", &format!("{round}-{rung}"), "1").await;
            if held.quorum_reachable() == Some(false) {
                return rung;
            }
            answer(&test, &held, "alice", &phone, "deny").await;
            rung += 1;
            assert!(rung < 20, "without end");
            if rung == 3 {
                // What was counted is over soon after the silence begins.
                test.clock.advance(Duration::from_secs(590));
            }
        }
    };
    assert_eq!(ring("first").await, 3);
    test.clock.advance(Duration::from_secs(20));
    for number in 0..5 {
        let held = hold(&test, "alice", &format!("silent-{number}"), "1").await;
        assert_eq!(held.quorum_reachable(), Some(false), "{number}");
        assert!(test.core.transaction_engine().cancel(&held).await.unwrap());
    }
    test.clock.advance(Duration::from_secs(585));
    assert_eq!(ring("second").await, 3, "as many as ever");
}
