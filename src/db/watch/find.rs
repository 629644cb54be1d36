//! Finding the objects whose rows in the system catalogs have changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use futures_util::future::{try_join, try_join_all, try_join3};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::super::{Error, Session};
use super::specs::{ANEW, RECENT, SPECS, Spec, UNKNOWN};
use super::touched::{Touched, TouchedTable};
use crate::catalog::{ConstraintType, Key, Kind, Object, RawObject, Store};

/// Who is called how: a role has its name in what it owns and in what it may do.
pub(super) const ROLES: &str = "select oid, rolname::text from pg_catalog.pg_roles";
/// Where more has changed, reading everything is quicker.
const MOST: usize = 3_000;

/// What has changed.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Objects that are new or changed, with the letters that say what they are.
    pub(super) changed: BTreeMap<Key, BTreeSet<String>>,
    /// Objects that are gone.
    pub(super) gone: BTreeSet<Key>,
    /// Whether everything has to be read anew.
    pub(super) is_anew: bool,
    /// Whether what no kind of object stands for has to be read again.
    pub(super) is_unknown: bool,
    /// Whether comments, and what needs what, may have gone of any object.
    pub(super) is_any_gone: bool,
}

/// What is known of the database before.
pub(super) struct Known<'a> {
    pub(super) store: &'a Store,
    /// The oldest transaction that was under way at the last look: what it and later ones have written may be new.
    pub(super) base: &'a str,
    /// The highest number of an object.
    pub(super) highest: u32,
    /// The roles' names.
    pub(super) roles: &'a BTreeMap<u32, String>,
}

/// The rows of one catalog.
#[derive(Default)]
struct Rows {
    /// Objects with letter and another relation.
    changed: Vec<(Key, String, u32)>,
    /// How often they were written, at least.
    written: i64,
    gone: Option<Vec<Key>>,
}

