use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

mod games;

#[test]
fn every_built_in_wording_passes_the_gate_on_every_sample() {
    let writer = TemplateWriter::builtin().expect("the built-in templates load");
    let problems: Vec<String> = writer.check_all().iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

/// What every wording makes of every sample it applies to, as one page per kind.
fn page(kind: MomentKind, part: Part) -> String {
    let writer = TemplateWriter::builtin().expect("the built-in templates load");
    let mut page = String::new();
    for discipline in samples::DISCIPLINES {
        for sample in samples::of(discipline, kind) {
            let words = Words::of(&sample.facts);
            page.push_str(&format!("{}\n", sample.name));
            for wording in writer.applicable(&sample.facts, &words).expect("conditions hold or not") {
                let text = writer.engine.text(wording, part, &words).expect("it renders");
                page.push_str(&format!("  {text}\n"));
            }
        }
    }
    page
}

#[test]
fn the_long_texts_read_as_they_should() {
    for kind in MomentKind::ALL {
        insta::assert_snapshot!(format!("long_{kind}"), page(kind, Part::Long));
    }
}

#[test]
fn the_short_texts_read_as_they_should() {
    for kind in MomentKind::ALL {
        insta::assert_snapshot!(format!("short_{kind}"), page(kind, Part::Short));
    }
}

#[test]
fn the_headlines_read_as_they_should() {
    for kind in MomentKind::ALL {
        insta::assert_snapshot!(format!("title_{kind}"), page(kind, Part::Title));
    }
}

static WRITER: LazyLock<TemplateWriter> =
    LazyLock::new(|| TemplateWriter::builtin().expect("the built-in templates load"));

/// Every text the built-in templates make of these facts, each with the wording's name.
fn texts(facts: &Facts) -> Vec<(String, Part, String)> {
    let words = Words::of(facts);
    let found = WRITER.applicable(facts, &words).expect("conditions hold or not");
    let text = |wording: &Wording, part| {
        let text = WRITER.engine.text(wording, part, &words);
        let text = text.unwrap_or_else(|problem| panic!("{}: {problem:?} of {facts:?}", wording.name));
        (wording.name.clone(), part, text)
    };
    let parts = [Part::Long, Part::Short, Part::Title];
    found.iter().flat_map(|wording| parts.map(|part| text(wording, part))).collect()
}

fn gate_of(part: Part, text: &str, facts: &Facts) -> Result<(), gate::Rejection> {
    match part {
        Part::Title => gate::check_title(text, facts, Vocabulary::House),
        _ => gate::check_with(text, facts, LONG, Vocabulary::House).map(drop),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_facts_every_text_passes_the_gate(facts in games::facts()) {
        prop_assume!(gate::quarantine(&facts).is_none());
        for (wording, part, text) in texts(&facts) {
            let checked = gate_of(part, &text, &facts);
            prop_assert!(checked.is_ok(), "{wording} {part:?}: {text:?}: {}", checked.expect_err("refused"));
        }
    }
}
