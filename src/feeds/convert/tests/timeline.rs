//! From sights to polls.

use jiff::SignedDuration;
use wirereport_actors::wire::game::{Phase, PlayKind, Team, Which};
use wirereport_actors::wire::sport::SportKey;

use super::super::timeline::{Fold, Script, Seen};
use super::{START, games, last, score, scores, time};
use crate::feeds::recording::Recording;
use crate::feeds::recording::format::TimeBase;

fn script(sights: &[(i64, Phase, u8, (u32, u32))]) -> Script {
    let mut fold = Fold::default();
    for (seconds, phase, period, (home, away)) in sights {
        let at = time(START) + SignedDuration::from_secs(*seconds);
        let (phase, period) = (*phase, *period);
        let seen = Seen { at, phase, period, clock: None, id: None, kind: PlayKind::Score };
        fold.see(seen, score(*home, *away));
    }
    let team = |code: &str| Team {
        id: code.to_owned(),
        name: code.to_owned(),
        short_name: code.to_owned(),
        place: code.to_owned(),
        code: code.to_owned(),
    };
    Script {
        sport: SportKey::new("nba"),
        made_from: "hand".to_owned(),
        clock: TimeBase::Real,
        feed_id: "1".to_owned(),
        starts_at: Some(time(START)),
        home: team("HHH"),
        away: team("AAA"),
        neutral: false,
        sights: fold.sights,
    }
}

/// Seconds from the scheduled start at which a script was polled.
fn times(recording: &Recording) -> Vec<i64> {
    recording.frames().iter().map(|frame| frame.t.duration_since(time(START)).as_secs()).collect()
}

#[test]
fn a_game_is_polled_before_during_breaks_and_three_times_at_its_end() {
    let recording = script(&[
        (0, Phase::Live, 1, (0, 0)),
        (31, Phase::Break, 1, (0, 0)),
        (200, Phase::Live, 2, (0, 0)),
        (210, Phase::Final, 2, (2, 0)),
    ])
    .record("game")
    .expect("it was seen");
    let before = [-180, -120, -60];
    let live = [0, 15, 30, 45];
    let in_the_break = [105, 165];
    let after = [200, 215, 230, 245];
    assert_eq!(times(&recording), [&before[..], &live, &in_the_break, &after].concat());
    let finals = games(&recording).iter().filter(|game| game.phase == Phase::Final).count();
    assert_eq!(finals, 3);
    assert_eq!((last(&recording).home.winner, last(&recording).away.winner), (Some(true), Some(false)));
    let first = &games(&recording)[0];
    assert_eq!((first.phase, first.score(), first.period), (Phase::Scheduled, None, 0));
}

#[test]
fn a_score_that_two_polls_would_hide_gets_a_poll_of_its_own() {
    let recording = script(&[
        (0, Phase::Live, 1, (0, 0)),
        (17, Phase::Live, 1, (1, 0)),
        (20, Phase::Live, 1, (2, 0)),
        (22, Phase::Live, 1, (2, 3)),
        (60, Phase::Final, 1, (2, 3)),
    ])
    .record("game")
    .expect("it was seen");
    assert_eq!(scores(&recording), [(0, 0), (1, 0), (2, 0), (2, 3)]);
    assert!(times(&recording).starts_with(&[-180, -120, -60, 0, 15, 17, 20, 30]), "{:?}", times(&recording));
}

#[test]
fn a_score_that_is_taken_back_stays_as_it_was_seen_and_loses_its_play() {
    let recording = script(&[
        (0, Phase::Live, 1, (0, 0)),
        (20, Phase::Live, 1, (3, 0)),
        (50, Phase::Live, 1, (2, 0)),
        (90, Phase::Final, 1, (2, 0)),
    ])
    .record("game")
    .expect("it was seen");
    assert_eq!(scores(&recording), [(0, 0), (3, 0), (2, 0)]);
    let plays = |home| {
        let stood = games(&recording).into_iter().find(|game| game.home.score == Some(home));
        stood.map(|game| game.plays.iter().map(|play| (play.side, play.points)).collect::<Vec<_>>())
    };
    assert_eq!(plays(3), Some(vec![(Some(Which::Home), 3)]));
    assert_eq!(plays(2), Some(Vec::new()));
}

#[test]
fn entries_out_of_order_never_turn_time_back_and_keep_their_order() {
    let recording = script(&[
        (-7200, Phase::Live, 1, (0, 0)),
        (40, Phase::Live, 1, (2, 0)),
        (35, Phase::Live, 1, (2, 2)),
        (20, Phase::Live, 1, (4, 2)),
        (80, Phase::Final, 1, (4, 2)),
    ])
    .record("game")
    .expect("it was seen");
    assert_eq!(times(&recording)[3], 0, "hours before the start nothing was played");
    assert!(times(&recording).is_sorted());
    assert_eq!(scores(&recording), [(0, 0), (2, 0), (2, 2), (4, 2)]);
}

#[test]
fn an_entry_after_the_end_of_a_period_does_not_start_it_again() {
    let recording = script(&[
        (0, Phase::Live, 1, (0, 0)),
        (30, Phase::Break, 1, (0, 0)),
        (40, Phase::Live, 1, (2, 0)),
        (100, Phase::Live, 2, (2, 0)),
        (130, Phase::Final, 2, (2, 0)),
    ])
    .record("game")
    .expect("it was seen");
    let mut stood: Vec<(Phase, u8)> =
        games(&recording).iter().map(|game| (game.phase, game.period)).collect();
    stood.dedup();
    let phases =
        [(Phase::Scheduled, 0), (Phase::Live, 1), (Phase::Break, 1), (Phase::Live, 2), (Phase::Final, 2)];
    assert_eq!(stood, phases);
    assert_eq!(scores(&recording), [(0, 0), (2, 0)], "what it brought counts");
}
