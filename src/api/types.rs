//! What goes over the API's wire, shared by the server and the commands.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wirereport_actors::ports::ledger::{Backlog, PostRecord, StoryRecord, Switches};
use wirereport_actors::ports::writer::Standing;
use wirereport_actors::supervision::ChildStatus;
use wirereport_actors::wire::alert::{Alert, AlertBook, Lost, Notice};
use wirereport_actors::wire::expense::{Caps, Expenses};
use wirereport_actors::wire::post::{Epoch, Post};
use wirereport_actors::wire::submission::Submitted;

use super::auth::{Caller, Scope};
use super::views::Now;
use crate::ledger::access::TokenRecord;
use crate::report::Texts;

/// The service and its tree.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Status {
    /// The version that answers.
    pub version: String,
    /// The instance's name.
    pub instance: String,
    /// When it was started.
    pub started_at: Timestamp,
    /// When this was taken.
    pub taken_at: Timestamp,
    /// The term it leads under; `None` while another leads.
    pub epoch: Option<Epoch>,
    /// What the operator has switched off.
    pub switches: Switches,
    /// Work that is not finished.
    pub backlog: Backlog,
    /// The last reload of the settings, if there was one.
    pub last_reload: Option<Reload>,
    /// Every actor, in the order of start.
    pub tree: Vec<ChildStatus>,
    /// The wire in a few figures.
    #[serde(default)]
    pub now: Now,
    /// Who writes, best first.
    #[serde(default)]
    pub writers: Vec<WriterStatus>,
    /// What the operator was told of without asking and is not over, and what still waits to be told.
    #[serde(default)]
    pub alerts: Alerts,
}

/// What the operator was told of without asking.
#[derive(Debug, Clone, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Alerts {
    /// What is wrong and was told.
    pub open: Vec<Alert>,
    /// What was told and is over, as far as that is remembered.
    pub over: Vec<Alert>,
    /// Notices that wait to be delivered.
    pub undelivered: Vec<Notice>,
    /// Notices that were given up of late.
    #[serde(default)]
    pub lost: Vec<Lost>,
}

impl From<&AlertBook> for Alerts {
    fn from(book: &AlertBook) -> Self {
        let told = book.alerts.iter().filter(|alert| alert.raised_at.is_some()).cloned();
        let (open, over) = told.partition(Alert::is_open);
        Self { open, over, undelivered: book.notices.clone(), lost: book.lost.clone() }
    }
}

/// A writer as it stands.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct WriterStatus {
    /// Its name.
    pub name: String,
    /// Whether it is asked.
    #[serde(flatten)]
    pub standing: Standing,
    /// What was spent on it, where it costs something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spending: Option<Spending>,
    /// How many of its texts were refused so far, by the class of the refusal.
    pub refused: BTreeMap<String, u64>,
}

/// What was spent on a writer, and what may be.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Spending {
    /// What was spent.
    #[serde(flatten)]
    pub expenses: Expenses,
    /// What may be.
    #[serde(flatten)]
    pub caps: Caps,
}

/// What came of a reload of the settings.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Reload {
    /// When.
    pub at: Timestamp,
    /// Why the old settings stay, if they do.
    pub error: Option<String>,
    /// Keys that took effect.
    pub changed: Vec<String>,
    /// Keys that differ but need a restart.
    pub needs_restart: Vec<String>,
}

/// A story as `explain` shows it: its revisions, and its posts with every attempt.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Explanation {
    /// Every revision, first to last.
    pub revisions: Vec<StoryRecord>,
    /// Every post of any revision.
    pub posts: Vec<PostRecord>,
}

/// A post in a list, and what it waits for.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ListedPost {
    /// The post.
    #[serde(flatten)]
    pub post: Post,
    /// What it waits for other than its turn, as the running service sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Wait>,
}

/// What a post waits for.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Wait {
    /// Why, in one clause.
    pub reason: String,
    /// Until when, where that is known.
    pub until: Option<Timestamp>,
}

/// Which posts to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostQuery {
    /// Only this state.
    pub state: Option<String>,
    /// Only this channel.
    pub channel: Option<String>,
    /// Only this story.
    pub story: Option<String>,
    /// Only posts with a smaller number.
    pub before: Option<i64>,
    /// What `next` said on the page before.
    pub cursor: Option<String>,
    /// At most so many, from 1 to [`MOST`](super::MOST); 50 where it is not said.
    pub limit: Option<usize>,
}

/// Which stories to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryQuery {
    /// Only this sport.
    pub sport: Option<String>,
    /// Only this game.
    pub game: Option<String>,
    /// Only told ones, or only untold ones.
    pub told: Option<bool>,
    /// Only stories with a smaller sequence.
    pub before: Option<i64>,
    /// What `next` said on the page before.
    pub cursor: Option<String>,
    /// At most so many, from 1 to [`MOST`](super::MOST); 50 where it is not said.
    pub limit: Option<usize>,
}

