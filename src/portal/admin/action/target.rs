//! What a selected line stands for: the one value of a form that carries a line, and the ids of lines that are made of two
//! parts. Each is written and read here, so that both sides agree.

use std::fmt;
use std::net::IpAddr;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::Deserialize;

use crate::approval::key::ApproverId;
use crate::portal::kit::legible::short;
use crate::principal::user::UserId;

/// A selected line, in a form `id` or `id|name`: the id that an action gets as its target, and what people call the line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct SelectedLine {
    /// The id.
    pub id: String,
    /// The name, if it differs from the id.
    pub name: Option<String>,
}

/// An id is written in visible ASCII, without the sign that ends it: a page shows invisible characters of other texts in
/// another way, and what a form brings back would be another id.
const IN_AN_ID: &AsciiSet = &CONTROLS.add(b'%').add(b'|');

impl SelectedLine {
    /// The line of an id that people call by a name.
    pub fn new(id: &str, name: &str) -> Self {
        Self { id: id.to_owned(), name: Some(short(name)).filter(|name| name != id) }
    }

    /// What people call the line.
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

impl From<String> for SelectedLine {
    fn from(text: String) -> Self {
        let (id, name) = text.split_once('|').map_or((&*text, None), |(id, name)| (id, Some(name.to_owned())));
        Self { id: percent_decode_str(id).decode_utf8_lossy().into_owned(), name }
    }
}

impl fmt::Display for SelectedLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", utf8_percent_encode(&self.id, IN_AN_ID))?;
        self.name.iter().try_for_each(|name| write!(out, "|{name}"))
    }
}

/// A phone of a user: `user/approver`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneTarget {
    /// The user whom it approves for.
    pub user: UserId,
    /// The id of its key.
    pub approver: ApproverId,
}

impl PhoneTarget {
    /// Reads the text of one; an id of a key has no slash.
    pub fn parse(text: &str) -> Option<Self> {
        let (user, approver) = text.rsplit_once('/')?;
        Some(Self { user: UserId::parse(user).ok()?, approver: ApproverId::parse(approver)? })
    }
}

impl fmt::Display for PhoneTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.user, self.approver)
    }
}

/// A lock: `network`, or `network name` for the lock of one name that was tried there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockTarget {
    /// The network.
    pub network: IpAddr,
    /// The name as it was tried; it need not be the name of a user.
    pub user: Option<String>,
}

impl LockTarget {
    /// Reads the text of one; a network has no blank.
    pub fn parse(text: &str) -> Option<Self> {
        let (network, user) = text.split_once(' ').unwrap_or((text, ""));
        Some(Self { network: network.parse().ok()?, user: Some(user.to_owned()).filter(|user| !user.is_empty()) })
    }
}

impl fmt::Display for LockTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.network)?;
        self.user.iter().try_for_each(|user| write!(out, " {user}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s";

    fn read(text: &str) -> SelectedLine {
        SelectedLine::from(text.to_owned())
    }

    #[test]
    fn a_selected_line_comes_back_as_it_was_written_whatever_stands_in_it() {
        for id in
            ["alice", "a|b", "100%", "%7C", "192.0.2.1 =cmd()|x", "佐藤", "a\u{202E}b", "", "|", "a\r\nb", "\"><svg onload=x>"]
        {
            for name in [id, "Pixel", "a|b", "", "%41"] {
                let line = SelectedLine::new(id, name);
                let written = line.to_string();
                assert_eq!(read(&written), line, "{written:?}");
                let carried = written.split('|').next().unwrap();
                assert!(carried.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{carried:?} shows what it is");
            }
        }
        assert_eq!(SelectedLine::new("alice", "alice").to_string(), "alice");
        assert_eq!(read("alice|Alice|Arai").called(), "Alice|Arai");
        assert_eq!(read("alice").called(), "alice");
    }

    #[test]
    fn a_line_that_was_made_by_hand_is_read_without_harm() {
        assert_eq!(read("%ff%zz%").id, "\u{FFFD}%zz%", "no UTF-8: an id that nothing has");
        assert_eq!(read("|alice").id, "");
        let long = "a".repeat(100_000);
        assert!(SelectedLine::new("1", &long).to_string().len() < 1_000, "a name is cut to the length of a line");
    }

    #[test]
    fn a_phone_is_named_by_a_user_and_a_key_and_by_nothing_else() {
        let text = format!("alice/{KEY}");
        let phone = PhoneTarget::parse(&text).unwrap();
        assert_eq!((phone.user.as_str(), phone.approver.as_str(), phone.to_string()), ("alice", KEY, text));
        for hostile in [
            "".to_owned(),
            "/".to_owned(),
            "alice".to_owned(),
            "alice/".to_owned(),
            format!("/{KEY}"),
            KEY.to_owned(),
            format!("alice/{KEY}/"),
            format!("alice/{KEY}="),
            format!("alice/../{KEY}x"),
            format!("a\0lice/{KEY}"),
            format!("alice/{}", "k".repeat(42)),
            format!("{}/{KEY}", "a".repeat(65)),
        ] {
            assert_eq!(PhoneTarget::parse(&hostile), None, "{hostile:?}");
        }
    }

    #[test]
    fn a_lock_is_named_by_a_network_and_the_name_as_it_was_tried() {
        for text in ["192.0.2.0", "192.0.2.0 alice", "2001:db8:: alice in wonderland", "2001:db8:: |%\u{202E}"] {
            assert_eq!(LockTarget::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(LockTarget::parse("192.0.2.0 ").unwrap().user, None);
        for hostile in [
            "",
            " ",
            "alice",
            " alice",
            "alice 192.0.2.0",
            "192.0.2.0/24",
            "192.0.2.0/24 alice",
            "::1%eth0 a",
            "1",
            "192.0.2.0\talice",
        ] {
            assert_eq!(LockTarget::parse(hostile), None, "{hostile:?}");
        }
    }
}
