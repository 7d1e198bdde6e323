//! Ports, certificates and configs that a gateway cannot start with: it says what is wrong, where, and how to mend it, ends
//! with an exit code that is not zero, and leaves nothing behind.

use std::fs;
use std::net::TcpListener;

use crate::support::failing::fails;
use crate::support::process::program;
use crate::support::{OPEN, World};

const APPS: &[(&str, &str)] = &[("wiki", OPEN)];

#[tokio::test]
async fn a_port_in_use_is_named_with_what_to_do() {
    let world = World::with(APPS, "").await;
    let other = TcpListener::bind(("127.0.0.1", world.port)).unwrap();
    let address = format!("listen on 127.0.0.1:{}: the port is in use", world.port);
    let said = fails(&world, &["run"], &[&address, "`ss -ltnp`", "choose another port"], &[]).await;
    assert_eq!(said.code, 1);
    drop(other);
    let other = TcpListener::bind(("127.0.0.1", world.operations)).unwrap();
    fails(&world, &["run"], &[&format!("127.0.0.1:{}", world.operations), "choose another port"], &[]).await;
    drop(other);
    assert_eq!(world.start().await.stop().await, 0, "it was the port alone");
}

#[tokio::test]
async fn check_and_run_name_an_expired_certificate_and_a_wrong_key() {
    let world = World::with(APPS, "").await;
    let (good, key) = (world.read("server.pem"), world.read("server.key"));
    let (old, old_key) = world.certificate(Some(2020));
    let cases: [(&str, &str, &[&str]); 5] = [
        (&old, &old_key, &["server.pem expired on", "2020", "renew it"]),
        (&good, &old_key, &["server.key is not the key of", "server.pem", "give the key that the certificate was made for"]),
        (&good, "no key", &["server.key cannot be read as a PEM private key", "PKCS#8"]),
        ("", &key, &["server.pem", "holds no certificate", "PEM file"]),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", &key, &["server.pem", "cannot be read"]),
    ];
    let line = 1 + world.read("sekisho.toml").lines().position(|line| line.starts_with("chain = ")).unwrap();
    for (chain, key, mentions) in cases {
        world.write("server.pem", chain);
        world.write("server.key", key);
        for command in ["check", "run"] {
            let said = fails(&world, &[command], mentions, &[]).await;
            let place = |line: usize| said.words.contains(&format!("sekisho.toml:{line}:"));
            assert!(place(line) || place(line + 1), "{said:?}");
        }
        assert_eq!(world.command(&["check", "--without-files"]).await.code, 0, "the config itself is good");
    }
    fs::remove_file(world.path("server.pem")).unwrap();
    fails(&world, &["run"], &["server.pem", "No such file"], &[]).await;
}

#[tokio::test]
async fn without_a_config_the_file_that_was_looked_for_is_named() {
    let world = World::with(APPS, "").await;
    for line in [&["run"][..], &["check"], &["user", "list"]] {
        let line = [line, &["--config", "nowhere/sekisho.toml"]].concat();
        fails(&world, &line, &["nowhere/sekisho.toml"], &[]).await;
    }
    // Where none is named, both that would do are.
    let output = program(&world).env_remove("SEKISHO_CONFIG").arg("check").output().await.unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("/etc/sekisho/sekisho.toml") && words.contains("else config/sekisho.toml"), "{words}");
    // One in the folder at hand is found without a word, by a host that has no config of its own.
    std::fs::create_dir(world.path("config")).unwrap();
    let text = world.read("sekisho.toml").replace("\"server.", "\"../server.").replace("\"authority.", "\"../authority.");
    world.write("config/sekisho.toml", &text);
    let output = program(&world).env_remove("SEKISHO_CONFIG").args(["check", "--without-files"]).output().await.unwrap();
    let of_host = std::path::Path::new("/etc/sekisho/sekisho.toml").exists();
    assert!(of_host || output.status.success(), "{output:?}");
}
