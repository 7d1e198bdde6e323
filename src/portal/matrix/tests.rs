//! Signing in by tables and setting patterns, through the whole router. Acceptance seeds 18 to 20.

mod pages;
mod setting;
mod sizes;
mod token;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::Duration;

use http::StatusCode;

use crate::core::testing::TestCore;
use crate::factor::matrix::pattern::CellPattern;
use crate::factor::matrix::shape::TableShape;
use crate::facts::client_address::ClientAddress;
use crate::portal::push::tests::{SERVICE, call, phone};
use crate::portal::testing::{Answer, Browser, Gate, router};
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;
use serde_json::json;

/// An app that takes patterns, one that takes passwords too, and one whose login form is protected.
pub(super) const GRID: &str = r#"
[[app]]
name = "grid"
url = "https://grid.example.com"
upstream = ["http://127.0.0.1:8082"]
demands.primary_factor = { methods = ["matrix"] }

[[app]]
name = "either"
url = "https://either.example.com"
upstream = ["http://127.0.0.1:8082"]
demands.primary_factor = { methods = ["password", "matrix"] }

[[app]]
name = "shut"
url = "https://shut.example.com"
upstream = ["http://127.0.0.1:8082"]
[app.demands.primary_factor]
methods = ["matrix"]
login_protect = { organisation = "example", service = "abcdefghijklmnop" }
"#;

/// A pattern that the rules of every test allow.
pub(super) const PATTERN: &str = "A1 L4 C2 \"kX\" G3 J1 E4";

/// The digits of the table on a page, row by row.
pub(super) fn digits(page: &Answer) -> Vec<u8> {
    let cells = page.body.split("<td class=\"digit").skip(1);
    cells.map(|cell| cell.split_once("\">").unwrap().1.as_bytes()[0]).collect()
}

/// What somebody types who reads this pattern off the table of a page of three blocks of 4×4, or another size.
pub(super) fn read_off(page: &Answer, shape: TableShape, pattern: &str) -> String {
    let digits = digits(page);
    assert_eq!(digits.len(), usize::from(shape.cells()), "{}", page.body);
    let mut typed = String::new();
    for part in pattern.split(' ') {
        match part.strip_prefix('"') {
            Some(phrase) => typed.push_str(phrase.trim_end_matches('"')),
            None => typed.push(char::from(digits[usize::from(shape.cell(part).unwrap())])),
        }
    }
    typed
}

pub(super) fn read(page: &Answer, pattern: &str) -> String {
    read_off(page, TableShape::default(), pattern)
}

/// A gate where Alice has set [`PATTERN`].
pub(super) async fn gate() -> Gate {
    let gate = Gate::with(GRID).await;
    set(&gate.at, &gate.alice.id().clone(), PATTERN).await;
    gate
}

pub(super) async fn set(at: &TestCore, user: &UserId, pattern: &str) {
    let matrices = at.core.matrices();
    let standing = at.core.users().find(user).unwrap().standing();
    matrices.issue(&standing).await.unwrap();
    let pattern = CellPattern::parse(TableShape::default(), pattern).unwrap();
    let id = matrices.state(user).await.unwrap().unwrap().id;
    let _nobody_goes_on = matrices.set(user, &pattern, id).await.unwrap().unwrap();
}

/// The initial pattern of a user, as text.
pub(super) async fn issue(gate: &Gate, user: &str) -> String {
    let user = gate.at.core.users().find(&UserId::parse(user).unwrap()).unwrap();
    gate.at.core.issue_pattern(&user).await.unwrap().pattern.text().to_string()
}

pub(super) fn at(departure: &str) -> String {
    format!("/sign-in?for={departure}")
}

pub(super) async fn answers(browser: &mut Browser, page: &Answer, departure: &str, user: &str, answer: &str) -> Answer {
    let table = page.field("table");
    browser.post("/sign-in/matrix", &[("for", departure), ("user", user), ("table", &table), ("answer", answer)]).await
}

#[tokio::test]
async fn a_password_is_read_off_the_table_of_the_page_and_typed_r_302_r_307_r_317_r_333() {
    let gate = gate().await;
    let (departure, state) = gate.departure("grid", "/page").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    assert_eq!((page.status, digits(&page).len()), (StatusCode::OK, 48));
    let answer = read(&page, PATTERN);
    assert_eq!(answers(&mut browser, &page, &departure, "alice", &answer).await.status, StatusCode::SEE_OTHER);
    let onward = browser.get(&at(&departure)).await;
    assert_eq!(gate.arrives(onward.location(), "grid", &state).await, "/page");
    let session = gate.at.core.sessions().of_user(gate.alice.id()).remove(0);
    let evidence = gate.at.core.sessions().by_id(session.id()).unwrap().evidence();
    assert_eq!(evidence.of(crate::chain::Check::PrimaryFactor).unwrap().method(), Method::Matrix);
}

