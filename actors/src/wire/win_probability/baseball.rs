//! Baseball: win expectancy, what became of every state of the game since 1957 (Lindsey, *The Progress of the Score during a
//! Baseball Game*, JASA 1961; Tango, Lichtman, Dolphin, *The Book*, 2007).
//!
//! A state is half, inning, outs, bases and lead. The table gives the home side's chance in it, smoothed: see
//! `examples/win_expectancy_table.rs`, which makes it. Where a board shows no bases, or no outs, the average of the states
//! that may be meant stands for them. Every inning from the ninth on is the ninth: a lead at its end wins, and level goes
//! on; the runner whom extra innings put on second since 2020 is on the bases that the board shows.
//!
//! The table is of average sides. An expected margin moves its chance, in logits, by as much as it moves the chance at the
//! start, times the square root of the share of the game left: drift grows with the time left, chance with its root
//! (Stern 1994).

use super::clock::batting_left;
use super::{Expectation, Outcome, Situation, normal, spread_of_margins};
use crate::wire::game::{Clock, Half, Phase};
use crate::wire::sport::{Discipline, Sport};

/// By half and inning and state, then by lead: see the head of the file.
static TABLE: [[u16; 21]; 2 * INNINGS * STATES] = include!("win_expectancy.txt");

const INNINGS: usize = 9;
const STATES: usize = 28;
const LARGEST_LEAD: i64 = 10;

/// A row of the table, but for the lead.
#[derive(Clone, Copy)]
struct Place {
    home_bats: bool,
    inning: usize,
    state: usize,
}

impl Place {
    /// Nobody out and nobody on.
    const FRESH: usize = 0;
    const UNKNOWN: usize = 27;

    fn start_of(inning: usize, home_bats: bool) -> Self {
        Self { home_bats, inning, state: Self::FRESH }
    }

    fn of(situation: &Situation) -> Self {
        let inning = usize::from(situation.period.max(1));
        if situation.period == 0 {
            return Self::start_of(inning, false);
        }
        match situation.clock {
            Some(Clock::Inning { half: Half::Middle, .. }) => Self::start_of(inning, true),
            Some(Clock::Inning { half: Half::End, .. }) => Self::start_of(inning + 1, false),
            Some(Clock::Inning { half, outs }) => {
                let home_bats = half == Half::Bottom;
                let bases = situation.bases.map(|bases| {
                    usize::from(bases.first) + 2 * usize::from(bases.second) + 4 * usize::from(bases.third)
                });
                let state = match (outs.map(usize::from), bases) {
                    (Some(3..), _) if home_bats => return Self::start_of(inning + 1, false),
                    (Some(3..), _) => return Self::start_of(inning, true),
                    (Some(outs), Some(bases)) => outs * 8 + bases,
                    (Some(outs), None) => 24 + outs,
                    (None, _) => Self::UNKNOWN,
                };
                Self { home_bats, inning, state }
            }
            _ if situation.phase == Phase::Break => Self::start_of(inning + 1, false),
            _ => Self { home_bats: false, inning, state: Self::UNKNOWN },
        }
    }

    fn chance(self, lead: i64) -> f64 {
        let inning = self.inning.clamp(1, INNINGS) - 1;
        let half = if self.home_bats { INNINGS } else { 0 };
        let row = &TABLE[(half + inning) * STATES + self.state.min(STATES - 1)];
        let at = lead.clamp(-LARGEST_LEAD, LARGEST_LEAD) + LARGEST_LEAD;
        f64::from(row[at as usize]) / 1e4
    }
}

pub(super) fn outcome(sport: &Sport, situation: &Situation, expected: Expectation) -> Outcome {
    let place = Place::of(situation);
    let lead = situation.score.home_margin();
    let over = place.inning > INNINGS && !place.home_bats && place.state == Place::FRESH;
    if over && lead != 0 {
        return Outcome::decided(lead);
    }
    let chance = place.chance(lead);
    if chance <= 0.0 || chance >= 1.0 {
        return Outcome::without_draw(chance);
    }
    let (home, away) = batting_left(sport, situation);
    let left = f64::midpoint(home, away).max(1.0 / 36.0);
    Outcome::without_draw(from_logit(logit(chance) + shift(expected) * left.sqrt()))
}

/// How far the expected margin moves the chance at the start from that of average sides, in logits.
fn shift(expected: Expectation) -> f64 {
    let usual = logit(Place::start_of(1, false).chance(0));
    match expected.home_margin {
        Some(margin) => {
            let chance =
                normal::distribution(margin / spread_of_margins(Discipline::Baseball)).clamp(0.02, 0.98);
            logit(chance) - usual
        }
        None if expected.neutral => -usual,
        None => 0.0,
    }
}

fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}

fn from_logit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
