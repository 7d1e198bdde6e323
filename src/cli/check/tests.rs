//! What `sekisho check` says: of the examples, of expectations that hold, of those that do not.

use std::fs;
use std::path::{Path, PathBuf};

use super::{CheckConfig, Checked, ConfigFile};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/examples")
}

/// What came of it, what it prints, what it says.
fn run(config: &Path, expect: Option<&Path>, json: bool) -> (Checked, String, String) {
    let (mut out, mut words) = (Vec::new(), Vec::new());
    let check = CheckConfig { config: ConfigFile::at(config), expect: expect.map(Path::to_owned), json, without_files: true };
    let checked = check.run(&mut out, &mut words).unwrap();
    (checked, String::from_utf8(out).unwrap(), String::from_utf8(words).unwrap())
}

#[test]
fn every_example_is_good_and_meets_its_expectations() {
    let mut count = 0;
    for entry in fs::read_dir(examples()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".toml") || name.ends_with(".expect.toml") {
            continue;
        }
        let expect = path.with_extension("expect.toml");
        let expect = expect.exists().then_some(expect);
        let (checked, _, words) = run(&path, expect.as_deref(), false);
        assert_eq!(checked, Checked::Good, "{name}: {words}");
        assert!(!words.contains("warning"), "{name}: {words}");
        assert_eq!(words.contains("expectations hold"), expect.is_some(), "{name}");
        count += 1;
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn the_effective_policy_is_told_part_by_part_with_its_lines() {
    let (_, output, _) = run(&examples().join("several-apps.toml"), None, false);
    println!("{output}");
    let text = fs::read_to_string(examples().join("several-apps.toml")).unwrap();
    let line = |of: &str| text.lines().position(|line| line.starts_with(of)).unwrap() + 1;
    for expected in [
        "chat  https://chat.example.com  ->  http://10.0.1.10:3000, http://10.0.1.11:3000".to_owned(),
        format!("GET /assets/**  (line {})", line("paths = [\"/assets/**\"") - 1),
        format!("    ip_restriction     require  inside 10.0.0.0/8  (line {})", line("ip_restriction = { allow")),
        format!("    client_certificate require  issued by devices  (line {})", line("client_certificate = { trust")),
        "primary_factor     require  password; only group shop-keepers; not older than 1h".to_owned(),
        "or a registered browser".to_owned(),
        "and for group contractors:\n      otp                require  totp; not older than 30m".to_owned(),
        "and for everybody:\n      primary_factor     require  any method; only group administrators".to_owned(),
    ] {
        assert!(output.contains(&expected), "{expected}\n\n{output}");
    }
}

#[test]
fn what_an_app_lets_through_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("sekisho.toml");
    let text = fs::read_to_string(examples().join("wiki.toml")).unwrap();
    assert!(text.contains("\nupstream = "), "{text}");
    fs::write(&config, text.replacen("\nupstream = ", "\npass_headers = [\"X-Real-IP\"]\nupstream = ", 1)).unwrap();
    let (checked, output, words) = run(&config, None, false);
    assert_eq!(checked, Checked::Good, "{words}");
    assert!(output.contains("  lets through what clients send as X-Real-IP\n"), "{output}");
    let (_, output, _) = run(&config, None, true);
    let output: serde_json::Value = serde_json::from_str(&output).unwrap();
    assert_eq!(
        (&output["hosts"][1]["lets_through"][0], &output["hosts"][0]["lets_through"]),
        (&"X-Real-IP".into(), &serde_json::Value::Null)
    );
}

#[test]
fn json_says_the_same_for_programs() {
    let (checked, output, _) = run(&examples().join("wiki.toml"), None, true);
    assert_eq!(checked, Checked::Good);
    let output: serde_json::Value = serde_json::from_str(&output).unwrap();
    assert_eq!(output["hosts"][1]["name"], "wiki");
    assert_eq!(output["hosts"][1]["parts"][0]["path"], "/export/status");
    let checks = output["hosts"][1]["parts"][1]["checks"].as_array().unwrap();
    let words: Vec<_> = checks.iter().map(|check| check["check"].as_str().unwrap()).collect();
    assert_eq!(words, ["ip_restriction", "client_certificate", "desktop_sso", "primary_factor", "cookie", "otp"]);
    assert_eq!(checks[3]["mode"], "require");
}

#[test]
fn an_expectation_that_does_not_hold_is_told_at_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let expect = folder.path().join("expect.toml");
    for (text, expected) in [
        ("[[expect]]\napp = \"chat\"\nfrom = \"10.0.0.1\"\nthen = \"pass\"\n", "expect.toml:4:8]"),
        (
            "[[expect]]\napp = \"chat\"\nfrom = \"10.0.0.1\"\nthen = \"pass\"\n",
            "primary_factor stops it (primary_factor_missing)",
        ),
        ("[[expect]]\napp = \"chat\"\nfrom = \"10.0.0.1\"\nthen = \"otpp\"\n", "did you mean `otp`?"),
        ("[[expect]]\napp = \"chatt\"\nfrom = \"10.0.0.1\"\nthen = \"otp\"\n", "did you mean `chat`?"),
        ("[[expect]]\napp = \"chat\"\nfrom = \"10.0.0\"\nthen = \"otp\"\n", "invalid IP address"),
        ("[[expect]]\napp = \"chat\"\nfrm = \"10.0.0.1\"\nthen = \"otp\"\n", "unknown field `frm`"),
        ("[[expect]]\napp = \"chat\"\nfrom = \"10.0.0.1\"\npath = \"/a%00b\"\nthen = \"otp\"\n", "control character"),
        (
            "[[expect]]\napp = \"chat\"\nfrom = \"10.0.0.1\"\nevidence.otp = \"password\"\nthen = \"otp\"\n",
            "is not evidence for otp",
        ),
        ("[[expect]]\napp = \"chat\"\nfrom = \"10.0.0.1\"\ncertificate.trust = \"x\"\nthen = \"otp\"\n", "there is no trust `x`"),
        ("[[expect]]\napp = \"chat\"\nfrom = \"10.0.0.1\"\nuser = \"a b\"\nthen = \"otp\"\n", "`a b` is not a name"),
        ("[[expect]\n", "expect.toml:1"),
    ] {
        fs::write(&expect, text).unwrap();
        let (checked, _, words) = run(&examples().join("several-apps.toml"), Some(&expect), false);
        assert_eq!(checked, Checked::NotAsExpected);
        assert!(words.contains(expected), "{expected}\n\n{words}");
    }
    let (checked, _, words) = run(&examples().join("wiki.toml"), Some(&folder.path().join("none.toml")), false);
    assert!(checked == Checked::NotAsExpected && words.contains("failed to read the expectations"), "{words}");
}

