//! `dbctl verify` for people.

use comfy_table::Cell;

use super::{Human, NOTHING, line, remarks, sentence};
use crate::report::short_run;
use crate::report::verify::{LostBy, Require, Reversible, Verified, Verify, fails};
use crate::terminal::progress::duration;
use crate::terminal::style::{Role, clean};
use crate::terminal::table::table;
use crate::text::count;

const HEADERS: [&str; 8] = ["VERSION", "NAME", "APPLIES", "IDEMPOTENT", "REVERSIBLE", "DATA LOSS", "LOCKS", "TIME"];

impl Human for Verify {
    fn human(&self, width: Option<u16>) -> String {
        let mut out = String::new();
        if !self.migrations.is_empty() {
            out = table(&HEADERS, self.migrations.iter().map(|it| row(it, &self.required)), 1, width);
        }
        for migration in &self.migrations {
            details(&mut out, migration);
        }
        if !self.not_reached.is_empty() {
            let named = self.not_reached.iter().map(|it| format!("`{}`", clean(it))).collect::<Vec<_>>().join(", ");
            line(&mut out, &format!("\n{} not tried, because one before them does not apply: {named}", note()));
        }
        remarks(&mut out, &self.remarks);
        let (role, text) = last(self);
        sentence(&mut out, role, &text);
        out
    }
}

fn note() -> String {
    Role::Help.paint("note:")
}

fn row(migration: &Verified, required: &[Require]) -> Vec<Cell> {
    let word = |what: Require, text: &str| {
        let role = match (migration.is(what), required.contains(&what)) {
            (true, _) => Role::Success,
            (false, true) => Role::Error,
            (false, false) => Role::Warning,
        };
        role.cell(text)
    };
    let applies = match (migration.applies, migration.with_data.as_ref().is_none_or(|data| data.applies)) {
        (true, true) => "yes",
        (true, false) => "not on rows",
        (false, _) => "no",
    };
    let idempotent = if migration.idempotent.ok {
        "yes"
    } else if migration.idempotent.tested {
        "no"
    } else {
        NOTHING
    };
    vec![
        Cell::new(&migration.version),
        Cell::new(clean(&migration.name)),
        word(Require::Applies, applies),
        word(Require::Idempotent, idempotent),
        word(Require::Reversible, &reversible(migration)),
        Cell::new(loss(&migration.reversible)),
        Cell::new(lock(migration)),
        Cell::new(duration(migration.ms)),
    ]
}

fn reversible(migration: &Verified) -> String {
    let way = &migration.reversible;
    if !way.tested {
        return NOTHING.to_owned();
    }
    let source = match way.source {
        crate::report::verify::WaySource::File => "file",
        crate::report::verify::WaySource::Generated => "generated",
    };
    let verdict = match (way.failure.is_some(), way.exact, way.reup) {
        (true, ..) => "fails",
        (_, false, _) => "not exact",
        (_, true, false) => "not again",
        (_, true, true) if !migration.is(Require::Reversible) => "not on rows",
        (_, true, true) if !way.decide.is_empty() => "schema only",
        (_, true, true) if way.column_order => "yes*",
        (_, true, true) => "yes",
    };
    format!("{verdict} ({source})")
}

fn loss(way: &Reversible) -> String {
    match way.data_loss.len() {
        0 if way.tested => "none".to_owned(),
        0 => NOTHING.to_owned(),
        _ => {
            let mut tables: Vec<String> =
                way.data_loss.iter().map(|it| named(&it.table, it.column.as_deref())).collect();
            tables.dedup();
            match tables.as_slice() {
                [one] => clean(one),
                [first, rest @ ..] => format!("{} +{}", clean(first), rest.len()),
                [] => NOTHING.to_owned(),
            }
        }
    }
}

fn named(table: &str, column: Option<&str>) -> String {
    column.map_or_else(|| table.to_owned(), |column| format!("{table}.{column}"))
}

fn lock(migration: &Verified) -> String {
    let strongest = migration.locks.iter().max_by_key(|lock| lock.mode);
    match (strongest, migration.locks.len()) {
        (Some(lock), 1) => format!("{} {}", lock.mode.sql(), clean(&lock.relation)),
        (Some(lock), n) => format!("{} {} +{}", lock.mode.sql(), clean(&lock.relation), n - 1),
        (None, _) => NOTHING.to_owned(),
    }
}

/// What the way back cannot restore, and which tables have another order of columns.
fn details(out: &mut String, migration: &Verified) {
    let way = &migration.reversible;
    let title = clean(&format!("{}_{}", migration.version, migration.name));
    if !way.data_loss.is_empty() {
        line(out, &format!("\n{} the way back of `{title}` loses data:", note()));
        for lost in &way.data_loss {
            let by = match lost.by {
                LostBy::Up => "lost by the migration",
                LostBy::Down => "lost by the way back",
            };
            let what = clean(&named(&lost.table, lost.column.as_deref()));
            line(out, &format!("  {what}: {by}: {}", clean(&lost.why)));
        }
    }
    if !way.decide.is_empty() {
        line(out, &format!("\n{} the way back of `{title}` restores the schema, and leaves this to you:", note()));
        for text in &way.decide {
            line(out, &format!("  {}", clean(text)));
        }
    }
    if way.column_order {
        let tables = way.column_order_of.iter().map(|it| clean(it)).collect::<Vec<_>>().join(", ");
        line(
            out,
            &format!("\n{} after the way back of `{title}` the columns have another order: {tables} (*)", note()),
        );
    }
    if let Some(data) = migration.with_data.as_ref().filter(|data| !data.not_filled.is_empty()) {
        line(out, &format!("\n{} tables without rows while `{title}` was tried:", note()));
        for table in &data.not_filled {
            line(out, &format!("  {}: {}", clean(&table.table), clean(&table.why)));
        }
    }
}

fn last(view: &Verify) -> (Role, String) {
    if view.migrations.is_empty() && view.not_reached.is_empty() {
        let text = "Nothing to verify: no migration is selected that is not verified as it is written now (`--all` does all again).";
        return (Role::Plain, text.to_owned());
    }
    let run = view.run.as_deref().map(|id| format!(" (run {})", short_run(id))).unwrap_or_default();
    let took = duration(view.ms);
    let wrong = view.migrations.iter().filter(|it| !fails(it, &view.required).is_empty()).count();
    let all = count(view.migrations.len(), "migration");
    let words = view.required.iter().map(|it| it.word()).collect::<Vec<_>>().join(", ");
    let server = format!("on PostgreSQL {}", view.server_version);
    if wrong == 0 && view.not_reached.is_empty() {
        return (Role::Success, format!("Verified {all} {server} in {took}: {words}{run}."));
    }
    let not = if wrong == 1 { "1 is not".to_owned() } else { format!("{wrong} are not") };
    (Role::Error, format!("Verified {all} {server} in {took}: {not} what is required ({words}){run}."))
}
