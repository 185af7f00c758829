//! Every message is a sentence with a place and what to do.

use wirereport_actors::wire::schedule::budget::{Allowance, Window};
use wirereport_actors::wire::sport::SportKey;

use super::*;

#[test]
fn all_that_is_wrong_with_a_file_is_told_at_once_each_with_its_place_and_what_to_do() {
    let text = r#"
state_dirr = "/srv"
history = "1 month"
shutdown = 10

[sports]
follow = ["nba", "nlf", 7]
treshold = 0.4
confirmations = 11

[sports.nba]
threshold = 1.5
kinds = ["final", "lead_chnage"]
shortest_poll = "100 ms"
feed = "esp"

[sports.nbaa]
enabled = true

[sports.eng.1]
threshold = 0.2

[feeds.espn]
base_url = "ftp://example.org"
connect_timeout = "20 s"
body_cap = "8 MB"

[feeds.mlb]
timeout = "1 s"

[channels.feed]
items = 0
titel = "Scores"

[channels."News Room"]
kind = "webhook"

[channels.desk]
url = "https://example.org"

[channels.newsroom]
kind = "webhok"

[health]
listen = "9999"

[log]
format = "jsn"
level = "infoo"

[supervision]
stop_within = "2 min"

[supervision.backoff]
initial = "5 min"
jitter = "a bit"

[supervison]
restarts = 5
"#;
    insta::assert_snapshot!(refused(text, &[]));
}

