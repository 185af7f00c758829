//! Recordings: what a feed said of a night, in a small file that can be played again.
//!
//! [`mod@format`] holds the lines, [`Encoder`] makes them from snapshots, [`Board`] makes snapshots from them again.
//! A file is read and checked as a whole when it is opened, so that a replay cannot stumble in the middle of a game;
//! snapshots are rebuilt one at a time, since a night of full boards is much larger than its file.
//!
//! The one damage that is tolerated is a last line cut short, which is what a recorder killed while writing leaves
//! behind: it is left out, and [`Recording::torn_line`] says so.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use wirereport_actors::wire::game::Snapshot;

use self::format::{Frame, Header, NAME, VERSION};

mod board;
mod encode;
pub mod format;
#[cfg(test)]
mod tests;
mod visible;

pub use board::Board;
pub use encode::{About, Encoder};

/// A recording, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    name: String,
    header: Header,
    frames: Vec<Frame>,
    digest: String,
    torn_line: Option<usize>,
}

/// Why a file cannot be read as a recording.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be read.
    #[error("read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The first line is not a recording's header.
    #[error(
        "{} line 1 is not the header of a wirereport recording ({detail}); make one with `wirereport record`",
        path.display()
    )]
    NotARecording {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// Another version of the format.
    #[error(
        "{} line 1 is of format version {found}, this wirereport reads version {VERSION}; \
         use a matching wirereport or make the recording again",
        path.display()
    )]
    UnknownVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// A line that is not a frame, or names what was never declared.
    #[error("{} line {line} is not a frame ({detail}); mend that line or make the recording again", path.display())]
    BadLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        detail: String,
    },
    /// A frame that is earlier than the one before it.
    #[error(
        "{} line {line} goes back in time, from {before} to {at}; put its frames in order or make the recording again",
        path.display()
    )]
    TimeGoesBack {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The time of the frame before.
        before: Timestamp,
        /// The time of this frame.
        at: Timestamp,
    },
    /// A header and nothing else.
    #[error("{} holds no frames; make the recording again", path.display())]
    NoFrames {
        /// The file.
        path: PathBuf,
    },
}

impl Recording {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// Names the file, the line, what is wrong with it and what to do.
    pub fn read(path: &Path) -> Result<Self, RecordingError> {
        let bytes =
            std::fs::read(path).map_err(|source| RecordingError::Read { path: path.to_owned(), source })?;
        let recording = Self::parse(path, &bytes)?;
        if let Some(line) = recording.torn_line {
            tracing::warn!(
                file = %path.display(), line,
                "the recording's last line is cut short, as a recorder that was killed leaves it; it is left out"
            );
        }
        Ok(recording)
    }

    /// Reads and checks the content of a file; `path` only names it.
    ///
    /// # Errors
    /// As [`Recording::read`].
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, RecordingError> {
        let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        // What follows the last line feed: nothing, or a line whose writing was cut short.
        let tail = lines.pop().unwrap_or_default();
        let whole = lines.len();
        if !tail.is_empty() {
            lines.push(tail);
        }
        let header = header(path, lines.first().copied().unwrap_or_default())?;
        let bad = |line: usize, detail| RecordingError::BadLine { path: path.to_owned(), line, detail };
        let mut board = Board::new(&header).map_err(|detail| bad(1, detail))?;
        let mut frames: Vec<Frame> = Vec::with_capacity(lines.len());
        let mut torn_line = None;
        for (index, line) in lines.iter().enumerate().skip(1) {
            let number = index + 1;
            let frame: Frame = match serde_json::from_slice(line) {
                Ok(frame) => frame,
                Err(_) if index == whole => {
                    torn_line = Some(number);
                    break;
                }
                Err(error) => return Err(bad(number, without_line(&error))),
            };
            if let Some(before) = frames.last().map(|last| last.t).filter(|before| *before > frame.t) {
                let path = path.to_owned();
                return Err(RecordingError::TimeGoesBack { path, line: number, before, at: frame.t });
            }
            board.apply(&frame).map_err(|detail| bad(number, detail))?;
            frames.push(frame);
        }
        if frames.is_empty() {
            return Err(RecordingError::NoFrames { path: path.to_owned() });
        }
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(Self { name, header, frames, digest: hex(&Sha256::digest(bytes)), torn_line })
    }

    /// A recording of these snapshots; `None` where there are none. `name` stands in for the file's stem.
    pub fn of(name: &str, about: &About, snapshots: &[Snapshot]) -> Option<Self> {
        let (header, mut encoder) = Encoder::start(about, snapshots.first()?);
        let frames = snapshots.iter().map(|snapshot| encoder.frame(snapshot)).collect();
        let mut recording =
            Self { name: name.to_owned(), header, frames, digest: String::new(), torn_line: None };
        recording.digest = hex(&Sha256::digest(recording.to_jsonl()));
        Some(recording)
    }

    /// The content of its file.
    pub fn to_jsonl(&self) -> String {
        let mut text = line(&self.header);
        for frame in &self.frames {
            text.push_str(&line(frame));
        }
        text
    }

    /// Its file's name without the ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is and where it is from.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its polls, in order of time. There is at least one.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// The time of the first frame.
    pub fn starts_at(&self) -> Timestamp {
        self.frames.first().map_or(Timestamp::UNIX_EPOCH, |frame| frame.t)
    }

    /// The time of the last frame.
    pub fn ends_at(&self) -> Timestamp {
        self.frames.last().map_or(Timestamp::UNIX_EPOCH, |frame| frame.t)
    }

    /// The number of a last line that was cut short and left out.
    pub fn torn_line(&self) -> Option<usize> {
        self.torn_line
    }

    /// A stable key of this recording, for the state folder of its replays: the file's name and the start of its
    /// content's SHA-256. A file that changes gets another key, since its frames may mean something else.
    pub fn run_key(&self) -> String {
        let stem = self.name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' });
        format!("{}-{}", stem.collect::<String>(), self.digest.get(..12).unwrap_or(&self.digest))
    }

    /// The board before the first frame.
    pub(super) fn board(&self) -> Board {
        // Reading has applied every line already, so none can fail here.
        Board::new(&self.header).unwrap_or_default()
    }

    /// Every poll as a full snapshot, as `feed` would have answered.
    pub fn snapshots<'a>(&'a self, feed: &'a str) -> impl Iterator<Item = Snapshot> + 'a {
        let mut board = self.board();
        self.frames.iter().filter_map(move |frame| {
            board.apply(frame).ok()?;
            Some(board.snapshot(&self.header.sport, feed, frame))
        })
    }
}

/// One line of a recording, with its line feed.
pub(super) fn line(value: &impl serde::Serialize) -> String {
    // Strings, numbers and string keys only: nothing that JSON cannot hold.
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    text
}

fn header(path: &Path, line: &[u8]) -> Result<Header, RecordingError> {
    #[derive(Deserialize)]
    struct Mark {
        format: String,
        version: u64,
    }
    let not = |detail: String| RecordingError::NotARecording { path: path.to_owned(), detail };
    if line.is_empty() {
        return Err(not("the line is empty".to_owned()));
    }
    let mark: Mark = serde_json::from_slice(line).map_err(|error| not(without_line(&error)))?;
    if mark.format != NAME {
        return Err(not(format!("its format is `{}`", mark.format)));
    }
    if mark.version != u64::from(VERSION) {
        return Err(RecordingError::UnknownVersion { path: path.to_owned(), found: mark.version });
    }
    serde_json::from_slice(line).map_err(|error| not(without_line(&error)))
}

/// The parser's words. It counts the one line it was given as line 1, so only its column is kept.
fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
