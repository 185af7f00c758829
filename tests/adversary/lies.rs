//! Lies: texts that differ in meaning from the facts, by how they are made.
//!
//! Most are a true sentence told twice from the same random numbers, once of the moment and once of a moment in which one
//! thing was changed; where the two texts differ, the second says the changed thing. So what is a lie is decided here and
//! never asked of the gate.

use std::fmt;

use fastrand::Rng;
use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::game::{Clock, Half, Phase, Score, Which};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::sport::Discipline;

use crate::claims;
use crate::grammar::{Grammar, Section};
use crate::moment::{Moment, Slot, forms, nth, spelled, unit};
use crate::noise;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    Score,
    ScoreTurned,
    TeamsSwapped,
    TeamInvented,
    PlayerInvented,
    Clock,
    Period,
    Amount,
    Relation,
    Overtime,
    Claim,
    Placeholder,
    Refusal,
    PromptLeak,
    Injection,
    Link,
    Markup,
    Language,
    Huge,
    Empty,
}

impl Class {
    pub(crate) const ALL: [Self; 20] = [
        Self::Score,
        Self::ScoreTurned,
        Self::TeamsSwapped,
        Self::TeamInvented,
        Self::PlayerInvented,
        Self::Clock,
        Self::Period,
        Self::Amount,
        Self::Relation,
        Self::Overtime,
        Self::Claim,
        Self::Placeholder,
        Self::Refusal,
        Self::PromptLeak,
        Self::Injection,
        Self::Link,
        Self::Markup,
        Self::Language,
        Self::Huge,
        Self::Empty,
    ];
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Score => "wrong score",
            Self::ScoreTurned => "score turned round",
            Self::TeamsSwapped => "teams swapped",
            Self::TeamInvented => "invented team",
            Self::PlayerInvented => "invented player",
            Self::Clock => "wrong clock",
            Self::Period => "wrong period",
            Self::Amount => "wrong amount",
            Self::Relation => "wrong relation",
            Self::Overtime => "overtime there was none",
            Self::Claim => "claim beyond the facts",
            Self::Placeholder => "placeholder",
            Self::Refusal => "refusal",
            Self::PromptLeak => "prompt leak",
            Self::Injection => "injection",
            Self::Link => "link",
            Self::Markup => "markup and hidden characters",
            Self::Language => "another language",
            Self::Huge => "huge",
            Self::Empty => "empty",
        };
        f.write_str(name)
    }
}

pub(crate) struct Liar<'a> {
    pub(crate) grammar: &'a Grammar,
    pub(crate) facts: &'a Facts,
    pub(crate) moment: Moment,
}

impl<'a> Liar<'a> {
    pub(crate) fn about(facts: &'a Facts, grammar: &'a Grammar) -> Self {
        Self { grammar, facts, moment: Moment::of(facts) }
    }

    /// A lie of that class; `None` where the moment bears none, or this try came to nothing.
    pub(crate) fn tell(&self, class: Class, rng: &mut Rng) -> Option<String> {
        match class {
            Class::Score => self.other(rng, |moment, rng| self.other_score(moment, rng)),
            Class::ScoreTurned => self.other(rng, |moment, _| self.turned_score(moment)),
            Class::TeamsSwapped => self.other(rng, |moment, _| swapped(moment)),
            Class::TeamInvented => self.other(rng, |moment, rng| self.invented_team(moment, rng)),
            Class::Clock => self.other(rng, |moment, rng| self.other_clock(moment, rng)),
            Class::Period => self.other(rng, |moment, rng| self.other_period(moment, rng)),
            Class::Amount => self.other(rng, |moment, rng| self.other_amount(moment, rng)),
            Class::Overtime => self.other(rng, |moment, _| self.overtime(moment)),
            Class::Relation => self.relation(rng),
            Class::PlayerInvented => Some(claims::of_player(&self.truth(rng)?, self.facts, rng)),
            Class::Claim => Some(claims::beyond(&self.truth(rng)?, self.facts, rng)),
            Class::Placeholder => noise::placeholder(&self.truth(rng)?, rng),
            Class::Refusal => Some(noise::refusal(rng)),
            Class::PromptLeak => Some(noise::leak(&self.truth(rng)?, rng)),
            Class::Injection => Some(noise::injection(&self.truth(rng)?, rng)),
            Class::Link => Some(noise::link(&self.truth(rng)?, rng)),
            Class::Markup => Some(noise::markup(&self.truth(rng)?, rng)),
            Class::Language => self.foreign(rng),
            Class::Huge => Some(noise::huge(&self.truth(rng)?, rng)),
            Class::Empty => Some(noise::empty(rng)),
        }
    }

