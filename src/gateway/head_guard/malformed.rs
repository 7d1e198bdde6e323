//! What can be wrong with an HTTP/1 request before anybody may believe where it ends, each with its status, its stable
//! code and a sentence for its sender.

use http::StatusCode;

/// Why a request head is refused and its connection closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Not `METHOD SP target SP version`, or a target with a character that belongs in none.
    RequestLine,
    /// Longer than the limit.
    RequestLineTooLong,
    /// Neither HTTP/1.1 nor HTTP/1.0.
    Version,
    /// CONNECT: this server is not a forward proxy.
    Connect,
    /// The head is longer than the limit.
    TooLarge,
    /// More fields than the limit.
    TooManyFields,
    /// A line ends in LF without CR.
    BareLf,
    /// CR without LF.
    BareCr,
    /// A NUL byte.
    Nul,
    /// A line that begins with white space (obs-fold).
    Folded,
    /// No name, no colon, white space before the colon, or a byte that no name has.
    FieldName,
    /// Something other than digits.
    ContentLength,
    /// More than one, equal or not.
    ContentLengthRepeated,
    /// Anything but `chunked`, once, over HTTP/1.1.
    TransferEncoding,
    /// Both Content-Length and Transfer-Encoding.
    BothLengths,
    /// HTTP/1.1 without Host.
    HostMissing,
    /// More than one Host.
    HostRepeated,
    /// Begun, and not finished within the time allowed.
    TooSlow,
}

impl Malformed {
    const ALL: [Self; 18] = [
        Self::RequestLine,
        Self::RequestLineTooLong,
        Self::Version,
        Self::Connect,
        Self::TooLarge,
        Self::TooManyFields,
        Self::BareLf,
        Self::BareCr,
        Self::Nul,
        Self::Folded,
        Self::FieldName,
        Self::ContentLength,
        Self::ContentLengthRepeated,
        Self::TransferEncoding,
        Self::BothLengths,
        Self::HostMissing,
        Self::HostRepeated,
        Self::TooSlow,
    ];

    /// The code that never changes: logs, metrics and the answer use it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RequestLine => "request_line_malformed",
            Self::RequestLineTooLong => "request_line_too_long",
            Self::Version => "http_version_unknown",
            Self::Connect => "connect_refused",
            Self::TooLarge => "head_too_large",
            Self::TooManyFields => "too_many_fields",
            Self::BareLf => "bare_line_feed",
            Self::BareCr => "bare_carriage_return",
            Self::Nul => "nul_byte",
            Self::Folded => "folded_line",
            Self::FieldName => "field_name_malformed",
            Self::ContentLength => "content_length_malformed",
            Self::ContentLengthRepeated => "content_length_repeated",
            Self::TransferEncoding => "transfer_encoding_unknown",
            Self::BothLengths => "content_length_and_transfer_encoding",
            Self::HostMissing => "host_missing",
            Self::HostRepeated => "host_repeated",
            Self::TooSlow => "head_too_slow",
        }
    }

    /// The status it is answered with.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::RequestLineTooLong => StatusCode::URI_TOO_LONG,
            Self::Version => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            Self::Connect => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge | Self::TooManyFields => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::RequestLine
            | Self::BareLf
            | Self::BareCr
            | Self::Nul
            | Self::Folded
            | Self::FieldName
            | Self::ContentLength
            | Self::ContentLengthRepeated
            | Self::TransferEncoding
            | Self::BothLengths
            | Self::HostMissing
            | Self::HostRepeated => StatusCode::BAD_REQUEST,
        }
    }

    /// What was wrong, and what would do.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::RequestLine => {
                "the first line must be a method, one space, a target without spaces, control characters or '#', one space and the version"
            }
            Self::RequestLineTooLong => "the request line is longer than this server takes",
            Self::Version => "only HTTP/1.1 and HTTP/1.0 are spoken here, and HTTP/2 where TLS agreed on it",
            Self::Connect => "this server is not a forward proxy",
            Self::TooLarge => "the request's head is larger than this server takes",
            Self::TooManyFields => "the request has more header fields than this server takes",
            Self::BareLf => "a line of the head ends in LF without CR",
            Self::BareCr => "the head holds a CR that no LF follows",
            Self::Nul => "the head holds a NUL byte",
            Self::Folded => "a line of the head begins with white space; folded fields are obsolete",
            Self::FieldName => "a field must be a name, a colon directly behind it, and a value",
            Self::ContentLength => "Content-Length must be a decimal number and nothing else",
            Self::ContentLengthRepeated => "Content-Length came more than once",
            Self::TransferEncoding => "Transfer-Encoding must be exactly chunked, once, in an HTTP/1.1 request",
            Self::BothLengths => "Content-Length and Transfer-Encoding exclude each other",
            Self::HostMissing => "an HTTP/1.1 request must carry Host",
            Self::HostRepeated => "Host came more than once",
            Self::TooSlow => "the request's head did not arrive in time",
        }
    }

    /// The reason with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}
