//! What the default settings tell of every complete game of the corpus: golden lists in `tests/goldens`, and beside them
//! an oracle that reads the play-by-plays by itself. It knows nothing of how games are converted or moments are found, and
//! says what any list must hold whatever the rules come to weigh.
//!
//! To make the lists again, and then to read what changed: `INSTA_UPDATE=always cargo test --test recordings told`.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use async_trait::async_trait;
use wirereport::report::{GameReport, Noticed, report, stands};
use wirereport::writers::template::TemplateWriter;
use wirereport_actors::ports::writer::{Assignment, Writer, WriterError, Written};
use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::story::Verdict;
use wirereport_actors::wire::voice::{Manner, Tone};

use super::*;

/// The built-in templates in one tone.
struct InTone(Tone, TemplateWriter);

#[async_trait]
impl Writer for InTone {
    fn name(&self) -> &str {
        self.1.name()
    }

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        let manner = Manner { tone: self.0, ..Manner::default() };
        self.1.write(&Assignment { manner, ..assignment.clone() }).await
    }
}

/// Every game, with its play-by-play and what is noticed in it.
async fn every_game(corpus: &Path) -> Vec<(&'static Known, Value, GameReport)> {
    every_game_in(Tone::Plain, corpus).await
}

async fn every_game_in(tone: Tone, corpus: &Path) -> Vec<(&'static Known, Value, GameReport)> {
    let writer = InTone(tone, TemplateWriter::builtin().expect("the built-in templates"));
    let mut games = Vec::new();
    for known in COMMITTED.iter().map(|(_, known)| known).chain(&FURTHER) {
        let sport = Sport::of(known.sport).expect("a league");
        let recording = converted(corpus, known, "game");
        let mut reports = report(&recording, &sport, &Rules::usual(&sport), &writer).await;
        assert_eq!(reports.len(), 1, "{}", known.source);
        let value = serde_json::from_slice(&source(corpus, known)).expect("JSON");
        games.push((known, value, reports.remove(0)));
    }
    games
}

fn told(game: &GameReport) -> impl Iterator<Item = &Noticed> {
    game.moments.iter().filter(|moment| moment.story.verdict == Verdict::Told)
}

/// One told moment a line: where the game stands, the score home first, its kind, its worth, its text.
fn page(game: &GameReport) -> String {
    let line = |moment: &Noticed| {
        let story = &moment.story;
        let score = format!("{}-{}", story.facts.score.home, story.facts.score.away);
        let text = moment.told().map_or_else(|| moment.why_not().unwrap_or_default(), str::to_owned);
        format!(
            "{:<9} {score:>7}  {:<14} {:.2}  {text}\n",
            stands(&story.facts),
            story.kind.as_str(),
            story.significance.total
        )
    };
    told(game).map(line).collect()
}

#[tokio::test]
async fn the_games_of_the_corpus_are_told_as_the_goldens_have_it_in_each_tone() {
    let Some(corpus) = corpus() else { return };
    for (tone, ending) in [(Tone::Plain, ""), (Tone::Lively, ".lively")] {
        for (known, _, game) in every_game_in(tone, &corpus).await {
            let name = format!("{}-{}-{}{ending}", known.sport, known.away, known.home).to_lowercase();
            insta::with_settings!({
                snapshot_path => "../goldens", prepend_module_to_snapshot => false, omit_expression => true
            }, {
                insta::assert_snapshot!(name, page(&game));
            });
        }
    }
}

/// How many posts a game of a kind may come to: enough to follow it by, and not so many that nobody does.
const POSTS: [(&str, RangeInclusive<usize>); 6] = [
    (ATL_BOS.source, 5..=14),
    ("espn/sdvjs/nba_summary_401585607_TOR_ORL_20240317.json", 2..=12),
    ("espn/weldy/nfl_summary_401547417_GB_ATL_20230917.json", 6..=12),
    ("espn/weldy/nhl_summary_NYR_FLA_20240601.json", 4..=10),
    ("mlb/feed_live_777687_CIN_CHC_20250601.json", 3..=10),
    ("statsbomb/events_15986_Barcelona_Girona_2-2.json", 5..=8),
];

