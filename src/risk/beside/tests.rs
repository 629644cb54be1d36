//! Names in texts, and the sequence of a plain column.

use super::text::{Place, of_tokens};
use super::{Fact, Facts, Retype};

#[test]
fn only_the_column_gets_another_name() {
    for (text, column, expected) in [
        ("public.a USING btree (a, lower(a), b.a)", "a", "public.a USING btree (n, lower(n), b.a)"),
        ("t USING btree (((lower(lower))::lower), 'lower')", "lower", "t USING btree (((lower(n))::lower), 'lower')"),
        ("t USING btree (\"E\", e) WHERE (\"E\" > 0)", "E", "t USING btree (n, e) WHERE (n > 0)"),
    ] {
        assert_eq!(of_tokens(text, column, "n", Place::InParentheses).0, expected);
    }
    assert_eq!(of_tokens("a + (A)", "a", "N x", Place::Anywhere), ("\"N x\" + (\"N x\")".to_owned(), 2));
}

fn retype() -> Retype {
    Retype {
        table: "public.t".into(),
        schema: "public".into(),
        name: "t".into(),
        column: "a".into(),
        type_name: "bigint".into(),
        value: "a".into(),
        new_value: "new.a".into(),
        ..Retype::default()
    }
}

fn facts(given: &[(&str, &str, &str)]) -> Facts {
    let fact = |&(what, name, text): &(&str, &str, &str)| Fact {
        what: what.into(),
        name: name.into(),
        text: text.into(),
        more: String::new(),
    };
    Facts(given.iter().map(fact).collect())
}

#[test]
fn what_cannot_be_carried_over_is_said_instead() {
    let said = |given: &[(&str, &str, &str)]| retype().sequence(&facts(given)).unwrap_err();
    assert!(said(&[]).contains("no column `a`"));
    assert_eq!(said(&[("column", "a", "integer"), ("blocker", "", "the view v uses it")]), "the view v uses it");
}

#[test]
fn the_new_trigger_fires_last_and_names_do_not_clash() {
    let mut given = facts(&[
        ("column", "a", "integer"),
        ("other column", "new_a", ""),
        ("taken", "t_new_a_2", ""),
        ("trigger", "zz", ""),
    ]);
    for fact in given.0.iter_mut().filter(|it| it.what == "trigger") {
        fact.more = "before".into();
    }
    let lines = retype().sequence(&given).unwrap();
    assert_eq!(lines[0], "alter table public.t add column new_a_2 bigint; -- expand");
    assert!(lines[1].starts_with("create function public.t_new_a_2_2()"), "{lines:?}");
    assert!(lines[2].starts_with("create trigger zz_new before"), "{lines:?}");
    assert!(lines[3].ends_with("; it fires zz too"), "{lines:?}");
}
