//! Signing in by the table of a phone, through the whole router: the page shows none, and a slot shows it as R-108 to R-112 say.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::{PATTERN, at, digits, issue, set};
use crate::admin::groups::AddGroup;
use crate::admin::testing::does;
use crate::admin::users::rights::SetGroups;
use crate::approval::testing::Phone;
use crate::audit::Filter;
use crate::chain::Check;
use crate::factor::matrix::shape::TableShape;
use crate::factor::token_matrix::derivation;
use crate::portal::push::tests::{SERVICE, call, phone};
use crate::portal::testing::{Answer, Browser, Gate};
use crate::principal::method::{Method, Methods};
use crate::random::from_base64url;

/// An app that takes patterns off phones, one that takes them off its page too, and one whose login form is protected.
const TOKENS: &str = r#"
[[app]]
name = "desk"
url = "https://desk.example.com"
upstream = ["http://127.0.0.1:8082"]
demands.primary_factor = { methods = ["token_matrix"] }

[[app]]
name = "both"
url = "https://both.example.com"
upstream = ["http://127.0.0.1:8082"]
demands.primary_factor = { methods = ["matrix", "token_matrix"] }

[[app]]
name = "any"
url = "https://any.example.com"
upstream = ["http://127.0.0.1:8082"]
demands.primary_factor = { methods = ["password", "token_matrix"] }

[[app]]
name = "shut"
url = "https://shut.example.com"
upstream = ["http://127.0.0.1:8082"]
[app.demands.primary_factor]
methods = ["token_matrix"]
login_protect = { organisation = "example", service = "abcdefghijklmnop" }
"#;

/// A phone that shows Alice's tables.
struct Shows {
    phone: Phone,
    seed: [u8; 32],
    shape: TableShape,
}

impl Shows {
    async fn registered(gate: &Gate) -> Self {
        let phone = phone(gate).await;
        let (status, drawn) = call(gate, &phone, "POST", "/approver/api/slots/alice/table", &Value::Null).await;
        assert_eq!(status, StatusCode::CREATED, "{drawn}");
        let side = |name: &str| u8::try_from(drawn[name].as_u64().unwrap()).unwrap();
        let shape = TableShape::new(side("blocks"), side("rows"), side("columns")).unwrap();
        Self { phone, seed: from_base64url(drawn["secret"].as_str().unwrap()).unwrap(), shape }
    }

    /// What Alice types who reads this pattern off the table of a step from now.
    fn reads(&self, gate: &Gate, pattern: &str, later: i64) -> String {
        let step = derivation::step_at(gate.at.core.clock().now().seconds()) + later;
        let table = derivation::table(&self.seed, step, self.shape);
        let cell = |name: &str| char::from(b'0' + table.digit(self.shape.cell(name).unwrap()).unwrap()).to_string();
        let part =
            |part: &str| part.strip_prefix('"').map_or_else(|| cell(part), |phrase| phrase.trim_end_matches('"').to_owned());
        pattern.split(' ').map(part).collect()
    }
}

async fn gate() -> Gate {
    let gate = Gate::with(TOKENS).await;
    set(&gate.at, &gate.alice.id().clone(), PATTERN).await;
    gate
}

async fn answers(browser: &mut Browser, departure: &str, user: &str, answer: &str) -> Answer {
    browser.post("/sign-in/token", &[("for", departure), ("user", user), ("answer", answer)]).await
}

/// What stands before the form, without the name that was typed.
fn head(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.body.split("<form").next().unwrap().to_owned())
}

const WRONG: &str = "User name or one-time password is wrong. Wait for the next table";

