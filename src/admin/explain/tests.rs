//! Explanations of what the policy decides.

use serde_json::{Value, json};

use crate::admin::explain::Explain;
use crate::admin::testing::does;
use crate::admin::users::profile::DisableUser;
use crate::core::testing::TestCore;
use crate::transaction::testing::TRANSFER;

#[tokio::test]
async fn explain_tells_all_six_checks_and_the_lines_that_demand_them() {
    let test = TestCore::with("demands.otp = { max_age = \"1h\" }\n").await;
    test.user("alice").await;
    let asks = |with: Value| json!({ "app": "wiki", "from": "192.0.2.1", "user": "alice", "with": with });
    let answer = does::<Explain>(&test, asks(json!([]))).await.unwrap();
    let says: Vec<_> = answer["checks"].as_array().unwrap().iter().map(|check| check["says"].as_str().unwrap()).collect();
    assert_eq!(says, ["not_applicable", "not_applicable", "not_applicable", "fail", "not_evaluated", "not_evaluated"]);
    assert_eq!((&answer["verdict"], &answer["because"]), (&json!("ask"), &json!("primary_factor_missing")));
    // Checks that the chain did not reach are listed as well: which line demands them, and what.
    assert_eq!(answer["checks"][5]["lines"].as_array().unwrap().len(), 1);
    assert!(answer["checks"][5]["demands"].as_str().unwrap().contains("totp"), "{answer}");
    let answer = does::<Explain>(&test, asks(json!(["password", "totp@2h"]))).await.unwrap();
    assert_eq!((&answer["verdict"], &answer["because"]), (&json!("ask"), &json!("otp_too_old")));
    let answer = does::<Explain>(&test, asks(json!(["password", "totp@5m"]))).await.unwrap();
    assert_eq!((&answer["verdict"], &answer["identity"]), (&json!("pass"), &json!("alice")));
    let unknown = does::<Explain>(&test, json!({ "app": "wikki", "from": "192.0.2.1" })).await.unwrap_err();
    assert!(unknown.to_string().contains("did you mean `wiki`"), "{unknown}");
}

#[tokio::test]
async fn explain_names_the_rules_of_all_readings_of_a_path_t11() {
    let rule = "[[app.rule]]\npaths = [\"/admin/**\"]\ndemands.otp = {}\n";
    let test = TestCore::with(&format!("{rule}{TRANSFER}")).await;
    let explain = async |path: &str, method: &str| {
        let input = json!({ "app": "wiki", "from": "192.0.2.1", "path": path, "method": method });
        does::<Explain>(&test, input).await
    };
    let answer = explain("/Admin/", "GET").await.unwrap();
    assert_eq!(answer["policy"], "wiki + wiki /admin/**");
    let readings = answer["readings"].as_array().unwrap();
    assert_eq!(readings[0], json!({ "reading": "/Admin/", "policy": "wiki" }));
    assert_eq!(readings[1], json!({ "reading": "/Admin/ (letters' case aside)", "policy": "wiki /admin/**" }));
    assert!(answer["checks"][5]["demands"].as_str().unwrap().contains("totp"), "{answer}");
    let answer = explain("/admin/x", "GET").await.unwrap();
    assert_eq!((&answer["policy"], answer.get("readings")), (&json!("wiki /admin/**"), None), "it has one");
    let answer = explain("/Transfer", "POST").await.unwrap_err().to_string();
    assert!(answer.contains("not a transaction") && answer.contains("the transaction `transfer`"), "{answer}");
}

#[tokio::test]
async fn a_switched_off_user_is_explained_as_such() {
    let test = TestCore::open().await;
    test.user("alice").await;
    does::<DisableUser>(&test, json!({ "user": "alice" })).await.unwrap();
    let input = json!({ "app": "wiki", "from": "192.0.2.1", "user": "alice", "with": ["password"] });
    let answer = does::<Explain>(&test, input).await.unwrap();
    assert_eq!((&answer["verdict"], &answer["because"]), (&json!("refuse"), &json!("user_disabled")));
}
