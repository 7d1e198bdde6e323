//! What happens when an approved request is to be forwarded: the chain again, a dead upstream, large bodies, forward-auth.

use hyper::Method;

use super::{BANK, Scene, scene};
use crate::support::{PASSWORD_AND_TOTP, Phone, World};

#[tokio::test]
async fn the_session_is_examined_again_when_it_is_to_be_forwarded() {
    let at = scene().await;
    let held = at.program().send(Method::POST, &at.url("/api/orders"), Some(r#"{"amount":1}"#)).await.json();
    at.phone.answer(&at.world, "approve", None).await;
    // What the app demands became stricter meanwhile: the sign-in does not meet it any more.
    let stricter = BANK.replace("[app.demands.otp]", "[app.demands.otp]\nmax_age = \"1s\"");
    at.world.advance(5);
    at.world.reload(&[("bank", &stricter)], "").unwrap();
    let result = at.url(held["result"].as_str().unwrap());
    let refused = at.program().send(Method::GET, &result, None).await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "otp_too_old"));
    at.world.reload(&[("bank", BANK)], "").unwrap();
    let over = at.program().send(Method::GET, &result, None).await;
    assert_eq!((over.status, over.code().as_str()), (403, "transaction_refused"), "it is over");

    // A session that ended owns nothing any more.
    let held = at.program().send(Method::POST, &at.url("/api/orders"), Some(r#"{"amount":2}"#)).await.json();
    at.phone.answer(&at.world, "approve", None).await;
    let program = at.program();
    let core = at.world.server.core();
    core.sessions().revoke_user(&at.alice.user, None).await.unwrap();
    let gone = program.clone().send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    assert_eq!((gone.status, gone.code().as_str()), (404, "transaction_unknown_here"));
    assert_eq!(at.posted(), 0);
}

#[tokio::test]
async fn a_dead_upstream_is_named_and_a_restart_ends_what_waits() {
    let mut at = scene().await;
    // Nobody listens there: it certainly did not happen.
    let text = std::fs::read_to_string(at.world.folder.path().join("sekisho.toml")).unwrap();
    let held = at.program().send(Method::POST, &at.url("/api/orders"), Some(r#"{"amount":1}"#)).await.json();
    at.phone.answer(&at.world, "approve", None).await;
    let upstream = at.world.upstream.address();
    std::fs::write(at.world.folder.path().join("sekisho.toml"), text.replace(&upstream, "127.0.0.1:1")).unwrap();
    at.world.server.reload(&at.world.folder.path().join("sekisho.toml")).unwrap();
    let failed = at.program().send(Method::GET, &at.url(held["result"].as_str().unwrap()), None).await;
    assert_eq!((failed.status, failed.code().as_str()), (502, "transaction_not_sent"), "{failed:?}");
    at.world.reload(&[("bank", BANK)], "").unwrap();

    at.world.advance(1);
    let page = at.browser.post(&at.url("/transfer"), &[("payee", "a"), ("amount", "1")]).await;
    let Scene { world, mut browser, phone, .. } = at;
    let world = world.restart().await;
    assert!(phone.asked(&world).await.is_empty());
    let over = browser.get(&page.url).await;
    assert!(over.status == 404 && over.body.contains("no such transaction"), "{over:?}");
    let records = world
        .server
        .core()
        .transactions()
        .list(&sekisho::transaction::TransactionQuery { limit: 10, ..Default::default() })
        .await
        .unwrap();
    let outcomes: Vec<&str> = records.iter().map(|record| record.outcome.as_str()).collect();
    assert_eq!(outcomes, ["expired", "not_sent"]);
    assert_eq!(world.upstream.seen().iter().filter(|seen| seen.method != "GET").count(), 0);
}

#[tokio::test]
async fn bodies_are_bounded_in_size_and_forwarded_whole_from_a_sealed_file() {
    let plain = format!(
        "{PASSWORD_AND_TOTP}[[app.transaction]]\nname = \"upload\"\npaths = [\"/upload\"]\ntitle = {{ en = \"Upload\" }}\n"
    );
    let limits = "[limits]\ntransaction_body = \"2MiB\"\ntransaction_memory = \"64KiB\"\ntransaction_disk = \"3MiB\"\n";
    let world = World::with(&[("bank", &plain)], limits).await;
    let (alice, bob) = (world.person("alice").await, world.person("bob").await);
    let phone = Phone::of(&world, &["alice", "bob"]).await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("bank", "/"), &alice).await;
    let program =
        browser.clone().with_header("accept", "application/json").with_header("content-type", "application/octet-stream");
    let url = world.url("bank", "/upload");
    let body: String = (0..1_100_000_u32).map(|n| char::from(b'a' + u8::try_from(n % 26).unwrap())).collect();
    let held = program.clone().send(Method::POST, &url, Some(&body)).await.json();
    assert!(world.server.core().transactions().spool.held().1 >= 1_000_000, "it lies in a file");
    let long = program.clone().send(Method::POST, &url, Some(&body.repeat(3))).await;
    assert_eq!((long.status, long.code().as_str()), (413, "transaction_body_too_long"));
    // One user fills no more than their part, whatever the session; another still finds room, until there is none.
    let other = body.to_uppercase() + &"x".repeat(900_000);
    let own = program.clone().send(Method::POST, &url, Some(&other)).await;
    assert_eq!((own.status, own.code().as_str()), (429, "transaction_too_many"));
    // The same once more is no more: it joins the one that is held.
    let joined = program.clone().send(Method::POST, &url, Some(&body)).await;
    assert_eq!((joined.status, &joined.json()["transaction"]), (202, &held["transaction"]));
    let mut again = world.browser();
    again.sign_in(&world.url("bank", "/"), &alice).await;
    let again = again.with_header("accept", "application/json").with_header("content-type", "application/octet-stream");
    assert_eq!(again.clone().send(Method::POST, &url, Some(&other)).await.status, 429);
    let mut bobs = world.browser();
    bobs.sign_in(&world.url("bank", "/"), &bob).await;
    let bobs = bobs.with_header("accept", "application/json").with_header("content-type", "application/octet-stream");
    assert_eq!(bobs.clone().send(Method::POST, &url, Some(&other)).await.status, 202);
    let third = program.clone().send(Method::POST, &url, Some(&"x".repeat(500_000))).await;
    assert_eq!((third.status, third.code().as_str()), (503, "transaction_no_room"));

    let asked = phone.asked(&world).await;
    let first = asked.iter().find(|question| Phone::shown(question)["details"]["request"] == held["request"]).unwrap();
    phone.answer_about(&world, first, first["shown"].as_str().unwrap(), "approve", None).await;
    let done = program.clone().send(Method::GET, &world.url("bank", held["result"].as_str().unwrap()), None).await;
    assert_eq!(done.status, 200);
    assert_eq!(world.upstream.last().body, body, "byte for byte");
    assert_eq!(std::fs::read_dir(world.folder.path().join("state/held")).unwrap().count(), 0, "no file has a name");
}

#[tokio::test]
async fn forward_auth_holds_nothing_and_says_so() {
    let got = World::with(&[("bank", BANK)], "")
        .await
        .reload(&[("bank", &BANK.replacen("[app.demands", "forward_auth = true\n[app.demands", 1))], "");
    let got = got.unwrap_err();
    assert!(got.contains("no request can be held here"), "{got}");
}
