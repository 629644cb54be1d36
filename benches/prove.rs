//! What `dbctl verify` proves of real histories with ways back that people wrote.
//!
//! ```console
//! $ cargo bench --bench prove
//! $ cargo bench --bench prove -- ../shared/corpora/rollback/keto
//! ```
//!
//! Every folder is a project, or holds projects; each is copied, and all its migrations are verified there, the generated
//! ways back too. The shadows are on `DBCTL_SHADOW_URL`, or on a throw-away server. Nothing is asserted: what is not proved
//! is named, with the reason.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it found")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use camino::Utf8PathBuf;
use dbctl::server::{self, Durability, Running, ServerSettings};
use serde_json::Value;

const DBCTL: &str = env!("CARGO_BIN_EXE_dbctl");
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpora/rollback");

fn main() -> Result<()> {
    // What cargo passes to every benchmark is no folder.
    let said: Vec<PathBuf> = std::env::args().skip(1).filter(|arg| arg != "--bench").map(PathBuf::from).collect();
    let folders = if said.is_empty() { vec![PathBuf::from(CORPUS)] } else { said };
    let mut projects = Vec::new();
    for folder in folders {
        match folder.canonicalize() {
            Ok(folder) => projects.extend(projects_in(&folder)?),
            Err(error) => println!("not run: {}: {error}", folder.display()),
        }
    }
    if projects.is_empty() {
        return Ok(());
    }
    let bench = Bench::start()?;
    let mut rows = Vec::new();
    let mut reasons = Vec::new();
    for project in &projects {
        let begun = Instant::now();
        match bench.verify(project) {
            Ok(answer) => rows.push(Row::of(project, &answer, begun.elapsed(), &mut reasons)),
            Err(error) => reasons.push(format!("{}: not run: {error:#}", name(project))),
        }
    }
    print_table(&rows);
    for reason in reasons {
        println!("{reason}");
    }
    Ok(())
}

/// The folder itself where SQL stands in it or where it says that it is one, and its folders else.
fn projects_in(folder: &Path) -> Result<Vec<PathBuf>> {
    const MARKS: [&str; 5] = ["dbctl.toml", "migrations", "supabase", "prisma", "drizzle"];
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        entries.push(entry?.path().canonicalize()?);
    }
    entries.sort();
    let is_sql = |path: &PathBuf| path.extension().is_some_and(|it| it == "sql");
    // Diesel's and Prisma's folders of migrations hold one folder a migration.
    let holds_sql = |path: &PathBuf| ["up.sql", "migration.sql"].iter().any(|file| path.join(file).is_file());
    let is_project = MARKS.iter().any(|mark| folder.join(mark).exists())
        || entries.iter().any(|path| is_sql(path) || holds_sql(path));
    Ok(if is_project { vec![folder.to_owned()] } else { entries.into_iter().filter(|path| path.is_dir()).collect() })
}

