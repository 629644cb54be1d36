//! What a rule finds, and the edits that mend it.

use super::Rule;
use super::schema::{Column, FileId, Place, QName, Schema, Table};
use crate::diagnostic::Level;
use crate::risk::LockMode;
use crate::sql::ast::TypeName;
use crate::text::Span;

/// One replacement in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Edit {
    /// Replaces a span.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Inserts at a byte.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { span: Span::new(at, at), text: text.into() }
    }

    /// Takes a span away.
    pub fn delete(span: Span) -> Self {
        Self { span, text: String::new() }
    }
}

/// A migration that a fix adds behind the newest one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMigration {
    /// Its name without version: `validate_orders_user_id_fkey`.
    pub slug: String,
    /// Its text.
    pub sql: String,
}

/// How to mend a finding. All edits are in the finding's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative: ``add `concurrently` ``.
    pub title: String,
    /// Whether it needs a look (`--unsafe-fixes`).
    pub is_unsafe: bool,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
    /// Files that are added.
    pub adds: Vec<NewMigration>,
}

impl Fix {
    /// A safe fix.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), is_unsafe: false, edits, adds: Vec::new() }
    }

    /// A fix that needs a look.
    pub fn unchecked(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { is_unsafe: true, ..Self::safe(title, edits) }
    }

    /// Adds a migration.
    #[must_use]
    pub fn adding(mut self, slug: impl Into<String>, sql: impl Into<String>) -> Self {
        self.adds.push(NewMigration { slug: slug.into(), sql: sql.into() });
        self
    }
}

/// Another place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there.
    pub text: String,
}

/// What a rule found. The engine adds the rule, its level and the note on its lock.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad.
    pub level: Level,
    /// Where: the exact clause.
    pub place: Place,
    /// One phrase in lower case without a full stop, objects in backticks, the lock's cost in words where there is one.
    pub message: String,
    /// What is said at the carets; may be empty.
    pub label: String,
    /// Other places.
    pub related: Vec<Related>,
    /// Facts.
    pub notes: Vec<String>,
    /// What to write instead; SQL where it can be given.
    pub helps: Vec<String>,
    /// The object it is about, as SQL: `public.orders`.
    pub object: Option<String>,
    /// The lock it is about; the rule's unless the finding says otherwise.
    pub lock: Option<LockMode>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// Files besides the place's for which it counts as new: those that touched the object last.
    pub touched: Vec<FileId>,
    /// The column whose type it is about, by where it was defined, with that type where it matters: when the chain
    /// drops the column or gives it another type later, there is nothing to tell.
    pub typed: Option<(Place, Option<TypeName>)>,
    /// What must be true of that column at the end of the chain, besides.
    pub holds: Option<fn(&Schema, &Table, &Column) -> bool>,
    /// Rules that say more about the same place: where one of them finds something, this is not told.
    pub yields: &'static [&'static str],
}

impl Finding {
    /// A finding of a rule at a place.
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.level,
            place,
            message: message.into(),
            label: String::new(),
            related: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            object: None,
            lock: rule.lock,
            fix: None,
            touched: Vec::new(),
            typed: None,
            holds: None,
            yields: &[],
        }
    }

    /// What is said at the carets.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// The object it is about.
    #[must_use]
    pub fn object(mut self, name: &QName) -> Self {
        self.object = Some(name.to_string());
        self
    }

    /// The object it is about, in other words.
    #[must_use]
    pub fn about(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// The lock, where it is not the rule's.
    #[must_use]
    pub fn lock(mut self, lock: LockMode) -> Self {
        self.lock = Some(lock);
        self
    }

    /// Less bad than the rule says, because the chain could not be understood whole.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// A place that explains.
    #[must_use]
    pub fn see(mut self, place: Place, text: impl Into<String>) -> Self {
        self.related.push(Related { place, text: text.into() });
        self
    }

    /// A fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// The column whose type it is about.
    #[must_use]
    pub fn typed(mut self, column: Option<(Place, Option<TypeName>)>) -> Self {
        self.typed = column;
        self
    }

    /// What must be true of that column at the end of the chain.
    #[must_use]
    pub fn holds(mut self, condition: fn(&Schema, &Table, &Column) -> bool) -> Self {
        self.holds = Some(condition);
        self
    }

    /// Rules that say more about the same place.
    #[must_use]
    pub fn yields(mut self, rules: &'static [&'static str]) -> Self {
        self.yields = rules;
        self
    }

    /// What to write instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }

    /// How to mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Another file for which it counts as new.
    #[must_use]
    pub fn touched(mut self, file: Option<FileId>) -> Self {
        self.touched.extend(file);
        self
    }
}

/// Where rules put what they find.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Finding>,
}

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Takes all out, in the order found.
    pub fn take(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.found)
    }
}