#[test]
fn a_bad_config_prints_nothing_but_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("sekisho.toml");
    fs::write(&config, "[servr]\n").unwrap();
    let (checked, output, words) = run(&config, None, false);
    assert!(checked == Checked::Wrong && output.is_empty());
    assert!(words.contains("did you mean `server`?") && words.contains("sekisho.toml:1:2]"), "{words}");
    let (checked, output, words) = run(&config, None, true);
    assert!(checked == Checked::Wrong && words.is_empty());
    let output: serde_json::Value = serde_json::from_str(&output).unwrap();
    let unknown = output["errors"].as_array().unwrap().iter().find(|error| error["key"] == "servr").unwrap();
    assert_eq!((&unknown["line"], &unknown["column"]), (&1.into(), &2.into()));
    let (_, _, words) = run(&folder.path().join("none.toml"), None, false);
    assert!(words.contains("failed to read the config file"), "{words}");
}

#[test]
fn the_files_that_a_config_names_are_read_and_each_trouble_is_told_once_t14() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("sekisho.toml");
    fs::copy(examples().join("machines.toml"), &config).unwrap();
    let (mut out, mut words) = (Vec::new(), Vec::new());
    let check = CheckConfig { config: ConfigFile::at(&config), expect: None, json: false, without_files: false };
    assert_eq!(check.run(&mut out, &mut words).unwrap(), Checked::Wrong);
    let words = String::from_utf8(words).unwrap();
    assert!(out.is_empty());
    for file in ["/etc/sekisho/machines.pem", "/etc/sekisho/people.pem", "/etc/sekisho/chain.pem"] {
        assert_eq!(words.matches(&format!("{file} cannot be read")).count(), 1, "{words}");
    }
}

/// What a snippet of the manual leaves out because it goes without saying: addresses, certificates, a folder for the state;
/// and an app for each policy that it names.
fn completed(snippet: &str) -> String {
    let mut table: toml::Table = snippet.parse().unwrap_or_else(|error| panic!("{error}\n{snippet}"));
    let mut put = |path: &[&str], value: &str| {
        let (last, above) = path.split_last().unwrap();
        let place = above.iter().fold(&mut table, |table, key| {
            table.entry(*key).or_insert_with(|| toml::Table::new().into()).as_table_mut().unwrap()
        });
        place.entry(*last).or_insert_with(|| format!("it = {value}").parse::<toml::Table>().unwrap()["it"].clone());
    };
    put(&["tls", "certificate"], "[{ chain = \"chain.pem\", key = \"key.pem\" }]");
    put(&["portal", "url"], "\"https://auth.example.com\"");
    put(&["state", "directory"], "\"state\"");
    put(&["app"], "[]");
    let policies: Vec<String> =
        table.get("policy").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys).cloned().collect();
    let apps = table["app"].as_array_mut().unwrap();
    apps.extend(policies.iter().map(|policy| toml::Table::from_iter([("policy".to_owned(), policy.as_str().into())]).into()));
    for (place, app) in apps.iter_mut().enumerate() {
        let app = app.as_table_mut().unwrap();
        let name = app.entry("name").or_insert_with(|| format!("app{place}").into()).as_str().unwrap().to_owned();
        app.entry("url").or_insert_with(|| format!("https://{name}.example.com").into());
        if !app.contains_key("forward_auth") {
            app.entry("upstream").or_insert_with(|| vec!["http://127.0.0.1:8080"].into());
        }
        if !app.contains_key("policy") {
            let demands = app.entry("demands").or_insert_with(|| toml::Table::new().into()).as_table_mut().unwrap();
            let checks = ["ip_restriction", "client_certificate", "primary_factor"];
            if !checks.iter().any(|check| demands.contains_key(*check)) {
                demands.insert("primary_factor".to_owned(), toml::Table::new().into());
            }
        }
    }
    toml::to_string(&table).unwrap()
}

#[test]
fn every_config_that_the_manual_shows_is_good_and_warned_of_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let others = ["README.md", "SECURITY.md", "config/forward-auth/README.md"].map(|name| root.join(name));
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("sekisho.toml");
    let mut count = 0;
    for page in docs.chain(others).filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        for block in fs::read_to_string(&page).unwrap().split("```toml\n").skip(1) {
            let snippet = block.split("```").next().unwrap();
            fs::write(&config, completed(snippet)).unwrap();
            let (checked, output, words) = run(&config, None, false);
            assert_eq!((checked, words.as_str()), (Checked::Good, ""), "{}:\n{snippet}\n{output}", page.display());
            count += 1;
        }
    }
    assert!(count >= 8, "{count}");
}
