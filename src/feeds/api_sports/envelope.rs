//! The envelope that all products share: `{get, parameters, errors, results, paging, response}`.
//!
//! `errors` is an empty list or an empty object where all is well; else an object that says what is wrong, field by
//! field, with HTTP 200 all the same.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::quota::Limit;

use crate::feeds::daily::unreadable;
use crate::feeds::loose::{Loose, decoration};
use crate::feeds::text::{NAME, NOTE, clean};

#[derive(Deserialize, Default)]
struct Envelope<'a> {
    #[serde(borrow)]
    parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
    #[serde(borrow)]
    response: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    paging: Option<&'a RawValue>,
    /// What a gateway says in the product's place.
    #[serde(borrow, default)]
    message: Loose<'a>,
}

#[derive(Deserialize, Default)]
struct Parameters<'a> {
    #[serde(borrow, default)]
    date: Loose<'a>,
}

#[derive(Deserialize, Default)]
struct Paging<'a> {
    #[serde(borrow, default)]
    total: Loose<'a>,
}

/// What is in the envelope of a day's games.
pub(super) fn entries(body: &[u8], day: Date) -> Result<Vec<&RawValue>, FeedError> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(|error| unreadable(body, &error))?;
    if let Some(error) = error_of(&envelope) {
        return Err(error);
    }
    let not_a_board = |found: String| Err(FeedError::NotABoard { found });
    let Some(entries) = envelope.response else { return not_a_board("JSON without a response".to_owned()) };
    if envelope.parameters.is_none() && envelope.errors.is_none() {
        return not_a_board("a response without an envelope".to_owned());
    }
    let parameters: Parameters<'_> = decoration(envelope.parameters).unwrap_or_default();
    if let Some(other) = parameters.date.text().filter(|date| *date != day.to_string()) {
        return not_a_board(format!("the games of {}", clean(other, NAME)));
    }
    let paging: Paging<'_> = decoration(envelope.paging).unwrap_or_default();
    match paging.total.count() {
        Ok(Some(pages)) if pages > 1 => not_a_board(format!("the first of {pages} pages")),
        _ => Ok(entries),
    }
}

/// The feed's own error, where a body is one.
pub fn error_body(body: &[u8]) -> Option<FeedError> {
    serde_json::from_slice(body).ok().as_ref().and_then(error_of)
}

fn error_of(envelope: &Envelope<'_>) -> Option<FeedError> {
    if let Some(raw) = envelope.errors {
        let fields: BTreeMap<String, Loose<'_>> = decoration(Some(raw)).unwrap_or_default();
        if let Some((field, said)) = first_of(&fields) {
            return Some(meaning(&field, &said));
        }
        let list: Vec<Loose<'_>> = decoration(Some(raw)).unwrap_or_default();
        if let Some(said) = list.iter().find_map(Loose::text) {
            return Some(meaning("", said));
        }
    }
    let message = envelope.message.text().filter(|_| envelope.response.is_none())?;
    Some(meaning("message", message))
}

/// The error that says most of what to do: one of the key or the limits before one of the request.
fn first_of(fields: &BTreeMap<String, Loose<'_>>) -> Option<(String, String)> {
    let said = |(field, said): (&String, &Loose<'_>)| {
        (field.clone(), said.text().map_or_else(|| "no reason given".to_owned(), str::to_owned))
    };
    let telling =
        fields.iter().find(|(field, _)| KEY.contains(&field.as_str()) || LIMITS.contains(&field.as_str()));
    telling.or_else(|| fields.iter().next()).map(said)
}

const KEY: [&str; 5] = ["token", "key", "access", "plan", "subscription"];
const LIMITS: [&str; 2] = ["requests", "rateLimit"];

fn meaning(field: &str, said: &str) -> FeedError {
    let text = clean(said, NOTE);
    let lower = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if field == "rateLimit" || says(&["too many requests", "per minute"]) {
        return FeedError::OutOfRequests { limit: Limit::Minute, retry_after: std::time::Duration::ZERO };
    }
    if field == "requests" || says(&["request limit for the day", "daily quota"]) {
        return FeedError::OutOfRequests { limit: Limit::Day, retry_after: std::time::Duration::ZERO };
    }
    if KEY.contains(&field) || says(&["api key", "application key", "not subscribed"]) {
        return FeedError::Misconfigured { detail: format!("the feed refuses the key or its plan: {text}") };
    }
    let message = if field.is_empty() { text } else { format!("{}: {text}", clean(field, NAME)) };
    FeedError::ErrorBody { code: 0, message }
}
