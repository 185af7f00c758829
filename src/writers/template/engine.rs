//! Rendering: a wording and the words of a moment make a text.

use std::collections::HashMap;
use std::sync::Arc;

use minijinja::value::{Object, Serde, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use wirereport_actors::wire::wording::Words;

use super::book::{Source, TemplateError, Wording};

/// Which of a wording's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    When,
    Long,
    Short,
    Title,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::When => "when",
            Self::Long => "long",
            Self::Short => "short",
            Self::Title => "title",
        }
    }

    fn of(self, wording: &Wording) -> Option<&Source> {
        match self {
            Self::When => wording.when.as_ref(),
            Self::Long => Some(&wording.long),
            Self::Short => Some(&wording.short),
            Self::Title => Some(&wording.title),
        }
    }

    /// The line of that text in its file.
    pub(super) fn line_in(self, wording: &Wording) -> usize {
        self.of(wording).map_or(1, |source| source.line)
    }
}

/// A wording that could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RenderProblem {
    pub(super) line: usize,
    pub(super) detail: String,
}

/// The words of a moment as templates ask for them: only those that are asked for become values.
#[derive(Debug)]
struct Asked(Words);

impl Object for Asked {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).map(|word| Value::from(Serde(word)))
    }
}

/// What every text about a moment is rendered with.
pub(super) fn context(words: Words) -> Value {
    Value::from_object(Asked(words))
}

/// Every wording, compiled when it is first used: there are hundreds, most of them of games that are not on, and compiled
/// they take far more memory than their sources.
#[derive(Debug)]
pub(super) struct Engine {
    environment: Environment<'static>,
}

impl Engine {
    /// Takes in the wordings, each of which must compile. `known` holds the names templates may ask for.
    pub(super) fn of<'a>(
        wordings: impl Iterator<Item = &'a Wording>,
        known: &Words,
    ) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_formatter(|out, state, value| {
            if value.is_none() {
                let detail =
                    "a word that does not follow from the facts here; ask for it with {% if %} or | maybe";
                return Err(Error::new(ErrorKind::InvalidOperation, detail));
            }
            if value.kind() == ValueKind::Bool {
                let detail = "a word that is only to be asked for here, with {% if %}; in other languages than English only \
                              names and figures are printed";
                return Err(Error::new(ErrorKind::InvalidOperation, detail));
            }
            minijinja::escape_formatter(out, state, value)
        });
        environment.add_filter("maybe", |value: Value| if value.is_none() { Value::from("") } else { value });
        let mut texts = HashMap::new();
        for wording in wordings {
            for part in [Part::When, Part::Long, Part::Short, Part::Title] {
                let Some(source) = part.of(wording) else { continue };
                let (name, text) = (template_name(wording, part), template_text(part, source));
                check(&environment, &text, known).map_err(|RenderProblem { line, detail }| {
                    let line = source.line + line;
                    TemplateError::Invalid { file: wording.file.clone(), line, detail }
                })?;
                texts.insert(name, text);
            }
        }
        environment.set_loader(move |name| Ok(texts.get(name).cloned()));
        Ok(Self { environment })
    }

    /// Whether a wording applies to these words, which [`context`] made ready.
    pub(super) fn applies(&self, wording: &Wording, words: &Value) -> Result<bool, RenderProblem> {
        match wording.when {
            None => Ok(true),
            Some(_) => self.render(wording, Part::When, words).map(|answer| answer == "yes"),
        }
    }

    /// The text, with white space and sentence beginnings put right.
    pub(super) fn text(&self, wording: &Wording, part: Part, words: &Value) -> Result<String, RenderProblem> {
        self.render(wording, part, words).map(|text| tidy(&text, wording.english))
    }

    fn render(&self, wording: &Wording, part: Part, words: &Value) -> Result<String, RenderProblem> {
        let line = part.line_in(wording);
        self.environment
            .get_template(&template_name(wording, part))
            .and_then(|template| template.render(words.clone()))
            .map_err(|error| RenderProblem { line: line + inner_line(&error), detail: describe(&error) })
    }
}

fn template_name(wording: &Wording, part: Part) -> String {
    format!("{}/{}", wording.name, part.name())
}

fn template_text(part: Part, source: &Source) -> String {
    match part {
        Part::When => format!("{{% if {} %}}yes{{% endif %}}", source.text),
        _ => source.text.clone(),
    }
}

