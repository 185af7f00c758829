//! The words of facts: the one place where numbers become text.
//!
//! A template sees nothing of a game but these words. Each either follows from the [`Facts`] or is absent, so
//! a template cannot say what was not seen: where both sides scored between two sights there is no `scorer`,
//! and where the start of a game was missed there is no `comeback`. Scores stand with the leader's points
//! first.

use foldhash::{HashMap, HashMapExt};
use serde::{Serialize, Serializer};

use super::facts::Facts;
use super::game::{Clock, Phase, PlayKind, Score, Which};
use super::milestone::{Milestone, Stat, TRIPLE};
use super::moment::MomentKind;
use super::sport::Discipline;

mod contest;
pub mod derived;
mod figures;
pub mod margin;
pub mod number;
mod score;
pub mod team;
pub mod time;

use derived::Feat;
use number::{counted, with_article};
pub use score::leader_first;
use score::{line, standing, standing_with, stands, tally, tied};

/// One word, as templates see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Text that may be printed.
    Text(String),
    /// Something to ask for.
    Flag(bool),
    /// It does not follow from the facts.
    Absent,
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Absent => serializer.serialize_none(),
        }
    }
}

impl From<Option<String>> for Word {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Absent, Self::Text)
    }
}

/// Every word of a moment by its name. All names are always there; [`Word::Absent`] is what does not follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(HashMap<&'static str, Word>);

/// More words than there are.
const MANY: usize = 200;

impl Words {
    /// The words of these facts.
    pub fn of(facts: &Facts) -> Self {
        let mut words = Self(HashMap::with_capacity(MANY));
        words.add_sport(facts);
        words.add_teams(facts);
        words.add_scores(facts);
        words.add_scoring(facts);
        words.add_time(facts);
        words.add_course(facts);
        words.add_figures(facts);
        words.add_contest(facts);
        words.add_news(facts);
        words
    }

    /// In news there is no game, so that nothing else can be said.
    fn add_news(&mut self, facts: &Facts) {
        let news = facts.news.as_ref();
        if news.is_some() {
            for (name, word) in &mut self.0 {
                if !matches!(*name, "league" | "kind") {
                    *word = Word::Absent;
                }
            }
        }
        self.text("source", news.map(|news| news.source.clone()));
        self.text("headline", news.map(|news| news.headline.clone()));
    }

    /// The word of that name; `None` for a name there is no word of.
    pub fn get(&self, name: &str) -> Option<&Word> {
        self.0.get(name)
    }

