//! `Cookie` lines: ours found, ours taken away, the app's own kept.
#![no_main]

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use libfuzzer_sys::fuzz_target;
use sekisho::facts::cookies;

fn pairs(headers: &HeaderMap) -> Vec<Vec<u8>> {
    let lines = headers.get_all(COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    lines.map(|pair| pair.trim_ascii().to_vec()).filter(|pair| !pair.is_empty()).collect()
}

fn is_ours(pair: &[u8]) -> bool {
    pair.to_ascii_lowercase().starts_with(b"__host-sekisho")
}

fuzz_target!(|lines: Vec<&[u8]>| {
    let mut headers = HeaderMap::new();
    for line in lines.iter().take(64) {
        if let Ok(line) = HeaderValue::from_bytes(line) {
            headers.append(COOKIE, line);
        }
    }
    let before = pairs(&headers);
    if let Some(value) = cookies::find(&headers, cookies::SESSION) {
        let named = before.iter().filter(|pair| pair.starts_with(b"__Host-sekisho=")).collect::<Vec<_>>();
        assert_eq!(named, [&[b"__Host-sekisho=", value.as_bytes()].concat()]);
    }
    cookies::strip_ours(&mut headers);
    let after = pairs(&headers);
    assert_eq!(after, before.into_iter().filter(|pair| !is_ours(pair)).collect::<Vec<_>>());
    assert!(cookies::find(&headers, cookies::SESSION).is_none());
});
