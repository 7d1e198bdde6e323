//! What makes no sense of an app, or of the passkeys that it accepts, is reported on its key.

use super::meaning::reported_once;
use super::{LEAST, WIKI, parse};

/// What spoils the wiki: a text in it that is replaced.
const WIKI_ROWS: &[(&str, &str, &str, &str)] = &[
    ("\"wiki\"", "\"Wiki\"", "app[0].name", "use 1 to 63 of `a-z`"),
    ("\"wiki\"", "\"portal\"", "app[0].name", "gateway's own host"),
    ("https://wiki", "http://wiki", "app[0].url", "must begin with `https://`"),
    ("wiki.example.com", "auth.example.com", "app[0].url", "portal's own host"),
    ("wiki.example.com", "AUTH.example.com.:8443", "app[0].url", "portal's own host"),
    ("wiki.example.com", "wiki.example.com/path", "app[0].url", "scheme, host and port only"),
    ("wiki.example.com", "*.example.com", "app[0].url", "one `[[app]]` for each host"),
    ("wiki.example.com", "wi*ki.example.com", "app[0].url", "is not a host name"),
    ("wiki.example.com", "wiki..example.com", "app[0].url", "is not a host name"),
    ("wiki.example.com", "me@wiki.example.com", "app[0].url", "scheme, host and port only"),
    ("wiki.example.com", "192.0.2.1", "app[0].url", "not an IP address"),
    ("wiki.example.com", "", "app[0].url", "is not an address"),
    ("[\"http://127.0.0.1:8080\"]", "[]", "app[0]", "has no `upstream`"),
    ("upstream", "forward_auth = true\nupstream", "app[0].upstream", "would never be used"),
    (
        "upstream = [\"http://127.0.0.1:8080\"]",
        "forward_auth = true\ndemands.client_certificate.trust = [\"corp\"]",
        "app[0].demands.client_certificate",
        "the other proxy ends TLS",
    ),
    ("http://127", "htp://127", "app[0].upstream[0]", "did you mean `http://`?"),
    ("http://127.0.0.1:8080", "127.0.0.1:8080", "app[0].upstream[0]", "is no"),
    ("127.0.0.1:8080", "127.0.0.1:8080/wiki", "app[0].upstream[0]", "paths are forwarded as they came"),
    ("127.0.0.1:8080", "me:secret@127.0.0.1:8080", "app[0].upstream[0]", "end up in logs"),
    ("http://127.0.0.1:8080", "h2c://127.0.0.1", "app[0].upstream[0]", "needs its port"),
    ("\"http://127.0.0.1:8080\"", "\"http://a\", \"http://a\"", "app[0].upstream[1]", "named twice"),
    ("upstream", "upstream_tls.key = \"k\"\nupstream", "app[0].upstream_tls.key", "without `certificate`"),
    (
        "upstream",
        "upstream_tls.server_name = \"k\"\nupstream",
        "app[0].upstream_tls",
        "no upstream of this app is reached by TLS",
    ),
    ("upstream", "answer_within = \"0s\"\nupstream", "app[0].answer_within", "longer than nothing"),
    ("upstream", "policy = \"strict\"\nupstream", "app[0].policy", "there is no policy `strict`"),
    ("upstream", "websocket_origins = [\"https://x.example.com/y\"]\nupstream", "app[0].websocket_origins[0]", "not an origin"),
    ("upstream", "cors.origins = [\"*\"]\nupstream", "app[0].cors.origins[0]", "any page could call this app"),
    (
        "upstream",
        "cors.origins = [\"https://*.example.com\"]\nupstream",
        "app[0].cors.origins[0]",
        "any page could call this app",
    ),
    ("upstream", "cors.origins = [\"null\"]\nupstream", "app[0].cors.origins[0]", "`null` is not an origin"),
    ("upstream", "cors.origins = [\"https://a.example.com/b\"]\nupstream", "app[0].cors.origins[0]", "is not an origin"),
    ("upstream", "cors.origins = [\"http://a.example.com\"]\nupstream", "app[0].cors.origins[0]", "without TLS"),
    ("upstream", "pass_headers = [\"X Real\"]\nupstream", "app[0].pass_headers[0]", "not a header name"),
    ("upstream", "pass_headers = [\"X-Real-IP\", \"x-real-ip\"]\nupstream", "app[0].pass_headers[1]", "named twice"),
    ("upstream", "pass_headers = [\"X_Forwarded_For\"]\nupstream", "app[0].pass_headers[0]", "writes `X_Forwarded_For` itself"),
    ("upstream", "pass_headers = [\"Remote-User\"]\nupstream", "app[0].pass_headers[0]", "writes `Remote-User` itself"),
    (
        "upstream",
        "pass_headers = [\"Sekisho.Assertion\"]\nupstream",
        "app[0].pass_headers[0]",
        "writes `Sekisho.Assertion` itself",
    ),
    (
        "upstream",
        "identity.user = \"X-WebAuth-User\"\npass_headers = [\"x-webauth-user\"]\nupstream",
        "app[0].pass_headers[0]",
        "itself",
    ),
    ("upstream", "pass_headers = [\"Content_Length\"]\nupstream", "app[0].pass_headers[0]", "belongs to the message"),
    ("upstream", "pass_headers = [\"Transfer-Encoding\"]\nupstream", "app[0].pass_headers[0]", "belongs to the message"),
    ("upstream", "pass_headers = [\"Proxy\"]\nupstream", "app[0].pass_headers[0]", "belongs to the message"),
    ("upstream", "pass_headers = [\"Upgrade\"]\nupstream", "app[0].pass_headers[0]", "belongs to the message"),
    ("upstream", "pass_headers = [\"Accept\"]\nupstream", "app[0].pass_headers[0]", "reaches every app"),
    (
        "upstream",
        "rule = [{ paths = [\"/a\"], demands = { otp = {} } }]\npass_headers = [\"X-Original-URL\"]\nupstream",
        "app[0].pass_headers[0]",
        "says another path",
    ),
    ("upstream", "upgrades = [\"a, b\"]\nupstream", "app[0].upgrades[0]", "not a protocol"),
    ("upstream", "upgrades = [\"websocket\", \"\"]\nupstream", "app[0].upgrades[1]", "not a protocol"),
    ("upstream", "upgrades = [\"h2c\"]\nupstream", "app[0].upgrades[0]", "is HTTP itself"),
    ("upstream", "upgrades = [\"HTTP/2.0\"]\nupstream", "app[0].upgrades[0]", "is HTTP itself"),
    ("upstream", "rule = [{ paths = [\"/a\"] }]\nupstream", "app[0].rule[0]", "changes nothing"),
    ("upstream", "rule = [{ paths = [], demands = { otp = {} } }]\nupstream", "app[0].rule[0].paths", "never holds"),
    (
        "upstream",
        "rule = [{ paths = [\"/a\"], methods = [\"get\"], demands = { otp = {} } }]\nupstream",
        "app[0].rule[0].methods[0]",
        "did you mean \"GET\"?",
    ),
    (
        "upstream",
        "rule = [{ paths = [\"/a\"], demands = { primary_factor = { mode = \"off\" }, otp = {} } }]\nupstream",
        "app[0].rule[0].demands.otp",
        "required without a primary factor",
    ),
    ("primary_factor = {}", "cookie = {}", "app[0].demands.cookie", "required without a primary factor"),
    ("primary_factor = {}", "otp = {}", "app[0].demands.otp", "required without a primary factor"),
    (
        "primary_factor = {}",
        "primary_factor = {}\ndemands.otp = { skip_with_cookie = true }",
        "app[0].demands.otp.skip_with_cookie",
        "require `cookie`",
    ),
];