impl Known<'_> {
    /// Looks for what has changed.
    pub(super) async fn find(&self, session: &Session, touched: Option<&Touched>) -> Result<Found, Error> {
        let touched = touched.filter(|it| !it.is_blind());
        let mut found = Found::default();
        let is_touched = |name: &str| touched.is_none_or(|it| it.catalog(name).is_some());
        found.is_unknown = UNKNOWN.iter().any(|name| is_touched(name));
        found.is_anew = ANEW.iter().any(|name| touched.is_some() && is_touched(name));
        if touched.is_some_and(|it| it.catalogs().is_empty()) || found.is_anew {
            return Ok(found);
        }
        let locked: Vec<Key> = match touched {
            Some(touched) => touched.locked().filter(|key| self.store.get(*key).is_some()).collect(),
            None => Vec::new(),
        };
        let specs: Vec<&Spec> =
            SPECS.iter().filter(|spec| self.store.class(spec.name) != 0 && is_touched(spec.name)).collect();
        let of_specs = try_join_all(specs.iter().map(|spec| self.quick(session, spec, touched, &locked)));
        let others = ["pg_depend", "pg_description"].into_iter().filter(|name| is_touched(name));
        let of_others = try_join_all(others.map(|name| self.of_any(session, name, touched, &locked)));
        let (of_specs, of_others, is_anew) = try_join3(of_specs, of_others, self.server(session, touched)).await?;
        found.is_anew = is_anew;
        // What goes is written down in its table first.
        let gone = of_specs.iter().flat_map(|rows| rows.gone.iter().flatten());
        let (mut defaults, mut checks) = (0, 0);
        for item in gone.filter_map(|key| Some((key, self.store.get(*key)?))) {
            defaults += i64::from(item.0.0 == self.store.class("pg_attrdef"));
            checks += i64::from(item.1.rows.iter().any(is_check_of_table));
        }
        let scans = specs.iter().zip(of_specs).map(|(spec, rows)| {
            let more = match spec.name {
                "pg_attribute" => defaults,
                "pg_class" => checks,
                _ => 0,
            };
            self.complete(session, spec, touched, rows, more)
        });
        for rows in try_join_all(scans).await?.into_iter().chain(of_others) {
            found.gone.extend(rows.gone.into_iter().flatten());
            for (key, letter, relation) in rows.changed {
                found.changed.entry(key).or_default().insert(letter);
                if relation != 0 {
                    found.changed.entry((self.store.class("pg_class"), relation)).or_default();
                }
            }
        }
        self.side_effects(&mut found, touched, &locked);
        found.is_anew |= found.changed.len() + found.gone.len() > MOST;
        Ok(found)
    }

    /// Objects that no row of their own says it of.
    fn side_effects(&self, found: &mut Found, touched: Option<&Touched>, locked: &[Key]) {
        let went = |name: &str| touched.is_none_or(|it| it.catalog(name).is_some_and(|it| it.deleted > 0));
        let has = |key: &Key, kind: Kind| {
            self.store.get(*key).is_some_and(|item| item.rows.iter().any(|row| row.id.kind == kind))
        };
        if went("pg_inherits") {
            let some = |key: &&Key| has(key, Kind::Inheritance);
            let children: Vec<Key> = match touched {
                Some(_) => locked.iter().filter(some).copied().collect(),
                None => self.store.keys().filter(|key| has(key, Kind::Inheritance)).collect(),
            };
            for key in children {
                found.changed.entry(key).or_default().insert("inherits".to_owned());
            }
        }
        if went("pg_ts_config_map") {
            for key in self.store.keys().filter(|key| has(key, Kind::TextSearchConfiguration)) {
                found.changed.entry(key).or_default();
            }
        }
        // What a transaction holds locks on may have lost something that stands apart.
        for key in locked {
            let is_without = self.store.get(*key).is_some_and(|it| !it.comments.is_empty()) && went("pg_description");
            if is_without {
                found.changed.entry(*key).or_default();
            }
        }
        for key in &found.gone {
            found.changed.remove(key);
        }
        let comments: usize = found
            .gone
            .iter()
            .chain(found.changed.keys())
            .filter_map(|key| self.store.get(*key))
            .map(|it| it.comments.len())
            .sum();
        let lost = touched.and_then(|it| it.catalog("pg_description")).map_or(0, |it| it.deleted);
        found.is_any_gone = touched.is_none() || usize::try_from(lost).unwrap_or_default() > comments;
        let classes = ["pg_class", "pg_proc", "pg_type"].map(|name| self.store.class(name));
        let is_built_in = |(key, letters): (&Key, &BTreeSet<String>)| {
            key.1 < 16384 && classes.contains(&key.0) || letters.contains("unknown")
        };
        let is_extensions = |key: &Key| self.store.get(*key).is_some_and(|it| it.needs.iter().any(|it| it.how == 'e'));
        found.is_unknown |= found.changed.iter().any(is_built_in) || found.changed.keys().any(is_extensions);
        let schemas = self.store.class("pg_namespace");
        found.changed.retain(|key, _| key.1 >= 16384 || key.0 == schemas);
    }

    /// Whether something has changed that is in many objects.
    async fn server(&self, session: &Session, touched: Option<&Touched>) -> Result<bool, Error> {
        let mut is_anew = false;
        if touched.is_none_or(|it| it.catalog("pg_authid").is_some()) {
            let roles = session.ask(ROLES, &[]).await?;
            let roles: HashMap<u32, String> = roles.iter().map(|row| (row.get(0), row.get(1))).collect();
            is_anew = self.roles.iter().any(|(oid, name)| roles.get(oid).is_some_and(|now| now != name));
        }
        if touched.is_none() {
            let mut texts = Vec::new();
            for name in ANEW.iter().filter(|name| self.store.class(name) != 0) {
                texts.push(format!("select from pg_catalog.{name} c where {RECENT}"));
            }
            let sql = texts.iter().map(|text| format!("exists ({text})")).collect::<Vec<_>>().join(" or ");
            let rows = session.ask(&format!("select {sql}"), &[(&self.base, Type::TEXT)]).await?;
            is_anew |= rows.first().is_none_or(|row| row.get(0));
        }
        Ok(is_anew)
    }

    /// What the objects that are new, and those that are locked, say.
    async fn quick(
        &self,
        session: &Session,
        spec: &Spec,
        touched: Option<&Touched>,
        locked: &[Key],
    ) -> Result<Rows, Error> {
        let Some(counts) = touched.and_then(|it| it.catalog(spec.name)) else { return Ok(Rows::default()) };
        let class = self.store.class(spec.class);
        let candidates: Vec<u32> = locked.iter().filter(|key| key.0 == class).map(|key| key.1).collect();
        let parameters =
            [(&self.base as _, Type::TEXT), (&self.highest as _, Type::OID), (&candidates as _, Type::OID_ARRAY)];
        let changed = async {
            let is_asked = spec.is_quick && counts.inserted + counts.updated > 0;
            if is_asked { session.ask(&spec.quick(), &parameters).await } else { Ok(Vec::new()) }
        };
        let gone = async {
            let is_asked = spec.has_oid && counts.deleted > 0;
            if is_asked { session.ask(&spec.gone(), &[(&candidates, Type::OID_ARRAY)]).await } else { Ok(Vec::new()) }
        };
        let (changed, gone) = try_join(changed, gone).await?;
        Ok(Rows {
            written: changed.iter().map(|row| row.get::<_, i64>(3)).sum(),
            changed: changed.iter().map(|row| change(class, row)).collect(),
            gone: Some(gone.iter().map(|row| (class, row.get(0))).collect()),
        })
    }

    /// The rest, where what was found is not all: none of the changes that the server has counted may be left over. So many
    /// more are known.
    async fn complete(
        &self,
        session: &Session,
        spec: &Spec,
        touched: Option<&Touched>,
        mut rows: Rows,
        more: i64,
    ) -> Result<Rows, Error> {
        let class = self.store.class(spec.class);
        let counts = touched.and_then(|it| it.catalog(spec.name));
        if counts.is_none_or(|it| rows.written + more != it.inserted + it.updated) {
            let parameters = [(&self.base as _, Type::TEXT), (&self.highest as _, Type::OID)];
            let read = session.ask(&spec.scan(), &parameters).await?;
            rows.changed = read.iter().map(|row| change(class, row)).collect();
        }
        let new = rows.changed.iter().filter(|(key, ..)| self.store.get(*key).is_none()).count();
        let is_all = |counts: &TouchedTable| {
            let fleeting = counts.inserted - i64::try_from(new).unwrap_or_default();
            let gone = rows.gone.as_ref().map_or(0, Vec::len);
            i64::try_from(gone).is_ok_and(|gone| gone + fleeting == counts.deleted)
        };
        if spec.has_oid && counts.is_none_or(|counts| counts.deleted > 0 && !is_all(counts)) {
            let there = session.ask(&spec.all(), &[]).await?;
            let there: HashSet<u32> = there.iter().map(|row| row.get(0)).collect();
            let is_gone = |key: &Key| key.0 == class && key.1 >= 16384 && !there.contains(&key.1);
            rows.gone = Some(self.store.keys().filter(is_gone).collect());
        }
        Ok(rows)
    }

    /// Rows of catalogs that say of which other catalog each of their rows is.
    async fn of_any(
        &self,
        session: &Session,
        name: &str,
        touched: Option<&Touched>,
        locked: &[Key],
    ) -> Result<Rows, Error> {
        let counts = touched.and_then(|it| it.catalog(name));
        if counts.is_some_and(|it| it.inserted + it.updated == 0) {
            return Ok(Rows::default());
        }
        let (class, oid) = if name == "pg_depend" { ("classid", "objid") } else { ("classoid", "objoid") };
        let select = format!("select c.{class}, c.{oid}, count(*) from pg_catalog.{name} c");
        let scan = format!("{select} where {RECENT} group by 1, 2");
        let mut read = Vec::new();
        if let Some(counts) = counts {
            let quick = format!(
                "select class, oid, sum(rows)::int8 from ( \
                 select c.{class} as class, c.{oid} as oid, count(*) as rows from pg_catalog.{name} c \
                 where c.{class} = any($5) and c.{oid} > $2 and {RECENT} group by 1, 2 \
                 union all \
                 select c.{class}, c.{oid}, count(*) from unnest($4, $3) as k (class, oid) \
                 join pg_catalog.{name} c on c.{class} = k.class and c.{oid} = k.oid \
                 where {RECENT} group by 1, 2) as found group by 1, 2"
            );
            let classes: Vec<u32> = locked.iter().map(|key| key.0).collect();
            let oids: Vec<u32> = locked.iter().map(|key| key.1).collect();
            let all: Vec<u32> = SPECS
                .iter()
                .filter(|it| it.has_oid)
                .map(|it| self.store.class(it.class))
                .filter(|it| *it != 0)
                .collect();
            let parameters = [
                (&self.base as _, Type::TEXT),
                (&self.highest as _, Type::OID),
                (&oids as _, Type::OID_ARRAY),
                (&classes as _, Type::OID_ARRAY),
                (&all as _, Type::OID_ARRAY),
            ];
            read = session.ask(&quick, &parameters).await?;
            if !is_all(counts, &read) {
                read.clear();
            }
        }
        if read.is_empty() {
            read = session.ask(&scan, &[(&self.base, Type::TEXT)]).await?;
        }
        let namespace = self.store.class("pg_namespace");
        let keys = read.iter().map(|row| (row.get::<_, u32>(0), row.get::<_, u32>(1)));
        let keys = keys.filter(|key| key.1 >= 16384 || key.0 == namespace);
        Ok(Rows { changed: keys.map(|key| (key, String::new(), 0)).collect(), ..Rows::default() })
    }
}

fn change(class: u32, row: &Row) -> (Key, String, u32) {
    ((class, row.get(0)), row.get(1), row.get(2))
}

/// Whether it is a check of a table, whose number of checks is lower when it goes.
fn is_check_of_table(row: &RawObject) -> bool {
    matches!(&row.object, Object::Constraint(it) if it.what == ConstraintType::Check && !it.of_domain)
}

/// Whether rows that were found are all that were written: none of the changes that the server has counted is left over.
fn is_all(counts: &TouchedTable, rows: &[Row]) -> bool {
    let sum: i64 = rows.iter().map(|row| row.get::<_, i64>(2)).sum();
    sum == counts.inserted + counts.updated
}
