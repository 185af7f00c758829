use std::io::Write;
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use serde_json::Value;

use super::*;

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the paper is whole").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("the paper is whole").clone()).expect("text")
    }
}

fn settings(format: LogFormat, level: &str) -> LogSettings {
    LogSettings { format, level: level.to_owned() }
}

/// What is logged while `write` runs.
fn logged(settings: &LogSettings, redactor: &Redactor, write: impl FnOnce(&LevelHandle)) -> String {
    let paper = Paper::default();
    let to = paper.clone();
    let (subscriber, level) =
        subscriber(settings, false, redactor, move || to.clone()).expect("the level is right");
    tracing::subscriber::with_default(subscriber, || write(&level));
    paper.text()
}

const TOKEN: &str = "whsec_q/3+\"Zk\\9=tünnel==";

#[derive(Debug, thiserror::Error)]
#[error("send to https://example.org/{0}")]
struct SendError(String);

fn log_the_token() {
    let error = SendError(TOKEN.to_owned());
    tracing::error!(%error, token = TOKEN, debugged = ?error, "cannot use {TOKEN}");
    tracing::error!("bare {}", TOKEN.trim_start_matches("whsec_"));
    tracing::error!("https://example.org/?token=whsec_q%2F3%2B%22Zk%5C9%3Dt%C3%BCnnel%3D%3D");
    tracing::info_span!("send", token = TOKEN).in_scope(|| tracing::error!("within"));
}

#[test]
fn a_registered_secret_never_appears_in_any_form() {
    for format in [LogFormat::Text, LogFormat::Json] {
        let redactor = Redactor::default();
        redactor.register(&SecretString::from(TOKEN));
        let text = logged(&settings(format, "info"), &redactor, |_| log_the_token());
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.matches("(secret)").count() >= 7, "{text}");
        for part in ["q/3", "q%2F3", "Zk", "nnel"] {
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
}

#[test]
fn what_is_not_registered_stays_as_it_is() {
    let text =
        logged(&settings(LogFormat::Text, "info"), &Redactor::default(), |_| tracing::info!("{TOKEN}"));
    assert!(text.contains(TOKEN), "{text}");
}

#[test]
fn a_secret_is_found_however_it_was_encoded_on_the_way() {
    use base64::Engine as _;
    let secret = "pä ss/w0rd+~&\"x";
    let redactor = Redactor::default();
    redactor.register(&SecretString::from(secret));
    for before in ["", "u", "us", "user:"] {
        for after in ["", "!", "!!"] {
            let encoded =
                base64::engine::general_purpose::STANDARD.encode(format!("{before}{secret}{after}"));
            let clean = redactor.redact(&encoded).into_owned();
            // At most the signs that it shares with what is beside it are left.
            assert!(clean.contains("(secret)") && clean.len() <= "(secret)".len() + 14, "{encoded}: {clean}");
        }
    }
    for encoded in
        ["p%C3%A4%20ss%2Fw0rd%2B~%26%22x", "p%c3%a4%20ss%2fw0rd%2b~%26%22x", "p%C3%A4+ss%2Fw0rd%2B~%26%22x"]
    {
        assert_eq!(redactor.redact(encoded), "(secret)");
    }
    assert_eq!(redactor.redact(&format!("{secret:?}")), "\"(secret)\"");
}

#[test]
fn a_value_that_is_too_short_is_replaced_only_where_it_stands_by_itself() {
    let redactor = Redactor::default();
    redactor.register(&SecretString::from("nba"));
    assert_eq!(
        redactor.redact("nba: snba nbas nba/nba \"nba\""),
        "(secret): snba nbas (secret)/(secret) \"(secret)\""
    );
}

#[test]
fn what_looks_like_a_secret_is_redacted_though_nobody_registered_it() {
    let text = logged(&settings(LogFormat::Json, "info"), &Redactor::default(), |_| {
        tracing::error!(url = "redis://:hunter2hunter2@cache:6379", "no connection");
    });
    assert!(!text.contains("hunter2") && text.contains("redis://(secret)@cache:6379"), "{text}");
}

#[test]
fn a_secret_that_holds_another_is_redacted_whole() {
    let redactor = Redactor::default();
    redactor.register(&SecretString::from("abcdefgh"));
    redactor.register(&SecretString::from("abcdefgh-and-more"));
    redactor.register(&SecretString::from(""));
    assert_eq!(redactor.redact("x abcdefgh-and-more abcdefgh y"), "x (secret) (secret) y");
    assert!(format!("{redactor:?}").starts_with("Redactor("), "no value is shown");
}

#[test]
fn json_is_one_object_a_line() {
    let text = logged(&settings(LogFormat::Json, "info"), &Redactor::default(), |_| {
        tracing::info!(sport = "nba", "line one\nline two");
        tracing::warn!("second");
    });
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["message"], "line one\nline two");
    assert_eq!(lines[0]["sport"], "nba");
    assert_eq!(lines[1]["level"], "WARN");
}

#[test]
fn chatty_crates_are_quiet_unless_they_are_named() {
    let write = |_: &LevelHandle| {
        tracing::info!(target: "ractor::actor", "chatter");
        tracing::warn!(target: "ractor::actor", "trouble");
        tracing::debug!(target: "wirereport::feeds", "detail");
    };
    let at = |level: &str| logged(&settings(LogFormat::Text, level), &Redactor::default(), write);
    let told = |level: &str| ["chatter", "trouble", "detail"].map(|word| at(level).contains(word));
    assert_eq!(told("info"), [false, true, false]);
    assert_eq!(told("debug"), [false, true, true]);
    assert_eq!(told("info,ractor=info"), [true, true, false]);
    assert_eq!(told("info,ractor::actor=info"), [true, true, false]);
    assert_eq!(told("warn,wirereport::feeds=debug"), [false, true, true]);
    assert_eq!(told("error"), [false, false, false]);
    assert_eq!(told("off"), [false, false, false]);
}

#[test]
fn the_level_changes_while_running_and_a_wrong_one_leaves_it_as_it_was() {
    let text = logged(&settings(LogFormat::Text, "warn"), &Redactor::default(), |level| {
        tracing::info!("first");
        level.set("info").expect("right");
        tracing::info!("second");
        assert!(level.set("info,=[").is_err());
        tracing::info!("third");
    });
    assert_eq!(["first", "second", "third"].map(|word| text.contains(word)), [false, true, true]);
}

#[test]
fn lines_are_coloured_only_on_a_terminal_that_wants_it() {
    let env = |vars: &[(&str, &str)]| {
        Env::new(vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    };
    assert!(colours(&env(&[]), true));
    assert!(!colours(&env(&[]), false));
    assert!(!colours(&env(&[("NO_COLOR", "1")]), true));
    assert!(colours(&env(&[("NO_COLOR", "")]), true));
    assert!(!colours(&env(&[("TERM", "dumb")]), true));
}
