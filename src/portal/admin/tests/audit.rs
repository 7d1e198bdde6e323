//! The audit log on its page: who did what, searched by outcome, day and address, and all that is known of a line.

use http::StatusCode;

use super::{act, administrator};
use crate::portal::testing::{Browser, Gate};

#[tokio::test]
async fn every_action_stands_in_the_audit_log_with_who_did_it() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    gate.at.user("bob").await;
    act(&mut browser, "enable-user", &["bob"], &[]).await;
    act(&mut browser, "enable-user", &["nobody"], &[]).await;
    let log = browser.get("/admin/audit?what=user.enable").await.body;
    assert_eq!(log.matches("user.enable</bdi>").count(), 2, "{log}");
    assert!(log.contains("unknown_user") && log.contains("<bdi>alice</bdi>") && log.contains("192.0.2.7"));
    // By outcome, day and address; and what else is known of a line, unfolded.
    let count = async |browser: &mut Browser, more: &str| {
        let page = browser.get(&format!("/admin/audit?what=user.enable{more}")).await;
        (page.status, page.body.matches("user.enable</bdi>").count())
    };
    let today = &gate.at.core.clock().now().rfc3339()[..10];
    for (more, lines) in [
        ("&outcome=done".to_owned(), 1),
        ("&outcome=refused".to_owned(), 1),
        ("&outcome=".to_owned(), 2),
        (format!("&since={today}&until={today}"), 2),
        ("&until=2020-01-01".to_owned(), 0),
        ("&address=192.0.2.7".to_owned(), 2),
        ("&address=192.0.2.8".to_owned(), 0),
    ] {
        assert_eq!(count(&mut browser, &more).await, (StatusCode::OK, lines), "{more}");
    }
    assert!(count(&mut browser, "&since=yesterday").await.0.is_client_error());
    assert!(log.contains("<summary>Details</summary>") && log.contains("<dt><code>request_id</code></dt>"), "{log}");
}
