//! The fact gate: refuses whatever the facts do not entail.
//!
//! The gate is a small parser for the English of score reports. It replaces the names that belong to the
//! facts by tokens, reads every number by the words around it (a score, a clock, a margin, an inning), and
//! binds every score to the team that its sentence gives it to, through the relation verb between them. A
//! number without such a reading, a capitalised word that is no name of the facts, a verb whose claim the
//! facts do not grant, and a claim that no facts could grant ("first", "record", "injured") are refused. It
//! looks at text and facts alone and never at who wrote it: templates pass through it as a language model's
//! text does.
//!
//! Its error is to refuse: what it cannot read does not leave. The classes of error it is after (number,
//! name, word, context, not checkable) are those of Thomson and Reiter, *A Gold Standard Methodology for
//! Evaluating Accuracy in Data-To-Text Systems* (INLG 2020).

use std::cell::OnceCell;

use super::facts::Facts;
use super::fit::{LengthUnit, Limits, length};

mod characters;
mod claims;
mod contests;
mod course;
mod foreign;
mod incidents;
mod lexicon;
mod milestones;
mod names;
mod news;
mod numbers;
mod reading;
mod relations;
mod repeats;
mod subjects;
#[cfg(test)]
mod tests;
mod token;
mod verbs;

pub use lexicon::{counts, vocabulary};
use names::Names;
pub use names::{clean_name, quarantine};
pub use news::{is_quotable, quotable};
pub use repeats::{Said, check_repeats};

/// A text that passed the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    text: String,
    length: usize,
}

impl Checked {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text by itself.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Its length in the unit it was checked for.
    pub fn length(&self) -> usize {
        self.length
    }
}

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// A name in the facts themselves is not fit to be printed.
    #[error("the feed's name {name:?} is not fit to be printed")]
    UncleanName {
        /// The name.
        name: String,
    },
    /// Both teams have the same name, so that no sentence tells them apart.
    #[error("both teams are called {name:?}")]
    AmbiguousNames {
        /// The name.
        name: String,
    },
    /// There is no text.
    #[error("the text is empty")]
    Empty,
    /// The text is longer than the channel takes.
    #[error("the text has {length} {unit}, the channel takes {max}")]
    TooLong {
        /// Its length.
        length: usize,
        /// The channel's limit.
        max: usize,
        /// What is counted.
        unit: LengthUnit,
    },
    /// A character that has no place in a post: control, bidirectional, invisible, markup.
    #[error("the character {} has no place in a post", character.escape_unicode())]
    Character {
        /// The character.
        character: char,
    },
    /// White space that a reader would see as a slip.
    #[error("white space is out of place near {near:?}")]
    Untidy {
        /// Where.
        near: String,
    },
    /// Something that should have been filled in.
    #[error("{token:?} is a place that was not filled in")]
    Placeholder {
        /// What stands there.
        token: String,
    },
    /// Something a platform would turn into a link.
    #[error("{token:?} reads like a link")]
    Link {
        /// What stands there.
        token: String,
    },
    /// A number that the facts do not hold, or not in this meaning.
    #[error("the facts do not hold the number {token:?} in this meaning")]
    UnknownNumber {
        /// The number as it stands in the text.
        token: String,
    },
    /// A name that is not among the facts'.
    #[error("the facts hold no name {token:?}")]
    UnknownName {
        /// The name as it stands in the text.
        token: String,
    },
    /// One of the teams is not named.
    #[error("the text does not name {team:?}")]
    MissingTeam {
        /// What it is called.
        team: String,
    },
    /// A relation between the teams that does not hold.
    #[error("the facts do not grant {word:?} here")]
    Relation {
        /// The word that claims it.
        word: String,
    },
    /// A score that is not the facts', or given to the wrong team, or to none.
    #[error("the score {token:?} is not the facts' score in this order")]
    Score {
        /// The score as it stands in the text.
        token: String,
    },
    /// A claim that no facts could grant.
    #[error("{word:?} is a claim that cannot be checked")]
    Forbidden {
        /// The word.
        word: String,
    },
    /// A quotation that is none, or of what may not be quoted.
    #[error("{detail}")]
    Quotation {
        /// What is wrong with it.
        detail: String,
    },
    /// A text that says once more what was just told of the game on the channel.
    #[error("it says once more what was just told: {earlier:?}")]
    Repeats {
        /// The text it repeats.
        earlier: String,
    },
    /// A word outside the house vocabulary, in a text that must keep to it.
    #[error("{word:?} is not in the house vocabulary")]
    UnknownWord {
        /// The word.
        word: String,
    },
}

