//! The audit log: who, what, from where, which check decided, by which request. Append only: rows are never changed.
//! Values are cut to 256 characters and hold no character that could end a line or turn one around (T46).
//! Invariant: this room knows words, no type of the rooms above it.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;

use crate::clock::{SharedClock, Timestamp};
use crate::facts::client_address::ClientAddress;
use crate::store::database::{Database, DatabaseError, Row, Transaction, Value};

/// Longest value kept, in characters.
const LONGEST: usize = 256;
/// Events that wait for [`Audit::flush`] at most; beyond it the newest are counted and dropped.
const WAITING: usize = 10_000;
/// Refusals of one network that are noted within an hour …
const OF_NETWORK: u32 = 1_000;
/// … and of all. What is refused anybody can do again and again, and rows are for ever.
const OF_ALL: u32 = 20_000;
const HOUR: Duration = Duration::from_secs(3600);

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    #[default]
    Done,
    /// It was refused or went wrong.
    Refused,
}

impl Outcome {
    /// The word in rows and filters.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// Reads [`Self::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Done, Self::Refused].into_iter().find(|outcome| outcome.word() == word)
    }
}

/// Something that happened.
#[derive(Clone, Debug, Default)]
pub struct Event {
    what: &'static str,
    outcome: Outcome,
    user: Option<String>,
    actor: Option<String>,
    app: Option<String>,
    address: Option<ClientAddress>,
    request_id: Option<String>,
    check: Option<&'static str>,
    refusal: Option<&'static str>,
    details: BTreeMap<&'static str, String>,
}

impl Event {
    /// Begins with what happened: `user.add`, `sign_in`, `session.revoke`; a dot between the thing and the deed.
    pub fn new(what: &'static str) -> Self {
        Self { what, ..Self::default() }
    }

    /// Whom it is about.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Who did it, where that is not the user.
    #[must_use]
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = Some(actor.into());
        self
    }

    /// At which app.
    #[must_use]
    pub fn app(mut self, app: impl Into<String>) -> Self {
        self.app = Some(app.into());
        self
    }

    /// Where from.
    #[must_use]
    pub const fn address(mut self, address: ClientAddress) -> Self {
        self.address = Some(address);
        self
    }

    /// By which request.
    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Which check decided.
    #[must_use]
    pub const fn check(mut self, check: &'static str) -> Self {
        self.check = Some(check);
        self
    }

    /// That it was refused, and why: a refusal's code.
    #[must_use]
    pub const fn refused(mut self, code: &'static str) -> Self {
        self.refusal = Some(code);
        self.outcome = Outcome::Refused;
        self
    }

    /// One more thing to know. Never a secret.
    #[must_use]
    pub fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.insert(name, value.into());
        self
    }
}

/// A row as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Rises with every row.
    pub id: i64,
    /// RFC 3339.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// What happened.
    pub what: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// At which app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// Where from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// By which request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Which check decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// What else is to know.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
}

/// Which rows; every field narrows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// About this user, or done by this one.
    pub user: Option<String>,
    /// This, or what begins with it and a dot: `user` finds `user.add`.
    pub what: Option<String>,
    /// From here on.
    pub from: Option<Timestamp>,
    /// Before this.
    pub until: Option<Timestamp>,
    /// From this address.
    pub address: Option<String>,
    /// Ended so.
    pub outcome: Option<Outcome>,
}

/// The log.
#[derive(Debug)]
pub struct Audit {
    database: Database,
    clock: SharedClock,
    waiting: std::sync::Mutex<Vec<Entry>>,
    refusals: std::sync::Mutex<Refusals>,
}

/// Refusals that were noted within the hour.
#[derive(Debug, Default)]
struct Refusals {
    since: Duration,
    all: u32,
    networks: HashMap<IpAddr, u32>,
}

/// What becomes of one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noted {
    Yes,
    /// The last of its network.
    Last,
    No,
}

impl Refusals {
    fn one_more(&mut self, address: ClientAddress, now: Duration) -> Noted {
        if now.saturating_sub(self.since) >= HOUR {
            *self = Self { since: now, ..Self::default() };
        }
        let of_network = self.networks.get(&address.counting_network()).copied().unwrap_or(0);
        if self.all >= OF_ALL || of_network >= OF_NETWORK {
            return Noted::No;
        }
        self.all += 1;
        self.networks.insert(address.counting_network(), of_network + 1);
        if of_network + 1 == OF_NETWORK || self.all == OF_ALL { Noted::Last } else { Noted::Yes }
    }
}