#[tokio::test]
async fn a_game_is_told_in_as_many_posts_as_its_kind_bears() {
    let Some(corpus) = corpus() else { return };
    let games = every_game(&corpus).await;
    for (source, wanted) in &POSTS {
        let (.., game) = games.iter().find(|(known, ..)| known.source == *source).expect("a game");
        let posts = told(game).count();
        assert!(wanted.contains(&posts), "{source}: {posts} told, {wanted:?} wanted");
    }
}

#[tokio::test]
async fn telling_every_change_at_once_takes_no_more_than_a_threshold_of_zero() {
    let Some(corpus) = corpus() else { return };
    let writer = TemplateWriter::builtin().expect("the built-in templates");
    let (recording, sport) = (converted(&corpus, &ATL_BOS, "game"), Sport::of("nba").expect("a league"));
    let rules = Rules { threshold: 0.0, confirmations: 0, ..Rules::default() };
    let game = report(&recording, &sport, &rules, &writer).await.remove(0);
    let posts = told(&game).count();
    assert!((90..=128).contains(&posts), "{posts} told");
}

/// A score of a play-by-play, and whether it fell in the last five minutes or their like.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Entry {
    score: Score,
    period: u8,
    late: bool,
}

#[tokio::test]
async fn every_late_lead_change_every_overtime_and_every_final_is_found() {
    let Some(corpus) = corpus() else { return };
    let (mut late, mut overtimes) = (0, 0);
    for (known, value, game) in every_game(&corpus).await {
        let entries = entries(known, &value);
        assert!(entries.len() > 1, "{}: the oracle read nothing", known.source);
        for pair in entries.windows(2).filter(|pair| pair[1].late) {
            let leader = pair[1].score.leader();
            if leader.is_none() || leader == pair[0].score.leader() {
                continue;
            }
            late += 1;
            let found = game.moments.iter().any(|moment| {
                let score = moment.story.facts.score;
                takes_the_lead(moment.story.kind)
                    && score.leader() == leader
                    && is_on_the_way(known, score, pair[1].score)
            });
            assert!(found, "{}: no lead change to {:?}", known.source, pair[1]);
        }
        let regulation = Sport::of(known.sport).expect("a league").regulation.periods;
        if entries.iter().any(|entry| entry.period > regulation) || known.periods > regulation {
            overtimes += 1;
            let overtime = told(&game).any(|moment| moment.story.kind == MomentKind::Overtime);
            assert!(overtime, "{}: its overtime is not told", known.source);
        }
        let finals: Vec<&Noticed> =
            game.moments.iter().filter(|moment| moment.story.kind == MomentKind::Final).collect();
        let [end] = finals[..] else { panic!("{}: {} finals", known.source, finals.len()) };
        let result = Score { home: known.result.0, away: known.result.1 };
        assert_eq!((end.story.facts.score, &end.story.verdict), (result, &Verdict::Told), "{}", known.source);
        assert_eq!(entries.last().map(|entry| entry.score), Some(result), "{}", known.source);
    }
    println!("{late} late lead changes and {overtimes} overtimes found");
    assert!(
        late >= 10 && overtimes >= 4,
        "only {late} late lead changes and {overtimes} overtimes were looked for"
    );
}

#[tokio::test]
async fn nothing_is_told_twice_and_no_told_score_is_false() {
    let Some(corpus) = corpus() else { return };
    for (known, value, game) in every_game(&corpus).await {
        let entries = entries(known, &value);
        let mut ids = BTreeSet::new();
        for Noticed { story, .. } in told(&game) {
            assert!(ids.insert((story.id.clone(), story.revision)), "{} is told twice", story.id);
            let is_true = story.facts.score == Score::default()
                || entries.iter().any(|entry| is_on_the_way(known, story.facts.score, entry.score));
            assert!(is_true, "{}: {:?} never stood", known.source, story.facts.score);
        }
    }
}