    /// The names of all words, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.0.keys().copied().collect();
        names.sort_unstable();
        names.into_iter()
    }

    fn text(&mut self, name: &'static str, text: Option<String>) {
        self.0.insert(name, text.into());
    }

    fn flag(&mut self, name: &'static str, flag: bool) {
        self.0.insert(name, Word::Flag(flag));
    }

    fn add_sport(&mut self, facts: &Facts) {
        self.text("league", super::gate::clean_name(&facts.league).then(|| facts.league.clone()));
        self.text("kind", Some(facts.kind.to_string()));
        self.flag("neutral", facts.neutral);
        let started = match facts.discipline {
            Discipline::Basketball => "tipped off",
            Discipline::Football | Discipline::Soccer => "kicked off",
            Discipline::Hockey => "faced off",
            _ => "begun play",
        };
        self.text("started", Some(started.to_owned()));
        self.text("cause", facts.cause().map(str::to_owned));
    }

    fn add_teams(&mut self, facts: &Facts) {
        let score_leader = facts.has_score().then(|| facts.score.leader()).flatten();
        let roles = [
            (["home", "home_bare", "home_full"], Some(Which::Home)),
            (["away", "away_bare", "away_full"], Some(Which::Away)),
            (["leader", "leader_bare", "leader_full"], score_leader),
            (["trailer", "trailer_bare", "trailer_full"], score_leader.map(Which::other)),
            (["winner", "winner_bare", "winner_full"], facts.winner()),
            (["loser", "loser_bare", "loser_full"], facts.winner().map(Which::other)),
            (["scorer", "scorer_bare", "scorer_full"], facts.sole_scorer()),
            (["conceder", "conceder_bare", "conceder_full"], facts.sole_scorer().map(Which::other)),
            (["subject", "subject_bare", "subject_full"], facts.subject()),
            (["opponent", "opponent_bare", "opponent_full"], facts.subject().map(Which::other)),
        ];
        for ([phrase, bare, full], which) in roles {
            self.text(phrase, which.map(|which| ranked_phrase(facts, which)));
            self.text(bare, which.map(|which| team::called(facts, which).to_owned()));
            self.text(full, which.map(|which| full_phrase(facts, which)));
        }
        let agree = |which: Option<Which>, plural: &str, singular: &str| {
            which.map(|which| if team::is_plural(facts, which) { plural } else { singular }.to_owned())
        };
        self.text("lead", agree(score_leader, "lead", "leads"));
        self.text("leader_has", agree(score_leader, "have", "has"));
        self.text("trail", agree(score_leader.map(Which::other), "trail", "trails"));
        self.text("scorer_leads", agree(facts.sole_scorer(), "lead", "leads"));
        self.text("scorer_trails", agree(facts.sole_scorer(), "trail", "trails"));
        self.text("scorer_has", agree(facts.sole_scorer(), "have", "has"));
        self.text("subject_has", agree(facts.subject(), "have", "has"));
        self.text("matchup", Some(matchup(facts)));
        let [first, second] = in_order(facts);
        let joined = |name: &dyn Fn(Which) -> String| Some(format!("{} and {}", name(first), name(second)));
        self.text("sides", joined(&|which| ranked_phrase(facts, which)));
        self.text("sides_bare", joined(&|which| team::called(facts, which).to_owned()));
    }

    fn add_scores(&mut self, facts: &Facts) {
        let score = facts.has_score().then_some(facts.score);
        self.text("score", score.map(leader_first));
        self.text("score_home_away", score.map(|score| format!("{}-{}", score.home, score.away)));
        self.text("score_away_home", score.map(|score| format!("{}-{}", score.away, score.home)));
        self.text("line", score.map(|score| line(facts, score)));
        self.text("tally", score.map(|score| tally(facts, score)));
        self.text("tied", score.filter(|score| score.leader().is_none()).map(|score| tied(facts, score)));
        self.flag("close", facts.is_close());
        self.text("standing", score.map(|score| standing(facts, score)));
        self.text("standing_with", score.map(|score| standing_with(facts, score)));
        self.text(
            "subject_stands",
            facts.subject().zip(score).map(|(side, score)| stands(facts, side, score)),
        );
        self.flag("level", score.is_some_and(|score| score.leader().is_none()));
        let margin = score.map(Score::margin).filter(|margin| *margin > 0);
        self.text("margin", margin.map(|margin| counted(margin, unit(facts))));
        self.text(
            "margin_lead",
            margin.map(|margin| format!("{}-{} lead", with_article(margin), unit(facts))),
        );
        self.text("units", Some(format!("{}s", unit(facts))));
        self.text(
            "close_game",
            margin.map(|margin| format!("{}-{} game", with_article(margin), unit(facts))),
        );
        let before = facts.earlier_score();
        self.text("before_score", before.map(leader_first));
        let before_leader = before.and_then(Score::leader);
        self.text("before_leader", before_leader.map(|which| ranked_phrase(facts, which)));
        let turned = before_leader.is_some() && before_leader == facts.score.leader().map(Which::other);
        self.flag("from_behind", turned);
        self.flag("from_level", before.is_some_and(|before| before.leader().is_none()));
        self.flag("from_nothing", before == Some(Score::default()));
        let penalties = facts.shootout.filter(|s| facts.discipline == Discipline::Soccer && s.margin() > 0);
        self.text("penalties", penalties.map(leader_first));
        let retracted = facts.retracted.filter(|retracted| *retracted != facts.score);
        self.text("retracted_score", retracted.map(leader_first));
        self.text("retracted_line", retracted.map(|score| line(facts, score)));
        let annulled = facts.annulled();
        self.text("annulled", annulled.map(|(_, feat)| feat_words(feat)));
        self.text("annulled_side", annulled.map(|(side, _)| ranked_phrase(facts, side)));
    }

    fn add_scoring(&mut self, facts: &Facts) {
        self.text("points", facts.sole_scorer().map(|_| points(facts)));
        let play = facts.scoring_play();
        let own_goal = play.is_some_and(|play| play.kind == PlayKind::OwnGoal);
        let incident = facts.incident();
        let player = play.filter(|_| !own_goal).or(incident).and_then(|play| play.player.clone());
        let milestone = facts.milestone();
        let player = milestone.map(|one| one.player.clone()).or(player);
        self.text("player", player.filter(|player| super::gate::clean_name(player)));
        self.flag("own_goal", own_goal);
        self.flag("penalty", play.is_some_and(|play| play.kind == PlayKind::PenaltyGoal));
        let player_side = incident.and_then(|play| play.side).or(milestone.map(|one| one.side));
        self.text("feat", milestone.map(|one| feat(facts.discipline, one)));
        self.text("player_side", player_side.map(|which| ranked_phrase(facts, which)));
        self.flag("saved", incident.is_some_and(|play| play.kind == PlayKind::SavedPenalty));
        let at = play.or(incident).and_then(|play| match play.clock {
            Some(Clock::Minute { minute, added }) => time::minute(minute, added),
            _ => None,
        });
        self.text("play_when", at);
        let leads = facts.sole_scorer().map(|scorer| facts.score.leader() == Some(scorer));
        self.flag("scorer_is_ahead", leads == Some(true));
        let led = facts.earlier_score().and_then(Score::leader);
        self.flag("scorer_extends", leads == Some(true) && led == facts.score.leader());
        self.flag("scorer_is_behind", leads == Some(false) && facts.score.leader().is_some());
    }

    fn add_time(&mut self, facts: &Facts) {
        self.text("period", time::period(facts));
        self.text("in_period", time::in_period(facts));
        let told = !names_inning_of_score(facts);
        self.text("clock", time::clock(facts).filter(|_| told));
        self.text("clock_alone", time::clock_alone(facts).filter(|_| told));
        self.text("ended", time::ended(facts));
        self.text("now", time::now(facts));
        self.text("overtime", Some(time::next_stage(facts)));
        let under_way = facts.overtimes() > 0 || facts.phase == Phase::Shootout;
        self.flag("overtime_is_under_way", under_way);
    }

    fn add_course(&mut self, facts: &Facts) {
        let over = facts.phase == Phase::Final;
        self.flag("over", over);
        self.text("beyond", over.then(|| time::beyond_regulation(facts)).flatten());
        let [beat, to_beat, beats] = facts.victory().verbs(facts.discipline);
        self.text("beat", facts.winner().map(|_| beat.to_owned()));
        self.text("to_beat", facts.winner().map(|_| to_beat.to_owned()));
        let one = |winner| !team::is_plural(facts, winner);
        self.text("beats", facts.winner().map(|winner| if one(winner) { beats } else { to_beat }.to_owned()));
        let shut_out = facts.winner().is_some_and(|winner| facts.score.of(winner.other()) == 0);
        self.flag("shut_out", shut_out && facts.score.margin() > 0);
        let ahead = facts.winner().or_else(|| facts.score.leader());
        let made_good = (facts.kind == MomentKind::Comeback).then(|| facts.came_back_from()).flatten();
        let deficit = match made_good {
            Some((_, deficit)) => Some(deficit),
            None => ahead.and_then(|side| facts.comeback(side)),
        };
        self.text("deficit", deficit.map(|n| counted(n, unit(facts))));
        self.flag("upset", facts.is_upset());
        self.text("through", facts.scoreless_innings().map(time::through));
        self.text("decider", facts.decider().map(feat_words));
        self.text("largest_lead", facts.largest_lead().map(|n| counted(n, unit(facts))));
        let run = facts.run().map(|(_, points)| points);
        self.text("run", run.map(|points| counted(points, &format!("unanswered {}", unit(facts)))));
        self.text("run_score", run.map(|points| format!("{points}-0")));
        let streak = facts.streak().map(|side| ranked_phrase(facts, side));
        self.text("streak_side", streak);
        let many = facts.seen_from_start && facts.lead_changes >= many_lead_changes(facts.discipline);
        self.text("lead_changes", many.then(|| counted(facts.lead_changes, "lead change")));
    }
}

