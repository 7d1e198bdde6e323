//! Profiles: a config that meets one, and each way not to, reported on the key that decides.

use super::{parse, with};
use crate::config::Config;
use crate::config::profile::{Assessment, met, reports};
use crate::config::schema::StandardProfile;

/// Meets both.
const GOOD: &str = r#"
trust.world.bundle = "world.pem"
[approval]
number_style = "type"
number_matching = "always"
[totp]
skew = 0
[policy.strict]
primary_factor = {}
otp = { methods = ["totp", "push", "recovery_code"] }
[[app]]
name = "bank"
url = "https://bank.example.com"
upstream = ["http://127.0.0.1:8080"]
policy = "strict"
demands.client_certificate = { trust = ["world"] }
[[app.rule]]
paths = ["/healthz"]
demands = { primary_factor = { mode = "off" }, otp = { mode = "off" }, client_certificate = { mode = "off", trust = [] }, cookie = { mode = "off" } }
"#;

fn config(text: &str, profile: &str) -> Config {
    let text = text.replacen("trust.world", &format!("profile = \"{profile}\"\ntrust.world"), 1);
    let (top, rest) = text.split_once("[approval]").unwrap();
    parse(&format!("{top}{}[approval]{rest}", super::LEAST)).unwrap_or_else(|diagnosis| panic!("{diagnosis}"))
}

#[test]
fn a_config_that_meets_a_profile_is_said_to_line_by_line() {
    for profile in ["nist-aal2", "asvs-l2"] {
        let config = config(GOOD, profile);
        met(&config).unwrap_or_else(|diagnosis| panic!("{diagnosis}"));
        let report = reports(&config, None).remove(0);
        assert!(report.met && report.app.is_none());
        let printed = report.to_string();
        assert!(
            printed.starts_with(&format!("profile {profile}")) && printed.contains("met, as far as a config can"),
            "{printed}"
        );
        let has = |verdict| report.findings.iter().any(|finding| finding.verdict == verdict);
        assert!(
            has(Assessment::Ok) && has(Assessment::Proven) && has(Assessment::Operator) && !has(Assessment::Fails),
            "{printed}"
        );
        assert!(printed.contains("not judged: bank /healthz"), "what is open is said to be: {printed}");
        let number = report.findings.iter().find(|finding| finding.key.as_deref() == Some("approval.number_style")).unwrap();
        assert!(number.line > 0 && number.words.contains("six digits"), "{number:?}");
    }
}

/// What is changed, the profiles that refuse it, the key, and words of the refusal.
const WAYS: &[(&str, &str, &[&str], &str, &str)] = &[
    ("number_style = \"type\"", "", &["nist-aal2", "asvs-l2"], "approval.number_style", "two digits is chosen"),
    (
        "demands.client",
        "demands.number_style = \"choose\"\ndemands.client",
        &["nist-aal2", "asvs-l2"],
        "app[0].demands.number_style",
        "bank: one of three",
    ),
    ("number_matching = \"always\"", "", &["nist-aal2"], "approval.number_matching", "a yes without a number"),
    ("skew = 0", "skew = 1", &["asvs-l2"], "totp.skew", "1 steps before and after"),
    (
        "primary_factor = {}",
        "primary_factor = { methods = [\"push\", \"password\"] }",
        &["nist-aal2", "asvs-l2"],
        "policy.strict.primary_factor.methods",
        "nothing known",
    ),
    (
        "primary_factor = {}",
        "primary_factor = {}\ncookie = { mode = \"observe\" }",
        &["nist-aal2", "asvs-l2"],
        "policy.strict.cookie.mode",
        "`observe` lets pass",
    ),
    (
        "otp = { methods = [\"totp\", \"push\", \"recovery_code\"] }",
        "",
        &["nist-aal2", "asvs-l2"],
        "app[0]",
        "bank: no second factor is demanded",
    ),
    (
        "\"recovery_code\"] }",
        "\"recovery_code\"], grace = { lasts = \"7d\" } }",
        &["nist-aal2", "asvs-l2"],
        "policy.strict.otp.grace",
        "passes without",
    ),
    (
        "\"recovery_code\"] }",
        "\"recovery_code\"], skip_with_cookie = true }\ncookie = {}",
        &["nist-aal2", "asvs-l2"],
        "policy.strict.otp.skip_with_cookie",
        "a registered browser stands for the second factor",
    ),
    ("demands.client_certificate = { trust = [\"world\"] }", "", &["nist-aal2"], "app", "accepts a passkey"),
    ("[totp]", "[session]\nabsolute = \"25h\"\n[totp]", &["nist-aal2", "asvs-l2"], "session.absolute", "25h"),
    ("[totp]", "[session]\nidle = \"61m\"\n[totp]", &["nist-aal2", "asvs-l2"], "session.idle", "61m"),
    ("[totp]", "[session]\nfresh = \"61m\"\n[totp]", &["asvs-l2"], "session.fresh", "61m"),
    ("[totp]", "[regulation]\nper_user = 101\n[totp]", &["nist-aal2", "asvs-l2"], "regulation.per_user", "101 of one user"),
    ("skew = 0", "skew = 0\n[password]\nminimum_length = 8", &[], "", ""),
    (
        "number_matching = \"always\"",
        "number_matching = \"always\"\nwrong_answers = 101",
        &["nist-aal2", "asvs-l2"],
        "approval.wrong_answers",
        "101, then",
    ),
];

