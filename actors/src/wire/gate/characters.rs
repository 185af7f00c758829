//! What may stand in a post at all.

use super::Rejection;
use super::names::Names;

/// Refuses an empty text, characters that have no place in a post, white space out of place, and places that
/// were not filled in.
pub(super) fn check(text: &str) -> Result<(), Rejection> {
    check_written(text, true)
}

/// The same for another language than English, where *todo* is a word and exclamations may open with `¡`.
pub(super) fn check_foreign(text: &str) -> Result<(), Rejection> {
    check_written(text, false)
}

fn check_written(text: &str, english: bool) -> Result<(), Rejection> {
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Rejection::Empty);
    }
    check_openers(text)?;
    if english {
        check_empty_words(text)?;
    }
    let mut previous = None;
    for character in text.chars() {
        if !is_fit(character, previous) && (english || character != '¡') {
            return Err(Rejection::Character { character });
        }
        previous = Some(character);
    }
    check_spaces(text)
}

const MARKS: &str = " .,;:!'’()&/+#-–—…";

fn is_fit(character: char, previous: Option<char>) -> bool {
    character.is_alphanumeric()
        || MARKS.contains(character)
        || is_symbol(character)
        // The variation selector that makes a symbol colourful, and only after one.
        || (character == '\u{fe0f}' && previous.is_some_and(is_symbol))
}

/// Pictographs, as posts use them.
pub(super) fn is_symbol(character: char) -> bool {
    matches!(character, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1f5ff}' | '\u{1f600}'..='\u{1faff}')
        && !matches!(character, '\u{2776}'..='\u{2793}' | '\u{1f3fb}'..='\u{1f3ff}')
}

fn check_openers(text: &str) -> Result<(), Rejection> {
    const OPENERS: [char; 8] = ['{', '}', '[', ']', '<', '>', '$', '%'];
    match text.find(OPENERS) {
        Some(at) => Err(Rejection::Placeholder { token: text[at..].chars().take(20).collect() }),
        None => Ok(()),
    }
}

fn check_empty_words(text: &str) -> Result<(), Rejection> {
    const EMPTY: [&str; 9] = ["undefined", "none", "null", "nan", "nil", "todo", "tbd", "tba", "placeholder"];
    let empty = text
        .split(|c: char| !c.is_alphanumeric())
        .find(|word| EMPTY.iter().any(|empty| word.eq_ignore_ascii_case(empty)));
    match empty {
        Some(word) => Err(Rejection::Placeholder { token: word.to_owned() }),
        None => Ok(()),
    }
}

pub(super) fn check_spaces(text: &str) -> Result<(), Rejection> {
    const SLIPS: [&str; 9] = ["# ", "  ", " .", " ,", " ;", " :", " !", " )", "( "];
    let slip = SLIPS.into_iter().find(|slip| text.contains(slip));
    let outer = text.starts_with(' ') || text.ends_with(' ');
    match slip {
        None if !outer => Ok(()),
        Some(slip) => {
            let before = text.split(slip).next().unwrap_or_default();
            Err(Rejection::Untidy { near: last_word(before) })
        }
        None => Err(Rejection::Untidy { near: last_word(text) }),
    }
}

fn last_word(text: &str) -> String {
    text.split_whitespace().next_back().unwrap_or_default().to_owned()
}

/// Refuses what a platform would turn into a link: `evil.com`, `www.x`, `http`.
pub(super) fn check_links(text: &str, names: &Names) -> Result<(), Rejection> {
    let without_names = names.blank(text);
    match find_link(&without_names) {
        Some(token) => Err(Rejection::Link { token }),
        None => Ok(()),
    }
}

/// The first part of a text that reads like a link: two labels joined by a dot, the second of two letters or
/// more.
pub(super) fn find_link(text: &str) -> Option<String> {
    text.split_whitespace().find(|word| is_link(word)).map(str::to_owned)
}

fn is_link(word: &str) -> bool {
    let lower = word.to_lowercase();
    if lower.contains("//") || lower.starts_with("www") || lower.contains("http") {
        return true;
    }
    let labels: Vec<&str> = word.split('.').collect();
    labels.windows(2).any(|pair| {
        let host = pair[0].chars().next_back().is_some_and(char::is_alphanumeric);
        let top = pair[1].chars().take_while(|c| c.is_alphabetic()).count();
        host && top >= 2
    })
}
