//! Where migrations are tried: a shadow database that goes on from migration to migration, and the places beside it where
//! something is tried and leaves no trace.

use crate::catalog::Scope;
use crate::db::watch::{Counters, Moment, Touched, Watch};
use crate::db::{Error, Session, Shadow, Shadows};
use crate::diff::{Step as Statement, parts};
use crate::error::Failure;
use crate::plan::step::Step;
use crate::report::TransactionMode;
use futures_util::future::{join, join_all};

/// A statement that failed.
#[derive(Debug)]
pub struct Broke {
    /// Its number in its file, from 1; none where it failed at the end of its transaction.
    pub number: Option<usize>,
    /// What the server said.
    pub error: Error,
}

impl Broke {
    /// Whether it fails only because what came before it in the same transaction is not committed, or because it stands in
    /// a transaction at all.
    pub fn wants_commits(&self) -> bool {
        // unsafe_new_enum_value_usage, active_sql_transaction, no_active_sql_transaction, object_in_use: pending events of
        // triggers. <https://www.postgresql.org/docs/current/errcodes-appendix.html>
        let codes = ["55P04", "25001", "25P01", "55006"];
        self.error.server().is_some_and(|error| codes.contains(&error.sqlstate.as_str()))
    }
}

/// A shadow database on which migrations run.
pub struct Place {
    shadows: Shadows,
    shadow: Shadow,
    /// What runs migrations there.
    open: Option<Session>,
    counters: Counters,
    /// Whether there may be constraints that are checked at the end of a transaction.
    is_deferring: bool,
}

/// Where something is tried.
pub enum Stage {
    /// A transaction on the shadow database that is rolled back.
    Inside,
    /// A copy of it.
    Copy(Shadow, Box<Session>),
}

impl Place {
    /// Connects to a shadow database.
    pub async fn open(shadows: Shadows, shadow: Shadow) -> Result<Self, Failure> {
        let session = shadows.session(&shadow, false).await?;
        let counters = Counters::of(&session).await?;
        let deferred = "select from pg_catalog.pg_constraint where condeferred limit 1";
        let is_deferring = !session.query(deferred, &[]).await?.is_empty();
        Ok(Self { shadows, shadow, open: Some(session), counters, is_deferring })
    }

    /// The session that runs migrations.
    pub fn session(&self) -> Result<&Session, Failure> {
        let closed = || crate::error::bug("the shadow database is closed", &std::io::Error::other("closed"));
        self.open.as_ref().ok_or_else(closed)
    }

    /// Drops it.
    pub async fn drop(self) -> Result<(), Failure> {
        drop(self.open);
        Ok(self.shadows.drop(self.shadow).await?)
    }

    /// Runs a migration and keeps what it does. Gives what it has touched; none where it did not run in one transaction.
    pub async fn advance(&mut self, step: &Step) -> Result<Result<Option<Touched>, Broke>, Failure> {
        self.is_deferring |= defers(step);
        let session = self.session()?;
        if step.transaction != TransactionMode::Single {
            let broke = play(session, step).await?;
            let reset = cleared(session);
            session.batch(&format!("rollback; {reset}; {}", self.counters.after())).await?;
            return Ok(broke.map_or(Ok(None), Err));
        }
        let begin = self.counters.beginning();
        if begin.is_none() {
            self.counters.begin(session).await?;
        }
        let touched = match attempt(session, begin, step, (IMMEDIATE, &self.counters)).await? {
            Ok(touched) => touched,
            Err(broke) => {
                session.batch("rollback").await?;
                return Ok(Err(broke));
            }
        };
        let reset = cleared(session);
        if let Err(error) = session.batch(&format!("commit; {reset}")).await {
            session.batch("rollback").await?;
            return Ok(Err(Broke { number: None, error }));
        }
        Ok(Ok(Some(touched)))
    }

    /// Sets up a place to try something.
    pub async fn stage(&mut self, on_copy: bool) -> Result<Stage, Failure> {
        if !on_copy {
            self.counters.begin(self.session()?).await?;
            return Ok(Stage::Inside);
        }
        // Nobody may be connected to what is copied.
        self.open = None;
        self.shadows.wait_until_free(&self.shadow).await?;
        let copy = self.shadows.create(Some(&self.shadow.name)).await?;
        self.open = Some(self.shadows.session(&self.shadow, false).await?);
        let session = self.shadows.session(&copy, false).await?;
        Ok(Stage::Copy(copy, Box::new(session)))
    }

