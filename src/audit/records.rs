//! The rows of the audit log: how an event is written, how a row is read, and which rows a filter finds.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::event::{Event, EventOutcome};
use crate::clock::Timestamp;
use crate::store::database::{DatabaseError, DatabaseTransaction, Row, Value};

/// Longest value kept, in characters.
const LONGEST: usize = 256;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Entry)]
pub struct AuditRecord {
    /// Rises with every line.
    pub id: i64,
    /// When.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// What happened.
    pub what: String,
    /// How it ended: `done` or `refused`.
    #[schema(value_type = String)]
    pub outcome: EventOutcome,
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
    pub outcome: Option<EventOutcome>,
}

impl AuditRecord {
    /// One line of JSON, without a line feed.
    pub fn json_line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Filter {
    pub(super) fn parameters(&self) -> Vec<Value> {
        let what = self.what.as_deref().map(|what| what.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"));
        vec![
            self.user.clone().into(),
            self.what.clone().into(),
            what.map(|what| format!("{what}.%")).into(),
            self.from.map(Timestamp::millis).into(),
            self.until.map(Timestamp::millis).into(),
            self.address.clone().into(),
            self.outcome.map(EventOutcome::word).into(),
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

pub(super) const PAGE_DOWN: &str = page!("id < $8 ORDER BY id DESC");

pub(super) const PAGE_UP: &str = page!("id > $8 ORDER BY id");

pub(super) async fn insert(
    transaction: &mut DatabaseTransaction,
    id: i64,
    at: Timestamp,
    event: &Event,
) -> Result<(), DatabaseError> {
    let details: BTreeMap<&str, String> = event.details.iter().map(|(name, value)| (*name, plain(value))).collect();
    let text = |value: &Option<String>| Value::from(value.as_deref().map(plain));
    transaction
        .execute(
            "INSERT INTO audit (id, at, what, outcome, user_name, actor, app, address, request_id, check_name, refusal, details) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            &[
                id.into(),
                at.into(),
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

pub(super) fn record(row: &Row) -> Result<AuditRecord, DatabaseError> {
    Ok(AuditRecord {
        id: row.integer("id")?,
        at: row.time("at")?,
        what: row.text("what")?,
        outcome: row.text("outcome")?.parse().map_err(|_unknown_word| DatabaseError::Column("outcome"))?,
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
