//! Epochs, polls, stories and their drafts.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use wirereport_actors::ports::ledger::{Drafts, LedgerError, PollRecord, StoryRecord, Switches};
use wirereport_actors::wire::alert::AlertBook;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::digest::Digest;
use wirereport_actors::wire::life;
use wirereport_actors::wire::post::Epoch;
use wirereport_actors::wire::sport::SportKey;
use wirereport_actors::wire::story::{Story, StoryId, Verdict};

use super::posts;
use super::rows::{self, At, Json};
use super::trouble::Trouble;

pub(super) fn mint_epoch(conn: &Connection, holder: &str, now: Timestamp) -> Result<Epoch, Trouble> {
    mint_epoch_after(conn, Epoch(0), holder, now)
}

/// Mints an epoch that is greater than every one here and than `floor`.
pub(super) fn mint_epoch_after(
    conn: &Connection,
    floor: Epoch,
    holder: &str,
    now: Timestamp,
) -> Result<Epoch, Trouble> {
    let newest = current_epoch(conn)?.map_or(floor, |(epoch, _)| epoch.max(floor));
    let epoch = Epoch(newest.0 + 1);
    let sql = "INSERT INTO epochs (epoch, holder, minted_at) VALUES (?1, ?2, ?3)";
    conn.prepare_cached(sql)?.execute(params![epoch.0, holder, At(now)])?;
    Ok(epoch)
}

pub(super) fn current_epoch(conn: &Connection) -> Result<Option<(Epoch, String)>, Trouble> {
    let sql = "SELECT epoch, holder FROM epochs ORDER BY epoch DESC LIMIT 1";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row([], |row| Ok((Epoch(row.get(0)?), row.get(1)?)));
    Ok(found.optional()?)
}

pub(super) fn epoch_in_force(conn: &Connection) -> Result<Option<Epoch>, Trouble> {
    Ok(current_epoch(conn)?.map(|(epoch, _)| epoch))
}

pub(super) fn switches(conn: &Connection) -> Result<Switches, Trouble> {
    let mut statement = conn.prepare_cached("SELECT body FROM switches")?;
    let found = statement.query_row([], |row| row.get::<_, Json<Switches>>(0)).optional()?;
    Ok(found.map(|body| body.0).unwrap_or_default())
}

pub(super) fn set_switches(conn: &Connection, switches: &Switches) -> Result<(), Trouble> {
    let sql =
        "INSERT INTO switches (one, body) VALUES (1, ?1) ON CONFLICT DO UPDATE SET body = excluded.body";
    conn.prepare_cached(sql)?.execute([Json(switches)])?;
    Ok(())
}

pub(super) fn alerts(conn: &Connection) -> Result<AlertBook, Trouble> {
    let mut statement = conn.prepare_cached("SELECT body FROM alerts")?;
    let found = statement.query_row([], |row| row.get::<_, Json<AlertBook>>(0)).optional()?;
    Ok(found.map(|body| body.0).unwrap_or_default())
}

pub(super) fn set_alerts(conn: &Connection, epoch: Epoch, book: &AlertBook) -> Result<(), Trouble> {
    life::in_force(epoch, epoch_in_force(conn)?)?;
    let sql = "INSERT INTO alerts (one, body) VALUES (1, ?1) ON CONFLICT DO UPDATE SET body = excluded.body";
    conn.prepare_cached(sql)?.execute([Json(book)])?;
    Ok(())
}

pub(super) fn load_sport(conn: &Connection, sport: &SportKey) -> Result<Option<SportState>, Trouble> {
    let mut statement = conn.prepare_cached("SELECT state FROM sports WHERE sport = ?1")?;
    let found = statement.query_row([sport.as_str()], |row| row.get::<_, Json<SportState>>(0));
    Ok(found.optional()?.map(|state| state.0))
}

/// Makes the next sight of every game a baseline.
pub(super) fn forget_sights(conn: &Connection) -> Result<(), Trouble> {
    let mut statement = conn.prepare("SELECT sport, state FROM sports")?;
    let states = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, Json<SportState>>(1)?)))?;
    let states: Vec<(String, Json<SportState>)> = states.collect::<Result<_, _>>()?;
    for (sport, Json(mut state)) in states {
        state.forget_sights();
        conn.execute("UPDATE sports SET state = ?2 WHERE sport = ?1", params![sport, Json(&state)])?;
    }
    Ok(())
}

/// A poll as its rows will stand, made before it is the writer's turn: what is written at each poll is mostly JSON.
pub(super) struct PollRows {
    sport: String,
    feed: String,
    seen_at: Timestamp,
    epoch: Epoch,
    state: String,
    /// Games with their sights.
    observed: Vec<(String, String)>,
    stories: Vec<StoryRow>,
}

struct StoryRow {
    id: StoryId,
    revision: u32,
    sport: String,
    game: String,
    told: bool,
    body: String,
}

impl StoryRow {
    fn of(story: &Story) -> rusqlite::Result<Self> {
        Ok(Self {
            id: story.id.clone(),
            revision: story.revision,
            sport: story.sport.as_str().to_owned(),
            game: story.game.0.clone(),
            told: story.verdict == Verdict::Told,
            body: rows::json(story)?,
        })
    }
}

