//! `wirereport stories`: what was noticed, told or not.

use wirereport_actors::ports::ledger::StoryRecord;
use wirereport_actors::wire::story::Verdict;

use super::Place;
use super::connect::reader;
use super::exit::Failure;
use super::pages::{LISTED, listed};
use super::text::{DIM, GOOD, Table, paint, print, print_json, print_table, significance, time};
use crate::api::types::StoryQuery;

/// List what was noticed, told or not, newest first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this league: nba, nfl, eng.1 …
    #[arg(long, value_name = "LEAGUE")]
    sport: Option<String>,
    /// Only this game.
    #[arg(long)]
    game: Option<String>,
    /// Only what is told.
    #[arg(long, conflicts_with = "untold")]
    told: bool,
    /// Only what is not told.
    #[arg(long)]
    untold: bool,
    /// Only stories with a smaller sequence: the next page.
    #[arg(long, value_name = "SEQUENCE")]
    before: Option<i64>,
    /// At most so many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=i64::from(LISTED)))]
    limit: u16,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(place: &Place, args: Args) -> Result<(), Failure> {
    let query = StoryQuery {
        sport: args.sport,
        game: args.game,
        told: (args.told || args.untold).then_some(args.told),
        before: args.before,
        ..Default::default()
    };
    let stories: Vec<StoryRecord> = listed(&reader(place).await?, "/v1/stories", &query, args.limit).await?;
    if args.json {
        return print_json(&stories);
    }
    if stories.is_empty() {
        return print("no stories\n");
    }
    let mut rows = Table::new(["SEQUENCE", "SEEN", "SIGNIFICANCE", "STORY", "VERDICT"]);
    for record in &stories {
        rows.row([
            record.sequence.to_string(),
            time(record.story.seen_at),
            significance(record.story.significance.total),
            record.story.id.to_string(),
            verdict(&record.story.verdict),
        ]);
    }
    print_table(&rows)
}

pub(super) fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Told => paint(GOOD, "told"),
        Verdict::Untold { reason } => format!("{}: {reason}", paint(DIM, "not told")),
    }
}
