//! Finds the layout of a folder from its listing, and the migrations in it.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::{Entry, Found, LAYOUTS, Layout};
use crate::migration::error::LayoutError;
use crate::migration::version::{Order, Version};

/// How many files of the prevailing layout an error names as examples.
const EXAMPLES: usize = 3;

/// The layout of a folder and its migrations, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The layout.
    pub layout: &'static Layout,
    /// The migrations by version.
    pub migrations: Vec<Listed>,
}

/// A migration as the listing shows it; paths are relative to the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// The SQL that does it.
    pub up: Utf8PathBuf,
    /// The SQL that takes it back.
    pub down: Option<Utf8PathBuf>,
    /// Settings beside it (diesel's `metadata.toml`).
    pub settings: Option<Utf8PathBuf>,
}

/// What is done where several migrations have one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SameVersion {
    /// They are refused.
    #[default]
    Refuse,
    /// Their names tell them apart and order them, as in histories of tools that allow it.
    ByName,
}

/// Says which layout a listing shows and reads its migrations.
///
/// Files that are no SQL, hidden files and folders that are no migrations do not count. An empty folder has dbctl's
/// own layout. Every error names all files that it is about.
pub fn recognise(all: &[Entry], same: SameVersion) -> Result<Listing, LayoutError> {
    let mut entries: Vec<&Entry> = all.iter().filter(|entry| is_candidate(entry)).collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let layout = choose(&entries)?;
    if layout.folders {
        let has_none = |entry: &&Entry| {
            entry.contents.is_some() && Entry::may_be_migration(&entry.name) && (layout.read)(entry).is_none()
        };
        let empty = names(all.iter().filter(has_none));
        if !empty.is_empty() {
            return Err(LayoutError::EmptyFolder { files: empty });
        }
    }
    let found: Vec<(&Entry, Found<'_>)> =
        entries.iter().filter_map(|entry| Some((*entry, (layout.read)(entry)?))).collect();

    let nameless = names(found.iter().filter(|(_, found)| found.name.is_empty()).map(|(entry, _)| *entry));
    if !nameless.is_empty() {
        return Err(LayoutError::EmptyName { files: nameless });
    }
    let order = layout.order_with(same);
    let versions = parse_versions(order, &found)?;
    let migrations = pair(&found, &versions)?;
    check_order(order, &migrations)?;
    Ok(Listing { layout, migrations })
}

/// Whether the entry is to be read by a layout: SQL, or a folder that some layout knows.
fn is_candidate(entry: &Entry) -> bool {
    if entry.name.starts_with('.') {
        return false;
    }
    match entry.contents {
        None => entry.name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("sql")),
        Some(_) => LAYOUTS.iter().any(|layout| (layout.read)(entry).is_some()),
    }
}

/// The layout that reads all entries; the one that reads most decides which are the odd ones.
fn choose(entries: &[&Entry]) -> Result<&'static Layout, LayoutError> {
    let unfit =
        names(entries.iter().filter(|entry| LAYOUTS.iter().all(|layout| (layout.read)(entry).is_none())).copied());
    if !unfit.is_empty() {
        return Err(LayoutError::Unfit { files: unfit });
    }
    let reads = |layout: &Layout| entries.iter().filter(|entry| (layout.read)(entry).is_some()).count();
    let mut first = Layout::OWN;
    let mut most = reads(first);
    for layout in LAYOUTS {
        let fitting = reads(layout);
        if fitting > most {
            (first, most) = (layout, fitting);
        }
    }
    let (read, rest): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|entry| (first.read)(entry).is_some());
    let Some(odd) = rest.first() else { return Ok(first) };
    let second = LAYOUTS.iter().find(|layout| (layout.read)(odd).is_some()).copied().unwrap_or(first);
    let (second_files, _): (Vec<&Entry>, Vec<&Entry>) = rest.iter().partition(|entry| (second.read)(entry).is_some());
    Err(LayoutError::Mixed {
        first,
        first_files: names(read.into_iter().take(EXAMPLES)),
        second,
        second_files: names(second_files.into_iter()),
    })
}

