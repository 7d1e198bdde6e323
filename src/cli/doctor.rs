//! `sekisho doctor`: looks at what a feature needs outside the gateway, says what is right and what is not, and prints what is
//! to be typed elsewhere. It changes nothing.

mod directory;

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::process::Command as Program;

use clap::{Args, Subcommand};

use self::directory::DirectoryDoctor;
use super::config_file::ConfigFile;
use super::words::{padded, say};
use super::{CommandFailure, manage};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::config::schema::{ChannelBindingMode, KerberosSection};
use crate::kerberos;
use crate::kerberos::keytab::{self, KeytabEntry};

/// Look at what a feature needs outside the gateway, and say how to set it up.
#[derive(Args, Clone, Debug)]
pub(super) struct Doctor {
    #[command(subcommand)]
    what: DoctorSubject,
}

#[derive(Clone, Debug, Subcommand)]
enum DoctorSubject {
    Directory(DirectoryDoctor),
    /// Desktop single sign-on: the library, the keytab, the name that browsers ask tickets for, the clock, and the settings of
    /// browsers.
    Kerberos {
        #[command(flatten)]
        config: ConfigFile,
    },
}

impl Doctor {
    /// Prints what it finds.
    ///
    /// # Errors
    /// [`CommandFailure::Reported`] if something is wrong.
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let config = match self.what {
            DoctorSubject::Kerberos { config } => config,
            DoctorSubject::Directory(doctor) => return doctor.run(),
        };
        let config = config.needed()?;
        let Some(section) = &config.file.kerberos else {
            let hint = say("failure-kerberos-hint", &[]);
            return Err(CommandFailure::Failed(say("failure-kerberos", &[]), Some(hint.into())));
        };
        let report = Report::of(&config, section);
        manage::unless_enough(write!(io::stdout().lock(), "{report}"))?;
        if report.is_wrong() { Err(CommandFailure::Reported) } else { Ok(()) }
    }
}

/// How one finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Good,
    Warning,
    Wrong,
}

/// What was found, and what is to be done elsewhere.
struct Report {
    findings: Vec<(Standing, String)>,
    advice: String,
}

