//! Numbers that are typed on the phone or scanned by it, through the TLS port: signing in by push, the second factor, one
//! transaction, and what an app asks by itself (T42, A-07, R-020…R-025).

use hyper::Method;
use sekisho::principal::method::{Method as Factor, Methods};
use sekisho::principal::user::{GroupName, UserId};
use serde_json::json;

use crate::support::{Answer, Browser, PASSWORD, Phone, World};

const BY_PUSH: &str = "demands.primary_factor = { methods = [\"push\"] }";
const TYPED: &str = "demands = { primary_factor = { methods = [\"push\"] }, number_style = \"type\" }";
const SCANNED: &str = "demands = { primary_factor = { methods = [\"push\"] }, number_style = \"scan\" }";
const SECOND: &str = "demands = { primary_factor = {}, otp = { methods = [\"push\", \"totp\"] }, number_style = \"type\" }";
const BANK: &str = r#"
demands = { primary_factor = {}, otp = { methods = ["push", "totp"] } }
approvals = { number = true }
[[app.rule]]
paths = ["/limit"]
demands = { number_style = "scan" }
[[app.transaction]]
name = "limit"
paths = ["/limit"]
title = { en = "Raise the limit" }
number = true
"#;
const APPS: &[(&str, &str)] = &[("mail", BY_PUSH), ("typed", TYPED), ("scanned", SCANNED), ("second", SECOND), ("bank", BANK)];

/// A world in which Alice has a phone and may sign in by it.
async fn world(more: &str) -> (World, Phone) {
    let world = World::with(APPS, more).await;
    let alice = world.person("alice").await;
    let methods = Methods::of(&[Factor::Push, Factor::Password]);
    world.server.core().assign(&alice.user, methods).await.unwrap();
    let phone = Phone::of(&world, &["alice"]).await;
    (world, phone)
}

async fn joins(world: &World, group: &str) {
    let group = GroupName::parse(group).unwrap();
    world.server.core().groups().add(group.clone(), None).await.unwrap();
    world.server.core().users().set_groups(&UserId::parse("alice").unwrap(), vec![group]).await.unwrap();
}

/// Asks Alice's phone on the way to an app: the page that waits.
async fn ask(world: &World, browser: &mut Browser, app: &str) -> Answer {
    let page = browser.get(&world.url(app, "/page")).await;
    browser.fill(&page, "username", &[("user", "alice")]).await
}

/// The digits that a page shows.
fn digits(page: &Answer) -> String {
    let text = page.body.split("class=\"number").nth(1).unwrap_or_else(|| panic!("no number in {page:?}"));
    text.split("</p>").next().unwrap().split("</span> ").last().unwrap().chars().filter(char::is_ascii_digit).collect()
}

/// Other digits, as many.
fn other(digits: &str) -> String {
    digits.bytes().map(|byte| char::from(if byte == b'9' { b'0' } else { byte + 1 })).collect()
}

