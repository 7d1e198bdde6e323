//! Mail in the clear stays where the config says that nobody listens.

use super::meaning::reported_once;
use super::{LEAST, WIKI, parse};

/// `[mail]` with these lines.
fn config(lines: &str) -> String {
    format!("{LEAST}{WIKI}[mail]\nfrom = \"a@example.com\"\n{lines}\n")
}

#[test]
fn a_relay_without_tls_is_in_a_listed_network_and_gets_no_password() {
    let plain = "host = \"m.example.com\"\nsecurity = \"plain\"\n";
    for (lines, path, words) in [
        (plain.to_owned(), "mail.security", "mail.plain_networks"),
        (format!("{plain}plain_networks = []"), "mail.security", "this machine only"),
        (format!("{plain}plain_networks = [\"0.0.0.0/0\"]"), "mail.plain_networks[0]", "every network"),
        (
            format!("{plain}plain_networks = [\"10.1.0.0/16\"]\nuser = \"a\"\npassword_file = \"p\""),
            "mail.user",
            "travel readable",
        ),
        (
            "host = \"10.2.0.1\"\nsecurity = \"plain\"\nplain_networks = [\"10.1.0.0/16\"]".to_owned(),
            "mail.plain_networks",
            "own address",
        ),
        ("host = \"m.example.com\"\nplain_networks = [\"10.1.0.0/16\"]".to_owned(), "mail.plain_networks", "alone"),
        (format!("{plain}plain_networks = [\"10.1.0.0/16\"]\nauthority = \"a.pem\""), "mail.authority", "nothing is verified"),
    ] {
        reported_once(&config(&lines), path, words);
    }
    for lines in [
        format!("{plain}plain_networks = [\"10.1.0.0/16\"]"),
        "host = \"10.1.2.3\"\nsecurity = \"plain\"\nplain_networks = [\"10.1.0.0/16\"]".to_owned(),
        "host = \"localhost\"\nsecurity = \"plain\"\nuser = \"a\"\npassword_file = \"p\"".to_owned(),
        "host = \"m.example.com\"\nauthority = \"a.pem\"".to_owned(),
    ] {
        let read = parse(&config(&lines));
        assert!(read.is_ok(), "{}\n{lines}", read.unwrap_err());
    }
}

#[test]
fn the_files_of_the_relay_are_looked_for_beside_the_config_and_followed() {
    let lines = "host = \"m.example.com\"\nauthority = \"ca.pem\"\nuser = \"a\"\npassword_file = \"p\"";
    let text = config(lines);
    let config = crate::config::Config::parse(
        std::path::Path::new("/etc/sekisho/sekisho.toml"),
        &text,
        &crate::config::environment::Environment::empty(),
    )
    .unwrap();
    let mail = config.file.mail.as_ref().unwrap();
    assert_eq!(mail.authority.as_deref(), Some(std::path::Path::new("/etc/sekisho/ca.pem")));
    let followed: Vec<_> = config.files().collect();
    for name in ["/etc/sekisho/ca.pem", "/etc/sekisho/p"] {
        assert!(followed.contains(&std::path::Path::new(name)), "{name}: {followed:?}");
    }
}
