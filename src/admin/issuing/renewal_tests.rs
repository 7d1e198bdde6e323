//! Certificates that follow others, as tests.

use serde_json::{Value, json};

use super::tests::{LAST, test};
use crate::admin::certificates::{
    DisableCertificate, EditCertificate, EnableCertificate, ListCertificates, RegisterCertificate, RemoveCertificate,
};
use crate::admin::issuing::{DownloadCertificate, IssueCertificate, RevokeCertificate, RevokeCertificates};
use crate::admin::testing::does;
use crate::audit::Filter;

#[tokio::test]
async fn a_certificate_is_renewed_for_the_same_holder_and_name_and_only_with_an_overlap_r_249_r_252() {
    let test = test().await;
    let order = json!({ "name": "ｉＰｈｏｎｅ１５", "user": "alice", "last_day": "2027-02-28" });
    let old = does::<IssueCertificate>(&test, order).await.unwrap();
    let renew = async |more: Value| {
        let mut order = json!({ "renews": old["certificate"], "first_day": "2027-02-20", "last_day": LAST });
        order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        does::<IssueCertificate>(&test, order).await
    };
    for (more, words) in [
        (json!({ "first_day": "2027-03-01" }), "the two have to overlap; choose an earlier first day"),
        (json!({ "last_day": "2027-02-28" }), "no later than this one; choose a later last day"),
        (json!({ "name": "other" }), "the same name, \"ｉＰｈｏｎｅ１５\""),
        (json!({ "user": "bob" }), "for the same holder"),
        (json!({ "group": "staff" }), "for the same holder"),
    ] {
        if more.get("user").is_some() {
            test.user("bob").await;
        }
        let refused = renew(more.clone()).await.unwrap_err();
        assert_eq!(refused.code(), "invalid_input", "{more}: {refused}");
        assert!(refused.to_string().contains(words), "{more}: {refused}");
    }
    // The last day of the old one is the latest first day of the new one.
    let new = renew(json!({ "first_day": "2027-02-28" })).await.unwrap();
    let same = |key: &str| assert_eq!(new[key], old[key], "{key}");
    ["holder", "name", "label"].into_iter().for_each(same);
    assert_eq!((&new["renews"], &old["renews"]), (&old["certificate"], &Value::Null));
    // The audit log says for whom, done or refused, though the order names the one before alone.
    let log = test.core.audit().query(&Filter::default(), None, 100).await.unwrap();
    let renewals: Vec<_> = log.iter().filter(|row| row.details.contains_key("renews")).collect();
    assert_eq!(renewals.len(), 6, "{log:?}");
    for row in renewals {
        let (user, label) = (row.user.as_deref(), row.details.get("label").map(String::as_str));
        assert!(matches!(user, Some("alice" | "bob")) || row.details.contains_key("group"), "{row:?}");
        // Another name was refused, and what was refused is not written down.
        assert!(label == Some("ｉＰｈｏｎｅ１５") || (label.is_none() && row.refusal.is_some()), "{row:?}");
        assert!(row.refusal.is_some() || user == Some("alice"), "{row:?}");
    }
    let test = test.crash_and_restart().await;
    let which = json!({ "certificate": new["certificate"] });
    let listed = does::<ListCertificates>(&test, which).await.unwrap();
    assert_eq!(listed["items"][0]["renews"], old["certificate"]);
    let log = test.core.audit().query(&Filter::default(), None, 100).await.unwrap();
    assert!(format!("{log:?}").contains(old["certificate"].as_str().unwrap()), "the log says which one it follows");
}

