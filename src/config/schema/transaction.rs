//! `[[app.transaction]]`: requests that are held until each is approved.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::TimeSpan;
use crate::principal::words::Words;

/// A request that is held until it is approved by itself: what it would do is shown on the phone, and exactly those bytes
/// are forwarded once.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Transaction", deny_unknown_fields)]
pub struct TransactionSection {
    /// A short name, unique in the app: `a-z`, `0-9` and `-`. The audit log, receipts and the assertion say it.
    pub name: String,
    /// Path patterns, as those of a rule. Where several transactions match, the most specific one holds; a path that is
    /// one to some apps and none to others (`/Transfer/`) is refused.
    pub paths: Vec<String>,
    /// Methods; `POST`, `PUT`, `PATCH` and `DELETE` by default.
    #[serde(default = "writing")]
    pub methods: Vec<String>,
    /// What it is, by language; `en` at least: `{ en = "Transfer", ja = "振込" }`.
    pub title: Words,
    /// A sentence below it, by language.
    #[serde(default)]
    pub sentence: Words,
    /// What is read of the request and shown, in this order: one `[[app.transaction.show]]` each. A request of which it
    /// cannot be read is refused.
    #[serde(default)]
    pub show: Vec<ShownSection>,
    /// How it is approved.
    #[serde(default)]
    pub by: TransactionMethod,
    /// Whether the transaction password is asked for first; it is another one than that of the sign-in.
    #[serde(default)]
    pub password: bool,
    /// Whether a number is carried from the browser to the phone. Only where the user approves.
    #[serde(default)]
    pub number: bool,
    /// Who approves, where it is not the user.
    #[serde(default)]
    pub approvers: Option<TransactionApprovers>,
    /// How long it waits for its approval, 30 minutes at most.
    #[serde(default = "two_minutes")]
    pub waits: TimeSpan,
    /// How long one approval covers further requests of this kind by the same session; without this key it covers none.
    #[serde(default)]
    pub covers: Option<TimeSpan>,
}

fn writing() -> Vec<String> {
    ["POST", "PUT", "PATCH", "DELETE"].map(str::to_owned).into()
}

const fn two_minutes() -> TimeSpan {
    TimeSpan::minutes(2)
}

/// Something of a transaction that is shown.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Shown", deny_unknown_fields)]
pub struct ShownSection {
    /// What it is called, by language: `{ en = "Payee", ja = "振込先" }`.
    pub label: Words,
    /// Where it is read: `path:2` (the second segment), `query:NAME`, `form:NAME`, `multipart:NAME`, `json:/a/b` (RFC 6901) or
    /// `header:NAME`.
    pub from: String,
    /// How it is written.
    #[serde(default)]
    pub format: ShownFormat,
    /// The currency, where it is an amount: `JPY`.
    #[serde(default)]
    pub currency: Option<String>,
    /// Whether it may be missing; then that is said in its place. Without this key such a request is refused.
    #[serde(default)]
    pub optional: bool,
}

/// How something is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShownFormat {
    /// As it came.
    #[default]
    Text,
    /// A decimal number, in groups of three: `1,250,000`. Anything else is refused.
    Number,
    /// The same with its currency: `1,250,000 JPY`.
    Currency,
}

/// How a transaction is approved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransactionMethod {
    /// On the phone, which shows it and signs what it shows.
    #[default]
    Push,
    /// By a one-time password of the user's authenticator app, typed beside what is shown.
    Otp,
}

/// Who approves a transaction.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransactionApprovers {
    /// Members of these groups.
    pub groups: Vec<String>,
    /// How many of them must; all of those who are asked may refuse.
    #[serde(default = "one")]
    pub count: usize,
    /// Whether the requester counts as one of them.
    #[serde(default)]
    pub requester: bool,
}

const fn one() -> usize {
    1
}
