//! Told stories as polls record them: leads that change in many games at once, in texts of which no two are alike.

use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::ports::ledger::PollRecord;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::game::{GameId, Score, Team};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::Epoch;
use wirereport_actors::wire::samples;
use wirereport_actors::wire::significance::Significance;
use wirereport_actors::wire::sport::Discipline;
use wirereport_actors::wire::story::{Story, StoryId, Verdict};

/// How long they may take to leave.
const FRESH_FOR: Duration = Duration::from_secs(3600);

/// A poll in which these of all stories are told, `games` being under way.
pub(crate) fn poll(
    epoch: Epoch,
    numbers: std::ops::Range<usize>,
    games: usize,
    now: Timestamp,
) -> PollRecord {
    let stories: Vec<Story> = numbers.map(|number| story(number, games, now)).collect();
    PollRecord {
        sport: stories[0].sport.clone(),
        feed: "board".to_owned(),
        seen_at: now,
        epoch,
        state: SportState::default(),
        observed: Vec::new(),
        stories,
    }
}

/// The story of that number: the games take turns, and in each the host goes ahead, by one point, ever again.
fn story(number: usize, games: usize, now: Timestamp) -> Story {
    let (game, ordinal) =
        (number % games, u32::try_from(number / games).unwrap_or(u32::MAX).saturating_add(1));
    let facts = facts(game, ordinal);
    let game =
        GameId(format!("nba-20261125-{}-{}", facts.away.code.to_lowercase(), facts.home.code.to_lowercase()));
    Story {
        id: StoryId::of(&game, facts.kind, facts.period, ordinal),
        revision: 1,
        sport: facts.sport.clone(),
        game,
        kind: facts.kind,
        after: now,
        seen_at: now,
        confirmed_at: now,
        stale_at: now.checked_add(FRESH_FOR).unwrap_or(Timestamp::MAX),
        facts,
        significance: Significance { total: 0.6, ..Significance::default() },
        verdict: Verdict::Told,
        turn: 0,
    }
}

fn facts(game: usize, ordinal: u32) -> Facts {
    let plain = samples::plain(Discipline::Basketball, MomentKind::LeadChange);
    let shifted = |score: Score| Score {
        home: score.home + 2 + ordinal - plain.score.away,
        away: score.away + 2 + ordinal - plain.score.away,
    };
    Facts {
        score: shifted(plain.score),
        before: plain.before.map(shifted),
        home: team(2 * game),
        away: team(2 * game + 1),
        ..plain
    }
}

fn team(number: usize) -> Team {
    const BEGINNINGS: [&str; 24] = [
        "Al", "Ber", "Cal", "Dun", "El", "Fen", "Gar", "Har", "Il", "Jar", "Kel", "Lor", "Mal", "Nor", "Os",
        "Pem", "Quin", "Ros", "Sel", "Tor", "Ul", "Ver", "Wex", "Yar",
    ];
    const ENDINGS: [&str; 24] = [
        "bury", "combe", "dale", "don", "fell", "field", "ford", "gate", "ham", "hurst", "ingham", "keld",
        "ley", "mere", "minster", "moor", "ness", "port", "shaw", "stead", "thorpe", "ton", "wick", "worth",
    ];
    let place = format!("{}{}", BEGINNINGS[number / 24 % 24], ENDINGS[number % 24]);
    Team {
        id: format!("{}", 1_000 + number),
        name: format!("{place} Rovers"),
        short_name: place.clone(),
        code: format!("T{number:03}"),
        place,
    }
}
