//! `comment on`.

use super::Cx;
use super::name::value;
use crate::lint::schema::Schema;
use crate::sql::ast::{CommentOn, Name, ObjectKind};

impl Schema {
    /// `comment on`; of kinds whose comments nobody asks about nothing is kept.
    pub(super) fn comment_on(&mut self, cx: &Cx<'_>, comment: &CommentOn) {
        let text = comment.text.clone();
        if let Some(routine) = &comment.routine {
            if let Some((name, at)) = self.find_routine(routine)
                && let Some(function) = self.functions.get_mut(&name).and_then(|list| list.get_mut(at))
            {
                function.comment = text;
            }
            return;
        }
        let Some(written) = &comment.name else { return };
        match comment.kind {
            ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView => {
                let name = self.resolve(written);
                self.touch(cx, &name);
                if let Some(table) = self.tables.get_mut(&name) {
                    table.comment = text;
                } else if let Some(view) = self.views.get_mut(&name) {
                    view.comment = text;
                }
            }
            ObjectKind::Column => {
                let Some((column, table)) = written.parts.split_last() else { return };
                if table.is_empty() {
                    return;
                }
                let name = self.resolve(&Name { parts: table.to_vec(), span: written.span });
                self.touch(cx, &name);
                let column = value(column);
                let columns = self.tables.get_mut(&name).map(|it| it.columns.iter_mut());
                for it in columns.into_iter().flatten().filter(|it| it.name == column) {
                    it.comment.clone_from(&text);
                }
            }
            ObjectKind::Type | ObjectKind::Domain => {
                let name = self.resolve(written);
                if let Some(it) = self.types.get_mut(&name) {
                    it.comment = text;
                }
            }
            _ => {}
        }
    }
}
