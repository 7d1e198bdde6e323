//! The tests that show what the build meets whatever the config says.

pub(super) const PASSWORDS: &str = "src/factor/password/tests.rs::first_guesses_are_not_taken_and_no_composition_is_asked_for";

pub(super) const RECOVERY_CODES: &str =
    "src/factor/recovery_code.rs::a_recovery_code_is_good_once_and_a_new_set_ends_the_old_t37";

pub(super) const NUMBERS: &str = "src/approval/number.rs::every_number_is_drawn_alike_t42";

pub(super) const PEACE: &str = "src/approval/tests/silence.rs::unanswered_questions_are_followed_by_growing_silence_t41";

pub(super) const TOTP_ONCE: &str = "src/factor/totp.rs::a_code_is_accepted_once_however_many_come_at_once_t37";

pub(super) const GUESSES: &str = "src/portal/sign_in/tests/effort.rs::of_two_hundred_guesses_at_once_few_are_evaluated_t39";

pub(super) const SESSIONS: &str = "src/session/tests.rs::a_rise_of_privilege_changes_the_cookie_and_ends_the_old_one_t26";

pub(super) const BOUND: &str = "src/approval/tests.rs::an_answer_is_refused_that_was_altered_replayed_or_given_by_another";

pub(super) const SWITCHED_OFF: &str =
    "src/session/tests.rs::a_user_switched_off_by_the_account_alone_has_no_session_even_after_a_restart";
