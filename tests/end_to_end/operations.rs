//! Draining and what stands on every answer.

use hyper::Method;

use crate::support::World;

const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";

#[tokio::test]
async fn every_answer_is_strict_about_transport_and_pages_about_their_content() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("wiki", "/")).await;
    assert!(page.header("strict-transport-security").unwrap().starts_with("max-age="));
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
    for cookie in page.headers.iter().filter(|(name, _)| name == "set-cookie") {
        for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.1.starts_with("__Host-") && cookie.1.contains(attribute), "{attribute}: {cookie:?}");
        }
    }
}

#[tokio::test]
async fn a_stopped_server_gives_its_port_and_its_state_back() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let mut browser = world.browser();
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    let world = world.restart().await;
    assert_eq!(browser.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
}
