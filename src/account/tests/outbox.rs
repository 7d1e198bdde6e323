//! The outbox as tests, with a mail relay of our own.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::clock::Clock as _;
use crate::config::schema;
use crate::core::testing::TestCore;

/// A relay that takes `messages` messages, then refuses; the text of each message is sent on.
async fn relay(refuses: bool) -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (messages, received) = mpsc::channel(8);
    tokio_util::task::TaskTracker::new().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 relay\r\n").await.unwrap();
            let (mut data, mut is_data) = (String::new(), false);
            while let Ok(Some(line)) = lines.next_line().await {
                let answer: &[u8] = match line.as_str() {
                    "." if is_data => {
                        is_data = false;
                        messages.send(std::mem::take(&mut data)).await.unwrap();
                        b"250 taken\r\n"
                    }
                    _ if is_data => {
                        data.push_str(&line);
                        data.push('\n');
                        continue;
                    }
                    "DATA" => {
                        is_data = true;
                        b"354 go on\r\n"
                    }
                    "QUIT" => b"221 bye\r\n",
                    text if text.starts_with("MAIL") && refuses => b"451 later\r\n",
                    _ => b"250 well\r\n",
                };
                write.write_all(answer).await.unwrap();
            }
        }
    });
    (port, received)
}

fn mail(port: u16) -> schema::Mail {
    let text = format!("host = '127.0.0.1'\nport = {port}\nsecurity = 'plain'\nfrom = 'Sekisho <gate@example.com>'");
    toml::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_message_is_mailed_once_and_can_be_shown() {
    let test = TestCore::open().await;
    let (port, mut heard) = relay(false).await;
    let outbox = &test.core.outbox();
    let id = outbox.post(None, Some("alice@example.com"), "Welcome 関所", "Your link: x").await.unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 0, "no relay: it waits");
    assert_eq!(outbox.show(&id).await.unwrap().unwrap().1, "Your link: x");
    outbox.configure(Some(&mail(port))).unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    let text = heard.recv().await.unwrap();
    assert!(text.contains("From: Sekisho <gate@example.com>") && text.contains("To: alice@example.com"), "{text}");
    assert!(text.contains("Your link: x"));
    assert_eq!(outbox.list().await.unwrap()[0].sent_at, Some(test.clock.now()));
    test.clock.advance(Duration::from_secs(31 * 86_400));
    outbox.sweep().await.unwrap();
    assert!(outbox.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_relay_error_is_recorded_and_tried_again_later() {
    let test = TestCore::open().await;
    let (port, _heard) = relay(true).await;
    let outbox = &test.core.outbox();
    outbox.configure(Some(&mail(port))).unwrap();
    let id = outbox.post(None, Some("alice@example.com"), "Welcome", "x").await.unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    let (message, _body) = outbox.show(&id).await.unwrap().unwrap();
    assert!(message.last_error.is_some_and(|error| error.contains("later")));
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    assert_eq!(outbox.list().await.unwrap()[0].attempts, 1, "a minute must pass first");
    test.clock.advance(Duration::from_secs(60));
    outbox.deliver().await.unwrap();
    test.clock.advance(Duration::from_secs(60));
    outbox.deliver().await.unwrap();
    assert_eq!(outbox.list().await.unwrap()[0].attempts, 2, "then two");
    let (good, mut heard) = relay(false).await;
    outbox.configure(Some(&mail(good))).unwrap();
    test.clock.advance(Duration::from_secs(60));
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    assert!(heard.recv().await.is_some());
}

#[tokio::test]
async fn no_line_break_reaches_a_header_and_mail_in_the_clear_stays_on_this_machine() {
    let test = TestCore::open().await;
    let outbox = &test.core.outbox();
    for (recipient, subject) in [
        ("a@example.com\r\nBcc: b@example.com", "Welcome"),
        ("a@example.com", "Welcome\r\nBcc: b@example.com"),
        ("a@example.com", "Welcome\nX"),
        ("a@example.com", ""),
        ("nobody", "Welcome"),
    ] {
        assert!(outbox.post(None, Some(recipient), subject, "x").await.is_err(), "{recipient:?} {subject:?}");
    }
    let complained = |text: &str| outbox.configure(Some(&toml::from_str(text).unwrap())).unwrap_err().path;
    assert_eq!(complained("host = 'mail.example.com'\nsecurity = 'plain'\nfrom = 'a@example.com'"), "mail.security");
    assert_eq!(complained("host = 'localhost'\nsecurity = 'plain'\nfrom = 'nobody'"), "mail.from");
    assert_eq!(complained("host = 'localhost'\nsecurity = 'plain'\nfrom = 'a@example.com'\nuser = 'x'"), "mail.user");
    let no_file = "host = 'localhost'\nsecurity = 'plain'\nfrom = 'a@example.com'\nuser = 'x'\npassword_file = '/no/such'";
    assert_eq!(complained(no_file), "mail.password_file");
    assert!(!outbox.mails());
}
