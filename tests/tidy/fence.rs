//! The fence between the layers: the diagram in `lib.rs` is what is checked.

use super::source::{SourceFile, sources, text};

/// Each owns one thing outside; none knows of another.
const EFFECTS: [&str; 5] = ["terminal", "db", "server", "state", "project"];

/// Text in, text out.
const PURE: [&str; 9] = ["report", "plan", "rls", "migration", "sql", "sqlstate", "diagnostic", "exit", "text"];

/// What only effects and commands may name: the disk, the network, the clock, chance, and the terminal.
const OUTSIDE: [&str; 13] = [
    "tokio",
    "std::fs",
    "fs_err",
    "std::env",
    "std::process::Command",
    "std::net",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "Uuid::n",
    "println!",
    "print!",
    "rand::",
];

/// The layers as the diagram has them, from the top; those on one line stand side by side.
fn layers() -> Vec<Vec<String>> {
    let text = text("src/lib.rs");
    let diagram = text.split("//! ```text\n").nth(1).and_then(|rest| rest.split("//! ```").next()).unwrap();
    let names = |line: &str| {
        let line = line.trim_start_matches("//!").trim();
        line.split("   ").next().unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    };
    diagram.lines().map(names).collect()
}

/// How deep a module stands, and where on its line.
fn rank(module: &str) -> (usize, usize) {
    let layers = layers();
    let depth = layers.iter().position(|layer| layer.iter().any(|name| name == module));
    let depth = depth.unwrap_or_else(|| panic!("`{module}` is missing in the diagram of src/lib.rs"));
    (depth, layers[depth].iter().position(|name| name == module).unwrap())
}

/// The modules of this crate that a file names: `crate::db::…` and `crate::{db, project}`.
fn used(file: &SourceFile) -> Vec<String> {
    let word =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for (at, _) in file.code.match_indices("crate::") {
        let rest = &file.code[at + "crate::".len()..];
        match rest.strip_prefix('{').and_then(|list| list.split('}').next()) {
            Some(list) => found.extend(list.split(',').map(|item| word(item.trim()))),
            None => found.push(word(rest)),
        }
    }
    found
}

#[test]
fn the_diagram_has_every_module() {
    let declared: Vec<String> = text("src/lib.rs")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned()))
        .collect();
    let mut drawn: Vec<String> = layers().concat();
    drawn.sort();
    assert_eq!(drawn, declared);
    for module in EFFECTS.iter().chain(&PURE) {
        rank(module);
    }
}

#[test]
fn each_module_uses_only_what_stands_below_it() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| !["main", "lib"].contains(&file.module.as_str())) {
        for module in used(file) {
            let allowed = module == file.module
                || rank(&module) > rank(&file.module)
                    && !(EFFECTS.contains(&file.module.as_str()) && EFFECTS.contains(&module.as_str()));
            if !allowed {
                wrong.push(format!("src/{} uses `{module}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_modules_name_nothing_outside() {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| PURE.contains(&file.module.as_str())) {
        for outside in OUTSIDE {
            let named = file.code.match_indices(outside).any(|(at, _)| !is_word(file.code[..at].chars().next_back()));
            if named {
                wrong.push(format!("src/{} names `{outside}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
