//! Where a game stands, its period and its clock.

use wirereport_actors::wire::game::{Clock, Half};

use super::*;

fn phase(name: &str, state: &str, completed: bool) -> Phase {
    phase_of("nfl", with_status(status("0", name, state, completed, "")))
}

#[test]
fn a_game_is_final_only_when_it_is_over_and_completed() {
    assert_eq!(phase("STATUS_FINAL", "post", true), Phase::Final);
    assert_eq!(phase("STATUS_FINAL", "post", false), Phase::Unknown);
    assert_eq!(phase("STATUS_FINAL", "in", false), Phase::Live);
    let unsaid = changed(
        with_status(status("3", "STATUS_FINAL", "post", true, "Final")),
        "/competitions/0/status/type/completed",
        Value::Null,
    );
    assert_eq!(phase_of("nfl", unsaid), Phase::Unknown);
}

#[test]
fn finals_of_every_wording_are_final() {
    for name in ["STATUS_FULL_TIME", "STATUS_FINAL_AET", "STATUS_FINAL_PEN", "STATUS_SOMETHING_NEW"] {
        assert_eq!(phase(name, "post", true), Phase::Final, "{name}");
    }
}

#[test]
fn a_game_that_is_called_off_is_never_final() {
    for completed in [false, true] {
        assert_eq!(phase("STATUS_POSTPONED", "post", completed), Phase::Postponed);
        assert_eq!(phase("STATUS_CANCELED", "post", completed), Phase::Cancelled);
        assert_eq!(phase("STATUS_SUSPENDED", "post", completed), Phase::Suspended);
        assert_eq!(phase("STATUS_ABANDONED", "post", completed), Phase::Suspended);
    }
}

#[test]
fn a_result_that_was_awarded_is_not_told_as_a_final() {
    for name in ["STATUS_FORFEIT", "STATUS_WALKOVER", "STATUS_UNCONTESTED"] {
        assert_eq!(phase(name, "post", true), Phase::Unknown, "{name}");
    }
}

#[test]
fn a_delay_is_a_delay_before_the_start_and_after() {
    assert_eq!(phase("STATUS_RAIN_DELAY", "in", false), Phase::Delayed);
    assert_eq!(phase("STATUS_DELAYED", "pre", false), Phase::Delayed);
}

#[test]
fn the_time_between_two_periods_is_a_break() {
    for name in ["STATUS_HALFTIME", "STATUS_END_PERIOD", "STATUS_END_OF_REGULATION", "STATUS_HALFTIME_ET"] {
        assert_eq!(phase(name, "in", false), Phase::Break, "{name}");
    }
}

#[test]
fn a_state_that_is_unknown_missing_or_contradicts_itself_is_unknown() {
    assert_eq!(phase("STATUS_SCHEDULED", "limbo", false), Phase::Unknown);
    assert_eq!(phase("STATUS_SCHEDULED", "pre", true), Phase::Unknown);
    assert_eq!(phase("STATUS_IN_PROGRESS", "in", true), Phase::Unknown);
    assert_eq!(phase_of("nfl", with_status(json!({ "type": null }))), Phase::Unknown);
}

#[test]
fn a_shootout_is_told_from_overtime() {
    let shootout = changed(soccer(), "/competitions/0/status/period", 5);
    assert_eq!(phase_of("fifa.world", shootout), Phase::Shootout);
    let named = changed(soccer(), "/competitions/0/status/type/name", "STATUS_SHOOTOUT");
    assert_eq!(phase_of("fifa.world", named), Phase::Shootout);

    let hockey = |detail: &str| {
        let mut status = status("2", "STATUS_IN_PROGRESS", "in", false, detail);
        status["period"] = json!(5);
        phase_of("nhl", changed(with_status(status), "/uid", json!("s:70~l:90~e:1")))
    };
    assert_eq!(hockey("SO"), Phase::Shootout);
    assert_eq!(hockey("12:30 - 2OT"), Phase::Live);
}

#[test]
fn before_the_start_there_is_no_score_period_or_clock() {
    let mut scheduled = status("1", "STATUS_SCHEDULED", "pre", false, "Thu, September 8th at 6:45 PM EDT");
    scheduled["period"] = json!(1);
    scheduled["displayClock"] = json!("15:00");
    let game = game_of("nfl", with_status(scheduled));
    assert_eq!((game.phase, game.score(), game.period, game.clock), (Phase::Scheduled, None, 0, None));
}

