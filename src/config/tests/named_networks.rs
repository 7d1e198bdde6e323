//! `[networks.NAME]`: named wherever a list of networks is, and never a way to an empty list.

use super::{LEAST, WIKI, environment, lines, with};
use std::path::Path;

use crate::config::Config;

const NAMED: &str = r#"
[networks.office]
note = "Osaka"
addresses = ["192.0.2.0/24 # third floor", "2001:db8::/32"]
[networks.proxies]
addresses = ["10.0.0.5"]
"#;

fn texts(list: &[crate::config::units::CidrBlock]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn a_name_stands_for_its_addresses_in_every_list_r_201_a_20() {
    let more = r#"
[app.demands.ip_restriction]
allow = ["office", "198.51.100.7"]
deny = ["192.0.2.9"]
[app.approvals]
networks = ["office"]
[server]
trusted_proxies = ["proxies"]
[approval]
push_networks = ["proxies"]
[[addition]]
group = "staff"
demands.ip_restriction = { allow = ["office"] }
[policy.strict]
ip_restriction = { deny = ["proxies"] }
"#;
    let config = with(&format!("{WIKI}{more}{NAMED}")).unwrap();
    let file = &config.file;
    let office = ["192.0.2.0/24", "2001:db8::/32"];
    let demand = file.app[0].demands.ip_restriction.as_ref().unwrap();
    assert_eq!(texts(&demand.allow), ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32"]);
    assert_eq!(texts(&demand.deny), ["192.0.2.9/32"]);
    assert_eq!(texts(&file.app[0].approvals.as_ref().unwrap().networks), office);
    assert_eq!(texts(&file.server.trusted_proxies), ["10.0.0.5/32"]);
    assert_eq!(texts(&file.approval.push_networks), ["10.0.0.5/32"]);
    assert_eq!(texts(&file.addition[0].demands.ip_restriction.as_ref().unwrap().allow), office);
    assert_eq!(texts(&file.policy["strict"].ip_restriction.as_ref().unwrap().deny), ["10.0.0.5/32"]);
    assert_eq!(file.networks["office"].addresses[0].note.as_deref(), Some("third floor"));
    // From the environment as well.
    let variables = environment(&[("SEKISHO_SERVER__TRUSTED_PROXIES", "proxies,10.0.0.6")]);
    let config = Config::parse(Path::new("sekisho.toml"), &format!("{LEAST}{WIKI}{NAMED}"), &variables).unwrap();
    assert_eq!(texts(&config.file.server.trusted_proxies), ["10.0.0.5/32", "10.0.0.6/32"]);
}

#[test]
fn a_name_that_nothing_has_is_told_where_it_stands_a_20() {
    let more = "demands.ip_restriction = { allow = [\"10.0.0.0/8\", \"offise\"] }\n";
    let diagnosis = with(&format!("{WIKI}{more}{NAMED}")).unwrap_err();
    let said = lines(&diagnosis);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("app[0].demands.ip_restriction.allow[1]: there is no `[networks.offise]`"), "{said:?}");
    assert!(said[0].contains("did you mean `office`?"), "{said:?}");
    let said = lines(&with(&format!("{WIKI}{more}")).unwrap_err());
    assert!(said[0].contains("or list networks under `[networks.NAME]`"), "{said:?}");
    // What can be no name is no network, as ever.
    let wrong = "demands.ip_restriction = { allow = [\"10.0.0.1/8\"] }\n";
    assert!(lines(&with(&format!("{WIKI}{wrong}{NAMED}")).unwrap_err())[0].contains("you probably mean \"10.0.0.0/8\""));
}

#[test]
fn an_empty_list_has_no_name_since_it_would_let_everybody_in_a_20() {
    let more = "demands.ip_restriction = { allow = [\"office\"] }\n[networks.office]\naddresses = []\n";
    let said = lines(&with(&format!("{WIKI}{more}")).unwrap_err());
    assert!(said.iter().any(|line| line.contains("networks.office.addresses: `office` has no address")), "{said:?}");
    let said = lines(&with(&format!("{WIKI}[networks.\"10\"]\naddresses = [\"10.0.0.1/8\"]\n")).unwrap_err());
    assert!(said[0].contains("you probably mean"), "{said:?}");
    let said = lines(&with(&format!("{WIKI}[networks.\"the office\"]\naddresses = [\"10.0.0.0/8\"]\n")).unwrap_err());
    assert!(said[0].contains("cannot be the name of networks"), "{said:?}");
}
