//! From drafts to the text a channel gets: the first that fits and passes the gate.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::fit::{LengthUnit, Limits};
use super::gate::{self, Checked, Gate, Rejection, Said, Vocabulary};

/// A text before the fact gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// A headline of a few words; empty where there is none.
    pub title: String,
    /// The text.
    pub text: String,
    /// Who wrote it: `template:lead_change/any/2`.
    pub author: String,
    /// Which words it may use: a model's text keeps to the house vocabulary.
    pub vocabulary: Vocabulary,
}

/// The text a channel gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The text, checked.
    pub text: Checked,
    /// The headline, where it passed the gate too.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// What was refused on the way.
    pub refused: Vec<Refused>,
}

/// A text that was refused, as `explain` shows it for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refused {
    /// Who wrote it.
    pub author: String,
    /// The class of the refusal: `unknown_number`.
    pub code: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The text.
    pub text: String,
}

impl Refused {
    /// The writer of it, without its model or template.
    pub fn writer(&self) -> &str {
        self.author.split(':').next().unwrap_or_default()
    }

    fn by_the_gate(author: &str, text: &str, rejection: &Rejection) -> Self {
        Self {
            author: author.to_owned(),
            code: rejection.code().to_owned(),
            reason: rejection.to_string(),
            text: text.to_owned(),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was refused ({}): {}", self.author, self.code, self.reason)
    }
}

/// The longest text that the house prints, on any channel.
pub const HOUSE: Limits = Limits { max: 280, unit: LengthUnit::Graphemes };

/// Holds drafts against the gate before any channel is thought of: what stands, in order, and what was refused. A draft
/// whose headline alone was refused stands without it; one that repeats what was just `told` is refused, and stands for the
/// case that there are no other words.
pub fn review(drafts: Vec<Draft>, facts: &Facts, told: &[Said]) -> (Vec<Draft>, Vec<Refused>) {
    let (gate, mut standing, mut refused) = (Gate::of(facts), Vec::new(), Vec::new());
    for mut draft in drafts {
        let refuse = |text: &str, rejection| Refused::by_the_gate(&draft.author, text, &rejection);
        if let Err(rejection) = gate.check(&draft.text, HOUSE, draft.vocabulary) {
            refused.push(refuse(&draft.text, rejection));
            continue;
        }
        if !draft.title.is_empty()
            && let Err(rejection) = gate.check_title(&draft.title, draft.vocabulary)
        {
            refused.push(refuse(&draft.title, rejection));
            draft.title.clear();
        }
        refused.extend(repeats(&draft, told));
        standing.push(draft);
    }
    refused.dedup();
    (standing, refused)
}

/// As [`choose`], but a text that says once more what was just `told` gives way to the next. No story is lost for want of
/// other words: where nothing else stands it is told in the same ones, in a person's before a model's.
///
/// # Errors
/// Every draft's refusal, where none passed.
pub fn choose_anew(
    drafts: &[Draft],
    facts: &Facts,
    limits: Limits,
    told: &[Said],
) -> Result<Chosen, Vec<Refused>> {
    let (gate, mut again, mut refused) = (Gate::of(facts), Vec::new(), Vec::new());
    for draft in drafts {
        if let Some(repeats) = repeats(draft, told) {
            refused.push(repeats);
            again.push(draft);
        } else if let Some(chosen) = chosen(draft, &gate, limits, &mut refused) {
            return Ok(Chosen { refused, ..chosen });
        }
    }
    again.sort_by_key(|draft| draft.vocabulary == Vocabulary::House);
    first(again, &gate, limits, refused)
}

/// The refusal of a draft that says once more what was just told.
pub fn repeats(draft: &Draft, told: &[Said]) -> Option<Refused> {
    let rejection = gate::check_repeats(&draft.text, told).err()?;
    Some(Refused::by_the_gate(&draft.author, &draft.text, &rejection))
}

/// Chooses the first draft, in the order given, that passes the gate and fits the channel: long before short,
/// the preferred writer before the next. A headline that does not pass is left out.
///
/// # Errors
/// Every draft's refusal, where none passed.
pub fn choose(drafts: &[Draft], facts: &Facts, limits: Limits) -> Result<Chosen, Vec<Refused>> {
    first(drafts, &Gate::of(facts), limits, Vec::new())
}

fn first<'a>(
    drafts: impl IntoIterator<Item = &'a Draft>,
    gate: &Gate<'_>,
    limits: Limits,
    mut refused: Vec<Refused>,
) -> Result<Chosen, Vec<Refused>> {
    for draft in drafts {
        if let Some(chosen) = chosen(draft, gate, limits, &mut refused) {
            return Ok(Chosen { refused, ..chosen });
        }
    }
    Err(refused)
}

