//! What `dbctl diff` looks like.

use super::super::fixtures::plain;
use super::*;
use crate::catalog::{Id, Kind};
use crate::diff::Step;
use crate::report::{Change, DiffFile, DiffPart};
use crate::risk::{HazardKind, LockMode};

fn object(id: Id, group: Option<&Id>, change: Change, texts: Option<(&str, &str)>) -> DiffObject {
    DiffObject {
        old_name: None,
        kind: id.kind.sql(),
        name: id.address(),
        change,
        part_of: group.map(ToString::to_string),
        before: texts.map(|(before, _)| before.to_owned()),
        after: texts.map(|(_, after)| after.to_owned()),
        hazards: Vec::new(),
        group: group.cloned().unwrap_or_else(|| id.clone()),
        is_told: group.is_some() && change == Change::Added,
        id,
    }
}

fn diff() -> Diff {
    let orders = Id::new(Kind::Table, "public", "orders");
    let tried = Id::new(Kind::Table, "public", "tried");
    let total = orders.beside(Kind::Column, "total");
    let function = Id::part(Kind::Function, "public", "f", "integer");
    let objects = vec![
        object(tried.clone(), None, Change::Added, None),
        object(total.clone(), Some(&orders), Change::Changed, Some(("total integer", "total bigint not null"))),
        object(tried.beside(Kind::Column, "a"), Some(&tried), Change::Added, None),
        object(tried.beside(Kind::Policy, "p"), Some(&tried), Change::Added, None),
        object(tried.beside(Kind::Policy, "q"), Some(&tried), Change::Added, None),
        object(
            function.clone(),
            None,
            Change::Changed,
            Some((
                "create function f()\nlanguage sql\nas $$\nselect 1\n$$",
                "create function f()\nlanguage sql\nas $$\nselect 2\n$$",
            )),
        ),
    ];
    let lock = |step: Step| step.lock(LockMode::AccessExclusive, "public.orders");
    let steps = vec![
        lock(Step::alter(&total, "alter table public.orders alter column total type bigint"))
            .hazard(HazardKind::Rewrite, "writes all of public.orders anew"),
        lock(Step::alter(&total, "alter table public.orders alter column total set not null")),
        Step::drop(&function, "drop table public.old").hazard(HazardKind::DataLoss, "all rows of public.old are lost"),
    ];
    Diff {
        kept: Vec::new(),
        left: Vec::new(),
        format: "dbctl/diff/v1",
        from: "migrations".to_owned(),
        to: "local".to_owned(),
        objects,
        parts: vec![DiffPart { in_transaction: true, steps: steps.len() }],
        steps,
        circles: Vec::new(),
        written: Vec::new(),
        proof: Some(Verdict::Holds { uncounted: None }),
        detail: Detail::Full,
        next: Some("Next: this.".to_owned()),
    }
}

#[test]
fn shows_what_differs_and_how_and_the_sql_with_its_hazards() {
    insta::assert_snapshot!(plain(&diff().human(Some(60))), @r#"
    CHANGE   KIND      OBJECT
    changed  function  public.f(integer)
    changed  column    public.orders.total
    added    table     public.tried (1 column, 2 policies)

    function public.f(integer)
        language sql
        as $$
      - select 1
      + select 2
        $$

    column public.orders.total
      - total integer
      + total bigint not null

    -- lock: takes ACCESS EXCLUSIVE on public.orders: blocks
    --   every read and write
    -- table rewrite: writes all of public.orders anew
    alter table public.orders alter column total type bigint;

    alter table public.orders alter column total set not null;

    -- data loss: all rows of public.old are lost
    drop table public.old;

    3 objects differ between `migrations` and `local`: 1 added, 2 changed; 3 statements, 1 loses data.
    Run on a shadow copy, the SQL leaves what it should.
    Next: this.
    "#);
}

#[test]
fn what_is_written_is_named_with_its_hazards() {
    let file = |path: &str| DiffFile {
        version: "1".to_owned(),
        name: "a".to_owned(),
        up: format!("{path}.sql"),
        down: Some(format!("{path}.down.sql")),
    };
    let view = Diff { written: vec![file("migrations/1_a")], detail: Detail::Hazards, ..diff() };
    insta::assert_snapshot!(plain(&view.human(None)), @r#"
    CHANGE   KIND      OBJECT
    changed  function  public.f(integer)
    changed  column    public.orders.total
    added    table     public.tried (1 column, 2 policies)

    -- table rewrite: writes all of public.orders anew
    -- data loss: all rows of public.old are lost

    wrote  migrations/1_a.sql
    wrote  migrations/1_a.down.sql

    3 objects differ between `migrations` and `local`: 1 added, 2 changed; 3 statements, 1 loses data.
    Run on a shadow copy, the SQL leaves what it should.
    Next: this.
    "#);
}

#[test]
fn of_very_many_statements_those_with_hazards_are_shown() {
    let mut view = diff();
    let id = view.objects[0].id.clone();
    view.steps.extend((0..300).map(|n| Step::create(&id, format!("create table t{n} ()"))));
    view.parts[0].steps = view.steps.len();
    let text = plain(&view.human(None));
    assert!(text.contains("drop table public.old;") && !text.contains("create table t7"), "{text}");
    assert!(text.contains("301 statements of 303 lines in all not shown"), "{text}");
}

#[test]
fn two_that_are_the_same_are_told_in_a_sentence() {
    let view = Diff { objects: Vec::new(), next: None, ..diff() };
    assert_eq!(view.human(None), "`migrations` and `local` are the same.\n");
}