/// What an operator found out about a post of unknown outcome.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// Whether it is on the channel.
    pub sent: bool,
    /// What the channel calls it, if that is known.
    pub remote_id: Option<String>,
}

/// A text that an editor puts in the place of a post's.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The text.
    pub text: String,
    /// Whether the editor answers for it, so that it is not held against the facts.
    #[serde(default)]
    pub own: bool,
}

/// Why an editor rejects a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejected {
    /// In a few words; none where nothing is to be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Where to put a backup.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupRequest {
    /// An absolute path, in a directory that is there.
    pub path: std::path::PathBuf,
    /// Whether a file that is there may be replaced.
    #[serde(default)]
    pub replace: bool,
}

/// An operator's event, as [`submitted`](crate::submitted) reads it: its fields, said more strictly than they are read.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmissionOrder {
    /// `score_update` or `final`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the operator calls the game.
    pub game_id: String,
    /// The home side's points.
    pub home_score: u32,
    /// The away side's points.
    pub away_score: u32,
    /// The league; `nba` where it is not said.
    pub sport: Option<String>,
    /// The home side's full name.
    pub home_team: Option<String>,
    /// The away side's full name.
    pub away_team: Option<String>,
    /// The period; the last where it is not said.
    pub period: Option<u8>,
    /// The clock: `0:05`.
    pub time_remaining: Option<String>,
    /// The minute of soccer: `90+4`.
    pub minute: Option<String>,
    /// The part of an inning: `top`, `middle`, `bottom` or `end`.
    pub half: Option<String>,
    /// Whether it is to be told; else it is only shown how it would be.
    #[serde(default)]
    pub publish: bool,
}

/// An operator's event, how it would be told, and what became of it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct SubmissionShown {
    /// The story, its worth, and what was assumed.
    #[serde(flatten)]
    pub submitted: Submitted,
    /// The text; `None` where nothing may be said.
    pub text: Option<String>,
    /// The text for channels with little room.
    pub short: Option<String>,
    /// Why nothing may be said.
    pub refused: Option<String>,
    /// Whether it was recorded now, and not before; `None` where it was not to be published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<bool>,
}

impl SubmissionShown {
    /// An event with its texts, and what became of it.
    pub fn of(submitted: Submitted, texts: Texts, recorded: Option<bool>) -> Self {
        let (text, short, refused) = match texts {
            Texts::Written { long, short } => (Some(long), Some(short), None),
            Texts::Refused { reason } => (None, None, Some(reason)),
        };
        Self { submitted, text, short, refused, recorded }
    }
}

/// The API's word that something was done, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Done {
    /// What was done.
    pub detail: String,
}

/// A token that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenOrder {
    /// Whose it is to be.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// How long it is good, such as `30 days`, which it is where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<String>,
}

/// A token that was issued, shown this once.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct TokenIssued {
    /// The token.
    pub token: String,
    /// What is known of it.
    #[serde(flatten)]
    pub record: TokenRecord,
}

/// A code that signs in to the dashboard once, shown this once.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct SignInCode {
    /// The code.
    pub code: String,
    /// When it is good no longer.
    pub expires_at: Timestamp,
    /// The dashboard's address on this machine; `None` where no port is open.
    pub page: Option<String>,
}

/// What somebody signs in to the dashboard with.
#[derive(JsonSchema, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum SignIn {
    /// A token that was pasted.
    Token {
        /// The token.
        token: String,
    },
    /// The code of a link that `wirereport dashboard` printed.
    Code {
        /// What stands in the link after `#code=`.
        code: String,
    },
}

/// Who asks, and what he may do.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Me {
    /// Who: `token:NAME`, `socket:UID`.
    pub subject: String,
    /// What he may do: every scope, the least first.
    pub scopes: Vec<Scope>,
    /// When that ends, where it does.
    pub expires_at: Option<Timestamp>,
}

impl Me {
    /// What is to be said of a caller.
    pub fn of(caller: &Caller) -> Self {
        let expires_at = match caller {
            Caller::Token { expires_at, .. } => Some(*expires_at),
            _ => None,
        };
        let scopes = Scope::ALL.into_iter().filter(|scope| caller.may(*scope)).collect();
        Self { subject: caller.to_string(), scopes, expires_at }
    }
}

/// Which entries of the audit log to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Only this one's: `token:NAME`, `socket:UID`, `telegram:ID`, `local`, `unknown`.
    pub who: Option<String>,
    /// Only what was refused or did not work.
    pub refused: Option<bool>,
    /// Only entries with a smaller number.
    pub before: Option<i64>,
    /// What `next` said on the page before.
    pub cursor: Option<String>,
    /// At most so many, from 1 to [`MOST`](super::MOST); 50 where it is not said.
    pub limit: Option<usize>,
}
