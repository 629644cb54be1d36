//! The statements of a migration that change rows: no catalog shows them, and no schema takes them back.

use serde::Serialize;

use super::Names;
use crate::catalog::{Body, Catalog, Id, Kind, Object, Volatility};
use crate::sql::ast::{
    AlterColumn, Assignment, Expr, ExprKind, Name, ObjectKind, Relation, Stmt, StmtKind, TableActionKind, Visitor,
};
use crate::sql::parse::parse;
use crate::text::Source;

/// A statement that changes rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataStep {
    /// The number of the statement in its file, from 1.
    pub statement: usize,
    /// The line it begins on, from 1.
    pub line: usize,
    /// What it does: `UPDATE`, `INSERT`, `DELETE`, `TRUNCATE`, `MERGE`, `COPY`, or the call of a function.
    pub what: String,
    /// The table, as SQL names it; none where nobody knows.
    pub table: Option<String>,
    /// The columns that it sets, where it says them.
    pub columns: Vec<String>,
    /// Whether the way back takes away what it has changed: its table or its columns are new.
    pub undone: bool,
    /// Whether it is known to change rows, and not only to be able to.
    pub certain: bool,
    /// What a person has to decide.
    pub decide: String,
}

impl DataStep {
    /// Whether what it has changed stays as it is when the migration is taken back.
    pub fn stays(&self) -> bool {
        self.certain && !self.undone
    }
}

/// The statements of a migration that change rows; `back` says what each object of `after` is called in `before`.
pub fn data_steps(text: &str, before: &Catalog, after: &Catalog, back: &Names) -> Vec<DataStep> {
    let source = Source::new("", text);
    let mut steps: Vec<DataStep> = Vec::new();
    let script = parse(text);
    let made = script.statements.iter().filter_map(Stmt::creates).filter(|(kind, _)| *kind == ObjectKind::Table);
    let made: Vec<String> = made.filter_map(|(_, name)| Some(name?.object().to_owned())).collect();
    for (at, stmt) in script.statements.iter().enumerate() {
        let mut found = Found { before, after, back, made: &made, steps: Vec::new() };
        stmt.walk(&mut found);
        if let StmtKind::Do { body: None, language, .. } = &stmt.kind {
            found.unknown(&format!("DO in {language}"));
        }
        for mut step in found.steps {
            step.statement = at + 1;
            step.line = source.position(stmt.span.start).line;
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    steps
}

/// What is found in one statement.
struct Found<'a> {
    before: &'a Catalog,
    after: &'a Catalog,
    back: &'a Names,
    /// The tables that the migration itself makes.
    made: &'a [String],
    steps: Vec<DataStep>,
}

impl Visitor for Found<'_> {
    fn stmt(&mut self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Insert(it) => {
                self.write("INSERT", &it.table, &[]);
                let update = it.conflict.as_ref().and_then(|conflict| conflict.update.as_deref());
                if let Some(update) = update {
                    self.write("UPDATE", &it.table, &names(update));
                }
            }
            StmtKind::Update(it) => self.write("UPDATE", &it.table, &names(&it.set)),
            StmtKind::Delete(it) => self.write("DELETE", &it.table, &[]),
            StmtKind::Merge(it) => self.write("MERGE", &it.table, &[]),
            StmtKind::Truncate { tables, .. } => tables.iter().for_each(|table| self.write("TRUNCATE", table, &[])),
            StmtKind::AlterTable(it) if matches!(it.relation, Relation::Table) => {
                for action in &it.actions {
                    if let TableActionKind::AlterColumn { name, change: AlterColumn::Type { using: Some(using), .. } } =
                        &action.kind
                        && computes(using)
                    {
                        self.write("ALTER COLUMN … USING", &it.name, std::slice::from_ref(&name.value));
                    }
                }
            }
            StmtKind::Copy(it) if it.from => {
                if let Some(table) = &it.table {
                    self.write("COPY", table, &[]);
                }
            }
            _ => {}
        }
        true
    }

    fn expr(&mut self, expr: &Expr) -> bool {
        if let ExprKind::Call { name, .. } = &expr.kind {
            self.call(name);
        }
        true
    }
}

