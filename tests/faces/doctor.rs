//! `wirereport doctor`: what is well is said to be, and what is not is said with the next step; nothing is posted.

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::boards::{NBA, SECRET, board, newsroom, night, telling};
use crate::desk::Desk;
use crate::disk::Disk;
use crate::scoreboard::{Answer, Scoreboard};
use crate::stand_in::{Platform, Platforms, bluesky, discord, mastodon, slack, telegram, x};

const KEY: &str = "sk-stand-in-0123456789abcdef";

/// Runs it; its code, and what it printed as JSON.
async fn doctor(desk: &Desk) -> (i32, Value) {
    let outcome = desk.run(&["doctor", "--json"]).await;
    (outcome.code.unwrap(), serde_json::from_str(&outcome.out).unwrap())
}

/// The findings of a report about that, as `state: what`.
fn about(report: &Value, check: &str, subject: &str) -> Vec<String> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let wanted =
        findings.filter(|found| text(found, "check") == check && text(found, "subject").contains(subject));
    wanted.map(|found| format!("{}: {}", text(found, "state"), text(found, "what"))).collect()
}

/// A channel on every platform of the stand-in, and a webhook of one's own at that address.
fn everywhere(stand_in: &Platforms, own: &str) -> String {
    let url = |platform| stand_in.url(platform);
    format!(
        "{}[channels.telegram]\nkind = \"telegram\"\nchat = \"{}\"\naudit_chat = \"{}\"\napi_url = \"{}\"\n\
         [channels.x]\nkind = \"x\"\napi_url = \"{}\"\n\
         [channels.bluesky]\nkind = \"bluesky\"\naccount = \"{}\"\nservice_url = \"{}\"\n\
         [channels.mastodon]\nkind = \"mastodon\"\nserver_url = \"{}\"\n\
         [channels.discord]\nkind = \"discord\"\nchannel_id = \"{}\"\napi_url = \"{}\"\n\
         [channels.hook]\nkind = \"discord_webhook\"\n[channels.slack]\nkind = \"slack\"\n",
        newsroom(own),
        telegram::CHAT,
        telegram::AUDIT_CHAT,
        url(Platform::Telegram),
        url(Platform::X),
        bluesky::HANDLE,
        url(Platform::Bluesky),
        url(Platform::Mastodon),
        discord::CHANNEL,
        url(Platform::Discord),
    )
}

fn let_in(desk: &mut Desk, stand_in: &Platforms) {
    desk.set("NEWSROOM_SECRET", SECRET);
    desk.set("TELEGRAM_BOT_TOKEN", telegram::TOKEN);
    desk.set("TWITTER_CONSUMER_KEY", x::CONSUMER_KEY);
    desk.set("TWITTER_CONSUMER_SECRET", x::CONSUMER_SECRET);
    desk.set("TWITTER_ACCESS_TOKEN", x::TOKEN);
    desk.set("TWITTER_ACCESS_TOKEN_SECRET", x::TOKEN_SECRET);
    desk.set("BLUESKY_APP_PASSWORD", bluesky::PASSWORD);
    desk.set("MASTODON_ACCESS_TOKEN", mastodon::TOKEN);
    desk.set("DISCORD_BOT_TOKEN", discord::TOKEN);
    let hook = format!("{}/{}", stand_in.url(Platform::Discord), discord::WEBHOOK);
    desk.set("DISCORD_WEBHOOK_URL", &hook);
    desk.set("SLACK_WEBHOOK_URL", &format!("{}/{}", stand_in.url(Platform::Slack), slack::WEBHOOK));
    desk.set("OPENAI_API_KEY", KEY);
}

