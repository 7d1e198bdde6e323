//! Revocation lists that an authority publishes at an address: fetched by the running gateway, in force on connections that
//! are there already.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http_body_util::{BodyExt as _, Full};
use hyper::Method;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use sekisho::account::tokens::{Scope, Scopes};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::sessions::{closes, events};
use super::support::{Authority, Browser, World};

/// An HTTP server that publishes one list, while it is up.
async fn publisher(list: Arc<Mutex<String>>, is_up: Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/corp.crl", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if !is_up.load(Ordering::SeqCst) {
                continue;
            }
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let body = list.lock().clone();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    url
}

#[tokio::test]
async fn a_list_that_is_published_shuts_out_who_it_names_on_open_connections_too() {
    let corp = Authority::new();
    let (list, is_up) = (Arc::new(Mutex::new(corp.revokes(&[6]))), Arc::new(AtomicBool::new(false)));
    let url = publisher(Arc::clone(&list), Arc::clone(&is_up)).await;
    let app = [("wiki", "demands.client_certificate = { trust = [\"corp\"] }\n")];
    let world = World::with(&[("wiki", "demands.primary_factor = {}\n")], "").await;
    std::fs::write(world.folder.path().join("corp.pem"), corp.pem()).unwrap();
    let trust =
        format!("[trust.corp]\nbundle = \"corp.pem\"\nrevocation_urls = [{url:?}]\nmapping = [{{ from = \"common_name\" }}]\n");
    world.reload(&app, &trust).unwrap();
    world.person("alice").await;
    let of = |serial| {
        let (chain, key) = corp.client_numbered("alice", None, Some(serial));
        Browser::new(world.authority.der(), Some((chain, key)))
    };
    let opens = async |browser: &Browser| {
        let mut program = browser.clone().with_header("accept", "application/json");
        let answer = program.send(Method::GET, &world.url("wiki", "/"), None).await;
        if answer.status == 200 { "200".to_owned() } else { answer.code() }
    };
    let (good, bad) = (of(7), of(6));
    assert_eq!(opens(&good).await, "revocation_unknown", "the address has not answered yet");

    // An administrator has it fetched at once, by the API; nobody answers, and the reason is there.
    let until = sekisho::clock::Clock::now(&*world.clock).plus(std::time::Duration::from_secs(3600));
    let scopes = Scopes::of(&[Scope::Certificates, Scope::Read]);
    let (_, token) = world.server.core().tokens().issue("lists", scopes, None, until).await.unwrap();
    let mut api = world.browser().with_header("authorization", &format!("Bearer {token}"));
    api = api.with_header("accept", "application/json").with_header("content-type", "application/json");
    let mut refresh = async || {
        let answer = api.send(Method::POST, &world.url("auth", "/api/v1/crls/refresh"), Some("{}")).await;
        let view: Value = serde_json::from_str(&answer.body).unwrap();
        view["items"][0].clone()
    };
    let missing = refresh().await;
    assert_eq!(missing["state"], "missing", "{missing}");
    assert!(missing["trouble"].as_str().unwrap().contains("does not answer"), "{missing}");

    is_up.store(true, Ordering::SeqCst);
    let read = refresh().await;
    assert_eq!(
        (read["trust"].as_str(), read["revoked"].as_u64(), &read["trouble"]),
        (Some("corp"), Some(1), &Value::Null),
        "{read}"
    );
    assert_eq!((opens(&good).await.as_str(), opens(&bad).await.as_str()), ("200", "certificate_revoked"));

    let stream = events(&good, &world, "wiki").await;
    *list.lock() = corp.revokes(&[6, 7]);
    assert_eq!(refresh().await["revoked"], 2);
    closes(stream).await;
    assert_eq!(opens(&good).await, "certificate_revoked");

    // A restart while the address is down: what it said last holds.
    is_up.store(false, Ordering::SeqCst);
    let world = world.restart().await;
    let mut program = of_world(&world, &corp, 8);
    assert_eq!(program.send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    let mut revoked = of_world(&world, &corp, 7);
    assert_eq!(revoked.send(Method::GET, &world.url("wiki", "/"), None).await.code(), "certificate_revoked");
}

#[tokio::test]
async fn an_open_connection_outlives_the_list_that_spoke_for_it_where_another_speaks() {
    let corp = Authority::new();
    let app = [("wiki", "demands.client_certificate = { trust = [\"corp\"] }\n")];
    let world = World::with(&[("wiki", "demands.primary_factor = {}\n")], "").await;
    let now = sekisho::clock::Clock::now(&*world.clock).seconds();
    let at = |seconds| time::OffsetDateTime::from_unix_timestamp(now + seconds).unwrap();
    let write = |name: &str, text: String| std::fs::write(world.folder.path().join(name), text).unwrap();
    write("corp.pem", corp.pem());
    write("newer.crl", corp.revokes_between(&[], at(-60), at(1800)));
    write("older.crl", corp.revokes_between(&[], at(-120), at(3600)));
    let trust = "[trust.corp]\nbundle = \"corp.pem\"\nrevocation_lists = [\"newer.crl\", \"older.crl\"]\n\
                 mapping = [{ from = \"common_name\" }]\n";
    world.reload(&app, trust).unwrap();
    world.person("alice").await;
    let url: url::Url = world.url("wiki", "/").parse().unwrap();
    let stream = of_world(&world, &corp, 7).connect(&url).await;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut opens = async || {
        let request = hyper::Request::get("/").header("host", format!("wiki.test:{}", world.port));
        let request = request.header("accept", "application/json").body(Full::<Bytes>::default()).unwrap();
        sender.ready().await.unwrap();
        let answer = sender.send_request(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        if status == 200 {
            "200".to_owned()
        } else {
            serde_json::from_slice::<Value>(&body).unwrap()["code"].as_str().unwrap().to_owned()
        }
    };
    assert_eq!(opens().await, "200");
    world.advance(1801);
    assert_eq!(opens().await, "200", "the newer list is out of date, the older one is not");
    world.advance(1800);
    assert_eq!(opens().await, "revocation_unknown");
}

#[tokio::test]
async fn a_file_that_is_broken_at_a_start_shuts_out_nobody_whose_list_was_good_and_no_client_of_another_t15() {
    let (corp, partners, world) =
        (Authority::new(), Authority::new(), World::with(&[("wiki", "demands.primary_factor = {}\n")], "").await);
    let write = |name: &str, text: String| std::fs::write(world.folder.path().join(name), text).unwrap();
    for (name, authority) in [("corp", &corp), ("partners", &partners)] {
        write(&format!("{name}.pem"), authority.pem());
        write(&format!("{name}.crl"), authority.revokes(&[6]));
    }
    let trust = |more: &str| {
        let table = |name: &str, lists: &str| {
            format!(
                "[trust.{name}]\nbundle = \"{name}.pem\"\nrevocation_lists = [{lists}]\nmapping = [{{ from = \"common_name\" }}]\n"
            )
        };
        format!("{}{}", table("corp", &format!("\"corp.crl\"{more}")), table("partners", "\"partners.crl\""))
    };
    let app = [("wiki", "demands.client_certificate = { trust = [\"corp\", \"partners\"] }\n")];
    world.reload(&app, &trust("")).unwrap();
    world.person("alice").await;
    let says = async |world: &World, authority: &Authority, serial| {
        let (chain, key) = authority.client_numbered("alice", None, Some(serial));
        let mut program = Browser::new(world.authority.der(), Some((chain, key))).with_header("accept", "application/json");
        let answer = program.send(Method::GET, &world.url("wiki", "/"), None).await;
        if answer.status == 200 { "200".to_owned() } else { answer.code() }
    };
    assert_eq!(says(&world, &corp, 7).await, "200");
    assert_eq!(says(&world, &corp, 6).await, "certificate_revoked");
    world.server.core().certificates().refresh_lists().await.unwrap();

    // Broken when it starts again, in place of a whole list: the last good one holds.
    std::fs::write(world.folder.path().join("corp.crl"), "-----BEGIN X509 CRL-----\nMII").unwrap();
    let world = world.restart().await;
    assert_eq!(says(&world, &corp, 7).await, "200");
    assert_eq!(says(&world, &corp, 6).await, "certificate_revoked");

    // Of another one nothing was ever known: its clients are refused, with words, and nobody else.
    let missing = Authority::new();
    let both = format!("{}{}", corp.pem(), missing.pem());
    std::fs::write(world.folder.path().join("corp.pem"), both).unwrap();
    world.reload(&app, &trust(", \"missing.crl\"")).unwrap();
    world.server.core().certificates().refresh_lists().await.unwrap();
    let world = world.restart().await;
    assert_eq!(says(&world, &missing, 7).await, "revocation_unknown");
    assert_eq!(says(&world, &corp, 7).await, "200");
    assert_eq!(says(&world, &corp, 6).await, "certificate_revoked");
    assert_eq!(says(&world, &partners, 7).await, "200");
    assert_eq!(says(&world, &partners, 6).await, "certificate_revoked");
}

fn of_world(world: &World, corp: &Authority, serial: u64) -> Browser {
    let (chain, key) = corp.client_numbered("alice", None, Some(serial));
    Browser::new(world.authority.der(), Some((chain, key))).with_header("accept", "application/json")
}
