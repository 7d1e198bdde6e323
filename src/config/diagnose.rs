//! What is wrong with a config, described so that it can be corrected: file, line, column, the offending text underlined, what
//! would do; several at once, legible without colour.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity, SourceCode};

/// What a slice says about one key: where, what is wrong, how to mend it. `Config::complain` finds the place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The key: `app[0].demands.otp.methods[1]`.
    pub path: String,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// What would do.
    pub help: Option<String>,
}

impl Complaint {
    /// A complaint without help.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), help: None }
    }

    /// The same with what would do.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// A text that errors point into: the config file, or one environment variable.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) name: String,
    pub(super) text: String,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug)]
pub struct LocatedFault {
    text: Option<Arc<Text>>,
    span: Range<usize>,
    path: String,
    message: String,
    help: Option<String>,
}

impl LocatedFault {
    /// One that points into a text. The span is cut to the first line that it covers and to the text's own length.
    pub(super) fn at(text: &Arc<Text>, span: Range<usize>, complaint: Complaint) -> Self {
        let end = text.text.len();
        let start = boundary(&text.text, span.start.min(end));
        let stop = boundary(&text.text, span.end.clamp(start, end));
        let covered = text.text.get(start..stop).unwrap_or_default();
        let first_line = covered.find('\n').map_or(stop, |newline| start + newline);
        let Complaint { path, message, help } = complaint;
        Self { text: Some(Arc::clone(text)), span: start..first_line, path, message, help }
    }

    /// One of the whole, such as a file that cannot be read.
    pub(super) fn nowhere(complaint: Complaint) -> Self {
        let Complaint { path, message, help } = complaint;
        Self { text: None, span: 0..0, path, message, help }
    }

    /// The file, or `environment`.
    pub fn file(&self) -> Option<&str> {
        self.text.as_ref().map(|text| text.name.as_str())
    }

    /// Its line, 1-based; 0 where it has no place in a text.
    pub fn line(&self) -> u32 {
        self.text.as_ref().map_or(0, |text| line_at(&text.text, self.span.start))
    }

    /// Its column in characters, 1-based; 0 where it has no place in a text.
    pub fn column(&self) -> u32 {
        let Some(before) = self.text.as_ref().and_then(|text| text.text.get(..self.span.start)) else { return 0 };
        let line = before.rsplit('\n').next().unwrap_or_default();
        u32::try_from(line.chars().count()).unwrap_or(u32::MAX - 1) + 1
    }

    /// The key, where there is one.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What would do.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The text that is wrong.
    pub fn offending(&self) -> &str {
        self.text.as_ref().and_then(|text| text.text.get(self.span.clone())).unwrap_or_default()
    }
}

impl fmt::Display for LocatedFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for LocatedFault {}

impl Diagnostic for LocatedFault {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.text.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::new(Some("here".to_owned()), self.span.start, self.span.len()))))
    }
}

/// Everything that is wrong with a config, or that its writer is warned of. `Display` renders it without colour.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    faults: Vec<LocatedFault>,
    severity: Severity,
}

impl Diagnosis {
    /// In the order of the text.
    pub(super) fn new(mut faults: Vec<LocatedFault>) -> Self {
        faults.sort_by(|one, other| (one.file(), one.span.start).cmp(&(other.file(), other.span.start)));
        faults.dedup_by(|one, other| one.span == other.span && one.message == other.message && one.file() == other.file());
        Self { faults, severity: Severity::Error }
    }

    /// The same as warnings: nothing is refused for them.
    pub(super) fn into_warnings(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// These and those of another, in the order of the text.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let severity = self.severity;
        Self { severity, ..Self::new(self.faults.into_iter().chain(other.faults).collect()) }
    }

    /// One by one, in the order of the text.
    pub fn faults(&self) -> &[LocatedFault] {
        &self.faults
    }

    /// As a program reads it: a list, each with `file`, `line`, `column`, `key`, `message` and `help`.
    pub fn list(&self) -> serde_json::Value {
        let fault = |fault: &LocatedFault| {
            serde_json::json!({
                "file": fault.file(),
                "line": fault.line(),
                "column": fault.column(),
                "key": fault.path(),
                "message": fault.message(),
                "help": fault.help(),
            })
        };
        self.faults.iter().map(fault).collect()
    }

    /// The list as errors.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({ "errors": self.list() })
    }

    /// As a person reads it in a terminal.
    pub fn render(&self, colour: bool) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(110).with_context_lines(1);
        let mut out = String::new();
        for (place, fault) in self.faults.iter().enumerate() {
            out.push_str(if place == 0 { "" } else { "\n" });
            let source = fault.text.as_ref().map(|text| NamedSource::new(&text.name, text.text.clone()));
            let shown = handler.render_report(&mut out, &Sourced { fault, source, severity: self.severity });
            // Writing into a String cannot fail; should the renderer refuse, the words still come through.
            if shown.is_err() {
                out.push_str(&format!("{}:{}:{}: {fault}\n", fault.file().unwrap_or("-"), fault.line(), fault.column()));
            }
        }
        if self.faults.len() > 1 {
            let what = if self.severity == Severity::Error { "errors" } else { "warnings" };
            out.push_str(&format!("\n{} {what}\n", self.faults.len()));
        }
        out
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Diagnosis {}

/// A fault with the text it points into, as the renderer wants it.
struct Sourced<'a> {
    fault: &'a LocatedFault,
    source: Option<NamedSource<String>>,
    severity: Severity,
}

impl fmt::Debug for Sourced<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(out)
    }
}

impl fmt::Display for Sourced<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.fault, out)
    }
}

impl std::error::Error for Sourced<'_> {}

impl Diagnostic for Sourced<'_> {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Diagnostic::help(self.fault)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.fault.labels()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }
}

/// The line of a byte, 1-based.
pub(super) fn line_at(text: &str, byte: usize) -> u32 {
    let before = text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count();
    u32::try_from(before).unwrap_or(u32::MAX - 1) + 1
}

/// What was probably meant: the nearest of `known`, if any is near.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let written = plain(written);
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&written, &plain(candidate)), candidate))
        .filter(|(likeness, _)| *likeness > 0.84)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
