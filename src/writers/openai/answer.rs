//! What each answer of a Chat Completions server means.
//!
//! | answer | meaning |
//! |---|---|
//! | 200, `finish_reason` `stop`, a text | the text |
//! | 200 with a refusal, an empty or a huge text, or another `finish_reason` | no text; the next writer speaks |
//! | 400 that names a parameter which is not supported | asked again without it, and remembered |
//! | 401, 403, 404, a redirect | only the operator can mend that: left alone, and shown |
//! | 402, or 429 with the code of a quota, a balance or a spend limit | the same |
//! | other 429, 503 `slow_down` | waits as `retry-after` says |
//! | 500, 502, 503, 504, 408, 409 | asked once more |
//! | any other | no text for this story |
//!
//! `error.code` decides where there is one; OpenAI's `error.type` stays `insufficient_quota` for all of its quotas. The
//! service's own words are kept to a line and never hold the key: it is masked there by the service, and by the log.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde::Deserialize;

/// The longest text that is read; a story of three texts takes a fifth of it.
const LONGEST_TEXT: usize = 4_000;

/// Where the service asks for a wait and does not say how long.
const USUAL_WAIT: Duration = Duration::from_secs(5);

/// Codes of a 429 (or of any other status) that no waiting mends.
const SPENT: [&str; 6] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
];

/// What an answer comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Judged {
    /// A text.
    Text(String),
    /// An answer without a text that could be used.
    Unusable { code: &'static str, reason: String, text: String },
    /// A parameter that this server or model does not take.
    Unsupported { parameter: String, reason: String },
    /// It may go well at once.
    Again { reason: String },
    /// It may go well after that time.
    Wait { reason: String, wait: Duration },
    /// Only the operator can mend it.
    Shut { reason: String },
    /// This request will not go well.
    Failed { reason: String },
}

/// What a call took, as the server counted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Usage {
    #[serde(default)]
    pub(super) prompt_tokens: u64,
    #[serde(default)]
    pub(super) completion_tokens: u64,
}

