//! The nights that are played.

use wirereport_actors::wire::post::PostState;

use super::judge::{Reckoning, judge};
use super::night::Night;

fn play(seeds: impl Iterator<Item = u64>) {
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for seed in seeds {
        match one(seed) {
            Ok(reckoning) => all.push(reckoning),
            Err(fault) => faults.push(fault),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    if all.len() >= 10 {
        proves_something(&all);
    }
}

/// Nights on which nothing happens, or nothing gets through, prove nothing.
fn proves_something(all: &[Reckoning]) {
    let sum = |of: fn(&Reckoning) -> usize| all.iter().map(of).sum::<usize>();
    let (told, sent) = (sum(|night| night.told), sum(|night| night.sent));
    assert!(told > 20 * all.len(), "{told} stories told in {} nights", all.len());
    assert!(sent * 10 > told * 4 * 8, "{sent} posts sent of {told} stories on four channels");
    assert!(sum(|night| night.lives) > 3 * all.len(), "the process hardly ever died");
    assert!(sum(|night| night.corrections) > all.len() / 2, "hardly anything was corrected");
    let unknown = |night: &Reckoning| night.states.get(&PostState::Unknown).copied().unwrap_or(0);
    assert!(sum(unknown) > 0, "the channels did not misbehave");
    let gave_up: Vec<&String> = all.iter().flat_map(|night| &night.gave_up).collect();
    assert!(gave_up.is_empty(), "{gave_up:?}");
}

fn one(seed: u64) -> Result<Reckoning, String> {
    let outcome = std::panic::catch_unwind(|| {
        let mut night = Night::new(seed);
        night.play();
        judge(&night)
    });
    match outcome {
        Ok(Ok(reckoning)) => Ok(reckoning),
        Ok(Err(faults)) => Err(format!("seed {seed}:\n  {}", faults.join("\n  "))),
        Err(_) => Err(format!("seed {seed} panicked")),
    }
}

fn seeds() -> u64 {
    std::env::var("WIREREPORT_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(40)
}

/// Every second night, so that the two halves are played side by side.
fn half(which: u64) {
    if std::env::var_os("WIREREPORT_SEED").is_none() {
        play((0..seeds()).filter(|seed| seed % 2 == which));
    }
}

#[test]
fn on_even_nights_nothing_is_false_nothing_twice_and_nothing_lost() {
    half(0);
}

#[test]
fn on_odd_nights_nothing_is_false_nothing_twice_and_nothing_lost() {
    half(1);
}

#[test]
fn the_night_that_is_asked_for_is_told_in_full() {
    let Some(seed) = std::env::var("WIREREPORT_SEED").ok().and_then(|text| text.parse().ok()) else { return };
    println!("{:#?}", one(seed).unwrap_or_else(|faults| panic!("{faults}")));
}
