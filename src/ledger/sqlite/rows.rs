//! Values to columns and back.

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wirereport_actors::ports::ledger::{Attempt, StoryRecord};
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::pace::Money;
use wirereport_actors::wire::post::{
    Arm, ChannelName, Epoch, Frozen, Operation, Post, PostId, PostState, Remote,
};
use wirereport_actors::wire::sport::SportKey;
use wirereport_actors::wire::story::StoryId;

/// A time as it stands in a column. Times outside the years 1678 to 2262 become the nearest of those.
#[derive(Debug, Clone, Copy)]
pub(super) struct At(pub(super) Timestamp);

impl ToSql for At {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let nanos = self.0.as_nanosecond().clamp(i64::MIN.into(), i64::MAX.into());
        Ok(i64::try_from(nanos).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let time = Timestamp::from_nanosecond(value.as_i64()?.into());
        time.map(Self).map_err(FromSqlError::other)
    }
}

/// A value as the JSON of a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> ToSql for Json<&T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        json(self.0).map(Into::into)
    }
}

/// The JSON of a value, as a column holds it.
pub(super) fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

struct State(PostState);

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let state = PostState::ALL.into_iter().find(|state| state.as_str() == text);
        state.map(Self).ok_or_else(|| unheard("state", text))
    }
}

/// The state in a column.
pub(super) fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<PostState> {
    Ok(row.get::<_, State>(column)?.0)
}

const OPERATIONS: [(Operation, &str); 4] = [
    (Operation::Create, "create"),
    (Operation::Edit, "edit"),
    (Operation::Reply, "reply"),
    (Operation::Delete, "delete"),
];

struct Does(Operation);

impl ToSql for Does {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let word = OPERATIONS.iter().find(|(operation, _)| *operation == self.0);
        Ok(word.map_or("", |(_, word)| word).into())
    }
}

impl FromSql for Does {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let found = OPERATIONS.iter().find(|(_, word)| *word == text);
        found.map(|(operation, _)| Self(*operation)).ok_or_else(|| unheard("operation", text))
    }
}

fn unheard(what: &'static str, text: &str) -> FromSqlError {
    FromSqlError::other(Unheard { what, text: text.to_owned() })
}

#[derive(Debug, thiserror::Error)]
#[error("no {what} is called {text}")]
struct Unheard {
    what: &'static str,
    text: String,
}

/// The columns of a post, in the order in which [`post`] reads them: by their places, since their names would have to be
/// looked up in each row anew.
pub(super) const POST: &str = "id, story, revision, sequence, sport, game, channel, operation, state, text, title, author, \
     significance, happened_at, created_at, changed_at, send_before, attempt, failures, in_doubt, not_before, reason, \
     frozen_body, frozen_key, arm_epoch, arm_at, arm_send_before, arm_settle_by, arm_price, remote_id, remote_url";

/// A row, from one column to the next.
struct Columns<'row, 'statement> {
    row: &'row Row<'statement>,
    next: usize,
}

impl Columns<'_, '_> {
    fn next<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }
}

pub(super) fn post(row: &Row<'_>) -> rusqlite::Result<Post> {
    let mut columns = Columns { row, next: 0 };
    Ok(Post {
        id: PostId(columns.next()?),
        story: StoryId(columns.next()?),
        revision: columns.next()?,
        sequence: columns.next()?,
        sport: SportKey::new(columns.next::<String>()?),
        game: GameId(columns.next()?),
        channel: ChannelName(columns.next()?),
        operation: columns.next::<Does>()?.0,
        state: columns.next::<State>()?.0,
        text: columns.next()?,
        title: columns.next()?,
        author: columns.next()?,
        significance: columns.next()?,
        happened_at: columns.next::<At>()?.0,
        created_at: columns.next::<At>()?.0,
        changed_at: columns.next::<At>()?.0,
        send_before: columns.next::<At>()?.0,
        attempt: columns.next()?,
        failures: columns.next()?,
        in_doubt: columns.next()?,
        not_before: columns.next::<Option<At>>()?.map(|at| at.0),
        reason: columns.next()?,
        frozen: frozen(&mut columns)?,
        arm: arm(&mut columns)?,
        remote: remote(&mut columns)?,
        earlier: None,
    })
}

