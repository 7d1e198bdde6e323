//! The log under strangers: of each kind so many lines for a network within a minute, and one that counts the others;
//! lines about people who are signed in are all written, and every number of the metrics is exact.

use hyper::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::World;
use crate::support::process::LOG;

/// An app with rules: a field that names another method is refused there.
const RULES: &str = "[app.demands.primary_factor]\n[[app.rule]]\npaths = [\"/open/**\"]\ndemands.primary_factor.mode = \"off\"\n";

#[tokio::test]
async fn what_strangers_are_refused_fills_no_log_and_is_counted_exactly() {
    let world = World::with(&[("wiki", RULES)], "").await;
    let alice = world.person("alice").await;
    let gateway = world.start().await;
    let mut known = world.browser();
    assert_eq!(known.sign_in(&world.url("wiki", "/"), &alice).await.status, 200);

    let (open, odd) = (world.url("wiki", "/open/a"), world.url("wiki", "/open/a%00"));
    for _ in 0..50 {
        let mut stranger = world.program().with_header("x-http-method-override", "DELETE");
        assert_eq!(stranger.send(Method::GET, &open, None).await.status, 400);
        assert_eq!(world.program().send(Method::GET, &odd, None).await.status, 400);
        // No handshake at all.
        let mut stream = TcpStream::connect(("127.0.0.1", world.port)).await.unwrap();
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
        let _closed = stream.read_to_end(&mut Vec::new()).await;
    }
    // The same network, and somebody whom the gateway knows: whatever strangers do beside them.
    let mut known = known.with_header("x-http-method-override", "DELETE");
    for _ in 0..30 {
        assert_eq!(known.send(Method::GET, &open, None).await.status, 400);
    }
    assert!(world.metric("sekisho_requests_total{app=\"wiki\",outcome=\"refused\"}").await >= 80.0);
    assert!(world.metric("sekisho_handshakes_failed_total").await >= 50.0);

    assert_eq!(gateway.stop().await, 0);
    let log = world.read(LOG);
    let lines = |message: &str| log.lines().filter(|line| line.contains(&format!(": {message} "))).count();
    assert_eq!(lines("request_refused"), 20 + 30, "{log}");
    assert_eq!(lines("request_not_judged"), 20, "{log}");
    assert_eq!(lines("handshake_failed"), 20, "{log}");
    for kind in ["request_refused", "request_not_judged", "handshake_failed"] {
        let got: Vec<_> = log.lines().filter(|line| line.contains(&format!("log_lines_left_out kind=\"{kind}\""))).collect();
        assert_eq!(got.len(), 1, "{kind}: {log}");
        assert!(got[0].contains(" left_out=30 most_from=127.0.0.0 most=30"), "{got:?}");
    }
}

#[tokio::test]
async fn every_request_has_one_line_and_the_last_ones_before_an_end_too() {
    let world = World::with(&[("wiki", "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n")], "").await;
    let gateway = world.start().await;
    let mut browser = world.browser();
    for number in 0..200 {
        assert_eq!(browser.send(Method::GET, &world.url("wiki", &format!("/page-{number}-")), None).await.status, 200);
    }
    assert_eq!(gateway.stop().await, 0);
    let log = world.read(LOG);
    // Each worker writes its own in their order; between workers the moment of each tells.
    let lines: Vec<_> = log.lines().filter(|line| line.contains("sekisho::access: request ")).collect();
    for number in 0..200 {
        let of_page = format!(" path=/page-{number}- status=200 ");
        let found: Vec<_> = lines.iter().filter(|line| line.contains(&of_page)).collect();
        assert_eq!(found.len(), 1, "{of_page}: {log}");
        assert!(found[0].contains(" request_id="), "{found:?}");
    }
}
