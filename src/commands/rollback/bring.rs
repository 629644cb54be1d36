//! `dbctl rollback --restore`: what an earlier rollback has kept comes back, table by table.

use super::super::{Cx, gate};
use super::collision;
use super::kept::{InTrash, in_trash, script};
use crate::db::{Error, Session};
use crate::diagnostic::Diagnostic;
use crate::diff::inverse::TRASH;
use crate::error::Failure;
use crate::exit::Exit;
use crate::report::{Outcome, Rollback, Target, target_flag};
use crate::terminal::Format;

/// Brings back what is kept of migrations that are applied again: each table and column as a whole, or not at all. What
/// cannot come back does not keep the rest from it.
pub async fn restore(cx: &Cx, session: &Session, target: &Target, plan: bool, yes: bool) -> Result<Exit, Failure> {
    let begun = std::time::Instant::now();
    let all = in_trash(session).await?;
    let (now, later): (Vec<InTrash>, Vec<InTrash>) = all.into_iter().partition(|it| it.is_applied);
    let stays = |it: &InTrash, why: &str| format!("{} stays in {TRASH}.{}: {why}", it.what(), it.held);
    let mut remarks: Vec<String> = later
        .iter()
        .map(|it| stays(it, &format!("what was rolled back with migration {} is not applied", it.version)))
        .collect();
    let (now, alone): (Vec<InTrash>, Vec<InTrash>) = now.into_iter().partition(|it| it.restore.is_some());
    remarks.extend(alone.iter().map(|it| stays(it, "without a key nobody can tell which row each value belongs to")));
    if plan {
        let sql = script(&now, target);
        if cx.terminal.options().format == Format::Human {
            cx.terminal.print(&sql)?;
        } else {
            cx.terminal.json(&serde_json::json!({ "format": "dbctl/rollback-restore/v1", "sql": sql }))?;
        }
        return Ok(Exit::Ok);
    }
    let mut answer = Rollback {
        format: "dbctl/rollback/v1",
        run: None,
        target: target.clone(),
        outcome: Outcome::NothingToDo,
        rolled_back: Vec::new(),
        script: None,
        restore: None,
        steps: Vec::new(),
        restored: Vec::new(),
        is_restoring: true,
        ms: 0.0,
        remarks,
    };
    let mut exit = Exit::Ok;
    if !now.is_empty() {
        let what: Vec<String> = now.iter().map(InTrash::what).collect();
        gate::confirm(cx, yes, &format!("Bring back {} on", what.join("; ")), target)?;
        let (back, left) = match bring(session, &now, target).await {
            Ok(done) => done,
            Err(error) => {
                let _gone = session.batch("rollback").await;
                return Err(fails(&error, target));
            }
        };
        if back.is_empty() {
            return Err(Failure { exit: Exit::RolledBack, diagnostics: left, diffs: Vec::new() });
        }
        answer.outcome = Outcome::Done;
        for diagnostic in &left {
            cx.terminal.diagnostic(diagnostic);
            answer.remarks.push(diagnostic.title.clone());
            exit = Exit::RolledBack;
        }
        answer.restored = back;
    }
    answer.ms = begun.elapsed().as_secs_f64() * 1e3;
    cx.terminal.answer(&answer)?;
    Ok(exit)
}

/// Brings back one after the other in one transaction: what came back, and what is to be said of what did not.
async fn bring(session: &Session, all: &[InTrash], target: &Target) -> Result<(Vec<String>, Vec<Diagnostic>), Error> {
    let (mut back, mut left) = (Vec::new(), Vec::new());
    session.batch("begin").await?;
    for one in all {
        let Some(restore) = &one.restore else { continue };
        session.batch("savepoint one").await?;
        match session.batch(restore).await {
            Ok(()) => back.push(one.what()),
            Err(error) => {
                let Some(server) = error.server().cloned() else { return Err(error) };
                session.batch("rollback to one").await?;
                left.push(collision::told(session, one, &server, target).await?);
            }
        }
        session.batch("release one").await?;
    }
    session.batch("set constraints all immediate; commit").await?;
    Ok((back, left))
}

fn fails(error: &Error, target: &Target) -> Failure {
    let flag = target_flag(&target.name);
    let diagnostic = Diagnostic::error("rollback/not-restored", "what is kept could not be brought back")
        .caused_by(error.to_string())
        .note(format!(
            "the transaction was rolled back: nothing of `{}` was changed, all is still in {TRASH}",
            target.name
        ))
        .help(format!(
            "look at the statements, and run them by hand as they fit: `dbctl rollback{flag} --restore --plan`"
        ));
    Failure::new(Exit::RolledBack, diagnostic)
}
