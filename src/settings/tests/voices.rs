//! How channels speak.

use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::sport::SportKey;
use wirereport_actors::wire::voice::Tone;

use super::*;

fn voice(settings: &Settings, channel: &str) -> VoiceSettings {
    settings.channels[&ChannelName(channel.to_owned())].voice.clone()
}

fn tags(voice: &VoiceSettings, league: &str) -> Vec<String> {
    let tags = voice.hashtags.get(&SportKey::new(league));
    tags.into_iter().flatten().map(|tag| tag.as_str().to_owned()).collect()
}

#[test]
fn what_stands_in_voice_holds_for_every_channel_that_does_not_say_otherwise() {
    let settings = read(
        "[voice]\ntone = \"lively\"\nhashtags = { nba = [\"NBA\"], \"eng.1\" = [\"#PL\"] }\n\
         [channels.terminal]\ntone = \"plain\"\nemoji = true\nhashtags = { nba = [] }\n",
        &[],
    );
    let (feed, terminal) = (voice(&settings, "feed"), voice(&settings, "terminal"));
    assert_eq!((feed.tone, feed.emoji), (Tone::Lively, false));
    assert_eq!((tags(&feed, "nba"), tags(&feed, "eng.1")), (vec!["#NBA".to_owned()], vec!["#PL".to_owned()]));
    assert_eq!((terminal.tone, terminal.emoji), (Tone::Plain, true));
    assert_eq!((tags(&terminal, "nba"), tags(&terminal, "eng.1")), (vec![], vec!["#PL".to_owned()]));
    assert_eq!(terminal.voice().manner.tone, Tone::Plain);
}

#[test]
fn a_voice_that_cannot_be_is_told_with_its_place_and_what_would_be_right() {
    let text =
        "[voice]\ntone = \"livly\"\n[channels.terminal]\nhashtags = { nba = [\"#NBA finals\"], nbaa = [] }\n";
    let errors = load(&sources(text, &[])).expect_err("it is wrong").to_string();
    assert!(errors.contains(":2:8: `voice.tone` must be"), "{errors}");
    assert!(errors.contains("did you mean \"lively\"") || errors.contains("\"lively\""), "{errors}");
    assert!(
        errors.contains("`channels.terminal.hashtags.nba` must be a list of up to 5 hashtags"),
        "{errors}"
    );
    assert!(errors.contains("nbaa") && errors.contains("is not known"), "{errors}");
    let text = "[publishing]\ndigest = true\n[channels.terminal]\nlanguage = \"de\"\n";
    let errors = load(&sources(text, &[])).expect_err("it is wrong").to_string();
    assert!(errors.contains("in which there are no digests"), "{errors}");
}

#[test]
fn tone_emoji_and_hashtags_are_live_and_a_language_is_not() {
    let old = read("", &[]);
    let new =
        read("[voice]\ntone = \"lively\"\nemoji = true\nlanguage = \"de\"\nhashtags.nba = [\"NBA\"]\n", &[]);
    let diff = reload_diff(&old, &new);
    for key in ["tone", "emoji", "hashtags.nba"] {
        assert!(diff.changed_live.contains(&format!("channels.feed.{key}")), "{diff:?}");
    }
    assert!(diff.needs_restart.contains(&"channels.feed.language".to_owned()), "{diff:?}");
    let voice = voice(&old.with_live_parts_of(&new), "feed");
    assert_eq!((voice.tone, voice.emoji, voice.language.as_str()), (Tone::Lively, true, "en"));
}
