//! What administrators do with patterns.

use serde_json::json;

use crate::admin::groups::AddGroup;
use crate::admin::matrix::issue::{IssuePattern, ResetPattern, ShowPatternNotice};
use crate::admin::matrix::list::ListPatterns;
use crate::admin::matrix::many::IssueMany;
use crate::admin::matrix::test::TestPattern;
use crate::admin::testing::does;
use crate::admin::users::rights::{SetGroups, SetMethods};
use crate::config::Config;
use crate::core::testing::TestCore;

#[tokio::test]
async fn a_notice_has_address_name_domain_and_the_pattern_drawn_r_303_r_306() {
    let test = TestCore::open().await;
    test.user("alice").await;
    let issued = does::<IssuePattern>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_eq!((&issued["address"], &issued["domain"]), (&json!("https://auth.example.com"), &json!("local")));
    let drawing = issued["drawing"].as_str().unwrap();
    assert_eq!(drawing.lines().count(), 4);
    assert_eq!(drawing.matches('※').count(), 40);
    for number in ["１", "２", "３", "４", "５", "６", "７", "８"] {
        assert_eq!(drawing.matches(number).count(), 1, "{drawing}");
    }
    let (_message, body) = test.core.outbox().show(issued["message"].as_str().unwrap()).await.unwrap().unwrap();
    let drawn_in = |text: &str| drawing.lines().all(|line| text.contains(line));
    let (english, japanese) = body.split_once("\n\n----\n\n").unwrap();
    assert!(drawn_in(english) && drawn_in(japanese) && !body.contains('⟦'), "{body}");
    for value in ["https://auth.example.com", "alice", "local", "★"] {
        assert!(english.contains(value) && japanese.contains(value), "{value}: {body}");
    }
    // Shown once more, until another is set; each issue draws another one.
    let again = does::<ShowPatternNotice>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_eq!(again["pattern"], issued["pattern"]);
    let other = does::<IssuePattern>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_ne!(other["pattern"], issued["pattern"]);
    does::<ResetPattern>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_eq!(does::<ResetPattern>(&test, json!({ "user": "alice" })).await.unwrap_err().code(), "not_found");
    assert_eq!(does::<ShowPatternNotice>(&test, json!({ "user": "alice" })).await.unwrap_err().code(), "not_found");
    does::<SetMethods>(&test, json!({ "user": "alice", "methods": ["password"] })).await.unwrap();
    let refused = does::<IssuePattern>(&test, json!({ "user": "alice" })).await.unwrap_err();
    assert!(refused.to_string().contains("set-methods"), "{refused}");
    test.core.audit().flush().await.unwrap();
    let log = test.core.audit().query(&crate::audit::Filter::default(), None, 50).await.unwrap();
    let secret = issued["pattern"].as_str().unwrap();
    assert!(log.iter().all(|row| !format!("{row:?}").contains(secret)), "no pattern in the log");
}

#[tokio::test]
async fn a_whole_group_gets_patterns_each_its_own_r_342() {
    let test = TestCore::open().await;
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    for name in ["alice", "bob", "carol"] {
        test.user(name).await;
        does::<SetGroups>(&test, json!({ "user": name, "groups": ["staff"] })).await.unwrap();
    }
    does::<IssuePattern>(&test, json!({ "user": "carol" })).await.unwrap();
    does::<SetMethods>(&test, json!({ "user": "bob", "methods": ["password"] })).await.unwrap();
    let many = does::<IssueMany>(&test, json!({ "group": "staff", "only_without": true })).await.unwrap();
    let outcomes: Vec<_> =
        many["items"].as_array().unwrap().iter().map(|row| (row["user"].clone(), row["outcome"].clone())).collect();
    assert_eq!(outcomes, [(json!("alice"), json!("done")), (json!("bob"), json!("invalid_input"))]);
    let all = does::<IssueMany>(&test, json!({ "users": ["alice", "carol"] })).await.unwrap();
    assert_ne!(all["items"][0]["pattern"], all["items"][1]["pattern"]);
    let list = does::<ListPatterns>(&test, json!({ "group": "staff" })).await.unwrap();
    let states: Vec<_> =
        list["items"].as_array().unwrap().iter().map(|row| (row["user"].clone(), row["state"].clone())).collect();
    assert_eq!(states, [(json!("alice"), json!("initial")), (json!("carol"), json!("initial"))]);
    assert_eq!(does::<IssueMany>(&test, json!({})).await.unwrap_err().code(), "invalid_input");
    assert_eq!(does::<IssueMany>(&test, json!({ "group": "none" })).await.unwrap_err().code(), "unknown_group");
}

#[tokio::test]
async fn a_tester_says_whether_a_pattern_would_be_allowed_r_326() {
    let test = TestCore::open().await;
    let judged = async |pattern: &str| does::<TestPattern>(&test, json!({ "pattern": pattern })).await;
    assert_eq!(judged("A1 L4 C2 \"k7\" G3 J1 E4").await.unwrap(), json!({ "allowed": true, "items": [] }));
    let refused = judged("A1 B1 C1 D1 E1").await.unwrap();
    assert_eq!(refused["allowed"], json!(false));
    let codes: Vec<_> = refused["items"].as_array().unwrap().iter().map(|reason| reason["code"].clone()).collect();
    assert_eq!(codes, [json!("too_short"), json!("one_stroke")]);
    assert!(judged("A1 Z9").await.unwrap_err().to_string().contains("part 2 is no cell"));
}

#[tokio::test]
async fn rules_that_no_pattern_meets_and_forbidden_ones_that_are_none_are_refused_with_the_config() {
    let test = TestCore::open().await;
    let complaint = |more: &str| -> String {
        let config: std::sync::Arc<Config> = crate::core::testing::config(test.folder.path(), more);
        test.core.adopt(config).unwrap_err().to_string()
    };
    for (more, says) in [
        ("[matrix]\nblocks = 9\ncolumns = 8\n", "72 columns are too many"),
        ("[matrix]\nrows = 1\n", "2 to 8 rows"),
        ("[matrix]\nshortest = 13\n", "no pattern has 13 to 12 cells"),
        ("[matrix]\nphrase_shortest = 7\n", "no phrase has 7 to 6 characters"),
        ("[matrix]\nlongest = 60\n", "cells and phrase together may be 64"),
        ("[matrix]\ndistinct_cells = 13\n", "no pattern reads so many cells"),
        ("[matrix]\nforbidden = [\"A1 Z9\"]\n", "part 2 is no cell"),
        ("[matrix]\nforbidden = [\"A1 \\\"x\\\"\"]\n", "without a phrase"),
        ("[matrix]\nblocks = 1\nrows = 2\ncolumns = 2\n", "none can be drawn"),
        ("[matrix]\ninitial_lifetime = \"0s\"\n", "could never be used"),
        ("[[matrix.group]]\ngroup = \"a\"\n[[matrix.group]]\ngroup = \"a\"\n", "this group has rules already"),
        ("[[matrix.group]]\ngroup = \"a\"\nlongest = 3\n", "no pattern has 6 to 3 cells"),
    ] {
        let said = complaint(more);
        assert!(said.contains(says), "{more}: {said}");
    }
}
