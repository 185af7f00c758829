//! Tones and other languages.

use super::*;

fn manner(tone: Tone, language: &str) -> Manner {
    Manner { tone, language: Language::new(language) }
}

const SCHLUSS: &str = r#"[[any]]
when = "winner and score"
long = "Schluss: {{ winner_bare }} schlägt {{ loser_bare }} mit {{ score }}."
short = "{{ line }}"
title = "{{ winner_bare }} gewinnt"

[[any]]
long = "Schluss: {{ line }}."
short = "{{ line }}"
title = "{{ line }}"

[[tennis]]
long = "{{ winner_bare }} gewinnt gegen {{ loser_bare }}."
short = "{{ winner_bare }} gewinnt."
title = "{{ winner_bare }} gewinnt"

[[mma]]
long = "{{ winner_bare }} gewinnt gegen {{ loser_bare }}."
short = "{{ winner_bare }} gewinnt."
title = "{{ winner_bare }} gewinnt"

[[racing]]
long = "{{ first }} gewinnt: {{ event }}."
short = "{{ first }} gewinnt."
title = "{{ first }} gewinnt"

[[golf]]
long = "{{ first }} gewinnt: {{ event }}."
short = "{{ first }} gewinnt."
title = "{{ first }} gewinnt"
"#;

/// A folder with German finals of that text.
fn german(final_text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("de")).expect("a folder");
    std::fs::write(folder.path().join("de/final.toml"), final_text).expect("a file");
    folder
}

#[test]
fn a_lively_voice_tells_the_same_facts_in_other_words_and_is_held_to_them_as_well() {
    for kind in [MomentKind::Final, MomentKind::LeadChange, MomentKind::Tie, MomentKind::Overtime] {
        let facts = samples::plain(Discipline::Basketball, kind);
        let story = story(kind, 1, facts.clone());
        let told = |tone| WRITER.draft(&story, Form::Long, &manner(tone, "en")).expect("a draft");
        let (plain, lively) = (told(Tone::Plain), told(Tone::Lively));
        assert!(lively.text.contains('!') && !plain.text.contains('!'), "{} / {}", plain.text, lively.text);
        assert!(choose(&[lively], &facts, LONG).is_ok());
    }
}

#[test]
fn a_tone_without_a_wording_of_its_own_speaks_plainly() {
    let facts = samples::plain(Discipline::Basketball, MomentKind::Delayed);
    let story = story(MomentKind::Delayed, 1, facts);
    let told = |tone| WRITER.draft(&story, Form::Long, &manner(tone, "en")).expect("a draft").text;
    assert_eq!(told(Tone::Lively), told(Tone::Plain));
}

#[test]
fn a_folder_of_a_language_is_told_to_those_who_speak_it_and_to_nobody_else() {
    let folder = german(SCHLUSS);
    let writer = TemplateWriter::load(folder.path()).expect("it loads");
    assert_eq!(writer.check_all(), []);
    let facts = samples::plain(Discipline::Soccer, MomentKind::Final);
    let story = story(MomentKind::Final, 1, facts.clone());
    let draft = writer.draft(&story, Form::Long, &manner(Tone::Plain, "de")).expect("a draft");
    assert_eq!(draft.text, "Schluss: Arsenal schlägt Chelsea mit 2-1.");
    assert_eq!((draft.author.as_str(), draft.vocabulary), ("template:de/final/any/1", Vocabulary::Foreign));
    assert!(choose(&[draft], &facts, LONG).is_ok());
    let english = writer.draft(&story, Form::Long, &manner(Tone::Plain, "en-GB")).expect("a draft");
    assert!(english.author.starts_with("template:final/"));
    assert!(writer.draft(&story, Form::Long, &manner(Tone::Plain, "fr")).is_err());
}

#[test]
fn what_a_language_cannot_tell_yet_is_named() {
    let writer = TemplateWriter::load(german(SCHLUSS).path()).expect("it loads");
    let kinds = [MomentKind::Final, MomentKind::Score];
    assert_eq!(writer.missing(&Language::new("de"), kinds), [MomentKind::Score]);
    assert_eq!(writer.missing(&Language::new("fr"), kinds), kinds);
    assert_eq!(writer.missing(&Language::new("en-US"), kinds), []);
}

#[test]
fn validation_finds_english_words_and_false_figures_in_another_language() {
    let of = |long: &str| {
        let folder = german(&SCHLUSS.replace("Schluss: {{ line }}.", long));
        let problems = TemplateWriter::load(folder.path()).expect("it loads").check_all();
        let first = problems.first().expect("it is found").to_string();
        first.replace(&folder.path().display().to_string(), "templates")
    };
    let english = of("Schluss: {{ standing }}.");
    assert!(
        english.starts_with("templates/de/final.toml line 8: de/final/any/2 on ")
            && english.contains("in other languages than English only names and figures are printed"),
        "{english}"
    );
    let figure = of("Schluss nach 99 Minuten: {{ line }}.");
    assert!(figure.contains("the facts do not hold the number \"99\""), "{figure}");
}

#[test]
fn a_folder_that_is_named_after_no_language_is_refused() {
    for (name, wanted) in
        [("deutsch1", "no language's tag"), ("en", "English templates stand in the folder above")]
    {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(name)).expect("a folder");
        let error = TemplateWriter::load(folder.path()).expect_err("it is wrong").to_string();
        assert!(error.contains(wanted), "{error}");
    }
}
