//! One entry as a server sent it. Attributes are found whatever their capitals, by either of their names, and never by a
//! variant in another language: servers answer `MAIL` or `mail`, `userid` or `uid`, and `cn;lang-ja` beside `cn`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ldap3::{ResultEntry, SearchEntry};

use super::dn::{DistinguishedName, attribute_type};

/// An entry.
#[derive(Clone, Debug)]
pub(super) struct FoundEntry {
    /// Its name, as the server wrote it.
    pub(super) dn: String,
    attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl FoundEntry {
    /// `None` where the server sent something that is no entry: the library takes a malformed one for a bug of its own.
    pub(super) fn of(found: ResultEntry) -> Option<Self> {
        let SearchEntry { dn, attrs, bin_attrs } = catch_unwind(AssertUnwindSafe(|| SearchEntry::construct(found))).ok()?;
        let texts = attrs.into_iter().map(|(name, values)| (name, values.into_iter().map(String::into_bytes).collect()));
        let attributes =
            texts.chain(bin_attrs).filter(|(name, _)| has_no_option(name)).map(|(name, values)| (attribute_type(&name), values));
        Some(Self { dn, attributes: attributes.collect() })
    }

    #[cfg(test)]
    pub(super) fn made_of(dn: &str, attributes: &[(&str, &[u8])]) -> Self {
        let attributes = attributes
            .iter()
            .filter(|(name, _)| has_no_option(name))
            .map(|(name, value)| (attribute_type(name), vec![value.to_vec()]));
        Self { dn: dn.to_owned(), attributes: attributes.collect() }
    }

    /// Its name; `None` where what the server wrote is none.
    pub(super) fn name(&self) -> Option<DistinguishedName> {
        DistinguishedName::parse(&self.dn)
    }

    /// Every value of an attribute.
    pub(super) fn values(&self, name: &str) -> &[Vec<u8>] {
        let wanted = attribute_type(name);
        self.attributes.iter().find(|(kind, _)| *kind == wanted).map_or(&[], |(_, values)| values)
    }

    /// Every value of an attribute that is a text.
    pub(super) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values(name).iter().filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// The first value of an attribute, as a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).next()
    }
}

/// `userCertificate;binary` is the attribute itself, `cn;lang-ja` is another one (RFC 4512 §2.5).
fn has_no_option(name: &str) -> bool {
    name.split(';').skip(1).all(|option| option.eq_ignore_ascii_case("binary"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_found_by_every_spelling_of_its_name_and_not_by_a_variant() {
        let entry = FoundEntry::made_of(
            "uid=bob",
            &[("cn;lang-ja", "山田".as_bytes()), ("CN", b"Yamada"), ("userid", b"bob"), ("userCertificate;binary", b"\x30\xff")],
        );
        assert_eq!(
            (entry.text("cn"), entry.text("commonName"), entry.text("UID")),
            (Some("Yamada"), Some("Yamada"), Some("bob"))
        );
        assert_eq!(entry.values("usercertificate").len(), 1);
        assert_eq!((entry.text("usercertificate"), entry.text("mail")), (None, None));
    }
}