#[derive(Debug)]
struct Entry {
    at: Timestamp,
    event: Event,
}

impl Audit {
    /// In this directory.
    pub fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock, waiting: std::sync::Mutex::default(), refusals: std::sync::Mutex::default() }
    }

    /// Writes an event; durable when this resolves. For every act and every sign-in.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn record(&self, event: Event) -> Result<(), DatabaseError> {
        self.write(&[Entry { at: self.clock.now(), event }]).await
    }

    /// Lets an event wait for the next [`Self::flush`]: for what happens on the hot path, where nobody may wait for a
    /// disk. A crash may lose it; a flood of them is counted in `sekisho_audit_dropped_total` and cut: of refusals, a
    /// thousand of one network within an hour are noted, the last with the detail `further = "left out"`.
    pub fn note(&self, mut event: Event) {
        if event.outcome == Outcome::Refused
            && let Some(address) = event.address
        {
            let mut refusals = self.refusals.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match refusals.one_more(address, self.clock.monotonic()) {
                Noted::Yes => {}
                Noted::Last => event = event.detail("further", "left out"),
                Noted::No => {
                    metrics::counter!("sekisho_audit_dropped_total").increment(1);
                    return;
                }
            }
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if waiting.len() < WAITING {
            waiting.push(Entry { at: self.clock.now(), event });
        } else {
            metrics::counter!("sekisho_audit_dropped_total").increment(1);
        }
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// [`DatabaseError`]: what waited waits on, as far as there is room for it.
    pub async fn flush(&self) -> Result<(), DatabaseError> {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        if waiting.is_empty() {
            return Ok(());
        }
        let written = self.write(&waiting).await;
        if written.is_err() {
            let mut since = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let later = std::mem::replace(&mut *since, waiting);
            since.extend(later);
            let dropped = since.len().saturating_sub(WAITING);
            since.truncate(WAITING);
            metrics::counter!("sekisho_audit_dropped_total").increment(u64::try_from(dropped).unwrap_or(u64::MAX));
        }
        written
    }

    async fn write(&self, entries: &[Entry]) -> Result<(), DatabaseError> {
        // Ids rise in the order of the commits, so that a reader who pages by id misses nothing: the transaction has the
        // database for itself from its beginning on.
        let mut transaction = self.database.begin().await?;
        let last = transaction.row("SELECT MAX(id) AS last FROM audit", &[]).await?;
        let mut id = last.map(|row| row.optional_integer("last")).transpose()?.flatten().unwrap_or(0);
        for entry in entries {
            id += 1;
            insert(&mut transaction, id, entry).await?;
        }
        transaction.commit().await
    }

    /// A page of rows, newest first: up to `limit` (at most 1,000) with ids below `before`.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn query(&self, filter: &Filter, before: Option<i64>, limit: u32) -> Result<Vec<Record>, DatabaseError> {
        let mut row = filter.parameters();
        row.push(before.unwrap_or(i64::MAX).into());
        row.push(i64::from(limit.min(1000)).into());
        let rows = self.database.rows(PAGE_DOWN, &row).await?;
        rows.iter().map(record).collect()
    }

    /// All rows that match, oldest first, as JSON lines; `each` gets some lines at a time, each ended by a line feed.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn export(&self, filter: &Filter, mut each: impl FnMut(&str)) -> Result<(), DatabaseError> {
        let mut after = 0;
        loop {
            let mut row = filter.parameters();
            row.push(after.into());
            row.push(1000i64.into());
            let rows = self.database.rows(PAGE_UP, &row).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut lines = String::new();
            for row in &rows {
                let record = record(row)?;
                after = record.id;
                lines.push_str(&record.json_line());
                lines.push('\n');
            }
            each(&lines);
        }
    }
}

