//! One file per act of a user on the own account. The pages call these and nothing else.
