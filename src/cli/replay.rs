//! `wirereport replay`: what today's settings would have told of recorded games.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use wirereport_actors::wire::game::{Score, Which};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::significance::Significance;
use wirereport_actors::wire::sport::{Discipline, Sport};

use super::Place;
use super::exit::Failure;
use super::settings::load;
use super::text::{
    BOLD, DIM, GOOD, Table, WARN, paint, print, print_json, print_trouble, significance, width,
};
use crate::feeds::recording::Recording;
use crate::report::{GameReport, Noticed, report, stands};
use crate::run::wiring;
use crate::settings::nearest;

/// Say what today's settings would have told of recorded games.
///
/// Every moment that is noticed, what it is worth, and the text it is told in or why it is not told. Nothing is published
/// and nothing is kept: to see a recording reported as it goes, use `run --replay`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The recordings, as `record` makes them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only what is told.
    #[arg(long)]
    told: bool,
    /// Only recordings of this league: nba, nfl, eng.1 …
    #[arg(long, value_name = "LEAGUE")]
    sport: Option<String>,
    /// Draw each game's win probability with the told moments on it: an .svg for one game, else a folder.
    #[arg(long, value_name = "FILE.svg|FOLDER")]
    plot: Option<PathBuf>,
    /// Print JSON.
    ///
    /// A list of games, each with `file`, `title`, `game`, `sport`, `league`, `home` and `away` (`name`, `code`), `score`
    /// (`home`, `away`), `noticed`, `told`, `untold` (how many, by reason) and `moments`: `seen_at`, `story`, `revision`,
    /// `kind`, `period`, `stands` (where the game stood), `score`, `home_win_probability`, `significance` (`total` and its
    /// `parts`), `told`, `text` and `short` where it is told, `reason` and `why_not` where it is not.
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(place: &Place, args: Args) -> Result<(), Failure> {
    let wanted = args.sport.as_deref().map(league).transpose()?;
    let settings = load(place)?.settings;
    let (policy, writer) = (wiring::policy(&settings), wiring::writer(&settings)?);
    let mut games = Vec::new();
    for file in &args.files {
        let recording = read(file)?;
        let key = &recording.header().sport;
        let sport = Sport::of(key.as_str()).ok_or_else(|| {
            let shown = file.display();
            Failure::failed(format_args!("{shown} is of {key}, which this version does not know"))
        })?;
        if wanted.as_ref().is_some_and(|wanted| wanted.key != sport.key) {
            continue;
        }
        // A recording is one feed, which waits for no other.
        let rules = Rules { cross_check: None, ..policy.rules(&sport.key) };
        let reports = report(&recording, &sport, &rules, &writer).await;
        games.extend(reports.into_iter().map(|report| (file.as_path(), report)));
    }
    if let Some(plot) = &args.plot {
        draw(plot, &games)?;
    }
    if args.json {
        let games: Vec<GameJson> =
            games.iter().map(|(file, game)| GameJson::of(file, game, args.told)).collect();
        return print_json(&games);
    }
    let mut text: String =
        games.iter().map(|(_, game)| render(game, args.told, width())).collect::<Vec<_>>().join("\n");
    if games.len() != 1 {
        let noticed: usize = games.iter().map(|(_, game)| game.moments.len()).sum();
        let told: usize = games.iter().map(|(_, game)| game.told()).sum();
        text.push_str(&format!("\n{} games: {noticed} moments noticed, {told} told\n", games.len()));
    }
    print(&text)
}

/// The league of that key.
pub(super) fn league(name: &str) -> Result<Sport, Failure> {
    Sport::of(name).ok_or_else(|| {
        let advice = match nearest(name, Sport::known_keys()) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("there are {}", Sport::known_keys().collect::<Vec<_>>().join(", ")),
        };
        Failure::usage(format_args!("no league is called {name}; {advice}"))
    })
}

fn read(file: &Path) -> Result<Recording, Failure> {
    let recording = Recording::read(file).map_err(Failure::failed)?;
    if let Some(line) = recording.torn_line() {
        let shown = file.display();
        print_trouble(&format_args!(
            "{shown} line {line} is cut short, as a recorder that is killed leaves it; it is left out"
        ));
    }
    Ok(recording)
}

/// Writes the picture of one game into that file, or of each into that folder under the game's id.
fn draw(plot: &Path, games: &[(&Path, GameReport)]) -> Result<(), Failure> {
    let shown = plot.display();
    let write = |path: &Path, game: &GameReport| {
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::failed(format_args!("cannot draw {}: {error}", path.display()))
        };
        let picture = crate::report::chart(game).map_err(|error| cannot(&error))?;
        std::fs::write(path, picture).map_err(|error| cannot(&error))
    };
    if plot.extension().is_some_and(|ending| ending == "svg") {
        return match games {
            [(_, game)] => write(plot, game),
            _ => Err(Failure::usage(format_args!(
                "{shown} holds one game and there are {}; name a folder",
                games.len()
            ))),
        };
    }
    std::fs::create_dir_all(plot)
        .map_err(|error| Failure::failed(format_args!("cannot make the folder {shown}: {error}")))?;
    games.iter().try_for_each(|(_, game)| write(&plot.join(format!("{}.svg", game.game)), game))
}

