//! A text as the gate reads it: names, numbers, words and marks.

use super::Rejection;
use super::characters::is_symbol;
use super::lexicon;
use super::names::{Named, Names};
use crate::wire::facts::Facts;
use crate::wire::game::Which;
use crate::wire::wording::number::ordinal_suffix;
use crate::wire::wording::team::called;

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// One of the two teams, by any of its names.
    Team(Which),
    /// The player of the scoring play, or of the incident.
    Player,
    /// The league.
    League,
    /// The event of a contest, or its part.
    Event,
    /// Somebody of a field, by place from 0.
    Entrant(usize),
    /// `No. 5`.
    Rank(u32),
    /// `117-116`.
    Pair(u32, u32),
    /// `2:31`.
    Clock(u32, u32),
    /// `90+4`.
    Added(u32, u32),
    /// `6.1`, in tenths.
    Tenths(u32),
    /// `12`, `twelve`.
    Number(u32),
    /// `9th`, `ninth`.
    Ordinal(u32),
    /// Any other word, in small letters.
    Word(String),
    /// A mark.
    Mark(char),
}

/// A token with what stands in the text.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) token: Token,
    pub(super) text: String,
    /// Whether a sentence or clause begins here, so that a capital is no sign of a name.
    pub(super) opens: bool,
}

impl Piece {
    pub(super) fn word(&self) -> Option<&str> {
        match &self.token {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// The tokens of a text, by clause: what stands between full stops, colons, semicolons and their like.
#[derive(Debug, Clone, Default)]
pub(super) struct Tokens {
    pub(super) clauses: Vec<Vec<Piece>>,
}

impl Tokens {
    pub(super) fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.clauses.iter().flatten()
    }

    pub(super) fn names_both_teams(&self, facts: &Facts) -> Result<(), Rejection> {
        for which in [Which::Away, Which::Home] {
            if !self.pieces().any(|piece| piece.token == Token::Team(which)) {
                return Err(Rejection::MissingTeam { team: called(facts, which).to_owned() });
            }
        }
        Ok(())
    }
}

/// Cuts a text into tokens.
pub(super) fn tokenise(text: &str, names: &Names) -> Result<Tokens, Rejection> {
    let mut tokens = Tokens { clauses: vec![Vec::new()] };
    let (mut at, mut before, mut opens) = (0, None, true);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (length, token) = match names.at_start(rest, before) {
            Some((length, named)) => (length + possessive(&rest[length..]), Some(name_token(named))),
            None => next_token(rest, first)?,
        };
        let piece_text = &rest[..length];
        before = piece_text.chars().next_back();
        at += length;
        let Some(token) = token else { continue };
        let token = as_time_unit(token, piece_text, tokens.clauses.last());
        let ends_clause = matches!(token, Token::Mark('.' | '!' | ';' | ':' | '—' | '…'));
        if ends_clause {
            tokens.clauses.push(Vec::new());
        } else if let Some(clause) = tokens.clauses.last_mut() {
            clause.push(Piece { token, text: piece_text.to_owned(), opens });
        }
        opens = ends_clause;
    }
    tokens.clauses.retain(|clause| !clause.is_empty());
    Ok(tokens)
}

/// `one second`: after a number, `second` is a unit.
fn as_time_unit(token: Token, text: &str, clause: Option<&Vec<Piece>>) -> Token {
    let last = clause.and_then(|clause| clause.last()).map(|piece| &piece.token);
    match (text, last) {
        ("second", Some(Token::Number(_) | Token::Tenths(_))) => Token::Word("second".to_owned()),
        _ => token,
    }
}

fn name_token(named: Named) -> Token {
    match named {
        Named::Team(which) => Token::Team(which),
        Named::Player => Token::Player,
        Named::League => Token::League,
        Named::Event => Token::Event,
        Named::Entrant(place) => Token::Entrant(place),
    }
}

/// The length of `'s` or `'` after a name.
fn possessive(rest: &str) -> usize {
    ["'s", "’s", "'", "’"]
        .into_iter()
        .find(|ending| {
            rest.strip_prefix(ending)
                .is_some_and(|after| !after.chars().next().is_some_and(char::is_alphanumeric))
        })
        .map_or(0, str::len)
}

fn next_token(rest: &str, first: char) -> Result<(usize, Option<Token>), Rejection> {
    if first == ' ' || first == '\u{fe0f}' || is_symbol(first) {
        return Ok((first.len_utf8(), None));
    }
    if first.is_numeric() {
        return figures(rest).map(|(length, token)| (length, Some(token)));
    }
    if first.is_alphabetic() {
        return word(rest).map(|(length, token)| (length, Some(token)));
    }
    Ok((first.len_utf8(), Some(Token::Mark(first))))
}

fn word(rest: &str) -> Result<(usize, Token), Rejection> {
    if let Some((length, rank)) = rank(rest) {
        return Ok((length, Token::Rank(rank)));
    }
    let run = letters(rest);
    let lower = rest[..run].to_lowercase();
    if let Some((length, token)) = number_words(rest, run, &lower) {
        return Ok((length, token));
    }
    if lexicon::is_unreadable_number(&lower) {
        return Err(Rejection::UnknownNumber { token: rest[..run].to_owned() });
    }
    // A capital anywhere but in front (`iPhone`, `buzzerBeater`) is not how the wire spells words.
    let inner = rest[..run].chars().skip(1).any(char::is_uppercase);
    if inner && !lexicon::ABBREVIATIONS.contains(&&rest[..run]) {
        return Err(Rejection::UnknownName { token: rest[..run].to_owned() });
    }
    Ok((run, Token::Word(lower.replace('’', "'"))))
}

/// The length of the letters in front, with apostrophes and hyphens between letters unless a number word is
/// in front.
fn letters(rest: &str) -> usize {
    let mut end = 0;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next_is_letter = characters.peek().is_some_and(|(_, next)| next.is_alphabetic());
        let joins = matches!(character, '\'' | '’' | '-') && next_is_letter && end > 0;
        if joins && character == '-' && lexicon::number_word(&rest[..end].to_lowercase()).is_some() {
            break;
        }
        if !character.is_alphabetic() && !joins {
            break;
        }
        end = at + character.len_utf8();
    }
    end
}

