//! What a wire would tell of a recording: every moment that is noticed, what it is worth, whether it is told and in which
//! words, and why not.
//!
//! The recording goes through [`step()`] poll by poll, as in the running wire, with nothing behind it: no ledger, no
//! channel, no clock. So a report takes no time and is the same whenever it is made.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::ports::writer::{Assignment, Writer};
use wirereport_actors::wire::brief::{choose, choose_anew};
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::fit::{LengthUnit, Limits};
use wirereport_actors::wire::game::{Clock, GameId, Phase, Score, Snapshot, Team};
use wirereport_actors::wire::gate::{self, Said};
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::{Discipline, Sport};
use wirereport_actors::wire::step::step;
use wirereport_actors::wire::story::{Story, Untold, Verdict};

use crate::feeds::recording::Recording;

mod chart;
mod stands;

pub use chart::chart;
pub use stands::{period, stands};

/// What is told of one game, and what is not.
#[derive(Debug, Clone, PartialEq)]
pub struct GameReport {
    /// The game.
    pub game: GameId,
    /// Its league.
    pub sport: Sport,
    /// Home.
    pub home: Team,
    /// Away.
    pub away: Team,
    /// Every moment, in the order they were noticed.
    pub moments: Vec<Noticed>,
    /// How the game stood at each poll, as far as that was confirmed.
    pub course: Vec<Point>,
}

/// A moment with its verdict and its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Noticed {
    /// The moment, judged.
    pub story: Story,
    /// Home's chance to win at the poll that confirmed it.
    pub home_chance: Option<f64>,
    /// The words, where it is told.
    pub texts: Option<Texts>,
}

/// What a told moment is told in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Texts {
    /// These texts passed the fact gate.
    Written {
        /// As posts have it.
        long: String,
        /// As channels with little room have it, and labels.
        short: String,
    },
    /// Nothing may be said: no writer had words for it, or the gate refused them all.
    Refused {
        /// Why.
        reason: String,
    },
}

impl Noticed {
    /// The text that is told; `None` where none is.
    pub fn told(&self) -> Option<&str> {
        match &self.texts {
            Some(Texts::Written { long, .. }) => Some(long),
            _ => None,
        }
    }

    /// The same in short, as a label.
    pub fn short(&self) -> Option<&str> {
        match &self.texts {
            Some(Texts::Written { short, .. }) => Some(short),
            _ => None,
        }
    }

    /// Why nothing is told, in words.
    pub fn why_not(&self) -> Option<String> {
        match (&self.story.verdict, &self.texts) {
            (Verdict::Untold { reason }, _) => Some(reason.to_string()),
            (Verdict::Told, Some(Texts::Refused { reason })) => Some(reason.clone()),
            (Verdict::Told, _) => None,
        }
    }

    /// Why nothing is told, in a word.
    pub fn reason(&self) -> Option<&'static str> {
        match (&self.story.verdict, &self.texts) {
            (Verdict::Untold { reason }, _) => Some(match reason {
                Untold::BelowThreshold { .. } => "below_threshold",
                Untold::KindNotTold => "kind_not_told",
                Untold::Stale { .. } => "stale",
                Untold::NothingToCorrect => "nothing_to_correct",
                Untold::ToldOtherwise { .. } => "told_otherwise",
                Untold::Unfit { .. } => "unfit",
            }),
            (Verdict::Told, Some(Texts::Refused { .. })) => Some("refused"),
            (Verdict::Told, _) => None,
        }
    }
}

/// How a game stood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The time of the poll.
    pub at: Timestamp,
    /// Home's chance to win, 0 to 1.
    pub home_chance: f64,
    /// The confirmed score.
    pub score: Score,
    /// The shoot-out on the board, beside the score.
    pub shootout: Option<Score>,
    /// The confirmed phase.
    pub phase: Phase,
    /// The period on the board.
    pub period: u8,
    /// The clock on the board.
    pub clock: Option<Clock>,
}

impl GameReport {
    /// Who plays: `Atlanta Hawks at Boston Celtics`, `Mexico v South Africa`.
    pub fn title(&self) -> String {
        match self.sport.discipline {
            Discipline::Soccer => format!("{} v {}", self.home.name, self.away.name),
            _ => format!("{} at {}", self.away.name, self.home.name),
        }
    }

    /// How many moments are told.
    pub fn told(&self) -> usize {
        self.moments.iter().filter(|moment| moment.told().is_some()).count()
    }

