//! Histories without ways back, on plain PostgreSQL and on the platform that they were written for.

use crate::support::{Database, Project, corpus};

#[test]
fn hoppscotch_goes_up() {
    on_plain_postgresql("prisma/hoppscotch");
}

#[test]
fn langfuse_goes_up() {
    on_plain_postgresql("prisma/langfuse");
}

#[test]
fn basejump_goes_up_on_the_supabase_shim() {
    on_the_shim("supabase/basejump");
}

#[test]
fn nextbase_goes_up_on_the_supabase_shim() {
    on_the_shim("supabase/nextbase");
}

#[test]
fn subscription_payments_goes_up_on_the_supabase_shim() {
    on_the_shim("supabase/subscription-payments");
}

#[test]
fn chatbot_ui_goes_up_on_the_supabase_shim_where_vector_is() {
    on_the_shim_of_the_bundle("supabase/chatbot-ui");
}

#[test]
fn liam_goes_up_on_the_supabase_shim_where_vector_is() {
    on_the_shim_of_the_bundle("supabase/liam");
}

fn on_plain_postgresql(name: &str) {
    let database = Database::new();
    let project = Project::with_local(&database);
    goes_up(&project, name);
}

fn on_the_shim(name: &str) {
    goes_up(&Project::new().file("dbctl.toml", "[local]\nplatform = \"supabase\"\n"), name);
}

fn on_the_shim_of_the_bundle(name: &str) {
    let project = Project::new().file("dbctl.toml", "[local]\nplatform = \"supabase\"\n");
    goes_up(&project.variable("DBCTL_LOCAL_ENGINE", "bundle"), name);
}

fn goes_up(project: &Project, name: &str) {
    let Some(folder) = corpus(name) else { return };
    let folder = folder.to_str().unwrap();
    project.dbctl_with("migrate --local --migrations", folder).ok().answers("Applied");
    project.dbctl_with("migrate --local --migrations", folder).ok().answers("Nothing to do");
    let status = project.dbctl_with("status --local --format json --migrations", folder).ok().json();
    let migrations = status["migrations"].as_array().unwrap();
    assert!(migrations.iter().all(|migration| migration["local"] == "applied"), "{migrations:#?}");
}
