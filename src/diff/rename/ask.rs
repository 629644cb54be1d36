//! What `--rename OLD=NEW` says, and why it may be no rename.

use std::str::FromStr;

use crate::sql::{Kind as Token, Tokens, significant};

/// One side of `--rename`: a name with up to three parts, and what may stand around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// As it is written.
    pub text: String,
    /// `policy`, `materialized view`: what it is, where that is said.
    pub kind: String,
    /// The parts from the left.
    pub parts: Vec<Part>,
    /// The types of a routine's arguments, where they are written.
    pub arguments: Option<String>,
}

/// A part of a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// As PostgreSQL folds it.
    pub name: String,
    /// As it is written, without quotes: values of enums are not folded.
    pub raw: String,
    /// Whether it stands in single quotes, as values of enums do.
    pub is_literal: bool,
}

/// A rename that was asked for on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// As it was said.
    pub word: String,
    pub(super) old: Written,
    pub(super) new: Written,
}

/// Why what was asked for is no rename.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenameError {
    /// It is not of the form `OLD=NEW`.
    #[error("`{0}` is no rename: it is written OLD=NEW")]
    Form(String),
    /// There is nothing of the old name.
    #[error("`--rename {word}`: there is no `{old}` in the schema to begin with")]
    NoOld {
        /// The whole.
        word: String,
        /// The old name.
        old: String,
        /// A name that is there and nearly the same.
        near: Option<String>,
        /// Whether what the new name says is there already.
        is_done: bool,
    },
    /// There is nothing of the new name.
    #[error("`--rename {word}`: there is no {kind} `{new}` in the schema to come to")]
    NoNew {
        /// The whole.
        word: String,
        /// What it is.
        kind: &'static str,
        /// The new name.
        new: String,
        /// Those of the kind that are new there, the nearest first.
        instead: Vec<String>,
    },
    /// What has the old name keeps it.
    #[error("`--rename {word}`: `{old}` is still there in the schema to come to")]
    Stays {
        /// The whole.
        word: String,
        /// The old name.
        old: String,
    },
    /// The new name is taken before.
    #[error("`--rename {word}`: `{new}` is there already in the schema to begin with")]
    Taken {
        /// The whole.
        word: String,
        /// The new name.
        new: String,
    },
    /// The old name may mean more than one object.
    #[error("`--rename {word}` may mean {}", .may_be.join(" or "))]
    Ambiguous {
        /// The whole.
        word: String,
        /// What it may mean, in words.
        may_be: Vec<String>,
        /// How one of them is said.
        instead: String,
    },
}

impl RenameError {
    /// What mends it.
    pub fn help(&self) -> String {
        match self {
            Self::Form(_) => "write `--rename public.users=public.people`, a column as `public.users.name=full_name`, \
                 a value of an enum as `public.status.'old'='new'`, a function as `public.f(integer)=g`"
                .to_owned(),
            Self::NoOld { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::NoOld { is_done: true, .. } => "leave the flag out: there it has the new name already".to_owned(),
            Self::NoOld { .. } => "`dbctl diff` without the flag shows what is removed and what is added".to_owned(),
            Self::NoNew { instead, .. } if instead.is_empty() => {
                "nothing of that kind is new there; `dbctl diff` without the flag shows what is".to_owned()
            }
            Self::NoNew { kind, instead, .. } => {
                let names: Vec<String> = instead.iter().take(5).map(|name| format!("`{name}`")).collect();
                format!("as a {kind} there is new: {}", names.join(", "))
            }
            Self::Stays { .. } => "both are there: nothing is renamed, so leave the flag out".to_owned(),
            Self::Taken { .. } => "both are there: change the one and remove the other without the flag".to_owned(),
            Self::Ambiguous { instead, .. } => format!("say which: `--rename \"{instead}\"`"),
        }
    }
}

impl FromStr for Asked {
    type Err = RenameError;