#[tokio::test]
async fn what_is_revoked_unknown_or_nobodys_is_not_renewed_and_a_name_is_needed_otherwise() {
    let test = test().await;
    let refused = async |order: Value| {
        let error = does::<IssueCertificate>(&test, order).await.unwrap_err();
        (error.code(), error.to_string())
    };
    let renew = |certificate: &Value| json!({ "renews": certificate, "last_day": LAST });
    assert_eq!(refused(renew(&json!("ab".repeat(32)))).await.0, "unknown_certificate");
    assert_eq!(refused(renew(&json!("12"))).await.0, "invalid_input");
    let nameless = refused(json!({ "last_day": LAST })).await;
    assert!(nameless.1.contains("it is empty"), "{nameless:?}");
    let machine = json!({ "certificate": "cd".repeat(32), "machine": "robot" });
    let machine = does::<RegisterCertificate>(&test, machine).await.unwrap();
    assert!(refused(renew(&machine["certificate"])).await.1.contains("no user's, no group's"));
    let order = json!({ "name": "phone", "group": "staff", "last_day": "2027-03-31" });
    let old = does::<IssueCertificate>(&test, order).await.unwrap();
    let which = json!({ "certificate": old["certificate"] });
    // Disabled, it may be followed all the same: both dates are known.
    does::<DisableCertificate>(&test, which.clone()).await.unwrap();
    let new = does::<IssueCertificate>(&test, renew(&old["certificate"])).await.unwrap();
    assert_eq!((&new["holder"], &new["name"], &new["label"]), (&json!("group"), &json!("staff"), &json!("phone")));
    let log = test.core.audit().query(&Filter::default(), None, 1).await.unwrap();
    assert_eq!((log[0].details["label"].as_str(), log[0].details["group"].as_str()), ("phone", "staff"), "{log:?}");
    does::<RevokeCertificate>(&test, which).await.unwrap();
    assert!(refused(renew(&old["certificate"])).await.1.contains("it is revoked"));
    let elsewhere = json!({ "certificate": "ef".repeat(32), "user": "alice", "label": "Alice's laptop" });
    let elsewhere = does::<RegisterCertificate>(&test, elsewhere).await.unwrap();
    let why = refused(renew(&elsewhere["certificate"])).await;
    assert!(why.0 == "invalid_input" && why.1.contains("its name, \"Alice's laptop\", cannot be"), "{why:?}");
}

#[tokio::test]
async fn what_is_done_with_a_users_own_certificate_is_written_down_with_the_user() {
    let test = test().await;
    let mut expected = Vec::new();
    let of = |user: Option<&str>| json!({ "name": "phone", "user": user, "last_day": LAST });
    for user in [Some("alice"), None] {
        let issued = does::<IssueCertificate>(&test, of(user)).await.unwrap();
        let which = json!({ "certificate": issued["certificate"] });
        does::<DisableCertificate>(&test, which.clone()).await.unwrap();
        does::<EnableCertificate>(&test, which.clone()).await.unwrap();
        does::<EditCertificate>(&test, json!({ "certificate": issued["certificate"], "valid_until": "2027-12-31" }))
            .await
            .unwrap();
        does::<DownloadCertificate>(&test, which.clone()).await.unwrap();
        does::<RevokeCertificates>(&test, json!({ "certificates": [issued["certificate"]] })).await.unwrap();
        does::<RevokeCertificate>(&test, which.clone()).await.unwrap();
        does::<RemoveCertificate>(&test, which).await.unwrap_err();
        let acts = ["disable", "enable", "edit", "download", "revoke", "revoke", "remove"];
        expected.extend(acts.map(|act| (format!("certificate.{act}"), user.map(str::to_owned))));
    }
    let log = test.core.audit().query(&Filter::default(), None, 100).await.unwrap();
    let rows = log.into_iter().rev().filter(|row| row.details.contains_key("certificate"));
    assert_eq!(rows.map(|row| (row.what, row.user)).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn certificates_that_end_soon_are_listed_r_250() {
    let test = test().await;
    for (name, last_day, disabled) in
        [("soon", "2027-01-20", false), ("today", "2027-01-15", false), ("off", "2027-01-20", true), ("later", LAST, false)]
    {
        let order = json!({ "name": name, "last_day": last_day, "disabled": disabled });
        does::<IssueCertificate>(&test, order).await.unwrap();
    }
    let names = async |days: u32| {
        let found = does::<ListCertificates>(&test, json!({ "ends_within": days })).await.unwrap();
        let mut names: Vec<String> =
            found["items"].as_array().unwrap().iter().map(|one| one["label"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(0).await, ["today"]);
    assert_eq!(names(4).await, ["today"]);
    assert_eq!(names(5).await, ["soon", "today"]);
    assert_eq!(names(400).await, ["later", "soon", "today"]);
}
