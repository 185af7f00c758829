//! The operator is told without asking: by webhook and Telegram, once, over restarts, and once more when it is over.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use serde_json::Value;
use tokio::net::TcpListener;
use wirereport::clock::SystemClock;
use wirereport_actors::ports::clock::Clock;

use crate::boards::{NBA, SECRET, night, telling};
use crate::desk::{Desk, eventually};
use crate::disk::Disk;
use crate::receiver::{Behaviour, Receiver};
use crate::stand_in::{Platform, Platforms, Trouble, telegram, telegram_desk};

mod driven;

/// A dead man's switch; what it was asked for.
async fn dead_man() -> (String, Arc<Mutex<u32>>) {
    let pings = Arc::<Mutex<u32>>::default();
    let seen = Arc::clone(&pings);
    let page = get(move || async move {
        *seen.lock().unwrap() += 1;
        "OK"
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ping/dead-man-secret-uuid", listener.local_addr().unwrap());
    let app = Router::new().route("/ping/dead-man-secret-uuid", page);
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, pings)
}

/// What the webhook accepted, as `type: alert of subject`.
fn told(pager: &Receiver) -> Vec<String> {
    let accepted = pager.accepted();
    let told = accepted.iter().map(|accepted| {
        let event: Value = serde_json::from_str(&accepted.body).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let data = &event["data"];
        format!("{}: {} of {}", text(&event["type"]), text(&data["alert"]), text(&data["subject"]))
    });
    told.collect()
}

#[tokio::test]
async fn a_channel_that_is_not_let_in_is_told_once_over_a_kill_and_once_when_it_is() {
    let (scoreboard, stand_in) = (night().await, Platforms::start().await);
    let pager = Receiver::start(SECRET).await;
    let (url, pings) = dead_man().await;
    let settings = format!(
        "{}[channels.telegram]\nkind = \"telegram\"\nchat = \"{}\"\napi_url = \"{api}\"\n\
         [alerts]\nevery = \"1 s\"\nwebhook_url_env = \"PAGER_URL\"\nwebhook_secret_env = \"PAGER_SECRET\"\n\
         dead_man_url_env = \"DEAD_MAN_URL\"\ndead_man_every = \"1 s\"\n\
         [alerts.telegram]\ntoken_env = \"TELEGRAM_BOT_TOKEN\"\nchats = [\"{}\"]\napi_url = \"{api}\"\n",
        telling(&scoreboard),
        telegram::CHAT,
        telegram_desk::DESK,
        api = stand_in.url(Platform::Telegram),
    );
    let mut desk = Desk::with(&settings);
    desk.set("TELEGRAM_BOT_TOKEN", telegram::TOKEN);
    desk.set("PAGER_URL", &pager.url());
    desk.set("PAGER_SECRET", SECRET);
    desk.set("DEAD_MAN_URL", &url);
    pager.script([Behaviour::Answer(503), Behaviour::AcceptThenReset]);
    stand_in.script(std::iter::repeat_n(Trouble::Deny, 2));

    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    let raised = "alert.raised: channel_halted of telegram";
    eventually("it is told", async || (told(&pager) == [raised]).then_some(())).await;
    let desk_told = || stand_in.journal().desk.told.iter().map(|told| told.text.clone()).collect::<Vec<_>>();
    eventually("in Telegram too", async || (desk_told().len() == 1).then_some(())).await;
    assert!(desk_told()[0].starts_with("wirereport: channel telegram waits for you (needs_auth)"));
    let status = desk.status_where("it is shown", |status| status["alerts"]["open"][0].is_object()).await;
    assert_eq!(status["alerts"]["open"][0]["kind"], "channel_halted");
    let shown = desk.run(&["status"]).await.ok();
    assert!(shown.contains("channel_halted") && shown.contains("waits for you"), "{shown}");
    eventually("the dead man hears", async || (*pings.lock().unwrap() > 1).then_some(())).await;
    service.kill().await;

    let service = desk.start_ready().await;
    desk.status_where("it is known again", |status| status["alerts"]["open"][0].is_object()).await;
    desk.run(&["actor", "resume", "publisher/telegram"]).await.ok();
    let resolved = "alert.resolved: channel_halted of telegram";
    eventually("it is over", async || (told(&pager) == [raised, resolved]).then_some(())).await;
    eventually("in Telegram too", async || (desk_told().len() == 2).then_some(())).await;
    assert!(desk_told()[1].starts_with("wirereport: over after "), "{:?}", desk_told());
    let lines = service.stop().await.join("\n");
    for secret in [telegram::TOKEN, "dead-man-secret-uuid", SECRET] {
        assert!(!lines.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn ways_to_the_operator_that_change_are_taken_over_by_a_reload_and_nothing_is_told_twice() {
    let (scoreboard, stand_in) = (night().await, Platforms::start().await);
    let (first, second) = (Receiver::start(SECRET).await, Receiver::start(SECRET).await);
    let ((old_url, old_pings), (new_url, new_pings)) = (dead_man().await, dead_man().await);
    let before = format!(
        "{}{}[alerts]\nevery = \"1 s\"\nwebhook_url_env = \"PAGER_URL\"\nwebhook_secret_env = \"PAGER_SECRET\"\n\
         dead_man_url_env = \"DEAD_MAN_URL\"\ndead_man_every = \"1 s\"\n",
        telling(&scoreboard),
        format_args!(
            "[channels.telegram]\nkind = \"telegram\"\nchat = \"{}\"\napi_url = \"{}\"\n",
            telegram::CHAT,
            stand_in.url(Platform::Telegram)
        ),
    );
    let mut desk = Desk::with(&before);
    desk.set("TELEGRAM_BOT_TOKEN", telegram::TOKEN);
    desk.set("PAGER_URL_FILE", "pager");
    desk.set("PAGER_SECRET", SECRET);
    desk.set("DEAD_MAN_URL_FILE", "dead-man");
    desk.write("pager", first.url());
    desk.write("dead-man", &old_url);
    stand_in.script(std::iter::repeat_n(Trouble::Deny, 2));
    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    let raised = "alert.raised: channel_halted of telegram";
    eventually("it is told", async || (told(&first) == [raised]).then_some(())).await;
    eventually("the dead man hears", async || (*old_pings.lock().unwrap() > 0).then_some(())).await;

    desk.write("pager", "not-an-address");
    let said = desk.run(&["reload"]).await.sentence(78);
    assert!(said.starts_with("the old settings stay: ") && said.contains("PAGER_URL"), "{said}");
    desk.write("pager", second.url());
    desk.write("dead-man", &new_url);
    desk.settings(&format!(
        "{before}[alerts.telegram]\ntoken_env = \"TELEGRAM_BOT_TOKEN\"\nchats = [\"{}\"]\nusers = [7001]\n\
         api_url = \"{}\"\n",
        telegram_desk::DESK,
        stand_in.url(Platform::Telegram),
    ));
    let said = desk.run(&["reload"]).await.ok();
    assert_eq!(said, "changed: alerts.telegram, alerts.webhook_url_env, alerts.dead_man_url_env\n");
    eventually("another dead man hears", async || (*new_pings.lock().unwrap() > 0).then_some(())).await;
    let old = *old_pings.lock().unwrap();
    let now = SystemClock.now().as_second();
    stand_in.to_desk(|desk| desk.says(7001, -100_555, "/status", now));
    let notes = || stand_in.journal().desk.told.iter().map(|told| told.text.clone()).collect::<Vec<_>>();
    eventually("the desk is staffed", async || {
        notes().iter().any(|note| note.contains("leads")).then_some(())
    })
    .await;

    desk.run(&["actor", "resume", "publisher/telegram"]).await.ok();
    let resolved = "alert.resolved: channel_halted of telegram";
    eventually("it is over", async || (told(&second) == [resolved]).then_some(())).await;
    let over = async || notes().iter().any(|note| note.starts_with("wirereport: over after ")).then_some(());
    eventually("in Telegram too", over).await;
    let service = {
        service.stop().await;
        desk.start_ready().await
    };
    desk.status_where("it was looked", |status| status["alerts"]["over"][0].is_object()).await;
    assert_eq!((told(&first), told(&second)), (vec![raised.to_owned()], vec![resolved.to_owned()]));
    assert_eq!((first.seen(), *old_pings.lock().unwrap()), (1, old), "nobody asks the old ones again");
    service.stop().await;
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_is_told_and_the_wire_goes_on() {
    let scoreboard = night().await;
    let pager = Receiver::start(SECRET).await;
    let settings = format!(
        "{}[alerts]\nevery = \"1 s\"\nwebhook_url_env = \"PAGER_URL\"\nwebhook_secret_env = \"PAGER_SECRET\"\n",
        telling(&scoreboard)
    );
    let mut desk = Desk::with(&settings);
    desk.set("PAGER_URL", &pager.url());
    desk.set("PAGER_SECRET", SECRET);
    let Some(_disk) = Disk::mounted(&desk.path("state"), 8192) else { return };
    let service = desk.start_ready().await;
    let raised = ["alert.raised: disk_nearly_full of state directory"];
    eventually("it is told", async || (told(&pager) == raised).then_some(())).await;
    scoreboard.advance(NBA);
    service.logged("post sent").await;
    service.stop().await;
}

#[tokio::test]
async fn alerts_that_cannot_work_are_refused_with_what_to_do() {
    let desk = Desk::with("[alerts]\nwebhook_url_env = \"PAGER_URL\"\n");
    let said = desk.run(&["validate"]).await.refused(78);
    assert!(
        said.contains("wire.toml:") && said.contains("[alerts] needs PAGER_URL, which is not set"),
        "{said}"
    );
    let mut desk = Desk::with("[alerts]\ndead_man_url_env = \"DEAD_MAN_URL\"\n");
    desk.set("DEAD_MAN_URL", "http://elsewhere.example/ping/secret-path");
    let said = desk.run(&["validate"]).await.refused(78);
    assert!(said.contains("is no https address") && !said.contains("secret-path"), "{said}");
}
