//! The table is sorted, whole, and found in by every spelling; the same table stands in the documentation.

use std::collections::BTreeMap;

use super::*;

fn says(name: &str) -> Option<Says> {
    known(name.to_ascii_lowercase().as_bytes()).map(|known| known.says)
}

#[test]
fn the_table_is_sorted_and_every_name_is_normal_and_there_once() {
    assert!(TABLE.windows(2).all(|two| two[0].name < two[1].name));
    for row in TABLE {
        let name = row.name.trim_end_matches('*');
        assert!(name.len() > 3 || row.name == "te" || row.name == "iv-*", "{}", row.name);
        assert!(name.bytes().eq(normal_form(name.as_bytes())), "{} is its own normal form", row.name);
        assert!(!row.taken_by.is_empty() && !row.taken_by.contains('|'), "{}", row.name);
    }
}

#[test]
fn every_name_is_found_in_every_spelling_t1() {
    for row in TABLE {
        // What begins so is found by whatever follows, but where a longer row says otherwise.
        let name = row.name.replace('*', "zzz");
        for spelling in [
            name.clone(),
            name.replace('-', "_"),
            name.replacen('-', "_", 1),
            name.replace('-', "."),
            name.replace('-', "!"),
            format!("http_{}", name.replace('-', "_")),
            format!("http-{name}"),
        ] {
            assert_eq!(known(spelling.as_bytes()), Some(row), "{spelling}");
        }
    }
}

#[test]
fn a_name_is_taken_for_no_other() {
    for innocent in [
        "accept",
        "accept-encoding",
        "accept-language",
        "access-control-request-method",
        "api-key",
        "api_key",
        "authorization",
        "cache-control",
        "connection",
        "cookie",
        "dnt",
        "expect",
        "from",
        "host",
        "http",
        "http-",
        "http-x",
        "origin",
        "pragma",
        "prefer",
        "priority",
        "range",
        "referer",
        "remote",
        "remote-usher",
        "sec-ch-ua",
        "sec-fetch-site",
        "sec-websocket-key",
        "traceparent",
        "tracestate",
        "upgrade",
        "upgrade-insecure-requests",
        "user-agent",
        "via",
        "x",
        "x-",
        "x-api-key",
        "x-auth-key",
        "x-auth-token",
        "x-csrf-token",
        "x-forwardedx",
        "x-payment-method",
        "x-requested-with",
        "x-user-id",
        "x-users",
        "x-requested-methods",
        "xremote-user",
        "-remote-user",
        "remote--user",
        "x-amz-date",
        "x-b3-traceid",
        "x-hasura-role",
        "x-scope-orgid",
    ] {
        assert_eq!(says(innocent), None, "{innocent}");
    }
}

#[test]
fn the_longest_row_counts() {
    for (name, expected) in [
        ("X-Forwarded-Anything", Says::Way),
        ("X-Forwarded-Uri", Says::Target),
        ("X_Forwarded_Method", Says::Method),
        ("X-Forwarded-TLS-Client-Cert-Info", Says::Certificate),
        ("X-HTTP-Method-Override", Says::Method),
        ("X-HTTP-Host-Override", Says::Way),
        ("X-Remote-Addr", Says::Way),
        ("X-Remote-Extra-Scopes", Says::Identity),
        ("Content_Type", Says::Message),
        ("HTTP_PROXY", Says::Connection),
    ] {
        assert_eq!(says(name), Some(expected), "{name}");
    }
    let kept = |name: &str| !known(name.as_bytes()).unwrap().is_removed(name.as_bytes());
    assert!(kept("content-type") && !kept("content_type") && !kept("transfer-encoding") && !kept("x-real-ip"));
}

#[test]
fn names_that_some_server_takes_for_one_are_the_same() {
    assert!(same(b"x-amount", b"x_amount") && same(b"x.amount", b"http_x_amount") && same(b"x-amount", b"x-amount"));
    assert!(!same(b"x-amount", b"x-amounts") && !same(b"x-amount", b"y-amount") && !same(b"x-amount", b"xamount"));
}

#[test]
fn the_documentation_holds_the_same_table() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/header-fields.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let (ahead, behind) = text.split_once("| field | says | taken by |\n|---|---|---|\n").unwrap();
    let behind = behind.split_once("\n\n").map_or("", |(_, behind)| behind);
    let rows: String =
        TABLE.iter().map(|row| format!("| `{}` | {} | {} |\n", row.name, row.says.words(), row.taken_by)).collect();
    let whole = format!("{ahead}| field | says | taken by |\n|---|---|---|\n{rows}\n{behind}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &whole).unwrap();
    }
    let documented: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | ")).collect();
    assert!(
        text == whole,
        "docs/header-fields.md has {} rows of {}: run BLESS=1 cargo test --lib field_names",
        documented.len(),
        TABLE.len()
    );
}