/// What a sport counts: `point`, `run`, `goal`.
pub fn unit(facts: &Facts) -> &'static str {
    match facts.discipline {
        Discipline::Basketball | Discipline::Football => "point",
        Discipline::Baseball => "run",
        Discipline::Hockey | Discipline::Soccer => "goal",
        Discipline::Tennis => "set",
        Discipline::Mma => "round",
        Discipline::Racing => "lap",
        Discipline::Golf => "stroke",
    }
}

fn many_lead_changes(discipline: Discipline) -> u32 {
    match discipline {
        Discipline::Basketball => 10,
        Discipline::Football | Discipline::Baseball => 4,
        _ => 3,
    }
}

fn ranked_phrase(facts: &Facts, which: Which) -> String {
    let name = team::called(facts, which);
    match team::rank(facts, which) {
        Some(rank) => format!("No. {rank} {name}"),
        None => format!("{}{name}", team::article(facts, which, name)),
    }
}

fn full_phrase(facts: &Facts, which: Which) -> String {
    let name = &facts.team(which).name;
    format!("{}{name}", team::article(facts, which, name))
}

/// The order in which a sport names its sides: the guest first, but in soccer the host.
fn in_order(facts: &Facts) -> [Which; 2] {
    match facts.discipline {
        Discipline::Soccer => [Which::Home, Which::Away],
        _ => [Which::Away, Which::Home],
    }
}

