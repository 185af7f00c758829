//! What the model is asked, and what becomes of what it writes.

use std::time::Duration;

use serde_json::json;
use wirereport::writers::openai::{Mode, OpenAiSettings};
use wirereport_actors::ports::writer::{Assignment, Refused, Writer};
use wirereport_actors::wire::brief;
use wirereport_actors::wire::gate::Vocabulary;
use wirereport_actors::wire::samples;

use super::setup::{KEY, settings, story, story_of, texts, writer, writer_of, written};
use crate::stand_in::{Model, Reply};

#[tokio::test]
async fn one_call_brings_every_text_of_a_story_with_names_and_numbers_filled_in() {
    let model = Model::start().await;
    model.script([Reply::texts("{winner} edge {loser}", "{winner} edged {loser} {score}.", "{line}.")]);
    let written = written(&writer(&model)).await.unwrap();
    assert_eq!(
        texts(&written),
        ["The Celtics edged the Hawks 117-116.", "Celtics 117, Hawks 116.", "The Celtics edge the Hawks"]
    );
    assert!(written.drafts.iter().all(|draft| draft.author == "openai:small"));
    assert!(written.drafts.iter().all(|draft| draft.vocabulary == Vocabulary::House));
    assert_eq!(written.refused, []);

    let asked = &model.asked()[..];
    let [asked] = asked else { panic!("{asked:?}") };
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(asked.body["model"], "small");
    assert_eq!(asked.body["max_tokens"], 400);
    let schema = &asked.body["response_format"]["json_schema"];
    assert_eq!((&schema["strict"], &schema["schema"]["additionalProperties"]), (&json!(true), &json!(false)));
    let data = asked.data();
    assert_eq!(data["placeholders"]["winner"], "the Celtics");
    assert_eq!(data["what_happened"], "the game is over");
    assert_eq!(data["refused"], json!(null));
    let instructions = asked.body["messages"][0]["content"].as_str().unwrap();
    assert!(!instructions.contains("Celtics"), "names are data, never instructions");
}

#[tokio::test]
async fn numbers_and_names_of_the_models_own_are_refused_before_anything_is_filled_in() {
    let model = Model::start().await;
    let long = "The Celtics edged {loser} {score}.";
    model.script([Reply::texts("{winner} win by one", long, "{winner} beat {loser} 117-116.")]);
    let written = written(&writer(&model)).await.unwrap();
    assert_eq!(written.drafts, []);
    let refused: Vec<_> = written.refused.iter().map(|one| (one.code.as_str(), one.text.as_str())).collect();
    assert_eq!(
        refused,
        [
            ("slot_number", "{winner} win by one"),
            ("slot_name", long),
            ("slot_number", "{winner} beat {loser} 117-116.")
        ]
    );
}

#[tokio::test]
async fn a_second_attempt_is_given_the_texts_that_were_refused_and_why() {
    let model = Model::start().await;
    let refused = Refused {
        author: "openai:small".to_owned(),
        code: "relation".to_owned(),
        reason: "the facts do not grant \"routed\" here".to_owned(),
        text: "The Celtics routed the Hawks 117-116.".to_owned(),
    };
    let assignment =
        Assignment { refused: vec![refused], ..Assignment::new(story(), Duration::from_secs(8)) };
    writer(&model).write(&assignment).await.unwrap();
    let told = &model.asked()[0].data()["refused"][0];
    assert_eq!(told["text"], "The Celtics routed the Hawks 117-116.");
    assert_eq!(told["reason"], "the facts do not grant \"routed\" here");
}

#[tokio::test]
async fn in_free_mode_the_model_writes_numbers_and_names_itself() {
    let model = Model::start().await;
    let writer = writer_of(OpenAiSettings { mode: Mode::Free, ..settings(&model) });
    let written = written(&writer).await.unwrap();
    assert_eq!(texts(&written)[0], "The Celtics beat the Hawks 117-116.");
    assert_eq!(model.asked()[0].data()["values"]["score"], "117-116");
}

#[tokio::test]
async fn what_the_stand_in_writes_of_every_sample_passes_the_gate() {
    let model = Model::start().await;
    let writer = writer(&model);
    let mut refused = Vec::new();
    let mut passed = 0;
    for sample in samples::all() {
        let story = story_of(sample.facts.clone());
        let is_a_game = sample.facts.news.is_none() && sample.facts.contest.is_none();
        assert_eq!(writer.takes(&story), is_a_game, "{}", sample.name);
        if !is_a_game {
            continue;
        }
        let assignment = Assignment::new(story, Duration::from_secs(8));
        let written = writer.write(&assignment).await.unwrap();
        assert_eq!(written.refused, [], "{}", sample.name);
        let (standing, bad) = brief::review(written.drafts, &sample.facts, &[]);
        passed += standing.len();
        refused.extend(bad.into_iter().map(|bad| format!("{}: {bad}: {}", sample.name, bad.text)));
    }
    println!("{passed} texts passed");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
