//! Colours by role; nothing else in the program names a colour.

use anstyle::{AnsiColor, Style};
use comfy_table::{Attribute, Cell, Color};

/// What a piece of text is; its colour only repeats what its words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It failed or must not go on.
    Error,
    /// It should be looked at.
    Warning,
    /// It helps on.
    Help,
    /// It went well.
    Success,
    /// It matters less.
    Dim,
    /// Ordinary text.
    Plain,
}

impl Role {
    pub(super) const fn style(self) -> Style {
        match self {
            Self::Error => AnsiColor::Red.on_default().bold(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Help => AnsiColor::Cyan.on_default(),
            Self::Success => AnsiColor::Green.on_default(),
            Self::Dim => Style::new().dimmed(),
            Self::Plain => Style::new(),
        }
    }

    /// The text in the role's colour.
    pub(super) fn paint(self, text: &str) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }

    /// The same with a line under it.
    pub(super) fn paint_marked(self, text: &str) -> String {
        let style = self.style().underline();
        format!("{style}{text}{style:#}")
    }

    /// A table's cell in the role's colour.
    pub(super) fn cell(self, text: impl ToString) -> Cell {
        let cell = Cell::new(text);
        match self {
            Self::Error => cell.fg(Color::DarkRed).add_attribute(Attribute::Bold),
            Self::Warning => cell.fg(Color::DarkYellow).add_attribute(Attribute::Bold),
            Self::Help => cell.fg(Color::DarkCyan),
            Self::Success => cell.fg(Color::DarkGreen),
            Self::Dim => cell.add_attribute(Attribute::Dim),
            Self::Plain => cell,
        }
    }
}

/// Text that came from outside, with control characters made visible so that it cannot steer the terminal.
pub(super) fn clean(text: &str) -> String {
    annotate_snippets::normalize_untrusted_str(text)
}
