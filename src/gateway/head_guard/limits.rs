//! The limits of a request head.

use std::time::Duration;

/// The limits of a request head over HTTP/1.1.
#[derive(Clone, Copy, Debug)]
pub struct HeadLimits {
    /// Its length, bytes.
    pub head: usize,
    /// Its first line, bytes.
    pub request_line: usize,
    /// Its fields.
    pub fields: usize,
    /// From its first byte to its last.
    pub within: Duration,
}
