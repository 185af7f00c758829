//! `wirereport explain`: why a story was or was not told, and what became of its posts.

use std::fmt::Write;

use wirereport_actors::ports::ledger::StoryRecord;
use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::game::Score;

use super::Place;
use super::connect::reader;
use super::exit::Failure;
use super::text::{BOLD, Table, paint, print, print_json, time};
use super::{posts, stories};
use crate::api::types::Explanation;

/// Say why a story was or was not told: its facts, its significance, its posts and every attempt.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The story's id, as `stories` lists it: `nba-20241022-nyk-bos/final/4/1`.
    story: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let client = reader(place).await?;
    let explanation: Explanation = client.get(&format!("/v1/stories/{}", args.story)).await?;
    if args.json {
        return print_json(&explanation);
    }
    print(&render(&explanation))
}

fn render(explanation: &Explanation) -> String {
    let mut text = String::new();
    for record in &explanation.revisions {
        text.push_str(&describe(record));
        let of_revision = |post: &&_| revision(post) == record.story.revision;
        for post in explanation.posts.iter().filter(of_revision) {
            text.push('\n');
            text.push_str(&posts::describe(post));
        }
        text.push('\n');
    }
    text
}

fn revision(record: &wirereport_actors::ports::ledger::PostRecord) -> u32 {
    record.post.revision
}

fn describe(record: &StoryRecord) -> String {
    let story = &record.story;
    let mut text = format!(
        "{} · revision {} · {} · {}\n",
        paint(BOLD, &story.id),
        story.revision,
        story.kind,
        stories::verdict(&story.verdict)
    );
    let _ = writeln!(
        text,
        "  last seen without it {}, first seen {}, confirmed {}",
        time(story.after),
        time(story.seen_at),
        time(story.confirmed_at)
    );
    match record.written_at {
        Some(at) => {
            let _ = writeln!(text, "  written {}", time(at));
        }
        None if story.verdict == wirereport_actors::wire::story::Verdict::Told => {
            text.push_str("  not yet written\n")
        }
        None => {}
    }
    for note in &record.notes {
        let _ = writeln!(text, "  {note}");
    }
    text.push_str(&facts(&story.facts));
    let _ = writeln!(text, "\n  significance {:.3}", story.significance.total);
    let mut rows = Table::new(["  PART", "MEASURED", "ADDS"]);
    for part in &story.significance.parts {
        rows.row([
            format!("  {}", part.name),
            format!("{:.3}", part.value),
            format!("{:+.3}", part.contribution),
        ]);
    }
    text.push_str(&rows.render());
    text
}

fn facts(facts: &Facts) -> String {
    let score =
        |score: Score| format!("{} {} – {} {}", facts.away.code, score.away, facts.home.code, score.home);
    let mut text = format!("\n  {} at {}, {}\n", facts.away.name, facts.home.name, facts.league);
    let _ = writeln!(text, "  score {}, period {}, {:?}", score(facts.score), facts.period, facts.phase);
    if let Some(before) = facts.before {
        let _ = writeln!(text, "  before {}", score(before));
    }
    if let Some(retracted) = facts.retracted {
        let _ = writeln!(text, "  taken back {}", score(retracted));
    }
    if let Some(clock) = facts.clock {
        let _ = writeln!(text, "  clock {clock:?}");
    }
    text
}
