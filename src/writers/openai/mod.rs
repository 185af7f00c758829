//! The writer that asks a language model: Chat Completions of any compatible server (OpenAI, Ollama, vLLM, llama.cpp).
//!
//! A story costs one call: the title, the long and the short text come in one answer under a JSON schema. In slot mode the
//! model writes around the places of [`slots`], which are filled in here; in free mode it writes numbers and names itself.
//! What comes of it is held against the fact gate like any other draft, with the house vocabulary.
//!
//! What a call can cost is set aside in the ledger before it and put right after it: see `purse`.
//!
//! One call is one request, but for two cases in which the first one surely cost nothing or came to nothing: a parameter
//! that the server does not take, and a passing trouble that is tried once more at once. All of it happens within the time
//! that the story waits.
//!
//! What each answer means is `answer`'s table; when the service is left alone is `breaker`'s.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout_at};
use wirereport_actors::ports::Fault;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::ports::writer::{
    Assignment, Draft, Refused, Standing, Terms, Writer, WriterError, Written,
};
use wirereport_actors::wire::expense::Account;
use wirereport_actors::wire::gate::Vocabulary;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::slots;
use wirereport_actors::wire::story::Story;

mod answer;
mod breaker;
mod dialect;
mod prompt;
mod purse;
mod setup;
#[cfg(test)]
mod tests;

use answer::{Judged, line};
use breaker::Breaker;
use dialect::Dialect;
use prompt::Manuscript;
use purse::{Purse, Took};

pub use setup::{BASE_URL, Mode, OpenAiError, OpenAiSettings, check_address};

/// The name of the writer, and what its authorship begins with.
pub const NAME: &str = "openai";

/// The largest answer that is read, in bytes.
const LARGEST: usize = 256 << 10;

/// How long before the time is over the answer is given up, so that it can still be said why there is none.
const MARGIN: Duration = Duration::from_millis(50);

/// The pause before a passing trouble is tried once more.
const PAUSE: Duration = Duration::from_millis(200);

/// Writes by asking a model.
pub struct OpenAiWriter {
    client: reqwest::Client,
    url: Url,
    headers: HeaderMap,
    settings: OpenAiSettings,
    clock: Arc<dyn Clock>,
    purse: Purse,
    dialect: Mutex<Dialect>,
    breaker: Mutex<Breaker>,
}

