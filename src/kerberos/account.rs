//! What the PAC of a ticket says of the account of Active Directory: UPN_DNS_INFO with its extension (MS-PAC §2.10), which
//! the library hands out only where it verified the PAC. An account keeps its SID through every renaming, and a new account
//! of an old name has another.

/// An account of Active Directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainAccount {
    /// sAMAccountName.
    pub name: String,
    /// The security identifier: `S-1-5-21-…`.
    pub sid: String,
}

/// The extension with name and SID is there.
const HAS_NAME_AND_SID: u32 = 2;

impl DomainAccount {
    /// Reads the bytes of UPN_DNS_INFO; `None` where it has no extension (before Windows Server 2016) or is malformed.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if long(bytes, 8)? & HAS_NAME_AND_SID == 0 {
            return None;
        }
        let name = part(bytes, short(bytes, 12)?, short(bytes, 14)?)?;
        let units: Vec<u16> = name.chunks_exact(2).filter_map(|unit| Some(u16::from_le_bytes(unit.try_into().ok()?))).collect();
        let name = String::from_utf16(&units).ok().filter(|_| name.len() % 2 == 0)?;
        let sid = sid(part(bytes, short(bytes, 16)?, short(bytes, 18)?)?)?;
        (!name.is_empty() && !name.chars().any(char::is_control)).then_some(Self { name, sid })
    }
}

/// A SID (MS-DTYP §2.4.2.2): revision, count, authority, and so many sub-authorities.
fn sid(bytes: &[u8]) -> Option<String> {
    let (head, rest) = bytes.split_at_checked(8)?;
    let [1, count, authority @ ..] = head else { return None };
    if usize::from(*count) > 15 || rest.len() != usize::from(*count) * 4 {
        return None;
    }
    let authority = authority.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let subs = rest.chunks_exact(4).filter_map(|sub| Some(u32::from_le_bytes(sub.try_into().ok()?)));
    Some(subs.fold(format!("S-1-{authority}"), |text, sub| format!("{text}-{sub}")))
}

fn part(bytes: &[u8], length: u16, offset: u16) -> Option<&[u8]> {
    let (offset, length) = (usize::from(offset), usize::from(length));
    bytes.get(offset..offset.checked_add(length)?)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn info(flags: u32, name: &str, sid: &[u8]) -> Vec<u8> {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (name_at, sid_at) = (24, 24 + name.len());
        let mut bytes = vec![0; 8];
        bytes.extend(flags.to_le_bytes());
        for number in [name.len(), name_at, sid.len(), sid_at] {
            bytes.extend(u16::try_from(number).unwrap().to_le_bytes());
        }
        bytes.extend([0; 4]);
        bytes.extend(name);
        bytes.extend(sid);
        bytes
    }

    const SID: [u8; 28] = [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 255, 255, 255, 255, 0x50, 4, 0, 0];

    #[test]
    fn name_and_sid_are_read() {
        let account = DomainAccount::read(&info(2, "bob", &SID)).unwrap();
        assert_eq!((account.name.as_str(), account.sid.as_str()), ("bob", "S-1-5-21-1-2-4294967295-1104"));
    }

    #[test]
    fn without_the_extension_or_malformed_there_is_none() {
        assert_eq!(DomainAccount::read(&info(0, "bob", &SID)), None);
        assert_eq!(DomainAccount::read(&info(2, "", &SID)), None);
        assert_eq!(DomainAccount::read(&info(2, "b\0b", &SID)), None);
        assert_eq!(DomainAccount::read(&info(2, "bob", &SID[..27])), None);
        let whole = info(2, "bob", &SID);
        for length in 0..whole.len() {
            assert_eq!(DomainAccount::read(&whole[..length]), None, "{length}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _read_or_not = DomainAccount::read(&bytes);
        }
    }
}
