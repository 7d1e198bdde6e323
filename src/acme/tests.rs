//! What is kept over a restart and a reload: which certificate serves, who is answered, and how long an authority is left alone.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;
use zeroize::Zeroizing;

use super::answers::ChallengeAnswer;
use super::issued::OwnCertificate;
use super::listeners::ListenAddresses;
use super::names::OwnCertificateName;
use super::records::{CertificateRow, FailureRow, OrderRow};
use super::settings::WantedCertificate;
use super::standing::OwnStanding;
use super::trouble::{AcmeTrouble, TroubleKind};
use crate::clock::Timestamp;
use crate::config::schema::AcmeChallenge;
use crate::core::testing::{TestCore, config};

const NAME: &str = "mail.example.com";
const DIRECTORY: &str = "https://ca.example.com/directory";
const WANTED: &str = "[acme.ours]\ndirectory = \"https://ca.example.com/directory\"\nagree_to_terms = true\n\
                      [[tls.certificate]]\nacme = [\"ours\"]\nnames = [\"mail.example.com\"]\n";
/// Noon of the day that test cores stand at.
const NOW: i64 = 1_800_000_000;
const DAY: i64 = 86_400;

async fn keep(test: &TestCore, id: &str, begins: i64, issued_at: i64, use_from: i64) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([NAME.to_owned()]).unwrap();
    let at = |seconds| time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    (params.not_before, params.not_after) = (at(begins), at(begins + 90 * DAY));
    let row = CertificateRow {
        id: id.to_owned(),
        names: NAME.to_owned(),
        directory: DIRECTORY.to_owned(),
        chain: params.self_signed(&key).unwrap().pem(),
        key: Zeroizing::new(key.serialize_der()),
        use_from: Timestamp::from_seconds(use_from),
        issued_at: Timestamp::from_seconds(issued_at),
    };
    test.core.own_certificates().rows.keep_certificate(&row).await.unwrap();
}

/// The ids of the one in use and of the next one.
fn held(test: &TestCore) -> (Option<String>, Option<String>) {
    let held = test.core.own_certificates().held.lock();
    let held = held.get(NAME).cloned().unwrap_or_default();
    let id = |certificate: Option<OwnCertificate>| certificate.map(|certificate| certificate.id);
    (id(held.present), id(held.next))
}

#[tokio::test]
async fn the_certificate_that_came_last_serves_after_a_restart_whatever_the_clock_said_when_an_older_one_came() {
    let some = |id: &str| Some(id.to_owned());
    let test = TestCore::with(WANTED).await;
    keep(&test, "older", NOW - 40 * DAY, NOW + 900 * DAY, NOW + 900 * DAY).await;
    let test = test.crash_and_restart().await;
    assert_eq!(held(&test), (some("older"), None));
    keep(&test, "newer", NOW - DAY, NOW - DAY, NOW - DAY).await;
    let test = test.crash_and_restart().await;
    assert_eq!(held(&test), (some("newer"), None), "a clock that was years ahead keeps the older one back for nobody");
    // The next one waits until its begin lies behind, and no longer.
    keep(&test, "next", NOW - 60, NOW, NOW + 900 * DAY).await;
    let test = test.crash_and_restart().await;
    assert_eq!(held(&test), (some("newer"), some("next")));
    test.clock.advance(Duration::from_secs(241));
    let test = test.crash_and_restart().await;
    assert_eq!(held(&test), (some("next"), None));
    let own = test.core.own_certificates();
    own.rows.forget_others(NAME, "next").await.unwrap();
    assert_eq!(own.rows.certificates().await.unwrap().len(), 1);
}

