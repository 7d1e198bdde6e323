//! Rules of the config as tests: what is reported, where, and with which correction.

mod advice;
mod meaning;
mod meaning_of_acme;
mod meaning_of_additions;
mod meaning_of_apps;
mod meaning_of_mail;
mod named_networks;
mod profile;
mod round_trip;

use std::path::Path;

use super::Config;
use super::diagnose::{Complaint, Diagnosis};
use super::environment::Environment;

/// The least that is a config.
const LEAST: &str = r#"
[tls]
certificate = [{ chain = "chain.pem", key = "key.pem" }]

[portal]
url = "https://auth.example.com"

[state]
directory = "state"
"#;

const WIKI: &str = r#"
[[app]]
name = "wiki"
url = "https://wiki.example.com"
upstream = ["http://127.0.0.1:8080"]
demands.primary_factor = {}
"#;

fn parse(text: &str) -> Result<Config, Diagnosis> {
    Config::parse(Path::new("sekisho.toml"), text, &Environment::empty())
}

fn with(more: &str) -> Result<Config, Diagnosis> {
    parse(&format!("{LEAST}{more}"))
}

/// What is wrong, as `line:column path: message`.
fn lines(diagnosis: &Diagnosis) -> Vec<String> {
    let line = |fault: &super::diagnose::LocatedFault| {
        format!("{}:{} {}: {} | {}", fault.line(), fault.column(), fault.path(), fault.message(), fault.help().unwrap_or("-"))
    };
    diagnosis.faults().iter().map(line).collect()
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_least_config_is_enough() {
    let config = with(WIKI).unwrap();
    assert_eq!(config.file.app[0].name, "wiki");
    assert_eq!(config.line_of("app[0].demands.primary_factor"), 15);
    assert_eq!(config.line_of("app[0]"), 11);
    assert_eq!(config.line_of("portal"), 5);
    assert_eq!(config.line_of("portal.demands.otp"), 0, "a default speaks");
}

#[test]
fn several_errors_are_told_at_once_each_in_its_place() {
    let diagnosis = parse(
        r#"
[server]
lissten = ["0.0.0.0:443"]
listen = ["nowhere"]
drain = 30
workers = "two"

[tls]
certificate = []
minimun = "1.2"

[portal]
title = "x"

[state]
directory = "state"

[session]
idle = "1 fortnight"

[app]
name = "wiki"

[limits]
h2_streams = -1

[log]
format = "jsn"
"#,
    )
    .unwrap_err();
    let reported = lines(&diagnosis);
    let expected = [
        "3:1 server.lissten: unknown key `lissten` in `server` | did you mean `listen`? Allowed here: `listen`, ",
        "4:11 server.listen[0]: \"nowhere\" is not an address to listen on; write an IP address and a port",
        "5:9 server.drain: `drain` must be a text; this is a whole number | write it in quotes: `drain = \"30s\"`",
        "6:11 server.workers: `workers` must be a whole number; this is a text | write it without quotes",
        "10:1 tls.minimun: unknown key `minimun` in `tls` | did you mean `minimum`? Allowed here: ",
        "12:2 portal: `portal` needs the key `url` | `url`: Its address as browsers see it",
        "19:8 session.idle: \"1 fortnight\" is not a length of time; write a number and a unit",
        "21:2 app: `app` must be a list; this is a table | write `[[app]]` once for each",
        "25:14 limits.h2_streams: `h2_streams` must be at least 0",
        "28:10 log.format: `jsn` is not a value of `format` | did you mean `json`? Allowed here: `text`, `json`",
    ];
    assert_eq!(reported.len(), expected.len(), "{reported:#?}");
    for (line, expected) in reported.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}\n{expected}");
    }
}

