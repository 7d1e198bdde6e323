//! Policies as they come out of a config.

use std::path::Path;

use super::{NOW, World, gather, group};
use crate::chain::Check;
use crate::chain::policy::rules::AppPolicy;
use crate::chain::policy::{Mode, Policies, Policy};
use crate::chain::refusal::Refusal;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::config::environment::Environment;
use crate::facts::path::RequestPath;
use crate::facts::target::Target;
use crate::principal::certificate::TrustSet;
use crate::principal::method::{Method, Methods};

fn policies(text: &str) -> Result<(Config, Policies), String> {
    let config =
        Config::parse(Path::new("sekisho.toml"), text, &Environment::empty()).map_err(|diagnosis| diagnosis.to_string())?;
    let compiled = crate::policy::compile(&config).map_err(|complaints| config.complain(complaints).to_string())?;
    Ok((config, compiled))
}

const CONFIG: &str = r#"[tls]
certificate = [{ chain = "chain.pem", key = "key.pem" }]

[portal]
url = "https://auth.example.com"
administrators = "Admins"
admin_demands.otp = { max_age = "15m" }

[state]
directory = "state"

[trust.corp]
bundle = "corp.pem"
[trust.branch]
bundle = "branch.pem"

[policy.strict]
ip_restriction = { allow = ["10.0.0.0/8"] }
primary_factor = {}
otp = {}

[[app]]
name = "wiki"
url = "https://wiki.example.com"
upstream = ["http://127.0.0.1:8080"]
policy = "strict"
demands.otp = { mode = "observe" }
rule = [
  { paths = ["/public/**"], methods = ["GET"], demands = { ip_restriction = { mode = "off" }, primary_factor = { mode = "off" } } },
  { paths = ["/admin/**"], policy = "strict", demands = { client_certificate = { trust = ["corp"] } } },
]

[[addition]]
group = "Contractors"
[addition.demands]
otp = {}
client_certificate = { trust = ["branch"] }

[[addition]]
user = "bob"
apps = ["wiki"]
demands.primary_factor = { max_age = "1h" }
"#;

/// The one policy that a request has.
fn only<'p>(app: &'p AppPolicy, method: &http::Method, path: &str) -> &'p Policy {
    let selected = app.select(&Target { method, path: RequestPath::parse(path).unwrap() }).unwrap();
    let policies: Vec<&Policy> = selected.policies().collect();
    assert_eq!(policies.len(), 1, "{path}");
    policies[0]
}

#[test]
fn a_config_compiles_check_by_check_and_each_demand_knows_its_line() {
    let (_, policies) = policies(CONFIG).unwrap();
    let wiki = policies.app("wiki").unwrap();
    let own = &wiki.own().base;
    assert_eq!(own.ip_restriction.source.0, 18, "the named policy says it");
    assert_eq!(own.otp.source.0, 27, "the app says it instead");
    assert_eq!(own.otp.mode, Mode::Observe);
    assert_eq!(own.primary_factor.methods, Methods::of(&[Method::Password]));
    assert_eq!(own.client_certificate.mode, Mode::Off);

    let open = only(wiki, &http::Method::GET, "/public/logo.png");
    assert_eq!(open.base.ip_restriction.mode, Mode::Off);
    assert_eq!(open.base.otp.mode, Mode::Observe, "what the rule does not name is the app's");
    assert!(open.additions.is_empty(), "where nobody is known, nothing can hold for somebody");
    assert_eq!(only(wiki, &http::Method::POST, "/public/logo.png").name, wiki.own().name);

    let admin = only(wiki, &http::Method::GET, "/admin");
    assert_eq!(admin.base.otp.mode, Mode::Require, "a rule with a policy begins there, not with the app's demands");
    assert_eq!(admin.base.client_certificate.trust, TrustSet(2), "by place in the sorted table: branch, corp");
    assert_eq!(wiki.trust(), TrustSet(3), "rules and additions included");
    assert_eq!(admin.additions.len(), 2);
}

#[test]
fn administrators_pass_all_that_the_portal_demands_and_more() {
    let (_, policies) = policies(CONFIG).unwrap();
    assert_eq!(policies.portal().additions.len(), 1, "what holds on named apps only is not the portal's");
    assert_eq!(policies.portal().additions[0].demands.client_certificate.mode, Mode::Off, "the portal never prompts");
    let world = World::good().but(|world| world.policy = policies.admin().clone());
    assert_eq!(world.refusal(), Some(Refusal::UserNotAdmitted));
    let admin = world.but(|world| world.user.as_mut().unwrap().groups = [group("admins")].into());
    assert_eq!(admin.refusal(), None);
    let stale = admin.but(|world| {
        gather(&mut world.evidence, "alice", Check::Otp, Method::Totp, Timestamp::from_seconds(NOW.seconds() - 901));
    });
    assert_eq!(stale.refusal(), Some(Refusal::OtpTooOld));
    assert_eq!(stale.but(|world| world.policy = policies.portal().clone()).refusal(), None);
}

