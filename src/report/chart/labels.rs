//! The told moments on the curve: the most significant with a number, and their words in the list underneath.

use serde::Serialize;
use wirereport_actors::wire::game::Which;
use wirereport_actors::wire::story::Verdict;

use super::axis::{TimeAxis, spread, wrapped};
use super::{GameReport, LEFT, LINE, LIST_TOP, Noticed, Panel, RIGHT, stands};

/// Where the numbers of the told moments stand.
const BADGES: f64 = 96.0;
const BADGE_GAP: f64 = 21.0;
const LINE_LETTERS: usize = 104;
/// More told moments than that are dots without a number: the most significant are numbered.
const MOST_NUMBERED: usize = 32;

/// A told moment without a number.
#[derive(Serialize)]
pub(super) struct Dot {
    x: f64,
    y: f64,
    side: &'static str,
    text: String,
}

/// A told moment with its number and its words.
#[derive(Serialize)]
pub(super) struct Label {
    number: usize,
    x: f64,
    y: f64,
    badge_x: f64,
    badge_y: f64,
    side: &'static str,
    stands: String,
    kind: &'static str,
    pub(super) lines: Vec<String>,
    pub(super) list_y: f64,
    worth: f64,
    worth_text: String,
}

/// The told moments: the most significant with numbers and words, the others as dots.
pub(super) fn labels(game: &GameReport, axis: &TimeAxis, chance: &Panel) -> (Vec<Label>, Vec<Dot>) {
    let told: Vec<&Noticed> = game.moments.iter().filter(|moment| moment.told().is_some()).collect();
    let mut by_worth: Vec<f64> = told.iter().map(|moment| moment.story.significance.total).collect();
    by_worth.sort_by(|one, other| other.total_cmp(one));
    let least = by_worth.get(MOST_NUMBERED - 1).copied().unwrap_or(0.0);
    let (mut numbered, mut rest): (Vec<&Noticed>, Vec<&Noticed>) =
        told.into_iter().partition(|moment| moment.story.significance.total >= least);
    rest.extend(numbered.drain(MOST_NUMBERED.min(numbered.len())..));
    let place = |moment: &Noticed| {
        let y = chance.bottom - moment.home_chance.unwrap_or(0.5) * chance.height;
        (axis.at(moment.story.confirmed_at), y)
    };
    let dots = rest.into_iter().map(|moment| {
        let (x, y) = place(moment);
        Dot { x, y, side: side(moment), text: moment.short().unwrap_or_default().to_owned() }
    });
    let places: Vec<f64> = numbered.iter().map(|moment| place(moment).0).collect();
    let badges = spread(&places, BADGE_GAP, LEFT, RIGHT);
    let mut list_y = LIST_TOP + 36.0;
    let mut labels = Vec::new();
    for (index, (moment, badge_x)) in numbered.into_iter().zip(badges).enumerate() {
        let (x, y) = place(moment);
        let story = &moment.story;
        let lines = wrapped(moment.short().unwrap_or_default(), LINE_LETTERS);
        let next = list_y + lines.len() as f64 * LINE + 7.0;
        labels.push(Label {
            number: index + 1,
            x,
            y,
            badge_x,
            badge_y: BADGES,
            side: side(moment),
            stands: stands(&story.facts),
            kind: story.kind.as_str(),
            lines,
            list_y,
            worth: story.significance.total * 56.0,
            worth_text: format!("{:.2}", story.significance.total),
        });
        list_y = next;
    }
    (labels, dots.collect())
}

/// Whose colour a moment has: that of the side that is ahead.
fn side(moment: &Noticed) -> &'static str {
    debug_assert_eq!(moment.story.verdict, Verdict::Told);
    match moment.story.facts.leader() {
        Some(Which::Home) => "home",
        Some(Which::Away) => "away",
        None => "level",
    }
}