#[test]
fn a_postponed_game_has_no_score_although_the_feed_shows_nought() {
    let mut postponed = status("6", "STATUS_POSTPONED", "post", false, "Postponed");
    postponed["period"] = json!(1);
    let game = game_of("nfl", with_status(postponed));
    assert_eq!((game.phase, game.score(), game.period), (Phase::Postponed, None, 0));
}

#[test]
fn a_suspended_game_keeps_its_score_and_period() {
    let mut suspended = status("8", "STATUS_SUSPENDED", "post", false, "Suspended");
    suspended["period"] = json!(7);
    let game = game_of("nfl", with_status(suspended));
    assert_eq!(
        (game.phase, game.score().map(|s| (s.home, s.away)), game.period),
        (Phase::Suspended, Some((10, 7)), 7)
    );
}

#[test]
fn the_status_of_the_event_stands_in_for_one_the_competition_lacks() {
    let mut event = live();
    let status = event["competitions"][0]["status"].take();
    event["status"] = status;
    assert_eq!(phase_of("nfl", event), Phase::Live);
}

fn clock_of(key: &str, uid: &str, clock: Value, shown: Value, detail: &str) -> Option<Clock> {
    let mut status = status("2", "STATUS_IN_PROGRESS", "in", false, detail);
    status["clock"] = clock;
    status["displayClock"] = shown;
    status["period"] = json!(2);
    game_of(key, changed(with_status(status), "/uid", uid)).clock
}

#[test]
fn the_time_left_is_read_from_the_clock_or_from_what_it_shows() {
    let left = |millis| Some(Clock::Left { millis });
    let nba = |clock, shown| clock_of("nba", "s:40~l:46~e:1", clock, shown, "");
    assert_eq!(nba(json!(309), json!("5:09")), left(309_000));
    assert_eq!(nba(json!(45.3), json!("45.3")), left(45_300));
    assert_eq!(nba(json!(0.0), json!("0.0")), left(0));
    assert_eq!(nba(Value::Null, json!("5:09")), left(309_000));
    assert_eq!(nba(Value::Null, json!("45.3")), left(45_300));
    assert_eq!(nba(Value::Null, Value::Null), None);
    assert_eq!(nba(Value::Null, json!("-")), None);
    assert_eq!(nba(json!(-5), json!("0:00")), None);
}

#[test]
fn the_minute_is_read_with_its_added_time() {
    let minute = |minute, added| Some(Clock::Minute { minute, added });
    let shown = |shown: &str| clock_of("usa.1", "s:600~l:770~e:1", json!(0), json!(shown), "");
    assert_eq!(shown("58'"), minute(58, 0));
    assert_eq!(shown("90'+8'"), minute(90, 8));
    assert_eq!(shown("45+2"), minute(45, 2));
    assert_eq!(shown("0'"), None);
    assert_eq!(shown("HT"), None);
}

#[test]
fn the_half_inning_is_read_from_the_wording_and_the_outs_from_the_situation() {
    let inning = |half, outs| Some(Clock::Inning { half, outs });
    let shown = |detail: &str, outs: Value, text: Value| {
        let mut status = status("2", "STATUS_IN_PROGRESS", "in", false, detail);
        status["period"] = json!(9);
        let event = changed(with_status(status), "/uid", "s:1~l:10~e:1");
        let event = changed(event, "/competitions/0/situation", json!({ "outs": outs }));
        game_of("mlb", changed(event, "/competitions/0/outsText", text)).clock
    };
    assert_eq!(shown("Top 9th", json!(2), json!("2 Outs")), inning(Half::Top, Some(2)));
    assert_eq!(shown("Bottom 9th", Value::Null, json!("1 Out")), inning(Half::Bottom, Some(1)));
    assert_eq!(shown("Bot 9th", Value::Null, Value::Null), inning(Half::Bottom, None));
    assert_eq!(shown("Middle 1st", json!(0), json!("0 Outs")), inning(Half::Middle, None));
    assert_eq!(shown("End 3rd", json!(3), Value::Null), inning(Half::End, None));
    assert_eq!(shown("Rain Delay - Top 5th", json!(1), Value::Null), inning(Half::Top, Some(1)));
    assert_eq!(shown("In Progress", json!(1), Value::Null), None);
}

#[test]
fn a_clock_that_no_longer_runs_is_not_shown() {
    let mut over = status("3", "STATUS_FINAL", "post", true, "Final/OT");
    over["period"] = json!(5);
    let game = game_of("nfl", with_status(over));
    assert_eq!((game.period, game.clock), (5, None));
}