#[tokio::test]
async fn validators_of_an_open_order_are_answered_after_a_restart_and_only_as_long_as_it_is_wanted() {
    let test = TestCore::with(WANTED).await;
    let rows = &test.core.own_certificates().rows;
    let made_at = test.core.clock().now();
    let order = OrderRow { url: "https://ca.example.com/1".to_owned(), key: Zeroizing::new(vec![1]), made_at };
    let answers = [ChallengeAnswer::Http { token: "token-1".to_owned(), answer: "token-1.thumb".to_owned() }];
    for directory in [DIRECTORY, "https://other.example.com/directory"] {
        rows.keep_order(NAME, directory, &order).await.unwrap();
    }
    rows.keep_answers(NAME, DIRECTORY, &answers).await.unwrap();
    let other = [ChallengeAnswer::Http { token: "token-2".to_owned(), answer: "token-2.thumb".to_owned() }];
    rows.keep_answers(NAME, "https://other.example.com/directory", &other).await.unwrap();
    let test = test.crash_and_restart().await;
    let answered = |test: &TestCore, token: &str| {
        test.core.own_certificates().listeners().answer(&format!("/.well-known/acme-challenge/{token}"))
    };
    assert_eq!(answered(&test, "token-1").as_deref(), Some("token-1.thumb"));
    assert_eq!(answered(&test, "token-2"), None, "the config names that authority no more");
    test.core.adopt(config(test.folder.path(), "")).unwrap();
    assert_eq!(answered(&test, "token-1"), None, "nor this certificate");
    test.clock.advance(Duration::from_secs(8 * 86_400));
    let test = test.crash_and_restart().await;
    assert_eq!(answered(&test, "token-1"), None, "an order that old has ended");
}

#[tokio::test]
async fn nobody_here_shortens_the_time_for_which_an_authority_wants_to_be_left_alone() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    // What the authority demands, what we wait by ourselves, and how long nobody asks after somebody hurries it.
    for (demanded, rest, left) in [(Some(1), 5, Some(1)), (Some(5), 1, Some(5)), (Some(5), 5, Some(5)), (None, 5, None)] {
        let test = TestCore::with(WANTED).await;
        let own = test.core.own_certificates();
        let now = test.core.clock().now();
        let mut trouble = AcmeTrouble::new(TroubleKind::Unreachable, "answers 503");
        trouble.after = demanded.map(minutes);
        let failed = FailureRow::after(None, NAME, DIRECTORY, &trouble, minutes(rest), now);
        assert_eq!(failed.next_at, now.plus(minutes(rest.max(demanded.unwrap_or(0)))));
        own.rows.keep_failure(&failed).await.unwrap();
        let test = test.crash_and_restart().await;
        let next = |test: &TestCore| {
            let own = test.core.own_certificates();
            own.failures.lock().get(&(Arc::from(NAME), DIRECTORY.to_owned())).map(|failure| failure.next_at)
        };
        assert_eq!(next(&test), Some(failed.next_at), "a restart alone changes nothing");
        let expected = left.map(|left| now.plus(minutes(left)));
        test.core.adopt(test.core.config()).unwrap();
        assert_eq!(next(&test), expected, "a reload: {demanded:?} {rest}");
        assert_eq!(test.core.own_certificates().ask(NAME).await.unwrap(), 1);
        assert_eq!(next(&test), expected, "a wish: {demanded:?} {rest}");
        let test = test.crash_and_restart().await;
        assert_eq!(next(&test), expected, "both after a restart: {demanded:?} {rest}");
    }
}

