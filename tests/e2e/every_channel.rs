//! A game on every platform at once.

use serde_json::Value;

use crate::accounts::{self, Account};
use crate::receiver::Receiver;
use crate::recording;
use crate::wire::{self, Place, SECRET};

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

#[tokio::test]
async fn a_game_is_told_on_every_platform_once_in_the_ledgers_words_and_no_secret_stands_anywhere() {
    let mut open = Vec::new();
    for name in accounts::ALL {
        open.push(Account::open(name).await);
    }
    let receiver = Receiver::start(SECRET).await;
    let settings: String = open.iter().map(Account::settings).collect();
    let mut place = Place::new(&format!("{settings}{}", wire::hook(&receiver.url())));
    place.set(open.iter().flat_map(Account::variables));

    let path = recording::path("nba-atl-bos-117-116");
    let mut run =
        vec!["run", "--log-level", "trace", "--replay", &path, "--speed", "max", "--channel", "hook"];
    run.extend(accounts::ALL.iter().flat_map(|name| ["--channel", name]));
    let ended = place.output(&run).await;
    let log = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "{log}");
    place.ask_about_replay("replays");

    let stories = place.told().await;
    assert!(stories.len() > 3, "{stories:#?}");
    let mut said = vec![("the log", log), ("the output", String::from_utf8(ended.stdout).unwrap())];
    for account in &open {
        assert_eq!(account.stand_in.complaints(), [""; 0], "{}", account.name);
        let posts = account.posts(&place).await;
        assert!(posts.iter().all(|post| post["state"] == "sent"), "{}: {posts:#?}", account.name);
        let text = |post: &Value| post["text"].as_str().unwrap().to_owned();
        let kept = sorted(posts.iter().map(text).collect());
        let seen = sorted(account.stand_in.texts());
        assert_eq!(seen, kept, "{}", account.name);
        assert_eq!(posts.len(), stories.len(), "{}: every story once", account.name);
        let id = posts[0]["id"].to_string();
        said.push(("posts show", place.ok(&["posts", "show", &id, "--json"]).await));
        said.push(("posts show", place.ok(&["posts", "show", &id]).await));
    }
    assert_eq!(receiver.complaints(), [""; 0]);
    assert_eq!((receiver.accepted().len(), receiver.repeats()), (stories.len(), 0));

    said.push(("posts list", place.ok(&["posts", "list", "--limit", "500"]).await));
    said.push(("posts list", place.ok(&["posts", "list", "--limit", "500", "--json"]).await));
    said.push(("validate", place.ok(&["validate"]).await));
    let secrets =
        open.iter().flat_map(Account::secrets).chain([SECRET.trim_start_matches("whsec_").to_owned()]);
    for secret in secrets {
        for (what, text) in &said {
            let line = text.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{secret} stands in {what}");
        }
    }
}
