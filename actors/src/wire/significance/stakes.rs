//! What hangs on a game, from 0 to 1, by what the board says of it before anybody scores.
//!
//! | stakes | game |
//! |---:|---|
//! | 1 | a title is decided: a final, the Super Bowl, the World Series |
//! | 0.8 | the step before: a semi-final, a conference's final or championship; a seventh game |
//! | 0.6 | any other play-off game |
//! | 0.5 | both sides are ranked |
//! | 0.4 | a rivalry of the settings |
//! | 0.2 | one side is ranked |
//!
//! The most of these counts. A note of anything else, such as rain, is nothing.

use super::super::game::{Game, Team};

/// Two sides between whom every game is more than a game, by any of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rivalry {
    /// The one.
    pub one: String,
    /// The other.
    pub other: String,
}

impl Rivalry {
    /// Whether these two are the sides.
    pub fn is_of(&self, home: &Team, away: &Team) -> bool {
        let is = |name: &str, team: &Team| {
            [&team.name, &team.short_name, &team.place, &team.code]
                .iter()
                .any(|known| !known.is_empty() && known.to_lowercase() == name.to_lowercase())
        };
        (is(&self.one, home) && is(&self.other, away)) || (is(&self.one, away) && is(&self.other, home))
    }
}

/// What hangs on that game.
pub fn of(game: &Game, rivalries: &[Rivalry]) -> f64 {
    let ranked = match (game.home.rank, game.away.rank) {
        (Some(_), Some(_)) => 0.5,
        (None, None) => 0.0,
        _ => 0.2,
    };
    let rivals = rivalries.iter().any(|rivalry| rivalry.is_of(&game.home.team, &game.away.team));
    let noted = game.note.as_deref().map_or(0.0, noted);
    noted.max(ranked).max(if rivals { 0.4 } else { 0.0 })
}

fn noted(note: &str) -> f64 {
    let note =
        note.to_lowercase().replace("semi-final", "semifinal").replace("quarter-final", "quarterfinal");
    let words: Vec<&str> =
        note.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |phrase: &str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|window| window == phrase)
    };
    let any = |phrases: &[&str]| phrases.iter().any(|phrase| has(phrase));
    let is_part =
        any(&["conference", "east", "west", "eastern", "western", "afc", "nfc", "group", "regional"]);
    match () {
        () if any(&["super bowl", "world series", "national championship"]) => 1.0,
        () if any(&["final", "finals"]) && !is_part => 1.0,
        () if any(&["final", "finals", "championship", "game 7", "semifinal", "semifinals"]) => 0.8,
        () if any(&["playoff", "playoffs", "postseason", "wild card", "divisional", "division series"]) => {
            0.6
        }
        () if any(&["quarterfinal", "quarterfinals", "round of", "1st round", "2nd round"]) => 0.6,
        () if any(&[
            "first round",
            "second round",
            "elite 8",
            "sweet 16",
            "alds",
            "nlds",
            "alcs",
            "nlcs",
        ]) =>
        {
            0.6
        }
        () => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_worth_what_it_says_of_the_season() {
        for (note, worth) in [
            ("NBA Finals - Game 1", 1.0),
            ("Stanley Cup Final - Game 3", 1.0),
            ("Super Bowl LVIII", 1.0),
            ("World Series Game 2", 1.0),
            ("East Finals - Game 6", 0.8),
            ("Big Ten Championship", 0.8),
            ("Copa America, Semi-final", 0.8),
            ("West 1st Round - Game 7", 0.8),
            ("AFC Wild Card Playoffs", 0.6),
            ("East 1st Round - Game 2", 0.6),
            ("Group A", 0.0),
            ("Inclement Weather - Makeup date June 5", 0.0),
            ("Rain", 0.0),
        ] {
            assert_eq!(noted(note), worth, "{note}");
        }
    }

    #[test]
    fn rivals_are_known_by_any_of_their_names_in_either_order() {
        let team = |name: &str, short_name: &str, place: &str, code: &str| Team {
            id: "1".to_owned(),
            name: name.to_owned(),
            short_name: short_name.to_owned(),
            place: place.to_owned(),
            code: code.to_owned(),
        };
        let (celtics, lakers) = (
            team("Boston Celtics", "Celtics", "Boston", "BOS"),
            team("Los Angeles Lakers", "Lakers", "Los Angeles", "LAL"),
        );
        let rivalry = |one: &str, other: &str| Rivalry { one: one.to_owned(), other: other.to_owned() };
        assert!(rivalry("celtics", "LAL").is_of(&celtics, &lakers));
        assert!(rivalry("celtics", "LAL").is_of(&lakers, &celtics));
        assert!(!rivalry("Celtics", "Knicks").is_of(&lakers, &celtics));
        assert!(!rivalry("Celtics", "Celtics").is_of(&lakers, &celtics));
    }
}
