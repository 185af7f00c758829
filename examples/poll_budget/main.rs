//! How late news is told when only so many requests may be made: polls at a fixed interval, against the same number of
//! polls placed by the budget.
//!
//! ```text
//! cargo run --release --example poll_budget
//! ```
//!
//! Whole nights are played through the real `wire::step` in simulated time: synthetic ones, and one of the recorded games,
//! shifted onto one evening. Every night is watched from half an hour before its first start to ten minutes after its last
//! end. A third way stands beside the two: the schedule without a budget, slowed by `shortest_poll` until it makes as
//! many requests.
//!
//! *Seen* is the time from the truth to the first sight of a told moment, *told* to its confirmation, when it is told.

mod recorded;

use std::time::Duration;

use clap::Parser;
use jiff::{SignedDuration, Timestamp};
use wirereport_actors::wire::game::Snapshot;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::schedule::budget::{Allowance, Window};
use wirereport_actors::wire::schedule::trial::{Evening, Late, Outcome, Placing};
use wirereport_actors::wire::sport::{Sport, SportKey};
use wirereport_actors::wire::synthetic::{League, Night};

/// The leagues of a synthetic night, and how many games each has.
const LEAGUES: [(&str, usize); 5] = [("nba", 6), ("nfl", 2), ("mlb", 6), ("nhl", 5), ("usa.1", 4)];
const EVENING: Timestamp = Timestamp::constant(1_790_000_000, 0);

#[derive(Parser)]
struct Options {
    /// How many synthetic nights are played.
    #[arg(long, default_value_t = 4)]
    nights: u64,
    /// The budgets that are tried, in requests an hour over all leagues.
    #[arg(long, value_delimiter = ',', default_value = "120,240,480,960")]
    requests: Vec<u32>,
}

/// The board of a league that tells the truth at a time.
type Truth = dyn Fn(&SportKey, Timestamp) -> Snapshot;

/// A night whose truth is known.
struct Played {
    sports: Vec<Sport>,
    span: (Timestamp, Timestamp),
    board: Box<Truth>,
}

impl Played {
    fn play(&self, placing: Placing, shortest_poll: Duration, seed: u64) -> Outcome {
        let rules = Rules { shortest_poll, ..Rules::default() };
        self.evening().play(placing, &rules, seed)
    }

    fn evening(&self) -> Evening<'_> {
        Evening { sports: &self.sports, span: self.span, board: &*self.board }
    }
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let synthetic: Vec<Played> = (0..options.nights).map(synthetic).collect();
    let games: usize = LEAGUES.iter().map(|(_, games)| games).sum();
    println!("{} synthetic nights of {games} games in {} leagues", options.nights, LEAGUES.len());
    compare(&synthetic, &options.requests);
    let recorded = [recorded::night(EVENING)?];
    println!("\nthe recorded games as one night, {} leagues", recorded[0].sports.len());
    compare(&recorded, &options.requests);
    Ok(())
}

fn synthetic(seed: u64) -> Played {
    let mut rng = fastrand::Rng::with_seed(seed);
    let (mut night, mut sports) = (Night::default(), Vec::new());
    for (key, games) in LEAGUES {
        let Some(sport) = Sport::of(key) else { continue };
        let league = League::new(sport, &mut rng);
        let evening = EVENING + SignedDuration::from_mins(rng.i64(0..=90));
        night = night.and(league.night(evening, games, &mut rng));
        sports.push(league.sport().clone());
    }
    let (start, end) = (night.starts_at().unwrap_or(EVENING), night.ends_at().unwrap_or(EVENING));
    let board = Box::new(move |sport: &SportKey, at| night.board(sport, at));
    Played { sports, span: span(start, end), board }
}

/// When a night is watched.
fn span(start: Timestamp, end: Timestamp) -> (Timestamp, Timestamp) {
    (start - SignedDuration::from_mins(30), end + SignedDuration::from_mins(10))
}

fn compare(nights: &[Played], budgets: &[u32]) {
    println!("  requests/h  polls placed by    requests  moments    seen  (p95)    told  (p95)");
    for &requests in budgets {
        let allowance = Placing::Within(Allowance { requests, window: Window::Hour });
        let shortest = Rules::default().shortest_poll;
        let budget: Vec<Outcome> =
            nights.iter().zip(0..).map(|(night, seed)| night.play(allowance, shortest, seed)).collect();
        let fixed = nights.iter().zip(&budget).zip(0..).map(|((night, budget), seed)| {
            let interval = night.evening().interval_of(budget.requests);
            night.play(Placing::Every(interval), shortest, seed)
        });
        let (fixed, slowed) = (sum(fixed.collect()), slowed(nights, &budget));
        let budget = sum(budget);
        let rows = [("a fixed interval", &fixed), ("a slowed schedule", &slowed), ("the budget", &budget)];
        for (at, (name, outcome)) in rows.into_iter().enumerate() {
            let requests = if at == 0 { requests.to_string() } else { String::new() };
            row(&requests, name, outcome);
        }
        let less = |of: fn(&Late) -> Duration| 100.0 * (1.0 - budget.mean(of) / fixed.mean(of));
        println!(
            "{:>12}  the budget against the fixed interval: {:.0} % sooner seen, {:.0} % sooner told",
            "",
            less(|late| late.seen),
            less(|late| late.confirmed)
        );
    }
}

/// The schedule without a budget, with the `shortest_poll` at which it makes about as many requests.
fn slowed(nights: &[Played], budget: &[Outcome]) -> Outcome {
    let wanted: usize = budget.iter().map(|outcome| outcome.requests).sum();
    let at = |seconds: f64| {
        let shortest = Duration::from_secs_f64(seconds);
        sum(nights
            .iter()
            .zip(0..)
            .map(|(night, seed)| night.play(Placing::BySchedule, shortest, seed))
            .collect())
    };
    let (mut least, mut most) = (5.0_f64, 1200.0_f64);
    let mut outcome = Outcome::default();
    for _ in 0..7 {
        let middle = (least * most).sqrt();
        outcome = at(middle);
        if outcome.requests > wanted { least = middle } else { most = middle }
    }
    outcome
}

fn sum(outcomes: Vec<Outcome>) -> Outcome {
    outcomes.into_iter().fold(Outcome::default(), |mut sum, outcome| {
        sum.add(outcome);
        sum
    })
}

fn row(requests: &str, name: &str, outcome: &Outcome) {
    println!(
        "{requests:>12}  {name:18} {:8} {:8} {:6.1} s {:>6.0} {:6.1} s {:>6.0}",
        outcome.requests,
        outcome.told.len(),
        outcome.mean(|late| late.seen),
        outcome.p95(|late| late.seen),
        outcome.mean(|late| late.confirmed),
        outcome.p95(|late| late.confirmed),
    );
}