#[test]
fn a_time_without_a_second_factor_opens_neither_the_administration_nor_the_page_of_certificates() {
    let grace = "otp = { mode = \"require\", grace = {} }";
    let of_portal = CONFIG.replace("\n[state]", &format!("demands.{grace}\n\n[state]")).replace("otp = {}\nclient", "client");
    let of_group = CONFIG
        .replace("\n[state]", "demands.otp = { mode = \"off\" }\n\n[state]")
        .replace("otp = {}\nclient", &format!("{grace}\nclient"))
        .replace("admin_demands.otp = { max_age = \"15m\" }\n", "");
    for (text, whose) in [(of_portal, "the portal's"), (of_group, "a group's")] {
        let (_, policies) = policies(&text).unwrap();
        let under = |policy: &Policy| {
            let world = World::good().but(|world| {
                world.policy = policy.clone();
                world.user.as_mut().unwrap().groups = [group("admins"), group("contractors")].into();
                gather(&mut world.evidence, "alice", Check::Otp, Method::Grace, NOW);
            });
            world.refusal()
        };
        assert_eq!(under(policies.portal()), None, "{whose}");
        assert_eq!(under(policies.admin()), Some(Refusal::OtpMethod), "{whose}");
        assert_eq!(under(policies.certificates()), Some(Refusal::OtpMethod), "{whose}");
    }
}

#[test]
fn what_the_pages_below_the_portal_add_has_to_be_meetable_too() {
    let code = "otp = { methods = [\"recovery_code\"] }\nclient";
    let told = |text: &str| {
        let config = Config::parse(Path::new("sekisho.toml"), text, &Environment::empty()).unwrap();
        let complaints = crate::policy::compile(&config).err().unwrap_or_default().into_iter();
        complaints.map(|complaint| format!("{}: {}", complaint.path, complaint.message)).collect::<Vec<_>>()
    };
    let one = |path: &str, whose: &str| vec![format!("{path}: together with what `{whose}` demands, no method is left")];
    let of_page = |demands: &str| CONFIG.replace("\n[state]", &format!("\n[certificates]\n{demands}\n\n[state]"));
    // The portal's own codes are those of an authenticator and recovery codes.
    let nobody = of_page("demands.otp = { methods = [\"push\"] }").replace("otp = {}\nclient", "client");
    assert_eq!(told(&nobody), one("certificates.demands.otp", "portal"));
    let nobody = CONFIG.replace("{ max_age = \"15m\" }", "{ methods = [\"passkey\"] }");
    assert_eq!(told(&nobody), one("portal.admin_demands.otp", "portal"));
    let totp = of_page("demands.otp = { methods = [\"totp\"] }");
    assert!(told(&totp).is_empty());
    let contractors = totp.replace("otp = {}\nclient", code);
    assert_eq!(told(&contractors), one("addition[0].demands.otp", "portal: certificates"));
    // Of administrators alone more is demanded: who is none never meets it.
    let admins = CONFIG.replace("{ max_age = \"15m\" }", "{ methods = [\"totp\"] }").replace("otp = {}\nclient", code);
    assert!(told(&admins).is_empty());
    let admins = admins.replace("group = \"Contractors\"", "group = \"Admins\"");
    assert_eq!(told(&admins), one("addition[0].demands.otp", "portal: administration"));
}

#[test]
fn what_does_not_compile_is_told_in_its_place() {
    for (old, new, expected) in [
        ("/public/**", "/public/**/x", "`**` stands alone"),
        ("/public/**", "/pub%6cic", "write the path decoded"),
        ("group = \"Contractors\"", "group = \"two words\"", "`two words` is not a name: ' ' is not allowed"),
        ("primary_factor = {}\notp", "primary_factor = { users = [\"-\"] }\notp", "is not a name"),
        (r#"["/admin/**"], policy"#, r#"["/admin/**", "/admin/**"], policy"#, "spoken of twice"),
        ("otp = {}\nclient", "otp = { methods = [\"recovery_code\"] }\nclient", ""),
    ] {
        assert!(CONFIG.contains(old), "{old}");
        let outcome = policies(&CONFIG.replace(old, new));
        match expected {
            "" => assert!(outcome.is_ok()),
            _ => assert!(outcome.as_ref().unwrap_err().contains(expected), "{:?}", outcome.map(drop)),
        }
    }
    let disjoint = CONFIG
        .replace("otp = {}\nclient", "otp = { methods = [\"recovery_code\"] }\nclient")
        .replace("otp = {}\n\n[[app]]", "otp = { methods = [\"totp\"] }\n\n[[app]]");
    assert!(policies(&disjoint).unwrap_err().contains("no method is left"), "nobody could meet both");
}
