//! What the demo prints: where to go, who to be, what to try. Colour only where a terminal shows it.

use std::io::{self, IsTerminal as _, Write};

use super::making::{DemoUser, Made};
use crate::cli::words::{padded, say};
use crate::clock::SharedClock;
use crate::config::Config;
use crate::factor::totp::{Enrolment, code_now};

/// Prints the guide. `shows_again`: a key shows the codes again.
pub(super) fn print(
    made: &Made,
    config: &Config,
    people: &[DemoUser],
    links: &[(String, String)],
    clock: &SharedClock,
    shows_again: bool,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let colour = out.is_terminal();
    let bold = |text: &str| if colour { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    let dim = |text: &str| if colour { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() };
    let portal = &config.file.portal.url;
    let address = |name: &str| config.file.app.iter().find(|app| app.name == name).map_or("", |app| app.url.as_str());
    let folder = made.config.parent().map(|folder| folder.display().to_string()).unwrap_or_default();

    writeln!(out)?;
    let state = if made.again { say("guide-again", &[]) } else { say("guide-made", &[]) };
    writeln!(out, "  {}  {}", bold("関所 Sekisho"), dim(&state))?;
    writeln!(out)?;
    writeln!(out, "  {}", bold(&say("guide-go", &[])))?;
    writeln!(out, "    {:<30} {}", address("open"), dim(&say("guide-go-open", &[])))?;
    writeln!(out, "    {:<30} {}", address("app"), dim(&say("guide-go-app", &[])))?;
    writeln!(out, "    {:<30} {}", address("cert"), dim(&say("guide-go-cert", &[])))?;
    writeln!(out, "    {:<30} {}", address("phone"), dim(&say("guide-go-phone", &[])))?;
    writeln!(out, "    {:<30} {}", address("diary"), dim(&say("guide-go-diary", &[])))?;
    writeln!(out, "    {:<30} {}", address("bank"), dim(&say("guide-go-bank", &[])))?;
    writeln!(out, "    {:<30} {}", portal, dim(&say("guide-go-portal", &[])))?;
    writeln!(out, "    {:<30} {}", format!("{portal}/admin"), dim(&say("guide-go-admin", &[])))?;
    if made.kept {
        writeln!(out, "    {}", say("guide-kept", &[("file", &made.config.display())]))?;
    }
    writeln!(out)?;
    writeln!(out, "  {}", bold(&say("guide-be", &[])))?;
    let head = |text: String, columns| dim(&padded(&text, columns));
    let (user, password) = (head(say("guide-user", &[]), 7), head(say("guide-password", &[]), 26));
    writeln!(out, "    {user} {password} {} {}", head(say("guide-key", &[]), 34), dim(&say("guide-code", &[])))?;
    for person in people {
        let code = code_of(person, clock);
        writeln!(out, "    {:<7} {:<26} {:<34} {code}", person.user, person.password, person.key)?;
    }
    if let Some((user, code)) = people.first().and_then(|person| Some((&person.user, person.recovery_codes.first()?))) {
        writeln!(out, "    {}", dim(&say("guide-recovery-code", &[("user", user), ("code", code)])))?;
    }
    for person in people {
        if let Some(password) = &person.transaction_password {
            let text = say("guide-transaction-password", &[("user", &person.user), ("password", password)]);
            writeln!(out, "    {}", dim(&text))?;
        }
    }
    writeln!(out)?;
    writeln!(out, "  {}", bold(&say("guide-try", &[])))?;
    step(&mut out, "1. ", &say("guide-try-wiki", &[]))?;
    step(&mut out, "2. ", &say("guide-try-form", &[]))?;
    let client = made.client.display();
    step(&mut out, "3. ", &say("guide-try-certificate", &[("file", &client), ("passphrase", &made.passphrase)]))?;
    step(&mut out, "4. ", &say("guide-try-phone", &[]))?;
    step(&mut out, "5. ", &say("guide-try-diary", &[]))?;
    step(&mut out, "6. ", &say("guide-try-bank", &[]))?;
    for (user, link) in links {
        writeln!(out, "       {user:<7} {link}")?;
    }
    let command = "sekisho approver --authority FILE register 'LINK'";
    writeln!(out, "       {}", dim(&say("guide-without-window", &[("command", &command)])))?;
    writeln!(out, "    7. curl --cacert {} {}/", made.authority.display(), address("app"))?;
    writeln!(
        out,
        "       curl --cacert {} --cert {folder}/alice.pem --key {folder}/alice.key {}/machines/",
        made.authority.display(),
        address("cert")
    )?;
    let option = "-H 'content-type: application/json' -d '{\"account\": \"wages\", \"amount\": 1200}'";
    step(&mut out, "   ", &say("guide-try-machine", &[("option", &option), ("wait", &"-H 'prefer: wait=60'")]))?;
    let (issue, own) = (format!("{portal}/admin/issue-certificate"), format!("{portal}/account/certificates"));
    step(&mut out, "8. ", &say("guide-try-admin", &[("issue", &issue), ("own", &own)]))?;
    if let Some(listen) = config.file.server.listen.first() {
        let resolve = format!("--resolve app.localhost:{}:{}", listen.port(), listen.ip());
        writeln!(out, "       {}", dim(&say("guide-resolve", &[("option", &resolve)])))?;
    }
    writeln!(out)?;
    writeln!(out, "  {}", dim(&say("guide-authority", &[("file", &made.authority.display())])))?;
    let codes = if shows_again {
        say("guide-codes-key", &[])
    } else {
        say("guide-codes", &[("command", &format!("sekisho demo --dir {folder}"))])
    };
    writeln!(out, "  {}", dim(&codes))?;
    writeln!(out, "  {}", say("guide-end", &[]))?;
    writeln!(out)?;
    out.flush()
}

/// Prints the codes of this moment, a line for each user.
pub(super) fn codes(out: &mut impl Write, people: &[DemoUser], clock: &SharedClock) -> io::Result<()> {
    writeln!(out, "  {}", say("guide-code", &[]))?;
    people.iter().try_for_each(|person| writeln!(out, "    {:<7} {}", person.user, code_of(person, clock)))?;
    out.flush()
}

fn code_of(person: &DemoUser, clock: &SharedClock) -> String {
    let enrolment = Enrolment { key: person.key.clone().into(), uri: String::new().into() };
    code_now(&enrolment, clock).unwrap_or_default()
}

/// One thing to try: its lines, the first behind its number.
fn step(out: &mut impl Write, number: &str, text: &str) -> io::Result<()> {
    text.lines().enumerate().try_for_each(|(place, line)| {
        let before = if place == 0 { number } else { "   " };
        writeln!(out, "    {before}{line}")
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::clock::{ManualClock, Timestamp};

    #[test]
    fn the_codes_that_are_shown_again_are_those_of_the_moment() {
        let person = |user: &str, key: &str| DemoUser {
            user: user.to_owned(),
            password: "the password stays where it was shown".to_owned(),
            key: key.to_owned(),
            recovery_codes: Vec::new(),
            transaction_password: None,
        };
        let people = [person("alice", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), person("bob", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")];
        // RFC 6238, appendix B: at 59 s the secret of SHA-1 gives 94287082.
        let manual = Arc::new(ManualClock::at(Timestamp::from_seconds(59)));
        let clock: SharedClock = manual.clone();
        let shown = || {
            let mut out = Vec::new();
            codes(&mut out, &people, &clock).unwrap();
            String::from_utf8(out).unwrap()
        };
        let first = shown();
        assert!(first.contains("alice   287082") && first.contains("bob") && !first.contains("password"), "{first}");
        manual.advance(Duration::from_secs(30));
        assert_ne!(shown(), first);
    }
}
