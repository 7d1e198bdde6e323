//! Signing in by a code that a phone reads and answers with a passkey (`approval.by_passkey`), through the TLS port, with the
//! software authenticator of another maker: the PC and the phone are two browsers, and the phone keeps no cookie.

use hyper::Method as HttpMethod;
use sekisho::principal::method::{Method, Methods};
use sekisho::transaction::verify::{ReceiptKeys, documents, verify};
use serde_json::{Value, json};

use crate::passkeys::{Device, with_passkey};
use crate::support::{Answer, Browser, PASSWORD, World};

const APPS: &[(&str, &str)] = &[
    ("mail", "demands.primary_factor = { methods = [\"push\"] }"),
    ("desk", "[app.demands.primary_factor]\nmethods = [\"push\"]\n[app.demands.cookie]\nways = [\"number_match\"]\n"),
    ("second", "[app.demands.primary_factor]\n[app.demands.otp]\nmethods = [\"push\"]\n"),
    (
        "bank",
        "[app.demands.primary_factor]\n[[app.transaction]]\nname = \"limit\"\npaths = [\"/limit\"]\ntitle = { en = \"Raise the limit\" }\n",
    ),
];
const ON: &str = "[approval]\nby_passkey = true\n";

/// A world in which Alice has a passkey and no phone, and may sign in by push.
async fn world(more: &str) -> (World, Device, Browser) {
    let world = World::with(APPS, more).await;
    let (alice, device, at_home) = with_passkey(&world, "alice").await;
    let methods = Methods::of(&[Method::Push, Method::Password]);
    world.server.core().assign(&alice.user, methods).await.unwrap();
    (world, device, at_home)
}

/// The way to an app, up to the page that waits.
async fn ask(world: &World, browser: &mut Browser, app: &str, user: &str) -> Answer {
    let page = browser.get(&world.url(app, "/page")).await;
    browser.fill(&page, "username", &[("user", user)]).await
}

/// What a phone reads: the id and the number.
fn code(page: &Answer) -> Option<(String, String)> {
    let text = page.body.split("/approver/#scan=").nth(1)?.split('<').next()?;
    text.split_once('.').map(|(id, number)| (id.to_owned(), number.to_owned()))
}

async fn post(world: &World, phone: &mut Browser, what: &str, body: &Value) -> (u16, Value) {
    let address = world.url("auth", &format!("/approver/api/passkey/{what}"));
    let answer = phone.send(HttpMethod::POST, &address, Some(&body.to_string())).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

/// What the phone does: shows the question, and answers it with the passkey.
async fn answer(world: &World, device: &mut Device, code: &(String, String), decision: &str) -> (u16, Value) {
    let mut phone = world.browser();
    let page = phone.get(&world.url("auth", "/approver/")).await;
    assert!(page.status == 200 && page.body.contains("data-part=\"passkey\""), "{page:?}");
    let (status, seen) = post(world, &mut phone, "question", &json!({ "approval": code.0, "number": code.1 })).await;
    assert_eq!(status, 200, "{seen}");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, seen["shown"].as_str().unwrap().as_bytes());
    let mut said = json!({
        "approval": code.0, "number": code.1, "decision": decision, "shown": sekisho::random::base64url(digest.as_ref()),
    });
    let (status, drawn) = post(world, &mut phone, "challenge", &said).await;
    assert_eq!(status, 200, "{drawn}");
    said["ceremony"] = drawn["id"].clone();
    said["credential"] = serde_json::from_str(&device.get(&drawn["options"]).await).unwrap();
    post(world, &mut phone, "answer", &said).await
}

#[tokio::test]
async fn a_passkey_on_the_phone_signs_in_at_the_pc_and_takes_it_back_when_it_is_removed() {
    let (world, mut device, mut at_home) = world(ON).await;
    let mut pc = world.browser();
    let page = ask(&world, &mut pc, "desk", "alice").await;
    let read = code(&page).unwrap_or_else(|| panic!("no code: {page:?}"));
    assert!(page.body.contains("confirm there with your passkey"), "{page:?}");
    let given = answer(&world, &mut device, &read, "approve").await;
    assert_eq!((given.0, &given.1["state"]), (200, &json!("approved")), "{given:?}");
    let arrived = pc.get(&page.url).await;
    assert_eq!((arrived.status, arrived.body.as_str()), (200, "GET /page\n"), "{arrived:?}");
    assert_eq!(world.upstream.last().all("remote-user"), ["alice"]);
    assert!(pc.cookie("auth.test", "__Host-sekisho-browser").is_some(), "the code was carried over (R-021)");
    // The same code opens nothing again, and the same answer is none.
    let again = answer_closed(&world, &read).await;
    assert_eq!(again, json!("approved"));
    // Removed on the account page: the PC is signed out.
    let list = at_home.get(&world.url("auth", "/account/passkeys")).await;
    let id = list.body.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    at_home.post(&world.url("auth", "/account/passkeys/remove"), &[("id", &id)]).await;
    let page = pc.get(&world.url("desk", "/page")).await;
    assert!(page.url.contains("/sign-in"), "signed out: {page:?}");
    let page = pc.fill(&page, "username", &[("user", "alice")]).await;
    assert!(code(&page).is_none(), "no passkey, no phone: {page:?}");
}

