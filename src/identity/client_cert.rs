//! `Client-Cert` and `Client-Cert-Chain` (RFC 9440): the client certificate of a request, for apps whose config asks for it.
//! Invariant: only a certificate that check 2 demanded and accepted is written here; what a client sent under these names is
//! removed before, whether an app is sent them or not (`headers::Reserved`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use rustls_pki_types::CertificateDer;

/// The certificate.
pub const CLIENT_CERT: HeaderName = HeaderName::from_static("client-cert");
/// The authorities above it.
pub const CLIENT_CERT_CHAIN: HeaderName = HeaderName::from_static("client-cert-chain");

/// The longest value, bytes: many servers take lines of 8 KiB at most, and answer an error to a longer one.
const LONGEST: usize = 8000;

/// A certificate as an app is sent it.
#[derive(Clone, Debug)]
pub struct ClientCert {
    certificate: HeaderValue,
    chain: Option<HeaderValue>,
}

impl ClientCert {
    /// The fields of a certificate (DER), with the authorities above it, which end before the trusted one; `None` if it is
    /// too long to send. A chain that is too long is left out.
    pub fn of(leaf: &[u8], issuers: &[CertificateDer<'_>]) -> Option<Self> {
        let chain = issuers.iter().map(|der| byte_sequence(der)).collect::<Vec<_>>().join(", ");
        let chain = if chain.is_empty() { None } else { field(chain) };
        Some(Self { certificate: field(byte_sequence(leaf))?, chain })
    }

    /// Says each field once.
    pub fn each(&self, mut take: impl FnMut(&HeaderName, &HeaderValue)) {
        take(&CLIENT_CERT, &self.certificate);
        if let Some(chain) = &self.chain {
            take(&CLIENT_CERT_CHAIN, chain);
        }
    }

    /// Sets each field once. To be called after whatever a client sent under their names is gone.
    pub fn set(&self, headers: &mut HeaderMap) {
        self.each(|name, value| drop(headers.insert(name.clone(), value.clone())));
    }
}

/// What an app answers by the certificate is for that certificate alone: an answer that varies with it is kept in no cache
/// (RFC 9440 §2.4).
pub fn keep_out_of_caches(answer: &mut HeaderMap) {
    let is_ours =
        |field: &str| [CLIENT_CERT, CLIENT_CERT_CHAIN].iter().any(|name| name.as_str().eq_ignore_ascii_case(field.trim()));
    let fields = answer.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    if fields.into_iter().any(is_ours) {
        answer.insert(header::VARY, HeaderValue::from_static("*"));
    }
}

/// A Byte Sequence (RFC 9651 §3.3.5).
fn byte_sequence(bytes: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(bytes))
}

fn field(value: String) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(value).ok().filter(|value| value.len() <= LONGEST)?;
    // Not kept in the tables of header compression, which the requests of many share (RFC 9440 §3.1), nor shown in a log.
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_a_byte_sequence_and_a_chain_a_list_of_them() {
        let issuers = [CertificateDer::from(vec![1, 2, 3]), CertificateDer::from(vec![0xff])];
        let mut headers = HeaderMap::new();
        ClientCert::of(b"leaf!?", &issuers).unwrap().set(&mut headers);
        assert_eq!(headers["client-cert"], ":bGVhZiE/:");
        assert_eq!(headers["client-cert-chain"], ":AQID:, :/w==:");
        assert!(headers.values().all(HeaderValue::is_sensitive));
        let mut headers = HeaderMap::new();
        ClientCert::of(b"leaf!?", &[]).unwrap().set(&mut headers);
        assert!(headers.len() == 1 && headers.contains_key("client-cert"));
    }

    #[test]
    fn what_many_servers_would_not_take_is_not_sent() {
        assert!(ClientCert::of(&[0; 5997], &[]).is_some());
        assert!(ClientCert::of(&[0; 6000], &[]).is_none());
        let long = [CertificateDer::from(vec![0; 3000]), CertificateDer::from(vec![0; 3000])];
        let without = ClientCert::of(&[0; 1000], &long).unwrap();
        assert!(without.chain.is_none());
    }

    #[test]
    fn an_answer_that_varies_with_the_certificate_is_in_no_cache() {
        for (said, expected) in [
            (&["Accept, Client-Cert"][..], &["*"][..]),
            (&["accept-encoding", "client-cert-chain"], &["*"]),
            (&["Accept, Client-Certificate"], &["Accept, Client-Certificate"]),
            (&[], &[]),
        ] {
            let mut answer = HeaderMap::new();
            for value in said {
                answer.append(header::VARY, HeaderValue::from_static(value));
            }
            keep_out_of_caches(&mut answer);
            assert_eq!(answer.get_all(header::VARY).iter().collect::<Vec<_>>(), expected);
        }
    }
}