fn names<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    entries.map(|entry| entry.name.clone()).collect()
}

fn parse_versions(order: Order, found: &[(&Entry, Found<'_>)]) -> Result<Vec<Version>, LayoutError> {
    let mut versions = Vec::with_capacity(found.len());
    let mut wrong = Vec::new();
    for (entry, found) in found {
        match Version::parse(found.version, order) {
            Ok(version) => versions.push(version),
            Err(why) => wrong.push((entry.name.clone(), why)),
        }
    }
    match wrong.first() {
        Some(&(_, why)) => {
            let files = wrong.into_iter().filter(|(_, other)| *other == why).map(|(file, _)| file).collect();
            Err(LayoutError::Version { files, why })
        }
        None if order == Order::Name => Ok(tell_apart(found, &versions)),
        None => Ok(versions),
    }
}

/// Gives each of the migrations that share a number its own version, in the order of their names.
fn tell_apart(found: &[(&Entry, Found<'_>)], versions: &[Version]) -> Vec<Version> {
    let mut sharing: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for (version, (_, found)) in versions.iter().zip(found) {
        sharing.entry(version.key()).or_default().insert(found.name);
    }
    let own = |(version, (_, found)): (&Version, &(&Entry, Found<'_>))| {
        let Some(names) = sharing.get(&version.key()).filter(|names| names.len() > 1) else { return version.clone() };
        let rank = names.range(..found.name).count();
        let shared = version.shared(rank, &format!("{}_{}", found.version, found.name));
        // More than there is room for stay one version, which is refused.
        shared.unwrap_or_else(|| version.clone())
    };
    versions.iter().zip(found).map(own).collect()
}

/// Brings the two ways of each version together.
fn pair(found: &[(&Entry, Found<'_>)], versions: &[Version]) -> Result<Vec<Listed>, LayoutError> {
    let mut by_version: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, version) in versions.iter().enumerate() {
        by_version.entry(version.key()).or_default().push(index);
    }
    let (mut migrations, mut duplicates, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for indexes in by_version.values() {
        let files = |indexes: &[usize]| names(indexes.iter().map(|&index| found[index].0));
        let ups: Vec<usize> = indexes.iter().copied().filter(|&index| found[index].1.up.is_some()).collect();
        let downs: Vec<usize> = indexes.iter().copied().filter(|&index| found[index].1.down.is_some()).collect();
        match (&ups[..], &downs[..]) {
            ([], _) => alone.extend(files(indexes)),
            (&[up], [] | [_]) => {
                let (_, way) = &found[up];
                migrations.push(Listed {
                    version: versions[up].clone(),
                    name: way.name.to_owned(),
                    up: way.up.clone().unwrap_or_default(),
                    down: downs.first().and_then(|&down| found[down].1.down.clone()),
                    settings: way.settings.clone(),
                });
            }
            _ => duplicates.push((versions[indexes[0]].text().to_owned(), files(indexes))),
        }
    }
    if !duplicates.is_empty() {
        return Err(LayoutError::Duplicates { groups: duplicates });
    }
    if !alone.is_empty() {
        return Err(LayoutError::DownWithoutUp { files: alone });
    }
    Ok(migrations)
}

/// Refuses versions of different lengths that the keys would order otherwise than the tool does.
fn check_order(order: Order, migrations: &[Listed]) -> Result<(), LayoutError> {
    let tools_order = |listed: &Listed| {
        let text = listed.version.text();
        match order {
            Order::Number => (text.parse::<u128>().unwrap_or(u128::MAX), String::new()),
            Order::Text => (0, text.replace('-', "")),
            Order::Name => (0, listed.version.with_name(&listed.name)),
        }
    };
    let files: Vec<String> = migrations
        .windows(2)
        .filter(|pair| tools_order(&pair[0]) >= tools_order(&pair[1]))
        .flat_map(|pair| [pair[0].up.to_string(), pair[1].up.to_string()])
        .collect();
    if files.is_empty() { Ok(()) } else { Err(LayoutError::Order { files }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<Entry> {
        names.iter().map(|name| Entry::file(*name)).collect()
    }

    fn refusal(entries: &[Entry]) -> String {
        let error = recognise(entries, SameVersion::Refuse).unwrap_err();
        assert!(!error.hints().is_empty());
        error.to_string()
    }

    #[test]
    fn reads_each_layout() {
        let listing =
            recognise(&files(&["20240101000000_a.sql", "20240101000000_a.down.sql", "README.md"]), SameVersion::Refuse)
                .unwrap();
        assert_eq!((listing.layout.id, listing.migrations.len()), ("timestamped", 1));
        assert_eq!(listing.migrations[0].down.as_deref(), Some("20240101000000_a.down.sql".into()));
        let listing =
            recognise(&files(&["2_b.sql", "10_c.sql", "001_a.sql", ".hidden.sql"]), SameVersion::Refuse).unwrap();
        assert_eq!(listing.layout.id, "numbered");
        let names: Vec<&str> = listing.migrations.iter().map(|listed| listed.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        let listing =
            recognise(&files(&["1_a.up.sql", "1_b.down.sql", "2_b.sql.up.sql"]), SameVersion::Refuse).unwrap();
        assert_eq!((listing.layout.id, listing.migrations[1].name.as_str()), ("up-down", "b.sql"));
        let diesel = [
            Entry::folder("2019-03-22-170700_a_b", ["up.sql", "down.sql", "metadata.toml"]),
            Entry::folder("00000000000000_diesel_initial_setup", ["up.sql"]),
            Entry::folder("seeds", ["1.sql"]),
        ];
        let listing = recognise(&diesel, SameVersion::Refuse).unwrap();
        assert_eq!((listing.layout.id, listing.migrations.len()), ("diesel", 2));
        assert_eq!(listing.migrations[1].version.text(), "2019-03-22-170700");
        assert_eq!(listing.migrations[1].settings.as_deref(), Some("2019-03-22-170700_a_b/metadata.toml".into()));
        let prisma = [Entry::folder("0_init", ["migration.sql"]), Entry::file("migration_lock.toml")];
        assert_eq!(recognise(&prisma, SameVersion::Refuse).unwrap().layout.to_string(), "Prisma");
        assert_eq!(recognise(&[], SameVersion::Refuse).unwrap().layout, Layout::OWN);
    }

    #[test]
    fn reads_back_what_it_names_for_new_files() {
        for layout in LAYOUTS {
            let new = layout.files("20240131093000_a");
            let mut entries: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for path in [Some(new.up), new.down].into_iter().flatten() {
                let mut parts = path.iter().map(str::to_owned);
                entries.entry(parts.next().unwrap()).or_default().extend(parts);
            }
            let entries: Vec<Entry> = entries
                .into_iter()
                .map(|(name, contents)| Entry { name, contents: layout.folders.then_some(contents) })
                .collect();
            let listing = recognise(&entries, SameVersion::Refuse).unwrap();
            assert!(listing.layout == *layout || layout.id == "numbered", "{layout}");
            assert!(listing.migrations[0].down.is_some());
        }
    }

    #[test]
    fn refuses_a_mix_and_names_the_odd_ones() {
        assert_eq!(
            refusal(&files(&["1_a.up.sql", "2_b.up.sql", "3_c.sql", "4_d.sql", "5_e.up.sql", "6_f.up.sql"])),
            "the folder mixes two layouts: `1_a.up.sql`, `2_b.up.sql` and `5_e.up.sql` (golang-migrate/sqlx), \
             but `3_c.sql` and `4_d.sql` (sqlx)"
        );
        let mixed = [Entry::folder("1_a", ["up.sql"]), Entry::folder("2_b", ["migration.sql"])];
        assert!(refusal(&mixed).contains("diesel"));
    }

    #[test]
    fn refuses_unclear_names_and_names_all() {
        assert_eq!(
            refusal(&files(&["1_a.sql", "seed.sql", "V1__b.SQL"])),
            "the file names are of no known layout: `V1__b.SQL` and `seed.sql`"
        );
        assert_eq!(
            refusal(&files(&["1_a.sql", "01_b.sql", "2_c.sql", "2_d.sql"])),
            "version 01 is taken by `01_b.sql` and `1_a.sql`; version 2 is taken by `2_c.sql` and `2_d.sql`"
        );
        assert_eq!(
            refusal(&files(&["1_a.sql", "2_a.down.sql"])),
            "the file has no migration to take back: `2_a.down.sql`"
        );
        assert_eq!(
            refusal(&files(&["1_.sql", "2.sql"])),
            "the files have no name behind the version: `1_.sql` and `2.sql`"
        );
        assert!(refusal(&[Entry::folder("1_a", ["down.sql"])]).contains("`1_a`"));
        let empty = [Entry::folder("1_a", ["migration.sql"]), Entry::folder("2_b", [".gitkeep"])];
        assert_eq!(refusal(&empty), "the folder has no migration in it: `2_b`");
        assert!(refusal(&[Entry::folder("1x_a", ["up.sql"])]).contains("only digits"));
    }

    #[test]
    fn tells_prismas_migrations_of_one_second_apart() {
        let folder = |name: &str| Entry::folder(name, ["migration.sql"]);
        let listing = recognise(
            &[folder("20240304123642_b"), folder("20240304123642_a"), folder("20240304123641_z")],
            SameVersion::Refuse,
        )
        .unwrap();
        let versions: Vec<(&str, i64)> =
            listing.migrations.iter().map(|listed| (listed.version.text(), listed.version.key())).collect();
        assert_eq!(
            versions,
            [
                ("20240304123641", 20_240_304_123_641_000),
                ("20240304123642_a", 20_240_304_123_642_000),
                ("20240304123642_b", 20_240_304_123_642_001)
            ]
        );
        assert_eq!(listing.migrations[1].version.with_name("a"), "20240304123642_a");
        let listing = recognise(
            &["20250625_b", "0_init", "20250625235959_a", "20250626000000_c"].map(folder),
            SameVersion::Refuse,
        )
        .unwrap();
        let names: Vec<&str> = listing.migrations.iter().map(|listed| listed.name.as_str()).collect();
        assert_eq!(names, ["init", "a", "b", "c"]);
    }

    #[test]
    fn refuses_versions_whose_order_the_history_would_change() {
        let twenty = "20150100000001000000_a.up.sql";
        assert!(recognise(&files(&[twenty, "20240101000000_b.up.sql"]), SameVersion::Refuse).is_ok());
        assert_eq!(
            refusal(&files(&[twenty, "201501000000010000_b.up.sql", "450100000001000001_c.up.sql"])),
            "the order of `20150100000001000000_a.up.sql` and `450100000001000001_c.up.sql` is not clear: \
             their versions have different lengths"
        );
        assert!(refusal(&files(&[twenty, "450100000001000000_c.up.sql"])).contains("is taken by"));
        assert!(refusal(&files(&["123456789012345678901_a.up.sql"])).contains("more digits"));
    }

    #[test]
    fn tells_migrations_of_one_version_apart_by_name_where_that_is_wanted() {
        let entries =
            files(&["1626194317_b.up.sql", "1626194317_b.down.sql", "1626194317_a.up.sql", "1626194318_c.up.sql"]);
        let listing = recognise(&entries, SameVersion::ByName).unwrap();
        let names: Vec<&str> = listing.migrations.iter().map(|listed| listed.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(listing.migrations[1].version.text(), "1626194317_b");
        assert!(listing.migrations[1].down.is_some());
        assert_eq!(listing.migrations[2].version.text(), "1626194318");
    }
}