#[tokio::test]
async fn full_width_digits_and_blanks_are_read_as_digits() {
    let gate = gate().await;
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    let wide = |c: char| if c.is_ascii_digit() { char::from_u32(u32::from(c) - 48 + 0xff10).unwrap() } else { c };
    let answer: String = read(&page, PATTERN).chars().flat_map(|c| [wide(c), '\u{3000}', ' ']).collect();
    assert_eq!(answers(&mut browser, &page, &departure, "alice", &answer).await.status, StatusCode::SEE_OTHER);
}

/// Acceptance seed 19.
#[tokio::test]
async fn a_table_is_good_for_one_answer_within_three_minutes_by_its_own_browser_r_340() {
    let gate = gate().await;
    let (departure, _state) = gate.departure("grid", "/").await;
    let (mut browser, mut other) = (gate.browser(), gate.browser());
    let page = browser.get(&at(&departure)).await;
    let answer = read(&page, PATTERN);
    let over = |answer: &Answer| answer.status == StatusCode::UNAUTHORIZED && answer.body.contains("older than 3 minutes");
    // Another browser cannot use it up.
    other.get(&at(&departure)).await;
    assert!(over(&answers(&mut other, &page, &departure, "alice", &answer).await));
    // Of a wrong answer and a right one the first counts.
    let wrong = answers(&mut browser, &page, &departure, "alice", "000000").await;
    assert!(wrong.body.contains("User name or one-time password is wrong"), "{}", wrong.body);
    assert_ne!(digits(&wrong), digits(&page), "each attempt has a table of its own");
    assert!(over(&answers(&mut browser, &page, &departure, "alice", &answer).await));
    // What was read off one table is nothing on another.
    let stale = answers(&mut browser, &wrong, &departure, "alice", &answer).await;
    assert!(stale.body.contains("User name or one-time password is wrong"));
    // Three minutes, not a second more.
    for (seconds, status) in [(180, StatusCode::UNAUTHORIZED), (179, StatusCode::SEE_OTHER)] {
        let page = browser.get(&at(&departure)).await;
        let answer = read(&page, PATTERN);
        gate.at.clock.advance(Duration::from_secs(seconds));
        assert_eq!(answers(&mut browser, &page, &departure, "alice", &answer).await.status, status, "{seconds}");
    }
    // A table that was bent is none. The browser from before has signed in.
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    for table in ["", "x", "AAAA", &"A".repeat(100_000)] {
        let fields = [("for", departure.as_str()), ("user", "alice"), ("table", table), ("answer", "123456")];
        assert_ne!(browser.post("/sign-in/matrix", &fields).await.status, StatusCode::SEE_OTHER);
    }
    assert!(digits(&page).len() == 48);
}

#[tokio::test]
async fn of_two_answers_to_one_table_at_once_one_wins() {
    let gate = gate().await;
    let matrices = gate.at.core.matrices();
    let shown = matrices.show("a browser and a sign-in", TableShape::default()).unwrap();
    let takers = (0..16).map(|_| matrices.take("a browser and a sign-in", &shown.sealed));
    let taken = futures_util::future::join_all(takers).await;
    assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 1);
    // What comes too late is answered by where the sign-in stands, and is judged by nothing.
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    let answer = read(&page, PATTERN);
    assert_eq!(answers(&mut browser, &page, &departure, "alice", &answer).await.status, StatusCode::SEE_OTHER);
    assert_eq!(answers(&mut browser, &page, &departure, "alice", "000000").await.status, StatusCode::SEE_OTHER);
    assert!(gate.at.core.regulation().locks().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_table_from_before_a_restart_is_over() {
    let mut gate = gate().await;
    let mut browser = gate.browser();
    let page = browser.get("/sign-in?for=%2F&method=matrix").await;
    assert!(!page.body.contains("name=\"table\""), "the portal itself takes no pattern here");
    let (departure, _state) = gate.departure("grid", "/").await;
    let page = browser.get(&at(&departure)).await;
    let answer = read(&page, PATTERN);
    gate.at = gate.at.crash_and_restart().await;
    browser.router = router(&gate.at);
    let (departure, _state) = gate.departure("grid", "/").await;
    assert_eq!(answers(&mut browser, &page, &departure, "alice", &answer).await.status, StatusCode::UNAUTHORIZED);
    let page = browser.get(&at(&departure)).await;
    let answer = read(&page, PATTERN);
    let signed_in = answers(&mut browser, &page, &departure, "alice", &answer).await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER, "the pattern itself is durable");
}

