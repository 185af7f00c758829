//! How a language model is asked.

use std::time::Duration;

use wirereport_actors::wire::moment::MomentKind;

use super::*;

fn openai(text: &str) -> OpenAiSettings {
    read(&format!("[writers.openai]\nenabled = true\nmodel = \"gpt-5-mini\"\n{text}"), &[])
        .writers
        .openai
        .expect("it is asked")
}

#[test]
fn a_model_is_asked_only_where_that_is_set() {
    assert_eq!(read("", &[]).writers.openai, None);
    assert_eq!(read("[writers.openai]\nmodel = \"gpt-5-mini\"\n", &[]).writers.openai, None);
    let asked = openai("");
    assert_eq!(
        (asked.base_url.as_str(), asked.mode.0),
        ("https://api.openai.com/v1", crate::writers::openai::Mode::Slot)
    );
    assert_eq!(asked.api_key_env.as_deref(), Some("OPENAI_API_KEY"));
    assert_eq!(openai("api_key_env = \"\"\n").api_key_env, None, "a server of one's own needs no key");
}

#[test]
fn a_story_waits_by_its_kind() {
    let waits =
        openai("[writers.openai.wait]\nusual = \"5 s\"\nfinal = \"12 s\"\ntie = \"1 s\"\n").wait.waits();
    let of = |kind| waits.of(kind);
    assert_eq!(of(MomentKind::PeriodEnd), Duration::from_secs(5));
    assert_eq!(of(MomentKind::Final), Duration::from_secs(12));
    assert_eq!(of(MomentKind::Tie), Duration::from_secs(1));
    assert_eq!(of(MomentKind::LeadChange), Duration::ZERO, "urgent kinds are told by template at once");
    assert_eq!(openai("").wait.waits().of(MomentKind::Final), Duration::from_secs(8));
}

#[test]
fn every_bad_key_is_told_in_one_sentence_with_its_place() {
    let text = r#"
[writers.openai]
enabled = "yes"
base_url = "ftp://example.org"
allow_http = 1
model = 5
api_key_env = "sk-proj-abc"
mode = "slots"
connect_timeout = "2 min"
max_tokens = 10
reasoning_effort = 3
price_per_million_input = -1
price_per_million_output = "cheap"
budget_per_day = "a lot"
budget_per_month = -5
temperature = 0.2

[writers.openai.wait]
usual = "2 min"
urgent = "soon"
finale = "3 s"
final = 3

[writers.opanai]
enabled = true
"#;
    let told = refused(text, &[]);
    assert!(!told.contains("sk-proj-abc"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn what_does_not_go_together_is_told() {
    insta::assert_snapshot!(refused(
        "[writers.openai]\nenabled = true\nbase_url = \"http://models.example.org/v1\"\nbudget_per_day = 1.0\n",
        &[]
    ));
}