#[tokio::test]
async fn a_password_is_read_off_the_table_of_the_phone_and_the_page_shows_none_r_108() {
    let gate = gate().await;
    let shows = Shows::registered(&gate).await;
    let (departure, state) = gate.departure("desk", "/page").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    assert_eq!((page.status, digits(&page).len()), (StatusCode::OK, 0));
    assert!(page.body.contains("Open the slot on your phone"), "{}", page.body);
    // Full-width digits and blanks, as a Japanese keyboard types them.
    let wide = |c: char| if c.is_ascii_digit() { char::from_u32(u32::from(c) - 48 + 0xff10).unwrap() } else { c };
    let typed = shows.reads(&gate, PATTERN, 0);
    let answer: String = typed.chars().flat_map(|c| [wide(c), '\u{3000}']).collect();
    assert_eq!(answers(&mut browser, &departure, "alice", &answer).await.status, StatusCode::SEE_OTHER);
    let onward = browser.get(&at(&departure)).await;
    assert_eq!(gate.arrives(onward.location(), "desk", &state).await, "/page");
    let session = gate.at.core.sessions().of_user(gate.alice.id()).remove(0);
    let evidence = gate.at.core.sessions().by_id(session.id()).unwrap().evidence();
    assert_eq!(evidence.of(Check::PrimaryFactor).unwrap().method(), Method::TokenMatrix);

    // The same answer again, in another browser: the ordinary answer to a wrong one. The next table is good.
    let mut other = gate.browser();
    let used = answers(&mut other, &departure, "alice", &typed).await;
    assert!(used.status == StatusCode::UNAUTHORIZED && used.body.contains(WRONG), "{}", used.body);
    assert_eq!(head(&used), head(&answers(&mut other, &departure, "alice", "000000").await));
    assert_eq!(answers(&mut other, &departure, "alice", &shows.reads(&gate, PATTERN, 1)).await.status, StatusCode::SEE_OTHER);

    // What the phone opened ends with it, and what the other opened before goes on as long as it is there.
    let phones = gate.at.core.approvals().approvers.of_user(gate.alice.id()).await.unwrap();
    assert_eq!(gate.at.core.sessions().of_user(gate.alice.id()).len(), 1, "{phones:?}");
    gate.at.core.remove_approver(gate.alice.id(), &phones[0].approver, None).await.unwrap();
    assert_eq!(gate.at.core.sessions().of_user(gate.alice.id()).len(), 0);
}

