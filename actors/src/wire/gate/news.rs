//! News: a gate of its own. A text about an item is a quotation of its headline, letter by letter, and who says it; beside
//! these there is room for a handful of words and for nothing else.

use super::characters::{self, find_link};
use super::names::is_command;
use super::{Facts, Rejection};
use crate::wire::news::News;

/// The words that may stand around a quotation.
const FRAME: [&str; 10] =
    ["according", "from", "headline", "news", "on", "report", "reports", "says", "the", "to"];

/// The marks of headlines.
const MARKS: &str = " .,;:!?'’‘()&/+-–—…%$";

/// Whether a character may be quoted.
pub fn is_quotable(character: char) -> bool {
    character.is_alphanumeric() || MARKS.contains(character)
}

/// Whether a headline may be quoted at all.
///
/// # Errors
/// The first thing in it that has no place in a post.
pub fn quotable(headline: &str) -> Result<(), Rejection> {
    if !headline.chars().any(char::is_alphabetic) {
        return Err(Rejection::Empty);
    }
    if let Some(character) = headline.chars().find(|c| !is_quotable(*c)) {
        return Err(Rejection::Character { character });
    }
    if let Some(token) = find_link(headline) {
        return Err(Rejection::Link { token });
    }
    if let Some(word) =
        headline.split(|c: char| !c.is_alphanumeric()).find(|word| is_command(&word.to_lowercase()))
    {
        return Err(Rejection::Forbidden { word: word.to_owned() });
    }
    // A platform reads `/word` as a command, `$WORD` as a ticker; `&word;` is what is left of markup.
    let marked = |word: &&str| {
        let before_a_letter = |mark: char| {
            word.starts_with(mark) && word.chars().nth(1).is_none_or(|next| !next.is_ascii_digit())
        };
        before_a_letter('/')
            || before_a_letter('$')
            || (word.contains('&') && word.ends_with(';') && word.len() > 2)
            || word.split_once('&').is_some_and(|(_, rest)| rest.contains(';'))
    };
    if let Some(word) = headline.split(' ').find(marked) {
        return Err(Rejection::Placeholder { token: word.to_owned() });
    }
    characters::check_spaces(headline)
}

/// Why an item is not told, whatever the text.
pub(super) fn quarantine(news: &News) -> Option<Rejection> {
    let unclean = || Rejection::UncleanName { name: news.source.clone() };
    if !super::clean_name(&news.source) {
        return Some(unclean());
    }
    match &news.unfit {
        Some(unfit) => Some(Rejection::Quotation { detail: unfit.to_string() }),
        None => quotable(&news.headline).err(),
    }
}

/// Holds a text or a title against the item.
pub(super) fn check(text: &str, facts: &Facts, news: &News) -> Result<(), Rejection> {
    if let Some(rejection) = quarantine(news) {
        return Err(rejection);
    }
    let Some((before, after)) = text.split_once(&format!("\"{}\"", news.headline)) else {
        let detail = "the headline is not quoted letter by letter".to_owned();
        return Err(Rejection::Quotation { detail });
    };
    characters::check(&format!("{before}Q{after}"))?;
    let frame = format!("{before} {after}");
    if !frame.contains(&news.source) {
        return Err(Rejection::MissingTeam { team: news.source.clone() });
    }
    let rest = frame.replacen(&news.source, " ", 1).to_lowercase();
    let rest = rest.replacen(&facts.league.to_lowercase(), " ", 1);
    for word in rest.split(|c: char| " ,:;.–—()".contains(c)).filter(|word| !word.is_empty()) {
        if !FRAME.contains(&word) {
            return Err(Rejection::UnknownWord { word: word.to_owned() });
        }
    }
    Ok(())
}