    /// Takes the place away, with all that was done there.
    pub async fn leave(&mut self, stage: Stage) -> Result<(), Failure> {
        match stage {
            Stage::Inside => self.session()?.batch("rollback").await?,
            Stage::Copy(copy, session) => {
                drop(session);
                self.shadows.drop(copy).await?;
            }
        }
        Ok(())
    }

    /// The session of a place.
    pub fn on<'a>(&'a self, stage: &'a Stage) -> Result<&'a Session, Failure> {
        match stage {
            Stage::Inside => self.session(),
            Stage::Copy(_, session) => Ok(session),
        }
    }

    /// Runs a migration, or its way back, at a place; gives what the transaction of the place has touched by then.
    pub async fn play(&self, stage: &Stage, step: &Step) -> Result<Result<Option<Touched>, Broke>, Failure> {
        let session = self.on(stage)?;
        let broke = match stage {
            Stage::Inside => {
                let settle = if self.is_deferring || defers(step) { SETTLE } else { IMMEDIATE };
                return Ok(attempt(session, None, step, (settle, &self.counters)).await?.map(Some));
            }
            Stage::Copy(..) if step.transaction == TransactionMode::Single => {
                session.batch("begin").await?;
                if let Some(broke) = play(session, step).await? {
                    session.batch("rollback").await?;
                    return Ok(Err(broke));
                }
                match session.batch(&format!("commit; {}", cleared(session))).await {
                    Ok(()) => None,
                    Err(error) => {
                        session.batch("rollback").await?;
                        Some(Broke { number: None, error })
                    }
                }
            }
            Stage::Copy(..) => {
                let broke = play(session, step).await?;
                session.batch(&format!("rollback; {}", cleared(session))).await?;
                broke
            }
        };
        Ok(broke.map_or(Ok(None), Err))
    }

    /// What the transaction of a place has touched; none where it is none.
    pub async fn touched(&self, stage: &Stage) -> Result<Option<Touched>, Failure> {
        Ok(match stage {
            Stage::Inside => Some(Touched::read(self.session()?, &self.counters).await?),
            Stage::Copy(..) => None,
        })
    }

    /// Runs generated statements at a place; gives the one that fails.
    pub async fn run(&self, stage: &Stage, steps: &[Statement]) -> Result<Option<(String, Broke)>, Failure> {
        let session = self.on(stage)?;
        for part in parts(steps) {
            let commits = matches!(stage, Stage::Copy(..)) && part.in_transaction;
            let statements = part.steps.iter().map(|step| step.sql.as_str());
            let first = commits.then_some("begin");
            let last = commits.then_some("commit");
            for sql in first.into_iter().chain(statements).chain(last) {
                if let Err(error) = session.batch(sql).await {
                    if error.connection_is_lost() {
                        return Err(error.into());
                    }
                    if commits {
                        session.batch("rollback").await?;
                    }
                    return Ok(Some((sql.to_owned(), Broke { number: None, error })));
                }
            }
        }
        if matches!(stage, Stage::Inside)
            && let Err(error) = session.batch(SETTLE).await
        {
            if error.connection_is_lost() {
                return Err(error.into());
            }
            return Ok(Some(("commit".to_owned(), Broke { number: None, error })));
        }
        Ok(None)
    }
}

/// A shadow database that goes on from migration to migration, and is looked at.
pub struct Ground {
    /// The database.
    pub place: Place,
    /// What is in it.
    pub watch: Watch,
}

impl Ground {
    /// Begins on a shadow database.
    pub async fn open(shadows: Shadows, shadow: Shadow, scope: Scope) -> Result<Self, Failure> {
        let watch = Watch::begin(shadows.session(&shadow, false).await?, scope).await?;
        Ok(Self { place: Place::open(shadows, shadow).await?, watch })
    }

    /// Drops it.
    pub async fn drop(self) -> Result<(), Failure> {
        drop(self.watch);
        Box::pin(self.place.drop()).await
    }

    /// Sets up a place to try something.
    pub async fn stage(&mut self, on_copy: bool) -> Result<Stage, Failure> {
        if on_copy {
            self.watch.pause();
        }
        let stage = self.place.stage(on_copy).await?;
        if on_copy {
            self.watch.resume(self.place.shadows.session(&self.place.shadow, false).await?);
        }
        Ok(stage)
    }

