//! `wirereport explain`: why a story was or was not told, and what became of its posts.

use std::fmt::Write;

use clap::builder::NonEmptyStringValueParser;
use wirereport_actors::ports::ledger::StoryRecord;
use wirereport_actors::wire::significance::Significance;
use wirereport_actors::wire::story::Verdict;

use super::Place;
use super::connect::reader;
use super::exit::Failure;
use super::text::{BOLD, Table, WARN, paint, print, print_json, time, time_beside};
use super::{facts, posts, stories};
use crate::api::client::path;
use crate::api::types::Explanation;

/// Say why a story was or was not told.
///
/// Its facts, when it was seen and confirmed, its significance part by part, its posts and every attempt to send them.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The story's id, as `stories` lists it: `nba-20241022-nyk-bos/final/4/1`.
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    story: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let client = reader(place).await?;
    let explanation: Explanation = client.get(&path("/v1/stories/", &args.story)).await?;
    if args.json {
        return print_json(&explanation);
    }
    print(&render(&explanation))
}

fn render(explanation: &Explanation) -> String {
    let revisions = explanation.revisions.iter().map(|record| {
        let posts = explanation.posts.iter().filter(|post| post.post.revision == record.story.revision);
        describe(record) + &posts.map(|post| format!("\n{}", posts::describe(post))).collect::<String>()
    });
    revisions.collect::<Vec<_>>().join("\n")
}

fn describe(record: &StoryRecord) -> String {
    let story = &record.story;
    let revision = match story.revision {
        1 => String::new(),
        later => format!(" · revision {later}"),
    };
    let verdict = stories::verdict(&story.verdict);
    let mut text = format!("{}{revision} · {} · {verdict}\n\n", paint(BOLD, &story.id), story.kind);
    for line in facts::lines(&story.facts) {
        let _ = writeln!(text, "  {line}");
    }
    let _ = writeln!(text, "\n  {}", course(record));
    for note in &record.notes {
        let _ = writeln!(text, "  {} {note}", paint(WARN, "note:"));
    }
    for refused in &record.refused {
        let _ = writeln!(text, "  {} {refused}", paint(WARN, "refused:"));
        let _ = writeln!(text, "           {:?}", refused.text);
    }
    let _ = write!(text, "\n{}", weighed(&story.significance));
    text
}

/// When what became known.
fn course(record: &StoryRecord) -> String {
    let story = &record.story;
    let written = match (record.written_at, &story.verdict) {
        (Some(at), _) => format!(", written {}", time_beside(story.seen_at, at)),
        (None, Verdict::Told) => format!(", {}", paint(WARN, "not yet written")),
        (None, Verdict::Untold { .. }) => String::new(),
    };
    format!(
        "first seen {} (at {} not yet), confirmed {}{written}",
        time(story.seen_at),
        time_beside(story.seen_at, story.after),
        time_beside(story.seen_at, story.confirmed_at)
    )
}

/// A significance as a sum: what was measured, times its weight, is what it adds.
pub(super) fn weighed(of: &Significance) -> String {
    let mut rows = Table::new(["  SIGNIFICANCE", "MEASURED", "ADDS"]);
    for part in &of.parts {
        let (name, value) = (format!("  {}", part.name), format!("{:.3}", part.value));
        rows.row([name, value, format!("{:+.4}", part.contribution)]);
    }
    rows.row(["  total".to_owned(), String::new(), format!(" {:.4}", of.total)]);
    rows.render(None)
}

#[cfg(test)]
mod tests;
