//! The part of SARIF's schema that the log uses, after the specification's chapter 3: which properties an object may and must
//! have, of which type, and which values they may take.

use std::collections::BTreeSet;

use serde_json::Value;

use Shape::{Array, Bool, Int, Map, Object, OneOf, Reference, Text};

/// What a value may be.
enum Shape {
    Text,
    Bool,
    /// A whole number that is no less.
    Int(i64),
    OneOf(&'static [&'static str]),
    /// A relative or absolute reference of RFC 3986.
    Reference,
    /// An object of this name.
    Object(&'static str),
    /// At least so many of a shape.
    Array(usize, &'static Self),
    /// An object with any names.
    Map(&'static Self),
}

/// An object: its properties, those that are required, and alternatives of which one is required.
type Definition = (&'static [(&'static str, Shape)], &'static [&'static str], &'static [&'static str]);

const LEVELS: Shape = OneOf(&["none", "note", "warning", "error"]);

fn definition(name: &str) -> Definition {
    match name {
        "sarifLog" => (
            &[("$schema", Reference), ("version", OneOf(&["2.1.0"])), ("runs", Array(0, &Object("run")))],
            &["version", "runs"],
            &[],
        ),
        "run" => (
            &[
                ("tool", Object("tool")),
                ("invocations", Array(0, &Object("invocation"))),
                ("originalUriBaseIds", Map(&Object("artifactLocation"))),
                ("results", Array(0, &Object("result"))),
                ("columnKind", OneOf(&["utf16CodeUnits", "unicodeCodePoints"])),
            ],
            &["tool"],
            &[],
        ),
        "tool" => (&[("driver", Object("toolComponent"))], &["driver"], &[]),
        "toolComponent" => (
            &[
                ("name", Text),
                ("version", Text),
                ("semanticVersion", Text),
                ("rules", Array(0, &Object("reportingDescriptor"))),
            ],
            &["name"],
            &[],
        ),
        "reportingDescriptor" => (
            &[
                ("id", Text),
                ("shortDescription", Object("multiformatMessageString")),
                ("fullDescription", Object("multiformatMessageString")),
                ("help", Object("multiformatMessageString")),
                ("defaultConfiguration", Object("reportingConfiguration")),
                ("properties", Object("propertyBag")),
            ],
            &["id"],
            &[],
        ),
        "multiformatMessageString" => (&[("text", Text), ("markdown", Text)], &["text"], &[]),
        "reportingConfiguration" => (&[("enabled", Bool), ("level", LEVELS)], &[], &[]),
        "propertyBag" => (&[("tags", Array(0, &Text)), ("safety", Text)], &[], &[]),
        "invocation" => (&[("executionSuccessful", Bool)], &["executionSuccessful"], &[]),
        _ => definition_of_result(name),
    }
}

fn definition_of_result(name: &str) -> Definition {
    match name {
        "result" => (
            &[
                ("ruleId", Text),
                ("ruleIndex", Int(-1)),
                ("level", LEVELS),
                ("message", Object("message")),
                ("locations", Array(0, &Object("location"))),
                ("relatedLocations", Array(0, &Object("location"))),
                ("partialFingerprints", Map(&Text)),
                ("fixes", Array(0, &Object("fix"))),
            ],
            &["message"],
            &[],
        ),
        "message" => (&[("text", Text), ("id", Text)], &[], &["text", "id"]),
        "location" => (
            &[
                ("physicalLocation", Object("physicalLocation")),
                ("logicalLocations", Array(0, &Object("logicalLocation"))),
                ("message", Object("message")),
            ],
            &[],
            &[],
        ),
        "physicalLocation" => (
            &[("artifactLocation", Object("artifactLocation")), ("region", Object("region"))],
            &[],
            &["artifactLocation", "address"],
        ),
        "artifactLocation" => {
            (&[("uri", Reference), ("uriBaseId", Text), ("description", Object("message"))], &[], &[])
        }
        "logicalLocation" => (&[("fullyQualifiedName", Text)], &[], &[]),
        "region" => (
            &[
                ("startLine", Int(1)),
                ("startColumn", Int(1)),
                ("endLine", Int(1)),
                ("endColumn", Int(1)),
                ("charOffset", Int(-1)),
                ("charLength", Int(0)),
                ("byteOffset", Int(-1)),
                ("byteLength", Int(0)),
            ],
            &[],
            &[],
        ),
        "fix" => (
            &[
                ("description", Object("message")),
                ("artifactChanges", Array(1, &Object("artifactChange"))),
                ("properties", Object("propertyBag")),
            ],
            &["artifactChanges"],
            &[],
        ),
        "artifactChange" => (
            &[("artifactLocation", Object("artifactLocation")), ("replacements", Array(1, &Object("replacement")))],
            &["artifactLocation", "replacements"],
            &[],
        ),
        "replacement" => (
            &[("deletedRegion", Object("region")), ("insertedContent", Object("artifactContent"))],
            &["deletedRegion"],
            &[],
        ),
        "artifactContent" => (&[("text", Text)], &[], &[]),
        _ => panic!("no object is called {name}"),
    }
}