    /// How many moments are not told, by the reason.
    pub fn untold(&self) -> BTreeMap<&'static str, usize> {
        let mut untold = BTreeMap::new();
        for reason in self.moments.iter().filter_map(Noticed::reason) {
            *untold.entry(reason).or_default() += 1;
        }
        untold
    }

    /// The last confirmed score.
    pub fn score(&self) -> Option<Score> {
        self.course.last().map(|point| point.score)
    }
}

/// What is told of a recording's games under these rules, game by game in the order they are first seen.
pub async fn report(
    recording: &Recording,
    sport: &Sport,
    rules: &Rules,
    writer: &dyn Writer,
) -> Vec<GameReport> {
    let mut reports: Vec<GameReport> = Vec::new();
    let mut state = SportState::default();
    for snapshot in recording.snapshots("replay") {
        let step = step(&mut state, &snapshot, sport, rules);
        for (game, known) in &state.games {
            let seen = snapshot.games.iter().find(|seen| seen.feed_id == known.last.feed_id);
            let Some(seen) = seen else { continue };
            if !reports.iter().any(|report| report.game == *game) {
                reports.push(GameReport {
                    game: game.clone(),
                    sport: sport.clone(),
                    home: seen.home.team.clone(),
                    away: seen.away.team.clone(),
                    moments: Vec::new(),
                    course: Vec::new(),
                });
            }
        }
        for report in &mut reports {
            report.course.extend(point(&state, &report.game, &snapshot));
        }
        for story in step.stories {
            let Some(report) = reports.iter_mut().find(|report| report.game == story.game) else { continue };
            let told = report.moments.iter().rev().filter_map(Noticed::told).take(LAST);
            let told: Vec<Said> = told.map(Said::from).collect();
            let texts = match &story.verdict {
                Verdict::Told => Some(written_after(writer, &story, told).await),
                Verdict::Untold { .. } => None,
            };
            let home_chance = report.course.last().map(|point| point.home_chance);
            report.moments.push(Noticed { story, home_chance, texts });
        }
    }
    reports
}

fn point(state: &SportState, game: &GameId, snapshot: &Snapshot) -> Option<Point> {
    let known = state.games.get(game)?;
    Some(Point {
        at: snapshot.seen_at,
        home_chance: known.home_chance()?,
        score: known.score()?,
        shootout: known
            .last
            .home
            .shootout
            .zip(known.last.away.shootout)
            .map(|(home, away)| Score { home, away }),
        phase: known.phase(),
        period: known.last.period,
        clock: known.last.clock,
    })
}

/// What the usual channels take.
const LONG: Limits = Limits { max: 280, unit: LengthUnit::Graphemes };
/// What a label takes.
const SHORT: Limits = Limits { max: 140, unit: LengthUnit::Graphemes };

/// How many of a game's last texts the next may not say once more.
const LAST: usize = 5;

/// How long a report waits for a text.
const WRITTEN_WITHIN: Duration = Duration::from_secs(30);

/// The words of a told story, held against the fact gate as the generator does.
pub async fn written(writer: &dyn Writer, story: &Story) -> Texts {
    written_after(writer, story, Vec::new()).await
}

/// The same, held against what was last told of its game too.
async fn written_after(writer: &dyn Writer, story: &Story, told: Vec<Said>) -> Texts {
    if let Some(rejection) = gate::quarantine(&story.facts) {
        return Texts::Refused { reason: format!("quarantined: {rejection}") };
    }
    let assignment = Assignment { told, ..Assignment::new(story.clone(), WRITTEN_WITHIN) };
    let drafts = match writer.write(&assignment).await {
        Ok(written) => written.drafts,
        Err(error) => {
            return Texts::Refused { reason: format!("{} did not write it: {error}", writer.name()) };
        }
    };
    let long = choose_anew(&drafts, &story.facts, LONG, &assignment.told);
    let short = choose(drafts.get(1..).unwrap_or_default(), &story.facts, SHORT);
    match (long, short) {
        (Ok(long), short) => {
            let long = long.text.into_text();
            let short = short.map_or_else(|_| long.clone(), |short| short.text.into_text());
            Texts::Written { long, short }
        }
        (Err(refused), _) => {
            let reasons: Vec<String> = refused.iter().map(ToString::to_string).collect();
            Texts::Refused { reason: reasons.join("; ") }
        }
    }
}
