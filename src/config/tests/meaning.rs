//! What makes no sense is reported on the key that should change, with what would do.

use super::{LEAST, WIKI, parse, with};

/// Every row: what is added to the least config, the key that is complained of, and words of the complaint or its help.
const ROWS: &[(&str, &str, &str)] = &[
    // The server.
    ("server.listen = [\"0.0.0.0:443\", \"0.0.0.0:443\"]", "server.listen[1]", "listened on twice"),
    ("server.redirect_listen = [\"127.0.0.1:9443\"]", "server.operations_listen", "listened on twice"),
    ("server.trusted_proxies = [\"0.0.0.0/0\"]", "server.trusted_proxies[0]", "believes everybody"),
    ("server.trusted_proxies = [\"::/0\"]", "server.trusted_proxies[0]", "believes everybody"),
    ("server.proxy_protocol = \"required\"", "server.proxy_protocol", "nobody is trusted"),
    ("server.workers = 0", "server.workers", "no worker"),
    // Names and authorities.
    ("trust.\"a b\".bundle = \"x\"", "trust.\"a b\"", "not a name"),
    ("trust.a = { bundle = \"x\", mapping = [{ from = \"any\" }] }", "trust.a.mapping[0].to", "to = \"shared\""),
    (
        "trust.a = { bundle = \"x\", mapping = [{ from = \"any\", to = \"shared\", prefix = \"x\" }] }",
        "trust.a.mapping[0]",
        "prefix",
    ),
    // Directories.
    ("directory.\"a b\" = { AD }", "directory.\"a b\"", "not a name"),
    ("directory.b = { AD }\ndirectory.a = { AD }", "directory.b", "asks one directory"),
    ("directory.a = { AD, urls = [] }", "directory.a.urls", "names no server"),
    ("directory.a = { AD, urls = [\"https://dc1\"] }", "directory.a.urls[0]", "ldaps://"),
    ("directory.a = { AD, urls = [\"dc1\"] }", "directory.a.urls[0]", "not an address"),
    ("directory.a = { AD, urls = [\"ldap://dc1/DC=a\"] }", "directory.a.urls[0]", "host and port only"),
    ("directory.a = { AD, urls = [\"ldap://me:secret@dc1\"] }", "directory.a.urls[0]", "host and port only"),
    ("directory.a = { AD, urls = [\"ldaps://[::1]\"] }", "directory.a.urls[0]", "by its name"),
    ("directory.a = { AD, urls = [\"ldaps://a\", \"ldaps://a\"] }", "directory.a.urls[1]", "named twice"),
    ("directory.a = { AD, upn_suffix = \"@corp.example\" }", "directory.a.upn_suffix", "behind the `@`"),
    ("directory.a = { AD, base = \"corp.example\" }", "directory.a.base", "DC=corp,DC=example"),
    ("directory.a = { AD, login_name = \"bob\" }", "directory.a.login_name", "`{user}` once"),
    ("directory.a = { AD, login_name = \"CORP\\\\{user}\" }", "directory.a.login_name", "`{user}` once"),
    ("directory.a = { AD, answer_within = \"0s\" }", "directory.a.answer_within", "longer than nothing"),
    ("directory.a = { AD, at_once = 0 }", "directory.a.at_once", "from 1"),
    (
        "policy.a.primary_factor.methods = [\"ad_password\"]",
        "policy.a.primary_factor.methods[0]",
        "`[directory.NAME]` with the servers",
    ),
    (
        "policy.a.primary_factor.login_protect = { organisation = \"abc\", service = \"abcdefghijklmnop\", when_unreachable = \"require_ad_password\" }",
        "policy.a.primary_factor.login_protect.when_unreachable",
        "there is no directory",
    ),
    (
        "directory.a = { AD }\npolicy.a.primary_factor = { methods = [\"ad_password\"], login_protect = { organisation = \"abc\", service = \"abcdefghijklmnop\", when_unreachable = \"require_ad_password\" } }",
        "policy.a.primary_factor.login_protect.when_unreachable",
        "name `password` among the methods",
    ),
    // Policies by themselves.
    ("policy.a = {}", "policy.a", "everybody would pass"),
    ("policy.a.ip_restriction = {}", "policy.a.ip_restriction", "names no network"),
    (
        "policy.a.ip_restriction = { mode = \"offer\", deny = [\"10.0.0.0/8\"] }",
        "policy.a.ip_restriction.mode",
        "`offer` is not available in this build",
    ),
    ("policy.a.client_certificate.trust = []", "policy.a.client_certificate.trust", "nobody could pass"),
    ("policy.a.client_certificate.trust = [\"corp\"]", "policy.a.client_certificate.trust[0]", "there is no trust `corp`"),
    ("policy.a.desktop_sso = {}", "policy.a.desktop_sso", "not available in this build"),
    ("policy.a.desktop_sso = { mode = \"offer\" }", "policy.a.desktop_sso.mode", "`offer` is not available in this build"),
    ("policy.a.desktop_sso = { mode = \"require\" }", "policy.a.desktop_sso.mode", "allowed here: `off`"),
    ("policy.a.primary_factor.methods = []", "policy.a.primary_factor.methods", "nobody could sign in"),
    ("policy.a.primary_factor.methods = [\"idp\"]", "policy.a.primary_factor.methods[0]", "`idp` is not available in this build"),
    ("policy.a.primary_factor.methods = [\"password\", \"idp\"]", "policy.a.primary_factor.methods[1]", "`idp` is not available"),
    ("policy.a.primary_factor.methods = [\"password\", \"password\"]", "policy.a.primary_factor.methods[1]", "named twice"),
    ("policy.a.primary_factor.max_age = \"0s\"", "policy.a.primary_factor.max_age", "longer than nothing"),
    ("policy.a.cookie.ways = []", "policy.a.cookie.ways", "no browser"),
    ("policy.a.cookie.ways = [\"link\"]", "policy.a.cookie.ways[0]", "`link` is not available in this build"),
    ("policy.a.cookie.ways = [\"admin_approval\"]", "policy.a.cookie.ways[0]", "`admin_approval` is not available"),
    ("policy.a.otp.methods = []", "policy.a.otp.methods", "nobody could pass"),
    ("policy.a.otp.methods = [\"passkey\"]", "policy.a.otp.methods[0]", "`passkey` is not available in this build"),
    ("policy.a.otp.max_age = \"0s\"", "policy.a.otp.max_age", "longer than nothing"),
    ("login_protect.window = \"999ms\"", "login_protect.window", "from 1 second to 10 minutes"),
    ("login_protect.window = \"601s\"", "login_protect.window", "60s"),
    // The portal.
    ("portal.demands.primary_factor.mode = \"off\"", "portal.demands.primary_factor.mode", "must require a primary factor"),
    ("portal.demands.primary_factor.mode = \"observe\"", "portal.demands.primary_factor.mode", "must require a primary factor"),
    ("portal.admin_demands.otp.mode = \"off\"", "portal.admin_demands.otp.mode", "never less"),
    (
        "portal.demands = { primary_factor = {}, client_certificate = { trust = [\"a\"] } }\ntrust.a.bundle = \"x\"",
        "portal.demands.client_certificate",
        "never asks a browser for a certificate",
    ),
    // Apps.
    ("app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"] }]", "app[0]", "everybody would pass"),
    // Approvals that an app asks for.
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { longest = \"11m\" } }]",
        "app[0].approvals.longest",
        "ten minutes",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { lifetime = \"5m\", longest = \"3m\" } }]",
        "app[0].approvals.lifetime",
        "longer than `longest`",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { interval = \"1500ms\" } }]",
        "app[0].approvals.interval",
        "whole seconds",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { per_minute = 0 } }]",
        "app[0].approvals.per_minute",
        "never ask",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { groups = [\"\"] } }]",
        "app[0].approvals.groups[0]",
        "names no group",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { ping = { endpoint = \"http://w.example.com/\" } } }]",
        "app[0].approvals.ping.endpoint",
        "https://",
    ),
    // What a transaction may show of the head.
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Authorization\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "holds a secret",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Cookie\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "holds a secret",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:HTTP_Remote_User\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Prefer\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Sekisho-Assertion\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:Connection\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "identity = { user = \"X-User\" }\napp = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:x-user\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], transaction = [{ name = \"t\", paths = [\"/t\"], title = { en = \"T\" }, show = [{ label = { en = \"L\" }, from = \"header:True-Client-IP\" }] }] }]",
        "app[0].transaction[0].show[0].from",
        "never reached the app",
    ),
    // Certificates of apps.
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [], machines = [\"a\"] } } }]",
        "app[0].approvals.certificate",
        "no host asks",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [], machines = [\"a\"] } } }]",
        "app[0].approvals.certificate.trust",
        "nobody stands behind",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [\"x\"], machines = [\"a\"] } } }]",
        "app[0].approvals.certificate.trust[0]",
        "there is no trust `x`",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [], machines = [] } } }]",
        "app[0].approvals.certificate.machines",
        "names no machine",
    ),
    (
        "app = [{ name = \"w\", url = \"https://w.example.com\", upstream = [\"http://a\"], approvals = { certificate = { trust = [], machines = [\" \"] } } }]",
        "app[0].approvals.certificate.machines[0]",
        "names no machine",
    ),
    ("portal.mtls_url = \"http://m.example.com\"", "portal.mtls_url", "https://"),
    ("portal.mtls_url = \"https://m.example.com/x\"", "portal.mtls_url", "only"),
    ("portal.mtls_url = \"https://auth.example.com\"", "portal.mtls_url", "the portal's own host"),
    // Additions.
    ("addition = [{ demands = { otp = {} } }]", "addition[0]", "one group or for one user"),
    ("addition = [{ user = \"a\", group = \"b\", demands = { otp = {} } }]", "addition[0]", "one group or for one user"),
    ("addition = [{ user = \"a\", demands = {} }]", "addition[0].demands", "adds nothing"),
    ("addition = [{ user = \"a\", apps = [\"x\"], demands = { otp = {} } }]", "addition[0].apps[0]", "there is no app `x`"),
    ("addition = [{ user = \"a\", demands = { otp = { mode = \"off\" } } }]", "addition[0].demands.otp.mode", "can only add"),
    // Lifetimes and secrets.
    ("session.idle = \"0s\"", "session.idle", "longer than nothing"),
    ("session.idle = \"13h\"", "session.idle", "longer than `session.absolute`"),
    ("session.per_user = 0", "session.per_user", "nobody could sign in"),
    ("regulation.per_user = 0", "regulation.per_user", "the first attempt"),
    ("regulation.window = \"0s\"", "regulation.window", "longer than nothing"),
    ("password.minimum_length = 7", "password.minimum_length", "from 8 to 128"),
    ("password.memory_mib = 18", "password.memory_mib", "from 19"),
    ("password.passes = 0", "password.passes", "from 1 to 64"),
    ("password = { passes = 1, memory_mib = 19 }", "password.passes", "46 MiB"),
    ("totp.skew = 2", "totp.skew", "0 or 1"),
    ("totp.issuer = \"a:b\"", "totp.issuer", "without `:`"),
    // Mail.
    (
        "mail = { host = \"m.example.com\", from = \"a@example.com\", security = \"plain\" }",
        "mail.security",
        "on this machine only",
    ),
    ("mail = { host = \"m.example.com\", from = \"nobody\" }", "mail.from", "not a sender"),
    ("mail = { host = \"m.example.com\", from = \"a@example.com\", user = \"a\" }", "mail.user", "needs a password"),
    (
        "mail = { host = \"m.example.com\", from = \"a@example.com\", password_file = \"p\" }",
        "mail.password_file",
        "without a name",
    ),
    ("mail = { host = \"m.example.com\", from = \"a@example.com\", port = 0 }", "mail.port", "not a port"),
    // Limits, names of headers, log.
    ("limits.head = \"1KiB\"", "limits.head", "at least 4KiB"),
    ("limits.request_line = \"65KiB\"", "limits.request_line", "larger than `limits.head`"),
    ("limits.held_body = \"1GiB\"", "limits.held_body", "larger than `limits.held_bodies`"),
    ("limits.h2_streams = 0", "limits.h2_streams", "at least 1"),
    ("limits.h2_requests = \"1GiB\"", "limits.h2_requests", "larger than `limits.h2_requests_all`"),
    ("limits.h2_requests = \"64KiB\"", "limits.h2_requests", "at least 256KiB"),
    ("limits.connect_within = \"0ms\"", "limits.connect_within", "longer than nothing"),
    ("identity.user = \"Remote_User\"", "identity.user", "not a header name"),
    ("identity.user = \"Cookie\"", "identity.user", "something else already"),
    ("identity = { user = \"X-Who\", email = \"x-who\" }", "identity.email", "used twice"),
    ("log.level = \"verbose\"", "log.level", "not a level"),
    ("log.level = \"wran\"", "log.level", "did you mean `warn`?"),
];

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

