//! Slots: a model writes around named places, and code fills them in.
//!
//! The words of the facts ([`Words`]) are the places. A model sees what will stand in each, and writes `{winner} beat
//! {loser} {score}`. What it writes in its own words holds no figure, no word for a number and no name; a text that does
//! is refused before anything is filled in. So numbers and names come from the facts in one way only, and what is left to
//! the [`gate`] is what is claimed about them.

use std::collections::BTreeMap;

use super::facts::Facts;
use super::gate;
use super::wording::{Word, Words};

/// Words that are not for readers.
const INTERNAL: [&str; 1] = ["kind"];

/// Why a text was refused before anything was filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// A place that the story does not have.
    #[error("there is no placeholder {{{name}}} for this story")]
    Unknown {
        /// What stands between the braces.
        name: String,
    },
    /// Braces that hold no place.
    #[error("a brace is open or closed where no placeholder is")]
    Brace,
    /// A number of the model's own.
    #[error("{token:?} is a number; numbers are written as placeholders only")]
    Number {
        /// As it stands in the text.
        token: String,
    },
    /// A name of the model's own.
    #[error("{token:?} is a name or in capitals; names are written as placeholders only")]
    Name {
        /// As it stands in the text.
        token: String,
    },
}

impl SlotError {
    /// The class of the refusal: `slot_number`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "slot_unknown",
            Self::Brace => "slot_brace",
            Self::Number { .. } => "slot_number",
            Self::Name { .. } => "slot_name",
        }
    }
}

/// The places of these facts, each with what will stand there.
pub fn places(facts: &Facts) -> BTreeMap<String, String> {
    let words = Words::of(facts);
    let place = |name: &str| match words.get(name) {
        Some(Word::Text(text)) if !INTERNAL.contains(&name) => Some((name.to_owned(), text.clone())),
        _ => None,
    };
    words.names().filter_map(place).collect()
}

/// What else may be known of these facts: by name, whether it is so.
pub fn flags(facts: &Facts) -> BTreeMap<String, bool> {
    let words = Words::of(facts);
    let flag = |name: &str| match words.get(name) {
        Some(Word::Flag(flag)) => Some((name.to_owned(), *flag)),
        _ => None,
    };
    words.names().filter_map(flag).collect()
}

