//! What can be wrong with a new password.

use serde::Deserialize;

use crate::factor::password::{LONGEST, Unsuitable};
use crate::portal::kit::page::Frame;
use crate::self_service::ActError;

/// What can be wrong with a new password, or with the current one that is entered with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Not the password of now.
    WrongCurrent,
    /// Fewer characters than demanded.
    TooShort(usize),
    /// More characters than are taken.
    TooLong(usize),
    /// The two entries differ.
    NotTheSame,
    /// It is the one of now.
    AsBefore,
    /// Widely known, or made of the user's own name.
    TooCommon,
    /// A directory does not take it, by its own rules.
    NotTaken,
    /// Too many at once; nothing was judged.
    Busy,
    /// The directory does not answer.
    Unavailable,
}

impl PasswordProblem {
    pub(in crate::portal) fn text(self, frame: &Frame) -> String {
        match self {
            Self::WrongCurrent => frame.say("password-problem-wrong-current"),
            Self::TooShort(least) => frame.with("password-problem-too-short", "count", least),
            Self::TooLong(most) => frame.with("password-problem-too-long", "count", most),
            Self::NotTheSame => frame.say("password-problem-not-the-same"),
            Self::AsBefore => frame.say("password-problem-as-before"),
            Self::TooCommon => frame.say("password-problem-too-common"),
            Self::NotTaken => frame.say("password-problem-not-taken"),
            Self::Busy => frame.say("problem-busy"),
            Self::Unavailable => frame.say("problem-directory-unavailable"),
        }
    }
}

/// What the form of a password that is set sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct NewPassword {
    pub(in crate::portal) new: String,
    pub(in crate::portal) again: String,
}

/// The problem that a password form shows for a refused act; `None` if another page shows it.
pub(in crate::portal) const fn password_problem(error: &ActError) -> Option<PasswordProblem> {
    Some(match error {
        ActError::WrongCurrent => PasswordProblem::WrongCurrent,
        ActError::AsBefore => PasswordProblem::AsBefore,
        ActError::Busy(_) => PasswordProblem::Busy,
        ActError::NotTaken(_) => PasswordProblem::NotTaken,
        ActError::Unsuitable(Unsuitable::TooShort(least)) => PasswordProblem::TooShort(*least),
        ActError::Unsuitable(Unsuitable::TooLong) => PasswordProblem::TooLong(LONGEST),
        ActError::Unsuitable(Unsuitable::Common | Unsuitable::LikeTheName) => PasswordProblem::TooCommon,
        _ => return None,
    })
}
