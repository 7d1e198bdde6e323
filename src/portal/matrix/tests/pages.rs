//! What pages of patterns show: the notice, the help beside an entry, the foot of the launcher, and a table that takes no click.

use http::StatusCode;
use serde_json::json;

use super::{GRID, PATTERN, answers, at, digits, gate, issue, read, set};
use crate::account::users::NewUser;
use crate::admin::groups::AddGroup;
use crate::admin::testing::does;
use crate::admin::users::rights::{SetGroups, SetMethods};
use crate::portal::admin::tests::administrator;
use crate::portal::testing::{Answer, Gate};
use crate::principal::user::UserId;

/// What a notice draws, as text: the cells in the order of their numbers.
fn drawn(page: &Answer) -> String {
    let cells = page.body.split("<td class=\"digit").skip(1).map(|cell| cell.split_once("\">").unwrap().1);
    let shape = crate::factor::matrix::shape::TableShape::default();
    let mut numbered: Vec<(usize, u8)> =
        (0..).zip(cells).filter_map(|(at, cell)| Some((cell.split('<').next()?.parse().ok()?, at))).collect();
    numbered.sort_unstable();
    numbered.iter().map(|(_, cell)| shape.name(*cell)).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_printed_notice_is_in_the_language_of_its_user_and_its_pattern_signs_in_r_303_r_306_r_342() {
    let gate = Gate::with(GRID).await;
    let named = NewUser { language: Some("fr".to_owned()), ..NewUser::named(UserId::parse("bob").unwrap()) };
    gate.at.core.users().add(named).await.unwrap();
    issue(&gate, "bob").await;
    let mut admin = administrator(&gate).await;
    let page = admin.get("/admin/patterns/notices?user=bob").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let sheet = page.body.split("<article").nth(1).unwrap().split("</article>").next().unwrap();
    for value in [" lang=\"fr\"", "https://auth.example.com", "<bdi>bob</bdi>", "★", "(local)", "※", "Ouvrez"] {
        assert!(sheet.contains(value), "{value}: {sheet}");
    }
    // Who reads the drawing signs in by it, and must set another one.
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut browser = gate.browser();
    let table = browser.get(&at(&departure)).await;
    let answer = answers(&mut browser, &table, &departure, "bob", &read(&table, &drawn(&page))).await;
    assert!(answer.location().starts_with("/sign-in/pattern"), "{}", answer.body);
}

#[tokio::test]
async fn the_help_beside_an_entry_shows_the_steps_and_the_rules_of_this_user_r_313_r_345() {
    let rules = "[matrix]\nforbid_one_stroke = false\n[[matrix.group]]\ngroup = \"vault\"\nshortest = 9\nevery_block = true\n";
    let gate = Gate::with(&format!("{GRID}{rules}")).await;
    gate.at.user("bob").await;
    does::<AddGroup>(&gate.at, json!({ "group": "vault" })).await.unwrap();
    does::<SetGroups>(&gate.at, json!({ "user": "bob", "groups": ["vault"] })).await.unwrap();
    for (user, length, every_block) in [("alice", "reads 6 to 12 cells", false), ("bob", "reads 9 to 12 cells", true)] {
        let initial = issue(&gate, user).await;
        let (departure, _state) = gate.departure("grid", "/").await;
        let mut browser = gate.browser();
        let page = browser.get(&at(&departure)).await;
        let answer = answers(&mut browser, &page, &departure, user, &read(&page, &initial)).await;
        let page = browser.get(answer.location()).await;
        let help = page.body.split("<details").nth(1).unwrap().split("</details>").next().unwrap();
        for shown in ["<summary>Help: show the steps</summary>", length, "Do this three times", "0 to 6 characters"] {
            assert!(help.contains(shown), "{user}: {shown}: {help}");
        }
        assert_eq!(help.contains("a cell in every block"), every_block, "{user}: {help}");
        assert!(!help.contains("one stroke"), "a rule that is off is not shown: {help}");
    }
}

#[tokio::test]
async fn the_foot_of_the_launcher_changes_the_password_and_the_pattern_that_the_user_has_r_315() {
    let gate = gate().await;
    let mut browser = gate.signed_in().await;
    let (password, pattern) =
        ("<a href=\"/account/password\">Change password</a>", "<a href=\"/account/pattern\">Change pattern</a>");
    let foot = |page: &Answer| {
        let main = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        // Behind the last app, and the last thing on the page.
        main.rsplit_once("</ul>").map_or(main, |(_, behind)| behind).to_owned()
    };
    let both = browser.get("/").await;
    assert!(foot(&both).contains(password) && foot(&both).contains(pattern), "{}", both.body);
    gate.at.core.remove_pattern(gate.alice.id()).await.unwrap();
    let mut browser = gate.signed_in().await;
    let one = browser.get("/").await;
    assert!(foot(&one).contains(password) && !one.body.contains("/account/pattern"), "{}", one.body);
    assert_eq!(browser.get("/account/password").await.status, StatusCode::OK);
    set(&gate.at, &gate.alice.id().clone(), PATTERN).await;
    does::<SetMethods>(&gate.at, json!({ "user": "alice", "methods": ["password", "matrix"] })).await.unwrap();
    let mut browser = gate.signed_in().await;
    assert!(foot(&browser.get("/").await).contains(pattern));
    assert_eq!(browser.get("/account/pattern").await.field("entry"), "1");
}

/// Also on the pages that set a pattern.
#[tokio::test]
async fn a_table_has_nothing_that_takes_a_click_a_key_or_a_script_r_318() {
    let gate = gate().await;
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut account = gate.signed_in().await;
    for page in [gate.browser().get(&at(&departure)).await, account.get("/account/pattern").await] {
        assert_eq!(digits(&page).len(), 48);
        let table = page.body.split("<table").nth(1).unwrap().split("</table>").next().unwrap();
        for tag in table.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()) {
            let mut words = tag.split(' ');
            let name = words.next().unwrap().trim_start_matches('/');
            assert!(["caption", "thead", "tbody", "tr", "th", "td"].contains(&name), "{tag}");
            for attribute in words.filter(|word| word.contains('=')) {
                let attribute = attribute.split('=').next().unwrap();
                assert!(["class", "scope", "colspan"].contains(&attribute), "{tag}");
            }
        }
        let is_handler = |rest: &str| rest.trim_start_matches(|c: char| c.is_ascii_lowercase()).starts_with('=');
        assert!(!page.body.contains("<script") && !page.body.split(" on").skip(1).any(is_handler), "{}", page.body);
    }
    let style = include_str!("../../kit/assets/style.css");
    let table = style.lines().find(|line| line.starts_with(".matrix {")).unwrap();
    assert!(table.contains("pointer-events: none") && table.contains("user-select: none"), "{table}");
}
