//! How fast dbctl lints a thousand migrations, beside squawk; how it grows; and how soon an editor is answered.
//!
//! ```console
//! $ npm install squawk-cli
//! $ cargo bench --bench lint -- --squawk node_modules
//! $ cargo bench --bench lint -- --rounds 1 --sizes 50,100
//! ```
//!
//! Whole processes in alternated rounds, on files that `gencorpus.py` of the corpora makes (`../shared/corpora`, or where
//! `DBCTL_TEST_CORPORA` says; it takes python3). squawk's measure is its native binary: `--squawk` or
//! `DBCTL_BENCH_SQUAWK` names it or a folder to look in. Nothing is asserted: times belong to the machine, and only the
//! ratios of one run say something.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it found")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use dbctl::lint::rules::RULES;
use serde_json::{Value, json};

const DBCTL: &str = env!("CARGO_BIN_EXE_dbctl");

/// How often an editor's user types in the latency test.
const KEYSTROKES: usize = 20;

fn main() -> Result<()> {
    let options = Options::read(std::env::args().skip(1))?;
    let folder = tempfile::Builder::new().prefix("dbctl-bench-").tempdir()?;
    let projects: Vec<Corpus> =
        options.sizes.iter().map(|size| Corpus::make(folder.path(), *size)).collect::<Result<_>>()?;
    let [first, ..] = projects.as_slice() else { bail!("no size was said") };
    beside_squawk(first, &options)?;
    growth(&projects, options.rounds)?;
    editor(first)
}

/// What the command line says.
struct Options {
    sizes: Vec<usize>,
    rounds: usize,
    squawk: Option<PathBuf>,
}

impl Options {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self { sizes: vec![1_000, 5_000, 20_000], rounds: 7, squawk: None };
        let mut squawk = std::env::var_os("DBCTL_BENCH_SQUAWK").map(PathBuf::from);
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} takes a value"));
            match arg.as_str() {
                // What cargo passes to every benchmark.
                "--bench" => {}
                "--rounds" => options.rounds = value()?.parse::<usize>().context("--rounds takes a number")?.max(1),
                "--sizes" => {
                    let sizes = value()?.split(',').map(str::parse).collect::<Result<_, _>>();
                    options.sizes = sizes.context("--sizes takes numbers of files: 1000,5000")?;
                }
                "--squawk" => squawk = Some(value()?.into()),
                other => bail!("`{other}` is not known: --squawk PATH, --rounds N, --sizes N,N"),
            }
        }
        options.squawk = squawk.as_deref().and_then(binary);
        if options.squawk.is_none() {
            println!("without squawk: `npm install squawk-cli`, then --squawk node_modules");
        }
        Ok(options)
    }
}

/// squawk's native binary: the file itself, or somewhere below a folder.
fn binary(at: &Path) -> Option<PathBuf> {
    if at.is_file() {
        return Some(at.to_owned());
    }
    let mut folders = vec![at.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).ok()?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("bin/squawk") && path.to_string_lossy().contains("@squawk-cli") {
                return Some(path);
            }
        }
    }
    None
}

/// A project with generated migrations.
struct Corpus {
    root: PathBuf,
    files: Vec<PathBuf>,
}

impl Corpus {
    fn make(folder: &Path, size: usize) -> Result<Self> {
        let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
        let script = std::env::var_os("DBCTL_TEST_CORPORA").map_or_else(beside, PathBuf::from).join("gencorpus.py");
        if !script.is_file() {
            bail!("there is no `{}`: DBCTL_TEST_CORPORA says where the corpora are", script.display());
        }
        let root = folder.join(size.to_string());
        let migrations = root.join("migrations");
        let made = Command::new("python3").arg(script).arg(&migrations).arg(size.to_string()).output();
        if !made.context("python3 does not start")?.status.success() {
            bail!("gencorpus.py failed");
        }
        fs::write(root.join("dbctl.toml"), "")?;
        let mut files: Vec<PathBuf> =
            fs::read_dir(&migrations)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.sort();
        Ok(Self { root, files })
    }

    fn dbctl(&self, more: &[&str]) -> Command {
        let mut command = Command::new(DBCTL);
        command.current_dir(&self.root).args(["lint", "--format", "json"]).args(more);
        command
    }

    /// A configuration with every rule on, also those that are for other runners or have to be asked for.
    fn everything_on(&self) -> Result<()> {
        let mut text = String::from("[lint]\nprofile = [\"postgres\", \"supabase\", \"conventions\"]\n");
        for rule in RULES.iter().filter(|rule| rule.opt_in) {
            writeln!(text, "[lint.rules.{}]\nlevel = \"warning\"", rule.id)?;
        }
        Ok(fs::write(self.root.join("dbctl.toml"), text)?)
    }
}

fn beside_squawk(corpus: &Corpus, options: &Options) -> Result<()> {
    corpus.everything_on()?;
    let mut ours = Row::new("dbctl lint, every rule");
    let mut squawk = Row::new("squawk");
    for _ in 0..options.rounds {
        if let Some(binary) = &options.squawk {
            let mut command = Command::new(binary);
            command.args(["--reporter", "json"]).args(&corpus.files);
            squawk.run(&mut command)?;
        }
        ours.run(&mut corpus.dbctl(&["--all"]))?;
    }
    println!("\n{} files, {} rounds", corpus.files.len(), options.rounds);
    squawk.print(&squawk);
    ours.print(&squawk);
    Ok(())
}