/// Whether an expression makes other values of a column than a cast makes, or than a time zone that is named, which can be
/// named again on the way back.
fn computes(using: &Expr) -> bool {
    match &using.kind {
        ExprKind::Column(_) => false,
        ExprKind::Cast { expr, .. } => computes(expr),
        ExprKind::Binary { op, left, .. } if op == "at time zone" => computes(left),
        ExprKind::Call { name, args, .. } if name.object() == "timezone" => {
            !matches!(args.as_slice(), [zone, value] if zone.as_string().is_some() && !computes(value))
        }
        _ => true,
    }
}

fn names(set: &[Assignment]) -> Vec<String> {
    set.iter().map(|it| it.column.value.clone()).collect()
}

/// The table that a name means.
fn table(catalog: &Catalog, name: &Name) -> Option<Id> {
    let is_it = |id: &&Id| {
        matches!(id.kind, Kind::Table | Kind::ForeignTable | Kind::View)
            && id.name == name.object()
            && name.schema().is_none_or(|schema| id.schema == schema)
    };
    let mut all: Vec<&Id> = catalog.entries.keys().filter(is_it).collect();
    all.sort_by_key(|id| id.schema != "public");
    all.first().map(|id| (*id).clone())
}

impl Found<'_> {
    fn write(&mut self, what: &str, name: &Name, columns: &[String]) {
        let (of, undone) = match table(self.after, name) {
            Some(id) => {
                let there = self.back.id(&id);
                let is_new = |column: &String| {
                    !self.before.entries.contains_key(&self.back.id(&id.beside(Kind::Column, column)))
                };
                let is_new_table = !self.before.entries.contains_key(&there);
                let undone = is_new_table || !columns.is_empty() && columns.iter().all(is_new);
                (id.qualified(), undone)
            }
            None => match table(self.before, name) {
                // It has another name afterwards, or it is gone with its rows, which is said of the table.
                Some(id) if self.after.entries.contains_key(&self.back.back().id(&id)) => {
                    let there = |column: &String| id.beside(Kind::Column, column);
                    let is_old = |column: &String| self.before.entries.contains_key(&there(column));
                    (id.qualified(), !columns.is_empty() && !columns.iter().any(is_old))
                }
                Some(_) => return,
                // A temporary one, or one that came and went.
                None if self.made.iter().any(|made| made == name.object()) => return,
                // What is not looked at, and what does not change.
                None => {
                    let schema = name.schema().map(|schema| format!("{schema}.")).unwrap_or_default();
                    (format!("{schema}{}", name.object()), false)
                }
            },
        };
        let decide = decide(what, &of, columns);
        let (what, columns) = (what.to_owned(), columns.to_vec());
        self.steps.push(DataStep {
            statement: 0,
            line: 0,
            what,
            table: Some(of),
            columns,
            undone,
            certain: true,
            decide,
        });
    }

    /// A function that is called may write too.
    fn call(&mut self, name: &Name) {
        if name.object() == "setval" {
            self.push("setval", true, "the sequence goes on from there: decide whether it may".to_owned());
            return;
        }
        let is_it = |id: &&Id| {
            matches!(id.kind, Kind::Function | Kind::Procedure)
                && id.name == name.object()
                && name.schema().is_none_or(|schema| id.schema == schema)
        };
        let routines = [self.before, self.after].into_iter().flat_map(|catalog| &catalog.entries);
        let writes = routines.filter(|(id, _)| is_it(id)).any(|(_, entry)| match &entry.object {
            Object::Function(it) => it.volatility == Volatility::Volatile && writes(&it.body),
            Object::Procedure(it) => writes(&it.body),
            _ => false,
        });
        if writes {
            let called = name.object();
            let text = format!("`{called}` writes: decide whether the rows that it has changed may stay as they are");
            self.push(&format!("call of {called}"), true, text);
        }
    }

    /// What nobody can read.
    fn unknown(&mut self, what: &str) {
        self.push(what, false, "what it runs cannot be read: look whether it changes rows".to_owned());
    }

    fn push(&mut self, what: &str, certain: bool, decide: String) {
        let (table, columns) = (None, Vec::new());
        let what = what.to_owned();
        self.steps.push(DataStep { statement: 0, line: 0, what, table, columns, undone: false, certain, decide });
    }
}

