//! Which texts wait for an editor: `[approval.NAME]`, a table a rule.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Serialize, Serializer};
use wirereport_actors::wire::approval::ApprovalRule;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::ChannelName;

use super::channel::{self, ChannelSettings, Leagues};
use super::duration;
use super::nearest::nearest;
use super::reader::{Refusal, Section};
use super::tree::Node;
use super::values::{self, Read};
use super::{Kinds, leagues};

const MINUTE: Duration = Duration::from_secs(60);

/// The writers there are, as a rule names them.
const WRITERS: [&str; 2] = ["template", "openai"];

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApprovalSettings {
    /// The channels.
    pub channels: Names,
    /// The leagues.
    pub sports: Leagues,
    /// The kinds; all means all but corrections.
    pub kinds: Kinds,
    /// The least significance, 0 to 1.
    pub min_significance: f64,
    /// The most significance, 0 to 1.
    pub max_significance: f64,
    /// The writers.
    pub writers: Names,
    /// How long a text may wait; `None` for as long as its kind stays fresh.
    pub expires: Expiry,
}

impl ApprovalSettings {
    /// The rule that the generator goes by.
    pub fn rule(&self, name: &str) -> ApprovalRule {
        let sports = match &self.sports {
            Leagues::All => None,
            Leagues::Only(keys) => Some(keys.clone()),
        };
        let channels = self.channels.0.as_ref();
        ApprovalRule {
            name: name.to_owned(),
            channels: channels.map(|names| names.iter().cloned().map(ChannelName).collect()),
            sports,
            kinds: (self.kinds != all_but_corrections()).then(|| self.kinds.0.clone()),
            min_significance: self.min_significance,
            max_significance: self.max_significance,
            writers: self.writers.0.clone(),
            expires_after: self.expires.0,
        }
    }
}

/// Names of something; `None` for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names(pub Option<BTreeSet<String>>);

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            None => serializer.serialize_str("all"),
            Some(names) => names.serialize(serializer),
        }
    }
}

/// How long a text may wait for its editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry(pub Option<Duration>);

impl Serialize for Expiry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            None => serializer.serialize_str("usual"),
            Some(span) => duration::serialize(span, serializer),
        }
    }
}

fn all_but_corrections() -> Kinds {
    Kinds(MomentKind::ALL.into_iter().filter(|kind| *kind != MomentKind::Correction).collect())
}

pub(super) fn read(
    section: &mut Section<'_>,
    known: &BTreeMap<ChannelName, ChannelSettings>,
) -> BTreeMap<String, ApprovalSettings> {
    let mut rules = BTreeMap::new();
    for name in section.tables([], |spelled| Some(spelled.to_ascii_lowercase().replace('_', "-"))) {
        if !channel::is_name(&name) {
            let advice =
                "name the rule in small letters, digits and dashes, beginning with a letter".to_owned();
            section.refuse_table(&name, advice);
            continue;
        }
        if let Some(rule) = section.section(&name, |section| one(section, known)) {
            rules.insert(name, rule);
        }
    }
    rules
}

fn one(
    section: &mut Section<'_>,
    known: &BTreeMap<ChannelName, ChannelSettings>,
) -> Option<ApprovalSettings> {
    let enabled = section.take("enabled", values::boolean, true);
    let channels: Vec<&str> = known.keys().map(|name| name.0.as_str()).collect();
    let rule = ApprovalSettings {
        channels: section.take("channels", names("channel", &channels), Names(None)),
        sports: section.take("sports", leagues::leagues, Leagues::All),
        kinds: section.take("kinds", kinds, all_but_corrections()),
        min_significance: section.take("min_significance", values::fraction, 0.0),
        max_significance: section.take("max_significance", values::fraction, 1.0),
        writers: section.take("writers", names("writer", &WRITERS), Names(None)),
        expires: section.take("expires", expiry, Expiry(None)),
    };
    if rule.min_significance > rule.max_significance {
        section.conflict(
            &["min_significance", "max_significance"],
            "is above `max_significance`; no text fits both",
        );
    }
    Some(rule).filter(|_| enabled)
}

fn kinds(node: &Node) -> Read<Kinds> {
    let given = leagues::kinds(node)?;
    Ok(if given == Kinds::all() { all_but_corrections() } else { given })
}

fn names<'a>(what: &'a str, known: &'a [&'a str]) -> impl Fn(&Node) -> Read<Names> + 'a {
    move |node| {
        let one = |node: &Node| {
            let text = values::text(node)?;
            if known.contains(&text.as_str()) {
                return Ok(text);
            }
            let hint = nearest(&text, known.iter().copied());
            let hint = hint.map(|hint| format!(" (did you mean \"{hint}\"?)")).unwrap_or_default();
            Err(vec![Refusal::of(node, format!("a {what} that is in use: {}{hint}", known.join(", ")))])
        };
        let expected =
            format!("\"all\" or a list of {what}s such as [\"{}\"]", known.first().unwrap_or(&"name"));
        Ok(Names(values::all_or_list(node, &expected, one)?.map(|names| names.into_iter().collect())))
    }
}

fn expiry(node: &Node) -> Read<Expiry> {
    if values::text(node).is_ok_and(|text| text == "usual") {
        return Ok(Expiry(None));
    }
    match values::duration(node, (MINUTE, MINUTE * 60 * 24)) {
        Ok(span) => Ok(Expiry(Some(span))),
        Err(_) => {
            let expected = "\"usual\" or a duration in quotes, such as \"10 min\", from 1 min to 24 h";
            Err(vec![Refusal::of(node, expected)])
        }
    }
}
