//! The writer that needs no network: templates over the words of the facts.
//!
//! A template sees [`Words`] and nothing else, so numbers and names reach a text in one way only. Which
//! wording a story gets depends on the story alone: the same story is told in the same words again, and
//! consecutive stories of one kind in one game are told in different ones. What is written here passes
//! through the fact gate like any other draft.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use minijinja::Value;
use wirereport_actors::ports::writer::{Assignment, Draft, Form, Refused, Writer, WriterError, Written};
use wirereport_actors::wire::brief;
use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::fit::{LengthUnit, Limits};
use wirereport_actors::wire::gate::{self, Said, Vocabulary};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::samples;
use wirereport_actors::wire::sport::Discipline;
use wirereport_actors::wire::story::Story;
use wirereport_actors::wire::voice::{Language, Manner, Tone};
use wirereport_actors::wire::wording::Words;

mod book;
mod engine;
#[cfg(test)]
mod tests;

pub use book::TemplateError;
use book::{Book, Chapter, Wording};
use engine::{Engine, Part, RenderProblem};

/// Writes from templates.
#[derive(Debug)]
pub struct TemplateWriter {
    editions: BTreeMap<Language, Book>,
    engine: Engine,
}

/// A wording that says something it must not, or nothing, on one of the samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line of the text.
    pub line: usize,
    /// Which wording: `lead_change/soccer/2`.
    pub wording: String,
    /// The sample it was tried on: `soccer/lead_change/own_goal`.
    pub sample: String,
    /// What it made of the sample; empty where it made nothing.
    pub text: String,
    /// What is wrong.
    pub detail: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, wording, sample, text, detail } = self;
        write!(f, "{file} line {line}: {wording} on {sample}: {detail}")?;
        if text.is_empty() { Ok(()) } else { write!(f, " in {text:?}") }
    }
}

/// The longest a long text may be: what the strictest of the usual channels takes.
const LONG: Limits = Limits { max: 280, unit: LengthUnit::Graphemes };
/// The longest a short text may be.
const SHORT: Limits = Limits { max: 140, unit: LengthUnit::Graphemes };

impl TemplateWriter {
    /// The built-in templates.
    ///
    /// # Errors
    /// None of the built-in files has any; the type is that of [`TemplateWriter::load`].
    pub fn builtin() -> Result<Self, TemplateError> {
        Self::of(book::builtin_editions()?)
    }

    /// The built-in templates, each replaced by the file of its name in `folder`, where there is one; and those of every other
    /// language that has a folder of its own in it.
    ///
    /// # Errors
    /// Names the file and the line of the first thing that is wrong.
    pub fn load(folder: &Path) -> Result<Self, TemplateError> {
        Self::of(book::editions_with(folder)?)
    }

    fn of(editions: BTreeMap<Language, Book>) -> Result<Self, TemplateError> {
        let known = Words::of(&samples::plain(Discipline::Soccer, MomentKind::Score));
        let chapters = editions.values().flat_map(BTreeMap::values);
        let engine = Engine::of(chapters.flat_map(Chapter::wordings), &known)?;
        Ok(Self { editions, engine })
    }

    /// The kinds of moment that cannot be told in that language: no file of its folder is for them.
    pub fn missing(
        &self,
        language: &Language,
        kinds: impl IntoIterator<Item = MomentKind>,
    ) -> Vec<MomentKind> {
        let book = self.book(language);
        kinds.into_iter().filter(|kind| book.is_none_or(|book| !book.contains_key(kind))).collect()
    }

    fn book(&self, language: &Language) -> Option<&Book> {
        let english = Language::default();
        self.editions.get(if language.is_english() { &english } else { language })
    }

