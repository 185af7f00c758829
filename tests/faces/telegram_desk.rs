//! The operator's desk in Telegram: buttons and orders, from those who are listed, once.

use serde_json::Value;
use wirereport::clock::SystemClock;
use wirereport_actors::ports::clock::Clock;

use crate::boards::{NBA, night, telling};
use crate::desk::{Desk, eventually};
use crate::scoreboard::Scoreboard;
use crate::stand_in::telegram_desk::Note;
use crate::stand_in::{Platform, Platforms, telegram, telegram_desk};

const EDITOR: i64 = 7001;
const STRANGER: i64 = 666;
const CHAT: i64 = -100_555;

struct Office {
    desk: Desk,
    stand_in: Platforms,
    scoreboard: Scoreboard,
}

impl Office {
    /// Every text waits for the editor.
    async fn open() -> Self {
        let (stand_in, scoreboard) = (Platforms::start().await, night().await);
        let settings = format!(
            "{}[approval.all]\nexpires = \"1 h\"\n[alerts]\nevery = \"1 s\"\n[alerts.telegram]\n\
             token_env = \"TELEGRAM_BOT_TOKEN\"\nchats = [\"{}\"]\nusers = [{EDITOR}]\napi_url = \"{}\"\n",
            telling(&scoreboard),
            telegram_desk::DESK,
            stand_in.url(Platform::Telegram),
        );
        let mut desk = Desk::with(&settings);
        desk.set("TELEGRAM_BOT_TOKEN", telegram::TOKEN);
        Self { desk, stand_in, scoreboard }
    }

    fn notes(&self) -> Vec<Note> {
        self.stand_in.journal().desk.told.clone()
    }

    /// The note that shows a post and has buttons, once there is one beyond the first `after` notes.
    async fn shown(&self, after: usize) -> Note {
        let shown = async || self.notes().into_iter().skip(after).find(|note| note.buttons.len() == 2);
        eventually("a text is shown", shown).await
    }

    fn presses(&self, user: i64, data: &str) {
        self.stand_in.to_desk(|desk| desk.presses(user, data));
    }

    fn says(&self, user: i64, text: &str) {
        let now = SystemClock.now().as_second();
        self.stand_in.to_desk(|desk| desk.says(user, CHAT, text, now));
    }

    async fn answers(&self, count: usize) -> Vec<String> {
        let answers = async || {
            let answers = self.stand_in.journal().desk.answers.clone();
            (answers.len() >= count).then_some(answers)
        };
        eventually("the bot answers", answers).await
    }

    async fn note_with(&self, part: &str) -> Note {
        let found = async || self.notes().into_iter().find(|note| note.text.contains(part));
        eventually(part, found).await
    }