#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<Message>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize, Default)]
struct Envelope {
    error: Option<Trouble>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Trouble {
    Told(Told),
    /// Some servers put the message there by itself.
    Plain(String),
}

#[derive(Deserialize, Default)]
struct Told {
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    param: Option<String>,
    /// A text at OpenAI, a number elsewhere.
    #[serde(default)]
    code: Option<serde_json::Value>,
}

/// What an answer means, and what it took where it says so.
pub(super) fn judge(status: u16, headers: &HeaderMap, body: &str) -> (Judged, Option<Usage>) {
    if (200..300).contains(&status) { completion(body) } else { (refusal(status, headers, body), None) }
}

fn completion(body: &str) -> (Judged, Option<Usage>) {
    let unusable = |code, reason: &str, text: &str| Judged::Unusable {
        code,
        reason: reason.to_owned(),
        text: line(text),
    };
    let Ok(completion) = serde_json::from_str::<Completion>(body) else {
        return (unusable("malformed", "the answer is no chat completion", body), None);
    };
    let usage = completion.usage;
    let Some(choice) = completion.choices.into_iter().next() else {
        return (unusable("empty", "the answer holds no choice", ""), usage);
    };
    let message = choice.message.unwrap_or(Message { content: None, refusal: None });
    let content = message.content.unwrap_or_default();
    let judged =
        match (message.refusal.filter(|refusal| !refusal.is_empty()), choice.finish_reason.as_deref()) {
            (Some(refusal), _) => unusable("model_refusal", "the model refused to write it", &refusal),
            (None, Some("stop")) if content.trim().is_empty() => {
                unusable("empty", "the model wrote nothing", "")
            }
            (None, Some("stop")) if content.len() > LONGEST_TEXT => {
                unusable("huge", "the model wrote far too much", &content)
            }
            (None, Some("stop")) => Judged::Text(content),
            (None, Some("length")) => unusable("cut_off", "the answer reached the limit of tokens", &content),
            (None, Some("content_filter")) => {
                unusable("filtered", "the service's filter stopped it", &content)
            }
            (None, other) => {
                let other = other.unwrap_or("nothing");
                unusable("unfinished", &format!("the answer ended with {:?}", line(other)), &content)
            }
        };
    (judged, usage)
}

fn refusal(status: u16, headers: &HeaderMap, body: &str) -> Judged {
    let told = match serde_json::from_str::<Envelope>(body).unwrap_or_default().error {
        Some(Trouble::Told(told)) => told,
        Some(Trouble::Plain(message)) => Told { message: Some(message), ..Told::default() },
        None => Told::default(),
    };
    let message = told.message.unwrap_or_default();
    let code = told.code.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    let reason = reason(status, code, &message);
    if SPENT.contains(&code) {
        return Judged::Shut { reason };
    }
    match (status, code) {
        (_, "rate_limit_exceeded" | "slow_down") | (429, _) => {
            Judged::Wait { reason, wait: asked_wait(headers).unwrap_or(USUAL_WAIT) }
        }
        (400 | 422, _) => match unsupported(code, told.param.as_deref(), &message) {
            Some(parameter) => Judged::Unsupported { parameter, reason },
            None => Judged::Failed { reason },
        },
        (300..=399 | 401..=405, _) => Judged::Shut { reason },
        (408 | 409 | 500 | 502..=504, _) => Judged::Again { reason },
        _ => Judged::Failed { reason },
    }
}

/// `HTTP 429 rate_limit_exceeded: Rate limit reached for requests`.
fn reason(status: u16, code: &str, message: &str) -> String {
    let code = if code.is_empty() { String::new() } else { format!(" {}", line(code)) };
    let message = if message.is_empty() { String::new() } else { format!(": {}", line(message)) };
    format!("HTTP {status}{code}{message}")
}

/// The parameter that an error says is not supported.
fn unsupported(code: &str, param: Option<&str>, message: &str) -> Option<String> {
    let words = message.to_lowercase();
    let says_so = matches!(code, "unsupported_parameter" | "unsupported_value" | "unknown_parameter")
        || ["unsupported parameter", "not supported", "unrecognized request argument", "extra inputs"]
            .iter()
            .any(|phrase| words.contains(phrase));
    if !says_so {
        return None;
    }
    let known = ["max_completion_tokens", "max_tokens", "response_format", "reasoning_effort"];
    let named = |text: &str| known.iter().copied().filter_map(|name| Some((text.find(name)?, name))).min();
    // The message may name the parameter to use instead after the one that is not supported.
    let found = param.and_then(|param| known.into_iter().find(|name| param.starts_with(name)));
    found.or_else(|| named(&words).map(|(_, name)| name)).map(str::to_owned)
}

/// How long the service asks to be left alone: `retry-after-ms`, `retry-after`, or the later reset of what is used up.
pub(super) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let seconds = |text: &str| text.parse().ok().and_then(|s: f64| Duration::try_from_secs_f64(s).ok());
    if let Some(wait) = text("retry-after-ms").and_then(seconds) {
        return Some(wait / 1000);
    }
    if let Some(wait) = text("retry-after").and_then(seconds) {
        return Some(wait);
    }
    let used_up = |what: &str| {
        let remaining = text(&format!("x-ratelimit-remaining-{what}"))?;
        let reset = text(&format!("x-ratelimit-reset-{what}"))?;
        if remaining == "0" { go_duration(reset) } else { None }
    };
    used_up("requests").max(used_up("tokens"))
}

/// A duration as Go prints it: `8.64s`, `12ms`, `1m2s`, `2h3m4.5s`.
pub(super) fn go_duration(text: &str) -> Option<Duration> {
    let (mut total, mut rest) = (0.0, text.trim());
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|at| *at > 0)?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        total += number
            * match &rest[..unit] {
                "ns" => 1e-9,
                "us" | "µs" | "μs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return None,
            };
        rest = &rest[unit..];
    }
    Duration::try_from_secs_f64(total).ok()
}

/// Foreign words as they may stand in a reason: one line, not too long, nothing that moves a cursor.
pub(super) fn line(text: &str) -> String {
    const LONGEST: usize = 200;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
