//! How far comments reach; then whole files: what is silenced, what is found about the comments, and what the fixes leave.

use super::{all_in, silence};
use crate::lint::rules::hygiene::ignore_without_reason::RULE;
use crate::lint::schema::Place;
use crate::lint::{Config, Finding, Input, LintFile, RuleConfig, fix, parse_all};
use crate::sql::split;
use crate::text::Span;

fn file(text: &str) -> Vec<LintFile> {
    parse_all(vec![Input {
        path: "a.sql".to_owned(),
        text: text.into(),
        version: None,
        name: String::new(),
        down: None,
        has_downs: false,
        no_transaction: false,
        selected: true,
    }])
}

/// What is left when the rule finds something at each `oops`, and the file once all fixes are made.
fn left(text: &str, config: &Config) -> (String, String) {
    let files = file(text);
    let at = |(at, word): (usize, &str)| Finding::new(&RULE, Place::new(0, Span::new(at, at + word.len())), "oops");
    let mut findings: Vec<Finding> = text.match_indices("oops").map(at).collect();
    let silenced = silence(&files, config, &mut findings);
    let wanted: Vec<_> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
    let fixed = fix::apply(text, &wanted).text;
    let line = |it: &Finding| {
        let safety = it.fix.as_ref().map_or("", |fix| if fix.is_unsafe { " (unsafe)" } else { " (safe)" });
        let line = files[0].source.position(it.place.span.start).line;
        format!("{line}: {}: {}; {}{safety}\n", it.rule.id, it.message, it.helps.join("; "))
    };
    let lines: String = findings.iter().filter(|it| it.message != "oops").map(line).collect();
    let oops: Vec<String> = findings
        .iter()
        .filter(|it| it.message == "oops")
        .map(|it| files[0].source.position(it.place.span.start).line.to_string())
        .collect();
    (format!("{lines}oops in line {}; {} silenced\n", oops.join(", "), silenced.len()), fixed)
}

#[test]
fn silences_what_it_names_where_it_reaches() {
    let text = "\
-- dbctl:ignore ignore-without-reason: one
create table t (
  oops int,
  oops int
);
create table u (
  a int, -- DBCTL: IGNORE all: two oops
  -- dbctl:ignore all: three
  b oops,
  c oops
);
do $$ begin
  -- dbctl:ignore all: four
  alter table t
    drop column oops;
  perform oops;
end $$;
select oops;
";
    insta::assert_snapshot!(left(text, &Config::default()).0, @"oops in line 10, 16, 18; 5 silenced");
}

#[test]
fn a_file_can_be_silenced_as_a_whole() {
    let text = "select oops;\n/* dbctl:ignore-file all: made by a tool */\n-- dbctl:ignore ignore-without-reason\nselect oops;\n";
    insta::assert_snapshot!(left(text, &Config::default()).0, @"oops in line ; 3 silenced");
}

