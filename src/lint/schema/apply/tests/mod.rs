//! Chains of migrations and what PostgreSQL has after them: every expectation here is what its catalogs say.

mod drops;
mod makes;
mod names;
mod runs;

use crate::lint::schema::{ConstraintDef, IndexKey, Schema, TypeKind};
use crate::lint::{Config, Input, LintFile, Profile};

/// Plays a chain, a text a file.
fn played(chain: &[&str], supabase: bool) -> Schema {
    let mut config = Config::default();
    if !supabase {
        config.profiles.remove(&Profile::Supabase);
    }
    let mut schema = Schema::new(&config);
    for (id, text) in chain.iter().enumerate() {
        let input = Input {
            path: format!("{id}.sql"),
            text: (*text).into(),
            version: None,
            name: String::new(),
            down: None,
            has_downs: false,
            no_transaction: false,
            selected: true,
        };
        let file = LintFile::new(id, input);
        assert_eq!(file.errors, [], "{text}");
        schema.begin_file(&file);
        file.events.iter().for_each(|event| schema.apply(&file, event));
        schema.end_file(&file);
    }
    schema
}

/// What is there beyond the platform, a line an object.
fn facts(schema: &Schema) -> Vec<String> {
    let mut lines = Vec::new();
    for table in schema.tables.values().filter(|table| !table.is_platform()) {
        let columns: Vec<String> = table.columns.iter().map(column).collect();
        lines.push(format!("table {} ({})", table.name, columns.join(", ")));
        for constraint in &table.constraints {
            let columns = constraint.columns.join(", ");
            let what = match &constraint.def {
                ConstraintDef::PrimaryKey => format!("primary key ({columns})"),
                ConstraintDef::Unique => format!("unique ({columns})"),
                ConstraintDef::Check(_) => format!("check ({columns})"),
                ConstraintDef::Exclude => format!("exclude ({columns})"),
                ConstraintDef::ForeignKey(to) => format!("({columns}) to {} ({})", to.table, to.columns.join(", ")),
            };
            let valid = if constraint.valid { "" } else { " not valid" };
            lines.push(format!("{} {}: {what}{valid}", table.name.name, constraint.name));
        }
        lines.extend(table.policies.iter().map(|it| format!("policy {} on {}", it.name, table.name.name)));
        lines.extend(table.triggers.iter().map(|it| format!("trigger {} {}", it.name, it.function)));
    }
    for index in schema.indexes.values().filter(|it| it.constraint.is_none() && it.created.file.is_some()) {
        let key = |key: &IndexKey| match key {
            IndexKey::Column(name) => name.clone(),
            IndexKey::Expr(_) => "()".to_owned(),
        };
        let keys: Vec<String> = index.keys.iter().map(key).collect();
        lines.push(format!("index {} on {} ({})", index.name, index.table.name, keys.join(", ")));
    }
    for view in schema.views.values().filter(|it| it.created.file.is_some()) {
        let columns = view.columns.as_ref().map_or_else(|| "unknown".to_owned(), |columns| columns.join(", "));
        lines.push(format!("view {} ({columns})", view.name));
    }
    for function in schema.functions.values().flatten().filter(|it| it.created.file.is_some()) {
        lines.push(format!("function {}{}", function.name, function.signature()));
    }
    for made in schema.types.values().filter(|it| it.created.file.is_some()) {
        let what = match &made.kind {
            TypeKind::Enum(labels) => labels.iter().map(|it| it.label.clone()).collect::<Vec<_>>().join(", "),
            TypeKind::Composite(fields) => fields.iter().map(|it| it.0.clone()).collect::<Vec<_>>().join(", "),
            TypeKind::Domain { base, checks } => format!("{base}, {} checks", checks.len()),
            TypeKind::Other => String::new(),
        };
        lines.push(format!("type {} ({what})", made.name));
    }
    for (name, (_, owner)) in schema.sequences.iter().filter(|(_, (place, _))| place.file.is_some()) {
        let owner = owner.as_ref().map_or_else(String::new, |(table, column)| format!(" of {}.{column}", table.name));
        lines.push(format!("sequence {name}{owner}"));
    }
    lines
}

fn column(column: &crate::lint::schema::Column) -> String {
    let mut text = column.name.clone();
    if let Some(of) = &column.type_name {
        text = format!("{text} {of}");
    }
    if column.not_null {
        text.push_str(" not null");
    }
    if column.default.is_some() {
        text.push_str(" default");
    }
    if column.generated.is_some() {
        text.push_str(" generated");
    }
    if column.identity.is_some() {
        text.push_str(" identity");
    }
    text
}

/// Each chain has these lines at its end; `;` lines of a chain's one file are one text.
fn check(cases: &[(&[&str], &[&str])]) {
    for (chain, expected) in cases {
        assert_eq!(facts(&played(chain, false)), *expected, "{chain:#?}");
    }
}
