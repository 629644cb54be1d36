//! The README says what is so: its exit codes are the program's, and its commands are understood.

use std::path::Path;

use clap::{Command, CommandFactory};
use dbctl::cli::Cli;
use dbctl::exit::Exit;

fn readme() -> String {
    fs_err::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The lines of all code blocks.
fn code_lines(text: &str) -> Vec<&str> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if inside {
            lines.push(line);
        }
    }
    lines
}

/// The arguments of a command line, up to what the shell does with them; quotes keep words together.
fn words(line: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, ' ') => found.push(String::new()),
            (_, c) => found.last_mut().unwrap().push(c),
        }
    }
    let found: Vec<String> = found.into_iter().filter(|word| !word.is_empty()).collect();
    let end = found.iter().position(|word| ["#", "|", ">", "&&", ";"].contains(&word.as_str())).unwrap_or(found.len());
    found[..end].to_vec()
}

/// The commands and subcommands with their hidden names.
fn names(command: &Command) -> Vec<&str> {
    command.get_subcommands().flat_map(|sub| std::iter::once(sub.get_name()).chain(sub.get_all_aliases())).collect()
}

#[test]
fn the_table_of_exit_codes_is_the_programs() {
    let text = readme();
    let table = text.split("<!-- exit-codes -->\n").nth(1).and_then(|rest| rest.split("<!-- /exit-codes -->").next());
    let rows = Exit::TABLE.map(|(exit, meaning)| format!("| {} | {meaning} |\n", exit.code())).concat();
    assert_eq!(table.unwrap(), format!("| Code | Meaning |\n|---|---|\n{rows}"));
}

#[test]
fn every_command_line_of_the_readme_is_understood() {
    let text = readme();
    let mut checked = 0;
    for line in code_lines(&text) {
        let words = words(line.trim_start().trim_start_matches("$ "));
        let from = match words.iter().position(|word| word == "dbctl") {
            Some(at) if words[..at].iter().all(|word| word.contains('=')) => at,
            _ if words.starts_with(&["cargo".into(), "run".into()]) => match words.iter().position(|word| word == "--")
            {
                Some(at) => at,
                None => continue,
            },
            _ => continue,
        };
        if let Err(error) = Cli::command().try_get_matches_from(&words[from..]) {
            panic!("{line}\n{error}");
        }
        checked += 1;
    }
    assert!(checked >= 5, "only {checked} command lines were found");
}

#[test]
fn every_command_of_the_readmes_table_exists() {
    let text = readme();
    let command = Cli::command();
    let known = names(&command);
    let table = text.split("| Command | What it does |").nth(1).unwrap().split("\n\n").next().unwrap();
    for cell in table.lines().filter_map(|row| row.split('|').nth(1)) {
        for name in cell.split('`').skip(1).step_by(2) {
            let mut path = name.split_whitespace();
            let first = path.next().unwrap();
            let is_known = known.contains(&first) || command.get_subcommands().any(|sub| names(sub).contains(&first));
            assert!(is_known, "`{name}` is no command");
        }
    }
    for visible in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        assert!(table.contains(&format!("`{}", visible.get_name())), "`{}` is missing", visible.get_name());
    }
}

#[test]
fn every_flag_that_the_readme_names_exists_here_or_in_cargo() {
    fn flags(command: &Command) -> Vec<String> {
        let own = command.get_arguments().filter_map(|argument| Some(format!("--{}", argument.get_long()?)));
        own.chain(command.get_subcommands().flat_map(flags)).collect()
    }
    let text = readme();
    let mut command = Cli::command();
    command.build();
    let known = flags(&command);
    for line in text.lines().filter(|line| !line.contains("cargo ")) {
        for word in line.split([' ', '`', ',', '.', '|', ')', '(', ';', ':', '=', '[', '"']) {
            let is_flag =
                word.strip_prefix("--").is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
            let is_flag = is_flag && !["--release", "--features"].contains(&word);
            assert!(!is_flag || known.iter().any(|flag| flag == word), "`{word}` is no flag: {line}");
        }
    }
}

/// What stands between two markers.
fn between<'a>(text: &'a str, name: &str) -> &'a str {
    let rest = text.split(&format!("<!-- {name} -->\n")).nth(1).unwrap();
    rest.split(&format!("<!-- /{name} -->")).next().unwrap()
}

#[test]
fn the_table_of_rules_is_the_rules_own() {
    let table = dbctl::report::rules_markdown(&dbctl::commands::rules::list(|_| true));
    let text = readme();
    if std::env::var_os("DBCTL_WRITE_README").is_some() {
        let old = format!("<!-- rules -->\n{}<!-- /rules -->", between(&text, "rules"));
        let new = text.replace(&old, &format!("<!-- rules -->\n{table}<!-- /rules -->"));
        fs_err::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"), new).unwrap();
        return;
    }
    assert!(
        between(&text, "rules") == table,
        "write it anew: DBCTL_WRITE_README=1 cargo test --test main table_of_rules"
    );
}
