//! Text search parsers, templates, dictionaries and configurations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A parser: <https://www.postgresql.org/docs/18/sql-createtsparser.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextSearchParser {
    /// The function that begins.
    pub start: String,
    /// The function that gives the next token.
    pub token: String,
    /// The function that ends.
    pub end: String,
    /// The function that makes headlines.
    pub headline: Option<String>,
    /// The function that lists the types of tokens.
    pub lextypes: String,
}

/// A template: <https://www.postgresql.org/docs/18/sql-createtstemplate.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextSearchTemplate {
    /// The function that reads a dictionary's options.
    pub init: Option<String>,
    /// The function that looks a token up.
    pub lexize: String,
}

/// A dictionary: <https://www.postgresql.org/docs/18/sql-createtsdictionary.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextSearchDictionary {
    /// Its template, as SQL.
    pub template: String,
    /// Its options, as SQL: `language = 'english', stopwords = 'english'`.
    pub options: String,
}

/// A configuration: <https://www.postgresql.org/docs/18/sql-createtsconfig.html>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextSearchConfiguration {
    /// Its parser, as SQL.
    pub parser: String,
    /// The dictionaries, as SQL, that are asked in turn for each type of token.
    pub mappings: BTreeMap<String, Vec<String>>,
}
