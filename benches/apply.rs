//! How fast dbctl applies many small migrations, how fast it says that there is nothing to do, and how fast it proves them.
//!
//! ```console
//! $ cargo bench --bench apply
//! $ cargo bench --bench apply -- --peers --rounds 5 200 1000
//! ```
//!
//! Whole processes, in alternated rounds, on one durable server of dbctl's own. The measure is `psql` running the same
//! files in one session, `BEGIN` and `COMMIT` around each and a history `INSERT` after each. Nothing is asserted: times
//! belong to the machine, and only the ratios of one run say something. With `--peers` other tools take part where they
//! are installed: `sqlx`, `dbmate` and `node-pg-migrate` on PATH, or where `DBCTL_BENCH_SQLX`, `DBCTL_BENCH_DBMATE` and
//! `DBCTL_BENCH_NODE_PG_MIGRATE` say.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it found")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use dbctl::server::{self, Running, ServerSettings};

const DBCTL: &str = env!("CARGO_BIN_EXE_dbctl");

/// A run with nothing to do is so short that it takes more rounds to see it through the noise.
const NO_OP_ROUNDS_PER_ROUND: usize = 7;

/// Makes the baseline's history table, in the shape of refinery's.
const HISTORY: &str = "create table history (version bigint primary key, name text, applied_on text, checksum text)";

fn main() -> Result<()> {
    let options = Options::read(std::env::args().skip(1))?;
    let folder = tempfile::Builder::new().prefix("dbctl-bench-").tempdir()?;
    let root = Utf8PathBuf::try_from(folder.path().canonicalize()?)?;
    let bench = Bench::start(&root)?;
    let peers = if options.peers { installed_peers() } else { Vec::new() };
    for n in &options.sizes {
        bench.prepare(*n)?;
        bench.apply(*n, options.rounds, &peers)?;
        bench.no_op(*n, options.rounds * NO_OP_ROUNDS_PER_ROUND, &peers)?;
        bench.verify(*n, options.rounds)?;
    }
    Ok(())
}

/// What the command line says.
struct Options {
    sizes: Vec<usize>,
    rounds: usize,
    peers: bool,
}

impl Options {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self { sizes: Vec::new(), rounds: 3, peers: false };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                // What cargo passes to every benchmark.
                "--bench" => {}
                "--peers" => options.peers = true,
                "--rounds" => {
                    let rounds = args.next().context("--rounds takes a number")?;
                    options.rounds = rounds.parse::<usize>().context("--rounds takes a number")?.max(1);
                }
                size => options.sizes.push(size.parse().with_context(|| format!("`{size}` is no number of files"))?),
            }
        }
        if options.sizes.is_empty() {
            options.sizes = vec![200, 1_000];
        }
        // The projects grow from one size to the next.
        options.sizes.sort_unstable();
        Ok(options)
    }
}

/// The server, the projects and the folders of the other tools.
struct Bench {
    /// A project whose managed server is the server of everything.
    managed: ServerSettings,
    /// The same migrations, reached by a URL.
    project: Utf8PathBuf,
    /// The folders of the tools with a format of their own, and the script for psql.
    others: Utf8PathBuf,
    running: Running,
    psql: PathBuf,
}

impl Bench {
    fn start(root: &Utf8Path) -> Result<Self> {
        let managed = root.join("managed");
        fs::create_dir_all(&managed)?;
        let managed = ServerSettings::new(&managed, managed.join(".dbctl"));
        let running = server::start(&managed, &mut |_| ())?;
        let psql = psql_program(&running);
        println!("{}, fsync on; {}; times are of whole processes", running.engine, psql.display());
        Ok(Self { managed, project: root.join("project"), others: root.join("others"), running, psql })
    }

    /// Writes the files, and brings the managed database and those of the no-op case up to date.
    fn prepare(&self, n: usize) -> Result<()> {
        for folder in [self.managed.project_dir.join("migrations"), self.project.join("migrations")] {
            write_files(&folder, n, "", "")?;
        }
        write_files(&self.others.join("dbmate"), n, "-- migrate:up\n", "\n-- migrate:down\n")?;
        write_files(&self.others.join("node"), n, "-- Up Migration\n", "")?;
        let mut script = format!("{HISTORY};\n");
        for (version, name) in (0..n).map(title) {
            let file = self.project.join("migrations").join(format!("{version}_{name}.sql"));
            let row = format!("insert into history values ({version}, '{name}', now()::text, '0')");
            writeln!(script, "begin;\n\\i '{file}'\n{row};\ncommit;")?;
        }
        fs::write(self.script(), script)?;
        self.run(&mut self.dbctl_managed())?;
        Ok(())
    }

    /// Every migration on an empty database.
    fn apply(&self, n: usize, rounds: usize, peers: &[Peer]) -> Result<()> {
        let mut rows = vec![
            Row::new("psql, one session", |database| self.psql(database, &["-f", self.script().as_str()])),
            Row::new("dbctl migrate --local --url", |database| self.dbctl(database)),
        ];
        rows.extend(peers.iter().map(|peer| Row::new(peer.name, |database| self.peer(peer, database))));
        for round in 0..rounds {
            for index in order(rows.len(), round) {
                let row = &mut rows[index];
                self.empty(&row.database)?;
                row.times.push(self.run(&mut (row.command)(&row.database))?);
            }
        }
        print_table(&format!("{n} migrations on an empty database, {rounds} rounds"), &rows);
        Ok(())
    }