impl Rejection {
    /// The class of the refusal, for counters and `explain`: `unknown_number`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UncleanName { .. } => "unclean_name",
            Self::AmbiguousNames { .. } => "ambiguous_names",
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Character { .. } => "character",
            Self::Untidy { .. } => "untidy",
            Self::Placeholder { .. } => "placeholder",
            Self::Link { .. } => "link",
            Self::UnknownNumber { .. } => "unknown_number",
            Self::UnknownName { .. } => "unknown_name",
            Self::MissingTeam { .. } => "missing_team",
            Self::Relation { .. } => "relation",
            Self::Score { .. } => "score",
            Self::Forbidden { .. } => "forbidden",
            Self::Quotation { .. } => "quotation",
            Self::Repeats { .. } => "near_duplicate",
            Self::UnknownWord { .. } => "unknown_word",
        }
    }
}

/// Which words a text may use besides those the gate reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vocabulary {
    /// Any in small letters that makes no forbidden claim: for texts whose wording a person wrote, such as
    /// templates.
    #[default]
    Open,
    /// Only those of the house vocabulary: for texts that a model wrote.
    House,
    /// Any in whatever language, unread: for texts of an operator's templates in another language than English. Only what is
    /// the same in every language is checked.
    Foreign,
}

/// Checks a text against the facts and the channel's limits.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(text: &str, facts: &Facts, limits: Limits) -> Result<Checked, Rejection> {
    check_with(text, facts, limits, Vocabulary::Open)
}

/// As [`check`], with the vocabulary the text must keep to.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_with(
    text: &str,
    facts: &Facts,
    limits: Limits,
    vocabulary: Vocabulary,
) -> Result<Checked, Rejection> {
    Gate::of(facts).check(text, limits, vocabulary)
}

/// Checks the form of a text alone, in whatever language: that there is one, in characters that a post may have, and that it
/// fits. For what a person answers for.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_form(text: &str, limits: Limits) -> Result<Checked, Rejection> {
    characters::check_foreign(text)?;
    check_length(text, limits)
}

fn check_length(text: &str, limits: Limits) -> Result<Checked, Rejection> {
    let length = length(text, limits.unit);
    if length > limits.max {
        return Err(Rejection::TooLong { length, max: limits.max, unit: limits.unit });
    }
    Ok(Checked { text: text.to_owned(), length })
}

/// The longest headline, news quoted in it included.
const HEADLINE: Limits = Limits { max: 280, unit: LengthUnit::Graphemes };

/// Checks a headline: as a text, but it need not name both teams, and no channel's limits are its.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_title(title: &str, facts: &Facts, vocabulary: Vocabulary) -> Result<(), Rejection> {
    Gate::of(facts).check_title(title, vocabulary)
}

/// The gate for the texts of one moment: what it needs to know of the facts' names is found out once, when it is first
/// needed.
pub struct Gate<'a> {
    facts: &'a Facts,
    names: OnceCell<Result<Names, Rejection>>,
}

impl<'a> Gate<'a> {
    /// Against these facts.
    pub fn of(facts: &'a Facts) -> Self {
        Self { facts, names: OnceCell::new() }
    }

    /// As [`check_with`].
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self, text: &str, limits: Limits, vocabulary: Vocabulary) -> Result<Checked, Rejection> {
        let (checked, facts) = (check_length(text, limits)?, self.facts);
        if let Some(news) = &facts.news {
            news::check(text, facts, news)?;
        } else if vocabulary == Vocabulary::Foreign {
            foreign::check(text, facts, true)?;
        } else {
            let reading = self.read(text, vocabulary)?;
            match &facts.contest {
                Some(contest) => contests::check_names(&reading, facts, contest)?,
                None => reading.names_both_teams(facts)?,
            }
        }
        Ok(checked)
    }

    /// As [`check_title`].
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check_title(&self, title: &str, vocabulary: Vocabulary) -> Result<(), Rejection> {
        check_length(title, HEADLINE)?;
        match &self.facts.news {
            Some(news) => news::check(title, self.facts, news),
            None if vocabulary == Vocabulary::Foreign => foreign::check(title, self.facts, false),
            None => self.read(title, vocabulary).map(drop),
        }
    }

    /// The names that may be printed, if those of the facts are fit to be.
    fn names(&self) -> Result<&Names, Rejection> {
        let found = || quarantine(self.facts).map_or_else(|| Ok(Names::of(self.facts)), Err);
        self.names.get_or_init(found).as_ref().map_err(Clone::clone)
    }

    fn read(&self, text: &str, vocabulary: Vocabulary) -> Result<token::Tokens, Rejection> {
        let (facts, names) = (self.facts, self.names()?);
        characters::check(text)?;
        characters::check_links(text, names)?;
        let tokens = token::tokenise(text, names)?;
        if let Some(contest) = &facts.contest {
            contests::check(&tokens, facts, contest)?;
            return Ok(tokens);
        }
        claims::check(&tokens, facts, vocabulary)?;
        incidents::check(&tokens, facts)?;
        reading::check(&tokens, facts)?;
        Ok(tokens)
    }
}
