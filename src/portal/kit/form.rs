//! The fields of posted forms.

use secrecy::SecretString;

/// The fields of a posted form.
pub(in crate::portal) struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field, empty where it is not there; the last of a name counts.
    pub(in crate::portal) fn text(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// Every field of a name, in the order of the form.
    pub(in crate::portal) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// A field that is a secret.
    pub(in crate::portal) fn secret(&mut self, name: &str) -> SecretString {
        let found = self.0.iter_mut().rev().find(|(found, _)| found == name);
        SecretString::from(found.map(|(_, value)| std::mem::take(value)).unwrap_or_default())
    }
}

/// Full-width digits as narrow ones.
pub(in crate::portal) fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| if ('０'..='９').contains(&c) { char::from_u32(u32::from(c) - 0xff10 + 0x30).unwrap_or(c) } else { c })
        .collect()
}
