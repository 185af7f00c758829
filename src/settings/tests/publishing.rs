//! How much is sent, when, and at what price.

use std::time::Duration;

use wirereport_actors::wire::approval::ApprovalRule;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::pace::Money;
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::rules::{ChannelRules, OnUnknown};
use wirereport_actors::wire::sport::SportKey;

use super::*;

fn rules(text: &str, channel: &str) -> ChannelRules {
    let settings = read(text, &[]);
    let channel = &settings.channels[&ChannelName(channel.to_owned())];
    channel.publishing.applied_to(channel.filter.rules())
}

#[test]
fn what_is_set_for_all_channels_holds_for_each_that_does_not_override_it() {
    let text = r#"
[publishing]
on_unknown = "resend"
per_hour = 12
spacing = "30 s"
quiet_hours = "23:00-07:00"
time_zone = "Europe/Berlin"
budget_per_month = 25.5
[channels.terminal]
per_hour = 0
quiet_hours = ""
spoiler_delay = "2 min"
price_with_url = 0.2
"#;
    let (feed, terminal) = (rules(text, "feed"), rules(text, "terminal"));
    assert_eq!((feed.on_unknown, feed.pace.per_hour), (OnUnknown::Resend, Some(12)));
    assert_eq!((terminal.on_unknown, terminal.pace.per_hour), (OnUnknown::Resend, None));
    assert_eq!(
        feed.pace.quiet.map(|quiet| (quiet.from.hour(), quiet.to.hour(), quiet.bypass)),
        Some((23, 7, 0.8))
    );
    assert_eq!(terminal.pace.quiet, None);
    assert_eq!(feed.pace.zone.iana_name(), Some("Europe/Berlin"));
    assert_eq!((feed.pace.budget.per_month, feed.pace.budget.per_day), (Some(Money(25_500_000)), None));
    assert_eq!(terminal.pace.budget.post_with_url, Money(200_000));
    assert_eq!((feed.spoiler_delay, terminal.spoiler_delay), (Duration::ZERO, Duration::from_secs(120)));
}

#[test]
fn nothing_is_limited_where_nothing_is_set() {
    let rules = rules("", "feed");
    assert_eq!(rules, ChannelRules::default());
    assert!(!rules.pace.counts());
}

#[test]
fn what_cannot_be_is_told_with_its_place_and_what_would_be_right() {
    let text = r#"
[publishing]
on_unknown = "ask"
per_hour = -1
quiet_hours = "11pm-7am"
time_zone = "Europe/Berln"
budget_per_day = "5 $"
per_our = 3
[channels.feed]
quiet_hours = "07:00-07:00"
sports = ["mlb", "nhl"]
teams = ["BOS", "NYA"]
[channels.terminal]
teams = ["nbaa:BOS", "nba:"]
"#;
    let errors = load(&sources(text, &[])).expect_err("much is wrong");
    insta::assert_snapshot!(errors.to_string());
}

#[test]
fn what_became_of_an_attempt_is_looked_up_when_and_for_as_long_as_is_set() {
    let text = r#"
[channels.x]
kind = "x"
read_back_after = "100 ms"
read_back_for = "2 s"
absent_after = "500 ms"
"#;
    let usual = read("[channels.x]\nkind = \"x\"\n", &[]);
    let set = read(text, &[]);
    let of = |settings: &Settings| match &settings.channels[&ChannelName("x".to_owned())].kind {
        ChannelKind::X(x) => (x.read_back.after, x.absent_after, x.read_back.within),
        other => panic!("{other:?}"),
    };
    let millis = |millis: [u64; 3]| {
        let [after, absent, within] = millis.map(Duration::from_millis);
        (after, absent, within)
    };
    assert_eq!(of(&usual), millis([15_000, 70_000, 120_000]));
    assert_eq!(of(&set), millis([100, 500, 2_000]));
    let rules = &crate::run::wiring::policy(&set).channels[&ChannelName("x".to_owned())];
    assert_eq!(rules.read_back_for, Duration::from_secs(2));

    let too_long = refused("[channels.x]\nkind = \"x\"\nabsent_after = \"3 min\"\n", &[]);
    insta::assert_snapshot!(too_long);
}

#[test]
fn a_rule_says_which_texts_an_editor_sees_and_all_kinds_are_all_but_corrections() {
    let text = r#"
[approval.everything]
[approval.night]
channels = ["feed"]
sports = ["nba"]
kinds = ["final", "correction"]
max_significance = 0.5
writers = ["openai"]
expires = "10 min"
[approval.off]
enabled = false
"#;
    let settings = read(text, &[]);
    let rules: Vec<_> = settings.approval.iter().map(|(name, rule)| rule.rule(name)).collect();
    let night = ApprovalRule {
        channels: Some([ChannelName("feed".to_owned())].into()),
        sports: Some([SportKey::new("nba")].into()),
        kinds: Some([MomentKind::Final, MomentKind::Correction].into()),
        max_significance: 0.5,
        writers: Some(["openai".to_owned()].into()),
        expires_after: Some(Duration::from_secs(600)),
        ..ApprovalRule::all("night")
    };
    assert_eq!(rules, [ApprovalRule::all("everything"), night]);
}

#[test]
fn a_rule_that_fits_nothing_is_told_with_its_place() {
    let text = r#"
[approval.Night]
[approval.odd]
channels = ["fed"]
writers = ["gpt"]
min_significance = 0.9
max_significance = 0.1
expires = "2 s"
when = "always"
"#;
    let errors = load(&sources(text, &[])).expect_err("much is wrong");
    insta::assert_snapshot!(errors.to_string());
}
