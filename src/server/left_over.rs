//! What earlier attempts and removed state files left behind.

use camino::Utf8Path;

use super::postmaster::Postmaster;
use super::stop::{StopMode, end};
use super::{Error, Progress, ServerSettings, account, files, socket, state};

/// Clears the way for a new cluster in `folder`; the caller holds the project's lock.
///
/// Attempts that were cut short are removed. Data without a state file are kept, since they may be somebody's (a user
/// removed `.dbctl`, and root's data do not lie in it); their server is stopped, because nothing else ever would.
pub(super) fn clear(
    settings: &ServerSettings,
    folder: &Utf8Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    if !account::is_root() {
        files::remove_unfinished(folder, files::UNFINISHED)?;
        let data_dir = folder.join("data");
        if data_dir.exists() {
            stop_server(&data_dir)?;
            let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
            let path = folder.join(format!("data.left-over-{now}"));
            fs_err::rename(data_dir, &path)?;
            progress(Progress::LeftOver { path });
        }
        return Ok(());
    }
    let Some(clusters) = folder.parent().filter(|clusters| clusters.exists()) else { return Ok(()) };
    let ours = format!("{}-", socket::short_name(&settings.state_dir));
    for entry in clusters.read_dir_utf8()? {
        let entry = entry?;
        if !entry.file_name().starts_with(&ours) {
            continue;
        }
        let data_dir = entry.path().join("data");
        // A project that was here before and moved away took its data along.
        if state::project_of(&data_dir).is_some_and(|project| project != settings.project_dir) {
            continue;
        }
        if data_dir.exists() {
            stop_server(&data_dir)?;
            progress(Progress::LeftOver { path: entry.path().to_owned() });
        } else {
            fs_err::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

fn stop_server(data_dir: &Utf8Path) -> Result<(), Error> {
    match Postmaster::find(data_dir)? {
        Some(postmaster) => end(&postmaster, data_dir, StopMode::Fast),
        None => Ok(()),
    }
}
