//! A request's path, and the rules' view of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sekisho::facts::target::NormalPath;

const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b';');

fuzz_target!(|path: &str| {
    let Ok(normal) = NormalPath::parse(path) else { return };
    let text = normal.as_str();
    assert!(text.starts_with('/') && !text.contains("//") && !text.contains('\\') && !text.contains('\0'));
    assert!(text.split('/').all(|segment| segment != "." && segment != ".."));
    // Written again as a client would, it means the same.
    let written = utf8_percent_encode(text, KEPT).to_string();
    assert_eq!(NormalPath::parse(&written).as_ref(), Ok(&normal), "{written}");
    // An upstream that decodes once or twice sees the same segments.
    let once = percent_decode_str(path).decode_utf8().expect("only UTF-8 passes").into_owned();
    let twice = percent_decode_str(&once).decode_utf8_lossy().into_owned();
    assert_eq!(once, twice);
    assert_eq!(once.split('/').count(), path.split('/').count());
});
