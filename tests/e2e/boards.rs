//! A live run on recorded boards tells exactly what they show.

use serde_json::Value;

use crate::corpus::{self, Change, What};
use crate::live;
use crate::receiver::Receiver;
use crate::scoreboard::{Answer, Scoreboard};
use crate::wire::{Place, SECRET, eventually, leads};

/// Shows a live wire one recorded board and then the other, each at least four times, and returns what it posted.
async fn posted(board: &str, sport: &str, bodies: [Vec<u8>; 2], expected: usize) -> Vec<Value> {
    let receiver = Receiver::start(SECRET).await;
    let scoreboard = Scoreboard::start().await;
    scoreboard.play(board, bodies.map(|body| Answer::Body(body.into())));
    let place = Place::new(&live::settings(&[sport], scoreboard.url(), &receiver.url()));
    let mut wire = place.start(&[]);
    place.status_where("the wire leads", leads).await;
    for _ in 0..3 {
        place.look(sport).await;
    }
    assert_eq!(receiver.seen(), 0, "the first board is a baseline");
    assert!(scoreboard.hits(board) >= 3);

    scoreboard.advance(board);
    let before = scoreboard.hits(board);
    for _ in 0..2 {
        place.look(sport).await;
    }
    eventually("everything is posted", async || (receiver.accepted().len() >= expected).then_some(())).await;
    for _ in 0..3 {
        place.look(sport).await;
    }
    assert!(scoreboard.hits(board) >= before + 5);
    place.status_where("nothing is left to be sent", |status| status["backlog"]["pending"] == 0).await;
    let named = scoreboard.requests();
    assert!(named.iter().all(|asked| asked.user_agent.starts_with("wirereport/")));
    wire.terminate().await;
    assert!(wire.exit().await.success());
    assert_eq!(receiver.complaints(), [""; 0]);
    assert_eq!(receiver.repeats(), 0);
    let bodies = receiver.accepted();
    bodies.iter().map(|accepted| serde_json::from_str::<Value>(&accepted.body).unwrap()).collect()
}

const NFL: [&str; 2] =
    ["recorded/nfl_scoreboard_20251207T185945Z.json", "recorded/nfl_scoreboard_20251207T190037Z.json"];
const MLB: [&str; 2] = ["weldy/mlb_scoreboard_20250604_t1.json", "weldy/mlb_scoreboard_20250604_t2.json"];

/// What changed between two recorded boards, and what the wire posted of it.
async fn told(board: &str, sport: &str, files: [&str; 2]) -> Option<(Vec<Change>, Vec<Value>)> {
    let folder = corpus::folder()?;
    let bodies = files.map(|file| corpus::body(&folder, file));
    let changes = corpus::changes(&corpus::shown(&bodies[0]), &corpus::shown(&bodies[1]));
    let posts = posted(board, sport, bodies, changes.len()).await;
    Some((changes, posts))
}

/// Holds every post against the change it tells, and sees that there is one of each.
fn hold_to_account(changes: &[Change], posts: &[Value]) {
    let texts: Vec<&str> = posts.iter().map(|post| post["data"]["text"].as_str().unwrap()).collect();
    assert_eq!(posts.len(), changes.len(), "{texts:#?}");
    for change in changes {
        let of_game = |post: &&Value| post["data"]["game"].as_str().unwrap().ends_with(&change.pair());
        let of_game: Vec<&Value> = posts.iter().filter(of_game).collect();
        let [post] = of_game[..] else { panic!("one post of {}: {texts:#?}", change.pair()) };
        let kind = post["data"]["kind"].as_str().unwrap();
        let fits: &[&str] = match change.what {
            What::Final => &["final"],
            What::Score => &["score", "tie", "lead_change"],
            What::PeriodEnd => &["period_end"],
        };
        assert!(fits.contains(&kind), "{post}");
        assert_eq!(post["type"], "story.published", "{post}");
        for text in [&post["data"]["text"], &post["data"]["title"]] {
            claims_only_what_was_seen(change, text.as_str().unwrap());
        }
        states_the_score(change, post["data"]["text"].as_str().unwrap());
    }
}

fn states_the_score(change: &Change, text: &str) {
    let numbers = corpus::numbers(text);
    for side in [&change.now.away, &change.now.home] {
        assert!(text.contains(&side.name) && numbers.contains(&side.score), "{text}");
    }
}

fn claims_only_what_was_seen(change: &Change, text: &str) {
    let (before, now) = (&change.before, &change.now);
    let mut seen = vec![now.away.score, now.home.score];
    let rises = [now.away.score - before.away.score, now.home.score - before.home.score];
    let one_side_scored = rises.contains(&0);
    if change.what != What::Final {
        seen.push(now.period);
        seen.push(now.away.score.abs_diff(now.home.score));
        seen.extend(corpus::numbers(&now.detail));
    }
    if change.what == What::PeriodEnd {
        seen.push(before.period);
    }
    if one_side_scored {
        seen.extend([before.away.score, before.home.score]);
        seen.extend(rises.iter().filter(|rise| **rise > 0));
    } else {
        let order = [
            "run",
            "scored",
            "added",
            "answered",
            "came back",
            "comeback",
            "tied",
            "trailing",
            "lead change",
        ];
        assert!(!order.iter().any(|word| text.contains(word)), "nobody saw the order of it: {text}");
    }
    let innings = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
    for sentence in text.split(['.', ';']) {
        let says = |words: &[&str]| sentence.split(' ').any(|word| words.contains(&word));
        let is_over = change.what == What::PeriodEnd && says(&innings);
        assert!(!is_over || says(&["after", "end"]), "the inning is told as if it were played: {text}");
    }
    let unseen: Vec<u64> =
        corpus::numbers(text).into_iter().filter(|number| !seen.contains(number)).collect();
    assert_eq!(unseen, [0; 0], "not on the boards: {text}");
}

#[tokio::test]
async fn two_nfl_boards_52_seconds_apart_tell_the_one_score_between_them() {
    let Some((changes, posts)) = told("football/nfl", "nfl", NFL).await else { return };
    let scores = |change: &Change| [change.before.home.score, change.now.home.score, change.now.away.score];
    assert_eq!(changes.iter().map(scores).collect::<Vec<_>>(), [[7, 10, 7]], "Tampa Bay scored three");
    hold_to_account(&changes, &posts);
    assert_eq!(posts[0]["data"]["kind"], "lead_change");
}

#[tokio::test]
async fn two_mlb_boards_of_one_evening_tell_what_became_of_its_games_and_not_how() {
    let Some((changes, posts)) = told("baseball/mlb", "mlb", MLB).await else { return };
    let of = |what| changes.iter().filter(|change| change.what == what).count();
    assert_eq!((of(What::Final), of(What::Score), of(What::PeriodEnd)), (1, 4, 1));
    hold_to_account(&changes, &posts);
}