#[test]
fn an_app_that_makes_no_sense_is_reported_on_its_key() {
    for (old, new, path, words) in WIKI_ROWS {
        assert!(WIKI.contains(old), "{old}");
        reported_once(&format!("{LEAST}{}", WIKI.replacen(old, new, 1)), path, words);
    }
    let twin = WIKI.replace("\"wiki\"", "\"other\"");
    reported_once(&format!("{LEAST}{WIKI}{twin}"), "app[1].url", "two apps live at wiki.example.com");
    let twin = WIKI.replace("wiki.example", "other.example");
    reported_once(&format!("{LEAST}{WIKI}{twin}"), "app[1].name", "two apps are called `wiki`");
    let there = LEAST.replace("url = \"https://auth", "mtls_url = \"https://wiki.example.com\"\nurl = \"https://auth");
    reported_once(&format!("{there}{WIKI}"), "app[0].url", "apps ask for approvals at this host");
    reported_once(
        &LEAST.replace("certificate = [{ chain = \"chain.pem\", key = \"key.pem\" }]", "certificate = []"),
        "tls.certificate",
        "needs a certificate",
    );
}

#[test]
fn no_passkey_is_accepted_where_browsers_make_none_w4() {
    let of = |url: &str, more: &str| {
        let least = LEAST.replace("https://auth.example.com", url);
        parse(&format!("{least}{more}"))
    };
    let accepts = "[policy.a]\nprimary_factor = {}\notp = { methods = [\"passkey\"] }\n";
    let refused = of("https://192.0.2.1:8443", accepts).unwrap_err();
    let lines = super::lines(&refused);
    assert!(lines.iter().any(|line| line.contains("policy.a.otp.methods") && line.contains("IP address")), "{lines:?}");
    let lines = super::lines(&of("https://192.0.2.1:8443", "[approval]\nby_passkey = true\n").unwrap_err());
    assert!(lines.iter().any(|line| line.contains("approval.by_passkey") && line.contains("IP address")), "{lines:?}");
    for named in ["https://localhost:8443", "https://auth.localhost:8443"] {
        assert!(of(named, accepts).is_ok(), "{named}");
        assert!(of(named, "[approval]\nby_passkey = true\n").is_ok(), "{named}");
    }
}

#[test]
fn groups_that_an_app_is_sent_are_names_or_beginnings_within_a_bound() {
    let text = |identity: &str| format!("{LEAST}{WIKI}identity = {{ {identity} }}\n");
    for (identity, path, words) in [
        ("send_groups = [\"staff\", \"*-admins\"]", "app[0].identity.send_groups[1]", "beginning"),
        ("send_groups = [\"\"]", "app[0].identity.send_groups[0]", "beginning"),
        ("send_groups = [\"a,b\"]", "app[0].identity.send_groups[0]", "beginning"),
        ("send_groups = [\" staff\"]", "app[0].identity.send_groups[0]", "beginning"),
        ("groups_within = \"63B\"", "app[0].identity.groups_within", "from 64B"),
        ("groups_within = \"65KiB\"", "app[0].identity.groups_within", "to 64KiB"),
    ] {
        reported_once(&text(identity), path, words);
    }
    for identity in
        ["send_groups = []", "send_groups = [\"*\"]", "send_groups = [\"wiki-*\", \"staff\"]", "groups_within = \"8KiB\""]
    {
        let read = parse(&text(identity));
        assert!(read.is_ok(), "{}\n{identity}", read.unwrap_err());
    }
}
