//! How `dbctl diff` looks.

#![expect(clippy::format_push_string, reason = "a page is put together once, for a person")]

use comfy_table::Cell;

use super::Human;
use crate::report::{Change, Diff};
use crate::risk::HazardKind;
use crate::terminal::style::Role;
use crate::terminal::table::table;
use crate::text::count;

impl Human for Diff {
    fn human(&self, width: Option<u16>) -> String {
        if self.objects.is_empty() {
            return format!("`{}` and `{}` are the same.\n", self.from, self.to);
        }
        let rows = self.objects.iter().map(|object| {
            let role = match object.change {
                Change::Added => Role::Success,
                Change::Changed | Change::Renamed => Role::Warning,
                Change::Recreated | Change::Removed => Role::Error,
            };
            let name = match &object.old_name {
                Some(old) => format!("{old} → {}", object.name),
                None => object.name.clone(),
            };
            vec![role.cell(object.change.word()), Cell::new(object.kind), Cell::new(name)]
        });
        let mut text = table(&["CHANGE", "KIND", "OBJECT"], rows, 2, width);
        text.push('\n');
        for step in &self.steps {
            for hazard in &step.hazards {
                let role = if hazard.kind == HazardKind::DataLoss { Role::Error } else { Role::Dim };
                text.push_str(&format!("{}\n", role.paint(&format!("-- {}: {}", hazard.kind.word(), hazard.text))));
            }
            text.push_str(&format!("{};\n", step.sql));
        }
        for circle in &self.circles {
            text.push_str(&format!(
                "\n{} these need each other, and the order among them is a guess: {}\n",
                Role::Warning.paint("warning:"),
                circle.join(", ")
            ));
        }
        let losing = self.steps.iter().filter(|step| step.loses_data()).count();
        let loss = if losing == 0 { String::new() } else { format!("; {} loses data", count(losing, "statement")) };
        text.push_str(&format!(
            "\n{} differ between `{}` and `{}`; {}{loss}.\n",
            count(self.objects.len(), "object"),
            self.from,
            self.to,
            count(self.steps.len(), "statement"),
        ));
        text
    }
}
