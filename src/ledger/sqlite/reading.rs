//! What is read: open posts, lists with filters and pages, counts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::types::{ToSql, Value};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use wirereport_actors::ports::ledger::{Backlog, PostFilter, PostRecord, Refusals, StoryFilter, StoryRecord};
use wirereport_actors::wire::pace::{Money, Since, Usage};
use wirereport_actors::wire::post::{ChannelName, Post, PostId, PostState};
use wirereport_actors::wire::story::StoryId;

use super::posts;
use super::rows::{self, At, POST};
use super::trouble::Trouble;

/// The states of open posts, word for word as the indices know them.
pub(super) const OPEN: &str = "state IN ('awaiting_approval', 'pending', 'armed', 'unknown')";

/// Those of every channel, without the earlier revisions' posts.
pub(super) fn open_posts(conn: &Connection) -> Result<Vec<Post>, Trouble> {
    list(conn, &format!("SELECT {POST} FROM posts WHERE {OPEN}"), &[], rows::post)
}

pub(super) fn usage(conn: &Connection, channel: &ChannelName, since: &Since) -> Result<Usage, Trouble> {
    let sql = "SELECT arm_at, arm_price FROM posts WHERE channel = ?1 AND arm_at >= ?2 \
         AND (in_doubt = 1 OR state IN ('armed', 'sent', 'unknown')) ORDER BY arm_at";
    let earliest = since.departures.min(since.today).min(since.this_month);
    let mut statement = conn.prepare_cached(sql)?;
    let departures = statement.query_map(params![channel.0, At(earliest)], |row| {
        Ok((row.get::<_, At>(0)?.0, Money(row.get(1)?)))
    })?;
    let departures: Vec<(Timestamp, Money)> = departures.collect::<Result<_, _>>()?;
    Ok(Usage::of(&departures, since))
}

pub(super) fn posts(conn: &Connection, filter: &PostFilter) -> Result<Vec<Post>, Trouble> {
    let mut wanted = Wanted::default();
    wanted.in_state(filter.state);
    wanted.that("channel =", filter.channel.as_ref().map(|channel| channel.0.clone()));
    wanted.that("story =", filter.story.as_ref().map(|story| story.0.clone()));
    wanted.that("game =", filter.game.as_ref().map(|game| game.0.clone()));
    wanted.that("id <", filter.before.map(|before| before.0));
    let sql = wanted.select(POST, "posts", "id", filter.limit);
    list_posts(conn, &sql, &wanted.values)
}

fn list_posts(conn: &Connection, sql: &str, values: &[Value]) -> Result<Vec<Post>, Trouble> {
    let posts = list(conn, sql, values, rows::post)?;
    posts.into_iter().map(|post| with_earlier(conn, post)).collect()
}

pub(super) fn with_earlier(conn: &Connection, post: Post) -> Result<Post, Trouble> {
    if post.revision == 1 {
        return Ok(post);
    }
    let family = posts::of_story(conn, &post.story)?;
    Ok(posts::shown(post, &family))
}

pub(super) fn post(conn: &Connection, id: PostId) -> Result<Option<PostRecord>, Trouble> {
    let mut statement = conn.prepare_cached(&format!("SELECT {POST} FROM posts WHERE id = ?1"))?;
    let Some(post) = statement.query_row([id.0], rows::post).optional()? else { return Ok(None) };
    let sql = "SELECT * FROM attempts WHERE post = ?1 ORDER BY number";
    let attempts = list(conn, sql, &[Value::Integer(id.0)], rows::attempt)?;
    Ok(Some(PostRecord { post: with_earlier(conn, post)?, attempts }))
}

pub(super) fn stories(conn: &Connection, filter: &StoryFilter) -> Result<Vec<StoryRecord>, Trouble> {
    let mut wanted = Wanted::default();
    wanted.that("sport =", filter.sport.as_ref().map(|sport| sport.as_str().to_owned()));
    wanted.that("game =", filter.game.as_ref().map(|game| game.0.clone()));
    wanted.that("told =", filter.told);
    wanted.that("sequence <", filter.before);
    let sql = wanted.select("*", "stories", "sequence", filter.limit);
    list(conn, &sql, &wanted.values, rows::story)
}

pub(super) fn story(conn: &Connection, id: &StoryId) -> Result<Vec<StoryRecord>, Trouble> {
    let sql = "SELECT * FROM stories WHERE id = ?1 ORDER BY revision";
    list(conn, sql, &[Value::Text(id.0.clone())], rows::story)
}

pub(super) fn backlog(conn: &Connection) -> Result<Backlog, Trouble> {
    let sql = "SELECT count(*) FROM stories WHERE told = 1 AND written_at IS NULL";
    let unwritten = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    let open = counted(conn, &format!("SELECT state, count(*) FROM posts WHERE {OPEN} GROUP BY state"), &[])?;
    let count = |state| open.get(&state).copied().unwrap_or(0);
    Ok(Backlog {
        unwritten,
        awaiting_approval: count(PostState::AwaitingApproval),
        pending: count(PostState::Pending),
        armed: count(PostState::Armed),
        unknown: count(PostState::Unknown),
    })
}

/// How many posts of a channel are in each state of open ones; none are in those that are not named.
pub(super) fn open_by_state(
    conn: &Connection,
    channel: &ChannelName,
) -> Result<BTreeMap<PostState, u64>, Trouble> {
    let sql = format!("SELECT state, count(*) FROM posts WHERE channel = ?1 AND {OPEN} GROUP BY state");
    counted(conn, &sql, &[Value::Text(channel.0.clone())])
}

fn counted(conn: &Connection, sql: &str, values: &[Value]) -> Result<BTreeMap<PostState, u64>, Trouble> {
    let counts = list(conn, sql, values, |row| Ok((rows::state(row, 0)?, row.get(1)?)))?;
    Ok(counts.into_iter().collect())
}

pub(super) fn refusals(conn: &Connection) -> Result<Vec<Refusals>, Trouble> {
    list(conn, "SELECT * FROM refusals ORDER BY writer, code", &[], |row| {
        Ok(Refusals { writer: row.get("writer")?, code: row.get("code")?, texts: row.get("texts")? })
    })
}

fn list<T>(
    conn: &Connection,
    sql: &str,
    values: &[Value],
    row: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Trouble> {
    let mut statement = conn.prepare_cached(sql)?;
    let values = values.iter().map(|value| value as &dyn ToSql);
    let found = statement.query_map(params_from_iter(values), row)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The conditions of a list, of which only those that were asked for are put to SQLite, so that it can use its indices.
#[derive(Default)]
struct Wanted {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Wanted {
    fn that(&mut self, condition: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.values.push(value.into());
            self.conditions.push(format!("{condition} ?{}", self.values.len()));
        }
    }

    /// The state stands in the statement itself, and an open one with all that are open: so SQLite knows the index of only
    /// some states by it.
    fn in_state(&mut self, state: Option<PostState>) {
        if let Some(state) = state {
            self.conditions.push(format!("state = '{state}'"));
            self.conditions.extend(PostState::OPEN.contains(&state).then(|| OPEN.to_owned()));
        }
    }

    fn select(&mut self, columns: &str, table: &str, newest_by: &str, limit: usize) -> String {
        let conditions = match self.conditions.join(" AND ") {
            none if none.is_empty() => "TRUE".to_owned(),
            some => some,
        };
        self.values.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        let limit = self.values.len();
        format!("SELECT {columns} FROM {table} WHERE {conditions} ORDER BY {newest_by} DESC LIMIT ?{limit}")
    }
}
