//! Lies against the gate alone: none may pass.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::grammar::Grammar;
use crate::lies::{Class, Liar};
use crate::paraphrases::{gate, seed};
use crate::stories;

/// How often each class is tried on each story of a game; on a sample once.
const TRIES: usize = 6;

#[tokio::test]
async fn no_lie_passes_the_gate() {
    let grammar = Grammar::read();
    let (games, told) = stories::of_games().await;
    let samples = stories::of_samples().into_iter().map(|sample| (1, sample));
    let all: Vec<_> = told.into_iter().map(|story| (TRIES, story)).chain(samples).collect();
    let mut rng = Rng::with_seed(seed());
    let mut tally: BTreeMap<Class, (usize, usize)> = BTreeMap::new();
    let mut passed = Vec::new();
    for (tries, story) in &all {
        let liar = Liar::about(&story.facts, &grammar);
        for class in Class::ALL {
            for _ in 0..*tries {
                let Some(lie) = liar.tell(class, &mut rng) else { continue };
                let (caught, total) = tally.entry(class).or_default();
                *total += 1;
                match gate(&lie, &story.facts) {
                    Err(_) => *caught += 1,
                    Ok(()) => passed.push(format!("{class}: {} | {lie:?}", story.id)),
                }
            }
        }
    }
    println!("seed {}: {} stories of {games} games and of the samples", seed(), all.len());
    for (class, (caught, total)) in &tally {
        println!("{class:<30} {caught:>6} of {total:>6} caught");
    }
    let total: usize = tally.values().map(|(_, total)| total).sum();
    println!("{:<30} {:>6} of {total:>6} caught", "all", total - passed.len());
    assert!(
        Class::ALL.iter().all(|class| tally.get(class).is_some_and(|(_, total)| *total >= 20)),
        "{tally:?}"
    );
    assert!(passed.is_empty(), "{} passed:\n{}", passed.len(), passed.join("\n"));
}
