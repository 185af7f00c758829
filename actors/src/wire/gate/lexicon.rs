//! The words the gate knows.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

use super::token::Token;

const CARDINALS: &str = "one two three four five six seven eight nine ten \
    eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty";

const ORDINALS: &str = "first second third fourth fifth sixth seventh eighth ninth tenth \
    eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth";

const TENS: &str = "thirty forty fifty sixty seventy eighty ninety";

const TENTHS: &str = "thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth";

/// The number a word spells.
pub(super) fn number_word(word: &str) -> Option<Token> {
    static WORDS: LazyLock<HashMap<&str, Token>> = LazyLock::new(|| {
        let numbers = (1..=20).chain((30..=90).step_by(10));
        let cardinals = CARDINALS.split_whitespace().chain(TENS.split_whitespace());
        let ordinals = ORDINALS.split_whitespace().chain(TENTHS.split_whitespace());
        let cardinals = cardinals.zip(numbers.clone().map(Token::Number));
        cardinals.chain(ordinals.zip(numbers.map(Token::Ordinal))).collect()
    });
    WORDS.get(word).cloned()
}

/// Words that count and that the gate does not read.
pub(super) fn is_unreadable_number(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        words(
            "zero nought hundred hundreds thousand thousands million dozen dozens couple pair trio \
            several few twice thrice once brace hattrick single quadruple treble \
            half-dozen firsts seconds' tenths percent pointer pointers both",
        )
    });
    WORDS.contains(word)
}

/// Whether a word in small letters counts something: `three`, `third`, `twice`, `several`.
pub fn counts(word: &str) -> bool {
    number_word(word).is_some() || is_unreadable_number(word)
}

/// Capital letters that are no name.
pub(super) const ABBREVIATIONS: [&str; 3] = ["OT", "HT", "FT"];

/// Claims that no facts could grant: of history and rank, of cause and motive, of the future, of persons;
/// words that turn a sentence into its opposite; and relations whose meaning the gate does not read.
pub(super) fn is_forbidden(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("lexicon/forbidden.txt")));
    WORDS.contains(word)
}

/// The words of the house: what texts are made of besides names and numbers.
pub(super) fn is_known(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("lexicon/vocabulary.txt")));
    WORDS.contains(word)
}

/// The words of the house, in the order of their list.
pub fn vocabulary() -> impl Iterator<Item = &'static str> {
    let list = include_str!("lexicon/vocabulary.txt");
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// The words of a list; a line that starts with `#` is a remark.
pub(super) fn words(list: &'static str) -> HashSet<&'static str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// Reasons for a game that is held up or off; granted where the facts give that reason.
pub(super) const REASONS: [&str; 6] = ["rain", "weather", "lightning", "snow", "fog", "wind"];

/// Words that say a text takes something back.
pub(super) const RETRACTIONS: [&str; 6] = ["earlier", "previously", "reported", "said", "posted", "wrongly"];
