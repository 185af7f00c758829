//! What changed, in order, and figures for whoever watches.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use wirereport_actors::ports::ledger::LedgerError;
use wirereport_actors::wire::post::{ChannelName, PostState};
use wirereport_actors::wire::sport::SportKey;

use super::SqliteLedger;
use super::reading;
use super::rows::{At, Json};
use super::trouble::Trouble;
use crate::ledger::changes::{Change, Changes, LastPoll, Standing, Standings};

/// How many changes are kept.
const KEPT: i64 = 20_000;

impl SqliteLedger {
    /// The changes after `seq`, oldest first, at most so many.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn changes_after(&self, seq: i64, limit: usize) -> Result<Changes, LedgerError> {
        self.read(move |conn| changes_after(conn, seq, limit)).await
    }

    /// The number of the newest change; 0 before the first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn newest_change(&self) -> Result<i64, LedgerError> {
        self.read(newest).await
    }

    /// The last poll of every sport.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn last_polls(&self) -> Result<Vec<LastPoll>, LedgerError> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT sport, feed, seen_at FROM sports ORDER BY sport")?;
            let polls = statement.query_map([], |row| {
                let sport = SportKey::new(row.get::<_, String>(0)?);
                Ok(LastPoll { sport, feed: row.get(1)?, seen_at: row.get::<_, At>(2)?.0 })
            })?;
            Ok(polls.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// What each of these channels has of posts.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn standings(
        &self,
        channels: &[ChannelName],
        now: Timestamp,
    ) -> Result<Standings, LedgerError> {
        let channels = channels.to_vec();
        self.read(move |conn| {
            let standing = |channel: &ChannelName| Ok((channel.clone(), standing(conn, channel, now)?));
            channels.iter().map(standing).collect()
        })
        .await
    }
}

fn changes_after(conn: &Connection, seq: i64, limit: usize) -> Result<Changes, Trouble> {
    let newest = newest(conn)?;
    let sql = "SELECT seq, at, kind, subject FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let changes = statement.query_map(params![seq, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok(Change {
            seq: row.get(0)?,
            at: row.get::<_, At>(1)?.0,
            kind: row.get(2)?,
            subject: row.get::<_, Json<_>>(3)?.0,
        })
    })?;
    let changes: Vec<Change> = changes.collect::<Result<_, _>>()?;
    let first = changes.first().map_or(newest + 1, |change| change.seq);
    Ok(Changes { gap: seq > newest || seq + 1 < first, changes, newest })
}

fn newest(conn: &Connection) -> Result<i64, Trouble> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'changes'";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Drops changes from before that time, and more than so many.
pub(super) fn prune(conn: &Connection, before: Timestamp) -> Result<usize, Trouble> {
    let sql = "DELETE FROM changes WHERE at < ?1 OR seq <= ?2";
    Ok(conn.prepare_cached(sql)?.execute(params![At(before), newest(conn)? - KEPT])?)
}

/// Begins a new order of changes, none of whose numbers a follower of the old one can have seen.
pub(super) fn begin_anew(conn: &Connection) -> Result<(), Trouble> {
    conn.execute_batch(
        "DELETE FROM changes; INSERT INTO sqlite_sequence (name, seq) SELECT 'changes', 0 \
           WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'changes'); \
         UPDATE sqlite_sequence SET seq = seq + 1000000000 WHERE name = 'changes'",
    )?;
    Ok(())
}

fn standing(conn: &Connection, channel: &ChannelName, now: Timestamp) -> Result<Standing, Trouble> {
    let ago = |hours| now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN);
    let count = |state: PostState, since: Timestamp| -> Result<u64, Trouble> {
        let sql = format!(
            "SELECT count(*) FROM posts WHERE channel = ?1 AND state = '{state}' AND changed_at >= ?2"
        );
        let mut statement = conn.prepare_cached(&sql)?;
        Ok(statement.query_row(params![channel.0, At(since)], |row| row.get(0))?)
    };
    let mut standing = Standing {
        sent_1h: count(PostState::Sent, ago(1))?,
        sent_24h: count(PostState::Sent, ago(24))?,
        failed_24h: count(PostState::Failed, ago(24))?,
        open: PostState::OPEN.map(|state| (state, 0)).into(),
        ..Standing::default()
    };
    standing.open.extend(reading::open_by_state(conn, channel)?);
    let sql = "SELECT changed_at, happened_at FROM posts WHERE channel = ?1 AND state = 'sent' \
         ORDER BY changed_at DESC LIMIT 1";
    let last = conn.prepare_cached(sql)?.query_row([&channel.0], |row| {
        let (sent, happened) = (row.get::<_, At>(0)?.0, row.get::<_, At>(1)?.0);
        Ok((sent, sent.duration_since(happened)))
    });
    standing.last_sent = last.optional()?;
    Ok(standing)
}
