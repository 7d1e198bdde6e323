//! What an administrator reaches by a session through the TLS port.

use hyper::Method;
use sekisho::principal::user::GroupName;

use crate::support::World;

#[tokio::test]
async fn a_message_with_a_link_is_shown_after_a_fresh_sign_in_alone() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let core = world.server.core();
    let group = GroupName::parse("administrators").unwrap();
    core.groups().add(group.clone(), None).await.unwrap();
    core.users().set_groups(&alice.user, vec![group]).await.unwrap();
    let message = core.outbox().post(Some(&alice.user), None, "Your account", "https://auth.test/invitation/…").await.unwrap();
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    browser.headers.push(("accept".to_owned(), "application/json".to_owned()));
    let (list, show) = (world.url("auth", "/api/v1/outbox"), world.url("auth", &format!("/api/v1/outbox/{message}")));
    let shown = browser.send(Method::GET, &show, None).await;
    assert!(shown.status == 200 && shown.body.contains("/invitation/"), "{shown:?}");
    // Ten minutes later the same session still reads, but sees no credential: a stranger at the PC gets no link.
    world.advance(11 * 60);
    let listed = browser.send(Method::GET, &list, None).await;
    assert!(listed.status == 200 && listed.body.contains(&message) && !listed.body.contains("/invitation/"), "{listed:?}");
    let refused = browser.send(Method::GET, &show, None).await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "sign_in_too_old"));
    assert_eq!(browser.send(Method::HEAD, &show, None).await.status, 401);
}
