//! Texts that say once more what was just said.
//!
//! Two texts are near-duplicates where they have the same figures and nearly the same words. A score that has changed is
//! news in whatever words, so other figures make another text; the clock, which never stands, does not, and neither do
//! marks, capitals, articles, symbols and the order of words.

use std::sync::{Arc, OnceLock};

use unicode_normalization::UnicodeNormalization;

use super::Rejection;
use super::lexicon::number_word;
use super::token::Token;

/// How much of their words two texts share that are near-duplicates, of one.
const LIKENESS: f64 = 0.8;

/// Words that make no difference.
const EMPTY: [&str; 10] = ["a", "an", "and", "is", "are", "it", "it's", "its", "the", "now"];

/// Holds a text against those that were told before it, on the same channel and of the same game.
///
/// # Errors
/// The first text it is a near-duplicate of.
pub fn check_repeats(text: &str, told: &[Said]) -> Result<(), Rejection> {
    if told.is_empty() {
        return Ok(());
    }
    let gist = Gist::of(text);
    match told.iter().find(|earlier| gist.is_of(earlier.gist())) {
        Some(earlier) => Err(Rejection::Repeats { earlier: earlier.text().to_owned() }),
        None => Ok(()),
    }
}

/// A text that was told. What it comes to is found out once, when another one is first held against it.
#[derive(Debug, Clone)]
pub struct Said(Arc<(String, OnceLock<Gist>)>);

impl Said {
    /// The text.
    pub fn text(&self) -> &str {
        &self.0.0
    }

    fn gist(&self) -> &Gist {
        self.0.1.get_or_init(|| Gist::of(self.text()))
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self(Arc::new((text, OnceLock::new())))
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Said {}

/// What a text comes to.
#[derive(Debug)]
struct Gist {
    /// Its figures but those of the clock, in order of size.
    figures: Vec<u32>,
    /// Its words, in the order of the alphabet.
    words: Vec<String>,
}

impl Gist {
    fn of(text: &str) -> Self {
        let folded: String = if text.is_ascii() {
            text.to_ascii_lowercase()
        } else {
            text.nfkd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase).collect()
        };
        let parts: Vec<&str> = folded
            .split(|c: char| !(c.is_alphanumeric() || ".:+'’".contains(c)))
            .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|part| !part.is_empty())
            .collect();
        let mut gist = Self { figures: Vec::new(), words: Vec::new() };
        for (at, part) in parts.iter().enumerate() {
            let unit = parts.get(at + 1).is_some_and(|next| is_time_unit(next));
            match figure(part) {
                Some(figure) if !unit => gist.figures.push(figure),
                Some(_) => {}
                None if is_time(part) || EMPTY.contains(part) => {}
                None => gist.words.push((*part).to_owned()),
            }
        }
        gist.figures.sort_unstable();
        gist.words.sort_unstable();
        gist
    }

    fn is_of(&self, other: &Self) -> bool {
        let words = self.words.len() + other.words.len();
        let shared = 2 * shared(&self.words, &other.words);
        self.figures == other.figures && shared as f64 >= LIKENESS * words as f64
    }
}

/// How many words two sorted lists share.
fn shared(one: &[String], other: &[String]) -> usize {
    let (mut one, mut other, mut shared) = (one.iter().peekable(), other.iter().peekable(), 0);
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(one.next()),
            std::cmp::Ordering::Greater => drop(other.next()),
            std::cmp::Ordering::Equal => {
                shared += 1;
                one.next();
                other.next();
            }
        }
    }
    shared
}

fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

fn figure(part: &str) -> Option<u32> {
    match number_word(part) {
        Some(Token::Number(n)) => Some(n),
        _ => part.parse().ok(),
    }
}

fn is_time_unit(word: &str) -> bool {
    matches!(word, "second" | "seconds" | "minute" | "minutes")
}

/// `2:31`, `6.1`, `90+4`, `88th`, `fourth`, `seconds`: what says when.
fn is_time(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_digit())
        || matches!(number_word(part), Some(Token::Ordinal(_)))
        || is_time_unit(part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOLD: &str = "The Celtics lead the Hawks 117-116 with 6.1 seconds left in the fourth quarter.";

    fn repeats(text: &str) -> bool {
        check_repeats(text, &[TOLD.into()]).is_err()
    }

    #[test]
    fn the_same_in_other_marks_order_or_time_is_a_near_duplicate() {
        for text in [
            TOLD,
            "CELTICS LEAD THE HAWKS 117–116, WITH 6.1 SECONDS LEFT IN THE FOURTH QUARTER!",
            "🏀 The Celtics lead the Hawks 117-116 with 2.4 seconds left in the fourth quarter.",
            "With 6.1 seconds left in the fourth quarter, the Celtics now lead the Hawks 117-116.",
            "The Céltics lead the Hawks, 117-116, with five seconds left in the fourth quarter.",
        ] {
            assert!(repeats(text), "{text}");
        }
    }

    #[test]
    fn other_figures_and_other_words_are_another_text() {
        for text in [
            "The Celtics lead the Hawks 119-116 with 6.1 seconds left in the fourth quarter.",
            "The Celtics lead the Hawks 117-116, after trailing 116-114.",
            "The Celtics beat the Hawks 117-116.",
            "The Bruins lead the Rangers 117-116 with six seconds left in overtime.",
            "",
        ] {
            assert!(!repeats(text), "{text}");
        }
    }

    #[test]
    fn the_refusal_names_the_text_that_is_repeated() {
        let refusal =
            check_repeats(TOLD, &["Celtics 114, Hawks 114".into(), TOLD.into()]).expect_err("it was told");
        assert_eq!(refusal.code(), "near_duplicate");
        assert!(refusal.to_string().contains(TOLD), "{refusal}");
    }

    proptest! {
        #[test]
        fn every_text_repeats_itself_and_likeness_goes_both_ways(one in "\\PC{0,80}", other in "\\PC{0,80}") {
            prop_assert!(check_repeats(&one, &[one.as_str().into()]).is_err());
            let there = check_repeats(&one, &[other.as_str().into()]).is_ok();
            prop_assert_eq!(there, check_repeats(&other, &[one.as_str().into()]).is_ok());
        }

        #[test]
        fn a_changed_score_is_never_a_repetition(by in 1_u32..50, home in 0_u32..150) {
            let text = |score: u32| format!("The Celtics have scored: Celtics {score}, Hawks 90 in the 4th");
            let (now, then) = (text(home + by), text(home));
            prop_assert!(check_repeats(&now, &[then.as_str().into()]).is_ok());
        }
    }
}
