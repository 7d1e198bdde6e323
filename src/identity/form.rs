//! In which form an app gets what is known of its user: which of the groups, within how many bytes, and how a name in another
//! script is written.
//! Invariant: a list of groups is whole or absent. Of one that was cut an app would conclude that its user is in no other.

use http::HeaderValue;

use super::headers::value;
use crate::config::schema::{Identity, NameEncoding};

/// How one app is told of its users.
#[derive(Clone, Debug)]
pub struct IdentityForm {
    /// The groups that it is sent: names, or beginnings with `*` behind.
    groups: Box<[Box<str>]>,
    /// The most that their names may take up in a header, bytes.
    within: usize,
    name: NameEncoding,
}

/// The groups of a user, as an app is sent them.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SentGroups<'a> {
    /// These.
    Whole(Vec<&'a str>),
    /// None, since they are too many: so many groups, so many bytes.
    LeftOut(usize, usize),
}

impl SentGroups<'_> {
    /// Those that are sent: none where they are too many.
    pub(super) fn sent(&self) -> &[&str] {
        match self {
            Self::Whole(groups) => groups,
            Self::LeftOut(..) => &[],
        }
    }

    pub(super) const fn is_left_out(&self) -> bool {
        matches!(self, Self::LeftOut(..))
    }
}

impl IdentityForm {
    /// What `[identity]`, or that of an app, says.
    pub fn of(said: &Identity) -> Self {
        let groups = said.send_groups.iter().map(|pattern| pattern.as_str().into()).collect();
        Self { groups, within: said.groups_within.bytes(), name: said.name_encoding }
    }

    /// Those of a user's groups that the app is sent.
    pub(super) fn groups<'a>(&self, all: impl Iterator<Item = &'a str>) -> SentGroups<'a> {
        let is_sent = |group: &str| self.groups.iter().any(|pattern| matches(pattern, group));
        let sent: Vec<&str> = all.filter(|group| is_sent(group)).collect();
        let length = joined(&sent).map_or(0, |value| value.len());
        if length > self.within { SentGroups::LeftOut(sent.len(), length) } else { SentGroups::Whole(sent) }
    }

    /// The name that people use, as a header value.
    pub(super) fn name(&self, text: &str) -> HeaderValue {
        // A control character or the beginning of an encoded word (RFC 2047) is never written as it is.
        let may_be_raw = self.name == NameEncoding::Utf8 && !text.contains("=?") && !text.chars().any(char::is_control);
        let raw = may_be_raw.then(|| HeaderValue::from_bytes(text.as_bytes()).ok()).flatten();
        raw.unwrap_or_else(|| value(text))
    }
}

/// The header value of these groups; none without a group.
pub(super) fn joined(groups: &[&str]) -> Option<HeaderValue> {
    (!groups.is_empty()).then(|| value(&groups.join(",")))
}

fn matches(pattern: &str, group: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == group, |beginning| group.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::units::Size;

    fn form(send: Option<&[&str]>, within: u64) -> IdentityForm {
        let mut said = Identity { groups_within: Size(within), ..Identity::default() };
        if let Some(list) = send {
            said.send_groups = list.iter().map(ToString::to_string).collect();
        }
        IdentityForm::of(&said)
    }

    #[test]
    fn an_app_is_sent_the_groups_that_its_list_names() {
        let all = ["staff", "wiki-editors", "wiki-readers", "wikis"];
        for (send, sent) in [
            (None, &all[..]),
            (Some(&["staff"][..]), &["staff"]),
            (Some(&["wiki-*"]), &["wiki-editors", "wiki-readers"]),
            (Some(&["wiki-*", "staff"]), &["staff", "wiki-editors", "wiki-readers"]),
            (Some(&["*"]), &all),
            (Some(&["wiki"]), &[]),
            (Some(&[]), &[]),
        ] {
            assert_eq!(form(send, 4096).groups(all.into_iter()), SentGroups::Whole(sent.to_vec()), "{send:?}");
        }
    }

    #[test]
    fn a_list_that_is_too_long_is_left_out_and_never_cut() {
        let many: Vec<String> = (0..600).map(|number| format!("group-{number:03}")).collect();
        let length = 600 * "group-000,".len() - 1;
        let sent = |within| form(None, within).groups(many.iter().map(String::as_str)) != SentGroups::LeftOut(600, length);
        assert_eq!([length as u64, length as u64 - 1, 4096].map(sent), [true, false, false]);
        // What the filter leaves is what counts.
        let few = form(Some(&["group-00*"]), 4096).groups(many.iter().map(String::as_str));
        assert!(matches!(few, SentGroups::Whole(groups) if groups.len() == 10));
        // A name in another script is counted as it is written.
        assert_eq!(form(None, 8).groups(["関所"].into_iter()), SentGroups::LeftOut(1, 18));
    }

    #[test]
    fn a_name_is_utf_8_where_the_app_reads_it_so() {
        let named = |name_encoding, text: &str| {
            let form = IdentityForm::of(&Identity { name_encoding, ..Identity::default() });
            String::from_utf8(form.name(text).as_bytes().to_vec()).unwrap()
        };
        assert_eq!(named(NameEncoding::Percent, "関所 太郎"), "%E9%96%A2%E6%89%80 %E5%A4%AA%E9%83%8E");
        assert_eq!(named(NameEncoding::Utf8, "関所 太郎"), "関所 太郎");
        assert_eq!(named(NameEncoding::Utf8, "100% Ada"), "100% Ada");
        // Nothing that would be read as something else.
        assert_eq!(named(NameEncoding::Utf8, "a\r\nX-Admin: 1"), "a%0D%0AX-Admin: 1");
        assert_eq!(named(NameEncoding::Utf8, "=?utf-8?q?root?="), "%3D?utf-8?q?root?=");
        assert_eq!(named(NameEncoding::Utf8, "a\u{85}b"), "a%C2%85b");
    }

    proptest! {
        #[test]
        fn no_name_ends_a_header_line(text in any::<String>(), utf8 in any::<bool>()) {
            let name_encoding = if utf8 { NameEncoding::Utf8 } else { NameEncoding::Percent };
            let form = IdentityForm::of(&Identity { name_encoding, ..Identity::default() });
            let value = form.name(&text);
            prop_assert!(!value.as_bytes().iter().any(|byte| *byte < 0x20 || *byte == 0x7f));
            prop_assert!(!value.as_bytes().windows(2).any(|two| two == b"=?"));
            prop_assert!(utf8 || value.as_bytes().is_ascii());
        }
    }
}
