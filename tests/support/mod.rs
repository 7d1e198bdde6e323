//! What the end-to-end tests and those of the command line share: an authority, a browser, an upstream, people, and the
//! config that both begin with.

pub mod authority;
pub mod browser;
pub mod people;
pub mod upstream;

pub use self::authority::Authority;
pub use self::browser::{Answer, Browser};
pub use self::people::{Codes, PASSWORD, Person};
pub use self::upstream::Upstream;

/// How the settings of an app begin that another proxy serves.
pub const BY_FORWARD_AUTH: &str = "forward_auth = true\n";

/// A config with these apps (name and demands) on loopback; `own` are further lines of `[portal]` and sections after it,
/// `mapping` are further entries of the mapping of client certificates, `more` stands at the end.
pub fn config(port: u16, upstream: &str, own: &str, mapping: &str, apps: &[(&str, &str)], more: &str) -> String {
    let mut text = format!(
        r#"
[[tls.certificate]]
chain = "server.pem"
key = "server.key"
[portal]
url = "https://auth.test:{port}"
{own}
[state]
directory = "state"
[trust.world]
bundle = "authority.pem"
mapping = [{{ from = "common_name" }}{mapping}]
[password]
memory_mib = 19
passes = 2
queue = "30s"
"#
    );
    for (name, demands) in apps {
        let upstream =
            if demands.starts_with(BY_FORWARD_AUTH) { String::new() } else { format!("upstream = [\"http://{upstream}\"]\n") };
        text.push_str(&format!("[[app]]\nname = \"{name}\"\nurl = \"https://{name}.test:{port}\"\n{upstream}{demands}\n"));
    }
    text + more
}
