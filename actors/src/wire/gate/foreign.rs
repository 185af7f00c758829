//! Texts in another language than English, which only an operator's templates write.
//!
//! What their words claim cannot be read here: that is the operator's own, as it is written once and for all in the template.
//! Checked is what is the same in every language: that the names are fit to be printed and both sides are named, that every
//! figure is one the facts hold, that two figures joined as a score are one of the facts' scores with the leader's or the
//! host's points first, and between two names with each side's own, that a figure right behind a side's name is that side's
//! points; and that nothing stands in the text that has no place in a post: placeholders, links, handles, hidden characters.

use std::collections::BTreeSet;

use super::names::{Named, Names};
use super::{Rejection, characters, quarantine};
use crate::wire::facts::Facts;
use crate::wire::game::{Score, Which};
use crate::wire::wording::team::called;
use crate::wire::wording::{Word, Words};

/// Checks a text; `whole` where it must name both sides.
pub(super) fn check(text: &str, facts: &Facts, whole: bool) -> Result<(), Rejection> {
    if let Some(rejection) = quarantine(facts) {
        return Err(rejection);
    }
    characters::check_foreign(text)?;
    let names = Names::of(facts);
    characters::check_links(text, &names)?;
    let parts = parts(text, &names);
    for at in 0..parts.len() {
        match &parts[at] {
            Part::Mark(mark) => check_mark(*mark)?,
            Part::Figures(figures) => check_figures(&parts, at, figures, facts)?,
            Part::Side(_) | Part::Space | Part::Word => {}
        }
    }
    if whole { name_sides(&parts, facts) } else { Ok(()) }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Side(Which),
    Figures(String),
    Word,
    Space,
    Mark(char),
}

fn parts(text: &str, names: &Names) -> Vec<Part> {
    let (mut parts, mut at, mut before) = (Vec::new(), 0, None);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (length, part) = match names.at_start(rest, before) {
            Some((length, Named::Team(which))) => (length, Part::Side(which)),
            Some((length, _)) => (length, Part::Word),
            None if first.is_numeric() => {
                let length = figures(rest);
                (length, Part::Figures(rest[..length].to_owned()))
            }
            None if first == ' ' => (1, Part::Space),
            None if first.is_alphabetic() => {
                (rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len()), Part::Word)
            }
            None => (first.len_utf8(), Part::Mark(first)),
        };
        at += length;
        before = text[..at].chars().next_back();
        parts.push(part);
    }
    parts
}

/// The length of a run of figures with what joins them: `117-116`, `2:31`, `90+4`, `6.1`.
fn figures(rest: &str) -> usize {
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let joins = "-–:+.,".contains(character) && characters.peek().is_some_and(|(_, c)| c.is_numeric());
        if !character.is_numeric() && !joins {
            return at;
        }
    }
    rest.len()
}

fn check_mark(mark: char) -> Result<(), Rejection> {
    if matches!(mark, '@' | '#') { Err(Rejection::Character { character: mark }) } else { Ok(()) }
}

fn check_figures(parts: &[Part], at: usize, figures: &str, facts: &Facts) -> Result<(), Rejection> {
    let side = |part: Option<&Part>| match part {
        Some(Part::Side(which)) => Some(*which),
        _ => None,
    };
    let pair = figures
        .split_once(['-', '–', ':'])
        .and_then(|(one, other)| Some((one.parse::<u32>().ok()?, other.parse::<u32>().ok()?)));
    let beside = |step: usize| at.checked_sub(step).and_then(|at| parts.get(at));
    let flanks = side(beside(2)).zip(side(parts.get(at + 2))).filter(|(left, right)| left != right);
    if let (Some((first, second)), Some((left, right))) = (pair, flanks) {
        let is_line = |score: Score| score.of(left) == first && score.of(right) == second;
        let fine = facts.has_score() && (is_line(facts.score) || facts.retracted.is_some_and(is_line));
        return if fine { Ok(()) } else { Err(Rejection::Score { token: figures.to_owned() }) };
    }
    if let (Ok(points), Some(which)) = (figures.parse::<u32>(), side(beside(2))) {
        let is_points = |score: Score| score.of(which) == points;
        let fine = facts.has_score() && (is_points(facts.score) || facts.retracted.is_some_and(is_points));
        return if fine { Ok(()) } else { Err(Rejection::UnknownNumber { token: figures.to_owned() }) };
    }
    let known = known(facts);
    let plain = figures.replace('–', "-");
    let as_score = plain.replacen(':', "-", 1);
    if known.contains(&plain) || (pair.is_some() && known.contains(&as_score)) {
        return Ok(());
    }
    let token = figures.to_owned();
    Err(if pair.is_some() { Rejection::Score { token } } else { Rejection::UnknownNumber { token } })
}

/// Every run of figures that the words of the facts hold.
fn known(facts: &Facts) -> BTreeSet<String> {
    let words = Words::of(facts);
    let texts =
        words.names().filter(|name| *name != "score_away_home").filter_map(|name| match words.get(name) {
            Some(Word::Text(text)) => Some(text.clone()),
            _ => None,
        });
    texts.flat_map(|text| runs(&text)).collect()
}

fn runs(text: &str) -> Vec<String> {
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(char::is_numeric) {
        let start = at + found;
        let length = figures(&text[start..]);
        runs.push(text[start..start + length].to_owned());
        at = start + length;
    }
    runs
}

fn name_sides(parts: &[Part], facts: &Facts) -> Result<(), Rejection> {
    let wanted: Vec<Which> = match &facts.contest {
        Some(_) if facts.discipline.is_field() => Vec::new(),
        Some(contest) => contest.winner.into_iter().collect(),
        None => vec![Which::Away, Which::Home],
    };
    match wanted.into_iter().find(|which| !parts.contains(&Part::Side(*which))) {
        Some(which) => Err(Rejection::MissingTeam { team: called(facts, which).to_owned() }),
        None => Ok(()),
    }
}
