//! Claims that no facts of a game could hold, each made anew from a small grammar of its own.

use fastrand::Rng;
use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::game::Team;

use crate::lies::ordinal;

fn any<'a>(choices: &[&'a str], rng: &mut Rng) -> &'a str {
    choices.get(rng.usize(..choices.len())).copied().unwrap_or_default()
}

/// An invented word of letters that look like a name: `Karlomin`.
fn word(rng: &mut Rng) -> String {
    const STARTS: [&str; 16] =
        ["Ka", "Ro", "Mi", "De", "Jo", "La", "Tre", "Ha", "Bo", "Wi", "Sa", "Ne", "Vu", "Pa", "Gri", "Ste"];
    const MIDDLES: [&str; 12] = ["r", "lo", "ni", "mar", "den", "st", "ri", "vo", "ck", "la", "the", "bb"];
    const ENDS: [&str; 12] = ["son", "in", "ez", "ic", "man", "ley", "ton", "ard", "ov", "as", "er", "ini"];
    format!("{}{}{}", any(&STARTS, rng), any(&MIDDLES, rng), any(&ENDS, rng))
}

pub(crate) fn person(rng: &mut Rng) -> String {
    match rng.u8(..4) {
        0 => word(rng),
        1 => format!("{}. {}", rng.uppercase(), word(rng)),
        _ => format!("{} {}", word(rng), word(rng)),
    }
}

/// A team that is neither of those.
pub(crate) fn team(own: &[&Team], rng: &mut Rng) -> String {
    const REAL: [&str; 14] = [
        "Lakers",
        "Yankees",
        "Packers",
        "Oilers",
        "Knicks",
        "Dodgers",
        "Liverpool",
        "Real Madrid",
        "Suns",
        "Jets",
        "Braves",
        "Kraken",
        "Juventus",
        "Steelers",
    ];
    let own = |name: &str| own.iter().any(|team| team.name.contains(name) || team.short_name.contains(name));
    match any(&REAL, rng) {
        name if own(name) || rng.bool() => format!("{}s", word(rng)),
        name => name.to_owned(),
    }
}

fn lower_first(text: &str) -> String {
    match text.strip_prefix("The ") {
        Some(rest) => format!("the {rest}"),
        None => text.to_owned(),
    }
}

/// The text with a player who is none of the facts'.
pub(crate) fn of_player(truth: &str, facts: &Facts, rng: &mut Rng) -> String {
    let (who, n) = (person(rng), rng.u32(2..45));
    let unit = crate::moment::unit(facts.discipline);
    let body = truth.trim_end_matches('.');
    match rng.u8(..9) {
        0 => format!("{body}, with {who} leading the way."),
        1 => format!("{who} scored as {}", lower_first(truth)),
        2 => format!("{who} had {n} {unit}s as {}", lower_first(truth)),
        3 => format!("{truth} {who} scored."),
        4 => format!("{body} behind {n} {unit}s from {who}."),
        5 => format!("{truth} {who} with the {unit}."),
        6 => format!("{who}! {truth}"),
        7 => format!("{truth} It was {who} who made it so."),
        _ => format!("{body} after {who} scored."),
    }
}

/// The text with a claim of history, of cause, of the future, of persons.
pub(crate) fn beyond(truth: &str, facts: &Facts, rng: &mut Rng) -> String {
    let body = truth.trim_end_matches('.');
    let claim = match rng.u8(..8) {
        0 => history(rng),
        1 => stakes(rng),
        2 => cause(rng),
        3 => future(facts, rng),
        4 => feeling(facts, rng),
        5 => odds(rng),
        6 => figures(rng),
        _ => quote(rng),
    };
    if claim.starts_with(char::is_uppercase) || claim.starts_with('"') {
        format!("{truth} {claim}")
    } else {
        format!("{body}, {claim}.")
    }
}