/// A language model's server that lists one model to who has the key; its address.
async fn model() -> String {
    let models = get(|headers: axum::http::HeaderMap| async move {
        let known =
            headers.get("authorization").is_some_and(|value| value == format!("Bearer {KEY}").as_str());
        let listed = json!({"object": "list", "data": [{"id": "small", "object": "model"}]});
        let refused = json!({"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}});
        if known {
            (axum::http::StatusCode::OK, axum::Json(listed))
        } else {
            (axum::http::StatusCode::UNAUTHORIZED, axum::Json(refused))
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let app = Router::new().route("/v1/models", models);
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

fn writing(model: &str, name: &str) -> String {
    format!("[writers.openai]\nenabled = true\nbase_url = \"{model}\"\nmodel = \"{name}\"\n")
}

/// A scoreboard on which nothing changes, whose clock is that far ahead.
async fn still(ahead: std::time::Duration) -> Scoreboard {
    let scoreboard = Scoreboard::start().await;
    let now = wirereport_actors::ports::clock::Clock::now(&wirereport::clock::SystemClock);
    let date = (now + ahead).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let board = board(98, 96).to_string();
    if ahead.is_zero() {
        // Its server dates its answers by itself.
        scoreboard.play(NBA, [Answer::Body(board.into())]);
        return scoreboard;
    }
    let kind = ("content-type", "application/json".to_owned());
    scoreboard.play(NBA, [Answer::Status(200, vec![kind, ("date", date)], board.into())]);
    scoreboard
}

#[tokio::test]
async fn a_wire_that_is_well_is_said_to_be_with_and_without_its_service_and_nothing_is_posted() {
    let (scoreboard, stand_in, model) =
        (still(std::time::Duration::ZERO).await, Platforms::start().await, model().await);
    let own = stand_in.url(Platform::Slack);
    let settings = telling(&scoreboard) + &everywhere(&stand_in, &own) + &writing(&model, "small");
    let mut desk = Desk::with(&settings);
    let_in(&mut desk, &stand_in);

    let (code, report) = doctor(&desk).await;
    let bad = |report: &Value| {
        let is_bad = |found: &&Value| {
            // How full this machine's disk is, and that the test polls often, is nobody's fault.
            (found["state"] == "error" || found["state"] == "warning")
                && found["check"] != "disk"
                && found["check"] != "settings"
        };
        report["findings"].as_array().unwrap().iter().filter(is_bad).cloned().collect::<Vec<_>>()
    };
    assert_eq!((code, bad(&report)), (0, vec![]), "{report}");
    assert_eq!(about(&report, "feed", "espn"), ["ok: its board of nba can be read, with 1 on it"]);
    assert_eq!(about(&report, "clock", ""), ["ok: it agrees with espn's"]);
    assert_eq!(
        about(&report, "channel", "telegram"),
        [
            "ok: Telegram lets the bot @wire_bot in",
            "ok: @wire_bot sees @wire, \"The wire\"",
            "ok: @wire_bot sees -100777, \"The wire's audit\""
        ]
    );
    assert_eq!(about(&report, "channel", "mastodon"), ["ok: the server lets @wire in"]);
    assert_eq!(about(&report, "channel", "bluesky"), ["ok: Bluesky lets wire.test in"]);
    assert_eq!(
        about(&report, "channel", "discord"),
        ["ok: Discord lets the bot wire in", "ok: wire sees the channel #scores"]
    );
    assert_eq!(about(&report, "channel", "hook"), ["ok: the webhook \"The wire\" is there"]);
    for (channel, silent) in
        [("x", "X bills each look"), ("slack", "shows only with"), ("newsroom", "shows only with")]
    {
        let found = about(&report, "channel", channel);
        assert!(found.len() == 1 && found[0].starts_with("note: 127.0.0.1 answers; "), "{found:?}");
        assert!(found[0].contains(silent), "{found:?}");
    }
    assert_eq!(about(&report, "writer", "openai"), ["ok: its server is there and has small"]);
    assert_eq!(about(&report, "ledger", ""), ["note: there is none yet; the first start makes it"]);
    assert_eq!(scoreboard.hits(NBA), 1, "a feed is asked once");
    assert_eq!((stand_in.seen_writes(), stand_in.texts()), (0, vec![]), "nothing is posted");
    assert!(!desk.path("state").exists(), "nothing is made");

    let service = desk.start_ready().await;
    let (code, report) = doctor(&desk).await;
    assert_eq!((code, bad(&report)), (0, vec![]), "{report}");
    assert!(about(&report, "service", "")[0].starts_with("ok: version "), "{report}");
    assert!(about(&report, "ledger", "")[0].starts_with("ok: every page is sound: schema "), "{report}");
    let text = desk.run(&["doctor"]).await.ok();
    assert!(text.contains("ok       channel telegram: Telegram lets the bot @wire_bot in"), "{text}");
    service.stop().await;
    assert_eq!((stand_in.seen_writes(), stand_in.complaints()), (0, vec![]));
}

#[tokio::test]
async fn a_secret_that_is_refused_is_told_with_the_next_step_and_never_shown() {
    let (scoreboard, stand_in, model) = (night().await, Platforms::start().await, model().await);
    let own = stand_in.url(Platform::Slack);
    let settings = telling(&scoreboard) + &everywhere(&stand_in, &own) + &writing(&model, "small");
    let mut desk = Desk::with(&settings);
    let_in(&mut desk, &stand_in);
    let wrong = [
        ("TELEGRAM_BOT_TOKEN", "4243:wrong_0123456789-abcdefgh"),
        ("BLUESKY_APP_PASSWORD", "wr0n-gwro-ngwr-ongw"),
        ("MASTODON_ACCESS_TOKEN", "wrong-mastodon-token-1"),
        ("DISCORD_BOT_TOKEN", "wrong.discord.bot-token-1"),
        ("OPENAI_API_KEY", "sk-wrong-0123456789abcdef"),
    ];
    wrong.iter().for_each(|(name, value)| desk.set(name, value));
    let hook = format!("{}/webhooks/900000000000000002/wrong_webhook_token", stand_in.url(Platform::Discord));
    desk.set("DISCORD_WEBHOOK_URL", &hook);

    let outcome = desk.run(&["doctor"]).await;
    assert_eq!(outcome.code, Some(1), "{}", outcome.out);
    assert_eq!(outcome.err, "wirereport: 6 things do not work\n");
    for line in [
        "error    channel telegram: Telegram answered HTTP 401 (Unauthorized): the account is not let in",
        "error    channel bluesky: Bluesky answered HTTP 401 (Invalid identifier or password)",
        "error    channel mastodon: the server answered HTTP 401",
        "error    channel discord: Discord answered HTTP 401",
        "error    channel hook: Discord answered HTTP 404 (Unknown Webhook)",
        "error    writer openai: its server refuses the key with HTTP 401",
        "→ put a new secret in its place and run `wirereport reload`",
    ] {
        assert!(outcome.out.contains(line), "{line} is not in\n{}", outcome.out);
    }
    for (name, value) in wrong {
        assert!(!outcome.out.contains(value) && !outcome.err.contains(value), "{name} is shown");
    }
    assert!(!outcome.out.contains("wrong_webhook_token"), "{}", outcome.out);
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_and_the_rest_is_looked_at() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let desk_settings = format!(
        "[sports]\nfollow = [\"nba\"]\n[feeds.espn]\nbase_url = \"http://{closed}\"\n{}\
         [channels.telegram]\nkind = \"telegram\"\nchat = \"@wire\"\napi_url = \"http://{closed}\"\n{}",
        newsroom(&format!("http://{closed}/hook/secret-path")),
        writing(&format!("http://{closed}/v1"), "small"),
    );
    let mut desk = Desk::with(&desk_settings);
    desk.set("NEWSROOM_SECRET", SECRET);
    desk.set("TELEGRAM_BOT_TOKEN", telegram::TOKEN);
    let (code, report) = doctor(&desk).await;
    assert_eq!(code, 1);
    assert!(about(&report, "feed", "espn")[0].starts_with("error: connect to 127.0.0.1"), "{report}");
    for channel in ["telegram", "newsroom"] {
        let found = about(&report, "channel", channel);
        assert!(found[0].starts_with("error: it cannot be reached: "), "{found:?}");
    }
    assert!(about(&report, "writer", "")[0].starts_with("warning: its server cannot be reached"), "{report}");
    assert_eq!(about(&report, "clock", ""), ["note: no host answered whose clock could be compared with it"]);
    let all = report.to_string();
    assert!(!all.contains(telegram::TOKEN) && !all.contains("secret-path"), "{all}");
}

#[tokio::test]
async fn a_clock_that_is_off_by_an_hour_is_told() {
    let scoreboard = still(std::time::Duration::from_secs(3600)).await;
    let desk = Desk::with(&telling(&scoreboard));
    let (code, report) = doctor(&desk).await;
    assert_eq!(code, 1, "{report}");
    let found = about(&report, "clock", "");
    let off = found[0].starts_with("error: it is 59 min") || found[0].starts_with("error: it is 1 h");
    assert!(off && found[0].contains("behind espn's"), "{found:?}");
}

#[tokio::test]
async fn a_disk_that_is_full_and_one_that_cannot_be_written_are_told() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let Some(disk) = Disk::mounted(&desk.path("state"), 4096) else { return };
    let service = desk.start_ready().await;
    disk.fill();
    let (code, report) = doctor(&desk).await;
    assert_eq!(code, 1);
    let found = about(&report, "disk", "state");
    assert!(found[0].starts_with("error: the disk is full: 0 B and "), "{found:?}");
    service.kill().await;
    disk.freeze();
    let (code, report) = doctor(&desk).await;
    assert_eq!(code, 1);
    let found = about(&report, "state", "state");
    assert!(found[0].starts_with("error: it cannot be written (Read-only file system"), "{found:?}");
}

#[tokio::test]
async fn settings_that_are_wrong_a_ledger_that_is_damaged_and_a_port_that_is_taken_are_told() {
    let scoreboard = night().await;
    let mut desk = Desk::with(&telling(&scoreboard));
    desk.start_ready().await.stop().await;
    desk.write("state/ledger.db", [7; 8192]);
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    desk.set("WIREREPORT_HEALTH__LISTEN", &taken.local_addr().unwrap().to_string());
    let (code, report) = doctor(&desk).await;
    assert_eq!(code, 1);
    assert!(about(&report, "ledger", "")[0].starts_with("error: "), "{report}");
    assert!(about(&report, "port", "health.listen")[0].contains("cannot listen on"), "{report}");
    desk.settings("[sports]\nfolow = [\"nba\"]\n");
    let (code, report) = doctor(&desk).await;
    assert_eq!(code, 1);
    let found = about(&report, "settings", "wire.toml");
    assert!(found[0].starts_with("error: wire.toml:") && found[0].contains("follow"), "{found:?}");
    assert_eq!(about(&report, "ledger", "").len(), 1, "the rest is looked at: {report}");
}

/// A host that answers everything alike; its address, and the methods, pages and keys it was asked with.
async fn host() -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    let asked = std::sync::Arc::<std::sync::Mutex<Vec<String>>>::default();
    let seen = std::sync::Arc::clone(&asked);
    let answer = move |request: axum::extract::Request| {
        let key = request.headers().contains_key("x-rapidapi-key");
        let key = if key { " with the key" } else { "" };
        seen.lock().unwrap().push(format!("{} {}{key}", request.method(), request.uri().path()));
        async { "{}" }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await.unwrap() });
    (url, asked)
}

fn alerting(stand_in: &Platforms) -> String {
    format!(
        "[alerts]\nwebhook_url_env = \"PAGER_URL\"\nwebhook_secret_env = \"PAGER_SECRET\"\n\
         dead_man_url_env = \"DEAD_MAN_URL\"\n[alerts.telegram]\nchats = [\"{}\", \"-100333\"]\napi_url = \"{}\"\n",
        telegram::CHAT,
        stand_in.url(Platform::Telegram)
    )
}

#[tokio::test]
async fn ways_to_the_operator_are_looked_at_and_nobody_is_told_anything() {
    let (scoreboard, stand_in, (url, asked)) = (night().await, Platforms::start().await, host().await);
    let mut desk = Desk::with(&(telling(&scoreboard) + &alerting(&stand_in)));
    desk.set("PAGER_URL", &format!("{url}/pager-secret-path"));
    desk.set("PAGER_SECRET", SECRET);
    desk.set("DEAD_MAN_URL", &format!("{url}/ping/dead-man-secret-uuid"));
    desk.set("ALERTS_TELEGRAM_TOKEN", telegram::TOKEN);
    let (code, report) = doctor(&desk).await;
    assert_eq!(code, 1);
    let silent = |subject| about(&report, "alerts", subject);
    assert_eq!(
        silent("webhook"),
        ["note: 127.0.0.1 answers; what its receiver makes of an alert shows only with one"]
    );
    assert!(silent("dead man's switch")[0].starts_with("note: 127.0.0.1 answers; a ping would say "));
    assert_eq!(
        silent("telegram"),
        [
            "ok: Telegram lets the bot @wire_bot in",
            "ok: @wire_bot sees @wire, \"The wire\"",
            "error: @wire_bot does not see -100333 (Bad Request: chat not found)"
        ]
    );
    assert_eq!(*asked.lock().unwrap(), ["HEAD /", "HEAD /"]);
    assert_eq!((stand_in.seen_writes(), stand_in.texts()), (0, vec![]), "nothing is said");

    desk.set("ALERTS_TELEGRAM_TOKEN", "4243:wrong_0123456789-abcdefgh");
    desk.set("PAGER_URL", "http://127.0.0.1:1/pager-secret-path");
    let text = desk.run(&["doctor"]).await.out;
    for line in [
        "error    alerts webhook: it cannot be reached: ",
        "→ see whether this machine reaches the network; notices wait meanwhile",
        "error    alerts telegram: Telegram answered HTTP 401 (Unauthorized): the account is not let in",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let bare = Desk::with(&telling(&scoreboard));
    let (_, report) = doctor(&bare).await;
    assert!(
        about(&report, "alerts", "ways")[0].starts_with("note: nobody is told without asking"),
        "{report}"
    );
}

#[tokio::test]
async fn rapidapis_gateway_is_asked_nothing_that_it_counts_and_that_is_said() {
    let (url, asked) = host().await;
    let settings = format!(
        "[sports]\nfollow = [\"nba\"]\n[sports.nba]\nfeed = \"api_sports\"\n\
         [feeds.api_sports]\ngateway = \"rapidapi\"\nnba_url = \"{url}\"\n"
    );
    let mut desk = Desk::with(&settings);
    desk.set("RAPIDAPI_KEY", "stand-in-rapidapi-key-0123456789");
    let (_, report) = doctor(&desk).await;
    let found = about(&report, "feed", "api_sports");
    assert!(found[0].starts_with("note: 127.0.0.1 answers; RapidAPI counts every request "), "{found:?}");
    let next = report["findings"].as_array().unwrap().iter().find(|found| found["subject"] == "api_sports");
    assert!(next.unwrap()["next"].as_str().unwrap().starts_with("the first poll shows it"), "{next:?}");
    assert_eq!(*asked.lock().unwrap(), ["HEAD /"]);
}