/// How a question stands, as its code says.
async fn answer_closed(world: &World, code: &(String, String)) -> Value {
    let (status, seen) = post(world, &mut world.browser(), "question", &json!({ "approval": code.0, "number": code.1 })).await;
    assert_eq!(status, 200, "{seen}");
    seen["state"].clone()
}

#[tokio::test]
async fn it_passes_check_6_after_a_password() {
    let (world, mut device, _) = world(ON).await;
    let mut pc = world.browser();
    let page = pc.get(&world.url("second", "/page")).await;
    let page = pc.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let read = code(&page).unwrap_or_else(|| panic!("no code: {page:?}"));
    assert_eq!(answer(&world, &mut device, &read, "approve").await.0, 200);
    let arrived = pc.get(&page.url).await;
    assert_eq!((arrived.status, arrived.body.as_str()), (200, "GET /page\n"), "{arrived:?}");
}

#[tokio::test]
async fn another_users_passkey_approves_nothing_and_the_name_says_nothing_t31() {
    let (world, _, _) = world(ON).await;
    let (_, mut his, _) = with_passkey(&world, "bob").await;
    let mut pc = world.browser();
    let page = ask(&world, &mut pc, "mail", "alice").await;
    let refused = answer(&world, &mut his, &code(&page).unwrap(), "approve").await;
    assert_eq!((refused.0, &refused.1["code"]), (401, &json!("passkey_refused")), "{refused:?}");
    // Of names that no user has, some are shown a code, and the answer to it is the same to the letter.
    let mut others = Vec::new();
    for number in 0..40 {
        let mut stranger = world.browser();
        let page = ask(&world, &mut stranger, "mail", &format!("nobody{number}")).await;
        if let Some(read) = code(&page) {
            others.push(answer(&world, &mut his, &read, "approve").await);
        }
    }
    assert!((1..30).contains(&others.len()), "{}", others.len());
    assert!(others.iter().all(|other| *other == refused), "{refused:?} {others:?}");
    let arrived = pc.get(&page.url).await;
    assert!(arrived.url.contains("/sign-in") && pc.cookie("auth.test", "__Host-sekisho").is_none(), "{arrived:?}");
}

#[tokio::test]
async fn without_the_switch_there_is_no_code_and_no_way_in() {
    let (world, _, _) = world("").await;
    let page = ask(&world, &mut world.browser(), "mail", "alice").await;
    assert!(page.status == 200 && code(&page).is_none(), "{page:?}");
    let body = json!({ "approval": "AAAAAAAAAAAAAAAAAAAAAA", "number": "x" });
    assert_eq!(post(&world, &mut world.browser(), "question", &body).await.0, 404);
}

/// The requester's own approval of one request: the receipt proves it with nothing but public keys.
#[tokio::test]
async fn a_transaction_is_approved_by_the_requesters_passkey_and_its_receipt_verifies() {
    let (world, mut device, _) = world(ON).await;
    let (_, mut his, _) = with_passkey(&world, "bob").await;
    let mut pc = world.browser();
    let page = pc.get(&world.url("bank", "/")).await;
    pc.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    let program = pc.clone().with_header("accept", "application/json").with_header("content-type", "application/json");
    for decision in ["approve", "deny"] {
        let held = program.clone().send(HttpMethod::POST, &world.url("bank", "/limit"), Some("{}")).await;
        assert_eq!(held.status, 202, "{held:?}");
        let held = held.json();
        assert_eq!((held["number_style"].as_str(), &held["number"]), (Some("scan"), &Value::Null), "{held}");
        let page = pc.get(held["page"].as_str().unwrap()).await;
        assert!(page.body.contains("confirm it with your passkey"), "{page:?}");
        let read = code(&page).unwrap();
        assert!(held["number_code"].as_str().unwrap().ends_with(&format!("#scan={}.{}", read.0, read.1)), "{held}");
        assert_eq!(answer(&world, &mut his, &read, decision).await.0, 401, "another user's");
        assert_eq!(answer(&world, &mut device, &read, decision).await.0, 200);
        let result = program.clone().send(HttpMethod::GET, &world.url("bank", held["result"].as_str().unwrap()), None).await;
        assert_eq!(result.status, if decision == "approve" { 200 } else { 403 }, "{result:?}");
        let core = world.server.core();
        let query = sekisho::transaction::TransactionQuery { limit: 10, ..Default::default() };
        let records = core.transactions().list(&query).await.unwrap();
        let record = records.into_iter().find(|record| held["transaction"] == record.id.as_str()).unwrap();
        let keys = ReceiptKeys::parse(&core.signing_keys().jwks().to_string()).unwrap();
        let receipt = record.receipt.unwrap();
        let found = verify(&documents(&receipt).unwrap()[0], &keys).unwrap();
        let said = &found.said[0];
        assert_eq!((said.user.as_str(), said.by_passkey, said.counted), ("alice", true, decision == "approve"), "{said:?}");
    }
}
