//! `identifier-too-long`: a name that PostgreSQL cuts.

use std::collections::BTreeMap;

use crate::diagnostic::Level;
use crate::lint::{Check, Edit, FileCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::{Kind, significant};
use crate::text::{Span, bare_ident};

pub(super) static RULE: Rule = Rule {
    id: "identifier-too-long",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a name of more than 63 bytes",
    effect: "PostgreSQL cuts it to 63 bytes with no more than a notice: tools that look for the whole name do not find the object, \
             and two names that differ only behind the cut are one",
    remedy: "choose a shorter name",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"],
    bad: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\n-- dbctl: no-transaction\ncreate index concurrently orders_user_id_for_the_list_of_orders_of_one_user_in_the_back_office_idx on public.orders (user_id);",
    ],
    good: &[
        "create table public.orders (id bigint primary key, user_id bigint);\n-- then\n-- dbctl: no-transaction\ncreate index concurrently orders_user_id_idx on public.orders (user_id);",
    ],
    checks: &[Check::File(check)],
};

/// The bytes that a name may have.
const LIMIT: usize = 63;

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let text = cx.file.text();
    let mut found: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    // Between statements stand only comments and the data of `copy`.
    for statement in &cx.file.statements {
        let written = statement.of(text);
        if written.len() <= LIMIT {
            continue;
        }
        for token in significant(written) {
            if token.span.end - token.span.start <= LIMIT {
                continue;
            }
            let name = match token.kind {
                Kind::Word => token.span.of(written).to_lowercase(),
                Kind::Quoted => match token.span.of(written).strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
                    Some(name) => name.replace("\"\"", "\""),
                    None => continue,
                },
                _ => continue,
            };
            if name.len() > LIMIT {
                found.entry(name).or_default().push(token.span.shifted(statement.start));
            }
        }
    }
    for (name, spans) in found {
        let mut end = LIMIT;
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let cut = &name[..end];
        let edits = spans.iter().map(|span| Edit::replace(*span, bare_ident(cut))).collect();
        let Some(first) = spans.first() else { continue };
        out.push(
            cx.finding(*first, format!("the name is {} bytes long and becomes `{cut}`", name.len()))
                .label("longer than 63 bytes")
                .about(cut.to_owned())
                .help("choose a shorter name")
                .fix(Fix::unchecked("write the name that PostgreSQL keeps", edits)),
        );
    }
}
