//! The pings after which an app looks.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::portal::tests::apps::{GRANT, World, token};

const LOOPBACK: &str = "[\"127.0.0.0/8\", \"::1/128\"]";

/// An app whose pings go to this port of ours.
fn pinged(name: &str, port: u16, networks: &str, authority: &std::path::Path) -> String {
    format!(
        r#"
[[app]]
name = "{name}"
url = "https://{name}.example.com"
upstream = ["http://127.0.0.1:8092"]
demands.primary_factor = {{}}
approvals.ping = {{ endpoint = "https://localhost:{port}/ciba?app={name}", networks = {networks}, authority = "{}" }}
"#,
        authority.display()
    )
}

/// What a ping's receiver saw, once it saw something.
async fn rung(seen: &crate::approval::push_tests::Seen) -> (HeaderMap, Value) {
    for _ in 0..1000 {
        if let Some((headers, body)) = seen.lock().unwrap().first() {
            return (headers.clone(), serde_json::from_slice(body).unwrap());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no ping arrived");
}

#[tokio::test]
async fn a_ping_tells_the_app_which_request_and_nothing_of_the_answer() {
    let (port, authority, seen) = crate::approval::push_tests::service(Some(204)).await;
    let (wrong_port, _, unseen) = crate::approval::push_tests::service(Some(204)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ping.pem");
    std::fs::write(&file, authority).unwrap();
    let apps = [
        pinged("notified", port, LOOPBACK, &file),
        // An address of the inside that is not listed, and one that this authority does not vouch for.
        pinged("inside", wrong_port, "[]", &file),
        pinged("stranger", wrong_port, LOOPBACK, &file),
    ];
    let world = World::with(&apps.concat()).await;
    let fields = [("scope", "openid"), ("login_hint", "alice"), ("binding_message", "hello")];
    let reply = token(&world.gate, "notified").await;
    world.oidc(("notified", &reply), "/oidc/bc-authorize", &fields).await.is(400, "invalid_request");
    let bad = [&fields[..], &[("client_notification_token", "two words")]].concat();
    world.oidc(("notified", &reply), "/oidc/bc-authorize", &bad).await.is(400, "invalid_request");
    let good = [&fields[..], &[("client_notification_token", "notify-8.me")]].concat();
    for name in ["inside", "stranger", "notified"] {
        let secret = token(&world.gate, name).await;
        let said = world.oidc((name, &secret), "/oidc/bc-authorize", &good).await;
        let id = said.body["auth_req_id"].as_str().unwrap_or_else(|| panic!("{said:?}")).to_owned();
        world.answers(if name == "notified" { "deny" } else { "approve" }).await;
        let exchange = [("grant_type", GRANT), ("auth_req_id", id.as_str())];
        if name == "notified" {
            let (headers, body) = rung(&seen).await;
            assert_eq!(
                (headers["authorization"].to_str().unwrap(), &headers["content-type"]),
                ("Bearer notify-8.me", &"application/json".parse().unwrap())
            );
            assert_eq!(body, json!({ "auth_req_id": id }));
            world.oidc((name, &secret), "/oidc/token", &exchange).await.is(400, "access_denied");
        } else {
            // No ping is sent, and an app that looks finds the answer all the same.
            assert_eq!(world.oidc((name, &secret), "/oidc/token", &exchange).await.status, StatusCode::OK, "{name}");
        }
    }
    assert_eq!((seen.lock().unwrap().len(), unseen.lock().unwrap().len()), (1, 0), "once, and to nobody else");
}

#[tokio::test]
async fn a_receiver_of_pings_that_hangs_delays_nobody() {
    let (port, authority, seen) = crate::approval::push_tests::service(None).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ping.pem");
    std::fs::write(&file, authority).unwrap();
    let world = World::with(&pinged("slow", port, LOOPBACK, &file)).await;
    let slow = token(&world.gate, "slow").await;
    let fields = [("scope", "openid"), ("login_hint", "alice"), ("client_notification_token", "x")];
    let id = world.oidc(("slow", &slow), "/oidc/bc-authorize", &fields).await.body["auth_req_id"].as_str().unwrap().to_owned();
    world.answers("approve").await;
    rung(&seen).await;
    // It received the ping and does not answer; everybody else goes on, and so does the app itself.
    let exchange = [("grant_type", GRANT), ("auth_req_id", id.as_str())];
    assert_eq!(world.oidc(("slow", &slow), "/oidc/token", &exchange).await.status, StatusCode::OK);
    let other = world.begun().await;
    world.answers("approve").await;
    assert_eq!(world.poll(&other).await.status, StatusCode::OK);
}
