//! The documents that are open in the editor, as they stand there.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri, VersionedTextDocumentIdentifier};

use super::position::{Encoding, Lines};
use super::uri::path_of;

/// An open document.
#[derive(Debug)]
pub struct Document {
    /// Its name, as the editor writes it.
    pub uri: Uri,
    /// Where it is or will be saved.
    pub path: Option<Utf8PathBuf>,
    /// The editor's number for this text.
    pub version: i32,
    /// Its text.
    pub text: Arc<str>,
    /// Whether the editor waits for its diagnostics.
    pub is_awaited: bool,
}

/// All open documents, by name.
#[derive(Debug, Default)]
pub struct Documents {
    open: BTreeMap<String, Document>,
}

impl Documents {
    /// A document was opened.
    pub fn open(&mut self, item: TextDocumentItem) {
        let TextDocumentItem { uri, version, text, .. } = item;
        let document = Document { path: path_of(&uri), version, text: text.into(), is_awaited: true, uri: uri.clone() };
        self.open.insert(uri.as_str().to_owned(), document);
    }

    /// A document was changed, by a text or by parts of it, one after the other.
    pub fn change(
        &mut self,
        id: &VersionedTextDocumentIdentifier,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        let Some(document) = self.open.get_mut(id.uri.as_str()) else { return };
        let mut text = document.text.to_string();
        for change in changes {
            match change.range {
                Some(range) => {
                    let span = Lines::new(&text, encoding).span(range);
                    text.replace_range(span.start..span.end, &change.text);
                }
                None => text = change.text,
            }
        }
        document.text = text.into();
        document.version = id.version;
        document.is_awaited = true;
    }

    /// A document was saved.
    pub fn save(&mut self, uri: &Uri) {
        if let Some(document) = self.open.get_mut(uri.as_str()) {
            document.is_awaited = true;
        }
    }

    /// A document was closed.
    pub fn close(&mut self, uri: &Uri) {
        self.open.remove(uri.as_str());
    }

    /// A document by its name.
    pub fn get(&self, uri: &Uri) -> Option<&Document> {
        self.open.get(uri.as_str())
    }

    /// All documents.
    pub fn iter(&self) -> impl Iterator<Item = &Document> {
        self.open.values()
    }

    /// Nobody waits any more.
    pub fn answered(&mut self) {
        for document in self.open.values_mut() {
            document.is_awaited = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsp_types::{Position, Range};

    #[test]
    fn changes_apply_one_after_the_other() {
        let uri: Uri = "file:///a.sql".parse().unwrap();
        let mut documents = Documents::default();
        documents.open(TextDocumentItem::new(uri.clone(), "sql".into(), 1, "select '😀';\nselect 2;\n".into()));
        let part = |from: (u32, u32), to: (u32, u32), text: &str| TextDocumentContentChangeEvent {
            range: Some(Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1))),
            range_length: None,
            text: text.to_owned(),
        };
        let changes = vec![part((0, 8), (0, 10), "x"), part((0, 10), (1, 6), ", "), part((9, 9), (9, 9), "-- end")];
        documents.change(&VersionedTextDocumentIdentifier::new(uri.clone(), 2), changes, Encoding::Utf16);
        let document = documents.get(&uri).unwrap();
        assert_eq!((&*document.text, document.version), ("select 'x',  2;\n-- end", 2));
    }
}
