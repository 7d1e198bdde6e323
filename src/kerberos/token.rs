//! The token of an `Authorization: Negotiate` header field (RFC 4559 §4.2), looked at before the library sees it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderMap};

use super::fault::TicketFault;

/// The longest token: what a head on the sign-in host can hold.
pub const LARGEST_TOKEN: usize = 48 * 1024;
/// How a message of NTLM begins (MS-NLMP §2.2.1).
const NTLM: &[u8] = b"NTLMSSP\0";

/// A token, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NegotiateToken(Vec<u8>);

impl NegotiateToken {
    /// The token of a request; `None` where it has none. A request with several `Authorization` fields has none.
    ///
    /// # Errors
    /// [`TicketFault`] for what no Kerberos ticket can be in.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, TicketFault> {
        let mut fields = headers.get_all(AUTHORIZATION).iter();
        let (Some(field), None) = (fields.next(), fields.next()) else { return Ok(None) };
        let bytes = field.as_bytes();
        let Some((scheme, rest)) = bytes.split_at_checked(b"negotiate".len()) else { return Ok(None) };
        if !scheme.eq_ignore_ascii_case(b"negotiate") || !matches!(rest.first(), None | Some(b' ')) {
            return Ok(None);
        }
        let text = rest.trim_ascii();
        if text.is_empty() {
            return Ok(None);
        }
        let token = STANDARD.decode(text).map_err(|_| TicketFault::Malformed)?;
        if token.len() > LARGEST_TOKEN {
            return Err(TicketFault::Malformed);
        }
        // Alone, or as what SPNEGO carries. Refused here, since no other mechanism may have a say.
        if token.windows(NTLM.len()).any(|window| window == NTLM) {
            return Err(TicketFault::Ntlm);
        }
        // An initial token (RFC 2743 §3.1): the first and only one that is taken.
        match token.first() {
            Some(0x60) => Ok(Some(Self(token))),
            _ => Err(TicketFault::Malformed),
        }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The value of `WWW-Authenticate` with a token that completes the exchange.
pub fn completing(reply: &[u8]) -> String {
    format!("Negotiate {}", STANDARD.encode(reply))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(values: &[&str]) -> Result<Option<Vec<u8>>, TicketFault> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        NegotiateToken::of(&headers).map(|token| token.map(|token| token.0))
    }

    #[test]
    fn one_initial_token_is_taken_whatever_the_case_of_its_scheme() {
        for scheme in ["Negotiate", "negotiate", "NEGOTIATE"] {
            assert_eq!(of(&[&format!("{scheme} YAAA")]), Ok(Some(vec![0x60, 0, 0])));
        }
    }

    #[test]
    fn other_fields_are_no_token() {
        for values in [&[][..], &["Basic YTpi"], &["Negotiate"], &["Negotiate "], &["NegotiateYAAA"], &["Bearer x"], &["neg"]] {
            assert_eq!(of(values), Ok(None), "{values:?}");
        }
        assert_eq!(of(&["Negotiate YAAA", "Negotiate YAAA"]), Ok(None), "which of two counts is not guessed");
    }

    #[test]
    fn what_is_no_kerberos_is_refused_before_the_library_sees_it_t35() {
        for malformed in ["Negotiate ???", "Negotiate YA==YA==", "Negotiate AAAA", "Negotiate oRQwEqADCgEA"] {
            assert_eq!(of(&[malformed]), Err(TicketFault::Malformed), "{malformed}");
        }
        assert_eq!(of(&["Negotiate TlRMTVNTUAABAAAA"]), Err(TicketFault::Ntlm));
        let in_spnego = STANDARD.encode([&[0x60, 0x20][..], b"\x06\x06+\x06\x01\x05\x05\x02NTLMSSP\0\x01"].concat());
        assert_eq!(of(&[&format!("Negotiate {in_spnego}")]), Err(TicketFault::Ntlm));
        let huge = STANDARD.encode(vec![0x60; LARGEST_TOKEN + 1]);
        assert_eq!(of(&[&format!("Negotiate {huge}")]), Err(TicketFault::Malformed));
    }
}
