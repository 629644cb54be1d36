//! The command line: flags, commands, and the one place that turns an answer or a failure into an exit code.

use std::ffi::OsString;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{self, Cx, Global};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::report::Failed;
use crate::terminal::{Format, Terminal, TerminalOptions};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Plans, applies and rolls back PostgreSQL and Supabase migrations, locally first.
#[derive(Debug, Parser)]
#[command(name = "dbctl", version, styles = STYLES, after_help = "\
A first run:
  dbctl init                     write dbctl.toml and the migrations folder
  dbctl new \"create users\"       write a migration and its way back
  dbctl migrate --local          start the local PostgreSQL and apply what is pending
  dbctl status                   see every migration, locally and remotely
  dbctl migrate                  apply to the remote what has passed locally")]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write dbctl.toml, the migrations folder and a .gitignore entry
    Init(commands::init::InitArgs),
    /// Write a new migration and its down file
    New(commands::new::NewArgs),
    /// Show every migration and where it stands
    #[command(alias = "list")]
    Status(commands::status::StatusArgs),
    /// Lint migrations: locks, idempotency, RLS, conventions, across all files
    Lint(Box<commands::lint::LintArgs>),
    /// List the rules of lint
    Rules(commands::rules::RulesArgs),
    /// Explain a rule: why it hurts and what to write instead
    Explain(commands::explain::ExplainArgs),
    /// Show lint's findings in an editor: a language server on stdin and stdout
    Lsp(commands::lsp::LspArgs),
    /// Show what `migrate` would do, without doing it
    Plan(commands::plan::PlanArgs),
    /// Show what differs between two schemas, and the SQL that turns one into the other
    Diff(commands::diff::DiffArgs),
    /// Print a schema as SQL that makes it again
    Dump(commands::dump::DumpArgs),
    /// Save a schema as a file, to be compared with later
    Snapshot(commands::snapshot::SnapshotArgs),
    /// Prove migrations on a shadow database: that they apply, can run twice, and can be taken back
    Verify(Box<commands::verify::VerifyArgs>),
    /// Apply pending migrations: to the remote, or with --local to the local database
    #[command(alias = "up")]
    Migrate(commands::migrate::MigrateArgs),
    /// The same as `migrate --remote`
    #[command(hide = true)]
    Push(commands::migrate::MigrateArgs),
    /// Take migrations back by their down files, newest first
    #[command(alias = "down")]
    Rollback(commands::rollback::RollbackArgs),
    /// The managed local PostgreSQL server
    #[command(subcommand)]
    Db(commands::db::DbCommand),
    /// Prove what the schema promises: who sees and changes which rows
    #[command(subcommand, arg_required_else_help = true)]
    Test(commands::test::TestCommand),
    /// What earlier runs did
    #[command(subcommand)]
    Runs(commands::runs::RunsCommand),
    /// Print the completion script of a shell
    Completions(commands::completions::CompletionsArgs),
    /// Print the manual page
    Man(commands::man::ManArgs),
}

/// Parses the command line, runs the command and says what it has to say.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let words: Vec<OsString> = args.into_iter().collect();
    let cli = match Cli::command().try_get_matches_from(&words).and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers; a closed stdout is no reason to complain.
            let usage = error.use_stderr();
            let _closed = error.print();
            return if usage { Exit::Usage } else { Exit::Ok };
        }
    };
    let global = cli.global.clone();
    let options = TerminalOptions::detect(global.color, global.quiet, global.verbose, global.format);
    let terminal = Terminal::new(options);
    start_log(&terminal, global.verbose);
    let said = words.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let mut cx = Cx::new(terminal.clone(), global, said);
    if !takes(&cli.command, cx.global.format) {
        let whose =
            if cx.global.format == Format::Sql { "`dbctl diff` and `dbctl dump` have" } else { "`dbctl lint` has" };
        let diagnostic = Diagnostic::error("cli/format", format!("only {whose} this form of `--format`")).help(
            if matches!(cli.command, Command::Verify(_) | Command::Test(_)) {
                "use `--format json`, `jsonl`, `junit` or `github`"
            } else {
                "use `--format json` or `--format jsonl`"
            },
        );
        terminal.diagnostic(&diagnostic);
        return Exit::Usage;
    }
    match dispatch(&mut cx, cli.command) {
        Ok(exit) => exit,
        Err(failure) => say(&terminal, &failure),
    }
}

