//! A config file.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use sekisho::config::Config;
use sekisho::config::environment::Environment;

fuzz_target!(|text: &str| {
    if let Err(diagnosis) = Config::parse(Path::new("sekisho.toml"), text, &Environment::empty()) {
        assert!(!format!("{diagnosis}").is_empty());
    }
});
