//! `dbctl lint`: what is wrong with the migrations, known without a database.

mod chain;
mod gate;
mod guard;
mod mend;
mod recorded;
mod select;
mod show;

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

pub use self::chain::{Chain, config_of};
pub use self::gate::{costs, refusals, refuse, stops};
pub use self::guard::{Guards, Seen, guards};
pub use self::select::pending;
use super::Cx;
use super::target::TargetArgs;
use crate::diagnostic::{Diagnostic, Level};
use crate::error::Failure;
use crate::exit::Exit;
use crate::lint::baseline::{self, Baseline};
use crate::lint::mend::{Withheld, withheld};
use crate::lint::{Config, Finding, LintFile, lint, parse_all, rules};
use crate::migration::Set;
use crate::project::lint::unknown_rule;
use crate::project::{Project, scaffold};
use crate::terminal::Format;

/// What is done with the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BaselineUse {
    /// Freeze today's findings: they are not told again
    Write,
    /// Tell all findings, frozen ones too
    Ignore,
}

/// Flags of `dbctl lint`.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[command(after_help = "\
The schema state is always built from all migrations. Findings are told of the files selected, and of the objects they
change, wherever the object was made.

--fix changes selected files only. It leaves migrations alone that dbctl.sum records as run, unless they are named as PATHS,
and staged ones whose files have changes that are not staged.

  dbctl lint                       all migrations (but for what a baseline has frozen)
  dbctl lint .                     all projects below, each with the dbctl.toml nearest to its files
  dbctl lint --since origin/main   what a branch has changed
  dbctl lint --staged              what is about to be committed
  cat x.sql | dbctl lint - --stdin-filepath migrations/20240101000000_x.sql")]
pub struct LintArgs {
    /// Files or folders to lint; `-` reads stdin. All migrations where nothing is said
    #[arg(value_name = "PATHS")]
    pub paths: Vec<Utf8PathBuf>,
    /// All migrations, also those that `[lint] after` leaves out
    #[arg(long, conflicts_with_all = ["paths", "since", "staged", "after", "pending"], help_heading = "Selection")]
    pub all: bool,
    /// Migrations that differ from the merge base with this commit, or that git does not know yet
    #[arg(long, value_name = "GIT_REF", conflicts_with_all = ["paths", "staged"], help_heading = "Selection")]
    pub since: Option<String>,
    /// Migrations that are staged in git, as they are staged
    #[arg(long, conflicts_with = "paths", help_heading = "Selection")]
    pub staged: bool,
    /// Migrations newer than this version
    #[arg(long, value_name = "VERSION", conflicts_with = "paths", help_heading = "Selection")]
    pub after: Option<String>,
    /// Migrations that are not applied yet: to the local database, or to the one that is said
    #[arg(long, conflicts_with = "paths", help_heading = "Selection")]
    pub pending: bool,
    /// The path that stdin's text has, for `-`
    #[arg(long, value_name = "PATH", help_heading = "Selection")]
    pub stdin_filepath: Option<Utf8PathBuf>,
    /// Run only this rule, also where it is off; may be said several times
    #[arg(long = "rule", value_name = "RULE", help_heading = "Rules")]
    pub rules: Vec<String>,
    /// Leave this rule out; may be said several times
    #[arg(long, value_name = "RULE", help_heading = "Rules")]
    pub exclude: Vec<String>,
    /// The lowest level that ends with exit code 1 [default: error]
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Rules")]
    pub fail_on: Option<FailOn>,
    /// Write the baseline, or look past it
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Rules")]
    pub baseline: Option<BaselineUse>,
    /// Mend what can be mended without a doubt
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// Mend also what needs a look afterwards
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,
    /// Show what --fix would change (with --unsafe-fixes, what that would), as a patch; change nothing, exit with 0
    #[arg(long, help_heading = "Fixes")]
    pub diff: bool,
    /// Count the findings by rule
    #[arg(long)]
    pub statistics: bool,
    /// Whose history decides what is pending.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// A level on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    #[value(alias = "warn")]
    Warning,
    /// Everything that is told
    Info,
}

impl FailOn {
    fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Info => Level::Note,
        }
    }
}