/// The text with its places filled in, with a capital where a sentence begins.
///
/// # Errors
/// The first thing in the model's own words that only a place may say, or a place there is none of.
pub fn fill(text: &str, places: &BTreeMap<String, String>) -> Result<String, SlotError> {
    let mut filled = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let own = &rest[..open];
        check_own(own, &filled)?;
        filled.push_str(own);
        let inside = rest[open..].strip_prefix('{').ok_or(SlotError::Brace)?;
        let (name, after) = inside.split_once('}').ok_or(SlotError::Brace)?;
        let name = name.trim();
        if name.is_empty() || name.contains('{') {
            return Err(SlotError::Brace);
        }
        let value = places.get(name).ok_or_else(|| SlotError::Unknown { name: name.to_owned() })?;
        put(&mut filled, value);
        rest = after;
    }
    check_own(rest, &filled)?;
    filled.push_str(rest);
    Ok(filled.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Puts a value where the text ends: with a capital where a sentence begins, and without its article where there is one.
fn put(filled: &mut String, value: &str) {
    let value = match value.strip_prefix("the ") {
        Some(bare) if ends_with_article(filled) => bare,
        _ => value,
    };
    let mut letters = value.chars();
    match letters.next().filter(|_| opens_sentence(filled)) {
        Some(first) => {
            filled.extend(first.to_uppercase());
            filled.push_str(letters.as_str());
        }
        None => filled.push_str(value),
    }
}

fn ends_with_article(text: &str) -> bool {
    let text = text.trim_end();
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    word.eq_ignore_ascii_case("the")
}

/// Whether what comes after that text begins a sentence.
fn opens_sentence(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty() || before.ends_with(['.', '!', '?'])
}

/// Refuses figures, numbers in words, and capitals that do not begin a sentence. `before` is the text before these words.
fn check_own(own: &str, before: &str) -> Result<(), SlotError> {
    if let Some(figure) = own.split_whitespace().find(|token| token.contains(char::is_numeric)) {
        return Err(SlotError::Number { token: figure.to_owned() });
    }
    let mut at = 0;
    while let Some(start) = own[at..].find(char::is_alphabetic).map(|found| at + found) {
        let end = own[start..].find(|c: char| !c.is_alphabetic()).map_or(own.len(), |found| start + found);
        let word = &own[start..end];
        if gate::counts(&word.to_lowercase()) {
            return Err(SlotError::Number { token: word.to_owned() });
        }
        let opens = match own[..start].trim_end() {
            "" => opens_sentence(before),
            own_before => opens_sentence(own_before),
        };
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        let begins_sentence = opens && capitals == 1 && word.starts_with(char::is_uppercase);
        if capitals > 0 && !begins_sentence {
            return Err(SlotError::Name { token: word.to_owned() });
        }
        at = end;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::moment::MomentKind;
    use crate::wire::samples;
    use crate::wire::sport::Discipline;

    fn filled(text: &str) -> Result<String, String> {
        let facts = samples::plain(Discipline::Basketball, MomentKind::Final);
        fill(text, &places(&facts)).map_err(|error| format!("{}: {error}", error.code()))
    }

    #[test]
    fn places_are_filled_in_with_a_capital_where_a_sentence_begins() {
        assert_eq!(
            filled("{winner} edged  {loser} {score}. {winner} led late. The {loser} trailed."),
            Ok("The Celtics edged the Hawks 117-116. The Celtics led late. The Hawks trailed.".to_owned())
        );
        assert_eq!(filled("It is over: { line }."), Ok("It is over: Celtics 117, Hawks 116.".to_owned()));
    }

    #[test]
    fn figures_numbers_and_names_of_the_models_own_are_refused() {
        let refused: Vec<String> = [
            "{winner} beat {loser} 117-116.",
            "{winner} won by one.",
            "{winner} won in the fourth.",
            "{winner} won twice.",
            "{winner} beat the Hawks {score}.",
            "{winner} WON {score}.",
            "{winner} won. LeBron scored.",
            "{winner} beat {nobody}.",
            "{winner} beat {{loser}}.",
            "{winner beat",
            "winner} beat",
            "{} beat",
            "{winner} won by ½.",
        ]
        .into_iter()
        .map(|text| filled(text).expect_err(text))
        .collect();
        insta::assert_snapshot!(refused.join("\n"), @r#"
        slot_number: "117-116." is a number; numbers are written as placeholders only
        slot_number: "one" is a number; numbers are written as placeholders only
        slot_number: "fourth" is a number; numbers are written as placeholders only
        slot_number: "twice" is a number; numbers are written as placeholders only
        slot_name: "Hawks" is a name or in capitals; names are written as placeholders only
        slot_name: "WON" is a name or in capitals; names are written as placeholders only
        slot_name: "LeBron" is a name or in capitals; names are written as placeholders only
        slot_unknown: there is no placeholder {nobody} for this story
        slot_brace: a brace is open or closed where no placeholder is
        slot_brace: a brace is open or closed where no placeholder is
        slot_brace: a brace is open or closed where no placeholder is
        slot_brace: a brace is open or closed where no placeholder is
        slot_number: "½." is a number; numbers are written as placeholders only
        "#);
    }

    proptest! {
        #[test]
        fn what_is_filled_in_holds_no_figure_but_those_of_the_places(text in "[a-zA-Z0-9{} .,'winerlos]{0,60}") {
            let facts = samples::plain(Discipline::Basketball, MomentKind::Final);
            let places = places(&facts);
            if let Ok(filled) = fill(&text, &places) {
                let figures = |text: &str| text.chars().filter(char::is_ascii_digit).count();
                let granted = places
                    .iter()
                    .map(|(name, value)| text.matches(&format!("{{{name}}}")).count() * figures(value))
                    .sum::<usize>();
                let braces = filled.contains(['{', '}']);
                prop_assert!(figures(&filled) <= granted, "{text} became {filled}");
                prop_assert!(!braces);
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,80}") {
            let facts = samples::plain(Discipline::Soccer, MomentKind::Score);
            let _ = fill(&text, &places(&facts));
        }
    }
}
