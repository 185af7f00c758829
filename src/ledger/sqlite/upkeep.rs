//! Pruning, in portions, so that a post never waits long behind it.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use wirereport_actors::wire::story::StoryId;

use super::reading::OPEN;
use super::rows::At;
use super::trouble::Trouble;

/// Rows of one portion of snapshots.
pub(super) const PORTION: usize = 2_000;

/// Drops some snapshots that are older than `before`; fewer than a portion went when there are no more.
pub(super) fn prune_observations(conn: &Connection, before: Timestamp) -> Result<usize, Trouble> {
    let sql =
        "DELETE FROM observations WHERE id IN (SELECT id FROM observations WHERE seen_at < ?1 LIMIT ?2)";
    Ok(conn.prepare_cached(sql)?.execute(params![At(before), PORTION])?)
}

/// The stories that ended before that time.
pub(super) fn ended_stories(conn: &Connection, before: Timestamp) -> Result<Vec<StoryId>, Trouble> {
    let sql = format!("SELECT DISTINCT id FROM stories AS candidate WHERE {}", ended("candidate.id"));
    let mut statement = conn.prepare_cached(&sql)?;
    let ids = statement.query_map([At(before)], |row| Ok(StoryId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Drops these stories with all that belongs to them, as far as they are still ended.
pub(super) fn prune_stories(
    conn: &Connection,
    stories: &[StoryId],
    before: Timestamp,
) -> Result<usize, Trouble> {
    let still_ended = format!("SELECT 1 WHERE {}", ended("?2"));
    let mut rows = 0;
    for story in stories {
        let mut check = conn.prepare_cached(&still_ended)?;
        if check.query_row(params![At(before), story.0], |_| Ok(())).optional()?.is_none() {
            continue;
        }
        for sql in [
            "DELETE FROM attempts WHERE post IN (SELECT id FROM posts WHERE story = ?1)",
            "DELETE FROM posts WHERE story = ?1",
            "DELETE FROM stories WHERE id = ?1",
        ] {
            rows += conn.prepare_cached(sql)?.execute([&story.0])?;
        }
    }
    Ok(rows)
}

/// The condition that the story of that id ended before the time `?1`.
fn ended(id: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM stories WHERE id = {id} AND ((told = 1 AND written_at IS NULL) \
             OR max(recorded_at, coalesce(written_at, recorded_at)) >= ?1)) \
         AND NOT EXISTS (SELECT 1 FROM posts WHERE story = {id} AND ({OPEN} OR changed_at >= ?1))"
    )
}