#[test]
fn what_is_not_toml_is_told_with_line_and_column_and_without_the_line_itself() {
    let text = "[log]\nlevel = info\n\n[sports\nfollow = []\nsecret = whsec_abc\n";
    let told = refused(text, &[]);
    assert!(!told.contains("whsec_"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn a_key_that_stands_twice_is_told() {
    insta::assert_snapshot!(refused("[log]\nlevel = \"info\"\nlevel = \"debug\"\n", &[]));
}

#[test]
fn a_webhook_says_what_it_needs() {
    let text = r#"
[channels.newsroom]
kind = "webhook"

[channels.desk]
kind = "webhook"
url = "http://desk.example.org/hook"
secret_env = "desk secret"
secret = "hunter2hunter2"
idempotency_window = "sometimes"
in_flight = 0

[channels.third]
kind = "webhook"
url = "https://user:hunter2@example.org/hook"
secret_env = "THIRD_SECRET"
"#;
    let told = refused(text, &[]);
    assert!(!told.contains("hunter2"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn an_account_on_a_platform_says_what_it_needs() {
    let text = r#"
[channels.tg]
kind = "telegram"

[channels.tg2]
kind = "telegram"
chat = "https://t.me/wire"
token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
token_env = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
api_url = "http://example.org"
timeout = "1 h"

[channels.tg3]
kind = "telegram"
chat = -1001234567890
audit_chat = "-1001234567890"
chatt = "@wire"

[channels.sky]
kind = "bluesky"
account = "@wire.bsky.social"
password = "hunter2hunter2"
in_flight = 100

[channels.toots]
kind = "mastodon"
visibility = "followers"
language = "English!"

[channels.guild]
kind = "discord"
channel_id = "general"

[channels.hook]
kind = "discord_webhook"
url = "https://discord.com/api/webhooks/1/hunter2"
url_env = "https://discord.com/api/webhooks/1/hunter2"

[channels.ex]
kind = "x"
access_token = "1-hunter2"
threads = "sometimes"
"#;
    let told = refused(text, &[]);
    assert!(!told.contains("AAHdq") && !told.contains("hunter2"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn a_secret_that_stands_in_the_file_is_refused_wherever_it_stands_and_never_shown() {
    let text = r#"
title = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

[channels.newsroom]
kind = "webhook"
url = "https://example.org/hook?key=whsec_BBBB"
secret = "whsec_CCCC"
secret_env = "whsec_DDDD"
kinds = ["whsec_EEEE"]
"#;
    let vars = [
        ("WIREREPORT_CHANNELS__DESK__KIND", "webhook"),
        ("WIREREPORT_CHANNELS__DESK__SECRET_ENV", "whsec_FFFF"),
    ];
    let told = refused(text, &vars);
    for value in ["AAAA", "BBBB", "CCCC", "DDDD", "EEEE", "FFFF"] {
        assert!(!told.contains(value), "{told}");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_wire_that_watches_nothing_or_tells_nobody_is_refused() {
    let nobody = "[channels.feed]\nenabled = false\n[channels.terminal]\nenabled = false\n";
    insta::assert_snapshot!(format!("{}\n{}", refused("[sports]\nfollow = []\n", &[]), refused(nobody, &[])));
}

#[test]
fn wrong_variables_are_told_with_the_nearest_name() {
    let vars = [
        ("WIREREPORT_HEALTH__LISTN", "127.0.0.1:1"),
        ("WIREREPORT_HEALTH_LISTEN", "127.0.0.1:1"),
        ("WIREREPORT_SPORTS__NBA__TRESHOLD", "0.5"),
        ("WIREREPORT_SPORTS__NBAA__THRESHOLD", "0.5"),
        ("WIREREPORT_FROBNICATE", "yes"),
        ("WIREREPORT_SPORTS__THRESHOLD", "high"),
        ("WIREREPORT_CHANNELS__DESK__URL", "https://example.org"),
        ("WIREREPORT_LOG", "loud"),
    ];
    insta::assert_snapshot!(refused("", &vars));
}

#[test]
fn a_state_directory_that_cannot_be_found_or_used_is_told() {
    let nowhere = load(&Sources { file: None, env: Env::new([]) }).expect_err("there is no home");
    let long = refused(&format!("state_dir = \"/{}\"", "d".repeat(100)), &[]);
    insta::assert_snapshot!(format!("{nowhere}\n{}", long.replace(&"d".repeat(100), "ddd…")));
}

#[test]
fn settings_errors_exit_with_ex_config() {
    let errors = load(&sources("nonsense = 1", &[])).expect_err("nonsense is no key");
    assert_eq!(errors.exit_code(), 78);
    assert_eq!(errors.iter().count(), 1);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,80}(\n\\PC{0,40}){0,4}") {
        let _ = load(&sources(&text, &[]));
    }

    #[test]
    fn no_value_makes_the_reader_panic(
        key in prop::sample::select(vec!["history", "sports.threshold", "sports.kinds", "channels.feed.items",
            "health.listen", "feeds.espn.body_cap", "sports.follow", "channels.feed", "log.level", "state_dir"]),
        value in prop::sample::select(vec!["1", "-1", "1.5", "nan", "inf", "true", "\"\"", "\"x\"", "[]", "[1]",
            "[[]]", "{}", "{ a = 1 }", "1979-05-27", "99999999999999999999", "0x1f", "\"30 days\""]),
    ) {
        let text = format!("{key} = {value}");
        if let Err(errors) = load(&sources(&text, &[])) {
            for error in errors.iter() {
                prop_assert!(matches!(error.at, Origin::File { line: 1, .. }), "{}", error);
            }
        }
    }
}

#[test]
fn a_league_that_the_feed_does_not_carry_is_refused_where_the_feed_is_set() {
    assert_eq!(
        refused("[sports.nba]\nfeed = \"nhl\"\n", &[]),
        "wirereport.toml:2:8: `sports.nba.feed` is \"nhl\", which carries nhl and not nba; set it in [sports.nhl] alone"
    );
    assert_eq!(
        refused("[sports]\nfollow = [\"mlb\", \"eng.1\"]\nfeed = \"statsapi\"\n", &[]),
        "wirereport.toml:3:8: `sports.feed` is \"statsapi\", which carries mlb and not eng.1; set it in [sports.mlb] alone"
    );
    assert_eq!(
        refused("[sports]\nfeed = \"nhl\"\n[sports.\"eng.1\"]\nfeed = \"statsapi\"\n", &[]).lines().count(),
        2
    );
}

#[test]
fn a_league_is_read_from_its_own_feed_where_that_is_set() {
    let settings = read(
        "[sports.nhl]\nfeed = \"nhl\"\n[sports.mlb]\nfeed = \"statsapi\"\n[feeds.nhl]\ntimeout = \"8 s\"\n",
        &[],
    );
    let feed = |key: &str| settings.sports[&SportKey::new(key)].feed.first();
    assert_eq!((feed("nhl"), feed("mlb"), feed("nba")), (FeedName::Nhl, FeedName::Statsapi, FeedName::Espn));
    assert_eq!(settings.feeds.nhl.timeout, std::time::Duration::from_secs(8));
    let only = read("[sports]\nfollow = [\"nhl\"]\nfeed = \"nhl\"\n", &[]);
    assert_eq!(only.sports[&SportKey::new("nhl")].feed, Feeds(vec![FeedName::Nhl]));
    let off = read("[sports.nba]\nenabled = false\nfeed = \"nhl\"\n", &[]);
    assert!(!off.sports.contains_key(&SportKey::new("nba")));
}

#[test]
fn a_host_has_a_budget_of_an_hour_or_of_a_day_and_not_both() {
    let both = "[feeds.espn]\nrequests_per_hour = 100\nrequests_per_day = 900\n";
    let error = refused(both, &[]);
    assert!(error.contains("is set beside `requests_per_day`; set one of them"), "{error}");
    let daily = read("[feeds.espn]\nrequests_per_day = 900\n", &[]).feeds.espn.allowance();
    let wanted = Allowance { requests: 900, window: Window::Day };
    assert_eq!((daily, read("", &[]).feeds.espn.allowance()), (Some(wanted), None));
}

#[test]
fn several_feeds_of_a_league_are_named_in_the_order_of_preference() {
    let settings = read("[sports.nhl]\nfeed = [\"espn\", \"nhl\"]\n", &[]);
    let nhl = SportKey::new("nhl");
    assert_eq!(settings.sports[&nhl].feed, Feeds(vec![FeedName::Espn, FeedName::Nhl]));
    let by_variable = read("", &[("WIREREPORT_SPORTS__NHL__FEED", "nhl, espn")]);
    assert_eq!(by_variable.sports[&nhl].feed, Feeds(vec![FeedName::Nhl, FeedName::Espn]));
    let list = |feeds: &str| refused(&format!("[sports.nhl]\nfeed = {feeds}\n"), &[]);
    assert_eq!(
        list("[\"espn\", \"statsapi\"]"),
        "wirereport.toml:2:8: `sports.nhl.feed` is \"statsapi\", which carries mlb and not nhl; set it in [sports.mlb] alone"
    );
    assert!(list("[\"espn\", \"espn\"]").contains("must be a list of feeds that are there once each"));
    assert!(list("[]").contains("must be a list of feeds"));
    assert!(list("[\"espn\", \"nlh\"]").contains("did you mean \"nhl\"?"));
}

#[test]
fn a_feed_whose_clubs_have_other_names_stands_alone() {
    let feeds = |key: &str| format!("[sports.\"{key}\"]\nfeed = [\"espn\", \"api_sports\"]\n");
    for key in ["nba", "nfl", "eng.1"] {
        read(&feeds(key), &[]);
    }
    assert_eq!(
        refused(&feeds("esp.1"), &[]),
        "wirereport.toml:2:8: `sports.\"esp.1\".feed` names several feeds, but the clubs of esp.1 cannot be told to be the \
         same ones in \"api_sports\"; name one feed"
    );
    read("[sports.\"esp.1\"]\nfeed = \"api_sports\"\n", &[]);
    let mlb = refused("[sports.mlb]\nfeed = \"api_sports\"\n", &[]);
    assert!(mlb.contains("carries nba, nfl and soccer leagues such as eng.1 and not mlb"), "{mlb}");
}

#[test]
fn a_final_waits_for_a_second_feed_where_there_is_one() {
    let check = |text: &str| read(text, &[]).sports[&SportKey::new("nhl")].rules().cross_check;
    let both = "[sports.nhl]\nfeed = [\"espn\", \"nhl\"]\n";
    assert_eq!((check(both), check("")), (Some(std::time::Duration::from_secs(60)), None));
    assert_eq!(check(&format!("{both}cross_check = \"30 s\"\n")), Some(std::time::Duration::from_secs(30)));
    assert_eq!(check(&format!("{both}cross_check = \"off\"\n")), None);
    let error = refused(&format!("{both}cross_check = \"2 h\"\n"), &[]);
    assert!(error.contains("must be \"off\" or a duration in quotes"), "{error}");
}

#[test]
fn settings_that_say_twice_how_much_is_told_get_one_clear_sentence() {
    for text in [
        "[sports.nba]\nthreshold = 0.4\nposts_per_game = 6",
        "[sports]\nposts_per_day = 100\nposts_per_game = 6",
        "[sports]\nposts_per_day = 100\nthreshold = 0.4",
        "sports.posts_per_game = 0",
        "sports.posts_per_game = \"usuall\"",
        "sports.rivalries = [\"Celtics\"]",
    ] {
        let told = load(&sources(text, &[])).expect_err(text).to_string();
        insta::with_settings!({ description => text }, { insta::assert_snapshot!(told) });
    }
}

#[test]
fn a_feed_of_news_says_what_it_needs_and_stands_beside_a_league_that_is_watched() {
    let wrong = "sports.follow = [\"nba\"]\n[news.ESPN]\nurl = \"x\"\n[news.bare]\n[news.odd]\nurl = \"ftp://example.org\"\n\
                 source = \"visit evil.com\"\nsport = \"nbb\"\nevery = \"1 s\"\nsignificance = 2\netag = true\n\
                 [news.other]\nurl = \"https://example.org/rss\"\nsource = \"BBC Sport\"\nsport = \"nhl\"\n";
    insta::assert_snapshot!(refused(wrong, &[]));
    let right =
        "[news.espn-nba]\nurl = \"https://example.org/rss?league=nba\"\nsource = \"ESPN\"\nsport = \"nba\"\n";
    let settings = read(right, &[("WIREREPORT_NEWS__ESPN_NBA__EVERY", "1 h")]);
    let feed = &settings.news["espn-nba"];
    assert_eq!((feed.every.as_secs(), feed.significance), (3_600, 0.15));
    assert!(read(&format!("{right}enabled = false\n"), &[]).news.is_empty());
    assert!(defaults().news.is_empty());
}
