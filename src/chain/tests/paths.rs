//! One path, many readings (T11): what servers and frameworks make of a path is written here once more, in the plainest way
//! and each for itself, as it was measured (docs/paths.md), and held against what the policies select.

use std::collections::BTreeSet;
use std::path::Path;

use http::Method;
use proptest::prelude::*;

use crate::chain::policy::Policies;
use crate::chain::policy::rules::AppPolicy;
use crate::chain::policy::selection::Ambiguous;
use crate::config::Config;
use crate::config::environment::Environment;
use crate::facts::path::RequestPath;
use crate::facts::target::Target;

/// An app: the paths that it acts by when it gets this one (none where it refuses or redirects), and what it makes no
/// difference of.
struct Model {
    name: &'static str,
    reads: fn(&str) -> Vec<Vec<u8>>,
    case: bool,
    slash: bool,
    extension: Extension,
    index: bool,
}

/// What it takes off a path's last segment.
#[derive(Clone, Copy, PartialEq)]
enum Extension {
    None,
    /// Rails: the last one is the format.
    Last,
    /// Spring: `/admin.*`.
    All,
}

const PLAIN: Model = Model { name: "axum", reads: as_is, case: true, slash: true, extension: Extension::None, index: false };

const MODELS: &[Model] = &[
    PLAIN,
    Model { name: "express", reads: as_is, case: false, slash: false, ..PLAIN },
    Model { name: "fastify", reads: |path| one(decoded(path, false)), ..PLAIN },
    Model { name: "actix", reads: |path| one(decoded(path, false)), ..PLAIN },
    Model { name: "node url", reads: |path| vec![url(path, true).into_bytes()], ..PLAIN },
    Model { name: "hono", reads: |path| one(decoded(&url(path, false), false)), ..PLAIN },
    Model { name: "next", reads: next, slash: false, ..PLAIN },
    Model { name: "werkzeug", reads: |path| one(decoded(path, true)).into_iter().map(|path| leading(&path)).collect(), ..PLAIN },
    Model { name: "django", reads: |path| one(decoded(path, true)), ..PLAIN },
    Model { name: "uwsgi", reads: uwsgi, ..PLAIN },
    Model { name: "tornado", reads: as_is, ..PLAIN },
    Model { name: "cherrypy", reads: cherrypy, slash: false, ..PLAIN },
    Model { name: "go", reads: go, ..PLAIN },
    Model { name: "gin", reads: |path| one(decoded(path, true)), ..PLAIN },
    Model { name: "rails", reads: |path| vec![merged(path.as_bytes())], slash: false, extension: Extension::Last, ..PLAIN },
    Model { name: "sinatra", reads: sinatra, ..PLAIN },
    Model { name: "tomcat", reads: tomcat, slash: false, ..PLAIN },
    Model { name: "jetty", reads: |path| jetty(path).into_iter().collect(), ..PLAIN },
    Model {
        name: "spring",
        reads: |path| jetty(path).map(|path| merged(&path)).into_iter().collect(),
        slash: false,
        extension: Extension::All,
        ..PLAIN
    },
    Model { name: "nginx", reads: |path| nginx(path).into_iter().collect(), slash: false, index: true, ..PLAIN },
    Model { name: "php", reads: php, slash: false, index: true, ..PLAIN },
];

fn as_is(path: &str) -> Vec<Vec<u8>> {
    vec![necessary(path)]
}

fn one(path: Vec<u8>) -> Vec<Vec<u8>> {
    vec![path]
}

/// Escapes of what cannot stand in a path at all: an app that has such a name in a route writes it so.
fn necessary(path: &str) -> Vec<u8> {
    decode(path, |byte| !byte.is_ascii_graphic() || b"\"<>^`{|}[]?#".contains(&byte))
}

/// Percent-decoded once; `%2F` is a slash or stays what it is.
fn decoded(path: &str, slash: bool) -> Vec<u8> {
    decode(path, |byte| slash || byte != b'/')
}

