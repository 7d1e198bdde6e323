//! What makes no sense of certificates that authorities issue is reported on its key.

use super::meaning::reported_once;
use super::{LEAST, parse};

const ISSUED: &str = r#"
[acme.ours]
directory = "https://ca.example.com/directory"
agree_to_terms = true
contact = ["admin@example.com"]
profile = "shortlived"
eab_key_id = "kid"
eab_key_file = "eab.key"
[[tls.certificate]]
acme = ["ours"]
names = ["auth.example.com", "192.0.2.1"]
challenge = "http-01"
"#;

#[test]
fn a_certificate_is_of_files_or_issued_for_names_that_can_be_proved() {
    let least = LEAST.replace("[tls]\ncertificate = [{ chain = \"chain.pem\", key = \"key.pem\" }]", "");
    assert!(parse(&format!("{least}{ISSUED}")).is_ok());
    for (old, new, path, words) in [
        ("https://ca", "http://ca", "acme.ours.directory", "not the https address"),
        ("agree_to_terms = true", "", "acme.ours.agree_to_terms", "agree to its terms"),
        ("admin@example.com", "admin", "acme.ours.contact[0]", "not a mail address"),
        ("eab_key_file = \"eab.key\"", "", "acme.ours.eab_key_id", "a key id and a key"),
        ("eab_key_id = \"kid\"", "", "acme.ours.eab_key_file", "a key id and a key"),
        ("shortlived", "short lived", "acme.ours.profile", "not the name of a profile"),
        ("[\"ours\"]", "[\"our\"]", "tls.certificate[0].acme[0]", "there is no authority `our`"),
        ("acme = [\"ours\"]", "acme = [\"ours\"]\nchain = \"a.pem\"", "tls.certificate[0].chain", "not both"),
        ("[\"auth.example.com\", \"192.0.2.1\"]", "[]", "tls.certificate[0].names", "1 to 100 names"),
        ("\"auth.example.com\"", "\"*.example.com\"", "tls.certificate[0].names[0]", "proved by DNS alone"),
        ("\"auth.example.com\"", "\"auth\"", "tls.certificate[0].names[0]", "neither a DNS name nor an IP address"),
        ("\"auth.example.com\"", "\"a_b.example.com\"", "tls.certificate[0].names[0]", "neither a DNS name nor an IP address"),
    ] {
        assert!(ISSUED.contains(old), "{old}");
        reported_once(&format!("{least}{}", ISSUED.replacen(old, new, 1)), path, words);
    }
    let twin = "[[tls.certificate]]\nacme = [\"ours\"]\nnames = [\"192.0.2.1\", \"AUTH.example.com\"]\n";
    reported_once(&format!("{least}{ISSUED}{twin}"), "tls.certificate[1].names", "the same names");
    let files = LEAST.replace("key = \"key.pem\"", "key = \"key.pem\", names = [\"a.test\"]");
    reported_once(&files, "tls.certificate[0].names", "that an authority issues");
    reported_once(&LEAST.replace(", key = \"key.pem\"", ""), "tls.certificate[0].key", "names no file");
}
