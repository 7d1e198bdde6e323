//! What the program writes about itself: log lines and metrics. A line stays one line whatever a client sends (T46):
//! values are quoted and escaped by the formatter, control characters that could steer a terminal included.
//! Lines go to stderr; stdout belongs to what commands answer.

pub mod access;
pub mod strangers;

use std::fmt;
use std::fmt::Write as _;
use std::io::{self, Write};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::schema::{Log, LogFormat};

/// Libraries that write nothing.
const QUIET: [&str; 2] = ["webauthn_rs_core=off", "webauthn_attestation_ca=off"];

/// Why nothing can be written.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `log.level` is not a filter.
    #[error(
        "read log.level {level:?}: {reason}; write error, warn, info, debug, trace, or a filter such as \"info,sekisho::gateway=debug\""
    )]
    Level {
        /// What was written.
        level: String,
        /// Why it is none.
        reason: String,
    },
    /// Another recorder is there already.
    #[error("set up the metrics: {0}")]
    Metrics(String),
}

/// Begins to write log lines. Called once, by the command line.
///
/// # Errors
/// [`TelemetryError::Level`].
pub fn log(settings: &Log) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(&settings.level)
        .map_err(|error| TelemetryError::Level { level: settings.level.clone(), reason: error.to_string() })?;
    // The verifier of passkeys writes a line for each answer that does not hold, and those come from strangers: the audit log
    // and `sign_in_failed` say as much, within limits.
    let filter = QUIET.iter().filter_map(|quiet| quiet.parse().ok()).fold(filter, EnvFilter::add_directive);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(OneLine);
    match settings.format {
        // Nothing of ours colours: escape sequences in a log are always somebody else's.
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).with_span_list(false).init(),
    }
    Ok(())
}

/// The metrics of this process.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl fmt::Debug for Metrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Metrics")
    }
}

impl Metrics {
    /// Begins to count. Called once, by the command line.
    ///
    /// # Errors
    /// [`TelemetryError::Metrics`] if something counts already.
    pub fn install() -> Result<Self, TelemetryError> {
        Ok(Self(builder()?.install_recorder().map_err(|error| TelemetryError::Metrics(error.to_string()))?))
    }

    /// A handle that counts nothing: for servers within a test, of which there are several in a process.
    ///
    /// # Errors
    /// [`TelemetryError::Metrics`].
    pub fn detached() -> Result<Self, TelemetryError> {
        Ok(Self(builder()?.build_recorder().handle()))
    }

    /// Prometheus' text format.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

fn builder() -> Result<PrometheusBuilder, TelemetryError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &[0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0])
        .map_err(|error| TelemetryError::Metrics(error.to_string()))
}

/// Writes each event as one line: whatever control character is left inside becomes visible text.
#[derive(Clone, Copy, Debug)]
struct OneLine;

impl<'a> MakeWriter<'a> for OneLine {
    type Writer = LineWriter;

    fn make_writer(&'a self) -> LineWriter {
        LineWriter
    }
}

/// One event on its way to stderr; the formatter writes it in one piece.
#[derive(Debug)]
struct LineWriter;

impl Write for LineWriter {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let mut stderr = io::stderr().lock();
        match made_plain(event) {
            None => stderr.write_all(event)?,
            Some(plain) => stderr.write_all(plain.as_bytes())?,
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// The event with everything escaped that could break its line or steer a terminal; `None` if there is nothing.
fn made_plain(event: &[u8]) -> Option<String> {
    let body = event.strip_suffix(b"\n").unwrap_or(event);
    if body.iter().all(|byte| (0x20..0x7f).contains(byte)) {
        return None;
    }
    let mut plain = String::with_capacity(event.len() + 16);
    for character in String::from_utf8_lossy(body).chars() {
        // Line and paragraph separators and the marks that turn the reading direction are not control characters.
        if character.is_control()
            || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            // As JSON writes it, so that a line of JSON stays one.
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _never_fails = write!(plain, "\\u{unit:04x}");
            }
        } else {
            plain.push(character);
        }
    }
    plain.push('\n');
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_stays_one_line_t46() {
        for hostile in ["a\r\nremote_ip=6.6.6.6", "\u{1b}[2J", "\u{202e}gpj", "a\u{2028}b", "\0"] {
            let plain = made_plain(format!("user={hostile}\n").as_bytes()).unwrap();
            assert_eq!(plain.matches('\n').count(), 1, "{plain:?}");
            assert!(plain.trim_end().chars().all(|c| !c.is_control() && !matches!(c, '\u{2028}' | '\u{202e}')), "{plain:?}");
        }
        assert_eq!(made_plain("関所\n".as_bytes()).unwrap(), "関所\n");
        assert!(made_plain(b"plain\n").is_none());
    }
}
