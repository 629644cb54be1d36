//! Which migrations are verified, and what is remembered of them.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use jiff::Timestamp;

use super::VerifyArgs;
use crate::commands::{Cx, lint};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::{Migration, Set};
use crate::project::{self, Project, git};
use crate::report::verify::{Require, Verified, Verify};
use crate::state::{Proof, Proofs, StateDir};
use crate::text::Source;

/// The migrations that were asked for, oldest first.
pub async fn select<'s>(
    cx: &Cx,
    args: &VerifyArgs,
    project: &Project,
    set: &'s Set,
) -> Result<Vec<&'s Migration>, Failure> {
    let all = set.migrations.iter();
    if !args.versions.is_empty() {
        let found = args.versions.iter().map(|version| set.find(version).map(|it| it.version.key()));
        let keys: BTreeSet<i64> = found.collect::<Result<_, _>>()?;
        return Ok(all.filter(|it| keys.contains(&it.version.key())).collect());
    }
    if args.all {
        return Ok(all.collect());
    }
    if args.pending {
        let (open, _) = lint::pending(cx, &args.target, project).await?;
        return Ok(all.filter(|it| open.contains(it.path.as_str())).collect());
    }
    if let Some(reference) = &args.since {
        let changed = git::changed_since(&project.root, reference).map_err(|error| no_git(&error))?;
        let inside = |path: &Utf8PathBuf| path.strip_prefix(&project.root).map(ToString::to_string).ok();
        let paths: BTreeSet<String> = changed.files.iter().filter_map(inside).collect();
        let down = |it: &Migration| it.down.as_ref().is_some_and(|down| paths.contains(down.path.as_str()));
        return Ok(all.filter(|it| paths.contains(it.path.as_str()) || down(it)).collect());
    }
    let proofs = Proofs::load(&StateDir::open(project.root.as_std_path()))?;
    let chains = set.chains();
    let required = super::required(project, args);
    let is_proved = |it: &&Migration| {
        let chain = chains.get(&it.version.key()).map_or("", String::as_str);
        let proof = proofs.of(it.checksum.as_str(), chain, down(it).as_deref());
        proof.is_some_and(|proof| required.iter().all(|what| proof.holds.contains(what)))
    };
    Ok(all.filter(|it| !is_proved(it)).collect())
}

/// SHA-256 of the way back that somebody has written.
pub fn down(migration: &Migration) -> Option<String> {
    migration.down.as_ref().filter(|_| migration.is_reversible()).map(|down| down.checksum.to_string())
}

/// Remembers what was proved, for the gate and for the next run.
pub fn remember(state: &StateDir, set: &Set, answer: &Verify) -> Result<(), Failure> {
    let chains = set.chains();
    let at = Timestamp::now();
    let proof = |verified: &Verified| {
        let migration = set.migrations.iter().find(|it| it.version.text() == verified.version)?;
        let proof = Proof {
            version: verified.version.clone(),
            chain: chains.get(&migration.version.key()).cloned().unwrap_or_default(),
            down: down(migration),
            holds: Require::ALL.into_iter().filter(|what| verified.is(*what)).collect(),
            run: answer.run.clone().unwrap_or_default(),
            at,
        };
        Some((migration.checksum.to_string(), proof))
    };
    Ok(Proofs::record(state, answer.migrations.iter().filter_map(proof))?)
}

/// Files with rows that projects keep beside their migrations, in the order in which they are loaded.
const SEEDS: [&str; 5] = ["supabase/seed.sql", "prisma/seed.sql", "db/seeds.sql", "seeds.sql", "seed.sql"];

/// The project's seed files.
pub fn seeds(project: &Project) -> Result<Vec<Source>, Failure> {
    let mut paths: Vec<Utf8PathBuf> = SEEDS.iter().map(Utf8PathBuf::from).collect();
    for folder in ["supabase/seeds", "db/seeds", "seeds"] {
        let Ok(entries) = project.root.join(folder).read_dir_utf8() else { continue };
        let mut inside: Vec<Utf8PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path().to_owned())).collect();
        inside.retain(|path| path.extension() == Some("sql"));
        inside.sort();
        let below = inside.into_iter().filter_map(|path| Some(path.strip_prefix(&project.root).ok()?.to_owned()));
        paths.extend(below);
    }
    let mut seeds = Vec::new();
    for path in paths {
        let at = project.root.join(&path);
        if at.is_file() {
            let text =
                fs_err::read_to_string(&at).map_err(|source| project::Error::Read { path: at.clone(), source })?;
            seeds.push(Source::new(path.as_str(), text));
        }
    }
    Ok(seeds)
}

fn no_git(error: &git::Error) -> Failure {
    let diagnostic = Diagnostic::error("verify/git", error.to_string()).note("nothing was verified");
    let diagnostic = if error.is_outside() {
        diagnostic.help("without git: name the versions, `dbctl verify VERSION…`, or take all: `dbctl verify --all`")
    } else {
        diagnostic.help("name a commit that this clone has; in CI fetch the history: `git fetch --unshallow origin`")
    };
    Failure::new(Exit::Usage, diagnostic)
}