impl Report {
    fn of(config: &Config, section: &KerberosSection) -> Self {
        let mut report = Self { findings: Vec::new(), advice: String::new() };
        let host = url::Url::parse(&config.file.portal.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_default();
        report.acceptor(config, section);
        let entries = report.keys(section);
        for complaint in kerberos::warnings(config) {
            let help = complaint.help.map(|help| format!(": {help}")).unwrap_or_default();
            report.say(Standing::Warning, say("doctor-keytab", &[("what", &format!("{}{help}", complaint.message))]));
        }
        let canonical = report.names(&host, &entries);
        report.clock();
        if section.channel_binding == ChannelBindingMode::Require {
            let setting = "channel_binding = \"require\"";
            report.say(Standing::Warning, say("doctor-binding", &[("setting", &setting)]));
        }
        report.advise(section, &host, canonical.as_deref());
        report
    }

    fn say(&mut self, standing: Standing, text: String) {
        self.findings.push((standing, text));
    }

    fn is_wrong(&self) -> bool {
        self.findings.iter().any(|(standing, _)| *standing == Standing::Wrong)
    }

    /// The library and the keytab together, as a start would load them.
    fn acceptor(&mut self, config: &Config, section: &KerberosSection) {
        match kerberos::load(config) {
            Ok(_) => {
                let text = say("doctor-library", &[("file", &kerberos::library(section).display())]);
                self.say(Standing::Good, text);
            }
            Err(complaint) => {
                let help = complaint.help.map(|help| format!(": {help}")).unwrap_or_default();
                self.say(Standing::Wrong, format!("{}: {}{help}", complaint.path, complaint.message));
            }
        }
        let cache = config.file.state.directory.join("kerberos.rcache");
        self.say(Standing::Good, say("doctor-replay", &[("file", &cache.display())]));
    }

    fn keys(&mut self, section: &KerberosSection) -> Vec<KeytabEntry> {
        match keytab::all(&section.keytab) {
            Ok(entries) => {
                for entry in &entries {
                    self.say(Standing::Good, say("doctor-key", &[("entry", entry)]));
                }
                entries
            }
            // Reported by the acceptor already.
            Err(_) => Vec::new(),
        }
    }

    /// The name that browsers ask tickets for: Chromium and programs of MIT's library follow aliases first.
    fn names(&mut self, host: &str, entries: &[KeytabEntry]) -> Option<String> {
        let canonical = canonical_name(host);
        match &canonical {
            None => self.say(Standing::Warning, say("doctor-no-name", &[("host", &host)])),
            Some(name) if name.eq_ignore_ascii_case(host) => {
                let principal = format!("HTTP/{host}");
                self.say(Standing::Good, say("doctor-name", &[("host", &host), ("principal", &principal)]));
            }
            Some(name) => {
                let wanted = format!("http/{}@", name.to_lowercase());
                let has = entries.iter().any(|entry| entry.principal.to_lowercase().starts_with(&wanted));
                let standing = if has { Standing::Good } else { Standing::Warning };
                let principal = format!("HTTP/{name}");
                self.say(standing, say("doctor-alias", &[("host", &host), ("name", name), ("principal", &principal)]));
            }
        }
        canonical
    }

    fn clock(&mut self) {
        let now = SystemClock::new().now().rfc3339();
        let asked = Program::new("timedatectl").args(["show", "--property=NTPSynchronized", "--value"]).output();
        let said =
            asked.ok().filter(|done| done.status.success()).map(|done| String::from_utf8_lossy(&done.stdout).trim().to_owned());
        match said.as_deref() {
            Some("yes") => self.say(Standing::Good, say("doctor-clock", &[("now", &now)])),
            Some("no") => self.say(Standing::Warning, say("doctor-clock-wrong", &[("now", &now)])),
            _ => self.say(Standing::Warning, say("doctor-clock-unknown", &[("now", &now)])),
        }
    }

    fn advise(&mut self, section: &KerberosSection, host: &str, canonical: Option<&str>) {
        let realm = section.realm.first().map_or("CORP.EXAMPLE", |realm| &realm.name);
        let suffix = realm.to_lowercase();
        let alias = canonical
            .filter(|name| !name.eq_ignore_ascii_case(host))
            .map(|name| format!("\n  setspn -S HTTP/{name} svc-sekisho"));
        let (windows, browsers) = (say("doctor-advice-windows", &[]), say("doctor-advice-browsers", &[]));
        let policy = padded(&say("doctor-advice-policy", &[]), 34);
        let command = padded(&say("doctor-advice-command", &[]), 34);
        let group = padded(&say("doctor-advice-group-policy", &[]), 34);
        let _into_memory = write!(
            self.advice,
            "\
{windows}
  New-ADUser svc-sekisho -Enabled $true -PasswordNeverExpires $true -AccountPassword (Read-Host -AsSecureString) -KerberosEncryptionType AES256
  setspn -S HTTP/{host} svc-sekisho{}
  ktpass /princ HTTP/{host}@{realm} /mapuser svc-sekisho@{suffix} /crypto AES256-SHA1 /ptype KRB5_NT_PRINCIPAL /pass * /out http.keytab

Samba:
  samba-tool spn add HTTP/{host} svc-sekisho
  samba-tool domain exportkeytab http.keytab --principal=HTTP/{host}

MIT Kerberos:
  kadmin -q \"addprinc -randkey HTTP/{host}\" -q \"ktadd -k http.keytab HTTP/{host}\"

{browsers}
  {policy}AuthServerAllowlist = \"{host}\"
  {command}--auth-server-allowlist={host}
  Firefox (policies.json):          {{\"policies\": {{\"Authentication\": {{\"SPNEGO\": [\"https://{host}\"]}}}}}}
  Firefox (about:config):           network.negotiate-auth.trusted-uris = https://{host}
  {group}Site to Zone Assignment List: https://{host} = 1
  curl:                             curl --negotiate -u : …
",
            alias.unwrap_or_default(),
        );
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (standing, text) in &self.findings {
            let mark = match standing {
                Standing::Good => say("doctor-good", &[]),
                Standing::Warning => say("doctor-warning", &[]),
                Standing::Wrong => say("doctor-wrong", &[]),
            };
            writeln!(out, "{}  {text}", padded(&mark, 7))?;
        }
        write!(out, "\n{}", self.advice)
    }
}

/// What this machine's resolver calls a host in the end.
fn canonical_name(host: &str) -> Option<String> {
    let found = Program::new("getent").args(["ahosts", host]).output().ok().filter(|done| done.status.success())?;
    let text = String::from_utf8_lossy(&found.stdout).into_owned();
    let name = text.lines().next()?.split_whitespace().nth(2).map(|name| name.trim_end_matches('.').to_owned());
    Some(name.unwrap_or_else(|| host.to_owned()))
}
