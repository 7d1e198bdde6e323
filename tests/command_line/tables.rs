//! Token mode by commands alone: assigned, a pattern issued, an approver registered, its table shown, with a connection and without,
//! and the digits typed at a login form that the same approver opened.

use serde_json::Value;

use super::phone::{answered, approver, registered};
use crate::support::{Answer, Browser, World};

const DESK: &str = "[app.demands.primary_factor]\nmethods = [\"token_matrix\"]\n\
                    login_protect = { organisation = \"example\", service = \"abcdefghijklmnop\" }\n";
const OWN: &str = "A1 L4 C2 G3 J1 E4";

/// What somebody types who reads a pattern off these rows of digits.
fn read_off(rows: &[String], pattern: &str) -> String {
    let cell = |name: &str| rows[name[1..].parse::<usize>().unwrap() - 1].as_bytes()[usize::from(name.as_bytes()[0] - b'A')];
    pattern.split(' ').map(|name| char::from(cell(name))).collect()
}

/// The table of an approver.
async fn table(world: &World, key: &str) -> Vec<String> {
    let shown = answered(world, key, &["table"]).await;
    assert_eq!(shown["user"], "alice");
    shown["table"].as_array().unwrap().iter().map(|row| row.as_str().unwrap().to_owned()).collect()
}

/// The table of a page, by rows.
fn of_page(page: &Answer) -> Vec<String> {
    let digits: String =
        page.body.split("<td class=\"digit").skip(1).map(|cell| &cell.split_once("\">").unwrap().1[..1]).collect();
    assert_eq!(digits.len(), 48, "{page:?}");
    (0..4).map(|row| digits[12 * row..12 * row + 12].to_owned()).collect()
}

async fn enter(browser: &mut Browser, page: &Answer) -> Answer {
    let form = page.body.split("action=\"/sign-in/pattern\"").nth(1).unwrap().split("</form>").next().unwrap();
    let hidden =
        |name: &str| form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = ["for", "setting", "entry"].map(|name| (name, hidden(name)));
    let mut pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let typed = read_off(&of_page(page), OWN);
    pairs.push(("answer", &typed));
    let url = page.url.parse::<url::Url>().unwrap().join("/sign-in/pattern").unwrap();
    browser.post(url.as_str(), &pairs).await
}

#[tokio::test]
async fn a_table_of_the_command_line_approver_opens_a_form_that_it_opened_r_101_r_108() {
    let world = World::with(&[("desk", DESK)], "").await;
    let _gateway = world.start().await;
    world.answer(&["user", "add", "alice"]).await;
    registered(&world, "alice", "one.key").await;
    let set = world.answer(&["user", "set-methods", "alice", "matrix"]).await;
    assert_eq!(set["methods"], serde_json::json!(["matrix"]));
    let none = approver(&world, "one.key", &["table"]).await;
    none.mentions(&["show the table: there is none", "token_matrix"]);
    let set = world.answer(&["user", "set-methods", "alice", "token_matrix"]).await;
    assert_eq!(set["methods"], serde_json::json!(["token_matrix"]));
    let issued = world.answer(&["matrix", "issue", "alice"]).await;
    let initial = issued["pattern"].as_str().unwrap().to_owned();
    assert_eq!(world.answer(&["matrix", "list"]).await["items"][0]["state"], "initial");

    approver(&world, "one.key", &["table", "--offline"]).await.mentions(&["there is none"]);
    let sign_in = async |browser: &mut Browser, answer: &str| {
        let page = browser.get(&world.url("desk", "/page")).await;
        browser.fill(&page, "one-time-code", &[("user", "alice"), ("answer", answer)]).await
    };
    let mut browser = world.browser();
    let rows = table(&world, "one.key").await;
    assert_eq!(sign_in(&mut browser, &read_off(&rows, &initial)).await.status, 401, "shut");
    answered(&world, "one.key", &["release"]).await;
    // A step may have gone by: the one before counts too.
    let mut page = sign_in(&mut browser, &read_off(&rows, &initial)).await;
    assert!(page.url.contains("/sign-in/pattern"), "{page:?}");
    for _ in 0..3 {
        page = enter(&mut browser, &page).await;
    }
    assert_eq!((page.status, page.body.as_str()), (200, "GET /page\n"), "{page:?}");

    // The same seed: without a connection too, and in words. Another approver has tables of its own.
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(world.path("one.key")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let offline = answered(&world, "one.key", &["table", "--offline"]).await;
    let online = answered(&world, "one.key", &["table"]).await;
    assert!(offline["step"] != online["step"] || offline["table"] == online["table"], "{offline} {online}");
    assert!(!world.path("one.key.new").exists());
    registered(&world, "alice", "two.key").await;
    let rows = table(&world, "two.key").await;
    let answer = read_off(&rows, OWN);
    answered(&world, "two.key", &["release"]).await;
    assert_eq!(sign_in(&mut world.browser(), &answer).await.body, "GET /page\n");
    answered(&world, "two.key", &["release"]).await;
    assert_eq!(sign_in(&mut world.browser(), &answer).await.status, 401, "each table is good once");
    let log = world.answer(&["audit", "query"]).await.to_string();
    assert!(log.contains("approver.table_seed") && log.contains("token_matrix"), "{log}");
    let kept: Value = serde_json::from_str(&world.read("one.key")).unwrap();
    assert!(!log.contains(kept["tables"][0]["secret"].as_str().unwrap()), "no seed is written down");

    let explain = ["explain", "--app", "desk", "--from", "127.0.0.1", "--user", "alice", "--with", "token_matrix"];
    assert_eq!(world.command(&explain).await.code, 0);
}
