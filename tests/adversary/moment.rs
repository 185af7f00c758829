//! What is true of a moment, worked out of the raw facts by itself: neither the gate nor the house's words are asked.

use std::collections::{BTreeMap, BTreeSet};

use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::game::{Clock, Half, Phase, PlayKind, Score, Which};
use wirereport_actors::wire::moment::MomentKind as Kind;
use wirereport_actors::wire::sport::Discipline;
use wirereport_actors::wire::wording::margin::Victory;

/// What stands in a slot: a side by one of its names, each with whether it takes the plural; or one of some texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    Team(Vec<(String, bool)>),
    Text(Vec<String>),
}

/// The truths of a moment, and what fills the slots of sentences about it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moment {
    pub(crate) truths: BTreeSet<&'static str>,
    pub(crate) slots: BTreeMap<&'static str, Slot>,
}

/// `one`, `12`.
pub(crate) fn spelled(n: u32) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    WORDS.get(n as usize).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

pub(crate) fn nth(n: u32) -> String {
    const WORDS: [&str; 10] =
        ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    WORDS.get(n as usize).map_or_else(|| format!("{n}{suffix}"), |word| (*word).to_owned())
}

/// `one point`, `12 points`, and at times in figures.
fn counted(n: u32, unit: &str) -> Vec<String> {
    let plural = if n == 1 { "" } else { "s" };
    vec![format!("{} {unit}{plural}", spelled(n))]
}

/// `a 12-point`, `an eight-point`.
fn adjective(n: u32, unit: &str) -> String {
    let vowel = matches!(n, 8 | 11 | 18) || (80..90).contains(&n);
    format!("{} {}-{unit}", if vowel { "an" } else { "a" }, spelled(n))
}

pub(crate) fn unit(discipline: Discipline) -> &'static str {
    match discipline {
        Discipline::Basketball | Discipline::Football => "point",
        Discipline::Baseball => "run",
        _ => "goal",
    }
}

/// What a side is called, and whether it takes the plural there.
pub(crate) fn forms(facts: &Facts, which: Which) -> Vec<(String, bool)> {
    let (team, other) = (facts.team(which), facts.team(which.other()));
    let college = facts.sport.as_str().starts_with("ncaa") || facts.league.contains("college");
    if facts.discipline == Discipline::Soccer {
        return vec![(team.name.clone(), true), (team.short_name.clone(), true)];
    }
    if college {
        return vec![(team.place.clone(), false), (team.name.clone(), false)];
    }
    let mut forms = vec![(format!("the {}", team.short_name), true), (format!("the {}", team.name), true)];
    if team.place != other.place && team.place != team.short_name && !team.place.is_empty() {
        forms.push((team.place.clone(), false));
    }
    forms
}

fn bare(facts: &Facts, which: Which) -> String {
    match forms(facts, which).first() {
        Some((name, _)) => name.strip_prefix("the ").unwrap_or(name).to_owned(),
        None => String::new(),
    }
}

impl Moment {
    pub(crate) fn of(facts: &Facts) -> Self {
        let mut moment = Self::default();
        moment.add_sides(facts);
        moment.add_score(facts);
        moment.add_change(facts);
        moment.add_time(facts);
        moment.add_kind(facts);
        moment
    }

    fn holds(&mut self, truth: &'static str, holds: bool) {
        if holds {
            self.truths.insert(truth);
        }
    }

    fn side(&mut self, upper: &'static str, lower: &'static str, facts: &Facts, which: Which) {
        self.slots.insert(upper, Slot::Team(forms(facts, which)));
        self.slots.insert(lower, Slot::Text(vec![bare(facts, which)]));
    }

    pub(crate) fn text(&mut self, slot: &'static str, texts: Vec<String>) {
        self.slots.insert(slot, Slot::Text(texts));
    }

    /// The side of that slot by one name alone, which takes the plural as it does there.
    pub(crate) fn team(&mut self, slot: &'static str, name: String, as_in: &Self) {
        let plural = match as_in.slots.get(slot) {
            Some(Slot::Team(forms)) => forms.first().is_none_or(|(_, plural)| *plural),
            _ => true,
        };
        self.slots.insert(slot, Slot::Team(vec![(name, plural)]));
    }

