//! A request's path, and all that upstreams may read in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sekisho::facts::path::RequestPath;

fuzz_target!(|path: &str| {
    let Ok(request) = RequestPath::parse(path) else { return };
    assert_eq!(request.as_received(), path, "it is forwarded byte for byte");
    let Ok(readings) = request.readings() else { return };
    let all: Vec<&[u8]> = readings.iter().collect();
    assert!(!all.is_empty());
    for (place, reading) in all.iter().enumerate() {
        assert!(reading.starts_with(b"/") && !reading.contains(&0));
        assert!(!all.iter().take(place).any(|earlier| earlier == reading), "each once");
    }
    if !path.contains('%') {
        assert_eq!(all.first(), Some(&path.as_bytes()), "as it was received, first");
    }
    let _shown = request.segment(2);
});
