//! A game as a picture: home's chance to win over its course, the lead below it, the points of each period as on a
//! scoreboard, and the told moments, numbered on the curve and told in short underneath.
//!
//! The picture is a template, `game.svg`, over numbers that are worked out here. It is one file without scripts, fonts
//! or anything else to be fetched, and goes with a dark page as with a light one.

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment};
use serde::Serialize;
use wirereport_actors::wire::game::{Clock, Phase, Score, Which};
use wirereport_actors::wire::sport::Discipline;

use self::axis::{TimeAxis, mark_every};
use self::labels::{Dot, Label, labels};
use self::lines::{closed, path, steps};
use super::{GameReport, Noticed, Point, period, stands};

mod axis;
mod labels;
mod lines;

const TEMPLATE: &str = include_str!("game.svg");

const WIDTH: f64 = 960.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 896.0;
/// Home's chance: 1 above, 0 below.
const CHANCE_TOP: f64 = 122.0;
const CHANCE_HEIGHT: f64 = 216.0;
/// The lead: home's above.
const LEAD_TOP: f64 = 356.0;
const LEAD_HEIGHT: f64 = 92.0;
/// The lines under the axis: clock, period, away, home.
const SCOREBOARD: f64 = 464.0;
const LIST_TOP: f64 = 560.0;
const LINE: f64 = 17.0;
/// A period that is narrower has no room for marks of its clock.
const ROOM_FOR_MARKS: f64 = 110.0;

#[derive(Serialize)]
struct Picture {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    chance: Panel,
    lead: Panel,
    scoreboard: f64,
    list_top: f64,
    title: String,
    subtitle: String,
    description: String,
    home: String,
    away: String,
    rows: [Row; 2],
    /// Home's chance as a line, and the same closed along the middle.
    curve: String,
    curve_area: String,
    lead_line: String,
    lead_area: String,
    lead_marks: Vec<LeadMark>,
    periods: Vec<PeriodBand>,
    told: Vec<Label>,
    dots: Vec<Dot>,
}

#[derive(Serialize)]
struct Panel {
    top: f64,
    middle: f64,
    bottom: f64,
    height: f64,
}

impl Panel {
    fn new(top: f64, height: f64) -> Self {
        Self { top, middle: top + height / 2.0, bottom: top + height, height }
    }
}

/// One side of the scoreboard.
#[derive(Serialize)]
struct Row {
    code: String,
    side: &'static str,
    points: Vec<u32>,
    total: u32,
    y: f64,
}

#[derive(Serialize)]
struct LeadMark {
    y: f64,
    text: String,
}

#[derive(Serialize)]
struct PeriodBand {
    x: f64,
    width: f64,
    middle: f64,
    name: String,
    #[serde(skip)]
    points: Score,
    marks: Vec<ClockMark>,
}

#[derive(Serialize)]
struct ClockMark {
    x: f64,
    text: String,
}

/// The picture, as SVG.
///
/// # Errors
/// Where the built-in template does not render.
pub fn chart(game: &GameReport) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("r", |value: f64| format!("{}", (value * 10.0).round() / 10.0));
    environment.add_template("game.svg", TEMPLATE)?;
    let drawn = environment.get_template("game.svg")?.render(Value::from(Serde(picture(game))))?;
    let lines = drawn.lines().map(str::trim_end).filter(|line| !line.is_empty());
    Ok(lines.flat_map(|line| [line, "\n"]).collect())
}

fn picture(game: &GameReport) -> Picture {
    let course = played(&game.course);
    let axis = TimeAxis::new(course.iter().map(|point| point.at), LEFT, RIGHT);
    let (chance, lead) = (Panel::new(CHANCE_TOP, CHANCE_HEIGHT), Panel::new(LEAD_TOP, LEAD_HEIGHT));
    let at = |point: &Point| axis.at(point.at);
    let curve: Vec<(f64, f64)> =
        course.iter().map(|point| (at(point), chance.bottom - point.home_chance * chance.height)).collect();
    let most = course.iter().map(|point| point.score.margin()).max().unwrap_or(0).max(least_lead(game));
    let lead_y = |margin: i64| lead.middle - margin as f64 / f64::from(most) * (lead.height / 2.0 - 4.0);
    let steps = steps(course.iter().map(|point| (at(point), lead_y(point.score.home_margin()))));
    let score = course.last().map_or_else(Score::default, |point| point.score);
    let periods = periods(game, course, &axis);
    let (told, dots) = labels(game, &axis, &chance);
    let height =
        told.last().map_or(LIST_TOP - 20.0, |last| last.list_y + last.lines.len() as f64 * LINE + 14.0);
    Picture {
        width: WIDTH,
        height,
        left: LEFT,
        right: RIGHT,
        scoreboard: SCOREBOARD,
        list_top: LIST_TOP,
        title: title(game, score),
        subtitle: subtitle(game),
        description: told.iter().flat_map(|label| &label.lines).cloned().collect::<Vec<_>>().join(" "),
        home: game.home.code.clone(),
        away: game.away.code.clone(),
        curve_area: closed(&curve, chance.middle),
        curve: path(&curve),
        lead_area: closed(&steps, lead.middle),
        lead_line: path(&steps),
        lead_marks: lead_marks(most, lead_y),
        rows: rows(game, &periods, score),
        periods,
        told,
        dots,
        chance,
        lead,
    }
}