impl OpenAiWriter {
    /// A writer. `clock` shows the real time, whatever time the wire is on; `ledger` keeps the books.
    ///
    /// # Errors
    /// Where the address or the key cannot be used.
    pub fn new(
        settings: OpenAiSettings,
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenAiError> {
        let url = check_address(&settings.base_url, settings.allow_http)?;
        let mut headers =
            HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        if let Some(key) = &settings.key {
            let bearer = format!("Bearer {}", key.expose_secret());
            let mut bearer = HeaderValue::try_from(bearer).map_err(|_| OpenAiError::Key)?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        // Each request has a limit of its own; this one is for whoever forgets.
        let client = crate::http::client(settings.connect, Duration::from_secs(120))
            .map_err(|error| OpenAiError::Client { detail: crate::http::describe(error) })?;
        let dialect = Mutex::new(Dialect::of(&url));
        let account = Account { payee: NAME.to_owned(), caps: settings.caps, zone: settings.zone.clone() };
        let (model, prices, max_tokens) = (settings.model.clone(), settings.prices, settings.max_tokens);
        let purse = Purse { ledger, account, model, prices, max_tokens };
        Ok(Self { client, url, headers, settings, clock, purse, dialect, breaker: Mutex::default() })
    }

    /// Whose name stands under the texts: `openai:MODEL`.
    fn author(&self) -> String {
        format!("{NAME}:{}", self.settings.model)
    }

    fn body(&self, assignment: &Assignment, dialect: &Dialect) -> Value {
        let mut body = json!({
            "model": self.settings.model,
            "messages": prompt::messages(self.settings.mode, assignment),
            dialect.tokens: self.settings.max_tokens,
        });
        if dialect.schema {
            body["response_format"] = prompt::response_format();
        }
        if let Some(effort) = self.settings.reasoning_effort.as_ref().filter(|_| dialect.effort) {
            body["reasoning_effort"] = json!(effort);
        }
        body
    }

    /// The model's text, asked for until then.
    async fn ask(&self, assignment: &Assignment, until: Instant) -> Result<String, WriterError> {
        self.admit()?;
        let (mut again, mut waited) = (false, false);
        loop {
            let dialect = lock(&self.dialect).clone();
            let body = self.body(assignment, &dialect).to_string();
            let judged = match timeout_at(until, self.paid(body)).await {
                Ok(judged) => judged?,
                Err(_) => {
                    let reason = format!("no answer within {:?}", assignment.within);
                    self.breaker().failed(&reason, self.clock.now());
                    return Err(passing(reason));
                }
            };
            match judged {
                Judged::Text(text) => {
                    self.breaker().succeeded();
                    return Ok(text);
                }
                Judged::Unusable { code, reason, text } => {
                    self.breaker().succeeded();
                    return Err(self.unusable(code, reason, text));
                }
                Judged::Unsupported { parameter, reason } => match dialect.without(&parameter) {
                    Some(other) => {
                        tracing::info!(writer = NAME, parameter, reason, "asked without it from now on");
                        *lock(&self.dialect) = other;
                    }
                    None => return Err(self.failed(reason)),
                },
                Judged::Again { .. } if !again && leaves_time(until, PAUSE) => {
                    again = true;
                    sleep(PAUSE).await;
                }
                Judged::Wait { wait, .. } if !waited && leaves_time(until, wait) => {
                    waited = true;
                    sleep(wait).await;
                }
                Judged::Wait { reason, wait } => {
                    self.breaker().wait(&reason, self.clock.now(), wait);
                    return Err(WriterError::Service {
                        fault: Fault::Transient { retry_after: Some(wait) },
                        detail: reason,
                    });
                }
                Judged::Shut { reason } => {
                    tracing::error!(writer = NAME, reason, "left alone until that is mended");
                    self.breaker().shut(&reason, self.clock.now());
                    return Err(WriterError::Service { fault: Fault::Misconfigured, detail: reason });
                }
                Judged::Again { reason } => {
                    self.breaker().failed(&reason, self.clock.now());
                    return Err(passing(reason));
                }
                Judged::Failed { reason } => return Err(self.failed(reason)),
            }
        }
    }

    fn admit(&self) -> Result<(), WriterError> {
        let now = self.clock.now();
        self.breaker().admit(now).map_err(|open| {
            let wait = Duration::try_from(open.until.duration_since(now)).unwrap_or_default();
            WriterError::Service {
                fault: Fault::Transient { retry_after: Some(wait) },
                detail: format!("it is left alone until {}: {}", open.until, open.reason),
            }
        })
    }

    /// Makes one request, with what it can cost set aside before and put right after. Where this is given up on, or dies,
    /// it stays set aside.
    async fn paid(&self, body: String) -> Result<Judged, WriterError> {
        let now = self.clock.now();
        let reservation = match self.purse.set_aside(body.len(), now).await {
            Ok(reservation) => reservation,
            Err(purse::Refused::Books(error)) => return Err(passing(error.to_string())),
            Err(purse::Refused::Capped(capped)) => {
                let reason = capped.to_string();
                tracing::warn!(writer = NAME, reason, until = %capped.until, "no more is spent until then");
                self.breaker().shut_until(&reason, capped.until);
                return Err(passing(reason));
            }
        };
        let (judged, took) = self.exchange(body).await;
        self.purse.put_right(reservation, took).await;
        Ok(judged)
    }

    /// Makes one request and reads the answer whole.
    async fn exchange(&self, body: String) -> (Judged, Took) {
        let request = self.client.post(self.url.clone()).headers(self.headers.clone()).body(body);
        let passing = |error| (Judged::Again { reason: crate::http::describe(error) }, Took::Unknown);
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return (passing(error).0, Took::Nothing),
            Err(error) => return passing(error),
        };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return passing(error),
            }
            if body.len() > LARGEST {
                let reason = format!("the answer is larger than {LARGEST} bytes");
                return (Judged::Unusable { code: "huge", reason, text: String::new() }, Took::Unknown);
            }
        }
        let (judged, usage) = answer::judge(status, &headers, &String::from_utf8_lossy(&body));
        let took = match usage {
            Some(usage) => Took::Counted(usage),
            // Servers bill no call that they refuse.
            None if status >= 300 => Took::Nothing,
            None => Took::Unknown,
        };
        (judged, took)
    }

    fn unusable(&self, code: &'static str, reason: String, text: String) -> WriterError {
        WriterError::Unusable {
            refused: Refused { author: self.author(), code: code.to_owned(), reason, text },
        }
    }

    /// A request that will not go well, which says little about the next one.
    fn failed(&self, reason: String) -> WriterError {
        self.breaker().failed(&reason, self.clock.now());
        WriterError::Service { fault: Fault::Permanent, detail: reason }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        lock(&self.breaker)
    }

    /// The drafts that an answer holds.
    fn drafts(&self, answer: &str, assignment: &Assignment) -> Written {
        let author = self.author();
        let refuse = |code: &str, reason: String, text: &str| Refused {
            author: author.clone(),
            code: code.to_owned(),
            reason,
            text: line(text),
        };
        let mut written = Written::default();
        let manuscript = match serde_json::from_str::<Manuscript>(json_in(answer)) {
            Ok(manuscript) => manuscript,
            Err(_) => {
                let reason = "the answer is no JSON object with the texts title, long and short".to_owned();
                written.refused.push(refuse("malformed", reason, answer));
                return written;
            }
        };
        let places = slots::places(&assignment.story.facts);
        let mut text = |text: &str| {
            let text = text.trim();
            let filled = match self.settings.mode {
                Mode::Slot => slots::fill(text, &places),
                Mode::Free => return Some(text.to_owned()),
            };
            let refused = |error: slots::SlotError| refuse(error.code(), error.to_string(), text);
            filled.map_err(|error| written.refused.push(refused(error))).ok()
        };
        let title = text(manuscript.title.trim_end_matches('.')).unwrap_or_default();
        let texts = [text(&manuscript.long), text(&manuscript.short)];
        let draft = |text| Draft {
            title: title.clone(),
            text,
            author: author.clone(),
            vocabulary: Vocabulary::House,
        };
        written.drafts = texts.into_iter().flatten().map(draft).collect();
        written
    }
}

