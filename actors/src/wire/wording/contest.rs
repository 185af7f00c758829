//! The words of contests of athletes.

use super::Words;
use super::number::counted;
use crate::wire::contest::{Contest, Ending};
use crate::wire::facts::Facts;
use crate::wire::game::{Phase, Score};

impl Words {
    pub(super) fn add_contest(&mut self, facts: &Facts) {
        let contest = facts.contest.as_ref();
        let result = contest.filter(|_| facts.phase == Phase::Final);
        self.flag("contest", contest.is_some());
        self.text("event", contest.map(|contest| contest.event.clone()));
        self.text("part", contest.and_then(|contest| contest.part.clone()));
        self.flag("retired", result.is_some_and(|contest| contest.ending == Ending::Retired));
        self.flag("walkover", result.is_some_and(|contest| contest.ending == Ending::Walkover));
        self.text("sets", result.and_then(|contest| sets(contest, facts)));
        self.text("first", result.and_then(|contest| place(contest, 0)));
        self.text("second", result.and_then(|contest| place(contest, 1)));
        self.text("third", result.and_then(|contest| place(contest, 2)));
        self.text("to_par", result.and_then(to_par));
        let ahead = result.and_then(Contest::strokes_ahead);
        self.text("strokes_ahead", ahead.map(|strokes| counted(strokes, "stroke")));
        if let Some(contest) = contest.filter(|_| facts.discipline.is_field()) {
            self.text("matchup", Some(format!("the {}", contest.event)));
        }
    }
}

fn place(contest: &Contest, at: usize) -> Option<String> {
    contest.standings.get(at).map(|standing| standing.name.clone())
}

/// The sets, the winner's games first: `6-3, 6-1`.
fn sets(contest: &Contest, facts: &Facts) -> Option<String> {
    let winner = facts.winner()?;
    let one = |set: &Score| format!("{}-{}", set.of(winner), set.of(winner.other()));
    let sets: Vec<String> = contest.sets.iter().map(one).collect();
    (!sets.is_empty()).then(|| sets.join(", "))
}

/// `10 under par`, `even par`.
fn to_par(contest: &Contest) -> Option<String> {
    let to_par = contest.standings.first()?.to_par?;
    let strokes = super::number::cardinal(to_par.unsigned_abs());
    Some(match to_par {
        0 => "even par".to_owned(),
        ..0 => format!("{strokes} under par"),
        _ => format!("{strokes} over par"),
    })
}
