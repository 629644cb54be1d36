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
        if let Some(target) = side.target.as_ref().filter(|target| !target.local) {
            line(&mut below, &format!("{}, PostgreSQL {}", clean(&target.describe()), target.server_version));
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

#[cfg(test)]
mod tests {
    use super::super::fixtures::{plain, target};
    use super::*;

    fn side(name: &str) -> TargetStatus {
        TargetStatus { target: Some(target(name)), unreachable: None, initialised: true, remarks: Vec::new() }
    }

    fn migration(version: &str, local: MigrationState, remote: Option<MigrationState>) -> MigrationStatus {
        let applied = local == MigrationState::Applied;
        MigrationStatus {
            version: version.to_owned(),
            name: "create_users".to_owned(),
            path: Some("supabase/migrations/x.sql".to_owned()),
            local: Some(local),
            remote,
            checksum: if applied { Checksum::Ok } else { Checksum::None },
            sha256: None,
            local_applied_at: applied.then(|| "2026-11-21T10:31:07Z".parse().unwrap()),
            remote_applied_at: (remote == Some(MigrationState::Applied))
                .then(|| "2026-11-22T08:00:00Z".parse().unwrap()),
            local_ms: applied.then_some(12.3),
            remote_ms: remote.map(|_| 1_240.0),
            reversible: applied,
            gate: applied,
        }
    }

    fn status(remote: Option<TargetStatus>, migrations: Vec<MigrationStatus>) -> Status {
        Status {
            format: "dbctl/status/v1",
            layout: "Supabase".to_owned(),
            folder: "supabase/migrations".to_owned(),
            local: Some(side("local")),
            remote,
            migrations,
        }
    }

    #[test]
    fn shows_one_side() {
        let mut view = status(
            None,
            vec![
                migration("20240101000000", MigrationState::Applied, None),
                migration("20240102000000", MigrationState::Pending, None),
            ],
        );
        view.local.as_mut().unwrap().remarks.push("run 0192 ended without a result".to_owned());
        insta::assert_snapshot!(plain(&view.human(None)), @r#"
        VERSION         NAME          LOCAL    CHECKSUM  APPLIED (UTC)     TIME   REVERSIBLE
        20240101000000  create_users  applied  ok        2026-11-21 10:31  12 ms  yes
        20240102000000  create_users  pending  -         -                 -      no

        note: run 0192 ended without a result

        2 migrations: `local` has 1 applied, 1 pending.
        "#);
    }

    #[test]
    fn shows_both_sides_and_names_the_side_of_a_time() {
        let view = status(
            Some(side("remote")),
            vec![
                migration("20240101000000", MigrationState::Applied, Some(MigrationState::Applied)),
                migration("20240102000000", MigrationState::Applied, Some(MigrationState::Late)),
            ],
        );
        insta::assert_snapshot!(plain(&view.human(None)), @r#"
        VERSION         NAME          LOCAL    REMOTE   CHECKSUM  APPLIED (UTC)            TIME   REVERSIBLE
        20240101000000  create_users  applied  applied  ok        2026-11-22 08:00 remote  1.2 s  yes
        20240102000000  create_users  applied  late     ok        2026-11-21 10:31 local   12 ms  yes

        `remote` (postgres@db.example:5432/app), PostgreSQL 15.18

        2 migrations: all applied to `local`; `remote` has 1 applied, 1 late.
        "#);
    }

    #[test]
    fn says_that_a_side_could_not_be_asked() {
        let unreachable = Some("no server answers at `db.example:5432`".to_owned());
        let remote = TargetStatus { target: None, unreachable, initialised: false, remarks: Vec::new() };
        let view = status(Some(remote), vec![migration("1", MigrationState::Applied, None)]);
        insta::assert_snapshot!(plain(&view.human(None)), @r#"
        VERSION  NAME          LOCAL    REMOTE   CHECKSUM  APPLIED (UTC)           TIME   REVERSIBLE
        1        create_users  applied  unknown  ok        2026-11-21 10:31 local  12 ms  yes

        warning: `remote` could not be asked: no server answers at `db.example:5432`

        1 migration: all applied to `local`; `remote` is unknown.
        "#);
    }

    #[test]
    fn says_that_there_are_no_migrations() {
        assert_eq!(status(None, Vec::new()).human(None), "No migrations in `supabase/migrations` (Supabase layout).\n");
    }
}
