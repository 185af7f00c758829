use wirereport_actors::wire::game::Which;
use wirereport_actors::wire::milestone::{Leader, Stat};

use super::*;

fn entry(value: f64, shown: &str, name: &str, team: &str) -> Value {
    json!({
        "value": value, "displayValue": shown, "team": { "id": team },
        "athlete": { "id": format!("9{team}"), "displayName": name },
    })
}

fn category(name: &str, entry: &Value) -> Value {
    json!({ "name": name, "leaders": [entry] })
}

/// The leaders of the game with these lists of the home side.
fn of_home(key: &str, event: Value, lists: Value) -> Vec<Leader> {
    game_of(key, changed(event, "/competitions/0/competitors/0/leaders", lists)).leaders
}

fn of_league(number: &str) -> Value {
    changed(live(), "/uid", json!(format!("s:{number}~l:1~e:401772792")))
}

fn figures(leader: &Leader) -> Vec<(Stat, u32)> {
    leader.stats.iter().map(|(stat, figure)| (*stat, *figure)).collect()
}

#[test]
fn what_a_board_shows_of_one_player_is_put_together() {
    let lists = json!([
        category("points", &entry(26.0, "26", "A. Guard", "27")),
        category("assists", &entry(10.0, "10", "A. Guard", "27")),
        category("rating", &entry(38.95, "26 PTS, 11 REB, 10 AST", "A. Guard", "27")),
    ]);
    let leaders = of_home("nba", of_league("40"), lists);
    assert_eq!(leaders.len(), 1);
    assert_eq!((leaders[0].player.as_str(), leaders[0].side), ("A. Guard", Which::Home));
    assert_eq!(figures(&leaders[0]), [(Stat::Points, 26), (Stat::Rebounds, 11), (Stat::Assists, 10)]);
}

#[test]
fn averages_and_totals_of_a_season_are_no_figures_of_the_game() {
    let averages = json!([
        category("pointsPerGame", &entry(20.79, "20.8", "A. Guard", "27")),
        category("rating", &entry(40.0, "20.1 PPG, 7.8 RPG, 5.2 APG", "A. Guard", "27")),
    ]);
    assert_eq!(of_home("nba", of_league("40"), averages), []);
    let totals = json!([category("goals", &entry(20.0, "20", "A. Wing", "27"))]);
    let before = with_status(status("1", "STATUS_SCHEDULED", "pre", false, "7:30 PM"));
    let before = changed(before, "/uid", json!("s:70~l:90~e:401772792"));
    assert_eq!(of_home("nhl", before, totals), []);
}

#[test]
fn the_leaders_of_a_football_game_stand_with_the_game() {
    let lists = json!([
        category("passingYards", &entry(305.0, "22/35, 305 YDS, 1 TD", "A. Passer", "18")),
        category("rushingYards", &entry(7.5, "?", "A. Runner", "18")),
    ]);
    let leaders = game_of("nfl", changed(live(), "/competitions/0/leaders", lists)).leaders;
    assert_eq!(leaders.len(), 1, "7.5 is no number of yards");
    assert_eq!((leaders[0].side, figures(&leaders[0])), (Which::Away, vec![(Stat::PassingYards, 305)]));
}

#[test]
fn a_batters_line_and_a_pitchers_are_read_apart() {
    let baseball = |shown: &str| {
        let lists = json!([category("MLBRating", &entry(70.0, shown, "A. Player", "27"))]);
        let leaders = of_home("mlb", of_league("1"), lists);
        leaders.first().map(figures).unwrap_or_default()
    };
    assert_eq!(baseball("2-4, HR, 3 RBI, 2 R, 2 K"), [(Stat::HomeRuns, 1), (Stat::RunsBattedIn, 3)]);
    assert_eq!(baseball("3-4, 3 HR, RBI"), [(Stat::HomeRuns, 3), (Stat::RunsBattedIn, 1)]);
    assert_eq!(baseball("7.0 IP, 0 ER, 3 H, 11 K, 1 BB"), [(Stat::Strikeouts, 11)]);
    assert_eq!(baseball("26"), []);
    assert_eq!(baseball(".296"), []);
}

#[test]
fn a_name_is_cleaned_and_one_of_neither_side_is_left_out() {
    let lists = json!([category("points", &entry(26.0, "26", " A.\u{202e} Guard\n", "27"))]);
    assert_eq!(of_home("nba", of_league("40"), lists)[0].player, "A. Guard");
    let lists = json!([category("points", &entry(26.0, "26", "A. Guard", "99")), "?", { "name": null }]);
    assert_eq!(of_home("nba", of_league("40"), lists), []);
}