impl PollRows {
    pub(super) fn of(poll: &PollRecord) -> Result<Self, Trouble> {
        let observed = poll.observed.iter().map(|(id, game)| Ok((id.0.clone(), rows::json(game)?)));
        let stories = poll.stories.iter().map(StoryRow::of);
        Ok(Self {
            sport: poll.sport.as_str().to_owned(),
            feed: poll.feed.clone(),
            seen_at: poll.seen_at,
            epoch: poll.epoch,
            state: rows::json(&poll.state)?,
            observed: observed.collect::<rusqlite::Result<_>>()?,
            stories: stories.collect::<rusqlite::Result<_>>()?,
        })
    }
}

pub(super) fn record_poll(conn: &Connection, poll: &PollRows) -> Result<(), Trouble> {
    life::in_force(poll.epoch, epoch_in_force(conn)?)?;
    let sql = "INSERT INTO sports (sport, feed, seen_at, state) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET feed = excluded.feed, seen_at = excluded.seen_at, state = excluded.state";
    let (sport, feed, seen_at) = (&poll.sport, &poll.feed, At(poll.seen_at));
    conn.prepare_cached(sql)?.execute(params![sport, feed, seen_at, poll.state])?;
    let sql = "INSERT INTO observations (sport, game, feed, seen_at, body) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut observe = conn.prepare_cached(sql)?;
    for (game, body) in &poll.observed {
        observe.execute(params![sport, game, feed, seen_at, body])?;
    }
    for story in &poll.stories {
        if insert(conn, story, poll.seen_at)? {
            posts::supersede(conn, &story.id, poll.seen_at)?;
        }
    }
    Ok(())
}

fn insert(conn: &Connection, story: &StoryRow, recorded_at: Timestamp) -> Result<bool, Trouble> {
    let sql = "INSERT INTO stories (id, revision, sport, game, told, recorded_at, body) \
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 \
         WHERE NOT EXISTS (SELECT 1 FROM stories WHERE id = ?1 AND revision = ?2)";
    let StoryRow { id, revision, sport, game, told, body } = story;
    let row = params![id.0, revision, sport, game, told, At(recorded_at), body];
    Ok(conn.prepare_cached(sql)?.execute(row)? > 0)
}

pub(super) fn unwritten(conn: &Connection, limit: usize) -> Result<Vec<Story>, Trouble> {
    let sql = "SELECT body FROM stories WHERE told = 1 AND written_at IS NULL ORDER BY sequence LIMIT ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let stories = statement.query_map([limit], |row| row.get::<_, Json<Story>>(0))?;
    Ok(stories.map(|story| story.map(|body| body.0)).collect::<Result<_, _>>()?)
}

pub(super) fn record_drafts(conn: &Connection, drafts: &Drafts) -> Result<(), Trouble> {
    let record = revision(conn, &drafts.story, drafts.revision)?;
    if record.written_at.is_some() {
        return Ok(());
    }
    let existing = posts::of_story(conn, &drafts.story)?;
    let latest = posts::latest_revision(conn, &drafts.story)?;
    let drafted = life::draft(&record.story, record.sequence, &drafts.posts, &existing, latest, drafts.at)?;
    for post in &drafted.posts {
        rows::insert_post(&mut *conn.prepare_cached(rows::INSERT_POST)?, post)?;
    }
    let notes = [drafts.notes.clone(), drafted.notes].concat();
    let sql = "UPDATE stories SET written_at = ?2, notes = ?3, refused = ?4 WHERE sequence = ?1";
    let written = params![record.sequence, At(drafts.at), Json(&notes), Json(&drafts.refused)];
    conn.prepare_cached(sql)?.execute(written)?;
    let sql = "INSERT INTO refusals (writer, code, texts) VALUES (?1, ?2, 1) \
         ON CONFLICT DO UPDATE SET texts = texts + 1";
    let mut count = conn.prepare_cached(sql)?;
    for refused in &drafts.refused {
        count.execute([refused.writer(), &refused.code])?;
    }
    Ok(())
}

pub(super) fn record_digest(conn: &Connection, digest: &Digest, at: Timestamp) -> Result<(), Trouble> {
    if !insert(conn, &StoryRow::of(&digest.story)?, at)? {
        return Ok(());
    }
    let drafts = Drafts {
        story: digest.story.id.clone(),
        revision: digest.story.revision,
        posts: vec![digest.post.clone()],
        notes: Vec::new(),
        refused: Vec::new(),
        at,
    };
    record_drafts(conn, &drafts)
}

fn revision(conn: &Connection, id: &StoryId, revision: u32) -> Result<StoryRecord, Trouble> {
    let sql = "SELECT * FROM stories WHERE id = ?1 AND revision = ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row(params![id.0, revision], rows::story).optional()?;
    let missing = || LedgerError::NotFound { what: format!("story {id} revision {revision}") };
    Ok(found.ok_or_else(missing)?)
}
