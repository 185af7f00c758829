//! `wirereport submit`: an operator's own event, shown as it would be told, or published.

use std::io::Read;
use std::path::{Path, PathBuf};

use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::submission::{Assumed, Submission, submit};

use super::Place;
use super::connect::{connect, elsewhere};
use super::exit::Failure;
use super::explain::weighed;
use super::settings::load;
use super::text::{BOLD, DIM, WARN, paint, print, print_json};
use crate::api::client::Client;
use crate::api::types::SubmissionShown;
use crate::clock::SystemClock;
use crate::report::{stands, written};
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
    let shown = match elsewhere(place)? {
        Some(client) => order(&client, &event, args.publish).await?,
        None => {
            let submitted = submit(&event, SystemClock.now());
            let submitted = submitted.map_err(|unfit| wrong(submitted::locate(&text, &unfit)))?;
            let writer = wiring::writer(&load(place)?.settings)?;
            let texts = written(&writer, &submitted.story).await;
            let recorded = match args.publish {
                true => order(&connect(place)?, &event, true).await?.recorded,
                false => None,
            };
            SubmissionShown::of(submitted, texts, recorded)
        }
    };
    if args.json {
        return print_json(&shown);
    }
    print(&render(&shown))?;
    match shown.refused {
        None => Ok(()),
        Some(reason) => Err(Failure::failed(format_args!("nothing may be said of it: {reason}"))),
    }
}

async fn order(client: &Client, event: &Submission, publish: bool) -> Result<SubmissionShown, Failure> {
    let mut order = serde_json::to_value(event).map_err(Failure::failed)?;
    order["publish"] = publish.into();
    Ok(client.post("/v1/submissions", &order).await?)
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

fn render(shown: &SubmissionShown) -> String {
    let SubmissionShown { submitted, text, recorded, .. } = shown;
    let story = &submitted.story;
    let mut text = text.as_ref().map_or_else(String::new, |text| format!("{}\n\n", paint(BOLD, text)));
    text.push_str(&format!("  {} · {} · {}\n", story.facts.league, story.kind, stands(&story.facts)));
    for Assumed { field, value } in &submitted.assumed {
        text.push_str(&format!("  {} {field}: {value}\n", paint(WARN, "assumed")));
    }
    text.push_str(&format!("\n{}\n", weighed(&story.significance)));
    text.push_str(&match recorded {
        None => paint(DIM, "not published; --publish has the running service tell it"),
        Some(true) => format!("recorded; `wirereport explain {}` says what becomes of it", story.id),
        Some(false) => {
            format!("was submitted before and is not told again: `wirereport explain {}`", story.id)
        }
    });
    text.push('\n');
    text
}