/// `AD` is a directory; a key that stands beside it takes the place of its own.
fn directories(more: &str) -> String {
    let ad = [("kind", "\"active_directory\""), ("urls", "[\"ldaps://dc1.corp.example\"]")];
    let ad = ad.into_iter().chain([("upn_suffix", "\"corp.example\""), ("base", "\"DC=corp,DC=example\"")]);
    let mut lines = Vec::new();
    for line in more.lines() {
        let kept = ad.clone().filter(|(key, _)| !line.contains(&format!("{key} = ")));
        let ad = kept.map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ");
        lines.push(line.replacen("AD", &ad, usize::from(line.contains("{ AD"))));
    }
    lines.join("\n")
}

#[test]
fn what_makes_no_sense_is_reported_on_its_key() {
    for (more, path, words) in ROWS {
        let more = &directories(more);
        // Dotted keys go to the top, before the tables; they may not reopen one.
        let table = more.split(['.', ' ']).next().unwrap();
        let text = match table {
            "portal" => LEAST.replace("[portal]\n", &format!("[portal]\n{}\n", more.replace("portal.", ""))),
            _ => format!("{more}\n{LEAST}"),
        };
        let (text, after) = match text.split_once("\ntrust.a.bundle") {
            Some((before, after)) if table == "portal" => (format!("trust.a.bundle = \"x\"\n{before}"), after),
            _ => (text.clone(), ""),
        };
        let text = text + after.strip_prefix(" = \"x\"").unwrap_or(after);
        reported_once(&text, path, words);
    }
}

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
fn a_wildcard_is_not_a_host_of_the_portal() {
    reported_once(&LEAST.replace("https://auth.", "https://*."), "portal.url", "a wildcard is not a host");
}

