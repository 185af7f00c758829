//! Recording: a feed whose answers are also written down.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;
use wirereport_actors::ports::feed::{Answer, Feed, FeedError, PollRequest};
use wirereport_actors::wire::game::Snapshot;
use wirereport_actors::wire::sport::Sport;

use super::recording::format::TimeBase;
use super::recording::{About, Encoder, line};

/// What to do with a file that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it and say so.
    Refuse,
    /// Write a new recording in its place.
    Replace,
}

/// Why a recording cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file is already there.
    #[error("{} is already there; name another file, or say that it may be replaced", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be made.
    #[error("create {}: {source}", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A feed whose answers for one league are appended to a recording. A recorder that is killed leaves at worst a last
/// line cut short, which the reader knows to leave out.
pub struct Recorder {
    feed: Arc<dyn Feed>,
    sport: Sport,
    path: PathBuf,
    tape: Mutex<Tape>,
}

struct Tape {
    file: File,
    encoder: Option<Encoder>,
    last: Option<Timestamp>,
    /// A write failed, so the file may end inside a line: nothing more may follow it.
    broken: bool,
}

impl Recorder {
    /// Starts a recording of `sport` as `feed` tells it.
    ///
    /// # Errors
    /// Where the file is already there and may not be replaced, or cannot be made.
    pub async fn create(
        feed: Arc<dyn Feed>,
        sport: Sport,
        path: &Path,
        existing: Existing,
    ) -> Result<Self, RecordError> {
        let mut options = OpenOptions::new();
        match existing {
            Existing::Refuse => options.write(true).create_new(true),
            Existing::Replace => options.write(true).create(true).truncate(true),
        };
        let path = path.to_owned();
        let file = match options.open(&path).await {
            Ok(file) => file,
            Err(source) if source.kind() == io::ErrorKind::AlreadyExists => {
                return Err(RecordError::Exists { path });
            }
            Err(source) => return Err(RecordError::Create { path, source }),
        };
        Ok(Self {
            feed,
            sport,
            path,
            tape: Mutex::new(Tape { file, encoder: None, last: None, broken: false }),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    async fn append(&self, snapshot: &Snapshot) -> io::Result<()> {
        let mut tape = self.tape.lock().await;
        if tape.broken {
            return Err(io::Error::other("an earlier write failed"));
        }
        // The machine's clock may have been set back since the last poll; a recording's never goes back.
        let seen_at = tape.last.map_or(snapshot.seen_at, |last| last.max(snapshot.seen_at));
        let snapshot = Snapshot { seen_at, ..snapshot.clone() };
        let mut text = String::new();
        let mut encoder = match tape.encoder.take() {
            Some(encoder) => encoder,
            None => {
                let (header, encoder) = Encoder::start(&self.about(), &snapshot);
                text.push_str(&line(&header));
                encoder
            }
        };
        text.push_str(&line(&encoder.frame(&snapshot)));
        tape.encoder = Some(encoder);
        tape.last = Some(seen_at);
        tape.broken = true;
        tape.file.write_all(text.as_bytes()).await?;
        tape.file.flush().await?;
        tape.broken = false;
        Ok(())
    }

    fn about(&self) -> About {
        About {
            sport: self.sport.key.clone(),
            title: self.sport.name.clone(),
            made_from: self.feed.name().to_owned(),
            clock: TimeBase::Real,
        }
    }
}

#[async_trait]
impl Feed for Recorder {
    fn name(&self) -> &str {
        self.feed.name()
    }

    fn answers_within(&self) -> Option<Duration> {
        self.feed.answers_within()
    }

    fn requests(&self, request: &PollRequest) -> u32 {
        self.feed.requests(request)
    }

    async fn poll(&self, request: &PollRequest) -> Result<Answer, FeedError> {
        if request.sport.key != self.sport.key {
            let (path, carries, asked) = (self.path.display(), &self.sport.key, &request.sport.key);
            let detail =
                format!("recording {path} is of {carries}, not of {asked}: record it in its own file");
            return Err(FeedError::Misconfigured { detail });
        }
        let answer = self.feed.poll(request).await?;
        let written = self.append(&answer.snapshot).await;
        written.map_err(|error| FeedError::Misconfigured {
            detail: format!(
                "cannot write the recording {}: {error}; free some space and start a new one",
                self.path.display()
            ),
        })?;
        Ok(answer)
    }
}
