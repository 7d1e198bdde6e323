//! The head of a request as an upstream is to read it: said field by field, so that it is written without a map of fields
//! where nobody needs one.

use http::Method;
use http::header::{HeaderName, HeaderValue};

/// What a request's head says.
pub(in crate::gateway) trait RequestHead {
    /// Its method.
    fn method(&self) -> &Method;
    /// Path and query, or `*`.
    fn target(&self) -> &str;
    /// Whether its body is said to be empty where there is none.
    fn says_empty(&self) -> bool;
    /// Whether it asks to switch protocols.
    fn switches(&self) -> bool;
    /// Whether it signs in the connection that it is sent over.
    fn signs_in(&self) -> bool;
    /// Says every field but those that frame the body. `host` is the upstream's own host and port.
    fn fields(&self, host: &HeaderValue, sink: &mut impl FieldSink);
}

/// What takes the fields.
pub(in crate::gateway) trait FieldSink {
    /// Takes a field.
    fn field(&mut self, name: &HeaderName, value: &HeaderValue);
    /// Takes a field whose value is these parts, one behind the other. They hold what a field may.
    fn parts(&mut self, name: &HeaderName, parts: &[&[u8]]);
}
