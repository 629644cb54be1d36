//! Operator families and operator classes.

use super::{Alter, Cx, plain_drop};
use crate::catalog::{FunctionMember, OperatorMember};
use crate::diff::step::Step;
use crate::text::bare_ident;

fn operator(it: &OperatorMember) -> String {
    let purpose = it.order_by.as_ref().map_or_else(String::new, |family| format!(" for order by {family}"));
    format!("operator {} {}{purpose}", it.number, it.operator)
}

fn function(it: &FunctionMember) -> String {
    format!("function {} ({}, {}) {}", it.number, it.left, it.right, it.function)
}

/// Operator families.
pub(super) mod family {
    use std::collections::BTreeSet;

    use super::{Alter, Cx, Step, bare_ident, function, operator, plain_drop};
    use crate::catalog::{FunctionMember, Kind, Object, OperatorFamily, OperatorMember};

    /// The place of a member: no other one can stand there.
    type Place<'a> = (bool, u32, &'a str, &'a str);

    fn of_operator(it: &OperatorMember) -> Place<'_> {
        (true, it.number, &it.left, &it.right)
    }

    fn of_function(it: &FunctionMember) -> Place<'_> {
        (false, it.number, &it.left, &it.right)
    }

    fn places<'a>(operators: &'a [OperatorMember], functions: &'a [FunctionMember]) -> BTreeSet<Place<'a>> {
        operators.iter().map(of_operator).chain(functions.iter().map(of_function)).collect()
    }

    pub fn create(it: &OperatorFamily, cx: &Cx<'_>) -> Vec<Step> {
        let mut steps = vec![Step::create(cx.id, format!("create operator family {}", cx.id.address()))];
        steps.extend(changes(&OperatorFamily::default(), it, cx));
        steps
    }

    pub fn drop(_: &OperatorFamily, cx: &Cx<'_>) -> Vec<Step> {
        vec![plain_drop(cx)]
    }

    pub fn alter(old: &OperatorFamily, new: &OperatorFamily, cx: &Cx<'_>) -> Alter {
        let alter = Alter::in_place(changes(old, new, cx));
        // A member that a class gives up has to be gone before it can be a loose one.
        let new = places(&new.operators, &new.functions);
        let is_taken = cx.from.entries.values().any(|entry| match &entry.object {
            Object::OperatorClass(class) => {
                class.family == (cx.id.schema.clone(), cx.id.name.clone())
                    && !places(&class.operators, &class.functions).is_disjoint(&new)
            }
            _ => false,
        });
        if is_taken { alter.disturbing(&[Kind::OperatorClass]) } else { alter }
    }

    /// `drop` and `add` that turn the members into others.
    fn changes(old: &OperatorFamily, new: &OperatorFamily, cx: &Cx<'_>) -> Vec<Step> {
        let gone_operators = old.operators.iter().filter(|it| !new.operators.contains(it)).map(of_operator);
        let gone_functions = old.functions.iter().filter(|it| !new.functions.contains(it)).map(of_function);
        let gone: Vec<String> = gone_operators
            .chain(gone_functions)
            .map(|(is_operator, number, left, right)| {
                format!("{} {number} ({left}, {right})", if is_operator { "operator" } else { "function" })
            })
            .collect();
        let new_operators = new.operators.iter().filter(|it| !old.operators.contains(it)).map(operator);
        let new_functions = new.functions.iter().filter(|it| !old.functions.contains(it)).map(function);
        let come: Vec<String> = new_operators.chain(new_functions).collect();
        let family = format!("{} using {}", cx.id.qualified(), bare_ident(&cx.id.part));
        let step = |word: &str, members: Vec<String>| {
            (!members.is_empty())
                .then(|| Step::alter(cx.id, format!("alter operator family {family} {word} {}", members.join(", "))))
        };
        step("drop", gone).into_iter().chain(step("add", come)).collect()
    }
}

/// Operator classes. No statement changes one, and indexes use it.
pub(super) mod class {
    use super::{Alter, Cx, Step, bare_ident, function, operator, plain_drop};
    use crate::catalog::OperatorClass;

    pub fn create(it: &OperatorClass, cx: &Cx<'_>) -> Vec<Step> {
        let (schema, family) = &it.family;
        let default = if it.default { " default" } else { "" };
        let mut items: Vec<String> = it.operators.iter().map(operator).collect();
        items.extend(it.functions.iter().map(function));
        // One that has no member of its own is still said to hold something.
        if it.storage.is_some() || items.is_empty() {
            items.push(format!("storage {}", it.storage.as_ref().unwrap_or(&it.data_type)));
        }
        let sql = format!(
            "create operator class {}{default} for type {} using {} family {}.{} as\n    {}",
            cx.id.qualified(),
            it.data_type,
            bare_ident(&cx.id.part),
            bare_ident(schema),
            bare_ident(family),
            items.join(",\n    ")
        );
        vec![Step::create(cx.id, sql)]
    }

    pub fn drop(_: &OperatorClass, cx: &Cx<'_>) -> Vec<Step> {
        vec![plain_drop(cx)]
    }

    pub fn alter(_: &OperatorClass, _: &OperatorClass, _: &Cx<'_>) -> Alter {
        Alter::recreate()
    }
}