fn decode(path: &str, which: impl Fn(u8) -> bool) -> Vec<u8> {
    let bytes = path.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let byte = (bytes[at] == b'%').then(|| u8::from_str_radix(&path[at + 1..at + 3], 16).unwrap());
        match byte {
            Some(byte) if which(byte) && byte != b'%' => {
                out.push(byte);
                at += 3;
            }
            Some(_) => {
                out.extend_from_slice(path[at..at + 3].to_ascii_uppercase().as_bytes());
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

fn segments(path: &[u8]) -> Vec<Vec<u8>> {
    path.split(|byte| *byte == b'/').skip(1).map(<[u8]>::to_vec).collect()
}

fn joined(segments: &[Vec<u8>]) -> Vec<u8> {
    if segments.is_empty() {
        return b"/".to_vec();
    }
    segments.iter().flat_map(|segment| [b"/".to_vec(), segment.clone()].concat()).collect()
}

fn merged(path: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    for byte in path {
        if *byte != b'/' || out.last() != Some(&b'/') {
            out.push(*byte);
        }
    }
    out
}

fn leading(path: &[u8]) -> Vec<u8> {
    let slashes = path.iter().take_while(|byte| **byte == b'/').count();
    [b"/", &path[slashes..]].concat()
}

/// Dot segments resolved; `None` where it climbs.
fn resolved(path: &[u8], is_dots: impl Fn(&[u8], usize) -> bool) -> Option<Vec<u8>> {
    let all = segments(path);
    let mut out: Vec<Vec<u8>> = Vec::new();
    for (place, segment) in all.iter().enumerate() {
        let last = place + 1 == all.len();
        if is_dots(segment, 1) {
            if last {
                out.push(Vec::new());
            }
        } else if is_dots(segment, 2) {
            out.pop()?;
            if last {
                out.push(Vec::new());
            }
        } else {
            out.push(segment.clone());
        }
    }
    Some(joined(&out))
}

fn plain_dots(segment: &[u8], count: usize) -> bool {
    segment == &b".."[..count]
}

/// The WHATWG URL of a request's path; with a base, `//host/path` is `/path`.
fn url(path: &str, with_base: bool) -> String {
    let mut path = path.replace('\\', "/");
    if with_base && path.starts_with("//") {
        let host = path.trim_start_matches('/');
        path = format!("/{}", host.split_once('/').map_or("", |(_, path)| path));
    }
    let dots = |segment: &[u8], count: usize| {
        String::from_utf8_lossy(segment).to_ascii_lowercase().replace("%2e", ".") == "."[..].repeat(count)
    };
    let resolved = resolved(path.as_bytes(), dots).unwrap_or_else(|| b"/".to_vec());
    String::from_utf8(resolved).unwrap()
}

/// Next.js: no route is decoded; `/_next/data/BUILD/page.json` is the page's data.
fn next(path: &str) -> Vec<Vec<u8>> {
    let path = url(path, false);
    let mut all = vec![necessary(&path)];
    if let Some((_, page)) = path.strip_prefix("/_next/data/").and_then(|behind| behind.split_once('/')) {
        all.push(necessary(&format!("/{}", page.trim_end_matches(".json"))));
    }
    all
}

fn uwsgi(path: &str) -> Vec<Vec<u8>> {
    let resolved = resolved(path.as_bytes(), plain_dots);
    resolved.into_iter().map(|path| leading(&decoded(std::str::from_utf8(&path).unwrap(), true))).collect()
}

fn latin(path: Vec<u8>) -> Vec<u8> {
    if std::str::from_utf8(&path).is_ok() {
        path
    } else {
        path.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
    }
}

fn cherrypy(path: &str) -> Vec<Vec<u8>> {
    vec![merged(&latin(decoded(path, false)))]
}

/// `net/http` before Go 1.22: what is not clean is redirected.
fn go(path: &str) -> Vec<Vec<u8>> {
    let path = decoded(path, true);
    let clean = resolved(&merged(&path), plain_dots);
    if clean.as_ref() == Some(&path) { vec![path] } else { Vec::new() }
}

fn sinatra(path: &str) -> Vec<Vec<u8>> {
    let path: Vec<u8> = decoded(path, true).iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
    resolved(&merged(&path), plain_dots).into_iter().collect()
}

fn without_parameters(path: &str) -> String {
    path.split('/').map(|segment| segment.split(';').next().unwrap()).collect::<Vec<_>>().join("/")
}

fn tomcat(path: &str) -> Vec<Vec<u8>> {
    let lower = path.to_ascii_lowercase();
    if lower.contains('\\') || lower.contains("%2f") || lower.contains("%5c") {
        return Vec::new();
    }
    let path = decoded(&without_parameters(path), true);
    if std::str::from_utf8(&path).is_err() {
        return Vec::new();
    }
    resolved(&merged(&path), plain_dots).into_iter().collect()
}

fn jetty(path: &str) -> Option<Vec<u8>> {
    resolved(&latin(decoded(&without_parameters(path), true)), plain_dots)
}

fn nginx(path: &str) -> Option<Vec<u8>> {
    resolved(&merged(&decoded(path, true)), plain_dots)
}

/// A script in the middle gets the rest as its `PATH_INFO`, by which a front page chooses.
fn php(path: &str) -> Vec<Vec<u8>> {
    let Some(path) = nginx(path) else { return Vec::new() };
    let mut all = vec![path.clone()];
    let parts = segments(&path);
    for place in 0..parts.len().saturating_sub(1) {
        if parts[place].to_ascii_lowercase().ends_with(b".php") {
            all.push(joined(&parts[..=place]));
            all.push(joined(&parts[place + 1..]));
        }
    }
    all
}

impl Model {
    /// A path or a pattern as this app tells them apart.
    fn canonical(&self, path: &[u8]) -> Vec<Vec<u8>> {
        let mut parts = segments(path);
        let name = |part: &[u8]| String::from_utf8_lossy(part).to_ascii_lowercase();
        if self.index && parts.last().is_some_and(|last| name(last) == "index" || name(last).starts_with("index.")) {
            *parts.last_mut().unwrap() = Vec::new();
        }
        while !self.slash && parts.len() > 1 && parts.last().is_some_and(Vec::is_empty) {
            parts.pop();
        }
        if let Some(last) = parts.last_mut().filter(|last| *last != b"*" && *last != b"**") {
            let mut dots = last.iter().enumerate().skip(1).filter(|(_, byte)| **byte == b'.').map(|(at, _)| at);
            let at = match self.extension {
                Extension::None => None,
                Extension::Last => dots.next_back(),
                Extension::All => dots.min(),
            };
            last.truncate(at.unwrap_or(last.len()));
        }
        if !self.case {
            parts.iter_mut().for_each(|part| part.make_ascii_lowercase());
        }
        parts
    }

    fn matches(&self, pattern: &str, path: &[u8]) -> bool {
        let (wanted, below) = match pattern.strip_suffix("/**") {
            Some(folder) => (segments(folder.as_bytes()), true),
            None => (self.canonical(pattern.as_bytes()), false),
        };
        let wanted: Vec<Vec<u8>> =
            wanted.into_iter().map(|part| if self.case { part } else { part.to_ascii_lowercase() }).collect();
        let parts = self.canonical(path);
        let fits = wanted.iter().zip(&parts).all(|(wanted, part)| wanted == part || (wanted == b"*" && !part.is_empty()));
        fits && if below { parts.len() >= wanted.len() } else { parts.len() == wanted.len() }
    }

    /// The rules that hold for a path that the app acts by: the most specific one, and those that are the same to it.
    fn rules<'r>(&self, rules: &'r [String], path: &[u8]) -> BTreeSet<&'r str> {
        let rank = |pattern: &str| {
            let canonical = self.canonical(pattern.as_bytes());
            canonical
                .iter()
                .map(|part| match part.as_slice() {
                    b"**" => 3,
                    b"*" => 1,
                    _ => 0,
                })
                .chain([2])
                .collect::<Vec<_>>()
        };
        let holding: Vec<&String> = rules.iter().filter(|pattern| self.matches(pattern, path)).collect();
        let best = holding.iter().map(|pattern| rank(pattern)).min();
        let best: BTreeSet<&str> =
            holding.into_iter().filter(|pattern| Some(rank(pattern)) == best).map(String::as_str).collect();
        if best.is_empty() { BTreeSet::from(["own"]) } else { best }
    }
}

fn app(rules: &[String], transactions: &[(&str, &str)]) -> std::sync::Arc<AppPolicy> {
    let mut text = "portal.url = \"https://auth.example.com\"\nstate.directory = \"state\"\n\
                    tls.certificate = [{ chain = \"chain.pem\", key = \"key.pem\" }]\n\
                    [[app]]\nname = \"own\"\nurl = \"https://app.example.com\"\nupstream = [\"http://127.0.0.1:8080\"]\n\
                    demands.primary_factor = {}\n"
        .to_owned();
    for rule in rules {
        text.push_str(&format!("[[app.rule]]\npaths = [\"{rule}\"]\ndemands.otp = {{}}\n"));
    }
    for (name, path) in transactions {
        text.push_str(&format!("[[app.transaction]]\nname = \"{name}\"\npaths = [\"{path}\"]\ntitle = {{ en = \"T\" }}\n"));
    }
    let config = Config::parse(Path::new("sekisho.toml"), &text, &Environment::empty()).unwrap();
    Policies::compile(&config).unwrap().app("own").unwrap().clone()
}

/// The rules by which a path is judged; `None` where it is refused.
fn judged(app: &AppPolicy, path: &str) -> Option<BTreeSet<String>> {
    let path = RequestPath::parse(path).ok()?;
    let selected = app.select(&Target { method: &Method::GET, path }).ok()?;
    Some(selected.policies().map(|policy| policy.name.strip_prefix("own ").unwrap_or("own").to_owned()).collect())
}

fn rules(patterns: &[&str]) -> Vec<String> {
    patterns.iter().map(|pattern| (*pattern).to_owned()).collect()
}

/// Spellings, whose apps take them for `/admin` or `/admin/users`, and which was measured so.
const MEASURED: &[(&str, &[&str])] = &[
    ("/Admin", &["express"]),
    ("/ADMIN", &["express"]),
    ("/admin/Users", &["express"]),
    ("/admin/", &["express", "rails", "spring", "cherrypy", "nginx", "php"]),
    ("/admin/.", &["tomcat", "nginx", "php"]),
    ("/admin.json", &["rails", "spring"]),
    ("/admin.anything", &["rails", "spring"]),
    ("/admin.a.b", &["spring"]),
    ("/admin;a=b", &["tomcat", "jetty", "spring"]),
    ("/admin;a=b/users", &["tomcat", "jetty", "spring"]),
    ("//admin", &["werkzeug", "uwsgi", "rails", "sinatra", "spring", "tomcat", "nginx", "php"]),
    ("/admin//users", &["rails", "sinatra", "spring", "tomcat", "cherrypy", "nginx", "php"]),
    ("/admin//", &["rails", "spring", "cherrypy", "nginx", "php"]),
    ("/./admin", &["hono", "next", "uwsgi", "sinatra", "tomcat", "jetty", "nginx", "php"]),
    ("/x/../admin", &["hono", "next", "node url", "uwsgi", "sinatra", "tomcat", "jetty", "nginx", "php"]),
    ("/x/%2e%2e/admin", &["hono", "next", "node url", "sinatra", "tomcat", "jetty", "nginx", "php"]),
    ("/x/..;/admin", &["tomcat", "jetty", "spring"]),
    ("/admin%2Fusers", &["werkzeug", "django", "uwsgi", "jetty", "spring", "gin", "sinatra", "nginx", "php", "go"]),
    ("/admin%2fusers", &["werkzeug", "django", "uwsgi", "jetty", "spring", "gin", "sinatra", "nginx", "php", "go"]),
    (
        "/%61dmin",
        &[
            "fastify", "hono", "werkzeug", "django", "cherrypy", "go", "gin", "sinatra", "tomcat", "jetty", "nginx", "php",
            "actix",
        ],
    ),
    ("/admin\\users", &["sinatra", "node url"]),
    ("/admin%5Cusers", &["sinatra"]),
    ("//host/admin", &["node url"]),
    ("/index.php/admin", &["php"]),
    ("/admin/index.html", &["nginx", "php"]),
    ("/admin/index.php", &["php"]),
    ("/_next/data/build/admin.json", &["next"]),
];

/// Spellings that nobody takes for it; each is a resource of its own, or none.
const NOBODYS: &[&str] =
    &["/admin%3Fx", "/admin%23x", "/admin+users", "/admin%2Busers", "/admin%252Fusers", "/xadmin", "/adminx"];

#[test]
fn the_models_do_what_was_measured() {
    let plain = rules(&["/admin", "/admin/users"]);
    for (spelling, who) in MEASURED {
        for name in *who {
            let model = MODELS.iter().find(|model| model.name == *name).unwrap();
            let reached = (model.reads)(spelling).iter().any(|path| !model.rules(&plain, path).contains("own"));
            assert!(reached, "{name} {spelling}");
        }
    }
    for spelling in NOBODYS {
        for model in MODELS {
            let reached = (model.reads)(spelling).iter().any(|path| !model.rules(&plain, path).contains("own"));
            assert!(!reached, "{} {spelling}", model.name);
        }
    }
}

#[test]
fn every_measured_spelling_meets_a_closing_rule_and_slips_through_no_opening_one_t11() {
    let all = app(&rules(&["/admin", "/admin/users"]), &[]);
    let below = app(&rules(&["/admin/**"]), &[]);
    for (spelling, _) in MEASURED {
        for (app, what) in [(&all, "exactly"), (&below, "and below")] {
            let judged = judged(app, spelling).unwrap_or_else(|| panic!("{spelling} is refused"));
            // The rule is met where it demands more than the app, and the app's own where that demands more than the rule.
            assert!(judged.iter().any(|rule| rule.starts_with("/admin")), "{spelling} {what}: {judged:?}");
            assert!(
                judged.contains("own") || what == "and below" && spelling.starts_with("/admin/"),
                "{spelling} {what}: {judged:?}"
            );
        }
    }
    for spelling in NOBODYS {
        assert_eq!(judged(&all, spelling).unwrap(), BTreeSet::from(["own".to_owned()]), "{spelling}");
    }
    for (path, rule) in [("/admin", "/admin"), ("/admin/users", "/admin/users")] {
        assert_eq!(judged(&all, path).unwrap(), BTreeSet::from([rule.to_owned()]), "as it is written, by its rule alone");
    }
}

#[test]
fn what_opens_one_path_opens_no_other_spelling_of_it_t11() {
    let app = app(&rules(&["/healthz", "/public/**"]), &[]);
    for path in [
        "/healthz/",
        "/healthz;a=b",
        "/healthz%3Bx",
        "/Healthz",
        "/healthz.json",
        "/healthz%20",
        "/%68ealthz",
        "//healthz",
        "/healthz/.",
        "/healthz/x",
        "/public/../admin",
        "/public/%2e%2e/admin",
        "/public/..%2Fadmin",
        "/public/..;/admin",
        "/public/..%5Cadmin",
        "/public\\..\\admin",
        "/Public/x",
        "/x/../public/a",
        "/public/;/../../admin",
        "/public/a//../../../admin/x/y",
    ] {
        assert!(judged(&app, path).is_none_or(|judged| judged.contains("own")), "{path}");
    }
    for path in [
        "/public/a",
        "/public/A.b.C",
        "/public/a%2Fb",
        "/public/a//b",
        "/public/a;v=1",
        "/public/%E9%96%A2",
        "/public/%FF",
        "/public/50%25",
    ] {
        assert_eq!(judged(&app, path).unwrap(), BTreeSet::from(["/public/**".to_owned()]), "{path}");
    }
}

#[test]
fn a_spelling_that_may_be_a_transaction_is_refused_naming_both_r_402() {
    let app = app(&[], &[("transfer", "/transfer"), ("order", "/orders/*"), ("both", "/Both"), ("two", "/both")]);
    let held = |path: &str| {
        let target = Target { method: &Method::POST, path: RequestPath::parse(path).unwrap() };
        app.select(&target).map(|selected| selected.transaction().map(|held| held.name.to_string()))
    };
    assert_eq!(held("/transfer"), Ok(Some("transfer".to_owned())));
    assert_eq!(held("/other"), Ok(None));
    assert_eq!(held("/orders/17"), Ok(Some("order".to_owned())));
    assert_eq!(held("/orders/17.json"), Ok(Some("order".to_owned())), "one in every reading");
    assert_eq!(held("/orders/a%40b"), Ok(Some("order".to_owned())));
    assert_eq!(held("/both"), Ok(Some("two".to_owned())), "named letter by letter");
    for path in [
        "/transfer/",
        "/Transfer",
        "/transfer.json",
        "/transfer%20",
        "/transfer;x",
        "//transfer",
        "/x/../transfer",
        "/%74ransfer",
        "/orders/17/",
        "/orders/1%2F7",
        "/BOTH",
        "/transfer/.",
        "/transfer/index.php",
        "/index.php/transfer",
        "/transfer%2E",
    ] {
        let told = held(path).unwrap_err();
        assert_eq!(told.code(), "path_ambiguous", "{path}");
        assert!(matches!(told, Ambiguous::Transactions { .. }), "{path}: {told}");
    }
    assert_eq!(
        held("/Transfer").unwrap_err().to_string(),
        "as it was received it is no transaction; read as `/Transfer (letters' case aside)` it is the transaction `transfer`"
    );
    // For a method that is held nowhere no path is a transaction.
    let target = Target { method: &Method::GET, path: RequestPath::parse("/Transfer").unwrap() };
    assert!(app.select(&target).unwrap().transaction().is_none());
}

/// Segments, of which the empty one is the last.
const SEGMENTS: &str = "admin Admin public users x index admin.json admin.a.b x.php index.php index.html _next data . .. %2e%2e .%2E \
                        ..; ..;x ;x admin;x %61dmin %41dmin admin%20 admin. a%40b %E9 %3Bx x%3B a\\b ..%2Fadmin x;y%2Fz ";

fn path() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(SEGMENTS.split(' ').filter(|segment| *segment != "\n").collect::<Vec<_>>());
    let slash = prop::sample::select(vec!["/", "/", "/", "/", "//", "%2F", "\\", "%5c", "/;/"]);
    // Half of them have but one thing that is odd: what is quick for plain paths is tried, too.
    let plain = prop::collection::vec(prop::sample::select(vec!["/admin", "/public", "/users", "/x"]), 0..2);
    let mild = (plain.clone(), slash.clone(), segment.clone(), plain)
        .prop_map(|(before, slash, odd, after)| format!("{}{slash}{odd}{}", before.concat(), after.concat()));
    let wild = prop::collection::vec((slash, segment), 1..6)
        .prop_map(|parts| parts.iter().map(|(slash, segment)| format!("{slash}{segment}")).collect::<String>());
    prop_oneof![mild, wild].prop_map(|text| if text.starts_with('/') { text } else { format!("/{text}") })
}

