//! `dbctl status` for people.

use comfy_table::Cell;
use jiff::Timestamp;

use super::{Human, NOTHING, line, minute, remarks, sentence};
use crate::report::{Checksum, MigrationState, MigrationStatus, Status, TargetStatus};
use crate::terminal::progress::duration;
use crate::terminal::style::{Role, clean};
use crate::terminal::table::table;
use crate::text::count;

/// The column that gives way in a narrow terminal.
const NAME: usize = 1;

impl Human for Status {
    fn human(&self, width: Option<u16>) -> String {
        let mut out = String::new();
        if self.migrations.is_empty() {
            sides(&mut out, self);
            let text = format!("No migrations in `{}` ({} layout).", self.folder, self.layout);
            sentence(&mut out, Role::Plain, &text);
            return out;
        }
        let headers: Vec<&str> = [
            Some("VERSION"),
            Some("NAME"),
            self.local.as_ref().map(|_| "LOCAL"),
            self.remote.as_ref().map(|_| "REMOTE"),
            Some("CHECKSUM"),
            Some("APPLIED (UTC)"),
            Some("TIME"),
            Some("REVERSIBLE"),
        ]
        .into_iter()
        .flatten()
        .collect();
        out = table(&headers, self.migrations.iter().map(|migration| row(self, migration)), NAME, width);
        sides(&mut out, self);
        sentence(&mut out, Role::Plain, &summary(self));
        out
    }
}

fn row(status: &Status, migration: &MigrationStatus) -> Vec<Cell> {
    let (at, ms) = applied(status, migration);
    let mut cells = vec![Cell::new(&migration.version), Cell::new(clean(&migration.name))];
    cells.extend(status.local.as_ref().map(|_| state(migration.local)));
    cells.extend(status.remote.as_ref().map(|_| state(migration.remote)));
    cells.push(checksum(migration.checksum));
    cells.push(Cell::new(at));
    cells.push(Cell::new(ms.map_or_else(|| NOTHING.to_owned(), duration)));
    cells.push(Cell::new(if migration.reversible { "yes" } else { "no" }));
    cells
}

/// When it was applied and how long it took: remotely where it is applied there, else locally. Where both sides are
/// shown, the side is named.
fn applied(status: &Status, migration: &MigrationStatus) -> (String, Option<f64>) {
    let both = status.local.is_some() && status.remote.is_some();
    let say = |at: Timestamp, side| if both { format!("{} {side}", minute(at)) } else { minute(at) };
    match (migration.remote_applied_at, migration.local_applied_at) {
        (Some(at), _) => (say(at, "remote"), migration.remote_ms),
        (None, Some(at)) => (say(at, "local"), migration.local_ms),
        (None, None) => (NOTHING.to_owned(), None),
    }
}

fn state(state: Option<MigrationState>) -> Cell {
    match state {
        Some(MigrationState::Applied) => Role::Success.cell("applied"),
        Some(MigrationState::Pending) => Role::Help.cell("pending"),
        Some(MigrationState::Late) => Role::Warning.cell("late"),
        Some(MigrationState::Changed) => Role::Error.cell("changed"),
        Some(MigrationState::Missing) => Role::Error.cell("missing"),
        Some(MigrationState::Partial) => Role::Error.cell("partial"),
        None => Role::Dim.cell("unknown"),
    }
}

fn checksum(checksum: Checksum) -> Cell {
    match checksum {
        Checksum::None => Role::Dim.cell(NOTHING),
        Checksum::Ok => Role::Plain.cell("ok"),
        Checksum::Comments => Role::Warning.cell("comments"),
        Checksum::Changed => Role::Error.cell("changed"),
        Checksum::Missing => Role::Error.cell("missing"),
    }
}

/// What is to be said about the databases themselves.
fn sides(out: &mut String, status: &Status) {
    let mut below = String::new();
    for (name, side) in [("local", &status.local), ("remote", &status.remote)] {
        let Some(side) = side else { continue };
        if let Some(why) = &side.unreachable {
            let warning = Role::Warning.paint("warning:");
            line(&mut below, &format!("{warning} `{}` could not be asked: {}", title(side, name), clean(why)));
        } else if !side.initialised {
            let note = format!("`{}` has no history of dbctl yet", title(side, name));
            remarks(&mut below, &[note]);
        }
        remarks(&mut below, &side.remarks);
    }
    if !below.is_empty() {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&below);
    }
}

fn title<'a>(side: &'a TargetStatus, name: &'a str) -> &'a str {
    side.target.as_ref().map_or(name, |target| target.name.as_str())
}

/// ``12 migrations: all applied to `local`, 2 pending on `remote`.``
fn summary(status: &Status) -> String {
    let parts = [
        status.local.as_ref().map(|side| side_summary(status, side, "local", |migration| migration.local)),
        status.remote.as_ref().map(|side| side_summary(status, side, "remote", |migration| migration.remote)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let total = count(status.migrations.len(), "migration");
    if parts.is_empty() { format!("{total}.") } else { format!("{total}: {}.", parts.join("; ")) }
}

fn side_summary(
    status: &Status,
    side: &TargetStatus,
    name: &str,
    state: impl Fn(&MigrationStatus) -> Option<MigrationState>,
) -> String {
    let name = title(side, name);
    if side.unreachable.is_some() {
        return format!("`{name}` is unknown");
    }
    let of = |wanted| status.migrations.iter().filter(|migration| state(migration) == Some(wanted)).count();
    let applied = of(MigrationState::Applied);
    if applied == status.migrations.len() {
        return format!("all applied to `{name}`");
    }
    let others = [
        (of(MigrationState::Pending), "pending"),
        (of(MigrationState::Late), "late"),
        (of(MigrationState::Changed), "changed"),
        (of(MigrationState::Missing), "missing"),
        (of(MigrationState::Partial), "partly applied"),
    ];
    let others = others.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!(", {n} {word}"));
    format!("`{name}` has {applied} applied{}", others.collect::<String>())
}
