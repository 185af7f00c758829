//! Recorded boards of athletes: tennis, MMA, racing and golf.

use std::path::Path;

use wirereport::feeds::espn::league::League;
use wirereport::feeds::espn::parse;
use wirereport_actors::wire::contest::Ending;
use wirereport_actors::wire::game::{Game, Phase};
use wirereport_actors::wire::sport::Discipline;

use super::corpus::Gives::{self, Games};
use super::corpus::{corpus, gives};

/// Boards of athletes, under the name that the board itself has: hand-mixed ones call themselves another league's.
const CONTESTS: &[(&str, Discipline, &str, Gives)] = &[
    ("weldy/tennis_scoreboard_20250601_rolandgarros.json", Discipline::Tennis, "atp", Games(320, 0)),
    ("weldy/golf_scoreboard_20250603_final.json", Discipline::Golf, "pga", Games(1, 0)),
    ("teamtracker/mixed_all_sports_2022.json", Discipline::Tennis, "mlb", Games(196, 29)),
    ("teamtracker/mixed_all_sports_2022.json", Discipline::Mma, "mlb", Games(13, 31)),
    ("teamtracker/mixed_all_sports_2022.json", Discipline::Racing, "mlb", Games(1, 31)),
    ("teamtracker/mixed_all_sports_2022.json", Discipline::Golf, "mlb", Games(1, 31)),
];

fn contests(corpus: &Path, file: &str, discipline: Discipline, slug: &str) -> Vec<Game> {
    let body = std::fs::read(corpus.join(file)).unwrap();
    parse::board(&body, &League::named(discipline, slug)).unwrap().games
}

#[test]
fn boards_of_athletes_give_their_contests_and_what_they_say_hangs_together() {
    let Some(corpus) = corpus() else { return };
    for (file, discipline, slug, expected) in CONTESTS {
        let body = std::fs::read(corpus.join(file)).unwrap();
        let read = parse::board(&body, &League::named(*discipline, *slug));
        assert_eq!(gives(read).as_ref(), Ok(expected), "{file} as {discipline:?}");
        for game in contests(&corpus, file, *discipline, slug) {
            let contest = game.contest.unwrap();
            let what = format!("{file} {} {contest:?}", game.feed_id);
            assert!(game.phase == Phase::Final || !contest.is_decided(), "{what}");
            if *discipline == Discipline::Tennis && game.phase == Phase::Final {
                assert!(contest.winner.is_some(), "{what}");
            }
        }
    }
}

#[test]
fn recorded_results_of_athletes_are_those_that_were() {
    let Some(corpus) = corpus() else { return };
    let paris = contests(&corpus, CONTESTS[0].0, Discipline::Tennis, "atp");
    let the_match = |id: &str| {
        let game = paris.iter().find(|game| game.feed_id.0 == id).unwrap();
        (game.clone(), game.contest.clone().unwrap())
    };
    let (game, contest) = the_match("156743");
    let winner = contest.winner.unwrap();
    assert_eq!(game.side(winner).team.name, "Carlos Alcaraz");
    let sets: Vec<_> = contest.sets.iter().map(|set| (set.of(winner), set.of(winner.other()))).collect();
    assert_eq!(sets, [(7, 6), (6, 3), (4, 6), (6, 4)]);
    assert_eq!(
        (contest.event.as_str(), contest.part.as_deref()),
        ("Roland Garros", Some("Men's Singles Round 4"))
    );
    assert_eq!(the_match("158635").1.ending, Ending::Walkover);
    assert_eq!(the_match("158636").1.ending, Ending::Retired);

    let golf = contests(&corpus, CONTESTS[1].0, Discipline::Golf, "pga").remove(0).contest.unwrap();
    let first: Vec<_> = golf.standings.iter().map(|one| (one.name.as_str(), one.to_par)).collect();
    assert_eq!(
        first,
        [("Scottie Scheffler", Some(-10)), ("Ben Griffin", Some(-6)), ("Sepp Straka", Some(-5))]
    );
    let mixed = "teamtracker/mixed_all_sports_2022.json";
    let race = contests(&corpus, mixed, Discipline::Racing, "mlb").remove(0);
    assert_eq!(race.phase, Phase::Scheduled, "its weekend calls itself final");
    assert_eq!(race.contest.unwrap().event, "Azerbaijan Grand Prix");
    let card = contests(&corpus, mixed, Discipline::Mma, "mlb");
    let first = card.iter().find(|game| game.feed_id.0 == "401505372").unwrap();
    let winner = first.contest.as_ref().unwrap().winner.unwrap();
    assert_eq!(first.side(winner).team.name, "Sergey Morozov");
    assert_eq!(card.iter().filter(|game| game.phase == Phase::Live).count(), 1);
}