    fn add_sides(&mut self, facts: &Facts) {
        let winner = if facts.phase == Phase::Final { facts.winner() } else { None };
        let first = winner.or(facts.score.leader()).unwrap_or(Which::Away);
        self.side("W", "w", facts, first);
        self.side("L", "l", facts, first.other());
        self.side("A", "a", facts, Which::Away);
        self.side("B", "b", facts, Which::Home);
    }

    fn add_score(&mut self, facts: &Facts) {
        let (score, unit) = (facts.score, unit(facts.discipline));
        let over = facts.phase == Phase::Final;
        self.holds("final", over && facts.has_score());
        self.holds("live", facts.phase.in_play() && facts.has_score());
        self.holds("level", facts.has_score() && score.leader().is_none());
        self.holds("led", facts.has_score() && score.leader().is_some());
        self.holds("late", facts.kind == Kind::CloseLate && facts.is_close());
        self.holds("shootout", facts.shootout.is_some() || facts.phase == Phase::Shootout);
        let won = over && score.leader().is_some() && facts.winner() == score.leader();
        self.holds("won", won && facts.shootout.is_none());
        self.holds("narrow", facts.victory() == Victory::Narrow);
        self.holds("rout", facts.victory() == Victory::Rout);
        let (hi, lo) = (score.home.max(score.away), score.home.min(score.away));
        self.holds("loser0", lo == 0 && hi > 0);
        self.holds("soccer", facts.discipline == Discipline::Soccer);
        self.text("hi", vec![hi.to_string()]);
        self.text("lo", vec![lo.to_string()]);
        self.text("n", vec![lo.to_string()]);
        self.text("score", vec![format!("{hi}-{lo}")]);
        self.text("unit", vec![unit.to_owned()]);
        self.text("units", vec![format!("{unit}s")]);
        self.text("margin", counted(hi - lo, unit));
        self.text("a_margin", vec![format!("{} lead", adjective(hi - lo, unit))]);
        self.text("gap", vec![format!("{}-{unit}", spelled(hi - lo))]);
        if let Some(pens) = facts.shootout {
            self.text("pens", vec![format!("{}-{}", pens.home.max(pens.away), pens.home.min(pens.away))]);
        }
        let line = match score.leader() {
            Some(_) => "{w} {hi}, {l} {lo}.",
            None => "{a} {n}, {b} {n}.",
        };
        let line = line.replace("{w}", &self.only("w")).replace("{l}", &self.only("l"));
        let line = line.replace("{a}", &self.only("a")).replace("{b}", &self.only("b"));
        let line = line.replace("{hi}", &hi.to_string()).replace("{lo}", &lo.to_string());
        self.text("score_line", vec![line.replace("{n}", &lo.to_string()).trim_end_matches('.').to_owned()]);
    }

