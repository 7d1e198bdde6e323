//! The register of certificates as administrators change it.

use serde_json::json;

use crate::admin::certificates::register::{
    DisableCertificate, EditCertificate, EnableCertificate, ListCertificates, RegisterCertificate, RemoveCertificate,
};
use crate::admin::testing::does;
use crate::core::testing::TestCore;

#[tokio::test]
async fn a_certificate_is_registered_edited_switched_and_removed() {
    let test = TestCore::open().await;
    test.user("alice").await;
    let certificate = "ab".repeat(32);
    let input = json!({ "certificate": certificate, "user": "alice", "valid_until": "2030-01-01" });
    let entry = does::<RegisterCertificate>(&test, input.clone()).await.unwrap();
    assert_eq!((&entry["holder"], &entry["enabled"]), (&json!("user"), &json!(true)));
    let again = does::<RegisterCertificate>(&test, input).await.unwrap_err();
    assert_eq!(again.status(), 409);
    let which = json!({ "certificate": certificate });
    does::<DisableCertificate>(&test, which.clone()).await.unwrap();
    let listed = does::<ListCertificates>(&test, json!({ "user": "alice" })).await.unwrap();
    assert_eq!(listed["items"][0]["enabled"], false);
    let backwards = json!({ "certificate": certificate, "valid_from": "2030-01-01", "valid_until": "2029-01-01" });
    assert_eq!(does::<EditCertificate>(&test, backwards).await.unwrap_err().code(), "invalid_input");
    does::<RemoveCertificate>(&test, which.clone()).await.unwrap();
    assert_eq!(does::<EnableCertificate>(&test, which).await.unwrap_err().code(), "unknown_certificate");
    let nobody = json!({ "certificate": certificate });
    assert_eq!(does::<RegisterCertificate>(&test, nobody).await.unwrap_err().code(), "invalid_input");
}
