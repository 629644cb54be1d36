//! A plan as a script.

use super::Plan;

/// The statements, each with its semicolon.
pub fn script(plan: &Plan) -> String {
    let mut text = String::new();
    for kept in &plan.kept {
        text.push_str(&format!("-- left out: {}\n", kept.text.replace('\n', " ")));
    }
    if plan.steps.is_empty() {
        return text;
    }
    // A routine may name in its body what is made after it.
    text.push_str("set check_function_bodies = off;\n");
    for step in &plan.steps {
        for hazard in &step.hazards {
            if hazard.kind == crate::risk::HazardKind::DataLoss {
                text.push_str(&format!("-- {}: {}\n", hazard.kind.word(), hazard.text));
            }
        }
        text.push_str(&step.sql);
        text.push_str(";\n");
    }
    text
}
