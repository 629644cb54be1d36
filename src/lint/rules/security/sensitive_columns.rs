//! `sensitive-columns`: secrets and personal numbers in a table that clients read freely.

use super::ask::{access, listed, rls};
use crate::diagnostic::Level;
use crate::lint::schema::Place;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::PolicyCommand;

/// The option's name.
const NAMES: &str = "names";

pub(super) static RULE: Rule = Rule {
    id: "sensitive-columns",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Warning,
    opt_in: false,
    condition: "a table that clients read without row-level security, or by a policy that is always true, has columns with names of secrets",
    effect: "passwords, tokens, card numbers or identity numbers of everybody can be read through the API",
    remedy: "restrict the policy to the row's owner, keep the column in a table that is not exposed, or in the vault",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption {
        name: NAMES,
        preset: Preset::List(&[]),
        help: "further names of columns that are nobody else's business",
    }],
    sources: &["https://supabase.com/docs/guides/database/database-linter?lint=0023_sensitive_columns_exposed"],
    bad: &["create table public.accounts (id bigint primary key, name text not null, api_key text not null);\n\
            alter table public.accounts enable row level security;\n\
            create policy accounts_select on public.accounts for select to anon, authenticated using (true);\n"],
    good: &["create table public.accounts (id bigint primary key, user_id uuid not null, api_key text not null);\n\
             create index on public.accounts (user_id);\n\
             alter table public.accounts enable row level security;\n\
             create policy accounts_select on public.accounts for select to authenticated using (user_id = (select auth.uid()));\n"],
    checks: &[Check::Chain(check)],
};

const SENSITIVE: &[&str] = &[
    "2fa_code",
    "2fa_secret",
    "access_token",
    "account_number",
    "activation_key",
    "api_key",
    "api_secret",
    "apikey",
    "auth_code",
    "auth_key",
    "backup_code",
    "bank_account",
    "bearer_token",
    "bic",
    "card_number",
    "certificate",
    "client_secret",
    "credit_card",
    "credit_card_number",
    "cvc",
    "cvn",
    "cvv",
    "device_uuid",
    "driver_license",
    "drivers_license",
    "encrypted_password",
    "facial_recognition",
    "gpg_key",
    "health_insurance",
    "health_record",
    "iban",
    "imei",
    "insurance_number",
    "jwt",
    "license_key",
    "license_number",
    "mac_address",
    "macaddr",
    "medical_insurance",
    "medical_record",
    "national_id",
    "oauth_token",
    "otp",
    "passphrase",
    "passport_id",
    "passport_number",
    "passwd",
    "password",
    "password_hash",
    "patient_id",
    "pgp_key",
    "private_key",
    "pwd",
    "recovery_code",
    "refresh_token",
    "routing_number",
    "secret",
    "secret_key",
    "session_id",
    "session_key",
    "session_secret",
    "session_token",
    "social_security",
    "social_security_number",
    "ssh_key",
    "ssn",
    "swift_code",
    "tax_id",
    "token",
    "treatment",
    "two_factor",
    "verification_code",
    "webhook_secret",
];

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in cx.tables() {
        if !rls::is_exposed(cx, table) {
            continue;
        }
        let extra = cx.options(table.created.file.unwrap_or_default()).list(NAMES);
        let columns: Vec<_> = table
            .columns
            .iter()
            .filter(|column| {
                let name = column.name.to_lowercase().replace('-', "_");
                SENSITIVE.contains(&name.as_str()) || extra.contains(&name)
            })
            .collect();
        let Some(first) = columns.first() else { continue };
        let readers = access::api_roles(cx.config, &table.acl, "select");
        let policies = cx.policies();
        let (roles, why): (Vec<&str>, Option<Place>) = if table.row_security {
            let open = policies.iter().find(|policy| {
                policy.name == table.name
                    && policy.create.permissive
                    && policy.covers(PolicyCommand::Select)
                    && policy.using.is_some_and(|using| using.expr.is_always_true())
                    && !policy.api_roles(cx.config).is_empty()
            });
            let Some(open) = open else { continue };
            let all = open.roles.contains(&"public");
            (
                readers.into_iter().filter(|role| all || open.roles.contains(role)).collect(),
                open.using.map(|using| using.place()),
            )
        } else {
            (readers, None)
        };
        if roles.is_empty() {
            continue;
        }
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let mut finding = cx
            .finding(
                first.created,
                format!("{} can read {} of every row of `{}`", listed(&roles), listed(&names), table.name),
            )
            .label("for the eyes of few")
            .object(&table.name)
            .touched(table.touched)
            .help("let only the row's owner read it, or keep the column in a table that is not exposed");
        finding = match why {
            Some(place) => finding.see(place, "this policy lets everybody read every row").touched(place.file),
            None => finding.note("the table has no row-level security"),
        };
        out.push(finding);
    }
}
