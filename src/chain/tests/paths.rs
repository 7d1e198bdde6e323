//! One path, many readings (T11): what servers and frameworks make of a path is written here once more, in the plainest way
//! and each for itself, as it was measured (docs/paths.md), and held against what the policies select.

mod models;

use std::collections::BTreeSet;
use std::path::Path;

use http::Method;
use proptest::prelude::*;

use self::models::{MODELS, necessary};
use crate::chain::policy::ambiguous::Ambiguous;
use crate::chain::policy::rules::AppPolicy;
use crate::config::Config;
use crate::config::environment::Environment;
use crate::facts::path::RequestPath;
use crate::facts::target::Target;

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
    crate::policy::compile(&config).unwrap().app("own").unwrap().clone()
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
        let error = held(path).unwrap_err();
        assert_eq!(error.code(), "path_ambiguous", "{path}");
        assert!(matches!(error, Ambiguous::Transactions { .. }), "{path}: {error}");
    }
    assert_eq!(
        held("/Transfer").unwrap_err().to_string(),
        "as it was received it is not a transaction; read as `/Transfer (letters' case aside)` it is the transaction `transfer`"
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
