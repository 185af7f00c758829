//! `wirereport submit`: an operator's own event, shown as it would be told, or published.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::submission::{Assumed, Submitted, submit};

use super::Place;
use super::connect::connect;
use super::exit::Failure;
use super::explain::weighed;
use super::settings::load;
use super::text::{BOLD, DIM, WARN, paint, print, print_json};
use crate::api::types::SubmissionRecorded;
use crate::clock::SystemClock;
use crate::report::{Texts, stands, written};
use crate::run::wiring;
use crate::submitted;

/// Show how an event of your own would be told, or publish it.
///
/// An event is JSON: `type` (score_update or final), `game_id`, `home_score` and `away_score`, and where you like `sport`
/// (nba), `home_team` and `away_team` (full names), `period` (the last), and the clock: `time_remaining` (0:05), soccer's
/// `minute` (90+4) or baseball's `half` (top, middle, bottom, end). What is left out is assumed and listed.
///
/// It is your word: nothing is waited for, and no threshold applies; but no more is told than it says. With --publish the
/// running service tells it on its channels, once: the same event again changes nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The event's file, or - for standard input.
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// Have the running service tell it.
    #[arg(long)]
    publish: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let (name, text) = read(&args.file)?;
    let wrong = |error: submitted::BadEvent| Failure::failed(format_args!("{name}:{error}"));
    let event = submitted::parse(&text).map_err(wrong)?;
    let submitted = submit(&event, SystemClock.now());
    let submitted = submitted.map_err(|unfit| wrong(submitted::locate(&text, &unfit)))?;
    let writer = wiring::writer(&load(place)?.settings)?;
    let texts = written(&writer, &submitted.story).await;
    let recorded: Option<SubmissionRecorded> = match args.publish {
        true => Some(connect(place)?.post("/v1/submissions", &event).await?),
        false => None,
    };
    if args.json {
        return print_json(&Shown::of(&submitted, &texts, recorded.as_ref()));
    }
    print(&render(&submitted, &texts, recorded.as_ref()))?;
    match texts {
        Texts::Written { .. } => Ok(()),
        Texts::Refused { reason } => {
            Err(Failure::failed(format_args!("nothing may be said of it: {reason}")))
        }
    }
}

fn read(file: &Path) -> Result<(String, String), Failure> {
    let name = if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() };
    let mut bytes = Vec::new();
    let read = match file == Path::new("-") {
        true => std::io::stdin().read_to_end(&mut bytes).map(drop),
        false => std::fs::read(file).map(|content| bytes = content),
    };
    read.map_err(|error| Failure::failed(format_args!("cannot read {name}: {error}")))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(_) => Err(Failure::failed(format_args!("{name} is not UTF-8 text; an event is JSON"))),
    }
}

/// An event as `--json` shows it.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    submitted: &'a Submitted,
    text: Option<&'a str>,
    short: Option<&'a str>,
    refused: Option<&'a str>,
    /// Whether it was recorded now, and not before; absent where it was not published.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<bool>,
}

impl<'a> Shown<'a> {
    fn of(submitted: &'a Submitted, texts: &'a Texts, recorded: Option<&SubmissionRecorded>) -> Self {
        let (text, short, refused) = match texts {
            Texts::Written { long, short } => (Some(long.as_str()), Some(short.as_str()), None),
            Texts::Refused { reason } => (None, None, Some(reason.as_str())),
        };
        Self { submitted, text, short, refused, recorded: recorded.map(|recorded| recorded.new) }
    }
}

fn render(submitted: &Submitted, texts: &Texts, recorded: Option<&SubmissionRecorded>) -> String {
    let story = &submitted.story;
    let mut text = match texts {
        Texts::Written { long, .. } => format!("{}\n\n", paint(BOLD, long)),
        Texts::Refused { .. } => String::new(),
    };
    text.push_str(&format!("  {} · {} · {}\n", story.facts.league, story.kind, stands(&story.facts)));
    for Assumed { field, value } in &submitted.assumed {
        text.push_str(&format!("  {} {field}: {value}\n", paint(WARN, "assumed")));
    }
    text.push_str(&format!("\n{}\n", weighed(&story.significance)));
    text.push_str(&match recorded {
        None => paint(DIM, "not published; --publish has the running service tell it"),
        Some(SubmissionRecorded { new: true, story }) => {
            format!("recorded; `wirereport explain {story}` says what becomes of it")
        }
        Some(SubmissionRecorded { new: false, story }) => {
            format!("was submitted before and is not told again: `wirereport explain {story}`")
        }
    });
    text.push('\n');
    text
}