impl Record {
    /// One line of JSON, without a line feed.
    pub fn json_line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Filter {
    fn parameters(&self) -> Vec<Value> {
        let what = self.what.as_deref().map(|what| what.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"));
        vec![
            self.user.clone().into(),
            self.what.clone().into(),
            what.map(|what| format!("{what}.%")).into(),
            self.from.map(Timestamp::millis).into(),
            self.until.map(Timestamp::millis).into(),
            self.address.clone().into(),
            self.outcome.map(Outcome::word).into(),
        ]
    }
}

macro_rules! page {
    ($order:literal) => {
        concat!(
            "SELECT * FROM audit WHERE ($1 IS NULL OR user_name = $1 OR actor = $1) AND ($2 IS NULL OR what = $2 OR what LIKE $3 ESCAPE '\\') \
             AND ($4 IS NULL OR at >= $4) AND ($5 IS NULL OR at < $5) AND ($6 IS NULL OR address = $6) \
             AND ($7 IS NULL OR outcome = $7) AND ",
            $order,
            " LIMIT $9"
        )
    };
}
const PAGE_DOWN: &str = page!("id < $8 ORDER BY id DESC");
const PAGE_UP: &str = page!("id > $8 ORDER BY id");

async fn insert(transaction: &mut Transaction, id: i64, entry: &Entry) -> Result<(), DatabaseError> {
    let event = &entry.event;
    let details: BTreeMap<&str, String> = event.details.iter().map(|(name, value)| (*name, plain(value))).collect();
    let text = |value: &Option<String>| Value::from(value.as_deref().map(plain));
    transaction
        .execute(
            "INSERT INTO audit (id, at, what, outcome, user_name, actor, app, address, request_id, check_name, refusal, details) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            &[
                id.into(),
                entry.at.into(),
                event.what.into(),
                event.outcome.word().into(),
                text(&event.user),
                text(&event.actor),
                text(&event.app),
                event.address.map(|address| address.to_string()).into(),
                text(&event.request_id),
                event.check.into(),
                event.refusal.into(),
                serde_json::to_string(&details).unwrap_or_default().into(),
            ],
        )
        .await?;
    Ok(())
}

fn record(row: &Row) -> Result<Record, DatabaseError> {
    Ok(Record {
        id: row.integer("id")?,
        at: row.time("at")?,
        what: row.text("what")?,
        outcome: Outcome::from_word(&row.text("outcome")?).ok_or(DatabaseError::Column("outcome"))?,
        user: row.optional_text("user_name")?,
        actor: row.optional_text("actor")?,
        app: row.optional_text("app")?,
        address: row.optional_text("address")?,
        request_id: row.optional_text("request_id")?,
        check: row.optional_text("check_name")?,
        refusal: row.optional_text("refusal")?,
        details: serde_json::from_str(&row.text("details")?).map_err(|_| DatabaseError::Column("details"))?,
    })
}

/// A value that cannot break out of its place: controls, line and paragraph separators and the characters that turn
/// the direction of text around are written as `\u{…}`.
fn plain(value: &str) -> String {
    let mut out = String::with_capacity(value.len().min(LONGEST));
    let mut kept = 0;
    for c in value.chars() {
        let escaped = c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
        let width = if escaped { c.escape_unicode().count() } else { 1 };
        if kept + width > LONGEST - 1 {
            out.push('…');
            break;
        }
        kept += width;
        if escaped { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

fn rfc3339<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.rfc3339())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::clock::ManualClock;

    async fn audit() -> (tempfile::TempDir, Arc<ManualClock>, Database, Audit) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        let audit = Audit::new(database.clone(), clock.clone());
        (folder, clock, database, audit)
    }

    #[tokio::test]
    async fn a_value_cannot_break_its_line_or_turn_it_around_t46() {
        let (_folder, _clock, _database, audit) = audit().await;
        let evil = format!("a\r\nremote_ip=9.9.9.9\u{1b}[31m\u{202e}\u{2028}{}", "x".repeat(1_000_000));
        audit.record(Event::new("sign_in").user(evil.clone()).detail("agent", evil)).await.unwrap();
        let found = audit.query(&Filter::default(), None, 10).await.unwrap();
        let user = found[0].user.as_deref().unwrap();
        assert!(user.starts_with("a\\u{d}\\u{a}remote_ip=9.9.9.9\\u{1b}[31m\\u{202e}\\u{2028}x"), "{user}");
        assert!(user.chars().count() <= 256 && user.ends_with('…'));
        assert_eq!(found[0].json_line().lines().count(), 1);
        assert!(found[0].details["agent"].chars().count() <= 256);
    }

    #[tokio::test]
    async fn rows_are_found_by_who_what_when_where_and_how_it_ended() {
        let (_folder, clock, _database, audit) = audit().await;
        let here = ClientAddress::new("192.0.2.1".parse().unwrap());
        audit.record(Event::new("user.add").user("alice").actor("root")).await.unwrap();
        clock.advance(Duration::from_secs(60));
        audit.record(Event::new("sign_in").user("alice").address(here).refused("wrong_password")).await.unwrap();
        clock.advance(Duration::from_secs(60));
        audit.record(Event::new("userland").user("bob")).await.unwrap();
        let whats = async |filter: Filter| -> Vec<String> {
            audit.query(&filter, None, 10).await.unwrap().into_iter().map(|record| record.what).collect()
        };
        assert_eq!(whats(Filter { user: Some("alice".into()), ..Filter::default() }).await, ["sign_in", "user.add"]);
        assert_eq!(whats(Filter { user: Some("root".into()), ..Filter::default() }).await, ["user.add"]);
        assert_eq!(whats(Filter { what: Some("user".into()), ..Filter::default() }).await, ["user.add"]);
        audit.record(Event::new("sign_in.step").user("carol")).await.unwrap();
        audit.record(Event::new("signXin.step").user("carol")).await.unwrap();
        assert_eq!(whats(Filter { what: Some("sign_in".into()), ..Filter::default() }).await, ["sign_in.step", "sign_in"]);
        assert_eq!(whats(Filter { what: Some("%".into()), ..Filter::default() }).await, [""; 0]);
        assert_eq!(whats(Filter { address: Some("192.0.2.1".into()), ..Filter::default() }).await, ["sign_in"]);
        assert_eq!(whats(Filter { outcome: Some(Outcome::Refused), ..Filter::default() }).await, ["sign_in"]);
        let from = Timestamp::from_seconds(1_800_000_060);
        let until = Timestamp::from_seconds(1_800_000_120);
        assert_eq!(whats(Filter { from: Some(from), until: Some(until), ..Filter::default() }).await, ["sign_in"]);
    }

    #[tokio::test]
    async fn pages_meet_without_gap_and_the_export_is_json_lines() {
        let (_folder, clock, database, audit) = audit().await;
        for n in 0..5 {
            audit.note(Event::new("noted").detail("n", n.to_string()));
        }
        audit.flush().await.unwrap();
        let first = audit.query(&Filter::default(), None, 2).await.unwrap();
        let second = audit.query(&Filter::default(), Some(first[1].id), 10).await.unwrap();
        let seen: Vec<_> = first.iter().chain(&second).map(|record| record.details["n"].as_str()).collect();
        assert_eq!(seen, ["4", "3", "2", "1", "0"]);
        // After a restart the ids go on.
        let again = Audit::new(database, clock);
        again.record(Event::new("later")).await.unwrap();
        let mut lines = String::new();
        again.export(&Filter::default(), |some| lines.push_str(some)).await.unwrap();
        let rows: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), 6);
        assert_eq!(rows[5]["what"], "later");
        assert!(rows[5]["id"].as_i64() > rows[4]["id"].as_i64());
    }

    #[tokio::test]
    async fn what_is_refused_again_and_again_is_noted_so_often_within_an_hour() {
        let (_folder, clock, _database, audit) = audit().await;
        let from = |text: &str| ClientAddress::new(text.parse().unwrap());
        let noted = async |address: ClientAddress, times: u32| {
            for _ in 0..times {
                audit.note(Event::new("sign_in").address(address).refused("address_not_allowed"));
            }
            audit.flush().await.unwrap();
            let filter = Filter { address: Some(address.to_string()), ..Filter::default() };
            audit.query(&filter, None, 1000).await.unwrap()
        };
        assert_eq!(noted(from("2001:db8::1"), OF_NETWORK - 1).await.len(), 999);
        let last = noted(from("2001:db8::2"), 5).await;
        assert_eq!((last.len(), last[0].details["further"].as_str()), (1, "left out"), "the same /64");
        assert_eq!(noted(from("192.0.2.1"), 5).await.len(), 5, "another network");
        audit.note(Event::new("sign_in").address(from("2001:db8::3")));
        clock.advance(HOUR);
        assert_eq!(noted(from("2001:db8::2"), 5).await.len(), 6);
        assert_eq!(noted(from("2001:db8::3"), 0).await.len(), 1, "what was done is noted all the same");
        let mut refusals = Refusals::default();
        let all = (0..30_000u32)
            .filter(|n| refusals.one_more(from(&std::net::Ipv4Addr::from(*n).to_string()), Duration::ZERO) != Noted::No);
        assert_eq!(all.count(), 20_000, "in all");
        assert_eq!(refusals.networks.len(), 20_000);
    }
}