    /// Renders every wording over every sample it applies to and holds the texts against the fact gate. An
    /// empty list means that all is well.
    pub fn check_all(&self) -> Vec<Problem> {
        let manners: Vec<Manner> = self
            .editions
            .keys()
            .flat_map(|language| {
                [Tone::Plain, Tone::Lively].map(|tone| Manner { tone, language: language.clone() })
            })
            .collect();
        let of = |sample: &samples::Sample| {
            let checked = manners.iter().map(|manner| self.check_sample(&sample.name, &sample.facts, manner));
            checked.flatten().collect::<Vec<_>>()
        };
        samples::all().iter().flat_map(of).collect()
    }

    fn check_sample(&self, sample: &str, facts: &Facts, manner: &Manner) -> Vec<Problem> {
        let words = words(facts, manner);
        let found = match self.applicable(facts, &words, manner) {
            Ok(found) => found,
            Err((wording, problem)) => return vec![rendering_problem(wording, sample, problem)],
        };
        // A tone that has no wording of its own here speaks plainly, which is looked at by itself.
        let own = found.into_iter().filter(|wording| wording.tone == manner.tone);
        own.flat_map(|wording| self.check_wording(wording, sample, facts, &words, manner.vocabulary()))
            .collect()
    }

    fn check_wording(
        &self,
        wording: &Wording,
        sample: &str,
        facts: &Facts,
        words: &Value,
        vocabulary: Vocabulary,
    ) -> Vec<Problem> {
        let parts = [(Part::Long, Some(LONG)), (Part::Short, Some(SHORT)), (Part::Title, None)];
        let check = |(part, limits): (Part, Option<Limits>)| {
            let text = match self.engine.text(wording, part, words) {
                Ok(text) => text,
                Err(problem) => return Some(rendering_problem(wording, sample, problem)),
            };
            let refused = match limits {
                Some(limits) => gate::check_with(&text, facts, limits, vocabulary).err(),
                None => gate::check_title(&text, facts, vocabulary).err(),
            };
            refused.map(|rejection| Problem {
                file: wording.file.clone(),
                line: part.line_in(wording),
                wording: wording.name.clone(),
                sample: sample.to_owned(),
                text,
                detail: rejection.to_string(),
            })
        };
        parts.into_iter().filter_map(check).collect()
    }