/// What lint has found in one project, after comments and baseline.
pub struct Found {
    /// The chain.
    pub files: Vec<LintFile>,
    /// What is told.
    pub findings: Vec<Finding>,
    /// How many findings comments have silenced.
    pub ignored: usize,
    /// How many findings the baseline knows.
    pub frozen: usize,
    /// Findings that could be mended, but only in files that stay as they are.
    pub left: Left,
}

/// How many fixes are not offered.
#[derive(Debug, Clone, Copy, Default)]
pub struct Left {
    /// Those that would change files that have run.
    pub ran: usize,
    /// Those that would change files that are not selected.
    pub unselected: usize,
}

/// Runs the command.
pub async fn run(cx: &Cx, args: &LintArgs) -> Result<Exit, Failure> {
    if args.diff && cx.terminal.options().format != Format::Human {
        let diagnostic = Diagnostic::error("lint/usage", "`--diff` is a patch, and has no other form")
            .note("nothing was linted")
            .help("leave `--format` out, or `--diff`: `--format json` has the edits of every fix");
        return Err(Failure::new(Exit::Usage, diagnostic));
    }
    let chains = select::chains(cx, args).await?;
    let mut results = Vec::new();
    for chain in &chains {
        let mut config = restricted(config_of(&chain.project), args)?;
        config.today = Some(cx.now().strftime("%Y%m%d%H%M%S").to_string());
        config.base.clone_from(&chain.base);
        config.edited.clone_from(&chain.edited);
        let mut set = chain.set()?;
        let recorded = chain.recorded(set.as_ref())?;
        config.applied = recorded.applied.difference(&chain.named).cloned().collect();
        config.differing = recorded.differing;
        config.recommented = chain.recommented.union(&recorded.recommented).cloned().collect();
        if args.pending {
            // What the database does not have yet may change as it likes.
            let wanted = chain.wanted.iter().flatten().map(|path| chain.shown(path)).collect();
            config.differing = config.differing.difference(&wanted).cloned().collect();
            config.recommented = config.recommented.difference(&wanted).cloned().collect();
        }
        if args.fix || args.unsafe_fixes || args.diff {
            mend::mend(cx, chain, set.as_ref(), &config, recorded.is_kept, args)?;
            if args.diff {
                continue;
            }
            set = chain.set()?;
        }
        results.push(found(cx, chain, set.as_ref(), &config, args)?);
    }
    if args.diff {
        return Ok(Exit::Ok);
    }
    let project = &chains.first().ok_or_else(nothing)?.project;
    let fail_on =
        args.fail_on.map(FailOn::level).or_else(|| project.config.lint.as_ref().and_then(|lint| lint.fail_on?.level()));
    match show::answer(cx, args, &results) {
        // Whoever reads has read enough; the exit code still tells what was found.
        Err(failure) if failure.exit == Exit::Ok => {}
        answered => answered?,
    }
    let worst = results.iter().flat_map(|found| &found.findings).map(|finding| finding.level).max();
    // The program ends here: giving the trees of a thousand files back bit by bit would take a tenth of its time.
    std::mem::forget(results);
    Ok(if worst.is_some_and(|worst| worst >= fail_on.unwrap_or(Level::Error)) { Exit::No } else { Exit::Ok })
}