fn render(game: &GameReport, told_only: bool, width: Option<usize>) -> String {
    let soccer = game.sport.discipline == Discipline::Soccer;
    let date = game.course.first().map(|point| point.at.strftime("%F").to_string());
    let facts = [Some(game.sport.name.clone()), date, Some(game.game.to_string())];
    let about: Vec<String> = facts.into_iter().flatten().collect();
    let title = game.title();
    let mut text = format!("{} · {}\n\n", paint(BOLD, title), about.join(" · "));
    let sides = if soccer { [&game.home, &game.away] } else { [&game.away, &game.home] };
    let sides = sides.map(|team| team.code.as_str()).join("-");
    let mut rows = Table::new(["TIME", "STANDS", &sides, "WORTH", "MOMENT", "TOLD"]);
    for noticed in game.moments.iter().filter(|noticed| !told_only || noticed.told().is_some()) {
        let story = &noticed.story;
        rows.row([
            story.seen_at.strftime("%H:%M:%SZ").to_string(),
            stands(&story.facts),
            score(story.facts.score, soccer),
            significance(story.significance.total),
            story.kind.to_string(),
            verdict(noticed),
        ]);
    }
    text.push_str(&rows.render(width));
    text.push_str(&format!("\n{}\n", count(game)));
    text
}

fn verdict(noticed: &Noticed) -> String {
    match (noticed.told(), noticed.why_not()) {
        (Some(text), _) => paint(GOOD, text),
        (None, Some(reason)) if noticed.texts.is_some() => {
            format!("{}: {reason}", paint(WARN, "nothing may be said"))
        }
        (None, reason) => paint(DIM, format_args!("no: {}", reason.unwrap_or_default())),
    }
}

fn score(score: Score, home_first: bool) -> String {
    let sides = if home_first { [Which::Home, Which::Away] } else { [Which::Away, Which::Home] };
    sides.map(|side| score.of(side).to_string()).join("-")
}

fn count(game: &GameReport) -> String {
    let untold: Vec<String> = game
        .untold()
        .into_iter()
        .map(|(reason, count)| {
            let words = match reason {
                "below_threshold" => "worth too little",
                "kind_not_told" => "of a kind that is not told",
                "stale" => "too old",
                "nothing_to_correct" => "corrections of what was not told",
                "told_otherwise" => "told as another kind",
                "unfit" => "that may not be quoted",
                _ => "of which nothing may be said",
            };
            format!("{count} {words}")
        })
        .collect();
    let noticed = match game.moments.len() {
        1 => "1 moment".to_owned(),
        n => format!("{n} moments"),
    };
    let rest = if untold.is_empty() { String::new() } else { format!("; not told: {}", untold.join(", ")) };
    format!("{noticed} noticed, {} told{rest}", game.told())
}

/// A game as `--json` has it.
#[derive(Serialize)]
struct GameJson<'a> {
    file: String,
    title: String,
    game: &'a str,
    sport: &'a str,
    league: &'a str,
    home: TeamJson<'a>,
    away: TeamJson<'a>,
    score: Option<Score>,
    noticed: usize,
    told: usize,
    untold: std::collections::BTreeMap<&'static str, usize>,
    moments: Vec<MomentJson<'a>>,
}

#[derive(Serialize)]
struct TeamJson<'a> {
    name: &'a str,
    code: &'a str,
}

#[derive(Serialize)]
struct MomentJson<'a> {
    seen_at: Timestamp,
    story: &'a str,
    revision: u32,
    kind: MomentKind,
    period: u8,
    stands: String,
    score: Score,
    home_win_probability: Option<f64>,
    significance: &'a Significance,
    told: bool,
    text: Option<&'a str>,
    short: Option<&'a str>,
    reason: Option<&'static str>,
    why_not: Option<String>,
}

impl<'a> GameJson<'a> {
    fn of(file: &Path, game: &'a GameReport, told_only: bool) -> Self {
        let team =
            |team: &'a wirereport_actors::wire::game::Team| TeamJson { name: &team.name, code: &team.code };
        let moments = game.moments.iter().filter(|noticed| !told_only || noticed.told().is_some());
        Self {
            file: file.display().to_string(),
            title: game.title(),
            game: &game.game.0,
            sport: game.sport.key.as_str(),
            league: &game.sport.name,
            home: team(&game.home),
            away: team(&game.away),
            score: game.score(),
            noticed: game.moments.len(),
            told: game.told(),
            untold: game.untold(),
            moments: moments.map(MomentJson::of).collect(),
        }
    }
}

impl<'a> MomentJson<'a> {
    fn of(noticed: &'a Noticed) -> Self {
        let story = &noticed.story;
        Self {
            seen_at: story.seen_at,
            story: &story.id.0,
            revision: story.revision,
            kind: story.kind,
            period: story.facts.period,
            stands: stands(&story.facts),
            score: story.facts.score,
            home_win_probability: noticed.home_chance,
            significance: &story.significance,
            told: noticed.told().is_some(),
            text: noticed.told(),
            short: noticed.short(),
            reason: noticed.reason(),
            why_not: noticed.why_not(),
        }
    }
}