    /// The wordings for these facts: those of the tone before the plain ones, those of the discipline's own section before
    /// those for any, and in a section those whose condition holds before those without one.
    fn applicable(
        &self,
        facts: &Facts,
        words: &Value,
        manner: &Manner,
    ) -> Result<Vec<&Wording>, (&Wording, RenderProblem)> {
        let Some(chapter) = self.book(&manner.language).and_then(|book| book.get(&facts.kind)) else {
            return Ok(Vec::new());
        };
        let own = chapter.by_discipline.get(&facts.discipline).map_or(&[][..], Vec::as_slice);
        let tones = if manner.tone == Tone::Plain { &[Tone::Plain][..] } else { &[manner.tone, Tone::Plain] };
        for (tone, section) in tones.iter().flat_map(|tone| [(tone, own), (tone, chapter.any.as_slice())]) {
            let (mut conditional, mut others) = (Vec::new(), Vec::new());
            for wording in section.iter().filter(|wording| wording.tone == *tone) {
                if wording.when.is_none() {
                    others.push(wording);
                } else if self.engine.applies(wording, words).map_err(|problem| (wording, problem))? {
                    conditional.push(wording);
                }
            }
            let found = if conditional.is_empty() { others } else { conditional };
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// The draft of that length, in that tone and language.
    ///
    /// # Errors
    /// Where there is no template for it, or it fails.
    pub fn draft(&self, story: &Story, form: Form, manner: &Manner) -> Result<Draft, WriterError> {
        let words = words(&story.facts, manner);
        let found = self.in_turn(story, &words, manner)?;
        let Some(wording) = found.first() else { return Err(no_template(story)) };
        self.draft_in(wording, form, &words, manner)
    }

    /// The wordings for a story, that whose turn it is first.
    fn in_turn(&self, story: &Story, words: &Value, manner: &Manner) -> Result<Vec<&Wording>, WriterError> {
        let mut found = self.applicable(&story.facts, words, manner).map_err(template_error)?;
        let turn = turn(story, found.len());
        found.rotate_left(turn);
        Ok(found)
    }

    fn draft_in(
        &self,
        wording: &Wording,
        form: Form,
        words: &Value,
        manner: &Manner,
    ) -> Result<Draft, WriterError> {
        let part = match form {
            Form::Long => Part::Long,
            Form::Short => Part::Short,
        };
        let render = |part| {
            self.engine.text(wording, part, words).map_err(|problem| template_error((wording, problem)))
        };
        Ok(Draft {
            title: render(Part::Title)?,
            text: render(part)?,
            author: format!("template:{}", wording.name),
            vocabulary: manner.vocabulary(),
        })
    }

    /// A story in its long and its short form: in the wording whose turn it is, or where that says once more what was just told,
    /// in the next that does not; if all of them do, in the first.
    ///
    /// # Errors
    /// Where there is no template for it, or neither its long nor its short text can be made.
    pub fn drafts(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        let Assignment { story, manner, told, .. } = assignment;
        let words = words(&story.facts, manner);
        let found = self.in_turn(story, &words, manner)?;
        let drafts = |wording: &Wording| {
            [Form::Long, Form::Short].map(|form| self.draft_in(wording, form, &words, manner))
        };
        let Some((turn, others)) = found.split_first() else { return Err(no_template(story)) };
        let (mut written, mut choice) = (Written::default(), drafts(turn));
        let mut others = others.iter();
        while let Some(refused) = said_before(&choice, told) {
            written.refused.push(refused);
            let Some(other) = others.next() else {
                choice = drafts(turn);
                break;
            };
            choice = drafts(other);
        }
        match choice {
            [Err(error), Err(_)] => return Err(error),
            choice => {
                for draft in choice {
                    match draft {
                        Ok(draft) => written.drafts.push(draft),
                        Err(error) => {
                            written.notes.push(format!("{} did not write it: {error}", self.name()));
                        }
                    }
                }
            }
        }
        Ok(written)
    }
}

fn template_error((wording, problem): (&Wording, RenderProblem)) -> WriterError {
    WriterError::Template {
        template: format!("{} ({})", wording.name, wording.file),
        line: problem.line,
        detail: problem.detail,
    }
}

fn no_template(story: &Story) -> WriterError {
    WriterError::NoTemplate { kind: story.facts.kind.to_string(), story: story.id.clone() }
}

#[async_trait]
impl Writer for TemplateWriter {
    fn name(&self) -> &str {
        "template"
    }

    fn speaks(&self, language: &Language) -> bool {
        self.book(language).is_some()
    }

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        self.drafts(assignment)
    }
}

/// The refusal of drafts of which the first that there is says once more what was told.
fn said_before(drafts: &[Result<Draft, WriterError>], told: &[Said]) -> Option<Refused> {
    drafts.iter().flatten().next().and_then(|draft| brief::repeats(draft, told))
}

/// The words a template of that language sees.
fn words(facts: &Facts, manner: &Manner) -> Value {
    let words = Words::of(facts);
    engine::context(if manner.language.is_english() { words } else { words.neutral() })
}

fn rendering_problem(wording: &Wording, sample: &str, problem: RenderProblem) -> Problem {
    Problem {
        file: wording.file.clone(),
        line: problem.line,
        wording: wording.name.clone(),
        sample: sample.to_owned(),
        text: String::new(),
        detail: problem.detail,
    }
}

/// Whose turn it is among `count` wordings: games begin at different ones, and each story of a kind and each
/// revision moves on by one.
fn turn(story: &Story, count: usize) -> usize {
    let begin = fnv1a(story.game.0.as_bytes().iter().chain(story.facts.kind.as_str().as_bytes()));
    let turn = begin.wrapping_add(story.turn.into()).wrapping_add(story.revision.into());
    usize::try_from(turn % count.max(1) as u64).unwrap_or(0)
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): the same on every machine and in every version, unlike the standard
/// hasher.
fn fnv1a<'a>(bytes: impl Iterator<Item = &'a u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
