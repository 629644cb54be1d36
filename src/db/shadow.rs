//! Shadow databases: made to try something on, and dropped again, also when the run that made them was killed.
//!
//! A shadow's name says which backend made it, by process and time of its beginning, so that it is nobody's as soon as that
//! connection has ended, however the run died. Shadows that many runs begin with are kept under the hash of what is in them, and copied.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio_postgres::types::Type;

use super::{ConnectOptions, Endpoint, Error, Session};
use crate::text::{quote_ident, quote_literal};

/// What the names of shadows begin with.
const SHADOW: &str = "dbctl_shadow_";
/// What the names of kept ones begin with.
const KEPT: &str = "dbctl_replay_";
/// How often a copy is tried again while somebody reads what is copied; the server waits five seconds each time.
const WAITS: usize = 12;
/// How often it is looked whether a shadow is nobody's, and how long is waited between.
const LOOKS: usize = 200;
const BETWEEN: Duration = Duration::from_millis(2);
/// For how long after its use, in seconds, a kept one is not dropped.
const FRESH: i64 = 120;
/// How many are kept on a server; the one not used for longest goes.
const MOST: usize = 12;

/// A server on which shadows are made.
pub struct Shadows {
    session: Session,
    endpoint: Endpoint,
    /// What the names of this run's shadows begin with.
    own: String,
    made: AtomicUsize,
}

/// A shadow database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    /// Its name.
    pub name: String,
}

impl Shadows {
    /// Connects, and drops what runs that died have left.
    pub async fn open(endpoint: Endpoint) -> Result<Self, Error> {
        let options = ConnectOptions { application_name: "dbctl shadow".to_owned(), read_only: false };
        let session = Session::open(&endpoint, &options).await?;
        let own = "select pid || '_' || (extract(epoch from backend_start) * 1000000)::bigint \
             from pg_catalog.pg_stat_activity where pid = pg_catalog.pg_backend_pid()";
        let rows = session.rows(own).await?;
        let own = format!("{SHADOW}{}_", rows.first().and_then(|row| row.get(0)).unwrap_or_default());
        let shadows = Self { session, endpoint, own, made: AtomicUsize::new(0) };
        shadows.sweep().await?;
        Ok(shadows)
    }

    /// Makes a database: an empty one, or a copy of a kept one.
    pub async fn create(&self, template: Option<&str>) -> Result<Shadow, Error> {
        let name = format!("{}{}", self.own, self.made.fetch_add(1, Ordering::Relaxed));
        let of = quote_ident(template.unwrap_or("template0"));
        let sql = format!("create database {} template {of}", quote_ident(&name));
        // Where somebody reads the template the server waits some seconds for him before it says so.
        let mut waited = 0;
        loop {
            match self.session.batch(&sql).await {
                Err(Error::Server(error)) if error.sqlstate == "55006" && waited < WAITS => waited += 1,
                other => break other?,
            }
        }
        if let Some(template) = template {
            self.settings(template, &name).await?;
        }
        Ok(Shadow { name })
    }

    /// Gives a database the settings of its template, which `create database` leaves behind
    /// (<https://www.postgresql.org/docs/current/manage-ag-templatedbs.html>): the platform's search path is one.
    async fn settings(&self, template: &str, name: &str) -> Result<(), Error> {
        // Lists are quoted word by word already: <https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html>.
        let sql = format!(
            "do $settings$ declare it record; begin \
             for it in select r.rolname, split_part(c, '=', 1) as name, substr(c, strpos(c, '=') + 1) as value \
             from pg_catalog.pg_db_role_setting s join pg_catalog.pg_database d on d.oid = s.setdatabase \
             left join pg_catalog.pg_roles r on r.oid = s.setrole cross join unnest(s.setconfig) c \
             where d.datname = {} loop \
             execute format('alter %s set %I = %s', \
             case when it.rolname is null then format('database %I', {name}) \
             else format('role %I in database %I', it.rolname, {name}) end, it.name, \
             case when it.name in ('search_path', 'temp_tablespaces', 'local_preload_libraries', \
             'session_preload_libraries') then it.value else quote_literal(it.value) end); \
             end loop; end $settings$",
            quote_literal(template),
            name = quote_literal(name)
        );
        self.session.batch(&sql).await
    }

    /// Opens a session on a shadow.
    pub async fn session(&self, shadow: &Shadow, read_only: bool) -> Result<Session, Error> {
        let options = ConnectOptions { application_name: "dbctl shadow".to_owned(), read_only };
        let mut session = Session::open(&self.endpoint.with_database(&shadow.name), &options).await?;
        // What is lost with the server is made again: no commit waits for the disk.
        session.always("set synchronous_commit = off").await?;
        Ok(session)
    }

    /// Waits until nobody is connected to a shadow: those who left may take a moment to be gone. The server itself looks only
    /// ten times a second.
    pub async fn wait_until_free(&self, shadow: &Shadow) -> Result<(), Error> {
        let sql = "select from pg_catalog.pg_stat_activity where datname = $1 limit 1";
        for _ in 0..LOOKS {
            if self.session.query(sql, &[(&shadow.name.as_str(), Type::TEXT)]).await?.is_empty() {
                break;
            }
            tokio::time::sleep(BETWEEN).await;
        }
        Ok(())
    }

