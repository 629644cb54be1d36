//! How fast dbctl reads and compares large schemas, beside `pg_dump --schema-only`.
//!
//! ```console
//! $ cargo bench --bench diff
//! $ cargo bench --bench diff -- --rounds 3 --tables 1000
//! $ cargo bench --bench diff -- --sql > large.sql
//! ```
//!
//! Whole processes, in alternated rounds, on one throw-away server with two databases of 5,000 tables and 3,000 functions
//! that differ in ten things. Nothing is asserted: times belong to the machine, and only the ratios of one run say
//! something. The memory is the peak that Linux tells of a process.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it found")]

mod large;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use dbctl::server::{self, Durability, Running, ServerSettings};
use large::Size;

const DBCTL: &str = env!("CARGO_BIN_EXE_dbctl");

/// How often a process is asked for its memory.
const GLANCE: Duration = Duration::from_millis(5);

fn main() -> Result<()> {
    let options = Options::read(std::env::args().skip(1))?;
    if options.sql {
        print!("{}", large::script(options.size));
        return Ok(());
    }
    let folder = tempfile::Builder::new().prefix("dbctl-bench-").tempdir()?;
    let bench = Bench::start(&Utf8PathBuf::try_from(folder.path().canonicalize()?)?)?;
    bench.load(options.size)?;
    let mut rows = bench.rows();
    for round in 0..options.rounds {
        let turn = if round.is_multiple_of(2) { [0, 1, 2, 3] } else { [3, 2, 1, 0] };
        for at in turn {
            bench.run(&mut rows[at])?;
        }
    }
    print_table(&format!("{} tables, {} rounds", options.size.tables, options.rounds), &rows);
    Ok(())
}

/// What the command line says.
struct Options {
    size: Size,
    rounds: usize,
    sql: bool,
}

impl Options {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self { size: Size::default(), rounds: 5, sql: false };
        while let Some(arg) = args.next() {
            let mut number = || {
                let value = args.next().with_context(|| format!("{arg} takes a number"))?;
                value.parse::<usize>().map(|it| it.max(1)).with_context(|| format!("`{value}` is no number"))
            };
            match arg.as_str() {
                // What cargo passes to every benchmark.
                "--bench" => {}
                "--sql" => options.sql = true,
                "--rounds" => options.rounds = number()?,
                "--tables" => options.size = Size::of(number()?),
                other => bail!("`{other}` is not known: --rounds N, --tables N, --sql"),
            }
        }
        Ok(options)
    }
}

/// The server with both databases.
struct Bench {
    root: Utf8PathBuf,
    settings: ServerSettings,
    running: Running,
    programs: Option<PathBuf>,
}

impl Bench {
    fn start(root: &Utf8Path) -> Result<Self> {
        let managed = root.join("managed");
        fs::create_dir_all(&managed)?;
        fs::write(root.join("dbctl.toml"), "")?;
        let local = managed.join(".dbctl");
        let settings = ServerSettings { durability: Durability::Throwaway, ..ServerSettings::new(&managed, local) };
        let running = server::start(&settings, &mut |_| ())?;
        // The programs beside the server's: Debian's `/usr/bin/pg_dump` is a script that looks for them first.
        let server = running.engine.program("postgres").and_then(|path| path.canonicalize().ok());
        let programs = server.and_then(|path| Some(path.parent()?.to_owned()));
        println!("{}; times are of whole processes", running.engine);
        Ok(Self { root: root.to_owned(), settings, running, programs })
    }

