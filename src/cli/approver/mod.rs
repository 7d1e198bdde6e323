//! `sekisho approver`: an approver without a phone, with a key file of its own, speaking the public protocol
//! (docs/approver-protocol.md): for tests, for automation, and for those without a smartphone.

mod client;
mod matter;
mod own_key;
mod table;

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use self::client::ApproverClient;
use self::own_key::OwnKey;
use super::CommandFailure;
use super::manage::render::plain;
use super::manage::unless_enough;
use super::words::say;
use crate::approval::number;
use crate::clock::{Clock as _, SystemClock};
use crate::random::base64url;

/// Approve sign-ins and open login forms from this machine, with a key file instead of a phone.
#[derive(Args, Clone, Debug)]
pub(super) struct Approver {
    /// The key file; `register` makes it. Its holder may approve.
    #[arg(long, value_name = "FILE", env = "SEKISHO_APPROVER_KEY", default_value = "approver.key", global = true)]
    key: PathBuf,
    /// PEM file with the authority of the portal's certificate; the system's authorities by default.
    #[arg(long, value_name = "FILE", env = "SEKISHO_APPROVER_AUTHORITY", global = true)]
    authority: Option<PathBuf>,
    /// Connect here instead of where the portal's name leads.
    #[arg(long, value_name = "ADDRESS", global = true)]
    connect: Option<SocketAddr>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: ApproverAction,
}

#[derive(Clone, Subcommand)]
enum ApproverAction {
    /// Register with a one-time link; a key is made if there is none.
    Register {
        /// The link, as an administrator or the account page gave it.
        link: String,
        /// What to call this approver.
        #[arg(long, default_value = "command line")]
        name: String,
    },
    /// Show what is asked, and which login forms can be opened.
    List,
    /// Approve.
    Approve {
        /// The approval's id; not needed where only one is asked.
        #[arg(allow_hyphen_values = true)]
        approval: Option<String>,
        /// The number that the browser shows, where one is asked for; `-` reads it from a line of the input. Without this
        /// it is asked for on a terminal. Where a code is shown, what it says will do too.
        #[arg(long, allow_hyphen_values = true)]
        number: Option<String>,
    },
    /// Deny.
    Deny {
        /// The approval's id; not needed where only one is asked.
        #[arg(allow_hyphen_values = true)]
        approval: Option<String>,
        /// Say that it was somebody else who asked: that network is not listened to for a day.
        #[arg(long)]
        not_me: bool,
    },
    /// Show the table of digits that a user reads the own pattern off, with `token_matrix`.
    Table {
        /// Whose; not needed where this approver shows tables for one user.
        #[arg(long)]
        user: Option<String>,
        /// Ask the gateway nothing: by the seed in the key file and this machine's clock.
        #[arg(long)]
        offline: bool,
    },
    /// Open a login form for one minute and one password.
    Release {
        /// Whose; not needed where this approver serves one user.
        #[arg(long)]
        user: Option<String>,
        /// Which service, as `list` shows it; not needed where there is one.
        #[arg(long)]
        service: Option<String>,
    },
}

debug_by_name!(ApproverAction);

