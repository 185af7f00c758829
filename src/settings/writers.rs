//! Who writes besides the templates.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Serialize, Serializer};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::writing::Waits;

use super::addresses;
use super::duration::{self, Written};
use super::publishing::{self, Dollars, Zone};
use super::reader::Section;
use super::values;
use crate::writers::openai::{self, Mode};

/// How long a story may be made to wait for a writer.
const WAITS: (Duration, Duration) = (Duration::ZERO, Duration::from_secs(60));
const CONNECT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(30));

/// Who writes besides the templates.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct WriterSettings {
    /// A language model, where one is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openai: Option<OpenAiSettings>,
}

/// How a language model is asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenAiSettings {
    /// Where the API begins.
    pub base_url: String,
    /// Whether plain HTTP to another machine is meant.
    pub allow_http: bool,
    /// The model.
    pub model: String,
    /// The environment variable that holds the key; `None` for a server that asks for none.
    pub api_key_env: Option<String>,
    /// Who writes numbers and names.
    pub mode: WritingMode,
    /// How long a connection may take.
    #[serde(with = "duration")]
    pub connect_timeout: Duration,
    /// The most tokens of an answer.
    pub max_tokens: u32,
    /// How much a reasoning model thinks.
    pub reasoning_effort: Option<String>,
    /// What a million tokens cost that are sent.
    pub price_per_million_input: Dollars,
    /// What a million tokens cost that are written.
    pub price_per_million_output: Dollars,
    /// What may be spent in a day; 0 for no limit.
    pub budget_per_day: Dollars,
    /// What may be spent in a month; 0 for no limit.
    pub budget_per_month: Dollars,
    /// The zone of the budgets' days and months: that of `[publishing]`.
    pub time_zone: Zone,
    /// How long a story waits, by what happened.
    pub wait: WaitSettings,
}

/// Who writes numbers and names, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WritingMode(pub Mode);

impl Serialize for WritingMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self.0 {
            Mode::Slot => "slot",
            Mode::Free => "free",
        })
    }
}

/// How long a story waits: `usual`, and single kinds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitSettings {
    /// For kinds that are not urgent.
    #[serde(with = "duration")]
    pub usual: Duration,
    /// For kinds that are.
    #[serde(with = "duration")]
    pub urgent: Duration,
    /// For single kinds.
    #[serde(flatten)]
    pub kinds: BTreeMap<String, Written>,
}

impl WaitSettings {
    /// The same as the generator goes by.
    pub fn waits(&self) -> Waits {
        let kind = |name: &str| MomentKind::ALL.into_iter().find(|kind| kind.as_str() == name);
        let kinds = self.kinds.iter().filter_map(|(name, wait)| Some((kind(name)?, wait.0)));
        Waits { usual: self.usual, urgent: self.urgent, kinds: kinds.collect() }
    }
}

pub(super) fn read(section: &mut Section<'_>, zone: &Zone) -> WriterSettings {
    WriterSettings { openai: section.section(openai::NAME, |section| openai(section, zone)) }
}

fn openai(section: &mut Section<'_>, zone: &Zone) -> Option<OpenAiSettings> {
    let enabled = section.take("enabled", values::boolean, false);
    let dollars = publishing::dollars;
    let settings = OpenAiSettings {
        base_url: section.take("base_url", addresses::url, openai::BASE_URL.to_owned()),
        allow_http: section.take("allow_http", values::boolean, false),
        model: section.take("model", values::optional_text, None).unwrap_or_default(),
        api_key_env: section.take(
            "api_key_env",
            |node| {
                if values::optional_text(node)?.is_none() {
                    Ok(None)
                } else {
                    values::variable_name(node).map(Some)
                }
            },
            Some("OPENAI_API_KEY".to_owned()),
        ),
        mode: section.take(
            "mode",
            values::one_of(&[("slot", WritingMode(Mode::Slot)), ("free", WritingMode(Mode::Free))]),
            WritingMode(Mode::Slot),
        ),
        connect_timeout: section.duration("connect_timeout", CONNECT, Duration::from_secs(3)),
        max_tokens: section.take("max_tokens", values::count(50, 32_000), 400),
        reasoning_effort: section.take("reasoning_effort", values::optional_text, None),
        price_per_million_input: section.take("price_per_million_input", dollars, Dollars(0)),
        price_per_million_output: section.take("price_per_million_output", dollars, Dollars(0)),
        budget_per_day: section.take("budget_per_day", dollars, Dollars(0)),
        budget_per_month: section.take("budget_per_month", dollars, Dollars(0)),
        time_zone: zone.clone(),
        wait: section.section("wait", wait),
    };
    check(section, &settings, enabled);
    enabled.then_some(settings)
}

fn check(section: &mut Section<'_>, settings: &OpenAiSettings, enabled: bool) {
    if enabled && settings.model.is_empty() {
        section.missing("model", "the model as the server calls it, such as \"gpt-5-mini\"");
    }
    if let Err(error) = openai::check_address(&settings.base_url, settings.allow_http) {
        section.conflict(&["base_url", "allow_http"], format!("cannot be used: {error}"));
    }
    let limited = settings.budget_per_day.0 + settings.budget_per_month.0 > 0;
    let priced = settings.price_per_million_input.0 + settings.price_per_million_output.0 > 0;
    if limited && !priced {
        section.conflict(
            &["budget_per_day", "budget_per_month"],
            "cannot be kept to, since no price is set; set `price_per_million_input` and `price_per_million_output`",
        );
    }
}

fn wait(section: &mut Section<'_>) -> WaitSettings {
    let default = Waits::default();
    let usual = section.duration("usual", WAITS, default.usual);
    let urgent = section.duration("urgent", WAITS, default.urgent);
    section.inherit();
    let mut kinds = BTreeMap::new();
    for kind in MomentKind::ALL {
        let read = |node: &_| values::duration(node, WAITS).map(|wait| Some(Written(wait)));
        if let Some(wait) = section.take(kind.as_str(), read, None) {
            kinds.insert(kind.as_str().to_owned(), wait);
        }
    }
    WaitSettings { usual, urgent, kinds }
}
