//! The API as a program meets it: who is let in, what is answered, what is described.

mod session;

use super::*;
use http::Method;
use http_body_util::BodyExt as _;
use serde_json::json;
use tower::ServiceExt as _;

use crate::account::tokens::{Scope, Scopes};
use crate::clock::Timestamp;
use crate::core::testing::TestCore;
use crate::facts::arrival::Arrival;
use crate::facts::client_address::ClientAddress;

async fn asked(
    test: &TestCore,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (StatusCode, HeaderMap, Value) {
    let router = crate::portal::router(Arc::new(crate::backchannel::Backchannel::new(Arc::clone(&test.core))));
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    request.extensions_mut().insert(Arrival {
        address: ClientAddress::new([192, 0, 2, 1].into()),
        certificate: None,
        channel_binding: None,
        request_id: "request-1".into(),
    });
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, serde_json::from_slice(&body).unwrap())
}

async fn token(test: &TestCore, scopes: &[Scope]) -> String {
    let until = Timestamp::from_seconds(1_900_000_000);
    let (_, text) = test.core.tokens().issue("test", Scopes::of(scopes), None, until).await.unwrap();
    format!("Bearer {text}")
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn a_token_acts_and_the_log_says_which_and_from_where() {
    let test = TestCore::open().await;
    let token = token(&test, &[Scope::Users, Scope::Read]).await;
    let bearer = ("authorization", token.as_str());
    let (status, _, added) = asked(&test, Method::POST, "/api/v1/users", &[bearer, JSON], r#"{"user":"alice"}"#).await;
    assert_eq!((status, &added["user"]["user"]), (StatusCode::OK, &json!("alice")));
    let (status, _, listed) = asked(&test, Method::GET, "/api/v1/users?limit=5&search=ali", &[bearer], "").await;
    assert_eq!((status, listed["items"].as_array().unwrap().len()), (StatusCode::OK, 1));
    let log = test.core.audit().query(&crate::audit::Filter::default(), None, 1).await.unwrap();
    assert_eq!((log[0].what.as_str(), log[0].actor.as_deref()), ("user.add", Some("token:test")));
    assert_eq!((log[0].address.as_deref(), log[0].request_id.as_deref()), (Some("192.0.2.1"), Some("request-1")));
}

#[tokio::test]
async fn nobody_gets_in_without_a_good_token_or_a_session() {
    let test = TestCore::open().await;
    let good = token(&test, &[Scope::All]).await;
    let cut = &good[..good.len() - 1];
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[], "not_signed_in"),
        (&[("authorization", "Bearer sekisho_AAAA")], "invalid_token"),
        (&[("authorization", cut)], "invalid_token"),
        (&[("authorization", "Basic YWxpY2U6")], "invalid_token"),
        (&[("cookie", "__Host-sekisho=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")], "not_signed_in"),
    ];
    for (headers, code) in cases {
        let (status, answered, problem) = asked(&test, Method::GET, "/api/v1/users", headers, "").await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!(code)), "{headers:?}");
        assert!(answered["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
        assert_eq!(answered["content-type"], "application/problem+json");
    }
    let (status, _, problem) = asked(
        &test,
        Method::POST,
        "/api/v1/users",
        &[("authorization", &token(&test, &[Scope::Read]).await), JSON],
        r#"{"user":"a"}"#,
    )
    .await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("scope_missing")));
}

#[tokio::test]
async fn a_token_does_not_carry_past_the_networks_of_the_administration() {
    let test = TestCore::with("[portal.admin_demands.ip_restriction]\nallow = [\"10.0.0.0/8\"]\n").await;
    let token = token(&test, &[Scope::All]).await;
    let (status, _, problem) = asked(&test, Method::GET, "/api/v1/users", &[("authorization", &token)], "").await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("address_not_allowed")));
}

#[tokio::test]
async fn input_that_cannot_be_read_is_told_with_its_place() {
    let test = TestCore::open().await;
    let token = token(&test, &[Scope::All]).await;
    let bearer = ("authorization", token.as_str());
    for (path, body, part) in [
        ("/api/v1/users", r#"{"user":"a b"}"#, "`user`"),
        ("/api/v1/users", r#"{"user":"a","colour":1}"#, "unknown field `colour`"),
        ("/api/v1/users", r#"{"user":"#, "read the body"),
        ("/api/v1/users", "[]", "not a JSON object"),
        ("/api/v1/users?user=b", r#"{"user":"a"}"#, "said twice"),
        ("/api/v1/users", "{}", "missing field `user`"),
    ] {
        let (status, _, problem) = asked(&test, Method::POST, path, &[bearer, JSON], body).await;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("invalid_input")), "{body}");
        assert!(problem["detail"].as_str().unwrap().contains(part), "{body}: {problem}");
    }
    let (status, ..) = asked(&test, Method::POST, "/api/v1/users", &[bearer], r#"{"user":"a"}"#).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (status, _, problem) = asked(&test, Method::GET, "/api/v1/nothing", &[bearer], "").await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("no_such_path")));
    let (status, _, problem) = asked(&test, Method::PUT, "/api/v1/users", &[bearer], "").await;
    assert_eq!((status, &problem["code"]), (StatusCode::METHOD_NOT_ALLOWED, &json!("method_not_allowed")));
}

#[tokio::test]
async fn the_description_has_every_act_and_refers_to_nothing_that_is_not_there() {
    struct Expected<'a>(&'a Value, usize);
    impl ActVisitor for Expected<'_> {
        fn visit<A: Act>(&mut self) {
            let verb = format!("{:?}", A::ROUTE.verb).to_lowercase();
            let operation = &self.0["paths"][A::ROUTE.path][&verb];
            assert_eq!(operation["operationId"], A::NAME);
            let described: Vec<_> = operation["parameters"].as_array().into_iter().flatten().map(|one| &one["name"]).collect();
            for name in A::ROUTE.parameters() {
                assert!(described.contains(&&json!(name)), "{}: {name}", A::NAME);
            }
            self.1 += 1;
        }
    }
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
                Value::String(text) if name == "$ref" => found.push(text.clone()),
                value => references(value, found),
            }),
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let test = TestCore::open().await;
    let (status, _, document) = asked(&test, Method::GET, "/api/v1/openapi.json", &[], "").await;
    assert_eq!((status, &document["openapi"]), (StatusCode::OK, &json!("3.1.0")));
    let mut expected = Expected(&document, 0);
    catalogue::every(&mut expected);
    assert!(expected.1 > 40);
    let mut found = Vec::new();
    references(&document, &mut found);
    for reference in found {
        let name = reference.strip_prefix("#/components/schemas/").unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{reference}");
    }
}
