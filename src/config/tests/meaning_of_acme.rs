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
    for (twice, path) in [
        ("\"auth.example.com\", \"192.0.2.1\", \"Auth.Example.com\"", "names[2]"),
        ("\"192.0.2.1\", \"auth.example.com\", \"192.0.2.1\"", "names[2]"),
        ("\"2001:db8::1\", \"2001:DB8:0:0::1\"", "names[1]"),
    ] {
        let names = ISSUED.replacen("\"auth.example.com\", \"192.0.2.1\"", twice, 1);
        reported_once(&format!("{least}{names}"), &format!("tls.certificate[0].{path}"), "is named twice");
    }
    let six = |name: &str| ISSUED.replacen("\"auth.example.com\", \"192.0.2.1\"", name, 1);
    let twin = "[[tls.certificate]]\nacme = [\"ours\"]\nnames = [\"2001:DB8:0::1\"]\n";
    let text = format!("{least}{}{twin}", six("\"2001:db8::1\""));
    reported_once(&text, "tls.certificate[1].names", "the same names");
    let same = "[acme.again]\ndirectory = \"https://CA.example.com:443/directory\"\nagree_to_terms = true\n";
    for (listed, more) in [("[\"ours\", \"ours\"]", ""), ("[\"ours\", \"again\"]", same)] {
        let text = format!("{least}{more}{}", ISSUED.replacen("acme = [\"ours\"]", &format!("acme = {listed}"), 1));
        reported_once(&text, "tls.certificate[0].acme[1]", "the same authority as `ours`");
    }
    let files = LEAST.replace("key = \"key.pem\"", "key = \"key.pem\", names = [\"a.test\"]");
    reported_once(&files, "tls.certificate[0].names", "that an authority issues");
    reported_once(&LEAST.replace(", key = \"key.pem\"", ""), "tls.certificate[0].key", "names no file");
}
