//! The text as a tree in which every value knows where it was written: in the file, or in which environment variable.
//! Invariant: nothing here knows which keys there are.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnose::{Complaint, LocatedFault, Text, line_at};

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) content: Content,
    text: Arc<Text>,
    key: Option<Range<usize>>,
    span: Range<usize>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Table(BTreeMap<String, Node>),
    Array(Vec<Node>),
    Scalar(toml::Value),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PathStep {
    Key(String),
    Place(usize),
}

/// A key's path: `app[0].demands.otp`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Path(pub(super) Vec<PathStep>);

impl Path {
    pub(super) fn key(&self, key: &str) -> Self {
        self.with(PathStep::Key(key.to_owned()))
    }

    pub(super) fn place(&self, place: usize) -> Self {
        self.with(PathStep::Place(place))
    }

    fn with(&self, step: PathStep) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// Reads what [`fmt::Display`] writes, and what `serde_path_to_error` writes. A text that is not a path is read as far as it goes.
    pub(super) fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            if let Some((place, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
                let Ok(place) = place.parse() else { break };
                steps.push(PathStep::Place(place));
                rest = after;
            } else if let Some((key, after)) = rest.strip_prefix('"').and_then(|inner| inner.split_once('"')) {
                steps.push(PathStep::Key(key.to_owned()));
                rest = after;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (key, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                steps.push(PathStep::Key(key.to_owned()));
                // A key that is not closed, as in `a[`, must not keep us here.
                rest = if after.starts_with('[') && !after.contains(']') { "" } else { after };
            }
        }
        Self(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Place(place) => write!(out, "[{place}]")?,
                PathStep::Key(key) => {
                    let dot = if index == 0 { "" } else { "." };
                    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
                    if bare { write!(out, "{dot}{key}") } else { write!(out, "{dot}\"{key}\"") }?;
                }
            }
        }
        Ok(())
    }
}

impl Node {
    /// Reads a whole text.
    ///
    /// # Errors
    /// Every error of syntax that the parser can distinguish.
    pub(super) fn read(text: &Arc<Text>) -> Result<Self, Vec<LocatedFault>> {
        let (table, errors) = DeTable::parse_recoverable(&text.text);
        if !errors.is_empty() {
            return Err(errors.into_iter().map(|error| syntax(text, &error)).collect());
        }
        let mut faults = Vec::new();
        // An error about the whole document is shown at its beginning; underlining all of it would say nothing.
        let node = Self::table(text, None, 0..0, table.get_ref(), &mut faults);
        if faults.is_empty() { Ok(node) } else { Err(faults) }
    }

    /// Reads the value of an environment variable: TOML if it is some, otherwise the plain text. `span` is where the
    /// value stands in the text that is shown.
    pub(super) fn of_variable(text: &Arc<Text>, value: &str, span: Range<usize>) -> Self {
        let mut ignored = Vec::new();
        let mut node = DeValue::parse(value)
            .ok()
            .map(|parsed| Self::value(text, None, &parsed, &mut ignored))
            .filter(|_| ignored.is_empty())
            .unwrap_or_else(|| Self::plain_text(text, value, span.clone()));
        node.point_at(&span);
        node
    }

    /// A plain text.
    pub(super) fn plain_text(text: &Arc<Text>, value: &str, span: Range<usize>) -> Self {
        Self { content: Content::Scalar(toml::Value::String(value.to_owned())), text: Arc::clone(text), key: None, span }
    }

    /// The same place with another text.
    pub(super) fn saying(&self, text: String) -> Self {
        Self { content: Content::Scalar(toml::Value::String(text)), ..self.clone() }
    }

    /// A list made of `nodes`, written where they are.
    pub(super) fn list(text: &Arc<Text>, nodes: Vec<Self>, span: Range<usize>) -> Self {
        Self { content: Content::Array(nodes), text: Arc::clone(text), key: None, span }
    }

    /// An empty table, to be filled.
    pub(super) fn empty_table(text: &Arc<Text>, span: Range<usize>) -> Self {
        Self { content: Content::Table(BTreeMap::new()), text: Arc::clone(text), key: None, span }
    }

    fn point_at(&mut self, span: &Range<usize>) {
        self.span = span.clone();
        self.key = None;
        match &mut self.content {
            Content::Table(entries) => entries.values_mut().for_each(|node| node.point_at(span)),
            Content::Array(items) => items.iter_mut().for_each(|node| node.point_at(span)),
            Content::Scalar(_) => {}
        }
    }