fn history(rng: &mut Rng) -> String {
    let month = any(&["October", "January", "March", "last season", "2019", "the playoffs"], rng);
    let what = any(&["win", "victory", "lead", "defeat", "comeback", "game"], rng);
    let (nth, n) = (ordinal(rng), rng.u32(2..20));
    match rng.u8(..8) {
        0 => format!("their first {what} since {month}"),
        1 => format!("their {nth} straight {what}"),
        2 => format!(
            "the {} {what} of the season",
            any(&["biggest", "largest", "best", "worst", "latest"], rng)
        ),
        3 => format!("a {} record", any(&["franchise", "league", "club", "season"], rng)),
        4 => format!("ending a {n}-game {}", any(&["skid", "losing streak", "winning streak", "slump"], rng)),
        5 => format!("their {nth} {what} in {n} games"),
        6 => format!("It is the {nth} time they have met this season."),
        _ => format!("They have never lost here in {n} tries."),
    }
}

fn stakes(rng: &mut Rng) -> String {
    let (n, m) = (rng.u32(3..60), rng.u32(3..60));
    match rng.u8(..6) {
        0 => format!(
            "to {} a playoff {}",
            any(&["clinch", "secure", "earn"], rng),
            any(&["spot", "berth"], rng)
        ),
        1 => format!("improving to {n}-{m}"),
        2 => format!("They are {n}-{m} on the season."),
        3 => "to go top of the table".to_owned(),
        4 => format!("taking a {}-{} lead in the series", rng.u32(2..4), rng.u32(0..2)),
        _ => format!("moving up to {} in the standings", ordinal(rng)),
    }
}

fn cause(rng: &mut Rng) -> String {
    let who = person(rng);
    match rng.u8(..6) {
        0 => format!("despite {who}'s absence"),
        1 => format!("thanks to {} defense", any(&["stout", "stifling", "great"], rng)),
        2 => format!("after {who} left with a {} injury", any(&["knee", "ankle", "hamstring"], rng)),
        3 => format!("because of {}", any(&["a late whistle", "poor shooting", "a costly turnover"], rng)),
        4 => "after a controversial call".to_owned(),
        _ => format!(
            "on a {} by {who}",
            any(&["buzzer-beater", "header", "walk-off homer", "deep three"], rng)
        ),
    }
}

fn future(facts: &Facts, rng: &mut Rng) -> String {
    let day = any(&["Monday", "Friday", "tomorrow", "next week", "Sunday night"], rng);
    match rng.u8(..4) {
        0 => format!("They will face the {} on {day}.", team(&[&facts.home, &facts.away], rng)),
        1 => format!("They play again {day}."),
        2 => "and could win it all".to_owned(),
        _ => format!("They should be back {day}."),
    }
}

fn feeling(facts: &Facts, rng: &mut Rng) -> String {
    let n = 1000 * rng.u32(5..80);
    match rng.u8(..6) {
        0 => format!("silencing {n} fans"),
        1 => "sending the crowd wild".to_owned(),
        2 => format!("leaving {} heartbroken", facts.home.short_name),
        3 => "a result they fully deserved".to_owned(),
        4 => format!("in front of {n} at {} Arena", word(rng)),
        _ => format!("in a {}", any(&["thriller", "stunner", "miracle finish", "shocker"], rng)),
    }
}

fn odds(rng: &mut Rng) -> String {
    let (n, half) = (rng.u32(1..14), any(&["", ".5"], rng));
    match rng.u8(..4) {
        0 => format!("as {n}{half}-point favorites"),
        1 => format!("covering the {n}{half}-point spread"),
        2 => "Bettors cashed in.".to_owned(),
        _ => format!("The odds were {n} to one."),
    }
}

fn figures(rng: &mut Rng) -> String {
    let (n, who) = (rng.u32(25..75), person(rng));
    match rng.u8(..6) {
        0 => format!("shooting {n} percent from the field"),
        1 => format!("with {n}% possession"),
        2 => format!("{who} completed a hat-trick."),
        3 => format!("with {} turnovers", rng.u32(2..25)),
        4 => "with a brace in hand".to_owned(),
        _ => format!("after {n} minutes of play"),
    }
}

fn quote(rng: &mut Rng) -> String {
    let who = person(rng);
    let said = any(&["We wanted it more", "It feels great", "That was for the fans", "We never quit"], rng);
    match rng.u8(..3) {
        0 => format!("\"{said},\" {} {who} said.", any(&["coach", "captain", "manager"], rng)),
        1 => format!("{who} said it was deserved."),
        _ => format!("according to {who}"),
    }
}