#[test]
fn comments_that_silence_nothing_are_found_and_removed() {
    let text = "\
-- dbctl:ignore ignore-without-reason, unknown-ignore-rule: the first is of use
select oops;
-- dbctl:ignore unknown-ignore-rule, ignore-without-reason: the second is of use
select oops;
select 1; -- dbctl:ignore ignore-without-reason: of none

  -- dbctl:ignore-start all: of none
select 2;
  -- dbctl:ignore-end
-- dbctl:ignore-end
select /* dbctl:ignore all: of none */ 3;
";
    let (found, fixed) = left(text, &Config::default());
    insta::assert_snapshot!(found, @"
    1: unused-ignore: ignoring `unknown-ignore-rule` silences nothing here; remove the name from the comment (safe)
    3: unused-ignore: ignoring `unknown-ignore-rule` silences nothing here; remove the name from the comment (safe)
    5: unused-ignore: ignoring `ignore-without-reason` silences nothing here; remove the comment (safe)
    7: unused-ignore: ignoring `all` silences nothing here; remove the comment (safe)
    10: unused-ignore: the comment ends nothing: no `ignore-start` is open here; remove the comment (safe)
    11: unused-ignore: ignoring `all` silences nothing here; remove the comment (safe)
    oops in line ; 2 silenced
    ");
    insta::assert_snapshot!(fixed, @"
    -- dbctl:ignore ignore-without-reason: the first is of use
    select oops;
    -- dbctl:ignore ignore-without-reason: the second is of use
    select oops;
    select 1;

    select 2;
    select  3;
    ");
    assert_eq!(left(&fixed, &Config::default()).1, fixed);
}

#[test]
fn a_start_without_an_end_is_found() {
    let text = "-- dbctl:ignore-start ignore-without-reason: of use\nselect oops;\n";
    insta::assert_snapshot!(left(text, &Config::default()).0, @"
    1: unused-ignore: no `ignore-end` ends this: it silences everything to the end of the file; write `-- dbctl:ignore-end` where it should end, or `ignore-file` where the whole file is meant
    oops in line ; 1 silenced
    ");
}

#[test]
fn names_that_no_rule_has_are_found() {
    let text = "\
-- dbctl:ignore ignore-witout-reason: a slip
select oops;
-- dbctl:ignore zzz, ignore-without-reason, yyy: two that are far off
select oops;
-- dbctl:ignore-flie all: a slip
-- dbctl:ignore: none
-- squawk-ignore ban-drop-colunm
select 1;
";
    let (found, fixed) = left(text, &Config::default());
    insta::assert_snapshot!(found, @"
    1: unknown-ignore-rule: no rule is called `ignore-witout-reason`; did you mean `ignore-without-reason`? (unsafe)
    3: unknown-ignore-rule: no rule is called `zzz`; `dbctl rules` lists them all (safe)
    3: unknown-ignore-rule: no rule is called `yyy`; `dbctl rules` lists them all (safe)
    5: unknown-ignore-rule: `ignore-flie` is no way to ignore a rule; did you mean `dbctl:ignore-file`? (unsafe)
    6: unknown-ignore-rule: the comment names no rule, so it silences nothing; name the rules, or write `all` for every rule (safe)
    7: unknown-ignore-rule: no rule is called `ban-drop-colunm`; did you mean `ban-drop-column`? (unsafe)
    oops in line 2; 1 silenced
    ");
    insta::assert_snapshot!(fixed, @"
    -- dbctl:ignore ignore-without-reason: a slip
    select oops;
    -- dbctl:ignore ignore-without-reason: two that are far off
    select oops;
    -- dbctl:ignore-file all: a slip
    -- squawk-ignore ban-drop-column
    select 1;
    ");
}

#[test]
fn without_a_reason_nothing_is_silenced() {
    let text = "select oops; -- dbctl:ignore ignore-without-reason\n-- dbctl:ignore all because\nselect oops;\n";
    let (found, fixed) = left(text, &Config::default());
    insta::assert_snapshot!(found, @"
    1: ignore-without-reason: the comment gives no reason, so it silences nothing; write rules with commas between, and the reason behind a colon: `-- dbctl:ignore ignore-without-reason: the reason` (unsafe)
    2: ignore-without-reason: a colon is wanted behind `all`: without it the comment gives no reason and silences nothing; write rules with commas between, and the reason behind a colon: `-- dbctl:ignore all: the reason` (unsafe)
    oops in line 1, 3; 0 silenced
    ");
    assert_eq!(fixed, "select oops;\n-- dbctl:ignore all: because\nselect oops;\n");
}

#[test]
fn what_is_off_is_not_called_unused() {
    let mut config = Config::default();
    let off = || RuleConfig { level: Some(None), ..RuleConfig::default() };
    config.rules.insert("unknown-ignore-rule".to_owned(), off());
    let text = "-- dbctl:ignore unknown-ignore-rule: off\n-- dbctl:ignore zzz: not told\nselect 1;\n\
                -- dbctl:ignore unused-ignore, ignore-without-reason: told of by nobody\n\
                -- squawk-ignore ban-drop-column\nselect 2;\n";
    insta::assert_snapshot!(left(text, &config).0, @"
    4: unused-ignore: ignoring `ignore-without-reason` silences nothing here; remove the name from the comment (safe)
    oops in line ; 0 silenced
    ");
    config.rules.insert("unused-ignore".to_owned(), off());
    insta::assert_snapshot!(left("-- dbctl:ignore all: off\nselect 1;", &config).0, @"oops in line ; 0 silenced");
}

/// What of the text is silenced, with the places between `[` and `]`.
fn areas(text: &str) -> Vec<Vec<&str>> {
    let statements: Vec<Span> = split(text).unwrap().iter().map(|statement| statement.span).collect();
    let inner: Vec<Span> =
        text.match_indices("alter ").map(|(at, _)| Span::new(at, at + text[at..].find(';').unwrap())).collect();
    all_in(text, &statements, &inner).iter().map(|it| it.areas.iter().map(|area| area.of(text)).collect()).collect()
}

#[test]
fn stands_for_the_next_statement_when_it_stands_between_two() {
    let text = "select 0;\n-- dbctl:ignore all: x\n\n-- more\nselect\n  1;\nselect 2;\n/* dbctl:ignore all: x */ select 3;\n\
                -- dbctl:ignore all: last\n";
    assert_eq!(areas(text), [vec!["select\n  1"], vec!["select 3"], vec![]]);
}

#[test]
fn stands_for_a_line_when_it_stands_in_a_statement() {
    let text = "create table t ( -- dbctl:ignore all: x\n  a int,\n  -- dbctl:ignore all: x\n  -- dbctl:ignore all: y\n  b int,\n\
                c int\n);";
    let first = "create table t ( -- dbctl:ignore all: x";
    assert_eq!(areas(text), [vec![first], vec!["b int,"], vec!["b int,"]]);
}

#[test]
fn stands_for_the_statement_of_a_body_that_begins_on_the_next_line() {
    let text = "do $$\nbegin\n  -- dbctl:ignore all: x\n  alter table t\n    drop column c;\n  perform 1; -- dbctl:ignore all: y\nend $$;";
    assert_eq!(
        areas(text),
        [vec!["alter table t", "alter table t\n    drop column c"], vec!["  perform 1; -- dbctl:ignore all: y"]]
    );
}

#[test]
fn stands_for_what_is_between_start_and_end() {
    let text = "-- dbctl:ignore-start all: x\n1;\n-- dbctl:ignore-start unused-ignore: y\n2;\n-- dbctl:ignore-end all\n3;\n\
                -- dbctl:ignore-end\n-- dbctl:ignore-end\n-- dbctl:ignore-file all: z";
    let found = all_in(text, &[], &[]);
    let has = |at: usize| found.iter().map(|ignore| ignore.covers(at)).collect::<Vec<_>>();
    assert_eq!(has(text.find("1;").unwrap()), [true, false, false, false, false, true]);
    assert_eq!(has(text.find("2;").unwrap()), [true, true, false, false, false, true]);
    assert_eq!(has(text.find("3;").unwrap()), [false, true, false, false, false, true]);
    assert_eq!(found.iter().map(|it| it.partner.is_some()).collect::<Vec<_>>(), [true, true, true, true, false, false]);
}

#[test]
fn reaches_the_line_behind_as_squawk_does() {
    let text = "alter table t -- squawk-ignore ban-drop-column\n  drop column c;";
    assert_eq!(areas(text), [vec!["alter table t -- squawk-ignore ban-drop-column", "  drop column c;"]]);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_and_mended_without_harm(
        parts in proptest::collection::vec(
            "(-- |/\\*|\\*/|dbctl:|squawk-|ignore|-file|-start|-end| all|, |zzz|: |ä|\r?\n|oops|select 1|;|\\$\\$|do |as |')",
            0..40,
        ),
    ) {
        let mut text = parts.concat();
        for _ in 0..20 {
            let fixed = left(&text, &Config::default()).1;
            if fixed == text {
                break;
            }
            proptest::prop_assert!(fixed.len() <= text.len() + 40);
            text = fixed;
        }
    }
}
