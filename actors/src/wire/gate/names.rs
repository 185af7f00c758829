//! The names that belong to the facts, and whether they are fit to be printed.

use std::sync::LazyLock;

use foldhash::HashSet;

use super::Rejection;
use super::characters::find_link;
use super::lexicon::words;
use crate::wire::contest::Contest;
use crate::wire::facts::Facts;
use crate::wire::game::{PlayKind, Which};
use crate::wire::wording::team::called;

/// Refuses facts whose teams' names are not names: nothing is told of such a game on any path.
pub fn quarantine(facts: &Facts) -> Option<Rejection> {
    if let Some(news) = &facts.news {
        return super::news::quarantine(news);
    }
    for which in [Which::Home, Which::Away] {
        let team = facts.team(which);
        let optional = [&team.short_name, &team.place].into_iter().filter(|name| !name.is_empty());
        if let Some(name) = std::iter::once(&team.name).chain(optional).find(|name| !clean_name(name)) {
            return Some(Rejection::UncleanName { name: name.clone() });
        }
    }
    let (home, away) = (called(facts, Which::Home), called(facts, Which::Away));
    (home.to_lowercase() == away.to_lowercase()).then(|| Rejection::AmbiguousNames { name: home.to_owned() })
}

/// The longest name that is printed, in characters.
const LONGEST: usize = 60;

/// Small words that stand inside names.
const PARTICLES: [&str; 51] = [
    "a", "abu", "af", "al", "am", "an", "and", "at", "auf", "aan", "ben", "bin", "bint", "da", "das", "de",
    "del", "della", "den", "der", "des", "di", "do", "dos", "du", "e", "el", "en", "i", "ibn", "in", "la",
    "las", "le", "les", "los", "och", "of", "og", "on", "op", "te", "ten", "ter", "the", "und", "van", "vom",
    "von", "y", "zu",
];

/// Words that speak to a machine or sell something, and stand in no team's name.
const COMMANDS: [&str; 14] = [
    "click",
    "follow",
    "http",
    "https",
    "ignore",
    "instruction",
    "instructions",
    "password",
    "prompt",
    "subscribe",
    "system",
    "undefined",
    "visit",
    "www",
];

/// Words that speak to a machine or a reader, and stand in no name, though a headline may have them.
static ADDRESSES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "above admin answer assistant chatbot chatgpt disregard execute forget gpt html impersonate javascript \
        jailbreak json llm openai output override please pretend previous prompts reply respond reveal rewrite \
        script secret secrets token tokens translate your yourself",
    )
});

/// Whether a feed's name is one: letters, figures, spaces and `. ' ’ & ( ) - – /` only, a letter in it, every
/// word with a capital (but `of`, `de` and their like), at most 60 characters, no link, no command and no word that
/// speaks to somebody.
pub fn clean_name(name: &str) -> bool {
    let fit = |c: char| c.is_alphabetic() || c.is_ascii_digit() || " .'’&()-–/".contains(c);
    name.chars().count() <= LONGEST
        && name.chars().all(fit)
        && name.chars().any(char::is_alphabetic)
        && name.trim() == name
        && !name.contains("  ")
        && find_link(name).is_none()
        && name.split(' ').all(is_name_word)
}

/// Whether a word in small letters tells a reader or a machine to do something.
pub(super) fn is_command(word: &str) -> bool {
    COMMANDS.contains(&word)
}

fn is_name_word(word: &str) -> bool {
    let letters = || word.chars().filter(|c| c.is_alphabetic());
    let lower: String = letters().flat_map(char::to_lowercase).collect();
    if is_command(&lower) || ADDRESSES.contains(lower.as_str()) {
        return false;
    }
    lower.is_empty()
        || PARTICLES.contains(&word)
        || word.starts_with(|c: char| c.is_ascii_digit())
        || letters().any(|c| !c.is_lowercase())
}

/// What a name in a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// One of the two teams.
    Team(Which),
    /// The player of the scoring play, of the incident or of the milestone.
    Player,
    /// The league.
    League,
    /// The event of a contest, or its part.
    Event,
    /// Somebody of a field, by place from 0.
    Entrant(usize),
}

/// The names a text may use, longest first.
pub(super) struct Names {
    aliases: Vec<(String, Named)>,
}

