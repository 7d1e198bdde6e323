//! Sizes and rules by group (R-320, M-15): the table follows from the name, and says nothing of who is known.

use std::collections::BTreeSet;

use http::StatusCode;

use super::{GRID, at, digits, read_off};
use crate::admin::groups::AddGroup;
use crate::admin::testing::does;
use crate::admin::users::rights::SetGroups;
use crate::factor::matrix::shape::TableShape;
use crate::portal::testing::Gate;
use serde_json::json;

#[tokio::test]
async fn a_group_has_a_table_of_its_own_size_and_a_name_that_nobody_has_gets_one_of_them_r_320() {
    let gate = Gate::with(&format!("{GRID}[[matrix.group]]\ngroup = \"vault\"\nblocks = 4\nshortest = 9\n")).await;
    does::<AddGroup>(&gate.at, json!({ "group": "vault" })).await.unwrap();
    gate.at.user("bob").await;
    does::<SetGroups>(&gate.at, json!({ "user": "alice", "groups": ["vault"] })).await.unwrap();
    let initial = super::issue(&gate, "alice").await;
    assert_eq!(initial.split(' ').count(), 9, "by the rules of the group");
    let (departure, _state) = gate.departure("grid", "/").await;
    let mut browser = gate.browser();
    // The name first.
    let page = browser.get(&at(&departure)).await;
    assert!(digits(&page).is_empty() && page.body.contains("The table of digits comes next"), "{}", page.body);
    let mut sizes = BTreeSet::new();
    let mut named = async |user: &str| {
        let page = browser.post("/sign-in/matrix", &[("for", &departure), ("user", user)]).await;
        assert_eq!(page.status, StatusCode::OK);
        page
    };
    assert_eq!((digits(&named("alice").await).len(), digits(&named("bob").await).len()), (64, 48));
    assert_eq!(digits(&named("\u{ff21}lice").await).len(), 64, "full-width");
    for number in 0..30 {
        let user = format!("nobody{number}");
        let size = digits(&named(&user).await).len();
        let wide: String = user.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        // In whatever spelling of the same name, as a user's is (T31, T32).
        for same in [user.clone(), user.to_uppercase(), format!(" {user} "), wide.clone(), wide.to_uppercase()] {
            assert_eq!(digits(&named(&same).await).len(), size, "always the same: {same}");
        }
        sizes.insert(size);
    }
    assert_eq!(sizes, BTreeSet::from([48, 64]), "neither size says that somebody is known");
    let page = named("alice").await;
    let answer = read_off(&page, TableShape::new(4, 4, 4).unwrap(), &initial);
    let table = page.field("table");
    let fields = [("for", departure.as_str()), ("user", "alice"), ("table", table.as_str()), ("answer", answer.as_str())];
    let answered = browser.post("/sign-in/matrix", &fields).await;
    assert!(answered.location().starts_with("/sign-in/pattern"), "{}", answered.body);
    assert_eq!(digits(&browser.get(answered.location()).await).len(), 64);
}