fn name(project: &Path) -> String {
    project.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Where the shadows are.
struct Bench {
    shadow_url: String,
    /// Held while it is needed.
    _managed: Option<Managed>,
}

/// A throw-away server; it goes with the value.
struct Managed {
    settings: ServerSettings,
    running: Running,
    folder: tempfile::TempDir,
}

impl Drop for Managed {
    fn drop(&mut self) {
        if let Err(error) = server::destroy(&self.settings) {
            let folder = self.folder.path().display();
            println!("the server of {} in {folder} could not be removed: {error}", self.running.data_dir);
        }
    }
}

impl Bench {
    fn start() -> Result<Self> {
        if let Ok(shadow_url) = std::env::var("DBCTL_SHADOW_URL") {
            return Ok(Self { shadow_url, _managed: None });
        }
        let folder = tempfile::Builder::new().prefix("dbctl-bench-").tempdir()?;
        let root = Utf8PathBuf::try_from(folder.path().canonicalize()?)?;
        fs::write(root.join("dbctl.toml"), "")?;
        let settings =
            ServerSettings { durability: Durability::Throwaway, ..ServerSettings::new(&root, root.join(".dbctl")) };
        let running = server::start(&settings, &mut |_| ())?;
        println!("{}; times are of whole processes", running.engine);
        let shadow_url = format!("{}?sslmode=disable", running.url("postgres"));
        Ok(Self { shadow_url, _managed: Some(Managed { settings, running, folder }) })
    }

    /// Verifies a copy of a project, which keeps what it is.
    fn verify(&self, project: &Path) -> Result<Value> {
        let folder = tempfile::Builder::new().prefix("dbctl-bench-").tempdir()?;
        let is_flat = !["dbctl.toml", "migrations", "supabase", "prisma", "drizzle"]
            .iter()
            .any(|mark| project.join(mark).exists());
        let to = if is_flat { folder.path().join("migrations") } else { folder.path().to_owned() };
        copy(project, &to)?;
        let config = folder.path().join("dbctl.toml");
        if !config.exists() {
            fs::write(&config, "")?;
        }
        let (answer, said) = self.run(folder.path())?;
        if answer.get("migrations").is_some() {
            return Ok(answer);
        }
        if !said.contains("same_version") && !answer.to_string().contains("same_version") {
            bail!("{}", said.trim());
        }
        let text = fs::read_to_string(&config)?;
        fs::write(&config, format!("{text}\n[project]\nsame_version = \"by-name\"\n"))?;
        let (answer, said) = self.run(folder.path())?;
        if answer.get("migrations").is_none() {
            bail!("{} {answer}", said.trim());
        }
        Ok(answer)
    }

    fn run(&self, folder: &Path) -> Result<(Value, String)> {
        let mut command = Command::new(DBCTL);
        command.args(["verify", "--all", "--generated", "--keep-going", "--format", "json"]).current_dir(folder);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("PG") || text.starts_with("DBCTL_") || text == "DATABASE_URL" {
                command.env_remove(&name);
            }
        }
        command.env("DBCTL_SHADOW_URL", &self.shadow_url).stdin(Stdio::null());
        let output = command.output().context("dbctl does not start")?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let answer = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        Ok((answer, said))
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// What is proved of a project.
#[derive(Default)]
struct Row {
    name: String,
    /// The numbers of the columns, in their order.
    counts: Vec<usize>,
    time: Duration,
}

const COLUMNS: [&str; 12] = [
    "migrations",
    "applied",
    "changing",
    "idempotent",
    "with down",
    "exact",
    "+order",
    "generated",
    "exact",
    "+order",
    "up again",
    "data loss",
];

impl Row {
    fn of(project: &Path, answer: &Value, time: Duration, reasons: &mut Vec<String>) -> Self {
        let none = Vec::new();
        let migrations = answer["migrations"].as_array().unwrap_or(&none);
        let is = |value: &Value| value.as_bool() == Some(true);
        let count = |of: &[&Value], has: &dyn Fn(&Value) -> bool| of.iter().filter(|it| has(it)).count();
        let changing: Vec<&Value> = migrations.iter().filter(|it| is(&it["changesSchema"])).collect();
        let human: Vec<&Value> =
            changing.iter().map(|it| &it["reversible"]).filter(|way| way["source"] == "file").collect();
        let generated: Vec<(&Value, &Value)> = changing.iter().map(|it| (*it, generated(it))).collect();
        let ways: Vec<&Value> = generated.iter().map(|(_, way)| *way).collect();
        let exact = |way: &Value| is(&way["exact"]) && !is(&way["columnOrder"]);
        let up_to_order = |way: &Value| is(&way["exact"]);
        let loses = |way: &Value| way["dataLoss"].as_array().is_some_and(|it| !it.is_empty());
        let all: Vec<&Value> = migrations.iter().collect();
        let not_reached = answer["notReached"].as_array().map_or(0, Vec::len);
        for (migration, way) in &generated {
            reasons.extend(reason(project, migration, way));
        }
        for migration in migrations.iter().filter(|it| !is(&it["applies"])) {
            let said = &migration["failure"]["message"];
            reasons.push(format!("{}: does not apply: {said}", title(project, migration)));
        }
        let counts = vec![
            migrations.len() + not_reached,
            count(&all, &|it| is(&it["applies"])),
            changing.len(),
            count(&all, &|it| is(&it["idempotent"]["ok"])),
            human.len(),
            count(&human, &exact),
            count(&human, &up_to_order),
            ways.len(),
            count(&ways, &exact),
            count(&ways, &up_to_order),
            count(&ways, &|way| is(&way["reup"])),
            count(&ways, &loses),
        ];
        Self { name: name(project), counts, time }
    }
}

/// The generated way back of a migration.
fn generated(migration: &Value) -> &Value {
    let way = &migration["reversible"];
    if way["source"] == "generated" { way } else { &migration["generated"] }
}

fn title(project: &Path, migration: &Value) -> String {
    let text = |key: &str| migration[key].as_str().unwrap_or_default().to_owned();
    format!("{} {}_{}", name(project), text("version"), text("name"))
}

/// Why a generated way back does not restore what was there, or why the migration does not run again behind it.
fn reason(project: &Path, migration: &Value, way: &Value) -> Option<String> {
    let objects = |key: &str| {
        let text = |it: &Value| {
            format!("{} {}", it["object"].as_str().unwrap_or_default(), it["how"].as_str().unwrap_or_default())
        };
        way[key].as_array().into_iter().flatten().map(text).collect::<Vec<_>>().join(", ")
    };
    let failure = |key: &str| {
        let (said, sql) = (way[key]["message"].as_str()?, way[key]["sql"].as_str().unwrap_or_default());
        Some(format!("{said}: {sql}"))
    };
    let (is_exact, is_again) = (way["exact"].as_bool()?, way["reup"].as_bool()?);
    let what = match (is_exact, is_again) {
        (true, true) => return None,
        (false, _) => format!("the generated way back: {}", failure("failure").unwrap_or_else(|| objects("differs"))),
        (true, false) => format!("up again: {}", failure("reupFailure").unwrap_or_else(|| objects("reupDiffers"))),
    };
    Some(format!("{}: {what}", title(project, migration)))
}

fn print_table(rows: &[Row]) {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default().max("all".len());
    let line = |name: &str, cells: &[String], seconds: &str| {
        let cell = |(cell, column): (&String, &str)| format!("{cell:>width$}", width = column.len());
        let cells = cells.iter().zip(COLUMNS).map(cell).collect::<Vec<_>>().join("  ");
        println!("{name:<width$}  {cells}  {seconds:>7}");
    };
    line("", &COLUMNS.map(ToOwned::to_owned), "seconds");
    let print = |row: &Row| {
        let cells: Vec<String> = row.counts.iter().map(ToString::to_string).collect();
        line(&row.name, &cells, &format!("{:.1}", row.time.as_secs_f64()));
    };
    rows.iter().for_each(print);
    if rows.len() > 1 {
        let sum = |at: usize| rows.iter().map(|row| row.counts[at]).sum();
        let counts = (0..COLUMNS.len()).map(sum).collect();
        print(&Row { name: "all".to_owned(), counts, time: rows.iter().map(|row| row.time).sum() });
    }
    println!();
}