fn matchup(facts: &Facts) -> String {
    let (home, away) = (team::called(facts, Which::Home), team::called(facts, Which::Away));
    match facts.discipline {
        Discipline::Soccer => format!("{home} v {away}"),
        _ if facts.neutral => format!("{away} v {home}"),
        _ => format!("{away} at {home}"),
    }
}

/// What the sole scorer brought: `a touchdown`, `two goals`, `four runs`, `three points`.
fn points(facts: &Facts) -> String {
    match facts.feat() {
        Some(feat) => feat_words(feat),
        None => counted(facts.points(), unit(facts)),
    }
}

fn feat_words(feat: Feat) -> String {
    let several = |n: u32, unit: &str| {
        if n == 1 { format!("a {unit}") } else { counted(n, unit) }
    };
    match feat {
        Feat::Touchdown => "a touchdown".to_owned(),
        Feat::FieldGoal => "a field goal".to_owned(),
        Feat::Goals(n) => several(n, "goal"),
        Feat::Runs(n) => several(n, "run"),
    }
}

/// What a player reached: `41 points`, `a hat-trick`, `a triple-double (22 points, 11 rebounds, 10 assists)`.
fn feat(discipline: Discipline, milestone: &Milestone) -> String {
    let figure = |stat: Stat| {
        let n = milestone.stats.get(&stat).copied().unwrap_or_default();
        let (one, several) = stat.unit();
        format!("{} {}", number::cardinal(n), if n == 1 { one } else { several })
    };
    match milestone.stat {
        Stat::TripleDouble => {
            let [points, rebounds, assists] = TRIPLE.map(figure);
            format!("a triple-double ({points}, {rebounds}, {assists})")
        }
        Stat::Goals if discipline == Discipline::Soccer && milestone.stats.get(&Stat::Goals) == Some(&3) => {
            "a hat-trick".to_owned()
        }
        stat => figure(stat),
    }
}

/// Whether a text that tells a score and where the game stands would say in which half-inning the runs came, which a board
/// does not show.
fn names_inning_of_score(facts: &Facts) -> bool {
    let of_score = matches!(
        facts.kind,
        MomentKind::Score | MomentKind::Tie | MomentKind::LeadChange | MomentKind::Comeback | MomentKind::Run
    );
    facts.discipline == Discipline::Baseball && of_score
}
