//! Files: each says its duty, none grows too long, none lies about unused.

use dbctl::project::platform::STUBS;

use super::source::{files, text};

const MOST_LINES: usize = 500;

#[test]
fn every_file_says_its_duty_and_stays_short() {
    let mut wrong = Vec::new();
    let rust = ["src", "tests", "benches"].into_iter().flat_map(files);
    for path in rust.filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        let text = text(&path);
        if !text.starts_with("//! ") {
            wrong.push(format!("{} does not begin with `//!`", path.display()));
        }
        let lines = text.lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("{} has {lines} lines", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_stub_is_listed_and_says_what_it_is() {
    let mut there: Vec<String> =
        files("sql/stubs").iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    there.sort();
    let listed: Vec<&str> = STUBS.iter().map(|(name, _)| *name).collect();
    assert_eq!(there, listed);
    for (name, sql) in STUBS {
        assert!(sql.starts_with(&format!("-- stub of extension {name}")), "sql/stubs/{name}.sql");
    }
}

#[test]
fn every_sql_file_is_used() {
    let code: String = files("src").iter().map(text).collect();
    // The queries of the catalog are listed by the name of their file.
    let is_query = |path: &String| {
        let name = path.strip_prefix("sql/catalog/").and_then(|it| it.strip_suffix(".sql"));
        name.is_some_and(|name| code.contains(&format!("\" \"{name}\",")))
    };
    let is_used =
        |path: &String| path.starts_with("sql/stubs/") || is_query(path) || code.contains(&format!("/{path}\""));
    let paths = files("sql").into_iter().map(|path| path.to_str().unwrap().to_owned());
    let unused: Vec<String> = paths.filter(|path| !is_used(path)).collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn every_template_is_used() {
    let code: String = files("src").iter().map(text).collect();
    for path in files("templates") {
        let path = path.to_str().unwrap();
        assert!(code.contains(&format!("/{path}\"")), "{path}");
    }
}