    /// Makes both databases, and has the server look at them as it does by itself after a while.
    fn load(&self, size: Size) -> Result<()> {
        let (script, changes) = (self.root.join("large.sql"), self.root.join("changes.sql"));
        fs::write(&script, large::script(size))?;
        fs::write(&changes, large::CHANGES.map(|change| format!("{change};\n")).concat())?;
        let psql = |database: &str, args: &[&str]| {
            let mut command = Command::new(self.program("psql"));
            command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url(database)]).args(args);
            run(&mut command).map(drop)
        };
        let begun = Instant::now();
        psql("postgres", &["-c", "create database one"])?;
        psql("one", &["-f", script.as_str(), "-c", "vacuum analyze"])?;
        psql("postgres", &["-c", "create database other template one"])?;
        psql("other", &["-f", changes.as_str(), "-c", "vacuum analyze"])?;
        println!("made in {:.1} s", begun.elapsed().as_secs_f64());
        Ok(())
    }

    fn rows(&self) -> [Row; 4] {
        let (one, other) = (self.url("one"), self.url("other"));
        let dump = Row::new("pg_dump --schema-only", &self.program("pg_dump"), &["-s", "-d", &one]);
        let dbctl = |name, args: &[&str]| {
            let all: Vec<&str> = ["-C", self.root.as_str()].iter().chain(args).copied().collect();
            Row::new(name, DBCTL.as_ref(), &all)
        };
        let (one, other) = (format!("url:{one}"), format!("url:{other}"));
        [
            dump,
            dbctl("dbctl snapshot", &["snapshot", &one, "-o", "one.json"]),
            dbctl("dbctl diff of two", &["diff", "--from", &one, "--to", &other, "--no-verify"]),
            dbctl("dbctl dump", &["dump", &one]),
        ]
    }

    fn run(&self, row: &mut Row) -> Result<()> {
        let mut command = Command::new(&row.program);
        command.args(&row.args).current_dir(&self.root);
        let (time, memory) = run(&mut command)?;
        row.times.push(time);
        row.memory = row.memory.max(memory);
        Ok(())
    }

    fn url(&self, database: &str) -> String {
        format!("{}?sslmode=disable", self.running.url(database))
    }

    fn program(&self, name: &str) -> PathBuf {
        let beside = self.programs.as_ref().map(|folder| folder.join(name)).filter(|path| path.is_file());
        beside.unwrap_or_else(|| name.into())
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Err(error) = server::destroy(&self.settings) {
            println!("the server's data in {} could not be removed: {error}", self.running.data_dir);
        }
    }
}

/// One process from its start to its end, and its peak of memory in bytes. What it prints goes nowhere.
fn run(command: &mut Command) -> Result<(Duration, u64)> {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("PG") || text.starts_with("DBCTL_") || text == "DATABASE_URL" {
            command.env_remove(&name);
        }
    }
    let program = command.get_program().to_string_lossy().into_owned();
    let begun = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let child = child.with_context(|| format!("{program} does not start"))?;
    let status = format!("/proc/{}/status", child.id());
    let glances = std::thread::spawn(move || {
        let mut peak = 0;
        // A process that has ended has no memory any longer.
        while let Some(now) = fs::read_to_string(&status).ok().as_deref().and_then(peak_of) {
            peak = now.max(peak);
            std::thread::sleep(GLANCE);
        }
        peak
    });
    let ended = child.wait_with_output()?;
    let time = begun.elapsed();
    let peak = glances.join().unwrap_or_default();
    if !ended.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&ended.stderr).trim());
    }
    Ok((time, peak))
}

fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib * 1_024)
}

/// One contestant and its times.
struct Row {
    name: &'static str,
    program: PathBuf,
    args: Vec<String>,
    times: Vec<Duration>,
    memory: u64,
}

impl Row {
    fn new(name: &'static str, program: &std::path::Path, args: &[&str]) -> Self {
        let args = args.iter().map(ToString::to_string).collect();
        Self { name, program: program.to_owned(), args, times: Vec::new(), memory: 0 }
    }

    fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }
}

/// The first row is the measure of the others, and the second, one reading, that of what comes after.
fn print_table(title: &str, rows: &[Row; 4]) {
    println!("\n{title}");
    println!("  {:<24} {:>10} {:>12} {:>14} {:>10}", "", "median", "of pg_dump", "of a snapshot", "memory");
    for row in rows {
        println!(
            "  {:<24} {:>7.0} ms {:>12.2} {:>14.2} {:>7} MB",
            row.name,
            row.median().as_secs_f64() * 1e3,
            row.median().div_duration_f64(rows[0].median()),
            row.median().div_duration_f64(rows[1].median()),
            row.memory / 1_000_000,
        );
    }
}