/// From the first board in play to the first that is over.
fn played(course: &[Point]) -> &[Point] {
    let start = course.iter().position(|point| point.phase.in_play()).unwrap_or(0);
    let end = course.iter().position(|point| point.phase == Phase::Final).unwrap_or(course.len().max(1) - 1);
    course.get(start..=end.max(start)).unwrap_or(course)
}

fn title(game: &GameReport, score: Score) -> String {
    let side = |which| match which {
        Which::Home => format!("{} {}", game.home.name, score.home),
        Which::Away => format!("{} {}", game.away.name, score.away),
    };
    if game.sport.discipline == Discipline::Soccer {
        return format!("{} {}-{} {}", game.home.name, score.home, score.away, game.away.name);
    }
    [Which::Away, Which::Home].map(side).join(", ")
}

fn subtitle(game: &GameReport) -> String {
    let date = game.course.first().map(|point| format!(" · {}", point.at.strftime("%-d %B %Y")));
    let told = game.told();
    let noticed = game.moments.len();
    format!("{}{} · {told} told of {noticed} moments noticed", game.sport.name, date.unwrap_or_default())
}

/// The least lead the scale goes to, so that one point does not fill it.
fn least_lead(game: &GameReport) -> u32 {
    match game.sport.discipline {
        Discipline::Basketball => 10,
        Discipline::Football => 7,
        _ => 2,
    }
}

fn lead_marks(most: u32, y: impl Fn(i64) -> f64) -> Vec<LeadMark> {
    let every = mark_every(most);
    let marks = (1..=most / every).map(|n| n * every);
    let both = marks.flat_map(|lead| [i64::from(lead), -i64::from(lead)]);
    both.map(|lead| LeadMark { y: y(lead), text: format!("+{}", lead.abs()) }).collect()
}

fn periods(game: &GameReport, course: &[Point], axis: &TimeAxis) -> Vec<PeriodBand> {
    let (discipline, regulation) = (game.sport.discipline, game.sport.regulation.periods);
    let live = |point: &&Point| matches!(point.phase, Phase::Live | Phase::Shootout);
    let mut stages: Vec<(Phase, u8)> =
        course.iter().filter(live).map(|point| (point.phase, point.period)).collect();
    stages.dedup();
    let mut before = Score::default();
    let mut bands = Vec::new();
    for (index, stage) in stages.iter().enumerate() {
        let is_here = |point: &&Point| (point.phase, point.period) == *stage;
        let Some(first) = course.iter().position(|point| is_here(&point)) else { continue };
        let last = course.iter().rposition(|point| is_here(&point)).unwrap_or(first);
        // What is confirmed in the break was scored before it.
        let after = stages.get(index + 1).and_then(|next| {
            course.iter().find(|point| (point.phase, point.period) == *next).map(|point| point.score)
        });
        let score = after.or(course.last().map(|point| point.score)).unwrap_or(before);
        let from = axis.at(course[first].at);
        let to = axis.at(course.get(last + 1).unwrap_or(&course[last]).at);
        let name = match stage {
            (Phase::Shootout, _) => "SO".to_owned(),
            (_, number) => period(discipline, regulation, *number),
        };
        let points = match course[last].shootout.filter(|_| stage.0 == Phase::Shootout) {
            Some(_) => course.iter().rev().find_map(|point| point.shootout).unwrap_or_default(),
            None => Score {
                home: score.home.saturating_sub(before.home),
                away: score.away.saturating_sub(before.away),
            },
        };
        let here: Vec<&Point> = course[first..=last].iter().collect();
        bands.push(PeriodBand {
            x: from,
            width: to - from,
            middle: f64::midpoint(from, to),
            name,
            points,
            marks: if to - from < ROOM_FOR_MARKS { Vec::new() } else { clock_marks(game, &here, axis) },
        });
        before = score;
    }
    bands
}

fn rows(game: &GameReport, periods: &[PeriodBand], score: Score) -> [Row; 2] {
    let order = match game.sport.discipline {
        Discipline::Soccer => [Which::Home, Which::Away],
        _ => [Which::Away, Which::Home],
    };
    let row = |index: usize, which: Which| Row {
        code: if which == Which::Home { game.home.code.clone() } else { game.away.code.clone() },
        side: if which == Which::Home { "home" } else { "away" },
        points: periods.iter().map(|period| period.points.of(which)).collect(),
        total: score.of(which),
        y: SCOREBOARD + 40.0 + 20.0 * index as f64,
    };
    [row(0, order[0]), row(1, order[1])]
}

/// Half of a period that counts down; each quarter of an hour of one that counts up.
fn clock_marks(game: &GameReport, here: &[&Point], axis: &TimeAxis) -> Vec<ClockMark> {
    let half = game.sport.regulation.period_seconds / 2;
    let mark = |text: String, passed: &dyn Fn(Clock) -> bool| {
        let point = here.iter().find(|point| point.clock.is_some_and(passed))?;
        Some(ClockMark { x: axis.at(point.at), text })
    };
    match here.first().and_then(|point| point.clock) {
        Some(Clock::Left { .. }) if half > 0 => {
            let passed = |clock| matches!(clock, Clock::Left { millis } if millis <= half * 1000);
            mark(format!("{}:{:02}", half / 60, half % 60), &passed).into_iter().collect()
        }
        Some(Clock::Minute { minute: first, .. }) => [15, 30, 60, 75]
            .into_iter()
            .filter(|minute| *minute > first)
            .filter_map(|minute| {
                let passed = |clock| matches!(clock, Clock::Minute { minute: now, .. } if now >= minute);
                mark(format!("{minute}'"), &passed)
            })
            .collect(),
        _ => Vec::new(),
    }
}
