//! Where things go along a picture.

use jiff::{SignedDuration, Timestamp};

/// More than that between two polls is no time of the game: the axis leaves out the rest of it.
const LONGEST_GAP: SignedDuration = SignedDuration::from_mins(20);

/// The way from times to places: as the clock on the wall goes, without the nights a game is suspended for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TimeAxis {
    /// Each poll's time, and the seconds of axis before it.
    stops: Vec<(Timestamp, f64)>,
    from: f64,
    length: f64,
}

impl TimeAxis {
    /// An axis from `from` to `to` over these times, which are in order.
    pub(super) fn new(times: impl Iterator<Item = Timestamp>, from: f64, to: f64) -> Self {
        let mut stops: Vec<(Timestamp, f64)> = Vec::new();
        for at in times {
            let before = match stops.last() {
                Some((last, before)) => before + at.duration_since(*last).min(LONGEST_GAP).as_secs_f64(),
                None => 0.0,
            };
            stops.push((at, before));
        }
        Self { stops, from, length: to - from }
    }

    /// The place of that time; what is before the first or after the last stands there.
    pub(super) fn at(&self, at: Timestamp) -> f64 {
        let whole = self.stops.last().map_or(0.0, |(_, whole)| *whole);
        let next = self.stops.partition_point(|(stop, _)| *stop <= at);
        let seconds = match (next.checked_sub(1).and_then(|last| self.stops.get(last)), self.stops.get(next))
        {
            (Some((stop, before)), Some((_, after))) => {
                (before + at.duration_since(*stop).as_secs_f64()).min(*after)
            }
            (Some((_, before)), None) => *before,
            (None, _) => 0.0,
        };
        self.from + if whole > 0.0 { seconds / whole * self.length } else { 0.0 }
    }
}

/// Moves places apart that are nearer to each other than `apart`, each as little as it can be, and keeps them between
/// `from` and `to` and in their order (pool adjacent violators). Where there is no room for all, they are evenly spread.
pub(super) fn spread(places: &[f64], apart: f64, from: f64, to: f64) -> Vec<f64> {
    let room = (to - from) / places.len().saturating_sub(1).max(1) as f64;
    let apart = apart.min(room);
    // Less its share of the distances, each may stand where the one before it stands.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let mut pool = (place - index as f64 * apart, 1);
        while let Some((mean, count)) = pools.last().copied().filter(|(mean, _)| *mean > pool.0) {
            pools.pop();
            let together = count + pool.1;
            pool = ((mean * count as f64 + pool.0 * pool.1 as f64) / together as f64, together);
        }
        pools.push(pool);
    }
    let last = places.len().saturating_sub(1) as f64 * apart;
    let shifted = pools.into_iter().flat_map(|(mean, count)| std::iter::repeat_n(mean, count));
    shifted
        .enumerate()
        .map(|(index, place)| place.clamp(from, (to - last).max(from)) + index as f64 * apart)
        .collect()
}

/// A round number of marks up to `most`: 1, 2, 5 or 10 times a power of ten, with at most two marks.
pub(super) fn mark_every(most: u32) -> u32 {
    let mut unit = 1;
    loop {
        for step in [1, 2, 5] {
            if most / (step * unit) <= 2 {
                return step * unit;
            }
        }
        unit *= 10;
    }
}

/// Breaks a text into lines of at most so many characters, at its spaces.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_axis_follows_the_clock_and_leaves_out_what_nobody_watched() {
        let at = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let axis = TimeAxis::new([0, 10, 1010, 1020].map(at).into_iter(), 100.0, 500.0);
        let places = [-5, 0, 5, 10, 500, 1010, 1020, 2000].map(|minutes| axis.at(at(minutes)));
        assert_eq!(places, [100.0, 100.0, 150.0, 200.0, 400.0, 400.0, 500.0, 500.0]);
    }

    proptest! {
        #[test]
        fn what_is_spread_keeps_its_order_and_its_distance_and_stays_inside(
            mut places in prop::collection::vec(0.0..100.0f64, 1..12),
        ) {
            places.sort_by(f64::total_cmp);
            let spread = spread(&places, 8.0, 0.0, 100.0);
            prop_assert_eq!(spread.len(), places.len());
            prop_assert!(spread.iter().all(|place| (-1e-9..=100.0 + 1e-9).contains(place)));
            prop_assert!(spread.windows(2).all(|pair| pair[1] - pair[0] > 8.0 - 1e-9));
        }

        #[test]
        fn what_is_apart_already_stays(first in 0.0..40.0f64, gap in 8.0..60.0f64) {
            let places = [first, first + gap];
            let spread = spread(&places, 8.0, 0.0, 100.0);
            prop_assert!(spread.iter().zip(places).all(|(one, other)| (one - other).abs() < 1e-9));
        }

        #[test]
        fn nothing_of_a_wrapped_text_is_lost(text in "[a-z]{1,9}( [a-z]{1,9}){0,20}") {
            let lines = wrapped(&text, 20);
            prop_assert_eq!(lines.join(" "), text);
            prop_assert!(lines.iter().all(|line| line.len() <= 20));
        }
    }

    #[test]
    fn marks_are_round_and_few() {
        assert_eq!([1, 2, 3, 5, 11, 24, 40, 105].map(mark_every), [1, 1, 2, 2, 5, 10, 20, 50]);
    }
}
