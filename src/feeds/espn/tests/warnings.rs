//! What the operator is told of a board, and how often.

use super::super::{Espn, EspnSettings};
use super::*;

fn warnings(espn: &Espn, key: &str, board: &Board) -> Vec<String> {
    espn.fresh_warnings(&Sport::of(key).unwrap().key, &league(key), board)
}

fn espn() -> Espn {
    Espn::new(&EspnSettings::default()).unwrap()
}

fn board_of_length(key: &str, length: usize) -> Board {
    Board { listed: length, ..board_of(key, &[]) }
}

#[test]
fn an_event_that_is_left_out_is_told_of_once_and_not_at_every_poll() {
    let nameless = changed(live(), "/competitions/0/competitors/0/team", json!({ "id": "27" }));
    let board = board_of("nfl", &[nameless, changed(live(), "/id", "2")]);
    let espn = espn();
    let told = ["event 401772792 is left out of the board: a side without a name"];
    assert_eq!(warnings(&espn, "nfl", &board), told);
    assert!(warnings(&espn, "nfl", &board).is_empty());
}

#[test]
fn a_college_board_of_exactly_25_events_raises_an_alarm() {
    assert_eq!(warnings(&espn(), "ncaam", &board_of_length("ncaam", 25)).len(), 1);
    assert!(warnings(&espn(), "ncaam", &board_of_length("ncaam", 26)).is_empty());
    assert!(warnings(&espn(), "eng.1", &board_of_length("eng.1", 25)).is_empty());
}