#[test]
fn each_way_not_to_meet_a_profile_is_told_on_its_key_with_what_would_do() {
    for (old, new, refusing, key, words) in WAYS {
        assert!(GOOD.contains(old), "{old}");
        for profile in ["nist-aal2", "asvs-l2"] {
            let config = config(&GOOD.replacen(old, new, 1), profile);
            let Err(diagnosis) = met(&config) else {
                assert!(!refusing.contains(&profile), "{profile} takes {new:?}");
                continue;
            };
            assert!(refusing.contains(&profile), "{profile} refuses {new:?}:\n{diagnosis}");
            let fault = diagnosis.faults().iter().find(|fault| fault.path() == *key && fault.message().contains(words));
            let fault = fault.unwrap_or_else(|| panic!("{profile} {key}: {words}\n{diagnosis}"));
            assert!(fault.help().is_some(), "{fault:?}");
            assert!(reports(&config, None)[0].to_string().contains("mend: "));
        }
    }
}

#[test]
fn an_app_may_demand_a_profile_of_itself_and_the_portal_alone() {
    let open = "\n[[app]]\nname = \"wiki\"\nurl = \"https://wiki.example.com\"\nupstream = [\"http://127.0.0.1:8081\"]\ndemands.primary_factor = {}\n";
    let text = GOOD.replace("policy = \"strict\"", "policy = \"strict\"\nprofile = \"asvs-l2\"");
    let (top, rest) = text.split_once("[approval]").unwrap();
    let both =
        |text: &str| parse(&format!("{top}{}[approval]{text}", super::LEAST)).unwrap_or_else(|diagnosis| panic!("{diagnosis}"));
    let config = both(&format!("{rest}{open}"));
    met(&config).unwrap_or_else(|diagnosis| panic!("{diagnosis}"));
    let reports_of = reports(&config, Some(StandardProfile::NistAal2));
    assert_eq!(reports_of.iter().map(|report| report.app.as_deref()).collect::<Vec<_>>(), [None, Some("bank")]);
    assert!(!reports_of[0].met && reports_of[1].met, "the wiki demands no second factor");
    let config = both(&format!("{rest}{}", open.replace("demands.primary", "profile = \"asvs-l2\"\ndemands.primary")));
    assert!(met(&config).unwrap_err().to_string().contains("wiki: no second factor is demanded"));
}

#[test]
fn without_a_profile_nothing_is_demanded_and_one_may_be_asked_about() {
    let config = with(super::WIKI).unwrap();
    met(&config).unwrap();
    assert!(reports(&config, None).is_empty());
    assert!(!reports(&config, Some(StandardProfile::AsvsL2))[0].met);
}

/// What is called proven names tests that are there.
#[test]
fn every_proof_that_a_profile_names_is_a_test() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for profile in ["nist-aal2", "asvs-l2"] {
        for finding in &reports(&config(GOOD, profile), None)[0].findings {
            if finding.verdict == Assessment::Proven {
                let (file, test) = finding.words.split_once("::").unwrap();
                let text = std::fs::read_to_string(root.join(file)).unwrap();
                assert!(text.contains(&format!("fn {test}(")), "{}", finding.words);
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen}");
}
