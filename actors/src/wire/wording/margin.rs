//! How clear a win was, in the measure of its sport, and the verbs that say so.
//!
//! The one place where this is decided: texts take their verb from here and the fact gate grants a verb by the same bands.
//! Narrow is what the least of a sport's scores would have turned or levelled: one possession, a field goal, one run, one
//! goal. A rout was out of reach for long.

use crate::wire::facts::Facts;
use crate::wire::sport::Discipline;

/// How clear a win was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Victory {
    /// By the least a sport knows.
    Narrow,
    /// Neither.
    Plain,
    /// Out of reach.
    Rout,
}

/// The largest margin that is narrow and the smallest that is a rout, in the sport's own points.
pub const fn bands(discipline: Discipline) -> (u32, u32) {
    match discipline {
        Discipline::Basketball => (3, 25),
        Discipline::Football => (3, 24),
        Discipline::Baseball => (1, 8),
        Discipline::Hockey => (1, 5),
        _ => (1, 4),
    }
}

impl Victory {
    /// How clear a win by that margin is.
    pub const fn by(margin: u32, discipline: Discipline) -> Self {
        let (narrow, rout) = bands(discipline);
        if margin <= narrow {
            Self::Narrow
        } else if margin >= rout {
            Self::Rout
        } else {
            Self::Plain
        }
    }

    /// The verb that a report of that sport says it with, in the past, after `to` and of one side in the present. Most soccer is
    /// won by one goal, so that such a win needs no verb of its own there.
    pub const fn verbs(self, discipline: Discipline) -> [&'static str; 3] {
        match (self, discipline) {
            (Self::Narrow, Discipline::Soccer) | (Self::Plain, _) => ["beat", "beat", "beats"],
            (Self::Narrow, _) => ["edged", "edge", "edges"],
            (Self::Rout, Discipline::Soccer) => ["thrashed", "thrash", "thrashes"],
            (Self::Rout, _) => ["routed", "rout", "routs"],
        }
    }

    /// The band that a verb of winning claims of its margin; `None` for one that claims none, such as `beat`.
    pub fn claimed_by(verb: &str) -> Option<Self> {
        match verb {
            "edge" | "edges" | "edged" | "nip" | "nips" | "nipped" | "pip" | "pips" | "pipped" => {
                Some(Self::Narrow)
            }
            "rout" | "routs" | "routed" | "thrash" | "thrashes" | "thrashed" | "crush" | "crushes"
            | "crushed" | "hammer" | "hammers" | "hammered" | "trounce" | "trounces" | "trounced"
            | "thump" | "thumps" | "thumped" | "overwhelm" | "overwhelms" | "overwhelmed" | "overpower"
            | "overpowers" | "overpowered" | "demolish" | "demolishes" | "demolished" | "dominate"
            | "dominates" | "dominated" => Some(Self::Rout),
            _ => None,
        }
    }
}

impl Facts {
    /// How clear the win was.
    pub fn victory(&self) -> Victory {
        Victory::by(self.score.margin(), self.discipline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAYED: [Discipline; 5] = [
        Discipline::Basketball,
        Discipline::Football,
        Discipline::Baseball,
        Discipline::Hockey,
        Discipline::Soccer,
    ];

    #[test]
    fn each_sport_has_a_narrow_a_plain_and_a_clear_win() {
        for discipline in PLAYED {
            let (narrow, rout) = bands(discipline);
            let of = |margin| Victory::by(margin, discipline);
            assert_eq!(
                [of(1), of(narrow), of(narrow + 1)],
                [Victory::Narrow, Victory::Narrow, Victory::Plain]
            );
            assert_eq!([of(rout - 1), of(rout)], [Victory::Plain, Victory::Rout]);
        }
    }

    #[test]
    fn no_sport_says_a_win_with_a_verb_that_claims_another_margin() {
        for discipline in PLAYED {
            for victory in [Victory::Narrow, Victory::Plain, Victory::Rout] {
                for verb in victory.verbs(discipline) {
                    let claimed = Victory::claimed_by(verb);
                    assert!(claimed.is_none_or(|claimed| claimed == victory), "{discipline:?} {verb}");
                }
            }
        }
    }
}
