//! Functions and procedures.

use std::sync::Arc;

use super::Cx;
use super::name::value;
use crate::lint::schema::{Function, QName, Schema};
use crate::sql::ast::{
    AlterRoutine, ArgMode, CreateRoutine, ObjectKind, Parameter, Returns, RoutineKind, RoutineRef, TypeName,
};

impl Schema {
    /// `create function`, `create procedure`.
    pub(super) fn create_routine(&mut self, cx: &Cx<'_>, create: &CreateRoutine) {
        let name = self.creation(&create.name);
        let is_input = |parameter: &&Parameter| parameter.mode != ArgMode::Out;
        let inputs = create.parameters.iter().filter(is_input);
        let args = inputs.map(|parameter| self.resolved_type(&parameter.type_name)).collect();
        let language = create.language.as_ref().map_or_else(|| "sql".to_owned(), |it| it.value.to_ascii_lowercase());
        let function = Function {
            acl: self.default_acl(ObjectKind::Function, &name.schema),
            name,
            kind: create.kind,
            args,
            created: cx.place(create.name.span),
            returns: returns(create),
            language,
            volatility: create.volatility,
            security_definer: create.security_definer.is_some(),
            settings: create.settings.iter().map(|it| (it.name.clone(), it.value.clone())).collect(),
            comment: None,
            definition: cx.file.is_some().then(|| Arc::new(create.clone())),
        };
        self.put_routine(cx, create.or_replace, function);
    }

    /// Puts a function among the overloads of its name, in the place of the one it replaces.
    pub(super) fn put_routine(&mut self, cx: &Cx<'_>, or_replace: bool, mut function: Function) {
        let name = function.name.clone();
        let list = self.functions.get(&name).map_or(&[][..], Vec::as_slice);
        let at = list.iter().position(|old| same_types(&old.args, &function.args));
        if let Some(at) = at {
            if !or_replace && self.is_kept(cx, true, false) {
                return;
            }
            if let Some(old) = self.functions.get_mut(&name).and_then(|list| list.get_mut(at)) {
                if or_replace {
                    function.acl = std::mem::take(&mut old.acl);
                    function.comment = old.comment.take();
                }
                *old = function;
            }
        } else {
            self.functions.entry(name).or_default().push(function);
        }
    }

    /// `alter function | procedure | routine`.
    pub(super) fn alter_routine(&mut self, alter: &AlterRoutine) {
        let Some((name, at)) = self.find_routine(&alter.routine) else { return };
        let Some(function) = self.functions.get_mut(&name).and_then(|list| list.get_mut(at)) else { return };
        if let Some(definer) = alter.security_definer {
            function.security_definer = definer;
        }
        if let Some(volatility) = alter.volatility {
            function.volatility = volatility;
        }
        for reset in &alter.resets {
            function.settings.retain(|(setting, _)| reset != "all" && setting != reset);
        }
        for set in &alter.settings {
            function.settings.retain(|(setting, _)| *setting != set.name);
            function.settings.push((set.name.clone(), set.value.clone()));
        }
        let schema = alter.set_schema.as_ref().map_or_else(|| name.schema.clone(), value);
        let to = QName::new(schema, alter.rename.as_ref().map_or_else(|| name.name.clone(), value));
        if to != name {
            self.rename_routine(&name, at, &to);
        }
    }

    /// Where a routine is that a statement names: its name and its number among the overloads.
    ///
    /// Of a name without a schema all schemas of the search path are looked through: the first need not have this overload.
    pub(super) fn find_routine(&self, routine: &RoutineRef) -> Option<(QName, usize)> {
        let first = self.resolve(&routine.name);
        let mut names = vec![first];
        if routine.name.schema().is_none() {
            names.extend(self.search_path.iter().map(|schema| QName::new(schema.as_str(), value_of(routine))));
        }
        let args: Option<Vec<TypeName>> =
            routine.args.as_ref().map(|args| args.iter().map(|it| self.resolved_type(it)).collect());
        names.into_iter().find_map(|name| {
            let list = self.functions.get(&name)?;
            let is_kind = |function: &Function| match routine.kind {
                RoutineKind::Routine => true,
                kind => function.kind == kind,
            };
            let fits = |function: &Function| match &args {
                Some(args) => same_types(&function.args, args),
                None => true,
            };
            let mut found = list.iter().enumerate().filter(|(_, it)| is_kind(it) && fits(it)).map(|(at, _)| at);
            let at = found.next()?;
            // Without arguments the name must be the only one.
            (args.is_some() || found.next().is_none()).then_some((name, at))
        })
    }
}

fn value_of(routine: &RoutineRef) -> String {
    super::name::object(&routine.name)
}

/// Whether two lists of types are the same; a schema counts where both have one.
pub(super) fn same_types(one: &[TypeName], other: &[TypeName]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_type(one, other))
}

fn same_type(one: &TypeName, other: &TypeName) -> bool {
    let schemas = match (&one.schema, &other.schema) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    schemas && one.name == other.name && (one.dimensions > 0) == (other.dimensions > 0) && one.copied == other.copied
}

/// What a routine returns, as SQL.
fn returns(create: &CreateRoutine) -> String {
    match &create.returns {
        Some(Returns::Type(of)) => of.to_string(),
        Some(Returns::Table(columns)) => {
            let columns: Vec<String> =
                columns.iter().map(|(name, of)| format!("{} {of}", crate::text::bare_ident(&name.value))).collect();
            format!("table({})", columns.join(", "))
        }
        None if create.kind == RoutineKind::Procedure => String::new(),
        None => {
            let mut outs = create.parameters.iter().filter(|it| matches!(it.mode, ArgMode::Out | ArgMode::InOut));
            match (outs.next(), outs.next()) {
                (Some(only), None) => only.type_name.to_string(),
                (Some(_), Some(_)) => "record".to_owned(),
                (None, _) => String::new(),
            }
        }
    }
}
