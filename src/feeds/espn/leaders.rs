//! Who leads the game in what: the `leaders` of a board, side by side in most sports, of the game as a whole in football.
//!
//! Before the start the same places hold the figures of the season, so they are read of a game under way or over only. A
//! figure is the category's own `value` where that is what the name says, else it is read from the line that is shown:
//! `18 PTS, 9 REB, 6 AST`, `2-4, HR, 3 RBI`, `7.0 IP, 0 ER, 3 H, 11 K, 1 BB`.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use wirereport_actors::wire::game::Which;
use wirereport_actors::wire::milestone::{Leader, Stat};
use wirereport_actors::wire::sport::Discipline;

use super::plays::Sides;
use super::shape::{Category, Competition, Entry};
use crate::feeds::loose::{Loose, decoration};
use crate::feeds::text::{NAME, cleaned, person};

/// Every leader of a board with all that it shows of him.
pub(super) fn of_game(
    competition: &Competition<'_>,
    sides: &Sides<'_>,
    discipline: Discipline,
) -> Vec<Leader> {
    let mut found: Vec<Leader> = Vec::new();
    let lists = competition.competitors.iter().map(|side| side.leaders).chain([competition.leaders]);
    for category in lists.flat_map(categories) {
        for entry in &category.leaders {
            let Some(leader) = leader(&category.name, entry, sides, discipline) else { continue };
            let same = |known: &&mut Leader| known.id == leader.id && known.side == leader.side;
            match found.iter_mut().find(same) {
                Some(known) => known.stats.extend(leader.stats),
                None => found.push(leader),
            }
        }
    }
    found
}

fn categories(raw: Option<&RawValue>) -> Vec<Category<'_>> {
    let raw: Vec<&RawValue> = decoration(raw).unwrap_or_default();
    raw.into_iter().filter_map(|one| decoration(Some(one))).collect()
}

fn leader(
    category: &Loose<'_>,
    entry: &Entry<'_>,
    sides: &Sides<'_>,
    discipline: Discipline,
) -> Option<Leader> {
    let athlete = entry.athlete.as_ref()?;
    let side: Which = sides.of(entry.team.as_ref()).or_else(|| sides.of(athlete.team.as_ref()))?;
    let stats = stats(category.text()?, entry, discipline);
    Some(Leader {
        id: Some(athlete.id.id().and_then(|id| cleaned(&id, NAME))?),
        player: person(athlete.display_name.text()?)?,
        side,
        stats,
    })
    .filter(|leader| !leader.stats.is_empty())
}

fn stats(category: &str, entry: &Entry<'_>, discipline: Discipline) -> BTreeMap<Stat, u32> {
    let named = match (discipline, category) {
        (Discipline::Basketball, "points") => Some(Stat::Points),
        (Discipline::Basketball, "rebounds") => Some(Stat::Rebounds),
        (Discipline::Basketball, "assists") => Some(Stat::Assists),
        (Discipline::Football, "passingYards") => Some(Stat::PassingYards),
        (Discipline::Football, "rushingYards") => Some(Stat::RushingYards),
        (Discipline::Football, "receivingYards") => Some(Stat::ReceivingYards),
        (Discipline::Hockey, "goals") => Some(Stat::Goals),
        _ => None,
    };
    let shown = entry.display_value.text().unwrap_or_default();
    match (named, discipline) {
        (Some(stat), _) => {
            let figure = entry.value.count().ok().flatten();
            figure.map(|figure| (stat, figure)).into_iter().collect()
        }
        (None, Discipline::Basketball) if category == "rating" => box_line(shown),
        (None, Discipline::Baseball) => baseball_line(shown),
        _ => BTreeMap::new(),
    }
}

/// `18 PTS, 9 REB, 6 AST`. The averages of a season have other names there.
fn box_line(shown: &str) -> BTreeMap<Stat, u32> {
    let stat = |part: &str| {
        let (figure, name) = part.split_once(' ')?;
        let stat = match name {
            "PTS" => Stat::Points,
            "REB" => Stat::Rebounds,
            "AST" => Stat::Assists,
            _ => return None,
        };
        Some((stat, figure.parse().ok()?))
    };
    shown.split(", ").filter_map(stat).collect()
}

/// A batter's `2-4, HR, 3 RBI, K`, whose strikeouts are his own, or a pitcher's `7.0 IP, 0 ER, 3 H, 11 K, 1 BB`.
fn baseball_line(shown: &str) -> BTreeMap<Stat, u32> {
    let mut parts = shown.split(", ");
    let first = parts.next().unwrap_or_default();
    let pitches = first.ends_with(" IP");
    let bats = first.split_once('-').is_some_and(|(hits, times)| is_whole(hits) && is_whole(times));
    if !pitches && !bats {
        return BTreeMap::new();
    }
    let stat = |part: &str| {
        let (figure, name) = part.split_once(' ').unwrap_or(("1", part));
        let stat = match name {
            "HR" if bats => Stat::HomeRuns,
            "RBI" if bats => Stat::RunsBattedIn,
            "K" if pitches => Stat::Strikeouts,
            _ => return None,
        };
        Some((stat, figure.parse().ok()?))
    };
    parts.filter_map(stat).collect()
}

fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
