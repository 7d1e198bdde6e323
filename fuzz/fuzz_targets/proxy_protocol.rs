//! PROXY protocol headers, version 1 and 2.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sekisho::gateway::accept::proxy_protocol::address;

fuzz_target!(|input: (bool, &[u8])| {
    let (second, rest) = input;
    let mut header = if second { b"\r\n\r\n\0\r\nQUIT\n".to_vec() } else { b"PROXY ".to_vec() };
    header.extend_from_slice(rest);
    if let Ok(Some(address)) = address(&header)
        && !second
    {
        // What follows the line is the connection's own.
        let line = header.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let text = std::str::from_utf8(line).expect("version 1 is text");
        let words: Vec<&str> = text.trim_end().split(' ').collect();
        assert_eq!(words.get(2).and_then(|word| word.parse().ok()), Some(address.ip()), "{text}");
        assert_eq!(words.get(4).and_then(|word| word.parse().ok()), Some(address.port()), "{text}");
    }
});
