//! Stories, posts and trees for the golden files of the commands.

use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::ports::ledger::{Attempt, PostRecord, StoryRecord};
use wirereport_actors::supervision::{ChildKind, ChildStatus, Health, Phase};
use wirereport_actors::wire::facts::{Course, Facts};
use wirereport_actors::wire::game::{self, Clock, Play, PlayKind, Score, Team, Which};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::post::{
    ChannelName, Epoch, Operation, Outcome, Post, PostId, PostState, Remote,
};
use wirereport_actors::wire::significance::{Part, Significance};
use wirereport_actors::wire::sport::{Discipline, SportKey};
use wirereport_actors::wire::story::{Story, StoryId, Verdict};

pub(super) const GAME: &str = "nba-20241022-nyk-bos";

/// That many seconds after everything began.
pub(super) fn second(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_729_645_200 + seconds).unwrap()
}

/// What a terminal without colours shows.
pub(super) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn team(id: &str, place: &str, short_name: &str, code: &str) -> Team {
    Team {
        id: id.to_owned(),
        name: format!("{place} {short_name}"),
        short_name: short_name.to_owned(),
        place: place.to_owned(),
        code: code.to_owned(),
    }
}

/// New York take the lead in Boston with 6.1 seconds left.
pub(super) fn facts() -> Facts {
    Facts {
        sport: SportKey::new("nba"),
        league: "NBA".to_owned(),
        discipline: Discipline::Basketball,
        kind: MomentKind::LeadChange,
        home: team("2", "Boston", "Celtics", "BOS"),
        away: team("18", "New York", "Knicks", "NYK"),
        home_rank: None,
        away_rank: None,
        neutral: false,
        phase: game::Phase::Live,
        score: Score { home: 116, away: 117 },
        before: Some(Score { home: 116, away: 115 }),
        shootout: None,
        period: 4,
        regulation_periods: 4,
        clock: Some(Clock::Left { millis: 6100 }),
        scorer: Some(Which::Away),
        play: Some(Play {
            id: None,
            side: Some(Which::Away),
            points: 2,
            kind: PlayKind::Score,
            player: None,
            clock: Some(Clock::Left { millis: 6100 }),
        }),
        lead_changes: 14,
        largest_deficit: Score { home: 3, away: 15 },
        retracted: None,
        milestone: None,
        contest: None,
        news: None,
        seen_from_start: true,
        note: None,
        course: Course::default(),
    }
}

fn part(name: &str, value: f64, contribution: f64) -> Part {
    Part { name: name.to_owned(), value, contribution }
}

/// The story of these facts, as it was recorded.
pub(super) fn story(revision: u32, verdict: Verdict, facts: Facts) -> StoryRecord {
    let begun = i64::from(revision) * 60;
    StoryRecord {
        sequence: 122,
        story: Story {
            id: StoryId(format!("{GAME}/lead_change/4/22")),
            revision,
            sport: facts.sport.clone(),
            game: game::GameId(GAME.to_owned()),
            kind: facts.kind,
            after: second(begun - 15),
            seen_at: second(begun),
            confirmed_at: second(begun + 10),
            stale_at: second(begun + 300),
            significance: Significance {
                total: 0.908,
                parts: vec![
                    part("kind", 0.06, 0.06),
                    part("swing", 0.636, 0.6996),
                    part("leverage", 0.424, 0.1484),
                ],
            },
            facts,
            verdict,
            turn: 0,
        },
        written_at: None,
        refused: Vec::new(),
        notes: Vec::new(),
    }
}

/// A post of that story on `channel`.
pub(super) fn post(id: i64, channel: &str, state: PostState) -> Post {
    Post {
        id: PostId(id),
        story: StoryId(format!("{GAME}/lead_change/4/22")),
        revision: 1,
        sequence: 122,
        sport: SportKey::new("nba"),
        game: game::GameId(GAME.to_owned()),
        channel: ChannelName(channel.to_owned()),
        operation: Operation::Create,
        state,
        text: "The Knicks lead the Celtics 117-116 with 6.1 seconds left in the fourth quarter.".to_owned(),
        title: None,
        author: "template:lead_change/any/1".to_owned(),
        significance: 0.908,
        happened_at: second(60),
        created_at: second(71),
        changed_at: second(72),
        send_before: second(360),
        attempt: 1,
        failures: 0,
        in_doubt: false,
        not_before: None,
        reason: None,
        frozen: None,
        arm: None,
        remote: None,
        earlier: None,
    }
}

/// A post with an attempt for each outcome; the last one is under way where it is `None`.
pub(super) fn attempted(post: Post, outcomes: Vec<Option<Outcome>>) -> PostRecord {
    let attempt = |(index, outcome): (usize, Option<Outcome>)| {
        let armed = 72 + 30 * i64::try_from(index).unwrap();
        Attempt {
            number: u32::try_from(index).unwrap() + 1,
            epoch: Epoch(3),
            armed_at: second(armed),
            settled: outcome.map(|outcome| (second(armed + 1), outcome)),
        }
    };
    PostRecord { post, attempts: outcomes.into_iter().enumerate().map(attempt).collect() }
}

/// Sent as that.
pub(super) fn sent(id: &str, url: Option<&str>) -> Outcome {
    Outcome::Sent { remote: Remote { id: id.to_owned(), url: url.map(str::to_owned) } }
}

/// A child that runs and is well.
pub(super) fn child(name: &str, children: Vec<ChildStatus>) -> ChildStatus {
    ChildStatus {
        name: name.to_owned(),
        kind: if children.is_empty() { ChildKind::Worker } else { ChildKind::Supervisor },
        phase: Phase::Running,
        since: Duration::from_secs(7380),
        restarts: 0,
        restarts_in_window: 0,
        last_exit: None,
        pulse_age: Some(Duration::from_millis(200)),
        health: Health::Ok,
        doing: None,
        next: None,
        children,
    }
}
