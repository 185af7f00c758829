//! Template files: one per kind of moment, in TOML, with a section per discipline where the idiom differs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::samples::discipline_name;
use wirereport_actors::wire::sport::Discipline;
use wirereport_actors::wire::voice::{Language, Tone};

/// A template file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It cannot be read.
    #[error("read {path}: {source}")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is named after no kind of moment.
    #[error("{path}: no kind of moment is called {name:?}; name the file {known}")]
    UnknownKind {
        /// The file.
        path: PathBuf,
        /// Its name without `.toml`.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A folder in the folder is named after no language, or after English.
    #[error("{path}: {detail}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What is wrong and what to do.
        detail: String,
    },
    /// Something in it is wrong.
    #[error("{file} line {line}: {detail}")]
    Invalid {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong and what to do.
        detail: String,
    },
}

/// A text of a wording, with where it stands.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) text: String,
    /// The line of its first character.
    pub(super) line: usize,
}

/// One way to tell a kind of moment.
#[derive(Debug, Clone)]
pub(super) struct Wording {
    /// `lead_change/soccer/2`.
    pub(super) name: String,
    /// The file it stands in, for messages.
    pub(super) file: String,
    /// Whether it is English, whose articles and sentences are put right.
    pub(super) english: bool,
    pub(super) tone: Tone,
    pub(super) when: Option<Source>,
    pub(super) long: Source,
    pub(super) short: Source,
    pub(super) title: Source,
}

/// The chapters of one language.
pub(super) type Book = BTreeMap<MomentKind, Chapter>;

/// The wordings of one kind of moment.
#[derive(Debug, Clone)]
pub(super) struct Chapter {
    /// For disciplines without a section of their own, or where none of its wordings applies.
    pub(super) any: Vec<Wording>,
    pub(super) by_discipline: BTreeMap<Discipline, Vec<Wording>>,
}