#[tokio::test]
async fn a_clock_that_is_ten_minutes_off_gets_the_ordinary_answer() {
    let gate = gate().await;
    let shows = Shows::registered(&gate).await;
    let (departure, _state) = gate.departure("desk", "/").await;
    let mut browser = gate.browser();
    let wrong = answers(&mut browser, &departure, "alice", "000000").await;
    for (last, later) in (10..).zip([-20, 20, -2, 2]) {
        // Each from elsewhere: guesses from one network have to wait.
        let mut browser = gate.browser();
        browser.address = Ipv4Addr::new(203, 0, 113, last).into();
        let answer = answers(&mut browser, &departure, "alice", &shows.reads(&gate, PATTERN, later)).await;
        assert_eq!(head(&answer), head(&wrong), "{later}");
    }
    // The phone learns the right time, whatever its own is: within the quarter of an hour that a proof may be off.
    let (_, seen) = call(&gate, &shows.phone, "GET", "/approver/api/slots", &Value::Null).await;
    assert_eq!(seen["now"], json!(gate.at.core.clock().now().rfc3339()));
    assert_eq!(answers(&mut browser, &departure, "alice", &shows.reads(&gate, PATTERN, -1)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn of_two_answers_at_once_one_wins() {
    let gate = gate().await;
    let shows = Shows::registered(&gate).await;
    let (departure, _state) = gate.departure("desk", "/").await;
    let answer = shows.reads(&gate, PATTERN, 0);
    let elsewhere = |last: u8| Browser { address: Ipv4Addr::new(203, 0, 113, last).into(), ..gate.browser() };
    let mut browsers: Vec<Browser> = (10..16).map(elsewhere).collect();
    let answered =
        futures_util::future::join_all(browsers.iter_mut().map(|one| answers(one, &departure, "alice", &answer))).await;
    assert_eq!(answered.iter().filter(|one| one.status == StatusCode::SEE_OTHER).count(), 1);
    assert_eq!(answered.iter().filter(|one| one.status == StatusCode::UNAUTHORIZED).count(), 5);
}

#[tokio::test]
async fn an_unknown_name_gets_the_same_page_and_the_same_answer_t31() {
    let gate = gate().await;
    let shows = Shows::registered(&gate).await;
    // Without a pattern and without a phone; with a pattern and without a phone; switched off.
    gate.at.user("bob").await;
    let carol = gate.at.user("carol").await;
    set(&gate.at, carol.id(), PATTERN).await;
    let dave = gate.at.user("dave").await;
    gate.at.core.suspend_user(dave.id()).await.unwrap();
    let (departure, _state) = gate.departure("desk", "/").await;
    let mut answered = BTreeSet::new();
    for user in ["alice", "bobby", "bob", "carol", "dave", "nobody@nowhere", "\u{202e}"] {
        let answer = if user == "alice" { "123456".to_owned() } else { shows.reads(&gate, PATTERN, 0) };
        answered.insert(head(&answers(&mut gate.browser(), &departure, user, &answer).await));
    }
    assert_eq!(answered.len(), 1, "{answered:?}");
    assert!(answered.first().unwrap().1.contains(WRONG));
    // Nothing typed is no attempt.
    let empty = answers(&mut gate.browser(), &departure, "alice", " ").await;
    assert!(empty.status == StatusCode::UNAUTHORIZED && !empty.body.contains(WRONG), "{}", empty.body);
}

#[tokio::test]
async fn guesses_are_slowed_down_and_locked_out_as_those_at_passwords_are() {
    let gate = gate().await;
    let shows = Shows::registered(&gate).await;
    let (departure, _state) = gate.departure("desk", "/").await;
    let mut browser = gate.browser();
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(answers(&mut browser, &departure, "alice", "000000").await.status.as_u16());
    }
    assert_eq!((statuses[0], statuses[11]), (401, 429), "{statuses:?}");
    let locked = answers(&mut browser, &departure, "alice", &shows.reads(&gate, PATTERN, 0)).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS, "right or wrong");
    let mut elsewhere = gate.browser();
    elsewhere.address = Ipv4Addr::new(203, 0, 113, 9).into();
    let answer = answers(&mut elsewhere, &departure, "alice", &shows.reads(&gate, PATTERN, 0)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "what was not evaluated used nothing up");
}

#[tokio::test]
async fn a_shut_form_takes_no_answer_off_a_phone_and_an_open_one_takes_one_r_101_r_102_r_108() {
    let gate = gate().await;
    let shows = Shows::registered(&gate).await;
    let (departure, _state) = gate.departure("shut", "/").await;
    let mut browser = gate.browser();
    let right = answers(&mut browser, &departure, "alice", &shows.reads(&gate, PATTERN, 0)).await;
    let wrong = answers(&mut browser, &departure, "alice", "000000").await;
    assert_eq!((right.status, head(&right)), (StatusCode::UNAUTHORIZED, head(&wrong)), "shut: right and wrong are one");
    for _ in 0..15 {
        let again = answers(&mut browser, &departure, "alice", "000000").await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED, "nobody is locked out");
    }
    let release = async || {
        let release = shows.phone.release("alice", SERVICE, gate.at.core.clock().now());
        let opened = call(&gate, &shows.phone, "POST", "/approver/api/windows", &json!({ "release": release })).await;
        assert_eq!(opened.0, StatusCode::OK, "{opened:?}");
    };
    // The answer that came while the form was shut was not evaluated, so that its table is still good.
    release().await;
    let answer = shows.reads(&gate, PATTERN, 0);
    assert_eq!(answers(&mut browser, &departure, "alice", &answer).await.status, StatusCode::SEE_OTHER);
    let mut other = gate.browser();
    let next = shows.reads(&gate, PATTERN, 1);
    assert_eq!(answers(&mut other, &departure, "alice", &next).await.status, StatusCode::UNAUTHORIZED, "the window was for one");
    release().await;
    assert_eq!(answers(&mut other, &departure, "alice", &next).await.status, StatusCode::SEE_OTHER);
}