#[tokio::test]
async fn no_two_posts_of_a_game_are_alike_in_any_tone() {
    let Some(corpus) = corpus() else { return };
    for tone in [Tone::Plain, Tone::Lively] {
        let mut again = Vec::new();
        for (known, _, game) in every_game_in(tone, &corpus).await {
            let mut said = BTreeSet::new();
            for moment in told(&game) {
                let story = &moment.story;
                let text = moment.told().unwrap_or_else(|| panic!("{}: {:?}", story.id, moment.why_not()));
                if !said.insert(sentence(text, &story.facts)) {
                    again.push(format!("{}: {text:?}", known.source));
                }
            }
        }
        assert!(again.is_empty(), "{tone:?} is said twice: {again:#?}");
    }
}

#[tokio::test]
async fn the_winner_six_seconds_before_the_end_is_worth_nearly_all_and_a_basket_in_a_rout_nearly_nothing() {
    let Some(corpus) = corpus() else { return };
    let mut baskets = 0;
    for (known, _, game) in every_game(&corpus).await.into_iter().filter(|(known, ..)| known.sport == "nba") {
        for Noticed { story, .. } in &game.moments {
            let (score, worth) = (story.facts.score, story.significance.total);
            if known.source == ATL_BOS.source && score == (Score { home: 116, away: 117 }) {
                assert!(!takes_the_lead(story.kind) || worth > 0.9, "{:?}", story.significance);
            }
            let rout = |score: Score| score.margin() >= 25;
            if story.kind == MomentKind::Score && rout(score) && story.facts.before.is_some_and(rout) {
                baskets += 1;
                assert!(worth < 0.1, "{}: {:?}", story.id, story.significance);
            }
        }
    }
    assert!(baskets > 0, "no basket in a rout was looked at");
}