    /// Nothing to do, on the databases that the last round of [`Self::apply`] left.
    fn no_op(&self, n: usize, rounds: usize, peers: &[Peer]) -> Result<()> {
        let select = ["-c", "select 1"];
        let mut by_url = vec![
            Row::new("psql -c 'select 1'", |database| self.psql(database, &select)),
            Row::new("dbctl migrate --local --url", |database| self.dbctl(database)),
        ];
        by_url.extend(peers.iter().map(|peer| Row::new(peer.name, |database| self.peer(peer, database))));
        let mut managed = vec![
            Row::new("psql -c 'select 1'", |_| self.psql_socket(&select)),
            Row::new("dbctl migrate --local", |_| self.dbctl_managed()),
        ];
        for rows in [&mut by_url, &mut managed] {
            for round in 0..rounds {
                for index in order(rows.len(), round) {
                    let row = &mut rows[index];
                    row.times.push(self.run(&mut (row.command)(&row.database))?);
                }
            }
        }
        print_table(&format!("nothing to do, {n} applied, by URL, {rounds} rounds"), &by_url);
        print_table(&format!("nothing to do, {n} applied, by the managed server's socket, {rounds} rounds"), &managed);
        Ok(())
    }

    /// Each migration run, run again, taken back by what is generated and run again, against running it once.
    fn verify(&self, n: usize, rounds: usize) -> Result<()> {
        let mut rows = [
            Row::new("dbctl migrate --local --url", |database| self.dbctl(database)),
            Row::new("psql, one session", |database| self.psql(database, &["-f", self.script().as_str()])),
            Row::new("dbctl verify --all", |_| self.dbctl_verify()),
        ];
        for round in 0..rounds {
            for index in order(rows.len(), round) {
                let row = &mut rows[index];
                self.empty(&row.database)?;
                row.times.push(self.run(&mut (row.command)(&row.database))?);
            }
        }
        print_table(&format!("{n} migrations proved, {rounds} rounds"), &rows);
        Ok(())
    }

    /// Makes a database anew, and lets no earlier round's pages be written during this one.
    fn empty(&self, database: &str) -> Result<()> {
        let drop = format!("drop database if exists {database}");
        let create = format!("create database {database}");
        self.run(&mut self.psql("postgres", &["-c", &drop, "-c", &create, "-c", "checkpoint"]))?;
        // What an earlier run recorded belongs to the database that is gone.
        fs::remove_dir_all(self.project.join(".dbctl")).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        Ok(())
    }

    /// One process from its start to its end.
    fn run(&self, command: &mut Command) -> Result<Duration> {
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("PG") || text.starts_with("DBCTL_") || text == "DATABASE_URL" {
                command.env_remove(&name);
            }
        }
        command.current_dir(&self.managed.project_dir).stdin(Stdio::null());
        let begun = Instant::now();
        let output = command.output().with_context(|| format!("{} does not start", program(command)))?;
        let time = begun.elapsed();
        if !output.status.success() {
            bail!("{} failed: {}", program(command), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(time)
    }

    fn url(&self, database: &str) -> String {
        format!("{}?sslmode=disable", self.running.url(database))
    }

    fn script(&self) -> Utf8PathBuf {
        self.others.join("script.sql")
    }

    fn psql(&self, database: &str, args: &[&str]) -> Command {
        let mut command = Command::new(&self.psql);
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url(database)]).args(args);
        command
    }

    fn psql_socket(&self, args: &[&str]) -> Command {
        let Running { socket_dir, port, user, .. } = &self.running;
        let mut command = Command::new(&self.psql);
        command.args(["-X", "-q", "-h", socket_dir.as_str(), "-p", &port.to_string(), "-U", user, "-d", "postgres"]);
        command.args(args);
        command
    }

    fn dbctl(&self, database: &str) -> Command {
        let mut command = Command::new(DBCTL);
        command.args(["-C", self.project.as_str(), "migrate", "--local", "--url", &self.url(database)]);
        command
    }

    fn dbctl_managed(&self) -> Command {
        let mut command = Command::new(DBCTL);
        command.args(["-C", self.managed.project_dir.as_str(), "migrate", "--local"]);
        command
    }

    /// What counts is the time: these migrations cannot run twice, and it is not asked of them.
    fn dbctl_verify(&self) -> Command {
        let mut command = Command::new(DBCTL);
        command.args(["-C", self.managed.project_dir.as_str(), "verify", "--all", "--quiet"]);
        command.args(["--require", "applies", "--require", "reversible"]);
        command
    }

    fn peer(&self, peer: &Peer, database: &str) -> Command {
        let url = self.url(database);
        let mut command = Command::new(&peer.program);
        command.env("DATABASE_URL", &url);
        match peer.name {
            "sqlx migrate run" => {
                command.args(["migrate", "run", "--source", self.project.join("migrations").as_str()]);
            }
            "dbmate migrate" => {
                let folder = self.others.join("dbmate");
                command.args(["--migrations-dir", folder.as_str(), "--no-dump-schema", "migrate"]);
            }
            // Its default is one transaction for all files; the others have one for each.
            _ => {
                command.args(["up", "-m", self.others.join("node").as_str(), "--no-single-transaction"]);
            }
        }
        command
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Err(error) = server::destroy(&self.managed) {
            println!("the server's data in {} could not be removed: {error}", self.running.data_dir);
        }
    }
}

