//! `sekisho man`, and the references of the command line and the API as Markdown, made from the definitions of the
//! commands and from the OpenAPI document. The references are checked in below docs/reference.
//! Invariant: nothing here names a command, an option or a field.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::PathBuf;

use clap::builder::ValueRange;
use clap::{Arg, Args, Command, CommandFactory as _};
use serde_json::Value;

use super::words::say;
use super::{CommandFailure, Line};
use crate::portal::api::v1::describe;

/// Write the manual pages: `sekisho.1`, and one for each command.
#[derive(Args, Clone, Debug)]
pub(super) struct Man {
    /// The folder to write to, such as /usr/local/share/man/man1. It is made if it is not there; pages in it are written over.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Man {
    /// Writes the pages.
    ///
    /// # Errors
    /// [`CommandFailure`].
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let failed = |error: io::Error| {
            CommandFailure::Failed(say("failure-manual", &[("folder", &self.dir.display()), ("why", &error)]), None)
        };
        fs::create_dir_all(&self.dir).map_err(failed)?;
        let mut command = Line::command().disable_help_subcommand(true);
        command.build();
        for (command, name) in commands(&command, "") {
            let page =
                clap_mangen::Man::new(command.clone().name(name.clone()).display_name(name.clone()).disable_help_flag(true));
            let mut text = Vec::new();
            page.manual("Sekisho").render(&mut text).map_err(failed)?;
            fs::write(self.dir.join(format!("{name}.1")), text).map_err(failed)?;
        }
        Ok(())
    }
}

/// A command and all below it, with the names of their pages: `sekisho`, `sekisho-user`, `sekisho-user-add`.
fn commands<'a>(command: &'a Command, before: &str) -> Vec<(&'a Command, String)> {
    let name = if before.is_empty() { command.get_name().to_owned() } else { format!("{before}-{}", command.get_name()) };
    let below = command.get_subcommands().filter(|below| !below.is_hide_set()).flat_map(|below| commands(below, &name));
    std::iter::once((command, name.clone())).chain(below.collect::<Vec<_>>()).collect()
}

const COMMANDS: &str = "# The command line: every command

<!-- Generated from the definitions of the commands. Write it again with: BLESS=1 cargo test --test manual -->

`sekisho COMMAND --help` prints the same at the terminal, and `sekisho man DIR` writes it as manual pages. `sekisho completions SHELL` prints
completions.

What a command answers goes to standard output, words about it to standard error.

What a command says to people is in English or Japanese: results, errors with their hints, the headings of tables, the guide of `sekisho demo`.
`--lang ja` or `--lang en` chooses; otherwise the first that is set of `SEKISHO_LANGUAGE`, `LC_ALL`, `LC_MESSAGES` and `LANG`, where anything but
Japanese is English. English everywhere are: what `--json` writes, errors beside it too; log lines; reasons that point into the config; this
help; and words that an option takes, such as states.

";

/// Options of every command, which are not told again with each.
const EVERYWHERE: [&str; 2] = ["help", "lang"];

/// The reference of the command line, as Markdown.
pub fn command_line() -> String {
    let mut line = Line::command().disable_help_subcommand(true);
    line.build();
    let mut out = COMMANDS.to_owned();
    let _ = writeln!(out, "{}", super::EXIT_CODES);
    for (command, name) in commands(&line, "") {
        if name == line.get_name() {
            continue;
        }
        let spelt = command.get_bin_name().unwrap_or_default();
        let about = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string).unwrap_or_default();
        let _ = write!(out, "\n## {spelt}\n\n{}\n", sentence(&about));
        if command.has_subcommands() {
            continue;
        }
        let arguments: Vec<&Arg> =
            command.get_arguments().filter(|one| !one.is_hide_set() && !EVERYWHERE.contains(&one.get_id().as_str())).collect();
        if arguments.is_empty() {
            continue;
        }
        out.push_str("\n| argument | meaning |\n|---|---|\n");
        for argument in arguments {
            let _ = writeln!(out, "| `{}` | {} |", spelling(argument), cell(&meaning(argument)));
        }
    }
    out
}

