//! The sequences of statements that lead to the same without keeping anybody waiting.

use super::Look;
use crate::lint::rules::suggest;
use crate::lint::schema::QName;
use crate::sql::ast::Ident;
use crate::text::bare_ident;

impl Look<'_, '_> {
    /// `set not null` by way of a check.
    pub(super) fn not_null_instead(&mut self, table: &QName, column: &Ident) {
        let name = format!("{}_{}_not_null", table.name, column.value);
        let (column, check) = (bare_ident(&column.value), bare_ident(&name));
        if self.at.config.pg_version >= 18 {
            self.cost.instead = vec![
                format!("alter table {table} add constraint {check} not null {column} not valid;"),
                format!("alter table {table} validate constraint {check}; -- in a later migration"),
            ];
            return;
        }
        self.cost.instead = vec![
            format!("alter table {table} add constraint {check} check ({column} is not null) not valid;"),
            format!("alter table {table} validate constraint {check}; -- in a later migration"),
            format!("alter table {table} alter column {column} set not null; -- which reads no row any more"),
            format!("alter table {table} drop constraint {check};"),
        ];
    }

    /// A constraint that is validated later.
    pub(super) fn validated_later(&mut self, table: &QName, name: Option<&str>, definition: &str) {
        let name = name.map_or_else(|| "its_name".into(), bare_ident);
        self.cost.instead = vec![
            format!("alter table {table} add constraint {name} {definition} not valid;"),
            format!("alter table {table} validate constraint {name}; -- in a later migration"),
        ];
    }

    /// A constraint of an index that is built while everybody works on.
    pub(super) fn index_first(&mut self, table: &QName, name: &str, columns: &str, words: &str) {
        let build = suggest::concurrent_unique_index(name, table, columns, "");
        let name = bare_ident(name);
        self.cost.instead = build.split(";\n").map(|sql| format!("{}; -- outside a transaction", sql.trim())).collect();
        self.cost.instead.push(format!("alter table {table} add constraint {name} {words} using index {name};"));
    }

    /// An index that is built while everybody works on.
    pub(super) fn concurrently(&mut self, name: Option<&str>, schema: &str, written: &str) {
        let mut sequence = Vec::new();
        if let Some(name) = name {
            let of = QName::new(schema, name);
            sequence.push(format!("drop index concurrently if exists {of}; -- outside a transaction"));
        }
        sequence.push(format!("{written}; -- outside a transaction"));
        self.cost.instead = sequence;
    }

    /// A column of another type beside the old one, in the phases expand, migrate and contract.
    pub(super) fn column_beside(&mut self, table: &QName, column: &Ident, type_name: &str, value: &str) {
        let key = self.at.schema.tables.get(table).and_then(|it| it.primary_key()).and_then(|key| key.columns.first());
        let key = key.map_or("id".into(), |key| bare_ident(key));
        let (old, new) = (bare_ident(&column.value), format!("new_{}", column.value));
        let (new, function) = (bare_ident(&new), QName::new(table.schema.as_str(), format!("{}_{new}", table.name)));
        let trigger = bare_ident(&function.name);
        self.cost.instead = vec![
            format!("alter table {table} add column {new} {type_name}; -- expand"),
            format!(
                "create function {function}() returns trigger language plpgsql as \
                 $$ begin new.{new} := {value}; return new; end $$;",
                value = value.replace("$old", &format!("new.{old}")),
            ),
            format!(
                "create trigger {trigger} before insert or update on {table} for each row execute function {function}();"
            ),
            format!(
                "update {table} set {new} = {value} where {key} between … and …; -- migrate: in batches, each its own \
                 transaction",
                value = value.replace("$old", &old),
            ),
            format!("drop trigger {trigger} on {table}; -- contract: when no running code needs {old}"),
            format!("drop function {function}();"),
            format!("alter table {table} drop column {old};"),
            format!("alter table {table} rename column {new} to {old};"),
        ];
    }

    /// Another name for a column, in the phases expand, migrate and contract.
    pub(super) fn renamed_column(&mut self, table: &QName, from: &Ident, to: &Ident) {
        let known = self.at.schema.tables.get(table).and_then(|it| it.column(&from.value));
        let type_name = known.and_then(|it| it.type_name.as_ref()).map_or("…".to_owned(), ToString::to_string);
        let (old, new) = (bare_ident(&from.value), bare_ident(&to.value));
        self.cost.instead = vec![
            format!("alter table {table} add column {new} {type_name}; -- expand; both are kept the same by a trigger"),
            format!("update {table} set {new} = {old} where …; -- migrate: in batches, each its own transaction"),
            format!("alter table {table} drop column {old}; -- contract: when no running code uses {old}"),
        ];
    }

    /// A table under another name, with a view of the old one.
    pub(super) fn view_behind(&mut self, old: &QName, new: &QName, rename: &str) {
        self.cost.instead = vec![
            format!("{rename};"),
            format!("{}; -- in the same transaction", suggest::view_instead(old, new)),
            format!("drop view {old}; -- contract: when no running code uses {old}"),
        ];
    }
}