/// The program beside the server's, where it is: Debian's `/usr/bin/psql` is a script that looks for it first, which
/// would flatter everybody else.
fn psql_program(running: &Running) -> PathBuf {
    let server = running.engine.program("postgres").and_then(|path| path.canonicalize().ok());
    let beside = server.map(|path| path.with_file_name("psql")).filter(|path| path.is_file());
    beside.unwrap_or_else(|| PathBuf::from("psql"))
}

/// Another tool.
struct Peer {
    name: &'static str,
    program: PathBuf,
}

/// The tools that are there; the others are named.
fn installed_peers() -> Vec<Peer> {
    let known = [
        ("sqlx migrate run", "sqlx", "DBCTL_BENCH_SQLX"),
        ("dbmate migrate", "dbmate", "DBCTL_BENCH_DBMATE"),
        ("node-pg-migrate up", "node-pg-migrate", "DBCTL_BENCH_NODE_PG_MIGRATE"),
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path =
        |program: &str| std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    let (found, absent): (Vec<_>, Vec<_>) = known.into_iter().partition(|(_, program, variable)| {
        std::env::var_os(variable).is_some_and(|file| Path::new(&file).is_file()) || on_path(program).is_some()
    });
    if !absent.is_empty() {
        let names: Vec<&str> = absent.iter().map(|(_, program, _)| *program).collect();
        println!("not installed: {}", names.join(", "));
    }
    let found = found.into_iter().filter_map(|(name, program, variable)| {
        let program = std::env::var_os(variable).map(PathBuf::from).or_else(|| on_path(program))?;
        Some(Peer { name, program })
    });
    found.collect()
}

/// One contestant and its times.
struct Row<'a> {
    name: &'static str,
    database: String,
    command: Box<dyn Fn(&str) -> Command + 'a>,
    times: Vec<Duration>,
}

impl<'a> Row<'a> {
    fn new(name: &'static str, command: impl Fn(&str) -> Command + 'a) -> Self {
        Self { name, database: database_of(name), command: Box::new(command), times: Vec::new() }
    }

    fn min(&self) -> Duration {
        self.times.iter().min().copied().unwrap_or_default()
    }

    fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }
}

/// Each contestant has a database of its own.
fn database_of(name: &str) -> String {
    let word = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    format!("bench_{word}")
}

/// Every second round runs backwards, so that nobody always comes after the same one.
fn order(n: usize, round: usize) -> Vec<usize> {
    if round.is_multiple_of(2) { (0..n).collect() } else { (0..n).rev().collect() }
}

/// The first row is the measure of the others.
fn print_table(title: &str, rows: &[Row<'_>]) {
    println!("\n{title}");
    println!("  {:<28} {:>10} {:>8} {:>10} {:>8}", "", "median", "ratio", "min", "ratio");
    let (median, min) = (rows[0].median(), rows[0].min());
    for row in rows {
        println!(
            "  {:<28} {:>7.1} ms {:>8.2} {:>7.1} ms {:>8.2}",
            row.name,
            row.median().as_secs_f64() * 1e3,
            row.median().div_duration_f64(median),
            row.min().as_secs_f64() * 1e3,
            row.min().div_duration_f64(min),
        );
    }
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Writes the files that are not there yet.
fn write_files(folder: &Utf8Path, n: usize, head: &str, tail: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (index, (version, name)) in (0..n).map(|index| (index, title(index))) {
        let file = folder.join(format!("{version}_{name}.sql"));
        if !file.exists() {
            fs::write(file, format!("{head}{}{tail}", migration(index)))?;
        }
    }
    Ok(())
}

/// The version and the name of a migration: one a minute, from the first of January 2026.
fn title(index: usize) -> (String, String) {
    let (day, hour, minute) = (index / 1_440 + 1, index / 60 % 24, index % 60);
    (format!("202601{day:02}{hour:02}{minute:02}00"), format!("create_invoices_{index:04}"))
}

/// A small migration as people write them.
fn migration(index: usize) -> String {
    format!(
        "-- Invoices of region {index}.
create table invoices_{index:04} (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  number text not null unique,
  status text not null default 'draft' check (status in ('draft', 'sent', 'paid', 'void')),
  amount_cents bigint not null default 0,
  due_on date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index invoices_{index:04}_organization_id_idx on invoices_{index:04} (organization_id, due_on);

comment on table invoices_{index:04} is 'Invoices of region {index}, one row for each that was sent';
"
    )
}
