//! What X's answers mean. Some are HTML, so a body is looked at only where it is JSON.
//!
//! | answer | outcome |
//! |---|---|
//! | 201 with an id | sent |
//! | 2xx that cannot be read, 5xx | unknown: X had the request |
//! | 401 of an access token that can be renewed | not sent: it is renewed before the next attempt |
//! | 401, 403 of an app or account that may not write | halted: X does not let the account in |
//! | 402 in any form, 429 *usage-capped* | halted: the account is out of credit |
//! | 403 *duplicate content* | as `mod.rs` says |
//! | 429 | not sent until the last reset of what is used up |
//! | other 4xx, 3xx | refused |

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use wirereport_actors::ports::channel::Quota;
use wirereport_actors::wire::post::{Outcome, Remote};

use crate::channels::platform::{self, Answer, needs_auth, out_of_credit, rate_limited, until_second, words};
use crate::channels::wording;

/// How long to wait where X does not say.
const USUAL_WAIT: Duration = Duration::from_secs(60);

/// The windows X counts in, by the beginnings of their headers.
const WINDOWS: [&str; 3] = ["x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour"];

/// A post, as far as it is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Tweet {
    id: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    entities: Entities,
}

#[derive(Debug, Default, Deserialize)]
struct Entities {
    #[serde(default)]
    urls: Vec<Link>,
}

#[derive(Debug, Deserialize)]
struct Link {
    url: String,
    expanded_url: Option<String>,
}

impl Tweet {
    pub(super) fn remote(&self) -> Remote {
        Remote { id: self.id.clone(), url: Some(format!("https://x.com/i/web/status/{}", self.id)) }
    }

    /// Its text as it was sent: unescaped, with links as they were.
    pub(super) fn plain(&self) -> String {
        let links = self.entities.urls.iter();
        let whole = links.fold(self.text.clone(), |text, link| {
            text.replace(&link.url, link.expanded_url.as_deref().unwrap_or(&link.url))
        });
        wording::unescaped(&whole)
    }
}

#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

/// The post that was made.
pub(super) fn created(answer: &Answer) -> Option<Tweet> {
    let created: Data<Tweet> = answer.json().filter(|_| answer.is_success())?;
    Some(created.data)
}

/// A page of a timeline, which has no `data` where there are no posts.
#[derive(Deserialize)]
pub(super) struct Timeline {
    #[serde(default)]
    pub(super) data: Vec<Tweet>,
    pub(super) meta: Meta,
}

#[derive(Deserialize)]
pub(super) struct Meta {
    /// Leads to the next page, where there is one.
    #[serde(default)]
    pub(super) next_token: Option<String>,
}

/// The page of a timeline that an answer brings.
pub(super) fn timeline(answer: &Answer) -> Option<Timeline> {
    answer.json().filter(|_| answer.is_success())
}

#[derive(Deserialize, Default)]
struct Complaint {
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    errors: Vec<Problem>,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    message: String,
}

fn complaint(answer: &Answer) -> Complaint {
    answer.json().unwrap_or_default()
}

pub(super) fn is_duplicate(answer: &Answer) -> bool {
    answer.status == 403 && complaint(answer).detail.contains("duplicate content")
}

/// What an answer means that does not say that it is done; `advice` is what the operator does where X lets nobody in.
pub(super) fn trouble(answer: &Answer, advice: &str, now: Timestamp, today: Timestamp) -> Outcome {
    let said = complaint(answer);
    match answer.status {
        401 => needs_auth(reason(answer, advice), now),
        402 => out_of_credit(reason(answer, ": add credit in X's console"), now),
        403 if may_not_write(&said) => needs_auth(reason(answer, ": let the app write for the account"), now),
        429 if said.r#type.contains("usage-capped") => {
            out_of_credit(reason(answer, ": the month's posts are used up"), now)
        }
        429 => rate_limited(reason(answer, ""), Some(wait(answer, today).unwrap_or(USUAL_WAIT)), now),
        300..=499 => Outcome::Refused { reason: reason(answer, "") },
        _ => Outcome::Unknown { reason: reason(answer, "") },
    }
}

fn may_not_write(said: &Complaint) -> bool {
    let of_type = [
        "suspended",
        "client-forbidden",
        "oauth1-permissions",
        "not-authorized",
        "unsupported-authentication",
    ];
    of_type.iter().any(|part| said.r#type.contains(part)) || said.detail.contains("suspended")
}

/// How long until the last of the windows that are used up begins anew. Resets are Unix seconds, by the real time.
pub(super) fn wait(answer: &Answer, today: Timestamp) -> Option<Duration> {
    let number = |name: String| answer.header(&name).and_then(|value| value.parse::<f64>().ok());
    let reset = |window: &&str| {
        let used_up = number(format!("{window}-remaining")).is_none_or(|remaining| remaining <= 0.0);
        number(format!("{window}-reset")).filter(|_| used_up)
    };
    let last = WINDOWS
        .iter()
        .filter_map(reset)
        .fold(None, |last: Option<f64>, reset| Some(last.map_or(reset, |last| last.max(reset))));
    last.map(|second| until_second(second, today)).or_else(|| answer.retry_after(today))
}

/// What X's windows stand at.
pub(super) fn quotas(answer: &Answer, now: Timestamp, today: Timestamp) -> Vec<Quota> {
    let quota = |window: &&str| {
        let reset = answer.header(&format!("{window}-reset"))?.parse().ok()?;
        platform::quota(answer, window, until_second(reset, today), now)
    };
    WINDOWS.iter().filter_map(quota).collect()
}

pub(super) fn reason(answer: &Answer, advice: &str) -> String {
    let said = complaint(answer);
    let first = said.errors.into_iter().map(|problem| problem.message);
    let told = [said.detail, said.title].into_iter().chain(first).find(|text| !text.is_empty());
    let told = told.map(|text| format!(" ({})", words(&text))).unwrap_or_default();
    format!("X answered HTTP {}{told}{advice}", answer.status)
}
