//! Migrations made ready to run: split, grouped into transactions, and with local stubs in place of extensions.

use std::collections::BTreeMap;

use crate::db::Session;
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::Migration;
use crate::plan::step::{Replacement, Resumed, Step};
use crate::project::Project;
use crate::project::config::Platform;
use crate::project::platform::{SUPABASE_EXTENSIONS, stub, stub_summary};
use crate::report::{Direction, TransactionMode};
use crate::sql::{self, Action, Mode};
use crate::text::Source;

/// Makes the step that applies a migration.
pub fn up(migration: &Migration, resume: Option<(usize, Resumed)>) -> Result<Step, Failure> {
    let mut step = ready(migration, &migration.source, Direction::Up)?;
    step.normalised = migration.normalised();
    step.path = migration.path.to_string();
    step.sha256 = migration.checksum.to_string();
    step.raw_sha256 = migration.raw_checksum.to_string();
    if let Some((number, resumed)) = resume {
        step.resume_at = number;
        step.resumed = Some(resumed);
    }
    Ok(step)
}

/// Makes the step that takes a migration back; none where it has no down file, or an unwritten one.
pub fn down(migration: &Migration) -> Result<Option<Step>, Failure> {
    let Some(down) = migration.down.as_ref().filter(|_| migration.is_reversible()) else { return Ok(None) };
    let mut step = ready(migration, &down.source, Direction::Down)?;
    step.normalised = down.normalised();
    step.path = down.path.to_string();
    step.sha256 = down.checksum.to_string();
    step.raw_sha256 = down.raw_checksum.to_string();
    Ok(Some(step))
}

fn ready(migration: &Migration, source: &Source, direction: Direction) -> Result<Step, Failure> {
    let text = source.text();
    let statements = sql::split(text).map_err(|error| {
        let mut diagnostic = Diagnostic::error("sql/cannot-split", error.to_string())
            .at(source, error.span(), "")
            .note("nothing was run");
        diagnostic.helps.extend(error.help());
        Failure::new(Exit::Project, diagnostic)
    })?;
    let directed = match direction {
        Direction::Up => migration.no_transaction.clone(),
        Direction::Down => migration.down.as_ref().and_then(|down| down.no_transaction.clone()),
    };
    let file = sql::analyse(text, &statements);
    let line = |index: usize| source.position(statements[index].span.start).line;
    let mut remarks = Vec::new();
    let (transaction, transaction_reason) = match (file.mode, directed) {
        (Mode::SelfManaged { statement }, _) => {
            let reason = format!("the file controls transactions itself, on line {}", line(statement));
            (TransactionMode::SelfManaged, Some(reason))
        }
        (_, Some(directive)) => (TransactionMode::None, Some(directive)),
        (Mode::NoTransaction { why, statement }, None) => {
            let reason = format!("{why} (line {})", line(statement));
            remarks.push(format!("runs outside a transaction: {reason}"));
            (TransactionMode::None, Some(reason))
        }
        (Mode::Transaction, None) => (TransactionMode::Single, None),
    };
    if statements.is_empty() {
        remarks
            .push("there is no statement in this file: nothing will be run, and it will count as applied".to_owned());
    }
    // A wrapper gives way to dbctl's own transaction; without one, the file's own words count.
    let wrapper = file.wrapper.filter(|_| transaction == TransactionMode::Single);
    let statements = statements
        .into_iter()
        .enumerate()
        .filter(|(index, _)| wrapper.is_none_or(|(begin, commit)| *index != begin && *index != commit))
        .map(|(_, statement)| statement)
        .collect();
    Ok(Step {
        key: migration.version.key(),
        version: migration.version.text().to_owned(),
        name: migration.name.clone(),
        path: String::new(),
        direction,
        source: source.clone(),
        normalised: String::new(),
        sha256: String::new(),
        raw_sha256: String::new(),
        statements,
        is_whole: wrapper.is_none(),
        transaction,
        transaction_reason,
        resume_at: 1,
        resumed: None,
        replaced: BTreeMap::new(),
        remarks,
    })
}

/// Puts stubs in place of extensions that the local server lacks, or refuses with the choices there are.
pub async fn stub_extensions(session: &Session, project: &Project, steps: &mut [Step]) -> Result<(), Failure> {
    let refusals = stub_wanted_extensions(session, project, steps).await?;
    if refusals.is_empty() {
        return Ok(());
    }
    Err(Failure { exit: Exit::Project, diagnostics: refusals, diffs: Vec::new() })
}

/// Puts stubs in place of extensions that the server lacks, where they are wanted; gives what is to be said of the others, which
/// are left for the server to refuse.
pub async fn stub_wanted_extensions(
    session: &Session,
    project: &Project,
    steps: &mut [Step],
) -> Result<Vec<Diagnostic>, Failure> {
    let concerned =
        |step: &Step| step.statements.iter().any(|statement| sql::extension(statement, step.source.text()).is_some());
    if !steps.iter().any(concerned) {
        return Ok(Vec::new());
    }
    let rows = session.rows("select name from pg_catalog.pg_available_extensions order by name").await?;
    let available: Vec<&str> = rows.iter().filter_map(|row| row.get(0)).collect();
    let mut refusals = Vec::new();
    for step in steps {
        let said = |statement| Some((statement, sql::extension(statement, step.source.text())?));
        let mut replaced = BTreeMap::new();
        for (statement, said) in step.statements.iter().filter_map(said) {
            if available.contains(&said.name.as_str()) {
                continue;
            }
            let wanted = project.config.local.stub_extensions.contains(&said.name)
                || project.platform() == Platform::Supabase && SUPABASE_EXTENSIONS.contains(&said.name.as_str());
            if !wanted {
                // Dropping what is not there, or commenting on it, is the server's to judge.
                if said.action == Action::Create {
                    refusals.push(lacking(step, statement.span, &said.name));
                }
                continue;
            }
            let replacement = match (said.action, stub(&said.name)) {
                (Action::Create, Some(sql)) => Replacement {
                    sql: sql.to_owned(),
                    remark: format!("the server lacks extension `{}`: stubbed ({})", said.name, stub_summary(sql)),
                },
                (Action::Create, None) => Replacement {
                    sql: String::new(),
                    remark: format!(
                        "the server lacks extension `{}` and dbctl has no stub of it: left out, what uses it fails",
                        said.name
                    ),
                },
                (Action::Alter | Action::Drop | Action::Comment, _) => Replacement {
                    sql: String::new(),
                    remark: format!("left out: extension `{}` is only stubbed here", said.name),
                },
            };
            replaced.insert(statement.number, replacement);
        }
        step.replaced = replaced;
    }
    Ok(refusals)
}

fn lacking(step: &Step, span: crate::text::Span, extension: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::error("local/extension-missing", format!("the local server lacks extension `{extension}`"))
            .at(&step.source, span, "")
            .note("nothing was run");
    let diagnostic = match stub(extension) {
        Some(sql) => diagnostic.help(format!(
            "go on with dbctl's stub: add `stub_extensions = [\"{extension}\"]` under `[local]` in dbctl.toml ({})",
            stub_summary(sql)
        )),
        None => diagnostic.help(format!(
            "go on without it: add `stub_extensions = [\"{extension}\"]` under `[local]` in dbctl.toml; what uses it \
             will fail"
        )),
    };
    diagnostic
        .help("install it into the local PostgreSQL, then run again")
        .help(
            "use the native bundle, which has the contrib modules and vector: \
             `dbctl db destroy && DBCTL_LOCAL_ENGINE=bundle dbctl migrate --local`",
        )
        .help("use another server: `--local --url URL` or `[local] url`")
}