/// R-112 too. That opening a slot opens the form, unless that is switched off (R-109, R-110), is the page's own:
/// `tests/browser/token.test.mjs`.
#[tokio::test]
async fn a_slot_shows_tables_to_who_may_sign_in_by_them_and_else_only_releases_r_108_r_111_r_112() {
    let gate = gate().await;
    let phone = phone(&gate).await;
    let slot = async || call(&gate, &phone, "GET", "/approver/api/slots", &Value::Null).await.1["slots"][0].clone();
    let draw = async || call(&gate, &phone, "POST", "/approver/api/slots/alice/table", &Value::Null).await;
    let seen = slot().await;
    assert_eq!(seen["table"], json!({ "seed": null, "blocks": 3, "rows": 4, "columns": 4 }));
    assert_eq!((&seen["kind"], &seen["name"]), (&json!("table"), &json!("Alice's phone")));
    assert_eq!(seen["services"][0]["service"], json!(SERVICE), "it opens login forms besides");
    let (status, drawn) = draw().await;
    assert_eq!(status, StatusCode::CREATED, "{drawn}");
    let seen = slot().await;
    assert_eq!(seen["table"]["seed"], drawn["seed"]);
    assert!(!seen.to_string().contains(drawn["secret"].as_str().unwrap()), "a seed is said once");
    let (_, again) = draw().await;
    assert!(again["secret"] != drawn["secret"] && again["seed"] != drawn["seed"], "who asks again gets another one");
    let drawn = Filter { what: Some("approver.table_seed".into()), ..Filter::default() };
    assert_eq!(gate.at.core.audit().query(&drawn, None, 9).await.unwrap().len(), 2, "each is written down");

    // Who is assigned `matrix` alone gets no code on the phone, and the slot has its fixed name.
    gate.at.core.assign(gate.alice.id(), Methods::of(&[Method::Matrix])).await.unwrap();
    let seen = slot().await;
    assert_eq!((&seen["table"], &seen["kind"], &seen["name"]), (&Value::Null, &json!("login_protect"), &json!("LoginProtect")));
    assert_eq!(seen["services"][0]["service"], json!(SERVICE));
    let (status, refused) = draw().await;
    assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("table_not_offered")));
    // With `push` it approves as well.
    gate.at.core.assign(gate.alice.id(), Methods::of(&[Method::Push, Method::TokenMatrix])).await.unwrap();
    assert_eq!((&slot().await["kind"], &slot().await["table"]["seed"]), (&json!("push"), &Value::Null), "drawn anew");
    draw().await;
    // Suspended: neither shown nor drawn.
    gate.at.core.suspend_approvals(gate.alice.id()).await.unwrap();
    assert_eq!(slot().await["table"], Value::Null);
    assert_eq!(draw().await.1["code"], json!("approvals_suspended"));
    // For nobody else's slot.
    gate.at.user("bob").await;
    for user in ["bob", "nobody", "%20"] {
        let path = format!("/approver/api/slots/{user}/table");
        let (status, refused) = call(&gate, &phone, "POST", &path, &Value::Null).await;
        assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("approver_not_registered")), "{user}");
    }
}

/// A policy that takes patterns off its page alone leaves the slot as it is.
#[tokio::test]
async fn a_policy_without_tables_of_phones_leaves_the_slot_release_only_r_111() {
    let gate = Gate::with(super::GRID).await;
    let phone = phone(&gate).await;
    let seen = call(&gate, &phone, "GET", "/approver/api/slots", &Value::Null).await.1["slots"][0].clone();
    assert!(gate.alice.standing().assigned.contains(Method::TokenMatrix));
    assert_eq!((&seen["table"], &seen["name"]), (&Value::Null, &json!("LoginProtect")));
    let (departure, _state) = gate.departure("grid", "/").await;
    let answered = answers(&mut gate.browser(), &departure, "alice", "123456").await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "the step that is asked for is another one");
}