/// Whether a body has the words of a statement that changes rows.
fn writes(body: &Body) -> bool {
    let (Body::Source(text) | Body::Sql(text)) = body else { return false };
    let words: Vec<String> =
        crate::sql::significant(text).iter().map(|token| token.span.of(text).to_ascii_lowercase()).collect();
    let is_pair = |pair: &[String]| {
        matches!((pair[0].as_str(), pair[1].as_str()), ("insert" | "merge", "into") | ("delete", "from"))
    };
    words.windows(2).any(is_pair) || words.iter().any(|word| matches!(word.as_str(), "update" | "truncate" | "copy"))
}

/// What a person has to decide where rows were changed.
fn decide(what: &str, table: &str, columns: &[String]) -> String {
    let set = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
    match what {
        "INSERT" | "COPY" => format!(
            "the rows that were put into {table} stay: decide whether they may, or delete them by hand in the down file"
        ),
        "DELETE" | "TRUNCATE" => format!(
            "the rows that were taken out of {table} do not come back: decide whether they are needed, and where a copy \
             is"
        ),
        _ => format!(
            "the rows of {table}{set} keep the values they were given: decide whether they may, or write what turns them \
             back into the down file"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::rename::tests::table;

    fn said(text: &str) -> Vec<String> {
        let (mut before, mut after) = (Catalog::default(), Catalog::default());
        table(&mut before, "users", &[("id", "bigint"), ("name", "text")]);
        table(&mut after, "users", &[("id", "bigint"), ("name", "text"), ("full_name", "text")]);
        table(&mut after, "made", &[("id", "bigint")]);
        let steps = data_steps(text, &before, &after, &Names::default());
        let one = |it: &DataStep| {
            let undone = if it.undone { "undone" } else { "stays" };
            let set = it.columns.join(",");
            format!("{}:{} {} {} [{set}] {undone}", it.statement, it.line, it.what, it.table.as_deref().unwrap_or("?"))
        };
        steps.iter().map(one).collect()
    }

    #[test]
    fn changes_of_rows_are_found_with_what_they_change() {
        assert_eq!(
            said("select 1;\nupdate users set name = 'x';\ninsert into public.users (id) values (1);\ntruncate users;"),
            [
                "2:2 UPDATE public.users [name] stays",
                "3:3 INSERT public.users [] stays",
                "4:4 TRUNCATE public.users [] stays"
            ]
        );
        assert_eq!(
            said(
                "do $$ begin delete from users where id = 1; end $$;\nwith x as (delete from users returning *) select 1"
            ),
            ["1:1 DELETE public.users [] stays", "2:2 DELETE public.users [] stays"]
        );
    }

    #[test]
    fn values_that_a_change_of_type_computes_stay() {
        let to = |using: &str| said(&format!("alter table users alter id type numeric using {using}"));
        assert_eq!(to("id * 100"), ["1:1 ALTER COLUMN … USING public.users [id] stays"]);
        assert_eq!(to("abs(id)"), to("id * 100"));
        assert!(to("id::numeric").is_empty() && to("cast(id as text)::numeric").is_empty());
        assert!(to("id at time zone 'UTC'").is_empty() && to("timezone('UTC', id)").is_empty());
    }

    #[test]
    fn what_goes_with_its_table_or_column_is_undone() {
        assert_eq!(
            said(
                "insert into made values (1); update users set full_name = name; create temp table x (); insert into x values (1);"
            ),
            ["1:1 INSERT public.made [] undone", "2:1 UPDATE public.users [full_name] undone"]
        );
    }

    #[test]
    fn a_body_that_nobody_can_read_may_change_rows() {
        assert_eq!(said("do language plperl $$ x $$;"), ["1:1 DO in plperl ? [] stays"]);
        assert!(
            said("select count(*) from users; create function f() returns int language sql as 'delete from users'")
                .is_empty()
        );
    }
}