    /// Looks at what is there at a place, where its transaction has touched this.
    pub async fn peek(&mut self, stage: &Stage, touched: Option<&Touched>) -> Result<Moment, Failure> {
        Ok(self.watch.peek(self.place.on(stage)?, touched).await?)
    }
}

/// The session as it was when it was opened: the next run is another session's, which knows no table of this one.
fn cleared(session: &Session) -> String {
    format!("{}; discard temp", session.reset())
}

/// Sends the statements of a migration, one by one.
async fn play(session: &Session, step: &Step) -> Result<Option<Broke>, Failure> {
    for statement in &step.statements {
        let text = step.text(statement);
        if text.trim().is_empty() {
            continue;
        }
        let sent = match statement.copy_data {
            Some(data) => session.copy_in(text, data.of(step.source.text())).await.map(drop),
            None => session.batch(text).await,
        };
        if let Some(it) = broke(statement.number, sent)? {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

/// Sends the statements of a migration one behind the other, without waiting for the answers: in a transaction nothing is
/// done any more behind one that fails.
async fn play_at_once(session: &Session, step: &Step) -> Result<Option<Broke>, Failure> {
    let statements = step.statements.iter().map(|it| (it.number, step.text(it)));
    let statements: Vec<_> = statements.filter(|(_, text)| !text.trim().is_empty()).collect();
    let sent = join_all(statements.iter().map(|(_, text)| session.batch(text))).await;
    for ((number, _), sent) in statements.iter().zip(sent) {
        if let Some(it) = broke(*number, sent)? {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

fn broke(number: usize, sent: Result<(), Error>) -> Result<Option<Broke>, Failure> {
    match sent {
        Ok(()) => Ok(None),
        Err(error) if error.connection_is_lost() => Err(error.into()),
        Err(error) => Ok(Some(Broke { number: Some(number), error })),
    }
}

/// So many statements are sent without waiting; futures that are joined are polled in their order up to thirty.
const MOST_AT_ONCE: usize = 20;

/// Runs a migration in the transaction that is open, or that a statement opens, lets fail now what would fail at its end, and
/// asks what was touched.
async fn attempt(
    session: &Session,
    begin: Option<&str>,
    step: &Step,
    (settle, counters): (&str, &Counters),
) -> Result<Result<Touched, Broke>, Failure> {
    let open = async { if let Some(begin) = begin { session.batch(begin).await } else { Ok(()) } };
    let end = async { join(session.batch(settle), Touched::read(session, counters)).await };
    // What a migration forgets was prepared for others too.
    let forgets = step.statements.iter().any(|it| it.kind.starts_with("DEALLOCATE") || it.kind.starts_with("DISCARD"));
    let is_plain = !forgets && step.statements.iter().all(|it| it.copy_data.is_none());
    let is_small = is_plain && step.statements.len() <= MOST_AT_ONCE;
    let (broke, (settled, touched)) = if is_small {
        let (opened, (broke, ended)) = join(open, join(play_at_once(session, step), end)).await;
        opened?;
        (broke?, ended)
    } else {
        open.await?;
        if let Some(broke) = play(session, step).await? {
            return Ok(Err(broke));
        }
        if forgets {
            session.forget_prepared();
        }
        (None, end.await)
    };
    if let Some(broke) = broke {
        return Ok(Err(broke));
    }
    if let Err(error) = settled {
        return if error.connection_is_lost() { Err(error.into()) } else { Ok(Err(Broke { number: None, error })) };
    }
    Ok(Ok(touched?))
}

/// Whether a migration may make constraints that are checked at the end of a transaction.
fn defers(step: &Step) -> bool {
    step.source.text().to_ascii_lowercase().contains("deferr")
}

/// Lets fail now what would fail at the end of the transaction.
const IMMEDIATE: &str = "set constraints all immediate";

/// The same where the transaction goes on: each constraint is as it was afterwards.
const SETTLE: &str = "do $settle$ declare names text; begin set constraints all immediate; \
    select string_agg(distinct format('%I.%I', n.nspname, c.conname), ', ') into names \
    from pg_catalog.pg_constraint c join pg_catalog.pg_namespace n on n.oid = c.connamespace where c.condeferred; \
    if names is not null then execute 'set constraints ' || names || ' deferred'; end if; end $settle$";
