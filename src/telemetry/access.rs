//! The access log: one line for each request. It is the one line of the hot path, so it is put together by hand, in the
//! shape of all other lines; `log.level` filters it like them, by the target `sekisho::access`.
//! Lines are written in batches.
//! Invariant: one request, one line, whatever a client sends (T46).

mod batches;

use std::fmt::Write as _;
use std::net::IpAddr;

use serde::Serialize;

use crate::config::schema::LogFormat;

/// What is written of a request.
#[derive(Debug, Serialize)]
pub struct AccessEntry<'a> {
    /// When it was answered, RFC 3339.
    pub timestamp: &'a str,
    /// The client, as the chain saw it.
    pub remote_ip: IpAddr,
    /// Its method.
    pub method: &'a str,
    /// Host and port that it asked.
    pub host: &'a str,
    /// Its path, without a query.
    pub path: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// Whom the chain let pass; `-` for nobody.
    pub user: &'a str,
    /// `ok`, or the code of what stood in the way.
    pub outcome: &'a str,
    /// How long it took until the answer began, milliseconds.
    pub ms: u64,
    /// Its id.
    pub request_id: &'a str,
}

/// What every line of JSON has.
#[derive(Serialize)]
struct JsonLine<'a> {
    level: &'static str,
    target: &'static str,
    message: &'static str,
    #[serde(flatten)]
    entry: &'a AccessEntry<'a>,
}

/// Whether lines of requests are wanted at all: asked before anything is gathered for one.
pub fn is_wanted() -> bool {
    tracing::enabled!(target: "sekisho::access", tracing::Level::INFO)
}

/// Writes the lines that wait, of all threads: before a process ends.
pub fn flush() {
    batches::LINES.flush();
}

impl AccessEntry<'_> {
    /// Writes the line to stderr, with others: within 100 ms, or as soon as a worker has 64 KiB of them. [`flush`] writes all
    /// that waits.
    pub fn write(&self, format: LogFormat) {
        batches::add(|lines| {
            match format {
                LogFormat::Text => self.as_text(lines),
                LogFormat::Json => self.as_json(lines),
            }
            lines.push('\n');
        });
    }

    fn as_text(&self, line: &mut String) {
        line.push_str(self.timestamp);
        line.push_str("  INFO sekisho::access: request remote_ip=");
        // Into a string, which takes everything.
        let _never_fails = write!(line, "{}", self.remote_ip);
        for (name, value) in [(" method=", self.method), (" host=", self.host), (" path=", self.path)] {
            plain(line, name, value);
        }
        let _never_fails = write!(line, " status={}", self.status);
        plain(line, " user=", self.user);
        plain(line, " outcome=", self.outcome);
        let _never_fails = write!(line, " ms={}", self.ms);
        plain(line, " request_id=", self.request_id);
    }

    fn as_json(&self, line: &mut String) {
        let whole = JsonLine { level: "INFO", target: "sekisho::access", message: "request", entry: self };
        match serde_json::to_string(&whole) {
            // Valid JSON still, and nothing that a terminal obeys.
            Ok(json) => line.push_str(super::made_plain(json.as_bytes()).as_deref().map_or(&*json, str::trim_end)),
            Err(error) => {
                let _never_fails = write!(line, "{{\"level\":\"ERROR\",\"message\":\"access line: {error}\"}}");
            }
        }
    }
}

/// A value as it is, or quoted and escaped where it holds anything that could be taken for something else.
fn plain(line: &mut String, name: &str, value: &str) {
    line.push_str(name);
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'=')) {
        line.push_str(value);
        return;
    }
    line.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => line.extend(['\\', character]),
            ' '..='~' => line.push(character),
            _ => line.extend(character.escape_unicode()),
        }
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> AccessEntry<'_> {
        AccessEntry {
            timestamp: "2026-11-24T00:00:00Z",
            remote_ip: IpAddr::from([192, 0, 2, 1]),
            method: "GET",
            host: "wiki.example.com",
            path,
            status: 200,
            user: "-",
            outcome: "ok",
            ms: 3,
            request_id: "id",
        }
    }

    #[test]
    fn a_line_reads_like_all_others() {
        let mut line = String::new();
        entry("/a").as_text(&mut line);
        assert_eq!(
            line,
            "2026-11-24T00:00:00Z  INFO sekisho::access: request remote_ip=192.0.2.1 method=GET host=wiki.example.com path=/a \
             status=200 user=- outcome=ok ms=3 request_id=id"
        );
    }

    #[test]
    fn nothing_a_client_sends_ends_the_line_or_looks_like_another_field_t46() {
        for hostile in ["/a user=root", "/\r\nb", "/\u{202e}", "/\"x\" status=200", "/\u{1b}[2J", "/a\u{2028}b"] {
            let (mut text, mut json) = (String::new(), String::new());
            entry(hostile).as_text(&mut text);
            entry(hostile).as_json(&mut json);
            assert!(text.bytes().chain(json.bytes()).all(|byte| (0x20..0x7f).contains(&byte)), "{text}\n{json}");
            assert!(text.contains(" path=\"/"), "{text}");
            let read: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!((read["status"].as_u64(), read["user"].as_str()), (Some(200), Some("-")), "{json}");
        }
    }
}