/// The object in an answer that has something around it, as models without a schema write it.
fn json_in(answer: &str) -> &str {
    match (answer.find('{'), answer.rfind('}')) {
        (Some(begin), Some(end)) if begin < end => &answer[begin..=end],
        _ => answer,
    }
}

fn leaves_time(until: Instant, wait: Duration) -> bool {
    Instant::now() + wait < until
}

fn passing(detail: String) -> WriterError {
    WriterError::Service { fault: Fault::PASSING, detail }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Writer for OpenAiWriter {
    fn name(&self) -> &str {
        NAME
    }

    fn terms(&self, kind: MomentKind) -> Terms {
        Terms { within: Some(self.settings.waits.of(kind)), revises: true }
    }

    /// Results of athletes keep to a small vocabulary and headlines are quoted: there is nothing in them for a model to write.
    fn takes(&self, story: &Story) -> bool {
        story.facts.contest.is_none() && story.facts.news.is_none()
    }

    fn standing(&self) -> Standing {
        match self.breaker().open() {
            None => Standing::Ready,
            Some(open) => Standing::LeftAlone { reason: open.reason.clone(), until: open.until },
        }
    }

    fn account(&self) -> Option<Account> {
        Some(self.purse.account.clone())
    }

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        let until = Instant::now() + assignment.within.saturating_sub(MARGIN);
        let answer = self.ask(assignment, until).await?;
        Ok(self.drafts(&answer, assignment))
    }
}

impl std::fmt::Debug for OpenAiWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenAiWriter").field("model", &self.settings.model).finish_non_exhaustive()
    }
}