fn frozen(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<Frozen>> {
    let (body, key): (Option<_>, Option<_>) = (columns.next()?, columns.next()?);
    Ok(body.zip(key).map(|(body, key)| Frozen { body, key }))
}

fn arm(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<Arm>> {
    let (epoch, at) = (columns.next::<Option<_>>()?, columns.next::<Option<At>>()?);
    let (send_before, settle_by) = (columns.next::<Option<At>>()?, columns.next::<Option<At>>()?);
    let price = Money(columns.next()?);
    let times = at.zip(send_before).zip(settle_by);
    Ok(epoch.zip(times).map(|(epoch, ((At(at), At(send_before)), At(settle_by)))| Arm {
        epoch: Epoch(epoch),
        at,
        send_before,
        settle_by,
        price,
    }))
}

fn remote(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<Remote>> {
    let (id, url): (Option<_>, _) = (columns.next()?, columns.next()?);
    Ok(id.map(|id| Remote { id, url }))
}

/// Inserts a post that waits for its first attempt; its number is the ledger's to give.
pub(super) const INSERT_POST: &str = "INSERT INTO posts (story, revision, sequence, sport, game, channel, operation, \
     state, text, title, author, significance, happened_at, created_at, changed_at, send_before, attempt, in_doubt, \
     not_before) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";

pub(super) fn insert_post(statement: &mut rusqlite::Statement<'_>, post: &Post) -> rusqlite::Result<usize> {
    statement.execute(params![
        post.story.0,
        post.revision,
        post.sequence,
        post.sport.as_str(),
        post.game.0,
        post.channel.0,
        Does(post.operation),
        post.state.as_str(),
        post.text,
        post.title,
        post.author,
        post.significance,
        At(post.happened_at),
        At(post.created_at),
        At(post.changed_at),
        At(post.send_before),
        post.attempt,
        post.in_doubt,
        post.not_before.map(At),
    ])
}

/// Stores what may change of a post.
pub(super) const UPDATE_POST: &str = "UPDATE posts SET state = ?2, changed_at = ?3, send_before = ?4, attempt = ?5, \
     in_doubt = ?6, not_before = ?7, reason = ?8, frozen_body = ?9, frozen_key = ?10, arm_epoch = ?11, arm_at = ?12, \
     arm_send_before = ?13, arm_settle_by = ?14, remote_id = ?15, remote_url = ?16, failures = ?17, \
     arm_price = ?18 WHERE id = ?1";

pub(super) fn update_post(statement: &mut rusqlite::Statement<'_>, post: &Post) -> rusqlite::Result<usize> {
    let (frozen, arm, remote) = (post.frozen.as_ref(), post.arm.as_ref(), post.remote.as_ref());
    statement.execute(params![
        post.id.0,
        post.state.as_str(),
        At(post.changed_at),
        At(post.send_before),
        post.attempt,
        post.in_doubt,
        post.not_before.map(At),
        post.reason,
        frozen.map(|frozen| &frozen.body),
        frozen.map(|frozen| &frozen.key),
        arm.map(|arm| arm.epoch.0),
        arm.map(|arm| At(arm.at)),
        arm.map(|arm| At(arm.send_before)),
        arm.map(|arm| At(arm.settle_by)),
        remote.map(|remote| &remote.id),
        remote.and_then(|remote| remote.url.as_ref()),
        post.failures,
        arm.map_or(0, |arm| arm.price.0),
    ])
}

pub(super) fn story(row: &Row<'_>) -> rusqlite::Result<StoryRecord> {
    Ok(StoryRecord {
        sequence: row.get("sequence")?,
        story: row.get::<_, Json<_>>("body")?.0,
        written_at: row.get::<_, Option<At>>("written_at")?.map(|at| at.0),
        notes: row.get::<_, Json<_>>("notes")?.0,
        refused: row.get::<_, Json<_>>("refused")?.0,
    })
}

pub(super) fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    let settled_at = row.get::<_, Option<At>>("settled_at")?;
    let outcome = row.get::<_, Option<Json<_>>>("outcome")?;
    Ok(Attempt {
        number: row.get("number")?,
        epoch: Epoch(row.get("epoch")?),
        armed_at: row.get::<_, At>("armed_at")?.0,
        settled: settled_at.zip(outcome).map(|(at, outcome)| (at.0, outcome.0)),
    })
}
