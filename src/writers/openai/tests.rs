//! What answers mean: every class of them, in the shapes that servers give them.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::answer::{Judged, Usage, asked_wait, go_duration, judge};
use super::dialect::Dialect;
use super::{OpenAiError, check_address, json_in};

fn headers(of: &[(&'static str, &str)]) -> HeaderMap {
    let header = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    };
    of.iter().map(header).collect()
}

fn completion(finish_reason: &str, message: &Value) -> String {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{ "index": 0, "message": message, "logprobs": null, "finish_reason": finish_reason }],
        "usage": { "prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17 },
    })
    .to_string()
}

fn error(
    status: u16,
    code: &Value,
    param: Option<&str>,
    message: &str,
    with: &[(&'static str, &str)],
) -> Judged {
    let body = json!({ "error": { "message": message, "type": "x", "param": param, "code": code } });
    judge(status, &headers(with), &body.to_string()).0
}

fn class(judged: &Judged) -> String {
    match judged {
        Judged::Text(text) => format!("text {text}"),
        Judged::Unusable { code, reason, text } => format!("unusable ({code}): {reason}: {text:?}"),
        Judged::Unsupported { parameter, reason } => format!("without {parameter}: {reason}"),
        Judged::Again { reason } => format!("again: {reason}"),
        Judged::Wait { reason, wait } => format!("wait {wait:?}: {reason}"),
        Judged::Shut { reason } => format!("shut: {reason}"),
        Judged::Failed { reason } => format!("failed: {reason}"),
    }
}

#[test]
fn an_answer_is_a_text_only_where_the_model_stopped_by_itself() {
    let said = |content: &str| json!({ "role": "assistant", "content": content, "refusal": null });
    let (judged, usage) = judge(200, &HeaderMap::new(), &completion("stop", &said("a text")));
    assert_eq!(judged, Judged::Text("a text".to_owned()));
    assert_eq!(usage, Some(Usage { prompt_tokens: 12, completion_tokens: 5 }));
    let refusal = json!({ "role": "assistant", "content": null, "refusal": "I cannot." });
    let bodies = [
        completion("length", &said("{\"title\": \"Half")),
        completion("content_filter", &said("")),
        completion("tool_calls", &json!({ "content": null })),
        completion("stop", &said("  \n")),
        completion("stop", &said(&"x".repeat(5_000))).replace(&"x".repeat(4_990), "x"),
        completion("stop", &refusal),
        json!({ "choices": [] }).to_string(),
        "<html>hello</html>".to_owned(),
        String::new(),
    ];
    let classes: Vec<String> =
        bodies.iter().map(|body| class(&judge(200, &HeaderMap::new(), body).0)).collect();
    insta::assert_snapshot!(classes.join("\n"), @r#"
    unusable (cut_off): the answer reached the limit of tokens: "{\"title\": \"Half"
    unusable (filtered): the service's filter stopped it: ""
    unusable (unfinished): the answer ended with "tool_calls": ""
    unusable (empty): the model wrote nothing: ""
    text xxxxxxxxxxx
    unusable (model_refusal): the model refused to write it: "I cannot."
    unusable (empty): the answer holds no choice: ""
    unusable (malformed): the answer is no chat completion: "<html>hello</html>"
    unusable (malformed): the answer is no chat completion: ""
    "#);
    let huge = judge(200, &HeaderMap::new(), &completion("stop", &said(&"x".repeat(5_000)))).0;
    assert!(matches!(huge, Judged::Unusable { code: "huge", .. }), "{huge:?}");
}

#[test]
fn the_code_of_an_error_decides_and_not_its_status_alone() {
    let none = Value::Null;
    let told = [
        error(401, &json!("invalid_api_key"), None, "Incorrect API key provided: sk-***.", &[]),
        error(
            429,
            &json!("rate_limit_exceeded"),
            None,
            "Rate limit reached for requests",
            &[("retry-after", "1")],
        ),
        error(
            429,
            &json!("insufficient_quota"),
            None,
            "You exceeded your current quota.",
            &[("retry-after", "1")],
        ),
        error(429, &json!("credit_balance_exhausted"), None, "No credit.", &[]),
        error(429, &json!("organization_spend_limit_exceeded"), None, "Limit.", &[]),
        error(429, &json!("project_spend_limit_exceeded"), None, "Limit.", &[]),
        error(429, &json!("organization_usage_limit_exceeded"), None, "Limit.", &[]),
        error(429, &none, None, "Too many requests", &[]),
        error(503, &json!("slow_down"), None, "Slow down.", &[("retry-after-ms", "250")]),
        error(503, &json!("server_is_overloaded"), None, "Overloaded.", &[]),
        error(500, &none, None, "The server had an error", &[]),
        error(404, &json!("model_not_found"), Some("model"), "The requested model 'm' does not exist.", &[]),
        error(400, &json!("context_length_exceeded"), Some("messages"), "Too long.", &[]),
        error(400, &json!(400), None, "json: cannot unmarshal", &[]),
        judge(502, &HeaderMap::new(), "<html>Bad gateway</html>").0,
        judge(308, &HeaderMap::new(), "").0,
        judge(500, &HeaderMap::new(), &json!({ "error": "out of memory" }).to_string()).0,
        judge(418, &HeaderMap::new(), "short\u{1b}[2J").0,
    ];
    let classes: Vec<String> = told.iter().map(class).collect();
    insta::assert_snapshot!(classes.join("\n"), @r#"
    shut: HTTP 401 invalid_api_key: Incorrect API key provided: sk-***.
    wait 1s: HTTP 429 rate_limit_exceeded: Rate limit reached for requests
    shut: HTTP 429 insufficient_quota: You exceeded your current quota.
    shut: HTTP 429 credit_balance_exhausted: No credit.
    shut: HTTP 429 organization_spend_limit_exceeded: Limit.
    shut: HTTP 429 project_spend_limit_exceeded: Limit.
    shut: HTTP 429 organization_usage_limit_exceeded: Limit.
    wait 5s: HTTP 429: Too many requests
    wait 250ms: HTTP 503 slow_down: Slow down.
    again: HTTP 503 server_is_overloaded: Overloaded.
    again: HTTP 500: The server had an error
    shut: HTTP 404 model_not_found: The requested model 'm' does not exist.
    failed: HTTP 400 context_length_exceeded: Too long.
    failed: HTTP 400: json: cannot unmarshal
    again: HTTP 502
    shut: HTTP 308
    again: HTTP 500: out of memory
    failed: HTTP 418
    "#);
}

#[test]
fn a_parameter_that_is_not_supported_is_named_by_the_answer_or_its_words() {
    let code = json!("unsupported_parameter");
    let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let told = [
        error(400, &code, Some("max_tokens"), message, &[]),
        error(400, &Value::Null, None, message, &[]),
        error(400, &Value::Null, None, "Unrecognized request argument supplied: reasoning_effort", &[]),
        error(400, &json!("unsupported_value"), Some("response_format.type"), "Invalid value", &[]),
        error(422, &Value::Null, None, "response_format is not supported", &[]),
        error(400, &code, Some("temperature"), "Unsupported parameter: 'temperature'", &[]),
    ];
    let classes: Vec<String> = told.iter().map(class).collect();
    insta::assert_snapshot!(classes.join("\n"), @r#"
    without max_tokens: HTTP 400 unsupported_parameter: Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.
    without max_tokens: HTTP 400: Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.
    without reasoning_effort: HTTP 400: Unrecognized request argument supplied: reasoning_effort
    without response_format: HTTP 400 unsupported_value: Invalid value
    without response_format: HTTP 422: response_format is not supported
    failed: HTTP 400 unsupported_parameter: Unsupported parameter: 'temperature'
    "#);
}

#[test]
fn a_server_is_asked_without_a_parameter_once() {
    let openai = Dialect::of(&check_address("https://api.openai.com/v1", false).unwrap());
    let local = Dialect::of(&check_address("http://127.0.0.1:11434/v1/", false).unwrap());
    assert_eq!((openai.tokens, local.tokens), ("max_completion_tokens", "max_tokens"));
    assert_eq!(local.without("max_tokens").unwrap().tokens, "max_completion_tokens");
    let plain = local.without("response_format").unwrap();
    assert!(!plain.schema && plain.without("response_format").is_none());
    assert_eq!(plain.without("temperature"), None);
}

#[test]
fn waits_are_read_as_they_are_given() {
    let millis = |text| go_duration(text).map(|wait| wait.as_millis());
    let given = ["8.64s", "6ms", "1m2s", "2h3m4.5s", "12us", "0s"];
    assert_eq!(given.map(millis), [Some(8_640), Some(6), Some(62_000), Some(7_384_500), Some(0), Some(0)]);
    assert_eq!(["", "s", "8", "1x", "-1s", "1e300h"].map(millis), [None; 6]);
    let asked = |of: &[(&'static str, &str)]| asked_wait(&headers(of));
    assert_eq!(asked(&[("retry-after", "1.5")]), Some(Duration::from_millis(1_500)));
    assert_eq!(asked(&[("retry-after", "9"), ("retry-after-ms", "20")]), Some(Duration::from_millis(20)));
    let used_up = [("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "8.64s")];
    assert_eq!(asked(&used_up), Some(Duration::from_millis(8_640)));
    assert_eq!(asked(&[("x-ratelimit-remaining-requests", "3"), used_up[1]]), None);
    assert_eq!(asked(&[("retry-after", "soon")]), None);
}

#[test]
fn an_address_is_https_except_on_this_machine_or_where_it_is_meant() {
    let url = |text, allow| check_address(text, allow).map(|url| url.to_string());
    assert_eq!(url("https://host/v1/", false).unwrap(), "https://host/v1/chat/completions");
    assert_eq!(url("http://localhost:8080/v1", false).unwrap(), "http://localhost:8080/v1/chat/completions");
    assert!(url("http://10.0.0.7/v1", true).is_ok());
    assert_eq!(
        url("http://10.0.0.7/v1", false),
        Err(OpenAiError::Unencrypted { host: "10.0.0.7".to_owned() })
    );
    assert!(url("ftp://host", true).is_err() && url("host", true).is_err());
}

#[test]
fn an_object_is_found_in_what_a_model_writes_around_it() {
    assert_eq!(json_in("```json\n{\"a\": {}}\n```"), "{\"a\": {}}");
    assert_eq!(json_in("nothing"), "nothing");
    assert_eq!(json_in("} {"), "} {");
}
