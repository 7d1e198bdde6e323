//! What a request asks for: a host, a method, a path.

use std::fmt;
use std::sync::Arc;

use http::Method;

/// A host name in its one spelling: lower case, no port, no final dot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(Arc<str>);

impl HostName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for HostName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "HostName({})", self.0)
    }
}

/// A path as rules see it: percent-decoded where that is safe, without query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NormalPath(String);

impl NormalPath {
    /// The path; begins with `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What rules match on.
#[derive(Clone, Debug)]
pub struct Target {
    /// The method.
    pub method: Method,
    /// The normalised path.
    pub path: NormalPath,
}
