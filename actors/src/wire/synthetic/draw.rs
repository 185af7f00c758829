//! Drawing from the few distributions that games are made of.

use fastrand::Rng;

/// Whether something of that chance happens.
pub(super) fn happens(rng: &mut Rng, chance: f64) -> bool {
    rng.f64() < chance
}

/// From the one to the other, each value alike.
pub(super) fn between(rng: &mut Rng, least: f64, most: f64) -> f64 {
    least + (most - least) * rng.f64()
}

/// Normal with mean 0 and deviation 1 (Box and Muller 1958).
pub(super) fn normal(rng: &mut Rng) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - rng.f64()));
    radius * libm::cos(std::f64::consts::TAU * rng.f64())
}

/// One of several, by their weights.
pub(super) fn one_of<T: Copy>(rng: &mut Rng, choices: &[(f64, T)]) -> T {
    let total: f64 = choices.iter().map(|(weight, _)| weight).sum();
    let mut left = total * rng.f64();
    for (weight, choice) in choices {
        left -= weight;
        if left < 0.0 {
            return *choice;
        }
    }
    choices[choices.len() - 1].1
}