    fn only(&self, slot: &str) -> String {
        match self.slots.get(slot) {
            Some(Slot::Text(texts)) => texts.first().cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// What is different from the score before.
    fn add_change(&mut self, facts: &Facts) {
        let unit = unit(facts.discipline);
        let now = facts.score.leader();
        let before =
            facts.before.filter(|b| facts.has_score() && facts.score.covers(*b) && *b != facts.score);
        if let Some(before) = before {
            let then = before.leader();
            self.holds("took_lead", now.is_some() && then != now);
            self.holds("was_behind", then.is_some() && then == now.map(Which::other));
            self.holds("was_level", then.is_none());
            let (hi, lo) = (before.home.max(before.away), before.home.min(before.away));
            self.text("before", vec![format!("{hi}-{lo}")]);
            self.holds("kept", then == now && now.is_some() && facts.victory() == Victory::Narrow);
            self.add_scorer(facts, before);
        }
        let Some(winner) = facts.winner().filter(|winner| now == Some(*winner)) else {
            return self.add_course(facts);
        };
        let deficit = facts.largest_deficit.of(winner);
        self.holds("comeback", facts.seen_from_start && deficit > 0);
        self.text("deficit", counted(deficit, unit));
        self.text("a_deficit", vec![adjective(deficit, unit)]);
        self.add_course(facts);
    }

    fn add_scorer(&mut self, facts: &Facts, before: Score) {
        let gained = |side| facts.score.of(side) - before.of(side);
        let sides = [Which::Home, Which::Away];
        let alone = sides.into_iter().find(|side| gained(*side) > 0 && gained(side.other()) == 0);
        let Some(scorer) = alone.filter(|side| facts.scorer == Some(*side)) else { return };
        let (points, leader) = (gained(scorer), facts.score.leader());
        self.side("S", "s", facts, scorer);
        self.side("O", "o", facts, scorer.other());
        let possessive = |(name, _): (String, bool)| {
            if name.ends_with('s') { format!("{name}'") } else { format!("{name}'s") }
        };
        self.text("O_poss", forms(facts, scorer.other()).into_iter().map(possessive).collect());
        self.holds("scored1", true);
        self.holds("s_leads", leader == Some(scorer));
        self.holds("drew_level", leader.is_none() && before.leader() == Some(scorer.other()));
        let goals = matches!(facts.discipline, Discipline::Soccer | Discipline::Hockey);
        let football = facts.discipline == Discipline::Football;
        self.holds("td", football && (6..=8).contains(&points));
        self.holds("fg", football && points == 3);
        self.holds("goal1", goals && points == 1);
        let doubled = leader == Some(scorer) && facts.score.margin() == 2 * before.margin();
        self.holds("margin2", doubled && before.leader() == Some(scorer));
        let unit = unit(facts.discipline);
        let said = match (goals || unit == "run", points) {
            (true, 1) => vec![format!("a {unit}")],
            _ => counted(points, unit),
        };
        self.text("points", said.clone());
        self.text("Points", said);
    }

    fn add_course(&mut self, facts: &Facts) {
        let unit = unit(facts.discipline);
        if let Some((_, made_good)) = facts.came_back_from().filter(|_| facts.kind == Kind::Comeback) {
            self.holds("came_back", true);
            self.text("made_good", counted(made_good, unit));
            self.text("a_made_good", vec![adjective(made_good, unit)]);
        }
        if let Some((side, run)) = facts.run().filter(|_| facts.kind == Kind::Run) {
            self.holds("on_run", true);
            self.side("R", "r", facts, side);
            self.side("Q", "q", facts, side.other());
            self.text("run", vec![run.to_string()]);
        }
    }

    fn add_time(&mut self, facts: &Facts) {
        let when = when(facts);
        self.text("when", when.iter().map(|when| format!(" {when}")).chain([String::new()]).collect());
        if !when.is_empty() {
            self.text("When", when);
        }
        // When it happened between two sights nobody knows, unless the feed shows the play.
        let shown = |clock: Option<Clock>| match clock {
            Some(Clock::Minute { minute, added: 0 }) => {
                Some(format!(" in the {} minute", nth(minute.into())))
            }
            _ => None,
        };
        let play = facts.play.as_ref();
        let scored = play.filter(|play| matches!(play.kind, PlayKind::Goal | PlayKind::PenaltyGoal));
        self.text("when_now", vec![scored.and_then(|play| shown(play.clock)).unwrap_or_default()]);
        self.text("play_when", vec![play.and_then(|play| shown(play.clock)).unwrap_or_default()]);
        let beyond = beyond(facts);
        self.holds("ot", beyond.is_some() && facts.phase == Phase::Final);
        let ot = beyond.unwrap_or_default();
        self.text("ot", vec![ot.clone()]);
        self.text("ot_must", vec![ot.clone()]);
        self.text("ot_noun", vec![ot.trim_start_matches(" in ").trim_start_matches(" after ").to_owned()]);
        self.text("ot_comma", vec![if ot.is_empty() { ot.clone() } else { format!(",{ot}") }]);
        self.text("ot_paren", vec![if ot == " in overtime" { " (OT)".to_owned() } else { String::new() }]);
        self.text("nth", vec![nth(facts.period.into())]);
        self.text("count", vec![spelled(facts.period.into())]);
        self.text("period_unit", vec![period_unit(facts).to_owned()]);
    }

    fn add_kind(&mut self, facts: &Facts) {
        let between = facts.is_between_periods() && facts.has_score() && facts.kind == Kind::PeriodEnd;
        let clocked = !matches!(facts.discipline, Discipline::Soccer | Discipline::Baseball);
        self.holds("half", between && facts.is_half_time());
        let regular = facts.overtimes() == 0 && clocked && facts.period < facts.regulation_periods;
        self.holds("break_quarter", between && !facts.is_half_time() && regular);
        let playing_on = facts.kind == Kind::Overtime && facts.phase != Phase::Shootout && facts.has_score();
        self.holds("to_ot", playing_on && clocked && facts.overtimes() <= 1);
        self.holds("started", facts.kind == Kind::Start && facts.score == Score::default());
        self.holds("delayed", facts.kind == Kind::Delayed);
        self.holds("postponed", facts.kind == Kind::Postponed);
        self.holds("cancelled", facts.kind == Kind::Cancelled);
        self.holds("suspended", facts.kind == Kind::Suspended);
        self.holds("resumed", facts.kind == Kind::Resumed);
        let sent_off = facts.play.as_ref().filter(|play| play.kind == PlayKind::RedCard);
        if let Some(side) = sent_off.and_then(|play| play.side).filter(|_| facts.kind == Kind::RedCard) {
            self.holds("red", true);
            self.side("V", "v", facts, side);
        }
        // What was taken back is told as such, and not as a score like any other.
        if facts.kind == Kind::Correction {
            self.truths.clear();
        }
    }
}

fn period_unit(facts: &Facts) -> &'static str {
    match facts.discipline {
        Discipline::Baseball => "inning",
        Discipline::Hockey => "period",
        Discipline::Soccer => "half",
        _ if facts.regulation_periods == 2 => "half",
        _ => "quarter",
    }
}

/// ` in overtime`, ` in 11 innings`, ` after extra time`.
fn beyond(facts: &Facts) -> Option<String> {
    match (facts.discipline, facts.overtimes()) {
        (_, 0) => None,
        (Discipline::Baseball, _) => Some(format!(" in {} innings", facts.period)),
        (Discipline::Soccer, _) => Some(" after extra time".to_owned()),
        (_, 1) => Some(" in overtime".to_owned()),
        (Discipline::Hockey, _) => None,
        (_, 2) => Some(" in double overtime".to_owned()),
        _ => None,
    }
}

/// Where the game stands as one says it, with choices; none while the time is not known or the half-inning is a score's own.
fn when(facts: &Facts) -> Vec<String> {
    if facts.phase != Phase::Live || facts.period == 0 {
        return Vec::new();
    }
    let period = match facts.overtimes() {
        0 => format!("the {} {}", nth(facts.period.into()), period_unit(facts)),
        1 => "overtime".to_owned(),
        _ => return Vec::new(),
    };
    match facts.clock {
        Some(Clock::Left { millis }) => {
            let (seconds, tenths) = (millis / 1000, millis / 100 % 10);
            let left = match (seconds, tenths) {
                (0, 0) => return vec![format!("in {period}")],
                (60.., _) => format!("{}:{:02}", seconds / 60, seconds % 60),
                (1, 0) => "one second".to_owned(),
                (_, 0) => format!("{} seconds", spelled(seconds)),
                _ => format!("{seconds}.{tenths} seconds"),
            };
            vec![
                format!("with {left} @to_go in {period}"),
                format!("with {left} @to_go"),
                format!("in {period}"),
            ]
        }
        Some(Clock::Minute { minute, added: 0 }) if minute > 0 => {
            vec![format!("in the {} minute", nth(minute.into()))]
        }
        Some(Clock::Minute { minute: 1.., .. }) => vec!["in stoppage time".to_owned()],
        Some(Clock::Inning { half, outs }) => {
            let part = match half {
                Half::Top => "in the top of",
                Half::Bottom => "in the bottom of",
                _ => return Vec::new(),
            };
            let inning = format!("{part} the {}", nth(facts.period.into()));
            let outs = outs.filter(|outs| (1..=2).contains(outs)).map(|outs| {
                let s = if outs == 1 { "" } else { "s" };
                format!("with {} out{s} {inning}", spelled(outs.into()))
            });
            [inning].into_iter().chain(outs).collect()
        }
        _ => Vec::new(),
    }
}
