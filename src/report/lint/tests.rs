//! Every form of one list of findings.

use super::sample::{clean, files, findings, view};
use super::{LintView, closing, diagnostic, gcc, github, gitlab, json, junit, markdown, sarif};
use crate::lint::{Finding, LintFile};

#[test]
fn json_is_a_document_with_places_and_edits() {
    let mut view = view();
    view.findings = vec![view.findings.swap_remove(1)];
    view.statistics.truncate(1);
    insta::assert_snapshot!(json(&view), @r#"
    {
      "format": "dbctl/lint/v1",
      "findings": [
        {
          "rule": "index-build",
          "level": "error",
          "group": "locking",
          "path": "db/2.sql",
          "line": 2,
          "column": 8,
          "endLine": 2,
          "endColumn": 13,
          "span": {
            "start": 19,
            "end": 24
          },
          "message": "index build blocks writes to `public.\"größe\"`",
          "label": "takes SHARE",
          "object": "public.\"größe\"",
          "lock": "SHARE",
          "notes": [
            "the platform has one, too"
          ],
          "helps": [
            "create index concurrently on public.\"größe\" (a)"
          ],
          "related": [
            {
              "path": "db/1_größe, neu.sql",
              "line": 1,
              "column": 14,
              "endLine": 1,
              "endColumn": 28,
              "span": {
                "start": 13,
                "end": 29
              },
              "text": "created here"
            }
          ],
          "fingerprint": "d13d82fc4a0477aa37608e3b7ceeaa9166460c91d0ad78d8b07445a09b71c64c",
          "fix": {
            "title": "add `concurrently`",
            "safety": "safe",
            "edits": [
              {
                "line": 2,
                "column": 13,
                "endLine": 2,
                "endColumn": 13,
                "span": {
                  "start": 24,
                  "end": 24
                },
                "text": " concurrently"
              }
            ],
            "adds": []
          }
        }
      ],
      "summary": {
        "errors": 1,
        "warnings": 1,
        "infos": 1,
        "files": 3,
        "filesWithFindings": 2,
        "ignored": 2,
        "frozen": 40,
        "fixable": 1,
        "unsafelyFixable": 1
      },
      "statistics": [
        {
          "rule": "check-scan",
          "level": "warning",
          "count": 1,
          "fixable": 0,
          "unsafelyFixable": 1
        }
      ]
    }
    "#);
}

fn first_run(view: &LintView) -> serde_json::Value {
    let mut log: serde_json::Value = serde_json::from_str(&sarif(view)).unwrap();
    log["runs"][0].take()
}

#[test]
fn sarif_has_regions_fingerprints_and_fixes() {
    let result = first_run(&view())["results"][1].take();
    insta::assert_snapshot!(format!("{result:#}"), @r#"
    {
      "fixes": [
        {
          "artifactChanges": [
            {
              "artifactLocation": {
                "uri": "db/2.sql",
                "uriBaseId": "%SRCROOT%"
              },
              "replacements": [
                {
                  "deletedRegion": {
                    "byteLength": 0,
                    "byteOffset": 24,
                    "charLength": 0,
                    "charOffset": 22,
                    "endColumn": 13,
                    "endLine": 2,
                    "startColumn": 13,
                    "startLine": 2
                  },
                  "insertedContent": {
                    "text": " concurrently"
                  }
                }
              ]
            }
          ],
          "description": {
            "text": "add `concurrently`"
          },
          "properties": {
            "safety": "safe"
          }
        }
      ],
      "level": "error",
      "locations": [
        {
          "logicalLocations": [
            {
              "fullyQualifiedName": "public.\"größe\""
            }
          ],
          "physicalLocation": {
            "artifactLocation": {
              "uri": "db/2.sql",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "byteLength": 5,
              "byteOffset": 19,
              "charLength": 5,
              "charOffset": 17,
              "endColumn": 13,
              "endLine": 2,
              "startColumn": 8,
              "startLine": 2
            }
          }
        }
      ],
      "message": {
        "text": "index build blocks writes to `public.\"größe\"`\ntakes SHARE on `public.\"größe\"`: blocks INSERT, UPDATE and DELETE, not reads\nthe platform has one, too\nhelp: create index concurrently on public.\"größe\" (a)"
      },
      "partialFingerprints": {
        "dbctl/v1": "d13d82fc4a0477aa37608e3b7ceeaa9166460c91d0ad78d8b07445a09b71c64c"
      },
      "relatedLocations": [
        {
          "message": {
            "text": "created here"
          },
          "physicalLocation": {
            "artifactLocation": {
              "uri": "db/1_gr%C3%B6%C3%9Fe%2C%20neu.sql",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "byteLength": 16,
              "byteOffset": 13,
              "charLength": 14,
              "charOffset": 13,
              "endColumn": 28,
              "endLine": 1,
              "startColumn": 14,
              "startLine": 1
            }
          }
        }
      ],
      "ruleId": "index-build",
      "ruleIndex": 1
    }
    "#);
}

#[test]
fn sarif_explains_the_rules_that_found_something() {
    let mut run = first_run(&view());
    insta::assert_snapshot!(format!("{:#}", run["tool"]["driver"]["rules"][1]), @r#"
    {
      "defaultConfiguration": {
        "enabled": true,
        "level": "error"
      },
      "fullDescription": {
        "text": "an index is built without `concurrently`: writes wait"
      },
      "help": {
        "markdown": "**Why**: writes wait\n\n**Instead**: build it `concurrently`\n\nLock: takes SHARE: blocks INSERT, UPDATE and DELETE, not reads\n\n**Bad**\n\n```sql\ncreate index on t (a);\n```\n\n**Good**\n\n```sql\ncreate index concurrently on t (a);\n```\n\n<https://www.postgresql.org/docs/18/sql-createindex.html>",
        "text": "Why: writes wait\n\nInstead: build it `concurrently`\n\nLock: takes SHARE: blocks INSERT, UPDATE and DELETE, not reads\n\nBad\n\ncreate index on t (a);\n\nGood\n\ncreate index concurrently on t (a);\n\n<https://www.postgresql.org/docs/18/sql-createindex.html>"
      },
      "id": "index-build",
      "properties": {
        "tags": [
          "locking",
          "postgres"
        ]
      },
      "shortDescription": {
        "text": "an index is built without `concurrently`"
      }
    }
    "#);
    run["tool"]["driver"]["rules"].take();
    run["results"].take();
    insta::assert_snapshot!(format!("{run:#}").replace(env!("CARGO_PKG_VERSION"), "VERSION"), @r#"
    {
      "columnKind": "unicodeCodePoints",
      "invocations": [
        {
          "executionSuccessful": true
        }
      ],
      "originalUriBaseIds": {
        "%SRCROOT%": {
          "description": {
            "text": "the project: the folder of dbctl.toml"
          }
        }
      },
      "results": null,
      "tool": {
        "driver": {
          "name": "dbctl",
          "rules": null,
          "semanticVersion": "VERSION",
          "version": "VERSION"
        }
      }
    }
    "#);
}

#[test]
fn sarif_leaves_out_a_fix_that_it_cannot_say_whole() {
    let run = first_run(&view());
    assert!(run["results"][2].get("fixes").is_none());
    assert_eq!(run["results"][2]["locations"][0]["physicalLocation"]["region"]["endLine"], 4);
}

#[test]
fn github_escapes_what_would_end_a_command() {
    insta::assert_snapshot!(github(&view()), @r#"
    ::notice file=db/1_größe%2C neu.sql,line=1,endLine=1,col=1,endColumn=1,title=odd-name::odd <name>: 100 %25, | a@b 'x' �[2J
    ::error file=db/2.sql,line=2,endLine=2,col=8,endColumn=13,title=index-build::index build blocks writes to `public."größe"`%0Anote: takes SHARE on `public."größe"`: blocks INSERT, UPDATE and DELETE, not reads%0Anote: the platform has one, too%0Ahelp: create index concurrently on public."größe" (a)
    ::warning file=db/2.sql,line=3,endLine=4,title=check-scan::the check reads all rows%0Anote: takes ACCESS EXCLUSIVE on `public."größe"`: blocks every read and write%0Anote: first fact%0Ahelp: add it not valid%0Aand validate it later
    "#);
    assert_eq!(github(&clean()), "");
}

#[test]
fn gitlab_has_what_its_list_needs() {
    insta::assert_snapshot!(gitlab(&view()), @r#"
    [
      {
        "description": "odd <name>: 100 %, | a@b 'x' \u001b[2J",
        "check_name": "odd-name",
        "fingerprint": "e7cdb74c20e26ed3edd08835021984ef858080f92de9a894f82f30a17e827a74",
        "severity": "info",
        "location": {
          "path": "db/1_größe, neu.sql",
          "lines": {
            "begin": 1,
            "end": 1
          }
        }
      },
      {
        "description": "index build blocks writes to `public.\"größe\"`",
        "check_name": "index-build",
        "fingerprint": "d13d82fc4a0477aa37608e3b7ceeaa9166460c91d0ad78d8b07445a09b71c64c",
        "severity": "major",
        "location": {
          "path": "db/2.sql",
          "lines": {
            "begin": 2,
            "end": 2
          }
        }
      },
      {
        "description": "the check reads all rows",
        "check_name": "check-scan",
        "fingerprint": "3af533241fd5d14bbbd18fe9ccbefbc47bfd5eb53e9a7efff149cec476799614",
        "severity": "minor",
        "location": {
          "path": "db/2.sql",
          "lines": {
            "begin": 3,
            "end": 4
          }
        }
      }
    ]
    "#);
    assert_eq!(gitlab(&clean()), "[]\n");
}

#[test]
fn junit_has_a_suite_a_file() {
    insta::assert_snapshot!(junit(&view()), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="dbctl lint" tests="4" failures="3" errors="0">
      <testsuite name="db/1_größe, neu.sql" tests="1" failures="1" errors="0" skipped="0">
        <testcase name="odd-name (1:1)" classname="db/1_größe, neu.sql" file="db/1_größe, neu.sql" line="1">
          <failure type="info" message="odd &lt;name&gt;: 100 %, | a@b &apos;x&apos; �[2J">db/1_größe, neu.sql:1:1: info: odd &lt;name&gt;: 100 %, | a@b &apos;x&apos; �[2J</failure>
        </testcase>
      </testsuite>
      <testsuite name="db/2.sql" tests="2" failures="2" errors="0" skipped="0">
        <testcase name="index-build (2:8)" classname="db/2.sql" file="db/2.sql" line="2">
          <failure type="error" message="index build blocks writes to `public.&quot;größe&quot;`">db/2.sql:2:8: error: index build blocks writes to `public.&quot;größe&quot;`
    note: takes SHARE on `public.&quot;größe&quot;`: blocks INSERT, UPDATE and DELETE, not reads
    note: the platform has one, too
    help: create index concurrently on public.&quot;größe&quot; (a)</failure>
        </testcase>
        <testcase name="check-scan (3:1)" classname="db/2.sql" file="db/2.sql" line="3">
          <failure type="warning" message="the check reads all rows">db/2.sql:3:1: warning: the check reads all rows
    note: takes ACCESS EXCLUSIVE on `public.&quot;größe&quot;`: blocks every read and write
    note: first fact
    help: add it not valid
    and validate it later</failure>
        </testcase>
      </testsuite>
      <testsuite name="db/3.sql" tests="1" failures="0" errors="0" skipped="0">
        <testcase name="lint" classname="db/3.sql"/>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn gcc_has_a_line_a_finding() {
    insta::assert_snapshot!(gcc(&view()), @r#"
    db/1_größe, neu.sql:1:1: note: odd <name>: 100 %, | a@b 'x' �[2J [odd-name]
    db/2.sql:2:8: error: index build blocks writes to `public."größe"` [index-build]
    db/2.sql:3:1: warning: the check reads all rows [check-scan]
    "#);
    assert_eq!(gcc(&clean()), "");
}

#[test]
fn markdown_has_a_table_a_file() {
    insta::assert_snapshot!(markdown(&view()), @r#"
    ### `dbctl lint`

    1 error, 1 warning, 1 info in 2 of 3 files; 2 ignored by comments, 40 frozen by the baseline. 1 can be mended with `--fix`, 1 more with `--unsafe-fixes`.

    #### `db/1_größe, neu.sql`

    | Line | Level | Rule | What is found |
    |---:|---|---|---|
    | 1 | info | `odd-name` | odd &lt;name&gt;: 100 %, \| a&#64;b 'x' �\[2J |

    #### `db/2.sql`

    | Line | Level | Rule | What is found |
    |---:|---|---|---|
    | 2 | error | `index-build` | index build blocks writes to `public."größe"`<br>takes SHARE on `public."größe"`: blocks INSERT, UPDATE and DELETE, not reads<br>the platform has one, too<br>**help:** create index concurrently on public."größe" (a) |
    | 3 | warning | `check-scan` | the check reads all rows<br>takes ACCESS EXCLUSIVE on `public."größe"`: blocks every read and write<br>first fact<br>**help:** add it not valid and validate it later |
    "#);
    insta::assert_snapshot!(markdown(&clean()), @"
    ### `dbctl lint`

    Nothing found in 3 files.
    ");
}

#[test]
fn markdown_stays_within_what_a_comment_holds() {
    let mut view = view();
    view.findings = view.findings.iter().cycle().take(2_000).cloned().collect();
    let text = markdown(&view);
    assert!(text.len() < 61_000 && text.ends_with(" more.\n"), "{}", text.len());
}

#[test]
fn people_read_the_lock_and_whom_it_blocks() {
    let files: Vec<LintFile> = files();
    let shown = findings().into_iter().map(|finding: Finding| diagnostic(&finding, &files)).map(|it| {
        let labels: Vec<_> =
            it.labels.iter().map(|at| (at.source.name(), at.span.of(at.source.text()), at.text.as_str())).collect();
        format!(
            "{:?}[{}] {}\n{labels:?}\nnotes {:#?}\nhelps {:#?}\n",
            it.level,
            it.code,
            it.title.escape_debug(),
            it.notes,
            it.helps
        )
    });
    insta::assert_snapshot!(shown.collect::<String>(), @r#"
    Note[odd-name] odd <name>: 100 %, | a@b \'x\' \u{1b}[2J
    [("db/1_größe, neu.sql", "", "")]
    notes []
    helps [
        "`dbctl explain odd-name` says more",
    ]
    Error[index-build] index build blocks writes to `public.\"größe\"`
    [("db/2.sql", "index", "takes SHARE"), ("db/1_größe, neu.sql", "public.\"größe\"", "created here")]
    notes [
        "takes SHARE on `public.\"größe\"`: blocks INSERT, UPDATE and DELETE, not reads",
        "the platform has one, too",
    ]
    helps [
        "create index concurrently on public.\"größe\" (a)",
        "`dbctl lint --fix` can do it: add `concurrently`",
        "`dbctl explain index-build` says more",
    ]
    Warning[check-scan] the check reads all rows
    [("db/2.sql", "alter table public.\"größe\"\n  add check (a > 0)", "")]
    notes [
        "takes ACCESS EXCLUSIVE on `public.\"größe\"`: blocks every read and write",
        "first fact",
    ]
    helps [
        "add it not valid\nand validate it later",
        "`dbctl lint --unsafe-fixes` can do it: split it",
        "`dbctl explain check-scan` says more",
    ]
    "#);
}

#[test]
fn the_closing_sentence_counts() {
    assert_eq!(closing(&clean()), "Nothing found in 3 files.");
    insta::assert_snapshot!(closing(&view()), @"1 error, 1 warning, 1 info in 2 of 3 files; 2 ignored by comments, 40 frozen by the baseline. 1 can be mended with `--fix`, 1 more with `--unsafe-fixes`.");
}