async fn goes_on(world: &World, browser: &mut Browser, waiting: &Answer) -> Answer {
    let next = waiting.body.split("data-next=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    browser.get(&world.url("auth", &next)).await
}

#[tokio::test]
async fn six_typed_digits_open_the_app_and_a_wrong_one_denies_at_once_t42() {
    let (world, phone) = world("").await;
    let mut browser = world.browser();
    let waiting = ask(&world, &mut browser, "typed").await;
    let shown = digits(&waiting);
    assert_eq!(shown.len(), 6);
    let asked = phone.asked(&world).await;
    assert_eq!((&asked[0]["number"], &asked[0]["digits"], &asked[0]["offered"]), (&json!("type"), &json!(6), &json!([])));
    assert!(!asked[0].to_string().contains(&shown), "the phone learns it from nobody but its owner");
    // An approver that was made before numbers were typed chooses one: the answer says what to do, and nothing is approved.
    let old = phone.answer(&world, "approve", None).await;
    assert_eq!((old.status, old.code().as_str()), (409, "number_missing"));
    assert!(goes_on(&world, &mut browser, &waiting).await.body.contains("data-wait"), "the question is open yet");
    let full_width: String = shown.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
    let answer = phone.answer(&world, "approve", Some(&format!("{}\u{3000}{}", &full_width[..9], &full_width[9..]))).await;
    assert_eq!(answer.json()["state"], "approved");
    assert_eq!(goes_on(&world, &mut browser, &waiting).await.body, "GET /page\n");

    let mut stranger = world.browser();
    let waiting = ask(&world, &mut stranger, "typed").await;
    let answer = phone.answer(&world, "approve", Some(&other(&digits(&waiting)))).await;
    assert_eq!(answer.json()["state"], "wrong_number");
    assert!(goes_on(&world, &mut stranger, &waiting).await.body.contains("denied on the phone"));
    assert!(stranger.cookie("auth.test", "__Host-sekisho-browser").is_none());
}

#[tokio::test]
async fn a_scanned_code_or_its_eight_digits_open_the_app() {
    let (world, phone) = world("").await;
    for way in ["scanned", "typed", "wrong"] {
        let mut browser = world.browser();
        let waiting = ask(&world, &mut browser, "scanned").await;
        assert!(waiting.body.contains("<svg class=\"qr\""), "{waiting:?}");
        let shown = digits(&waiting);
        let asked = phone.asked(&world).await.remove(0);
        assert_eq!((&asked["number"], &asked["digits"], shown.len()), (&json!("scan"), &json!(8), 8));
        // What the code holds stands in the page as a picture alone; the test asks the core for it.
        let id = sekisho::approval::id::ApprovalId::parse(asked["id"].as_str().unwrap()).unwrap();
        let question = world.server.core().approvals().find(&id).await.unwrap().unwrap();
        let carried = question.number.unwrap().carried(&id, &world.url("auth", ""));
        let address = carried.address.unwrap();
        let secret = address.strip_prefix(&world.url("auth", &format!("/approver/#scan={id}."))).unwrap();
        assert_eq!(secret.len(), 22, "128 bits");
        assert!(!asked.to_string().contains(secret) && !asked.to_string().contains(&shown) && !waiting.body.contains(secret));
        let number = match way {
            "scanned" => secret.to_owned(),
            "typed" => shown,
            _ => other(&shown),
        };
        let answer = phone.answer(&world, "approve", Some(&number)).await;
        let page = goes_on(&world, &mut browser, &waiting).await;
        if way == "wrong" {
            assert_eq!(answer.json()["state"], "wrong_number");
            assert!(page.body.contains("denied on the phone"), "{page:?}");
        } else {
            assert_eq!((answer.json()["state"].as_str(), page.body.as_str()), (Some("approved"), "GET /page\n"), "{way}");
        }
    }
}

#[tokio::test]
async fn an_administrator_types_where_users_choose_t42() {
    let (world, phone) = world("").await;
    let waiting = ask(&world, &mut world.browser(), "mail").await;
    assert_eq!((digits(&waiting).len(), phone.asked(&world).await[0]["number"].as_str()), (2, Some("choose")));
    phone.answer(&world, "deny", None).await;
    joins(&world, "administrators").await;
    let mut browser = world.browser();
    let waiting = ask(&world, &mut browser, "mail").await;
    assert_eq!((digits(&waiting).len(), phone.asked(&world).await[0]["number"].as_str()), (6, Some("type")));
    phone.answer(&world, "approve", Some(&digits(&waiting))).await;
    assert_eq!(goes_on(&world, &mut browser, &waiting).await.body, "GET /page\n");
    // Written for the administration, the weaker way is taken.
    world.reload(APPS, "[portal.admin_demands]\nnumber_style = \"choose\"\n").unwrap();
    let waiting = ask(&world, &mut world.browser(), "mail").await;
    assert_eq!(digits(&waiting).len(), 2);
}

/// Also `number_matching = "always"`: without it a second factor asks for no number.
#[tokio::test]
async fn after_a_password_the_number_is_typed_where_one_is_always_asked() {
    for (more, length) in [("", None), ("[approval]\nnumber_matching = \"always\"\n", Some(6))] {
        let (world, phone) = world(more).await;
        let mut browser = world.browser();
        let page = browser.get(&world.url("second", "/page")).await;
        let waiting = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
        let shown = waiting.body.contains("class=\"number").then(|| digits(&waiting));
        assert_eq!(shown.as_ref().map(String::len), length, "{waiting:?}");
        assert_eq!(phone.answer(&world, "approve", shown.as_deref()).await.json()["state"], "approved");
        assert_eq!(goes_on(&world, &mut browser, &waiting).await.body, "GET /page\n");
    }
}

#[tokio::test]
async fn a_transaction_asks_for_its_number_as_its_part_of_the_app_says() {
    let (world, phone) = world("").await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("bank", "/")).await;
    let waiting = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    phone.answer(&world, "approve", None).await;
    goes_on(&world, &mut browser, &waiting).await;
    let program = browser.clone().with_header("accept", "application/json").with_header("content-type", "application/json");
    for number in ["wrong", "right"] {
        let held = program.clone().send(Method::POST, &world.url("bank", "/limit"), Some("{}")).await;
        assert_eq!(held.status, 202, "{held:?}");
        let held = held.json();
        assert_eq!((held["number_style"].as_str(), held["number"].as_str().map(str::len)), (Some("scan"), Some(8)));
        assert!(held["number_code"].as_str().unwrap().starts_with(&world.url("auth", "/approver/#scan=")), "{held}");
        let page = browser.get(held["page"].as_str().unwrap()).await;
        assert!(page.body.contains("<svg class=\"qr\"") && digits(&page) == held["number"].as_str().unwrap(), "{page:?}");
        let shown = held["number"].as_str().unwrap();
        phone.answer(&world, "approve", Some(&if number == "wrong" { other(shown) } else { shown.to_owned() })).await;
        let result = program.clone().send(Method::GET, &world.url("bank", held["result"].as_str().unwrap()), None).await;
        assert_eq!(result.status, if number == "wrong" { 403 } else { 200 }, "{result:?}");
    }
}
