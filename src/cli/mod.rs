//! The command line: a file per command; thin: parse, call, print. Exit codes are given here and nowhere else.

pub mod check;
