//! A language model that writes, in the real binary: what it costs, what becomes of a story while it is asked, and when it
//! is left alone.

use serde_json::Value;

use crate::chat::{Model, Reply};
use crate::live::{self, Evening, Game};
use crate::receiver::Receiver;
use crate::scoreboard::{Answer, Scoreboard};
use crate::wire::{Place, SECRET, Wire, eventually, leads};

const BOARD: &str = "basketball/nba";
const KEY: &str = "sk-stand-in-0123456789";

struct Newsroom {
    place: Place,
    model: Model,
    scoreboard: Scoreboard,
    receiver: Receiver,
}

impl Newsroom {
    /// A game that will score and end, and a model that may write what is not urgent.
    async fn new(settings: &str) -> Self {
        let receiver = Receiver::start(SECRET).await;
        let scoreboard = Scoreboard::start().await;
        let model = Model::start().await;
        let evening = Evening::new();
        let game = || Game::new("1", "NYK", "BOS");
        let games = [game().with(80, 78).late(), game().with(80, 81).late(), game().with(80, 81).over()];
        scoreboard.play(BOARD, games.map(|game| Answer::board(&evening.board(&[game]))));
        let settings = format!(
            "{}[writers.openai]\nenabled = true\nbase_url = \"{}\"\nmodel = \"small\"\n\
             price_per_million_input = 0.25\nprice_per_million_output = 2\n{settings}",
            live::settings(&["nba"], scoreboard.url(), &receiver.url()),
            model.base_url(),
        );
        let mut place = Place::new(&settings);
        place.set([("OPENAI_API_KEY", KEY.to_owned())]);
        Self { place, model, scoreboard, receiver }
    }

    async fn open(&self) -> Wire {
        let wire = self.place.start(&[]);
        self.place.status_where("the wire leads", leads).await;
        self.place.look("nba").await;
        wire
    }

    async fn turn(&self) {
        self.scoreboard.advance(BOARD);
        for _ in 0..3 {
            self.place.look("nba").await;
        }
    }

    /// Waits until so many posts have left, and says who wrote them, the first first.
    async fn authors(&self, posts: usize) -> Vec<String> {
        let left = async || {
            let posts_now = self.place.posts().await;
            let sent = posts_now.iter().filter(|post| post["state"] == "sent" && post["channel"] == "hook");
            (sent.clone().count() >= posts).then(|| {
                let mut authors: Vec<String> =
                    sent.map(|post| post["author"].as_str().unwrap().to_owned()).collect();
                authors.reverse();
                authors
            })
        };
        eventually("the posts have left", left).await
    }

    /// What the status says of the model.
    async fn standing(&self) -> Value {
        self.place.status().await.unwrap()["writers"][0].clone()
    }
}

#[tokio::test]
async fn what_is_urgent_is_told_by_template_at_once_and_the_rest_by_the_model() {
    let newsroom = Newsroom::new("").await;
    let mut wire = newsroom.open().await;
    newsroom.turn().await;
    let first = newsroom.authors(1).await;
    assert!(first[0].starts_with("template:lead_change/"), "{first:?}");
    assert_eq!(newsroom.model.asked().len(), 0, "a lead change waits for nobody");
    newsroom.turn().await;
    assert_eq!(newsroom.authors(2).await[1], "openai:small");

    let bodies: Vec<String> =
        newsroom.receiver.accepted().into_iter().map(|accepted| accepted.body).collect();
    let told: Value = serde_json::from_str(&bodies[1]).unwrap();
    assert_eq!(told["data"]["text"], "BOSs beat NYKs 81-80.", "{told:#}");

    let standing = newsroom.standing().await;
    assert_eq!((&standing["name"], &standing["standing"]), (&"openai".into(), &"ready".into()));
    let today = &standing["spending"]["today"];
    assert_eq!((&today["calls"], &today["unanswered"]), (&1.into(), &0.into()), "{standing}");
    assert!(today["money"].as_u64() > Some(0), "{standing}");
    wire.terminate().await;
    assert!(wire.exit().await.success());
    assert!(!newsroom.place.logged().contains(KEY));

    // The books outlive the process.
    let wire = newsroom.open().await;
    assert_eq!(newsroom.standing().await["spending"]["today"], *today);
    let shown = newsroom.place.ok(&["status"]).await;
    assert!(shown.contains("openai") && shown.contains("1 call, "), "{shown}");
    wire.kill().await;
}

