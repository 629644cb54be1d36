//! `no-float-money`: amounts in binary fractions.

use super::types;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fix, Fixable, Group, Preset, Profile, Rule, RuleOption};

pub(super) static RULE: Rule = Rule {
    id: "no-float-money",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "a column whose name says it is an amount of money has the type `real` or `double precision`",
    effect: "most decimal amounts have no exact binary value: sums are off by cents and comparisons fail",
    remedy: "use `numeric`, or count the smallest unit in a `bigint`",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[
        RuleOption {
            name: "words",
            preset: Preset::List(&[
                "amount", "balance", "budget", "charge", "cost", "credit", "debit", "discount", "fee", "fees",
                "income", "money", "paid", "pay", "payment", "payout", "price", "profit", "refund", "revenue",
                "salary", "sales", "subtotal", "tax", "tip", "total", "wage",
            ]),
            help: "words in a column's name that make it an amount",
        },
        RuleOption {
            name: "every_column",
            preset: Preset::Flag(false),
            help: "report floats whatever the column's name",
        },
    ],
    sources: &["https://www.postgresql.org/docs/18/datatype-numeric.html#DATATYPE-FLOAT"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column total_price double precision;",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column total_price numeric(12, 2), add column latitude double precision;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| {
        if !used.ty.any_of(&["real", "double precision"]) || used.ty.schema.is_some() {
            return;
        }
        let name = if used.name.is_empty() { used.owner.map_or("", |owner| owner.object()) } else { used.name };
        if !cx.options.flag("every_column") && !is_amount(name, &cx.options.list("words")) {
            return;
        }
        let message = format!("{} cannot hold most decimal amounts exactly: its sums are off", used.subject(cx));
        out.push(
            used.finding(cx, message)
                .label("a binary fraction")
                .help("use `numeric`, or count the smallest unit in a `bigint`")
                .fix(Fix::unchecked("make it `numeric`", vec![used.replaced(cx, "numeric")])),
        );
    });
}

/// Whether one of the words of a name is one of these: `total_price`, `unitPrice`.
fn is_amount(name: &str, words: &[String]) -> bool {
    let mut parts: Vec<String> = vec![String::new()];
    for letter in name.chars() {
        if letter == '_' || letter.is_uppercase() {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut()
            && letter != '_'
        {
            part.extend(letter.to_lowercase());
        }
    }
    parts.iter().any(|part| words.iter().any(|word| word == part || part.strip_suffix('s') == Some(word)))
}