/// `nine`, `ninth`, `twenty-one`, `twenty-first`.
fn number_words(rest: &str, run: usize, lower: &str) -> Option<(usize, Token)> {
    let first = lexicon::number_word(lower)?;
    if let (Token::Number(tens @ 20..), Some(after)) = (&first, rest[run..].strip_prefix('-')) {
        let more = letters(after);
        let unit = lexicon::number_word(&after[..more].to_lowercase());
        let joined = match unit {
            Some(Token::Number(unit @ 1..=9)) => Some(Token::Number(tens + unit)),
            Some(Token::Ordinal(unit @ 1..=9)) => Some(Token::Ordinal(tens + unit)),
            _ => None,
        };
        if let Some(token) = joined {
            return Some((run + 1 + more, token));
        }
    }
    Some((run, first))
}

fn rank(rest: &str) -> Option<(usize, u32)> {
    let figures = rest.strip_prefix("No. ")?;
    let digits = figures.bytes().take_while(u8::is_ascii_digit).count();
    let ends = figures[digits..].starts_with(' ');
    let rank = figures[..digits].parse().ok().filter(|_| ends && !figures.starts_with('0'))?;
    Some((4 + digits, rank))
}

/// A run of figures with what belongs to it: `117-116`, `2:31`, `90+4`, `6.1`, `88th`, `12`.
fn figures(rest: &str) -> Result<(usize, Token), Rejection> {
    let length = rest
        .char_indices()
        .find(|(at, c)| !(c.is_alphanumeric() || joins_figures(rest, *at, *c)))
        .map_or(rest.len(), |(at, _)| at);
    let (length, run) = unit_cut(rest, length);
    match read_figures(run) {
        Some(token) => Ok((length, token)),
        None => Err(Rejection::UnknownNumber { token: run.to_owned() }),
    }
}

/// `12-point`: the hyphen and the unit are tokens of their own.
fn unit_cut(rest: &str, length: usize) -> (usize, &str) {
    let run = &rest[..length];
    let figures = run.bytes().take_while(u8::is_ascii_digit).count();
    let unit = run[figures..].strip_prefix('-').is_some_and(|unit| unit.starts_with(char::is_alphabetic));
    if unit { (figures, &run[..figures]) } else { (length, run) }
}

fn joins_figures(rest: &str, at: usize, character: char) -> bool {
    let next = rest[at + character.len_utf8()..].chars().next();
    match character {
        '.' | ':' | '+' | ',' | '/' => next.is_some_and(char::is_numeric),
        '-' | '–' => next.is_some_and(char::is_alphanumeric),
        _ => false,
    }
}

fn read_figures(run: &str) -> Option<Token> {
    let split = run.find(|c: char| !c.is_ascii_digit());
    let Some(at) = split else { return plain(run).map(Token::Number) };
    let (left, right) = run.split_at(at);
    let mark = right.chars().next()?;
    let after = &right[mark.len_utf8()..];
    match mark {
        '-' | '–' => Some(Token::Pair(plain(left)?, plain(after)?)),
        '+' => Some(Token::Added(plain(left)?, plain(after)?)),
        ':' if after.len() == 2 => Some(Token::Clock(plain(left)?, padded(after)?)),
        '.' if after.len() == 1 => {
            plain(left)?.checked_mul(10)?.checked_add(padded(after)?).map(Token::Tenths)
        }
        _ => plain(left).filter(|n| *n > 0 && right == ordinal_suffix(*n)).map(Token::Ordinal),
    }
}

fn plain(digits: &str) -> Option<u32> {
    let padded_with_zero = digits.len() > 1 && digits.starts_with('0');
    if padded_with_zero { None } else { padded(digits) }
}

fn padded(digits: &str) -> Option<u32> {
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if all { digits.parse().ok() } else { None }
}
