//! The margin that the odds expect.

use super::*;

fn expected(key: &str, uid: &str, odds: Value) -> Option<f64> {
    let scheduled = with_status(status("1", "STATUS_SCHEDULED", "pre", false, ""));
    let event = changed(scheduled, "/uid", uid);
    game_of(key, changed(event, "/competitions/0/odds", odds)).expected_home_margin
}

fn nfl(odds: &Value) -> Option<f64> {
    expected("nfl", "s:20~l:28~e:1", json!([odds]))
}

fn mlb(odds: &Value) -> f64 {
    expected("mlb", "s:1~l:10~e:1", json!([odds])).unwrap()
}

#[test]
fn the_spread_is_homes_line_and_so_its_sign_is_turned() {
    assert_eq!(nfl(&json!({ "spread": 3.5, "details": "NO -3.5" })), Some(-3.5));
    assert_eq!(nfl(&json!({ "spread": -7.0, "details": "TB -7" })), Some(7.0));
    assert_eq!(nfl(&json!({ "spread": 0.0 })), Some(0.0));
}

#[test]
fn a_spread_that_contradicts_the_favourite_gives_way_to_the_wording() {
    let odds = json!({ "spread": 3.5, "details": "TB -3.5",
        "homeTeamOdds": { "favorite": true }, "awayTeamOdds": { "favorite": false } });
    assert_eq!(nfl(&odds), Some(3.5));
}

#[test]
fn without_a_spread_the_wording_is_read() {
    assert_eq!(nfl(&json!({ "details": "TB -5.5" })), Some(5.5));
    assert_eq!(nfl(&json!({ "details": "NO -20.0" })), Some(-20.0));
    assert_eq!(nfl(&json!({ "details": "EVEN" })), Some(0.0));
    assert_eq!(nfl(&json!({ "details": "ATL -5.5" })), None);
    assert_eq!(nfl(&json!({ "details": "TB -140" })), None);
    assert_eq!(nfl(&json!({})), None);
}

#[test]
fn the_first_offer_that_says_something_is_taken() {
    let offers = json!([null, { "overUnder": 40.5 }, { "details": "TB -3" }]);
    assert_eq!(expected("nfl", "s:20~l:28~e:1", offers), Some(3.0));
    assert_eq!(expected("nfl", "s:20~l:28~e:1", json!({ "spread": -1.5 })), Some(1.5));
    assert_eq!(expected("nfl", "s:20~l:28~e:1", Value::Null), None);
}

#[test]
fn baseball_goes_by_price_and_not_by_the_run_line() {
    let favourite = mlb(
        &json!({ "spread": 1.5, "homeTeamOdds": { "moneyLine": -150 }, "awayTeamOdds": { "moneyLine": 130 } }),
    );
    assert!((0.7..1.1).contains(&favourite), "{favourite}");
    let mirrored =
        mlb(&json!({ "homeTeamOdds": { "moneyLine": 130 }, "awayTeamOdds": { "moneyLine": -150 } }));
    assert!((favourite + mirrored).abs() < 1e-6);
}

#[test]
fn prices_are_read_from_either_shape_and_off_is_none() {
    let price = |home: &str, away: &str| {
        json!({ "moneyline": {
        "home": { "close": { "odds": home } }, "away": { "close": { "odds": away } } } })
    };
    assert!(mlb(&price("-470", "+360")) > 2.0);
    assert!(mlb(&price("EVEN", "EVEN")).abs() < 1e-3);
    assert_eq!(expected("mlb", "s:1~l:10~e:1", json!([price("OFF", "OFF")])), None);
}

#[test]
fn a_draw_counts_half_for_each_side() {
    let odds = json!([{ "homeTeamOdds": { "moneyLine": 200 }, "awayTeamOdds": { "moneyLine": 200 },
                        "drawOdds": { "moneyLine": 200 } }]);
    let margin = expected("usa.1", "s:600~l:770~e:1", odds).unwrap();
    assert!(margin.abs() < 1e-3, "{margin}");
}

#[test]
fn odds_on_a_game_under_way_are_not_those_before_it() {
    let event = changed(live(), "/competitions/0/odds", json!([{ "spread": -7.0 }]));
    assert_eq!(game_of("nfl", event).expected_home_margin, None);
}
