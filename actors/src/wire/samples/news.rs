//! Invented news.

use crate::wire::facts::Facts;
use crate::wire::moment::MomentKind;
use crate::wire::news::{self, News};
use crate::wire::sport::{Discipline, Regulation, Sport};

/// The plain sample: a short headline with marks of its own in it.
pub(super) fn plain(discipline: Discipline) -> Facts {
    let headline = match discipline {
        Discipline::Basketball => "Hawks' Young out with ankle injury",
        Discipline::Football => "Giants sign QB to two-year, $12 million deal",
        Discipline::Baseball => "Yankees ace ruled out vs. the Red Sox: 'No timetable'",
        Discipline::Hockey => "Bruins trade two picks for D",
        Discipline::Tennis => "Zverev questionable for Rome (back)",
        Discipline::Mma => "O'Malley sidelined by hip surgery",
        Discipline::Racing => "Reserve driver in after injury",
        Discipline::Golf => "Griffin out with wrist injury",
        Discipline::Soccer => "Chelsea sign Silva on loan",
    };
    let news =
        News { source: "ESPN".to_owned(), headline: headline.to_owned(), published: None, unfit: None };
    let game = super::plain(discipline, MomentKind::Final);
    let regulation = Regulation { periods: game.regulation_periods, period_seconds: 0, overtime_seconds: 0 };
    let sport = Sport { key: game.sport, name: game.league, discipline, regulation };
    news::facts(&sport, news)
}
