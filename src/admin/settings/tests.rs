//! Settings as administrators change them.

use serde_json::json;

use crate::admin::settings::{ClearSetting, ListSettings, SetSetting};
use crate::admin::testing::does;
use crate::core::testing::TestCore;

#[tokio::test]
async fn the_programs_own_settings_are_neither_shown_nor_changed() {
    let test = TestCore::open().await;
    assert_eq!(does::<ListSettings>(&test, json!({})).await.unwrap()["items"], json!([]));
    let own = json!({ "name": "state.sealed_by", "value": "0" });
    assert_eq!(does::<SetSetting>(&test, own).await.unwrap_err().code(), "invalid_input");
    let unknown = json!({ "name": "portal.notise", "value": "hello" });
    let told = does::<SetSetting>(&test, unknown).await.unwrap_err().to_string();
    assert!(told.contains("portal.notice"), "{told}");
    does::<SetSetting>(&test, json!({ "name": "portal.notice", "value": "hello" })).await.unwrap();
    assert_eq!(does::<ListSettings>(&test, json!({})).await.unwrap()["items"][0]["value"], "hello");
    does::<ClearSetting>(&test, json!({ "name": "portal.notice" })).await.unwrap();
    assert_eq!(does::<ClearSetting>(&test, json!({ "name": "portal.notice" })).await.unwrap_err().status(), 404);
}
