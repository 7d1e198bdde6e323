//! What a certificate calls its holder: common name and alternative names, read without believing them.
//! Invariant: a name with a NUL or another control character in it is not a name (T15).

use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::config::schema::{Mapping, MappingSource, MappingTarget};
use crate::principal::certificate::Holder;
use crate::principal::user::UserId;

/// 1.3.6.1.4.1.311.20.2.3: Microsoft's user principal name.
const UPN: &str = "1.3.6.1.4.1.311.20.2.3";

/// Names by mappings: the first mapping that finds a holder decides; one that finds two different ones finds nobody.
pub(super) fn holder(leaf: &X509Certificate<'_>, mappings: &[Mapping], is_user: impl Fn(&UserId) -> bool) -> Holder {
    for mapping in mappings {
        match named(leaf, mapping, &is_user).as_slice() {
            [] => {}
            [holder] => return holder.clone(),
            // Two names for one certificate: whom it means is anybody's guess, so it means nobody.
            _ => return Holder::Nobody,
        }
    }
    Holder::Nobody
}

/// The holders that a mapping finds, each once.
pub(super) fn named(leaf: &X509Certificate<'_>, mapping: &Mapping, is_user: impl Fn(&UserId) -> bool) -> Vec<Holder> {
    let mut found: Vec<Holder> = Vec::new();
    for name in names(leaf, mapping) {
        let holder = match mapping.to {
            MappingTarget::User => UserId::parse(&name).ok().filter(&is_user).map(Holder::User),
            MappingTarget::Machine => Some(Holder::Machine(name.into())),
            MappingTarget::Shared => Some(Holder::Shared),
        };
        found.extend(holder.filter(|holder| !found.contains(holder)));
    }
    found
}

/// The names that a mapping reads, cut as it says.
pub fn names(leaf: &X509Certificate<'_>, mapping: &Mapping) -> Vec<String> {
    let raw: Vec<String> = match mapping.from {
        MappingSource::Any => return vec![String::new()],
        MappingSource::CommonName => {
            leaf.subject().iter_common_name().filter_map(|name| Some(name.as_str().ok()?.to_owned())).collect()
        }
        from => alternative_names(leaf, from),
    };
    raw.into_iter()
        .filter(|name| !name.is_empty() && name.len() <= 256 && !name.chars().any(char::is_control))
        .filter_map(|name| {
            let name = match &mapping.prefix {
                Some(prefix) => name.strip_prefix(prefix.as_str())?.to_owned(),
                None => name,
            };
            match &mapping.suffix {
                Some(suffix) => Some(name.strip_suffix(suffix.as_str())?.to_owned()),
                None => Some(name),
            }
        })
        .filter(|name| !name.is_empty())
        .collect()
}

fn alternative_names(leaf: &X509Certificate<'_>, from: MappingSource) -> Vec<String> {
    let Ok(Some(extension)) = leaf.subject_alternative_name() else { return Vec::new() };
    let pick = |name: &GeneralName<'_>| match (from, name) {
        (MappingSource::SanEmail, GeneralName::RFC822Name(name))
        | (MappingSource::SanDns, GeneralName::DNSName(name))
        | (MappingSource::SanUri, GeneralName::URI(name)) => Some((*name).to_owned()),
        (MappingSource::SanUpn, GeneralName::OtherName(oid, value)) if oid.to_id_string() == UPN => principal(value),
        _ => None,
    };
    extension.value.general_names.iter().filter_map(pick).collect()
}

/// `[0] EXPLICIT UTF8String` (or one of the other string types that certificate services write).
fn principal(value: &[u8]) -> Option<String> {
    use x509_parser::der_parser::ber::Class;
    use x509_parser::der_parser::der::{Tag, parse_der};
    let (rest, outer) = parse_der(value).ok()?;
    if !rest.is_empty() || outer.header.class() != Class::ContextSpecific || outer.header.tag() != Tag(0) {
        return None;
    }
    let (rest, inner) = parse_der(outer.as_slice().ok()?).ok()?;
    if !rest.is_empty() {
        return None;
    }
    inner.as_str().ok().map(str::to_owned)
}

/// A few words of a certificate, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CertificateText {
    pub(super) subject: String,
    pub(super) issuer: String,
    pub(super) serial: String,
    pub(super) not_after: crate::clock::Timestamp,
}

/// Reads what lists show; `None` if it is not a certificate.
pub(super) fn words(der: &[u8]) -> Option<CertificateText> {
    let (_, leaf) = X509Certificate::from_der(der).ok()?;
    let short = |name: String| name.chars().filter(|c| !c.is_control()).take(256).collect();
    Some(CertificateText {
        subject: short(leaf.subject().to_string()),
        issuer: short(leaf.issuer().to_string()),
        serial: short(leaf.raw_serial_as_string()),
        not_after: crate::clock::Timestamp::from_seconds(leaf.validity().not_after.timestamp()),
    })
}