/// How an argument is written.
fn spelling(argument: &Arg) -> String {
    let takes_value = argument.get_num_args().unwrap_or(ValueRange::SINGLE).takes_values();
    let names = argument.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let value = if names.is_empty() { argument.get_id().as_str().to_uppercase() } else { names };
    match (argument.get_long(), takes_value) {
        (Some(long), true) => format!("--{long} {value}"),
        (Some(long), false) => format!("--{long}"),
        (None, _) if argument.is_required_set() => value,
        (None, _) => format!("[{value}]"),
    }
}

fn meaning(argument: &Arg) -> String {
    let help = argument.get_long_help().or_else(|| argument.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut words = sentence(&help);
    let possible: Vec<String> = argument.get_possible_values().iter().map(|one| format!("`{}`", one.get_name())).collect();
    if argument.get_action().takes_values() && !possible.is_empty() {
        let _ = write!(words, " One of {}.", possible.join(", "));
    }
    let defaults: Vec<String> = argument.get_default_values().iter().map(|one| one.to_string_lossy().into_owned()).collect();
    if argument.get_action().takes_values() && !defaults.is_empty() {
        let _ = write!(words, " Default: `{}`.", defaults.join(" "));
    }
    if let Some(variable) = argument.get_env() {
        let _ = write!(words, " From the environment: `{}`.", variable.to_string_lossy());
    }
    if argument.is_required_set() && argument.get_long().is_some() {
        words.push_str(" *Required.*");
    }
    words
}

const API: &str = "# The API: every operation

<!-- Generated from the OpenAPI document. Write it again with: BLESS=1 cargo test --test manual -->

The portal serves the API at `/api/v1`, and its OpenAPI 3.1 document at `/api/v1/openapi.json`. A program sends
`Authorization: Bearer TOKEN`; `sekisho token issue` makes a token. A browser session of a member of `portal.administrators` works too.
*Fresh* means that such a session must come from a sign-in no older than `session.fresh`; a token needs none. Bodies and answers are
JSON; an error is `application/problem+json` with a `code` ([problems.md](problems.md)). Each operation of an administrator is also a
command of the same name ([command-line.md](command-line.md)). Paths stand below `/api/v1`. [approvals-api.md](../approvals-api.md) explains the operations of apps.
";

/// The reference of the API, as Markdown.
pub fn api() -> String {
    let document = describe::document("https://auth.example.com");
    let mut out = API.to_owned();
    let mut tag = String::new();
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let mut operations: Vec<(&str, &str, &str, &Value)> = paths
        .flat_map(|(path, verbs)| {
            verbs.as_object().into_iter().flatten().map(move |(verb, operation)| {
                let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default();
                (tag, path.as_str(), verb.as_str(), operation)
            })
        })
        .collect();
    operations.sort_by_key(|(tag, path, verb, _)| (*tag, *path, *verb));
    for (of, path, verb, operation) in operations {
        if of != tag {
            of.clone_into(&mut tag);
            let _ = write!(out, "\n## {}\n", tag.replace('_', " "));
        }
        let text = |name: &str| operation.get(name).and_then(Value::as_str).unwrap_or_default();
        let _ = write!(out, "\n### `{} {path}`\n\n{}", verb.to_uppercase(), sentence(text("summary")));
        let scope = operation.get("x-sekisho-scope").and_then(Value::as_str);
        match scope {
            Some(scope) => {
                let is_fresh = operation.get("x-sekisho-fresh").and_then(Value::as_bool) == Some(true);
                let fresh = if is_fresh { "fresh" } else { "need not be fresh" };
                let _ = write!(out, "\n\nOperation `{}` · scope `{scope}` · session: {fresh}\n", text("operationId"));
            }
            None => {
                let more = sentence(text("description"));
                let more = if more.is_empty() { more } else { format!(" {more}") };
                let _ = write!(out, "{more}\n\nOperation `{}`\n", text("operationId"));
            }
        }
        fields(&mut out, &document, operation);
    }
    out
}

/// What is sent, and what is answered.
fn fields(out: &mut String, document: &Value, operation: &Value) {
    let mut rows = Vec::new();
    for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        let text = |name: &str| parameter.get(name).and_then(Value::as_str).unwrap_or_default();
        let needed = parameter.get("required").and_then(Value::as_bool) == Some(true);
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        rows.push((
            text("name").to_owned(),
            text("in").to_owned(),
            kind(document, schema),
            needed,
            text("description").to_owned(),
        ));
    }
    if let Some(body) = operation.pointer("/requestBody/content/application~1json/schema") {
        rows.extend(
            properties(document, body).into_iter().map(|(name, kind, needed, words)| (name, "body".into(), kind, needed, words)),
        );
    }
    if !rows.is_empty() {
        out.push_str("\n| field | in | type | required | meaning |\n|---|---|---|---|---|\n");
    }
    for (name, place, kind, needed, words) in rows {
        let needed = if needed { "yes" } else { "no" };
        let words = if words.is_empty() { "–".to_owned() } else { cell(&words) };
        let _ = writeln!(out, "| `{name}` | {place} | {kind} | {needed} | {words} |");
    }
    let answers = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    for (status, answer) in answers.filter(|(status, _)| status.starts_with('2')) {
        let Some(schema) = answer.pointer("/content/application~1json/schema") else { continue };
        let answered = properties(document, schema);
        let names: Vec<String> = answered.iter().map(|(name, kind, ..)| format!("`{name}` ({kind})")).collect();
        let what = if names.is_empty() { kind(document, schema) } else { names.join(", ") };
        let _ = write!(out, "\nAnswer {status}: {what}.\n");
    }
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let named = schema.get("$ref").and_then(Value::as_str);
    named.and_then(|name| document.pointer(name.trim_start_matches('#'))).unwrap_or(schema)
}