/// What a channel gets of a draft, if anything; what is refused of it is put to the rest.
fn chosen(draft: &Draft, gate: &Gate<'_>, limits: Limits, refused: &mut Vec<Refused>) -> Option<Chosen> {
    let mut refuse =
        |text: &str, rejection| refused.push(Refused::by_the_gate(&draft.author, text, &rejection));
    let text = match gate.check(&draft.text, limits, draft.vocabulary) {
        Ok(text) => text,
        Err(rejection) => {
            refuse(&draft.text, rejection);
            return None;
        }
    };
    let title = match gate.check_title(&draft.title, draft.vocabulary) {
        _ if draft.title.is_empty() => None,
        Ok(()) => Some(draft.title.clone()),
        Err(rejection) => {
            refuse(&draft.title, rejection);
            None
        }
    };
    Some(Chosen { text, title, author: draft.author.clone(), refused: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::fit::LengthUnit;
    use crate::wire::moment::MomentKind;
    use crate::wire::samples;
    use crate::wire::sport::Discipline;

    fn draft(text: &str, author: &str) -> Draft {
        Draft {
            title: "Celtics edge Hawks 117-116".to_owned(),
            text: text.to_owned(),
            author: author.to_owned(),
            vocabulary: Vocabulary::Open,
        }
    }

    fn facts() -> Facts {
        samples::plain(Discipline::Basketball, MomentKind::Final)
    }

    const LONG: &str = "The Celtics edged the Hawks 117-116.";
    const SHORT: &str = "Celtics 117, Hawks 116";

    #[test]
    fn the_long_draft_is_chosen_where_it_fits_and_the_short_one_where_it_does_not() {
        let drafts = [draft(LONG, "long"), draft(SHORT, "short")];
        let choice = |max| choose(&drafts, &facts(), Limits { max, unit: LengthUnit::Graphemes });
        assert_eq!(choice(280).map(|c| c.author), Ok("long".to_owned()));
        let short = choice(30).expect("the short draft fits");
        assert_eq!((short.text.text(), short.text.length()), (SHORT, SHORT.len()));
        assert_eq!(short.refused.len(), 1);
        assert_eq!(short.refused[0].code, "too_long");
    }

    #[test]
    fn a_false_draft_gives_way_to_the_next_and_every_refusal_is_told() {
        let wrong = draft("The Hawks edged the Celtics 117-116.", "model");
        let limits = Limits { max: 280, unit: LengthUnit::Graphemes };
        let chosen =
            choose(&[wrong.clone(), draft(LONG, "template")], &facts(), limits).expect("one is true");
        assert_eq!(chosen.author, "template");
        let refused = choose(&[wrong], &facts(), limits).expect_err("none is true");
        assert_eq!(
            refused[0].to_string(),
            "model was refused (score): the score \"117-116\" is not the facts' score in this order"
        );
    }

    #[test]
    fn what_was_just_told_gives_way_to_other_words_and_is_told_again_where_there_are_none() {
        let limits = Limits { max: 280, unit: LengthUnit::Graphemes };
        let told = ["Celtics edge out Hawks 117-116!".into(), LONG.into()];
        let model = Draft {
            vocabulary: Vocabulary::House,
            ..draft("The Celtics have edged the Hawks 117-116.", "model")
        };
        let (other, again) = (draft("Final: Celtics 117, Hawks 116.", "other"), draft(LONG, "again"));
        let choice = |drafts: &[Draft]| choose_anew(drafts, &facts(), limits, &told);
        let chosen = choice(&[model.clone(), again.clone(), other]).expect("there are other words");
        assert_eq!(chosen.author, "other");
        let codes: Vec<&str> = chosen.refused.iter().map(|refused| refused.code.as_str()).collect();
        assert_eq!(codes, ["near_duplicate", "near_duplicate"]);
        let chosen = choice(&[model.clone(), again]).expect("a story is not lost for want of words");
        assert_eq!(chosen.author, "again", "a person's words before a model's");
        assert_eq!(choice(&[model]).map(|chosen| chosen.author), Ok("model".to_owned()));
    }

    #[test]
    fn a_headline_that_is_false_is_left_out_and_the_text_stands() {
        let draft = Draft { title: "Hawks edge Celtics".to_owned(), ..draft(LONG, "template") };
        let limits = Limits { max: 280, unit: LengthUnit::Graphemes };
        let chosen = choose(&[draft], &facts(), limits).expect("the text is true");
        assert_eq!(chosen.title, None);
        assert_eq!(chosen.refused[0].code, "relation");
    }
}