/// Whether a command has a form: findings have many, pages about rules one more than other answers.
fn takes(command: &Command, format: Format) -> bool {
    match command {
        Command::Lint(_) => format != Format::Sql,
        Command::Diff(_) | Command::Dump(_) => format.is_general() || format == Format::Sql,
        Command::Verify(_) => format.is_general() || matches!(format, Format::Junit | Format::Github),
        Command::Test(_) => format.is_general() || matches!(format, Format::Junit | Format::Github),
        Command::Rules(_) | Command::Explain(_) => format.is_general() || format == Format::Markdown,
        _ => format.is_general(),
    }
}

fn dispatch(cx: &mut Cx, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => commands::init::run(cx, &args),
        Command::New(args) => commands::new::run(cx, &args),
        Command::Completions(args) => commands::completions::run(cx, &args, Cli::command()),
        Command::Man(args) => commands::man::run(cx, &args, Cli::command()),
        Command::Rules(args) => commands::rules::run(cx, &args),
        Command::Explain(args) => commands::explain::run(cx, &args),
        Command::Lsp(args) => Ok(commands::lsp::run(cx, &args)),
        Command::Runs(command) => commands::runs::run(cx, &command),
        Command::Status(args) => block_on(commands::status::run(cx, &args)),
        Command::Lint(args) => block_on(commands::lint::run(cx, &args)),
        Command::Diff(args) => block_on(commands::diff::run(cx, &args)),
        Command::Dump(args) => block_on(commands::dump::run(cx, &args)),
        Command::Snapshot(args) => block_on(commands::snapshot::run(cx, &args)),
        Command::Verify(args) => block_on(commands::verify::run(cx, &args)),
        Command::Plan(args) => block_on(commands::plan::run(cx, &args)),
        Command::Migrate(args) => block_on(commands::migrate::run(cx, &args)),
        Command::Push(args) => block_on(commands::migrate::run(cx, &args.towards_remote())),
        Command::Rollback(args) => block_on(commands::rollback::run(cx, &args)),
        Command::Test(command) => block_on(commands::test::run(cx, &command)),
        Command::Db(command) => block_on(commands::db::run(cx, &command)),
    }
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| crate::error::bug("the asynchronous runtime could not start", &error))?.block_on(work)
}

fn say(terminal: &Terminal, failure: &Failure) -> Exit {
    for diagnostic in &failure.diagnostics {
        terminal.diagnostic(diagnostic);
    }
    for diff in &failure.diffs {
        terminal.diff(&diff.old_name, &diff.old, &diff.new_name, &diff.new);
    }
    // Who reads SARIF, XML or lines has no use for a document of dbctl's; the people's words are on stderr in any case.
    if matches!(terminal.options().format, Format::Json | Format::Jsonl) && !failure.diagnostics.is_empty() {
        let _closed = terminal.json(&Failed::new(failure.exit.code(), &failure.diagnostics));
    }
    failure.exit
}

/// Logs go to stderr under `-vv` or as `DBCTL_LOG` says; no fact is only there.
fn start_log(terminal: &Terminal, verbosity: u8) {
    let filter = match (crate::project::env::process("DBCTL_LOG"), verbosity) {
        (Some(filter), _) => filter,
        (None, 0 | 1) => return,
        (None, 2) => "dbctl=debug".to_owned(),
        (None, _) => "debug".to_owned(),
    };
    let terminal = terminal.clone();
    let _already_set = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .with_writer(move || terminal.log())
        .with_ansi(false)
        .try_init();
}
