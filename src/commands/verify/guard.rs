//! What to write in place of statements that cannot run twice, or that do something again.

use crate::commands::Cx;
use crate::commands::lint::{Guards, Seen, guards};
use crate::diagnostic::{Diagnostic, Label};
use crate::error::Failure;
use crate::project::Project;
use crate::report::verify::{Again, How, Verified, Verify};
use crate::sql;

/// How much of a statement is shown.
const SHOWN: usize = 100;

/// Names the statements at fault, and says how they could be written.
pub fn guard(cx: &Cx, project: &Project, answer: &mut Verify, said: &mut [Diagnostic]) -> Result<(), Failure> {
    let mut seen = Seen::default();
    for migration in &answer.migrations {
        let again = &migration.idempotent;
        if let Some(place) = place(migration) {
            seen.failed.insert(place);
        } else if again.tested && !again.ok && again.failure.is_none() {
            let objects = again.differs.iter().map(|it| it.object.clone()).collect();
            let tables = again.rows.iter().map(|it| it.table.clone()).collect();
            seen.changed.insert(migration.path.clone(), (objects, tables));
        }
    }
    let mut found = guards(cx, project, &seen)?;
    for migration in &mut answer.migrations {
        migration.idempotent.guarded = place(migration).and_then(|place| found.failed.get(&place).cloned());
        if seen.changed.contains_key(&migration.path) {
            name(migration, &mut found, said);
        }
    }
    Ok(())
}

/// The statement that failed.
fn place(migration: &Verified) -> Option<(String, usize)> {
    let failure = migration.idempotent.failure.as_ref()?;
    Some((failure.path.clone()?, failure.statement?))
}

/// Names the statements of a migration that do something again.
fn name(migration: &mut Verified, found: &mut Guards, said: &mut [Diagnostic]) {
    let again = &mut migration.idempotent;
    // To take away what the second run has made is no way to mend a migration that makes it again.
    let undone = again.differs.iter_mut().filter(|it| it.how != How::Changed);
    undone.for_each(|it| it.mend.clear());
    let Some((source, statements)) = found.changed.remove(&migration.path) else { return };
    let title = format!("`{}_{}`", migration.version, migration.name);
    let mut diagnostic = said.iter_mut().find(|it| it.code == "verify/idempotent" && it.title.contains(&title));
    let mut helps = Vec::new();
    let mut forms = Vec::new();
    for (number, it) in statements {
        if let Some(diagnostic) = &mut diagnostic {
            let (span, text) = (source.word_at(it.span.start), it.why.clone());
            diagnostic.labels.push(Label { source: source.clone(), span, text, primary: true });
        }
        let line = source.position(it.span.start).line;
        match &it.guarded {
            Some(sql) => forms.push(sql.clone()),
            None => helps.push(format!("line {line}: {}", it.why)),
        }
        again.statements.push(Again {
            statement: number,
            line,
            sql: sql::first_line(source.text(), it.span, SHOWN),
            why: it.why,
            guarded: it.guarded,
        });
    }
    if !forms.is_empty() {
        again.guarded = Some(forms.join(";\n"));
        helps.insert(0, format!("write:\n{};", forms.join(";\n")));
    }
    if let Some(diagnostic) = diagnostic {
        if helps.is_empty() {
            diagnostic.notes.push("which of its statements does it cannot be told from their words".to_owned());
        } else {
            diagnostic.helps = helps;
        }
    }
}
