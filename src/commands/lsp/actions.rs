//! What the editor offers to do about a finding: mend it, mend all, or ignore it.

use std::collections::HashMap;

use jiff::Timestamp;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CreateFile, CreateFileOptions, Diagnostic, DocumentChangeOperation,
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Position, Range, ResourceOp, TextDocumentEdit,
    TextEdit, Uri, WorkspaceEdit,
};

use super::client::{Client, FIX_ALL};
use super::diagnostics::{diagnostic, text_edits};
use super::document::Document;
use super::position::Lines;
use super::uri::uri_of;
use super::workspace::Seen;
use crate::lint::{Edit, Finding, Fix, NewMigration, fix, ignoring};
use crate::migration::{Layout, Order, Version};
use crate::project::scaffold::{Draft, draft};
use crate::text::count;

/// What is offered, and for what.
struct Offer<'a> {
    seen: &'a Seen<'a>,
    document: &'a Document,
    lines: Lines<'a>,
    client: Client,
}

/// The actions of a range.
pub fn actions(seen: &Seen<'_>, document: &Document, params: &CodeActionParams, client: Client) -> Vec<CodeAction> {
    let offer = Offer { seen, document, lines: Lines::new(seen.file.text(), client.encoding), client };
    let wanted = offer.lines.span(params.range);
    let is_asked = |kind: &CodeActionKind| {
        params.context.only.as_ref().is_none_or(|only| only.iter().any(|asked| includes(asked, kind)))
    };
    let mut actions = Vec::new();
    if is_asked(&CodeActionKind::QUICKFIX) {
        let touches = |finding: &&&Finding| {
            let span = finding.place.span;
            span.start <= wanted.end && wanted.start <= span.end
        };
        let here: Vec<&Finding> = seen.findings.iter().filter(touches).copied().collect();
        let told = |finding| diagnostic(seen, finding, &offer.lines, client);
        actions.extend(here.iter().filter_map(|finding| offer.mend(finding, told(finding))));
        actions.extend(here.iter().filter_map(|finding| offer.ignore(finding, told(finding))));
    }
    if is_asked(&FIX_ALL) {
        actions.extend(offer.mend_all());
    }
    actions
}

/// Whether a kind that was asked for includes another: `source` includes `source.fixAll`.
fn includes(asked: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(asked.as_str());
    asked.as_str().is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Offer<'_> {
    /// Mends a finding.
    fn mend(&self, finding: &Finding, diagnostic: Diagnostic) -> Option<CodeAction> {
        let fix = finding.fix.as_ref()?;
        let edit = self.edit(fix.edits.iter(), &fix.adds)?;
        let title = if fix.is_unsafe { format!("{} (needs a look)", fix.title) } else { fix.title.clone() };
        Some(CodeAction { is_preferred: Some(!fix.is_unsafe), ..quick_fix(title, diagnostic, edit) })
    }

    /// Puts a comment above the statement; the reason is the writer's to give.
    fn ignore(&self, finding: &Finding, diagnostic: Diagnostic) -> Option<CodeAction> {
        let edit = ignoring(self.seen.file, finding)?;
        let title = format!("ignore `{}` here, with a reason", finding.rule.id);
        Some(quick_fix(title, diagnostic, self.edit([&edit], &[])?))
    }

    /// Mends all that is mended without a doubt; fixes that overlap wait for the next time.
    fn mend_all(&self) -> Option<CodeAction> {
        let is_wanted = |fix: &&Fix| !fix.is_unsafe && (fix.adds.is_empty() || self.client.creates_files);
        let fixes: Vec<&Fix> =
            self.seen.findings.iter().filter_map(|finding| finding.fix.as_ref()).filter(is_wanted).collect();
        let applied = fix::apply(self.seen.file.text(), &fixes).applied;
        let fixes: Vec<&Fix> = applied.iter().filter_map(|&at| fixes.get(at).copied()).collect();
        if fixes.is_empty() {
            return None;
        }
        let mut adds: Vec<NewMigration> = Vec::new();
        for add in fixes.iter().flat_map(|fix| &fix.adds) {
            if !adds.iter().any(|known| known.slug == add.slug) {
                adds.push(add.clone());
            }
        }
        let edit = self.edit(fixes.iter().flat_map(|fix| &fix.edits), &adds)?;
        let title = format!("mend what is safe to mend ({})", count(fixes.len(), "fix"));
        Some(CodeAction { title, kind: Some(FIX_ALL), edit: Some(edit), ..CodeAction::default() })
    }

    /// Edits of the document and migrations that are added; `None` where the editor cannot do it whole.
    fn edit<'e>(&self, edits: impl IntoIterator<Item = &'e Edit>, adds: &[NewMigration]) -> Option<WorkspaceEdit> {
        let edits = text_edits(edits, &self.lines);
        if !adds.is_empty() && !self.client.creates_files {
            return None;
        }
        if !self.client.versioned_edits {
            #[expect(clippy::mutable_key_type, reason = "the protocol's own type, which compares as text")]
            let changes = HashMap::from([(self.document.uri.clone(), edits)]);
            return Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
        }
        let own = edit_of(self.document.uri.clone(), Some(self.document.version), edits);
        let changes = if adds.is_empty() {
            DocumentChanges::Edits(vec![own])
        } else {
            let mut operations = Vec::new();
            if !own.edits.is_empty() {
                operations.push(DocumentChangeOperation::Edit(own));
            }
            for (path, text) in self.drafts(adds)? {
                let uri = uri_of(&path)?;
                let options = CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
                let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
                operations.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
                let start = Range::new(Position::new(0, 0), Position::new(0, 0));
                let fill = edit_of(uri, None, vec![TextEdit::new(start, text)]);
                operations.push(DocumentChangeOperation::Edit(fill));
            }
            DocumentChanges::Operations(operations)
        };
        Some(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() })
    }

    /// The files of migrations behind the newest one, as `dbctl new` would name them.
    fn drafts(&self, adds: &[NewMigration]) -> Option<Vec<(camino::Utf8PathBuf, String)>> {
        let set = self.seen.set.filter(|set| !set.migrations.is_empty());
        let layout = set.map_or(Layout::OWN, |set| set.layout);
        // The chain was read with room for versions that several share; a new one is of the project's own order.
        let order = layout.order_with(self.seen.project.config.project.same_version);
        let versions = set.into_iter().flat_map(|set| &set.migrations).map(|migration| &migration.version);
        let mut newest = match order {
            Order::Name => versions.max().cloned(),
            _ => versions.filter_map(|version| Version::parse(version.text(), order).ok()).max(),
        };
        let mut files = Vec::new();
        for add in adds {
            let made =
                draft(self.seen.project, layout, newest.as_ref(), &add.slug, Some(&add.sql), Timestamp::now()).ok()?;
            let Draft { version, up, down } = made;
            files.push(up);
            files.extend(down);
            newest = Some(version);
        }
        Some(files)
    }
}

fn quick_fix(title: String, diagnostic: Diagnostic, edit: WorkspaceEdit) -> CodeAction {
    CodeAction {
        title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostic]),
        edit: Some(edit),
        ..CodeAction::default()
    }
}

fn edit_of(uri: Uri, version: Option<i32>, edits: Vec<TextEdit>) -> TextDocumentEdit {
    let text_document = OptionalVersionedTextDocumentIdentifier { uri, version };
    TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() }
}
