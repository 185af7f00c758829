//! The schema and its versions. Migrations only go forward; before each, an existing ledger is copied.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use wirereport_actors::ports::ledger::LedgerError;

use super::backup;
use super::trouble::Trouble;

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/01_ledger.sql")),
    M::up(include_str!("migrations/02_channels.sql")),
    M::up(include_str!("migrations/03_pace.sql")),
    M::up(include_str!("migrations/04_refusals.sql")),
    M::up(include_str!("migrations/05_expenses.sql")),
    M::up(include_str!("migrations/06_access.sql")),
    M::up(include_str!("migrations/07_changes.sql")),
    M::up(include_str!("migrations/08_posts_by_game.sql")),
    M::up(include_str!("migrations/09_alerts.sql")),
    M::up(include_str!("migrations/10_alert_changes.sql")),
    M::up(include_str!("migrations/11_fewer_indices.sql")),
    M::up(include_str!("migrations/12_identity.sql")),
];

/// The schema this version knows.
pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::new(STEPS));

/// Every version of a schema, oldest first.
#[derive(Debug)]
pub(super) struct Schema {
    migrations: Migrations<'static>,
    known: usize,
}

impl Schema {
    fn new(steps: &'static [M<'static>]) -> Self {
        Self { migrations: Migrations::from_slice(steps), known: steps.len() }
    }

    /// The newest version.
    pub(super) fn known(&self) -> usize {
        self.known
    }

    /// Brings the file at `path` to the newest version; where the copy of the earlier one went, if there was one.
    pub(super) fn migrate(&self, conn: &mut Connection, path: &Path) -> Result<Option<PathBuf>, LedgerError> {
        let found = self.check(conn, path)?;
        if found == self.known {
            return Ok(None);
        }
        let copy = (found > 0).then(|| before(path, self.known));
        if let Some(copy) = &copy {
            backup::copy(conn, copy)?;
        }
        self.upgrade(conn, path)?;
        Ok(copy)
    }

    /// Brings a file that need not be copied to the newest version.
    pub(super) fn upgrade(&self, conn: &mut Connection, path: &Path) -> Result<(), LedgerError> {
        match self.migrations.to_latest(conn) {
            Ok(()) => Ok(()),
            // Another process may have been quicker.
            Err(_) if version(conn).is_ok_and(|now| now == self.known) => Ok(()),
            Err(rusqlite_migration::Error::RusqliteError { err, .. }) => Err(Trouble::from(err).at(path)),
            Err(error) => Err(LedgerError::Unavailable {
                detail: format!("the ledger at {} cannot be migrated: {error}", path.display()),
            }),
        }
    }

    /// The version of the file at `path`, which must be a ledger and not newer than what is known.
    pub(super) fn check(&self, conn: &Connection, path: &Path) -> Result<usize, LedgerError> {
        let found = version(conn).map_err(|error| error.at(path))?;
        let shown = path.display().to_string();
        if found > self.known {
            return Err(LedgerError::NewerSchema { path: shown, found, known: self.known });
        }
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables: i64 =
            conn.query_row(tables, [], |row| row.get(0)).map_err(|e| Trouble::from(e).at(path))?;
        if found == 0 && tables > 0 {
            let detail = "it is a database of something else".to_owned();
            return Err(LedgerError::Corrupt { path: shown, detail });
        }
        Ok(found)
    }
}

fn version(conn: &Connection) -> Result<usize, Trouble> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn before(path: &Path, version: usize) -> PathBuf {
    backup::beside(path, &format!("before-v{version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &[M<'static>] = &[
        M::up("CREATE TABLE notes (text TEXT NOT NULL)"),
        M::up("ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'"),
    ];

    fn notes(conn: &Connection) -> Vec<String> {
        let mut statement = conn.prepare("SELECT text FROM notes").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_ledger_is_copied_before_it_is_migrated_and_a_new_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.sqlite");
        let mut conn = Connection::open(&path).unwrap();
        assert_eq!(Schema::new(&TWO[..1]).migrate(&mut conn, &path), Ok(None));
        conn.execute("INSERT INTO notes (text) VALUES ('kept')", []).unwrap();

        let copy = Schema::new(TWO).migrate(&mut conn, &path).unwrap().unwrap();
        assert_eq!(copy, dir.path().join("ledger.sqlite.before-v2"));
        assert_eq!(notes(&conn), ["kept"]);
        assert_eq!(version(&conn).unwrap(), 2);
        let earlier = Connection::open(&copy).unwrap();
        assert_eq!(notes(&earlier), ["kept"]);
        assert_eq!(version(&earlier).unwrap(), 1);
        assert_eq!(Schema::new(TWO).migrate(&mut conn, &path), Ok(None), "it is up to date now");
    }

    #[test]
    fn a_newer_schema_and_somebody_elses_database_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.sqlite");
        let shown = path.display().to_string();
        let mut conn = Connection::open(&path).unwrap();
        Schema::new(TWO).migrate(&mut conn, &path).unwrap();
        let refused = Schema::new(&TWO[..1]).migrate(&mut conn, &path);
        assert_eq!(refused, Err(LedgerError::NewerSchema { path: shown, found: 2, known: 1 }));

        let foreign = dir.path().join("foreign.sqlite");
        let mut conn = Connection::open(&foreign).unwrap();
        conn.execute("CREATE TABLE customers (name TEXT)", []).unwrap();
        let refused = Schema::new(TWO).migrate(&mut conn, &foreign);
        assert!(matches!(refused, Err(LedgerError::Corrupt { .. })), "{refused:?}");
    }

    #[test]
    fn every_migration_of_the_ledger_is_sound() {
        assert_eq!(SCHEMA.migrations.validate(), Ok(()));
    }
}
