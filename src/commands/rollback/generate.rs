//! `dbctl rollback --generate`: the down files that are missing, each proved on a shadow database before it is written.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::super::Cx;
use super::super::source::until_interrupted;
use super::RollbackArgs;
use super::document::lost;
use super::tried::try_back;
use super::way::{Wanted, Way, generated};
use crate::diagnostic::Diagnostic;
use crate::diff::inverse::{Names, Present};
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Migration, Set, beside};
use crate::project::migrations::{down_apart, down_elsewhere};
use crate::project::{Project, scaffold};
use crate::report::{Generated, RollbackGenerate};

/// Runs it.
pub async fn run(cx: &Cx, (project, set): (&Project, &Set), args: &RollbackArgs) -> Result<Exit, Failure> {
    let wanted = select(set, args)?;
    let mut answer = RollbackGenerate {
        format: "dbctl/rollback-generate/v1",
        server_version: String::new(),
        migrations: Vec::new(),
    };
    if !wanted.is_empty() {
        let keys: BTreeSet<i64> = wanted.iter().map(|it| it.version.key()).collect();
        let tried = Box::pin(until_interrupted(cx, project, try_back(cx, (project, set), &keys))).await?;
        answer.server_version.clone_from(&tried.server_version);
        for migration in wanted {
            let key = migration.version.key();
            let present = Present { catalog: &tried.left, names: &Names::default(), newest: key };
            let wanted = Wanted { prefer_files: false, keep: None, present, server_version: &tried.server_version };
            let way = generated(migration, tried.walked.get(&key), wanted)?;
            answer.migrations.push(one((project, set), migration, way)?);
        }
    }
    let has_all = answer.migrations.iter().all(|it| it.path.is_some());
    cx.terminal.answer(&answer)?;
    Ok(if has_all { Exit::Ok } else { Exit::No })
}

/// The migrations that are to get a down file, oldest first.
fn select<'s>(set: &'s Set, args: &RollbackArgs) -> Result<Vec<&'s Migration>, Failure> {
    if args.versions.is_empty() {
        return Ok(set.migrations.iter().filter(|it| args.force && args.all || !it.is_reversible()).collect());
    }
    let mut found = Vec::new();
    for version in &args.versions {
        let migration = set.find(version)?;
        if migration.is_reversible() && !args.force {
            let path = migration.down.as_ref().map_or("", |down| down.path.as_str());
            let diagnostic = Diagnostic::error("rollback/has-down-file", format!("`{path}` is there already"))
                .note("nothing was written")
                .help(format!("`dbctl verify {version}` says whether it restores the schema"))
                .help(format!("to write it anew: `dbctl rollback --generate {version} --force`"));
            return Err(Failure::new(Exit::Refused, diagnostic));
        }
        found.push(migration);
    }
    found.sort_by_key(|it| it.version.key());
    found.dedup_by_key(|it| it.version.key());
    Ok(found)
}

/// Writes the down file of a migration, where it restores the schema.
fn one((project, set): (&Project, &Set), migration: &Migration, way: Way) -> Result<Generated, Failure> {
    let view = way.view;
    let mut remarks = view.remarks;
    remarks.extend(view.losses.iter().map(|loss| format!("lost: {}", lost(loss))));
    let stays = view.data_steps.iter().filter(|step| step.stays());
    remarks.extend(stays.clone().map(|step| format!("{} in line {}: {}", step.what, step.line, step.decide)));
    let has_statements = way.step.as_ref().is_some_and(|step| !step.statements.is_empty());
    let does_nothing = !has_statements && stays.count() > 0;
    if does_nothing {
        remarks.push(
            "not written: it changes rows and no schema, and only a person knows how to change them back".to_owned(),
        );
    }
    let step = way.step.filter(|_| view.proved && !does_nothing);
    let path = match step {
        Some(step) => {
            let path = place((project, set), migration);
            let full = beside(&project.migrations_path(), &path);
            scaffold::write_down(&full, step.source.text())?;
            Some(beside(&project.migrations, &path).into_string())
        }
        None => None,
    };
    let (version, name) = (view.version, view.name);
    Ok(Generated { version, name, path, verdict: view.verdict, remarks })
}

/// Where the down file of a migration belongs, as from the migrations folder.
fn place((project, set): (&Project, &Set), migration: &Migration) -> Utf8PathBuf {
    let inside = |path: &Utf8Path| path.strip_prefix(&project.migrations).map(Utf8Path::to_owned).ok();
    let up = inside(&migration.path).unwrap_or_else(|| migration.path.clone());
    // A file that is there is where its tool looks for it.
    if let Some(down) = &migration.down {
        return inside(&down.path).or_else(|| down_elsewhere(&up)).unwrap_or_else(|| down.path.clone());
    }
    if let Some(down) = down_apart(project.platform(), &up) {
        return down;
    }
    let name = up.file_name().unwrap_or_default();
    let stem = name.strip_suffix(".sql").unwrap_or(name);
    let stem = stem.strip_suffix(".up").unwrap_or(stem);
    match up.parent().filter(|_| set.layout.folders) {
        Some(folder) => folder.join("down.sql"),
        None => Utf8PathBuf::from(format!("{stem}.down.sql")),
    }
}
