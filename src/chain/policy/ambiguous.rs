//! Why no policy can be chosen for a request, and the reading of its path that shows it.

use std::fmt;
use std::sync::Arc;

use http::Method;

use super::pattern::Leniency;
use crate::facts::path::PathError;

/// Why no policy can be said for a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ambiguous {
    /// Its readings are not one and the same transaction.
    #[error("as it was received it is {}; read as `{reading}` it is {}", called(.received.as_deref()), called(.other.as_deref()))]
    Transactions {
        /// What it is as it was received.
        received: Option<Arc<str>>,
        /// What it is in another reading.
        other: Option<Arc<str>>,
        /// That reading.
        reading: Reading,
    },
    /// It stands for all that is below it, and a transaction holds for some of that.
    #[error("it stands for everything below it, and the transaction `{0}` is there")]
    Below(Arc<str>),
    /// Its method does what another one does, which is a transaction here.
    #[error(
        "it does what {method} does, which is the transaction `{transaction}` here: that is approved by its own requests alone"
    )]
    DoneAs {
        /// What it does.
        method: &'static Method,
        /// What that is here.
        transaction: Arc<str>,
    },
    /// It can be read in more ways than are looked at, or under more rules.
    #[error("it has too many possible readings, or falls under too many rules")]
    TooMuch,
}

impl Ambiguous {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DoneAs { .. } => "method_transaction",
            Self::Transactions { .. } | Self::Below(_) | Self::TooMuch => PathError::TooManyReadings.code(),
        }
    }
}

fn called(name: Option<&str>) -> String {
    name.map_or_else(|| "not a transaction".to_owned(), |name| format!("the transaction `{name}`"))
}

/// A reading, in words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The path that is read.
    pub path: String,
    /// How an app takes it, and the rules' paths, beyond what they say.
    pub taken: Leniency,
}

impl fmt::Display for Reading {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.path)?;
        let ways = [
            (self.taken.folded, "letters' case"),
            (self.taken.slash, "a final slash"),
            (self.taken.index, "an index page"),
            (self.taken.extension, "an extension"),
        ];
        let mut before = " (";
        for (_, word) in ways.iter().filter(|(on, _)| *on) {
            write!(out, "{before}{word}")?;
            before = ", ";
        }
        out.write_str(if before == ", " { " aside)" } else { "" })
    }
}
