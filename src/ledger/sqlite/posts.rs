//! The life of posts: load, apply a transition, store.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use wirereport_actors::ports::ledger::{LedgerError, Settle};
use wirereport_actors::wire::life::{self, Refusal};
use wirereport_actors::wire::post::{Arm, Frozen, Post, PostId};
use wirereport_actors::wire::story::StoryId;

use super::channels;
use super::rows::{self, At, Json};
use super::stories;
use super::trouble::Trouble;

pub(super) fn arm(conn: &Connection, id: PostId, frozen: &Frozen, arm: &Arm) -> Result<Post, Trouble> {
    let current = stories::epoch_in_force(conn)?;
    let stopped = stories::switches(conn)?.publishing_stopped;
    let post = change(conn, id, arm.at, |post, _, _| life::arm(post, frozen, arm, current, stopped))?;
    let sql = "INSERT INTO attempts (post, number, epoch, armed_at) VALUES (?1, ?2, ?3, ?4)";
    conn.prepare_cached(sql)?.execute(params![id.0, post.attempt, arm.epoch.0, At(arm.at)])?;
    Ok(post)
}

pub(super) fn settle(conn: &Connection, settle: &Settle) -> Result<Post, Trouble> {
    let current = stories::epoch_in_force(conn)?;
    let post = change(conn, settle.post, settle.at, |post, _, _| life::settle(post, settle, current))?;
    let sql = "UPDATE attempts SET settled_at = ?3, outcome = ?4 WHERE post = ?1 AND number = ?2";
    let settled = params![settle.post.0, settle.attempt, At(settle.at), Json(&settle.outcome)];
    conn.prepare_cached(sql)?.execute(settled)?;
    channels::settled(conn, &post, settle)?;
    Ok(post)
}

/// Gives a post that awaits approval another text. No other transition changes what a post says, so only this one writes it.
pub(super) fn edit(
    conn: &Connection,
    id: PostId,
    text: &str,
    author: &str,
    now: Timestamp,
) -> Result<Post, Trouble> {
    let post = change(conn, id, now, |post, _, _| life::edit(post, text, author, now))?;
    let sql = "UPDATE posts SET text = ?2, title = ?3, author = ?4 WHERE id = ?1";
    conn.prepare_cached(sql)?.execute(params![id.0, post.text, post.title, post.author])?;
    Ok(post)
}

/// Applies a transition, which is given the post, its story's posts and the story's newest revision, and supersedes what
/// must not leave after it.
pub(super) fn change(
    conn: &Connection,
    id: PostId,
    now: Timestamp,
    transition: impl FnOnce(Post, &[Post], u32) -> Result<Post, Refusal>,
) -> Result<Post, Trouble> {
    let missing = || LedgerError::NotFound { what: format!("post {id}") };
    let (mut posts, latest) = with_family(conn, id)?;
    let index = posts.iter().position(|post| post.id == id).ok_or_else(missing)?;

    posts[index] = transition(posts[index].clone(), &posts, latest)?;
    store(conn, &posts[index])?;
    for overtaken in life::overtaken(&posts, latest, now) {
        store(conn, &overtaken)?;
        posts.retain(|post| post.id != overtaken.id);
        posts.push(overtaken);
    }
    let changed = posts.iter().find(|post| post.id == id).ok_or_else(missing)?;
    Ok(shown(changed.clone(), &posts))
}

/// Supersedes what must not leave any more, now that a revision of the story was recorded.
pub(super) fn supersede(conn: &Connection, story: &StoryId, now: Timestamp) -> Result<(), Trouble> {
    let posts = of_story(conn, story)?;
    for overtaken in life::overtaken(&posts, latest_revision(conn, story)?, now) {
        store(conn, &overtaken)?;
    }
    Ok(())
}

/// A post as it is shown: with the earlier revision's post as it stands.
pub(super) fn shown(mut post: Post, posts: &[Post]) -> Post {
    post.earlier = life::earlier(&post, posts);
    post
}

pub(super) fn of_story(conn: &Connection, story: &StoryId) -> Result<Vec<Post>, Trouble> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {} FROM posts WHERE story = ?1 ORDER BY id", rows::POST))?;
    let posts = statement.query_map([&story.0], rows::post)?;
    Ok(posts.collect::<Result<_, _>>()?)
}

/// A post among all of its story, with the story's newest revision.
fn with_family(conn: &Connection, id: PostId) -> Result<(Vec<Post>, u32), Trouble> {
    let sql = format!(
        "WITH own AS (SELECT story FROM posts WHERE id = ?1) \
         SELECT {}, (SELECT max(revision) FROM stories WHERE id = (SELECT story FROM own)) AS latest \
         FROM posts WHERE story = (SELECT story FROM own) ORDER BY id",
        rows::POST
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let (mut posts, mut latest) = (Vec::new(), 0);
    let mut found = statement.query([id.0])?;
    while let Some(row) = found.next()? {
        posts.push(rows::post(row)?);
        latest = row.get("latest")?;
    }
    Ok((posts, latest))
}

pub(super) fn latest_revision(conn: &Connection, story: &StoryId) -> Result<u32, Trouble> {
    let mut statement = conn.prepare_cached("SELECT max(revision) FROM stories WHERE id = ?1")?;
    let latest: Option<u32> = statement.query_row([&story.0], |row| row.get(0))?;
    Ok(latest.unwrap_or(0))
}

fn store(conn: &Connection, post: &Post) -> Result<(), Trouble> {
    rows::update_post(&mut *conn.prepare_cached(rows::UPDATE_POST)?, post)?;
    Ok(())
}
