//! Names and values of a query, a form or the top of a JSON body, and which names some frameworks take for one.

use super::error::Unreadable;

/// FormParameters and parts that are looked at.
pub(super) const MOST: usize = 1000;

/// A name and its value, as a query, a form or the top of a JSON body says them.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: String,
    /// Whether a `;` stood in it as it came: some part parameters there, and some drop the whole of it.
    pub(super) parted: bool,
}

pub(super) type FormParameters = Vec<Parameter>;

impl Parameter {
    pub(super) fn new(name: String, value: String) -> Self {
        Self { name, value, parted: false }
    }

    /// Whether some upstream might take it, or what stands behind a `;` in it, for a parameter of this name, or for a part
    /// of it (`transfer[amount]`).
    pub(super) fn might_be(&self, name: &str) -> bool {
        within(&self.name).any(|part| alike(part, name)) || self.hides(name)
    }

    /// `a=1;b=2` is two parameters to some.
    fn hides(&self, name: &str) -> bool {
        let more = |text: &str, skipped: usize| {
            text.split(';').skip(skipped).any(|part| alike(part.split('=').next().unwrap_or_default(), name))
        };
        self.name.contains(';') && more(&self.name, 0) || more(&self.value, 1)
    }
}

/// A name, and what its brackets enclose.
pub(super) fn within(name: &str) -> impl Iterator<Item = &str> {
    std::iter::once(name).chain(name.split(['[', ']']).skip(1).filter(|part| !part.is_empty()))
}

/// How some framework or other might call it: PHP takes dots and blanks for underscores and ends a name at a NUL, many
/// take a bracket for a list and some throw brackets around a name away, some take capitals for small letters, by Unicode's
/// rules; a query may begin with a second question mark (Koa, PHP). Without what its brackets enclose, and with it.
fn likenesses(name: &str) -> [String; 2] {
    let fold = |part: &str| {
        let folded = part.chars().flat_map(char::to_lowercase).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
        folded.map(|c| if c.is_alphanumeric() { c } else { '_' }).collect::<String>()
    };
    let whole = name.split('\0').next().unwrap_or_default().trim().trim_start_matches('?').trim_start();
    let bare = whole.trim_start_matches(['[', ']']);
    let bare = bare.split(['[', ']']).next().unwrap_or_default().trim();
    [fold(bare), fold(whole)]
}

/// Whether two names might be one to some upstream.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let [other_bare, other_whole] = likenesses(other);
    likenesses(one).iter().any(|likeness| *likeness == other_bare || *likeness == other_whole)
}

/// The one value of a name; an error where there might be another.
pub(super) fn one_of<'p>(
    parameters: &'p [Parameter],
    name: &str,
    elsewhere: &[Parameter],
    what: &str,
) -> Result<Option<&'p str>, Unreadable> {
    let named = |found: &&Parameter| alike(&found.name, name);
    let mut found = parameters.iter().filter(named);
    let first = found.next();
    let another = found.next().is_some() || elsewhere.iter().any(|one| named(&one));
    let plain = first.is_none_or(|found| found.name == name && !found.parted);
    if another || !plain || parameters.iter().chain(elsewhere).any(|one| one.hides(name)) {
        return Err(Unreadable::Ambiguous(what.to_owned()));
    }
    Ok(first.map(|found| found.value.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_some_framework_takes_for_one_are_alike() {
        for other in
            ["payee", "Payee", "payee[]", "[payee]", "payee]", "pay\u{212A}ee", "payee\0x", " payee ", "?payee", "?? payee"]
        {
            assert_eq!(alike(other, "payee"), other != "pay\u{212A}ee", "{other:?}");
        }
        assert!(alike("co\u{17F}t", "cost") && alike("to[acct", "to_acct") && alike("to.acct", "to_acct"));
        assert!(!alike("payees", "payee") && !alike("x[payee]", "payee"));
    }
}
