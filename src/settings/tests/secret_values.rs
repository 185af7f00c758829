//! Secrets from three places, and what is refused.

use secrecy::ExposeSecret;

use super::*;

const FILE: &str = r#"
[channels.newsroom]
kind = "webhook"
url = "https://example.org/hook"
secret_env = "NEWSROOM_WEBHOOK_SECRET"
"#;
const NAME: &str = "NEWSROOM_WEBHOOK_SECRET";
const REAL: &str = "whsec_a8Jd0sQvTqk5lXrYw2Zc7B1nEuF4gHi9mKoPpR6tSxU=";

fn fetch(vars: &[(&str, &str)]) -> Result<secrets::Secrets, SettingsErrors> {
    let sources = sources(FILE, vars);
    secrets::fetch(&load(&sources).expect("the settings are right"), &sources.env)
}

fn value(vars: &[(&str, &str)]) -> String {
    let secrets = fetch(vars).unwrap_or_else(|errors| panic!("{errors}"));
    secrets.get(NAME).expect("the secret is there").expose_secret().to_owned()
}

#[test]
fn a_secret_comes_from_the_environment_a_file_or_a_systemd_credential() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(NAME);
    std::fs::write(&path, format!("{REAL}\n")).expect("written");
    let (path, folder) = (path.to_str().expect("utf-8"), folder.path().to_str().expect("utf-8"));

    assert_eq!(value(&[(NAME, REAL)]), REAL);
    assert_eq!(value(&[("NEWSROOM_WEBHOOK_SECRET_FILE", path)]), REAL);
    assert_eq!(value(&[("CREDENTIALS_DIRECTORY", folder)]), REAL);
}

#[test]
fn a_secret_comes_from_dotenv_as_from_the_environment() {
    let sources = sources(FILE, &[]);
    let env = sources.env.clone().with_dotenv(Path::new(".env"), &format!("{NAME}={REAL}\n")).expect("read");
    let secrets = secrets::fetch(&load(&sources).expect("right"), &env).expect("found");
    assert_eq!(secrets.get(NAME).expect("there").expose_secret(), REAL);
}

#[test]
fn a_secret_whose_name_begins_like_a_setting_is_no_unknown_variable() {
    let text = FILE.replace(NAME, "WIREREPORT_HOOK_SECRET");
    read(&text, &[("WIREREPORT_HOOK_SECRET", REAL)]);
    read(&text, &[("WIREREPORT_HOOK_SECRET_FILE", "/run/secret")]);
}

#[test]
fn a_missing_secret_is_told_with_its_name_its_channel_and_the_line_that_wants_it() {
    insta::assert_snapshot!(fetch(&[]).expect_err("it is missing").to_string());
}

#[test]
fn a_secret_that_cannot_be_used_is_told_and_never_shown() {
    let values = [
        "changeme",
        "whsec_changeme",
        "whsec_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "xxx",
        "<your secret here>",
        "whsec_${NEWSROOM}",
        "your-secret",
        "password",
        "gAAAAABmZm9vYmFy",
        " leading-and-long",
        "whsec_c2hvcnQ=",
        "whsec_%%%%notbase64%%%%",
        "s3cr3tt",
    ];
    let told: Vec<String> = values
        .iter()
        .map(|value| {
            let told = fetch(&[(NAME, value)]).expect_err("it is no secret").to_string();
            assert!(!told.contains(value.trim()) || value.len() < 9, "{told}");
            format!("{value:?}\n    {told}")
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn every_secret_of_an_account_is_wanted_and_held_against_its_form() {
    let text = "[channels.tg]\nkind = \"telegram\"\nchat = \"@wire\"\n[channels.x]\nkind = \"x\"\n\
                [channels.hook]\nkind = \"discord_webhook\"\n[channels.slack]\nkind = \"slack\"\n";
    let told = |vars: &[(&str, &str)]| {
        let sources = sources(text, vars);
        secrets::fetch(&load(&sources).expect("the settings are right"), &sources.env)
            .expect_err("wrong")
            .to_string()
    };
    let wrong = [
        ("TELEGRAM_BOT_TOKEN", "hunter2hunter2"),
        ("TWITTER_CONSUMER_KEY", "kept1kept1"),
        ("TWITTER_CONSUMER_SECRET", "kept2kept2"),
        ("TWITTER_ACCESS_TOKEN", "hunter2hunter2"),
        ("TWITTER_ACCESS_TOKEN_SECRET", "kept3kept3"),
        ("DISCORD_WEBHOOK_URL", "https://discord.com/api/webhooks/hunter2"),
        ("SLACK_WEBHOOK_URL", "https://hooks.slack.com"),
    ];
    let told = [told(&[]), told(&wrong)].join("\n");
    assert!(!told.contains("hunter2"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn a_secret_that_is_set_twice_or_whose_file_is_gone_is_told() {
    let file = ("NEWSROOM_WEBHOOK_SECRET_FILE", "/nowhere/secret");
    let twice = fetch(&[(NAME, REAL), file]).expect_err("set twice");
    let gone = fetch(&[file]).expect_err("no file");
    insta::assert_snapshot!(format!("{twice}\n{gone}"));
}

#[test]
fn validate_wants_the_secrets_unless_told_not_to() {
    let sources = sources(FILE, &[]);
    assert!(validate(&sources, SecretCheck::Require).is_err());
    assert!(validate(&sources, SecretCheck::Skip).is_ok());
}

#[test]
fn no_debug_form_shows_a_secret() {
    let sources = sources(FILE, &[(NAME, REAL)]);
    let loaded = load(&sources).expect("right");
    let secrets = secrets::fetch(&loaded, &sources.env).expect("found");
    let shown = format!("{sources:?} {loaded:?} {secrets:?}");
    assert!(shown.contains(NAME));
    assert!(!shown.contains("a8Jd0s"), "{shown}");
}

#[test]
fn the_key_of_a_feed_is_fetched_where_a_league_is_read_from_it_and_never_shown() {
    let nba = "[sports.nba]\nfeed = [\"espn\", \"api_sports\"]\n";
    let fetch = |text: &str, vars: &[(&str, &str)]| {
        let sources = sources(text, vars);
        secrets::fetch(&load(&sources).expect("right"), &sources.env)
    };
    let key = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    let found = fetch(nba, &[("RAPIDAPI_KEY", key)]).expect("found");
    assert_eq!(found.get("RAPIDAPI_KEY").expect("there").expose_secret(), key);
    assert!(!format!("{found:?}").contains(key));
    fetch("", &[]).expect("no league is read from it");
    assert_eq!(
        fetch(nba, &[]).expect_err("missing").to_string(),
        "settings: the feed api_sports needs the key RAPIDAPI_KEY, which is not set; set RAPIDAPI_KEY in the \
         environment or in .env, name a file that holds it in RAPIDAPI_KEY_FILE, or pass it as the systemd credential \
         RAPIDAPI_KEY"
    );
    let split = fetch(nba, &[("RAPIDAPI_KEY", "0a1b2c3d 4e5f6071")]).expect_err("unusable").to_string();
    assert!(split.contains("cannot use the key RAPIDAPI_KEY") && !split.contains("4e5f"), "{split}");
    let own = format!("{nba}[feeds.api_sports]\nsecret_env = \"WIREREPORT_SCORES_KEY\"\n");
    fetch(&own, &[("WIREREPORT_SCORES_KEY", key)]).expect("found under its own name");
}