fn growth(corpora: &[Corpus], rounds: usize) -> Result<()> {
    println!("\nby the number of files");
    for corpus in corpora {
        corpus.everything_on()?;
        let mut row = Row::new("dbctl lint, every rule");
        for _ in 0..rounds.min(3) {
            row.run(&mut corpus.dbctl(&["--all"]))?;
        }
        let each = row.min().as_secs_f64() * 1e6 / f64::from(u32::try_from(corpus.files.len())?);
        println!(
            "  {:>6} files {:>9.1} ms {:>7.1} µs a file {:>7.1} MB",
            corpus.files.len(),
            ms(row.min()),
            each,
            row.mib()
        );
    }
    Ok(())
}

/// How long it takes from a change of one file among all to its diagnostics: as a process, and in the language server.
fn editor(corpus: &Corpus) -> Result<()> {
    fs::write(corpus.root.join("dbctl.toml"), "")?;
    let path = corpus.files.last().context("there are no files")?;
    let text = fs::read_to_string(path)?;
    let mut process = Row::new("dbctl lint FILE");
    for _ in 0..5 {
        process.run(&mut corpus.dbctl(&[&path.to_string_lossy()]))?;
    }
    let mut server = Server::start(&corpus.root)?;
    let uri = format!("file://{}", path.display());
    server.notify(
        "textDocument/didOpen",
        &json!({ "textDocument": { "uri": uri, "languageId": "sql", "version": 0, "text": text } }),
    )?;
    server.diagnostics(&uri)?;
    let mut typed = Row::new("dbctl lsp, a change");
    for version in 1..=KEYSTROKES {
        let text =
            format!("{text}\n{}", "-- typed\nalter table public.account add column a text;\n".repeat(version % 3 + 1));
        let begun = Instant::now();
        server.notify(
            "textDocument/didChange",
            &json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [{ "text": text }] }),
        )?;
        server.diagnostics(&uri)?;
        typed.times.push(begun.elapsed());
    }
    println!("\none changed file among {}", corpus.files.len());
    process.print(&process);
    typed.print(&process);
    server.end()
}

/// One contestant.
struct Row {
    name: &'static str,
    times: Vec<Duration>,
    peak: u64,
}

impl Row {
    fn new(name: &'static str) -> Self {
        Self { name, times: Vec::new(), peak: 0 }
    }

    /// One process from its start to its end; findings are no failure.
    fn run(&mut self, command: &mut Command) -> Result<()> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let begun = Instant::now();
        let mut child = command.spawn().with_context(|| format!("{} does not start", self.name))?;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            self.peak = self.peak.max(peak(child.id()));
            std::thread::sleep(Duration::from_micros(500));
        };
        self.times.push(begun.elapsed());
        if !matches!(status.code(), Some(0 | 1)) {
            let mut said = String::new();
            child.stderr.take().context("stderr is gone")?.read_to_string(&mut said)?;
            bail!("{} failed: {}", self.name, said.trim());
        }
        Ok(())
    }

    fn min(&self) -> Duration {
        self.times.iter().min().copied().unwrap_or_default()
    }

    fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    fn mib(&self) -> f64 {
        f64::from(u32::try_from(self.peak).unwrap_or(u32::MAX)) / 1_024.0
    }

    fn print(&self, measure: &Self) {
        if self.times.is_empty() {
            return;
        }
        let ratio = |ours: Duration, theirs: Duration| {
            if theirs.is_zero() { String::new() } else { format!("{:.2}", ours.div_duration_f64(theirs)) }
        };
        println!(
            "  {:<26} median {:>8.1} ms {:>6}   min {:>8.1} ms {:>6}   {:>6.1} MB",
            self.name,
            ms(self.median()),
            ratio(self.median(), measure.median()),
            ms(self.min()),
            ratio(self.min(), measure.min()),
            self.mib(),
        );
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The most memory that a process has had so far, in KiB; zero where the system does not tell.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

/// The language server, as an editor talks to it.
struct Server {
    child: std::process::Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start(root: &Path) -> Result<Self> {
        let mut child = Command::new(DBCTL)
            .arg("lsp")
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = child.stdin.take().context("the language server has no stdin")?;
        let output = BufReader::new(child.stdout.take().context("the language server has no stdout")?);
        let mut server = Self { child, input, output };
        let folder = format!("file://{}", root.display());
        let params = json!({ "processId": null, "rootUri": folder, "capabilities": {} });
        server.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }))?;
        server.until(|message| message["id"] == 1)?;
        server.notify("initialized", &json!({}))?;
        Ok(server)
    }

    fn notify(&mut self, method: &str, params: &Value) -> Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn send(&mut self, message: &Value) -> Result<()> {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        Ok(self.input.flush()?)
    }

    /// Waits for the diagnostics of a file.
    fn diagnostics(&mut self, uri: &str) -> Result<()> {
        self.until(|message| message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == *uri)
    }

    fn until(&mut self, mut is_it: impl FnMut(&Value) -> bool) -> Result<()> {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if self.output.read_line(&mut line)? == 0 {
                    bail!("the language server has ended");
                }
                if line.trim().is_empty() {
                    break;
                }
                if let Some(value) = line.strip_prefix("Content-Length:") {
                    length = value.trim().parse()?;
                }
            }
            let mut text = vec![0; length];
            self.output.read_exact(&mut text)?;
            if is_it(&serde_json::from_slice(&text)?) {
                return Ok(());
            }
        }
    }

    fn end(mut self) -> Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "id": 2, "method": "shutdown" }))?;
        self.until(|message| message["id"] == 2)?;
        self.notify("exit", &Value::Null)?;
        self.child.wait()?;
        Ok(())
    }
}
