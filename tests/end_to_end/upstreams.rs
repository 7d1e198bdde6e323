//! When the upstream is not there, or the request means two things.

use hyper::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::World;

const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";

#[tokio::test]
async fn a_dead_upstream_is_502_with_our_page_or_a_problem_document() {
    let world = World::with(
        &[("wiki", OPEN)],
        &format!("[[app]]\nname = \"dead\"\nurl = \"https://dead.test:1\"\nupstream = [\"http://127.0.0.1:1\"]\n{OPEN}"),
    )
    .await;
    // The certificate of this world is not for dead.test; its own app shows the same by a reload.
    let port = world.port;
    let text = std::fs::read_to_string(world.folder.path().join("sekisho.toml"))
        .unwrap()
        .replace(&world.upstream.address(), "127.0.0.1:1");
    std::fs::write(world.folder.path().join("sekisho.toml"), text).unwrap();
    world.server.reload(&world.folder.path().join("sekisho.toml")).unwrap();
    let mut program = world.browser().with_header("accept", "application/json");
    let answer = program.send(Method::GET, &world.url("wiki", "/"), None).await;
    assert_eq!((answer.status, answer.code().as_str()), (502, "upstream_unreachable"));
    let page = world.browser().send(Method::GET, &world.url("wiki", "/"), None).await;
    assert_eq!(page.status, 502);
    assert!(page.body.contains(page.header("x-request-id").unwrap()), "the request id stands on the page");
    assert!(port > 0);
}

#[tokio::test]
async fn host_confusion_is_refused_t13_t16() {
    let world = World::with(&[("wiki", OPEN), ("other", OPEN)], "").await;
    let port = world.port;
    for (lines, status) in [
        (format!("Host: other.test:{port}\r\n"), "421"),
        (format!("Host: wiki.test:{port}\r\nHost: other.test:{port}\r\n"), "400"),
        ("Host: user@wiki.test\r\n".to_owned(), "400"),
        ("Host: unknown.test\r\n".to_owned(), "421"),
        (String::new(), "400"),
    ] {
        let url: url::Url = world.url("wiki", "/").parse().unwrap();
        let mut stream = world.browser().connect(&url).await;
        stream
            .write_all(format!("GET / HTTP/1.1\r\n{lines}Accept: application/json\r\nConnection: close\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        let _read = stream.read_to_string(&mut answer).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{lines:?}: {answer}");
    }
    assert!(world.upstream.seen().is_empty());
}
