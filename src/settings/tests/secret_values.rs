//! Secrets from three places, and what is refused.

use std::os::unix::fs::PermissionsExt;

use secrecy::ExposeSecret;

use super::*;
use crate::settings::secrets::{GENERATED, Keyring, SigningKeys, rotation, signing_keys};

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
    std::fs::write(path, "\n").expect("written");
    let told =
        fetch(&[("CREDENTIALS_DIRECTORY", folder)]).expect_err("an empty credential is none").to_string();
    assert!(told.contains("which is not set"), "{told}");
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
        "xxx-xxx-xxx",
        "12345678",
        "newsroom_webhook_secret",
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

/// A folder with a key in it, and settings that name it.
fn with_a_key() -> (tempfile::TempDir, String, Keyring) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.key");
    rotation::keygen(&path).expect("made");
    let text = format!("{FILE}[secrets]\nkey_file = \"{}\"\n", path.display());
    let keyring = Keyring::open(&path).expect("whole");
    (folder, text, keyring)
}

fn fetch_with(text: &str, vars: &[(&str, &str)]) -> Result<secrets::Secrets, String> {
    let sources = sources(text, vars);
    let loaded = load(&sources).expect("the settings are right");
    secrets::fetch(&loaded, &sources.env).map_err(|errors| errors.to_string())
}

#[test]
fn an_encrypted_secret_is_decrypted_wherever_it_stands() {
    let (folder, text, keyring) = with_a_key();
    let sealed = keyring.encrypt(REAL).expect("a key");
    assert!(sealed.starts_with("gAAAAA") && !sealed.contains(REAL));
    let file = folder.path().join(NAME);
    std::fs::write(&file, format!("{sealed}\n")).expect("written");
    let file = file.to_str().expect("utf-8");
    for vars in [&[(NAME, sealed.as_str())][..], &[("NEWSROOM_WEBHOOK_SECRET_FILE", file)]] {
        let secrets = fetch_with(&text, vars).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(secrets.get(NAME).expect("there").expose_secret(), REAL);
    }
    let folder = folder.path();
    std::fs::rename(folder.join("own.key"), folder.join("secrets.key")).expect("moved");
    let credentials = [(NAME, sealed.as_str()), ("CREDENTIALS_DIRECTORY", folder.to_str().expect("utf-8"))];
    fetch_with(FILE, &credentials).expect("the key is a credential");
    let beside =
        Sources { file: Some((folder.join("w.toml"), FILE.to_owned())), env: env(&[(NAME, &sealed)]) };
    secrets::fetch(&load(&beside).expect("right"), &beside.env).expect("the key is beside the settings");
}

#[test]
fn an_encrypted_secret_that_cannot_be_opened_is_an_error_and_never_used_as_it_is() {
    let (folder, text, keyring) = with_a_key();
    let sealed = keyring.encrypt(REAL).expect("a key");
    let place = folder.path().display().to_string();
    let told = |text: &str, value: &str| {
        let told = fetch_with(text, &[(NAME, value)]).expect_err("it cannot be opened");
        assert!(!told.contains("gAAAAA") && !told.contains(REAL), "{told}");
        told.replace(&place, "FOLDER")
    };
    let mut tampered = sealed.clone().into_bytes();
    tampered[40] ^= 1;
    let tampered = String::from_utf8(tampered).expect("text");
    let (_other, _, strange) = with_a_key();
    let cases = [
        told(FILE, &sealed),
        told(&text, &tampered),
        told(&text, &strange.encrypt(REAL).expect("a key")),
        told(&text, &keyring.encrypt("changeme").expect("a key")),
        told(&text, &keyring.encrypt(&sealed).expect("a key")),
        told(&text, "gAAAAABmZm9vYmFy"),
        told(&text.replace("own.key", "no.key"), &sealed),
    ];
    let key = folder.path().join("own.key");
    let mode = |mode| {
        let set = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&key, set).expect("set");
    };
    mode(0o604);
    let open = told(&text, &sealed);
    mode(0o600);
    std::fs::write(&key, "# a comment\n\nnot-a-key\n").expect("written");
    let no_key = told(&text, &sealed);
    std::fs::write(&key, "# a comment\n").expect("written");
    let empty = told(&text, &sealed);
    let cases: Vec<String> = cases.into_iter().chain([open, no_key, empty]).collect();
    insta::assert_snapshot!(cases.join("\n"));
}

#[test]
fn a_signing_key_that_is_short_or_a_placeholder_is_refused_and_several_are_taken_newest_first() {
    let keys = |value: &str| {
        let sources = sources("", &[("BRAIN_API_SECRET_KEY", value)]);
        signing_keys(&load(&sources).expect("right"), &sources.env).map_err(|errors| {
            let told = errors.to_string();
            assert!(value.trim().is_empty() || !told.contains(value.trim()), "{told}");
            told
        })
    };
    let (new, old) = ("0Zb1nT6vQm8kXr3wYc5dGh7jLp9sUf2a", "7jLp9sUf2aYc5dGh0Zb1nT6vQm8kXr3w+/");
    let both = keys(&format!("{new} {old}\n")).expect("right").expect("there");
    let both: Vec<&str> = both.iter().map(|key| key.expose_secret()).collect();
    assert_eq!(both, [new, old]);
    assert!(signing_keys(&load(&sources("", &[])).expect("right"), &env(&[])).expect("fine").is_none());
    let wrong = [
        "0Zb1nT6vQm8kXr3wYc5dGh7jLp9sUf2",
        "your-secret-key-that-is-long-enough-in-bytes",
        "change_me_change_me_change_me_change_me",
        "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "abababababababababababababababababab",
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "<openssl rand -base64 48>aaaaaaaaaaaaaaaaaaaaaa",
        "$(openssl rand -base64 48)aaaaaaaaaaaaaaaaaaaaaa",
        "   ",
    ];
    let told: Vec<String> = wrong.iter().map(|value| keys(value).expect_err("no key")).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_signing_key_is_made_once_for_its_owner_alone_and_read_the_same_ever_after() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(GENERATED);
    let key = |keys: SigningKeys| -> String { keys.iter().map(|key| key.expose_secret()).collect() };
    let first = key(secrets::generated(folder.path()).expect("made"));
    assert!(first.len() >= 32);
    assert_eq!(key(secrets::generated(folder.path()).expect("read")), first);
    assert_eq!(path.metadata().expect("there").permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).expect("there").count(), 1, "no draft is left");

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
    let open = secrets::generated(folder.path()).expect_err("others may read it").to_string();
    assert!(open.contains("whose mode is 0644; run `chmod 600 "), "{open}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
    std::fs::write(&path, "short\n").expect("written");
    let short = secrets::generated(folder.path()).expect_err("too short").to_string();
    assert!(short.contains("is 5 bytes long and must have 32 or more"), "{short}");
}