    fn true_sections(&self) -> Vec<&'a Section> {
        self.grammar.sections.iter().filter(|section| section.is_true(&self.moment)).collect()
    }

    fn sentence(&self, sections: &[&'a Section], rng: &mut Rng) -> Option<&'static str> {
        let section = sections.get(rng.usize(..sections.len().max(1)))?;
        section.sentences.get(rng.usize(..section.sentences.len())).map(|sentence| sentence.text)
    }

    /// A true text.
    pub(crate) fn truth(&self, rng: &mut Rng) -> Option<String> {
        let sentence = self.sentence(&self.true_sections(), rng)?;
        self.grammar.tell(sentence, &self.moment, rng)
    }

    /// A true sentence told of another moment, where that makes another text.
    fn other(&self, rng: &mut Rng, change: impl Fn(&mut Moment, &mut Rng) -> Option<()>) -> Option<String> {
        let sentence = self.sentence(&self.true_sections(), rng)?;
        let (mut here, mut there) = (self.moment.clone(), self.moment.clone());
        change(&mut there, rng)?;
        // The same choice among as many texts on both sides.
        for (slot, changed) in &mut there.slots {
            if let (Some(Slot::Text(own)), Slot::Text(other)) = (here.slots.get_mut(slot), changed) {
                let pick = rng.usize(..own.len().min(other.len()).max(1));
                // What is only left out is no lie.
                if own.len() == other.len() && other.get(pick).is_some_and(|text| !text.is_empty()) {
                    *own = vec![own.get(pick)?.clone()];
                    *other = vec![other.get(pick)?.clone()];
                } else {
                    other.clone_from(own);
                }
            }
        }
        let seed = rng.u64(..);
        let truth = self.grammar.tell(sentence, &here, &mut Rng::with_seed(seed))?;
        let lie = self.grammar.tell(sentence, &there, &mut Rng::with_seed(seed))?;
        (truth != lie).then_some(lie)
    }

    fn other_score(&self, moment: &mut Moment, rng: &mut Rng) -> Option<()> {
        let (hi, lo) = (figure(moment, "hi")?, figure(moment, "lo")?);
        let by = *rng.choice([1, 2, 3, 7, 10].as_slice())?;
        let (hi, lo) = match rng.u8(..4) {
            0 => (hi + by, lo),
            1 if hi > lo + by => (hi - by, lo),
            2 if lo >= by => (hi, lo - by),
            _ => (hi + by, lo + by),
        };
        moment.text("hi", vec![hi.to_string()]);
        moment.text("lo", vec![lo.to_string()]);
        moment.text("n", vec![lo.to_string()]);
        moment.text("score", vec![format!("{hi}-{lo}")]);
        Some(())
    }

    /// The loser's points first. Soccer's score lines stand with the host's goals first, so there it would be no lie.
    fn turned_score(&self, moment: &mut Moment) -> Option<()> {
        let (hi, lo) = (figure(moment, "hi")?, figure(moment, "lo")?);
        if hi == lo || self.facts.discipline == Discipline::Soccer {
            return None;
        }
        moment.text("hi", vec![lo.to_string()]);
        moment.text("lo", vec![hi.to_string()]);
        moment.text("score", vec![format!("{lo}-{hi}")]);
        Some(())
    }

    fn invented_team(&self, moment: &mut Moment, rng: &mut Rng) -> Option<()> {
        let name = claims::team(&[&self.facts.home, &self.facts.away], rng);
        let article = if self.facts.discipline == Discipline::Soccer { "" } else { "the " };
        let pair =
            *rng.choice([("W", "w"), ("L", "l"), ("A", "a"), ("B", "b"), ("S", "s"), ("O", "o")].as_slice())?;
        let most = forms(self.facts, Which::Home).len().max(forms(self.facts, Which::Away).len());
        moment.slots.insert(pair.0, Slot::Team(vec![(format!("{article}{name}"), true); most]));
        moment.slots.insert(pair.1, Slot::Text(vec![name]));
        Some(())
    }

    fn other_clock(&self, moment: &mut Moment, rng: &mut Rng) -> Option<()> {
        let mut facts = self.facts.clone();
        let clock = match facts.clock? {
            Clock::Left { millis } if millis >= 60_000 => {
                Clock::Left { millis: millis + 1000 * rng.u32(1..90) }
            }
            Clock::Left { millis } => Clock::Left { millis: millis + 100 * rng.u32(1..90) },
            Clock::Minute { minute, added } => Clock::Minute { minute: minute + rng.u16(1..20), added },
            Clock::Inning { half: Half::Top, outs } => Clock::Inning { half: Half::Bottom, outs },
            Clock::Inning { half: Half::Bottom, outs } => Clock::Inning { half: Half::Top, outs },
            Clock::Inning { .. } => return None,
        };
        facts.clock = Some(clock);
        take_time(moment, &Moment::of(&facts));
        Some(())
    }

    fn other_period(&self, moment: &mut Moment, rng: &mut Rng) -> Option<()> {
        let mut facts = self.facts.clone();
        let by = rng.u8(1..3);
        facts.period = if facts.period > by && rng.bool() { facts.period - by } else { facts.period + by };
        if (facts.period > facts.regulation_periods) != (self.facts.period > facts.regulation_periods) {
            return None;
        }
        let other = Moment::of(&facts);
        for slot in ["nth", "count"] {
            moment.slots.insert(slot, other.slots.get(slot)?.clone());
        }
        take_time(moment, &other);
        Some(())
    }

    fn other_amount(&self, moment: &mut Moment, rng: &mut Rng) -> Option<()> {
        let slots = [
            "margin",
            "a_margin",
            "gap",
            "deficit",
            "a_deficit",
            "made_good",
            "a_made_good",
            "points",
            "Points",
            "run",
        ];
        let by = rng.u32(1..6);
        let unit = unit(self.facts.discipline);
        for slot in slots {
            if let Some(Slot::Text(texts)) = moment.slots.get_mut(slot) {
                for text in texts {
                    *text = raised(text, by, unit)?;
                }
            }
        }
        Some(())
    }

    fn overtime(&self, moment: &mut Moment) -> Option<()> {
        let over = self.facts.phase == Phase::Final && self.facts.overtimes() == 0;
        let said = match self.facts.discipline {
            Discipline::Soccer => " after extra time",
            Discipline::Baseball => " in 11 innings",
            _ => " in overtime",
        };
        moment.text("ot", vec![said.to_owned()]);
        moment.text("ot_comma", vec![format!(",{said}")]);
        over.then_some(())
    }

    /// A sentence of a section that does not hold.
    fn relation(&self, rng: &mut Rng) -> Option<String> {
        let mut moment = self.moment.clone();
        for (slot, from) in
            [("S", "W"), ("s", "w"), ("O", "L"), ("o", "l"), ("V", "A"), ("v", "a"), ("R", "W"), ("Q", "L")]
        {
            if !moment.slots.contains_key(slot) {
                let side = moment.slots.get(from)?.clone();
                moment.slots.insert(slot, side);
            }
        }
        let level = self.facts.score.leader().is_none();
        // What is said of a game in play is not false of its end by that alone.
        let mut in_play = self.moment.clone();
        in_play.truths.insert("live");
        let called_off = matches!(self.facts.kind, MomentKind::Postponed | MomentKind::Cancelled);
        if self.facts.kind == MomentKind::Correction {
            return None;
        }
        let was_behind = self.facts.seen_from_start && self.facts.largest_deficit != Score::default();
        let possible = |section: &&Section| {
            let mut known = in_play.clone();
            // A score line is as true of a level score.
            if section.head.split_whitespace().count() > 2 {
                known.truths.insert("led");
                known.truths.insert("level");
            }
            let says = |part: &str| section.head.contains(part);
            // True all the same, by something else that the facts hold.
            let otherwise = [
                section.is_true(&known),
                says("final") && self.facts.shootout.is_some(),
                says("was_behind") && was_behind,
                (says("half") || says("break_quarter")) && self.facts.is_between_periods(),
                says("to_ot") && (self.facts.overtimes() > 0 || level),
                says("started") && self.facts.phase.in_play(),
                called_off && matches!(section.head, "postponed" | "cancelled"),
            ];
            otherwise.into_iter().all(|true_all_the_same| !true_all_the_same)
        };
        let false_ones: Vec<&Section> = self.grammar.sections.iter().filter(possible).collect();
        let section = false_ones.get(rng.usize(..false_ones.len().max(1)))?;
        let claims: Vec<&'static str> = section
            .sentences
            .iter()
            .filter(|sentence| sentence.claims)
            .map(|sentence| sentence.text)
            .collect();
        let sentence = claims.get(rng.usize(..claims.len().max(1)))?;
        self.grammar.tell(sentence, &moment, rng)
    }

    fn foreign(&self, rng: &mut Rng) -> Option<String> {
        let only = |slot: &str| match self.moment.slots.get(slot) {
            Some(Slot::Text(texts)) => texts.first().cloned(),
            _ => None,
        };
        Some(noise::foreign(&only("w")?, &only("l")?, &only("score")?, rng))
    }
}

fn figure(moment: &Moment, slot: &str) -> Option<u32> {
    match moment.slots.get(slot)? {
        Slot::Text(texts) => texts.first()?.parse().ok(),
        Slot::Team(_) => None,
    }
}

fn take_time(moment: &mut Moment, other: &Moment) {
    for slot in ["when", "When"] {
        if let Some(time) = other.slots.get(slot) {
            moment.slots.insert(slot, time.clone());
        }
    }
}

fn swapped(moment: &mut Moment) -> Option<()> {
    for (one, other) in [("W", "L"), ("w", "l"), ("S", "O"), ("s", "o"), ("R", "Q")] {
        if let (Some(first), Some(second)) =
            (moment.slots.get(one).cloned(), moment.slots.get(other).cloned())
        {
            moment.slots.insert(one, second);
            moment.slots.insert(other, first);
        }
    }
    // With as many names on both sides, the same numbers choose names of the same sort.
    let even = match (moment.slots.get("W")?, moment.slots.get("L")?) {
        (Slot::Team(one), Slot::Team(other)) => one.len() == other.len(),
        _ => false,
    };
    let differs = moment.truths.contains("led")
        || moment.truths.contains("won")
        || moment.truths.contains("drew_level");
    (even && differs).then_some(())
}

/// The first number of a text, raised: `12 points` to `15 points`, `a goal` to `three goals`.
fn raised(text: &str, by: u32, unit: &str) -> Option<String> {
    let amount = (1..200).find(|n| {
        let (word, figures) = (spelled(*n), n.to_string());
        text.split([' ', '-']).any(|part| part == word || part == figures)
    });
    match amount {
        Some(n) => {
            let word = spelled(n);
            let raised = text.replacen(&word, &spelled(n + by), 1);
            Some(if n == 1 { raised.replace(&format!(" {unit}"), &format!(" {unit}s")) } else { raised })
        }
        None if text.starts_with("a ") => Some(format!("{} {unit}s", spelled(1 + by))),
        None => None,
    }
}

/// As an ordinal, for claims.
pub(crate) fn ordinal(rng: &mut Rng) -> String {
    nth(rng.u32(2..15))
}
