//! The margin that the odds expect before a game.
//!
//! A handicap says it outright: `spread` is home's line, so +3.5 makes home the underdog by 3.5. Where a sport is quoted
//! by price, or the handicap is a fixed run or puck line that says little, it follows from the prices: with their margin
//! taken out, home's share of the chances p (half a draw counts for each side) belongs to the expected margin σ·Φ⁻¹(p)
//! of a normal margin, as in Stern (1994), *A Brownian motion model for the progress of sports scores*.

use serde_json::value::RawValue;
use wirereport_actors::wire::sport::Discipline;
use wirereport_actors::wire::win_probability::{normal, spread_of_margins};

use super::shape::{Odds, TeamOdds};
use crate::feeds::loose::{Loose, decoration};

/// A line from here on is a price, not a handicap: `PHI -140`.
const LEAST_PRICE: f64 = 100.0;

/// The expected home margin; positive when home is favoured.
pub(super) fn expected_home_margin(
    raw: Option<&RawValue>,
    discipline: Discipline,
    home: &str,
    away: &str,
) -> Option<f64> {
    let offers: Vec<Odds<'_>> = decoration::<Vec<Option<Odds<'_>>>>(raw)
        .map(|offers| offers.into_iter().flatten().collect())
        .or_else(|| decoration::<Odds<'_>>(raw).map(|offer| vec![offer]))?;
    match discipline {
        Discipline::Basketball | Discipline::Football => offers
            .iter()
            .find_map(|offer| handicap(offer, home, away))
            .or_else(|| offers.iter().find_map(|offer| by_price(offer, discipline))),
        Discipline::Tennis | Discipline::Mma | Discipline::Racing | Discipline::Golf => None,
        Discipline::Baseball | Discipline::Hockey | Discipline::Soccer => {
            offers.iter().find_map(|offer| by_price(offer, discipline))
        }
    }
}

fn handicap(offer: &Odds<'_>, home: &str, away: &str) -> Option<f64> {
    let spread = offer.spread.number().filter(|line| line.abs() < LEAST_PRICE && agrees(offer, *line));
    spread.map(|line| 0.0 - line).or_else(|| worded(offer.details.text()?, home, away))
}

/// Whether the line names the same favourite as the offer does elsewhere.
fn agrees(offer: &Odds<'_>, home_line: f64) -> bool {
    let favours = |odds: &Option<TeamOdds<'_>>| odds.as_ref().and_then(|odds| odds.favorite.flag());
    match (favours(&offer.home_team_odds), favours(&offer.away_team_odds)) {
        (Some(true), Some(false)) => home_line <= 0.0,
        (Some(false), Some(true)) => home_line >= 0.0,
        _ => true,
    }
}

/// Reads `BOS -3.5` and `EVEN`.
fn worded(details: &str, home: &str, away: &str) -> Option<f64> {
    if ["EVEN", "PK", "PICK"].iter().any(|even| details.eq_ignore_ascii_case(even)) {
        return Some(0.0);
    }
    let (code, line) = details.rsplit_once(' ')?;
    let line: f64 = line.parse().ok().filter(|line: &f64| line.abs() < LEAST_PRICE)?;
    match code.trim() {
        _ if home == away => None,
        code if code == home => Some(0.0 - line),
        code if code == away => Some(line),
        _ => None,
    }
}

fn by_price(offer: &Odds<'_>, discipline: Discipline) -> Option<f64> {
    let new = offer.moneyline.as_ref();
    let closing = |line: Option<&super::shape::Line<'_>>| price(&line?.close.as_ref()?.odds);
    let old = |odds: &Option<TeamOdds<'_>>| price(&odds.as_ref()?.money_line);
    let home = closing(new.and_then(|m| m.home.as_ref())).or_else(|| old(&offer.home_team_odds))?;
    let away = closing(new.and_then(|m| m.away.as_ref())).or_else(|| old(&offer.away_team_odds))?;
    let draw = closing(new.and_then(|m| m.draw.as_ref())).or_else(|| old(&offer.draw_odds)).unwrap_or(0.0);
    let home_share = (home + draw / 2.0) / (home + away + draw);
    Some(spread_of_margins(discipline) * normal::quantile(home_share)).filter(|margin| margin.is_finite())
}

/// The chance an American price implies: `-140`, `+130`, `EVEN`; `OFF` implies none.
fn price(odds: &Loose<'_>) -> Option<f64> {
    let even = odds.text().is_some_and(|text| text.eq_ignore_ascii_case("even"));
    let price = if even { LEAST_PRICE } else { odds.number()? };
    match price {
        price if price >= LEAST_PRICE => Some(100.0 / (price + 100.0)),
        price if price <= -LEAST_PRICE => Some(price / (price - 100.0)),
        _ => None,
    }
}