impl Approver {
    /// Does it and prints what was answered.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| CommandFailure::starting(&error))?;
        let answer = runtime.block_on(self.act())?;
        let mut out = io::stdout().lock();
        let text = if self.json { answer.to_string() } else { words(&answer) };
        unless_enough(writeln!(out, "{}", text.trim_end()))
    }

    async fn act(&self) -> Result<Value, CommandFailure> {
        match &self.action {
            ApproverAction::Register { link, name } => {
                let (portal, secret) = link.split_once("/approver/#add=").ok_or_else(|| {
                    CommandFailure::Failed(say("approver-read-link", &[]), Some(say("approver-link-hint", &[]).into()))
                })?;
                let key = OwnKey::open_or_make(&self.key, portal)?;
                let client = self.client(key)?;
                client.ask("POST", "/register", Some(&json!({ "link": secret, "name": name }))).await
            }
            ApproverAction::List => {
                let mut seen = self.opened()?.ask("GET", "/slots", None).await?;
                matter::unfold(&mut seen);
                Ok(seen)
            }
            ApproverAction::Approve { approval, number } => self.answer("approve", approval.as_deref(), number.as_deref()).await,
            ApproverAction::Deny { approval, not_me } => {
                self.answer(if *not_me { "not_me" } else { "deny" }, approval.as_deref(), None).await
            }
            ApproverAction::Table { user, offline: true } => table::shown(&table::recall(&self.key, user.as_deref())?, now()),
            ApproverAction::Table { user, offline: false } => {
                let (seed, time) = table::look(&self.opened()?, &self.key, user.as_deref()).await?;
                table::shown(&seed, time)
            }
            ApproverAction::Release { user, service } => self.release(user.as_deref(), service.as_deref()).await,
        }
    }

    fn opened(&self) -> Result<ApproverClient, CommandFailure> {
        self.client(OwnKey::open(&self.key)?)
    }

    fn client(&self, key: OwnKey) -> Result<ApproverClient, CommandFailure> {
        ApproverClient::new(key, self.authority.as_deref(), self.connect)
    }

    async fn answer(&self, decision: &str, approval: Option<&str>, number: Option<&str>) -> Result<Value, CommandFailure> {
        let client = self.opened()?;
        let seen = client.ask("GET", "/slots", None).await?;
        let asked: Vec<&Value> = list(&seen, "slots").iter().flat_map(|slot| list(slot, "approvals")).collect();
        let question = match approval {
            Some(id) => asked.into_iter().find(|one| one["id"] == id),
            None if asked.len() > 1 => {
                let ids: Vec<_> = asked.iter().filter_map(|one| one["id"].as_str()).collect();
                let hint = say("approver-several-hint", &[("ids", &ids.join(", "))]);
                return Err(CommandFailure::Failed(say("approver-several", &[]), Some(hint.into())));
            }
            None => asked.into_iter().next(),
        };
        let none = || CommandFailure::Failed(say("approver-none", &[]), None);
        let question = question.ok_or_else(none)?;
        let (id, shown) = (question["id"].as_str().unwrap_or_default(), question["shown"].as_str().unwrap_or_default());
        let number = if decision == "approve" { carried(question, number)? } else { None };
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, shown.as_bytes());
        let mut claims = json!({
            "approval": id, "decision": decision, "shown": base64url(digest.as_ref()), "aud": client.portal(),
        });
        if let (Some(number), Some(claims)) = (&number, claims.as_object_mut()) {
            claims.insert("number".to_owned(), json!(number));
        }
        let answer = client.sign("sekisho-answer+jwt", claims)?;
        let mut answer = client.ask("POST", &format!("/approvals/{id}"), Some(&json!({ "answer": answer }))).await?;
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("approval".to_owned(), json!(id));
            if let Some(details) = matter::of(question) {
                answer.insert("details".to_owned(), details);
            }
        }
        Ok(answer)
    }

    async fn release(&self, user: Option<&str>, service: Option<&str>) -> Result<Value, CommandFailure> {
        let client = self.opened()?;
        let seen = client.ask("GET", "/slots", None).await?;
        let found = list(&seen, "slots")
            .iter()
            .filter(|slot| user.is_none_or(|user| slot["user"] == user))
            .flat_map(|slot| list(slot, "services").iter().map(move |one| (&slot["user"], &one["service"])))
            .filter(|(_, one)| service.is_none_or(|service| **one == service))
            .collect::<Vec<_>>();
        let hint = || Some(say("approver-form-hint", &[]).into());
        match found.as_slice() {
            [(user, service)] => {
                let claims = json!({ "user": user, "service": service, "aud": client.portal() });
                let release = client.sign("sekisho-release+jwt", claims)?;
                client.ask("POST", "/windows", Some(&json!({ "release": release }))).await
            }
            [] => Err(CommandFailure::Failed(say("approver-no-form", &[]), hint())),
            _ => Err(CommandFailure::Failed(say("approver-several-forms", &[]), hint())),
        }
    }
}

