//! What is known to fail in histories when they are taken back: written by people, and wrong by itself.

/// A way back that fails: the migration, what is said of it, and why.
pub(super) struct Fault {
    pub(super) migration: &'static str,
    pub(super) said: &'static str,
    pub(super) why: &'static str,
}

const fn fault(migration: &'static str, said: &'static str, why: &'static str) -> Fault {
    Fault { migration, said, why }
}

pub(super) const NONE: &[Fault] = &[];

pub(super) const CONCOURSE: &[Fault] = &[
    fault("1554469235_add_new_inputs_to_jobs", "no down file", "its author wrote none"),
    fault("1537546150_global_resource_version_history", "no down file", "its author wrote none"),
    fault(
        "1520796340_drop_explicit_from_build_outputs",
        r#"42701 duplicate_column: column "explicit" of relation "build_outputs" already exists"#,
        "the way back of 1579713194 makes the table again with the column that this one adds",
    ),
    fault(
        "1513895878_update_timestamp_with_timezone",
        r#"42703 undefined_column: column "last_checked" of relation "resource_types" does not exist"#,
        "1537546150 dropped the column and has no way back",
    ),
    fault(
        "1510670987_update_unique_constraint_for_resource_caches",
        r#"42704 undefined_object: index "resource_caches_resource_config_id_version_params_hash_key" does not exist"#,
        "1537546150 dropped the index and has no way back",
    ),
];

pub(super) const CRATES_IO: &[Fault] = &[
    fault(
        "2024-10-25-112826_make-unique-version-unique",
        r#"42704 undefined_object: constraint "versions_crate_id_num_no_build_uindex" of relation "versions" does not exist"#,
        "it drops a constraint where the way forward made an index",
    ),
    fault(
        "20170708133715_ensure_crate_id_foreign_keys_cascade",
        r#"42704 undefined_object: constraint "fk_crate_downloads_crate_id" of relation "crate_downloads" does not exist"#,
        "the ways back of newer migrations make the table again without it",
    ),
    fault(
        "20170318181441_downloads_need_no_id",
        r#"42601 syntax_error: syntax error at or near "ALTER""#,
        "a semicolon is missing in it",
    ),
    fault(
        "20141007131147_dumped_migration_58",
        r#"42704 undefined_object: constraint "fk_version_authors_user_id" of relation "version_authors" does not exist"#,
        "the ways back of newer migrations make the table again without it",
    ),
    fault(
        "20141002222426_dumped_migration_49",
        r#"42704 undefined_object: constraint "fk_crate_downloads_crate_id" of relation "crate_downloads" does not exist"#,
        "the ways back of newer migrations make the table again without it",
    ),
    fault(
        "20141001190230_dumped_migration_44",
        r#"42703 undefined_column: column "email" of relation "users" does not exist"#,
        "a newer migration dropped the column for good",
    ),
    fault(
        "20140929103755_dumped_migration_27",
        r#"42704 undefined_object: index "index_version_dependencies_depends_on_id" does not exist"#,
        "the ways back of newer migrations make the table again without it",
    ),
    fault(
        "20140929103754_dumped_migration_26",
        r#"42704 undefined_object: index "index_version_dependencies_version_id" does not exist"#,
        "the ways back of newer migrations make the table again without it",
    ),
];

pub(super) const KRATOS: &[Fault] = &[
    fault(
        "20200831110752000003_identity_verifiable_address_remove_code",
        r#"42703 undefined_column: column "code" of relation "identity_verifiable_addresses" does not exist"#,
        "the files of its group are taken back newest first, and the column comes back in none of them before it is used",
    ),
    fault(
        "20200831110752000002_identity_verifiable_address_remove_code",
        r#"42703 undefined_column: column "expires_at" of relation "identity_verifiable_addresses" does not exist"#,
        "the files of its group are taken back newest first, and the column comes back in none of them before it is used",
    ),
    fault(
        "20200831110752000001_identity_verifiable_address_remove_code",
        r#"42703 undefined_column: column "code" does not exist"#,
        "the files of its group are taken back newest first, and the column comes back in none of them before it is used",
    ),
    fault(
        "20200831110752000000_identity_verifiable_address_remove_code",
        r#"42703 undefined_column: column "code" does not exist"#,
        "the files of its group are taken back newest first, and the column comes back in none of them before it is used",
    ),
    fault(
        "20200317160354000003_create_profile_request_forms",
        r#"42703 undefined_column: column "form" of relation "selfservice_profile_management_requests" does not exist"#,
        "the files of its group are taken back newest first, and the column comes back in none of them before it is used",
    ),
    fault(
        "20200317160354000002_create_profile_request_forms",
        r#"42703 undefined_column: column "form" of relation "selfservice_profile_management_requests" does not exist"#,
        "the files of its group are taken back newest first, and the column comes back in none of them before it is used",
    ),
];