#[tokio::test]
async fn a_listener_that_does_not_answer_a_challenge_is_said_and_one_that_cannot_be_reached_is_not() {
    let test = TestCore::with(WANTED).await;
    let own = test.core.own_certificates();
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = other.local_addr().unwrap();
    // Something else listens there, which speaks no TLS and knows no challenge.
    TaskTracker::new().spawn(async move {
        while let Ok((mut stream, _)) = other.accept().await {
            let mut some = [0; 1024];
            let _read = stream.read(&mut some).await;
            let _written = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let mut wanted = WantedCertificate {
        key: NAME.into(),
        names: vec![OwnCertificateName::read(NAME)],
        challenge: AcmeChallenge::TlsAlpn01,
        authorities: Vec::new(),
    };
    for (challenge, words) in [
        (AcmeChallenge::TlsAlpn01, "does not answer tls-alpn-01 for mail.example.com"),
        (AcmeChallenge::Http01, "it answers 404"),
    ] {
        wanted.challenge = challenge;
        let listens = |at| own.listeners().listen_at(ListenAddresses { https: vec![at], http: vec![at] });
        listens(gone);
        own.check_listeners(&wanted).await.unwrap();
        listens(address);
        let trouble = own.check_listeners(&wanted).await.unwrap_err();
        assert!(trouble.kind == TroubleKind::SelfCheck && trouble.words.contains(words), "{}", trouble.words);
    }
}

#[tokio::test]
async fn a_validator_that_comes_for_an_open_order_never_sees_our_own_question() {
    let test = TestCore::with(WANTED).await;
    let own = test.core.own_certificates();
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = other.local_addr().unwrap();
    own.listeners().listen_at(ListenAddresses { https: vec![address], http: Vec::new() });
    let open = own.listeners().open_by_tls(&OwnCertificateName::read(NAME), &[7; 32]).unwrap();
    let wanted = WantedCertificate {
        key: NAME.into(),
        names: vec![OwnCertificateName::read(NAME)],
        challenge: AcmeChallenge::TlsAlpn01,
        authorities: Vec::new(),
    };
    tokio::select! {
        checked = own.check_listeners(&wanted) => checked.unwrap(),
        _ = other.accept() => panic!("it was asked"),
    }
    drop(open);
}

#[tokio::test]
async fn administrators_are_notified_of_an_alarm_once_in_three_days_over_restarts_and_again_when_it_gets_worse() {
    let test = TestCore::with(WANTED).await;
    keep(&test, "ends", NOW - 80 * DAY, NOW - 80 * DAY, NOW - 80 * DAY).await;
    let test = test.crash_and_restart().await;
    let raised = async |test: &TestCore| {
        let own = test.core.own_certificates();
        let found = own.report().await;
        for alarm in &found {
            own.notified(alarm).await;
        }
        found.into_iter().map(|alarm| alarm.standing).collect::<Vec<_>>()
    };
    let days = |days: u64| Duration::from_secs(86_400 * days);
    assert_eq!(raised(&test).await, [OwnStanding::EndsSoon]);
    let test = test.crash_and_restart().await;
    assert_eq!(raised(&test).await, []);
    test.clock.advance(days(3));
    assert_eq!(raised(&test).await, [OwnStanding::EndsSoon]);
    assert_eq!(raised(&test).await, []);
    // Over, and back again: of this they were not notified yet.
    keep(&test, "good", NOW, NOW, NOW).await;
    let test = test.crash_and_restart().await;
    assert_eq!(raised(&test).await, []);
    test.clock.advance(days(77));
    assert_eq!(raised(&test).await, [OwnStanding::EndsSoon]);
    test.clock.advance(days(12));
    assert_eq!(raised(&test).await, [OwnStanding::Ended]);
}

#[tokio::test]
async fn a_certificate_that_is_missing_is_no_notice_while_somebody_sets_it_up() {
    let test = TestCore::with(WANTED).await;
    let own = test.core.own_certificates();
    assert!(own.report().await.is_empty());
    let trouble = AcmeTrouble::new(TroubleKind::Unreachable, "answers 503");
    let failed = FailureRow::after(None, NAME, DIRECTORY, &trouble, Duration::from_secs(60), test.core.clock().now());
    own.failures.lock().insert((Arc::from(NAME), DIRECTORY.to_owned()), failed);
    assert!(own.report().await.is_empty());
    test.clock.advance(Duration::from_secs(3601));
    let found = own.report().await;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].standing, found[0].trouble.as_deref()), (OwnStanding::Missing, Some("ours: answers 503")));
}
