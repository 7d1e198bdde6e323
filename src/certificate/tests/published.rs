//! Lists that an address publishes: a real HTTP server on loopback answers well, badly, late and not at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::certificate::list_report::{ListReport, ListState};
use crate::core::testing::config;
use crate::principal::certificate::Fault;

/// What the address answers, and how often it was asked.
#[derive(Clone)]
struct Publisher {
    answer: Arc<Mutex<Vec<u8>>>,
    asked: Arc<AtomicUsize>,
    last: Arc<Mutex<String>>,
    url: String,
}

impl Publisher {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/corp.crl?full", listener.local_addr().unwrap());
        let publisher = Self { answer: Arc::default(), asked: Arc::default(), last: Arc::default(), url };
        let own = publisher.clone();
        tokio_util::task::TaskTracker::new().spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                    let mut some = [0; 1024];
                    match stream.read(&mut some).await {
                        Ok(read @ 1..) => head.extend_from_slice(&some[..read]),
                        _ => break,
                    }
                }
                own.asked.fetch_add(1, Ordering::SeqCst);
                *own.last.lock() = String::from_utf8_lossy(&head).into_owned();
                let answer = own.answer.lock().clone();
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        });
        publisher
    }

    fn says(&self, status: &str, fields: &str, body: &[u8]) {
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{fields}\r\n", body.len());
        *self.answer.lock() = [head.as_bytes(), body].concat();
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

struct Scene {
    _files: Files,
    corp: Authority,
    publisher: Publisher,
    config: String,
}

impl Scene {
    async fn new() -> Self {
        let (files, corp, publisher) = (Files::new(), Authority::new("corp"), Publisher::start().await);
        let trust = files.trust(&corp, "");
        let url = &publisher.url;
        let config = format!("[trust.corp]\nbundle = {:?}\nrevocation_urls = [{url:?}]", trust.bundle);
        Self { _files: files, corp, publisher, config }
    }

    fn certificate(&self, serial: u8) -> PresentedCertificate {
        shown(&[&self.corp.issue("alice", |params| {
            params.serial_number = Some(SerialNumber::from(vec![serial]));
            params.not_after = at(NOW + 99 * DAY);
        })])
    }
}

fn fault(test: &TestCore, certificate: &PresentedCertificate) -> Option<Fault> {
    let core = &test.core;
    core.certificates().standing(certificate, core.clock().now()).fault
}

fn report(test: &TestCore) -> ListReport {
    let mut reports = test.core.certificates().list_reports();
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

#[tokio::test]
async fn a_published_list_is_fetched_refreshed_and_kept() {
    let scene = Scene::new().await;
    let (good, bad) = (scene.certificate(1), scene.certificate(2));
    let test = TestCore::with(&scene.config).await;
    assert_eq!(fault(&test, &good), Some(Fault::RevocationUnknown), "nothing is known before the first answer");
    assert_eq!(report(&test).state, ListState::Missing);

    // Nothing was known that could still hold.
    scene.publisher.says("304 Not Modified", "", b"");
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(report(&test).state, ListState::Missing);
    assert!(report(&test).trouble.unwrap().contains("answers 304"));
    test.core.certificates().make_lists_due();

    scene.publisher.says("200 OK", "etag: \"one\"\r\n", scene.corp.revoke(&[2], 4 * DAY).as_bytes());
    let before = test.core.certificates().generation();
    test.core.certificates().refresh_lists().await.unwrap();
    assert_ne!(test.core.certificates().generation(), before, "who is connected is judged again");
    assert_eq!((fault(&test, &good), fault(&test, &bad)), (None, Some(Fault::Revoked)));
    assert_eq!((report(&test).state, report(&test).revoked), (ListState::Current, 1));
    assert!(scene.publisher.last.lock().starts_with("GET /corp.crl?full HTTP/1.1\r\n"), "{}", scene.publisher.last.lock());

    // Not before its turn, which comes half a day later at the latest; then with the validator.
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(scene.publisher.asked(), 2);
    scene.publisher.says("304 Not Modified", "etag: \"one\"\r\n", b"");
    test.clock.advance(Duration::from_secs(12 * 3600));
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(scene.publisher.asked(), 3);
    assert!(
        scene.publisher.last.lock().to_ascii_lowercase().contains("if-none-match: \"one\""),
        "{}",
        scene.publisher.last.lock()
    );
    assert_eq!((fault(&test, &good), fault(&test, &bad)), (None, Some(Fault::Revoked)));

    // A restart without the network: what was read last is used.
    scene.publisher.says("503 Service Unavailable", "", b"later");
    let test = test.crash_and_restart().await;
    assert_eq!((fault(&test, &good), fault(&test, &bad)), (None, Some(Fault::Revoked)));
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(fault(&test, &good), None);
    assert_eq!(report(&test).trouble.as_deref(), Some("answers with 503 Service Unavailable"));

    // A newer list revokes the other as well; the next look after a failure comes soon.
    scene.publisher.says("200 OK", "", scene.corp.revoke(&[1, 2], 5 * DAY).as_bytes());
    test.clock.advance(Duration::from_secs(61));
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(fault(&test, &good), Some(Fault::Revoked));
    assert_eq!(report(&test).trouble, None);

    // An address that is named no more is forgotten, and what it said as well.
    let without = scene.config.lines().filter(|line| !line.starts_with("revocation_urls")).collect::<Vec<_>>().join("\n");
    test.core.adopt(config(test.folder.path(), &without)).unwrap();
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(fault(&test, &good), None);
    test.core.adopt(config(test.folder.path(), &scene.config)).unwrap();
    assert_eq!(report(&test).state, ListState::Missing);
}

#[tokio::test]
async fn whatever_else_an_address_answers_leaves_the_last_good_list_in_force() {
    let scene = Scene::new().await;
    let (good, bad) = (scene.certificate(1), scene.certificate(2));
    let (impostor, stranger) = (Authority::new("corp"), Authority::new("stranger"));
    let test = TestCore::with(&scene.config).await;
    scene.publisher.says("200 OK", "", scene.corp.revoke(&[2], 90 * DAY).as_bytes());
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!((fault(&test, &good), fault(&test, &bad)), (None, Some(Fault::Revoked)));
    let impostors = impostor.revoke(&[], 90 * DAY);
    let strangers = stranger.revoke(&[], 90 * DAY);
    let older = scene.corp.revoke_made(&[], NOW - 3 * DAY, NOW + 90 * DAY);
    let delta = include_bytes!("lists/delta.crl");
    for (status, fields, body, reason) in [
        ("200 OK", "", impostors.as_bytes(), "is signed by another key than that of CN=corp"),
        ("200 OK", "", strangers.as_bytes(), "is signed by CN=stranger, which is not in the bundle"),
        ("200 OK", "", older.as_bytes(), "older than the one that is known"),
        ("200 OK", "", delta, "is a delta list"),
        ("200 OK", "", b"<html>sign in</html>", "holds no revocation list"),
        ("200 OK", "", b"", "holds no revocation list"),
        ("404 Not Found", "", b"", "answers with 404 Not Found"),
        ("302 Found", "location: http://elsewhere.example/list\r\n", b"", "redirect (302) to http://elsewhere.example/list"),
        ("200 OK", "content-length: 999999999\r\n", b"", "does not answer"),
    ] {
        scene.publisher.says(status, fields, body);
        test.core.certificates().make_lists_due();
        test.core.certificates().refresh_lists().await.unwrap();
        assert!(report(&test).trouble.unwrap_or_default().contains(reason), "{reason}: {:?}", report(&test).trouble);
        assert_eq!((fault(&test, &good), fault(&test, &bad)), (None, Some(Fault::Revoked)), "{reason}");
    }
    // Failure after failure the pauses grow: not each turn asks.
    let asked = scene.publisher.asked();
    for _ in 0..10 {
        test.clock.advance(Duration::from_secs(30));
        test.core.certificates().refresh_lists().await.unwrap();
    }
    assert_eq!(scene.publisher.asked(), asked, "the ninth failure rests for an hour");
}

#[tokio::test]
async fn a_part_of_what_an_address_published_leaves_nobody_unchecked() {
    let (files, a, b, publisher) = (Files::new(), Authority::new("a"), Authority::new("b"), Publisher::start().await);
    let (both, alone) = (files.put("both.pem", format!("{}{}", a.pem, b.pem)), files.put("a.pem", &a.pem));
    let config_of = |bundle: &PathBuf| format!("[trust.corp]\nbundle = {bundle:?}\nrevocation_urls = [{:?}]", publisher.url);
    let test = TestCore::with(&config_of(&both)).await;
    let numbered = |authority: &Authority| {
        shown(&[&authority.issue("bob", |params| params.serial_number = Some(SerialNumber::from(vec![9])))])
    };
    let (of_a, of_b) = (numbered(&a), numbered(&b));
    let whole = format!("{}{}", a.revoke(&[], 9 * DAY), b.revoke(&[9], 9 * DAY));
    publisher.says("200 OK", "", whole.as_bytes());
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!((fault(&test, &of_a), fault(&test, &of_b)), (None, Some(Fault::Revoked)));

    publisher.says("200 OK", "", a.revoke(&[], 9 * DAY).as_bytes());
    test.core.certificates().make_lists_due();
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(fault(&test, &of_b), Some(Fault::Revoked), "b's list stays");
    for report in test.core.certificates().list_reports() {
        assert_eq!(report.trouble.as_deref(), Some("holds no list of CN=b any more"));
    }

    // Once b is no authority of the bundle any more, the list of a is all there is to say, before and after it is read.
    test.core.adopt(config(test.folder.path(), &config_of(&alone))).unwrap();
    assert_eq!((report(&test).state, fault(&test, &of_a)), (ListState::Current, None));
    test.core.certificates().make_lists_due();
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!((report(&test).state, report(&test).trouble), (ListState::Current, None));
}

#[tokio::test]
async fn of_two_bundles_none_loses_its_list_to_the_other() {
    let (files, a, b, publisher) = (Files::new(), Authority::new("a"), Authority::new("b"), Publisher::start().await);
    let (one, other) = (files.put("a.pem", &a.pem), files.put("b.pem", &b.pem));
    let config = format!(
        "[trust.one]\nbundle = {one:?}\nrevocation_urls = [{url:?}]\n[trust.other]\nbundle = {other:?}\nrevocation_urls = [{url:?}]",
        url = publisher.url
    );
    let test = TestCore::with(&config).await;
    let revoked = shown(&[&a.issue("alice", |params| params.serial_number = Some(SerialNumber::from(vec![9])))]);
    publisher.says("200 OK", "", a.revoke(&[9], 9 * DAY).as_bytes());
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(fault(&test, &revoked), Some(Fault::Revoked));
    publisher.says("200 OK", "", b.revoke(&[], 9 * DAY).as_bytes());
    test.core.certificates().make_lists_due();
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(fault(&test, &revoked), Some(Fault::Revoked));
}

#[test]
fn an_address_that_cannot_be_read_is_an_error_on_its_key() {
    let files = Files::new();
    let corp = Authority::new("corp");
    for (url, what) in [
        ("ldap://dc1.corp.example/CN=corp?certificateRevocationList", "is read from a directory"),
        ("file:///etc/corp.crl", "is not an http:// or https:// address"),
        ("corp.crl", "is not an address"),
        ("http://user:secret@pki.corp.example/corp.crl", "a user name or a password"),
    ] {
        let trust = files.trust(&corp, &format!("revocation_urls = [{url:?}]"));
        let complaints =
            Bundles::compile(&BTreeMap::from([("corp".to_owned(), trust)]), Timestamp::from_seconds(NOW)).unwrap_err();
        assert_eq!(complaints[0].path, "trust.corp.revocation_urls[0]");
        assert!(complaints[0].message.contains(what) && !complaints[0].message.contains("secret"), "{}", complaints[0].message);
    }
}

#[tokio::test]
async fn after_a_reload_an_address_that_leaves_no_list_is_read_at_once() {
    let (files, a, b, publisher) = (Files::new(), Authority::new("a"), Authority::new("b"), Publisher::start().await);
    let (one, other) = (files.put("a.pem", &a.pem), files.put("b.pem", &b.pem));
    let config_of = |bundle: &PathBuf| format!("[trust.corp]\nbundle = {bundle:?}\nrevocation_urls = [{:?}]", publisher.url);
    let test = TestCore::with(&config_of(&one)).await;
    publisher.says("200 OK", "etag: \"one\"\r\n", a.revoke(&[], 9 * DAY).as_bytes());
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!((report(&test).state, publisher.asked()), (ListState::Current, 1));

    // The authority was replaced, and its list too.
    test.core.adopt(config(test.folder.path(), &config_of(&other))).unwrap();
    assert_eq!(report(&test).state, ListState::Missing);
    publisher.says("200 OK", "etag: \"two\"\r\n", b.revoke(&[], 9 * DAY).as_bytes());
    test.core.certificates().refresh_lists().await.unwrap();
    assert!(!publisher.last.lock().contains("if-none-match"), "the whole is asked for");
    assert_eq!((report(&test).state, publisher.asked()), (ListState::Current, 2));

    // A reload that leaves the lists as they are asks nobody.
    test.core.adopt(config(test.folder.path(), &config_of(&other))).unwrap();
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(publisher.asked(), 2);

    // One that failed is tried again as well: what was wrong may be mended by it.
    let address = files.put("c.pem", &a.pem);
    test.core.adopt(config(test.folder.path(), &config_of(&address))).unwrap();
    test.core.certificates().refresh_lists().await.unwrap();
    assert!(report(&test).trouble.is_some());
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(publisher.asked(), 3, "after a failure it rests");
    test.core.adopt(config(test.folder.path(), &config_of(&other))).unwrap();
    test.core.adopt(config(test.folder.path(), &config_of(&address))).unwrap();
    test.core.certificates().refresh_lists().await.unwrap();
    assert_eq!(publisher.asked(), 4);
}