#[test]
fn an_error_shows_file_line_column_and_the_text_underlined_without_colour() {
    let shown = with("[server]\nlissten = []\n").unwrap_err().to_string();
    assert!(shown.contains("[sekisho.toml:11:1]"), "{shown}");
    assert!(shown.contains("11 │ lissten = []\n    · ───┬───"), "{shown}");
    assert!(shown.contains("did you mean `listen`?"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn errors_of_syntax_are_told_with_their_place() {
    let diagnosis = parse("[server]\nlisten = [\"0.0.0.0:443\"\n[tls\n").unwrap_err();
    assert!(diagnosis.faults().iter().all(|fault| fault.line() >= 2), "{diagnosis}");
    assert!(parse("a = 1\na = 2").unwrap_err().to_string().contains("duplicate"));
    assert!(parse("").unwrap_err().to_string().contains("needs the key `portal`"));
}

#[test]
fn an_override_stands_for_a_key_of_the_file() {
    let variables = environment(&[
        ("SEKISHO_SERVER__LISTEN", "0.0.0.0:8443, [::]:8443"),
        ("SEKISHO_SERVER__HSTS_SECONDS", "0"),
        ("SEKISHO_PORTAL__TITLE", "42"),
        ("SEKISHO_TLS__MINIMUM", "1.3"),
        ("SEKISHO_APP__0__URL", "https://other.example.com"),
        ("SEKISHO_APP__0__DEMANDS__OTP__METHODS", "[\"totp\"]"),
        ("SEKISHO_MAIL__HOST", "localhost"),
        ("SEKISHO_MAIL__FROM", "sekisho@example.com"),
        ("SEKISHO_CONFIG", "not a key: no two underscores"),
        ("PATH", "/bin"),
    ]);
    let config = Config::parse(Path::new("sekisho.toml"), &format!("{LEAST}{WIKI}"), &variables).unwrap();
    let file = &config.file;
    assert_eq!(file.server.listen.len(), 2);
    assert_eq!(file.server.hsts_seconds, 0);
    assert_eq!(file.portal.title.as_deref(), Some("42"));
    assert_eq!(file.app[0].url, "https://other.example.com");
    assert_eq!(file.app[0].demands.otp.as_ref().unwrap().methods.len(), 1);
    assert_eq!(file.mail.as_ref().unwrap().port, 587);
    assert_eq!(config.line_of("app[0].demands.otp"), 0, "no line of the file says it");
    assert_eq!(config.line_of("app[0].name"), 12);
}

#[test]
fn an_error_in_an_override_names_the_variable() {
    for (name, value, expected) in [
        ("SEKISHO_SERVER__LISTEN", "nowhere", "SEKISHO_SERVER__LISTEN=nowhere"),
        ("SEKISHO_SERVR__LISTEN", "0.0.0.0:1", "did you mean `server`?"),
        ("SEKISHO_SERVER__WORKERS", "many", "must be a whole number"),
        ("SEKISHO_APP__7__URL", "https://x.example.com", "`app` has 1 entries"),
        ("SEKISHO_APP__FIRST__URL", "https://x.example.com", "name a place in it"),
        ("SEKISHO_PORTAL__URL__HOST", "x", "`portal.url` is a text"),
        ("SEKISHO_PORTAL__", "x", "names no key"),
        ("SEKISHO_PORTAL__URL", "http://auth.example.com", "must begin with `https://`"),
    ] {
        let read = Config::parse(Path::new("sekisho.toml"), &format!("{LEAST}{WIKI}"), &environment(&[(name, value)]));
        let diagnosis = read.unwrap_err();
        let shown = diagnosis.to_string();
        assert!(shown.contains(expected), "{name}: {shown}");
        assert!(shown.contains(name) && shown.contains("[environment:1:"), "{name}: {shown}");
    }
}

#[test]
fn relative_paths_start_at_the_folder_of_the_file() {
    let config = Config::parse(Path::new("/etc/sekisho/sekisho.toml"), LEAST, &Environment::empty()).unwrap();
    assert_eq!(config.file.tls.certificate[0].key.as_deref(), Some(Path::new("/etc/sekisho/key.pem")));
    assert_eq!(config.file.state.directory, Path::new("/etc/sekisho/state"));
}

#[test]
fn a_complaint_of_a_slice_points_into_the_text() {
    let config = with(WIKI).unwrap();
    let diagnosis = config.complain(vec![Complaint::new("app[0].upstream[0]", "it does not answer").help("start it")]);
    assert_eq!(lines(&diagnosis), ["14:13 app[0].upstream[0]: it does not answer | start it"]);
    assert_eq!(diagnosis.faults()[0].offending(), "\"http://127.0.0.1:8080\"");
    let nearest = config.complain(vec![Complaint::new("portal.demands.otp.mode", "no")]);
    assert_eq!(nearest.faults()[0].offending(), "portal");
}

/// What the config file that is checked in gives; the rest of it is comment.
const BEGIN: &str = r#"
tls.certificate = [{ chain = "/etc/sekisho/chain.pem", key = "/etc/sekisho/key.pem" }]
portal.url = "https://auth.example.com"
state.directory = "/var/lib/sekisho"
policy.standard = { primary_factor = {}, otp = {} }
app = [{ name = "wiki", url = "https://wiki.example.com", title = "Wiki", upstream = ["http://127.0.0.1:8080"], policy = "standard" }]
"#;

/// Compares a file that is checked in with what it is made from. `BLESS=1 cargo test` writes it again.
fn in_step(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(present == text, "config/{name} is out of step with src/config/schema/: run BLESS=1 cargo test --lib config::");
}

#[test]
fn the_schema_checked_in_is_in_step() {
    in_step("sekisho.schema.json", &super::keys::schema_text());
}

#[test]
fn the_config_checked_in_is_in_step_and_good() {
    let text = super::annotated::text(&BEGIN.parse().unwrap());
    in_step("sekisho.toml", &text);
    let config = parse(&text).unwrap();
    assert_eq!(config.file.app[0].name, "wiki");
    for line in text.lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
}

#[test]
fn every_default_shown_is_the_default() {
    // Taking the `#` off a table of defaults changes nothing.
    let shown = super::annotated::text(&BEGIN.parse().unwrap());
    let tables = ["server", "session", "password", "totp", "regulation", "limits", "log"];
    // Keys without a default show an example.
    let by_example = |rest: &str| ["workers", "acme_webroot"].iter().any(|key| rest.starts_with(key));
    let mut table = "";
    let mut bare = String::new();
    for line in shown.lines() {
        let header = line.trim_start_matches('#').strip_prefix('[').map(|name| name.trim_end_matches(']'));
        table = header.unwrap_or(table);
        let default = line.strip_prefix('#').filter(|rest| tables.contains(&table) && !rest.starts_with([' ', '[']));
        bare.push_str(default.filter(|rest| !by_example(rest)).unwrap_or(line));
        bare.push('\n');
    }
    let [shown, bare] = [shown, bare].map(|text| serde_json::to_value(parse(&text).unwrap().file).unwrap());
    assert_eq!(shown, bare);
}

#[test]
fn a_key_of_a_table_below_is_told_where_it_belongs() {
    let diagnosis = with(&WIKI.replace("demands.primary_factor", "primary_factor")).unwrap_err();
    assert_eq!(diagnosis.faults()[0].help(), Some("`primary_factor` belongs in `app[0].demands.primary_factor`"));
}
