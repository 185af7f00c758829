//! The open posts as they were last read, kept so that a look reads only what has changed since.
//!
//! A burst leaves thousands of posts open, and a channel looks at all of them whenever some have left. SQLite tells the
//! writer's connection which rows it changes, whatever changed them; once they are committed, they are marked here, and
//! the next look reads them again and no others. What another process commits nobody tells us: after [`KEPT_FOR`]
//! everything is read anew.
//!
//! Marks are made before anybody is told of the commit, and a look takes them before its snapshot begins. So what it
//! takes is in the snapshot, and what was committed after the snapshot began is still marked for the next look.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::hooks::Action;
use rusqlite::{Connection, OptionalExtension};
use tokio::time::Instant;
use wirereport_actors::wire::post::{ChannelName, Post, PostId, PostState};

use super::reading;
use super::rows::{self, POST};
use super::trouble::Trouble;

/// How long what was read stands where nobody says that it has changed.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(1);

/// The rows of posts that were changed: in a transaction, and in those that were committed.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks(Arc<Mutex<Rows>>);

#[derive(Debug, Default)]
struct Rows {
    uncommitted: Vec<i64>,
    committed: Vec<i64>,
}

impl Marks {
    /// Has every change that a connection makes marked.
    pub(super) fn follow(&self, conn: &Connection) -> rusqlite::Result<()> {
        let marks = self.clone();
        conn.update_hook(Some(move |_: Action, _: &str, table: &str, row| {
            if table == "posts" {
                marks.rows().uncommitted.push(row);
            }
        }))
    }

    /// The transaction has ended; where it was undone, its rows are read again for nothing.
    pub(super) fn ended(&self) {
        let rows = &mut *self.rows();
        rows.committed.append(&mut rows.uncommitted);
    }

    fn take(&self) -> Vec<i64> {
        let mut taken = std::mem::take(&mut self.rows().committed);
        taken.sort_unstable();
        taken.dedup();
        taken
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The open posts of all channels.
#[derive(Debug, Clone)]
pub(super) struct OpenPosts {
    marks: Marks,
    kept: Arc<Mutex<Option<Kept>>>,
}

#[derive(Debug)]
struct Kept {
    read_at: Instant,
    channels: HashMap<ChannelName, Channel>,
}

/// A channel's open posts, in the order of their stories.
type Channel = BTreeMap<(i64, PostId), Arc<Post>>;

impl OpenPosts {
    pub(super) fn new(marks: Marks) -> Self {
        Self { marks, kept: Arc::default() }
    }

    /// A channel's open posts, in the order of their stories. The connection must not have begun its snapshot.
    pub(super) fn of(&self, conn: &Connection, channel: &ChannelName) -> Result<Vec<Arc<Post>>, Trouble> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let marked = self.marks.take();
        // What cannot be read now is read anew next time.
        let current = match kept.take() {
            Some(current) if current.read_at.elapsed() < KEPT_FOR => current.after(conn, &marked)?,
            _ => Kept::read(conn)?,
        };
        let posts = kept.insert(current).channels.get(channel);
        posts.into_iter().flat_map(BTreeMap::values).map(|post| with_earlier(conn, post)).collect()
    }
}

impl Kept {
    fn read(conn: &Connection) -> Result<Self, Trouble> {
        let mut kept = Self { read_at: Instant::now(), channels: HashMap::new() };
        reading::open_posts(conn)?.into_iter().for_each(|post| kept.put(post));
        Ok(kept)
    }

    /// With the marked rows as they are now.
    fn after(mut self, conn: &Connection, marked: &[i64]) -> Result<Self, Trouble> {
        let mut statement = conn.prepare_cached(&format!("SELECT {POST} FROM posts WHERE id = ?1"))?;
        for id in marked {
            // What is gone was pruned, and that had ended before.
            if let Some(post) = statement.query_row([id], rows::post).optional()? {
                self.put(post);
            }
        }
        Ok(self)
    }

    fn put(&mut self, post: Post) {
        let key = (post.sequence, post.id);
        if !PostState::OPEN.contains(&post.state) {
            if let Some(channel) = self.channels.get_mut(&post.channel) {
                channel.remove(&key);
            }
        } else if let Some(channel) = self.channels.get_mut(&post.channel) {
            channel.insert(key, Arc::new(post));
        } else {
            self.channels.insert(post.channel.clone(), Channel::from([(key, Arc::new(post))]));
        }
    }
}

/// The earlier revision's post changes by itself, so it is read each time.
fn with_earlier(conn: &Connection, post: &Arc<Post>) -> Result<Arc<Post>, Trouble> {
    match post.revision {
        1 => Ok(Arc::clone(post)),
        _ => Ok(Arc::new(reading::with_earlier(conn, Post::clone(post))?)),
    }
}
