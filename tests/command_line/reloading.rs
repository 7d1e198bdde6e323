//! A new config while requests go on: a broken one harms nothing and is reported, a good one holds for the very next request.

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;

use crate::support::process::until;
use crate::support::{OPEN, World};

/// A connection that is kept, and the status of its next request.
async fn kept(world: &World) -> SendRequest<Empty<Bytes>> {
    let stream = world.browser().connect(&world.url("wiki", "/").parse().unwrap()).await;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

async fn status(sender: &mut SendRequest<Empty<Bytes>>, world: &World) -> u16 {
    sender.ready().await.expect("the connection was closed");
    let host = format!("wiki.test:{}", world.port);
    let request = hyper::Request::get("/").header("host", host).header("accept", "application/json");
    let response = sender.send_request(request.body(Empty::new()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    response.into_body().collect().await.unwrap();
    status
}

const FAILED: &str = "sekisho_config_reload_failures_total";
const DONE: &str = "sekisho_config_reloads_total";
const FAR: &str = "[app.demands.ip_restriction]\nallow = [\"192.0.2.0/24\"]\n";

#[tokio::test]
async fn a_broken_file_harms_nothing_and_a_good_one_holds_at_once() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let gateway = world.start().await;
    let mut connection = kept(&world).await;
    assert_eq!(status(&mut connection, &world).await, 200);
    assert_eq!((world.metric(FAILED).await, world.metric(DONE).await), (0.0, 0.0));

    // A key that is none.
    world.configure(&[("wiki", "[app.demands.ip_restrictions]\nallow = []\n")], "");
    gateway.signal("HUP").await;
    until("the failure is counted", async || world.metric(FAILED).await >= 1.0).await;
    let line = 1 + world.read("sekisho.toml").lines().position(|line| line.contains("ip_restrictions")).unwrap();
    let words = gateway.words();
    let got = words.lines().find(|line| line.contains("config_refused")).unwrap_or_else(|| panic!("{words}"));
    for part in [&*format!("line={line}"), "column=14", "sekisho.toml", "ip_restriction"] {
        assert!(got.contains(part), "no {part} in {got}");
    }
    assert_eq!(status(&mut connection, &world).await, 200, "the same connection goes on");
    assert_eq!(status(&mut kept(&world).await, &world).await, 200, "and so does a new one");
    assert_eq!(world.metric("sekisho_config_last_reload_ok").await, 0.0);
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 3);
    said.mentions(&[&format!("sekisho.toml:{line}:14"), "did you mean", "ip_restriction"]);

    // No TOML at all; then a file that is not there.
    let failures = world.metric(FAILED).await;
    world.write("sekisho.toml", "[server\n");
    gateway.signal("HUP").await;
    until("the failure is counted", async || world.metric(FAILED).await > failures).await;
    world.command(&["check"]).await.mentions(&["sekisho.toml:1:"]);
    let failures = world.metric(FAILED).await;
    std::fs::remove_file(world.path("sekisho.toml")).unwrap();
    gateway.signal("HUP").await;
    until("the failure is counted", async || world.metric(FAILED).await > failures).await;
    assert_eq!(status(&mut connection, &world).await, 200);

    // A good one: the same connection is judged by it.
    world.configure(&[("wiki", FAR)], "");
    gateway.signal("HUP").await;
    until("the reload is counted", async || world.metric(DONE).await >= 1.0).await;
    assert_eq!(status(&mut connection, &world).await, 403);
    assert_eq!(status(&mut kept(&world).await, &world).await, 403);
    assert_eq!(world.metric("sekisho_config_last_reload_ok").await, 1.0);
    assert_eq!(gateway.stop().await, 0);
}

#[tokio::test]
async fn a_file_that_changed_is_read_without_a_signal() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let _gateway = world.start().await;
    let mut connection = kept(&world).await;
    assert_eq!(status(&mut connection, &world).await, 200);
    world.configure(&[("wiki", FAR)], "");
    until("the file is read", async || status(&mut connection, &world).await == 403).await;
}

#[tokio::test]
async fn a_replaced_certificate_is_shown_and_one_without_its_key_is_not() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let gateway = world.start().await;
    let shown = async || {
        let stream = world.browser().connect(&world.url("wiki", "/").parse().unwrap()).await;
        stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    };
    let first = shown().await;
    // The chain of another key.
    let (chain, key) = world.certificate(None);
    world.write("server.pem", &chain);
    gateway.signal("HUP").await;
    until("the failure is counted", async || world.metric(FAILED).await >= 1.0).await;
    assert_eq!(shown().await, first);
    assert_eq!(world.command(&["check"]).await.code, 3);
    world.write("server.key", &key);
    gateway.signal("HUP").await;
    until("the new certificate is shown", async || shown().await != first).await;
}

#[tokio::test]
async fn a_list_of_networks_whose_app_or_name_is_gone_is_warned_of_at_the_start_and_at_a_reload_a_20() {
    let named = "[networks.office]\naddresses = [\"192.0.2.0/24\"]\n";
    let world = World::with(&[("wiki", OPEN), ("shop", OPEN)], named).await;
    assert_eq!(world.command(&["network", "set", "--app", "wiki", "--allow", "office"]).await.code, 0);
    let line = ["network", "set", "--app", "shop", "--allow", "192.0.2.0/24", "--allow", "2001:db8::/32", "--version", "none"];
    assert_eq!(world.command(&line).await.code, 0);
    let gateway = world.start().await;
    let warned = |gateway: &crate::support::process::Gateway| {
        let words = gateway.words();
        let count = |all: [&str; 2]| words.lines().filter(|line| all.iter().all(|text| line.contains(text))).count();
        (count(["network_list_without_app", "shop"]), count(["network_name_gone", "office"]))
    };
    assert_eq!(warned(&gateway), (0, 0), "{}", gateway.words());
    // Removed or renamed: the list stays behind.
    world.configure(&[("wiki", OPEN)], "");
    gateway.signal("HUP").await;
    until("the reload warns", async || warned(&gateway) == (1, 1)).await;
    let listed = world.answer(&["network", "list"]).await;
    assert_eq!(listed["items"][0]["hints"][0]["kind"], "no_app", "{listed}");
    assert_eq!(listed["items"][1]["hints"][0], serde_json::json!({ "kind": "no_name", "name": "office" }), "{listed}");
    gateway.stop().await;
    let gateway = world.start().await;
    until("the start warns", async || warned(&gateway) == (2, 2)).await;
}