    fn from_str(word: &str) -> Result<Self, RenameError> {
        let form = || RenameError::Form(word.to_owned());
        let mut depth = 0_usize;
        let mut at = None;
        for token in Tokens::new(word) {
            match token.kind {
                Token::Open => depth += 1,
                Token::Close => depth = depth.saturating_sub(1),
                Token::Symbol if depth == 0 && token.span.of(word) == "=" && at.is_none() => at = Some(token.span),
                _ => {}
            }
        }
        let at = at.ok_or_else(form)?;
        let old = Written::read(&word[..at.start]).ok_or_else(form)?;
        let new = Written::read(&word[at.end..]).ok_or_else(form)?;
        Ok(Self { word: word.to_owned(), old, new })
    }
}

impl Written {
    /// Reads a name: `[kind] part.part.part[(types)]`.
    pub fn read(text: &str) -> Option<Self> {
        let tokens = significant(text);
        let is_name = |at: usize| {
            tokens.get(at).is_some_and(|token| matches!(token.kind, Token::Word | Token::Quoted | Token::String))
        };
        let mut written = Self { text: text.trim().to_owned(), ..Self::default() };
        let mut at = 0;
        while is_name(at) && is_name(at + 1) {
            if !written.kind.is_empty() {
                written.kind.push(' ');
            }
            written.kind.push_str(&tokens[at].span.of(text).to_ascii_lowercase());
            at += 1;
        }
        loop {
            if !is_name(at) {
                return None;
            }
            written.parts.push(Part::read(tokens[at].kind, tokens[at].span.of(text)));
            at += 1;
            if tokens.get(at).is_none_or(|token| token.kind != Token::Dot) {
                break;
            }
            at += 1;
        }
        match (tokens.get(at), tokens.last()) {
            (None, _) => {}
            (Some(open), Some(close)) if open.kind == Token::Open && close.kind == Token::Close => {
                written.arguments = Some(text[open.span.end..close.span.start].to_owned());
            }
            _ => return None,
        }
        (written.parts.len() <= 3).then_some(written)
    }
}

impl Part {
    fn read(kind: Token, text: &str) -> Self {
        let inner = || text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        let (name, raw) = match kind {
            Token::Quoted => (inner().replace("\"\"", "\""), inner().replace("\"\"", "\"")),
            Token::String => (inner().replace("''", "'"), inner().replace("''", "'")),
            _ => (text.to_lowercase(), text.to_owned()),
        };
        Self { name, raw, is_literal: kind == Token::String }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(written: &Written) -> Vec<&str> {
        written.parts.iter().map(|part| part.name.as_str()).collect()
    }

    #[test]
    fn words_are_read_as_sql_reads_names() {
        let asked: Asked = "Public.\"Users=1\".name=full_name".parse().unwrap();
        assert_eq!(parts(&asked.old), ["public", "Users=1", "name"]);
        assert_eq!(parts(&asked.new), ["full_name"]);
        let asked: Asked = "public.f(a => numeric(10,2), text)=g".parse().unwrap();
        assert_eq!(asked.old.arguments.as_deref(), Some("a => numeric(10,2), text"));
        let asked: Asked = "public.status.'it''s = old'='New'".parse().unwrap();
        assert!(asked.old.parts[2].is_literal && asked.old.parts[2].raw == "it's = old");
        assert_eq!(asked.new.parts[0].raw, "New");
        let asked: Asked = "materialized view public.a = b".parse().unwrap();
        assert_eq!((asked.old.kind.as_str(), parts(&asked.old)), ("materialized view", vec!["public", "a"]));
    }

    #[test]
    fn what_is_no_rename_is_said_so() {
        for word in ["", "a", "a=", "=b", "a.b.c.d=e", "a b c", "a.=b", "a=b=c", "a=b)"] {
            assert_eq!(word.parse::<Asked>(), Err(RenameError::Form(word.to_owned())), "{word}");
        }
    }
}