/// Lints one chain as its files are now.
fn found(cx: &Cx, chain: &Chain, set: Option<&Set>, config: &Config, args: &LintArgs) -> Result<Found, Failure> {
    let files = parse_all(chain.inputs_of(set)?);
    let mut report = lint(&files, config);
    let path = baseline_path(&chain.project);
    if args.baseline == Some(BaselineUse::Write) {
        if chain.wanted.is_some() {
            let diagnostic = Diagnostic::error("lint/usage", "the baseline holds the findings of all migrations")
                .note("nothing was written")
                .help("`dbctl lint --baseline write`, without a selection");
            return Err(Failure::new(Exit::Usage, diagnostic));
        }
        let frozen = baseline::freeze(&files, &report.findings);
        scaffold::write_file(&path, &frozen.to_json())?;
        let name = path.file_name().unwrap_or(baseline::FILE);
        cx.terminal.note(&format!("froze {} in `{name}`: commit it", crate::text::count(frozen.count(), "finding")));
        let frozen = frozen.count();
        return Ok(Found {
            files,
            findings: Vec::new(),
            ignored: report.silenced.len(),
            frozen,
            left: Left::default(),
        });
    }
    let left = withhold(&files, config, &mut report.findings);
    let known = match args.baseline {
        None => read_baseline(&path)?,
        Some(_) => None,
    };
    let Some(known) = known else {
        return Ok(Found { files, findings: report.findings, ignored: report.silenced.len(), frozen: 0, left });
    };
    let applied = baseline::apply(&known, &files, config, report.findings);
    let is_whole =
        chain.wanted.is_none() && chain.after.is_none() && config.only.is_empty() && config.exclude.is_empty();
    // A file that is not here now may be back tomorrow: on another branch it is.
    let all_here = applied.stale.iter().all(|entry| files.iter().any(|file| file.path() == entry.path));
    if !applied.stale.is_empty() && is_whole && all_here {
        shrink(cx, &path, &applied);
    }
    let ignored = report.silenced.len();
    Ok(Found { files, findings: applied.findings, ignored, frozen: applied.frozen, left })
}

/// Takes away the fixes that are not to be applied, and says how many findings had one.
fn withhold(files: &[LintFile], config: &Config, findings: &mut [Finding]) -> Left {
    let mut left = Left::default();
    for finding in findings {
        let why = finding.fix.as_ref().and_then(|fix| withheld(files, config, finding, fix));
        match why {
            Some(Withheld::Ran) => left.ran += 1,
            Some(Withheld::Unselected) => left.unselected += 1,
            None => continue,
        }
        finding.fix = None;
    }
    left
}

/// Where the project keeps its baseline.
pub(in crate::commands) fn baseline_path(project: &Project) -> Utf8PathBuf {
    let said = project.config.lint.as_ref().and_then(|lint| lint.baseline.as_deref());
    project.root.join(said.unwrap_or(baseline::FILE.into()))
}

/// The project's baseline; `None` where it has none.
pub(in crate::commands) fn read_baseline(path: &Utf8PathBuf) -> Result<Option<Baseline>, Failure> {
    let text = match fs_err::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(crate::project::Error::Read { path: path.clone(), source }.into()),
    };
    Baseline::parse(&text).map(Some).map_err(|error| {
        let diagnostic = Diagnostic::error("lint/baseline", format!("`{path}` is no baseline of dbctl"))
            .caused_by(error.to_string())
            .note("nothing was linted")
            .help("restore it from git, or make a new one: `dbctl lint --baseline write`");
        Failure::new(Exit::Project, diagnostic)
    })
}

/// What is mended leaves the baseline; a folder that cannot be written is no reason to fail.
fn shrink(cx: &Cx, path: &Utf8PathBuf, applied: &baseline::Applied) {
    let gone: usize = applied.stale.iter().map(|entry| entry.count).sum();
    let name = path.file_name().unwrap_or(baseline::FILE);
    match scaffold::write_file(path, &applied.kept.to_json()) {
        Ok(()) => cx.terminal.note(&format!("{} left `{name}`: commit it", crate::text::count(gone, "mended finding"))),
        Err(error) => cx.terminal.note(&format!("`{name}` could shrink, but {error}")),
    }
}

/// The configuration with the rules that the command line names.
fn restricted(mut config: Config, args: &LintArgs) -> Result<Config, Failure> {
    for id in args.rules.iter().chain(&args.exclude) {
        if rules::find(id).is_none() {
            let diagnostic = Diagnostic::error("lint/unknown-rule", unknown_rule(id))
                .note("nothing was linted")
                .help("`dbctl rules` lists them all");
            return Err(Failure::new(Exit::Usage, diagnostic));
        }
    }
    config.only.extend(args.rules.iter().cloned());
    config.exclude.extend(args.exclude.iter().cloned());
    Ok(config)
}

fn nothing() -> Failure {
    let diagnostic =
        Diagnostic::error("lint/nothing", "there is nothing to lint").help("name a file: `dbctl lint FILE`");
    Failure::new(Exit::Usage, diagnostic)
}
