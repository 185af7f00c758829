use proptest::prelude::*;

use super::*;
use crate::wire::rules::Rules;

fn sport(key: &str) -> Sport {
    Sport::of(key).unwrap()
}

#[test]
fn fewer_posts_take_a_higher_threshold_and_the_usual_ones_are_met() {
    for (_, key) in ROWS {
        let sport = sport(key);
        let usual = usual_posts_per_game(&sport);
        let threshold = for_posts_per_game(&sport, usual);
        let posts = posts_per_game(&sport, threshold).unwrap();
        assert!(posts <= usual && posts > usual - 0.8, "{key}: {posts} for {usual} at {threshold}");
        assert!(for_posts_per_game(&sport, usual - 1.0) > threshold, "{key}");
        assert!(for_posts_per_game(&sport, usual + 1.0) < threshold, "{key}");
    }
}

#[test]
fn a_target_that_cannot_be_met_is_met_as_nearly_as_it_can_be() {
    for (_, key) in ROWS {
        assert_eq!(for_posts_per_game(&sport(key), 0.0), HIGHEST);
        assert_eq!(for_posts_per_game(&sport(key), 1000.0), LOWEST);
    }
}

#[test]
fn a_day_is_shared_out_by_what_is_usual() {
    let sports = [sport("nba"), sport("nhl")];
    let usual = 7.5 * 5.0 + 7.5 * 7.0;
    assert!((share_of_day(&sports, usual) - 1.0).abs() < 1e-12);
    assert!((share_of_day(&sports, usual / 2.0) - 0.5).abs() < 1e-12);
    assert!((share_of_day(&[], 10.0) - 1.0).abs() < 1e-12);
}

/// One evening of a season of which the table has six: near enough to see a table that is out of date.
#[test]
fn the_table_is_what_the_wire_tells_of_invented_games() {
    for key in ["nfl", "nhl", "eng.1"] {
        let sport = sport(key);
        let rules = Rules::usual(&sport);
        let season = measure(&sport, std::slice::from_ref(&rules), 16, 1).pop().unwrap();
        let expected = posts_per_game(&sport, rules.threshold).unwrap();
        let told = season.posts_per_game();
        assert!((told - expected).abs() < 0.3 * expected, "{key}: {told} told, {expected} in the table");
    }
}

proptest! {
    #[test]
    fn posts_never_rise_with_the_threshold(row in 0..ROWS.len(), threshold in 0.0f64..1.0, more in 0.0f64..0.3) {
        let sport = sport(ROWS[row].1);
        let posts = |threshold| posts_per_game(&sport, threshold).unwrap();
        prop_assert!(posts(threshold + more) <= posts(threshold) + 1e-9);
    }
}
