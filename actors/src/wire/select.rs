//! Selection: which moments are told.
//!
//! A moment is untold if it corrects nothing that was told, is of a kind the sport does not tell, is too old, or is worth
//! too little; in that order, and the first reason is the one that is kept. Of what is left of one game in one poll only
//! the highest is told (final, overtime, comeback, upset watch, lead change, tie, run, blow-out, score, clean sheet, close and
//! late, period end, start; the latest of equals): what says most of the change comes first. The others are
//! [`ToldOtherwise`](Untold::ToldOtherwise). A score that ends the game by the rules of its sport is left to the final, which
//! comes with the next boards, where finals are told. Delays, games called off, resumptions, sendings-off, missed penalties,
//! milestones, news and corrections stand for themselves. A correction of a told story is told whatever its worth.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::game::GameId;
use super::moment::{Moment, MomentKind};
use super::rules::Rules;
use super::sport::SportKey;
use super::story::{Story, StoryId, Untold, Verdict};

/// Gives each moment of one poll its verdict, in the same order.
pub fn select(moments: Vec<Moment>, sport: &SportKey, rules: &Rules) -> Vec<Story> {
    let mut stories: Vec<Story> = moments.into_iter().map(|moment| judged(moment, sport, rules)).collect();
    let mut best: BTreeMap<GameId, usize> = BTreeMap::new();
    for (at, story) in stories.iter().enumerate().filter(|(_, story)| is_told(story)) {
        if rank(story.kind).is_some() {
            let held = best.entry(story.game.clone()).or_insert(at);
            if rank(story.kind) >= rank(stories[*held].kind) {
                *held = at;
            }
        }
    }
    for at in 0..stories.len() {
        if !is_told(&stories[at]) || rank(stories[at].kind).is_none() {
            continue;
        }
        if let Some(held) = best.get(&stories[at].game).filter(|held| **held != at) {
            let reason = Untold::ToldOtherwise { by: stories[*held].kind };
            stories[at].verdict = Verdict::Untold { reason };
        }
    }
    stories
}

fn is_told(story: &Story) -> bool {
    story.verdict == Verdict::Told
}

/// The place among the kinds that say the same change; `None` for those that stand for themselves.
fn rank(kind: MomentKind) -> Option<u8> {
    match kind {
        MomentKind::Start => Some(0),
        MomentKind::PeriodEnd => Some(1),
        MomentKind::CloseLate => Some(2),
        MomentKind::CleanSheet => Some(3),
        MomentKind::Score => Some(4),
        MomentKind::Blowout => Some(5),
        MomentKind::Run => Some(6),
        MomentKind::Tie => Some(7),
        MomentKind::LeadChange => Some(8),
        MomentKind::UpsetWatch => Some(9),
        MomentKind::Comeback => Some(10),
        MomentKind::Overtime => Some(11),
        MomentKind::Final => Some(12),
        MomentKind::Delayed
        | MomentKind::Postponed
        | MomentKind::Suspended
        | MomentKind::Cancelled
        | MomentKind::Resumed
        | MomentKind::RedCard
        | MomentKind::MissedPenalty
        | MomentKind::Milestone
        | MomentKind::Correction
        | MomentKind::News => None,
    }
}

fn judged(moment: Moment, sport: &SportKey, rules: &Rules) -> Story {
    let verdict = match reason_against(&moment, rules) {
        Some(reason) => Verdict::Untold { reason },
        None => Verdict::Told,
    };
    let (id, revision) = match (&moment.corrects, &verdict) {
        (Some((story, told)), Verdict::Told) => (story.clone(), told.saturating_add(1)),
        _ => (StoryId::of(&moment.game, moment.kind, moment.period, moment.ordinal), 1),
    };
    Story {
        id,
        revision,
        sport: sport.clone(),
        game: moment.game,
        kind: moment.kind,
        after: moment.after,
        seen_at: moment.seen_at,
        confirmed_at: moment.confirmed_at,
        stale_at: moment.after.checked_add(limit(moment.kind, rules)).unwrap_or(Timestamp::MAX),
        facts: moment.facts,
        significance: moment.significance,
        verdict,
        turn: 0,
    }
}

fn reason_against(moment: &Moment, rules: &Rules) -> Option<Untold> {
    if moment.kind == MomentKind::Correction && moment.corrects.is_none() {
        return Some(Untold::NothingToCorrect);
    }
    if let Some(why) = moment.facts.news.as_ref().and_then(|news| news.unfit.clone()) {
        return Some(Untold::Unfit { why });
    }
    if !rules.kinds.contains(&moment.kind) {
        return Some(Untold::KindNotTold);
    }
    let of_score = matches!(moment.kind, MomentKind::Score | MomentKind::LeadChange | MomentKind::Comeback);
    if of_score && moment.facts.is_decided() && rules.kinds.contains(&MomentKind::Final) {
        return Some(Untold::ToldOtherwise { by: MomentKind::Final });
    }
    let age = moment.confirmed_at.duration_since(moment.after);
    if age > limit(moment.kind, rules) {
        return Some(Untold::Stale { age_seconds: age.as_secs() });
    }
    let worthy = moment.kind == MomentKind::Correction || moment.significance.total >= rules.threshold;
    (!worthy).then_some(Untold::BelowThreshold { threshold: rules.threshold })
}

fn limit(kind: MomentKind, rules: &Rules) -> SignedDuration {
    SignedDuration::try_from(rules.staleness_limit(kind)).unwrap_or(SignedDuration::MAX)
}