/// What in a log is not as the schema has it; every property is one that is listed here.
pub(super) fn faults(log: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check("", log, &Object("sarifLog"), &mut faults);
    faults
}

fn check(path: &str, value: &Value, shape: &Shape, faults: &mut Vec<String>) {
    let is_right = match shape {
        Text => value.is_string(),
        Bool => value.is_boolean(),
        Int(least) => value.as_i64().is_some_and(|number| number >= *least),
        OneOf(values) => value.as_str().is_some_and(|text| values.contains(&text)),
        Reference => value.as_str().is_some_and(is_reference),
        Array(least, of) => value.as_array().is_some_and(|items| {
            items.iter().enumerate().for_each(|(at, item)| check(&format!("{path}[{at}]"), item, of, faults));
            items.len() >= *least
        }),
        Map(of) => value.as_object().is_some_and(|map| {
            map.iter().for_each(|(name, item)| check(&format!("{path}.{name}"), item, of, faults));
            true
        }),
        Object(name) => value.as_object().is_some_and(|map| {
            let (properties, required, one_of) = definition(name);
            let missing: Vec<_> = required.iter().filter(|it| !map.contains_key(**it)).collect();
            faults.extend(missing.iter().map(|it| format!("{path} has no {it}")));
            if !one_of.is_empty() && !one_of.iter().any(|it| map.contains_key(*it)) {
                faults.push(format!("{path} has none of {one_of:?}"));
            }
            for (name, item) in map {
                match properties.iter().find(|(known, _)| known == name) {
                    Some((_, shape)) => check(&format!("{path}.{name}"), item, shape, faults),
                    None => faults.push(format!("{path} may not have {name}")),
                }
            }
            true
        }),
    };
    if !is_right {
        faults.push(format!("{path} is {value}"));
    }
}

fn is_reference(text: &str) -> bool {
    let is_escape = |at: usize| text.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    text.char_indices()
        .all(|(at, c)| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=".contains(c) || (c == '%' && is_escape(at)))
}

#[test]
fn the_log_is_as_the_schema_has_it() {
    for view in [super::sample::view(), super::sample::clean()] {
        let log: Value = serde_json::from_str(&super::sarif(&view)).unwrap();
        assert_eq!(faults(&log), Vec::<String>::new());
        // What no schema says: an index points at the rule of that id, a base is declared, a fingerprint is one's own.
        let run = &log["runs"][0];
        let mut prints = BTreeSet::new();
        for result in run["results"].as_array().unwrap() {
            let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
            let artifact = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            assert!(run["originalUriBaseIds"].get(artifact["uriBaseId"].as_str().unwrap()).is_some());
            assert!(prints.insert(result["partialFingerprints"]["dbctl/v1"].as_str().unwrap().to_owned()));
        }
    }
}

#[test]
fn the_check_finds_what_is_wrong() {
    let log = serde_json::json!({
        "version": "2.0.0",
        "runs": [{ "results": [{ "level": "info", "message": {}, "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": "a b" }, "region": { "startLine": 0 } } }], "oops": 1 }] }],
    });
    assert_eq!(faults(&log).len(), 7, "{:#?}", faults(&log));
}
