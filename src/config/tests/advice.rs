//! What a good config is warned of, and what keeps it from being.

use super::{LEAST, WIKI, parse, with};

/// The warnings of a config: key and message.
fn warned(text: &str) -> Vec<(String, String)> {
    let config = parse(text).unwrap_or_else(|diagnosis| panic!("{diagnosis}"));
    let warnings = config.warn(config.advice());
    warnings.faults().iter().map(|fault| (fault.path().to_owned(), fault.message().to_owned())).collect()
}

fn keys(text: &str) -> Vec<String> {
    warned(text).into_iter().map(|(key, _)| key).collect()
}

/// With these demands of the portal and of an app.
fn portal_and_app(portal: &str, app: &str) -> String {
    format!(
        "{LEAST}{}\n[portal.demands]\n{portal}\n",
        WIKI.replace("demands.primary_factor = {}", &format!("demands = {{ {app} }}"))
    )
}

#[test]
fn an_ordinary_config_is_warned_of_nothing() {
    assert_eq!(warned(&format!("{LEAST}{WIKI}")), []);
    assert!(with(WIKI).is_ok());
}

#[test]
fn a_portal_without_a_second_factor_is_told_wherever_it_is_written() {
    assert_eq!(keys(&portal_and_app("ip_restriction = { allow = [\"10.0.0.0/8\"] }", "primary_factor = {}")), [""; 0]);
    for weak in ["otp = { mode = \"off\" }", "otp = { mode = \"observe\" }"] {
        let found = warned(&portal_and_app(weak, "primary_factor = {}"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "portal.demands.otp.mode");
        assert!(found[0].1.contains("the administration"), "{found:?}");
        let kept = portal_and_app(weak, "primary_factor = {}") + "[portal.admin_demands]\notp = {}\n";
        let found = warned(&kept);
        assert!(found.len() == 1 && !found[0].1.contains("the administration"), "{found:?}");
    }
    let cookie = "cookie = {}\notp = { skip_with_cookie = true }";
    assert_eq!(keys(&portal_and_app(cookie, "primary_factor = {}")), ["portal.demands.otp.skip_with_cookie"]);
}

#[test]
fn who_passes_an_app_and_never_the_portal_is_told_by_method() {
    let primary = "app[0].demands.primary_factor.methods";
    let otp = "app[0].demands.otp.methods";
    for (portal, app, expected) in [
        ("", "primary_factor = {}", &[][..]),
        ("", "primary_factor = {}, otp = {}", &[]),
        // Another primary factor, and a phone that is everything somebody has.
        ("", "primary_factor = { methods = [\"push\", \"password\"] }", &[primary, primary]),
        ("primary_factor = { methods = [\"push\", \"password\"] }", "primary_factor = { methods = [\"push\"] }", &[primary]),
        (
            "primary_factor = { methods = [\"push\"] }\notp = { methods = [\"push\"] }",
            "primary_factor = { methods = [\"push\"] }",
            &[],
        ),
        (
            "primary_factor = { methods = [\"push\"] }\notp = { mode = \"observe\" }",
            "primary_factor = { methods = [\"push\"] }",
            &["portal.demands.otp.mode"],
        ),
        // Another second factor.
        ("", "primary_factor = {}, otp = { methods = [\"push\", \"totp\"] }", &[otp]),
        ("otp = { methods = [\"push\", \"totp\"] }", "primary_factor = {}, otp = { methods = [\"push\", \"totp\"] }", &[]),
        ("otp = { methods = [\"push\"] }", "primary_factor = {}, otp = {}", &[otp]),
        // A time without.
        ("", "primary_factor = {}, otp = { grace = {} }", &[otp]),
        ("otp = { grace = {} }", "primary_factor = {}, otp = { grace = {} }", &[]),
        // Nobody signs in, or nobody has to.
        ("", "primary_factor = { mode = \"off\", methods = [\"push\"] }", &[]),
        ("", "primary_factor = { mode = \"observe\", methods = [\"push\"] }", &[]),
    ] {
        assert_eq!(keys(&portal_and_app(portal, app)), expected, "{portal} / {app}");
    }
    // Parts of an app are looked at too, at the key that says so.
    let rule = "[[app.rule]]\npaths = [\"/a\"]\ndemands.primary_factor = { methods = [\"push\"] }\n";
    let portal = "[portal.demands]\notp = { methods = [\"push\"] }\n";
    assert_eq!(keys(&format!("{LEAST}{WIKI}{rule}{portal}")), ["app[0].rule[0].demands.primary_factor.methods"]);
}

#[test]
fn what_a_later_table_of_a_check_forgets_is_told() {
    let of = |app: &str, rule: &str| {
        let app = WIKI.replace("demands.primary_factor = {}", &format!("demands.primary_factor = {{ {app} }}"));
        keys(&format!("{LEAST}{app}[[app.rule]]\npaths = [\"/a\"]\ndemands.primary_factor = {{ {rule} }}\n"))
    };
    let key = "app[0].rule[0].demands.primary_factor";
    assert_eq!(of("groups = [\"staff\"]", "max_age = \"1h\""), [key]);
    assert_eq!(of("users = [\"alice\"]", "max_age = \"1h\""), [key]);
    assert_eq!(of("max_age = \"1h\"", "groups = [\"staff\"]"), [key]);
    // Written, it is meant.
    assert_eq!(of("groups = [\"staff\"]", "max_age = \"1h\", groups = []"), [""; 0]);
    assert_eq!(of("groups = [\"staff\"]", "mode = \"off\""), [""; 0]);
    assert_eq!(of("groups = [\"staff\"]", "groups = [\"bosses\"]"), [""; 0]);
    let policy = "[policy.near]\nip_restriction = { allow = [\"10.0.0.0/8\"] }\nprimary_factor = {}\n";
    let app =
        WIKI.replace("demands.primary_factor = {}", "policy = \"near\"\ndemands.ip_restriction = { deny = [\"10.1.0.0/16\"] }");
    assert_eq!(keys(&format!("{LEAST}{policy}{app}")), ["app[0].demands.ip_restriction"]);
}

#[test]
fn a_port_that_nobody_listens_on_is_told_unless_a_balancer_is_known() {
    let odd = |server: &str| format!("[server]\n{server}\n{}{WIKI}", LEAST.replace("auth.example.com", "auth.example.com:8443"));
    assert_eq!(keys(&odd("")), ["portal.url"]);
    assert_eq!(keys(&odd("listen = [\"[::]:8443\"]")), ["app[0].url"]);
    assert_eq!(keys(&odd("listen = [\"[::]:8443\", \"[::]:443\"]")), [""; 0]);
    assert_eq!(keys(&odd("trusted_proxies = [\"10.0.0.5\"]")), [""; 0]);
}

#[test]
fn every_group_that_is_named_is_known_by_its_key() {
    let text = format!(
        "{LEAST}{WIKI}approvals = {{ groups = [\"a\"] }}\n\
         [[app.rule]]\npaths = [\"/a\"]\ndemands.otp = {{ grace = {{ ends_for = [\"b\"] }} }}\n\
         [[app.transaction]]\nname = \"t\"\npaths = [\"/t\"]\ntitle = {{ en = \"T\" }}\napprovers = {{ groups = [\"c\"] }}\n\
         [portal.admin_demands]\nprimary_factor = {{ groups = [\"d\"] }}\n\
         [[addition]]\ngroup = \"e\"\ndemands.primary_factor = {{ groups = [\"f\"] }}\n\
         [policy.g]\nprimary_factor = {{ groups = [\"g\", \"h\"] }}\n"
    );
    let config = parse(&text).unwrap_or_else(|diagnosis| panic!("{diagnosis}"));
    let mut named = config.groups_named();
    named.sort();
    let expected = [
        ("addition[0].demands.primary_factor.groups[0]", "f"),
        ("addition[0].group", "e"),
        ("app[0].approvals.groups[0]", "a"),
        ("app[0].rule[0].demands.otp.grace.ends_for[0]", "b"),
        ("app[0].transaction[0].approvers.groups[0]", "c"),
        ("policy.g.primary_factor.groups[0]", "g"),
        ("policy.g.primary_factor.groups[1]", "h"),
        ("portal.admin_demands.primary_factor.groups[0]", "d"),
        ("portal.administrators", "administrators"),
    ];
    assert_eq!(named, expected.map(|(key, group)| (key.to_owned(), group)));
}
