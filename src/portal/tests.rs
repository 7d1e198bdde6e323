//! What the tests of both APIs for apps share, and what is true of all pages.

pub(in crate::portal) mod apps;

use http::StatusCode;

use super::kit::paths::without_slash;
use super::testing::Gate;

#[tokio::test]
async fn a_page_with_a_slash_behind_it_is_that_page() {
    let gate = Gate::open().await;
    let mut browser = gate.signed_in().await;
    for (asked, page) in [
        ("/admin/", "/admin"),
        ("/admin/users/?q=a%2Fb", "/admin/users?q=a%2Fb"),
        ("/account/", "/account"),
        ("/account/approvers/", "/account/approvers"),
        ("/sign-in/", "/sign-in"),
    ] {
        let answer = browser.get(asked).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::PERMANENT_REDIRECT, page), "{asked}");
        assert_ne!(browser.get(page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    let answer = browser.get("/nothing-here/").await;
    assert_eq!(browser.get(answer.location()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post("/admin/", &[]).await.status, StatusCode::NOT_FOUND, "a form is not sent elsewhere");
}

#[test]
fn no_slash_leads_to_another_host_t17() {
    for path in [
        "/",
        "//",
        "//evil.example/",
        "/\\evil.example/",
        "/%2Fevil.example/",
        "/a//",
        "/a/../b/",
        "/.sekisho/x/",
        "admin/",
        "/admin",
    ] {
        assert_eq!(without_slash(path, None), None, "{path}");
    }
    assert_eq!(without_slash("/admin/", Some("a\\b")), None, "an address that a browser might read otherwise");
    assert_eq!(without_slash("/account/", Some("x=1")).as_deref(), Some("/account?x=1"));
}
