//! The password policy response control (draft-behera-ldap-password-policy-10 §6.2): locked, expired, must be changed. It is
//! asked for with every bind and never critically: OpenLDAP says of a locked account what it says of a wrong password
//! unless it is asked for, and 389 Directory Server refuses a bind that makes it critical.

use ldap3::controls::{Control, RawControl};

/// The control, of the request and of the response.
const PASSWORD_POLICY: &str = "1.3.6.1.4.1.42.2.27.8.5.1";
/// Netscape's control "the password has expired", which 389 Directory Server sends without being asked.
const NETSCAPE_EXPIRED: &str = "2.16.840.1.113730.3.4.4";

/// What a server said of the password, beside the result code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PolicyState {
    /// `error` of the control: 0 expired, 1 locked, 2 must be changed first.
    pub(super) error: Option<u8>,
    /// How many sign-ins with the expired password are left.
    pub(super) grace_left: Option<u32>,
    /// Whether the control was there at all.
    pub(super) is_told: bool,
    /// Whether 389 Directory Server says by its own control that the password has expired or must be changed.
    pub(super) netscape_expired: bool,
}

/// Asks for it.
pub(super) fn request() -> RawControl {
    RawControl { ctype: PASSWORD_POLICY.to_owned(), crit: false, val: None }
}

impl PolicyState {
    /// What the controls of a result say.
    pub(super) fn of(controls: &[Control]) -> Self {
        let mut state = Self::default();
        for Control(_, control) in controls {
            match control.ctype.as_str() {
                PASSWORD_POLICY => {
                    state.is_told = true;
                    state.read(control.val.as_deref().unwrap_or_default());
                }
                NETSCAPE_EXPIRED => state.netscape_expired = true,
                _ => {}
            }
        }
        state
    }

    /// `SEQUENCE { warning [0] CHOICE { timeBeforeExpiration [0], graceAuthNsRemaining [1] }, error [1] ENUMERATED }`, each
    /// length in the short form or in the long one.
    fn read(&mut self, value: &[u8]) {
        let Some((0x30, content, _)) = element(value) else { return };
        let mut rest = content;
        while let Some((tag, content, after)) = element(rest) {
            rest = after;
            match tag {
                0xa0 => {
                    if let Some((0x81, count, _)) = element(content) {
                        self.grace_left = Some(count.iter().fold(0, |number: u32, byte| number << 8 | u32::from(*byte)));
                    }
                }
                0x81 => self.error = content.last().copied(),
                _ => {}
            }
        }
    }
}

/// The first element of BER (X.690): its tag, its content, what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*first) {
        short @ ..=0x7f => (short, rest),
        long @ 0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(long - 0x80)?;
            (digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &[u8]) -> PolicyState {
        let control = RawControl { ctype: PASSWORD_POLICY.to_owned(), crit: false, val: Some(value.to_vec()) };
        PolicyState::of(&[Control(None, control)])
    }

    #[test]
    fn the_control_is_read_in_both_forms_of_lengths() {
        // As OpenLDAP writes it, and as 389 Directory Server does.
        for locked in [&[0x30, 3, 0x81, 1, 1][..], &[0x30, 0x84, 0, 0, 0, 3, 0x81, 1, 1]] {
            assert_eq!(read(locked), PolicyState { error: Some(1), is_told: true, ..PolicyState::default() });
        }
        let both = [0x30, 0x84, 0, 0, 0, 0x0c, 0xa0, 0x84, 0, 0, 0, 3, 0x80, 1, 0, 0x81, 1, 2];
        assert_eq!(read(&both), PolicyState { error: Some(2), is_told: true, ..PolicyState::default() });
        let grace = [0x30, 5, 0xa0, 3, 0x81, 1, 2];
        assert_eq!(read(&grace), PolicyState { grace_left: Some(2), is_told: true, ..PolicyState::default() });
    }

    #[test]
    fn an_empty_or_broken_control_says_nothing_and_breaks_nothing() {
        for value in [&[][..], &[0x30, 0], &[0x30], &[0x30, 9, 1], &[0x30, 0x88, 1], &[4, 1, 1], &[0x30, 2, 0x81, 9]] {
            assert_eq!(read(value), PolicyState { is_told: true, ..PolicyState::default() }, "{value:?}");
        }
        let expired = RawControl { ctype: NETSCAPE_EXPIRED.to_owned(), crit: false, val: Some(b"0".to_vec()) };
        assert!(PolicyState::of(&[Control(None, expired)]).netscape_expired);
    }
}
