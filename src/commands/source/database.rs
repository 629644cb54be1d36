//! The schema of a database as it is, read without leaving a trace.

use super::super::Cx;
use super::super::target::{self, TargetArgs};
use super::{Loaded, Look};
use crate::diff::Source;
use crate::error::Failure;
use crate::project::Project;

pub(super) async fn load(cx: &Cx, project: &Project, source: &Source, look: Look<'_>) -> Result<Loaded, Failure> {
    let args = match source {
        Source::Local => TargetArgs { local: true, ..TargetArgs::default() },
        Source::Target(name) if name == "remote" => TargetArgs { remote: true, ..TargetArgs::default() },
        Source::Target(name) => TargetArgs { target: Some(name.clone()), ..TargetArgs::default() },
        Source::Url(url) => TargetArgs { url: Some(url.clone()), ..TargetArgs::default() },
        _ => TargetArgs::default(),
    };
    let mut chosen = target::choose(cx, project, &args, &args.choice_or_remote())?;
    let session = target::open(cx, &mut chosen, "diff", true).await?;
    look.at(&session).await
}