    fn table(
        text: &Arc<Text>,
        key: Option<Range<usize>>,
        span: Range<usize>,
        table: &DeTable<'_>,
        faults: &mut Vec<LocatedFault>,
    ) -> Self {
        let entries = table
            .iter()
            .map(|(name, value)| (name.get_ref().to_string(), Self::value(text, Some(name.span()), value, faults)))
            .collect();
        Self { content: Content::Table(entries), text: Arc::clone(text), key, span }
    }

    fn value(text: &Arc<Text>, key: Option<Range<usize>>, value: &Spanned<DeValue<'_>>, faults: &mut Vec<LocatedFault>) -> Self {
        let span = value.span();
        let scalar = match value.get_ref() {
            DeValue::Table(table) => return Self::table(text, key, span, table, faults),
            DeValue::Array(items) => {
                let items = items.iter().map(|item| Self::value(text, None, item, faults)).collect();
                return Self { content: Content::Array(items), text: Arc::clone(text), key, span };
            }
            DeValue::String(string) => Some(toml::Value::String(string.to_string())),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(toml::Value::Integer),
            DeValue::Float(number) => number.as_str().parse().ok().map(toml::Value::Float),
            DeValue::Boolean(yes) => Some(toml::Value::Boolean(*yes)),
            DeValue::Datetime(moment) => Some(toml::Value::Datetime(*moment)),
        };
        let scalar = scalar.unwrap_or_else(|| {
            faults.push(LocatedFault::at(text, span.clone(), Complaint::new("", "this number is too large")));
            toml::Value::Integer(0)
        });
        Self { content: Content::Scalar(scalar), text: Arc::clone(text), key, span }
    }

    /// The value without its places.
    pub(super) fn plain(&self) -> toml::Value {
        match &self.content {
            Content::Table(entries) => {
                toml::Value::Table(entries.iter().map(|(key, node)| (key.clone(), node.plain())).collect())
            }
            Content::Array(items) => toml::Value::Array(items.iter().map(Self::plain).collect()),
            Content::Scalar(scalar) => scalar.clone(),
        }
    }

    /// What it is, in a word.
    pub(super) const fn kind(&self) -> &'static str {
        match &self.content {
            Content::Table(_) => "a table",
            Content::Array(_) => "a list",
            Content::Scalar(toml::Value::String(_)) => "a text",
            Content::Scalar(toml::Value::Integer(_)) => "a whole number",
            Content::Scalar(toml::Value::Float(_)) => "a number",
            Content::Scalar(toml::Value::Boolean(_)) => "true or false",
            Content::Scalar(_) => "a date",
        }
    }

    pub(super) const fn text(&self) -> &Arc<Text> {
        &self.text
    }

    /// The node at `path`; where there is none, the nearest above it and `false`.
    pub(super) fn find(&self, path: &Path) -> (&Self, bool) {
        let mut node = self;
        for step in &path.0 {
            let below = match (&node.content, step) {
                (Content::Table(entries), PathStep::Key(key)) => entries.get(key),
                (Content::Array(items), PathStep::Place(place)) => items.get(*place),
                _ => None,
            };
            let Some(below) = below else { return (node, false) };
            node = below;
        }
        (node, true)
    }

    /// A fault that underlines the value at `path`, or the nearest thing above it.
    pub(super) fn fault(&self, complaint: Complaint) -> LocatedFault {
        let (node, exact) = self.find(&Path::parse(&complaint.path));
        node.fault_here(complaint, exact)
    }

    /// A fault that underlines this value. Of a table only its name is underlined.
    pub(super) fn fault_here(&self, complaint: Complaint, exact: bool) -> LocatedFault {
        let whole = exact && !matches!(self.content, Content::Table(_));
        let span = if whole { self.span.clone() } else { self.key.clone().unwrap_or_else(|| self.span.clone()) };
        LocatedFault::at(&self.text, span, complaint)
    }

    /// A fault that underlines this value's key.
    pub(super) fn fault_at_key(&self, complaint: Complaint) -> LocatedFault {
        LocatedFault::at(&self.text, self.key.clone().unwrap_or_else(|| self.span.clone()), complaint)
    }

    /// The line of its key, 1-based.
    pub(super) fn line(&self) -> u32 {
        line_at(&self.text.text, self.key.as_ref().unwrap_or(&self.span).start)
    }
}

fn syntax(text: &Arc<Text>, error: &toml::de::Error) -> LocatedFault {
    let span = error.span().unwrap_or(0..0);
    // One character at least, so that there is something to underline.
    let span = span.start..span.end.max(span.start + 1);
    LocatedFault::at(text, span, Complaint::new("", error.message().replace('\n', ", ")))
}
