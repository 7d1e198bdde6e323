//! HTTP/1.1 towards an upstream, in the task of the request itself: its head is written into one buffer, its body goes out
//! while the answer is awaited, and the answer's body is read when somebody wants more of it.
//! Strict where two readers could disagree: what has no single reading is no answer, and what is merely not written by the
//! letter is read and its connection closed behind it (RFC 9112 §2.2, §6.3, §7.1).
//! Invariant: a connection is used again only where the request and the answer ended cleanly and no byte is left over (T18).

mod body;
mod chunks;
mod connection;
mod decode;
mod encode;
mod exchange;
mod fault;
mod records;
#[cfg(test)]
mod tests;
mod upload;

pub(in crate::gateway) use self::body::AnswerBody;
pub(super) use self::body::AnswerSource;
pub use self::chunks::ChunkReader;
pub(super) use self::connection::UpstreamStream;
pub(in crate::gateway) use self::connection::{SwitchedStream, UpstreamConnection};
pub use self::decode::{AnswerFraming, AnswerHead, HeadReading, read_head};
pub(super) use self::exchange::{ExchangeFault, HeadReceived, exchange};
pub use self::fault::AnswerFault;
pub(super) use self::records::RecordSocket;
pub(super) use self::upload::Upload;
