//! The files an operator gets, and the ones he names.

use wirereport_actors::wire::post::ChannelName;

use super::*;

/// The lines of the commented file that show a setting, without their `#`.
fn uncommented(text: &str) -> String {
    let shown =
        text.lines().filter_map(|line| line.strip_prefix('#')).filter(|line| !line.starts_with([' ', '#']));
    shown.map(|line| format!("{line}\n")).collect()
}

/// The examples in the commented file's prose.
fn examples(text: &str) -> String {
    text.lines().filter_map(|line| line.strip_prefix("#     ")).map(|line| format!("{line}\n")).collect()
}

/// Accounts with nothing but what they need.
const BARE: [(&str, &str); 7] = [
    ("telegram", "kind = \"telegram\"\nchat = \"@your_channel\""),
    ("x", "kind = \"x\""),
    ("bluesky", "kind = \"bluesky\"\naccount = \"wire.example.org\""),
    ("mastodon", "kind = \"mastodon\"\nserver_url = \"https://mastodon.example.org\""),
    ("discord", "kind = \"discord\"\nchannel_id = \"1234567890123456789\""),
    ("discord-webhook", "kind = \"discord_webhook\""),
    ("slack", "kind = \"slack\""),
];

#[test]
fn the_file_that_init_writes_changes_nothing_as_it_is() {
    assert_eq!(read(init_text(), &[]), defaults());
}

#[test]
fn the_file_that_init_writes_shows_every_setting_with_its_default() {
    let text = uncommented(init_text());
    let loaded = load(&sources(&text, &[])).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(loaded.settings, defaults());
    for leaf in &loaded.origins {
        assert_ne!(leaf.origin, Origin::BuiltIn, "{} is not shown", leaf.key);
    }
}

#[test]
fn the_examples_in_that_file_are_right() {
    let text = examples(init_text());
    let loaded = load(&sources(&text, &[])).unwrap_or_else(|errors| panic!("{errors}"));
    let built_in = |key: &str| key.starts_with("channels.feed.") || key.starts_with("channels.terminal.");
    let channels = loaded.origins.iter().filter(|leaf| leaf.key.starts_with("channels."));
    for leaf in channels.filter(|leaf| !built_in(&leaf.key)) {
        let shown = leaf.origin != Origin::BuiltIn || leaf.key.ends_with(".enabled");
        assert!(shown, "{} is not shown", leaf.key);
    }
    let newsroom = ChannelName("newsroom".to_owned());
    let bare = "[channels.newsroom]\nkind = \"webhook\"\nurl = \"https://newsroom.example.org/wire\"\n\
                secret_env = \"NEWSROOM_WEBHOOK_SECRET\"\n";
    assert_eq!(loaded.settings.channels[&newsroom].kind, read(bare, &[]).channels[&newsroom].kind);
    let hashtags = "[voice.hashtags]\nnba = [\"#NBA\"]\n\"eng.1\" = [\"#PremierLeague\"]\n";
    for (name, bare) in BARE {
        let bare = read(&format!("{hashtags}[channels.{name}]\n{bare}\n"), &[]);
        let name = ChannelName(name.to_owned());
        assert_eq!(loaded.settings.channels[&name], bare.channels[&name], "what is shown is the default");
    }
}

/// Origins without their places in the file: each of them moves with every setting that is added above it.
fn without_lines(origins: &str) -> String {
    let line = |line: &str| match line.split_once(".toml:") {
        Some((before, _)) => format!("{before}.toml\n"),
        None => format!("{line}\n"),
    };
    origins.lines().map(line).collect()
}

#[test]
fn the_report_says_what_settings_come_to() {
    let text = format!("sports.follow = [\"nba\", \"eng.1\"]\n{}", examples(init_text()));
    let vars = [("WIREREPORT_HEALTH__LISTEN", "0.0.0.0:9999"), ("WIREREPORT_ENV", "staging")];
    let report =
        validate(&sources(&text, &vars), SecretCheck::Skip).unwrap_or_else(|errors| panic!("{errors}"));
    insta::assert_snapshot!(report.to_string());
    let text = report.origins_text();
    assert!(text.contains("sports.follow = [\"eng.1\",\"nba\"]  # wirereport.toml:1:17\n"), "{text}");
    insta::assert_snapshot!("origins", without_lines(&text));
}

#[test]
fn a_template_folder_that_is_not_there_is_told_by_validate() {
    let told = validate(&sources("templates.directory = \"/nowhere/at/all\"", &[]), SecretCheck::Require);
    insta::assert_snapshot!(told.expect_err("there is no such folder").to_string());
}

#[test]
fn the_file_is_the_named_one_then_the_variables_then_the_first_that_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let gather =
        |config: Option<&Path>, vars: &[(&str, &str)]| Sources::gather(config, env(vars), folder.path());
    assert_eq!(gather(None, &[]).expect("no file is fine").file, None);

    std::fs::create_dir(folder.path().join("config")).expect("made");
    write("config/wirereport.toml", "history = \"1 day\"");
    write("variable.toml", "history = \"2 days\"");
    write("flag.toml", "history = \"3 days\"");
    let text = |sources: Result<Sources, SettingsErrors>| sources.expect("read").file.expect("there").1;
    assert_eq!(text(gather(None, &[])), "history = \"1 day\"");
    let variable = [("WIREREPORT_CONFIG", "variable.toml")];
    assert_eq!(text(gather(None, &variable)), "history = \"2 days\"");
    assert_eq!(text(gather(Some(Path::new("flag.toml")), &variable)), "history = \"3 days\"");

    let errors = gather(Some(Path::new("absent.toml")), &variable).expect_err("a named file must be there");
    assert!(errors.to_string().ends_with(
        "absent.toml: cannot be read (there is no such file); name a file that is there and that this user may read"
    ), "{errors}");
}