#[tokio::test]
async fn where_a_policy_takes_both_each_page_leads_to_the_other() {
    let gate = gate().await;
    let shows = Shows::registered(&gate).await;
    let (departure, _state) = gate.departure("both", "/").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    assert!(digits(&page).len() == 48 && page.body.contains("method=token_matrix"), "named first: {}", page.body);
    let page = browser.get(&format!("{}&method=token_matrix", at(&departure))).await;
    assert!(digits(&page).is_empty() && page.body.contains("action=\"/sign-in/token\"") && page.body.contains("method=matrix"));
    // A wrong answer comes back to the page that it was typed into.
    let wrong = answers(&mut browser, &departure, "alice", "000000").await;
    assert!(wrong.body.contains("action=\"/sign-in/token\""), "{}", wrong.body);
    // What was read off the phone is nothing on the table of a page.
    let page = browser.get(&format!("{}&method=matrix", at(&departure))).await;
    let typed = shows.reads(&gate, PATTERN, 0);
    assert_eq!(super::answers(&mut browser, &page, &departure, "alice", &typed).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answers(&mut browser, &departure, "alice", &typed).await.status, StatusCode::SEE_OTHER);
    // Beside a password that is named first.
    let (departure, _state) = gate.departure("any", "/").await;
    let page = gate.browser().get(&at(&departure)).await;
    assert!(page.body.contains("action=\"/sign-in/password\"") && page.body.contains("method=token_matrix"), "{}", page.body);
    let page = gate.browser().get(&format!("{}&method=token_matrix", at(&departure))).await;
    assert!(page.body.contains("action=\"/sign-in/token\"") && page.body.contains("method=password"), "{}", page.body);
}

#[tokio::test]
async fn an_initial_pattern_read_off_the_phone_leads_to_the_tables_of_the_page_r_309_r_310() {
    let gate = Gate::with(TOKENS).await;
    let initial = issue(&gate, "alice").await;
    let shows = Shows::registered(&gate).await;
    let (departure, _state) = gate.departure("desk", "/").await;
    let mut browser = gate.browser();
    let answered = answers(&mut browser, &departure, "alice", &shows.reads(&gate, &initial, 0)).await;
    assert!(answered.location().starts_with("/sign-in/pattern"), "{}", answered.body);
    let mut page = browser.get(answered.location()).await;
    for _ in 0..3 {
        let typed = super::read(&page, PATTERN);
        let hidden = ["for", "setting", "entry"].map(|name| (name, page.field(name)));
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("answer", &typed));
        let entered = browser.post("/sign-in/pattern", &fields).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
        page = browser.get(entered.location()).await;
    }
    assert!(page.body.contains("You are being taken to desk"), "{}", page.body);
    let session = gate.at.core.sessions().of_user(gate.alice.id()).remove(0);
    let evidence = gate.at.core.sessions().by_id(session.id()).unwrap().evidence();
    assert_eq!(evidence.of(Check::PrimaryFactor).unwrap().method(), Method::TokenMatrix);
    // From now on by the own one.
    gate.at.clock.advance(Duration::from_secs(60));
    let (departure, _state) = gate.departure("desk", "/").await;
    let mut other = gate.browser();
    let former = answers(&mut other, &departure, "alice", &shows.reads(&gate, &initial, 0)).await;
    assert_eq!(former.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answers(&mut other, &departure, "alice", &shows.reads(&gate, PATTERN, 0)).await.status, StatusCode::SEE_OTHER);
    // Another one is issued: what was opened by the former one ends at once.
    other.get(&at(&departure)).await;
    issue(&gate, "alice").await;
    assert!(gate.at.core.sessions().of_user(gate.alice.id()).is_empty());
}

#[tokio::test]
async fn a_group_has_tables_of_its_own_size_on_the_phone_too_r_320() {
    let gate = Gate::with(&format!("{TOKENS}[[matrix.group]]\ngroup = \"vault\"\nblocks = 4\nshortest = 9\n")).await;
    does::<AddGroup>(&gate.at, json!({ "group": "vault" })).await.unwrap();
    does::<SetGroups>(&gate.at, json!({ "user": "alice", "groups": ["vault"] })).await.unwrap();
    let initial = issue(&gate, "alice").await;
    let shows = Shows::registered(&gate).await;
    assert_eq!(shows.shape.cells(), 64);
    let (departure, _state) = gate.departure("desk", "/").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    assert!(page.body.contains("name=\"answer\""), "name and answer on one page: no table depends on the name");
    let answered = answers(&mut browser, &departure, "alice", &shows.reads(&gate, &initial, 0)).await;
    assert!(answered.location().starts_with("/sign-in/pattern"), "{}", answered.body);
}
