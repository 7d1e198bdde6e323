//! That every act is a command, and that commands are readable.

use clap::{CommandFactory as _, Parser as _};

use super::*;
use crate::cli::Line;

struct Names(Vec<&'static str>);

impl ActVisitor for Names {
    fn visit<A: Act>(&mut self) {
        self.0.push(A::NAME);
    }
}

#[test]
fn every_act_is_a_command_and_says_what_it_does() {
    let line = Line::command();
    let mut names = Names(Vec::new());
    catalogue::every(&mut names);
    for name in names.0 {
        let mut command = &line;
        for word in name.split('.') {
            let word = word.replace('_', "-");
            command = command.find_subcommand(&word).unwrap_or_else(|| panic!("there is no command {name}"));
        }
        assert!(command.get_about().is_some_and(|about| about.to_string().len() > 8), "{name} says nothing");
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{name}: {} says nothing", argument.get_id());
        }
    }
}

#[test]
fn the_tree_of_commands_is_sound() {
    Line::command().debug_assert();
}

#[test]
fn a_command_is_read_into_its_act() {
    let read = |words: &[&str]| Line::try_parse_from(words);
    assert!(read(&["sekisho", "user", "add", "alice", "--group", "staff", "--json"]).is_ok());
    assert!(read(&["sekisho", "user", "add", "-- -"]).is_err());
    assert!(read(&["sekisho", "user"]).is_err());
    assert!(read(&["sekisho", "certificate", "register", "ab", "--user", "alice", "--shared"]).is_err());
    assert!(read(&["sekisho", "explain", "--app", "wiki", "--from", "192.0.2.1", "--with", "password,totp"]).is_ok());
}

#[test]
fn an_id_may_begin_with_a_hyphen() {
    for words in [
        "session revoke -OP3YOVplIxLOBu7IApv-A",
        "session revoke --json --P3YOVplIxLOBu7IApv-A",
        "session revoke -OP3YOVplIxLOBu7IApv-A --json",
        "session list --after -OP3YOVplIxLOBu7IApv-A",
        "browser revoke -OP3YOVplIxLOBu7IApv-A",
        "token revoke -OP3YOVplIxLOBu7IApv-A",
        "user revoke-link alice -OP3YOVplIxLOBu7IApv-A",
        "outbox show -OP3YOVplIxLOBu7IApv-A",
        "explain --app wiki --from 192.0.2.1 --user alice --browser -OP3YOVplIxLOBu7IApv-A",
    ] {
        let read = Line::command().try_get_matches_from(["sekisho"].into_iter().chain(words.split(' ')));
        let read = read.unwrap_or_else(|error| panic!("{words}: {error}"));
        let (_, thing) = read.subcommand().unwrap();
        let leaf = thing.subcommand().map_or(thing, |(_, leaf)| leaf);
        assert_eq!(leaf.get_flag("json"), words.contains("--json"), "{words}");
    }
    assert!(Line::command().try_get_matches_from(["sekisho", "session", "revoke", "--help"]).is_err_and(|it| !it.use_stderr()));
}