#[tokio::test]
async fn an_unknown_name_gets_the_same_page_and_the_same_answer_t31() {
    let gate = gate().await;
    gate.at.user("bob").await;
    let carol = gate.at.user("carol").await;
    set(&gate.at, carol.id(), PATTERN).await;
    gate.at.core.suspend_user(carol.id()).await.unwrap();
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut answered = BTreeSet::new();
    for user in ["alice", "bobby", "bob", "carol", "nobody@nowhere", "\u{202e}"] {
        let mut browser = gate.browser();
        let page = browser.get(&at(&departure)).await;
        let answer = if user == "carol" { read(&page, PATTERN) } else { "123456".to_owned() };
        let wrong = answers(&mut browser, &page, &departure, user, &answer).await;
        assert_eq!(digits(&wrong).len(), 48);
        let without_digits: String = wrong.body.split("<table").next().unwrap().replace(&wrong.field("table"), "TABLE");
        let name = wrong.field("user");
        answered.insert((wrong.status.as_u16(), without_digits.replace(&name, "NAME")));
    }
    assert_eq!(answered.len(), 1, "{answered:?}");
}

#[tokio::test]
async fn guesses_are_slowed_down_and_locked_out_as_those_at_passwords_are() {
    let gate = gate().await;
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut browser = gate.browser();
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let page = browser.get(&at(&departure)).await;
        statuses.push(answers(&mut browser, &page, &departure, "alice", "000000").await.status.as_u16());
    }
    assert_eq!((statuses[0], statuses[11]), (401, 429), "{statuses:?}");
    // From elsewhere the owner goes on.
    let mut elsewhere = gate.browser();
    elsewhere.address = Ipv4Addr::new(203, 0, 113, 9).into();
    let page = elsewhere.get(&at(&departure)).await;
    let answer = read(&page, PATTERN);
    assert_eq!(answers(&mut elsewhere, &page, &departure, "alice", &answer).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_shut_form_takes_no_answer_and_an_open_one_takes_one_r_101() {
    let gate = Gate::with(GRID).await;
    set(&gate.at, &gate.alice.id().clone(), PATTERN).await;
    let phone = phone(&gate).await;
    let (departure, _state) = gate.departure("shut", "/").await;
    let mut browser = gate.browser();
    let try_with = async |browser: &mut Browser, user: &str, right: bool| {
        let page = browser.get(&at(&departure)).await;
        let answer = if right { read(&page, PATTERN) } else { "000000".to_owned() };
        answers(browser, &page, &departure, user, &answer).await
    };
    let right = try_with(&mut browser, "alice", true).await;
    let wrong = try_with(&mut browser, "alice", false).await;
    let head = |answer: &Answer| answer.body.split("<form").next().unwrap().to_owned();
    assert_eq!((right.status, head(&right)), (StatusCode::UNAUTHORIZED, head(&wrong)), "shut: right and wrong are one");
    for _ in 0..15 {
        assert_eq!(try_with(&mut browser, "alice", false).await.status, StatusCode::UNAUTHORIZED, "nobody is locked out");
    }
    let release = phone.release("alice", SERVICE, gate.at.core.clock().now());
    let opened = call(&gate, &phone, "POST", "/approver/api/windows", &json!({ "release": release })).await;
    assert_eq!(opened.0, StatusCode::OK, "{opened:?}");
    assert_eq!(try_with(&mut browser, "alice", true).await.status, StatusCode::SEE_OTHER);
    let mut other = gate.browser();
    assert_eq!(try_with(&mut other, "alice", true).await.status, StatusCode::UNAUTHORIZED, "the window was for one");
}

/// A shut form counts no failure, and each answer uses up a table, which is remembered.
#[tokio::test]
async fn strangers_answer_so_many_tables_at_a_shut_form_and_no_more() {
    let gate = gate().await;
    let address = ClientAddress::new(gate.browser().address);
    let network = format!("matrix_asked/{}", address.counting_network());
    let shared = gate.at.core.shared();
    shared.count(&network, 998, Duration::from_secs(600)).await.unwrap();
    let (departure, _state) = gate.departure("shut", "/").await;
    let mut browser = gate.browser();
    for expected in [StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS] {
        let page = browser.get(&at(&departure)).await;
        let held = gate.at.core.shared_entries();
        assert_eq!(answers(&mut browser, &page, &departure, "alice", "000000").await.status, expected);
        let is_remembered = gate.at.core.shared_entries() > held;
        assert_eq!(is_remembered, expected == StatusCode::UNAUTHORIZED, "{expected}");
    }
    // From another network, and from here in a browser that is registered for the user, it goes on; right answers count nothing.
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut elsewhere = gate.browser();
    elsewhere.address = Ipv4Addr::new(203, 0, 113, 9).into();
    let there = format!("matrix_asked/{}", ClientAddress::new(elsewhere.address).counting_network());
    let page = elsewhere.get(&at(&departure)).await;
    let answer = read(&page, PATTERN);
    assert_eq!(answers(&mut elsewhere, &page, &departure, "alice", &answer).await.status, StatusCode::SEE_OTHER);
    assert_eq!(shared.count(&there, 0, Duration::from_secs(600)).await.unwrap(), 0);
    let browsers = gate.at.core.browsers();
    let (_, cookie) = browsers.register(gate.alice.id(), Method::BrowserByOtp, None, "", address).await.unwrap();
    let mut own = gate.browser();
    own.cookies.insert("__Host-sekisho-browser".to_owned(), cookie.text().to_owned());
    let page = own.get(&at(&departure)).await;
    let answer = read(&page, PATTERN);
    assert_eq!(answers(&mut own, &page, &departure, "alice", &answer).await.status, StatusCode::SEE_OTHER);
}

/// Acceptance seed 20.
#[tokio::test]
async fn nothing_on_a_table_can_be_clicked_and_no_place_is_sent_r_318_r_341() {
    let gate = gate().await;
    let (departure, _state) = gate.departure("grid", "/").await;
    let page = gate.browser().get(&at(&departure)).await;
    let form = page.body.split("action=\"/sign-in/matrix\"").nth(1).unwrap().split("</form>").next().unwrap();
    let named: Vec<&str> = form.split(" name=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(named.iter().filter(|name| !["token", "for", "user", "table", "answer"].contains(name)).count(), 0, "{named:?}");
    let table = form.split("<table").nth(1).unwrap().split("</table>").next().unwrap();
    for word in ["<a", "<button", "<input", "onclick", "tabindex", "<img", "<svg", "data-", " id=", "href"] {
        assert!(!table.contains(word), "{word}: {table}");
    }
    assert!(!page.body.contains("<script"), "no script runs beside a table");
    // The headers that a screen reader says with each digit.
    assert_eq!(table.matches("scope=\"colgroup\" colspan=\"4\"").count(), 3);
    assert_eq!((table.matches("scope=\"col\"").count(), table.matches("scope=\"row\"").count()), (12, 4));
    assert!(table.contains("<caption>"));
}

#[tokio::test]
async fn a_page_with_other_methods_leads_to_the_table_and_back() {
    let gate = gate().await;
    let (departure, _state) = gate.departure("either", "/").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    assert!(page.body.contains("action=\"/sign-in/password\"") && page.body.contains("method=matrix"), "{}", page.body);
    let page = browser.get(&format!("{}&method=matrix", at(&departure))).await;
    assert_eq!(digits(&page).len(), 48);
    assert!(page.body.contains("method=password"));
    let answer = read(&page, PATTERN);
    assert_eq!(answers(&mut browser, &page, &departure, "alice", &answer).await.status, StatusCode::SEE_OTHER);
    // A user who is not assigned the method is answered as everybody.
    gate.at.core.assign(gate.alice.id(), Methods::of(&[Method::Password])).await.unwrap();
    let mut browser = gate.browser();
    let page = browser.get(&format!("{}&method=matrix", at(&departure))).await;
    let answer = read(&page, PATTERN);
    assert_eq!(answers(&mut browser, &page, &departure, "alice", &answer).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_rotated_master_key_still_opens_patterns_and_the_rows_show_none() {
    let gate = gate().await;
    let row = gate.at.core.database().row("SELECT pattern FROM matrix_patterns", &[]).await.unwrap().unwrap();
    let sealed = row.bytes("pattern").unwrap();
    assert_eq!(sealed.len(), 4 + 12 + 132 + 16, "always of one length");
    let opened = gate.at.core.keys().open("matrix/alice", &sealed).unwrap();
    assert!(CellPattern::from_bytes(&opened).is_some());
    assert!(gate.at.core.keys().open("matrix/bob", &sealed).is_err(), "for its own user alone");
}
