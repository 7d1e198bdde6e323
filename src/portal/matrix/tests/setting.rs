//! Patterns that their users set: after the first sign-in, by a change of the rules, and from the account page.

use std::time::Duration;

use http::StatusCode;

use super::{GRID, PATTERN, answers, at, digits, gate, issue, read, set};
use crate::core::testing::config;
use crate::factor::matrix::MustSet;
use crate::portal::testing::{Answer, Browser, CHEAP, Gate, VAULT, router};

async fn enters(browser: &mut Browser, page: &Answer, departure: Option<&str>, typed: &str) -> Answer {
    let (setting, entry) = (page.field("setting"), page.field("entry"));
    let mut fields = vec![("setting", setting.as_str()), ("entry", entry.as_str()), ("answer", typed)];
    let path = if departure.is_some() { "/sign-in/pattern" } else { "/account/pattern" };
    fields.extend(departure.map(|departure| ("for", departure)));
    let answer = browser.post(path, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    browser.get(answer.location()).await
}

/// Enters a pattern three times; what the last answer led to.
async fn sets(browser: &mut Browser, mut page: Answer, departure: Option<&str>, pattern: &str) -> Answer {
    for _ in 0..3 {
        let typed = read(&page, pattern);
        page = enters(browser, &page, departure, &typed).await;
    }
    page
}

/// The app's callback that a sign-in leads to: a page of ours stands between, since a form began it.
async fn onward(browser: &mut Browser, end: &Answer) -> String {
    assert!(end.location().starts_with("/sign-in?for="), "{} {}", end.status, end.body);
    browser.get(end.location()).await.location().to_owned()
}

/// A browser that has just proved a pattern that must be changed, and the page that asks for another.
async fn must_set(gate: &Gate, user: &str, pattern: &str) -> (Browser, String, String, Answer) {
    let (departure, state) = gate.departure("grid", "/page").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    let typed = read(&page, pattern);
    let answer = answers(&mut browser, &page, &departure, user, &typed).await;
    assert_eq!(answer.location(), format!("/sign-in/pattern?for={departure}"), "{}", answer.body);
    let page = browser.get(answer.location()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    (browser, departure, state, page)
}

/// Acceptance seed 18. The first sign-in is complete when an own pattern is set, and opens nothing before.
#[tokio::test]
async fn an_initial_pattern_opens_nothing_until_another_is_set_in_three_entries_r_309_to_r_312() {
    let gate = Gate::with(GRID).await;
    let initial = issue(&gate, "alice").await;
    let (mut browser, departure, state, page) = must_set(&gate, "alice", &initial).await;
    // Neither an app nor the portal opens, and the sign-in asks for the pattern again.
    assert!(gate.at.core.sessions().of_user(gate.alice.id()).is_empty());
    assert!(browser.get("/").await.location().starts_with("/sign-in"));
    assert_eq!(digits(&browser.get(&at(&departure)).await).len(), 48);
    // Three tables, each another one; a reload shows the same.
    let mut tables = vec![digits(&page)];
    let again = browser.get(&format!("/sign-in/pattern?for={departure}")).await;
    assert_eq!(digits(&again), tables[0]);
    let typed = read(&page, PATTERN);
    let second = enters(&mut browser, &page, Some(&departure), &typed).await;
    tables.push(digits(&second));
    let typed = read(&second, PATTERN);
    let third = enters(&mut browser, &second, Some(&departure), &typed).await;
    tables.push(digits(&third));
    assert!(tables[0] != tables[1] && tables[1] != tables[2] && tables[0] != tables[2], "r_311");
    let state_of = async || gate.at.core.matrices().state(gate.alice.id()).await.unwrap().unwrap();
    assert!(state_of().await.initial, "nothing is set before the third is right (R-312)");
    let typed = read(&third, PATTERN);
    let end = enters(&mut browser, &third, Some(&departure), &typed).await;
    let end = onward(&mut browser, &end).await;
    assert_eq!(gate.arrives(&end, "grid", &state).await, "/page", "and the sign-in goes on");
    assert!(!state_of().await.initial);
    // The initial one is worth nothing now, the own one is.
    for (pattern, status) in [(initial.as_str(), StatusCode::UNAUTHORIZED), (PATTERN, StatusCode::SEE_OTHER)] {
        let mut other = gate.browser();
        let (departure, _state) = gate.departure("grid", "/").await;
        let page = other.get(&at(&departure)).await;
        let typed = read(&page, pattern);
        assert_eq!(answers(&mut other, &page, &departure, "alice", &typed).await.status, status);
    }
}

#[tokio::test]
async fn a_pattern_that_is_refused_says_why_and_begins_again_r_331_r_345() {
    let gate = Gate::with(&format!("{GRID}[matrix]\nevery_block = true\nforbidden = [\"A1 E1 I1 A3 E3 I3\"]\n")).await;
    let initial = issue(&gate, "alice").await;
    let (mut browser, departure, _state, mut page) = must_set(&gate, "alice", &initial).await;
    for rule in ["6 to 12 cells", "one stroke", "every block", "simple patterns are forbidden", "0 to 6 characters"] {
        assert!(page.body.contains(rule), "{rule}: {}", page.body);
    }
    let refused = [
        ("A1 B1 C1 D1 E1 F1", "drawn in one stroke", "block 3"),
        ("A1 E1 I1 A3 E3 I3", "patterns that are forbidden", ""),
        ("A1 E1 I1 A3 E3", "It reads 5 cells. Read at least 6.", ""),
        ("A1 E1 I1 A1 E1 I1", "3 different cells", "4 different ones"),
        ("A1 E1 I1 A3 E3 L4 \"abcdefg\"", "Its phrase has 7 characters", ""),
        (initial.as_str(), "It is the present one", ""),
    ];
    for (pattern, why, more) in refused {
        page = sets(&mut browser, page, Some(&departure), pattern).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains(why) && page.body.contains(more), "{pattern}: {}", page.body);
        assert_eq!(page.field("entry"), "1");
    }
    let much = "1".repeat(65);
    // What is no pattern at all; a forbidden character is named at once.
    for (typed, why) in [("12,456", "The character “,” is not allowed"), ("", "Nothing was typed"), (much.as_str(), "Too much")]
    {
        page = enters(&mut browser, &page, Some(&departure), typed).await;
        assert!(page.body.contains(why), "{why}: {}", page.body);
    }
    // A slip of one digit in the third entry, and one cell too many.
    for slip in [true, false] {
        for entry in 1..=3 {
            let mut typed = read(&page, "A1 E1 I1 A3 E3 L4");
            if entry == 3 {
                let last = typed.pop().unwrap();
                typed.push_str(&if slip { ((last as u8 - b'0' + 1) % 10).to_string() } else { format!("{last}1") });
            }
            page = enters(&mut browser, &page, Some(&departure), &typed).await;
        }
        let why = if slip { "At place 6 the entries" } else { "of different lengths" };
        assert!(page.body.contains(why), "{why}: {}", page.body);
    }
    // And the initial one still stands.
    assert!(gate.at.core.matrices().state(gate.alice.id()).await.unwrap().unwrap().initial);
    let end = sets(&mut browser, page, Some(&departure), "A1 E1 I1 A3 E3 L4").await;
    assert!(onward(&mut browser, &end).await.contains("grid.example.com"));
}

#[tokio::test]
async fn an_entry_counts_once_whatever_is_sent_again() {
    let gate = Gate::with(GRID).await;
    let initial = issue(&gate, "alice").await;
    let (mut browser, departure, _state, first) = must_set(&gate, "alice", &initial).await;
    let typed = read(&first, PATTERN);
    let second = enters(&mut browser, &first, Some(&departure), &typed).await;
    // The first once more, from another tab: the second is asked for as before.
    let again = enters(&mut browser, &first, Some(&departure), &typed).await;
    assert_eq!((again.field("entry"), digits(&again)), ("2".to_owned(), digits(&second)));
    // Another browser that knows the name of it sets nothing.
    let mut other = gate.browser();
    let setting = second.field("setting");
    let fields = [("for", departure.as_str()), ("setting", setting.as_str()), ("entry", "2"), ("answer", typed.as_str())];
    assert_eq!(other.post("/sign-in/pattern", &fields).await.location(), format!("/sign-in?for={departure}&cookie-set&sent"));
    // A pattern that was issued again meanwhile ends it all.
    issue(&gate, "alice").await;
    let typed = read(&second, PATTERN);
    let fields = [("for", departure.as_str()), ("setting", setting.as_str()), ("entry", "2"), ("answer", typed.as_str())];
    assert_eq!(browser.post("/sign-in/pattern", &fields).await.location(), format!("/sign-in?for={departure}&sent"));
}

/// A gate where Alice must set another pattern than this one: the initial one, or one that the rules refuse by now.
async fn with_one_to_change(why: MustSet) -> (Gate, String) {
    if why == MustSet::Initial {
        let gate = Gate::with(GRID).await;
        let initial = issue(&gate, "alice").await;
        return (gate, initial);
    }
    let gate = gate().await;
    let more = format!("{CHEAP}{VAULT}{GRID}[matrix]\nphrase_longest = 0\n");
    gate.at.core.adopt(config(gate.at.folder.path(), &more)).unwrap();
    (gate, PATTERN.to_owned())
}

/// As [`must_set`], with the first two of three entries of another pattern made.
async fn before_the_third(gate: &Gate, present: &str, other: &str) -> (Browser, String, Answer) {
    let (mut browser, departure, _state, mut page) = must_set(gate, "alice", present).await;
    for _ in 0..2 {
        let typed = read(&page, other);
        page = enters(&mut browser, &page, Some(&departure), &typed).await;
    }
    assert_eq!(page.field("entry"), "3");
    (browser, departure, page)
}

/// Whether what the last entry led to leads on to the app.
async fn goes_on(browser: &mut Browser, end: &Answer) -> bool {
    !end.location().is_empty() && browser.get(end.location()).await.location().contains("grid.example.com")
}

const MINE: &str = "A1 L4 C2 G3 J1 E4";
const THEIRS: &str = "B2 K1 D4 H3 F1 L2";

/// Who overheard the present pattern, or read its notice, may be here at the same time as its owner.
#[tokio::test]
async fn a_pattern_that_its_owner_changed_meanwhile_sets_no_other() {
    for why in [MustSet::Initial, MustSet::Unfit] {
        let (gate, present) = with_one_to_change(why).await;
        let (mut other, departure, third) = before_the_third(&gate, &present, THEIRS).await;
        let (mut owner, of_owner, _state, page) = must_set(&gate, "alice", &present).await;
        let end = sets(&mut owner, page, Some(&of_owner), MINE).await;
        assert!(onward(&mut owner, &end).await.contains("grid.example.com"), "{why:?}");
        let set = gate.at.core.matrices().state(gate.alice.id()).await.unwrap();
        let typed = read(&third, THEIRS);
        let end = enters(&mut other, &third, Some(&departure), &typed).await;
        assert_eq!(digits(&end).len(), 48, "{why:?}: the sign-in begins again: {}", end.body);
        let page = other.get(&format!("/sign-in/pattern?for={departure}")).await;
        assert!(page.location().starts_with("/sign-in?for="), "{why:?}: nobody here has to set a pattern");
        assert_eq!(gate.at.core.matrices().state(gate.alice.id()).await.unwrap(), set, "{why:?}");
        assert_eq!(gate.at.core.sessions().of_user(gate.alice.id()).len(), 1, "{why:?}: the owner's alone");
    }
}

#[tokio::test]
async fn of_two_third_entries_at_once_one_sets_the_pattern() {
    for why in [MustSet::Initial, MustSet::Unfit] {
        let (gate, present) = with_one_to_change(why).await;
        let (mut one, to_one, third) = before_the_third(&gate, &present, MINE).await;
        let (mut other, to_other, third_there) = before_the_third(&gate, &present, THEIRS).await;
        let (typed, typed_there) = (read(&third, MINE), read(&third_there, THEIRS));
        let first = enters(&mut one, &third, Some(&to_one), &typed);
        let second = enters(&mut other, &third_there, Some(&to_other), &typed_there);
        let (end, end_there) = tokio::join!(first, second);
        let goes_on = [goes_on(&mut one, &end).await, goes_on(&mut other, &end_there).await];
        assert_eq!(goes_on.iter().filter(|goes_on| **goes_on).count(), 1, "{why:?}: {goes_on:?}");
        assert_eq!(gate.at.core.sessions().of_user(gate.alice.id()).len(), 1, "{why:?}");
        // And what is set is the winner's.
        for (pattern, is_set) in [MINE, THEIRS].into_iter().zip(goes_on) {
            let (departure, _state) = gate.departure("grid", "/").await;
            let mut browser = gate.browser();
            let page = browser.get(&at(&departure)).await;
            let typed = read(&page, pattern);
            let answer = answers(&mut browser, &page, &departure, "alice", &typed).await;
            assert_eq!(answer.status == StatusCode::SEE_OTHER, is_set, "{why:?}: {pattern}");
        }
    }
}

#[tokio::test]
async fn a_restart_between_two_entries_begins_again_and_loses_nothing() {
    let mut gate = Gate::with(GRID).await;
    let initial = issue(&gate, "alice").await;
    let (mut browser, departure, _state, page) = must_set(&gate, "alice", &initial).await;
    let typed = read(&page, PATTERN);
    let second = enters(&mut browser, &page, Some(&departure), &typed).await;
    assert_eq!(second.field("entry"), "2");
    gate.at = gate.at.crash_and_restart().await;
    gate.router = router(&gate.at);
    browser.router = gate.router.clone();
    // What was proved and typed was in memory alone: the same browser asks for the second entry in vain, and brings it in vain.
    let shown = browser.get(&format!("/sign-in/pattern?for={departure}")).await;
    assert!(shown.location().starts_with("/sign-in?for="), "{} {}", shown.status, shown.body);
    let typed = read(&second, PATTERN);
    let page = enters(&mut browser, &second, Some(&departure), &typed).await;
    assert_eq!(digits(&page).len(), 48, "the sign-in begins again: {}", page.body);
    assert!(gate.at.core.matrices().state(gate.alice.id()).await.unwrap().unwrap().initial, "which stands as before");
    // It goes on from there, with three new tables.
    let typed = read(&page, &initial);
    let proved = answers(&mut browser, &page, &departure, "alice", &typed).await;
    let page = browser.get(proved.location()).await;
    assert_eq!(page.field("entry"), "1");
    assert_ne!(page.field("setting"), second.field("setting"));
    let end = sets(&mut browser, page, Some(&departure), PATTERN).await;
    assert!(onward(&mut browser, &end).await.contains("grid.example.com"));
}

#[tokio::test]
async fn a_session_by_the_pattern_alone_changes_it_again_and_again() {
    let mut gate = Gate::with(&format!(
        "{GRID}[portal.demands]\nprimary_factor = {{ methods = [\"matrix\"] }}\notp = {{ mode = \"off\" }}\n"
    ))
    .await;
    set(&gate.at, &gate.alice.id().clone(), PATTERN).await;
    gate.at.core.remove_authenticator(gate.alice.id(), None).await.unwrap();
    let mut browser = gate.browser();
    let page = browser.get("/sign-in?for=%2F").await;
    let typed = read(&page, PATTERN);
    answers(&mut browser, &page, "/", "alice", &typed).await;
    assert_eq!(browser.get("/sign-in?for=%2F").await.location(), "/");
    for pattern in [MINE, THEIRS, MINE] {
        let page = browser.get("/account/pattern").await;
        let end = sets(&mut browser, page, None, pattern).await;
        assert!(end.body.contains("Your pattern is changed"), "{pattern}: {}", end.body);
    }
    // The session names the present pattern, after a restart too; with it every other credential of that name is gone.
    let present = gate.at.core.matrices().state(gate.alice.id()).await.unwrap().unwrap().id;
    for restarted in [false, true] {
        if restarted {
            gate.at = gate.at.crash_and_restart().await;
            browser.router = router(&gate.at);
        }
        let session = gate.at.core.sessions().of_user(gate.alice.id()).remove(0);
        let evidence = session.evidence();
        assert_eq!(evidence.of(crate::chain::Check::PrimaryFactor).unwrap().credential(), present);
        assert_eq!(browser.get("/account/pattern").await.field("entry"), "1", "restarted: {restarted}");
        let shown = browser.cookies.get("__Host-sekisho").unwrap();
        let admitted = gate.at.core.sessions().find(crate::session::PORTAL, shown).unwrap();
        assert!(!admitted.is_outgrown(), "and its cookie stands for all of it");
    }
    // A pattern that is issued again ends it as ever.
    issue(&gate, "alice").await;
    assert!(gate.at.core.sessions().of_user(gate.alice.id()).is_empty());
}

#[tokio::test]
async fn an_initial_pattern_ends_with_its_time_and_with_the_next_one_r_342() {
    let gate = Gate::with(GRID).await;
    let tried = async |pattern: &str| {
        let (departure, _state) = gate.departure("grid", "/").await;
        let mut browser = gate.browser();
        let page = browser.get(&at(&departure)).await;
        let typed = read(&page, pattern);
        answers(&mut browser, &page, &departure, "alice", &typed).await.status
    };
    let first = issue(&gate, "alice").await;
    let second = issue(&gate, "alice").await;
    assert_ne!(first, second);
    assert_eq!((tried(&first).await, tried(&second).await), (StatusCode::UNAUTHORIZED, StatusCode::SEE_OTHER));
    gate.at.clock.advance(Duration::from_secs(14 * 86_400));
    assert_eq!(tried(&second).await, StatusCode::UNAUTHORIZED);
    gate.at.core.audit().flush().await.unwrap();
    let log = gate.at.core.audit().query(&crate::audit::Filter::default(), None, 1).await.unwrap();
    assert_eq!(log[0].refusal.as_deref(), Some("initial_pattern_expired"));
}

#[tokio::test]
async fn a_pattern_that_the_rules_refuse_by_now_is_changed_at_the_next_sign_in() {
    let gate = gate().await;
    let more = format!("{CHEAP}{VAULT}{GRID}[matrix]\nphrase_longest = 0\n");
    gate.at.core.adopt(config(gate.at.folder.path(), &more)).unwrap();
    let (mut browser, departure, state, page) = must_set(&gate, "alice", PATTERN).await;
    assert!(page.body.contains("The rules for patterns have changed") && page.body.contains("A phrase is not allowed"));
    let end = sets(&mut browser, page, Some(&departure), "A1 L4 C2 G3 J1 E4").await;
    let end = onward(&mut browser, &end).await;
    assert_eq!(gate.arrives(&end, "grid", &state).await, "/page");
}

#[tokio::test]
async fn a_pattern_for_tables_of_another_size_signs_nobody_in_a_36() {
    let gate = gate().await;
    let more = format!("{CHEAP}{VAULT}{GRID}[matrix]\nblocks = 4\n");
    gate.at.core.adopt(config(gate.at.folder.path(), &more)).unwrap();
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    let wide = crate::factor::matrix::shape::TableShape::new(4, 4, 4).unwrap();
    let typed = super::read_off(&page, wide, PATTERN);
    assert_eq!(answers(&mut browser, &page, &departure, "alice", &typed).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_pattern_is_changed_from_the_account_page_and_stands_until_the_third_entry_r_315_r_316() {
    let gate = gate().await;
    let mut browser = gate.signed_in().await;
    let elsewhere = gate.signed_in().await;
    assert!(browser.get("/").await.body.contains("href=\"/account/pattern\""), "at the foot of the launcher");
    let mut page = browser.get("/account/pattern").await;
    let other = "B2 K1 \"9\" D4 H3 F1 L2";
    for (entry, pattern) in [other, other, PATTERN].into_iter().enumerate() {
        assert_eq!(page.field("entry"), (entry + 1).to_string());
        let typed = read(&page, pattern);
        page = enters(&mut browser, &page, None, &typed).await;
    }
    assert_eq!((page.status, page.field("entry")), (StatusCode::UNPROCESSABLE_ENTITY, "1".to_owned()));
    let before = gate.at.core.matrices().state(gate.alice.id()).await.unwrap().unwrap();
    let end = sets(&mut browser, page, None, other).await;
    assert!(end.body.contains("Your pattern is changed"), "{}", end.body);
    let after = gate.at.core.matrices().state(gate.alice.id()).await.unwrap().unwrap();
    assert_ne!(before.id, after.id, "another credential");
    assert_eq!(gate.at.core.sessions().of_user(gate.alice.id()).len(), 1, "other sessions ended");
    drop(elsewhere);
    // A user without a pattern has nothing to change.
    gate.at.core.remove_pattern(gate.alice.id()).await.unwrap();
    assert_eq!(browser.get("/account/pattern").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_opened_with_a_pattern_ends_when_it_is_issued_again() {
    let gate = gate().await;
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    let typed = read(&page, PATTERN);
    answers(&mut browser, &page, &departure, "alice", &typed).await;
    browser.get(&at(&departure)).await;
    assert_eq!(gate.at.core.sessions().of_user(gate.alice.id()).len(), 1);
    issue(&gate, "alice").await;
    assert!(gate.at.core.sessions().of_user(gate.alice.id()).is_empty());
    // Between the proof and the session, too.
    set(&gate.at, &gate.alice.id().clone(), PATTERN).await;
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut browser = gate.browser();
    let page = browser.get(&at(&departure)).await;
    let typed = read(&page, PATTERN);
    assert_eq!(answers(&mut browser, &page, &departure, "alice", &typed).await.status, StatusCode::SEE_OTHER);
    issue(&gate, "alice").await;
    assert_eq!(digits(&browser.get(&at(&departure)).await).len(), 48, "asked again");
    assert!(gate.at.core.sessions().of_user(gate.alice.id()).is_empty());
}
