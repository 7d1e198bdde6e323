//! What the demo prints: where to go, who to be, what to try. Colour only where a terminal shows it.

use std::io::{self, IsTerminal as _, Write as _};

use super::making::{DemoUser, Made};
use crate::clock::SharedClock;
use crate::config::Config;
use crate::factor::totp::{Enrolment, code_now};

/// Prints the guide.
pub(super) fn print(
    made: &Made,
    config: &Config,
    people: &[DemoUser],
    links: &[(String, String)],
    clock: &SharedClock,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let colour = out.is_terminal();
    let bold = |text: &str| if colour { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    let dim = |text: &str| if colour { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() };
    let portal = &config.file.portal.url;
    let address = |name: &str| config.file.app.iter().find(|app| app.name == name).map_or("", |app| app.url.as_str());
    let folder = made.config.parent().map(|folder| folder.display().to_string()).unwrap_or_default();

    writeln!(out)?;
    writeln!(
        out,
        "  {}  {}",
        bold("関所 Sekisho"),
        dim(if made.again { "everything as you left it" } else { "made for you just now" })
    )?;
    writeln!(out)?;
    writeln!(out, "  {}", bold("Go to"))?;
    writeln!(out, "    {:<30} {}", address("open"), dim("the notice board: open to this machine's network (check 1)"))?;
    writeln!(out, "    {:<30} {}", address("app"), dim("the wiki: password and one-time password (checks 4 and 6)"))?;
    writeln!(out, "    {:<30} {}", address("cert"), dim("the ledger: client certificate and password (checks 2 and 4)"))?;
    writeln!(out, "    {:<30} {}", address("phone"), dim("the calendar: approved on a phone, no password (check 4)"))?;
    writeln!(out, "    {:<30} {}", address("diary"), dim("the diary: its login form is shut until opened from the phone"))?;
    writeln!(out, "    {:<30} {}", address("bank"), dim("the bank: a password, and each transfer approved by itself"))?;
    writeln!(out, "    {:<30} {}", portal, dim("the portal: your apps, your sessions, your account"))?;
    writeln!(out)?;
    writeln!(out, "  {}", bold("Be"))?;
    writeln!(
        out,
        "    {:<7} {:<26} {:<34} {}",
        dim("user").as_str(),
        dim("password"),
        dim("authenticator key"),
        dim("code now")
    )?;
    for person in people {
        let enrolment = Enrolment { key: person.key.clone().into(), uri: String::new().into() };
        let code = code_now(&enrolment, clock).unwrap_or_default();
        writeln!(out, "    {:<7} {:<26} {:<34} {code}", person.user, person.password, person.key)?;
    }
    if let Some(code) = people.first().and_then(|person| Some((&person.user, person.recovery_codes.first()?))) {
        writeln!(out, "    {}", dim(&format!("instead of a code, once: {}'s recovery code {}", code.0, code.1)))?;
    }
    for person in people {
        if let Some(password) = &person.transaction_password {
            writeln!(out, "    {}", dim(&format!("{}'s transaction password: {password}", person.user)))?;
        }
    }
    writeln!(out)?;
    writeln!(out, "  {}", bold("Try"))?;
    writeln!(out, "    1. Open the wiki, sign in as alice: the page shows what reached it, and which user the gateway named.")?;
    writeln!(out, "    2. Post its form, end your session at the portal, post again: what you wrote is not lost.")?;
    writeln!(
        out,
        "    3. Import {} (passphrase: {}) into your browser and open the ledger.",
        made.client.display(),
        made.passphrase
    )?;
    writeln!(
        out,
        "    4. Open alice's link below in a second window, narrow as a phone: it is alice's phone now. Then open the"
    )?;
    writeln!(out, "       calendar: a number is shown, choose it on the phone; the second time approving is enough.")?;
    writeln!(
        out,
        "    5. Open the diary: the right password is refused like a wrong one, until the phone opens the login form."
    )?;
    writeln!(
        out,
        "    6. Open the bank as alice and transfer something: payee and amount are on the phone, hold its button to approve;"
    )?;
    writeln!(
        out,
        "       what was done is listed with its approval. Deny the next, let an exchange lapse (15 s), post by script."
    )?;
    writeln!(out, "       The limit wants the transaction password; to close an account bob has to say yes on his phone.")?;
    for (user, link) in links {
        writeln!(out, "       {user:<7} {link}")?;
    }
    writeln!(
        out,
        "       {}",
        dim("or without a window: sekisho approver --authority FILE register 'LINK', then list, approve, release")
    )?;
    writeln!(out, "    7. curl --cacert {} {}/", made.authority.display(), address("app"))?;
    writeln!(
        out,
        "       curl --cacert {} --cert {folder}/alice.pem --key {folder}/alice.key {}/machines/",
        made.authority.display(),
        address("cert")
    )?;
    writeln!(
        out,
        "       add -H 'content-type: application/json' -d '{{\"account\": \"wages\", \"amount\": 1200}}' and post it to …/machines/postings:"
    )?;
    writeln!(
        out,
        "       it is held, the answer is 202; GET its result, with -H 'prefer: wait=60', and approve it on the phone."
    )?;
    writeln!(
        out,
        "    8. As admin issue bob a certificate ({portal}/admin/issue-certificate); bob fetches it at {portal}/account/certificates."
    )?;
    if let Some(listen) = config.file.server.listen.first() {
        let resolve = format!("--resolve app.localhost:{}:{}", listen.port(), listen.ip());
        writeln!(out, "       {}", dim(&format!("(where curl does not find *.localhost: {resolve})")))?;
    }
    writeln!(out)?;
    writeln!(
        out,
        "  {}",
        dim(&format!("Your browser does not know this authority: import {} or accept its warning.", made.authority.display()))
    )?;
    writeln!(
        out,
        "  {}",
        dim(&format!("Codes change every 30 s and are accepted once; see them again by `sekisho demo --dir {folder}`."))
    )?;
    writeln!(out, "  Ctrl-C ends it.")?;
    writeln!(out)?;
    out.flush()
}