fn pattern() -> impl Strategy<Value = String> {
    let segment =
        prop::sample::select(vec!["admin", "Admin", "public", "users", "x", "*", "admin.json", "index.php", "index.html"]);
    let end = prop::sample::select(vec!["", "", "/", "/**", "/**"]);
    (prop::collection::vec(segment, 1..3), end)
        .prop_map(|(segments, end)| segments.iter().map(|segment| format!("/{segment}")).collect::<String>() + end)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn no_app_reads_a_forwarded_path_as_one_whose_rule_was_not_met_t11(
        patterns in prop::collection::hash_set(pattern(), 1..5),
        path in path(),
    ) {
        let patterns: Vec<String> = patterns.into_iter().collect();
        let app = app(&patterns, &[]);
        let Some(judged) = judged(&app, &path) else { return Ok(()) };
        // Where a rule names the very path, or the script in it, it means this spelling.
        if patterns.iter().any(|pattern| pattern.as_bytes() == necessary(&path) && !pattern.contains('*')) {
            return Ok(());
        }
        let names_script = patterns.iter().any(|pattern| pattern.contains(".php"));
        for model in MODELS.iter().filter(|model| model.name != "php" || !names_script) {
            for read in (model.reads)(&path) {
                for rule in model.rules(&patterns, &read) {
                    prop_assert!(
                        judged.contains(rule),
                        "{} reads {:?} as {:?}, where {} holds; met were {:?}",
                        model.name, path, String::from_utf8_lossy(&read), rule, judged
                    );
                }
            }
        }
    }
}