fn reported_once(text: &str, path: &str, words: &str) {
    let Err(diagnosis) = parse(text) else { panic!("nothing is reported of\n{text}") };
    let fault = diagnosis.faults().iter().find(|fault| fault.path() == path);
    let fault = fault.unwrap_or_else(|| panic!("{path} is not complained of, but:\n{diagnosis}"));
    let said = format!("{} {}", fault.message(), fault.help().unwrap_or_default());
    assert!(said.contains(words), "{words:?}\n{diagnosis}");
    assert!(fault.help().is_some(), "every complaint says what would do\n{diagnosis}");
}

#[test]
fn all_that_makes_no_sense_is_reported_at_once() {
    let spoilt = WIKI.replace("http://127.0.0.1:8080", "ftp://x").replace("primary_factor = {}", "otp = {}");
    let diagnosis = with(&format!("{spoilt}[totp]\nskew = 9\n[password]\nminimum_length = 4\n")).unwrap_err();
    let paths: Vec<_> = diagnosis.faults().iter().map(super::super::diagnose::LocatedFault::path).collect();
    assert_eq!(paths, ["app[0].upstream[0]", "app[0].demands.otp", "totp.skew", "password.minimum_length"]);
}

#[test]
fn everybody_may_pass_only_where_somebody_said_so() {
    assert!(with(&WIKI.replace("primary_factor = {}", "primary_factor = { mode = \"off\" }")).is_ok());
    assert!(with(&WIKI.replace("demands.primary_factor = {}", "")).is_err());
}
