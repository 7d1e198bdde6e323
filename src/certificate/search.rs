//! What certificates of the register are searched for: a piece of a name, of a serial number, the beginning of a fingerprint. The
//! register is in memory, so that looking through it costs one comparison or two for each and allocates nothing for most.

use unicode_normalization::UnicodeNormalization as _;

use super::entry::RegisterEntry;
use crate::principal::certificate::Holder;

/// What is searched for.
#[derive(Clone, Debug)]
pub struct CertificateSearch {
    /// In small letters, of half width.
    text: String,
    /// The hexadecimal digits of it, where it is nothing but such, with colons or blanks between.
    digits: Option<Vec<u8>>,
}

impl CertificateSearch {
    /// For this text, in any case and width; `None` if there is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = folded(text.trim());
        let digits = text.bytes().filter(|byte| !matches!(byte, b':' | b' ')).collect::<Vec<u8>>();
        let digits = Some(digits).filter(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit));
        (!text.is_empty()).then_some(Self { text, digits })
    }

    /// Whether it finds this one: by what it is called, by the name of its holder, by its serial number or its fingerprint.
    pub fn finds(&self, entry: &RegisterEntry) -> bool {
        let holder = match &entry.holder {
            Holder::User(user) => Some(user.as_str()),
            Holder::Group(group) => Some(group.as_str()),
            Holder::Machine(name) => Some(&**name),
            Holder::Shared | Holder::Nobody => None,
        };
        [entry.label.as_deref(), holder].into_iter().flatten().any(|name| self.is_in(name)) || self.is_of_digits(entry)
    }

    fn is_in(&self, name: &str) -> bool {
        if !name.is_ascii() {
            return folded(name).contains(&self.text);
        }
        name.as_bytes().windows(self.text.len()).any(|piece| piece.eq_ignore_ascii_case(self.text.as_bytes()))
    }

    fn is_of_digits(&self, entry: &RegisterEntry) -> bool {
        let Some(digits) = &self.digits else { return false };
        let nibbles = entry.fingerprint.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let hexadecimal = nibbles.map(|nibble| b"0123456789abcdef".get(usize::from(nibble)).copied());
        let begins = digits.len() <= 64 && digits.iter().zip(hexadecimal).all(|(one, other)| Some(*one) == other);
        // Serial numbers are kept without leading zeros, and others write them with some.
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        let serial = digits.get(zeros..).filter(|serial| !serial.is_empty()).unwrap_or(digits);
        let in_serial = |own: &str| own.as_bytes().windows(serial.len()).any(|piece| piece == serial);
        begins || entry.issued.as_ref().is_some_and(|issued| in_serial(&issued.serial))
    }
}

fn folded(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::entry::IssuedHere;
    use crate::clock::Timestamp;
    use crate::principal::certificate::Fingerprint;
    use crate::principal::user::UserId;

    #[test]
    fn a_certificate_is_found_by_name_holder_serial_and_the_beginning_of_its_fingerprint() {
        let at = Timestamp::from_seconds(0);
        let mut fingerprint = [0x5a; 32];
        (fingerprint[0], fingerprint[1]) = (0x3f, 0x9c);
        let entry = RegisterEntry {
            fingerprint: Fingerprint(fingerprint),
            holder: Holder::User(UserId::parse("alice").unwrap()),
            label: Some("Ｐhone15".to_owned()),
            enabled: true,
            valid_from: None,
            valid_until: None,
            added_at: at,
            revoked_at: None,
            issued: Some(IssuedHere {
                authority: "issuing-1".to_owned(),
                serial: "4f8c120a".to_owned(),
                not_before: at,
                not_after: at,
            }),
            renews: None,
        };
        let finds = |text: &str| CertificateSearch::parse(text).is_some_and(|search| search.finds(&entry));
        for text in ["PHONE", "ｐhone", " ali ", "3F:9C:5a", "3f9c 5A", "3", "004f8c120a", "8C12", &entry.fingerprint.text()] {
            assert!(finds(text), "{text}");
        }
        let too_long = format!("{}0", entry.fingerprint.text());
        for text in ["", " ", ":", "bob", "9c5a", "4f8c120b", "phone16", &too_long] {
            assert!(!finds(text), "{text}");
        }
        let plain = RegisterEntry { label: Some("Phone15".to_owned()), ..entry.clone() };
        assert!(CertificateSearch::parse("pHONE").unwrap().finds(&plain));
    }
}