impl Names {
    pub(super) fn of(facts: &Facts) -> Self {
        let mut aliases = Vec::new();
        if let Some(contest) = &facts.contest {
            aliases.extend(of_contest(contest));
        }
        let sides = if facts.discipline.is_field() { &[][..] } else { &[Which::Home, Which::Away] };
        for &which in sides {
            let own = aliases_of(facts, which);
            let others = aliases_of(facts, which.other());
            let unshared = own.into_iter().filter(|alias| !others.contains(alias));
            aliases.extend(unshared.map(|alias| (alias, Named::Team(which))));
        }
        if let Some(player) = nameable_player(facts) {
            aliases.push((player, Named::Player));
        }
        if clean_name(&facts.league) {
            aliases.push((facts.league.clone(), Named::League));
        }
        aliases.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        Self { aliases }
    }

    /// The longest name that starts at the start of `rest`, with its length in bytes. `before` is the
    /// character before.
    pub(super) fn at_start(&self, rest: &str, before: Option<char>) -> Option<(usize, Named)> {
        if before.is_some_and(char::is_alphanumeric) {
            return None;
        }
        self.aliases.iter().find_map(|(alias, named)| {
            let length = matched_length(rest, alias)?;
            let next = rest[length..].chars().next();
            (!next.is_some_and(char::is_alphanumeric)).then_some((length, *named))
        })
    }

    /// The text with every name replaced by a neutral word.
    pub(super) fn blank(&self, text: &str) -> String {
        let mut blanked = String::with_capacity(text.len());
        let (mut at, mut before) = (0, None);
        while let Some(character) = text[at..].chars().next() {
            match self.at_start(&text[at..], before) {
                Some((length, _)) => {
                    blanked.push('N');
                    before = text[at..at + length].chars().next_back();
                    at += length;
                }
                None => {
                    blanked.push(character);
                    before = Some(character);
                    at += character.len_utf8();
                }
            }
        }
        blanked
    }
}

/// The bytes of `rest` that spell `alias`, either apostrophe standing for the other and a capital for a small
/// letter in front.
fn matched_length(rest: &str, alias: &str) -> Option<usize> {
    let mut length = 0;
    let mut characters = rest.chars();
    for expected in alias.chars() {
        let found = characters.next()?;
        let same = found == expected
            || (is_apostrophe(found) && is_apostrophe(expected))
            || (length == 0 && expected.to_uppercase().eq([found]));
        if !same {
            return None;
        }
        length += found.len_utf8();
    }
    Some(length)
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’')
}

fn aliases_of(facts: &Facts, which: Which) -> Vec<String> {
    let team = facts.team(which);
    let names = [team.name.as_str(), &team.short_name, &team.place, called(facts, which)];
    let mut aliases: Vec<String> =
        names.into_iter().filter(|name| name.chars().any(char::is_alphabetic)).map(str::to_owned).collect();
    if is_code(&team.code) {
        aliases.push(team.code.clone());
    }
    aliases.sort();
    aliases.dedup();
    aliases
}

fn is_code(code: &str) -> bool {
    const TAKEN: [&str; 8] = ["OT", "SO", "HT", "FT", "NO", "IN", "AT", "ET"];
    code.len() >= 2 && code.chars().all(|c| c.is_ascii_uppercase()) && !TAKEN.contains(&code)
}

/// The names of an event: with `the` in front too, so that the article is no word of the text.
fn of_contest(contest: &Contest) -> Vec<(String, Named)> {
    let clean = |name: &&String| clean_name(name);
    let entrants = contest.standings.iter().map(|standing| &standing.name).enumerate();
    let entrants =
        entrants.filter(|(_, name)| clean(name)).map(|(at, name)| (name.clone(), Named::Entrant(at)));
    let event = Some(&contest.event).into_iter().chain(&contest.part).filter(clean);
    event.map(|name| (name.clone(), Named::Event)).chain(entrants).collect()
}

fn nameable_player(facts: &Facts) -> Option<String> {
    let scoring = facts.scoring_play().filter(|play| play.kind != PlayKind::OwnGoal);
    let of_play = || scoring.or(facts.incident())?.player.clone();
    let player = facts.milestone().map(|one| one.player.clone()).or_else(of_play);
    player.filter(|player| clean_name(player))
}
