//! `wirereport support-bundle`: what helps is in it, and no secret is, wherever it was planted.

use std::os::unix::fs::PermissionsExt;

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::desk::{Desk, eventually};
use crate::stand_in::{Platform, Platforms, Trouble, mastodon, telegram};

/// Secrets that no setting registers by its value: they are known by where they stand or by how they look.
const PATH: &str = "hook-path-5f3c1b9a7d2e";
const BEARER: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9.dGhpcyBpcyBhIHNpZ25hdHVyZQ";
const IN_FILE: &str = "masto-in-a-file-9k2j4h6g8f";
const IN_DOTENV: &str = "dotenv-openai-key-1q2w3e4r5t";
const SIGNING: &str = "a-signing-key-of-more-than-thirty-two-bytes-9x7q2m";

#[tokio::test]
async fn it_holds_what_helps_and_none_of_the_secrets_that_were_planted() {
    let (scoreboard, stand_in) = (night().await, Platforms::start().await);
    let settings = format!(
        "{}{}[channels.telegram]\nkind = \"telegram\"\nchat = \"{}\"\napi_url = \"{}\"\nattempts = 1\n\
         [channels.mastodon]\nkind = \"mastodon\"\nserver_url = \"{}\"\ntoken_env = \"TOOT_TOKEN\"\n\
         [writers.openai]\nenabled = true\nmodel = \"small\"\nbase_url = \"http://127.0.0.1:9/v1\"\n\
         [writers.openai.wait]\nusual = \"0 s\"\n",
        telling(&scoreboard),
        newsroom(&format!("{}/{PATH}", stand_in.url(Platform::Slack))),
        telegram::CHAT,
        stand_in.url(Platform::Telegram),
        stand_in.url(Platform::Mastodon),
    );
    let mut desk = Desk::with(&settings);
    desk.set("NEWSROOM_SECRET", SECRET);
    desk.set("TELEGRAM_BOT_TOKEN", telegram::TOKEN);
    desk.write("toot", format!("{IN_FILE}\n"));
    desk.set("TOOT_TOKEN_FILE", desk.path("toot").to_str().unwrap());
    desk.write(".env", format!("OPENAI_API_KEY={IN_DOTENV}\nBRAIN_API_SECRET_KEY={SIGNING}\n"));
    // A platform that gives our own token back stands in the ledger as the reason of an attempt.
    let echo = format!("{{\"ok\":false,\"error_code\":400,\"description\":\"no {}\"}}", telegram::TOKEN);
    stand_in.script(std::iter::repeat_n(Trouble::Answer(400, echo), 40));

    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    let failed = async || {
        let posts = desk.json(&["posts", "list", "--state", "failed"]).await;
        (posts.as_array().unwrap().len() == 3).then_some(())
    };
    eventually("three posts have failed", failed).await;
    desk.run(&["posts", "retry", "999"]).await.sentence(1);
    let log = [
        "ready".to_owned(),
        format!("GET https://api.example/v1 authorization: Bearer {BEARER}"),
        format!("the secret is {SECRET}, the token {} and the file says {IN_FILE}", telegram::TOKEN),
        format!("?key={IN_DOTENV}&signed={SIGNING}"),
    ];
    desk.write("wire.log", log.join("\n"));

    let said = desk.run(&["support-bundle", "bundle.txt", "--log", "wire.log"]).await.ok();
    assert!(
        said.starts_with("bundle.txt: ") && said.ends_with("read it before you send it to anybody\n"),
        "{said}"
    );
    let mode = std::fs::metadata(desk.path("bundle.txt")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(desk.path("bundle.txt")).unwrap();
    for secret in [
        SECRET,
        &SECRET["whsec_".len()..],
        telegram::TOKEN,
        telegram::TOKEN.split(':').nth(1).unwrap(),
        mastodon::TOKEN,
        PATH,
        BEARER,
        IN_FILE,
        IN_DOTENV,
        SIGNING,
    ] {
        assert!(!text.contains(secret), "{secret} is in the bundle");
    }
    for part in [
        "== system\nsystem ",
        "== doctor\n",
        "== settings\n",
        "channels.newsroom.secret_env = \"NEWSROOM_SECRET\"  # wire.toml:",
        "== status\nwirereport 0.1.0",
        "== last posts\n{",
        "POST /v1/posts/999/retry",
        "The Hawks",
        "== log wire.log\nready\n",
        "(secret)",
    ] {
        assert!(text.contains(part), "{part:?} is not in the bundle:\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "it is plain text");

    let sentence = desk.run(&["support-bundle", "bundle.txt"]).await.sentence(1);
    assert_eq!(sentence, "bundle.txt is there: name another file, or give --force");
    std::fs::set_permissions(desk.path("bundle.txt"), std::fs::Permissions::from_mode(0o644)).unwrap();
    service.stop().await;
    desk.run(&["support-bundle", "bundle.txt", "--force"]).await.ok();
    let mode = std::fs::metadata(desk.path("bundle.txt")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "also in place of one that others could read");
    let text = std::fs::read_to_string(desk.path("bundle.txt")).unwrap();
    assert!(text.contains("== status\nno service is running") && text.contains("== last posts\n{"), "{text}");
}

#[tokio::test]
async fn a_wire_whose_settings_are_wrong_and_that_never_ran_can_be_helped_too() {
    let desk = Desk::with("[sports]\nfolow = [\"nba\"]\n");
    desk.run(&["support-bundle", "bundle.txt"]).await.ok();
    let text = std::fs::read_to_string(desk.path("bundle.txt")).unwrap();
    assert!(text.contains("the key `sports.folow` is not known"), "{text}");
    assert!(text.contains("== ledger\nthere is none"), "{text}");
}
