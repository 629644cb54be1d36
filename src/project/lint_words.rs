//! The values of `[lint]` that can be written in several ways; what is none of them is told in words.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::diagnostic::Level;

/// One word or several: `"supabase"`, `["postgres", "conventions"]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(pub Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Words;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or a list of texts")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Words, E> {
                Ok(Words(vec![word.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Words, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = list.next_element()? {
                    words.push(word);
                }
                Ok(Words(words))
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

/// A level or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelWord {
    /// Not at all.
    Off,
    /// Good to know.
    Info,
    /// Should be looked at.
    Warning,
    /// Must be mended.
    Error,
}

impl LevelWord {
    /// As a level; `None` for off.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::Info => Some(Level::Note),
            Self::Warning => Some(Level::Warning),
            Self::Error => Some(Level::Error),
        }
    }

    fn parse<E: Error>(word: &str) -> Result<Self, E> {
        match word {
            "off" => Ok(Self::Off),
            "info" | "note" => Ok(Self::Info),
            "warning" | "warn" => Ok(Self::Warning),
            "error" => Ok(Self::Error),
            _ => Err(E::custom(format!("there is no level `{word}`; known are `error`, `warning`, `info` and `off`"))),
        }
    }
}

impl<'de> Deserialize<'de> for LevelWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?)
    }
}

/// `[lint.rules.ID]`: `level` and options, or the level alone (`fk-index = "off"`).
#[derive(Debug, Clone, Default)]
pub struct RuleTable {
    /// The level.
    pub level: Option<LevelWord>,
    /// Options, the ones under `options` and those beside `level`.
    pub options: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
struct Table {
    level: Option<LevelWord>,
    #[serde(default)]
    options: BTreeMap<String, toml::Value>,
    #[serde(flatten)]
    more: BTreeMap<String, toml::Value>,
}

impl<'de> Deserialize<'de> for RuleTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LevelOrTable;
        impl<'de> Visitor<'de> for LevelOrTable {
            type Value = RuleTable;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a level or a table with `level` and options")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<RuleTable, E> {
                Ok(RuleTable { level: Some(LevelWord::parse(word)?), options: BTreeMap::new() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RuleTable, A::Error> {
                let Table { level, mut options, more } = Table::deserialize(MapAccessDeserializer::new(map))?;
                options.extend(more);
                Ok(RuleTable { level, options })
            }
        }
        deserializer.deserialize_any(LevelOrTable)
    }
}
