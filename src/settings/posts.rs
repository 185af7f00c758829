//! How much is told: a threshold, or the posts it follows from.
//!
//! An operator says how many posts a game or a day should have; the wire's table says which threshold that takes. A
//! threshold that is set outright wins over targets of a table above. What contradicts itself in one table is refused.

use serde::{Serialize, Serializer};
use wirereport_actors::wire::significance::stakes::Rivalry;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::threshold;

use super::reader::Section;
use super::values;

/// A number, or the word that leaves it to another setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberOr {
    /// The number that is set.
    pub number: Option<f64>,
    word: &'static str,
}

impl NumberOr {
    /// The word.
    pub(super) const fn word(word: &'static str) -> Self {
        Self { number: None, word }
    }

    /// The number in place of the word.
    pub(super) const fn number(self, number: f64) -> Self {
        Self { number: Some(number), ..self }
    }

    /// How it is written.
    pub(super) const fn spelled(self) -> &'static str {
        self.word
    }

    const fn is_set(self) -> bool {
        self.number.is_some()
    }
}

impl Serialize for NumberOr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.number {
            Some(number) => serializer.serialize_f64(number),
            None => serializer.serialize_str(self.word),
        }
    }
}

const THRESHOLD: NumberOr = NumberOr::word("auto");
const PER_GAME: NumberOr = NumberOr::word("usual");
const PER_DAY: NumberOr = NumberOr::word("any");

/// What a league is to be told with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Amount {
    /// The least significance that is told, 0 to 1.
    pub threshold: NumberOr,
    /// The posts that a game should have on average.
    pub posts_per_game: NumberOr,
    /// The posts that a day should have on average, of all leagues together.
    pub posts_per_day: NumberOr,
}

impl Default for Amount {
    fn default() -> Self {
        Self { threshold: THRESHOLD, posts_per_game: PER_GAME, posts_per_day: PER_DAY }
    }
}

impl Amount {
    /// What [sports] says for every league.
    pub(super) fn of_all(section: &mut Section<'_>) -> Self {
        let own = Self::read(section);
        let posts_per_day = section.take("posts_per_day", values::number_or(PER_DAY, 1.0, 10_000.0), PER_DAY);
        if posts_per_day.is_set() && own.posts_per_game.is_set() {
            section.conflict(
                &["posts_per_day", "posts_per_game"],
                "and `posts_per_game` both say how much is told; keep one of them here, and set `posts_per_game` in the \
                 tables of the leagues that are to differ",
            );
        }
        if posts_per_day.is_set() && own.threshold.is_set() {
            section.conflict(&["posts_per_day", "threshold"], OUTRIGHT);
        }
        Self { posts_per_day, ..own }
    }

    /// What a league's own table says; where it says nothing, what stands above.
    pub(super) fn of_one(section: &mut Section<'_>, above: Self) -> Self {
        let own = Self::read(section);
        let says_something = own.threshold.is_set() || own.posts_per_game.is_set();
        if says_something { Self { posts_per_day: above.posts_per_day, ..own } } else { above }
    }

    fn read(section: &mut Section<'_>) -> Self {
        let threshold = section.take("threshold", values::number_or(THRESHOLD, 0.0, 1.0), THRESHOLD);
        let posts_per_game =
            section.take("posts_per_game", values::number_or(PER_GAME, 1.0, 100.0), PER_GAME);
        if threshold.is_set() && posts_per_game.is_set() {
            section.conflict(&["posts_per_game", "threshold"], OUTRIGHT);
        }
        Self { threshold, posts_per_game, posts_per_day: PER_DAY }
    }

    /// The threshold it comes to; `share` is how much of the usual posts the target of a day leaves.
    pub(super) fn threshold(&self, sport: &Sport, share: f64) -> f64 {
        let posts = self.posts_per_game.number.unwrap_or(threshold::usual_posts_per_game(sport) * share);
        self.threshold.number.unwrap_or_else(|| threshold::for_posts_per_game(sport, posts))
    }

    /// How much of the usual posts of all these leagues together the target of a day leaves; 1 without one.
    pub(super) fn share(&self, sports: &[Sport]) -> f64 {
        self.posts_per_day.number.map_or(1.0, |posts| threshold::share_of_day(sports, posts))
    }
}

const OUTRIGHT: &str =
    "leaves the threshold to follow from it, and `threshold` sets one outright; keep one of the two";

/// Pairs of sides between whom every game counts for more, each written `Celtics / Lakers`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rivalries(pub Vec<Rivalry>);

impl Serialize for Rivalries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|rivalry| format!("{} / {}", rivalry.one, rivalry.other)))
    }
}
