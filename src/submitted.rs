//! An operator's event, from its JSON: whatever is wrong with it is said in one sentence with its place.

use serde_json::{Map, Value};
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::submission::{FIELDS, Submission, TYPES, Unfit};

use crate::settings::nearest;

/// Why a text is no event: one sentence, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {detail}")]
pub struct BadEvent {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub detail: String,
}

/// Reads an event as it is submitted, and whether it is to be published: `publish` may stand beside its fields.
///
/// # Errors
/// Names the place and the field of the first thing that is wrong.
pub fn parse_order(text: &str) -> Result<(Submission, bool), BadEvent> {
    let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else {
        return parse(text).map(|submission| (submission, false));
    };
    let publish = match fields.remove("publish") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(publish)) => publish,
        Some(other) => {
            return Err(at(text, "publish", format!("`publish` must be true or false, and {other} is not")));
        }
    };
    submission(text, &fields).map(|submission| (submission, publish))
}

/// Reads an event.
///
/// # Errors
/// Names the place and the field of the first thing that is wrong.
pub fn parse(text: &str) -> Result<Submission, BadEvent> {
    let value: Value = serde_json::from_str(text).map_err(|error| BadEvent {
        line: error.line(),
        column: error.column(),
        detail: format!("this is not JSON ({})", without_place(&error)),
    })?;
    let Value::Object(fields) = value else {
        let detail = "an event must be a JSON object, such as {\"type\": \"score_update\", …}".to_owned();
        return Err(BadEvent { line: 1, column: 1, detail });
    };
    submission(text, &fields)
}

fn submission(text: &str, fields: &Map<String, Value>) -> Result<Submission, BadEvent> {
    if let Some(unknown) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        return Err(at(
            text,
            unknown,
            format!("the field `{unknown}` is not known; {}", meant(unknown, FIELDS)),
        ));
    }
    let reader = Reader { text, fields };
    let kind = reader.required_words("type")?;
    if !TYPES.contains(&kind.as_str()) {
        return Err(at(text, "type", format!("no event is of type {kind:?}; {}", meant(&kind, TYPES))));
    }
    let sport = reader.words("sport")?;
    if let Some(unknown) = sport.as_deref().filter(|sport| Sport::of(sport).is_none()) {
        let known: Vec<&str> = Sport::known_keys().collect();
        return Err(at(text, "sport", format!("no league is called {unknown}; {}", meant(unknown, known))));
    }
    let period = reader.number("period")?.map(|period| u8::try_from(period).unwrap_or(u8::MAX));
    Ok(Submission {
        kind,
        sport,
        period,
        game_id: reader.required_words("game_id")?,
        home_score: reader.required_number("home_score")?,
        away_score: reader.required_number("away_score")?,
        home_team: reader.words("home_team")?,
        away_team: reader.words("away_team")?,
        time_remaining: reader.words("time_remaining")?,
        minute: reader.words("minute")?,
        half: reader.words("half")?,
    })
}

/// The place of a field that turned out not to fit.
pub fn locate(text: &str, unfit: &Unfit) -> BadEvent {
    at(text, unfit.field, unfit.to_string())
}

struct Reader<'a> {
    text: &'a str,
    fields: &'a Map<String, Value>,
}

impl Reader<'_> {
    /// A field that is there and is not null.
    fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    fn words(&self, name: &'static str) -> Result<Option<String>, BadEvent> {
        match self.field(name) {
            None => Ok(None),
            Some(Value::String(words)) => Ok(Some(words.clone())),
            // A minute or a number of seconds may well be written as a number.
            Some(Value::Number(number)) if matches!(name, "minute" | "time_remaining" | "game_id") => {
                Ok(Some(number.to_string()))
            }
            Some(other) => {
                Err(at(self.text, name, format!("`{name}` must be a text in quotes, and {other} is not")))
            }
        }
    }

    fn number(&self, name: &'static str) -> Result<Option<u32>, BadEvent> {
        let Some(value) = self.field(name) else { return Ok(None) };
        match value.as_u64().and_then(|number| u32::try_from(number).ok()) {
            Some(number) => Ok(Some(number)),
            None => Err(at(
                self.text,
                name,
                format!("`{name}` must be a whole number from 0, and {value} is not"),
            )),
        }
    }

    fn required_words(&self, name: &'static str) -> Result<String, BadEvent> {
        self.words(name)?.ok_or_else(|| self.missing(name))
    }

    fn required_number(&self, name: &'static str) -> Result<u32, BadEvent> {
        self.number(name)?.ok_or_else(|| self.missing(name))
    }

    fn missing(&self, name: &str) -> BadEvent {
        at(self.text, name, format!("the field `{name}` is missing"))
    }
}

fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(name, known.clone()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("there are {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

/// Where a field's name stands; the beginning where it does not.
fn at(text: &str, field: &str, detail: String) -> BadEvent {
    let before = text.find(&format!("{field:?}")).map_or("", |found| &text[..found]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    BadEvent { line, column, detail }
}

/// The parser's words without the place, which is told before them.
fn without_place(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.rsplit_once(" at line ").map_or(words.clone(), |(words, _)| words.to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use wirereport_actors::wire::submission::submit;

    use super::*;
    use crate::report::{Texts, written};
    use crate::writers::template::TemplateWriter;

    const EVENT: &str = r#"{"type":"score_update","game_id":"test_123","home_score":100,"away_score":98,"time_remaining":"0:05"}"#;

    fn wrong(text: &str) -> String {
        parse(text).expect_err(text).to_string()
    }

    #[test]
    fn an_event_is_read_with_what_it_leaves_out() {
        let event = parse(EVENT).expect("an event");
        assert_eq!((event.home_score, event.away_score, event.sport), (100, 98, None));
        assert_eq!(event.time_remaining.as_deref(), Some("0:05"));
    }

    #[test]
    fn whatever_is_wrong_is_told_with_its_place_and_what_was_probably_meant() {
        assert_eq!(wrong("{\"type\":"), "1:8: this is not JSON (EOF while parsing a value)");
        assert_eq!(
            wrong("[]"),
            "1:1: an event must be a JSON object, such as {\"type\": \"score_update\", …}"
        );
        let changed = |from: &str, to: &str| wrong(&EVENT.replace(from, to));
        assert_eq!(
            changed("home_score", "home_scor"),
            "1:45: the field `home_scor` is not known; did you mean `home_score`?"
        );
        assert_eq!(
            changed("score_update", "score_updat"),
            "1:2: no event is of type \"score_updat\"; did you mean `score_update`?"
        );
        assert_eq!(changed(":100", ":-3"), "1:45: `home_score` must be a whole number from 0, and -3 is not");
        assert_eq!(changed("100", "1.5"), "1:45: `home_score` must be a whole number from 0, and 1.5 is not");
        assert_eq!(changed("\"test_123\"", "[]"), "1:24: `game_id` must be a text in quotes, and [] is not");
        assert_eq!(
            wrong("{\n  \"type\": \"final\",\n  \"sport\": \"nhk\"}"),
            "3:3: no league is called nhk; did you mean `nhl`?"
        );
        assert_eq!(wrong("{\"type\": \"final\"}"), "1:1: the field `game_id` is missing");
    }

    #[tokio::test]
    async fn whatever_may_be_submitted_has_words_that_pass_the_gate() {
        let writer = TemplateWriter::builtin().expect("the built-in templates");
        let clocks = |sport: &str| match sport {
            "mlb" => ["\"half\":\"top\"", "\"half\":\"end\""],
            "eng.1" => ["\"minute\":88", "\"minute\":\"90+4\""],
            _ => ["\"time_remaining\":\"0:05\"", "\"time_remaining\":9.9"],
        };
        let scores = [(0, 0), (1, 0), (3, 3), (2, 4), (27, 24), (99, 60)];
        for sport in ["nba", "wnba", "ncaam", "nfl", "mlb", "nhl", "eng.1"] {
            let [one, other] = clocks(sport);
            for clock in ["\"period\":null", one, other] {
                for ((home, away), kind) in
                    scores.into_iter().flat_map(|score| TYPES.map(|kind| (score, kind)))
                {
                    let event = format!(
                        "{{\"type\":\"{kind}\",\"game_id\":\"1\",\"sport\":\"{sport}\",\
                         \"home_score\":{home},\"away_score\":{away},{clock}}}"
                    );
                    match submit(&parse(&event).expect("an event"), Timestamp::UNIX_EPOCH) {
                        Ok(submitted) => {
                            let texts = written(&writer, &submitted.story).await;
                            assert!(matches!(texts, Texts::Written { .. }), "{event}: {texts:?}");
                        }
                        Err(unfit) => assert!(kind == "final" && home == away, "{event}: {unfit}"),
                    }
                }
            }
        }
    }
}