    async fn changes(&self, who: i64) -> Vec<Value> {
        let who = format!("telegram:{who}");
        self.desk.json(&["changes", "--who", &who]).await.as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_text_is_approved_once_by_who_is_listed_and_by_nobody_else() {
    let office = Office::open().await;
    let service = office.desk.start_ready().await;
    office.scoreboard.advance(NBA);
    let note = office.shown(0).await;
    assert!(note.text.starts_with("post ") && note.text.contains("it expires in "), "{}", note.text);
    let (approve, reject) = (note.buttons[0].clone(), note.buttons[1].clone());
    let post = approve.split(':').nth(1).unwrap().to_owned();

    office.presses(STRANGER, &approve);
    office.says(STRANGER, "/stop");
    let recorded = async || Some(office.changes(STRANGER).await).filter(|changes| changes.len() == 2);
    let recorded = eventually("the stranger is recorded", recorded).await;
    assert!(recorded.iter().all(|change| change["status"] == 403), "{recorded:?}");
    assert_eq!(recorded[1]["action"], format!("Telegram: approve post {post}"));
    let states = office.desk.json(&["posts", "list"]).await;
    assert_eq!(states[0]["state"], "awaiting_approval");

    office.presses(EDITOR, &approve);
    office.presses(EDITOR, &approve);
    office.presses(EDITOR, &reject);
    let answers = office.answers(3).await;
    assert_eq!(answers[0], format!("post {post} is approved"));
    assert!(answers[1..].iter().all(|answer| answer.starts_with(&format!("post {post} waits no more: "))));
    let sent = async || {
        let posts = office.desk.json(&["posts", "list", "--state", "sent"]).await;
        posts.as_array().unwrap().first().cloned()
    };
    assert_eq!(eventually("it is sent", sent).await["id"].to_string(), post);
    let changes = office.changes(EDITOR).await;
    let actions: Vec<&str> = changes.iter().filter_map(|change| change["action"].as_str()).collect();
    assert_eq!(actions, [format!("POST /v1/posts/{post}/approve")]);
    let bare = async || office.notes().iter().all(|note| note.buttons.is_empty()).then_some(());
    eventually("the buttons are gone", bare).await;
    let lines = service.stop().await.join("\n");
    assert!(!lines.contains(telegram::TOKEN) && !lines.contains("stand-in_0123456789"), "{lines}");
    assert_eq!(office.stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_button_is_about_the_text_it_was_shown_with_and_a_kill_shows_nothing_again() {
    let office = Office::open().await;
    let service = office.desk.start_ready().await;
    office.scoreboard.advance(NBA);
    let old = office.shown(0).await;
    let post = old.buttons[0].split(':').nth(1).unwrap().to_owned();
    let own = "An editor's own words, 99-98.";
    office.desk.run(&["edit", &post, "--own", "--text", own]).await.ok();
    let new = office.note_with(own).await;
    assert_ne!(new.buttons, old.buttons);
    office.presses(EDITOR, &old.buttons[0]);
    let answers = office.answers(1).await;
    assert_eq!(answers[0], format!("the text of post {post} was changed; look at its newer message"));
    service.kill().await;

    let before = office.notes().len();
    let service = office.desk.start_ready().await;
    office.presses(EDITOR, &new.buttons[1]);
    let answers = office.answers(2).await;
    assert_eq!(answers[1..], [format!("post {post} is rejected")], "nothing is heard a second time");
    let texts = |notes: &[Note]| notes.iter().filter(|note| note.text.contains(own)).count();
    assert_eq!(texts(&office.notes()[..before]), texts(&office.notes()), "nothing is shown again");
    let rejected = office.desk.json(&["posts", "show", &post]).await;
    assert_eq!(rejected["post"]["state"], "discarded");
    assert_eq!(rejected["post"]["reason"], "rejected by an editor: in Telegram");
    service.stop().await;
}

#[tokio::test]
async fn orders_are_carried_out_and_those_that_waited_too_long_are_not() {
    let office = Office::open().await;
    let long_ago = SystemClock.now().as_second() - 3600;
    office.stand_in.to_desk(|desk| desk.says(EDITOR, CHAT, "/stop", long_ago));
    let service = office.desk.start_ready().await;
    office.note_with("is not done; send it again").await;
    let stopped = |status: &Value| !status["switches"]["publishing_stopped"].is_null();
    assert!(!stopped(&office.desk.json(&["status"]).await));

    office.says(EDITOR, "/stop@wire_bot");
    office.note_with("publishing is stopped on every channel").await;
    office.desk.status_where("publishing is stopped", stopped).await;
    office.says(EDITOR, "/status");
    office.note_with("publishing is stopped since ").await;
    office.says(EDITOR, "/resume");
    office.note_with("publishing goes on").await;
    assert!(!stopped(&office.desk.json(&["status"]).await));
    office.says(EDITOR, "/pending");
    office.note_with("no text waits for you").await;
    office.says(EDITOR, "/dance");
    office.note_with("/stop: stop publishing on every channel").await;
    service.stop().await;
}
