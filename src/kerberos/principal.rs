//! The name of a ticket's client, as the library displays it: components and realm with backslash escapes. What is no person
//! (a machine, a service, nobody) is recognised here.

use super::fault::TicketFault;

/// The client of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPrincipal {
    /// The name without its escapes: `alice`; an enterprise name keeps its suffix: `alice@corp.example`.
    pub name: String,
    /// The realm: `CORP.EXAMPLE`.
    pub realm: String,
}

impl ClientPrincipal {
    /// Reads a name as displayed.
    ///
    /// # Errors
    /// [`TicketFault`] for what is no person's.
    pub(super) fn read(displayed: &[u8]) -> Result<Self, TicketFault> {
        let text = std::str::from_utf8(displayed).map_err(|_| TicketFault::NameUnreadable)?;
        let (components, realm) = parts(text).ok_or(TicketFault::NameUnreadable)?;
        if components.first().is_some_and(|first| first == "WELLKNOWN") || realm.starts_with("WELLKNOWN:") {
            return Err(TicketFault::Anonymous);
        }
        let [name] = <[String; 1]>::try_from(components).map_err(|_| TicketFault::NotAPerson)?;
        if name.is_empty() || realm.is_empty() || name.chars().chain(realm.chars()).any(char::is_control) {
            return Err(TicketFault::NameUnreadable);
        }
        if name.ends_with('$') {
            return Err(TicketFault::Machine);
        }
        Ok(Self { name, realm })
    }

    /// The name of the account: an enterprise name (RFC 6806 §5) whose suffix is the realm is the name before the `@`.
    pub fn account(&self) -> &str {
        match self.name.rsplit_once('@') {
            Some((own, suffix)) if !own.is_empty() && suffix.eq_ignore_ascii_case(&self.realm) => own,
            _ => &self.name,
        }
    }
}

impl std::fmt::Display for ClientPrincipal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}@{}", self.name, self.realm)
    }
}

/// The components and the realm: split at what is not escaped. `None` if an escape is none, or if there is not one realm.
fn parts(text: &str) -> Option<(Vec<String>, String)> {
    let (mut components, mut realm) = (vec![String::new()], None::<String>);
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        let literal = match c {
            '\\' => match characters.next()? {
                'n' => '\n',
                't' => '\t',
                'b' => '\u{8}',
                '0' => '\0',
                escaped @ ('@' | '/' | '\\') => escaped,
                _ => return None,
            },
            '@' if realm.is_none() => {
                realm = Some(String::new());
                continue;
            }
            '@' => return None,
            '/' if realm.is_none() => {
                components.push(String::new());
                continue;
            }
            c => c,
        };
        realm.as_mut().or(components.last_mut())?.push(literal);
    }
    Some((components, realm?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, String), TicketFault> {
        ClientPrincipal::read(text.as_bytes()).map(|one| (one.account().to_owned(), one.realm))
    }

    #[test]
    fn a_person_is_one_component_with_its_escapes_taken_off() {
        let pair = |name: &str, realm: &str| Ok((name.to_owned(), realm.to_owned()));
        assert_eq!(read("alice@EXAMPLE.TEST"), pair("alice", "EXAMPLE.TEST"));
        assert_eq!(read("BOB@CORP.TEST"), pair("BOB", "CORP.TEST"));
        assert_eq!(read("al ice@EXAMPLE.TEST"), pair("al ice", "EXAMPLE.TEST"));
        assert_eq!(read("あい@EXAMPLE.TEST"), pair("あい", "EXAMPLE.TEST"));
        assert_eq!(read("bob\\@corp.test@CORP.TEST"), pair("bob", "CORP.TEST"), "an enterprise name of the realm");
        assert_eq!(read("bob\\@other.test@CORP.TEST"), pair("bob@other.test", "CORP.TEST"));
        assert_eq!(read("a\\\\b@E.TEST"), pair("a\\b", "E.TEST"));
        assert_eq!(read("a\\/b@E.TEST"), pair("a/b", "E.TEST"));
    }

    #[test]
    fn what_is_no_person_is_refused_by_its_own_reason_t35() {
        assert_eq!(read("PC01$@CORP.TEST"), Err(TicketFault::Machine));
        assert_eq!(read("bob/admin@CORP.TEST"), Err(TicketFault::NotAPerson));
        assert_eq!(read("HTTP/gw@CORP.TEST"), Err(TicketFault::NotAPerson));
        assert_eq!(read("WELLKNOWN/ANONYMOUS@WELLKNOWN:ANONYMOUS"), Err(TicketFault::Anonymous));
        assert_eq!(read("alice@WELLKNOWN:ANONYMOUS"), Err(TicketFault::Anonymous));
        for unreadable in ["alice", "", "@R", "alice@", "a\\x@R", "a\\", "a@b@c", "a\\n@R", "a\\0@R"] {
            assert_eq!(read(unreadable), Err(TicketFault::NameUnreadable), "{unreadable}");
        }
        assert_eq!(ClientPrincipal::read(b"\xff@R"), Err(TicketFault::NameUnreadable));
    }
}