#[tokio::test]
async fn killed_while_the_model_is_asked_the_story_is_written_anew_and_the_call_stays_counted() {
    let newsroom = Newsroom::new("").await;
    let wire = newsroom.open().await;
    newsroom.turn().await;
    newsroom.model.script([Reply::Hang]);
    newsroom.turn().await;
    newsroom.model.asked_times(1).await;
    wire.kill().await;

    let wire = newsroom.open().await;
    assert_eq!(newsroom.authors(2).await[1], "openai:small");
    let today = newsroom.standing().await["spending"]["today"].clone();
    assert_eq!((&today["calls"], &today["unanswered"]), (&2.into(), &1.into()), "{today}");
    assert_eq!(newsroom.receiver.accepted().len(), 2, "each story once");
    wire.kill().await;
}

#[tokio::test]
async fn a_model_that_hangs_makes_a_story_late_by_its_budget_and_the_template_tells_it() {
    let newsroom = Newsroom::new("[writers.openai.wait]\nusual = \"1 s\"\n").await;
    let wire = newsroom.open().await;
    newsroom.turn().await;
    newsroom.model.script(std::iter::repeat_n(Reply::Hang, 9));
    newsroom.turn().await;
    let authors = newsroom.authors(2).await;
    assert!(authors[1].starts_with("template:final/"), "{authors:?}");
    let story = newsroom.place.told().await[0].clone();
    let story = newsroom.place.ok(&["explain", story["story"]["id"].as_str().unwrap()]).await;
    assert!(story.contains("openai did not write it: no answer within"), "{story}");
    wire.kill().await;
}

#[tokio::test]
async fn a_key_that_is_refused_is_shown_and_the_templates_carry_on() {
    let newsroom = Newsroom::new("").await;
    let wire = newsroom.open().await;
    newsroom.model.rule(|_| Reply::Error(401, "invalid_api_key", "Incorrect API key provided."));
    newsroom.turn().await;
    newsroom.turn().await;
    let authors = newsroom.authors(2).await;
    assert!(authors.iter().all(|author| author.starts_with("template:")), "{authors:?}");
    let standing = newsroom.standing().await;
    assert_eq!(standing["standing"], "left_alone");
    assert_eq!(standing["reason"], "HTTP 401 invalid_api_key: Incorrect API key provided.");
    let shown = newsroom.place.ok(&["status"]).await;
    assert!(shown.contains("generator: openai") && shown.contains("invalid_api_key"), "{shown}");
    assert_eq!(newsroom.model.asked().len(), 1);
    wire.kill().await;
}

#[tokio::test]
async fn a_cap_that_a_call_could_exceed_is_kept_to_and_shown() {
    let newsroom = Newsroom::new("budget_per_day = 0.0001\n").await;
    let wire = newsroom.open().await;
    newsroom.turn().await;
    newsroom.turn().await;
    let authors = newsroom.authors(2).await;
    assert!(authors.iter().all(|author| author.starts_with("template:")), "{authors:?}");
    assert_eq!(newsroom.model.asked().len(), 0, "nothing was spent");
    let standing = newsroom.standing().await;
    assert_eq!(standing["standing"], "left_alone");
    assert_eq!(standing["reason"], "$0.00 of the day's $0.0001 are spent");
    wire.kill().await;
}

#[tokio::test]
async fn a_false_text_is_sent_back_with_the_reason_and_stands_in_the_explanation() {
    let newsroom = Newsroom::new("").await;
    let wire = newsroom.open().await;
    newsroom.turn().await;
    let false_text = "{loser} beat {winner} {score}.";
    newsroom.model.script([Reply::texts("{matchup}", false_text, false_text)]);
    newsroom.turn().await;
    assert_eq!(newsroom.authors(2).await[1], "openai:small");
    let asked = newsroom.model.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].data()["refused"][0]["text"], "NYKs beat BOSs 81-80.");
    let story = newsroom.place.told().await[0].clone();
    let story = newsroom.place.ok(&["explain", story["story"]["id"].as_str().unwrap()]).await;
    assert!(story.contains("NYKs beat BOSs 81-80."), "{story}");
    let refused = &newsroom.standing().await["refused"];
    assert!(refused.as_object().unwrap().values().any(|texts| texts.as_u64() >= Some(1)), "{refused}");
    wire.kill().await;
}
