//! Every other answer, and none.

use std::time::Duration;

use wirereport_actors::ports::Fault;
use wirereport_actors::ports::writer::{Assignment, Writer, WriterError};

use super::setup::{KEY, settings, story, texts, writer, writer_of, written};
use crate::stand_in::{Model, Reply};

fn shown(result: &Result<wirereport_actors::ports::writer::Written, WriterError>) -> String {
    match result {
        Ok(written) => format!("{} drafts, {} refused", written.drafts.len(), written.refused.len()),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn an_answer_without_a_text_is_kept_with_its_class_and_not_asked_for_again() {
    for (reply, code) in [
        (Reply::Refusal("I'm sorry, I can't help with that.".to_owned()), "model_refusal"),
        (Reply::Finished("length".to_owned()), "cut_off"),
        (Reply::Finished("content_filter".to_owned()), "filtered"),
        (Reply::Content(String::new()), "empty"),
        (Reply::Content("word ".repeat(2_000)), "huge"),
        (Reply::Raw(200, "x".repeat(1 << 20), Vec::new()), "huge"),
        (Reply::Raw(200, "<html></html>".to_owned(), Vec::new()), "malformed"),
    ] {
        let model = Model::start().await;
        model.script([reply]);
        let Err(WriterError::Unusable { refused }) = written(&writer(&model)).await else { panic!("{code}") };
        assert_eq!((refused.code.as_str(), refused.author.as_str()), (code, "openai:small"));
        assert_eq!(model.asked().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_content_that_is_no_object_is_refused_and_may_be_written_anew() {
    let model = Model::start().await;
    model.script([Reply::Content("Sure! The Celtics won.".to_owned())]);
    let written = written(&writer(&model)).await.unwrap();
    assert_eq!(written.drafts, []);
    assert_eq!(
        (written.refused[0].code.as_str(), written.refused[0].text.as_str()),
        ("malformed", "Sure! The Celtics won.")
    );
}

#[tokio::test]
async fn what_only_the_operator_can_mend_is_not_asked_again_until_the_next_probe() {
    for (status, code) in [
        (401, "invalid_api_key"),
        (403, "unsupported_country_region_territory"),
        (404, "model_not_found"),
        (429, "insufficient_quota"),
        (429, "credit_balance_exhausted"),
        (429, "organization_spend_limit_exceeded"),
        (429, "project_spend_limit_exceeded"),
        (429, "organization_usage_limit_exceeded"),
    ] {
        let model = Model::start().await;
        let writer = writer(&model);
        model.script([Reply::Error(status, code, "No.")]);
        let first = written(&writer).await;
        assert_eq!(shown(&first), format!("HTTP {status} {code}: No."));
        assert_eq!(first.unwrap_err().fault(), Fault::Misconfigured);
        let second = written(&writer).await;
        assert!(shown(&second).starts_with("it is left alone until "), "{}", shown(&second));
        assert!(shown(&second).ends_with(&format!("HTTP {status} {code}: No.")), "{}", shown(&second));
        assert_eq!(model.asked().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_passing_trouble_is_tried_once_more_and_then_given_up() {
    for trouble in [
        Reply::Error(500, "", "Oops."),
        Reply::Error(502, "", ""),
        Reply::Error(503, "server_is_overloaded", "Busy."),
        Reply::Reset,
    ] {
        let model = Model::start().await;
        model.script([trouble.clone()]);
        assert_eq!(shown(&written(&writer(&model)).await), "2 drafts, 0 refused", "{trouble:?}");
        assert_eq!(model.asked().len(), 2);

        let model = Model::start().await;
        model.script([trouble.clone(), trouble.clone(), trouble.clone()]);
        let given_up = written(&writer(&model)).await;
        assert!(
            matches!(given_up, Err(WriterError::Service { fault: Fault::Transient { .. }, .. })),
            "{given_up:?}"
        );
        assert_eq!(model.asked().len(), 2, "{trouble:?}");
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_for_where_the_wait_fits_and_kept_to_where_it_does_not() {
    let limited = |wait: &str| {
        let body = crate::stand_in::error("rate_limit_exceeded", "Rate limit reached for requests");
        Reply::Raw(429, body, vec![("retry-after", wait.to_owned())])
    };
    let model = Model::start().await;
    model.script([limited("0.3")]);
    let begun = tokio::time::Instant::now();
    assert_eq!(shown(&written(&writer(&model)).await), "2 drafts, 0 refused");
    assert!(begun.elapsed() >= Duration::from_millis(300), "it waited");

    let model = Model::start().await;
    let writer = writer(&model);
    model.script([limited("60")]);
    let error = written(&writer).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Transient { retry_after: Some(Duration::from_secs(60)) });
    assert!(shown(&written(&writer).await).starts_with("it is left alone until "));
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test]
async fn a_parameter_that_is_not_taken_is_left_out_from_then_on() {
    let model = Model::start().await;
    let writer = writer(&model);
    model.rule(|asked| match asked.body["max_tokens"].is_null() {
        true => Reply::Right,
        false => Reply::Error(
            400,
            "unsupported_parameter",
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        ),
    });
    assert_eq!(shown(&written(&writer).await), "2 drafts, 0 refused");
    assert_eq!(shown(&written(&writer).await), "2 drafts, 0 refused");
    let asked = model.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked[1..].iter().all(|asked| asked.body["max_completion_tokens"] == 400));
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_within_the_time_there_is() {
    let model = Model::start().await;
    model.script([Reply::Hang, Reply::Slow(Duration::from_millis(50))]);
    let assignment = Assignment::new(story(), Duration::from_millis(300));
    let writer = writer(&model);
    let given_up = writer.write(&assignment).await.unwrap_err();
    assert_eq!(given_up.to_string(), "no answer within 300ms");
    model.asked_times(1).await;
    assert_eq!(shown(&written(&writer).await), "2 drafts, 0 refused", "one that is slow is waited for");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_passing_trouble_and_its_address_is_kept_quiet() {
    let model = Model::start().await;
    let settings = settings(&model);
    let address = model.base_url();
    drop(model);
    let error = written(&writer_of(settings)).await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Transient { .. }), "{error}");
    assert!(!error.to_string().contains(&address), "{error}");
}

#[tokio::test]
async fn the_key_is_in_no_error_and_in_nothing_that_is_printed() {
    let model = Model::start().await;
    let writer = writer(&model);
    model.script([Reply::Error(401, "invalid_api_key", "Incorrect API key provided.")]);
    let error = written(&writer).await.unwrap_err();
    let printed = format!("{error} {error:?} {writer:?} {:?}", settings(&model));
    assert!(!printed.contains(KEY) && !printed.contains("0123456789"), "{printed}");
    assert!(texts(&Default::default()).is_empty());
}
