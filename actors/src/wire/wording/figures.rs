//! Names and figures: the words that are the same in every language.

use super::{Word, Words};
use crate::wire::facts::Facts;
use crate::wire::game::{Clock, Phase};

/// The words besides figures, flags and names that no language changes.
const SHARED: [&str; 19] = [
    "before_score",
    "event",
    "first",
    "headline",
    "kind",
    "league",
    "line",
    "part",
    "penalties",
    "player",
    "retracted_line",
    "retracted_score",
    "run_score",
    "score",
    "score_away_home",
    "score_home_away",
    "second",
    "sets",
    "source",
];

impl Words {
    pub(super) fn add_figures(&mut self, facts: &Facts) {
        let score = facts.has_score().then_some(facts.score);
        let figure = |n: Option<u32>| n.map(|n| n.to_string());
        self.text("home_points", figure(score.map(|score| score.home)));
        self.text("away_points", figure(score.map(|score| score.away)));
        self.text("margin_figure", figure(score.map(|score| score.margin()).filter(|margin| *margin > 0)));
        self.text("points_figure", figure(facts.sole_scorer().map(|_| facts.points())));
        let ahead = facts.winner().or_else(|| facts.score.leader());
        let deficit = match facts.came_back_from() {
            Some((_, deficit)) if facts.kind == super::MomentKind::Comeback => Some(deficit),
            _ => ahead.and_then(|side| facts.comeback(side)),
        };
        self.text("deficit_figure", figure(deficit));
        self.text("run_figure", figure(facts.run().map(|(_, points)| points)));
        self.text("period_figure", figure(Some(facts.period.into()).filter(|period| *period > 0)));
        self.text("overtimes_figure", figure(Some(facts.overtimes().into()).filter(|n| *n > 0)));
        let clock = facts.clock.filter(|_| facts.phase == Phase::Live);
        self.text("clock_figure", clock.and_then(shown));
        let play = facts.scoring_play().or(facts.incident());
        self.text("play_figure", play.and_then(|play| play.clock).and_then(shown));
    }

    /// The same for another language: names, figures, and of every other word only whether it is there.
    #[must_use]
    pub fn neutral(mut self) -> Self {
        for (name, word) in &mut self.0 {
            let shared = SHARED.contains(name)
                || ["_bare", "_full", "_figure", "_points"].iter().any(|ending| name.ends_with(ending));
            let shared = (shared && *name != "sides_bare") || *name == "third";
            if !shared && matches!(word, Word::Text(_)) {
                *word = Word::Flag(true);
            }
        }
        self
    }
}

/// A clock in figures: `2:31`, `6.1`, `88`, `90+4`.
fn shown(clock: Clock) -> Option<String> {
    match clock {
        Clock::Left { millis: millis @ 60_000.. } => {
            Some(format!("{}:{:02}", millis / 60_000, millis / 1000 % 60))
        }
        Clock::Left { millis } => {
            let (seconds, tenths) = (millis / 1000, millis / 100 % 10);
            Some(if tenths == 0 { seconds.to_string() } else { format!("{seconds}.{tenths}") })
        }
        Clock::Minute { minute, added: 0 } => Some(minute.to_string()),
        Clock::Minute { minute, added } => Some(format!("{minute}+{added}")),
        Clock::Inning { .. } => None,
    }
}