/// Whether a template compiles and asks for nothing that there is not; the line is counted from the template's own.
fn check(environment: &Environment<'_>, text: &str, known: &Words) -> Result<(), RenderProblem> {
    let problem = |error: Error| RenderProblem { line: inner_line(&error), detail: describe(&error) };
    let template = environment.template_from_str(text).map_err(problem)?;
    let mut unknown: Vec<String> =
        template.undeclared_variables(false).into_iter().filter(|word| known.get(word).is_none()).collect();
    unknown.sort();
    match unknown.first() {
        None => Ok(()),
        Some(word) => Err(RenderProblem { line: 0, detail: unknown_word(word, known) }),
    }
}

fn unknown_word(word: &str, known: &Words) -> String {
    let nearest = known
        .names()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    match nearest {
        Some((_, name)) => format!("there is no word {word:?}; did you mean {name:?}?"),
        None => format!("there is no word {word:?}; config/templates/README.md lists the words there are"),
    }
}

fn inner_line(error: &Error) -> usize {
    error.line().unwrap_or(1).saturating_sub(1)
}

fn describe(error: &Error) -> String {
    match error.detail() {
        Some(detail) => detail.to_owned(),
        None => error.kind().to_string(),
    }
}

/// One space between words, none before a mark, and a capital at the start. In English also a capital at the start of each
/// sentence, and before a figure the article that its sound wants: *an 8-0 lead*. In other languages neither is sure: *im 4.
/// Viertel*, *a 8 minutos*.
fn tidy(text: &str, english: bool) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let fitting = |(at, word): (usize, &&'_ str)| match (*word, words.get(at + 1)) {
        (word, _) if !english => word.to_owned(),
        ("a", Some(next)) if begins_with_a_vowel(next) => "an".to_owned(),
        ("A", Some(next)) if begins_with_a_vowel(next) => "An".to_owned(),
        (word, _) => word.to_owned(),
    };
    let joined = words.iter().enumerate().map(fitting).collect::<Vec<_>>().join(" ");
    let mut tidied = String::with_capacity(joined.len());
    let mut opens = true;
    // What is quoted stays as it is.
    let mut quoted = false;
    for (at, character) in joined.char_indices() {
        let rest = &joined[at + character.len_utf8()..];
        quoted ^= character == '"';
        if quoted || character == '"' {
            tidied.push(character);
            opens = false;
            continue;
        }
        if character == ' ' && rest.starts_with(['.', ',', ';', ':', '!']) {
            continue;
        }
        if opens && character.is_alphabetic() {
            tidied.extend(character.to_uppercase());
        } else {
            tidied.push(character);
        }
        let ends_sentence = english && matches!(character, '.' | '!') && rest.starts_with(' ');
        opens = ends_sentence || (opens && character == ' ');
    }
    tidied
}

/// Whether a figure is spoken with a vowel first: eight, eleven, eighteen, eighty.
fn begins_with_a_vowel(figure: &str) -> bool {
    let digits = figure.bytes().take_while(u8::is_ascii_digit).count();
    let number = &figure[..digits];
    number.starts_with('8') || matches!(number, "11" | "18")
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn a_figure_has_the_article_that_its_sound_wants() {
        let told = |score: &str| tidy(&format!("they have taken a {score} lead"), true);
        for score in ["8-0", "11-10", "18-17", "80-79", "86-2"] {
            assert_eq!(told(score), format!("They have taken an {score} lead"));
        }
        for score in ["7-0", "10-8", "12-11", "118-80", "1-0"] {
            assert_eq!(told(score), format!("They have taken a {score} lead"));
        }
    }

    #[test]
    fn a_text_is_tidied_as_a_copy_editor_would() {
        let rough = "  the Celtics lead\n the Hawks 117-116  . the clock stands , so to speak ";
        assert_eq!(tidy(rough, true), "The Celtics lead the Hawks 117-116. The clock stands, so to speak");
        assert_eq!(tidy("a point in it: 6.1 seconds left", true), "A point in it: 6.1 seconds left");
    }

    #[test]
    fn of_another_language_only_the_spaces_and_the_beginning_are_put_right() {
        assert_eq!(tidy("noch 2:31  im 4. viertel .", false), "Noch 2:31 im 4. viertel.");
        assert_eq!(tidy("a 8 minutos del final", false), "A 8 minutos del final");
    }
}
