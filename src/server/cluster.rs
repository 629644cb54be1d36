//! The project's cluster: made once, opened by every later start.

use std::os::unix::fs::PermissionsExt;

use camino::{Utf8Path, Utf8PathBuf};

use super::account::{self, Account};
use super::engine::Engine;
use super::files::UNFINISHED;
use super::find::Search;
use super::state::{self, State};
use super::{Durability, Error, Progress, ServerSettings, files, left_over, socket, template};

/// A cluster with what is needed to start it.
pub(super) struct Cluster {
    pub(super) state: State,
    pub(super) data_dir: Utf8PathBuf,
    pub(super) account: Account,
}

impl Cluster {
    /// The log that goes with a data directory.
    pub(super) fn log_file(&self) -> Utf8PathBuf {
        log_file(&self.data_dir)
    }

    /// Makes the project's cluster and its state file.
    ///
    /// The state file comes last: without it a data directory is the left-over of an attempt that was cut short.
    pub(super) fn create(settings: &ServerSettings, progress: &mut dyn FnMut(Progress)) -> Result<Self, Error> {
        let account = Account::for_new_cluster()?;
        let engine = Search::new(settings, account, None, progress).run()?;
        let template = template::obtain(settings, &engine, account, progress)?;
        let random = uuid::Uuid::new_v4().simple().to_string();
        let id = format!("{}-{}", socket::short_name(&settings.state_dir), &random[..8]);
        let folder = settings.new_cluster_dir(&id);
        left_over::clear(settings, &folder, progress)?;
        fs_err::create_dir_all(&folder)?;
        if account::is_root() {
            fs_err::set_permissions(&folder, PermissionsExt::from_mode(0o711))?;
        }
        let data_dir = folder.join("data");
        let scratch = folder.join(format!("{UNFINISHED}{random}"));
        let made = template::copy(&template, &scratch, account).and_then(|()| {
            state::mark(&scratch, &id, settings)?;
            if settings.durability == Durability::Durable {
                files::sync(&scratch)?;
            }
            fs_err::rename(&scratch, &data_dir)
        });
        if let Err(error) = made {
            // The first error is the one to tell; what remains is removed by the next attempt.
            fs_err::remove_dir_all(&scratch).ok();
            return Err(error.into());
        }
        let state = State::new(id, data_dir.clone(), engine, settings);
        state.write(settings)?;
        Ok(Self { state, data_dir, account })
    }

    /// Opens the cluster of a state file: with the engine that made it, or another of that major version.
    pub(super) fn open(
        mut state: State,
        settings: &ServerSettings,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, Error> {
        let data_dir = state.data_dir(settings);
        if !data_dir.join("PG_VERSION").is_file() {
            return Err(Error::DataGone { data_dir, state_file: State::file(settings) });
        }
        let account = Account::of_cluster(&data_dir)?;
        state.engine = engine_of(&state.engine, settings, account, &data_dir, progress)?;
        Ok(Self { state, data_dir, account })
    }
}

/// The log that goes with a data directory.
pub(super) fn log_file(data_dir: &Utf8Path) -> Utf8PathBuf {
    data_dir.with_file_name("postgres.log")
}

/// Makes the project's private folder.
pub(super) fn make_local_dir(settings: &ServerSettings) -> std::io::Result<Utf8PathBuf> {
    let folder = settings.local_dir();
    for folder in [&settings.state_dir, &folder] {
        // Asked of the system, so that a folder that may not be seen is an error with its path, not a new one.
        if !folder.as_std_path().try_exists()? {
            fs_err::create_dir_all(folder)?;
            fs_err::set_permissions(folder, PermissionsExt::from_mode(0o700))?;
            account::give_to_owner_of_folder(folder)?;
        }
    }
    Ok(folder)
}

fn engine_of(
    recorded: &Engine,
    settings: &ServerSettings,
    account: Account,
    data_dir: &Utf8Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Engine, Error> {
    if let Some(engine) = recorded.refreshed(account) {
        if let Some(pinned) = &settings.pinned
            && !engine.bin_dir.starts_with(pinned)
        {
            progress(Progress::PinIgnored { pinned: pinned.clone(), used: engine.bin_dir.clone() });
        }
        return Ok(engine);
    }
    match Search::new(settings, account, Some(recorded.major), progress).run() {
        Err(Error::NoEngine { looked }) => Err(Error::EngineGone {
            major: recorded.major,
            bin_dir: recorded.bin_dir.clone(),
            data_dir: data_dir.to_owned(),
            looked,
        }),
        found => found,
    }
}
