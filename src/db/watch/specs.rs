//! The system catalogs whose rows say that an object has changed.

/// A system catalog.
pub(super) struct Spec {
    /// Its name.
    pub(super) name: &'static str,
    /// The catalog of the object that a row is of.
    pub(super) class: &'static str,
    /// The column with the number of that object.
    pub(super) key: &'static str,
    /// An expression that says what kind of object it is.
    pub(super) letter: &'static str,
    /// Another relation that the row is of.
    pub(super) relation: &'static str,
    /// How many more changes than one a new row certainly stands for.
    pub(super) more: &'static str,
    /// Whether new rows are found by their numbers, and the numbers of rows that are gone are those of locked objects.
    pub(super) is_quick: bool,
    /// Whether its rows have numbers of their own, which are the objects'.
    pub(super) has_oid: bool,
}

const fn spec(name: &'static str) -> Spec {
    Spec { name, class: name, key: "oid", letter: "''", relation: "0::oid", more: "0", is_quick: false, has_oid: true }
}

const fn part(name: &'static str, class: &'static str, key: &'static str) -> Spec {
    Spec { class, key, has_oid: false, ..spec(name) }
}

/// All of them; `pg_depend` and `pg_description`, whose rows are of any catalog, stand apart.
pub(super) const SPECS: &[Spec] = &[
    Spec {
        letter: "c.relkind::text",
        // A toast table, triggers, row security and checks are each written down by a change of their own.
        more: "(c.reltoastrelid <> 0)::int + c.relhastriggers::int + c.relrowsecurity::int + (c.relchecks > 0)::int",
        is_quick: true,
        ..spec("pg_class")
    },
    Spec {
        letter: "case when c.attnum < 0 and c.attacl is not null then 'unknown' else '' end",
        more: "c.atthasdef::int",
        is_quick: true,
        ..part("pg_attribute", "pg_class", "attrelid")
    },
    Spec {
        // Tables say which of their indexes they are clustered on and known by; a new index is neither.
        relation: "case when c.indisclustered or c.indisreplident or not exists (select from pg_catalog.pg_class i \
            where i.oid = c.indexrelid and i.xmin = c.xmin) then c.indrelid else 0 end",
        is_quick: true,
        ..part("pg_index", "pg_class", "indexrelid")
    },
    Spec {
        letter: "case when c.typtype = 'b' and c.oid = (select e.typarray from pg_catalog.pg_type e where e.oid = c.typelem) \
            then '' when c.typtype <> 'c' then c.typtype::text \
            when exists (select from pg_catalog.pg_class r where r.oid = c.typrelid and r.relkind = 'c') then 'c' \
            else '' end",
        is_quick: true,
        ..spec("pg_type")
    },
    Spec {
        letter: "case when c.contype = 't' or c.contype = 'n' and c.conrelid <> 0 then 'inner' else 'k' end",
        relation: "case when c.contype = 'n' then c.conrelid else 0 end",
        is_quick: true,
        ..spec("pg_constraint")
    },
    Spec {
        letter: "case when c.tgisinternal and c.tgparentid = 0 then 'inner' else 't' end",
        is_quick: true,
        ..spec("pg_trigger")
    },
    Spec { relation: "c.adrelid", is_quick: true, ..spec("pg_attrdef") },
    Spec { letter: "c.prokind::text", is_quick: true, ..spec("pg_proc") },
    Spec { is_quick: true, ..spec("pg_policy") },
    Spec { relation: "c.ev_class", is_quick: true, ..spec("pg_rewrite") },
    Spec { is_quick: true, ..part("pg_sequence", "pg_class", "seqrelid") },
    Spec { letter: "'inherits'", ..part("pg_inherits", "pg_class", "inhrelid") },
    part("pg_partitioned_table", "pg_class", "partrelid"),
    part("pg_foreign_table", "pg_class", "ftrelid"),
    part("pg_enum", "pg_type", "enumtypid"),
    part("pg_range", "pg_type", "rngtypid"),
    part("pg_aggregate", "pg_proc", "aggfnoid::oid"),
    part("pg_ts_config_map", "pg_ts_config", "mapcfg"),
    spec("pg_namespace"),
    spec("pg_language"),
    spec("pg_transform"),
    spec("pg_event_trigger"),
    spec("pg_foreign_data_wrapper"),
    spec("pg_foreign_server"),
    spec("pg_ts_parser"),
    spec("pg_ts_template"),
    spec("pg_ts_dict"),
    spec("pg_ts_config"),
    spec("pg_operator"),
    spec("pg_opfamily"),
    spec("pg_opclass"),
    spec("pg_amop"),
    spec("pg_amproc"),
    spec("pg_cast"),
    spec("pg_conversion"),
    spec("pg_am"),
    spec("pg_statistic_ext"),
    spec("pg_collation"),
    spec("pg_default_acl"),
    spec("pg_publication"),
    spec("pg_publication_rel"),
    spec("pg_publication_namespace"),
];

/// Catalogs after whose changes everything is read anew: what they say is in many objects, or only some may read it.
pub(super) const ANEW: [&str; 5] =
    ["pg_extension", "pg_subscription", "pg_tablespace", "pg_seclabel", "pg_user_mapping"];

/// Catalogs after whose changes what no kind of object stands for is read again.
pub(super) const UNKNOWN: [&str; 14] = [
    "pg_amop",
    "pg_amproc",
    "pg_auth_members",
    "pg_database",
    "pg_db_role_setting",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_init_privs",
    "pg_largeobject_metadata",
    "pg_operator",
    "pg_parameter_acl",
    "pg_shdescription",
    "pg_shseclabel",
    "pg_user_mapping",
];

impl Spec {
    /// The rows that were written since a transaction (`$1`), by object; `$2` is the highest number that was known. All of
    /// the catalog is looked through.
    pub(super) fn scan(&self) -> String {
        self.select("true")
    }

    /// The same of objects that are new, or among some (`$3`).
    pub(super) fn quick(&self) -> String {
        self.select(&format!("(c.{key} > $2 or c.{key} = any($3))", key = self.key))
    }

    fn select(&self, condition: &str) -> String {
        let Self { name, key, letter, relation, more, .. } = self;
        format!(
            "select c.{key}::oid, max({letter}), max(({relation})::oid), \
             sum(1 + case when c.{key} > $2 then {more} else 0 end)::int8 \
             from pg_catalog.{name} c where {condition} and {RECENT} group by 1"
        )
    }

    /// Which of some objects (`$1`) are gone.
    pub(super) fn gone(&self) -> String {
        let name = self.name;
        format!("select k from unnest($1) as k where not exists (select from pg_catalog.{name} c where c.oid = k)")
    }

    /// All objects.
    pub(super) fn all(&self) -> String {
        format!("select c.oid from pg_catalog.{} c where c.oid >= 16384", self.name)
    }
}

/// Rows that were written by the transaction `$1` or a later one.
pub(super) const RECENT: &str = "age(c.xmin) <= (select age($1::text::xid))";