/// Name, type, whether it must be there, meaning.
fn properties(document: &Value, schema: &Value) -> Vec<(String, String, bool, String)> {
    let schema = resolve(document, schema);
    let needed: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let all = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    all.map(|(name, of)| {
        let words = of.get("description").and_then(Value::as_str).unwrap_or_default();
        (name.clone(), kind(document, of), needed.contains(&name.as_str()), words.to_owned())
    })
    .collect()
}

fn kind(document: &Value, schema: &Value) -> String {
    for choice in ["oneOf", "anyOf"] {
        if let Some(several) = schema.get(choice).and_then(Value::as_array) {
            let kinds: Vec<String> = several.iter().map(|one| kind(document, one)).filter(|kind| kind != "null").collect();
            return kinds.join(" or ");
        }
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let target = resolve(document, schema);
        let is_table = target.get("properties").is_some();
        return if is_table { name.rsplit('/').next().unwrap_or_default().to_owned() } else { kind(document, target) };
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().map(|word| format!("`{}`", word.as_str().unwrap_or_default())).collect::<Vec<_>>().join(" or ");
    }
    let one = |word: &str| match word {
        "array" => format!("list of {}", schema.get("items").map_or_else(|| "value".to_owned(), |items| kind(document, items))),
        "object" => "object".to_owned(),
        other => other.to_owned(),
    };
    match schema.get("type") {
        Some(Value::String(kind)) => one(kind),
        Some(Value::Array(several)) => {
            let kinds = several.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").map(one);
            kinds.collect::<Vec<_>>().join(" or ")
        }
        _ => "value".to_owned(),
    }
}

/// Text on one line that ends in a full stop.
fn sentence(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() || line.ends_with(['.', '?', ':']) { line } else { format!("{line}.") }
}

fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