/// The number that a question asks for, as it is signed; `None` where it asks for none.
fn carried(question: &Value, given: Option<&str>) -> Result<Option<String>, CommandFailure> {
    let style = question["number"].as_str().unwrap_or_default();
    let digits = usize::try_from(question["digits"].as_u64().unwrap_or_default()).unwrap_or_default();
    let wants = match style {
        "none" => return Ok(None),
        "choose" => say("approver-wants-choose", &[]),
        "type" => say("approver-wants-type", &[("digits", &digits)]),
        "scan" => say("approver-wants-scan", &[("digits", &digits)]),
        other => {
            let what = say("approver-unknown-style", &[("style", &plain(other))]);
            return Err(CommandFailure::Failed(what, Some(say("approver-too-old", &[]).into())));
        }
    };
    let failed = |what: String| CommandFailure::Failed(what, Some(say("approver-give", &[("wants", &wants)]).into()));
    let typed = match given {
        Some("-") => read_line(None),
        Some(given) => Ok(given.to_owned()),
        None if io::stdin().is_terminal() => {
            let scan = style == "scan";
            read_line(Some(&if scan { say("approver-prompt-scan", &[]) } else { say("approver-prompt-number", &[]) }))
        }
        None => return Err(failed(say("approver-number-asked", &[]))),
    };
    let typed = typed.map_err(|error| CommandFailure::Failed(say("approver-read-number", &[("why", &error)]), None))?;
    // A code holds the address of the approver's page; the number stands behind its `#`, after the approval that it is for.
    if let Some((_, code)) = typed.trim().split_once("#scan=").filter(|_| style == "scan") {
        return match code.split_once('.') {
            Some((id, number)) if question["id"] == id => Ok(Some(number.to_owned())),
            _ => Err(failed(say("approver-other-code", &[]))),
        };
    }
    let number = number::digits(&typed);
    // A wrong number denies at once: one that is not whole is not sent.
    if digits > 0 && (number.len() != digits || !number.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(failed(say("approver-digits", &[("digits", &digits)])));
    }
    Ok(Some(number))
}

fn read_line(prompt: Option<&str>) -> io::Result<String> {
    if let Some(prompt) = prompt {
        let mut words = io::stderr().lock();
        write!(words, "{prompt} ")?;
        words.flush()?;
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line)
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// For people.
fn words(answer: &Value) -> String {
    use std::fmt::Write as _;

    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(user) = answer.get("approver").and(answer.get("user")) {
        return say("approver-registered", &[("user", &user.as_str().unwrap_or_default())]);
    }
    if answer.get("until").is_some() {
        let refused = answer["refused"].as_u64().unwrap_or_default();
        return say("approver-open-until", &[("until", &text(answer, "until")), ("refused", &refused)]);
    }
    let mut out = String::new();
    if answer.get("table").is_some() {
        table::write(&mut out, answer);
        return out;
    }
    if answer.get("state").is_some() {
        let _infallible = writeln!(out, "{}", text(answer, "state"));
        if let Some(details) = answer.get("details") {
            matter::write(&mut out, details, "  ");
        }
        return out;
    }
    for slot in list(answer, "slots") {
        let _infallible = writeln!(out, "{} ({})", text(slot, "user"), text(slot, "state"));
        for asked in list(slot, "approvals") {
            let shown: Value = serde_json::from_str(&text(asked, "shown")).unwrap_or_default();
            let app = shown.get("app").and_then(Value::as_str).map_or_else(|| say("approver-portal", &[]), plain);
            let browser = text(&shown, "browser");
            let who = if browser.is_empty() { String::new() } else { format!("{} ", plain(&browser)) };
            let request = say(
                "approver-request",
                &[
                    ("purpose", &text(&shown, "purpose")),
                    ("app", &app),
                    ("browser", &who),
                    ("address", &text(&shown, "address")),
                    ("number", &text(asked, "number")),
                    ("until", &text(asked, "expires_at")),
                ],
            );
            let _infallible = writeln!(out, "  {}  {}  {request}", say("approver-asked", &[]), text(asked, "id"));
            if let Some(details) = shown.get("details") {
                matter::write(&mut out, details, "    ");
            }
        }
        for service in list(slot, "services") {
            let state = if service["open"] == true { say("approver-open", &[]) } else { say("approver-shut", &[]) };
            let form = say("approver-login-form", &[]);
            let _infallible = writeln!(out, "  {form}  {}  {state}", text(service, "service"));
        }
    }
    if out.is_empty() { say("approver-nobody", &[]) } else { out }
}

/// The time that is signed.
fn now() -> i64 {
    SystemClock::new().now().seconds()
}
