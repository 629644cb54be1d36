//! `enum-value-ordering`: a label that goes to the end because nobody said where.

use crate::diagnostic::Level;
use crate::lint::schema::TypeKind;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::StmtKind;
use crate::text::quote_literal;

pub(super) static RULE: Rule = Rule {
    id: "enum-value-ordering",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "`alter type … add value` without `before` or `after`",
    effect: "the label goes to the end of the list, which is the order that `order by`, `<` and `max` use; it cannot be moved later",
    remedy: "say where it belongs",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertype.html"],
    bad: &["create type public.size as enum ('small', 'large');\n-- then\nalter type public.size add value 'medium';"],
    good: &[
        "create type public.size as enum ('small', 'large');\n-- then\nalter type public.size add value 'medium' after 'small';",
        "create type public.size as enum ('small', 'large');\n-- then\nalter type public.size rename value 'large' to 'big';",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterEnum(alter) = &cx.stmt().kind else { return };
    if alter.renamed_from.is_some() || alter.positioned {
        return;
    }
    let name = cx.resolve(&alter.name);
    let last = cx.schema.types.get(&name).and_then(|of| match &of.kind {
        TypeKind::Enum(labels) => labels.last().map(|label| label.label.clone()),
        _ => None,
    });
    let finding = cx
        .finding(alter.value_span, format!("`{}` sorts behind all other labels of `{name}`", alter.value))
        .label("no `before` or `after`")
        .about(name.to_string());
    out.push(match last {
        Some(last) => finding.help(format!(
            "say where it belongs, even if that is the end: add value {} after {}",
            quote_literal(&alter.value),
            quote_literal(&last)
        )),
        None => finding.help("say where it belongs with `before` or `after`"),
    });
}
