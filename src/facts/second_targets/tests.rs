//! What a request names beside its path, in every spelling.

use http::HeaderValue;
use proptest::prelude::*;

use super::*;

const OWN: &str = "https://files.example.com:8443";

fn named(fields: &[(&'static str, &str)]) -> Result<Vec<(String, TargetUse)>, &'static str> {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let named = of(&headers, OWN).map_err(SecondTargetError::code)?;
    assert!(!are_none(&headers));
    Ok(named.into_iter().map(|one| (one.path().unwrap().as_received().to_owned(), one.usage)).collect())
}

#[test]
fn a_destination_is_a_path_of_this_host_rfc_4918_10_3() {
    for (value, path) in [
        ("/b", "/b"),
        ("/b?c=d", "/b"),
        ("/a%2Fb", "/a%2Fb"),
        ("https://files.example.com:8443/b", "/b"),
        ("HTTPS://Files.Example.com/b/", "/b/"),
        ("https://files.example.com:443/b", "/b"),
        ("http://files.example.com/b", "/b"),
        ("https://files.example.com./b", "/b"),
        ("https://files.example.com", "/"),
        ("https://files.example.com?c", "/"),
    ] {
        assert_eq!(named(&[("destination", value)]), Ok(vec![(path.to_owned(), TargetUse::Write)]), "{value}");
    }
    for (value, code) in [
        ("https://other.example.com/b", "destination_elsewhere"),
        ("https://files.example.com:9/b", "destination_elsewhere"),
        ("http://files.example.com:81/b", "destination_elsewhere"),
        ("https://files.example.com.evil.example/b", "destination_elsewhere"),
        ("//files.example.com/b", "destination_malformed"),
        ("b", "destination_malformed"),
        ("../b", "destination_malformed"),
        ("", "destination_malformed"),
        ("https:/files.example.com/b", "destination_malformed"),
        ("https:///b", "destination_malformed"),
        ("ftp://files.example.com/b", "destination_malformed"),
        ("https://me@files.example.com/b", "destination_malformed"),
        ("https://files.example.com\\b", "destination_malformed"),
        ("/b#c", "destination_malformed"),
        ("/b c", "destination_malformed"),
        ("/é", "destination_malformed"),
        ("/b%00", "destination_malformed"),
        ("/../b", "destination_malformed"),
    ] {
        assert_eq!(named(&[("destination", value)]), Err(code), "{value}");
    }
    assert_eq!(named(&[("destination", "/a"), ("destination", "/a")]), Err("destination_repeated"));
}

#[test]
fn a_condition_on_another_resource_names_it_rfc_4918_10_4() {
    let read = |path: &str| (path.to_owned(), TargetUse::Inspect);
    for (value, expected) in [
        ("(<urn:uuid:1>)", Ok(vec![])),
        ("(Not <urn:uuid:1> [\"a)>\"]) (<urn:uuid:2>)", Ok(vec![])),
        ("</locked/> (<urn:uuid:1>)", Ok(vec![read("/locked/")])),
        ("<https://files.example.com/a> (<u:1> [W/\"x\"]) </b> (Not <u:2>)(<u:3>)", Ok(vec![read("/a"), read("/b")])),
        ("<https://other.example.com/a> (<u:1>)", Err("if_elsewhere")),
        ("</a (<u:1>)", Err("if_malformed")),
        ("(<u:1>", Err("if_malformed")),
        ("(<u:1>))", Err("if_malformed")),
        ("([\"a]) </b> (<u:1>)", Err("if_malformed")),
        ("W/\"a\"", Err("if_malformed")),
    ] {
        assert_eq!(named(&[("if", value)]), expected, "{value}");
    }
    assert_eq!(named(&[("if", "(<u:1>)"), ("if", "</a> (<u:1>)")]), Err("if_repeated"));
    assert_eq!(named(&[("if", &"</a> (<u:1>) ".repeat(17))]), Err("if_malformed"));
}

#[test]
fn what_an_object_store_copies_is_read() {
    assert_eq!(named(&[("x-amz-copy-source", "/bucket/key?versionId=1")]), Ok(vec![("/bucket/key".to_owned(), TargetUse::Read)]));
    assert_eq!(named(&[("x-ms-copy-source", "https://files.example.com/c/b")]), Ok(vec![("/c/b".to_owned(), TargetUse::Read)]));
    assert_eq!(named(&[("x-ms-copy-source", "https://other.example.com/c/b")]), Err("copy_source_elsewhere"));
    assert_eq!(named(&[("x-copy-from", "/container/object")]), Err("copy_source_elsewhere"));
    assert_eq!(named(&[("x-amz-copy-source", "bucket/key")]), Ok(vec![("/bucket/key".to_owned(), TargetUse::Read)]));
    assert!(are_none(&HeaderMap::new()));
}

#[test]
fn what_goes_deep_does_so_unless_it_says_otherwise() {
    let deep = |method: &str, depth: Option<&'static str>| {
        let headers = depth.map(|depth| (DEPTH, HeaderValue::from_static(depth))).into_iter().collect();
        is_deep(&Method::from_bytes(method.as_bytes()).unwrap(), &headers)
    };
    for method in ["COPY", "LOCK", "PROPFIND"] {
        assert!(deep(method, None) && deep(method, Some("infinity")) && !deep(method, Some("0")), "{method}");
    }
    // RFC 4918 §9.9.2: whatever it says.
    assert!(deep("MOVE", None) && deep("MOVE", Some("0")) && deep("MOVE", Some("infinity")));
    assert!(!deep("REPORT", None) && !deep("REPORT", Some("1")) && deep("REPORT", Some("infinity")));
    let twice = [(DEPTH, HeaderValue::from_static("0")), (DEPTH, HeaderValue::from_static("infinity"))];
    let mut headers = HeaderMap::new();
    headers.extend(twice.map(|(name, value)| (Some(name), value)));
    assert!(is_deep(&Method::from_bytes(b"COPY").unwrap(), &headers), "said twice, it says nothing");
}

#[test]
fn a_copy_replaces_what_is_there_unless_it_says_f_rfc_4918_10_6() {
    let said = |values: &[&'static str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(OVERWRITE, HeaderValue::from_static(value));
        }
        replaces(&headers)
    };
    assert!(said(&[]) && said(&["T"]) && said(&["f"]) && said(&["false"]) && said(&["F", "T"]) && said(&["F", "F"]));
    assert!(!said(&["F"]));
}

#[test]
fn a_field_that_a_proxy_may_have_joined_of_two_is_found_rfc_9110_5_3() {
    let two = |value: &'static str, joins| joined(&[(DESTINATION, HeaderValue::from_static(value))].into_iter().collect(), joins);
    for value in ["/open/b,/closed/b", "/open/b, /closed/b", "/a,https://files.example.com/b", "/a,HTTP://x/b", "/a,../b"] {
        assert_eq!(two(value, false), Some(TargetField::Destination), "{value}");
    }
    for value in ["/Report,final.odt", "/Report,%20final.odt"] {
        assert_eq!((two(value, false), two(value, true)), (None, Some(TargetField::Destination)), "{value}");
    }
    assert_eq!((two("/Report%2Cfinal.odt", true), two("/a", true)), (None, None));
    let copied = [(COPY_SOURCES[0].clone(), HeaderValue::from_static("/a,/b"))].into_iter().collect();
    assert_eq!((joined(&copied, false), joined(&HeaderMap::new(), true)), (Some(TargetField::CopySource), None));
}

#[test]
fn of_other_methods_depth_says_nothing() {
    let deep = |method: &str, depth: Option<&'static str>| {
        let headers = depth.map(|depth| (DEPTH, HeaderValue::from_static(depth))).into_iter().collect();
        is_deep(&Method::from_bytes(method.as_bytes()).unwrap(), &headers)
    };
    assert!(!deep("PROPFIND", Some("1")) && deep("COPY", Some("1")) && !deep("GET", None) && !deep("DELETE", None));
}

proptest! {
    #[test]
    fn no_field_makes_it_panic(value in "[ -~]{0,64}", tags in "[<>()\\[\\]\"/aN ot]{0,32}") {
        for (name, value) in [("destination", &value), ("if", &value), ("if", &tags), ("x-amz-copy-source", &value)] {
            let headers = [(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())];
            let _judged = of(&headers.into_iter().collect(), OWN);
        }
    }
}