impl Chapter {
    pub(super) fn wordings(&self) -> impl Iterator<Item = &Wording> {
        self.any.iter().chain(self.by_discipline.values().flatten())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChapter {
    any: Vec<RawWording>,
    basketball: Option<Vec<RawWording>>,
    football: Option<Vec<RawWording>>,
    baseball: Option<Vec<RawWording>>,
    hockey: Option<Vec<RawWording>>,
    soccer: Option<Vec<RawWording>>,
    tennis: Option<Vec<RawWording>>,
    mma: Option<Vec<RawWording>>,
    racing: Option<Vec<RawWording>>,
    golf: Option<Vec<RawWording>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWording {
    #[serde(default)]
    tone: Tone,
    when: Option<Spanned<String>>,
    long: Spanned<String>,
    short: Spanned<String>,
    title: Spanned<String>,
}

/// The built-in file of a kind.
fn builtin(kind: MomentKind) -> &'static str {
    macro_rules! file {
        ($name:literal) => {
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/templates/", $name, ".toml"))
        };
    }
    match kind {
        MomentKind::Start => file!("start"),
        MomentKind::Score => file!("score"),
        MomentKind::Tie => file!("tie"),
        MomentKind::LeadChange => file!("lead_change"),
        MomentKind::Comeback => file!("comeback"),
        MomentKind::Run => file!("run"),
        MomentKind::PeriodEnd => file!("period_end"),
        MomentKind::Overtime => file!("overtime"),
        MomentKind::CloseLate => file!("close_late"),
        MomentKind::UpsetWatch => file!("upset_watch"),
        MomentKind::Blowout => file!("blowout"),
        MomentKind::CleanSheet => file!("clean_sheet"),
        MomentKind::RedCard => file!("red_card"),
        MomentKind::MissedPenalty => file!("missed_penalty"),
        MomentKind::Milestone => file!("milestone"),
        MomentKind::Final => file!("final"),
        MomentKind::Delayed => file!("delayed"),
        MomentKind::Postponed => file!("postponed"),
        MomentKind::Suspended => file!("suspended"),
        MomentKind::Cancelled => file!("cancelled"),
        MomentKind::Resumed => file!("resumed"),
        MomentKind::Correction => file!("correction"),
        MomentKind::News => file!("news"),
    }
}

/// The built-in chapter of every kind.
fn builtin_chapters() -> Result<Book, TemplateError> {
    MomentKind::ALL
        .into_iter()
        .map(|kind| {
            let file = format!("config/templates/{kind}.toml");
            Ok((kind, parse(kind.as_str(), &file, builtin(kind), true)?))
        })
        .collect()
}

/// The built-in chapters, which are English.
pub(super) fn builtin_editions() -> Result<BTreeMap<Language, Book>, TemplateError> {
    Ok([(Language::default(), builtin_chapters()?)].into())
}

/// The built-in chapters, each replaced by the file of its name in `folder`, where there is one; and beside them the chapters
/// of every other language that has a folder of its own in it, called by its tag: `de/final.toml`.
pub(super) fn editions_with(folder: &Path) -> Result<BTreeMap<Language, Book>, TemplateError> {
    let mut english = builtin_chapters()?;
    read_into(&mut english, folder, "")?;
    let mut editions: BTreeMap<Language, Book> = [(Language::default(), english)].into();
    for path in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let tag = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if tag.starts_with('.') {
            continue;
        }
        let language = language_of(&path, &tag)?;
        let mut book = Book::new();
        read_into(&mut book, &path, &format!("{tag}/"))?;
        editions.insert(language, book);
    }
    Ok(editions)
}

fn language_of(path: &Path, tag: &str) -> Result<Language, TemplateError> {
    let refused = |detail: &str| TemplateError::Folder { path: path.to_owned(), detail: detail.to_owned() };
    let is_tag = tag.len() >= 2 && tag.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    let language = Language::new(tag);
    if !is_tag {
        return Err(refused("no language's tag; name a folder of templates after one, such as \"de\""));
    }
    if language.is_english() {
        return Err(refused("English templates stand in the folder above, not in one of their own"));
    }
    Ok(language)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, TemplateError> {
    let read = |source| TemplateError::Read { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(read)? {
        paths.push(entry.map_err(read)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn read_into(book: &mut Book, folder: &Path, prefix: &str) -> Result<(), TemplateError> {
    let is_template = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    for path in entries(folder)?.into_iter().filter(is_template) {
        let kind = kind_of(&path)?;
        let source = std::fs::read_to_string(&path)
            .map_err(|source| TemplateError::Read { path: path.clone(), source })?;
        let name = format!("{prefix}{kind}");
        book.insert(kind, parse(&name, &path.display().to_string(), &source, prefix.is_empty())?);
    }
    Ok(())
}

fn kind_of(path: &Path) -> Result<MomentKind, TemplateError> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    MomentKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
        let known: Vec<String> = MomentKind::ALL.iter().map(|kind| format!("{kind}.toml")).collect();
        TemplateError::UnknownKind { path: path.to_owned(), name, known: known.join(", ") }
    })
}

fn parse(chapter: &str, file: &str, source: &str, english: bool) -> Result<Chapter, TemplateError> {
    let raw: RawChapter = toml::from_str(source).map_err(|error| TemplateError::Invalid {
        file: file.to_owned(),
        line: error.span().map_or(1, |span| line_at(source, span.start)),
        detail: error.message().trim().to_owned(),
    })?;
    if raw.any.is_empty() {
        let detail = "no [[any]] wording: add one, for disciplines without a section".to_owned();
        return Err(TemplateError::Invalid { file: file.to_owned(), line: 1, detail });
    }
    let name = |section: &str, raw: Vec<RawWording>| {
        let mut wordings = wordings(chapter, section, file, source, raw);
        wordings.iter_mut().for_each(|wording| wording.english = english);
        wordings
    };
    let sections = [
        (Discipline::Basketball, raw.basketball),
        (Discipline::Football, raw.football),
        (Discipline::Baseball, raw.baseball),
        (Discipline::Hockey, raw.hockey),
        (Discipline::Soccer, raw.soccer),
        (Discipline::Tennis, raw.tennis),
        (Discipline::Mma, raw.mma),
        (Discipline::Racing, raw.racing),
        (Discipline::Golf, raw.golf),
    ];
    let by_discipline = sections
        .into_iter()
        .filter_map(|(discipline, raw)| Some((discipline, name(discipline_name(discipline), raw?))))
        .collect();
    Ok(Chapter { any: name("any", raw.any), by_discipline })
}

fn wordings(chapter: &str, section: &str, file: &str, source: &str, raw: Vec<RawWording>) -> Vec<Wording> {
    let located = |text: Spanned<String>| {
        let start = text.span().start;
        // The text of a multi-line string begins on the line after its three quotation marks.
        let opens = ["\"\"\"\n", "'''\n", "\"\"\"\r\n", "'''\r\n"];
        let below = opens.iter().any(|open| source[start..].starts_with(open));
        Source { line: line_at(source, start) + usize::from(below), text: text.into_inner() }
    };
    raw.into_iter()
        .enumerate()
        .map(|(at, raw)| Wording {
            name: format!("{chapter}/{section}/{}", at + 1),
            file: file.to_owned(),
            english: true,
            tone: raw.tone,
            when: raw.when.map(located),
            long: located(raw.long),
            short: located(raw.short),
            title: located(raw.title),
        })
        .collect()
}

fn line_at(source: &str, offset: usize) -> usize {
    source.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