    /// Drops a shadow, with whatever is connected to it.
    pub async fn drop(&self, shadow: Shadow) -> Result<(), Error> {
        self.remove(&shadow.name).await
    }

    async fn remove(&self, name: &str) -> Result<(), Error> {
        let sql = format!("drop database if exists {} with (force)", quote_ident(name));
        match self.session.batch(&sql).await {
            Err(Error::Server(error)) if error.sqlstate == "55006" => {
                self.unsubscribe(name).await?;
                self.session.batch(&sql).await
            }
            other => other,
        }
    }

    /// Takes away the subscriptions of a database, which keep it from being dropped, without a word to their publishers.
    async fn unsubscribe(&self, name: &str) -> Result<(), Error> {
        let session = self.session(&Shadow { name: name.to_owned() }, false).await?;
        let rows = session
            .rows(
                "select format('alter subscription %1$I disable; alter subscription %1$I set (slot_name = none); \
                 drop subscription %1$I', subname) from pg_catalog.pg_subscription \
                 where subdbid = (select oid from pg_catalog.pg_database where datname = current_database())",
            )
            .await?;
        for sql in rows.iter().filter_map(|row| row.get(0)) {
            for statement in sql.split("; ") {
                session.batch(statement).await?;
            }
        }
        Ok(())
    }

    /// The name of what is kept under a hash, where it is there; it counts as used now.
    pub async fn kept(&self, hash: &str) -> Result<Option<String>, Error> {
        let name = kept_name(hash);
        let found = self
            .session
            .query("select 1 from pg_catalog.pg_database where datname = $1", &[(&name.as_str(), Type::TEXT)])
            .await?;
        if found.is_empty() {
            return Ok(None);
        }
        self.mark(&name).await?;
        Ok(Some(name))
    }

    /// Keeps a shadow under a hash; nobody may be connected to it. Where another run was first, its one stays.
    pub async fn keep(&self, shadow: Shadow, hash: &str) -> Result<String, Error> {
        let name = kept_name(hash);
        if self.kept(hash).await?.is_some() {
            self.drop(shadow).await?;
            return Ok(name);
        }
        // From the moment it has its name, others may look for what can go.
        self.mark(&shadow.name).await?;
        let rename = format!("alter database {} rename to {}", quote_ident(&shadow.name), quote_ident(&name));
        match self.session.batch(&rename).await {
            Ok(()) => {}
            Err(_) if self.kept(hash).await?.is_some() => self.drop(shadow).await?,
            Err(error) => return Err(error),
        }
        self.mark(&name).await?;
        self.forget().await?;
        Ok(name)
    }

    async fn mark(&self, name: &str) -> Result<(), Error> {
        // The comment is the only place on the server that goes with the database.
        let now = jiff::Timestamp::now().as_second();
        self.session.batch(&format!("comment on database {} is 'dbctl replay, used at {now}'", quote_ident(name))).await
    }

    /// Drops the kept ones that were not used for longest; one that was used just now may still be read by another run.
    async fn forget(&self) -> Result<(), Error> {
        let rows = self
            .session
            .rows(&format!(
                "select datname, pg_catalog.shobj_description(oid, 'pg_database') from pg_catalog.pg_database \
                 where datname like '{}%' order by 2 desc nulls last",
                KEPT.replace('_', "\\_")
            ))
            .await?;
        let now = jiff::Timestamp::now().as_second();
        for row in rows.iter().skip(MOST) {
            let used = row.get(1).and_then(|it| it.rsplit(' ').next()?.parse::<i64>().ok()).unwrap_or_default();
            let Some(name) = row.get(0).filter(|_| now - used > FRESH) else { continue };
            // Another run may be copying it at this moment: then it stays.
            let sql = format!("drop database if exists {}", quote_ident(name));
            if let Err(Error::Server(error)) = self.session.batch(&sql).await
                && error.sqlstate == "55006"
                && self.unsubscribe(name).await.is_ok()
            {
                let _busy = self.session.batch(&sql).await;
            }
        }
        Ok(())
    }

    /// Drops the shadows whose makers are gone.
    async fn sweep(&self) -> Result<(), Error> {
        let left = format!(
            "select datname from pg_catalog.pg_database d where datname like '{}%' and not exists (\
             select from pg_catalog.pg_stat_activity a where starts_with(d.datname, '{SHADOW}' || a.pid || '_' \
             || (extract(epoch from a.backend_start) * 1000000)::bigint || '_'))",
            SHADOW.replace('_', "\\_")
        );
        for row in self.session.rows(&left).await? {
            let Some(name) = row.get(0) else { continue };
            // One that cannot go is no reason not to work: the next run tries again.
            if let Err(error) = self.remove(name).await {
                tracing::warn!("`{name}` of a run that died stays: {error}");
            }
        }
        Ok(())
    }
}

fn kept_name(hash: &str) -> String {
    format!("{KEPT}{}", hash.get(..32).unwrap_or(hash))
}