#[test]
fn dotenv_adds_to_the_environment_and_never_overrides_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let dotenv = "# a comment\nWIREREPORT_HISTORY=\"5 days\"\nexport WIREREPORT_SHUTDOWN='7 s'\n";
    std::fs::write(folder.path().join(".env"), dotenv).expect("written");
    let env = env(&[("WIREREPORT_SHUTDOWN", "9 s")]);
    let sources = Sources::gather(None, env, folder.path()).expect("read");
    let loaded = load(&sources).expect("right");
    assert_eq!(duration::render(loaded.settings.history), "5 days");
    assert_eq!(duration::render(loaded.settings.shutdown), "9 s");
    assert!(loaded.origin("history").to_string().starts_with("WIREREPORT_HISTORY in "));
    assert!(std::env::var_os("WIREREPORT_HISTORY").is_none());
}

#[test]
fn a_line_of_dotenv_that_is_no_assignment_is_told_by_its_number_and_not_shown() {
    let text = "GOOD=1\n\nthis is hunter2\n";
    let errors = Env::default().with_dotenv(Path::new(".env"), text).expect_err("line 3 is wrong");
    insta::assert_snapshot!(errors.to_string(), @".env:3:1: this line is not of the form NAME=value; correct it or remove it");
}

const ENV_TEMPLATE: &str = include_str!("../../../.env.template");
const UNIT: &str = include_str!("../../../config/wirereport.service");

#[test]
fn the_template_of_dotenv_changes_nothing_as_it_is_nor_with_its_names_taken_over() {
    let names: Vec<&str> =
        ENV_TEMPLATE.lines().filter(|line| line.contains('=') && !line.contains(' ')).collect();
    assert!(names.len() > 15);
    for text in [ENV_TEMPLATE, &uncommented(ENV_TEMPLATE)] {
        let env = env(&[]).with_dotenv(Path::new(".env"), text).expect("the template is right");
        let loaded = load(&Sources { file: None, env }).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(loaded.settings, defaults());
    }
}

#[test]
fn every_name_in_the_template_of_dotenv_is_explained_in_the_line_above() {
    let lines: Vec<&str> = ENV_TEMPLATE.lines().collect();
    for pair in lines.windows(2).filter(|pair| pair[1].starts_with('#') && !pair[1].starts_with("# ")) {
        assert!(pair[0].starts_with("# ") || pair[1] == "#", "{}", pair[1]);
    }
}

/// Names that are read, or kept from the system that wirereport replaces, without being any setting's default.
const OTHER_NAMES: [&str; 16] = [
    "ALERTS_WEBHOOK_URL",
    "ALERTS_DEAD_MAN_URL",
    "WIREREPORT_CONFIG",
    "WIREREPORT_ENV",
    "WIREREPORT_LOG",
    "WIREREPORT_URL",
    "WIREREPORT_TOKEN",
    "WIREREPORT_HEALTH__LISTEN",
    "NEWSROOM_WEBHOOK_SECRET",
    "TWITTER_CLIENT_ID",
    "TWITTER_CLIENT_SECRET",
    "OPENAI_API_KEY",
    "REDIS_URL",
    "DATABASE_URL",
    "BRAIN_API_SECRET_KEY",
    "WIREREPORT_SECRETS__KEY_FILE",
];

#[test]
fn the_template_of_dotenv_has_every_name_once() {
    let text: String = BARE.iter().map(|(name, bare)| format!("[channels.{name}]\n{bare}\n")).collect();
    let loaded = load(&sources(&text, &[])).unwrap_or_else(|errors| panic!("{errors}"));
    let defaults = loaded.origins.iter().filter(|leaf| leaf.key.ends_with("_env") && leaf.value != "null");
    let defaults: Vec<String> = defaults.map(|leaf| leaf.value.trim_matches('"').to_owned()).collect();
    assert!(defaults.len() >= 9, "{defaults:?}");
    let lines = ENV_TEMPLATE.lines().filter(|line| line.starts_with('#') && !line.starts_with("# "));
    let mut there: Vec<&str> =
        lines.filter_map(|line| line[1..].split_once('=')).map(|pair| pair.0).collect();
    let mut wanted: Vec<&str> = defaults.iter().map(String::as_str).chain(OTHER_NAMES).collect();
    there.sort_unstable();
    wanted.sort_unstable();
    wanted.dedup();
    assert_eq!(there, wanted);
}

#[test]
fn the_unit_waits_longer_than_an_orderly_stop_may_take_and_never_restarts_on_wrong_settings() {
    let value = |key: &str| UNIT.lines().find_map(|line| line.strip_prefix(key)).expect("the unit sets it");
    let stop: u64 = value("TimeoutStopSec=").parse().expect("seconds");
    assert!(stop > defaults().shutdown.as_secs());
    assert_eq!(value("RestartPreventExitStatus="), EXIT_CODE.to_string());
    assert!(!UNIT.lines().any(|line| line.starts_with("ExecStartPre=")), "its exit code prevents no restart");
    let watchdog: u64 = value("WatchdogSec=").parse().expect("seconds");
    assert!(watchdog >= 10);
}