/// A text without its names and figures, so that a sentence is known again with others in it.
fn sentence(text: &str, facts: &Facts) -> String {
    let nameless = text.replace(&facts.home.short_name, "T").replace(&facts.away.short_name, "T");
    let figure = |word: &str| word.chars().any(|c| c.is_ascii_digit());
    nameless
        .split_whitespace()
        .map(|word| if figure(word) { "#" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The kinds as which a lead that is taken may be noticed.
fn takes_the_lead(kind: MomentKind) -> bool {
    matches!(kind, MomentKind::LeadChange | MomentKind::Comeback | MomentKind::Run)
}

/// Whether a score is that of an entry; football's summaries leave out the one between a touchdown and its try.
fn is_on_the_way(known: &Known, score: Score, entry: Score) -> bool {
    let (home, away) = (entry.home.wrapping_sub(score.home), entry.away.wrapping_sub(score.away));
    let tries = if known.kind == Source::NflShield { 2 } else { 0 };
    matches!((home, away), (0, less) | (less, 0) if less <= tries)
}

/// The scores of a play-by-play, read straight from it.
fn entries(known: &Known, value: &Value) -> Vec<Entry> {
    let list = |pointer: &str| value.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
    let sport = Sport::of(known.sport).expect("a league");
    let (regulation, seconds) = (sport.regulation.periods, sport.regulation.period_seconds);
    let late = |period: u8, left: Option<u32>| {
        period > regulation || (period == regulation && left.is_none_or(|left| left <= 300))
    };
    let of = |entries: Vec<Value>, [home, away, period, clock]: [&str; 4]| -> Vec<Entry> {
        let entry = |entry: &Value| {
            let score = Score { home: number(entry.pointer(home)?)?, away: number(entry.pointer(away)?)? };
            let period = u8::try_from(number(entry.pointer(period)?)?).ok()?;
            let shown = entry.pointer(clock).and_then(Value::as_str).and_then(clock_seconds);
            let counts_up = known.kind == Source::EspnClock && known.sport == "nhl";
            let left = shown.map(|shown| if counts_up { seconds.saturating_sub(shown) } else { shown });
            Some(Entry { score, period, late: late(period, left) })
        };
        entries.iter().filter_map(entry).collect()
    };
    let timed = |mut entries: Vec<Value>| {
        entries.retain(|entry| entry.get("wallclock").is_some());
        entries
    };
    let mut entries = match known.kind {
        Source::NbaStats | Source::NbaCdn => {
            of(list("/game/actions"), ["/scoreHome", "/scoreAway", "/period", "/clock"])
        }
        Source::NhlLegacy => of(
            list("/liveData/plays/allPlays"),
            ["/about/goals/home", "/about/goals/away", "/about/period", "/about/periodTimeRemaining"],
        ),
        Source::NhlWeb => of(
            list("/plays"),
            ["/details/homeScore", "/details/awayScore", "/periodDescriptor/number", "/timeRemaining"],
        ),
        Source::MlbStatsApi => of(
            list("/liveData/plays/allPlays"),
            ["/result/homeScore", "/result/awayScore", "/about/inning", "/none"],
        ),
        Source::NflShield => {
            of(list("/driveChart/scoringSummaries"), ["/homeScore", "/awayScore", "/quarter", "/clockTime"])
        }
        Source::EspnClock | Source::EspnMlb => {
            let by_drive = list("/drives/previous")
                .into_iter()
                .filter_map(|drive| drive.get("plays")?.as_array().cloned());
            let plays: Vec<Value> = by_drive.flatten().chain(list("/plays")).collect();
            of(timed(plays), ["/homeScore", "/awayScore", "/period/number", "/clock/displayValue"])
        }
        Source::EspnSoccer => goals(&list("/keyEvents"), |event| {
            let scores = event.get("scoringPlay") == Some(&Value::Bool(true));
            let sides = value.pointer("/header/competitions/0/competitors")?.as_array()?;
            let home = sides.iter().find(|side| side["homeAway"] == "home")?;
            let minute = event.pointer("/clock/displayValue")?.as_str()?.split('\'').next()?.parse().ok()?;
            scores.then(|| (event["team"]["id"] == home["team"]["id"], minute))
        }),
        Source::StatsBomb => goals(value.as_array().map_or(&[][..], Vec::as_slice), |event| {
            let scores = event.pointer("/shot/outcome/name").is_some_and(|name| name == "Goal");
            let home = value.pointer("/0/team/id")?;
            scores.then(|| (event["team"]["id"] == *home, number(&event["minute"]).unwrap_or(0)))
        }),
    };
    entries.dedup_by_key(|entry| (entry.score, entry.period));
    entries
}

/// Counts the goals of a list of events; `goal` says of each whether home scored it, and in which minute.
fn goals(events: &[Value], goal: impl Fn(&Value) -> Option<(bool, u32)>) -> Vec<Entry> {
    let mut score = Score::default();
    let mut entries = vec![Entry { score, period: 1, late: false }];
    for (home, minute) in events.iter().filter_map(goal) {
        if home {
            score.home += 1;
        } else {
            score.away += 1;
        }
        entries.push(Entry { score, period: if minute > 45 { 2 } else { 1 }, late: minute >= 85 });
    }
    entries
}

fn number(value: &Value) -> Option<u32> {
    value.as_str().map_or_else(
        || value.as_u64().and_then(|number| u32::try_from(number).ok()),
        |text| text.parse().ok(),
    )
}

/// `7:05`, `54.2` or `PT01M09.00S` in whole seconds.
fn clock_seconds(text: &str) -> Option<u32> {
    let text = text.trim_start_matches("PT").trim_end_matches('S').replace('M', ":");
    let (minutes, seconds) = text.split_once(':').unwrap_or(("0", &text));
    let seconds: f64 = seconds.parse().ok()?;
    Some(minutes.parse::<u32>().ok()? * 60 + seconds as u32)
}
