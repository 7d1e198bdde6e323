//! `Host` and `:authority`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sekisho::facts::target::HostName;

fuzz_target!(|authority: &str| {
    let Ok((host, port)) = HostName::parse(authority) else { return };
    let text = host.as_str();
    assert!(!text.is_empty() && !text.contains(['@', '/', ' ', '\r', '\n', ',', '%']));
    assert!(!text.bytes().any(|byte| byte.is_ascii_uppercase()));
    assert_ne!(port, Some(0));
    assert_eq!(HostName::parse(&text.to_ascii_uppercase()).map(|(again, _)| again), Ok(host.clone()));
});
